//! `Handle::split_by`: promises 4, 5, 6 and 9 for one stage that becomes a
//! stream per key.

#[path = "support/groups.rs"]
mod groups;
mod support;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;
use std::time::Duration;

use engine::{Group, Handle, Scope};
use groups::{new, number};
use support::{
    Census, Latch, Planned, Tally, at_rest, burst, counted, planned, scope, until_shows, watchdog,
};

/// Promises 1, 2 and 4: a group appears with its first item, each has the items
/// of its key in order, and nothing is read that nobody has asked for.
#[test]
fn each_group_has_the_items_of_its_key() {
    watchdog("each_group_has_the_items_of_its_key", || {
        let read = Tally::default();
        scope(|s| {
            let numbers = s.stage("numbers").buffer(0).read(counted(0..10, &read));
            let mut groups = numbers.split_by(10, |n| n % 3);
            at_rest(&s.report());
            assert_eq!(read.get(), 0);
            let (zero, mut thirds) = new(&mut groups);
            at_rest(&s.report());
            assert_eq!((zero, read.get()), (0, 1));
            assert_eq!(thirds.next(), Some(Ok(0)));
            // Reads 1 and 2 on the way, whose groups are announced later.
            assert_eq!(thirds.next(), Some(Ok(3)));
            at_rest(&s.report());
            assert_eq!(read.get(), 4);
            let (one, ones) = new(&mut groups);
            let (two, twos) = new(&mut groups);
            assert_eq!((one, two, read.get()), (1, 2, 4));
            assert!(groups.next().is_none() && groups.next().is_none());
            assert_eq!(read.get(), 10);
            assert!(thirds.eq([Ok(6), Ok(9)]));
            assert!(ones.eq([Ok(1), Ok(4), Ok(7)]));
            assert!(twos.eq([Ok(2), Ok(5), Ok(8)]));
            assert!(!groups.cancelled());
        });
    });
}

/// Promises 4 and 9: so do groups that are inputs of stages of their own, which
/// drive the source together.
#[test]
fn groups_are_inputs_of_stages() {
    watchdog("groups_are_inputs_of_stages", || {
        for buffer in [0, 1, 8] {
            scope(|s| {
                let numbers = s.stage("numbers").buffer(buffer).read(0..300u64);
                let groups = numbers.split_by(300, |n| n % 4);
                let sums = groups.map(|new| {
                    let (key, group) = new.expect("room for all");
                    let items = s.stage("items").jobs(2).map(group, |n| n.expect("room"));
                    let mut sum = s.stage("sum").fold(items, |_| 0, |sum, n| *sum += n);
                    sum.prime();
                    (key, sum)
                });
                for (key, sum) in sums {
                    let wanted = (0..300).filter(|n| n % 4 == key).sum();
                    assert_eq!(sum.reduce(|a, b| a + b), Some(wanted));
                }
            });
        }
    });
}

/// Promise 9: at the limit the pull is an error that says so, of a group as of
/// the groups; it has read nothing, and goes on when others have been pulled.
#[test]
fn too_many_queued_items_are_an_error() {
    watchdog("too_many_queued_items_are_an_error", || {
        let read = Tally::default();
        scope(|s| {
            let numbers = s.stage("numbers").buffer(0).read(counted(0..9, &read));
            let mut groups = numbers.split_by(3, |n| n % 3);
            let (_, mut zeros) = new(&mut groups);
            let (_, mut ones) = new(&mut groups);
            assert_eq!(ones.next(), Some(Ok(1)));
            // 0, 2 and 3 are queued, one of them for a group that is not out.
            let full = ones.next().unwrap().unwrap_err();
            assert_eq!(full.limit(), 3);
            let text = "the limit of 3 queued items is reached";
            assert!(full.to_string().starts_with(text));
            let at_once = ones.pull_timeout(Duration::MAX);
            assert_eq!(at_once, Ok(Some(Err(full))));
            let (_, mut twos) = new(&mut groups);
            let overrun = groups.next().unwrap();
            assert_eq!(overrun.unwrap_err(), full);
            at_rest(&s.report());
            assert_eq!(read.get(), 4);
            assert_eq!(zeros.next(), Some(Ok(0)));
            assert_eq!(ones.next(), Some(Ok(4)));
            assert_eq!(twos.next(), Some(Ok(2)));
            assert_eq!(ones.next().unwrap().unwrap_err(), full);
            // Dropping makes room as well.
            drop(zeros);
            assert_eq!(ones.next(), Some(Ok(7)));
            drop(twos);
            assert!(groups.next().is_none() && ones.next().is_none());
        });
    });
}

