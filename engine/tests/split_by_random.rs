//! `Handle::split_by` against plain lists: promises 4, 5, 6 and 9 with any keys,
//! any pulls and any drops, in one thread and in several.

#[path = "support/consumer.rs"]
mod consumer;
mod support;

use std::collections::VecDeque;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use engine::Overrun;
use proptest::prelude::*;
use support::{Census, Member, burst, scope, watchdog};

use consumer::{Consumer, consumer};

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

type Item = (usize, u8, Member);

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
        prop::collection::vec(consumer(8), 4),
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
                                let run = move || consumer.run(&s, group, |(n, ..): Item| n);
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
