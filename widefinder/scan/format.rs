//! Formats: how a line is cut into slots, and which fields these hold.
//!
//! A format gives the slots of a line in an order of its own; a question asks
//! for fields. [`Format::source`] leads from the one to the other once, when
//! the question is planned, so that no name is looked up while lines are read.

use std::sync::Arc;

use super::combined::{Frame, Misfit};
use super::configured::nickname;
use super::cut::Cut;
use super::formats;
use super::formats::w3c::Header;
use super::formats::{Host, Wrapper};
use super::layout::Layout;
use super::lines::Lines;
use super::scale::Scale;
use crate::ask::Field;
use crate::error::Error;
use bumpalo::Bump;

/// How lines are cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Format {
    /// The common or the combined format; each line says which.
    Combined,
    /// The common format: what a line has beyond it is not looked at.
    Common,
    /// What a `LogFormat` or `log_format` says.
    Layout(Layout),
    /// One with a cutter of its own.
    Own(Own),
}

/// A format with a cutter of its own.
#[derive(Clone, Debug)]
pub struct Own(Arc<dyn Cut>);

impl Own {
    pub(super) fn new(cut: Arc<dyn Cut>) -> Own {
        Own(cut)
    }
}

/// Whether it is the very same.
impl PartialEq for Own {
    fn eq(&self, other: &Own) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Own {}

/// The formats of an input, the most particular first: each line has the first
/// that it fits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Formats(Arc<[Format]>);

/// What a line is that fits a format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Record {
    /// A request; the slots hold what it says.
    Entry,
    /// A well-formed record that is no request.
    Other,
}

/// Where a field of a line is found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    /// Nowhere: the format lacks the field.
    Nowhere,
    /// The line itself.
    Line,
    /// A slot as it is.
    Slot(usize),
    /// A part of the slot that holds the request.
    Request(usize, Part),
    /// A part of the slot that holds the URI.
    Uri(usize, Part),
}

/// A part of a request or of a URI.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// `GET`
    Method,
    /// Path and query.
    Uri,
    /// What stands before the first `?`.
    Path,
    /// What stands behind it.
    Query,
    /// `HTTP/1.1`
    Protocol,
}

/// What stands in a slot that a line does not have.
pub const ABSENT: &[u8] = b"-";

/// Whether a value says that there is none.
#[inline]
pub fn is_absent(value: &[u8]) -> bool {
    matches!(value, b"" | b"-")
}

