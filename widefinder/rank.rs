//! The top of a table, without sorting what will not be shown.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// The rows that come first, and what there is besides them.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Rows to keep; 0 means all.
    limit: usize,
    /// Keys that took part.
    pub distinct: u64,
    /// The sum over all of them.
    pub total: u128,
    /// The worst kept row on top.
    heap: BinaryHeap<Reverse<RankedRow>>,
}

/// One row of the answer. Greater means that it comes first: by value, and for
/// equal values by the key, ascending.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RankedRow {
    /// What the order goes by.
    pub value: u128,
    /// The key, joined if it has several parts.
    pub key: Vec<u8>,
}

impl Ord for RankedRow {
    fn cmp(&self, other: &RankedRow) -> Ordering {
        self.compare(other.value, &other.key)
    }
}

impl PartialOrd for RankedRow {
    fn partial_cmp(&self, other: &RankedRow) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl RankedRow {
    fn compare(&self, value: u128, key: &[u8]) -> Ordering {
        self.value
            .cmp(&value)
            .then_with(|| key.cmp(self.key.as_slice()))
    }
}

impl Ranked {
    /// Starts without rows, to keep `limit` of them; 0 means all.
    pub fn new(limit: usize) -> Ranked {
        Ranked {
            limit,
            distinct: 0,
            total: 0,
            heap: BinaryHeap::new(),
        }
    }

    /// Adds a key that was not added before.
    #[inline]
    pub fn add(&mut self, value: u128, key: &[u8]) {
        self.distinct += 1;
        self.total += value;
        if self.wants(value, key) {
            self.keep(RankedRow {
                value,
                key: key.to_vec(),
            });
        }
    }

    /// Adds all keys of another ranking, none of which was added before.
    pub fn merge(&mut self, other: Ranked) {
        self.distinct += other.distinct;
        self.total += other.total;
        for Reverse(row) in other.heap {
            if self.wants(row.value, &row.key) {
                self.keep(row);
            }
        }
    }

    /// The rows, first to last.
    pub fn into_rows(self) -> Vec<RankedRow> {
        let rows = self.heap.into_sorted_vec();
        rows.into_iter().map(|Reverse(row)| row).collect()
    }

    #[inline]
    fn wants(&self, value: u128, key: &[u8]) -> bool {
        match self.heap.peek() {
            Some(Reverse(worst)) if self.limit > 0 && self.heap.len() == self.limit => {
                worst.compare(value, key) == Ordering::Less
            }
            _ => true,
        }
    }

    fn keep(&mut self, row: RankedRow) {
        self.heap.push(Reverse(row));
        if self.limit > 0 && self.heap.len() > self.limit {
            self.heap.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However the keys are spread over rankings, the top is that of a sort.
        #[test]
        fn the_top_is_that_of_a_sort(
            rows in proptest::collection::btree_map("[a-c]{0,3}", 0u128..5, 0..40),
            limit in 0usize..12,
            parts in 1usize..5,
        ) {
            let mut ranked = Ranked::new(limit);
            let mut others = vec![Ranked::new(limit); parts];
            for (index, (key, value)) in rows.iter().enumerate() {
                others[index % parts].add(*value, key.as_bytes());
            }
            for other in others {
                ranked.merge(other);
            }
            prop_assert_eq!(ranked.distinct, rows.len() as u64);
            prop_assert_eq!(ranked.total, rows.values().sum::<u128>());
            let mut sorted: Vec<_> = rows.into_iter().collect();
            sorted.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
            if limit > 0 {
                sorted.truncate(limit);
            }
            let top = ranked.into_rows().into_iter();
            let top: Vec<_> = top
                .map(|row| (String::from_utf8(row.key).unwrap(), row.value))
                .collect();
            prop_assert_eq!(top, sorted);
        }
    }
}
