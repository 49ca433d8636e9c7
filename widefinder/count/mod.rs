//! What one worker counts: tables of its own, shared with nobody.

pub mod key;
pub mod summary;
pub mod table;

use ahash::RandomState;

use crate::scan::Batch;
use summary::Summary;
use table::{Table, tag};

/// What a table adds up for each key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Metric {
    /// Rows.
    Hits,
    /// A number column, in 128 bits, so that no log can overflow it.
    Sum(usize),
    /// A number column, in 64 bits; a sum that does not fit stays at the
    /// largest number that does.
    SaturatingSum(usize),
}

impl Metric {
    /// How many numbers of a table's row it takes.
    fn width(self) -> usize {
        match self {
            Metric::Hits | Metric::SaturatingSum(_) => 1,
            Metric::Sum(_) => 2,
        }
    }

    /// Its value in the numbers of a row, where it stands at the front.
    fn value(self, values: &[u64]) -> u128 {
        match self {
            Metric::Hits | Metric::SaturatingSum(_) => u128::from(values[0]),
            Metric::Sum(_) => u128::from(values[1]) << 64 | u128::from(values[0]),
        }
    }

    #[inline]
    fn add(self, values: &mut [u64], number: u128) {
        match self {
            Metric::Hits => values[0] += number as u64,
            Metric::SaturatingSum(_) => values[0] = values[0].saturating_add(number as u64),
            Metric::Sum(_) => {
                let sum = self.value(values) + number;
                (values[0], values[1]) = (sum as u64, (sum >> 64) as u64);
            }
        }
    }
}

/// What a table counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shape {
    /// The text columns that make the key.
    pub key: Vec<usize>,
    /// The mask of the rows that count.
    pub set: usize,
    /// What is added up.
    pub metrics: Vec<Metric>,
}

impl Shape {
    /// How many numbers a row has.
    pub fn width(&self) -> usize {
        self.metrics.iter().map(|metric| metric.width()).sum()
    }

    /// Returns the value of the metric with the number `index`.
    pub fn value(&self, index: usize, values: &[u64]) -> u128 {
        self.metrics[index].value(&values[self.place(index)..])
    }

    /// Adds the numbers of one row to those of another.
    pub fn merge(&self, into: &mut [u64], values: &[u64]) {
        for index in 0..self.metrics.len() {
            let value = self.value(index, values);
            let place = self.place(index);
            self.metrics[index].add(&mut into[place..], value);
        }
    }

    fn place(&self, index: usize) -> usize {
        self.metrics[..index].iter().map(|m| m.width()).sum()
    }
}

/// The tables of one scanner and one worker.
#[derive(Clone, Debug)]
pub struct Counter {
    hashes: RandomState,
    tables: Vec<(Shape, Table)>,
    summary: Option<Summary>,
    /// Where a key of several columns is put together.
    scratch: Vec<u8>,
}

impl Counter {
    /// Makes empty tables. Counters that will be merged need the same `hashes`.
    pub fn new(shapes: &[Shape], summary: Option<Summary>, hashes: RandomState) -> Counter {
        let tables = shapes.iter().map(|shape| {
            let table = Table::new(shape.width());
            (shape.clone(), table)
        });
        Counter {
            hashes,
            tables: tables.collect(),
            summary,
            scratch: Vec::new(),
        }
    }

    /// Counts the rows of a batch.
    pub fn count(&mut self, batch: &Batch<'_>) {
        for (shape, table) in &mut self.tables {
            let mut rows = batch.mask(shape.set);
            while rows != 0 {
                let row = rows.trailing_zeros() as usize;
                rows &= rows - 1;
                let key = match shape.key[..] {
                    [column] => batch.text(column)[row],
                    _ => {
                        let parts = shape.key.iter().map(|&column| batch.text(column)[row]);
                        key::join(&mut self.scratch, parts);
                        &self.scratch
                    }
                };
                let values = table.values_of(tag(&self.hashes, key), key);
                let mut place = 0;
                for metric in &shape.metrics {
                    let number = match metric {
                        Metric::Hits => 1,
                        Metric::Sum(column) | Metric::SaturatingSum(column) => {
                            u128::from(batch.number(*column)[row])
                        }
                    };
                    metric.add(&mut values[place..], number);
                    place += metric.width();
                }
            }
        }
        if let Some(summary) = &mut self.summary {
            summary.add(batch);
        }
    }

    /// The tables, in the order of the shapes.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().map(|(_, table)| table)
    }

    /// What was summed up besides.
    pub fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_overflow() {
        let shape = Shape {
            key: vec![0],
            set: 0,
            metrics: vec![Metric::Hits, Metric::Sum(0), Metric::SaturatingSum(0)],
        };
        assert_eq!(shape.width(), 4);
        let mut total = vec![0; 4];
        for _ in 0..3 {
            shape.merge(&mut total, &[1, u64::MAX, 0, u64::MAX - 1]);
        }
        assert_eq!(shape.value(0, &total), 3);
        assert_eq!(shape.value(1, &total), 3 * u128::from(u64::MAX));
        assert_eq!(shape.value(2, &total), u128::from(u64::MAX));
    }
}
