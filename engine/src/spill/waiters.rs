//! A list of threads that wait for the same thing.

use crate::signal::Signal;
use crate::sync::Arc;

/// Threads that wait for the same thing, the one that came last woken first,
/// since its caches are the warmest.
#[derive(Debug, Default)]
pub(crate) struct Waiters(Vec<Arc<Signal>>);

impl Waiters {
    pub(crate) fn add(&mut self, signal: &Arc<Signal>) {
        self.0.push(Arc::clone(signal));
    }

    pub(crate) fn remove(&mut self, signal: &Arc<Signal>) {
        self.0.retain(|other| !Arc::ptr_eq(other, signal));
    }

    pub(crate) fn pop(&mut self) -> Option<Arc<Signal>> {
        self.0.pop()
    }

    pub(crate) fn notify_all(&mut self) {
        for signal in self.0.drain(..) {
            signal.notify();
        }
    }
}
