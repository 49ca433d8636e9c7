//! Promise 6: a panic keeps its payload and its place, and is seen once.

mod support;

use std::panic::catch_unwind;

use engine::Order;
use support::{
    Census, Latch, Planned, Tally, burst, counted, drain, planned, scope, stage, until,
    until_waiting, watchdog,
};

/// Promise 6: the consumer gets the items before it, then the panic with its
/// own payload, once; the scope does not throw it again. (Others lose it.)
#[test]
fn a_panic_comes_in_its_place() {
    watchdog("a_panic_comes_in_its_place", || {
        let census = Census::default();
        for (jobs, buffer) in [(1, 0), (1, 3), (3, 0), (3, 2), (4, 9)] {
            scope(|s| {
                let items = (0..20).map(|n| (n, census.member()));
                let builder = s.stage("map").jobs(jobs).buffer(buffer);
                let mut mapped = builder.map(items, |(n, member)| {
                    if n == 7 {
                        burst(n);
                    }
                    (n, member)
                });
                let (items, thrown) = drain(&mut mapped);
                assert!(items.into_iter().map(|item| item.0).eq(0..7));
                assert_eq!(thrown, Some(Planned(7)));
            });
            census.assert_all_dropped();
        }
    });
}

/// Promise 6: an ordinary `panic!` keeps its message across a chain of stages.
#[test]
fn a_message_crosses_a_chain() {
    watchdog("a_message_crosses_a_chain", || {
        let thrown = catch_unwind(|| {
            scope(|s| {
                let first = s
                    .stage("first")
                    .read((0..9).inspect(|n| assert!(*n < 5, "no {n}")));
                let second = s.stage("second").jobs(2).map(first, |n| n);
                let third = s
                    .stage("third")
                    .jobs(2)
                    .fold(second, |_| 0, |sum, n| *sum += n);
                s.stage("last").read(third).sum::<i32>()
            })
        });
        assert_eq!(support::text(&*thrown.unwrap_err()), "no 5");
    });
}

/// Promise 6: by completion it comes at once, past what is slower.
#[test]
fn by_completion_a_panic_comes_at_once() {
    watchdog("by_completion_a_panic_comes_at_once", || {
        let seen = Latch::default();
        scope(|s| {
            let builder = s.stage("map").jobs(2).order(Order::Completion);
            let mut mapped = builder.map(0..9, |n| {
                if n == 0 {
                    seen.wait();
                } else {
                    burst(n);
                }
            });
            assert_eq!(planned(|| mapped.next()), Planned(1));
            // And then the end, though a worker still works.
            assert_eq!(mapped.next(), None);
            seen.open();
        });
    });
}

/// Promise 6: nor does it wait for outputs that are queued.
#[test]
fn by_completion_a_panic_overtakes_outputs() {
    watchdog("by_completion_a_panic_overtakes_outputs", || {
        scope(|s| {
            let builder = s.stage("map").jobs(1).buffer(5).order(Order::Completion);
            let mut mapped = builder.map(0..9, |n| if n == 3 { burst(n) } else { n });
            mapped.prime();
            until(&s.report(), |all| {
                all[0].workers == 1 && all[0].running == 0
            });
            assert_eq!(drain(&mut mapped), (vec![], Some(Planned(3))));
        });
    });
}

/// Promise 6: nor for outputs that the consumer has fetched and not pulled.
#[test]
fn by_completion_a_panic_overtakes_what_was_fetched() {
    watchdog("by_completion_a_panic_overtakes_what_was_fetched", || {
        let pulled = Latch::default();
        scope(|s| {
            let report = s.report();
            let pulled = &pulled;
            let builder = s.stage("map").jobs(1).buffer(5).order(Order::Completion);
            let mut mapped = builder.map(0..9, move |n| {
                if n == 3 {
                    pulled.wait();
                    burst(n);
                }
                n
            });
            mapped.prime();
            until(&report, |all| all[0].items == 3);
            // The worker is in item 3, so the others are handed over.
            until(&report, |all| all[0].batches == 3);
            assert_eq!(mapped.next(), Some(0));
            assert_eq!(mapped.size_hint().0, 2);
            pulled.open();
            until(&report, |all| all[0].running == 0);
            assert_eq!(mapped.size_hint().0, 0);
            assert_eq!(drain(&mut mapped), (vec![], Some(Planned(3))));
        });
    });
}

