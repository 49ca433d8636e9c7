//! `Handle::split_by`: promises 4, 5, 6 and 9 for one stage that becomes a
//! stream per key.

mod support;

use std::collections::VecDeque;
use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;
use std::time::Duration;

use engine::{Group, Groups, Handle, Overrun, Scope};
use proptest::prelude::*;
use support::{
    Census, Latch, Member, Planned, Tally, at_rest, burst, counted, planned, scope, until, watchdog,
};

/// Waits until the consumers stand as wanted.
fn until_shows(consumer: &impl Debug, wanted: &str) {
    while !format!("{consumer:?}").contains(wanted) {
        thread::yield_now();
    }
}

/// Takes the next group, which must be there.
fn new<'scope, K, T>(groups: &mut Groups<'scope, K, T>) -> (K, Group<'scope, K, T>)
where
    K: Hash + Eq + Clone,
{
    groups.next().expect("one more group").expect("room")
}

/// Takes the next number of a group, which must not overrun.
fn number<K>(group: &mut Group<'_, K, (u32, Member)>) -> Option<u32>
where
    K: Hash + Eq + Clone,
{
    group.next().map(|item| item.expect("room").0)
}

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

/// A split as plain lists.
struct Model {
    limit: usize,
    keys: Vec<u8>,
    read: usize,
    ended: bool,
    groups: Vec<(u8, Option<VecDeque<usize>>)>,
    news: Option<VecDeque<usize>>,
}

impl Model {
    fn queued(&self) -> usize {
        let queues = self.groups.iter().filter_map(|(_, queue)| queue.as_ref());
        queues.map(VecDeque::len).sum()
    }

    /// Reads one item. Tells what else there is to say if it cannot.
    fn read(&mut self) -> Result<(), Option<usize>> {
        if !self.ended && self.queued() == self.limit {
            return Err(Some(self.limit));
        }
        let Some(&key) = self.keys.get(self.read) else {
            self.ended = true;
            return Err(None);
        };
        let known = self.groups.iter().position(|(other, _)| *other == key);
        let group = known.unwrap_or(self.groups.len());
        if known.is_none() {
            self.groups
                .push((key, self.news.is_some().then(VecDeque::new)));
            self.news.iter_mut().for_each(|news| news.push_back(group));
        }
        if let Some(queue) = &mut self.groups[group].1 {
            queue.push_back(self.read);
        }
        self.read += 1;
        Ok(())
    }

    fn next_group(&mut self) -> Option<Result<(u8, usize), usize>> {
        loop {
            if let Some(group) = self.news.as_mut().expect("not dropped").pop_front() {
                return Some(Ok((self.groups[group].0, group)));
            }
            if let Err(end) = self.read() {
                return end.map(Err);
            }
        }
    }

    fn next_item(&mut self, group: usize) -> Option<Result<usize, usize>> {
        loop {
            if let Some(item) = self.groups[group]
                .1
                .as_mut()
                .expect("not dropped")
                .pop_front()
            {
                return Some(Ok(item));
            }
            if let Err(end) = self.read() {
                return end.map(Err);
            }
        }
    }

    fn drop_groups(&mut self) {
        for group in self.news.take().unwrap_or_default() {
            self.groups[group].1 = None;
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Step {
    NextGroup,
    NextItem(usize),
    DropGroup(usize),
    DropGroups,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::NextGroup),
        20 => (0..5usize).prop_map(Step::NextItem),
        1 => (0..5usize).prop_map(Step::DropGroup),
        1 => Just(Step::DropGroups),
    ]
}

fn in_one_thread(keys: &[u8], buffer: usize, limit: usize, steps: &[Step], census: &Census) {
    scope(|s| {
        let items = keys
            .iter()
            .enumerate()
            .map(|(n, key)| (n, *key, census.member()));
        let items = s.stage("items").buffer(buffer).read(items);
        let mut groups = Some(items.split_by(limit, |(_, key, _)| *key));
        let mut open = Vec::new();
        let mut model = Model {
            limit,
            keys: keys.to_vec(),
            read: 0,
            ended: false,
            groups: Vec::new(),
            news: Some(VecDeque::new()),
        };
        for step in steps {
            match *step {
                Step::NextGroup => {
                    let Some(groups) = &mut groups else { continue };
                    let got = groups.next().map(|new| {
                        new.map_err(|error| error.limit()).map(|(key, group)| {
                            open.push(Some(group));
                            (key, open.len() - 1)
                        })
                    });
                    assert_eq!(got, model.next_group());
                }
                Step::NextItem(n) => {
                    let Some(Some(group)) = open.get_mut(n) else {
                        continue;
                    };
                    let got = group.next().map(|item| {
                        item.map(|(n, _, _)| n)
                            .map_err(|error: Overrun| error.limit())
                    });
                    assert_eq!(got, model.next_item(n));
                }
                Step::DropGroup(n) if n < open.len() => {
                    open[n] = None;
                    model.groups[n].1 = None;
                }
                Step::DropGroup(_) => {}
                Step::DropGroups => {
                    groups = None;
                    model.drop_groups();
                }
            }
        }
    });
}

/// What one group of the property test does.
#[derive(Clone, Debug)]
struct Consumer {
    /// How much it takes before it is dropped.
    taken: Option<usize>,
    hasty: bool,
    /// It pulls from a stage of its own.
    staged: bool,
}

type Item = (usize, u8, Member);

impl Consumer {
    /// Pulls until it is neither an [`Overrun`] nor too late.
    fn pull(&self, group: &mut Group<'_, u8, Item>) -> Option<usize> {
        loop {
            let pulled = if self.hasty {
                group.pull_timeout(Duration::from_micros(5))
            } else {
                Ok(group.next())
            };
            match pulled {
                Ok(None) => return None,
                Ok(Some(Ok((n, ..)))) => return Some(n),
                Ok(Some(Err(_))) | Err(_) => thread::yield_now(),
            }
        }
    }

    /// What the group gives, and whether it ends with a panic.
    fn run<'scope>(
        &self,
        s: &Scope<'scope, '_>,
        mut group: Group<'scope, u8, Item>,
    ) -> (Vec<usize>, bool) {
        let own = self.clone();
        let wanted = self.taken.unwrap_or(usize::MAX);
        let pulls = std::iter::from_fn(move || own.pull(&mut group)).take(wanted);
        let mut got = Vec::new();
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            if self.staged {
                s.stage("staged")
                    .buffer(0)
                    .read(pulls)
                    .for_each(|n| got.push(n));
            } else {
                pulls.for_each(|n| got.push(n));
            }
        }));
        (got, panicked.is_err())
    }
}

