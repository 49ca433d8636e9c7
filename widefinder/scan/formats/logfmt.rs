//! logfmt: `name=value` parted by blanks, values with blanks in quotes; with the
//! usual names. A name may stand alone.
//!
//! Sources: B. Keevil, *logfmt* (2013); `go-logfmt`; Heroku's router.

use memchr::memchr2;

use super::dictionary::{Lazy, ROOT};
use super::escaped::closing_quote;
use super::named::Dialect;
use super::names::slot;
use super::usual_names::{HOST, SIGNS, USUAL};
use super::values::{Values, Written};
use crate::scan::combined::Misfit;
use crate::scan::format::Record;
use crate::scan::scale::Scale;

/// The format.
pub(super) static LOGFMT: Dialect = Dialect {
    name: "logfmt",
    walk,
    rows: &[USUAL, HOST],
    signs: SIGNS | 1 << slot::TIME | 1 << slot::LEVEL | 1 << slot::MESSAGE,
    read: 1 << slot::STATUS | 1 << slot::METHOD,
    judge: |values| {
        // Two of these tell that it is a log at all.
        let says = [slot::TIME, slot::LEVEL, slot::MESSAGE];
        let says = says.iter().filter(|&&slot| values.has(slot)).count();
        match values.are_request() {
            true => Ok(Record::Entry),
            false if says > 1 => Ok(Record::Other),
            false => Err("a request and a status, or a level, a time or a message"),
        }
    },
    complete: |_| {},
    duration: Scale::Spans,
};

/// Passes the values of a line to `values`, and checks all of it.
fn walk<'c>(line: &'c [u8], dictionary: &Lazy, values: &mut Values<'_, 'c>) -> Result<(), Misfit> {
    let mut at = 0;
    let mut pairs = 0;
    while at < line.len() {
        let rest = &line[at..];
        let length = rest.iter().take_while(|byte| is_name(**byte)).count();
        let (name, rest) = rest.split_at(length);
        let end = match rest.first() {
            Some(b'=') if length > 0 => {
                let (text, written, end) = value(line, at + length + 1)?;
                if let Some(word) = dictionary.find(ROOT, name) {
                    values.put(word, text, written);
                }
                pairs += 1;
                end
            }
            // Text that happens to have such a pair in it is no logfmt.
            Some(b' ' | b'\t') | None if length > 0 && pairs > 0 => at + length,
            _ => {
                return Err(Misfit {
                    at,
                    expected: "a name, an equals sign and a value",
                });
            }
        };
        let blanks = line[end..].iter().take_while(|byte| is_blank(**byte));
        at = end + blanks.count();
        if at == end && end < line.len() {
            return Err(Misfit {
                at,
                expected: "a blank",
            });
        }
    }
    Ok(())
}

/// The value that begins at `at`, and where it ends.
fn value(line: &[u8], at: usize) -> Result<(&[u8], Written, usize), Misfit> {
    let rest = &line[at..];
    let Some(quoted) = rest.strip_prefix(b"\"") else {
        let length = memchr2(b' ', b'\t', rest).unwrap_or(rest.len());
        return Ok((&rest[..length], Written::Plain, at + length));
    };
    match closing_quote(quoted, 0) {
        Some((quote, written)) => Ok((&quoted[..quote], written, at + quote + 2)),
        None => Err(Misfit {
            at,
            expected: "a closing quote",
        }),
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@' | b'/')
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}
