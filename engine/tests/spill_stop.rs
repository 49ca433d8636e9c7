//! Promise 11 with promise 5: what becomes of a spill that is dropped, cancelled,
//! forgotten or lent.

mod support;

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use support::{Census, Latch, Member, Tally, counted, ended, scope, until, watchdog};

fn words(range: std::ops::Range<u64>) -> impl Iterator<Item = String> {
    range.map(|n| format!("word {n}"))
}

/// A number that counts itself; decoded it counts no more.
struct Counted(
    #[expect(dead_code, reason = "only to be dropped")] Option<Member>,
    u64,
);

impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.1.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Counted, D::Error> {
        Ok(Counted(None, u64::deserialize(deserializer)?))
    }
}

/// Promises 11 and 5: an infinite input ends when the spill is dropped, and
/// every value of it was dropped once.
#[test]
fn an_infinite_input_dropped_early_ends() {
    watchdog("an_infinite_input_dropped_early_ends", || {
        for (limit, taken) in [(0, 0), (0, 5), (1000, 700), (usize::MAX, 5)] {
            for shared in [false, true] {
                let census = Census::default();
                scope(|s| {
                    let endless = (0..).map(|n| Counted(Some(census.member()), n));
                    let mut spill = s.stage("endless").read(endless).spill(limit);
                    spill.prime();
                    let numbers = spill.by_ref().take(taken).map(|value| value.unwrap().1);
                    assert!(numbers.eq(0..taken as u64));
                    if shared {
                        let shared = spill.share();
                        let mut another = shared.clone();
                        drop(shared);
                        assert_eq!(another.next().unwrap().unwrap().1, taken as u64);
                    } else {
                        drop(spill);
                    }
                    // By the drop, and not by the end of the scope.
                    ended(&s.report());
                });
                census.assert_all_dropped();
            }
        }
    });
}

/// Promises 11 and 5: so it does when the input waits, or when the spill was
/// forgotten, or never started.
#[test]
fn a_spill_that_waits_is_cancelled() {
    watchdog("a_spill_that_waits_is_cancelled", || {
        let silent = |out: &mut engine::Out<'_, u8>| {
            while !out.cancelled() {
                std::thread::yield_now();
            }
            out.put(0)
        };
        scope(|s| {
            let mut spill = s.stage("silent").generate(silent).spill(10);
            assert!(spill.pull_timeout(Duration::ZERO).is_err());
            drop(spill);
            ended(&s.report());
        });
        let census = Census::default();
        scope(|s| {
            let mut spill = s.stage("silent").generate(silent).spill(10);
            assert!(spill.pull_timeout(Duration::ZERO).is_err());
            std::mem::forget(spill);
            let member = census.member();
            let unstarted = s.stage("unstarted").read((0..9u8).inspect(move |_| {
                let _held = &member;
            }));
            drop(unstarted.spill(10).share());
            census.assert_all_dropped();
        });
    });
}

/// Promises 11 and 5: the drop passes a worker that is blocked outside the
/// engine, in the encoding of a value.
#[test]
fn the_drop_passes_a_value_that_blocks() {
    struct Blocks<'a>(&'a Latch, &'a Latch);
    impl Serialize for Blocks<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            self.0.open();
            self.1.wait();
            serializer.serialize_unit()
        }
    }
    impl<'de> Deserialize<'de> for Blocks<'_> {
        fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            unreachable!("nothing is pulled")
        }
    }
    watchdog("the_drop_passes_a_value_that_blocks", || {
        let (begun, told) = (Latch::default(), Latch::default());
        scope(|s| {
            let source = s.stage("source").generate(|out| {
                while out.put(Blocks(&begun, &told)).is_ok() {}
                told.open();
                Ok(())
            });
            let mut spill = source.spill(0);
            spill.prime();
            begun.wait();
            drop(spill);
            told.wait();
        });
    });
}

