//! Promise 2: items begun are never more than pulls plus the buffer.

mod support;

use std::sync::Mutex;
use std::time::Duration;

use engine::{Order, available};
use support::{Tally, at_rest, counted, scope, stage, watchdog};

/// Promise 2: after each pull exactly `pulls + buffer` items have been read,
/// whatever the number of workers: no more, and all that the buffer is for.
/// (Others read their whole input at once, or work only inside `next`.)
#[test]
fn read_ahead_is_exactly_the_buffer() {
    watchdog("read_ahead_is_exactly_the_buffer", || {
        for order in [Order::Input, Order::Completion] {
            for jobs in 1..=3 {
                for buffer in 0..=4 {
                    exact_read_ahead(order, jobs, buffer);
                }
            }
        }
    });
}

fn exact_read_ahead(order: Order, jobs: usize, buffer: usize) {
    let (read, pulls) = (Tally::default(), Tally::default());
    scope(|s| {
        let input = (0..).inspect(|_| {
            let read = read.add();
            assert!(read <= pulls.get() + buffer, "{jobs} {buffer}");
        });
        let stage = s.stage("map").jobs(jobs).buffer(buffer).order(order);
        let mut mapped = stage.map(input, |n| n);
        for _ in 0..4 {
            let pull = pulls.add();
            assert!(mapped.next().is_some());
            read.wait_for(pull + buffer);
            at_rest(&s.report());
            assert_eq!(read.get(), pull + buffer, "{jobs} {buffer}");
        }
    });
}

/// Promise 2: a generator with `buffer(0)` goes on after a `put` only when the
/// next item is wanted. (A rendezvous channel works one item ahead.)
#[test]
fn a_generator_resumes_on_demand() {
    watchdog("a_generator_resumes_on_demand", || {
        let resumed = Tally::default();
        scope(|s| {
            let mut numbers = s.stage("numbers").buffer(0).generate(|out| {
                for n in 1.. {
                    resumed.add();
                    out.put(n)?;
                }
                Ok(())
            });
            for n in 1..=5 {
                assert_eq!(numbers.next(), Some(n));
                at_rest(&s.report());
                assert_eq!(resumed.get(), n);
            }
        });
    });
}

/// Promise 2: the bound holds through a chain, where every pull of a stage is
/// one of a worker below it.
#[test]
fn a_chain_reads_no_more_than_its_buffers() {
    watchdog("a_chain_reads_no_more_than_its_buffers", || {
        let read = Tally::default();
        scope(|s| {
            let input = counted(0.., &read);
            let first = s.stage("first").buffer(1).read(input);
            let second = s.stage("second").jobs(2).buffer(2).map(first, |n| n);
            let mut third = s.stage("third").jobs(3).buffer(0).map(second, |n| n);
            for pulls in 1..=5 {
                assert_eq!(third.next(), Some(pulls - 1));
                read.wait_for(pulls + 3);
                at_rest(&s.report());
                assert_eq!(read.get(), pulls + 3);
            }
        });
    });
}

/// Promise 2: parallelism is `min(jobs, buffer + 1)`, reached and not passed.
#[test]
fn parallelism_is_bounded_by_the_buffer() {
    watchdog("parallelism_is_bounded_by_the_buffer", || {
        for (jobs, buffer) in [(4, 0), (4, 1), (4, 2), (2, 5), (3, 2)] {
            let most = jobs.min(buffer + 1);
            let started = Tally::default();
            let inside = Mutex::new(0);
            scope(|s| {
                let mapped = s.stage("map").jobs(jobs).buffer(buffer).map(0..20, |n| {
                    *inside.lock().unwrap() += 1;
                    let begun = started.add();
                    if begun <= most {
                        // The first ones meet, which takes that many at once.
                        started.wait_for(most);
                    }
                    let mut inside = inside.lock().unwrap();
                    assert!(*inside <= most, "{inside} at once");
                    *inside -= 1;
                    n
                });
                assert_eq!(mapped.count(), 20);
            });
        }
    });
}

