//! The producer's end of a stage that makes its own items.

use std::fmt;

use crate::buffer::Buffer;
use crate::error::Stop;
use crate::worker::Worker;

/// Where the body of a generator puts its items.
pub struct Out<'a, T> {
    buffer: &'a Buffer<T>,
    worker: &'a Worker,
}

impl<'a, T> Out<'a, T> {
    pub(crate) fn new(buffer: &'a Buffer<T>, worker: &'a Worker) -> Out<'a, T> {
        Out { buffer, worker }
    }

    /// Hands `item` to the consumer, and returns when the next one is wanted:
    /// at once while there is room in the buffer, else at the next pull.
    ///
    /// # Errors
    ///
    /// [`Stop`] when the handle was dropped or the scope is closing. The item
    /// may be lost; the body is expected to return.
    pub fn put(&mut self, item: T) -> Result<(), Stop> {
        self.buffer.put_next(self.worker, item)
    }

    /// Tells whether the stage was told to stop.
    pub fn cancelled(&self) -> bool {
        self.worker.token.is_cancelled()
    }
}

impl<T> fmt::Debug for Out<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Out")
            .field("buffer", &self.buffer)
            .finish_non_exhaustive()
    }
}
