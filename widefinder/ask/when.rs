//! Times in a question.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A second in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// Seconds since 1970-01-01 00:00:00 UTC: it was written with an offset.
    Instant(i64),
    /// Seconds from 1970-01-01 00:00:00 to this reading of the clock that wrote
    /// the entry, or of the clock that was asked for.
    Wall(i64),
}

/// What `-3h` and `yesterday` are told from.
#[derive(Clone, Debug)]
pub struct When {
    /// The time at which the question is asked.
    pub now: Timestamp,
    /// The clock by which it has a date: the one that was asked for, or the
    /// system's.
    pub zone: TimeZone,
}