/// Whether a text is digits, and not empty.
#[inline(always)]
pub(super) fn is_digits(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// Whether a text is digits, or says that there is no number.
#[inline(always)]
pub(super) fn is_number(text: &[u8]) -> bool {
    text == ABSENT || is_digits(text)
}

/// The slots of [`Format::Combined`].
pub(super) mod slot {
    pub(in crate::scan) const CLIENT: usize = 0;
    pub(in crate::scan) const USER: usize = 1;
    pub(in crate::scan) const TIME: usize = 2;
    pub(in crate::scan) const REQUEST: usize = 3;
    pub(in crate::scan) const STATUS: usize = 4;
    pub(in crate::scan) const BYTES: usize = 5;
    pub(in crate::scan) const REFERRER: usize = 6;
    pub(in crate::scan) const AGENT: usize = 7;
    pub(in crate::scan) const COUNT: usize = 8;
}

impl Formats {
    /// Collects formats.
    pub fn new(formats: impl IntoIterator<Item = Format>) -> Formats {
        Formats(formats.into_iter().collect())
    }

    /// The formats, in order.
    pub fn list(&self) -> &[Format] {
        &self.0
    }

    /// Whether both are the very same, which is fast to tell.
    pub fn is(&self, other: &Formats) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Whether none of them has a field.
    pub fn lack(&self, field: &Field) -> bool {
        !self.0.is_empty() && self.0.iter().all(|format| format.source(field).is_none())
    }

    /// Whether all values stand in a line as they are, so that one that is wanted
    /// can be searched for before the line is cut.
    pub fn are_verbatim(&self) -> bool {
        self.0.iter().all(Format::is_verbatim)
    }

    /// What people call them.
    pub fn names(&self) -> Vec<String> {
        let names = self.0.iter().map(|format| format.name().to_owned());
        let mut names: Vec<_> = names.collect();
        // One whose columns change is there more than once.
        names.dedup();
        names
    }
}

impl Format {
    /// Finds a format by its name, or reads the text of a `LogFormat` or a
    /// `log_format`. A name may stand for the beginning of a text, as in
    /// `combined %D`.
    ///
    /// # Errors
    ///
    /// When it is neither, with the names that there are.
    pub fn named(text: &str) -> Result<Format, Error> {
        if let Some((wrapper, text)) = formats::wrapper(text) {
            return Format::named(text).map(|format| wrapper.wrap(format));
        }
        let text = nickname(text).unwrap_or(text);
        match formats::named(text) {
            // One that is named need not be told from others by its beginning.
            Some(Format::Layout(layout)) => Layout::parse(layout.name()).map(Format::Layout),
            Some(format) => Ok(format),
            None => Layout::parse(text).map(Format::Layout),
        }
    }

    /// What people call it.
    pub fn name(&self) -> &str {
        match self {
            Format::Combined => "common or combined",
            Format::Common => "common",
            Format::Layout(layout) => layout.name(),
            Format::Own(own) => own.0.name(),
        }
    }

    /// How many slots a line has.
    pub fn slots(&self) -> usize {
        match self {
            Format::Combined | Format::Common => slot::COUNT,
            Format::Layout(layout) => layout.slots(),
            Format::Own(own) => own.0.slots(),
        }
    }

    /// Cuts a line into `slots`, at least those that `needed` has a bit for;
    /// values that do not stand in it as they are go into `arena`. What the slots
    /// hold if the line is no entry is not said.
    ///
    /// # Errors
    ///
    /// [`Misfit`] for the first place that does not fit, from the left.
    #[inline]
    pub fn cut<'c>(
        &self,
        line: &'c [u8],
        slots: &mut [&'c [u8]],
        needed: u64,
        arena: &'c Bump,
    ) -> Result<Record, Misfit> {
        match self {
            Format::Combined | Format::Common => {
                let frame = Frame::parse(line)?;
                slots[..slot::COUNT].copy_from_slice(&[
                    frame.client,
                    frame.user,
                    frame.time,
                    frame.request,
                    frame.status,
                    frame.bytes,
                    frame.referrer.unwrap_or(ABSENT),
                    frame.agent.unwrap_or(ABSENT),
                ]);
                Ok(Record::Entry)
            }
            Format::Layout(layout) => layout.cut(line, slots).map(|()| Record::Entry),
            Format::Own(own) => own.0.cut(line, slots, needed, arena),
        }
    }

    /// Whether its values stand in a line as they are.
    pub(super) fn is_verbatim(&self) -> bool {
        match self {
            Format::Combined | Format::Common | Format::Layout(_) => true,
            Format::Own(own) => own.0.is_verbatim(),
        }
    }

    /// What its lines are wrapped in, if they are.
    pub(super) fn wrapper(&self) -> Option<Wrapper> {
        match self {
            Format::Combined | Format::Common | Format::Layout(_) => None,
            Format::Own(own) => own.0.wrapper(),
        }
    }

    /// The header lines behind which its lines stand, if others may change it.
    pub(super) fn header(&self) -> Option<&Header> {
        match self {
            Format::Combined | Format::Common | Format::Layout(_) => None,
            Format::Own(own) => own.0.header(),
        }
    }

    /// The format made for these fields, if they make a difference.
    pub(super) fn bound(&self, wanted: &[&Field]) -> Format {
        match self {
            Format::Own(own) => match own.0.bound(wanted) {
                Some(bound) => Format::Own(Own(bound)),
                None => self.clone(),
            },
            _ => self.clone(),
        }
    }

    /// Whether no line of the usual shape ([`super::usual`]) fits.
    pub(super) fn is_unusual(&self) -> bool {
        matches!(self, Format::Layout(layout) if layout.is_unusual())
    }

    /// The host before lines that are else of the usual shape.
    pub(super) fn host(&self) -> Option<Host> {
        match self {
            Format::Layout(layout) => layout.host(),
            Format::Combined | Format::Common | Format::Own(_) => None,
        }
    }

    /// Whether its lines are cut by their marks ([`super::marked`]).
    pub fn is_marked(&self) -> bool {
        matches!(self, Format::Combined | Format::Common)
    }

    /// Where a field is found; `None` if the format lacks it.
    pub fn source(&self, field: &Field) -> Option<Source> {
        if *field == Field::Line {
            return Some(Source::Line);
        }
        match self {
            Format::Layout(layout) => return layout.source(field),
            Format::Own(own) => return own.0.source(field),
            Format::Combined | Format::Common => {}
        }
        let slot = match field {
            Field::Client => slot::CLIENT,
            Field::User => slot::USER,
            Field::Time => slot::TIME,
            Field::Status => slot::STATUS,
            Field::Bytes => slot::BYTES,
            Field::Referrer | Field::Agent if *self == Format::Common => return None,
            Field::Referrer => slot::REFERRER,
            Field::Agent => slot::AGENT,
            _ => return Some(Source::Request(slot::REQUEST, Part::of(field)?)),
        };
        Some(Source::Slot(slot))
    }

    /// How a number is written.
    pub fn scale(&self, field: &Field) -> Scale {
        match self {
            Format::Combined | Format::Common if *field == Field::Bytes => Scale::Bytes,
            Format::Combined | Format::Common => Scale::Whole,
            Format::Layout(layout) => layout.scale(field),
            Format::Own(own) => own.0.scale(field),
        }
    }
}

/// Whether the first lines of a log are in the common format, all of them, so
/// that it has neither referrers nor agents.
pub fn is_common(bytes: &[u8]) -> bool {
    all_first(bytes, |frame| frame.referrer.is_none())
}

/// Whether there are lines that fit, and all of the first ones are such.
fn all_first(bytes: &[u8], such: impl Fn(Frame<'_>) -> bool) -> bool {
    /// As many lines as tell.
    const LINES: usize = 100;
    /// Even if none of them fits.
    const MOST_BYTES: usize = 1 << 20;
    let bytes = &bytes[..bytes.len().min(MOST_BYTES)];
    let frames = Lines::new(bytes).filter_map(|(_, line)| Frame::parse(line).ok());
    let mut frames = frames.take(LINES).peekable();
    frames.peek().is_some() && frames.all(such)
}

impl Part {
    /// The part that a field is.
    pub fn of(field: &Field) -> Option<Part> {
        match field {
            Field::Method => Some(Part::Method),
            Field::Uri => Some(Part::Uri),
            Field::Path => Some(Part::Path),
            Field::Query => Some(Part::Query),
            Field::Protocol => Some(Part::Protocol),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_format_lacks_two_fields() {
        let names = ["COMMON", "combined"].map(|name| Format::named(name).unwrap());
        assert_eq!(names, [Format::Common, Format::Combined]);
        for field in [Field::Referrer, Field::Agent] {
            assert_eq!(Format::Common.source(&field), None);
            assert!(Format::Combined.source(&field).is_some());
        }
        assert_eq!(Format::Combined.source(&Field::Latency), None);
        assert!(Format::Common.source(&Field::Path).is_some());
    }

    #[test]
    fn a_name_may_begin_a_text() {
        for (text, field) in [
            ("combined %D", Field::Latency),
            ("common $request_time", Field::Latency),
            ("VCOMBINED %{X-Id}i", Field::Vhost),
        ] {
            let format = Format::named(text).unwrap();
            assert!(format.source(&field).is_some(), "{text}");
            assert!(format.source(&Field::Status).is_some(), "{text}");
        }
    }

    #[test]
    fn a_log_is_common_if_no_line_says_more() {
        let common = "h - - [t] \"GET / HTTP/1.1\" 200 5\n";
        let combined = "h - - [t] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n";
        assert!(is_common(format!("nonsense\n{common}").as_bytes()));
        assert!(!is_common(format!("{common}{combined}").as_bytes()));
        assert!(!is_common(b"nonsense\n"));
        assert!(!is_common(b""));
    }
}
