//! Logs whose header lines name their columns: the W3C extended log file format,
//! as IIS and others write it, and the standard logs of CloudFront, which are as
//! often met without header lines.
//!
//! There is a format for each header of a log; [`Headers`] follows them. A line
//! is cut into all its columns, since their number is the only check of most.
//! Values that no log has in one column, or none as it was sent, are made behind
//! these, and only if they are wanted.
//!
//! [`Headers`]: crate::scan::headers::Headers
//!
//! Sources: see [`columns`].

mod check;
mod columns;
mod header;
mod made;
mod text;

use bumpalo::Bump;
use memchr::memchr;

use self::check::{Check, checks};
use self::columns::Names;
pub(in crate::scan) use self::header::Header;
use self::header::Software;
use super::delimited::{Columns, Quotes, Shape, Stands};
use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cut::Cut;
use crate::scan::format::{ABSENT, Part, Record, Source};
use crate::scan::scale::Scale;

/// The format of the lines behind some header.
#[derive(Debug)]
pub(in crate::scan) struct W3c {
    name: &'static str,
    header: Header,
    names: Names,
    is_cloudfront: bool,
    shape: Shape,
    checks: Vec<(usize, Check)>,
    date: Option<usize>,
    time: Option<usize>,
    /// The column of the path, or that of the whole URI.
    stem: Option<usize>,
    whole: Option<usize>,
    query: Option<usize>,
    agent: Option<usize>,
}

/// As many columns as have a slot; more are counted.
const KEPT: usize = 56;

/// Slots behind those, for what is made.
#[derive(Clone, Copy)]
enum Made {
    Time,
    Uri,
    Agent,
    Vhost,
    Scheme,
}

const MADE: usize = 5;

/// Columns that the oldest lines of CloudFront have as well.
const LEAST: usize = 12;

const TABS: Shape = Shape {
    separator: b'\t',
    runs: false,
    quotes: Quotes::None,
    brackets: false,
};

const BLANKS: Shape = Shape {
    separator: b' ',
    runs: true,
    quotes: Quotes::Doubled,
    brackets: false,
};

const BLANKS_WITHOUT_QUOTES: Shape = Shape {
    quotes: Quotes::None,
    ..BLANKS
};

/// How some columns stand in a line, a bit each.
#[derive(Clone, Copy, Default)]
struct Marks {
    quoted: u64,
    doubled: u64,
}

impl W3c {
    pub(in crate::scan) const NAME: &'static str = "w3c";
    const CLOUDFRONT: &'static str = "cloudfront";

    /// That of lines before the first header: none fits.
    pub(in crate::scan) fn without_header() -> W3c {
        W3c::new(W3c::NAME, Header::default())
    }

    /// That of lines of CloudFront without a header.
    pub(in crate::scan) fn cloudfront() -> W3c {
        let header = Header {
            fields: columns::CLOUDFRONT.into(),
            is_usual: true,
            ..Header::default()
        };
        W3c::new(W3c::CLOUDFRONT, header)
    }

    /// The name of a log that begins with this header.
    pub(in crate::scan) fn name_of(header: &Header) -> &'static str {
        match is_cloudfront(&Names::parse(&header.fields)) {
            true => W3c::CLOUDFRONT,
            false => W3c::NAME,
        }
    }

    pub(in crate::scan) fn new(name: &'static str, header: Header) -> W3c {
        let names = Names::parse(&header.fields);
        let find = |wanted: &[&str]| names.find(wanted).filter(|place| *place < KEPT);
        let is_cloudfront = is_cloudfront(&names);
        let is_parted_by_tabs = memchr(b'\t', &header.fields).is_some();
        let shape = match header.software {
            _ if is_cloudfront || is_parted_by_tabs => TABS,
            Software::Iis => BLANKS_WITHOUT_QUOTES,
            _ => BLANKS,
        };
        W3c {
            name,
            is_cloudfront,
            shape,
            checks: checks(&names, is_cloudfront),
            date: find(&columns::DATES),
            time: find(&columns::TIMES),
            stem: find(&columns::STEMS),
            whole: find(&columns::WHOLE),
            query: find(&["cs-uri-query"]),
            agent: names.of_field(&Field::Agent).filter(|place| *place < KEPT),
            names,
            header,
        }
    }

    fn made(&self, made: Made) -> usize {
        self.kept() + made as usize
    }

    /// How many columns have a slot.
    fn kept(&self) -> usize {
        self.names.len().min(KEPT)
    }

    /// Cuts a line into its columns, if there are as many as there should be.
    #[inline(always)]
    fn cut_columns<'c>(
        &self,
        line: &'c [u8],
        shape: Shape,
        slots: &mut [&'c [u8]],
    ) -> Result<Marks, Misfit> {
        let misfit = |at, expected| Err(Misfit { at, expected });
        let mut marks = Marks::default();
        let mut columns = Columns::new(line, shape);
        let mut found = 0;
        for (place, slot) in slots[..self.kept()].iter_mut().enumerate() {
            let Some(column) = columns.next() else {
                *slot = ABSENT;
                continue;
            };
            found += 1;
            *slot = match column.text {
                [] => ABSENT,
                text => text,
            };
            if column.stands != Stands::Plain {
                marks.quoted |= 1 << place;
                marks.doubled |= u64::from(column.stands == Stands::Doubled) << place;
            }
        }
        for (place, check) in &self.checks {
            if !check.fits(slots[*place]) {
                return misfit(place_in(line, slots[*place]), check.expected());
            }
        }
        while found < self.names.len() && columns.next().is_some() {
            found += 1;
        }
        let rest = columns.at();
        if found
            < if self.header.is_usual {
                LEAST
            } else {
                self.names.len()
            }
        {
            return misfit(line.len(), "a column for each name in #Fields");
        }
        match columns.next() {
            Some(_) if !self.header.is_usual => misfit(rest, "no more columns than #Fields names"),
            _ => Ok(marks),
        }
    }

    /// Tries what else the columns may be parted by: a log is copied, and software
    /// does not do what it says.
    #[cold]
    fn cut_otherwise<'c>(&self, line: &'c [u8], slots: &mut [&'c [u8]]) -> Option<Marks> {
        let others = [BLANKS, BLANKS_WITHOUT_QUOTES, TABS].into_iter();
        let mut others = others.filter(|shape| {
            *shape != self.shape && (*shape != TABS || memchr(b'\t', line).is_some())
        });
        others.find_map(|shape| self.cut_columns(line, shape, slots).ok())
    }
}

