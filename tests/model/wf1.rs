//! The first reference report: articles by the number of lines that fetch them.

use super::lines::lines;
use super::pattern::{ARTICLE_DATE, ARTICLE_FOLDER, after_shape, length_without_space_or_dot};
use super::rank::top_ten;
use std::collections::BTreeMap;

/// What `--preset wf1` prints into a pipe.
pub(crate) fn wf1(log: &[u8]) -> Vec<u8> {
    let mut hits: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for line in lines(log) {
        if let Some(key) = first_match(line) {
            *hits.entry(key.to_vec()).or_default() += 1;
        }
    }
    let mut out = Vec::new();
    for (key, count) in top_ten(&hits) {
        out.extend_from_slice(format!("{count}: ").as_bytes());
        out.extend_from_slice(&key);
        out.push(b'\n');
    }
    out
}

/// The group of the leftmost match in the line.
fn first_match(line: &[u8]) -> Option<&[u8]> {
    (0..line.len()).find_map(|start| match_at_start(&line[start..]))
}

/// The group of `GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ` at the start of `bytes`.
///
/// The run of `[^ .]+` must be followed by a space, so only the longest run can match: a shorter
/// one is followed by a byte of the run.
fn match_at_start(bytes: &[u8]) -> Option<&[u8]> {
    let address = bytes.strip_prefix(b"GET ")?;
    let key = after_shape(address, ARTICLE_FOLDER)?;
    let name = after_shape(key, ARTICLE_DATE)?;
    let name_length = length_without_space_or_dot(name);
    if name_length == 0 || name.get(name_length) != Some(&b' ') {
        return None;
    }
    Some(&key[..ARTICLE_DATE.len() + name_length])
}