fn consumer() -> impl Strategy<Value = Consumer> {
    let taken = prop::option::of(0..8usize);
    (taken, any::<bool>(), any::<bool>()).prop_map(|(taken, hasty, staged)| Consumer {
        taken,
        hasty,
        staged,
    })
}

/// Groups that are pulled at the same time, each by a thread.
#[derive(Clone, Debug)]
struct Split {
    keys: Vec<u8>,
    buffer: usize,
    limit: usize,
    /// The item at which the panic is, and whether the key function has it.
    fault: Option<(usize, bool)>,
    /// How many groups are taken before their iterator is dropped.
    taken: Option<usize>,
    /// By key.
    consumers: Vec<Consumer>,
}

fn split() -> impl Strategy<Value = Split> {
    (
        prop::collection::vec(0..4u8, 0..40),
        0..4usize,
        1..6usize,
        prop::option::of((0..40usize, any::<bool>())),
        prop::option::of(0..4usize),
        prop::collection::vec(consumer(), 4),
    )
        .prop_map(|(keys, buffer, limit, fault, taken, consumers)| Split {
            keys,
            buffer,
            limit,
            fault,
            taken,
            consumers,
        })
}

impl Split {
    /// What each key's group gave, and how many panics were seen.
    fn run(&self, census: &Census) -> (Vec<(u8, Vec<usize>)>, usize) {
        let at = |n, in_key| self.fault == Some((n, in_key));
        scope(|s| {
            let items = self.keys.iter().enumerate().map(|(n, key)| {
                if at(n, false) {
                    burst(9);
                }
                (n, *key, census.member())
            });
            let items = s.stage("items").buffer(self.buffer).read(items);
            let mut groups = items.split_by(self.limit, |(n, key, _)| {
                if at(*n, true) {
                    burst(9);
                }
                *key
            });
            thread::scope(|threads| {
                let mut running = Vec::new();
                let announced = catch_unwind(AssertUnwindSafe(|| {
                    while self.taken.is_none_or(|taken| running.len() < taken) {
                        match groups.next() {
                            None => break,
                            Some(Err(_)) => thread::yield_now(),
                            Some(Ok((key, group))) => {
                                let consumer = self.consumers[usize::from(key)].clone();
                                let s = s.clone();
                                let run = move || consumer.run(&s, group);
                                running.push((key, threads.spawn(run)));
                            }
                        }
                    }
                }));
                drop(groups);
                let mut panics = usize::from(announced.is_err());
                let ended = running.into_iter().map(|(key, running)| {
                    let (got, panicked) = running.join().unwrap();
                    panics += usize::from(panicked);
                    (key, got)
                });
                (ended.collect(), panics)
            })
        })
    }

