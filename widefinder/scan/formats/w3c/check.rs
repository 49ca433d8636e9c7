//! What is checked of the columns of a line.

use super::KEPT;
use super::columns::Names;
use crate::scan::format::ABSENT;
use crate::scan::format::is_number;
use crate::scan::formats::known::is_date;

/// What a column must be, or be absent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Check {
    Number,
    /// Something that begins with a digit.
    Digit,
    Date,
    /// Three letters and a digit: the airport nearest to a server.
    Airport,
}

impl Check {
    #[inline]
    pub(super) fn fits(self, text: &[u8]) -> bool {
        text == ABSENT
            || match self {
                Check::Number => is_number(text),
                Check::Digit => text[0].is_ascii_digit(),
                Check::Date => text.len() == 10 && is_date(text),
                Check::Airport => match text {
                    [a, b, c, digit, ..] => {
                        [a, b, c].iter().all(|letter| letter.is_ascii_uppercase())
                            && digit.is_ascii_digit()
                    }
                    _ => false,
                },
            }
    }

    pub(super) fn expected(self) -> &'static str {
        match self {
            Check::Number => "a number or -",
            Check::Digit => "a date or a time",
            Check::Date => "a date such as 2026-10-10",
            Check::Airport => "an edge location such as FRA56-P4",
        }
    }
}

/// What is checked of the columns, from the left.
pub(super) fn checks(names: &Names, is_cloudfront: bool) -> Vec<(usize, Check)> {
    let columns: &[(&[&str], Check)] = match is_cloudfront {
        false => &[
            (&["date"], Check::Digit),
            (&["date-local"], Check::Digit),
            (&["time"], Check::Digit),
            (&["time-local"], Check::Digit),
            (&["sc-status"], Check::Number),
        ],
        true => &[
            (&["date"], Check::Date),
            (&["time"], Check::Digit),
            (&["x-edge-location"], Check::Airport),
            (&["sc-bytes"], Check::Number),
            (&["sc-status"], Check::Number),
        ],
    };
    let checks = columns.iter().filter_map(|(names_of_one, check)| {
        let place = names.find(names_of_one).filter(|place| *place < KEPT);
        Some((place?, *check))
    });
    let mut checks: Vec<_> = checks.collect();
    checks.sort_by_key(|(place, _)| *place);
    checks
}
