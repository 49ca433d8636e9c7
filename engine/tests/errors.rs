//! Promise 7: errors are items like any other; what stops at the first one stops
//! the pipeline.

mod support;

use engine::Order;
use support::{Census, Latch, Planned, Tally, burst, counted, planned, scope, until, watchdog};

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

/// Promise 7: after a failing `try_map` nothing new is begun, although the
/// handle is held and pulled: the error is the last item, in its place.
#[test]
fn a_failing_try_map_begins_nothing_new() {
    watchdog("a_failing_try_map_begins_nothing_new", || {
        for order in [Order::Input, Order::Completion] {
            for (jobs, batch) in [(1, 1), (3, 1), (1, 8), (3, 8)] {
                let (read, census) = (Tally::default(), Census::default());
                scope(|s| {
                    let input = counted(0.., &read).map(|n| (n, census.member()));
                    let stage = s.stage("try").jobs(jobs).batch(batch).order(order);
                    let mut tried = stage.try_map(input, |(n, member)| match n {
                        20 => Err(member),
                        n => Ok((n, member)),
                    });
                    let mut good = Vec::new();
                    let error = loop {
                        match tried.next() {
                            Some(Ok((n, _))) => good.push(n),
                            Some(Err(error)) => break Some(error),
                            None => break None,
                        }
                    };
                    assert!(error.is_some(), "the error is not lost");
                    if order == Order::Input {
                        assert!(good.into_iter().eq(0..20));
                    }
                    assert!(tried.next().is_none());
                    until(&s.report(), |all| all[0].running == 0);
                    // The other workers may have read one batch each since 20.
                    assert!(read.get() <= 20 + jobs * batch, "{}", read.get());
                });
                census.assert_all_dropped();
            }
        }
    });
}

/// Promise 7: of two errors the one that stands earlier in order comes, though
/// the later one was there first.
#[test]
fn the_earlier_of_two_errors_comes() {
    watchdog("the_earlier_of_two_errors_comes", || {
        scope(|s| {
            let report = s.report();
            let tried = s.stage("try").jobs(2).try_map(0..9, move |n| {
                if n == 0 {
                    // The worker of item 1 has left with its error.
                    until(&report, |all| all[0].workers == 2 && all[0].running == 1);
                }
                if n < 2 { Err(n) } else { Ok(n) }
            });
            assert_eq!(tried.collect::<Result<Vec<_>, _>>(), Err(0));
        });
    });
}

/// Promises 7 and 6: a panic is not lost behind an error: what was begun before
/// the error was known and panics after it is rethrown by the scope.
#[test]
fn a_panic_behind_an_error_is_the_scopes() {
    watchdog("a_panic_behind_an_error_is_the_scopes", || {
        panic_behind_an_error(false);
    });
}

/// Promises 7 and 6: nor is a panic lost that came while the error still waited
/// for its pull.
#[test]
fn a_panic_is_not_lost_behind_an_error_that_waits() {
    watchdog("a_panic_is_not_lost_behind_an_error_that_waits", || {
        panic_behind_an_error(true);
    });
}

fn panic_behind_an_error(error_waits: bool) {
    for order in [Order::Input, Order::Completion] {
        let begun = Latch::default();
        let thrown = planned(|| {
            scope(|s| {
                let (report, begun) = (s.report(), &begun);
                let stage = s.stage("try").jobs(2).order(order);
                let mut tried = stage.try_map(0..2u64, move |n| {
                    if n == 0 {
                        begun.wait();
                        return Err(n);
                    }
                    begun.open();
                    until(&report, |all| all[0].workers == 2 && all[0].running == 1);
                    burst(n);
                });
                if error_waits {
                    tried.prime();
                    until(&s.report(), |all| {
                        all[0].workers == 2 && all[0].running == 0
                    });
                }
                assert_eq!(tried.next(), Some(Err::<(), _>(0)));
                assert_eq!(tried.next(), None);
            });
        });
        assert_eq!(thrown, Planned(1));
    }
}

/// Promise 7: by completion the error is the last item, and what was finished
/// after it does not come.
#[test]
fn by_completion_nothing_comes_that_was_finished_after_the_error() {
    watchdog(
        "by_completion_nothing_comes_that_was_finished_after_the_error",
        || {
            let begun = Latch::default();
            scope(|s| {
                let (report, begun) = (s.report(), &begun);
                let stage = s.stage("try").jobs(2).order(Order::Completion);
                let mut tried = stage.try_map(0..2u64, move |n| {
                    if n == 0 {
                        begun.wait();
                        return Err(n);
                    }
                    begun.open();
                    until(&report, |all| all[0].workers == 2 && all[0].running == 1);
                    Ok(n)
                });
                tried.prime();
                until(&s.report(), |all| {
                    all[0].workers == 2 && all[0].running == 0
                });
                assert_eq!((tried.next(), tried.next()), (Some(Err(0)), None));
            });
        },
    );
}
