//! The input of a pool: one iterator, pulled by one worker at a time.
//!
//! The iterator is taken out of its slot, pulled, and put back, so that no lock
//! is held while it runs. Whose turn it is to read is part of the hand-over's
//! state, since a worker wants its turn and a credit at once.

use std::fmt;

use crate::sync::{Arc, Mutex, lock};

/// An iterator that several workers share.
pub(crate) struct Source<I>(Mutex<Slot<I>>);

struct Slot<I> {
    /// `None` while a worker pulls, and after the end.
    input: Option<I>,
    shut: bool,
}

impl<I> fmt::Debug for Source<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("shut", &lock(&self.0).shut)
            .finish_non_exhaustive()
    }
}

impl<I> Source<I> {
    pub(crate) fn new(input: I) -> Source<I> {
        let slot = Slot {
            input: Some(input),
            shut: false,
        };
        Source(Mutex::new(slot))
    }

    /// Takes the input out; `None` if it was shut. The caller has its turn at
    /// it, so it is there.
    pub(crate) fn take(&self) -> Option<I> {
        lock(&self.0).input.take()
    }

    /// Puts the input back after a pull, or drops it if it was shut meanwhile.
    pub(crate) fn put_back(&self, input: I) {
        let mut slot = lock(&self.0);
        if slot.shut {
            drop(slot);
            drop(input);
        } else {
            slot.input = Some(input);
        }
    }

    /// Ends the input without running code of its own. Returns it, to be
    /// dropped, unless a worker has it at the moment (then that worker drops
    /// it).
    pub(crate) fn shut(&self) -> Option<I> {
        let mut slot = lock(&self.0);
        slot.shut = true;
        slot.input.take()
    }
}

/// What can be shut from downstream.
pub(crate) trait Close: Send + Sync {
    /// Ends the input, and drops it unless a worker has it at the moment (then
    /// that worker drops it).
    fn close(&self);
}

impl<I: Send> Close for Source<I> {
    fn close(&self) {
        drop(self.shut());
    }
}

/// The input of a stage that reads none.
#[derive(Debug)]
pub(crate) struct NoInput;

impl Close for NoInput {
    fn close(&self) {}
}

/// Either kind of input, to be closed with the handle.
pub(crate) type Upstream<'scope> = Arc<dyn Close + 'scope>;
