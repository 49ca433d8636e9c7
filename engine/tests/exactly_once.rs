//! Promise 4: each input reaches one worker, each output the consumer once.

mod support;

use std::collections::HashMap;
use std::time::Duration;

use engine::Order;
use support::{Census, Tally, scope, watchdog};

/// The configurations that every test here goes through.
fn pools() -> impl Iterator<Item = (Order, usize, Option<usize>)> {
    let orders = [Order::Input, Order::Completion].into_iter();
    orders.flat_map(|order| {
        [
            (1, Some(0)),
            (2, None),
            (3, Some(1)),
            (4, Some(0)),
            (4, None),
        ]
        .map(|(jobs, buffer)| (order, jobs, buffer))
    })
}

/// Promise 4: every item is worked on once and comes out once.
#[test]
fn each_item_is_worked_on_once() {
    watchdog("each_item_is_worked_on_once", || {
        for (order, jobs, buffer) in pools() {
            let worked: Vec<Tally> = (0..300).map(|_| Tally::default()).collect();
            let census = Census::default();
            scope(|s| {
                let mut builder = s.stage("map").jobs(jobs).order(order);
                if let Some(buffer) = buffer {
                    builder = builder.buffer(buffer);
                }
                let items = (0..300).map(|n| (n, census.member()));
                let mapped = builder.map(items, |(n, member)| {
                    worked[n].add();
                    (n, member)
                });
                let mut out: Vec<_> = mapped.map(|(n, _)| n).collect();
                if order == Order::Input {
                    assert!(out.is_sorted());
                }
                out.sort_unstable();
                assert!(out.into_iter().eq(0..300));
            });
            assert!(worked.iter().all(|tally| tally.get() == 1));
            assert_eq!(census.created(), 300);
            census.assert_all_dropped();
        }
    });
}

/// Promise 4: a fold deals each item to one worker, and hands over each state.
#[test]
fn a_fold_deals_each_item_once() {
    watchdog("a_fold_deals_each_item_once", || {
        for jobs in 1..=4 {
            for buffer in [0, 1, 8] {
                scope(|s| {
                    let builder = s.stage("deal").jobs(jobs).buffer(buffer);
                    let dealt =
                        builder.fold(0..200, |worker| (worker, vec![]), |(_, v), n| v.push(n));
                    let (mut workers, items): (Vec<_>, Vec<_>) = dealt.unzip();
                    workers.sort_unstable();
                    assert!(workers.into_iter().eq(0..jobs));
                    assert!(items.iter().all(|v| v.is_sorted()));
                    let mut items = items.concat();
                    items.sort_unstable();
                    assert!(items.into_iter().eq(0..200));
                });
            }
        }
    });
}

/// Promise 4: the states of a fold, split in partitions, are merged by one more
/// stage, a partition an item: what a serial count gives.
#[test]
fn a_parallel_merge_is_one_more_stage() {
    type Table = HashMap<u32, usize>;
    const PARTITIONS: usize = 4;
    watchdog("a_parallel_merge_is_one_more_stage", || {
        let keys = || (0..1000u32).map(|n| n * n % 61);
        let mut serial = Table::new();
        for key in keys() {
            *serial.entry(key).or_default() += 1;
        }
        for jobs in 1..=4 {
            let parts: Vec<Table> = scope(|s| {
                let count = s.stage("count").jobs(jobs);
                let states = count.fold(
                    keys(),
                    |_| vec![Table::new(); PARTITIONS],
                    |tables, key| *tables[key as usize % PARTITIONS].entry(key).or_default() += 1,
                );
                let mut partitions = vec![Vec::new(); PARTITIONS];
                for state in states {
                    for (partition, table) in partitions.iter_mut().zip(state) {
                        partition.push(table);
                    }
                }
                let merge = s.stage("merge").jobs(jobs);
                let merged = merge.map(partitions, |tables: Vec<Table>| {
                    let mut all = Table::new();
                    for (key, count) in tables.into_iter().flatten() {
                        *all.entry(key).or_default() += count;
                    }
                    all
                });
                merged.collect()
            });
            // In the order of the partitions, and each key in its own.
            for (place, part) in parts.iter().enumerate() {
                assert!(part.keys().all(|key| *key as usize % PARTITIONS == place));
            }
            assert_eq!(parts.into_iter().flatten().collect::<Table>(), serial);
        }
    });
}

/// Promise 4: pulls that time out neither lose nor repeat an item.
#[test]
fn timeouts_lose_nothing() {
    watchdog("timeouts_lose_nothing", || {
        for (order, jobs, buffer) in pools() {
            scope(|s| {
                let builder = s.stage("map").jobs(jobs).order(order);
                let mut mapped = builder.buffer(buffer.unwrap_or(2)).map(0..200, |n| n);
                let mut out = Vec::new();
                for patience in (0..3).cycle() {
                    match mapped.pull_timeout(Duration::from_micros(patience)) {
                        Ok(Some(n)) => out.push(n),
                        Ok(None) => break,
                        Err(_) => {}
                    }
                }
                out.sort_unstable();
                assert!(out.into_iter().eq(0..200));
            });
        }
    });
}

/// Promise 4: an input that has ended is not asked again, though several
/// workers wait for it: not every iterator is fused.
#[test]
fn an_input_that_ended_is_not_asked_again() {
    struct Once(Option<u32>, bool);
    impl Iterator for Once {
        type Item = u32;
        fn next(&mut self) -> Option<u32> {
            assert!(!self.1, "asked after its end");
            self.1 = self.0.is_none();
            self.0.take()
        }
    }
    watchdog("an_input_that_ended_is_not_asked_again", || {
        scope(|s| {
            for jobs in 1..=4 {
                let mut mapped = s.stage("map").jobs(jobs).map(Once(Some(1), false), |n| n);
                assert_eq!(
                    (mapped.next(), mapped.next(), mapped.next()),
                    (Some(1), None, None)
                );
                let folded = s.stage("fold").jobs(jobs).fold(
                    Once(Some(1), false),
                    |_| 0,
                    |sum, n| *sum += n,
                );
                assert_eq!(folded.sum::<u32>(), 1);
            }
        });
    });
}

/// Promise 4: workers go on while the consumer is busy, as far as the buffer
/// goes. (Others feed their workers only inside `next`.)
#[test]
fn workers_need_no_help_of_the_consumer() {
    watchdog("workers_need_no_help_of_the_consumer", || {
        let done = Tally::default();
        scope(|s| {
            let mut mapped = s.stage("map").jobs(2).buffer(6).map(0.., |n| {
                done.add();
                n
            });
            assert_eq!(mapped.next(), Some(0));
            // No pull waits, and still the buffer fills up.
            done.wait_for(7);
            for n in 1..=3 {
                // Nor does this one, which is served by what is there.
                assert_eq!(mapped.next(), Some(n));
                done.wait_for(7 + n);
            }
            assert!(mapped.take(7).eq(4..11));
        });
    });
}
