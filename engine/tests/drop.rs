//! Promise 5: dropping a handle cancels its stage and everything above it.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use engine::{Order, Stop};
use support::{
    Census, Latch, Planned, Tally, at_rest, burst, counted, planned, scope, stage, until, watchdog,
};

/// Promise 5: infinite sources end, at any length of chain and any buffer.
/// (An infinite `readahead` of others never ends.)
#[test]
fn an_infinite_source_dropped_early_ends() {
    watchdog("an_infinite_source_dropped_early_ends", || {
        let census = Census::default();
        for order in [Order::Input, Order::Completion] {
            for (jobs, buffer) in [(1, 0), (2, 0), (2, 3), (4, 8)] {
                scope(|s| {
                    let endless = (0u64..).map(|n| (n, census.member()));
                    let source = s.stage("source").buffer(buffer).read(endless);
                    let map = s.stage("map").jobs(jobs).buffer(buffer).order(order);
                    let mapped = map.map(source, |item| item);
                    let odd = s.stage("odd").jobs(jobs).buffer(buffer);
                    let odd = odd.filter_map(mapped, |(n, m)| (n % 2 == 1).then_some((n, m)));
                    assert_eq!(odd.take(5).count(), 5);
                    // The drop has ended all three, not only the scope.
                    until(&s.report(), |all| {
                        all.iter().all(|stage| stage.running == 0)
                    });
                });
                census.assert_all_dropped();
            }
        }
    });
}

/// Promise 5: a stage that never has an output is cancelled all the same.
#[test]
fn a_busy_stage_without_output_is_cancelled() {
    watchdog("a_busy_stage_without_output_is_cancelled", || {
        let read = Tally::default();
        scope(|s| {
            let none = s
                .stage("none")
                .jobs(2)
                .filter_map(counted(0.., &read), |_: u32| None::<()>);
            let mut fold = s.stage("fold").jobs(2).fold(none, |_| (), |(), ()| ());
            let mut sum =
                s.stage("sum")
                    .jobs(2)
                    .fold(counted(0u32.., &read), |_| 0, |sum, _| *sum += 1);
            fold.prime();
            sum.prime();
            read.wait_for(100);
            drop((fold, sum));
            until(&s.report(), |all| {
                all.iter().all(|stage| stage.running == 0)
            });
        });
    });
}

/// Promise 5: nothing that is queued is begun after the drop, and the drop does
/// not wait for what runs. (Others still run what is queued.)
#[test]
fn nothing_is_begun_after_the_drop() {
    watchdog("nothing_is_begun_after_the_drop", || {
        let (begun, read) = (Tally::default(), Tally::default());
        let dropped = Latch::default();
        scope(|s| {
            let source = s.stage("source").buffer(9).read(counted(0.., &read));
            let mut mapped = s.stage("map").jobs(2).buffer(9).map(source, |n: u32| {
                begun.add();
                dropped.wait();
                n
            });
            mapped.prime();
            begun.wait_for(2);
            read.wait_for(11);
            drop(mapped);
            dropped.open();
        });
        assert_eq!((begun.get(), read.get()), (2, 11));
    });
}

/// Promise 5: the stages above are told at once, though a worker in between is
/// blocked outside the engine.
#[test]
fn the_drop_passes_a_worker_that_is_blocked() {
    watchdog("the_drop_passes_a_worker_that_is_blocked", || {
        let (begun, told) = (Latch::default(), Latch::default());
        scope(|s| {
            let source = s.stage("source").generate(|out| {
                while out.put(()).is_ok() {}
                told.open();
                out.put(())
            });
            let mut mapped = s.stage("map").jobs(1).map(source, |()| {
                begun.open();
                told.wait();
            });
            mapped.prime();
            begun.wait();
            drop(mapped);
            // By the drop, and not by the end of the scope.
            told.wait();
        });
    });
}

/// Promises 5 and 6: so they are when a panic ends a stage whose handle is held.
#[test]
fn a_panic_ends_the_stages_above() {
    watchdog("a_panic_ends_the_stages_above", || {
        for order in [Order::Input, Order::Completion] {
            let told = Latch::default();
            scope(|s| {
                let source = s.stage("source").generate(|out| {
                    while out.put(()).is_ok() {}
                    told.open();
                    out.put(())
                });
                let builder = s.stage("map").jobs(1).order(order);
                let mut mapped = builder.map(source, |()| -> u32 { burst(6) });
                assert_eq!(planned(|| mapped.next()), Planned(6));
                told.wait();
            });
        }
    });
}

