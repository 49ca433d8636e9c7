//! The tables of many workers into one, partition by partition on one thread: so
//! what is measured is the work, whoever does it.
//!
//! `cargo bench --bench merge`. The workers' tables together have the same
//! number of rows, however many workers there are. Every run asserts the keys
//! and the hits.

use ahash::RandomState;
use divan::Bencher;
use divan::counter::ItemsCount;
use widefinder::count::table::{Table, tag};
use widefinder::count::{Counted, Measure, Shape};
use widefinder::merge;

const WORKERS: [usize; 3] = [2, 8, 64];

/// Rows of all tables together: what no cache holds.
const ROWS: usize = 1 << 20;

fn main() {
    divan::main();
}

/// Tables of `workers`, each key in `copies` of them, with one hit a row.
fn tables(workers: usize, copies: usize) -> Vec<Counted> {
    let hashes = RandomState::with_seeds(1, 2, 3, 4);
    let mut tables: Vec<_> = (0..workers).map(|_| Table::new(1)).collect();
    for number in 0..ROWS / copies {
        let key = format!("pool-{number:08x}.telco.example");
        let tag = tag(&hashes, key.as_bytes());
        for copy in 0..copies {
            let table = &mut tables[(number + copy) % workers];
            let entry = table.entry_of(tag, key.as_bytes());
            table.values_mut(entry)[0] = 1;
        }
    }
    let counted = tables.into_iter().map(|table| Counted {
        table,
        gathered: Vec::new(),
    });
    counted.collect()
}

fn merge(bencher: Bencher<'_, '_>, workers: usize, copies: usize) {
    let shape = Shape {
        key: Vec::new(),
        set: 0,
        measures: vec![Measure::Hits],
        gathers: Vec::new(),
    };
    let tables = tables(workers, copies);
    let tables: Vec<_> = tables.iter().collect();
    let bits = merge::bits(&tables);
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| {
        let (mut keys, mut hits) = (0, 0);
        for partition in 0..1 << bits {
            merge::partition(&shape, &tables, partition, bits, |row| {
                keys += 1;
                hits += row.values[0];
            });
        }
        assert_eq!((keys, hits), (ROWS / copies, ROWS as u64));
    });
}

/// Each key is known to one worker only: the tail of a table.
#[divan::bench(args = WORKERS, sample_count = 20, sample_size = 1)]
fn keys_of_one_worker(bencher: Bencher<'_, '_>, workers: usize) {
    merge(bencher, workers, 1);
}

/// Each key is known to all: the head of a table.
#[divan::bench(args = WORKERS, sample_count = 20, sample_size = 1)]
fn keys_of_all_workers(bencher: Bencher<'_, '_>, workers: usize) {
    merge(bencher, workers, workers);
}
