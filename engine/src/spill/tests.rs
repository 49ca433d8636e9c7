//! Tests of the spool, both sides of it, with a disk that fails as it is told.

use std::collections::VecDeque;
use std::error::Error;
use std::io;
use std::mem::take;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::spill::SpillErrorKind;
use crate::spill::draw::Draw;
use crate::spill::feed::State;
use crate::spill::pull::Taken;
use crate::spill::segment::Record;
use crate::spill::segment::Segment;
use crate::spill::spool::{End, Open, SHARES, Spool};
use crate::spill::store::fake::Disk;
use crate::sync::{Arc, Ordering, lock};

fn spool(limit: usize, disk: &Arc<Disk>) -> Spool {
    let disk = Arc::clone(disk);
    Spool::new(limit, "nowhere".into(), Box::new(move |_| Ok(disk.file())))
}

fn push(spool: &Spool, number: u64, value: &str) {
    let mut record = Record::default();
    record.encode(&value).unwrap();
    spool.push(number, &mut record);
}

/// A consumer, as far as these tests need one.
struct Consumer<'a> {
    spool: &'a Spool,
    segment: Segment,
    taken: usize,
}

impl Consumer<'_> {
    fn of(spool: &Spool) -> Consumer<'_> {
        Consumer {
            spool,
            segment: Segment::default(),
            taken: 0,
        }
    }

    /// Pulls without waiting.
    fn pull(&mut self) -> Result<String, Taken> {
        self.pull_until(Some(Instant::now()))
    }

    fn pull_until(&mut self, deadline: Option<Instant>) -> Result<String, Taken> {
        loop {
            if let Some(value) = self.segment.decode() {
                return value.map_err(Taken::Failed);
            }
            match self.spool.pull(take(&mut self.taken), deadline) {
                Taken::Segment(segment) => {
                    self.taken = segment.len();
                    self.segment = segment;
                }
                other => return Err(other),
            }
        }
    }
}

#[derive(Clone, Debug)]
enum Step {
    Push(String),
    Pull(usize),
}

fn steps(longest: usize) -> impl Strategy<Value = Vec<Step>> {
    let text = prop_oneof![
        4 => "[a-z]{0,9}".prop_map(Step::Push),
        1 => (0..longest).prop_map(|n| Step::Push("x".repeat(n))),
        2 => (0..30usize).prop_map(Step::Pull),
    ];
    prop::collection::vec(text, 0..200)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// Promise 11: whatever the limit, the values and the consumer's pace,
    /// values come in order and memory stays within what is documented.
    #[test]
    fn order_and_bound(limit in 0..3000usize, steps in steps(700), halting: bool) {
        let disk = Arc::new(Disk::default());
        disk.halting.store(halting, Ordering::SeqCst);
        let spool = spool(limit, &disk);
        let mut consumer = Consumer::of(&spool);
        let mut model = VecDeque::new();
        let (mut number, mut longest) = (0, 0);
        for step in steps {
            match step {
                Step::Push(value) => {
                    push(&spool, number, &value);
                    number += 1;
                    longest = longest.max(value.len() + 4);
                    model.push_back(value);
                }
                Step::Pull(count) => for _ in 0..count {
                    match (consumer.pull(), model.pop_front()) {
                        (Ok(value), Some(wanted)) => prop_assert_eq!(value, wanted),
                        (Err(Taken::TimedOut), None) => break,
                        (_, wanted) => prop_assert!(false, "instead of {wanted:?}"),
                    }
                }
            }
            let over = if longest > limit / SHARES { 2 * longest } else { 0 };
            let usage = spool.usage();
            prop_assert!(usage.peak_memory <= limit + over, "{usage:?}");
            prop_assert!(usage.memory <= usage.peak_memory);
        }
        spool.end(End::Over);
        for wanted in model {
            prop_assert_eq!(consumer.pull().ok(), Some(wanted));
        }
        prop_assert!(matches!(consumer.pull(), Err(Taken::End)));
        let usage = spool.usage();
        prop_assert_eq!((usage.memory, usage.disk), (0, 0));
    }

    /// Promise 11: wherever the disk is full, all values that were pushed
    /// come, then the error, once, then the end.
    #[test]
    fn a_full_disk_loses_nothing(limit in 0..300usize, room in 1..3000u64, pace in 0..4usize) {
        let disk = Arc::new(Disk::default());
        disk.room.store(room, Ordering::SeqCst);
        let spool = spool(limit, &disk);
        let mut consumer = Consumer::of(&spool);
        let (mut pushed, mut pulled) = (0, 0);
        while spool.is_wanted() && pushed < 1000 {
            push(&spool, pushed, &format!("value {pushed}"));
            pushed += 1;
            for _ in 0..pace.min(pushed as usize % 4) {
                if !spool.is_wanted() {
                    break;
                }
                if let Ok(value) = consumer.pull() {
                    prop_assert_eq!(value, format!("value {pulled}"));
                    pulled += 1;
                }
            }
        }
        let full = !spool.is_wanted();
        spool.end(End::Over);
        let longest = 2 + "value 999".len();
        prop_assert!(spool.usage().peak_memory <= limit + 2 * longest);
        for number in pulled..pushed {
            prop_assert_eq!(consumer.pull().ok(), Some(format!("value {number}")));
        }
        if full {
            let Err(Taken::Failed(error)) = consumer.pull() else {
                panic!("no error after all values");
            };
            prop_assert_eq!(error.kind(), SpillErrorKind::Write);
            let said = error.to_string();
            prop_assert!(said.starts_with("there is no room for more"), "{said}");
            prop_assert!(error.source().is_some());
        }
        prop_assert!(matches!(consumer.pull(), Err(Taken::End)));
        prop_assert_eq!(spool.usage().memory, 0);
    }
}

