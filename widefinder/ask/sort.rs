//! The order of rows.

use super::{Key, Metric};

/// The order of rows; rows that it leaves equal are ordered by key, ascending.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sort {
    /// What it goes by.
    pub by: SortBy,
    /// Which comes first.
    pub direction: Direction,
}

/// What an order goes by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SortBy {
    /// A part of the key.
    Key(Key),
    /// A metric.
    Metric(Metric),
}

/// Which comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// The smallest.
    Ascending,
    /// The largest.
    Descending,
}
