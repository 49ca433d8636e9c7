//! `Handle::tee`: promises 4, 5, 6 and 9 for branches that each see all of one
//! stage.

mod support;

use std::collections::VecDeque;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;
use std::time::Duration;

use engine::{Handle, Overrun, Scope, Tee};
use proptest::prelude::*;
use support::{
    Census, Latch, Member, Planned, Tally, at_rest, burst, counted, planned, scope, until, watchdog,
};

/// Waits until the consumers stand as wanted.
fn until_shows(branch: &impl Debug, wanted: &str) {
    while !format!("{branch:?}").contains(wanted) {
        thread::yield_now();
    }
}

/// Promises 1, 2 and 4: each branch sees every item in order, and nothing is
/// read that none has asked for.
#[test]
fn each_branch_sees_every_item() {
    watchdog("each_branch_sees_every_item", || {
        let read = Tally::default();
        scope(|s| {
            let numbers = s.stage("numbers").buffer(0).read(counted(0..9, &read));
            let [mut one, mut two, mut three] = numbers.tee(4);
            at_rest(&s.report());
            assert_eq!(read.get(), 0);
            for n in 0..9 {
                assert_eq!(two.next(), Some(Ok(n)));
                at_rest(&s.report());
                assert_eq!(read.get(), n as usize + 1);
                assert_eq!(one.next(), Some(Ok(n)));
                if n >= 3 {
                    assert_eq!(three.next(), Some(Ok(n - 3)));
                }
            }
            assert_eq!((one.next(), two.next(), one.next()), (None, None, None));
            assert!(three.eq((6..9).map(Ok)));
            assert!(!one.cancelled() && !two.cancelled());
        });
    });
}

/// Promises 4 and 9: at the limit the pull is an error that says so; it has read
/// nothing, and after the other has caught up the next item comes.
#[test]
fn a_branch_too_far_ahead_is_an_error() {
    watchdog("a_branch_too_far_ahead_is_an_error", || {
        for limit in 1..=3 {
            let read = Tally::default();
            scope(|s| {
                let numbers = s.stage("numbers").buffer(0).read(counted(0.., &read));
                let [mut ahead, mut behind] = numbers.tee(limit);
                for n in 0..limit {
                    assert_eq!(ahead.next(), Some(Ok(n)));
                }
                for n in limit..limit + 5 {
                    for _ in 0..2 {
                        let error = ahead.next().unwrap().unwrap_err();
                        assert_eq!(error.limit(), limit);
                        let text = format!("the limit of {limit} queued items is reached");
                        assert!(error.to_string().starts_with(&text));
                    }
                    let at_once = ahead.pull_timeout(Duration::MAX);
                    assert!(matches!(at_once, Ok(Some(Err(_)))));
                    at_rest(&s.report());
                    assert_eq!(read.get(), n);
                    assert_eq!(behind.next(), Some(Ok(n - limit)));
                    assert_eq!(ahead.next(), Some(Ok(n)));
                }
            });
        }
    });
}

/// Promise 4: of each item there are as many clones as there are other branches
/// that live; the last one gets the item itself.
#[test]
fn the_last_branch_gets_the_original() {
    watchdog("the_last_branch_gets_the_original", || {
        let census = Census::default();
        scope(|s| {
            let endless = (0..).map(|_: u8| census.member());
            let [mut one, two, three] = s.stage("items").buffer(0).read(endless).tee(9);
            let per_item = |one: &mut Tee<'_, Member>| {
                let before = census.created();
                drop(one.next().unwrap().unwrap());
                census.created() - before
            };
            assert_eq!(per_item(&mut one), 3);
            drop(three);
            assert_eq!(per_item(&mut one), 2);
            drop(two);
            assert_eq!(per_item(&mut one), 1);
        });
        census.assert_all_dropped();
    });
}