/// Promise 9: those that wait while another finds no room any more find none
/// either, and do not wait on.
#[test]
fn groups_that_wait_overrun_too() {
    watchdog("groups_that_wait_overrun_too", || {
        let proceed = Latch::default();
        scope(|s| {
            let input = [0, 1, 2, 0, 0u32].into_iter().enumerate();
            let input = input.inspect(|(n, _)| {
                if *n >= 3 {
                    proceed.wait();
                }
            });
            let items = s.stage("slow").buffer(0).read(input);
            let mut groups = items.split_by(1, |(_, key)| *key);
            let [zeros, one, two] = [0, 1, 2].map(|n| {
                let (_, mut group) = new(&mut groups);
                assert!(matches!(group.next(), Some(Ok((place, _))) if place == n));
                group
            });
            thread::scope(|threads| {
                let pulls = [one, two].map(|mut group| {
                    let pull = threads.spawn(move || (group.next(), group));
                    until_shows(&groups, "pulling: true");
                    pull
                });
                let groups = threads.spawn(move || groups.next().map(|new| new.is_err()));
                until_shows(&zeros, "waiting: 2");
                proceed.open();
                for pull in pulls {
                    let (got, _) = pull.join().unwrap();
                    assert!(matches!(got, Some(Err(_))));
                }
                assert_eq!(groups.join().unwrap(), Some(true));
            });
            assert!(zeros.eq([Ok((3, 0)), Ok((4, 0))]));
        });
    });
}

/// Promise 5: a dropped group discards what is queued for it and what comes for
/// its key, which is not announced again.
#[test]
fn a_dropped_group_discards_its_key() {
    watchdog("a_dropped_group_discards_its_key", || {
        let census = Census::default();
        scope(|s| {
            let items = (0..12).map(|n| (n, census.member()));
            let items = s.stage("items").buffer(0).read(items);
            let mut groups = items.split_by(2, |(n, _)| n % 2);
            let (_, evens) = new(&mut groups);
            let (_, mut odds) = new(&mut groups);
            assert_eq!(number(&mut odds), Some(1));
            drop(evens);
            assert_eq!(census.dropped(), census.created());
            for n in [3, 5, 7, 9, 11] {
                assert_eq!(number(&mut odds), Some(n));
                assert_eq!(census.dropped(), census.created());
            }
            assert!(groups.next().is_none());
        });
        census.assert_all_dropped();
    });
}

/// Promise 5: without the groups' iterator the items of groups that never came
/// out are discarded; those that are out go on.
#[test]
fn dropped_groups_discard_what_is_not_out() {
    watchdog("dropped_groups_discard_what_is_not_out", || {
        let census = Census::default();
        scope(|s| {
            let items = (0..16).map(|n| (n, census.member()));
            let items = s.stage("items").buffer(0).read(items);
            let mut groups = items.split_by(3, |(n, _)| n % 4);
            let (_, mut zeros) = new(&mut groups);
            assert_eq!(number(&mut zeros), Some(0));
            let overrun = zeros.next().unwrap();
            assert_eq!(overrun.err().map(|error| error.limit()), Some(3));
            drop(groups);
            at_rest(&s.report());
            assert_eq!(census.dropped(), census.created());
            for n in [4, 8, 12] {
                assert_eq!(number(&mut zeros), Some(n));
                assert_eq!(census.dropped(), census.created());
            }
            assert!(zeros.next().is_none());
        });
        census.assert_all_dropped();
    });
}

/// Promise 5: the stage runs as long as the iterator or a group lives, and no
/// longer.
#[test]
fn the_last_group_stops_the_stage() {
    watchdog("the_last_group_stops_the_stage", || {
        let told = Latch::default();
        scope(|s| {
            let body = s.stage("body").generate(|out| {
                let end = (0..).try_for_each(|n: u32| out.put(n));
                end.inspect_err(|_| told.open())
            });
            let mut groups = body.split_by(9, |n| n % 2);
            let (_, evens) = new(&mut groups);
            let (_, mut odds) = new(&mut groups);
            drop((groups, evens));
            assert!(odds.by_ref().take(3).eq([Ok(1), Ok(3), Ok(5)]));
            at_rest(&s.report());
            assert!(!told.is_open());
            drop(odds);
            told.wait();
        });
    });
}

/// Pulls in a stage of its own, where it expects to be cancelled.
fn doomed<'scope>(
    s: &Scope<'scope, '_>,
    mut group: Group<'scope, u32, u32>,
    told: &'scope Tally,
) -> Handle<'scope, ()> {
    let mut body = s.stage("doomed").generate(move |out| {
        assert_eq!(group.next(), None);
        assert!(group.cancelled());
        told.add();
        out.put(())
    });
    body.prime();
    body
}

