//! The groups of a pattern, as columns.

use regex::bytes::{CaptureLocations, Regex};

use super::bits;
use crate::pattern::Pattern;
use crate::scan::Batch;
use crate::scan::batch::{Mask, ROWS};

/// The groups of a pattern's first match in each row of a text column.
#[derive(Clone, Debug)]
pub struct Captures {
    /// The text column.
    from: usize,
    regex: Regex,
    groups: CaptureLocations,
    /// For each row, where each group lies, that of the whole match first.
    places: Vec<[(usize, usize); ROWS]>,
    done: Mask,
    matched: Mask,
}

impl Captures {
    /// Matches a pattern against a text column.
    pub fn new(from: usize, pattern: &Pattern) -> Captures {
        let regex = pattern.regex().clone();
        Captures {
            from,
            groups: regex.capture_locations(),
            places: vec![[(0, 0); ROWS]; regex.captures_len()],
            regex,
            done: 0,
            matched: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        (self.done, self.matched) = (0, 0);
    }

    /// The rows that match, of those that were looked at.
    pub(super) fn matched(&self) -> Mask {
        self.matched
    }

    pub(super) fn ensure(&mut self, batch: &Batch<'_>, rows: Mask) {
        for row in bits(rows & !self.done) {
            let text = batch.text(self.from)[row];
            if self.regex.captures_read(&mut self.groups, text).is_some() {
                self.matched |= 1 << row;
                for (group, places) in self.places.iter_mut().enumerate() {
                    // A group that took no part is empty.
                    places[row] = self.groups.get(group).unwrap_or_default();
                }
            }
        }
        self.done |= rows;
    }

    pub(super) fn get<'a>(&self, batch: &'a Batch<'_>, row: usize, group: usize) -> &'a [u8] {
        let (start, end) = self.places[group][row];
        &batch.text(self.from)[row][start..end]
    }
}