/// Promise 5: a branch that is dropped discards what is queued for it, and no
/// longer holds up the others.
#[test]
fn a_dropped_branch_does_not_count() {
    watchdog("a_dropped_branch_does_not_count", || {
        let census = Census::default();
        scope(|s| {
            let items = (0..20).map(|n| (n, census.member()));
            let [mut one, mut two, three] = s.stage("items").buffer(0).read(items).tee(2);
            let number = |pulled: Option<Result<(i32, Member), Overrun>>| {
                pulled.map(|item| item.map(|(n, _)| n))
            };
            for n in 0..2 {
                assert_eq!(number(one.next()), Some(Ok(n)));
                assert_eq!(number(two.next()), Some(Ok(n)));
            }
            assert!(matches!(number(one.next()), Some(Err(_))));
            drop(three);
            at_rest(&s.report());
            assert_eq!(census.created(), census.dropped());
            assert_eq!(number(one.next()), Some(Ok(2)));
            drop(two);
            assert!(one.map(|item| item.unwrap().0).eq(3..20));
        });
        census.assert_all_dropped();
    });
}

/// Promise 5: the stage runs as long as one branch lives, and no longer.
#[test]
fn the_last_branch_stops_the_stage() {
    watchdog("the_last_branch_stops_the_stage", || {
        let told = Latch::default();
        scope(|s| {
            let body = s.stage("body").generate(|out| {
                while out.put(()).is_ok() {}
                told.open();
                out.put(())
            });
            let [mut one, mut two] = body.tee(1);
            assert_eq!(one.next(), Some(Ok(())));
            drop(one);
            assert_eq!((two.next(), two.next()), (Some(Ok(())), Some(Ok(()))));
            at_rest(&s.report());
            assert!(!told.is_open());
            drop(two);
            told.wait();
        });
    });
}

/// Pulls in a stage of its own, where it expects to be cancelled.
fn doomed<'scope>(
    s: &Scope<'scope, '_>,
    mut branch: Tee<'scope, i32>,
    told: &'scope Tally,
) -> Handle<'scope, ()> {
    let mut body = s.stage("doomed").generate(move |out| {
        assert_eq!(branch.next(), None);
        assert!(branch.cancelled());
        told.add();
        out.put(())
    });
    body.prime();
    body
}

/// Promises 4, 5 and 9: a branch that is cancelled, while it waits or in
/// mid-pull, leaves the stage to the others, and nothing is lost.
#[test]
fn a_cancelled_branch_leaves_the_stage_to_the_others() {
    watchdog("a_cancelled_branch_leaves_the_stage_to_the_others", || {
        let (proceed, told) = (Latch::default(), Tally::default());
        scope(|s| {
            let (proceed, told) = (&proceed, &told);
            let input = (0..3).inspect(|_| proceed.wait());
            let numbers = s.stage("slow").read(input);
            let [puller, waiter, mut heir, watch] = numbers.tee(4);
            let puller = doomed(&s, puller, told);
            until_shows(&watch, "pulling: true, waiting: 0");
            let waiter = doomed(&s, waiter, told);
            until_shows(&watch, "waiting: 1");
            drop(waiter);
            told.wait_for(1);
            thread::scope(|threads| {
                let heir = threads.spawn(move || {
                    let first = heir.next();
                    (first, heir)
                });
                until_shows(&watch, "waiting: 1");
                drop(puller);
                told.wait_for(2);
                until_shows(&watch, "pulling: true, waiting: 0");
                proceed.open();
                let (first, heir) = heir.join().unwrap();
                assert_eq!(first, Some(Ok(0)));
                assert!(heir.eq([Ok(1), Ok(2)]));
            });
            assert!(watch.eq([Ok(0), Ok(1), Ok(2)]));
        });
    });
}

