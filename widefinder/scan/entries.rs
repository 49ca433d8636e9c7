//! Entries of an access log, as rows of fields.

use bumpalo::Bump;
use memchr::{memchr, memmem, memrchr};

use super::binding::{Binding, Wanted};
use super::combined::Misfit;
use super::format::{ABSENT, Formats, Part, Record, Source};
use super::lines::{Lines, count_lines, without_return};
use super::marked::{self, Visit};
use super::marks::Marks;
use super::request::{Request, path, query};
use super::usual::Usual;
use super::{BadLines, Balance, Batch};
use crate::chunk::Span;

/// Cuts the columns that are asked for.
#[derive(Clone, Debug)]
pub struct Entries {
    /// The columns of a batch.
    pub wanted: Wanted,
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
    /// Where the columns are found in the formats of the last chunk.
    pub bound: Option<(Formats, Vec<Binding>)>,
}

impl Entries {
    /// Passes the entries of a chunk to `count`, and counts its lines.
    pub fn scan(
        &mut self,
        span: Span<'_>,
        balance: &mut Balance,
        bad: &mut BadLines,
        count: &mut dyn FnMut(&mut Batch<'_>),
    ) {
        let arena = Bump::new();
        let mut marks = std::mem::take(&mut self.marks);
        let bound = self.bound.take().filter(|(to, _)| to.is(span.formats));
        let (formats, bindings) =
            bound.unwrap_or_else(|| (span.formats.clone(), self.wanted.bind(span.formats)));
        let literal = self.literal.as_ref().filter(|_| formats.are_verbatim());
        let passing = literal.filter(|_| self.passes_over);
        let mut counted = Balance {
            fits: balance.fits,
            ..Balance::default()
        };
        let slots = bindings.iter().map(|binding| binding.format.slots()).max();
        let mut rows = Rows {
            bindings: &bindings,
            usual: bindings
                .iter()
                .position(|binding| binding.format.is_marked()),
            has_hosts: bindings
                .iter()
                .any(|binding| binding.format.host().is_some()),
            literal,
            counts_lines: self.counts_lines,
            counts_all: passing.is_none(),
            batch: self.wanted.batch(self.masks),
            slots: vec![&[]; slots.unwrap_or(0)],
            arena: &arena,
            span,
            balance: if passing.is_some() {
                &mut counted
            } else {
                balance
            },
            bad,
            count,
        };
        let from = passing.map_or(0, |literal| rows.add_candidates(literal));
        rows.add_all(from, &mut marks);
        if passing.is_some() {
            rows.look_whether_any_fits();
        }
        rows.finish();
        // Which lines were passed over nobody should be able to tell.
        balance.lines += if self.counts_lines { counted.lines } else { 0 };
        balance.missed += counted.missed;
        balance.fits = balance.fits.max(counted.fits);
        self.marks = marks;
        self.bound = Some((formats, bindings));
    }
}

/// A literal that stands in one line of so many bytes, or less often, is rare: to
/// search for it then costs less than to cut the lines that it is not in.
const RARE: usize = 1024;

/// So many lines tell whether it is.
const MANY: usize = 16;

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
    /// At least one.
    bindings: &'a [Binding],
    /// The one for lines of the usual shape.
    usual: Option<usize>,
    /// Whether any is for such lines behind a host.
    has_hosts: bool,
    literal: Option<&'a memmem::Finder<'static>>,
    counts_lines: bool,
    /// Whether no line is passed over.
    counts_all: bool,
    batch: Batch<'c>,
    slots: Vec<&'c [u8]>,
    /// For values that do not stand in the log as they are.
    arena: &'c Bump,
    span: Span<'c>,
    balance: &'a mut Balance,
    bad: &'a mut BadLines,
    count: &'a mut dyn FnMut(&mut Batch<'_>),
}

