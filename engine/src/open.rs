//! A batch that is not full yet.
//!
//! Its worker adds to it and need not take the lock of the stage for each item.
//! A consumer that would otherwise wait takes what is there, or leaves word that
//! it waits for the next item. A batch that only its worker can see was the
//! alternative: an item in it would be stuck for as long as the body computes
//! the next one, and for ever if that waits for the consumer.
//!
//! This is the one file of the engine with unsafe code. A vector behind a mutex
//! takes twice the time of the atomic addition here, and that is most of what a
//! worker spends on an item that it hands over in a batch (DESIGN.md).
//!
//! The two sides meet in one word, the number of items and whether the consumer
//! waits, and change it by read-modify-write operations only. These have one
//! order: either the consumer's comes first, and the worker learns that it is
//! waited for, or the worker's does, and the consumer sees the item. With two
//! words each could miss the other's change.

#![expect(unsafe_code, reason = "measured, see above")]

use std::fmt;
use std::mem::MaybeUninit;

use crate::sync::{Arc, AtomicUsize, Ordering, UnsafeCell};

/// The consumer waits for the next item.
const WANTED: usize = 1;
/// One item.
const ITEM: usize = 2;

struct Shared<T> {
    /// Items that were added, times [`ITEM`], and perhaps [`WANTED`].
    state: AtomicUsize,
    /// Items that were taken; the taker's own.
    taken: AtomicUsize,
    slots: Box<[UnsafeCell<MaybeUninit<T>>]>,
}

// SAFETY: a slot is written by the one filler before `state` says that it is
// there, and read by the one taker after that, so no slot is used by two threads
// at once; the items themselves are sent from one thread to another.
unsafe impl<T: Send> Sync for Shared<T> {}

// SAFETY: it owns its items, and nothing in it belongs to a thread.
unsafe impl<T: Send> Send for Shared<T> {}

/// The worker's side. Dropping it changes nothing.
pub(crate) struct Filler<T>(Arc<Shared<T>>);

/// The side of whoever holds the lock of the stage. What is not taken is dropped
/// with the last of the two sides.
pub(crate) struct Taker<T>(Arc<Shared<T>>);

/// Makes the two sides of a batch of at most `capacity` items.
pub(crate) fn batch<T>(capacity: usize) -> (Filler<T>, Taker<T>) {
    let slots = (0..capacity).map(|_| UnsafeCell::new(MaybeUninit::uninit()));
    let shared = Arc::new(Shared {
        state: AtomicUsize::new(0),
        taken: AtomicUsize::new(0),
        slots: slots.collect(),
    });
    (Filler(Arc::clone(&shared)), Taker(shared))
}

impl<T> Filler<T> {
    /// Adds an item and tells whether the consumer waits for it.
    ///
    /// # Panics
    ///
    /// When the batch is full.
    #[inline]
    pub(crate) fn push(&mut self, item: T) -> bool {
        // This side alone adds items, so no other thread changes their number.
        let place = self.0.state.load(Ordering::Relaxed) / ITEM;
        self.0.slots[place].with_mut(|slot| {
            // SAFETY: the taker reads only slots below the number in `state`,
            // which this one is not yet, and there is one filler, borrowed
            // mutably here.
            unsafe { slot.write(MaybeUninit::new(item)) };
        });
        self.0.state.fetch_add(ITEM, Ordering::Release) & WANTED != 0
    }
}

impl<T> Taker<T> {
    /// Takes what is there.
    pub(crate) fn take(&mut self) -> Vec<T> {
        let state = self.0.state.load(Ordering::Acquire);
        self.0.drain(state / ITEM)
    }

    /// Takes what is there, and asks the worker to say when there is more.
    pub(crate) fn take_and_want(&mut self) -> Vec<T> {
        let state = self.0.state.fetch_or(WANTED, Ordering::Acquire);
        self.0.drain(state / ITEM)
    }

    /// Asks the worker to say when there is something.
    pub(crate) fn want(&mut self) {
        self.0.state.fetch_or(WANTED, Ordering::Relaxed);
    }

    /// Takes what is there, and begins a new batch. The worker itself calls
    /// this, as `filler` shows; `wanted`: the consumer waits for more.
    ///
    /// # Panics
    ///
    /// When `filler` is not the other side of this batch.
    pub(crate) fn renew(&mut self, filler: &mut Filler<T>, wanted: bool) -> Vec<T> {
        assert!(Arc::ptr_eq(&self.0, &filler.0), "two sides of one batch");
        let state = self.0.state.load(Ordering::Relaxed);
        let items = self.0.drain(state / ITEM);
        // Both sides are borrowed mutably: nobody looks at this meanwhile.
        self.0.taken.store(0, Ordering::Relaxed);
        self.0.state.store(usize::from(wanted), Ordering::Relaxed);
        items
    }
}

impl<T> Shared<T> {
    /// Reads the items up to `end` that were not taken. The caller is the only
    /// one that takes, and has seen in `state` that so many are there.
    fn drain(&self, end: usize) -> Vec<T> {
        let begin = self.taken.load(Ordering::Relaxed);
        self.taken.store(end, Ordering::Relaxed);
        let read = |place: usize| {
            let item = self.slots[place].with(|slot| {
                // SAFETY: the filler has written this slot before it raised the
                // number in `state` (release), which the caller has read
                // (acquire, or it is the filler's own thread); `taken` says that
                // it was not read before.
                unsafe { slot.read() }
            });
            // SAFETY: it was written, as said above.
            unsafe { item.assume_init() }
        };
        (begin..end).map(read).collect()
    }
}

impl<T> Drop for Shared<T> {
    fn drop(&mut self) {
        let state = self.state.load(Ordering::Acquire);
        drop(self.drain(state / ITEM));
    }
}

impl<T> fmt::Debug for Filler<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filler").finish_non_exhaustive()
    }
}
