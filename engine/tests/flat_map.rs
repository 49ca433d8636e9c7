//! Stages with many outputs an item: promises 2, 3 and 9 count outputs there.

mod support;

use engine::Order;
use support::{Census, Tally, at_rest, counted, scope, stage, until, watchdog};

/// Promise 3: the outputs of an item come together, and after those of the item
/// before, whatever the buffer, the jobs and the batches.
#[test]
fn outputs_come_in_the_order_of_their_items() {
    watchdog("outputs_come_in_the_order_of_their_items", || {
        let wanted: Vec<_> = (0..30u32).flat_map(|n| vec![n; n as usize % 7]).collect();
        for jobs in 1..=4 {
            for (buffer, batch) in [(0, 1), (1, 1), (3, 1), (9, 1), (0, 8), (3, 8), (40, 8)] {
                scope(|s| {
                    let stage = s.stage("flat").jobs(jobs).buffer(buffer).batch(batch);
                    let flat = stage.flat_map(0..30, |n| vec![n; n as usize % 7]);
                    assert!(flat.eq(wanted.iter().copied()));
                    let stage = s.stage("pool").jobs(jobs).buffer(buffer).batch(batch);
                    let pool = stage.pool(0..30, |items, out| {
                        for n in items {
                            for _ in 0..n % 7 {
                                out.put(n)?;
                            }
                        }
                        Ok(())
                    });
                    assert!(pool.eq(wanted.iter().copied()));
                });
            }
        }
    });
}

/// Promise 9: one credit is kept for the item whose turn it is: the others may
/// fill the buffer, and it still hands over all that it has.
#[test]
fn the_front_item_always_has_a_credit() {
    watchdog("the_front_item_always_has_a_credit", || {
        for (jobs, buffer) in [(2, 0), (2, 1), (3, 2), (4, 3)] {
            let behind = Tally::default();
            scope(|s| {
                let behind = &behind;
                let report = s.report();
                let stage = s.stage("flat").jobs(jobs).buffer(buffer);
                let mut flat = stage.flat_map(0..3u32, move |n| {
                    (0..20).map(move |m| {
                        if n > 0 {
                            behind.add();
                        }
                        (n, m)
                    })
                });
                for m in 0..20 {
                    assert_eq!(flat.next(), Some((0, m)));
                    // The others take what they can get before the next pull.
                    at_rest(&report);
                    assert!(behind.get() <= buffer);
                }
                assert_eq!(flat.count(), 40);
            });
        }
    });
}

/// Promise 2: the iterator of an item is resumed only on demand.
#[test]
fn outputs_are_made_on_demand() {
    watchdog("outputs_are_made_on_demand", || {
        for jobs in 1..=2 {
            for buffer in [0, 1, 4] {
                let made = Tally::default();
                scope(|s| {
                    let made = &made;
                    let stage = s.stage("flat").jobs(jobs).buffer(buffer);
                    let mut flat = stage.flat_map([()], move |()| counted(0.., made));
                    for pulls in 1..=5 {
                        assert_eq!(flat.next(), Some(pulls - 1));
                        made.wait_for(pulls + buffer);
                        at_rest(&s.report());
                        assert_eq!(made.get(), pulls + buffer);
                    }
                });
            }
        }
    });
}

/// Promise 3: items without outputs behind a slow front are not read without a
/// bound.
#[test]
fn empty_items_behind_a_slow_front_count() {
    watchdog("empty_items_behind_a_slow_front_count", || {
        let read = Tally::default();
        scope(|s| {
            let input = counted(0.., &read);
            let stage = s.stage("pool").jobs(2).buffer(3);
            let mut pool = stage.pool(input, |items, out| {
                for n in items {
                    if n == 0 {
                        out.put(n)?;
                    }
                }
                Ok(())
            });
            pool.prime();
            at_rest(&s.report());
            assert!(read.get() <= 3);
            assert_eq!(pool.next(), Some(0));
        });
    });
}

/// Promises 4 and 5: wherever the consumer stops, created = dropped.
#[test]
fn all_is_dropped() {
    watchdog("all_is_dropped", || {
        for order in [Order::Input, Order::Completion] {
            for taken in 0..12 {
                let census = Census::default();
                scope(|s| {
                    let census = &census;
                    let stage = s.stage("flat").jobs(3).batch(1 + taken % 4).order(order);
                    let flat = stage.flat_map(0..5, move |n| (0..n).map(move |_| census.member()));
                    assert_eq!(flat.take(taken).count(), taken.min(10));
                });
                census.assert_all_dropped();
            }
        }
    });
}

/// What a pool's body puts before its first item and after its last one is not
/// lost, though no item stands for it.
#[test]
fn a_body_may_put_without_an_item() {
    watchdog("a_body_may_put_without_an_item", || {
        for order in [Order::Input, Order::Completion] {
            for (jobs, buffer, batch) in [(1, 0, 1), (2, 0, 1), (3, 2, 1), (2, 8, 4)] {
                let report = scope(|s| {
                    let stage = s.stage("pool").jobs(jobs).order(order);
                    let pool = stage.buffer(buffer).batch(batch).pool(0..50, |items, out| {
                        out.put(-1)?;
                        let mut sum = 0;
                        for n in items.by_ref() {
                            sum += n;
                        }
                        assert!(!items.cancelled() && !out.cancelled());
                        out.put(sum)?;
                        out.put(-2)
                    });
                    let all: Vec<i32> = pool.collect();
                    assert_eq!(all.iter().filter(|n| **n == -1).count(), jobs);
                    assert_eq!(all.iter().filter(|n| **n == -2).count(), jobs);
                    let sums = all.iter().filter(|n| **n >= 0);
                    assert_eq!(sums.sum::<i32>(), (0..50).sum());
                    s.report()
                });
                assert_eq!(stage(&report, "pool").items, 50);
            }
        }
    });
}

/// Promise 4: a body that returns early loses no item: what it has not pulled
/// goes to the others.
#[test]
fn a_body_may_return_early() {
    watchdog("a_body_may_return_early", || {
        scope(|s| {
            let stage = s.stage("pool").jobs(3).batch(8);
            let pool = stage.pool(0..40, |items, out| {
                // The first worker that comes leaves after one item.
                for n in items {
                    out.put(n)?;
                    if n == 0 {
                        break;
                    }
                }
                Ok(())
            });
            assert!(pool.eq(0..40));
        });
    });
}

/// Promise 6: a panic of the input is rethrown in the body that pulls, which may
/// end its work before it goes on.
#[test]
fn a_panic_of_the_input_reaches_the_body() {
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
    use support::{Planned, burst, planned};
    watchdog("a_panic_of_the_input_reaches_the_body", || {
        for jobs in 1..=2 {
            scope(|s| {
                let input = (0..9u64).map(|n| if n == 4 { burst(n) } else { n });
                let mut pool = s.stage("pool").jobs(jobs).pool(input, |items, out| {
                    loop {
                        let item = catch_unwind(AssertUnwindSafe(|| items.next()));
                        match item {
                            Ok(Some(n)) => out.put(n)?,
                            Ok(None) => return Ok(()),
                            Err(payload) => {
                                out.put(100)?;
                                resume_unwind(payload);
                            }
                        }
                    }
                });
                let mut got = Vec::new();
                let thrown = planned(|| got.extend(pool.by_ref()));
                assert_eq!((got, thrown), (vec![0, 1, 2, 3, 100], Planned(4)));
                until(&s.report(), |all| all[0].running == 0);
            });
        }
    });
}
