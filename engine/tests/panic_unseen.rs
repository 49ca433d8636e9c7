//! Promise 6: a panic that nobody pulls is the scope's, and of several panics the
//! first one counts, also where drops panic.

mod support;

use engine::{Handle, Order};
use support::{Latch, Planned, burst, drain, planned, scope, until, watchdog};

/// Promise 6: one that nobody pulled is rethrown by the scope, whether it came
/// before the handle went or after.
#[test]
fn a_panic_that_nobody_pulled_is_rethrown_by_the_scope() {
    watchdog(
        "a_panic_that_nobody_pulled_is_rethrown_by_the_scope",
        || {
            for before in [true, false] {
                for order in [Order::Input, Order::Completion] {
                    let (dropped, begun) = (Latch::default(), Latch::default());
                    let thrown = planned(|| {
                        scope(|s| {
                            let mut mapped = s.stage("map").jobs(1).order(order).map(0..9, |n| {
                                begun.open();
                                if !before {
                                    dropped.wait();
                                }
                                burst(n + 3);
                            });
                            mapped.prime();
                            begun.wait();
                            if before {
                                until(&s.report(), |all| all[0].running == 0);
                            }
                            drop(mapped);
                            dropped.open();
                        })
                    });
                    assert_eq!(thrown, Planned(3));
                }
            }
        },
    );
}

/// Promise 6: the scope throws one panic, and its own closure's comes first.
#[test]
fn a_scope_that_unwinds_keeps_its_own_panic() {
    watchdog("a_scope_that_unwinds_keeps_its_own_panic", || {
        let thrown = planned(|| {
            scope(|s| {
                let mut mapped = s.stage("map").jobs(2).map(0..9, |n| burst(n));
                mapped.prime();
                until(&s.report(), |all| {
                    all[0].workers == 2 && all[0].running == 0
                });
                let _pending: Handle<'_, ()> = mapped;
                burst(99)
            })
        });
        assert_eq!(thrown, Planned(99));
    });
}

/// Promise 6: when a panic makes a worker drop an output, and that drop panics
/// too, the first goes to the consumer and the second to the scope.
#[test]
fn a_panic_of_a_drop_in_a_worker_is_not_lost() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                burst(2);
            }
        }
    }
    watchdog("a_panic_of_a_drop_in_a_worker_is_not_lost", || {
        let thrown = planned(|| {
            scope(|s| {
                let report = s.report();
                let input = (0u64..).inspect(move |&n| {
                    if n == 1 {
                        until(&report, |all| all[0].items == 1);
                        burst(1);
                    }
                });
                let builder = s.stage("map").jobs(2).buffer(2).order(Order::Completion);
                let mut mapped = builder.map(input, |_| Bomb);
                mapped.prime();
                until(&s.report(), |all| {
                    all[0].workers == 2 && all[0].running == 0
                });
                assert_eq!(planned(|| mapped.next()), Planned(1));
            });
        });
        assert_eq!(thrown, Planned(2));
    });
}

/// Promise 6: nobody will ever look into the queue of a forgotten handle; the
/// scope rethrows the panic in it all the same.
#[test]
fn a_panic_in_a_forgotten_handle_is_the_scopes() {
    watchdog("a_panic_in_a_forgotten_handle_is_the_scopes", || {
        for order in [Order::Input, Order::Completion] {
            let thrown = planned(|| {
                scope(|s| {
                    let report = s.report();
                    let builder = s.stage("map").jobs(2).buffer(4).order(order);
                    let mut mapped = builder.map(0..9u64, |n| if n == 2 { burst(n) } else { n });
                    mapped.prime();
                    until(&report, |all| all[0].workers == 2 && all[0].running == 0);
                    std::mem::forget(mapped);
                });
            });
            assert_eq!(thrown, Planned(2));
        }
    });
}

