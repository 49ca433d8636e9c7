//! The balance, the totals and the five tables of a common or combined log.

use super::entry::{Entry, parse_entry, parse_request, path_of};
use super::lines::{lines, without_carriage_return};
use super::rank::ranked;
use super::timestamp::parse_timestamp;
use std::collections::BTreeMap;

/// A table by value descending, then by key ascending in bytes, with all its rows.
pub(crate) type Rows = Vec<(Vec<u8>, u128)>;

/// What a run without a question reports, with nothing cut off.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Overview {
    pub(crate) lines: u64,
    pub(crate) entries: u64,
    /// Always 0: these formats have no records that are no requests.
    pub(crate) other: u64,
    pub(crate) bad: u64,
    pub(crate) blank: u64,
    pub(crate) comment: u64,
    /// Bytes served, over all entries.
    pub(crate) bytes: u128,
    /// Distinct clients.
    pub(crate) clients: u64,
    /// Entries whose referrer is not there, empty or `-`.
    pub(crate) no_referrer: u64,
    /// Entries whose time is not one.
    pub(crate) undated: u64,
    /// 1xx to 5xx, then every other status.
    pub(crate) classes: [u64; 6],
    /// The smallest and the largest (unix seconds, offset in seconds).
    pub(crate) first: Option<(i64, i32)>,
    pub(crate) last: Option<(i64, i32)>,
    pub(crate) paths_by_hits: Rows,
    /// Has every path, also those that sum to 0.
    pub(crate) paths_by_bytes: Rows,
    pub(crate) missing: Rows,
    pub(crate) client_hits: Rows,
    pub(crate) referrers: Rows,
}

#[derive(Default)]
struct Tables {
    hits: BTreeMap<Vec<u8>, u128>,
    bytes: BTreeMap<Vec<u8>, u128>,
    missing: BTreeMap<Vec<u8>, u128>,
    clients: BTreeMap<Vec<u8>, u128>,
    referrers: BTreeMap<Vec<u8>, u128>,
}

/// The overview of a log in Apache's common or combined format.
pub(crate) fn overview(log: &[u8]) -> Overview {
    let mut overview = Overview::default();
    let mut tables = Tables::default();
    for (number, line) in lines(log).into_iter().enumerate() {
        let mut line = without_carriage_return(line);
        if number == 0 {
            // A byte-order mark is no part of the first client.
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        overview.lines += 1;
        if line.iter().all(|byte| *byte == b' ' || *byte == b'\t') {
            overview.blank += 1;
        } else if line[0] == b'#' {
            overview.comment += 1;
        } else if let Some(entry) = parse_entry(line) {
            overview.entries += 1;
            count(&mut overview, &mut tables, &entry);
        } else {
            overview.bad += 1;
        }
    }
    overview.clients = tables.clients.len() as u64;
    overview.paths_by_hits = ranked(&tables.hits);
    overview.paths_by_bytes = ranked(&tables.bytes);
    overview.missing = ranked(&tables.missing);
    overview.client_hits = ranked(&tables.clients);
    overview.referrers = ranked(&tables.referrers);
    overview
}

fn count(overview: &mut Overview, tables: &mut Tables, entry: &Entry<'_>) {
    let (_, uri, _) = parse_request(entry.request);
    let path = path_of(uri);
    let bytes = bytes_served(entry.bytes);
    overview.bytes += bytes;
    overview.classes[class_of(entry.status)] += 1;
    add(&mut tables.hits, path, 1);
    add(&mut tables.bytes, path, bytes);
    add(&mut tables.clients, entry.client, 1);
    if entry.status == b"404" {
        add(&mut tables.missing, path, 1);
    }
    match entry.referrer {
        None | Some(b"" | b"-") => overview.no_referrer += 1,
        Some(referrer) => add(&mut tables.referrers, referrer, 1),
    }
    match parse_timestamp(entry.time) {
        None => overview.undated += 1,
        Some(time) => {
            overview.first = Some(overview.first.map_or(time, |first| first.min(time)));
            overview.last = Some(overview.last.map_or(time, |last| last.max(time)));
        }
    }
}

fn add(table: &mut BTreeMap<Vec<u8>, u128>, key: &[u8], amount: u128) {
    *table.entry(key.to_vec()).or_default() += amount;
}

/// The field as a number, 2^64 - 1 at most; `-` is 0.
fn bytes_served(field: &[u8]) -> u128 {
    if field == b"-" {
        return 0;
    }
    let mut number: u128 = 0;
    for digit in field {
        number = (number * 10 + u128::from(digit - b'0')).min(u128::from(u64::MAX));
    }
    number
}

/// 0 to 4 for 1xx to 5xx, 5 for everything else.
fn class_of(status: &[u8]) -> usize {
    match status {
        [first @ b'1'..=b'5', second, third]
            if second.is_ascii_digit() && third.is_ascii_digit() =>
        {
            usize::from(first - b'1')
        }
        _ => 5,
    }
}
