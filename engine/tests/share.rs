//! `Handle::share`: promises 1, 2, 4, 5, 6 and 9 for a stage that several
//! consumers pull.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;
use std::time::Duration;

use engine::Shared;
use proptest::prelude::*;
use support::{
    Census, Latch, Planned, Tally, at_rest, burst, counted, planned, scope, until_shows, watchdog,
};

/// Promises 1 and 2: nothing runs before a clone pulls, and together the clones
/// count as one pull: without a buffer nothing is read ahead.
#[test]
fn clones_work_strictly_on_demand() {
    watchdog("clones_work_strictly_on_demand", || {
        let read = Tally::default();
        scope(|s| {
            let numbers = s.stage("numbers").buffer(0).read(counted(0.., &read));
            let mut one = numbers.share();
            let mut two = one.clone();
            two.prime();
            at_rest(&s.report());
            assert_eq!(read.get(), 0);
            for n in 0..20 {
                let shared = if n % 3 == 0 { &mut one } else { &mut two };
                assert_eq!(shared.next(), Some(n));
                at_rest(&s.report());
                assert_eq!(read.get(), n as usize + 1);
            }
        });
    });
}

/// Promise 1: `prime` starts the stage, whichever clone calls it, and does not
/// wait for one that pulls.
#[test]
fn prime_starts_the_stage() {
    watchdog("prime_starts_the_stage", || {
        let (read, proceed) = (Tally::default(), Latch::default());
        scope(|s| {
            let input = counted(0..3, &read).inspect(|_| proceed.wait());
            let mut shared = s.stage("numbers").buffer(2).read(input).share();
            shared.prime();
            read.wait_for(1);
            let mut other = shared.clone();
            thread::scope(|threads| {
                threads.spawn(|| other.next());
                until_shows(&shared, "pulling: true");
                shared.prime();
                proceed.open();
            });
        });
    });
}

/// Promise 4: each item goes to exactly one clone, and each clone sees the
/// stage's order, whether stages pull, or the bodies of a pool, or threads of
/// another kind.
#[test]
fn each_item_goes_to_one_clone() {
    watchdog("each_item_goes_to_one_clone", || {
        for buffer in [0, 1, 16] {
            let census = Census::default();
            scope(|s| {
                let items = (0..400).map(|n| (n, census.member()));
                let shared = s.stage("items").buffer(buffer).read(items).share();
                let of_stages = [(); 2].map(|()| {
                    let mut shared = shared.clone();
                    s.stage("body")
                        .generate(move |out| shared.try_for_each(|(n, _)| out.put(n)))
                });
                let pool = shared.clone();
                let of_pool = s.stage("pool").jobs(3).map(0..50, move |_| {
                    let mut shared = pool.clone();
                    shared.next().map(|(n, _)| n)
                });
                let mut got = thread::scope(|threads| {
                    let of_stages = of_stages.map(|body| threads.spawn(|| body.collect()));
                    let of_pool = threads.spawn(|| of_pool.flatten().collect::<Vec<_>>());
                    let of_thread = threads.spawn(|| shared.map(|(n, _)| n).collect());
                    let got = of_stages.into_iter().chain([of_thread]);
                    let mut got: Vec<Vec<i32>> = got.map(|all| all.join().unwrap()).collect();
                    assert!(got.iter().all(|all| all.is_sorted()));
                    got.push(of_pool.join().unwrap());
                    got.concat()
                });
                got.sort_unstable();
                assert!(got.into_iter().eq(0..400));
            });
            assert_eq!(census.created(), 400);
            census.assert_all_dropped();
        }
    });
}

/// Promise 4: after the end every clone gives `None`, a later one too.
#[test]
fn every_clone_ends() {
    watchdog("every_clone_ends", || {
        scope(|s| {
            let mut one = s.stage("numbers").read(0..1).share();
            let mut two = one.clone();
            assert_eq!((one.next(), two.next(), one.next()), (Some(0), None, None));
            assert!(!one.cancelled() && !two.cancelled());
            assert_eq!(two.clone().next(), None);
            assert_eq!(two.pull_timeout(Duration::MAX), Ok(None));
        });
    });
}

/// Promise 5: the stage runs as long as one clone lives, and no longer.
#[test]
fn the_last_clone_stops_the_stage() {
    watchdog("the_last_clone_stops_the_stage", || {
        let told = Latch::default();
        scope(|s| {
            let body = s.stage("body").generate(|out| {
                while out.put(()).is_ok() {}
                told.open();
                out.put(())
            });
            let mut one = body.share();
            let mut two = one.clone();
            assert_eq!(one.next(), Some(()));
            drop(one);
            assert_eq!(two.next(), Some(()));
            at_rest(&s.report());
            assert!(!told.is_open());
            drop(two);
            told.wait();
        });
    });
}

