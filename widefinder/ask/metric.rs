//! Metrics: what is said of the entries of each key.

use std::fmt;

use super::{Field, Key};

/// What is said of the entries of a key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Metric {
    /// How many there are.
    Hits,
    /// The bytes of all answers; `-` counts as 0.
    Bytes,
    /// Distinct clients, told apart by agent and day as well.
    Visitors,
    /// Those with status 500 and above.
    Errors,
    /// Those with status 400 to 499.
    ClientErrors,
    /// The errors as a share of the hits.
    ErrorRate,
    /// The mean of a number.
    Average(Field),
    /// The largest number.
    Max(Field),
    /// The smallest number.
    Min(Field),
    /// A percentile by nearest rank.
    Percentile(Percent, Field),
    /// Distinct values, an absent one not counted.
    Distinct(Key),
    /// The earliest time.
    First,
    /// The latest time.
    Last,
}

/// More than 0 and less than 100 per cent, in thousandths of a per cent, so
/// that `p99.9` is exact.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Percent(pub u32);

/// The notation that a question uses.
impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Metric::Hits => f.write_str("hits"),
            Metric::Bytes => f.write_str("bytes"),
            Metric::Visitors => f.write_str("visitors"),
            Metric::Errors => f.write_str("errors"),
            Metric::ClientErrors => f.write_str("client_errors"),
            Metric::ErrorRate => f.write_str("errors%"),
            Metric::Average(field) => write!(f, "avg:{field}"),
            Metric::Max(field) => write!(f, "max:{field}"),
            Metric::Min(field) => write!(f, "min:{field}"),
            Metric::Percentile(percent, field) => write!(f, "{percent}:{field}"),
            Metric::Distinct(key) => write!(f, "distinct:{key}"),
            Metric::First => f.write_str("first"),
            Metric::Last => f.write_str("last"),
        }
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / 1000, self.0 % 1000);
        if part == 0 {
            return write!(f, "p{whole}");
        }
        let part = format!("{part:03}");
        write!(f, "p{whole}.{}", part.trim_end_matches('0'))
    }
}
