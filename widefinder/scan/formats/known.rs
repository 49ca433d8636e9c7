//! Formats whose lines all have the same columns, but that newer versions have
//! more of them.

use memchr::memchr;

use super::delimited::{Column, Columns, Stands};
use super::endpoint::port;
use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::format::{ABSENT, is_number};

/// A column of a format whose lines all have the same ones.
#[derive(Debug)]
pub(super) struct Known {
    /// As its manual calls it, in the letters that a question may have.
    pub(super) name: &'static str,
    pub(super) field: Option<Field>,
    pub(super) is: Is,
}

/// What a column must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Is {
    Any,
    /// Digits, `-1` or `-`.
    Number,
    /// Seconds with decimals, `-1` or `-`.
    Seconds,
    /// An address, a colon and a port.
    Client,
    /// The same, or a `-`.
    Endpoint,
    /// `yyyy-mm-ddT...`
    Moment,
    /// In brackets.
    Bracketed,
    /// In quotes, or a `-`.
    Quoted,
    /// Words with points between them: `REST.GET.OBJECT`.
    Operation,
}

impl Known {
    pub(super) const fn new(name: &'static str, field: Option<Field>, is: Is) -> Known {
        Known { name, field, is }
    }
}

/// Cuts the columns that every line has, one a slot.
#[inline(always)]
pub(super) fn cut<'c>(
    columns: &mut Columns<'c>,
    known: &[Known],
    slots: &mut [&'c [u8]],
) -> Result<(), Misfit> {
    for (known, slot) in known.iter().zip(slots) {
        let at = columns.at();
        let column = columns.next();
        match column.filter(|column| known.is.fits(column)) {
            Some(column) => *slot = column.text,
            None => {
                let expected = known.is.expected();
                return Err(Misfit { at, expected });
            }
        }
    }
    Ok(())
}

/// Cuts those of the columns `from..to`, which older versions of a format lack,
/// up to the last that is in `needed`. They may be anything, so that a line fits
/// whether they are cut or not.
#[inline(always)]
pub(super) fn cut_more<'c>(
    columns: &mut Columns<'c>,
    from: usize,
    to: usize,
    needed: u64,
    slots: &mut [&'c [u8]],
) {
    let last = u64::BITS - (needed & !(u64::MAX << to)).leading_zeros();
    for slot in slots.iter_mut().take(last as usize).skip(from) {
        *slot = columns.next().map_or(ABSENT, |column| column.text);
    }
}

impl Is {
    #[inline(always)]
    pub(super) fn fits(self, column: &Column<'_>) -> bool {
        let text = column.text;
        match self {
            Is::Any => !text.is_empty() || column.stands != Stands::Plain,
            Is::Number => is_number(text) || text == b"-1",
            Is::Seconds => {
                let digits = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
                matches!(text, b"-1" | b"-") || !text.is_empty() && text.iter().all(digits)
            }
            Is::Client => port(text).is_some(),
            Is::Endpoint => text == b"-" || port(text).is_some(),
            Is::Moment => is_date(text) && text.get(10) == Some(&b'T'),
            Is::Bracketed => column.stands == Stands::Bracketed,
            Is::Quoted => column.stands == Stands::Quoted || text == b"-",
            Is::Operation => text.first() != Some(&b'"') && memchr(b'.', text).is_some(),
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Is::Any => "a column",
            Is::Number => "a number, -1 or -",
            Is::Seconds => "a number of seconds, or -1",
            Is::Client => "an address and a port",
            Is::Endpoint => "an address and a port, or -",
            Is::Moment => "a time such as 2026-10-10T13:55:36.123456Z",
            Is::Bracketed => "a time in brackets",
            Is::Quoted => "a text in quotes",
            Is::Operation => "an operation such as REST.GET.OBJECT",
        }
    }
}

/// Whether a text begins with `yyyy-mm-dd`.
#[inline(always)]
pub(super) fn is_date(text: &[u8]) -> bool {
    match text.first_chunk::<10>() {
        Some(&[y, yy, yyy, yyyy, b'-', m, mm, b'-', d, dd]) => [y, yy, yyy, yyyy, m, mm, d, dd]
            .iter()
            .all(u8::is_ascii_digit),
        _ => false,
    }
}

/// The slot of a field, or of a column that is asked for by its own name.
pub(super) fn slot_of(known: &[Known], field: &Field) -> Option<usize> {
    let mut known = known.iter();
    let Field::Own(name) = field else {
        return known.position(|known| known.field.as_ref() == Some(field));
    };
    let name = name.strip_prefix('$')?;
    known.position(|known| known.name.eq_ignore_ascii_case(name))
}
