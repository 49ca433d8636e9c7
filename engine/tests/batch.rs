//! Promises 2, 5, 6 and 9 with batches: a batch is handed over when it is full,
//! when the consumer waits, before its worker waits in the engine, and at the
//! end; so batches change the costs and nothing else.

mod support;

use engine::Order;
use support::{Latch, Planned, Tally, at_rest, burst, counted, planned, scope, until, watchdog};

/// Promise 9: a consumer that waits gets what is in a batch that is not full,
/// though the body works on and may wait for the consumer.
#[test]
fn nothing_is_stuck_in_a_batch() {
    watchdog("nothing_is_stuck_in_a_batch", || {
        let taken: Vec<Latch> = (0..5).map(|_| Latch::default()).collect();
        let taken = &taken;
        scope(|s| {
            let body = s.stage("body").batch(64).generate(move |out| {
                for (n, taken) in taken.iter().enumerate() {
                    out.put(n)?;
                    taken.wait();
                }
                Ok(())
            });
            body.for_each(|n| taken[n].open());
        });
    });
}

/// Promise 9: nor is the output of an item stuck behind the next items of the
/// batch that it was read with.
#[test]
fn no_output_waits_for_the_items_after_it() {
    watchdog("no_output_waits_for_the_items_after_it", || {
        for order in [Order::Input, Order::Completion] {
            for jobs in 1..=3 {
                let taken: Vec<Latch> = (0..40).map(|_| Latch::default()).collect();
                let taken = &taken;
                scope(|s| {
                    let stage = s.stage("map").jobs(jobs).batch(8).order(order);
                    let mapped = stage.map(0..40usize, |n| {
                        // All of a batch but its first wait for the one before.
                        if n % 8 > 0 {
                            taken[n - 1].wait();
                        }
                        n
                    });
                    mapped.for_each(|n| taken[n].open());
                });
            }
        }
    });
}

/// Promise 9: when a slot without outputs leaves the front, a consumer that
/// waits sees what the next one has in its open batch.
#[test]
fn a_new_front_is_looked_at() {
    watchdog("a_new_front_is_looked_at", || {
        let (seen, waiting) = (Latch::default(), Latch::default());
        scope(|s| {
            let (seen, waiting) = (&seen, &waiting);
            let report = s.report();
            let stage = s.stage("keep").jobs(2).batch(4);
            let kept = stage.filter_map(0..8, move |n| {
                match n {
                    0 => {
                        // Until the other worker has put 4 and the consumer is
                        // past all its patience.
                        waiting.wait();
                        let begin = std::time::Instant::now();
                        while begin.elapsed() < std::time::Duration::from_millis(2) {
                            std::thread::yield_now();
                        }
                    }
                    5 => {
                        waiting.open();
                        seen.wait();
                    }
                    _ => {}
                }
                (n >= 4).then_some(n)
            });
            let all: Vec<_> = kept.inspect(|_| seen.open()).collect();
            assert_eq!(all, [4, 5, 6, 7]);
            assert_eq!(report.stages()[0].items, 8);
        });
    });
}

/// Promise 9: by completion a worker that hands over nothing does not lose the
/// wish of a consumer that waits.
#[test]
fn a_wish_outlives_an_empty_batch() {
    watchdog("a_wish_outlives_an_empty_batch", || {
        let seen = Latch::default();
        scope(|s| {
            let builder = s.stage("keep").jobs(1).batch(2).order(Order::Completion);
            let mut kept = builder.filter_map(0..20, |n| {
                if n == 8 {
                    // The consumer waits by now, whatever came of the others.
                    let begin = std::time::Instant::now();
                    while begin.elapsed() < std::time::Duration::from_millis(2) {
                        std::thread::yield_now();
                    }
                }
                if n == 13 {
                    seen.wait();
                }
                (n >= 12).then_some(n)
            });
            assert_eq!(kept.next(), Some(12));
            seen.open();
            assert!(kept.eq(13..20));
        });
    });
}

