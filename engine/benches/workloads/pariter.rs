//! pariter: iterator adaptors over crossbeam's channels, in order.

use pariter::{IteratorExt, scope};

use super::work::Work;

/// `buffer`: items in flight; pariter's default is twice the jobs.
pub(crate) fn map(items: u64, work: Work, jobs: usize, buffer: Option<usize>) -> u64 {
    let mapped = scope(|s| {
        let options = |builder: pariter::ParallelMapBuilder<_>| {
            let builder = builder.threads(jobs);
            match buffer {
                Some(items) => builder.buffer_size(items),
                None => builder,
            }
        };
        (0..items)
            .parallel_map_scoped_custom(s, options, move |n| work.on(n))
            .sum()
    });
    mapped.expect("no panic")
}

/// An iterator is read ahead, the caller pulls its items.
pub(crate) fn readahead(items: u64, buffer: usize) -> u64 {
    let read = scope(|s| {
        (0..items)
            .map(|n| Work::NONE.on(n))
            .readahead_scoped_custom(s, |builder| builder.buffer_size(buffer))
            .sum()
    });
    read.expect("no panic")
}
