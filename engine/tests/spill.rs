//! Promise 11: values past a limit wait in a temporary file, and nothing of
//! them changes by that.

mod support;

use std::cell::Cell;
use std::collections::HashSet;
use std::time::Duration;

use engine::{SharedSpill, Spill, SpillError};
use proptest::prelude::*;
use support::{Latch, Tally, counted, ended, scope, stage, watchdog};

fn words(range: std::ops::Range<u64>) -> impl Iterator<Item = String> {
    range.map(|n| format!("word {n}"))
}

/// Promise 1: nothing is read before the first pull, whatever is built on it.
#[test]
fn a_spill_starts_at_the_first_pull() {
    watchdog("a_spill_starts_at_the_first_pull", || {
        let read = Tally::default();
        let report = scope(|s| {
            let spill = |name| s.stage(name).read(counted(0..9, &read)).spill(0);
            let (idle, shared) = (spill("idle"), spill("idle").share());
            let another = shared.clone();
            for _ in 0..20 {
                assert_eq!(s.stage("late").read(0..50).spill(0).count(), 50);
            }
            drop((idle, another, shared));
            s.report()
        });
        assert_eq!(read.get(), 0);
        for idle in report.stages().iter().filter(|stage| stage.name == "idle") {
            assert_eq!(idle.workers, 0);
        }
    });
}

/// Promise 11: once started, all is read without any demand, and the figures
/// of the stage tell it.
#[test]
fn a_primed_spill_reads_all() {
    watchdog("a_primed_spill_reads_all", || {
        for limit in [0, 100, usize::MAX] {
            let read = Tally::default();
            scope(|s| {
                let numbers = s
                    .stage("numbers")
                    .buffer(0)
                    .read(counted(0..2000u32, &read));
                let mut spill = numbers.spill(limit);
                spill.prime();
                read.wait_for(2000);
                ended(&s.report());
                assert_eq!(stage(&s.report(), "spill").items, 2000);
                assert_eq!(spill.usage().disk > 0, limit < usize::MAX);
                spill.prime();
                assert!(spill.by_ref().map(Result::unwrap).eq(0..2000));
                assert!(spill.next().is_none() && !spill.cancelled());
            });
        }
    });
}

#[derive(Clone, Debug)]
struct Case {
    values: Vec<String>,
    limit: usize,
    clones: usize,
    /// How many values are pulled in a row, and with what patience.
    pace: Vec<(usize, bool)>,
}

fn cases() -> impl Strategy<Value = Case> {
    let value = prop_oneof![
        1 => Just(String::new()),
        6 => "\\PC{0,12}",
        1 => (0..5000usize).prop_map(|n| "large ".repeat(n)),
    ];
    let limit = prop_oneof![
        1 => Just(0),
        1 => Just(usize::MAX),
        2 => 0..200usize,
        2 => 0..20_000usize,
    ];
    (
        prop::collection::vec(value, 0..200),
        limit,
        1..4usize,
        prop::collection::vec((0..40usize, any::<bool>()), 1..9),
    )
        .prop_map(|(values, limit, clones, pace)| Case {
            values,
            limit,
            clones,
            pace,
        })
}

/// Pulls everything in turns from several consumers, now and then without
/// patience.
fn pull_all(case: &Case, spill: &SharedSpill<'_, String>) -> Vec<Vec<String>> {
    let mut clones: Vec<_> = (0..case.clones).map(|_| spill.clone()).collect();
    let mut pulled = vec![Vec::new(); case.clones];
    let mut open: HashSet<usize> = (0..case.clones).collect();
    for turn in (0..case.clones).cycle() {
        if open.is_empty() {
            return pulled;
        }
        let (count, hasty) = case.pace[pulled[turn].len() % case.pace.len()];
        for _ in 0..=count {
            let value = if hasty {
                match clones[turn].pull_timeout(Duration::ZERO) {
                    Ok(value) => value,
                    Err(_) => break,
                }
            } else {
                clones[turn].next()
            };
            match value {
                Some(value) => pulled[turn].push(value.unwrap()),
                None => {
                    open.remove(&turn);
                    break;
                }
            }
        }
    }
    pulled
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..Default::default() })]

    /// Promise 11: order and content are exact, for any values, limits, paces
    /// and numbers of consumers, compared with a plain vector.
    #[test]
    fn random_spills_equal_a_vector(case in cases()) {
        watchdog(format!("random_spills_equal_a_vector {case:?}"), || {
            let tagged: Vec<String> =
                case.values.iter().enumerate().map(|(n, text)| format!("{n:05} {text}")).collect();
            let longest = tagged.iter().map(|text| text.len() + 6).max().unwrap_or(0);
            let mut pulled = scope(|s| {
                let spill = s.stage("values").read(tagged.clone()).spill(case.limit).share();
                let pulled = pull_all(&case, &spill);
                let usage = spill.usage();
                let over = if longest > case.limit / 8 { (1 + case.clones) * longest } else { 0 };
                let bound = case.limit.saturating_add(over);
                assert!(usage.peak_memory <= bound, "{usage:?}, longest {longest}");
                assert_eq!((usage.memory, usage.disk), (0, 0));
                pulled
            });
            for own in &pulled {
                assert!(own.is_sorted(), "each consumer's are in order");
            }
            if pulled.len() == 1 {
                assert_eq!(pulled[0], tagged);
            }
            let mut all: Vec<String> = pulled.drain(..).flatten().collect();
            all.sort();
            assert_eq!(all, tagged);
        });
    }
}