/// Promise 9: a pool does not hold items back while its input waits: of a handle
/// it reads what is ready, of other iterators what they are certain to have.
#[test]
fn a_slow_input_holds_up_nothing() {
    watchdog("a_slow_input_holds_up_nothing", || {
        for jobs in 1..=2 {
            let taken: Vec<Latch> = (0..30).map(|_| Latch::default()).collect();
            let taken = &taken;
            let slow = move || {
                (0..30usize).inspect(move |n| {
                    if *n > 0 {
                        taken[n - 1].wait();
                    }
                })
            };
            scope(|s| {
                let read = s.stage("read").batch(8).read(slow());
                let mapped = s.stage("map").jobs(jobs).batch(8).map(read, |n| n);
                mapped.for_each(|n| taken[n].open());
            });
            scope(|s| {
                // A filter promises nothing, so each item goes on its own.
                let input = slow().filter(|_| true);
                let mapped = s.stage("map").jobs(jobs).batch(8).map(input, |n| n);
                mapped.for_each(|n| taken[n].open());
            });
        }
    });
}

/// Promise 2: without a consumer that waits, batches are full.
#[test]
fn batches_are_full() {
    watchdog("batches_are_full", || {
        let report = scope(|s| {
            let mut numbers = s.stage("read").batch(64).buffer(640).read(0..640);
            numbers.prime();
            until(&s.report(), |all| all[0].items == 640);
            let builder = s.stage("map").jobs(2).batch(64).buffer(640);
            let mut mapped = builder.map(0..640, |n| n);
            mapped.prime();
            until(&s.report(), |all| all[1].items == 640);
            at_rest(&s.report());
            assert!(numbers.eq(0..640));
            assert!(mapped.eq(0..640));
            s.report()
        });
        let batches: Vec<_> = report.stages().iter().map(|stage| stage.batches).collect();
        assert_eq!(batches, [10, 10]);
    });
}

/// Promise 2: the bound is the same with batches: pulls plus the buffer.
#[test]
fn read_ahead_is_within_the_buffer() {
    watchdog("read_ahead_is_within_the_buffer", || {
        for jobs in 1..=3 {
            for (buffer, batch) in [(0, 8), (1, 8), (5, 2), (8, 8), (20, 8)] {
                let (read, pulls) = (Tally::default(), Tally::default());
                scope(|s| {
                    let input = counted(0.., &read).inspect(|_: &u32| {
                        assert!(read.get() <= pulls.get() + buffer, "{buffer} {batch}");
                    });
                    let stage = s.stage("map").jobs(jobs).buffer(buffer).batch(batch);
                    let mut mapped = stage.map(input, |n| n);
                    for n in 0..100 {
                        pulls.add();
                        assert_eq!(mapped.next(), Some(n));
                    }
                    at_rest(&s.report());
                    assert!(read.get() <= 100 + buffer, "{buffer} {batch}");
                });
            }
        }
    });
}

/// Promise 5: of a batch that was read nothing is begun after the drop.
#[test]
fn nothing_of_a_batch_is_begun_after_the_drop() {
    watchdog("nothing_of_a_batch_is_begun_after_the_drop", || {
        let (begun, dropped) = (Tally::default(), Latch::default());
        scope(|s| {
            let mut mapped = s.stage("map").jobs(2).batch(16).map(0..100, |n| {
                begun.add();
                dropped.wait();
                n
            });
            mapped.prime();
            begun.wait_for(2);
            drop(mapped);
            dropped.open();
        });
        assert_eq!(begun.get(), 2);
    });
}

/// Promise 6: nothing of a batch behind a panic is begun once it is known, and
/// all of a batch before it is.
#[test]
fn a_panic_cuts_batches_in_order() {
    watchdog("a_panic_cuts_batches_in_order", || {
        let (begun, third) = (Tally::default(), Latch::default());
        scope(|s| {
            let report = s.report();
            let (begun, third) = (&begun, &third);
            let stage = s.stage("map").jobs(3).batch(4);
            let mut mapped = stage.map(0..12u64, move |n| {
                begun.add();
                match n {
                    // The panic of 5 is known.
                    0 => until(&report, |all| all[0].workers == 3 && all[0].running < 3),
                    5 => {
                        third.wait();
                        burst(n);
                    }
                    8 => {
                        third.open();
                        until(&report, |all| all[0].workers == 3 && all[0].running < 3);
                    }
                    _ => {}
                }
                n
            });
            let mut got = Vec::new();
            let thrown = planned(|| got.extend(mapped.by_ref()));
            assert_eq!((got, thrown), (vec![0, 1, 2, 3, 4], Planned(5)));
        });
        // 0 to 3, 4 and 5, and 8.
        assert_eq!(begun.get(), 7);
    });
}