/// Promise 5: the cancel reaches a body that waits for its own input, and it
/// can tell that from the end of the input.
#[test]
fn a_body_that_waits_for_its_input_is_cancelled() {
    watchdog("a_body_that_waits_for_its_input_is_cancelled", || {
        let (proceed, told) = (Latch::default(), Latch::default());
        scope(|s| {
            let (proceed, told) = (&proceed, &told);
            let mut slow = s.stage("slow").read((0..1).inspect(|_| proceed.wait()));
            let report = s.report();
            let mut body = s.stage("body").generate(move |out| {
                assert_eq!(slow.next(), None);
                assert!(slow.cancelled() && out.cancelled());
                told.open();
                assert_eq!(out.put(()), Err(out.put(()).unwrap_err()));
                out.put(())
            });
            body.prime();
            until(&report, |all| all[1].starved > std::time::Duration::ZERO);
            drop(body);
            // It is told while its input is still blocked.
            told.wait();
            proceed.open();
        });
    });
}

/// Promise 5: an input that has ended is not taken for a cancelled one.
#[test]
fn an_end_is_not_a_cancel() {
    watchdog("an_end_is_not_a_cancel", || {
        scope(|s| {
            let mut one = s.stage("one").read([1]);
            let body = s.stage("body").generate(move |out| {
                for n in one.by_ref() {
                    out.put(n)?;
                }
                assert!(!one.cancelled());
                Ok(())
            });
            assert_eq!(body.count(), 1);
        });
    });
}

/// Promise 5: a `put` that waits for demand gives `Stop` when the handle goes,
/// and each one after it.
#[test]
fn a_put_that_waits_is_stopped() {
    watchdog("a_put_that_waits_is_stopped", || {
        let census = Census::default();
        let stopped = Tally::default();
        scope(|s| {
            let mut body = s.stage("body").buffer(2).generate(|out| {
                let stop: Stop = loop {
                    if let Err(stop) = out.put(census.member()) {
                        break stop;
                    }
                };
                assert_eq!(out.put(census.member()), Err(stop));
                assert!(out.cancelled());
                stopped.add();
                Err(stop)
            });
            body.prime();
            until(&s.report(), |all| all[0].items == 2);
            at_rest(&s.report());
            drop(body);
        });
        assert_eq!(stopped.get(), 1);
        census.assert_all_dropped();
    });
}

/// Promise 5: a forgotten handle cannot hang the scope, wherever the workers of
/// the chain wait: for demand, for the input, for their turn at it.
#[test]
fn a_forgotten_handle_does_not_hang_the_scope() {
    watchdog("a_forgotten_handle_does_not_hang_the_scope", || {
        for (jobs, buffer) in [(1, 0), (3, 0), (3, 2)] {
            scope(|s| {
                let source = s.stage("source").buffer(buffer).read(0..);
                let mapped = s
                    .stage("map")
                    .jobs(jobs)
                    .buffer(buffer)
                    .map(source, |n: u32| n);
                let mut last = s.stage("last").jobs(jobs).buffer(buffer).map(mapped, |n| n);
                assert_eq!(last.next(), Some(0));
                std::mem::forget(last);
                let folded = s
                    .stage("fold")
                    .jobs(jobs)
                    .fold(0.., |_| (), |(), _: u32| ());
                let mut folded = folded;
                folded.prime();
                std::mem::forget(folded);
            });
        }
    });
}

/// Promise 5: a panic of the consumer ends everything and keeps its payload.
#[test]
fn a_panic_of_the_consumer_does_not_hang_the_scope() {
    watchdog("a_panic_of_the_consumer_does_not_hang_the_scope", || {
        let census = Census::default();
        let thrown = planned(|| {
            scope(|s| {
                let source = s
                    .stage("source")
                    .read(std::iter::repeat_with(|| census.member()));
                let mut mapped = s.stage("map").jobs(2).map(source, |member| member);
                let (one, two) = (mapped.next(), mapped.next());
                std::mem::forget(mapped);
                let mut other = s.stage("other").read(one.into_iter().chain(two));
                if other.next().is_some() {
                    burst(1);
                }
            });
        });
        assert_eq!(thrown, Planned(1));
        // What the forgotten handle held is lost with it, as `forget` says.
        assert!(census.dropped() >= 2);
    });
}

/// Promise 5: created = dropped, wherever the drop comes.
#[test]
fn all_is_dropped_after_any_number_of_pulls() {
    watchdog("all_is_dropped_after_any_number_of_pulls", || {
        for taken in 0..12 {
            let (items, states) = (Census::default(), Census::default());
            scope(|s| {
                let source = (0..10).map(|_| items.member());
                let source = s.stage("source").buffer(2).read(source);
                let state = |_| states.member();
                let mapped = s
                    .stage("map")
                    .jobs(3)
                    .map_init(source, state, |_, item| item);
                assert_eq!(mapped.take(taken).count(), taken.min(10));
            });
            items.assert_all_dropped();
            states.assert_all_dropped();
            assert!(states.created() <= 3);
        }
    });
}

