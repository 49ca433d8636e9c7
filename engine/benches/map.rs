//! A pool between an iterator and the caller, by jobs and the cost of an item,
//! beside pariter's `parallel_map` and rayon's `par_bridge`.
//!
//! `cargo bench -p engine --bench map`

mod workloads;

use std::fmt;

use divan::Bencher;
use divan::counter::ItemsCount;
use engine::Order;
use workloads::ours::Options;
use workloads::work::{COSTS, Work};
use workloads::{BATCH, JOBS, checksum, default_buffer, ours, pariter, rayon, serial};

fn main() {
    divan::main();
}

#[derive(Clone, Copy)]
struct Case {
    cost: u32,
    jobs: usize,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ns, jobs {}", self.cost, self.jobs)
    }
}

fn cases() -> impl Iterator<Item = Case> {
    COSTS
        .into_iter()
        .flat_map(|cost| JOBS.map(|jobs| Case { cost, jobs }))
}

/// So many that a run takes milliseconds.
fn items(cost: u32) -> u64 {
    match cost {
        0..100 => 20_000,
        100..1_000 => 10_000,
        1_000..10_000 => 2_000,
        _ => 200,
    }
}

fn bench(bencher: Bencher<'_, '_>, cost: u32, run: impl Fn(u64, Work) -> u64) {
    let (items, work) = (items(cost), Work::lasting(cost));
    bencher
        .counter(ItemsCount::new(items))
        .bench_local(|| assert_eq!(run(items, work), checksum(items)));
}

#[divan::bench(args = cases(), consts = [1, BATCH], sample_count = 20)]
fn in_order<const B: usize>(bencher: Bencher<'_, '_>, Case { cost, jobs }: Case) {
    bench(bencher, cost, |items, work| {
        ours::map(items, work, jobs, Order::Input, Options::batch(B))
    });
}

#[divan::bench(args = cases(), consts = [1, BATCH], sample_count = 20)]
fn by_completion<const B: usize>(bencher: Bencher<'_, '_>, Case { cost, jobs }: Case) {
    bench(bencher, cost, |items, work| {
        ours::map(items, work, jobs, Order::Completion, Options::batch(B))
    });
}

#[divan::bench(args = cases(), consts = [1, BATCH], sample_count = 20)]
fn fold<const B: usize>(bencher: Bencher<'_, '_>, Case { cost, jobs }: Case) {
    bench(bencher, cost, |items, work| {
        ours::fold(items, work, jobs, Options::batch(B))
    });
}

#[divan::bench(args = cases(), sample_count = 20)]
fn pariter_default(bencher: Bencher<'_, '_>, Case { cost, jobs }: Case) {
    bench(bencher, cost, |items, work| {
        pariter::map(items, work, jobs, None)
    });
}

/// With the buffer that the engine has with batches.
#[divan::bench(args = cases(), sample_count = 20)]
fn pariter_wide(bencher: Bencher<'_, '_>, Case { cost, jobs }: Case) {
    bench(bencher, cost, |items, work| {
        pariter::map(items, work, jobs, Some(default_buffer(jobs)))
    });
}

#[divan::bench(args = cases(), sample_count = 20)]
fn par_bridge_channel(bencher: Bencher<'_, '_>, Case { cost, jobs }: Case) {
    let pool = rayon::pool(jobs);
    bench(bencher, cost, |items, work| {
        rayon::channel(items, work, &pool, default_buffer(jobs))
    });
}

#[divan::bench(args = cases(), sample_count = 20)]
fn par_bridge_collect(bencher: Bencher<'_, '_>, Case { cost, jobs }: Case) {
    let pool = rayon::pool(jobs);
    bench(bencher, cost, |items, work| {
        rayon::collect(items, work, &pool)
    });
}

#[divan::bench(args = cases(), sample_count = 20)]
fn par_bridge_sum(bencher: Bencher<'_, '_>, Case { cost, jobs }: Case) {
    let pool = rayon::pool(jobs);
    bench(bencher, cost, |items, work| rayon::sum(items, work, &pool));
}

#[divan::bench(args = COSTS, sample_count = 20)]
fn plain_iterator(bencher: Bencher<'_, '_>, cost: u32) {
    bench(bencher, cost, serial::sum);
}
