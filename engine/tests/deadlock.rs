//! Promise 9: every wait ends on data, demand, cancel or failure, and no lock is
//! held while user code runs. Here user code waits for other user code, which
//! would hang if the engine held a lock in between.

mod support;

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex};

use engine::{Handle, Order, Scope};
use support::{Latch, Tally, burst, planned, scope, until, watchdog};

/// Promise 9: chains of any width and depth without a buffer make progress.
/// (`buffered(0)` of others hangs for ever.)
#[test]
fn chains_without_a_buffer_make_progress() {
    watchdog("chains_without_a_buffer_make_progress", || {
        for jobs in 1..=4 {
            scope(|s| {
                let mut numbers = s.stage("numbers").buffer(0).read(0..60);
                for _ in 0..4 {
                    numbers = s.stage("map").jobs(jobs).buffer(0).map(numbers, |n| n + 1);
                }
                assert!(numbers.eq(4..64));
            });
        }
    });
}

fn diamond<'scope>(
    s: &Scope<'scope, '_>,
    jobs: usize,
    buffer: usize,
) -> Handle<'scope, (u32, u32)> {
    let map = |s: &Scope<'scope, '_>, numbers| {
        s.stage("side")
            .jobs(jobs)
            .buffer(buffer)
            .map(numbers, |n: u32| n * 2)
    };
    let mut left = map(s, s.stage("left").buffer(buffer).read(0..40));
    let mut right = map(s, s.stage("right").buffer(buffer).read(1..41));
    s.stage("zip").buffer(buffer).generate(move |out| {
        while let (Some(left), Some(right)) = (left.next(), right.next()) {
            out.put((left, right))?;
        }
        Ok(())
    })
}

/// Promise 9: so do several chains that meet in one body.
#[test]
fn chains_that_meet_make_progress() {
    watchdog("chains_that_meet_make_progress", || {
        for (jobs, buffer) in [(1, 0), (2, 0), (2, 3)] {
            scope(|s| {
                let pairs: Vec<_> = diamond(&s, jobs, buffer).collect();
                assert!(
                    pairs
                        .iter()
                        .zip(0..)
                        .all(|(pair, n)| *pair == (2 * n, 2 * n + 2))
                );
                assert_eq!(pairs.len(), 40);
                assert_eq!(diamond(&s, jobs, buffer).take(3).count(), 3);
            });
        }
    });
}

/// Promise 9: an output reaches the consumer while a worker is inside the
/// input's `next`, and that may wait for the consumer.
#[test]
fn an_input_may_wait_for_the_consumer() {
    watchdog("an_input_may_wait_for_the_consumer", || {
        for order in [Order::Input, Order::Completion] {
            let taken: Vec<Latch> = (0..6).map(|_| Latch::default()).collect();
            scope(|s| {
                let input = (0..6).inspect(|n| {
                    if *n > 0 {
                        taken[n - 1].wait();
                    }
                });
                for n in s.stage("map").jobs(3).order(order).map(input, |n| n) {
                    taken[n].open();
                }
            });
        }
    });
}

/// Promise 9: an input may use the engine itself. (`par_bridge` deadlocks when
/// its iterator uses rayon.)
#[test]
fn an_input_may_use_the_engine() {
    watchdog("an_input_may_use_the_engine", || {
        scope(|s| {
            let own = s.clone();
            let sums = (0..10u64).map(move |n| {
                let inner = scope(|s| s.stage("inner").jobs(2).map(0..n, |m| m).sum::<u64>());
                let same = own.stage("same").jobs(2).map(0..n, |m| m).sum::<u64>();
                assert!(own.report().to_string().contains("same"));
                inner + same
            });
            let total: u64 = s.stage("outer").jobs(3).map(sums, |n| n).sum();
            assert_eq!(
                total,
                (0..10).map(|n| n * (n - 1).max(0)).sum::<i64>() as u64
            );
        });
    });
}

