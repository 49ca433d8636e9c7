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
    let merged = merged(shape, tables, partition, bits);
    merged.partition(0, 0).for_each(&mut visit);
}

fn merged(shape: &Shape, tables: &[&Table], partition: u32, bits: u32) -> Table {
    let mut merged = Table::new(shape.width());
    for table in tables {
        for row in table.partition(partition, bits) {
            // All tags of a partition begin alike, and their beginning is what
            // a table places them by: left as they are, they would all crowd
            // into one corner of it.
            let tag = row.tag << bits;
            shape.merge(merged.values_of(tag, row.key), row.values);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use ahash::RandomState;

    use super::*;
    use crate::count::Metric;
    use crate::count::table::tag;

    #[test]
    fn partitions_add_up_and_are_spread_well() {
        let hashes = RandomState::with_seeds(1, 2, 3, 4);
        let shape = Shape {
            key: vec![0],
            set: 0,
            metrics: vec![Metric::Hits],
        };
        let mut workers = [Table::new(1), Table::new(1), Table::new(1)];
        for number in 0..200_000u32 {
            let key = (number % 70_000).to_string();
            let table = &mut workers[number as usize % 3];
            table.values_of(tag(&hashes, key.as_bytes()), key.as_bytes())[0] += 1;
        }
        let tables: Vec<_> = workers.iter().collect();
        let bits = bits(&tables);
        assert!(bits > 2, "enough keys for partitions");
        let (mut keys, mut hits) = (0, 0);
        for number in 0..1 << bits {
            let table = merged(&shape, &tables, number, bits);
            // At half load a good hash needs a few dozen at the very most.
            assert!(table.longest_probe() < 64, "{}", table.longest_probe());
            partition(&shape, &tables, number, bits, |row| {
                keys += 1;
                hits += row.values[0];
            });
        }
        assert_eq!((keys, hits), (70_000, 200_000));
    }
}