/// Promise 6: of two panics the earlier in order is rethrown, though the later
/// one came first.
#[test]
fn the_earlier_of_two_panics_is_rethrown() {
    watchdog("the_earlier_of_two_panics_is_rethrown", || {
        scope(|s| {
            let report = s.report();
            let mut mapped = s.stage("map").jobs(3).map(0..9, move |n| {
                if n == 1 {
                    // The worker of item 2 has left with its panic.
                    until(&report, |all| {
                        all[0].items >= 1 && all[0].running < all[0].workers
                    });
                }
                if n > 0 {
                    burst(n);
                }
            });
            let (items, thrown) = drain(&mut mapped);
            assert_eq!((items.len(), thrown), (1, Some(Planned(1))));
        });
    });
}

/// Promise 6: by completion the earlier one is the one that came first.
#[test]
fn by_completion_the_first_of_two_panics_is_rethrown() {
    watchdog("by_completion_the_first_of_two_panics_is_rethrown", || {
        scope(|s| {
            let (report, both) = (s.report(), Tally::default());
            let builder = s.stage("map").jobs(2).order(Order::Completion);
            let mut mapped = builder.map(0..2, move |n| {
                both.add();
                both.wait_for(2);
                if n == 0 {
                    until(&report, |all| all[0].running == 1);
                }
                burst(n)
            });
            mapped.prime();
            until(&s.report(), |all| {
                all[0].workers == 2 && all[0].running == 0
            });
            let (items, thrown): (Vec<()>, _) = drain(&mut mapped);
            assert_eq!((items.len(), thrown), (0, Some(Planned(1))));
        });
    });
}

/// Promise 6: once a panic is known nothing is begun, not even by a worker that
/// waits for its turn at the input. (Others run on.)
#[test]
fn nothing_is_begun_once_a_panic_is_known() {
    watchdog("nothing_is_begun_once_a_panic_is_known", || {
        for (name, order) in [("input", Order::Input), ("completion", Order::Completion)] {
            let (begun, read) = (Tally::default(), Tally::default());
            let (reading, seen) = (Latch::default(), Latch::default());
            let input = counted(0.., &read).inspect(|n| {
                if *n == 1 {
                    reading.open();
                    seen.wait();
                }
            });
            let report = scope(|s| {
                let report = s.report();
                let (begun, reading) = (&begun, &reading);
                let mut mapped = s
                    .stage(name)
                    .jobs(4)
                    .order(order)
                    .map(input, move |n: u64| {
                        begun.add();
                        reading.wait();
                        // The other two wait for the input, which is blocked.
                        until(&report, |all| all[0].workers == 4);
                        until_waiting(&report, 2);
                        burst(n);
                    });
                assert_eq!(planned(|| mapped.next()), Planned(0));
                seen.open();
                until(&s.report(), |all| all[0].running == 0);
                s.report()
            });
            assert_eq!((begun.get(), read.get()), (1, 2), "{name}");
            assert_eq!(stage(&report, name).items, 1);
        }
    });
}

/// Promise 6: nor while the panic waits for its turn, behind an item that is
/// still worked on. (Others start new work there.)
#[test]
fn nothing_is_begun_while_a_panic_waits_for_its_turn() {
    watchdog("nothing_is_begun_while_a_panic_waits_for_its_turn", || {
        for jobs in 2..=4 {
            let begun = Tally::default();
            scope(|s| {
                let (report, begun) = (s.report(), &begun);
                // So many have left, once all have started.
                let left = move |wanted: usize| {
                    let map = &report.stages()[0];
                    map.workers == jobs && jobs - map.running >= wanted
                };
                let mut mapped = s.stage("map").jobs(jobs).map(0..20, move |n| {
                    begun.add();
                    match n {
                        // Until the others have left, or one has gone on.
                        0 => {
                            while !left(jobs - 1) && begun.get() <= jobs {
                                std::thread::yield_now();
                            }
                        }
                        1 => {
                            begun.wait_for(jobs);
                            burst(1);
                        }
                        // Until the panic is known.
                        n if n < jobs as u64 => {
                            while !left(1) {
                                std::thread::yield_now();
                            }
                        }
                        _ => {}
                    }
                    n
                });
                assert_eq!(drain(&mut mapped), (vec![0], Some(Planned(1))));
            });
            assert_eq!(begun.get(), jobs);
        }
    });
}

