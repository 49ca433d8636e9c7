//! The workers' tables become one, a partition of the hashes at a time.
//!
//! Partitions share no key, so they can be merged on all cores, and each is
//! ranked and forgotten before the next: no table of all keys is ever built.

use crate::count::gather::Gathered;
use crate::count::table::{Entry, Head, Tag};
use crate::count::{Counted, Shape};

/// Rows of a partition, as aimed at: what is read of them then fits a
/// second-level cache.
const ROWS: usize = 4096;

/// The most partitions: each is a look into the table of every worker.
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
    /// A row of each worker that has the key.
    parts: &'m [Part],
}

/// A row of one worker.
#[derive(Clone, Copy, Debug)]
struct Part {
    tag: Tag,
    worker: u32,
    entry: Entry,
    head: Head,
}

impl<'m> Row<'m> {
    /// What the workers have remembered for a gather of the shape.
    pub fn gathered(&self, gather: usize) -> Vec<(&'m Gathered, usize)> {
        let gathered = |part: &Part| {
            let worker = self.workers[part.worker as usize];
            (&worker.gathered[gather], part.head.number())
        };
        self.parts.iter().map(gathered).collect()
    }
}

impl Part {
    fn key<'m>(&self, workers: &[&'m Counted]) -> &'m [u8] {
        let table = &workers[self.worker as usize].table;
        table.key_of(self.entry, self.head)
    }

    fn values<'m>(&self, workers: &[&'m Counted]) -> &'m [u64] {
        workers[self.worker as usize].table.values(self.entry)
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
    let mut sums = vec![0; shape.width()];
    let mut parts = parts(workers, partition, bits);
    for same_hash in parts.chunk_by_mut(|a, b| a.tag == b.tag) {
        // Nearly always one key; each worker has it once.
        same_hash.sort_by_key(|part| part.key(workers));
        for parts in same_hash.chunk_by(|a, b| a.key(workers) == b.key(workers)) {
            let values = match parts {
                // What one worker has counted alone needs no sum.
                [part] => part.values(workers),
                _ => {
                    sums.fill(0);
                    let values = parts.iter().map(|part| part.values(workers));
                    values.for_each(|values| shape.merge(&mut sums, values));
                    &sums
                }
            };
            visit(&Row {
                key: parts[0].key(workers),
                values,
                workers,
                parts,
            });
        }
    }
}

/// The rows of all workers, by their hashes.
fn parts(workers: &[&Counted], partition: u32, bits: u32) -> Vec<Part> {
    let mut parts = Vec::new();
    for (worker, counted) in workers.iter().enumerate() {
        let rows = counted.table.partition(partition, bits);
        // The heads are read here, where no read waits for another.
        parts.extend(rows.map(|(tag, entry)| Part {
            tag,
            worker: worker as u32,
            entry,
            head: counted.table.head(entry),
        }));
    }
    // Each worker's rows are in order already, and are merged as sorted lists.
    parts.sort_by_key(|part| part.tag);
    parts
}

#[cfg(test)]
mod tests {
    use ahash::RandomState;

    use super::*;
    use crate::count::Measure;
    use crate::count::table::{Table, tag};

    #[test]
    fn partitions_add_up() {
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
        for worker in &workers {
            // At half load a good hash needs a few dozen at the very most.
            let probe = worker.table.longest_probe();
            assert!(probe < 64, "{probe}");
        }
        for number in 0..1 << bits {
            partition(&shape, &workers, number, bits, |row| {
                keys += 1;
                hits += row.values[0];
            });
        }
        assert_eq!((keys, hits), (70_000, 200_000));
    }
}
