//! A hash table from keys of bytes to rows of numbers, made for counting.
//!
//! Keys lie in one arena and values in one vector, so that a new key costs no
//! allocation of its own and dropping a table is a few calls, not millions. A
//! slot is 8 bytes, 32 bits of the hash and 32 of the row; few probes look
//! further. std's map would cost a `Vec` per key and twice the memory.
//!
//! The slot of a hash is given by its *upper* bits. So all keys of a hash
//! partition lie side by side, and a merge can read one partition without
//! touching the others.

use ahash::RandomState;

/// The hash of a key: the upper half of what the hasher gives.
pub type Tag = u32;

/// Hashes a key. The state is random for each run, since keys are written by
/// strangers.
#[inline]
pub fn tag(state: &RandomState, key: &[u8]) -> Tag {
    (state.hash_one(key) >> 32) as Tag
}

/// Counts by key.
#[derive(Clone, Debug)]
pub struct Table {
    /// `tag << 32 | row + 1`, or 0. A power of two of them.
    slots: Vec<u64>,
    /// Where the key of each row ends in `keys`.
    ends: Vec<usize>,
    keys: Vec<u8>,
    /// `width` numbers for each row.
    values: Vec<u64>,
    width: usize,
}

/// One row of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row<'t> {
    /// The hash of the key.
    pub tag: Tag,
    /// Its number in its table.
    pub number: usize,
    /// The key.
    pub key: &'t [u8],
    /// The numbers.
    pub values: &'t [u64],
}

/// Slots of an empty table: a page.
const FIRST_SLOTS: usize = 512;

/// With this many rows there are 2^32 slots, and a tag names no more.
const MOST_ROWS: usize = 1 << 31;

impl Table {
    /// Makes an empty table with `width` numbers a row.
    pub fn new(width: usize) -> Table {
        Table {
            slots: vec![0; FIRST_SLOTS],
            ends: Vec::new(),
            keys: Vec::new(),
            values: Vec::new(),
            width,
        }
    }

    /// The number of distinct keys.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Returns the numbers of `key`, which are all 0 when it is new.
    ///
    /// # Panics
    ///
    /// When the table would hold more than 2^31 keys.
    #[inline]
    pub fn values_of(&mut self, tag: Tag, key: &[u8]) -> &mut [u64] {
        let row = self.row_of(tag, key);
        self.values_mut(row)
    }

    /// Returns the number of the row of `key`, which is made if it is new. Rows
    /// are numbered from 0 in the order in which their keys came.
    ///
    /// # Panics
    ///
    /// When the table would hold more than 2^31 keys.
    #[inline]
    pub fn row_of(&mut self, tag: Tag, key: &[u8]) -> usize {
        let mask = self.slots.len() - 1;
        let mut place = self.home(tag);
        loop {
            let slot = self.slots[place];
            if slot == 0 {
                return self.insert(place, tag, key);
            }
            let row = (slot as u32 - 1) as usize;
            if (slot >> 32) as Tag == tag && self.key(row) == key {
                return row;
            }
            place = (place + 1) & mask;
        }
    }

    /// The key of a row.
    #[inline]
    pub fn key(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.keys[start..self.ends[row]]
    }

    /// The numbers of a row.
    #[inline]
    pub fn values(&self, row: usize) -> &[u64] {
        &self.values[row * self.width..][..self.width]
    }

    /// The numbers of a row.
    #[inline]
    pub fn values_mut(&mut self, row: usize) -> &mut [u64] {
        &mut self.values[row * self.width..][..self.width]
    }

    /// Removes all keys, and keeps the memory for the next.
    pub fn clear(&mut self) {
        self.slots.fill(0);
        self.ends.clear();
        self.keys.clear();
        self.values.clear();
    }