/// Promise 6: a panic comes once, at the branch that pulls; another gets what is
/// queued for it and then the end; the stages above are told.
#[test]
fn a_panic_comes_at_the_branch_that_pulls() {
    watchdog("a_panic_comes_at_the_branch_that_pulls", || {
        let told = Latch::default();
        scope(|s| {
            let endless = s.stage("endless").generate(|out| {
                (0..)
                    .try_for_each(|n| out.put(n))
                    .inspect_err(|_| told.open())
            });
            let map = s.stage("map").jobs(1).buffer(0);
            let mapped = map.map(endless, |n: u64| if n == 2 { burst(n) } else { n });
            let [mut ahead, behind, waiter] = mapped.tee(5);
            assert!(ahead.by_ref().take(2).eq([Ok(0), Ok(1)]));
            assert_eq!(planned(|| ahead.next()), Planned(2));
            told.wait();
            assert_eq!(ahead.next(), None);
            assert!(behind.eq([Ok(0), Ok(1)]));
            assert!(waiter.eq([Ok(0), Ok(1)]));
        });
    });
}

/// Promise 6: branches that wait while another gets the panic get the end.
#[test]
fn branches_that_wait_end_with_a_panic() {
    watchdog("branches_that_wait_end_with_a_panic", || {
        let proceed = Latch::default();
        scope(|s| {
            let input = (7u64..9).inspect(|n| {
                proceed.wait();
                burst(*n);
            });
            let [one, two, three, watch] = s.stage("slow").read(input).tee(1);
            thread::scope(|threads| {
                let pulls = [one, two, three].map(|mut branch| {
                    threads.spawn(move || catch_unwind(AssertUnwindSafe(|| branch.next())))
                });
                until_shows(&watch, "waiting: 2");
                proceed.open();
                let got = pulls.map(|pull| pull.join().unwrap());
                let ends = got.iter().filter(|got| matches!(got, Ok(None)));
                assert_eq!(ends.count(), 2);
                let panics = got.into_iter().filter_map(Result::err);
                let panics = panics.map(|payload| planned(|| resume_unwind(payload)));
                assert!(panics.eq([Planned(7)]));
            });
            assert!(watch.eq([]));
        });
    });
}

/// The second clone of an item that is `touchy` panics.
#[derive(Debug)]
struct Touchy<'a> {
    number: u64,
    clones: &'a Tally,
    member: Member,
}

impl Clone for Touchy<'_> {
    fn clone(&self) -> Self {
        if self.number == 2 && self.clones.add() == 2 {
            burst(self.number);
        }
        let member = self.member.clone();
        Touchy { member, ..*self }
    }
}

/// Promise 6: a clone that panics does so at the branch that pulls, and the item
/// comes out of no branch; it is the end for all.
#[test]
fn a_clone_that_panics_ends_all_branches() {
    watchdog("a_clone_that_panics_ends_all_branches", || {
        let (census, clones, told) = (Census::default(), Tally::default(), Latch::default());
        scope(|s| {
            let (census, clones, told) = (&census, &clones, &told);
            let items = s.stage("items").generate(move |out| {
                let item = |number| Touchy {
                    number,
                    clones,
                    member: census.member(),
                };
                let end = (0..).try_for_each(|number| out.put(item(number)));
                end.inspect_err(|_| told.open())
            });
            let numbers = |branch: Tee<'_, Touchy<'_>>| {
                let items = branch.map(|item| item.unwrap().number);
                items.collect::<Vec<_>>()
            };
            let [mut ahead, behind, waiter] = items.tee(5);
            assert_eq!(ahead.by_ref().take(2).count(), 2);
            assert_eq!(planned(|| ahead.next()), Planned(2));
            told.wait();
            assert!(ahead.next().is_none());
            assert_eq!(numbers(behind), [0, 1]);
            assert_eq!(numbers(waiter), [0, 1]);
        });
        census.assert_all_dropped();
    });
}

