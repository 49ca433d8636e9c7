//! Promise 7: errors are items like any other; what stops at the first one stops
//! the pipeline.

mod support;

use engine::Order;
use support::{Census, Tally, counted, scope, until, watchdog};

/// Promise 7: `collect` into a `Result` stops an endless pipeline at the first
/// error, and nothing is begun beyond the read-ahead.
#[test]
fn collect_stops_at_the_first_error() {
    watchdog("collect_stops_at_the_first_error", || {
        for (jobs, buffer) in [(1, 0), (2, 0), (2, 3), (4, 4)] {
            let (read, census) = (Tally::default(), Census::default());
            scope(|s| {
                let input = counted(0.., &read).map(|n| (n, census.member()));
                let parsed = s
                    .stage("parse")
                    .jobs(jobs)
                    .buffer(buffer)
                    .map(input, |item| {
                        let (n, member) = item;
                        if n == 6 { Err(n) } else { Ok(member) }
                    });
                let all: Result<Vec<_>, _> = parsed.collect();
                assert_eq!(all.unwrap_err(), 6);
                until(&s.report(), |all| all[0].running == 0);
            });
            // Seven pulls, the last of which got the error.
            assert!(read.get() <= 7 + buffer);
            census.assert_all_dropped();
        }
    });
}

/// Promise 7: an error is no panic: whoever pulls on gets what comes after it.
#[test]
fn an_error_ends_nothing_by_itself() {
    watchdog("an_error_ends_nothing_by_itself", || {
        scope(|s| {
            let odd = |n| if n % 2 == 0 { Err(n) } else { Ok(n) };
            let mapped = s.stage("odd").jobs(2).map(0..10, odd);
            let (good, bad): (Vec<_>, Vec<_>) = mapped.partition(Result::is_ok);
            assert_eq!((good.len(), bad.len()), (5, 5));
        });
    });
}

/// Promise 7: an error stops the stages above as well, in either order.
#[test]
fn an_error_stops_a_chain() {
    watchdog("an_error_stops_a_chain", || {
        for order in [Order::Input, Order::Completion] {
            scope(|s| {
                let source = s.stage("source").read(0..);
                let checked = s.stage("check").jobs(2).order(order).map(source, |n: u32| {
                    if n < 20 { Ok(n) } else { Err("too large") }
                });
                let last = s.stage("last").jobs(2).order(order).map(checked, |n| n);
                let sum: Result<u32, _> = last.sum();
                assert_eq!(sum, Err("too large"));
                until(&s.report(), |all| {
                    all.iter().all(|stage| stage.running == 0)
                });
            });
        }
    });
}