/// Promises 5 and 9: a clone whose puller is cancelled, while it waits for
/// another or in mid-pull, leaves the stage to the others; all can tell.
#[test]
fn a_cancelled_puller_leaves_the_stage_to_the_others() {
    watchdog("a_cancelled_puller_leaves_the_stage_to_the_others", || {
        let (proceed, told) = (Latch::default(), Tally::default());
        scope(|s| {
            let (proceed, told) = (&proceed, &told);
            let input = (0..2).inspect(|_| proceed.wait());
            let mut shared = s.stage("slow").read(input).share();
            let body = |name| {
                let mut shared = shared.clone();
                let mut body = s.stage(name).generate(move |out| {
                    assert_eq!(shared.next(), None);
                    assert!(shared.cancelled());
                    told.add();
                    out.put(())
                });
                body.prime();
                body
            };
            let puller = body("puller");
            until_shows(&shared, "pulling: true, waiting: 0");
            let waiter = body("waiter");
            until_shows(&shared, "waiting: 1");
            drop(waiter);
            told.wait_for(1);
            let heir = body("heir");
            until_shows(&shared, "waiting: 1");
            drop(puller);
            told.wait_for(2);
            until_shows(&shared, "pulling: true, waiting: 0");
            let mut last = shared.clone();
            thread::scope(|threads| {
                let last = threads.spawn(move || last.next());
                until_shows(&shared, "waiting: 1");
                drop(heir);
                told.wait_for(3);
                proceed.open();
                assert_eq!(last.join().unwrap(), Some(0));
            });
            assert_eq!((shared.next(), shared.next()), (Some(1), None));
            assert!(!shared.cancelled());
        });
    });
}

/// Promises 5 and 9: a scope that closes ends all clones, and no body takes it
/// for the end of the data.
#[test]
fn a_scope_that_closes_ends_all_clones() {
    watchdog("a_scope_that_closes_ends_all_clones", || {
        let (closing, cancelled) = (Latch::default(), Tally::default());
        scope(|s| {
            let (closing, cancelled) = (&closing, &cancelled);
            let body = s.stage("never").generate(|out| {
                closing.wait();
                while !out.cancelled() {
                    thread::yield_now();
                }
                out.put(())
            });
            let shared = body.share();
            for name in ["one", "two", "three"] {
                let mut shared = shared.clone();
                let mut body = s.stage(name).generate(move |out| {
                    assert_eq!(shared.next(), None);
                    assert!(shared.cancelled());
                    cancelled.add();
                    out.put(())
                });
                body.prime();
                std::mem::forget(body);
            }
            until_shows(&shared, "waiting: 2");
            closing.open();
        });
        assert_eq!(cancelled.get(), 3);
    });
}

/// Promise 6: a panic comes once, at one clone, after the items before it; the
/// others get the end, also those that wait; the stages above are told.
#[test]
fn a_panic_comes_at_one_clone() {
    watchdog("a_panic_comes_at_one_clone", || {
        let (proceed, told) = (Latch::default(), Latch::default());
        scope(|s| {
            let endless = s.stage("endless").generate(|out| {
                (0..)
                    .try_for_each(|n| out.put(n))
                    .inspect_err(|_| told.open())
            });
            let mapped = s.stage("map").jobs(1).buffer(0).map(endless, |n: u64| {
                if n == 2 {
                    proceed.wait();
                    burst(n);
                }
                n
            });
            let mut shared = mapped.share();
            let mut other = shared.clone();
            assert_eq!((shared.next(), other.next()), (Some(0), Some(1)));
            let clones = [shared.clone(), shared.clone(), shared.clone()];
            thread::scope(|threads| {
                let pulls = clones.map(|mut clone| {
                    threads.spawn(move || catch_unwind(AssertUnwindSafe(|| clone.next())))
                });
                until_shows(&shared, "waiting: 2");
                proceed.open();
                let got = pulls.map(|pull| pull.join().unwrap());
                let (ends, panics): (Vec<_>, Vec<_>) = got.into_iter().partition(Result::is_ok);
                assert!(ends.into_iter().all(|end| matches!(end, Ok(None))));
                let panics: Vec<_> = panics.into_iter().filter_map(Result::err).collect();
                let [payload] = <[_; 1]>::try_from(panics).expect("one clone gets the panic");
                assert_eq!(planned(|| resume_unwind(payload)), Planned(2));
            });
            told.wait();
            assert_eq!((shared.next(), other.next()), (None, None));
        });
    });
}

