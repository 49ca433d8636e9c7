//! An entry with the fields that a question can ask for.

use super::super::entry::{parse_entry, parse_request};
use super::super::lines::{lines, without_carriage_return};
use super::super::timestamp::parse_timestamp;
use super::clock::Zone;

/// An entry. What the line lacks is `-`.
#[derive(Clone, Debug)]
pub(crate) struct Row<'l> {
    pub(crate) client: &'l [u8],
    pub(crate) user: &'l [u8],
    pub(crate) method: &'l [u8],
    pub(crate) uri: &'l [u8],
    pub(crate) path: &'l [u8],
    pub(crate) query: &'l [u8],
    pub(crate) protocol: &'l [u8],
    pub(crate) status: &'l [u8],
    pub(crate) bytes: &'l [u8],
    pub(crate) referrer: &'l [u8],
    pub(crate) agent: &'l [u8],
    pub(crate) line: &'l [u8],
    /// In nanoseconds.
    pub(crate) latency: Option<u64>,
    /// Unix seconds, and the offset that the log wrote.
    pub(crate) moment: Option<(i64, i32)>,
    /// What the clock shows that tells days and hours.
    pub(crate) wall: Option<i64>,
}

/// What the lines of a log are: all, entries, bad, blank, comments.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Lines {
    pub(crate) lines: u64,
    pub(crate) entries: u64,
    pub(crate) bad: u64,
    pub(crate) blank: u64,
    pub(crate) comment: u64,
}

/// The log format whose last field is the latency in seconds.
pub(crate) const TIMED: &str = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-agent}i" %T"#;

/// Cuts a log into entries. In a `timed` log the latency is the last word of a
/// line, and every line is an entry.
pub(crate) fn rows(log: &[u8], zone: Zone, timed: bool) -> (Lines, Vec<Row<'_>>) {
    let (mut seen, mut rows) = (Lines::default(), Vec::new());
    for (number, line) in lines(log).into_iter().enumerate() {
        let mut line = without_carriage_return(line);
        if number == 0 {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        seen.lines += 1;
        if line.iter().all(|byte| matches!(byte, b' ' | b'\t')) {
            seen.blank += 1;
        } else if line[0] == b'#' {
            seen.comment += 1;
        } else if let Some(row) = row(line, zone, timed) {
            seen.entries += 1;
            rows.push(row);
        } else {
            seen.bad += 1;
        }
    }
    (seen, rows)
}

fn row(line: &[u8], zone: Zone, timed: bool) -> Option<Row<'_>> {
    let entry = parse_entry(line)?;
    let (method, uri, protocol) = parse_request(entry.request);
    let mark = uri.iter().position(|byte| *byte == b'?');
    let latency = || {
        line.rsplit(|byte| *byte == b' ')
            .next()
            .and_then(nanoseconds)
    };
    let moment = parse_timestamp(entry.time);
    Some(Row {
        client: entry.client,
        user: entry.user,
        method,
        uri,
        path: mark.map_or(uri, |mark| &uri[..mark]),
        query: mark.map_or(b"-", |mark| &uri[mark + 1..]),
        protocol,
        status: entry.status,
        bytes: entry.bytes,
        referrer: entry.referrer.unwrap_or(b"-"),
        agent: entry.agent.unwrap_or(b"-"),
        line,
        latency: if timed { latency() } else { None },
        moment,
        wall: moment.map(|(second, offset)| zone.wall(second, offset)),
    })
}

impl Row<'_> {
    /// The status as a number.
    pub(crate) fn status_number(&self) -> Option<u64> {
        number(self.status)
    }

    /// The bytes as a number that is compared.
    pub(crate) fn bytes_number(&self) -> Option<u64> {
        number(self.bytes)
    }

    /// Whether the status has three digits and lies in the range.
    pub(crate) fn has_status(&self, first: u64, last: u64) -> bool {
        let number = self.status_number().filter(|_| self.status.len() == 3);
        number.is_some_and(|number| (first..=last).contains(&number))
    }
}

/// Digits, 2^64 - 1 at most; nothing for `-`.
fn number(text: &[u8]) -> Option<u64> {
    if text.is_empty() || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut number: u128 = 0;
    for digit in text {
        number = (number * 10 + u128::from(digit - b'0')).min(u128::from(u64::MAX));
    }
    Some(number as u64)
}

/// `12.5` seconds.
fn nanoseconds(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let places = format!("{places:0<9}");
    Some(whole.parse::<u64>().ok()? * 1_000_000_000 + places.parse::<u64>().ok()?)
}

/// Nanoseconds as seconds, without zeros at the end.
pub(crate) fn seconds(nanoseconds: u64) -> String {
    let text = format!(
        "{}.{:09}",
        nanoseconds / 1_000_000_000,
        nanoseconds % 1_000_000_000
    );
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