/// Promises 4, 5 and 9: a group that is cancelled, while it waits or in
/// mid-pull, leaves the stage to the others, and nothing is lost.
#[test]
fn a_cancelled_group_leaves_the_stage_to_the_others() {
    watchdog("a_cancelled_group_leaves_the_stage_to_the_others", || {
        let (proceed, told) = (Latch::default(), Tally::default());
        scope(|s| {
            let (proceed, told) = (&proceed, &told);
            let input = (0..8).inspect(|n| {
                if *n >= 3 {
                    proceed.wait();
                }
            });
            let numbers = s.stage("slow").buffer(0).read(input);
            let mut groups = numbers.split_by(9, |n| n % 4);
            let [mut heir, puller, waiter] = [0, 1, 2].map(|n| {
                let (_, mut group) = new(&mut groups);
                assert_eq!(group.next(), Some(Ok(n)));
                group
            });
            let puller = doomed(&s, puller, told);
            until_shows(&groups, "pulling: true, waiting: 0");
            let waiter = doomed(&s, waiter, told);
            until_shows(&groups, "waiting: 1");
            drop(waiter);
            told.wait_for(1);
            thread::scope(|threads| {
                let heir = threads.spawn(move || (heir.next(), heir.next()));
                until_shows(&groups, "waiting: 1");
                drop(puller);
                told.wait_for(2);
                until_shows(&groups, "pulling: true, waiting: 0");
                proceed.open();
                assert_eq!(heir.join().unwrap(), (Some(Ok(4)), None));
            });
            let (_, threes) = new(&mut groups);
            assert!(groups.next().is_none());
            assert!(threes.eq([Ok(3), Ok(7)]));
        });
    });
}

/// Promise 6: a panic comes once, at whoever pulls; the others get what is
/// queued for them and then the end; the stages above are told.
#[test]
fn a_panic_comes_at_whoever_pulls() {
    watchdog("a_panic_comes_at_whoever_pulls", || {
        for in_key in [false, true] {
            let (census, told) = (Census::default(), Latch::default());
            scope(|s| {
                let (census, told) = (&census, &told);
                let endless = s.stage("endless").generate(|out| {
                    let end = (0..).try_for_each(|n: u32| out.put((n, census.member())));
                    end.inspect_err(|_| told.open())
                });
                let map = s.stage("map").jobs(1).buffer(0);
                let mapped = map.map(endless, move |(n, member)| {
                    if n == 5 && !in_key {
                        burst(5);
                    }
                    (n, member)
                });
                let mut groups =
                    mapped.split_by(9, |(n, _)| if *n == 5 { burst(5) } else { n % 3 });
                let (_, mut zeros) = new(&mut groups);
                let (_, mut ones) = new(&mut groups);
                assert_eq!((number(&mut zeros), number(&mut ones)), (Some(0), Some(1)));
                assert_eq!(number(&mut ones), Some(4));
                assert_eq!(planned(|| ones.next()), Planned(5));
                told.wait();
                assert!(ones.next().is_none());
                let (_, mut twos) = new(&mut groups);
                assert!(groups.next().is_none());
                assert_eq!((number(&mut zeros), number(&mut zeros)), (Some(3), None));
                assert_eq!((number(&mut twos), number(&mut twos)), (Some(2), None));
            });
            census.assert_all_dropped();
        }
    });
}

/// Promise 6: those that wait while another gets the panic of a key get the end.
#[test]
fn groups_that_wait_end_with_a_panic() {
    watchdog("groups_that_wait_end_with_a_panic", || {
        let proceed = Latch::default();
        scope(|s| {
            let numbers = s.stage("numbers").read(0..9u64);
            let mut groups = numbers.split_by(9, |n| {
                if *n == 3 {
                    proceed.wait();
                    burst(3);
                }
                *n
            });
            let waiting = [0, 1, 2].map(|n| {
                let (_, mut group) = new(&mut groups);
                assert_eq!(group.next(), Some(Ok(n)));
                group
            });
            thread::scope(|threads| {
                let pulls = waiting.map(|mut group| {
                    threads.spawn(move || catch_unwind(AssertUnwindSafe(|| group.next())))
                });
                until_shows(&groups, "waiting: 2");
                proceed.open();
                let got = pulls.map(|pull| pull.join().unwrap());
                let ends = got.iter().filter(|got| matches!(got, Ok(None)));
                assert_eq!(ends.count(), 2);
                let panics = got.into_iter().filter_map(Result::err);
                let panics = panics.map(|payload| planned(|| resume_unwind(payload)));
                assert!(panics.eq([Planned(3)]));
            });
            assert!(groups.next().is_none());
        });
    });
}
