//! Promise 3: outputs come as their inputs did, and no list grows beyond the
//! buffer plus the pulls that wait.

mod support;

use engine::Order;
use support::{Latch, Tally, at_rest, counted, scope, stage, until, watchdog};

/// Promise 3: the first item is finished last, and comes out first.
#[test]
fn outputs_come_in_the_order_of_the_input() {
    watchdog("outputs_come_in_the_order_of_the_input", || {
        let finished = Tally::default();
        scope(|s| {
            let mapped = s.stage("map").jobs(3).buffer(5).map(0..40, |n| {
                if n % 5 == 0 {
                    // This one is overtaken by all others that may be begun.
                    finished.wait_for((n + 4).min(39));
                }
                finished.add();
                n
            });
            assert!(mapped.eq(0..40));
        });
    });
}

/// Promise 3: by completion no output waits for a slower one.
#[test]
fn outputs_come_as_they_are_finished() {
    watchdog("outputs_come_as_they_are_finished", || {
        let others_taken = Latch::default();
        scope(|s| {
            let builder = s.stage("map").jobs(2).order(Order::Completion);
            let mut mapped = builder.map(0..10, |n| {
                if n == 0 {
                    others_taken.wait();
                }
                n
            });
            let others: Vec<_> = mapped.by_ref().take(9).collect();
            assert!(others.into_iter().eq(1..10));
            others_taken.open();
            assert_eq!(mapped.next(), Some(0));
            assert_eq!(mapped.next(), None);
        });
    });
}

/// Promise 3: while output 0 is not there, item `W` is not read, even if all
/// between are there or filtered out, so that no list grows.
#[test]
fn the_window_stands_while_the_first_item_is_slow() {
    watchdog("the_window_stands_while_the_first_item_is_slow", || {
        for keep_others in [true, false] {
            for (jobs, buffer) in [(2, 1), (2, 4), (3, 3)] {
                let window = buffer + 1;
                let (read, proceed) = (Tally::default(), Latch::default());
                let input = (0..30).inspect(|_| {
                    let read = read.add();
                    assert!(proceed.is_open() || read <= window, "{read} were read");
                });
                scope(|s| {
                    let builder = s.stage("map").jobs(jobs).buffer(buffer);
                    let report = s.report();
                    let (read, proceed) = (&read, &proceed);
                    let kept = builder.filter_map(input, move |n| {
                        if n == 0 {
                            read.wait_for(window);
                            // All others are done and wait for a credit.
                            until(&report, |all| all[0].items as usize == window - 1);
                            let blocked = all_blocked(&report);
                            until(&report, |_| all_blocked(&report) > blocked);
                            assert_eq!(read.get(), window);
                            proceed.open();
                        }
                        (n == 0 || keep_others).then_some(n)
                    });
                    let kept: Vec<_> = kept.collect();
                    assert!(kept.into_iter().eq(0..if keep_others { 30 } else { 1 }));
                });
            }
        }
    });
}

/// Returns how long the workers of the first stage have waited for demand.
fn all_blocked(report: &engine::Report) -> std::time::Duration {
    report.stages()[0].blocked
}

/// Promise 3: items that are filtered out behind outputs which nobody has taken
/// keep their place, so the read-ahead stays within the buffer.
#[test]
fn filtered_items_behind_an_output_count() {
    watchdog("filtered_items_behind_an_output_count", || {
        let read = Tally::default();
        scope(|s| {
            let input = counted(0..100, &read);
            let first = |n| (n % 50 == 0).then_some(n);
            let mut kept = s.stage("kept").jobs(2).buffer(4).filter_map(input, first);
            kept.prime();
            read.wait_for(4);
            at_rest(&s.report());
            assert_eq!(read.get(), 4);
            assert_eq!(kept.next(), Some(0));
            // With output 0 taken, 1..50 go, and 50 stands in front.
            read.wait_for(54);
            at_rest(&s.report());
            assert_eq!(read.get(), 54);
            assert_eq!(kept.next(), Some(50));
            assert_eq!(kept.next(), None);
            assert_eq!(stage(&s.report(), "kept").items, 100);
        });
    });
}

/// Promise 3: by completion the bound is the same.
#[test]
fn completion_is_bounded_too() {
    watchdog("completion_is_bounded_too", || {
        let read = Tally::default();
        scope(|s| {
            let input = counted(0.., &read);
            let builder = s.stage("map").jobs(3).buffer(4).order(Order::Completion);
            let mut mapped = builder.map(input, |n: u32| n);
            for pulls in 1..20 {
                assert!(mapped.next().is_some());
                read.wait_for(pulls + 4);
                assert!(read.get() <= pulls + 4);
            }
            at_rest(&s.report());
            assert_eq!(read.get(), 19 + 4);
        });
    });
}
