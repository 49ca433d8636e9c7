//! Starting workers and ending them again, for one item.

use std::thread;

use engine::Order;

use super::ours::Options;
use super::work::Work;
use super::{ours, pariter, rayon};

/// A scope with a pool.
pub(crate) fn stage(jobs: usize) -> u64 {
    ours::map(1, Work::NONE, jobs, Order::Input, Options::batch(1))
}

/// As many bare threads, spawned and joined: what no library can undercut
/// without keeping threads.
pub(crate) fn threads(jobs: usize) -> u64 {
    thread::scope(|s| {
        let threads: Vec<_> = (0..jobs).map(|_| s.spawn(|| Work::NONE.on(0))).collect();
        let results = threads.into_iter().map(|t| t.join().expect("no panic"));
        results.max().expect("a thread")
    })
}

pub(crate) fn parallel_map(jobs: usize) -> u64 {
    pariter::map(1, Work::NONE, jobs, None)
}

/// A pool of rayon, built for one call. Its drop tells the threads to end, but
/// does not wait until they have.
pub(crate) fn pool(jobs: usize) -> u64 {
    rayon::pool(jobs).install(|| Work::NONE.on(0))
}
