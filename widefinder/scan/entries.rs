//! Entries of an access log, as rows of fields.

use memchr::{memchr, memmem, memrchr};

use super::format::{ABSENT, Format, Part, Source};
use super::lines::{Lines, count_lines, without_return};
use super::marked::{self, Usual, Visit};
use super::marks::Marks;
use super::request::{Request, path, query};
use super::scale::Scale;
use super::{BadLines, Balance, Batch};
use crate::chunk::Span;

/// Cuts the columns that are asked for.
#[derive(Clone, Debug)]
pub struct Entries {
    /// How lines are cut.
    pub format: Format,
    /// The text columns of a batch, in order.
    pub texts: Vec<Source>,
    /// The number columns.
    pub numbers: Vec<(usize, Scale)>,
    /// How many masks a batch has, all empty.
    pub masks: usize,
    /// What every line holds that can be selected.
    pub literal: Option<memmem::Finder<'static>>,
    /// Whether lines without it are passed over, and not counted either.
    pub passes_over: bool,
    /// Whether lines without it are counted all the same.
    pub counts_lines: bool,
    /// Those of the text at hand, for a format that is cut by them.
    pub marks: Marks,
}

impl Entries {
    /// Passes the entries of a chunk to `count`, and counts its lines.
    pub fn scan<'c>(
        &mut self,
        span: Span<'c>,
        balance: &mut Balance,
        bad: &mut BadLines,
        count: &mut dyn FnMut(&mut Batch<'c>),
    ) {
        let mut marks = std::mem::take(&mut self.marks);
        let mut rows = Rows {
            entries: self,
            batch: Batch::new(self.texts.len(), self.numbers.len(), self.masks),
            slots: vec![&[]; self.format.slots()],
            span,
            balance,
            bad,
            count,
        };
        match self.literal.as_ref().filter(|_| self.passes_over) {
            None => rows.add_all(&mut marks),
            Some(literal) => rows.add_candidates(literal),
        }
        rows.finish();
        self.marks = marks;
    }
}

/// Finds the next line, from the line start `at`, that holds `literal`.
pub(super) fn candidate(
    literal: &memmem::Finder<'_>,
    bytes: &[u8],
    at: usize,
) -> Option<(usize, usize)> {
    let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
    let found = literal.find(rest)?;
    let start = memrchr(b'\n', &rest[..found]).map_or(0, |newline| newline + 1);
    let end = memchr(b'\n', &rest[found..]).map_or(rest.len(), |newline| found + newline);
    Some((at + start, at + end))
}

/// The rows of one chunk, on their way to be counted.
struct Rows<'a, 'c> {
    entries: &'a Entries,
    batch: Batch<'c>,
    slots: Vec<&'c [u8]>,
    span: Span<'c>,
    balance: &'a mut Balance,
    bad: &'a mut BadLines,
    count: &'a mut dyn FnMut(&mut Batch<'c>),
}

impl<'c> Rows<'_, 'c> {
    fn add_all(&mut self, marks: &mut Marks) {
        let bytes = self.span.bytes;
        let mut lines = Lines::new(bytes);
        // A byte-order mark is cut off where lines are looked at one by one.
        let has_mark = self.span.offset == 0 && bytes.starts_with(BYTE_ORDER_MARK);
        let one_by_one = match self.entries.format.is_marked() {
            true => usize::from(has_mark),
            false => usize::MAX,
        };
        for (offset, line) in lines.by_ref().take(one_by_one) {
            self.add(offset, line);
        }
        let start = lines.offset();
        marked::for_each(bytes, start, marks, self);
    }

    /// Adds the lines that hold a literal.
    fn add_candidates(&mut self, literal: &memmem::Finder<'_>) {
        let mut passed = 0;
        let mut at = 0;
        while let Some((start, end)) = candidate(literal, self.span.bytes, at) {
            self.add(start, without_return(&self.span.bytes[start..end]));
            passed += 1;
            at = end + 1;
        }
        if self.entries.counts_lines {
            self.balance.lines += count_lines(self.span.bytes) - passed;
        }
        self.look_whether_any_fits();
    }

    #[inline]
    fn add(&mut self, offset: usize, line: &'c [u8]) {
        self.balance.lines += 1;
        let offset = self.span.offset + offset as u64;
        let line = without_mark(offset, line);
        if is_blank(line) {
            self.balance.blank += 1;
            return;
        }
        if line[0] == b'#' {
            self.balance.comment += 1;
            return;
        }
        match self.entries.format.cut(line, &mut self.slots) {
            Ok(()) => self.add_entry(line),
            Err(misfit) => {
                self.balance.bad += 1;
                self.balance.fits = self.balance.fits.max(Some(false));
                let literal = self.entries.literal.as_ref();
                if literal.is_none_or(|literal| literal.find(line).is_some()) {
                    self.balance.missed += 1;
                    self.bad.note(self.span.input, offset, line, misfit);
                }
            }
        }
    }

    /// Adds a line whose slots have been cut.
    #[inline]
    fn add_entry(&mut self, line: &'c [u8]) {
        self.balance.entries += 1;
        self.balance.fits = Some(true);
        self.fill(line);
        if self.batch.is_full() {
            (self.count)(&mut self.batch);
            self.batch.clear();
        }
    }

    /// Cuts lines that were passed over until one fits; in most logs that is the
    /// first of a worker's first chunk.
    fn look_whether_any_fits(&mut self) {
        let mut lines = Lines::new(self.span.bytes);
        while self.balance.fits != Some(true)
            && let Some((offset, line)) = lines.next()
        {
            let line = without_mark(self.span.offset + offset as u64, line);
            if !is_blank(line) && line[0] != b'#' {
                let fits = self.entries.format.cut(line, &mut self.slots).is_ok();
                self.balance.fits = self.balance.fits.max(Some(fits));
            }
        }
    }

    #[inline]
    fn fill(&mut self, line: &'c [u8]) {
        let mut request: Option<Request<'c>> = None;
        for (column, source) in self.entries.texts.iter().enumerate() {
            let text = match *source {
                Source::Line => line,
                Source::Slot(slot) => self.slots[slot],
                Source::Request(slot, part) => {
                    let request = *request.get_or_insert_with(|| Request::parse(self.slots[slot]));
                    match part {
                        Part::Method => request.method,
                        Part::Protocol => request.protocol,
                        Part::Uri => request.uri,
                        Part::Path => request.path(),
                        Part::Query => query(request.uri).unwrap_or(ABSENT),
                    }
                }
                Source::Uri(slot, Part::Path) => path(self.slots[slot]),
                Source::Uri(slot, _) => query(self.slots[slot]).unwrap_or(ABSENT),
            };
            self.batch.set_text(column, text);
        }
        for (column, (slot, scale)) in self.entries.numbers.iter().enumerate() {
            if let Some(number) = scale.read(self.slots[*slot]) {
                self.batch.set_number(column, number);
            }
        }
        self.batch.push();
    }

    fn finish(mut self) {
        if !self.batch.is_empty() {
            (self.count)(&mut self.batch);
        }
    }
}

