//! The axis of threads: marked at what was measured, and not at round numbers.

use std::ops::Range;

use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint, Ranged};

/// An axis from 0 that is marked at the numbers of threads.
pub(super) struct Threads {
    end: f64,
    marks: Vec<f64>,
}

impl Threads {
    /// An axis that ends a little behind the largest number of threads.
    pub(super) fn new(threads: &[usize], widest: f64) -> Threads {
        Threads {
            end: widest * 1.06,
            marks: marks(threads, widest),
        }
    }
}

impl Ranged for Threads {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (first, last): (i32, i32)) -> i32 {
        first + (value / self.end * f64::from(last - first)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        self.marks.clone()
    }

    fn range(&self) -> Range<f64> {
        0.0..self.end
    }
}

/// The numbers of threads that have room for a label, from the largest down.
fn marks(threads: &[usize], widest: f64) -> Vec<f64> {
    /// The least distance of two labels, as a share of the axis.
    const ROOM: f64 = 0.045;
    let mut marks: Vec<f64> = Vec::new();
    for threads in threads.iter().rev().map(|&threads| threads as f64) {
        if marks
            .last()
            .is_none_or(|last| last - threads >= ROOM * widest)
        {
            marks.push(threads);
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_do_not_overlap() {
        assert_eq!(marks(&[1, 2, 4, 8], 8.0), [8.0, 4.0, 2.0, 1.0]);
        assert_eq!(
            marks(&[1, 2, 4, 8, 16, 120, 128], 128.0),
            [128.0, 120.0, 16.0, 8.0, 2.0]
        );
    }
}
