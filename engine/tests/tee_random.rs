//! `Handle::tee` against a plain list of queues: promises 4, 5, 6 and 9 with any
//! pulls and any drops, in one thread and in several.

#[path = "support/consumer.rs"]
mod consumer;
mod support;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use consumer::{Consumer, consumer};
use proptest::prelude::*;
use support::{Census, burst, scope, watchdog};

/// A tee as a plain list of queues.
struct Model {
    limit: usize,
    source: std::ops::Range<usize>,
    ended: bool,
    queues: Vec<Option<VecDeque<usize>>>,
}

impl Model {
    fn pull(&mut self, branch: usize) -> Option<Result<usize, usize>> {
        let own = self.queues[branch].as_mut().expect("a branch that lives");
        if let Some(item) = own.pop_front() {
            return Some(Ok(item));
        }
        let mut live = self.queues.iter_mut().flatten();
        if !self.ended && live.any(|queue| queue.len() == self.limit) {
            return Some(Err(self.limit));
        }
        let Some(item) = self.source.next() else {
            self.ended = true;
            return None;
        };
        for queue in self.queues.iter_mut().flatten() {
            queue.push_back(item);
        }
        let own = self.queues[branch].as_mut().expect("a branch that lives");
        own.pop_back().map(Ok)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Promises 4, 5 and 9: one thread that pulls and drops the branches in any
    /// order sees what plain queues give, errors included.
    #[test]
    fn a_tee_is_a_queue_for_each_branch(
        buffer in 0..4usize,
        limit in 1..4usize,
        steps in prop::collection::vec((0..4usize, prop::bool::weighted(0.95)), 0..80),
    ) {
        watchdog(format_args!("{buffer} {limit} {steps:?}"), || {
            let census = Census::default();
            scope(|s| {
                let items = (0..12).map(|n| (n, census.member()));
                let branches: [_; 4] = s.stage("items").buffer(buffer).read(items).tee(limit);
                let mut branches = branches.map(Some);
                let queues = vec![Some(VecDeque::new()); 4];
                let mut model = Model { limit, source: 0..12, ended: false, queues };
                for &(branch, pull) in &steps {
                    if !pull {
                        branches[branch] = None;
                        model.queues[branch] = None;
                    } else if let Some(tee) = &mut branches[branch] {
                        let got = tee.next().map(|item| item.map(|(n, _)| n).map_err(|e| e.limit()));
                        assert_eq!(got, model.pull(branch));
                    }
                }
            });
            census.assert_all_dropped();
        });
    }

    /// Promises 4, 5, 6 and 9: whoever pulls at the same time, whenever one
    /// leaves, and wherever a panic comes, each branch gets what it wants.
    #[test]
    fn branches_at_the_same_time_see_all(
        items in 0..30usize,
        buffer in 0..4usize,
        limit in 1..4usize,
        fault in prop::option::of(0..30usize),
        consumers in prop::array::uniform3(consumer(12)),
    ) {
        watchdog(format_args!("{items} {buffer} {limit} {fault:?} {consumers:?}"), || {
            let census = Census::default();
            // A panic that no branch has pulled comes from the scope.
            let got = catch_unwind(AssertUnwindSafe(|| {
                let mut got = Vec::new();
                scope(|s| {
                    let input = (0..items).map(|n| match fault {
                        Some(fault) if n == fault => burst(9),
                        _ => (n, census.member()),
                    });
                    let branches: [_; 3] = s.stage("items").buffer(buffer).read(input).tee(limit);
                    got = thread::scope(|threads| {
                        let run = |(consumer, branch): (&Consumer, _)| {
                            let (consumer, s) = (consumer.clone(), s.clone());
                            threads.spawn(move || consumer.run(&s, branch, |(n, _)| n))
                        };
                        let running: Vec<_> = consumers.iter().zip(branches).map(run).collect();
                        running.into_iter().map(|consumer| consumer.join().unwrap()).collect()
                    });
                });
                got
            }));
            census.assert_all_dropped();
            let end = fault.unwrap_or(items).min(items);
            let met = consumers.iter().any(|consumer| consumer.taken.is_none_or(|taken| taken > end));
            let Ok(got) = got else {
                assert!(fault.is_some_and(|fault| fault < items) && !met);
                return;
            };
            for ((got, _), consumer) in got.iter().zip(&consumers) {
                let wanted = consumer.taken.unwrap_or(end).min(end);
                assert!(got.iter().copied().eq(0..wanted));
            }
            let panics = got.iter().filter(|(_, panicked)| *panicked).count();
            let planned = fault.is_some_and(|fault| fault < items) && met;
            assert_eq!(panics, usize::from(planned));
        });
    }
}
