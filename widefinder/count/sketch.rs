//! Percentiles of many numbers, about, in little memory: DDSketch.
//!
//! Numbers are counted in bins whose borders grow by a constant factor, so that
//! a percentile is within a known share of the exact one, and the outcome does
//! not depend on the order of the numbers.
//!
//! Source: Masson, Rim, Lee, *DDSketch: a fast and fully-mergeable quantile
//! sketch with relative-error guarantees* (2019).

use std::fmt;

use sketches_ddsketch::{Config, DDSketch};

use super::gather::nearest_rank;
use crate::ask::metric::Percent;

/// The most that a percentile is off, relative to the exact one.
pub const SKETCH_ERROR: f64 = 0.01;

/// The most that a bin's middle is off from what is in it. With bins as narrow
/// as this, numbers below 100 have one each and are exact when rounded; above,
/// rounding adds at most half of a hundredth.
const BIN_ERROR: f64 = 0.004;

/// Numbers, about.
#[derive(Clone)]
pub struct Sketch(DDSketch);

impl Default for Sketch {
    fn default() -> Sketch {
        /// As many as the logarithms of all numbers of 64 bits need.
        const BINS: u32 = 5600;
        /// Less than the smallest number but 0.
        const LEAST: f64 = 0.5;
        Sketch(DDSketch::new(Config::new(BIN_ERROR, BINS, LEAST)))
    }
}

impl Sketch {
    /// Adds a number.
    pub fn add(&mut self, number: u64) {
        self.0.add(number as f64);
    }

    /// Adds all numbers of another sketch.
    pub fn merge(&mut self, other: &Sketch) {
        let merged = self.0.merge(&other.0);
        merged.expect("all sketches are configured alike");
    }

    /// A percentile by nearest rank; `None` without numbers.
    pub fn percentile(&self, percent: Percent) -> Option<u64> {
        let count = self.0.count() as u64;
        let index = nearest_rank(count, percent)?;
        // The sketch rounds `quantile * (count - 1)` down to an index.
        let quantile = if index + 1 == count {
            1.0
        } else {
            (index as f64 + 0.5) / (count - 1) as f64
        };
        let value = self.0.quantile(quantile).ok().flatten()?;
        Some(value.round() as u64)
    }
}

impl fmt::Debug for Sketch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sketch({} numbers)", self.0.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_holds_for_all_numbers() {
        let mut sketch = Sketch::default();
        let numbers = [0, 1, 2, 3, 1 << 32, u64::MAX];
        numbers.iter().for_each(|&number| sketch.add(number));
        for (rank, &number) in (1..).zip(&numbers) {
            let percent = Percent(100_000 * rank / numbers.len() as u32);
            let found = sketch.percentile(percent).unwrap();
            let off = found.abs_diff(number) as f64;
            assert!(
                off <= SKETCH_ERROR * number as f64 + 0.5,
                "{found} {number}"
            );
        }
    }
}