/// Tells when it is cloned or dropped, and then waits.
#[derive(Debug)]
struct Slow<'a> {
    /// Opened here, and waited for.
    cloned: Option<&'a [Latch; 2]>,
    dropped: Option<&'a [Latch; 2]>,
}

fn pass(latches: Option<&[Latch; 2]>) {
    if let Some([begun, proceed]) = latches {
        begun.open();
        proceed.wait();
    }
}

impl Clone for Slow<'_> {
    fn clone(&self) -> Self {
        pass(self.cloned);
        Slow { ..*self }
    }
}

impl Drop for Slow<'_> {
    fn drop(&mut self) {
        pass(self.dropped);
    }
}

/// Promise 9: while an item is cloned, another branch gets what is queued for
/// it, and may be dropped.
#[test]
fn a_clone_may_wait_for_another_branch() {
    watchdog("a_clone_may_wait_for_another_branch", || {
        let latches = Default::default();
        scope(|s| {
            let items = [None, Some(&latches)].map(|cloned| Slow {
                cloned,
                dropped: None,
            });
            let [mut ahead, mut behind, third] = s.stage("items").read(items).tee(2);
            assert!(ahead.next().is_some());
            thread::scope(|threads| {
                threads.spawn(|| ahead.next());
                latches[0].wait();
                assert!(behind.next().is_some());
                drop(third);
                latches[1].open();
            });
            assert!(behind.next().is_some());
            assert!(behind.next().is_none());
        });
    });
}

/// Promise 9: while a branch drops its items, another can be pulled.
#[test]
fn a_drop_may_wait_for_another_branch() {
    watchdog("a_drop_may_wait_for_another_branch", || {
        let (latches, next) = (Default::default(), Tally::default());
        scope(|s| {
            let input = (0..3).map(|n| {
                next.add();
                Slow {
                    cloned: None,
                    dropped: (n == 0).then_some(&latches),
                }
            });
            let [mut one, two] = s.stage("items").buffer(0).read(input).tee(3);
            let first = one.next();
            thread::scope(|threads| {
                threads.spawn(|| drop(two));
                latches[0].wait();
                assert!(one.next().is_some());
                latches[1].open();
            });
            drop(first);
        });
    });
}

/// Promise 9: a deadline holds also while another branch pulls, and takes
/// nothing from the branches.
#[test]
fn a_deadline_holds_while_another_branch_pulls() {
    watchdog("a_deadline_holds_while_another_branch_pulls", || {
        let proceed = Latch::default();
        scope(|s| {
            let input = (0..2).inspect(|_| proceed.wait());
            let [mut one, mut two, mut three] = s.stage("slow").buffer(0).read(input).tee(2);
            let short = Duration::from_millis(1);
            one.pull_timeout(short).unwrap_err();
            thread::scope(|threads| {
                let puller = threads.spawn(|| two.next());
                until_shows(&one, "pulling: true");
                one.pull_timeout(short).unwrap_err();
                let waiter = threads.spawn(|| three.next());
                until_shows(&one, "waiting: 1");
                one.pull_timeout(Duration::ZERO).unwrap_err();
                proceed.open();
                assert_eq!(puller.join().unwrap(), Some(Ok(0)));
                assert_eq!(waiter.join().unwrap(), Some(Ok(0)));
            });
            for n in 0..2 {
                assert_eq!(one.pull_timeout(Duration::MAX), Ok(Some(Ok(n))));
            }
            assert_eq!(one.pull_timeout(Duration::MAX), Ok(None));
        });
    });
}

