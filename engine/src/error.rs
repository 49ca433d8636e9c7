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