/// Promises 11 and 5: a cancel reaches a body that waits for a spill, and is
/// not taken for the end.
#[test]
fn a_body_that_waits_for_a_spill_is_cancelled() {
    watchdog("a_body_that_waits_for_a_spill_is_cancelled", || {
        let (proceed, told) = (Latch::default(), Latch::default());
        scope(|s| {
            let (proceed, told) = (&proceed, &told);
            let slow = (0..1u8).inspect(|_| proceed.wait());
            let mut spill = s.stage("slow").read(slow).spill(9);
            let report = s.report();
            let mut body = s.stage("body").generate(move |out| {
                assert!(spill.next().is_none());
                assert!(spill.cancelled() && out.cancelled());
                assert!(spill.next().is_none() && spill.cancelled());
                told.open();
                out.put(())
            });
            body.prime();
            until(&report, |all| all[2].starved > Duration::ZERO);
            drop(body);
            told.wait();
            proceed.open();
        });
    });
}

/// Promises 11 and 5: a cancelled body gets no more values, though they are in
/// its hand, and starts nothing.
#[test]
fn a_cancelled_body_gets_nothing() {
    watchdog("a_cancelled_body_gets_nothing", || {
        let (has_one, dropped) = (Latch::default(), Latch::default());
        let read = Tally::default();
        let report = scope(|s| {
            let mut spill = s.stage("values").read(0..9u8).spill(1 << 20);
            spill.prime();
            ended(&s.report());
            let mut other = s.stage("other").read(counted(0..9u8, &read)).spill(9);
            let (has_one, dropped) = (&has_one, &dropped);
            let mut body = s.stage("body").generate(move |out| {
                assert_eq!(spill.next().unwrap().unwrap(), 0);
                has_one.open();
                dropped.wait();
                assert!(spill.next().is_none() && spill.cancelled());
                assert!(other.next().is_none() && other.cancelled());
                out.put(())
            });
            body.prime();
            has_one.wait();
            drop(body);
            dropped.open();
            s.report()
        });
        // The figures of a thread that was started are there after the scope.
        let spills = report
            .stages()
            .into_iter()
            .filter(|stage| stage.name == "spill");
        assert!(spills.map(|stage| stage.workers).eq([1, 0]));
        assert_eq!(read.get(), 0);
    });
}

/// Promises 11 and 5: when the scope closes, stages are cancelled one after
/// another, and a spill that was cut short is not taken for a whole one.
#[test]
fn a_scope_that_closes_is_not_the_end() {
    watchdog("a_scope_that_closes_is_not_the_end", || {
        let (waits, ended) = (Latch::default(), Tally::default());
        scope(|s| {
            let silent = s.stage("silent").generate(|out| {
                out.put(1u8)?;
                while !out.cancelled() {
                    std::thread::yield_now();
                }
                Ok(())
            });
            let mut spill = silent.spill(9);
            let (waits, ended) = (&waits, &ended);
            let mut body = s.stage("body").generate(move |out| {
                // A thread that no stage has and no cancel reaches.
                std::thread::scope(|threads| {
                    threads.spawn(move || {
                        assert_eq!(spill.next().unwrap().unwrap(), 1);
                        waits.open();
                        assert!(spill.next().is_none() && spill.cancelled());
                        ended.add();
                    });
                });
                out.put(())
            });
            body.prime();
            waits.wait();
            std::mem::forget(body);
        });
        assert_eq!(ended.get(), 1);
    });
}

/// Promises 11 and 5: a spill that was lent goes on where it was.
#[test]
fn a_lent_spill_goes_on() {
    watchdog("a_lent_spill_goes_on", || {
        scope(|outer| {
            let mut spill = outer.stage("words").read(words(0..500)).spill(100);
            scope(|inner| {
                let lent = inner.stage("lent").buffer(1);
                let lent = lent.read(spill.by_ref().take(7));
                assert_eq!(lent.map(Result::unwrap).count(), 7);
            });
            assert!(spill.map(Result::unwrap).eq(words(7..500)));
        });
    });
}