/// Promise 9: branches that wait get what is queued for them, though the one
/// that has pulled it has the stage again and waits there.
#[test]
fn branches_that_wait_get_what_is_queued() {
    watchdog("branches_that_wait_get_what_is_queued", || {
        let doors: [Latch; 2] = Default::default();
        scope(|s| {
            let input = (0..2usize).inspect(|n| doors[*n].wait());
            let [mut puller, one, two, watch] = s.stage("slow").buffer(0).read(input).tee(2);
            thread::scope(|threads| {
                threads.spawn(move || {
                    assert_eq!(puller.next(), Some(Ok(0)));
                    assert_eq!(puller.next(), Some(Ok(1)));
                });
                until_shows(&watch, "pulling: true");
                let waiting = [one, two].map(|mut branch| threads.spawn(move || branch.next()));
                until_shows(&watch, "waiting: 2");
                doors[0].open();
                for waiting in waiting {
                    assert_eq!(waiting.join().unwrap(), Some(Ok(0)));
                }
                doors[1].open();
            });
        });
    });
}

/// Promise 9: branches that go through stages of their own and meet in one body
/// make progress, and a limit of the read-ahead and one is enough.
#[test]
fn a_diamond_makes_progress() {
    watchdog("a_diamond_makes_progress", || {
        for (jobs, buffer) in [(1, 0), (2, 0), (1, 1), (2, 3), (4, 8)] {
            scope(|s| {
                let [left, right] = s
                    .stage("numbers")
                    .buffer(buffer)
                    .read(0..60)
                    .tee(buffer + 1);
                let side = |branch, factor| {
                    let stage = s.stage("side").jobs(jobs).buffer(buffer);
                    stage.map(branch, move |n: Result<u32, _>| n.map(|n| n * factor))
                };
                let (mut left, mut right) = (side(left, 2), side(right, 3));
                let mut zip = s.stage("zip").buffer(buffer).generate(move |out| {
                    while let (Some(left), Some(right)) = (left.next(), right.next()) {
                        out.put(left.and_then(|left| Ok(left + right?)))?;
                    }
                    Ok(())
                });
                assert!(zip.by_ref().take(50).eq((0..50).map(|n| Ok(5 * n))));
                drop(zip);
                until(&s.report(), |all| {
                    all.iter().all(|stage| stage.running == 0)
                });
            });
        }
    });
}

/// What one branch of the property test does.
#[derive(Clone, Debug)]
struct Consumer {
    /// How much it takes before it is dropped.
    taken: Option<usize>,
    hasty: bool,
    /// It pulls from a stage of its own.
    staged: bool,
}

impl Consumer {
    /// Pulls until it is neither an [`Overrun`] nor too late.
    fn pull<T: Clone>(&self, branch: &mut Tee<'_, T>) -> Option<T> {
        loop {
            let pulled = if self.hasty {
                branch.pull_timeout(Duration::from_micros(5))
            } else {
                Ok(branch.next())
            };
            match pulled {
                Ok(None) => return None,
                Ok(Some(Ok(item))) => return Some(item),
                Ok(Some(Err(_))) | Err(_) => thread::yield_now(),
            }
        }
    }

    /// What the branch gives, and whether it ends with a panic.
    fn run<'scope>(
        &self,
        s: &Scope<'scope, '_>,
        mut branch: Tee<'scope, (usize, Member)>,
    ) -> (Vec<usize>, bool) {
        let own = self.clone();
        let wanted = self.taken.unwrap_or(usize::MAX);
        let pulls = std::iter::from_fn(move || own.pull(&mut branch));
        let pulls = pulls.map(|(n, _)| n).take(wanted);
        let mut got = Vec::new();
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            if self.staged {
                got.extend(s.stage("staged").buffer(0).read(pulls));
            } else {
                // Not `extend`, which may hold back what it has at a panic.
                pulls.for_each(|n| got.push(n));
            }
        }));
        (got, panicked.is_err())
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

/// A tee as a plain list of queues.
struct Model {
    limit: usize,
    source: std::ops::Range<usize>,
    ended: bool,
    queues: Vec<Option<VecDeque<usize>>>,
}

