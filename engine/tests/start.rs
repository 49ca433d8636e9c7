//! Promise 1: no body runs and no input is read before the first pull or
//! `prime`.

mod support;

use std::time::Duration;

use support::{Census, Latch, Tally, at_rest, counted, scope, stage, until, watchdog};

/// Promise 1: every kind of stage, built and never pulled, does nothing at all.
/// (Others start at construction.)
#[test]
fn nothing_runs_before_the_first_pull() {
    watchdog("nothing_runs_before_the_first_pull", || {
        let (ran, read) = (Tally::default(), Tally::default());
        let input = || counted(0..9, &read);
        let report = scope(|s| {
            let made = s.stage("idle generate").generate(|out| {
                ran.add();
                out.put(1)
            });
            let pulled = s.stage("idle read").read(input());
            let mapped = s.stage("idle map").jobs(2).map(input(), |n| {
                ran.add();
                n
            });
            let init = |_| {
                ran.add();
            };
            let kept = s.stage("idle init").map_init(input(), init, |(), n| n);
            let folded = s.stage("idle fold").fold(input(), init, |(), _| ());
            let chained = s.stage("idle chain").map(mapped, |n| n);

            // Stages that are begun later and run to their end give the others
            // more than the time that they would need.
            for _ in 0..20 {
                let late = s.stage("late").jobs(2).map(0..50, |n| n);
                assert_eq!(late.count(), 50);
            }
            for idle in s.report().stages() {
                let runs = idle.name.starts_with("idle") && idle.workers > 0;
                assert!(!runs, "{idle:?}");
            }
            drop((made, pulled, kept, folded, chained));
            s.report()
        });
        assert_eq!((ran.get(), read.get()), (0, 0));
        for idle in report.stages() {
            assert!(!idle.name.starts_with("idle") || idle.workers == 0);
        }
    });
}

/// Promise 1: `prime` starts the stage, which reads ahead as far as its buffer
/// goes.
#[test]
fn prime_starts_without_a_pull() {
    watchdog("prime_starts_without_a_pull", || {
        let read = Tally::default();
        scope(|s| {
            let input = counted(0.., &read);
            let mut numbers = s.stage("numbers").buffer(3).read(input);
            assert_eq!(read.get(), 0);
            numbers.prime();
            read.wait_for(3);
            at_rest(&s.report());
            assert_eq!(read.get(), 3);
            numbers.prime();
            assert!(numbers.take(5).eq(0..5));
        });
    });
}

/// Promises 1 and 2: strictly on demand means that even a stage that was
/// started begins nothing, and starts nothing above it.
#[test]
fn prime_with_no_buffer_begins_nothing() {
    watchdog("prime_with_no_buffer_begins_nothing", || {
        let read = Tally::default();
        scope(|s| {
            let input = counted(0.., &read);
            let numbers = s.stage("numbers").read(input);
            let mut mapped = s.stage("map").jobs(2).buffer(0).map(numbers, |n| n + 1);
            mapped.prime();
            until(&s.report(), |stages| stages[1].workers == 2);
            at_rest(&s.report());
            assert_eq!(read.get(), 0);
            assert_eq!(stage(&s.report(), "numbers").workers, 0);
            assert_eq!(mapped.next(), Some(1));
        });
    });
}

/// Promises 1 and 5: what is dropped unstarted drops its body and its input.
#[test]
fn an_unstarted_stage_drops_what_it_holds() {
    watchdog("an_unstarted_stage_drops_what_it_holds", || {
        let census = Census::default();
        scope(|s| {
            let (inner, outer) = (census.member(), census.member());
            let input = s.stage("in").read(std::iter::repeat(census.member()));
            let held = s.stage("held").jobs(2).map(input, move |_| {
                let _inner = &inner;
            });
            let body = s.stage("body").generate(move |out| {
                let _held = (outer, held);
                out.put(())
            });
            assert_eq!(census.dropped(), 0);
            drop(body);
            census.assert_all_dropped();
        });
        assert_eq!(census.created(), 3);
    });
}

/// Promises 1 and 5: a body that is told to stop starts nothing any more, though
/// its first pull comes after that.
#[test]
fn a_cancelled_body_starts_nothing() {
    watchdog("a_cancelled_body_starts_nothing", || {
        let (running, dropped) = (Latch::default(), Latch::default());
        let read = Tally::default();
        let report = scope(|s| {
            let input = counted(0.., &read);
            let mut numbers = s.stage("numbers").buffer(5).read(input);
            let (running, dropped) = (&running, &dropped);
            let mut body = s.stage("body").generate(move |out| {
                running.open();
                dropped.wait();
                assert_eq!(numbers.next(), None);
                assert!(numbers.cancelled());
                out.put(())
            });
            assert!(body.pull_timeout(Duration::ZERO).is_err());
            running.wait();
            drop(body);
            dropped.open();
            s.report()
        });
        assert_eq!(read.get(), 0);
        assert_eq!(stage(&report, "numbers").workers, 0);
    });
}
