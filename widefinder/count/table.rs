//! A hash table from keys of bytes to rows of numbers, made for counting.
//!
//! Rows lie one behind the other as records: a head, the numbers, the key. So
//! what a count needs of a row lies together, mostly in one line of the cache; a
//! new key costs no allocation of its own, and dropping a table is two calls,
//! not millions. A slot is 8 bytes, 32 bits of the hash and 32 of the record's
//! place; few probes look further. std's map would cost a `Vec` per key.
//!
//! A table larger than the caches answers a look-up after two waits for memory,
//! one for the slot and one for the record. [`Table::entries_of`] looks up many
//! keys at once, so that these waits overlap.
//!
//! The slot of a hash is given by its *upper* bits, and slots that follow each
//! other without a gap are in the order of their hashes (O. Amble and D. Knuth,
//! *Ordered hash tables*, The Computer Journal 17, 1974). So a table is sorted by
//! hash at any time: a merge can read one partition of the hashes without
//! touching the others, and merges tables as sorted lists.

use std::hash::{BuildHasher, Hasher};

use ahash::RandomState;
use bytemuck::{cast_slice, cast_slice_mut};

use super::memory::huge_pages;

/// The hash of a key: the upper half of what the hasher gives.
pub type Tag = u32;

/// Hashes a key. The state is random for each run, since keys are written by
/// strangers.
#[inline]
pub fn tag(state: &RandomState, key: &[u8]) -> Tag {
    let mut hasher = state.build_hasher();
    hasher.write(key);
    (hasher.finish() >> 32) as Tag
}

/// Where a row lies in its table; it never moves.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Entry(u32);

/// Counts by key.
#[derive(Clone, Debug)]
pub struct Table {
    /// `tag << 32 | entry`, or 0. The last is 0, so that each search ends.
    slots: Vec<u64>,
    /// How many slots are homes, a power of two; those behind them take what is
    /// pushed out of the last ones.
    homes: usize,
    /// The records, in words. The first word belongs to none, so that no entry
    /// is 0.
    records: Vec<u64>,
    rows: usize,
    /// Numbers of each row.
    width: usize,
}

/// The number of a row and the length of its key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Head(u64);

/// Homes of an empty table: a page.
const FIRST_HOMES: usize = 512;

/// Bytes of a word.
const WORD: usize = size_of::<u64>();

/// A table is at most 5/8 full, and 5/16 when it has grown: a probe then looks at
/// two slots, which share a line of the cache.
const FULL: (usize, usize) = (5, 8);

impl Table {
    /// Makes an empty table with `width` numbers a row.
    pub fn new(width: usize) -> Table {
        Table {
            slots: vec![0; FIRST_HOMES + 1],
            homes: FIRST_HOMES,
            records: vec![0],
            rows: 0,
            width,
        }
    }

    /// The number of distinct keys.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Returns the row of `key`, which is made, with numbers that are all 0, if
    /// it is new.
    ///
    /// # Panics
    ///
    /// When the records would be larger than 32 GiB, or a key than 4 GiB.
    #[inline]
    pub fn entry_of(&mut self, tag: Tag, key: &[u8]) -> Entry {
        let mut place = self.home(tag);
        loop {
            let slot = self.slots[place];
            let (other, entry) = ((slot >> 32) as Tag, Entry(slot as u32));
            if slot == 0 || other > tag {
                return self.insert(place, tag, key);
            }
            if other == tag && self.key(entry) == key {
                return entry;
            }
            place += 1;
        }
    }

    /// Does for each key what [`Table::entry_of`] does, in less time where the
    /// table is large; at most `MANY` keys.
    ///
    /// # Panics
    ///
    /// As [`Table::entry_of`], and when the slices differ in length or are longer
    /// than `MANY`.
    #[inline]
    pub fn entries_of<const MANY: usize>(
        &mut self,
        tags: &[Tag],
        keys: &[&[u8]],
        entries: &mut [Entry],
    ) {
        assert_eq!((tags.len(), entries.len()), (keys.len(), keys.len()));
        let mut slots = [0; MANY];
        let mut heads = [Head::default(); MANY];
        let slots = &mut slots[..keys.len()];
        let heads = &mut heads[..keys.len()];
        // Nothing in these loops waits for what it reads, so that the reads of
        // all keys are under way together.
        for (slot, &tag) in slots.iter_mut().zip(tags) {
            *slot = self.slots[self.home(tag)];
        }
        for (head, &slot) in heads.iter_mut().zip(&*slots) {
            *head = self.head(Entry(slot as u32));
        }
        for (index, (&key, &tag)) in keys.iter().zip(tags).enumerate() {
            let (slot, entry) = (slots[index], Entry(slots[index] as u32));
            let found =
                slot != 0 && (slot >> 32) as Tag == tag && self.key_of(entry, heads[index]) == key;
            entries[index] = match found {
                true => entry,
                false => self.entry_of(tag, key),
            };
        }
    }