impl Model {
    fn pull(&mut self, branch: usize) -> Option<Result<usize, usize>> {
        let own = self.queues[branch].as_mut().expect("a branch that lives");
        if let Some(item) = own.pop_front() {
            return Some(Ok(item));
        }
        let mut live = self.queues.iter_mut().flatten();
        if !self.ended && live.any(|queue| queue.len() == self.limit) {
            return Some(Err(self.limit));
        }
        let Some(item) = self.source.next() else {
            self.ended = true;
            return None;
        };
        for queue in self.queues.iter_mut().flatten() {
            queue.push_back(item);
        }
        let own = self.queues[branch].as_mut().expect("a branch that lives");
        own.pop_back().map(Ok)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Promises 4, 5 and 9: one thread that pulls and drops the branches in any
    /// order sees what plain queues give, errors included.
    #[test]
    fn a_tee_is_a_queue_for_each_branch(
        buffer in 0..4usize,
        limit in 1..4usize,
        steps in prop::collection::vec((0..4usize, prop::bool::weighted(0.95)), 0..80),
    ) {
        watchdog(format_args!("{buffer} {limit} {steps:?}"), || {
            let census = Census::default();
            scope(|s| {
                let items = (0..12).map(|n| (n, census.member()));
                let branches: [_; 4] = s.stage("items").buffer(buffer).read(items).tee(limit);
                let mut branches = branches.map(Some);
                let queues = vec![Some(VecDeque::new()); 4];
                let mut model = Model { limit, source: 0..12, ended: false, queues };
                for &(branch, pull) in &steps {
                    if !pull {
                        branches[branch] = None;
                        model.queues[branch] = None;
                    } else if let Some(tee) = &mut branches[branch] {
                        let got = tee.next().map(|item| item.map(|(n, _)| n).map_err(|e| e.limit()));
                        assert_eq!(got, model.pull(branch));
                    }
                }
            });
            census.assert_all_dropped();
        });
    }

    /// Promises 4, 5, 6 and 9: whoever pulls at the same time, whenever one
    /// leaves, and wherever a panic comes, each branch gets what it wants.
    #[test]
    fn branches_at_the_same_time_see_all(
        items in 0..30usize,
        buffer in 0..4usize,
        limit in 1..4usize,
        fault in prop::option::of(0..30usize),
        consumers in prop::array::uniform3(consumer()),
    ) {
        watchdog(format_args!("{items} {buffer} {limit} {fault:?} {consumers:?}"), || {
            let census = Census::default();
            // A panic that no branch has pulled comes from the scope.
            let got = catch_unwind(AssertUnwindSafe(|| {
                let mut got = Vec::new();
                scope(|s| {
                    let input = (0..items).map(|n| match fault {
                        Some(fault) if n == fault => burst(9),
                        _ => (n, census.member()),
                    });
                    let branches: [_; 3] = s.stage("items").buffer(buffer).read(input).tee(limit);
                    got = thread::scope(|threads| {
                        let run = |(consumer, branch): (&Consumer, _)| {
                            let (consumer, s) = (consumer.clone(), s.clone());
                            threads.spawn(move || consumer.run(&s, branch))
                        };
                        let running: Vec<_> = consumers.iter().zip(branches).map(run).collect();
                        running.into_iter().map(|consumer| consumer.join().unwrap()).collect()
                    });
                });
                got
            }));
            census.assert_all_dropped();
            let end = fault.unwrap_or(items).min(items);
            let met = consumers.iter().any(|consumer| consumer.taken.is_none_or(|taken| taken > end));
            let Ok(got) = got else {
                assert!(fault.is_some_and(|fault| fault < items) && !met);
                return;
            };
            for ((got, _), consumer) in got.iter().zip(&consumers) {
                let wanted = consumer.taken.unwrap_or(end).min(end);
                assert!(got.iter().copied().eq(0..wanted));
            }
            let panics = got.iter().filter(|(_, panicked)| *panicked).count();
            let planned = fault.is_some_and(|fault| fault < items) && met;
            assert_eq!(panics, usize::from(planned));
        });
    }
}