impl<'c> Visit<'c> for Rows<'_, 'c> {
    #[inline(always)]
    fn usual(&mut self, line: &Usual<'c, '_>) {
        self.balance.lines += 1;
        line.frame().fill(&mut self.slots);
        self.add_entry(line.line());
    }

    fn other(&mut self, start: usize, line: &'c [u8]) {
        self.add(start, line);
    }
}

/// What Windows puts before text in UTF-8; it is no part of the first client.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

fn without_mark(offset: u64, line: &[u8]) -> &[u8] {
    match offset {
        0 => line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line),
        _ => line,
    }
}

fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::Field;

    fn entries(fields: &[Field]) -> Entries {
        let source = |field| Format::Combined.source(field).unwrap();
        let Some(Source::Slot(bytes)) = Format::Combined.source(&Field::Bytes) else {
            panic!("bytes have a slot");
        };
        Entries {
            format: Format::Combined,
            texts: fields.iter().map(source).collect(),
            numbers: vec![(bytes, Scale::Bytes)],
            masks: 1,
            literal: None,
            passes_over: false,
            counts_lines: false,
            marks: Marks::default(),
        }
    }

    const LOG: &str = concat!(
        "h - - [t] \"GET /a?q HTTP/1.1\" 200 5 \"http://r/\" \"agent\"\r\n",
        "# comment\n \t\r\n\nnonsense\n",
        "h - - [t] \"-\" 404 -\n",
    );

    #[test]
    fn every_line_is_in_the_balance() {
        let mut entries = entries(&[Field::Path, Field::Referrer, Field::Query, Field::Method]);
        let span = Span {
            input: 3,
            offset: 1000,
            bytes: LOG.as_bytes(),
        };
        let (mut balance, mut bad) = (Balance::default(), BadLines::default());
        let mut batches = 0;
        entries.scan(span, &mut balance, &mut bad, &mut |batch| {
            batches += 1;
            assert_eq!(batch.text(0), [&b"/a"[..], b"-"]);
            assert_eq!(batch.text(1), [&b"http://r/"[..], b"-"]);
            assert_eq!(batch.text(2), [&b"q"[..], b"-"]);
            assert_eq!(batch.text(3), [&b"GET"[..], b""]);
            assert_eq!(batch.number(0), [5, 0]);
            assert_eq!((batch.all(), batch.present(0)), (0b11, 0b11));
        });
        assert_eq!(batches, 1);
        let expected = Balance {
            lines: 6,
            entries: 2,
            selected: 0,
            other: 0,
            bad: 1,
            blank: 2,
            comment: 1,
            missed: 1,
            fits: Some(true),
        };
        assert_eq!(balance, expected);
        let offset = LOG.find("nonsense").unwrap() as u64;
        let places: Vec<_> = bad.lines().map(|bad| (bad.input, bad.offset)).collect();
        assert_eq!(places, [(3, 1000 + offset)]);
    }

    #[test]
    fn lines_without_the_literal_are_not_looked_at() {
        let mut entries = entries(&[Field::Path]);
        entries.literal = Some(memmem::Finder::new("/r").into_owned());
        entries.passes_over = true;
        let span = Span {
            input: 0,
            offset: 0,
            bytes: LOG.as_bytes(),
        };
        let (mut balance, mut bad) = (Balance::default(), BadLines::default());
        let mut paths = Vec::new();
        entries.scan(span, &mut balance, &mut bad, &mut |batch| {
            paths.extend(batch.text(0).to_vec());
        });
        assert_eq!(paths, [b"/a"]);
        assert_eq!((balance.lines, balance.entries, balance.bad), (1, 1, 0));
    }
}
