//! Keys into a table that has them all, one by one and in batches as counting
//! does; and into a table that has none of them.
//!
//! `cargo bench --bench count`. Every run asserts what the table then holds.

use ahash::RandomState;
use divan::Bencher;
use divan::counter::ItemsCount;
use widefinder::count::table::{Entry, Table, Tag, tag};
use widefinder::scan::batch::ROWS;

/// Distinct keys: a table in the first cache, one about as large as the second,
/// and one that no cache holds.
const KEYS: [usize; 3] = [1_000, 25_000, 700_000];

/// Look-ups of a run.
const LOOK_UPS: usize = 1 << 20;

fn main() {
    divan::main();
}

/// Keys that look like hosts, and their hashes.
struct Keys {
    texts: Vec<String>,
    tags: Vec<Tag>,
}

impl Keys {
    fn new(distinct: usize) -> Keys {
        let hashes = RandomState::with_seeds(1, 2, 3, 4);
        let texts = (0..distinct).map(|number| format!("pool-{number:08x}.telco.example"));
        let texts: Vec<_> = texts.collect();
        let tags = texts.iter().map(|text| tag(&hashes, text.as_bytes()));
        Keys {
            tags: tags.collect(),
            texts,
        }
    }

    fn table(&self) -> Table {
        let mut table = Table::new(1);
        for (text, &tag) in self.texts.iter().zip(&self.tags) {
            table.entry_of(tag, text.as_bytes());
        }
        table
    }

    /// The numbers of the keys that are looked up, in an order that no cache
    /// foresees.
    fn look_ups(&self) -> Vec<usize> {
        let scattered = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let distinct = self.texts.len() as u64;
        let numbers = (0..LOOK_UPS as u64).map(|number| (scattered(number) * distinct) >> 32);
        numbers.map(|number| number as usize).collect()
    }
}

/// What all rows together have been counted.
fn hits(table: &Table) -> u64 {
    let rows = table.partition(0, 0);
    rows.map(|(_, entry)| table.values(entry)[0]).sum()
}

fn look_up(bencher: Bencher<'_, '_>, distinct: usize, count: fn(&mut Table, &Keys, &[usize])) {
    let keys = Keys::new(distinct);
    let (mut table, look_ups) = (keys.table(), keys.look_ups());
    let mut runs = 0;
    bencher.counter(ItemsCount::new(LOOK_UPS)).bench_local(|| {
        count(&mut table, &keys, &look_ups);
        runs += 1;
        assert_eq!(table.len(), distinct);
    });
    assert_eq!(hits(&table), runs * LOOK_UPS as u64);
}

#[divan::bench(args = KEYS, sample_count = 20, sample_size = 1)]
fn one_by_one(bencher: Bencher<'_, '_>, distinct: usize) {
    look_up(bencher, distinct, |table, keys, look_ups| {
        for &number in look_ups {
            let entry = table.entry_of(keys.tags[number], keys.texts[number].as_bytes());
            table.values_mut(entry)[0] += 1;
        }
    });
}

#[divan::bench(args = KEYS, sample_count = 20, sample_size = 1)]
fn in_batches(bencher: Bencher<'_, '_>, distinct: usize) {
    look_up(bencher, distinct, |table, keys, look_ups| {
        let (batches, rest) = look_ups.as_chunks::<ROWS>();
        assert!(rest.is_empty(), "whole batches");
        for numbers in batches {
            let tags = numbers.map(|number| keys.tags[number]);
            let texts = numbers.map(|number| keys.texts[number].as_bytes());
            let mut entries = [Entry::default(); ROWS];
            table.entries_of::<ROWS>(&tags, &texts, &mut entries);
            for entry in entries {
                table.values_mut(entry)[0] += 1;
            }
        }
    });
}

#[divan::bench(args = KEYS, sample_count = 20, sample_size = 1)]
fn new_keys(bencher: Bencher<'_, '_>, distinct: usize) {
    let keys = Keys::new(distinct);
    bencher.counter(ItemsCount::new(distinct)).bench_local(|| {
        let table = keys.table();
        assert_eq!(table.len(), distinct);
        table
    });
}