/// Promise 9: a deadline holds also while another clone pulls, and the time that
/// one clone has lost is none for another.
#[test]
fn a_deadline_holds_while_another_clone_pulls() {
    watchdog("a_deadline_holds_while_another_clone_pulls", || {
        let proceed = Latch::default();
        scope(|s| {
            let input = (0..3).inspect(|_| proceed.wait());
            let mut shared = s.stage("slow").buffer(0).read(input).share();
            let short = Duration::from_millis(1);
            // It pulls itself.
            shared.pull_timeout(short).unwrap_err();
            let (mut puller, mut waiter) = (shared.clone(), shared.clone());
            thread::scope(|threads| {
                let puller = threads.spawn(move || puller.next());
                until_shows(&shared, "pulling: true");
                shared.pull_timeout(short).unwrap_err();
                shared.pull_timeout(Duration::ZERO).unwrap_err();
                let waiter = threads.spawn(move || waiter.next());
                until_shows(&shared, "waiting: 1");
                shared.pull_timeout(short).unwrap_err();
                proceed.open();
                let mut got = [puller.join().unwrap(), waiter.join().unwrap()];
                got.sort_unstable();
                assert_eq!(got, [Some(0), Some(1)]);
            });
            assert_eq!(shared.pull_timeout(Duration::MAX), Ok(Some(2)));
            assert_eq!(shared.pull_timeout(Duration::MAX), Ok(None));
        });
    });
}

/// What one clone of the property test does.
#[derive(Clone, Debug)]
struct Consumer {
    /// How much it takes before it is dropped.
    taken: Option<usize>,
    hasty: bool,
    /// It pulls from a stage of its own.
    staged: bool,
}

impl Consumer {
    fn pull<T>(&self, shared: &mut Shared<'_, T>) -> Option<T> {
        if !self.hasty {
            return shared.next();
        }
        loop {
            if let Ok(pulled) = shared.pull_timeout(Duration::from_micros(5)) {
                return pulled;
            }
        }
    }
}

fn consumer() -> impl Strategy<Value = Consumer> {
    let taken = prop::option::of(0..12usize);
    (taken, any::<bool>(), any::<bool>()).prop_map(|(taken, hasty, staged)| Consumer {
        taken,
        hasty,
        staged,
    })
}

/// Pulls what each of the consumers wants, all at the same time.
fn consume(
    items: usize,
    buffer: usize,
    consumers: &[Consumer],
    census: &Census,
) -> Vec<Vec<usize>> {
    scope(|s| {
        let input = (0..items).map(|n| (n, census.member()));
        let shared = s.stage("items").buffer(buffer).read(input).share();
        let clones = consumers.iter().map(|_| shared.clone()).collect::<Vec<_>>();
        drop(shared);
        thread::scope(|threads| {
            let running: Vec<_> = consumers
                .iter()
                .zip(clones)
                .map(|(consumer, mut shared)| {
                    let wanted = consumer.taken.unwrap_or(usize::MAX);
                    let own = consumer.clone();
                    let pulls = std::iter::from_fn(move || own.pull(&mut shared));
                    let pulls = pulls.map(|(n, _)| n).take(wanted);
                    if consumer.staged {
                        let stage = s.stage("staged").buffer(0).read(pulls);
                        threads.spawn(move || stage.collect::<Vec<_>>())
                    } else {
                        threads.spawn(move || pulls.collect())
                    }
                })
                .collect();
            running
                .into_iter()
                .map(|consumer| consumer.join().unwrap())
                .collect()
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Promises 2, 4, 5 and 9: whoever pulls at the same time and whenever one
    /// leaves, together the clones get what a plain iterator gives.
    #[test]
    fn clones_together_are_a_plain_iterator(
        items in 0..40usize,
        buffer in 0..4usize,
        consumers in prop::collection::vec(consumer(), 1..5),
    ) {
        watchdog(format_args!("{items} {buffer} {consumers:?}"), || {
            let census = Census::default();
            let got = consume(items, buffer, &consumers, &census);
            census.assert_all_dropped();
            assert!(got.iter().all(|all| all.is_sorted()));
            let wanted = consumers.iter().map(|consumer| consumer.taken.unwrap_or(items));
            let wanted = wanted.sum::<usize>().min(items);
            let mut all = got.concat();
            all.sort_unstable();
            // What is taken is a beginning, without a gap.
            assert!(all.into_iter().eq(0..wanted));
        });
    }

    /// Promise 4: so it is with one thread that pulls and drops the clones in
    /// any order.
    #[test]
    fn clones_in_one_thread_take_turns(
        buffer in 0..4usize,
        steps in prop::collection::vec((0..4usize, prop::bool::weighted(0.9)), 0..60),
    ) {
        watchdog(format_args!("{buffer} {steps:?}"), || scope(|s| {
            let shared = s.stage("items").buffer(buffer).read(0..30).share();
            let mut clones = [(); 4].map(|()| Some(shared.clone()));
            drop(shared);
            let mut model = 0..30;
            for &(clone, pull) in &steps {
                if !pull {
                    clones[clone] = None;
                } else if let Some(shared) = &mut clones[clone] {
                    assert_eq!(shared.next(), model.next());
                }
            }
        }));
    }
}
