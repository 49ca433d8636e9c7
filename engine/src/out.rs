//! What a body holds: the end where its outputs go, and the end where its items
//! come from.

use std::fmt;
use std::panic::resume_unwind;

use crate::error::Stop;
use crate::port::{NoItem, Port};
use crate::source::Source;

/// Where a body puts its outputs.
pub struct Out<'a, T> {
    port: &'a Port<'a, T>,
}

impl<'a, T> Out<'a, T> {
    pub(crate) fn new(port: &'a Port<'a, T>) -> Out<'a, T> {
        Out { port }
    }

    /// Hands `item` to the consumer, and returns when the next one is wanted:
    /// at once while there is room in the buffer, else at the next pull.
    ///
    /// # Errors
    ///
    /// [`Stop`] when the handle was dropped or the scope is closing. The item
    /// may be lost; the body is expected to return.
    #[inline]
    pub fn put(&mut self, item: T) -> Result<(), Stop> {
        self.port.put(item)
    }

    /// Tells whether the stage was told to stop.
    pub fn cancelled(&self) -> bool {
        self.port.worker.is_cancelled()
    }
}

impl<T> fmt::Debug for Out<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Out")
            .field("buffer", &self.port.buffer)
            .finish_non_exhaustive()
    }
}

/// Where the body of a [pool](crate::Stage::pool) gets its items: an iterator
/// over those that this worker is dealt.
///
/// `next` gives `None` when the input has ended, and also when the stage was
/// cancelled; the two are told apart by [`In::cancelled`]. A panic of the input
/// is rethrown there, in the worker that met it.
pub struct In<'a, I: Iterator, T> {
    port: &'a Port<'a, T>,
    source: &'a Source<I>,
    item: Vec<I::Item>,
}

impl<'a, I: Iterator, T> In<'a, I, T> {
    pub(crate) fn new(port: &'a Port<'a, T>, source: &'a Source<I>) -> In<'a, I, T> {
        In {
            port,
            source,
            item: Vec::new(),
        }
    }

    /// Tells whether the stage was told to stop.
    pub fn cancelled(&self) -> bool {
        self.port.worker.is_cancelled()
    }
}

impl<I: Iterator + Send, T> Iterator for In<'_, I, T> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        // One by one: a body may return before it has used up a batch.
        match self.port.begin(self.source, &mut self.item, 1) {
            Ok(()) => {
                self.port.worker.stats.item();
                self.item.pop()
            }
            Err(NoItem::Stop) => None,
            Err(NoItem::Panic(caught)) => resume_unwind(caught.claim()),
        }
    }
}

impl<I: Iterator, T> fmt::Debug for In<'_, I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("In")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}
