//! `Handle::tee`: promises 4, 5, 6 and 9 for branches that each see all of one
//! stage.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;
use std::time::Duration;

use engine::{Handle, Overrun, Scope, Tee};
use support::{
    Census, Latch, Member, Planned, Tally, at_rest, burst, counted, planned, scope, until,
    until_shows, watchdog,
};

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