    fn check(&self) {
        let census = Census::default();
        // A panic that nobody has pulled comes from the scope.
        let ended = catch_unwind(AssertUnwindSafe(|| self.run(&census)));
        census.assert_all_dropped();
        let fault = self.fault.filter(|(at, _)| *at < self.keys.len());
        let there = &self.keys[..fault.map_or(self.keys.len(), |(at, _)| at)];
        let mut firsts: Vec<u8> = Vec::new();
        for key in there {
            if !firsts.contains(key) {
                firsts.push(*key);
            }
        }
        let mut met = self.taken.is_none_or(|taken| taken > firsts.len());
        firsts.truncate(self.taken.unwrap_or(usize::MAX));
        let wanted: Vec<_> = firsts
            .into_iter()
            .map(|key| {
                let items = there.iter().enumerate().filter(|(_, other)| **other == key);
                let mut items: Vec<_> = items.map(|(n, _)| n).collect();
                let taken = self.consumers[usize::from(key)].taken.unwrap_or(usize::MAX);
                met |= taken > items.len();
                items.truncate(taken);
                (key, items)
            })
            .collect();
        match ended {
            Ok((got, panics)) => {
                assert_eq!(got, wanted);
                assert_eq!(panics, usize::from(met && fault.is_some()));
            }
            Err(_) => assert!(!met && fault.is_some_and(|(_, in_key)| !in_key)),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Promises 4, 5 and 9: one thread that pulls and drops in any order sees
    /// what plain lists give, errors included.
    #[test]
    fn a_split_is_a_list_for_each_key(
        keys in prop::collection::vec(0..5u8, 0..40),
        buffer in 0..4usize,
        limit in 1..8usize,
        steps in prop::collection::vec(step(), 0..80),
    ) {
        watchdog(format_args!("{keys:?} {buffer} {limit} {steps:?}"), || {
            let census = Census::default();
            in_one_thread(&keys, buffer, limit, &steps, &census);
            census.assert_all_dropped();
        });
    }

    /// Promises 4, 5, 6 and 9: whoever pulls at the same time, whenever one
    /// leaves, and wherever a panic comes, each group has what is its own.
    #[test]
    fn groups_at_the_same_time_have_their_own(split in split()) {
        watchdog(format_args!("{split:?}"), || split.check());
    }
}