/// Calls its closure when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Promise 9: the drop of a queued output may wait for a worker of the stage,
/// which needs the state of the stage to go on.
#[test]
fn a_drop_may_wait_for_a_worker() {
    watchdog("a_drop_may_wait_for_a_worker", || {
        let stopped = Latch::default();
        scope(|s| {
            let stopped = &stopped;
            let mut body = s.stage("body").buffer(3).generate(move |out| {
                loop {
                    if let Err(stop) = out.put(OnDrop(|| stopped.wait())) {
                        stopped.open();
                        return Err(stop);
                    }
                }
            });
            body.prime();
            until(&s.report(), |all| all[0].items == 3);
            drop(body);
        });
    });
}

/// Promise 9: the drop of an input that has ended holds up nobody who waits for
/// its end.
#[test]
fn the_drop_of_an_input_does_not_hold_up_its_end() {
    watchdog("the_drop_of_an_input_does_not_hold_up_its_end", || {
        let (both, seen) = (Tally::default(), Latch::default());
        scope(|s| {
            let guard = OnDrop(|| seen.wait());
            let input = (0..4).inspect(move |_| {
                let _held = &guard;
            });
            let meet = |_| {
                both.add();
                both.wait_for(2);
            };
            let mut folded = s.stage("fold").jobs(2).fold(input, meet, |(), _| ());
            // The one that does not drop the input.
            assert_eq!(folded.next(), Some(()));
            seen.open();
            assert_eq!(folded.count(), 1);
        });
    });
}

/// Promise 9: an input that a worker reads while its stage fails may, when it is
/// dropped, wait for the drop of the handle.
#[test]
fn the_drop_of_a_shut_input_may_wait_for_the_consumer() {
    watchdog("the_drop_of_a_shut_input_may_wait_for_the_consumer", || {
        let (reading, seen) = (Latch::default(), Latch::default());
        let (dropping, gone) = (Latch::default(), Latch::default());
        scope(|s| {
            let (reading, seen, dropping, gone) = (&reading, &seen, &dropping, &gone);
            let guard = OnDrop(move || {
                dropping.open();
                gone.wait();
            });
            let input = (0..9u64).inspect(move |n| {
                let _held = &guard;
                if *n == 1 {
                    reading.open();
                    seen.wait();
                }
            });
            let mut mapped = s.stage("map").jobs(2).map(input, |n| {
                reading.wait();
                burst(n)
            });
            let thrown = planned(|| -> Option<()> { mapped.next() });
            assert_eq!(thrown.0, 0);
            seen.open();
            dropping.wait();
            drop(mapped);
            gone.open();
        });
    });
}

/// Promise 9: after a panic the drop of the input may wait for the consumer, who
/// gets the panic first.
#[test]
fn the_drop_of_an_input_may_wait_for_the_consumer() {
    watchdog("the_drop_of_an_input_may_wait_for_the_consumer", || {
        for order in [Order::Input, Order::Completion] {
            let seen = Latch::default();
            scope(|s| {
                let guard = OnDrop(|| seen.wait());
                let input = (0..9).inspect(move |_| {
                    let _held = &guard;
                });
                let builder = s.stage("map").jobs(1).order(order);
                let mut mapped = builder.map(input, |n| -> u64 { burst(n) });
                assert_eq!(planned(|| mapped.next()).0, 0);
                seen.open();
            });
        }
    });
}

/// Promises 9 and 6: a panic's payload is not dropped under a lock, even where a
/// second panic and an output arrive after the first.
#[test]
fn the_drop_of_a_payload_may_wait_for_the_consumer() {
    watchdog("the_drop_of_a_payload_may_wait_for_the_consumer", || {
        let (seen, dropping) = (Arc::new(Latch::default()), Arc::new(Latch::default()));
        let begun = Tally::default();
        scope(|s| {
            let (begun, seen) = (&begun, &seen);
            let (report, dropping) = (s.report(), &dropping);
            let live = report.clone();
            let mut mapped = s.stage("map").jobs(3).map(0..9, move |n| {
                if n == 2 {
                    // The worker of item 0 has left with its panic.
                    until(&report, |all| all[0].workers == 3 && all[0].running == 2);
                    let (seen, dropping) = (Arc::clone(seen), Arc::clone(dropping));
                    resume_unwind(Box::new(OnDrop(move || {
                        dropping.open();
                        seen.wait();
                    })));
                }
                begun.add();
                begun.wait_for(2);
                if n == 0 {
                    burst(n);
                }
                // Now the second panic is there, or its payload is dropped.
                until(&live, |all| {
                    dropping.is_open() || (all[0].workers == 3 && all[0].running == 1)
                });
            });
            mapped.prime();
            until(&s.report(), |all| all[0].items >= 2);
            assert_eq!(planned(|| mapped.next()).0, 0);
            seen.open();
        });
    });
}

