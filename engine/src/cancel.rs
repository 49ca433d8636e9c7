//! The cancel token: a flag, and the threads to wake when it is set.
//!
//! A token knows nothing of the values that flow, so it is `'static`, and the
//! scope can cancel stages whose handles were forgotten.

use crate::signal::Signal;
use crate::sync::{Arc, AtomicBool, Mutex, Ordering, lock};

/// Tells the workers of one stage to stop.
#[derive(Debug, Default)]
pub(crate) struct Token {
    cancelled: AtomicBool,
    workers: Mutex<Vec<Arc<Signal>>>,
}

impl Token {
    /// Stops the stage: its workers see it at their next call of the engine,
    /// and those that sleep inside the engine are woken, whatever they wait for.
    pub(crate) fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
        for signal in lock(&self.workers).iter() {
            signal.notify();
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }

    /// Makes the calling thread one that a cancel wakes.
    pub(crate) fn enroll(&self) {
        lock(&self.workers).push(Signal::current());
    }

    /// Undoes [`Token::enroll`].
    pub(crate) fn leave(&self) {
        let signal = Signal::current();
        lock(&self.workers).retain(|other| !Arc::ptr_eq(other, &signal));
    }
}
