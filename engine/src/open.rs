//! A batch that is not full yet.
//!
//! Its worker adds to it and need not take the lock of the stage for each item.
//! A consumer that would otherwise wait takes what is there. A batch that only
//! its worker can see was the alternative: an item in it would be stuck for as
//! long as the body computes the next one, and for ever if that waits for the
//! consumer.

use std::fmt;

use crate::sync::{Mutex, lock};

/// What one worker has made and not handed over yet.
pub(crate) struct OpenBatch<T>(Mutex<Vec<T>>);

impl<T> Default for OpenBatch<T> {
    fn default() -> OpenBatch<T> {
        OpenBatch(Mutex::default())
    }
}

impl<T> fmt::Debug for OpenBatch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenBatch").finish_non_exhaustive()
    }
}

impl<T> OpenBatch<T> {
    /// Adds an item. Whoever takes before this does so under the same lock, so
    /// that a flag which it has set before is seen after this.
    pub(crate) fn push(&self, item: T) {
        lock(&self.0).push(item);
    }

    /// Lets `take` drain the items; it must not run user code.
    pub(crate) fn take(&self, take: impl FnOnce(&mut Vec<T>)) {
        take(&mut lock(&self.0));
    }
}