/// Promises 9 and 6: what is left over is dropped by nobody who holds a lock, and
/// the consumer was told: its drop may wait for the consumer.
#[test]
fn leftovers_do_not_hold_up_the_panic() {
    watchdog("leftovers_do_not_hold_up_the_panic", || {
        for order in [Order::Input, Order::Completion] {
            let seen = Latch::default();
            scope(|s| {
                let report = s.report();
                let waits = OnDrop(|| seen.wait());
                let input = (0..).inspect(move |_| {
                    let _held = &waits;
                });
                let seen = &seen;
                let mut mapped = s
                    .stage("map")
                    .jobs(2)
                    .order(order)
                    .map(input, move |n: u64| {
                        if n == 0 {
                            // Others stand behind this one, or before it by completion.
                            until(&report, |all| all[0].items >= 2);
                            burst(n);
                        }
                        OnDrop(|| seen.wait())
                    });
                mapped.prime();
                until(&s.report(), |all| all[0].items >= 3);
                let thrown = planned(|| mapped.by_ref().for_each(std::mem::forget));
                assert_eq!(thrown.0, 0);
                seen.open();
            });
        }
    });
}

/// Promise 9: outputs may be handles, and dropping them is no different.
#[test]
fn outputs_may_be_handles() {
    watchdog("outputs_may_be_handles", || {
        for taken in [2, 9] {
            scope(|s| {
                let own = s.clone();
                let nested = s.stage("nested").jobs(2).buffer(4).map(0..9u32, move |n| {
                    let mut handle = own.stage("inner").jobs(2).map(0..n, |m| m);
                    handle.prime();
                    handle
                });
                let sums: Vec<u32> = nested.take(taken).map(Iterator::sum).collect();
                assert!(sums.into_iter().eq((0..taken as u32).map(|n| (0..n).sum())));
            });
        }
    });
}

/// Promise 9: two folds run at once, each waiting for the other.
#[test]
fn two_folds_may_run_at_once() {
    watchdog("two_folds_may_run_at_once", || {
        let (left, right) = (Latch::default(), Latch::default());
        scope(|s| {
            let (left, right) = (&left, &right);
            let mut one = s.stage("one").fold(
                0..3,
                |_| 0,
                |sum, n| {
                    left.open();
                    right.wait();
                    *sum += n;
                },
            );
            let mut two = s.stage("two").fold(
                0..3,
                |_| 0,
                |sum, n| {
                    right.open();
                    left.wait();
                    *sum += n;
                },
            );
            one.prime();
            two.prime();
            assert_eq!((one.next(), two.next()), (Some(3), Some(3)));
        });
    });
}

/// Promise 9: many threads contend for one stage's state and nobody is left
/// behind: as many rounds as a debug build does in a moment.
#[test]
fn no_wake_up_is_lost() {
    watchdog("no_wake_up_is_lost", || {
        let total = Mutex::new(0);
        for round in 0..150 {
            let (jobs, buffer) = (1 + round % 4, round % 3);
            scope(|s| {
                let numbers = s.stage("numbers").buffer(buffer).read(0..20);
                let order = [Order::Input, Order::Completion][round % 2];
                let mapped = s.stage("map").jobs(jobs).buffer(buffer).order(order);
                let mapped = mapped.filter_map(numbers, |n| (n % 3 > 0).then_some(n));
                let count = s
                    .stage("count")
                    .jobs(jobs)
                    .fold(mapped, |_| 0, |count, _| *count += 1);
                *total.lock().unwrap() += count.sum::<usize>();
            });
        }
        assert_eq!(total.into_inner().unwrap(), 150 * 13);
    });
}