impl<'c> Rows<'_, 'c> {
    /// Adds the lines from the one on that starts at `from`.
    fn add_all(&mut self, from: usize, marks: &mut Marks) {
        let bytes = &self.span.bytes[from..];
        let mut lines = Lines::new(bytes);
        // A byte-order mark is cut off where lines are looked at one by one.
        let has_mark = self.span.offset + from as u64 == 0 && bytes.starts_with(BYTE_ORDER_MARK);
        let one_by_one = match self.are_marked() {
            true => usize::from(has_mark),
            false => usize::MAX,
        };
        for (offset, line) in lines.by_ref().take(one_by_one) {
            self.add(from + offset, line);
        }
        marked::for_each(self.span.bytes, from + lines.offset(), marks, self);
    }

    /// Whether lines are cut by their marks: no format but the combined one has lines of
    /// the usual shape.
    fn are_marked(&self) -> bool {
        let mut formats = self.bindings.iter().map(|binding| &binding.format);
        formats.all(|format| format.is_marked() || format.is_unusual())
    }

    /// Adds the lines that hold a literal, and returns where the rest starts: the
    /// end, or earlier if so many hold it that to look at all is faster.
    fn add_candidates(&mut self, literal: &memmem::Finder<'_>) -> usize {
        let bytes = self.span.bytes;
        let (mut found, mut at) = (0, 0);
        while found < MANY || at / found >= RARE {
            let Some((start, end)) = candidate(literal, bytes, at) else {
                at = bytes.len();
                break;
            };
            self.add(start, without_return(&bytes[start..end]));
            found += 1;
            at = bytes.len().min(end + 1);
        }
        if self.counts_lines {
            self.balance.lines += count_lines(&bytes[..at]) - found as u64;
        }
        at
    }

    #[inline]
    fn add(&mut self, start: usize, line: &'c [u8]) {
        self.balance.lines += 1;
        let offset = self.span.offset + start as u64;
        let line = without_mark(offset, line);
        if is_blank(line) {
            self.balance.blank += 1;
            return;
        }
        if line[0] == b'#' {
            self.balance.comment += 1;
            return;
        }
        match self.cut(line) {
            Ok((binding, Record::Entry)) => {
                let slots = std::mem::take(&mut self.slots);
                self.add_entry(binding, line, |slot| slots[slot]);
                self.slots = slots;
            }
            Ok((_, Record::Other)) => {
                self.balance.other += 1;
                self.balance.fits = Some(true);
            }
            Err(misfit) => {
                self.balance.bad += 1;
                self.balance.fits = self.balance.fits.max(Some(false));
                let literal = self.literal;
                let missed = literal.is_none_or(|literal| literal.find(line).is_some());
                self.balance.missed += u64::from(missed);
                if missed || self.bad.keeps_all() {
                    self.bad
                        .note(self.span, start, line, misfit, self.counts_all);
                }
            }
        }
    }

    /// Cuts a line into the slots of the first format that it fits. If it fits
    /// none, it is told where it stopped to fit the one that it fits longest.
    #[inline]
    fn cut(&mut self, line: &'c [u8]) -> Result<(usize, Record), Misfit> {
        let mut nearest: Option<Misfit> = None;
        for (number, binding) in self.bindings.iter().enumerate() {
            let needed = binding.needed;
            match binding
                .format
                .cut(line, &mut self.slots, needed, self.arena)
            {
                Ok(record) => return Ok((number, record)),
                Err(misfit) if nearest.is_none_or(|nearest| misfit.at > nearest.at) => {
                    nearest = Some(misfit);
                }
                Err(_) => {}
            }
        }
        Err(nearest.expect("there is a format"))
    }

    /// Adds a line that fits the format with the number `binding`, given what its
    /// slots hold.
    #[inline(always)]
    fn add_entry(&mut self, binding: usize, line: &'c [u8], slot: impl Fn(usize) -> &'c [u8]) {
        self.balance.entries += 1;
        self.balance.fits = Some(true);
        self.fill(&self.bindings[binding], line, slot);
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
                let fits = self.cut(line).is_ok();
                self.balance.fits = self.balance.fits.max(Some(fits));
            }
        }
    }

    #[inline(always)]
    fn fill(&mut self, binding: &Binding, line: &'c [u8], slot_of: impl Fn(usize) -> &'c [u8]) {
        let mut request: Option<Request<'c>> = None;
        for (column, source) in binding.texts.iter().enumerate() {
            let text = match *source {
                Source::Nowhere => ABSENT,
                Source::Line => line,
                Source::Slot(slot) => slot_of(slot),
                Source::Request(slot, part) => {
                    let request = *request.get_or_insert_with(|| Request::parse(slot_of(slot)));
                    match part {
                        Part::Method => request.method,
                        Part::Protocol => request.protocol,
                        Part::Uri => request.uri,
                        Part::Path => request.path(),
                        Part::Query => query(request.uri).unwrap_or(ABSENT),
                    }
                }
                Source::Uri(slot, Part::Path) => path(slot_of(slot)),
                Source::Uri(slot, _) => query(slot_of(slot)).unwrap_or(ABSENT),
            };
            self.batch.set_text(column, text);
        }
        for (column, number) in binding.numbers.iter().enumerate() {
            if let Some((slot, scale)) = *number
                && let Some(number) = scale.read(slot_of(slot))
            {
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
    fn usual(&mut self, start: usize, line: &Usual<'c, '_>) {
        match self.usual {
            Some(binding) => {
                self.balance.lines += 1;
                self.add_entry(binding, line.line(), |slot| line.slot(slot));
            }
            None => self.add(start, line.line()),
        }
    }

    fn has_hosts(&self) -> bool {
        self.has_hosts
    }

    fn hosted(&mut self, start: usize, line: &Usual<'c, '_>) {
        for number in 0..self.bindings.len() {
            if let Some(host) = self.bindings[number].format.host()
                && host.quoted == line.is_quoted()
                && host.stands_before(line.line()).is_ok()
            {
                self.balance.lines += 1;
                let slot = |slot| line.slot_behind_host(slot, host.port);
                return self.add_entry(number, line.line(), slot);
            }
        }
        self.other(start, line.line());
    }

    fn other(&mut self, start: usize, line: &'c [u8]) {
        self.add(start, line);
    }
}

/// What Windows puts before text in UTF-8; it is no part of the first client.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A line without the mark that the first of a log, at offset 0, may begin with.
pub(crate) fn without_mark(offset: u64, line: &[u8]) -> &[u8] {
    match offset {
        0 => line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line),
        _ => line,
    }
}

pub(super) fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | b'\t'))
}

#[cfg(test)]
mod tests;