    /// The number of a row: rows are numbered from 0 in the order in which their
    /// keys came.
    #[inline]
    pub fn number(&self, entry: Entry) -> usize {
        self.head(entry).number()
    }

    /// The key of a row.
    #[inline]
    pub fn key(&self, entry: Entry) -> &[u8] {
        self.key_of(entry, self.head(entry))
    }

    /// The numbers of a row.
    #[inline]
    pub fn values(&self, entry: Entry) -> &[u64] {
        &self.records[entry.0 as usize + 1..][..self.width]
    }

    /// The numbers of a row.
    #[inline]
    pub fn values_mut(&mut self, entry: Entry) -> &mut [u64] {
        &mut self.records[entry.0 as usize + 1..][..self.width]
    }

    /// Removes all keys, and keeps the memory for the next.
    pub fn clear(&mut self) {
        self.slots.fill(0);
        self.records.truncate(1);
        self.rows = 0;
    }

    /// Iterates over the rows whose tags have `partition` in their `bits` upper
    /// bits, in the order of their tags; `bits` is at most 32, and `partition` has
    /// no more than these.
    pub fn partition(&self, partition: u32, bits: u32) -> impl Iterator<Item = (Tag, Entry)> {
        let first = u64::from(partition) << (32 - bits);
        let last = (first + (1u64 << (32 - bits)) - 1) as Tag;
        let first = first as Tag;
        let (start, end) = (self.home(first), self.home(last) + 1);
        // Some of the partition before may have been pushed into this one, and
        // some of this one into the next; and a home may belong to several.
        let pushed = self.slots[end..].iter();
        let pushed = pushed.take_while(move |&&slot| slot != 0 && (slot >> 32) as Tag <= last);
        let slots = self.slots[start..end].iter().chain(pushed);
        slots
            .map(|&slot| ((slot >> 32) as Tag, Entry(slot as u32)))
            .filter(move |&(tag, entry)| entry != Entry(0) && (first..=last).contains(&tag))
    }

    /// What can be told of a row without its key.
    #[inline]
    pub fn head(&self, entry: Entry) -> Head {
        Head(self.records[entry.0 as usize])
    }

    /// The key of a row with this head.
    #[inline]
    pub fn key_of(&self, entry: Entry, head: Head) -> &[u8] {
        let words = &self.records[entry.0 as usize + 1 + self.width..];
        &cast_slice(words)[..head.length()]
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
            place - home
        };
        taken.map(probe).max().unwrap_or(0)
    }

    #[inline]
    fn home(&self, tag: Tag) -> usize {
        ((u64::from(tag) * self.homes as u64) >> 32) as usize
    }

    #[cold]
    fn insert(&mut self, place: usize, tag: Tag, key: &[u8]) -> Entry {
        let start = self.records.len();
        let length = u32::try_from(key.len()).expect("a key is shorter than 4 GiB");
        let entry = u32::try_from(start).expect("the keys of a table take less than 32 GiB");
        let end = start + 1 + self.width + key.len().div_ceil(WORD);
        self.reserve(end - start);
        self.records.resize(end, 0);
        self.records[start] = Head::new(self.rows, length).0;
        let words = &mut self.records[start + 1 + self.width..];
        cast_slice_mut(words)[..key.len()].copy_from_slice(key);
        self.put(place, u64::from(tag) << 32 | u64::from(entry));
        self.rows += 1;
        if FULL.1 * self.rows > FULL.0 * self.homes {
            self.grow();
        }
        Entry(entry)
    }

    /// Makes room for so many words.
    fn reserve(&mut self, words: usize) {
        if self.records.capacity() - self.records.len() < words {
            self.records.reserve(words);
            huge_pages(&mut self.records);
        }
    }

    /// Puts a slot in its place, and pushes on what follows without a gap.
    fn put(&mut self, place: usize, slot: u64) {
        let mut pushed = slot;
        let mut place = place;
        while pushed != 0 {
            std::mem::swap(&mut self.slots[place], &mut pushed);
            place += 1;
        }
        if place == self.slots.len() {
            self.slots.push(0);
        }
    }

    fn grow(&mut self) {
        self.homes *= 2;
        let mut larger = vec![0; self.homes + 1];
        huge_pages(&mut larger);
        // They come in the order of their hashes, and so they go.
        let mut place = 0;
        for slot in std::mem::replace(&mut self.slots, larger) {
            if slot == 0 {
                continue;
            }
            place = self.home((slot >> 32) as Tag).max(place);
            if place + 1 == self.slots.len() {
                self.slots.push(0);
            }
            self.slots[place] = slot;
            place += 1;
        }
    }
}

