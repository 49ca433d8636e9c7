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

/// Look-ups of a run: whole batches.
const LOOK_UPS: usize = 1 << 20;

/// Bytes of a key that looks like a host.
const LENGTH: usize = "pool-0123cdef.telco.example".len();

fn main() {
    divan::main();
}

/// Keys in the order in which they are counted, one behind the other as in a log.
struct Keys {
    text: Vec<u8>,
    tags: Vec<Tag>,
}

impl Keys {
    fn new(numbers: impl Iterator<Item = u64>) -> Keys {
        let hashes = RandomState::with_seeds(1, 2, 3, 4);
        let mut keys = Keys {
            text: Vec::new(),
            tags: Vec::new(),
        };
        for number in numbers {
            let key = format!("pool-{number:08x}.telco.example");
            keys.tags.push(tag(&hashes, key.as_bytes()));
            keys.text.extend_from_slice(key.as_bytes());
        }
        keys
    }

    /// Each of so many keys once.
    fn distinct(count: usize) -> Keys {
        Keys::new(0..count as u64)
    }

    /// So many keys again and again, in an order that no cache foresees.
    fn scattered(count: usize) -> Keys {
        let random = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let numbers = (0..LOOK_UPS as u64).map(random);
        Keys::new(numbers.map(|number| (number * count as u64) >> 32))
    }

    fn texts(&self) -> &[[u8; LENGTH]] {
        self.text.as_chunks().0
    }

    fn iter(&self) -> impl Iterator<Item = (Tag, &[u8])> {
        let texts = self.texts().iter().map(|text| &text[..]);
        self.tags.iter().copied().zip(texts)
    }

    fn table(&self) -> Table {
        let mut table = Table::new(1);
        self.iter().for_each(|(tag, text)| {
            table.entry_of(tag, text);
        });
        table
    }
}

/// What all rows together have been counted.
fn hits(table: &Table) -> u64 {
    let rows = table.partition(0, 0);
    rows.map(|(_, entry)| table.values(entry)[0]).sum()
}

fn look_up(bencher: Bencher<'_, '_>, distinct: usize, count: fn(&mut Table, &Keys)) {
    let (mut table, keys) = (Keys::distinct(distinct).table(), Keys::scattered(distinct));
    let mut runs = 0;
    bencher.counter(ItemsCount::new(LOOK_UPS)).bench_local(|| {
        count(&mut table, &keys);
        runs += 1;
        assert_eq!(table.len(), distinct);
    });
    assert_eq!(hits(&table), runs * LOOK_UPS as u64);
}

#[divan::bench(args = KEYS, sample_count = 20, sample_size = 1)]
fn one_by_one(bencher: Bencher<'_, '_>, distinct: usize) {
    look_up(bencher, distinct, |table, keys| {
        for (tag, text) in keys.iter() {
            let entry = table.entry_of(tag, text);
            table.values_mut(entry)[0] += 1;
        }
    });
}

#[divan::bench(args = KEYS, sample_count = 20, sample_size = 1)]
fn in_batches(bencher: Bencher<'_, '_>, distinct: usize) {
    look_up(bencher, distinct, |table, keys| {
        let batches = keys.tags.chunks(ROWS).zip(keys.texts().chunks(ROWS));
        for (tags, texts) in batches {
            let texts: [&[u8]; ROWS] = std::array::from_fn(|index| &texts[index][..]);
            let mut entries = [Entry::default(); ROWS];
            table.entries_of::<ROWS>(tags, &texts, &mut entries);
            for entry in entries {
                table.values_mut(entry)[0] += 1;
            }
        }
    });
}

#[divan::bench(args = KEYS, sample_count = 20, sample_size = 1)]
fn new_keys(bencher: Bencher<'_, '_>, distinct: usize) {
    let keys = Keys::distinct(distinct);
    bencher.counter(ItemsCount::new(distinct)).bench_local(|| {
        let table = keys.table();
        assert_eq!(table.len(), distinct);
        table
    });
}
