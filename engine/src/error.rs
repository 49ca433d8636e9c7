//! What the engine's calls return instead of a value.

use std::fmt;

/// The stage was told to stop: nobody will pull what it makes.
///
/// A body that gets it from [`Out::put`](crate::Out::put) returns it, usually
/// with `?`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stop(pub(crate) ());

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stage was told to stop")
    }
}

impl std::error::Error for Stop {}

/// No value came before the time was over; the stage runs on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimedOut(pub(crate) ());

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no value came before the time was over")
    }
}

impl std::error::Error for TimedOut {}

/// A pull would have to queue more than the limit for consumers that are behind.
///
/// Nothing was read and nothing is lost: once these have pulled, or were
/// dropped, the pull can be repeated. See [`Handle::tee`](crate::Handle::tee)
/// and [`Handle::split_by`](crate::Handle::split_by).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Overrun {
    pub(crate) limit: usize,
}

impl Overrun {
    /// Returns how many items may be queued.
    pub fn limit(&self) -> usize {
        self.limit
    }
}

impl fmt::Display for Overrun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the limit of {} queued items is reached: pull or drop the consumers that are behind, or raise the limit",
            self.limit
        )
    }
}

impl std::error::Error for Overrun {}
