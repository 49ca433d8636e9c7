//! One item after another from a worker to the caller, by capacity, beside
//! crossbeam's channels and pariter's `readahead`.
//!
//! `cargo bench -p engine --bench hand_over`

mod workloads;

use divan::Bencher;
use divan::counter::ItemsCount;
use workloads::ours::Options;
use workloads::{BATCH, channels, checksum, default_buffer, ours, pariter};

const CAPACITIES: [usize; 5] = [0, 1, 16, 64, default_buffer(1)];

fn main() {
    divan::main();
}

/// Few where each item is a meeting of two threads.
fn items(capacity: usize) -> u64 {
    match capacity {
        0 | 1 => 2_000,
        _ => 20_000,
    }
}

fn bench(bencher: Bencher<'_, '_>, capacity: usize, run: impl Fn(u64) -> u64) {
    let items = items(capacity);
    bencher
        .counter(ItemsCount::new(items))
        .bench_local(|| assert_eq!(run(items), checksum(items)));
}

#[divan::bench(args = CAPACITIES, consts = [1, BATCH], sample_count = 20)]
fn generate<const B: usize>(bencher: Bencher<'_, '_>, capacity: usize) {
    let options = Options::batch(B).buffer(capacity);
    bench(bencher, capacity, |items| ours::generate(items, options));
}

#[divan::bench(args = CAPACITIES, consts = [1, BATCH], sample_count = 20)]
fn read<const B: usize>(bencher: Bencher<'_, '_>, capacity: usize) {
    let options = Options::batch(B).buffer(capacity);
    bench(bencher, capacity, |items| ours::read(items, options));
}

/// By the number of the topology: one to one, four to one, two to two, four to
/// four.
#[divan::bench(args = CAPACITIES, consts = [0, 1, 2, 3], sample_count = 20)]
fn crossbeam<const T: usize>(bencher: Bencher<'_, '_>, capacity: usize) {
    let topology = channels::TOPOLOGIES[T];
    bench(bencher, capacity, |items| {
        channels::send(items, capacity, topology)
    });
}

#[divan::bench(args = CAPACITIES, sample_count = 20)]
fn readahead(bencher: Bencher<'_, '_>, capacity: usize) {
    bench(bencher, capacity, |items| {
        pariter::readahead(items, capacity)
    });
}
