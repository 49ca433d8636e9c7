//! The workers' tables become one, a partition of the hashes at a time.
//!
//! Partitions share no key, so they can be merged on all cores, and each is
//! ranked and forgotten before the next: no table of all keys is ever built.

use crate::count::Shape;
use crate::count::table::{Row, Table};

/// Rows of a partition, as aimed at: its table then fits a second-level cache.
const ROWS: usize = 8192;

/// The most partitions, so that rank has few to combine.
const MOST_BITS: u32 = 12;

/// Returns how many upper bits of the hash make good partitions.
pub fn bits(tables: &[&Table]) -> u32 {
    let rows: usize = tables.iter().map(|table| table.len()).sum();
    let partitions = rows.div_ceil(ROWS).max(1).next_power_of_two();
    partitions.trailing_zeros().min(MOST_BITS)
}

/// Passes each key of a partition with its total to `visit`.
pub fn partition(
    shape: &Shape,
    tables: &[&Table],
    partition: u32,
    bits: u32,
    mut visit: impl FnMut(Row<'_>),
) {
    // What one worker has counted alone needs no copy.
    if let [table] = tables {
        table.partition(partition, bits).for_each(visit);
        return;
    }
    let mut merged = Table::new(shape.width());
    for table in tables {
        for row in table.partition(partition, bits) {
            shape.merge(merged.values_of(row.tag, row.key), row.values);
        }
    }
    merged.partition(0, 0).for_each(&mut visit);
}
