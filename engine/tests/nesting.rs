//! Promise 14: a worker may open a scope, or start stages of its own scope.

mod support;

use engine::Scope;
use support::{Latch, Planned, Tally, burst, counted, planned, scope, until, watchdog};

/// Promise 14: scopes in workers, as deep as one likes.
#[test]
fn workers_may_open_scopes() {
    fn leaves(depth: u32) -> u32 {
        if depth == 0 {
            return 1;
        }
        scope(|s| s.stage("level").jobs(2).map([depth - 1; 2], leaves).sum())
    }
    watchdog("workers_may_open_scopes", || assert_eq!(leaves(5), 32));
}

/// Promise 14: stages of the same scope, started by its workers, as deep as one
/// likes.
#[test]
fn workers_may_start_stages() {
    fn leaves<'scope>(s: &Scope<'scope, '_>, depth: u32) -> u32 {
        if depth == 0 {
            return 1;
        }
        let own = s.clone();
        let level = s
            .stage("level")
            .jobs(2)
            .map([depth - 1; 2], move |depth| leaves(&own, depth));
        level.sum()
    }
    watchdog("workers_may_start_stages", || {
        let report = scope(|s| {
            assert_eq!(leaves(&s, 5), 32);
            s.report()
        });
        let stages = report.stages();
        assert_eq!(stages.len(), 31);
        assert!(
            stages
                .iter()
                .all(|stage| stage.items == 2 && stage.running == 0)
        );
    });
}

/// Promises 14 and 6: a panic crosses nested scopes with its payload.
#[test]
fn a_panic_crosses_scopes() {
    watchdog("a_panic_crosses_scopes", || {
        let thrown = planned(|| {
            scope(|s| {
                let outer = s.stage("outer").jobs(2).map(0..4u64, |n| {
                    scope(|s| {
                        // Nobody pulls, so it is the inner scope that throws.
                        let mut inner = s.stage("inner").jobs(1).map(0..1, |_| {
                            if n >= 2 {
                                burst(n);
                            }
                        });
                        inner.prime();
                        until(&s.report(), |all| {
                            all[0].workers == 1 && all[0].running == 0
                        });
                    });
                    n
                });
                outer.count()
            });
        });
        assert_eq!(thrown, Planned(2));
    });
}

/// Promises 14 and 5: dropping the outer handle reaches a worker that waits
/// inside a scope of its own, whose stages end with that.
#[test]
fn a_cancel_reaches_a_nested_scope() {
    watchdog("a_cancel_reaches_a_nested_scope", || {
        let (proceed, read) = (Latch::default(), Tally::default());
        let ended = Tally::default();
        scope(|s| {
            let mut outer = s.stage("outer").jobs(1).map(0..9, |_| {
                scope(|s| {
                    let input = counted(0.., &read).inspect(|_: &u32| proceed.wait());
                    let mut inner = s.stage("inner").jobs(1).map(input, |n| n);
                    assert_eq!(inner.next(), None);
                    assert!(inner.cancelled());
                    drop(inner);
                    ended.add();
                    proceed.open();
                });
            });
            outer.prime();
            read.wait_for(1);
            drop(outer);
            // The inner pull ends while the inner input is still blocked.
            ended.wait_for(1);
        });
        assert_eq!((ended.get(), read.get()), (1, 1));
    });
}

/// Promises 14 and 5: a stage that is started while the scope closes is
/// cancelled like the others, whoever starts it.
#[test]
fn a_stage_started_at_the_end_is_cancelled() {
    watchdog("a_stage_started_at_the_end_is_cancelled", || {
        let started = Latch::default();
        let ended = Tally::default();
        scope(|s| {
            let own = s.clone();
            let (started, ended) = (&started, &ended);
            let mut body = s.stage("body").generate(move |out| {
                started.open();
                while !out.cancelled() {
                    std::thread::yield_now();
                }
                // An endless stage, and a thread that nobody cancels.
                let mut late = own.stage("late").jobs(2).map(0.., |n: u32| n);
                std::thread::scope(|threads| {
                    threads.spawn(|| assert_eq!(late.by_ref().count(), 0));
                });
                assert!(late.cancelled());
                ended.add();
                out.put(())
            });
            body.prime();
            started.wait();
        });
        assert_eq!(ended.get(), 1);
    });
}
