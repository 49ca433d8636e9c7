//! Promise 11 with promises 4 and 9: several consumers of one spill.

mod support;

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use support::{Latch, Tally, burst, ended, scope, watchdog};

fn words(range: std::ops::Range<u64>) -> impl Iterator<Item = String> {
    range.map(|n| format!("word {n}"))
}

thread_local! {
    /// What this thread has decoded.
    static DECODED: Cell<u64> = const { Cell::new(0) };
}

/// A number that counts, in its thread, that it is decoded.
struct Noted(u64);

impl Serialize for Noted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Noted {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Noted, D::Error> {
        DECODED.set(DECODED.get() + 1);
        Ok(Noted(u64::deserialize(deserializer)?))
    }
}

/// Promises 11 and 4: through `share` each value goes to one consumer, and is
/// decoded once, by the worker that pulls it.
#[test]
fn values_are_decoded_once_by_their_worker() {
    watchdog("values_are_decoded_once_by_their_worker", || {
        for limit in [0, 1_000, usize::MAX] {
            let (ready, all) = (Tally::default(), Mutex::new(Vec::<u64>::new()));
            scope(|s| {
                let mut spill = s
                    .stage("numbers")
                    .read((0..3000).map(Noted))
                    .spill(limit)
                    .share();
                spill.prime();
                ended(&s.report());
                let (ready, all) = (&ready, &all);
                let counts = s.stage("pull").jobs(3).buffer(3).map(0..3, move |_| {
                    let mut own = spill.clone();
                    let mut pulled: Vec<u64> =
                        own.next().into_iter().map(|n| n.unwrap().0).collect();
                    ready.add();
                    // With all in one segment there is nothing for the others.
                    ready.wait_for(3);
                    pulled.extend(own.map(|number| number.unwrap().0));
                    assert!(pulled.is_sorted());
                    assert_eq!(DECODED.get(), pulled.len() as u64);
                    all.lock().unwrap().extend(&pulled);
                    pulled.len()
                });
                let counts: Vec<usize> = counts.collect();
                assert!(
                    limit > 0 || counts.iter().all(|count| *count > 0),
                    "{counts:?}"
                );
            });
            assert_eq!(DECODED.get(), 0);
            let mut all = all.into_inner().unwrap();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..3000));
        }
    });
}

/// A number whose decoding waits until as many are being decoded.
struct Meets(u64);

static MET: Mutex<Vec<std::sync::Arc<Tally>>> = Mutex::new(Vec::new());

impl Serialize for Meets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Meets {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Meets, D::Error> {
        let number = u64::deserialize(deserializer)?;
        let tally = MET.lock().unwrap()[0].clone();
        tally.add();
        tally.wait_for(3);
        Ok(Meets(number))
    }
}

/// Promises 11 and 9: consumers decode at the same time, without a lock.
#[test]
fn consumers_decode_at_the_same_time() {
    watchdog("consumers_decode_at_the_same_time", || {
        MET.lock().unwrap().push(std::sync::Arc::default());
        scope(|s| {
            let spill = s.stage("numbers").read((0..3).map(Meets)).spill(0).share();
            let pulled = s.stage("pull").jobs(3).buffer(3).map(0..3, move |_| {
                let mut own = spill.clone();
                own.next().map(|number| number.unwrap().0)
            });
            let mut pulled: Vec<_> = pulled.flatten().collect();
            pulled.sort_unstable();
            assert_eq!(pulled, [0, 1, 2]);
        });
    });
}

/// A number that is encoded, and dropped, when the one before has arrived.
struct Follows<'a>(usize, Option<&'a [Latch]>);

impl Follows<'_> {
    fn wait(&self) {
        if let (Some(arrived), true) = (self.1, self.0 > 0) {
            arrived[self.0 - 1].wait();
        }
    }
}

impl Serialize for Follows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.wait();
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Follows<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Follows(usize::deserialize(deserializer)?, None))
    }
}

impl Drop for Follows<'_> {
    fn drop(&mut self) {
        self.wait();
    }
}

/// Promises 11 and 9: encoding and dropping a value may wait for the consumer.
#[test]
fn encoding_may_wait_for_the_consumer() {
    watchdog("encoding_may_wait_for_the_consumer", || {
        for limit in [0, 1 << 20] {
            let arrived: Vec<Latch> = (0..50).map(|_| Latch::default()).collect();
            scope(|s| {
                let values = (0..50).map(|n| Follows(n, Some(&arrived)));
                let spill = s.stage("values").buffer(0).read(values).spill(limit);
                for value in spill {
                    arrived[value.unwrap().0].open();
                }
            });
            assert!(arrived.iter().all(Latch::is_open));
        }
    });
}

/// Promises 11 and 4: what a consumer had not decoded when it was dropped, or
/// when it panicked, goes to the others.
#[test]
fn a_consumer_that_leaves_loses_nothing() {
    watchdog("a_consumer_that_leaves_loses_nothing", || {
        for limit in [200, usize::MAX] {
            scope(|s| {
                let mut one = s.stage("words").read(words(0..900)).spill(limit).share();
                one.prime();
                ended(&s.report());
                let mut two = one.clone();
                assert_eq!(one.next().unwrap().unwrap(), "word 0");
                drop(one);
                let thrown = catch_unwind(AssertUnwindSafe(|| {
                    let mut three = two.clone();
                    assert_eq!(three.next().unwrap().unwrap(), "word 1");
                    burst(3)
                }));
                assert!(thrown.is_err());
                assert!(two.by_ref().map(Result::unwrap).eq(words(2..900)));
                assert_eq!(two.usage().memory, 0);
            });
        }
    });
}

/// Promises 11 and 9: many consumers that wait, and leave, and no wake-up lost.
#[test]
fn no_wake_up_is_lost() {
    watchdog("no_wake_up_is_lost", || {
        for round in 0..100usize {
            let total = scope(|s| {
                let words = s.stage("words").buffer(round % 3).read(words(0..60));
                let spill = words.spill([0, 60, 1 << 20][round % 3]).share();
                let pulled = s.stage("pull").jobs(4).buffer(4).map(0..4, move |n| {
                    let mut own = spill.clone();
                    let mut count = 0;
                    loop {
                        match own.pull_timeout(Duration::from_micros(20 * (n + round as u64 % 7))) {
                            Ok(Some(word)) => count += usize::from(word.is_ok()),
                            Ok(None) => return count,
                            Err(_) if n == 0 => own = spill.clone(),
                            Err(_) => {}
                        }
                    }
                });
                pulled.sum::<usize>()
            });
            assert_eq!(total, 60);
        }
    });
}
