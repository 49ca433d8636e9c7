//! `Handle::split_by`, promise 9: no lock is held while user code of keys and
//! items runs, and whoever waits gets what comes for it.

#[path = "support/groups.rs"]
mod groups;
mod support;

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::thread;
use std::time::Duration;

use groups::new;
use support::{Latch, Tally, scope, until, until_shows, watchdog};

/// Where user code tells that it has begun, and waits to go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Function,
    Hash,
    Eq,
    Clone,
    Drop,
}

#[derive(Debug)]
struct Key<'a> {
    number: u32,
    slow: Option<(Place, &'a [Latch; 2])>,
}

impl Key<'_> {
    fn pass(&self, here: Place) {
        if let Some((place, [begun, proceed])) = self.slow
            && place == here
        {
            begun.open();
            proceed.wait();
        }
    }
}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.pass(Place::Hash);
        self.number.hash(state);
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.pass(Place::Eq);
        other.pass(Place::Eq);
        self.number == other.number
    }
}

impl Eq for Key<'_> {}

impl Clone for Key<'_> {
    fn clone(&self) -> Self {
        self.pass(Place::Clone);
        Key { ..*self }
    }
}

impl Drop for Key<'_> {
    fn drop(&mut self) {
        self.pass(Place::Drop);
    }
}

/// Promise 9: while a key is made, hashed, compared, cloned or dropped, another
/// group gets what is queued for it, and one may be dropped.
#[test]
fn a_key_may_wait_for_another_group() {
    use Place::{Clone, Drop, Eq, Function, Hash};
    for place in [Function, Hash, Eq, Clone, Drop] {
        watchdog(
            format_args!("a_key_may_wait_for_another_group {place:?}"),
            || {
                let latches = Default::default();
                scope(|s| {
                    // The last key is a new one only where that is needed.
                    let numbers = [0, 1, 2, if place == Clone { 3 } else { 0 }];
                    let items = s.stage("items").read(numbers.into_iter().enumerate());
                    let mut groups = items.split_by(9, |&(n, number)| {
                        let slow = (n == 3).then_some((place, &latches));
                        let key = Key { number, slow };
                        key.pass(Function);
                        key
                    });
                    let [zeros, mut ones, twos] = [(); 3].map(|()| new(&mut groups).1);
                    thread::scope(|threads| {
                        threads.spawn(|| groups.next());
                        latches[0].wait();
                        assert_eq!(ones.next(), Some(Ok((1, 1))));
                        drop(twos);
                        latches[1].open();
                    });
                    assert_eq!(zeros.count(), if place == Clone { 1 } else { 2 });
                });
            },
        );
    }
}

/// Tells that it is dropped, and waits.
struct SlowDrop<'a>(u32, Option<&'a [Latch; 2]>);

impl Drop for SlowDrop<'_> {
    fn drop(&mut self) {
        if let Some([begun, proceed]) = self.1 {
            begun.open();
            proceed.wait();
        }
    }
}

/// Promise 9: while an item that nobody wants is dropped, another group gets what
/// is queued for it.
#[test]
fn a_discarded_item_may_wait_for_another_group() {
    watchdog("a_discarded_item_may_wait_for_another_group", || {
        let (queued, coming) = (Default::default(), Default::default());
        scope(|s| {
            let slow = [Some(&queued), None, None, Some(&coming), None, None];
            let items = (0..).zip(slow).map(|(n, slow)| SlowDrop(n, slow));
            let mut groups = s
                .stage("items")
                .buffer(0)
                .read(items)
                .split_by(9, |item| item.0 % 3);
            let [zeros, mut ones, mut twos] = [(); 3].map(|()| new(&mut groups).1);
            thread::scope(|threads| {
                threads.spawn(|| drop(zeros));
                queued[0].wait();
                assert!(matches!(ones.next(), Some(Ok(SlowDrop(1, _)))));
                queued[1].open();
            });
            thread::scope(|threads| {
                threads.spawn(|| assert!(matches!(ones.next(), Some(Ok(SlowDrop(4, _))))));
                coming[0].wait();
                assert!(matches!(twos.next(), Some(Ok(SlowDrop(2, _)))));
                coming[1].open();
            });
        });
    });
}

