//! The worker that the calling thread is, if it is one.
//!
//! A body may pull from any handle, and a cancel of the body's own stage must
//! reach it there. So whoever waits asks this module for whom it waits.

use std::cell::{Cell, RefCell};
use std::time::Instant;

use crate::cancel::Token;
use crate::signal::Signal;
use crate::stats::{Wait, WorkerStats};
use crate::sync::{Arc, thread_local};

/// One thread of one stage.
#[derive(Clone, Debug)]
pub(crate) struct Worker {
    pub(crate) token: Arc<Token>,
    pub(crate) stats: Arc<WorkerStats>,
}

thread_local! {
    static CURRENT: RefCell<Option<Worker>> = const { RefCell::new(None) };
    /// Whether there is one: asked for each item, and cheaper to tell.
    static IS_WORKER: Cell<bool> = const { Cell::new(false) };
}

impl Worker {
    /// Calls `f` with the worker whose body runs on this thread. `f` must not
    /// run user code.
    pub(crate) fn with_current<R>(f: impl FnOnce(Option<&Worker>) -> R) -> R {
        CURRENT.with(|current| f(current.borrow().as_ref()))
    }

    /// Tells whether the stage of the worker that runs on this thread was told
    /// to stop; false if there is none.
    pub(crate) fn current_is_cancelled() -> bool {
        IS_WORKER.with(Cell::get)
            && Worker::with_current(|worker| worker.is_some_and(Worker::is_cancelled))
    }

    /// Tells whether this worker's stage was told to stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Runs `body` as this worker.
    pub(crate) fn run<R>(self, body: impl FnOnce(&Worker) -> R) -> R {
        /// Ends the worker even if it unwinds.
        struct Ended<'a>(&'a Worker);
        impl Drop for Ended<'_> {
            fn drop(&mut self) {
                IS_WORKER.with(|is_worker| is_worker.set(false));
                CURRENT.with(|current| current.replace(None));
                self.0.token.leave();
                self.0.stats.end();
            }
        }
        self.token.enroll();
        let _ended = Ended(&self);
        self.stats.start();
        CURRENT.with(|current| current.replace(Some(self.clone())));
        IS_WORKER.with(|is_worker| is_worker.set(true));
        body(&self)
    }
}

/// Sleeps on `signal`, which was armed and listed before, and books the time
/// with the worker. Returns at once if the worker's stage was cancelled.
pub(crate) fn sleep(
    worker: Option<&Worker>,
    kind: Wait,
    signal: &Signal,
    deadline: Option<Instant>,
) {
    match worker {
        Some(worker) if worker.token.is_cancelled() => {}
        Some(worker) => worker.stats.wait(kind, || signal.wait(deadline)),
        None => signal.wait(deadline),
    }
}
