//! Every interleaving, and every weak memory effect that the language allows,
//! of the two sides of an open batch: the one file of the engine with unsafe
//! code. loom also finds two threads in one cell.
//!
//! The file is compiled into this test with loom's primitives in the place of
//! the standard ones.

#![allow(unsafe_code)]

use std::sync::{Arc, Mutex};

/// What the file finds as `crate::sync`.
mod sync {
    pub(crate) use loom::cell::UnsafeCell;
    pub(crate) use loom::sync::Arc;
    pub(crate) use loom::sync::atomic::{AtomicUsize, Ordering};
}

#[allow(dead_code, reason = "this test drives a part of it")]
#[path = "../src/open.rs"]
mod open;

/// An item that loom watches: written by one thread, read by another.
fn item(n: usize) -> Box<usize> {
    Box::new(n)
}

/// Promise 9: either the worker learns that the consumer waits, or the consumer
/// sees the item. Neither may miss the other.
#[test]
fn no_item_is_missed() {
    loom::model(|| {
        let (mut filler, mut taker) = open::batch(2);
        let worker = loom::thread::spawn(move || [filler.push(item(0)), filler.push(item(1))]);
        let mut seen = Vec::new();
        seen.extend(taker.take_and_want().into_iter().map(|item| *item));
        let told = worker.join().unwrap();
        for n in 0..2 {
            assert!(seen.contains(&n) != told[n], "item {n}: {seen:?} {told:?}");
        }
        seen.extend(taker.take_and_want().into_iter().map(|item| *item));
        assert_eq!(seen, [0, 1]);
    });
}

/// Promise 4: what several takes see is each item once and in order, and what
/// is left is dropped once.
#[test]
fn each_item_is_taken_once() {
    loom::model(|| {
        let dropped = Arc::new(Mutex::new(0));
        struct Counted(usize, Arc<Mutex<usize>>);
        impl Drop for Counted {
            fn drop(&mut self) {
                *self.1.lock().unwrap() += 1;
            }
        }
        let (mut filler, mut taker) = open::batch(3);
        let count = Arc::clone(&dropped);
        let worker = loom::thread::spawn(move || {
            for n in 0..3 {
                filler.push(Counted(n, Arc::clone(&count)));
            }
        });
        let mut next = 0;
        for _ in 0..2 {
            for item in taker.take_and_want() {
                assert_eq!(item.0, next);
                next += 1;
            }
        }
        worker.join().unwrap();
        drop(taker);
        assert_eq!(*dropped.lock().unwrap(), 3);
    });
}

/// Promise 9: a worker that begins a new batch, under the stage's lock, neither
/// loses an item nor the wish of the consumer.
#[test]
fn a_new_batch_keeps_the_wish() {
    loom::model(|| {
        let (mut filler, taker) = open::batch(2);
        let lock = Arc::new(loom::sync::Mutex::new((taker, Vec::new(), false)));
        let shared = Arc::clone(&lock);
        let worker = loom::thread::spawn(move || {
            filler.push(item(0));
            let mut state = shared.lock().unwrap();
            let (taker, seen, waits) = &mut *state;
            seen.extend(
                taker
                    .renew(&mut filler, *waits)
                    .into_iter()
                    .map(|item| *item),
            );
            drop(state);
            filler.push(item(1))
        });
        let mut state = lock.lock().unwrap();
        let (taker, seen, waits) = &mut *state;
        seen.extend(taker.take_and_want().into_iter().map(|item| *item));
        *waits = true;
        let early = seen.contains(&1);
        drop(state);
        let told = worker.join().unwrap();
        assert!(told != early, "the second item");
        let mut state = lock.lock().unwrap();
        let (taker, seen, _) = &mut *state;
        seen.extend(taker.take_and_want().into_iter().map(|item| *item));
        assert_eq!(*seen, [0, 1]);
    });
}
