//! What it costs to start and end workers: a scope and a stage for one item,
//! counted in threads.
//!
//! `cargo bench -p engine --bench set_up`

mod workloads;

use divan::Bencher;
use divan::counter::ItemsCount;
use workloads::{JOBS, checksum, set_up};

fn main() {
    divan::main();
}

fn bench(bencher: Bencher<'_, '_>, jobs: usize, run: fn(usize) -> u64) {
    bencher
        .counter(ItemsCount::new(jobs))
        .bench_local(|| assert_eq!(run(jobs), checksum(1)));
}

#[divan::bench(args = JOBS)]
fn stage(bencher: Bencher<'_, '_>, jobs: usize) {
    bench(bencher, jobs, set_up::stage);
}

#[divan::bench(args = JOBS)]
fn bare_threads(bencher: Bencher<'_, '_>, jobs: usize) {
    bench(bencher, jobs, set_up::threads);
}

#[divan::bench(args = JOBS)]
fn parallel_map(bencher: Bencher<'_, '_>, jobs: usize) {
    bench(bencher, jobs, set_up::parallel_map);
}

#[divan::bench(args = JOBS)]
fn rayon_pool(bencher: Bencher<'_, '_>, jobs: usize) {
    bench(bencher, jobs, set_up::pool);
}