/// Promise 2: the default buffer is twice the jobs.
#[test]
fn the_default_buffer_is_twice_the_jobs() {
    watchdog("the_default_buffer_is_twice_the_jobs", || {
        for jobs in [1, 3] {
            let read = Tally::default();
            scope(|s| {
                let input = counted(0.., &read);
                let mut mapped = s.stage("map").jobs(jobs).map(input, |n| n);
                mapped.prime();
                read.wait_for(2 * jobs);
                at_rest(&s.report());
                assert_eq!(read.get(), 2 * jobs);
            });
        }
        assert!(available() >= 1);
    });
}

/// Promise 2: a buffer without a bound is a large number and not an overflow.
#[test]
fn the_buffer_may_be_unbounded() {
    watchdog("the_buffer_may_be_unbounded", || {
        scope(|s| {
            let numbers = s.stage("all").buffer(usize::MAX).read(0..100);
            assert!(numbers.eq(0..100));
        });
    });
}

/// Promise 2: a pull that timed out counts as one pull, whose demand stands:
/// a consumer that only ever polls gets every item, and no item is begun twice
/// for one that waits.
#[test]
fn a_consumer_without_patience_gets_everything() {
    watchdog("a_consumer_without_patience_gets_everything", || {
        let (read, pulls) = (Tally::default(), Tally::default());
        scope(|s| {
            let input = (0..100).inspect(|_| {
                let read = read.add();
                assert!(read <= pulls.get());
            });
            let mut mapped = s.stage("map").jobs(2).buffer(0).map(input, |n| n);
            let mut got = Vec::new();
            loop {
                pulls.add();
                match mapped.pull_timeout(Duration::ZERO) {
                    Ok(Some(n)) => got.push(n),
                    Ok(None) => break,
                    Err(_) => std::thread::yield_now(),
                }
                // One item for the pulls so far, and nothing beyond it.
                assert!(read.get() <= got.len() + 1);
            }
            assert!(got.into_iter().eq(0..100));
        });
    });
}

/// Promise 2: a limit too far away for the clock is no limit.
#[test]
fn patience_may_be_endless() {
    watchdog("patience_may_be_endless", || {
        scope(|s| {
            let mut one = s.stage("one").read([1]);
            assert_eq!(one.pull_timeout(Duration::MAX), Ok(Some(1)));
            assert_eq!(one.pull_timeout(Duration::MAX), Ok(None));
        });
    });
}

/// Promise 2: an item that is filtered out gives its credit back, or strict
/// demand would stop at the first one.
#[test]
fn filtered_items_give_their_credit_back() {
    watchdog("filtered_items_give_their_credit_back", || {
        for order in [Order::Input, Order::Completion] {
            for (jobs, buffer) in [(1, 0), (3, 0), (2, 1), (4, 3)] {
                scope(|s| {
                    let builder = s.stage("rare").jobs(jobs).buffer(buffer).order(order);
                    let rare = builder.filter_map(0..200, |n| (n % 67 == 66).then_some(n));
                    let mut rare: Vec<_> = rare.collect();
                    rare.sort_unstable();
                    assert_eq!(rare, [66, 133]);
                    assert_eq!(stage(&s.report(), "rare").items, 200);
                });
            }
        }
    });
}

/// Promise 2: the state of a worker is made for its first item, and not before
/// anybody has asked for one.
#[test]
fn a_state_is_not_made_for_nothing() {
    watchdog("a_state_is_not_made_for_nothing", || {
        let made = Tally::default();
        scope(|s| {
            let builder = s.stage("map").jobs(4).buffer(0);
            let mut mapped = builder.map_init(0..9, |_| made.add(), |_, n| n);
            mapped.prime();
            assert_eq!(mapped.next(), Some(0));
            assert_eq!(made.get(), 1);
        });
        assert_eq!(made.get(), 1);
    });
}

/// Promise 2: a worker of a fold takes one credit, whatever its batch: with a
/// buffer of `jobs - 1` all of them run at once.
#[test]
fn a_state_of_a_fold_takes_one_credit() {
    watchdog("a_state_of_a_fold_takes_one_credit", || {
        for jobs in 1..=4 {
            let made = Tally::default();
            scope(|s| {
                let stage = s.stage("fold").jobs(jobs).batch(8).buffer(jobs - 1);
                let meet = |_| {
                    made.add();
                    made.wait_for(jobs);
                    0
                };
                let folded = stage.fold(0..100, meet, |sum, n| *sum += n);
                assert_eq!(folded.sum::<u32>(), 4950);
            });
            assert_eq!(made.get(), jobs);
        }
    });
}