/// Promise 5: a handle that is lent outlives the stage that it was lent to;
/// what that stage was cancelled for does not concern it.
#[test]
fn a_lent_handle_goes_on() {
    watchdog("a_lent_handle_goes_on", || {
        let (reading, proceed) = (Latch::default(), Latch::default());
        scope(|outer| {
            let slow = (0..9).inspect(|n| {
                if *n == 3 {
                    reading.open();
                    proceed.wait();
                }
            });
            let mut numbers = outer.stage("numbers").buffer(0).read(slow);
            scope(|inner| {
                let lent = inner.stage("lent").buffer(1);
                let mut lent = lent.map(numbers.by_ref(), |n| n);
                assert!(lent.by_ref().take(3).eq(0..3));
                reading.wait();
            });
            // The inner worker was cancelled in the middle of its pull.
            assert!(numbers.cancelled());
            proceed.open();
            assert!(numbers.by_ref().eq(3..9));
            assert!(!numbers.cancelled());
        });
    });
}

/// Promise 5: a scope waits for code that is blocked outside the engine.
#[test]
fn the_scope_waits_for_what_it_cannot_cancel() {
    watchdog("the_scope_waits_for_what_it_cannot_cancel", || {
        let (blocked, proceed) = (Latch::default(), Latch::default());
        let ended = Tally::default();
        std::thread::scope(|threads| {
            let report = scope(|s| {
                let mut body = s.stage("body").generate(|out| {
                    blocked.open();
                    proceed.wait();
                    ended.add();
                    out.put(())
                });
                body.prime();
                blocked.wait();
                threads.spawn(|| proceed.open());
                s.report()
            });
            assert_eq!((ended.get(), stage(&report, "body").running), (1, 0));
        });
    });
}

/// Promise 5: an output whose drop panics does not keep the scope from ending.
#[test]
fn an_output_that_fails_to_drop_does_not_hang() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                burst(2);
            }
        }
    }
    watchdog("an_output_that_fails_to_drop_does_not_hang", || {
        let thrown = planned(|| {
            scope(|s| {
                let source = s.stage("source").read(0..);
                let mut bombs = s.stage("bombs").jobs(2).map(source, |_: u32| Bomb);
                bombs.prime();
                // A third output means that one of the first two is queued.
                until(&s.report(), |all| all[1].items >= 3);
                let dropped = catch_unwind(AssertUnwindSafe(|| drop(bombs)));
                std::panic::resume_unwind(dropped.unwrap_err());
            });
        });
        assert_eq!(thrown, Planned(2));
    });
}

/// Promise 5: after a cancel not even what was fetched is pulled.
#[test]
fn what_was_fetched_is_not_pulled_after_a_cancel() {
    watchdog("what_was_fetched_is_not_pulled_after_a_cancel", || {
        let (running, dropped) = (Latch::default(), Latch::default());
        scope(|s| {
            let mut numbers = s.stage("numbers").buffer(6).read(0..5);
            numbers.prime();
            until(&s.report(), |all| {
                all[0].workers == 1 && all[0].running == 0
            });
            let (running, dropped) = (&running, &dropped);
            let mut body = s.stage("body").generate(move |out| {
                assert_eq!(numbers.next(), Some(0));
                assert_eq!(numbers.size_hint().0, 4);
                running.open();
                dropped.wait();
                assert_eq!(numbers.next(), None);
                assert!(numbers.cancelled());
                out.put(())
            });
            body.prime();
            running.wait();
            drop(body);
            dropped.open();
        });
    });
}

/// Promise 5: an input that a worker reads at the moment of the drop goes when
/// that worker returns, whatever the others are at.
#[test]
fn an_input_that_is_read_at_the_drop_goes_too() {
    struct Gone<'a>(&'a Latch);
    impl Drop for Gone<'_> {
        fn drop(&mut self) {
            self.0.open();
        }
    }
    watchdog("an_input_that_is_read_at_the_drop_goes_too", || {
        let (reading, begun, dropped) = (Latch::default(), Latch::default(), Latch::default());
        let gone = Latch::default();
        scope(|s| {
            let (reading, begun, dropped, gone) = (&reading, &begun, &dropped, &gone);
            let guard = Gone(gone);
            let input = (0..).inspect(move |n: &u32| {
                let _held = &guard;
                if *n == 1 {
                    reading.open();
                    dropped.wait();
                }
            });
            let mut mapped = s.stage("map").jobs(2).map(input, |_| {
                begun.open();
                gone.wait();
            });
            mapped.prime();
            reading.wait();
            begun.wait();
            drop(mapped);
            assert!(!gone.is_open());
            dropped.open();
        });
    });
}