/// Promise 9: those that wait get what comes for them though whoever pulls it
/// has found nothing of his own yet, and pulls on.
#[test]
fn those_that_wait_get_what_comes_for_them() {
    watchdog("those_that_wait_get_what_comes_for_them", || {
        let doors: [Latch; 2] = Default::default();
        scope(|s| {
            let input = [0, 1, 2, 1, 3, 0u32].into_iter().enumerate();
            let input = input.inspect(|(n, _)| match n {
                3 => doors[0].wait(),
                5 => doors[1].wait(),
                _ => {}
            });
            let items = s.stage("slow").buffer(0).read(input);
            let mut groups = items.split_by(3, |(_, key)| *key);
            let [mut puller, mut waiter, watch] = [0, 1, 2].map(|n| {
                let (_, mut group) = new(&mut groups);
                assert_eq!(group.next(), Some(Ok((n, n as u32))));
                group
            });
            thread::scope(|threads| {
                let puller = threads.spawn(move || puller.next());
                until_shows(&watch, "pulling: true");
                let waiter = threads.spawn(move || waiter.next());
                let news = threads.spawn(|| {
                    let (key, mut group) = new(&mut groups);
                    (key, group.next())
                });
                until_shows(&watch, "waiting: 2");
                doors[0].open();
                assert_eq!(waiter.join().unwrap(), Some(Ok((3, 1))));
                assert_eq!(news.join().unwrap(), (3, Some(Ok((4, 3)))));
                doors[1].open();
                assert_eq!(puller.join().unwrap(), Some(Ok((5, 0))));
            });
        });
    });
}

/// Promise 9: a deadline holds while another pulls, and also when items keep
/// coming that are for others; it takes nothing from the groups.
#[test]
fn a_deadline_holds_whatever_comes_for_others() {
    watchdog("a_deadline_holds_whatever_comes_for_others", || {
        let (proceed, calls) = (Latch::default(), Tally::default());
        scope(|s| {
            let input = (0..4u32).inspect(|n| {
                if *n >= 2 {
                    proceed.wait();
                }
            });
            let mut groups = s.stage("slow").buffer(0).read(input).split_by(9, |n| n % 2);
            let (_, mut evens) = new(&mut groups);
            let (_, mut odds) = new(&mut groups);
            let short = Duration::from_millis(1);
            assert_eq!(odds.pull_timeout(short), Ok(Some(Ok(1))));
            odds.pull_timeout(short).unwrap_err();
            thread::scope(|threads| {
                let puller = threads.spawn(|| groups.next().is_none());
                until_shows(&odds, "pulling: true");
                odds.pull_timeout(short).unwrap_err();
                let waiter = threads.spawn(|| (evens.next(), evens.next(), evens.next()));
                until_shows(&odds, "waiting: 1");
                odds.pull_timeout(Duration::ZERO).unwrap_err();
                proceed.open();
                assert!(puller.join().unwrap());
                assert_eq!(waiter.join().unwrap(), (Some(Ok(0)), Some(Ok(2)), None));
            });
            assert_eq!(odds.pull_timeout(short), Ok(Some(Ok(3))));
            assert_eq!(odds.pull_timeout(short), Ok(None));

            let same = s.stage("same").buffer(9).read(0..10);
            let mut groups = same.split_by(9, |_| calls.add() > 10);
            drop(new(&mut groups));
            until(&s.report(), |all| all[1].items == 10);
            // The time is over when it has read one that is for nobody.
            groups.pull_timeout(Duration::ZERO).unwrap_err();
            assert_eq!(calls.get(), 2);
        });
    });
}
