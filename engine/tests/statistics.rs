//! Promise 12: per stage items, busy, starved and blocked; live while the scope
//! runs, final after it.

mod support;

use std::time::Duration;

use engine::{Bottleneck, Report, StageReport};
use support::{Latch, Tally, burst, planned, scope, stage, until, until_waiting, watchdog};

/// Promise 12: the times of every stage add up to its life, to the nanosecond.
fn assert_adds_up(report: &Report) {
    for stage in report.stages() {
        let sum = stage.busy + stage.starved + stage.blocked;
        assert_eq!(sum, stage.alive, "{stage:?}");
        assert!(stage.running <= stage.workers);
    }
}

/// Promise 12: items are counted per stage, whatever becomes of them, and the
/// figures outlive the scope.
#[test]
fn items_are_counted_per_stage() {
    watchdog("items_are_counted_per_stage", || {
        let report = scope(|s| {
            let read = s.stage("read").read(0..100);
            let kept = s
                .stage("keep")
                .jobs(2)
                .filter_map(read, |n| (n % 4 == 0).then_some(n));
            let made = s.stage("init").jobs(3).map_init(kept, |_| (), |(), n| n);
            let sums = s
                .stage("fold")
                .jobs(2)
                .fold(made, |_| 0, |sum, n| *sum += n);
            let _unused = s.stage("unused").read(0..3);
            assert_eq!(sums.sum::<i32>(), 1200);
            s.report()
        });
        let stages = report.stages();
        let names: Vec<_> = stages.iter().map(|stage| stage.name.as_str()).collect();
        assert_eq!(names, ["read", "keep", "init", "fold", "unused"]);
        let items: Vec<_> = stages.iter().map(|stage| stage.items).collect();
        assert_eq!(items, [100, 100, 25, 25, 0]);
        let workers: Vec<_> = stages.iter().map(|stage| stage.workers).collect();
        assert_eq!(workers, [1, 2, 3, 2, 0]);
        assert!(stages.iter().all(|stage| stage.running == 0));
        assert_adds_up(&report);
        assert_eq!(report.stages(), stages, "final");
        let table = report.to_string();
        assert!(names.iter().all(|name| table.contains(name)));
        // A heading, a row each, and the bottleneck.
        assert_eq!(table.lines().count(), 7);
        assert!(table.contains("bottleneck: "));
    });
}

/// Promise 12: while the scope runs the figures are live, and they add up at
/// every moment.
#[test]
fn live_figures_add_up() {
    watchdog("live_figures_add_up", || {
        let done = Latch::default();
        scope(|s| {
            let report = s.report();
            std::thread::scope(|threads| {
                threads.spawn(|| {
                    let mut last: Vec<StageReport> = Vec::new();
                    while !done.is_open() {
                        assert_adds_up(&report);
                        let now = report.stages();
                        for (last, now) in last.iter().zip(&now) {
                            assert!(last.items <= now.items && last.workers <= now.workers);
                        }
                        last = now;
                        std::thread::yield_now();
                    }
                });
                let read = s.stage("read").buffer(0).read(0..500);
                let mapped = s.stage("map").jobs(2).buffer(1).map(read, |n| n);
                assert_eq!(mapped.count(), 500);
                done.open();
            });
            assert_eq!(stage(&s.report(), "map").items, 500);
        });
    });
}

/// Promise 12: a wait is booked while it lasts, on the side that it is for. Each
/// of these waits would hang if it were not.
#[test]
fn waits_are_booked_on_their_side() {
    const SOME: Duration = Duration::from_micros(300);
    watchdog("waits_are_booked_on_their_side", || {
        let (proceed, inside) = (Latch::default(), Tally::default());
        let report = scope(|s| {
            let report = s.report();
            let slow = s.stage("slow").buffer(0).read((0..4).inspect(|n| {
                if *n == 1 {
                    inside.add();
                    proceed.wait();
                }
            }));
            let mut fast = s.stage("fast").jobs(1).buffer(1).map(slow, |n| n);
            assert_eq!(fast.next(), Some(0));
            inside.wait_for(1);
            // The lower stage waits for the upper one, and that for nobody.
            until(&report, |all| all[1].starved > SOME);
            let before = stage(&report, "slow");
            until(&report, |all| all[0].busy > before.busy + SOME);
            assert_eq!(stage(&report, "slow").blocked, before.blocked);
            proceed.open();
            // Now nobody pulls: both wait for demand.
            until(&report, |all| all[1].items == 2);
            let starved = stage(&report, "fast").starved;
            until(&report, |all| {
                all[1].blocked > SOME && all[0].blocked > before.blocked + SOME
            });
            assert_eq!(stage(&report, "fast").starved, starved);
            assert_eq!(fast.count(), 3);
            report
        });
        assert_adds_up(&report);
        assert_eq!(stage(&report, "slow").starved, Duration::ZERO);
    });
}

