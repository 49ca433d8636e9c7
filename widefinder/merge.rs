//! The workers' tables become one, a partition of the hashes at a time.
//!
//! Partitions share no key, so they can be merged on all cores, and each is
//! ranked and forgotten before the next: no table of all keys is ever built.

use crate::count::gather::Gathered;
use crate::count::table::Table;
use crate::count::{Counted, Shape};

/// Rows of a partition, as aimed at: its table then fits a second-level cache.
const ROWS: usize = 8192;

/// The most partitions, so that rank has few to combine.
const MOST_BITS: u32 = 12;

/// Returns how many upper bits of the hash make good partitions.
pub fn bits(workers: &[&Counted]) -> u32 {
    let rows: usize = workers.iter().map(|worker| worker.table.len()).sum();
    let partitions = rows.div_ceil(ROWS).max(1).next_power_of_two();
    partitions.trailing_zeros().min(MOST_BITS)
}

/// One key and what all workers together have counted for it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'m> {
    /// The key.
    pub key: &'m [u8],
    /// The numbers of the table's measures.
    pub values: &'m [u64],
    workers: &'m [&'m Counted],
    /// For each worker that has the key: its number, and its row.
    origins: &'m [(usize, usize)],
}

impl<'m> Row<'m> {
    /// What the workers have remembered for a gather of the shape.
    pub fn gathered(&self, gather: usize) -> Vec<(&'m Gathered, usize)> {
        let origins = self.origins.iter();
        origins
            .map(|&(worker, row)| (&self.workers[worker].gathered[gather], row))
            .collect()
    }
}

/// Passes each key of a partition with its total to `visit`.
pub fn partition(
    shape: &Shape,
    workers: &[&Counted],
    partition: u32,
    bits: u32,
    mut visit: impl FnMut(&Row<'_>),
) {
    // What one worker has counted alone needs no copy.
    if let [worker] = workers {
        for row in worker.table.partition(partition, bits) {
            visit(&Row {
                key: row.key,
                values: row.values,
                workers,
                origins: &[(0, row.number)],
            });
        }
        return;
    }
    let (merged, origins) = merged(shape, workers, partition, bits);
    for row in merged.partition(0, 0) {
        visit(&Row {
            key: row.key,
            values: row.values,
            workers,
            origins: origins.get(row.number).map_or(&[], Vec::as_slice),
        });
    }
}

/// The sums of a partition, and, if anything else was remembered, where each of
/// its rows comes from.
fn merged(
    shape: &Shape,
    workers: &[&Counted],
    partition: u32,
    bits: u32,
) -> (Table, Vec<Vec<(usize, usize)>>) {
    let mut merged = Table::new(shape.width());
    let mut origins: Vec<Vec<(usize, usize)>> = Vec::new();
    for (worker, counted) in workers.iter().enumerate() {
        for row in counted.table.partition(partition, bits) {
            // All tags of a partition begin alike, and their beginning is what
            // a table places them by: left as they are, they would all crowd
            // into one corner of it.
            let entry = merged.entry_of(row.tag << bits, row.key);
            shape.merge(merged.values_mut(entry), row.values);
            if !shape.gathers.is_empty() {
                origins.resize(merged.len(), Vec::new());
                origins[merged.number(entry)].push((worker, row.number));
            }
        }
    }
    (merged, origins)
}

#[cfg(test)]
mod tests {
    use ahash::RandomState;

    use super::*;
    use crate::count::Measure;
    use crate::count::table::tag;

    #[test]
    fn partitions_add_up_and_are_spread_well() {
        let hashes = RandomState::with_seeds(1, 2, 3, 4);
        let shape = Shape {
            key: Vec::new(),
            set: 0,
            measures: vec![Measure::Hits],
            gathers: Vec::new(),
        };
        let mut workers: Vec<Counted> = Vec::new();
        workers.resize_with(3, || Counted {
            table: Table::new(1),
            gathered: Vec::new(),
        });
        for number in 0..200_000u32 {
            let key = (number % 70_000).to_string();
            let table = &mut workers[number as usize % 3].table;
            let entry = table.entry_of(tag(&hashes, key.as_bytes()), key.as_bytes());
            table.values_mut(entry)[0] += 1;
        }
        let workers: Vec<_> = workers.iter().collect();
        let bits = bits(&workers);
        assert!(bits > 2, "enough keys for partitions");
        let (mut keys, mut hits) = (0, 0);
        for number in 0..1 << bits {
            let (table, _) = merged(&shape, &workers, number, bits);
            // At half load a good hash needs a few dozen at the very most.
            assert!(table.longest_probe() < 64, "{}", table.longest_probe());
            partition(&shape, &workers, number, bits, |row| {
                keys += 1;
                hits += row.values[0];
            });
        }
        assert_eq!((keys, hits), (70_000, 200_000));
    }
}