/// Promise 6: a panic of the input stands behind the items of its own batch.
#[test]
fn a_panic_of_the_input_comes_after_its_batch() {
    watchdog("a_panic_of_the_input_comes_after_its_batch", || {
        for jobs in 1..=3 {
            scope(|s| {
                let input = (0..9u64).map(|n| if n == 6 { burst(n) } else { n });
                let mut mapped = s.stage("map").jobs(jobs).batch(4).map(input, |n| n);
                let mut got = Vec::new();
                let thrown = planned(|| got.extend(mapped.by_ref()));
                assert_eq!((got, thrown), (vec![0, 1, 2, 3, 4, 5], Planned(6)));
            });
        }
    });
}

/// Promise 9: a batch that is read when the consumer already takes what there is
/// knows of that.
#[test]
fn a_batch_that_is_read_late_knows_the_wish() {
    watchdog("a_batch_that_is_read_late_knows_the_wish", || {
        for order in [Order::Input, Order::Completion] {
            let taken: Vec<Latch> = (0..8).map(|_| Latch::default()).collect();
            let taken = &taken;
            scope(|s| {
                let input = (0..8usize).inspect(|n| {
                    let begin = std::time::Instant::now();
                    // Past all patience of the consumer.
                    while *n == 0 && begin.elapsed() < std::time::Duration::from_millis(2) {
                        std::thread::yield_now();
                    }
                });
                let stage = s.stage("map").jobs(1).batch(8).order(order);
                let mapped = stage.map(input, move |n| {
                    if n > 0 {
                        taken[n - 1].wait();
                    }
                    n
                });
                mapped.for_each(|n| taken[n].open());
            });
        }
    });
}

/// Promise 5: nor does a fold begin anything of its batch, and a body that puts
/// into a batch is stopped at its next `put`.
#[test]
fn a_drop_is_seen_within_a_batch() {
    watchdog("a_drop_is_seen_within_a_batch", || {
        let (begun, dropped) = (Tally::default(), Latch::default());
        let stopped = Latch::default();
        scope(|s| {
            let (begun, dropped, stopped) = (&begun, &dropped, &stopped);
            let stage = s.stage("fold").jobs(1).batch(16);
            let mut folded = stage.fold(
                0..100,
                |_| (),
                |(), _| {
                    begun.add();
                    dropped.wait();
                },
            );
            let mut body = s.stage("body").batch(64).generate(move |out| {
                out.put(0)?;
                begun.add();
                dropped.wait();
                let put = out.put(1);
                assert!(put.is_err(), "the next call of the engine");
                stopped.open();
                put
            });
            folded.prime();
            body.prime();
            begun.wait_for(2);
            drop((folded, body));
            dropped.open();
        });
        assert_eq!(begun.get(), 2);
        assert!(stopped.is_open());
    });
}

/// Promise 6: by completion a panic of the input comes before the items that
/// were read with it, which are not begun.
#[test]
fn by_completion_a_panic_of_the_input_comes_first() {
    watchdog("by_completion_a_panic_of_the_input_comes_first", || {
        let begun = Tally::default();
        scope(|s| {
            let input = (0..9u64).map(|n| if n == 2 { burst(n) } else { n });
            let stage = s.stage("map").jobs(1).batch(4).order(Order::Completion);
            let mut mapped = stage.map(input, |n| {
                begun.add();
                n
            });
            assert_eq!(planned(|| mapped.next()), Planned(2));
            assert_eq!(mapped.next(), None);
        });
        assert_eq!(begun.get(), 0);
    });
}

/// Promise 2: a batch is as large as there is demand for, so no size is too
/// large for memory.
#[test]
fn a_batch_may_be_as_large_as_one_likes() {
    watchdog("a_batch_may_be_as_large_as_one_likes", || {
        for batch in [1 << 40, usize::MAX] {
            for jobs in 1..=2 {
                scope(|s| {
                    let stage = s.stage("all").jobs(jobs).batch(batch);
                    assert!(stage.map(0..100, |n| n).eq(0..100));
                    let stage = s.stage("few").jobs(jobs).batch(batch).buffer(4);
                    assert!(stage.map(0..100, |n| [n; 1000]).map(|n| n[0]).eq(0..100));
                    assert!(s.stage("read").batch(batch).read(0..100).eq(0..100));
                });
            }
        }
    });
}