/// Promise 6: neither does a worker that waits for its turn read anything once
/// the state of another could not be made.
#[test]
fn nothing_is_read_once_init_has_failed() {
    watchdog("nothing_is_read_once_init_has_failed", || {
        let (seen, read) = (Latch::default(), Tally::default());
        scope(|s| {
            let report = s.report();
            let input = counted(0u32.., &read).inspect(|_| seen.wait());
            let init = move |worker| {
                if worker == 2 {
                    // One of the others reads, and one waits for its turn.
                    until(&report, |all| all[0].workers == 3);
                    until_waiting(&report, 1);
                    burst(4);
                }
            };
            let mut folded = s.stage("fold").jobs(3).fold(input, init, |(), _| ());
            assert_eq!(planned(|| folded.next()), Planned(4));
            seen.open();
            until(&s.report(), |all| all[0].running == 0);
        });
        assert_eq!(read.get(), 1);
    });
}

/// Promise 6: a panic inside the input's `next` stands behind what was read.
#[test]
fn a_panic_of_the_input_comes_last() {
    watchdog("a_panic_of_the_input_comes_last", || {
        for jobs in 1..=4 {
            let census = Census::default();
            scope(|s| {
                let input = (0..9).map(|n| if n == 5 { burst(n) } else { census.member() });
                let mut mapped = s.stage("map").jobs(jobs).map(input, |member| member);
                let (items, thrown) = drain(&mut mapped);
                assert_eq!((items.len(), thrown), (5, Some(Planned(5))));
            });
            census.assert_all_dropped();
        }
    });
}

/// Promise 6: a generator's items come first, then its panic.
#[test]
fn a_panic_of_a_generator_comes_after_its_items() {
    watchdog("a_panic_of_a_generator_comes_after_its_items", || {
        for buffer in [0, 1, 9] {
            scope(|s| {
                let mut body = s.stage("body").buffer(buffer).generate(|out| {
                    out.put(1)?;
                    out.put(2)?;
                    burst(3)
                });
                assert_eq!(drain(&mut body), (vec![1, 2], Some(Planned(3))));
            });
        }
    });
}

/// Promise 6: so does a panic where a worker makes its state.
#[test]
fn a_panic_of_init_is_rethrown() {
    watchdog("a_panic_of_init_is_rethrown", || {
        for jobs in 1..=3 {
            let (mapping, folding) = (Tally::default(), Tally::default());
            // All of them begin, or one could do all the work for ever.
            let init = |begun: &Tally, worker| {
                begun.add();
                begun.wait_for(jobs);
                if worker == jobs - 1 {
                    burst(8)
                }
            };
            scope(|s| {
                let (map, fold) = (|w| init(&mapping, w), |w| init(&folding, w));
                let builder = s.stage("map").jobs(jobs);
                let mut mapped = builder.map_init(0.., map, |(), n: u32| n);
                let (items, thrown) = drain(&mut mapped);
                assert_eq!(thrown, Some(Planned(8)));
                assert!(items.iter().copied().eq(0..items.len() as u32));
                let mut folded = s.stage("fold").jobs(jobs).fold(0.., fold, |(), _: u32| ());
                assert_eq!(drain(&mut folded), (vec![], Some(Planned(8))));
            });
        }
    });
}

/// Promise 6: a fold that misses an item hands over no state, only the panic,
/// and its other workers end though the input does not.
#[test]
fn a_panic_of_a_fold_replaces_its_states() {
    watchdog("a_panic_of_a_fold_replaces_its_states", || {
        for jobs in 1..=4 {
            let states = Census::default();
            scope(|s| {
                let init = |_| states.member();
                let mut folded = s.stage("fold").jobs(jobs).fold(0.., init, |_, n: u64| {
                    if n == 50 {
                        burst(n);
                    }
                });
                let (items, thrown) = drain(&mut folded);
                assert_eq!((items.len(), thrown), (0, Some(Planned(50))));
            });
            states.assert_all_dropped();
        }
    });
}
