//! Lines that a pattern matches, as rows of its groups.
//!
//! The pattern sees one line at a time, so that `^`, `$` and `\s` mean what a
//! reader expects and no match leaves its line. If every match must hold a
//! certain literal, the chunk is searched for that first, and only lines that
//! hold it are looked at.

use memchr::{memchr, memmem};
use regex::bytes::{CaptureLocations, Regex};

use super::entries::candidate;
use super::lines::{count_lines, without_return};
use super::{Balance, Batch};
use crate::chunk::Span;
use crate::pattern::Pattern;

/// Cuts the groups of a pattern, or the whole match if it has none.
#[derive(Clone, Debug)]
pub struct Matches {
    regex: Regex,
    literal: Option<memmem::Finder<'static>>,
    /// Text columns: the groups, or the match.
    columns: usize,
    /// Whether lines without a match are to be counted as well.
    counts_lines: bool,
}

impl Matches {
    /// Makes a scanner; with `counts_lines` it also counts lines without a
    /// match, which takes a second look at the chunk.
    pub fn new(pattern: &Pattern, counts_lines: bool) -> Matches {
        let literal = pattern.literal();
        Matches {
            regex: pattern.regex().clone(),
            literal: literal.map(|literal| memmem::Finder::new(literal).into_owned()),
            columns: pattern.columns(),
            counts_lines,
        }
    }

    /// Passes the first match of each line to `count`.
    pub fn scan<'c>(
        &self,
        span: Span<'c>,
        balance: &mut Balance,
        count: &mut dyn FnMut(&mut Batch<'c>),
    ) {
        if self.counts_lines {
            balance.lines += count_lines(span.bytes);
        }
        let mut batch = Batch::new(self.columns, 0, 1);
        let mut groups = self.regex.capture_locations();
        let mut at = 0;
        while let Some((start, end)) = self.candidate(span.bytes, at) {
            let line = without_return(&span.bytes[start..end]);
            at = end + 1;
            if self.fill(&mut batch, &mut groups, line) && batch.is_full() {
                count(&mut batch);
                batch.clear();
            }
        }
        if !batch.is_empty() {
            count(&mut batch);
        }
    }

    /// Finds the next line, from the line start `at`, that may match.
    fn candidate(&self, bytes: &[u8], at: usize) -> Option<(usize, usize)> {
        if let Some(literal) = &self.literal {
            return candidate(literal, bytes, at);
        }
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        Some((at, at + length))
    }

    fn fill<'c>(
        &self,
        batch: &mut Batch<'c>,
        groups: &mut CaptureLocations,
        line: &'c [u8],
    ) -> bool {
        if groups.len() == 1 {
            let Some(found) = self.regex.find(line) else {
                return false;
            };
            batch.set_text(0, found.as_bytes());
        } else {
            if self.regex.captures_read(groups, line).is_none() {
                return false;
            }
            for column in 0..self.columns {
                // A group that took no part is empty.
                let text = groups.get(column + 1).map(|(start, end)| &line[start..end]);
                batch.set_text(column, text.unwrap_or_default());
            }
        }
        batch.set_mask(0);
        batch.push();
        true
    }
}
