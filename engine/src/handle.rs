//! The consumer's end of a stage.

use std::collections::VecDeque;
use std::fmt;
use std::panic::resume_unwind;
use std::time::{Duration, Instant};

use crate::buffer::Buffer;
use crate::error::TimedOut;
use crate::halt::deadline;
use crate::pull::Pulled;
use crate::scope::Site;
use crate::source::{Close, Upstream};
use crate::sync::Arc;
use crate::worker::Worker;

/// Starts the workers of a stage.
pub(crate) type Launch<'scope> = Box<dyn FnOnce() + Send + 'scope>;

/// An iterator over what a stage makes.
///
/// The first pull starts the stage. `next` gives `None` when the stage has
/// ended, and also when the stage whose body pulls was cancelled; the two are
/// told apart by [`Handle::cancelled`].
///
/// A body may capture a handle and pull it, except the body of a pool, which its
/// workers have in common: it captures a [shared](Handle::share) one.
///
/// Dropping a handle cancels its stage and everything above it: workers end at
/// their next call of the engine, nothing that is queued is begun, and the drop
/// does not wait for them.
///
/// # Panics
///
/// A pull rethrows the panic of a worker, once, with its own payload, after the
/// items that come before it in order; after that the iterator has ended.
#[must_use = "a stage does nothing until its handle is pulled"]
pub struct Handle<'scope, T> {
    buffer: Arc<Buffer<T>>,
    upstream: Upstream<'scope>,
    /// Where an adaptor on this handle starts a stage of its own.
    #[cfg_attr(
        not(feature = "spill"),
        expect(dead_code, reason = "no adaptor is compiled")
    )]
    site: Site<'scope>,
    /// `None` once the stage has started.
    launch: Option<Launch<'scope>>,
    cancelled: bool,
    /// Outputs that were handed over and not pulled yet.
    fetched: VecDeque<T>,
    /// Those of them that a panic has overtaken, until the handle goes.
    overtaken: VecDeque<T>,
    /// Pulls that the buffer does not know of yet, and how many it is told of
    /// at once.
    unreported: usize,
    lump: usize,
}

impl<'scope, T> Handle<'scope, T> {
    pub(crate) fn new(
        buffer: Arc<Buffer<T>>,
        upstream: Upstream<'scope>,
        site: Site<'scope>,
        launch: Launch<'scope>,
    ) -> Handle<'scope, T> {
        Handle {
            lump: buffer.lump(),
            unreported: 0,
            fetched: VecDeque::new(),
            overtaken: VecDeque::new(),
            buffer,
            upstream,
            site,
            launch: Some(launch),
            cancelled: false,
        }
    }

    /// Starts the stage without pulling: it reads ahead as far as its buffer
    /// goes, or up to a [batch](crate::Stage::batch) less, and not at all with
    /// `buffer(0)`.
    ///
    /// # Panics
    ///
    /// When not even one thread can be spawned.
    pub fn prime(&mut self) {
        // Nobody would pull what a stage that is to stop still starts.
        if self.launch.is_some() && Worker::current_is_cancelled() {
            return;
        }
        self.start();
    }

    /// Starts the stage, even for a stage that is to stop.
    pub(crate) fn start(&mut self) {
        if let Some(launch) = self.launch.take() {
            launch();
        }
    }

    #[cfg(feature = "spill")]
    pub(crate) fn site(&self) -> &Site<'scope> {
        &self.site
    }

    /// Pulls, but waits no longer than `limit`. `Ok(None)` is the end.
    ///
    /// # Errors
    ///
    /// [`TimedOut`] when nothing came in time. The stage runs on, and what it
    /// has begun for this pull comes with the next one.
    pub fn pull_timeout(&mut self, limit: Duration) -> Result<Option<T>, TimedOut> {
        // A time that the clock cannot tell is no limit.
        self.pull(deadline(limit))
    }

    /// Tells whether the last `None` came because the stage that pulls was
    /// cancelled, and not because this one had ended.
    pub fn cancelled(&self) -> bool {
        self.cancelled
    }

    /// Takes what was fetched before, if it is still to be seen.
    #[inline]
    fn fetched(&mut self) -> Option<T> {
        if self.fetched.is_empty() || self.buffer.is_alarmed() || self.is_cancelled() {
            return None;
        }
        self.buffer.note_pull();
        self.unreported += 1;
        if self.unreported >= self.lump {
            self.buffer
                .report_pulls(std::mem::take(&mut self.unreported));
        }
        self.fetched.pop_front()
    }

    fn pull(&mut self, deadline: Option<Instant>) -> Result<Option<T>, TimedOut> {
        if let Some(item) = self.fetched() {
            return Ok(Some(item));
        }
        self.prime();
        self.buffer.note_pull();
        if self.buffer.is_alarmed() {
            // A panic by completion overtakes them. Their drop may wait for the
            // consumer, who has to be told of it before.
            self.overtaken.append(&mut self.fetched);
        }
        if self.unreported > 0 {
            self.buffer
                .report_pulls(std::mem::take(&mut self.unreported));
        }
        match self.buffer.pull(&mut self.fetched, deadline) {
            Pulled::Item(item) => Ok(Some(item)),
            Pulled::End => {
                self.cancelled = false;
                Ok(None)
            }
            Pulled::Cancelled => {
                self.cancelled = true;
                Ok(None)
            }
            Pulled::TimedOut => Err(TimedOut(())),
            Pulled::Panic(caught) => resume_unwind(caught.claim()),
        }
    }
}

impl<T> Handle<'_, T> {
    /// Tells whether what was fetched is not to be seen any more.
    fn is_cancelled(&self) -> bool {
        self.buffer.is_cancelled() || Worker::current_is_cancelled()
    }
}

impl<T> Iterator for Handle<'_, T> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        if let Some(item) = self.fetched() {
            return Some(item);
        }
        self.pull(None)
            .expect("a pull without a deadline does not time out")
    }

    /// The lower bound is the number of outputs that `next` gives without a
    /// wait; it does not hold for a consumer that is cancelled.
    fn size_hint(&self) -> (usize, Option<usize>) {
        let ready = match self.buffer.is_alarmed() {
            true => 0,
            false => self.fetched.len(),
        };
        (ready, None)
    }
}

impl<T> Drop for Handle<'_, T> {
    fn drop(&mut self) {
        /// Closes even if the drop of a queued item panics.
        struct CloseUpstream<'a>(&'a dyn Close);
        impl Drop for CloseUpstream<'_> {
            fn drop(&mut self) {
                self.0.close();
            }
        }
        let _then = CloseUpstream(&*self.upstream);
        self.buffer.close();
    }
}

impl<T> fmt::Debug for Handle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle")
            .field("buffer", &self.buffer)
            .field("started", &self.launch.is_none())
            .field("cancelled", &self.cancelled)
            .finish_non_exhaustive()
    }
}
