//! LTSV: `label:value`, parted by tabs; with the labels that its authors recommend,
//! and the usual names.
//!
//! Source: *Labeled Tab-separated Values* (ltsv.org), *Recommended labels for Web
//! server's Log*.

use memchr::memchr;

use super::dictionary::{Lazy, ROOT};
use super::named::Dialect;
use super::names::{Row, exact, slot};
use super::usual_names::{SIGNS, USUAL};
use super::values::{Values, Written};
use crate::scan::combined::Misfit;
use crate::scan::format::Record;
use crate::scan::scale::Scale;

/// The format.
pub(super) static LTSV: Dialect = Dialect {
    name: "ltsv",
    walk,
    rows: &[LABELS, USUAL],
    signs: SIGNS | 1 << slot::TIME,
    read: 1 << slot::STATUS | 1 << slot::METHOD,
    judge: |values| match values.are_request() {
        true => Ok(Record::Entry),
        false if values.has(slot::TIME) => Ok(Record::Other),
        false => Err("a request and a status, or a time"),
    },
    complete: |_| {},
    duration: Scale::Spans,
};

/// The host is the client's; others call the server so.
const LABELS: &[Row] = &[exact(slot::CLIENT, &["host"])];

/// Passes the values of a line to `values`, and checks all of it.
fn walk<'c>(line: &'c [u8], dictionary: &Lazy, values: &mut Values<'_, 'c>) -> Result<(), Misfit> {
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let length = rest.iter().take_while(|byte| is_label(**byte)).count();
        if length == 0 || rest.get(length) != Some(&b':') {
            return Err(Misfit {
                at,
                expected: "a label and a colon",
            });
        }
        let value = &rest[length + 1..];
        let end = memchr(b'\t', value);
        if end.is_none() && at == 0 {
            return Err(Misfit {
                at: length + 1,
                expected: "a tab and another label",
            });
        }
        if let Some(word) = dictionary.find(ROOT, &rest[..length]) {
            let text = &value[..end.unwrap_or(value.len())];
            values.put(word, text, Written::Plain);
        }
        match end {
            Some(end) => at += length + 1 + end + 1,
            None => return Ok(()),
        }
        if at == line.len() {
            return Ok(());
        }
    }
}

fn is_label(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}
