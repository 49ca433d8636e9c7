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

/// A panic on its way to whoever pulls.
///
/// The payload lies in a cell that the scope knows as well. So a panic in a
/// queue that nobody will ever look at again, because its handle was dropped or
/// forgotten, is still rethrown by the scope.
#[derive(Debug)]
pub(crate) struct Caught(Cell);

type Cell = Arc<Mutex<Option<Payload>>>;

impl Caught {
    /// Takes the payload, to be rethrown here.
    pub(crate) fn claim(self) -> Payload {
        let payload = lock(&self.0).take();
        payload.expect("only the scope's end empties the cell of a panic in a queue")
    }

    /// Drops the payload: an earlier panic stands for it.
    pub(crate) fn forget(self) {
        let payload = lock(&self.0).take();
        drop(payload);
    }
}

/// The panics of a scope, of which those that no pull has delivered are left.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unclaimed(Arc<Mutex<Vec<Cell>>>);

impl Unclaimed {
    /// Notes a panic before it is handed over.
    pub(crate) fn register(&self, payload: Payload) -> Caught {
        let cell = Arc::new(Mutex::new(Some(payload)));
        let mut cells = lock(&self.0);
        cells.retain(|cell| lock(cell).is_some());
        cells.push(Arc::clone(&cell));
        Caught(cell)
    }

    /// Takes the first that is left, when no worker runs any more.
    pub(crate) fn take(&self) -> Option<Payload> {
        let cells = std::mem::take(&mut *lock(&self.0));
        cells.iter().find_map(|cell| lock(cell).take())
    }
}
