//! Events for the `tracing` crate: who started, waited, pulled, ended.
//!
//! Without the feature `tracing` each function is empty and costs nothing. With
//! it a subscriber is user code, so none of them is called under a lock. What
//! they say is listed in the crate's documentation.

#![cfg_attr(not(feature = "tracing"), allow(unused_variables))]

use crate::stats::{StageStats, Wait, WorkerStats};

/// Filters name this.
#[cfg(feature = "tracing")]
const TARGET: &str = "engine";

macro_rules! event {
    ($level:ident, $($rest:tt)+) => {
        #[cfg(feature = "tracing")]
        tracing::event!(target: TARGET, tracing::Level::$level, $($rest)+)
    };
}

#[inline]
pub(crate) fn stage_starts(stage: &StageStats, jobs: usize) {
    event!(DEBUG, stage = stage.name(), jobs, "stage starts");
}

#[inline]
pub(crate) fn worker_starts(worker: &WorkerStats) {
    event!(
        DEBUG,
        stage = worker.stage(),
        worker = worker.number(),
        "worker starts"
    );
}

#[inline]
pub(crate) fn worker_ends(worker: &WorkerStats) {
    event!(
        DEBUG,
        stage = worker.stage(),
        worker = worker.number(),
        "worker ends"
    );
}

#[inline]
pub(crate) fn waited(worker: &WorkerStats, wait: Wait, nanoseconds: u64) {
    event!(
        TRACE,
        stage = worker.stage(),
        worker = worker.number(),
        r#for = wait.name(),
        nanoseconds,
        "waited"
    );
}

#[inline]
pub(crate) fn pull(stage: &StageStats) {
    event!(TRACE, stage = stage.name(), "pull");
}

#[inline]
pub(crate) fn panic(stage: &StageStats) {
    event!(DEBUG, stage = stage.name(), "panic");
}

#[inline]
pub(crate) fn handle_dropped(stage: &StageStats) {
    event!(DEBUG, stage = stage.name(), "handle dropped");
}
