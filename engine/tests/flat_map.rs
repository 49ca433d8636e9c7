//! Stages with many outputs an item: promises 2, 3 and 9 count outputs there.

mod support;

use engine::Order;
use support::{
    Census, Latch, Planned, Tally, at_rest, burst, counted, planned, scope, stage, until,
    until_waiting, watchdog,
};

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

/// Promises 2 and 9: what the front item does not need the others get, up to
/// the whole buffer, while the front item waits for them.
#[test]
fn the_others_get_what_the_front_item_leaves() {
    watchdog("the_others_get_what_the_front_item_leaves", || {
        for (jobs, buffer) in [(2, 1), (2, 3), (3, 4)] {
            let behind = Tally::default();
            scope(|s| {
                let behind = &behind;
                let stage = s.stage("flat").jobs(jobs).buffer(buffer);
                let flat = stage.flat_map(0..3u32, move |n| {
                    (0..20).map(move |m| {
                        match (n, m) {
                            // It has a credit, and a pull waits for it.
                            (0, 1) => behind.wait_for(buffer),
                            (0, _) => {}
                            _ => drop(behind.add()),
                        }
                        (n, m)
                    })
                });
                assert_eq!(flat.count(), 60);
            });
        }
    });
}

/// Promise 9: where several credits come back at once, each worker that goes on
/// wakes the next.
#[test]
fn each_that_goes_on_wakes_the_next() {
    watchdog("each_that_goes_on_wakes_the_next", || {
        let (front, fifth) = (Latch::default(), Latch::default());
        let (firsts, seconds) = (Tally::default(), Tally::default());
        scope(|s| {
            let (front, fifth, firsts, seconds) = (&front, &fifth, &firsts, &seconds);
            let stage = s.stage("flat").jobs(3).buffer(6);
            let mut flat = stage.flat_map(0..8u32, move |n| {
                match n {
                    // Four credits that come back when this one is done.
                    0 => front.wait(),
                    5 => fifth.open(),
                    6.. => seconds.wait_for(2),
                    _ => {}
                }
                let outputs = if n == 4 || n == 5 { 3 } else { 0 };
                (0..outputs).map(move |m| {
                    match m {
                        0 => {
                            fifth.wait();
                            firsts.add();
                        }
                        1 => drop(seconds.add()),
                        _ => seconds.wait_for(2),
                    }
                    (n, m)
                })
            });
            flat.prime();
            firsts.wait_for(2);
            until_waiting(&s.report(), 2);
            front.open();
            // Before any pull, which would wake them as well.
            seconds.wait_for(2);
            let wanted = [4, 5].into_iter().flat_map(|n| (0..3).map(move |m| (n, m)));
            assert!(flat.eq(wanted));
        });
    });
}

/// Promise 6: a worker that waits for demand behind a panic makes nothing more
/// and ends, though the handle is still there.
#[test]
fn a_put_behind_a_panic_is_stopped() {
    watchdog("a_put_behind_a_panic_is_stopped", || {
        let made = Tally::default();
        scope(|s| {
            let (report, made) = (s.report(), &made);
            let stage = s.stage("flat").jobs(2).buffer(3);
            let mut flat = stage.flat_map(0..2u64, move |n| {
                if n == 0 {
                    // The other one has used up the buffer.
                    made.wait_for(2);
                    until_waiting(&report, 1);
                    burst(n);
                }
                counted(0.., made)
            });
            flat.prime();
            until(&s.report(), |all| {
                all[0].workers == 2 && all[0].running == 0
            });
            let thrown = planned(|| flat.next());
            assert_eq!(thrown, Planned(0));
        });
        assert_eq!(made.get(), 2);
    });
}

/// Promise 6: all outputs of an item come that stands before a panic, also those
/// that are made after it is known.
#[test]
fn outputs_before_a_panic_are_still_made() {
    watchdog("outputs_before_a_panic_are_still_made", || {
        for (buffer, batch) in [(1, 1), (3, 1), (8, 4)] {
            scope(|s| {
                let report = s.report();
                let stage = s.stage("flat").jobs(2).buffer(buffer).batch(batch);
                // Each item on its own, whatever the batch.
                let input = (0..2u64).filter(|_| true);
                let mut flat = stage.flat_map(input, move |n| {
                    match n {
                        0 => until(&report, |all| all[0].workers == 2 && all[0].running == 1),
                        _ => burst(n),
                    }
                    0..20
                });
                let mut got = Vec::new();
                let thrown = planned(|| got.extend(flat.by_ref()));
                assert_eq!(thrown, Planned(1));
                assert!(got.into_iter().eq(0..20));
            });
        }
    });
}

/// Promise 2: a worker that waits for its turn with a credit in hand needs no
/// other one; it would be the one that is missing.
#[test]
fn a_credit_in_hand_is_enough() {
    watchdog("a_credit_in_hand_is_enough", || {
        for flat in [true, false] {
            let (reading, gate, both) = (Latch::default(), Latch::default(), Tally::default());
            let (reading, gate, both) = (&reading, &gate, &both);
            scope(|s| {
                let input = (0..3u32).filter(move |n| {
                    if *n == 1 {
                        reading.open();
                        gate.wait();
                    }
                    true
                });
                let meet = move |n: u32| {
                    match n {
                        0 => reading.wait(),
                        // 1 and 2 are worked on at the same time.
                        _ => {
                            both.add();
                            both.wait_for(2);
                        }
                    }
                    n
                };
                let stage = s.stage("meet").jobs(2).buffer(1);
                let mut met = match flat {
                    true => stage.flat_map(input, move |n| [meet(n)]),
                    false => stage.map(input, meet),
                };
                assert_eq!(met.next(), Some(0));
                // The worker of item 0 waits for its turn at the input.
                until_waiting(&s.report(), 1);
                gate.open();
                assert!(met.eq(1..3));
            });
        }
    });
}
