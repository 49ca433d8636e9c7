//! The worker that the calling thread is, if it is one.
//!
//! A body may pull from any handle, and a cancel of the body's own stage must
//! reach it there. So whoever waits asks this module for whom it waits.

use std::cell::RefCell;
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
}

impl Worker {
    /// Calls `f` with the worker whose body runs on this thread. `f` must not
    /// run user code.
    pub(crate) fn with_current<R>(f: impl FnOnce(Option<&Worker>) -> R) -> R {
        CURRENT.with(|current| f(current.borrow().as_ref()))
    }

    /// Tells whether this worker's stage was told to stop.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Runs `body` as this worker.
    pub(crate) fn run<R>(self, body: impl FnOnce(&Worker) -> R) -> R {
        self.token.enroll();
        self.stats.start();
        CURRENT.with(|current| current.replace(Some(self.clone())));
        let result = body(&self);
        CURRENT.with(|current| current.replace(None));
        self.stats.end();
        self.token.leave();
        result
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