impl Cut for W3c {
    fn name(&self) -> &str {
        self.name
    }

    fn slots(&self) -> usize {
        self.kept() + MADE
    }

    fn cut<'c>(
        &self,
        line: &'c [u8],
        slots: &mut [&'c [u8]],
        needed: u64,
        arena: &'c Bump,
    ) -> Result<Record, Misfit> {
        if !self.header.names_columns() {
            let expected = "a #Fields line before it";
            return Err(Misfit { at: 0, expected });
        }
        let cut = match self.shape {
            TABS => self.cut_columns(line, TABS, slots),
            BLANKS => self.cut_columns(line, BLANKS, slots),
            _ => self.cut_columns(line, BLANKS_WITHOUT_QUOTES, slots),
        };
        let marks = match cut {
            Ok(marks) => marks,
            Err(misfit) => self.cut_otherwise(line, slots).ok_or(misfit)?,
        };
        if marks.doubled != 0 && needed != 0 {
            for (place, slot) in slots[..self.kept()].iter_mut().enumerate() {
                if marks.doubled >> place & 1 != 0 {
                    *slot = text::with_quotes(slot, arena);
                }
            }
        }
        if needed >> self.kept() != 0 {
            self.make(line, marks, needed, slots, arena);
        }
        Ok(Record::Entry)
    }

    fn source(&self, field: &Field) -> Option<Source> {
        if !self.header.names_columns() {
            // Of lines to come, which other headers will name.
            return columns::may_have(field).then_some(Source::Slot(0));
        }
        let made = |made| Some(Source::Slot(self.made(made)));
        let column = self.names.of_field(field).filter(|place| *place < KEPT);
        let has_uri = self.stem.or(self.whole).is_some();
        match field {
            Field::Time if self.date.or(self.time).is_some() => made(Made::Time),
            Field::Agent if column.is_some() => made(Made::Agent),
            Field::Uri if has_uri => made(Made::Uri),
            Field::Path if self.whole.is_none() && self.stem.is_some() => {
                Some(Source::Uri(self.stem?, Part::Path))
            }
            Field::Path if has_uri => Some(Source::Uri(self.made(Made::Uri), Part::Path)),
            Field::Query if column.is_none() && has_uri => {
                Some(Source::Uri(self.made(Made::Uri), Part::Query))
            }
            Field::Vhost if column.is_none() && self.whole.is_some() => made(Made::Vhost),
            Field::Scheme if column.is_none() && self.whole.is_some() => made(Made::Scheme),
            _ => column.map(Source::Slot),
        }
    }

    fn scale(&self, field: &Field) -> Scale {
        let has = |name| self.names.find(&[name]).is_some();
        let in_milliseconds = match self.header.software {
            Software::Iis | Software::Milliseconds => true,
            Software::Unknown if has("sc-win32-status") => true,
            _ => has("timetakenms"),
        };
        let duration = match in_milliseconds {
            true => Scale::Milliseconds,
            false => Scale::Seconds,
        };
        Scale::of(field, duration)
    }

    fn is_verbatim(&self) -> bool {
        false
    }

    fn header(&self) -> Option<&Header> {
        Some(&self.header)
    }
}

fn is_cloudfront(names: &Names) -> bool {
    names
        .find(&["x-edge-location", "x-edge-result-type"])
        .is_some()
}

/// Where a part of a line stands in it; elsewhere if it is no part.
#[inline]
fn place_in(line: &[u8], part: &[u8]) -> usize {
    part.as_ptr().addr().wrapping_sub(line.as_ptr().addr())
}

#[cfg(test)]
mod tests;
