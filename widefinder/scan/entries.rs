//! Entries of an access log, as rows of fields.

use super::combined::{Frame, number};
use super::lines::Lines;
use super::request::Request;
use super::{BadLines, Balance, Batch};
use crate::chunk::Span;

/// A field as a text, escapes kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// The client's address or host name.
    Client,
    /// What stands between the brackets.
    Time,
    /// The URI without its query.
    Path,
    /// Three digits, as a rule.
    Status,
    /// The referrer; empty where there is none.
    Referrer,
}

/// A field as a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Numeric {
    /// Bytes of the response body; `-` is 0.
    Bytes,
}

/// A set of entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Set {
    /// All.
    All,
    /// Those with status 404.
    Missing,
    /// Those that name a referrer.
    Referred,
}

/// Cuts the columns that are asked for out of common and combined logs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entries {
    /// The text columns of a batch, in order.
    pub texts: Vec<Field>,
    /// The number columns.
    pub numbers: Vec<Numeric>,
    /// The masks.
    pub sets: Vec<Set>,
}

impl Entries {
    /// Passes the entries of a chunk to `count`, and counts all its lines.
    pub fn scan<'c>(
        &self,
        span: Span<'c>,
        balance: &mut Balance,
        bad: &mut BadLines,
        count: &mut dyn FnMut(&Batch<'c>),
    ) {
        let mut batch = Batch::new(self.texts.len(), self.numbers.len(), self.sets.len());
        for (offset, mut line) in Lines::new(span.bytes) {
            balance.lines += 1;
            if span.offset + offset as u64 == 0 {
                line = line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line);
            }
            if is_blank(line) {
                balance.blank += 1;
                continue;
            }
            if line[0] == b'#' {
                balance.comment += 1;
                continue;
            }
            match Frame::parse(line) {
                Ok(frame) => {
                    balance.entries += 1;
                    balance.selected += 1;
                    self.fill(&mut batch, &frame);
                    if batch.is_full() {
                        count(&batch);
                        batch.clear();
                    }
                }
                Err(misfit) => {
                    balance.bad += 1;
                    bad.note(span.input, span.offset + offset as u64, line, misfit);
                }
            }
        }
        if !batch.is_empty() {
            count(&batch);
        }
    }

    #[inline]
    fn fill<'c>(&self, batch: &mut Batch<'c>, frame: &Frame<'c>) {
        for (column, field) in self.texts.iter().enumerate() {
            let text = match field {
                Field::Client => frame.client,
                Field::Time => frame.time,
                Field::Path => Request::parse(frame.request).path(),
                Field::Status => frame.status,
                Field::Referrer => frame.referrer.unwrap_or_default(),
            };
            batch.set_text(column, text);
        }
        for (column, field) in self.numbers.iter().enumerate() {
            let value = match field {
                Numeric::Bytes => number(frame.bytes),
            };
            batch.set_number(column, value);
        }
        for (column, set) in self.sets.iter().enumerate() {
            let belongs = match set {
                Set::All => true,
                Set::Missing => frame.status == b"404",
                Set::Referred => !matches!(frame.referrer, None | Some(b"" | b"-")),
            };
            if belongs {
                batch.set_mask(column);
            }
        }
        batch.push();
    }
}

/// What Windows puts before text in UTF-8; it is no part of the first client.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_in_the_balance() {
        let log = concat!(
            "h - - [t] \"GET /a?q HTTP/1.1\" 200 5 \"http://r/\" \"agent\"\r\n",
            "# comment\n \t\r\n\nnonsense\n",
            "h - - [t] \"-\" 404 -\n",
        );
        let entries = Entries {
            texts: vec![Field::Path, Field::Referrer],
            numbers: vec![Numeric::Bytes],
            sets: vec![Set::All, Set::Missing, Set::Referred],
        };
        let span = Span {
            input: 3,
            offset: 1000,
            bytes: log.as_bytes(),
        };
        let (mut balance, mut bad) = (Balance::default(), BadLines::default());
        let mut batches = 0;
        entries.scan(span, &mut balance, &mut bad, &mut |batch| {
            batches += 1;
            assert_eq!(batch.text(0), [&b"/a"[..], b"-"]);
            assert_eq!(batch.text(1), [&b"http://r/"[..], b""]);
            assert_eq!(batch.number(0), [5, 0]);
            assert_eq!([0, 1, 2].map(|set| batch.mask(set)), [0b11, 0b10, 0b01]);
        });
        assert_eq!(batches, 1);
        let expected = Balance {
            lines: 6,
            entries: 2,
            selected: 2,
            other: 0,
            bad: 1,
            blank: 2,
            comment: 1,
        };
        assert_eq!(balance, expected);
        assert_eq!(bad.lines().count(), 1);
        let offset = log.find("nonsense").unwrap() as u64;
        assert_eq!(
            bad.lines()
                .map(|bad| (bad.input, bad.offset))
                .collect::<Vec<_>>(),
            [(3, 1000 + offset)]
        );
    }
}
