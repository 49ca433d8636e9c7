//! `Handle::tee`, promises 6 and 9: clones and drops of items are user code, run
//! without a lock, and may panic or wait.

mod support;

use std::fmt::Debug;
use std::thread;

use engine::Tee;
use support::{Census, Latch, Member, Planned, Tally, burst, planned, scope, watchdog};

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