impl Head {
    fn new(number: usize, length: u32) -> Head {
        Head((number as u64) << 32 | u64::from(length))
    }

    /// The number of the row.
    #[inline]
    pub fn number(self) -> usize {
        (self.0 >> 32) as usize
    }

    /// The length of the key in bytes.
    #[inline]
    pub fn length(self) -> usize {
        self.0 as u32 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Adds 1 to each key with a tag of the test's choice, one by one or many at
    /// once.
    fn count(keys: &[(Tag, Vec<u8>)], many: bool) -> (Table, BTreeMap<Vec<u8>, u64>) {
        const MANY: usize = 32;
        let (mut table, mut model) = (Table::new(2), BTreeMap::new());
        for batch in keys.chunks(if many { MANY } else { 1 }) {
            let tags: Vec<_> = batch.iter().map(|(tag, _)| *tag).collect();
            let keys: Vec<_> = batch.iter().map(|(_, key)| key.as_slice()).collect();
            let mut entries = vec![Entry::default(); batch.len()];
            match many {
                true => table.entries_of::<MANY>(&tags, &keys, &mut entries),
                false => entries[0] = table.entry_of(tags[0], keys[0]),
            }
            for (entry, (tag, key)) in entries.into_iter().zip(batch) {
                let values = table.values_mut(entry);
                values[0] += 1;
                values[1] = u64::from(*tag);
                *model.entry(key.clone()).or_default() += 1;
            }
        }
        (table, model)
    }

    fn partitioned(table: &Table, bits: u32) -> Vec<(Vec<u8>, u64)> {
        let rows = (0..1 << bits).flat_map(|partition| {
            table.partition(partition, bits).map(move |(tag, entry)| {
                assert_eq!(u64::from(tag) >> (32 - bits), u64::from(partition));
                assert_eq!(table.values(entry)[1], u64::from(tag));
                (tag, entry)
            })
        });
        let rows: Vec<_> = rows.collect();
        assert!(rows.is_sorted_by_key(|(tag, _)| *tag));
        let row = |&(_, entry)| (table.key(entry).to_vec(), table.values(entry)[0]);
        let mut rows: Vec<_> = rows.iter().map(row).collect();
        rows.sort();
        rows
    }

    proptest! {
        /// Tags that collide, at both ends of the table as well.
        #[test]
        fn partitions_hold_each_row_once(
            keys in proptest::collection::vec((0u32..40, 0u32..4), 0..600),
            bits in 0u32..=14,
            many: bool,
        ) {
            let tags = |(key, end): (u32, u32)| {
                let tag = match end {
                    0 => key / 8,
                    1 => u32::MAX - key / 8,
                    // Some of these share a home and no partition.
                    2 => key << 18,
                    _ => key.wrapping_mul(0x9e37_79b9),
                };
                (tag, format!("{end}:{key}").into_bytes())
            };
            let keys: Vec<_> = keys.into_iter().map(tags).collect();
            let (table, model) = count(&keys, many);
            prop_assert_eq!(table.len(), model.len());
            prop_assert_eq!(partitioned(&table, bits), model.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_row_takes_less_than_64_bytes_and_its_key() {
        let mut table = Table::new(2);
        let state = RandomState::with_seeds(1, 2, 3, 4);
        let mut keys = 0;
        for number in 0..100_000 {
            let key = format!("{number:07}");
            keys += key.len();
            table.entry_of(tag(&state, key.as_bytes()), key.as_bytes());
            let bytes = (table.slots.len() + table.records.len()) * WORD;
            let rows = table.len();
            assert!(rows < 1000 || bytes - keys < 64 * rows, "{bytes} of {rows}");
        }
    }

    #[test]
    fn a_table_grows() {
        let state = RandomState::with_seeds(1, 2, 3, 4);
        let keys = (0..100_000u32).map(|n| (n % 30_000).to_string().into_bytes());
        let keys: Vec<_> = keys.map(|key| (tag(&state, &key), key)).collect();
        for many in [false, true] {
            let (table, model) = count(&keys, many);
            assert_eq!(table.len(), 30_000);
            for bits in [0, 3, 12] {
                assert_eq!(partitioned(&table, bits), Vec::from_iter(model.clone()));
            }
        }
    }
}
