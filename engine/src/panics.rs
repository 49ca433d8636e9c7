//! Panics that cross threads.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::sync::{Arc, Mutex, lock};

/// What a panic carries.
pub(crate) type Payload = Box<dyn Any + Send>;

/// Runs user code and returns its panic.
///
/// What the closure leaves half changed is never used again: its stage stops,
/// and the panic is handed on.
pub(crate) fn catch<R>(body: impl FnOnce() -> R) -> Result<R, Payload> {
    catch_unwind(AssertUnwindSafe(body))
}

/// The first panic of a scope that no pull has delivered; the scope rethrows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unclaimed(Arc<Mutex<Option<Payload>>>);

impl Unclaimed {
    pub(crate) fn add(&self, payload: Payload) {
        let mut first = lock(&self.0);
        if first.is_none() {
            *first = Some(payload);
        } else {
            drop(first);
            drop(payload);
        }
    }

    pub(crate) fn take(&self) -> Option<Payload> {
        lock(&self.0).take()
    }
}