/// Promise 11: without a file the values that are in memory still come.
#[test]
fn no_file_is_an_error_that_names_the_directory() {
    let open: Open = Box::new(|_| Err(io::ErrorKind::PermissionDenied.into()));
    let spool = Spool::new(0, "there".into(), open);
    let mut consumer = Consumer::of(&spool);
    push(&spool, 0, "kept");
    assert!(!spool.is_wanted());
    assert_eq!(consumer.pull().ok().as_deref(), Some("kept"));
    let Err(Taken::Failed(error)) = consumer.pull() else {
        panic!("no error");
    };
    assert_eq!(error.kind(), SpillErrorKind::Create);
    assert!(error.to_string().contains("in there; name another"));
    assert!(matches!(consumer.pull(), Err(Taken::End)));
}

/// Promise 11: what cannot be read back is an error that says how much is
/// lost, and not the end.
#[test]
fn an_unreadable_file_is_an_error() {
    let disk = Arc::new(Disk::default());
    let spool = spool(0, &disk);
    let mut consumer = Consumer::of(&spool);
    for number in 0..3 {
        push(&spool, number, "four");
    }
    assert_eq!(consumer.pull().ok().as_deref(), Some("four"));
    disk.unreadable.store(true, Ordering::SeqCst);
    let Err(Taken::Failed(error)) = consumer.pull() else {
        panic!("no error");
    };
    assert_eq!(error.kind(), SpillErrorKind::Read);
    // Two records of 6 bytes, and what stands before each in the file.
    assert!(error.to_string().contains("its last 44 bytes"), "{error}");
    assert!(!spool.is_wanted());
    assert!(matches!(consumer.pull(), Err(Taken::End)));
    assert_eq!(disk.used.load(Ordering::SeqCst), 0);
}

/// Promise 11: below the limit nothing is written.
#[test]
fn what_fits_stays_in_memory() {
    let disk = Arc::new(Disk::default());
    let spool = spool(1000, &disk);
    for number in 0..100 {
        push(&spool, number, "1234567");
    }
    let usage = spool.usage();
    // 9 bytes a value; a quarter of the limit is kept for work.
    assert!(usage.memory < 1000 && usage.disk > 0, "{usage:?}");
    let other = self::spool(1200, &disk);
    for number in 0..100 {
        push(&other, number, "1234567");
    }
    let usage = other.usage();
    assert_eq!((usage.memory, usage.peak_disk), (900, 0));
    drop((spool, other));
    assert_eq!(disk.used.load(Ordering::SeqCst), 0);
}

/// Promise 11: values that a consumer leaves go to the next, in order.
#[test]
fn what_is_given_back_comes_first() {
    let disk = Arc::new(Disk::default());
    let spool = spool(100_000, &disk);
    for number in 0..4 {
        push(&spool, number, &number.to_string());
    }
    let mut first = Consumer::of(&spool);
    assert_eq!(first.pull().ok().as_deref(), Some("0"));
    push(&spool, 4, "4");
    spool.give_back(first.segment, first.taken);
    let mut second = Consumer::of(&spool);
    for number in 1..5 {
        assert_eq!(second.pull().ok(), Some(number.to_string()));
    }
    assert!(matches!(second.pull(), Err(Taken::TimedOut)));
    assert_eq!(spool.usage().memory, 0);
}

/// Whether a consumer waits.
fn is_waited_for(spool: &Spool) -> bool {
    format!("{:?}", lock(&spool.state).consumers) != "Waiters([])"
}

/// Promises 11 and 9: who has read wakes the next, though nothing more is
/// pushed and it does not pull again itself.
#[test]
fn a_finished_read_wakes_the_next() {
    let disk = Arc::new(Disk::default());
    let spool = spool(0, &disk);
    disk.held.store(true, Ordering::SeqCst);
    std::thread::scope(|threads| {
        // Longer than anything takes; the end of a wait that nobody ends.
        let limit = Instant::now() + Duration::from_secs(20);
        let spool = &spool;
        let consumer = move || Consumer::of(spool).pull_until(Some(limit)).ok();
        let one = threads.spawn(consumer);
        push(spool, 0, "zero");
        push(spool, 1, "one");
        while disk.held_up.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        let two = threads.spawn(consumer);
        while !is_waited_for(spool) {
            std::thread::yield_now();
        }
        disk.held.store(false, Ordering::SeqCst);
        assert_eq!(one.join().unwrap().as_deref(), Some("zero"));
        assert_eq!(two.join().unwrap().as_deref(), Some("one"));
        assert!(
            Instant::now() < limit,
            "it was woken, and not only out of patience"
        );
    });
}

/// Promises 11 and 5: the drop of the last consumer gives back memory and disk
/// at once, though the worker still holds the spool.
#[test]
fn the_drop_frees_all_that_waits() {
    let disk = Arc::new(Disk::default());
    for limit in [0, 1000] {
        let spool = Arc::new(spool(limit, &disk));
        push(&spool, 0, "waits");
        push(&spool, 1, "waits");
        crate::scope(|s| {
            let stage = s.stage("idle").jobs(1);
            let control = stage.fold(0..0, |_| State::default(), |_, _: u8| ());
            drop(Draw::new(Arc::clone(&spool), control));
        });
        assert_eq!(spool.usage().memory, 0);
        assert_eq!(disk.used.load(Ordering::SeqCst), 0);
        push(&spool, 2, "late");
        assert_eq!(spool.usage().memory, 0);
    }
}