/// Promise 11: memory stays under the limit, with what is encoded, written and
/// decoded, for one consumer and for six.
#[test]
fn memory_stays_under_the_limit() {
    watchdog("memory_stays_under_the_limit", || {
        for limit in [200, 5_000, 100_000, 1 << 20] {
            scope(|s| {
                let values = s.stage("values").read(words(0..300_000 / 16));
                let mut spill = values.spill(limit);
                spill.prime();
                ended(&s.report());
                let usage = spill.usage();
                assert!(usage.memory <= usage.peak_memory && usage.peak_memory <= limit);
                assert!(
                    usage.disk > 0 || usage.memory > 150_000,
                    "{limit}: {usage:?}"
                );
                // Memory is used before the disk is.
                assert!(usage.memory >= limit.min(200_000) / 2, "{limit}: {usage:?}");

                let spill = spill.share();
                let watch = spill.clone();
                let read = s
                    .stage("read")
                    .jobs(6)
                    .buffer(6)
                    .map(0..6, move |_| spill.clone().map(Result::unwrap).count());
                assert_eq!(read.sum::<usize>(), 300_000 / 16);
                let usage = watch.usage();
                assert!(usage.peak_memory <= limit, "{limit}: {usage:?}");
                assert_eq!((usage.memory, usage.disk), (0, 0));
            });
        }
    });
}

/// Promise 11: a value beyond the limit goes through the file, and is in memory
/// while it is encoded and while it is decoded.
#[test]
fn a_value_may_be_larger_than_the_limit() {
    watchdog("a_value_may_be_larger_than_the_limit", || {
        let large = 300_000;
        scope(|s| {
            let values = (0..8).map(|n| vec![n; large]);
            let mut spill = s.stage("values").read(values).spill(1_000);
            spill.prime();
            ended(&s.report());
            assert!(spill.usage().memory <= 1_000 && spill.usage().disk > 8 * large as u64);
            for n in 0..8u8 {
                assert!(spill.next().unwrap().unwrap() == vec![n; large]);
            }
            let usage = spill.usage();
            assert!(usage.peak_memory <= 1_000 + 2 * (large + 10), "{usage:?}");
        });
    });
}

/// Promises 11 and 9: no value waits for others to fill its segment; here the
/// next one comes only when the one before has arrived.
#[test]
fn a_value_is_there_at_once() {
    watchdog("a_value_is_there_at_once", || {
        for limit in [0, 100, 1 << 20] {
            for shared in [false, true] {
                let taken: Vec<Latch> = (0..300).map(|_| Latch::default()).collect();
                scope(|s| {
                    let values = (0..300usize).inspect(|n| {
                        if *n > 0 {
                            taken[n - 1].wait();
                        }
                    });
                    let spill = s.stage("values").read(values).spill(limit);
                    let pulled: Box<dyn Iterator<Item = _>> = if shared {
                        Box::new(spill.share())
                    } else {
                        Box::new(spill)
                    };
                    for n in pulled {
                        taken[n.unwrap()].open();
                    }
                });
                assert!(taken[299].is_open());
            }
        }
    });
}

/// Promise 11: a consumer that has given up waiting gets the value later.
#[test]
fn a_pull_may_time_out() {
    watchdog("a_pull_may_time_out", || {
        let proceed = Latch::default();
        scope(|s| {
            let values = (0..3).inspect(|n| {
                if *n == 1 {
                    proceed.wait();
                }
            });
            let mut spill = s.stage("values").read(values).spill(0);
            assert_eq!(spill.next().unwrap().unwrap(), 0);
            assert!(spill.pull_timeout(Duration::from_millis(1)).is_err());
            assert!(spill.pull_timeout(Duration::ZERO).is_err());
            proceed.open();
            let patience = Duration::MAX;
            assert_eq!(spill.pull_timeout(patience).unwrap().unwrap().unwrap(), 1);
            assert_eq!(spill.next().unwrap().unwrap(), 2);
            assert!(spill.pull_timeout(patience).unwrap().is_none());
        });
    });
}

/// Promises 11 and 5: two spills in a row, in a chain that is dropped early.
#[test]
fn spills_may_follow_each_other() {
    watchdog("spills_may_follow_each_other", || {
        scope(|s| {
            let first = s.stage("words").read(words(0..2000)).spill(500);
            let lengths = s
                .stage("length")
                .jobs(2)
                .map(first, |word| word.unwrap().len() as u64);
            let mut second = lengths.spill(100);
            let wanted: Vec<u64> = words(0..2000).map(|word| word.len() as u64).collect();
            let pulled = second.by_ref().take(1500).map(Result::unwrap);
            assert!(pulled.eq(wanted.into_iter().take(1500)));
            drop(second);
            ended(&s.report());
        });
    });
}

/// Promise 8: what may cross threads is part of the types.
#[test]
fn types_may_cross_threads() {
    fn send<T: Send>() {}
    fn sync<T: Sync>() {}
    send::<Spill<'static, Cell<u8>>>();
    send::<SharedSpill<'static, Cell<u8>>>();
    sync::<SharedSpill<'static, Cell<u8>>>();
    send::<SpillError>();
    sync::<SpillError>();
}