/// Promise 12: a worker that waits for its turn at the input is starved too.
#[test]
fn the_wait_for_a_turn_is_starvation() {
    watchdog("the_wait_for_a_turn_is_starvation", || {
        let proceed = Latch::default();
        let report = scope(|s| {
            let input = std::iter::once_with(|| proceed.wait());
            let mut mapped = s.stage("map").jobs(2).map(input, |()| ());
            mapped.prime();
            until_waiting(&s.report(), 1);
            let map = stage(&s.report(), "map");
            assert!(map.starved > Duration::ZERO);
            assert_eq!(map.blocked, Duration::ZERO);
            proceed.open();
            assert_eq!(mapped.count(), 1);
            s.report()
        });
        assert_adds_up(&report);
    });
}

/// Promise 12: whatever ends a stage, its figures become final.
#[test]
fn figures_are_final_after_a_panic_and_a_drop() {
    watchdog("figures_are_final_after_a_panic_and_a_drop", || {
        let mut report = None;
        let thrown = planned(|| {
            scope(|s| {
                report = Some(s.report());
                let mut endless = s.stage("endless").jobs(2).map(0.., |n: u32| n);
                endless.next();
                let mut fails = s.stage("fails").jobs(1).map(0..9, |n| burst(n + 1));
                fails.next()
            });
        });
        assert_eq!(thrown.0, 1);
        let report = report.unwrap();
        assert_adds_up(&report);
        let stages = report.stages();
        assert!(
            stages
                .iter()
                .all(|stage| stage.running == 0 && stage.workers > 0)
        );
        assert_eq!(report.stages(), stages);
    });
}

/// Works for so long, on the processor.
fn work(time: Duration) {
    let begin = std::time::Instant::now();
    while begin.elapsed() < time {
        std::hint::spin_loop();
    }
}

const SLOW: Duration = Duration::from_micros(400);

/// Promise 12: the report names the bottleneck of a pipeline whose bottleneck is
/// known by construction, wherever it is. Only one thread works at a time, so
/// that the machine's other load does not matter.
#[test]
fn the_bottleneck_is_named() {
    watchdog("the_bottleneck_is_named", || {
        for slow in ["source", "pool", "fold", "consumer"] {
            let report = scope(|s| {
                let pace = move |stage| {
                    if stage == slow {
                        work(SLOW);
                    }
                };
                let source = s
                    .stage("source")
                    .read((0..60).inspect(move |_| pace("source")));
                let pool = s.stage("pool").jobs(1).map(source, move |n| {
                    pace("pool");
                    n
                });
                let mut kept = s.stage("keep").jobs(1).filter_map(pool, Some);
                if slow == "fold" {
                    let sums = s.stage("fold").jobs(1).fold(
                        kept,
                        |_| 0,
                        move |sum, n| {
                            pace("fold");
                            *sum += n;
                        },
                    );
                    assert_eq!(sums.sum::<i32>(), (0..60).sum());
                } else {
                    assert_eq!(kept.by_ref().inspect(|_| pace("consumer")).count(), 60);
                }
                s.report()
            });
            let bottleneck = report.bottleneck().expect("it ran");
            let sentence = bottleneck.to_string();
            match bottleneck {
                Bottleneck::Stage {
                    ref name,
                    workers,
                    utilization,
                    ..
                } => {
                    assert_eq!((name.as_str(), workers), (slow, 1), "{report}");
                    assert!(utilization > 0.0 && utilization <= 1.0);
                    assert!(sentence.contains(slow));
                }
                Bottleneck::Consumer { .. } => assert_eq!(slow, "consumer", "{report}"),
                other => panic!("{other:?}\n{report}"),
            }
            assert!(report.to_string().ends_with(&format!("{sentence}\n")));
        }
    });
}

/// Promise 12: parallelism is what was used, and not what was asked for.
#[test]
fn parallelism_is_what_was_used() {
    watchdog("parallelism_is_what_was_used", || {
        let both = Tally::default();
        let report = scope(|s| {
            let both = &both;
            // One that works alone, and two that only work together.
            let one = s.stage("one").jobs(4).buffer(0);
            assert_eq!(one.map(0..40, |_| work(SLOW)).count(), 40);
            let two = s.stage("two").jobs(2).map(0..40, move |n| {
                let met = both.add();
                both.wait_for(met + met % 2);
                work(SLOW);
                n
            });
            assert_eq!(two.count(), 40);
            s.report()
        });
        let [one, two] = ["one", "two"].map(|name| stage(&report, name));
        assert!(one.parallelism() <= 1.1, "{report}");
        assert!(
            two.parallelism() > 1.1 && two.parallelism() <= 2.0,
            "{report}"
        );
        assert!(one.span <= one.alive && two.span <= two.alive);
        assert!(one.utilization() < 0.5);
        assert_eq!(StageReport::default().parallelism(), 0.0);
    });
}
