//! The input of a pool: one iterator, pulled by one worker at a time.
//!
//! The iterator is taken out of its slot, pulled, and put back, so that no lock
//! is held while it runs; the other workers wait for its return.

use std::fmt;

use crate::signal::{Signal, Waiters};
use crate::stats::Wait;
use crate::sync::{Arc, Mutex, lock};
use crate::worker::{Worker, sleep};

struct Slot<I> {
    /// `None` while a worker pulls, and after the end.
    input: Option<I>,
    ended: bool,
    waiting: Waiters,
}

/// An iterator that several workers share.
pub(crate) struct Source<I> {
    slot: Mutex<Slot<I>>,
}

impl<I> fmt::Debug for Source<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("ended", &lock(&self.slot).ended)
            .finish_non_exhaustive()
    }
}

impl<I> Source<I> {
    pub(crate) fn new(input: I) -> Source<I> {
        Source {
            slot: Mutex::new(Slot {
                input: Some(input),
                ended: false,
                waiting: Waiters::default(),
            }),
        }
    }

    /// Takes the input out; waits while another worker has it. `None` when it
    /// has ended or the worker's stage was cancelled.
    pub(crate) fn take(&self, worker: &Worker) -> Option<I> {
        let mut slot = lock(&self.slot);
        loop {
            if slot.ended || worker.token.is_cancelled() {
                return None;
            }
            if let Some(input) = slot.input.take() {
                return Some(input);
            }
            let signal = Signal::current();
            signal.arm();
            slot.waiting.add(&signal);
            drop(slot);
            sleep(Some(worker), Wait::Input, &signal, None);
            slot = lock(&self.slot);
            slot.waiting.remove(&signal);
        }
    }

    /// Puts the input back after a pull.
    pub(crate) fn put_back(&self, input: I) {
        let mut slot = lock(&self.slot);
        if slot.ended {
            drop(slot);
            drop(input);
            return;
        }
        slot.input = Some(input);
        let next = slot.waiting.pop();
        drop(slot);
        if let Some(signal) = next {
            signal.notify();
        }
    }
}

impl<I> Source<I> {
    /// Ends the input without running code of its own. Returns it, to be
    /// dropped, unless a worker has it at the moment (then that worker drops
    /// it).
    pub(crate) fn shut(&self) -> Option<I> {
        let mut slot = lock(&self.slot);
        slot.ended = true;
        slot.waiting.notify_all();
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
