//! rayon's `par_bridge`, which deals an iterator to a pool, without order.
//!
//! The pool stands before the clock starts, as is usual with rayon.

use crossbeam::channel::bounded;
use rayon::iter::{ParallelBridge, ParallelIterator};
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::work::Work;

pub(crate) fn pool(jobs: usize) -> ThreadPool {
    ThreadPoolBuilder::new()
        .num_threads(jobs)
        .build()
        .expect("a pool")
}

/// Adds up in the workers: nothing is handed over to a consumer, so this is
/// compared with a fold.
pub(crate) fn sum(items: u64, work: Work, pool: &ThreadPool) -> u64 {
    let items = (0..items).par_bridge();
    pool.install(|| items.map(|n| work.on(n)).sum())
}

/// Brings all results to the caller in one vector, when the last is there.
pub(crate) fn collect(items: u64, work: Work, pool: &ThreadPool) -> u64 {
    let items = (0..items).par_bridge();
    let results: Vec<u64> = pool.install(|| items.map(|n| work.on(n)).collect());
    results.into_iter().sum()
}

/// Brings the results to the caller one by one as they come, through a channel.
pub(crate) fn channel(items: u64, work: Work, pool: &ThreadPool, capacity: usize) -> u64 {
    let (sender, receiver) = bounded(capacity);
    pool.in_place_scope(|s| {
        s.spawn(move |_| {
            let items = (0..items).par_bridge();
            items.for_each_with(sender, |sender, n| {
                sender.send(work.on(n)).expect("the consumer");
            });
        });
        receiver.into_iter().sum()
    })
}