/// Promise 6: a state that fails to drop panics behind all outputs.
#[test]
fn a_panic_of_a_dropped_state_comes_last() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            burst(7);
        }
    }
    watchdog("a_panic_of_a_dropped_state_comes_last", || {
        scope(|s| {
            let stage = s.stage("map").jobs(1);
            let mut mapped = stage.map_init(0..5, |_| Bomb, |_, n: u32| n);
            assert_eq!(drain(&mut mapped), (vec![0, 1, 2, 3, 4], Some(Planned(7))));
        });
    });
}

/// Promise 6: a panic of the input is not lost when nobody will pull it: after a
/// drop while the input is read, behind items of its own batch, behind an error.
#[test]
fn a_panic_of_the_input_that_nobody_pulls_is_the_scopes() {
    watchdog(
        "a_panic_of_the_input_that_nobody_pulls_is_the_scopes",
        || {
            let (reading, dropped) = (Latch::default(), Latch::default());
            let thrown = planned(|| {
                scope(|s| {
                    let input = std::iter::from_fn(|| -> Option<u64> {
                        reading.open();
                        dropped.wait();
                        burst(1)
                    });
                    let mut mapped = s.stage("late").map(input, |n| n);
                    mapped.prime();
                    reading.wait();
                    drop(mapped);
                    dropped.open();
                });
            });
            assert_eq!(thrown, Planned(1));

            let dropped = Latch::default();
            let fails_at = |last| (0..4u64).map(move |n| if n == last { burst(n) } else { n });
            let thrown = planned(|| {
                scope(|s| {
                    let stage = s.stage("batch").batch(4).buffer(8);
                    let mut mapped = stage.map(fails_at(3), |n| {
                        if n == 1 {
                            dropped.wait();
                        }
                        n
                    });
                    assert_eq!(mapped.next(), Some(0));
                    drop(mapped);
                    dropped.open();
                });
            });
            assert_eq!(thrown, Planned(3));

            let thrown = planned(|| {
                scope(|s| {
                    let stage = s.stage("error").batch(4).buffer(8);
                    let tried = stage.try_map(fails_at(2), |n| if n == 1 { Err(n) } else { Ok(n) });
                    assert_eq!(tried.collect::<Vec<_>>(), [Ok(0), Err(1)]);
                });
            });
            assert_eq!(thrown, Planned(2));
        },
    );
}

/// Promise 6: of two panics of an input, in `next` and in its drop, the first is
/// rethrown.
#[test]
fn a_panic_of_an_input_comes_before_that_of_its_drop() {
    struct Bad;
    impl Drop for Bad {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                burst(2);
            }
        }
    }
    impl Iterator for Bad {
        type Item = u64;
        fn next(&mut self) -> Option<u64> {
            burst(1)
        }
    }
    watchdog("a_panic_of_an_input_comes_before_that_of_its_drop", || {
        let thrown = planned(|| scope(|s| s.stage("map").map(Bad, |n| n).count()));
        assert_eq!(thrown, Planned(1));
    });
}

/// Promise 6: where the rest of a batch cannot be dropped either, that is no
/// panic within a panic, which would end the process.
#[test]
fn a_batch_that_fails_to_drop_comes_second() {
    struct Bad(u64);
    impl Drop for Bad {
        fn drop(&mut self) {
            if self.0 == 2 {
                burst(2);
            }
        }
    }
    fn input() -> Vec<Bad> {
        (0..4).map(Bad).collect()
    }
    watchdog("a_batch_that_fails_to_drop_comes_second", || {
        let fail = |bad: Bad| {
            std::mem::forget(bad);
            burst(1)
        };
        let mapped = planned(|| scope(|s| s.stage("map").batch(4).map(input(), fail).count()));
        assert_eq!(mapped, Planned(1));
        let folded = planned(|| {
            scope(|s| {
                let stage = s.stage("fold").batch(4);
                stage.fold(input(), |_| (), |(), bad| fail(bad)).count()
            })
        });
        assert_eq!(folded, Planned(1));
    });
}