    /// Iterates over the rows whose tags have `partition` in their `bits` upper
    /// bits; `bits` is at most 32, and `partition` has no more than these.
    pub fn partition(&self, partition: u32, bits: u32) -> impl Iterator<Item = Row<'_>> {
        let first = u64::from(partition) << (32 - bits);
        let last = first + (1u64 << (32 - bits)) - 1;
        let (first, last) = (self.home(first as Tag), self.home(last as Tag));
        let mask = self.slots.len() - 1;
        // Keys that found their own slot taken stand further on, without a gap,
        // perhaps around the end of the table.
        let displaced = (last + 1..first + self.slots.len())
            .map(move |slot| self.slots[slot & mask])
            .take_while(|&slot| slot != 0);
        self.slots[first..=last]
            .iter()
            .copied()
            .filter(|&slot| slot != 0)
            .chain(displaced)
            .filter(move |slot| (slot >> 32) >> (32 - bits) == u64::from(partition))
            .map(|slot| self.row(slot))
    }

    /// The most slots that a look-up of a key passes.
    #[cfg(test)]
    pub(crate) fn longest_probe(&self) -> usize {
        let taken = self
            .slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| **slot != 0);
        let probe = |(place, slot): (usize, &u64)| {
            let home = self.home((slot >> 32) as Tag);
            place.wrapping_sub(home) & (self.slots.len() - 1)
        };
        taken.map(probe).max().unwrap_or(0)
    }

    fn home(&self, tag: Tag) -> usize {
        ((u64::from(tag) * self.slots.len() as u64) >> 32) as usize
    }

    #[cold]
    fn insert(&mut self, place: usize, tag: Tag, key: &[u8]) -> usize {
        let row = self.ends.len();
        assert!(row < MOST_ROWS, "more than {MOST_ROWS} distinct keys");
        self.slots[place] = u64::from(tag) << 32 | (row as u64 + 1);
        self.keys.extend_from_slice(key);
        self.ends.push(self.keys.len());
        self.values.resize(self.values.len() + self.width, 0);
        // At most half full: a probe then looks at one and a half slots.
        if 2 * self.ends.len() > self.slots.len() {
            self.grow();
        }
        row
    }

    fn grow(&mut self) {
        let larger = vec![0; 2 * self.slots.len()];
        let mask = larger.len() - 1;
        for slot in std::mem::replace(&mut self.slots, larger) {
            if slot == 0 {
                continue;
            }
            let mut place = self.home((slot >> 32) as Tag);
            while self.slots[place] != 0 {
                place = (place + 1) & mask;
            }
            self.slots[place] = slot;
        }
    }

    fn row(&self, slot: u64) -> Row<'_> {
        let row = (slot as u32 - 1) as usize;
        Row {
            tag: (slot >> 32) as Tag,
            number: row,
            key: self.key(row),
            values: self.values(row),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Adds 1 to each key with a tag of the test's choice.
    fn count(keys: &[(Tag, Vec<u8>)]) -> (Table, BTreeMap<Vec<u8>, u64>) {
        let (mut table, mut model) = (Table::new(2), BTreeMap::new());
        for (tag, key) in keys {
            let values = table.values_of(*tag, key);
            values[0] += 1;
            values[1] = u64::from(*tag);
            *model.entry(key.clone()).or_default() += 1;
        }
        (table, model)
    }

    fn partitioned(table: &Table, bits: u32) -> Vec<(Vec<u8>, u64)> {
        let rows = (0..1 << bits).flat_map(|partition| {
            let rows = table.partition(partition, bits);
            rows.inspect(move |row| {
                assert_eq!(u64::from(row.tag) >> (32 - bits), u64::from(partition));
                assert_eq!(row.values[1], u64::from(row.tag));
            })
        });
        let mut rows: Vec<_> = rows.map(|row| (row.key.to_vec(), row.values[0])).collect();
        rows.sort();
        rows
    }

    proptest! {
        /// Tags that collide, at both ends of the table as well.
        #[test]
        fn partitions_hold_each_row_once(
            keys in proptest::collection::vec((0u32..40, 0u32..3), 0..600),
            bits in 0u32..=8,
        ) {
            let tags = |(key, end): (u32, u32)| {
                let tag = match end {
                    0 => key / 8,
                    1 => u32::MAX - key / 8,
                    _ => key.wrapping_mul(0x9e37_79b9),
                };
                (tag, format!("{end}:{key}").into_bytes())
            };
            let keys: Vec<_> = keys.into_iter().map(tags).collect();
            let (table, model) = count(&keys);
            prop_assert_eq!(table.len(), model.len());
            prop_assert_eq!(partitioned(&table, bits), model.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_table_grows() {
        let state = RandomState::with_seeds(1, 2, 3, 4);
        let keys = (0..100_000u32).map(|n| (n % 30_000).to_string().into_bytes());
        let keys: Vec<_> = keys.map(|key| (tag(&state, &key), key)).collect();
        let (table, model) = count(&keys);
        assert_eq!(table.len(), 30_000);
        for bits in [0, 3, 12] {
            assert_eq!(partitioned(&table, bits), Vec::from_iter(model.clone()));
        }
    }
}
