//! Conditions on the metrics of a row, after counting.

use super::Metric;
use crate::value::Value;

/// A condition on the metrics of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Having {
    /// All hold.
    And(Vec<Having>),
    /// At least one holds.
    Or(Vec<Having>),
    /// It does not hold.
    Not(Box<Having>),
    /// `METRIC OP VALUE`; false if the metric has no value, but for `!=`.
    Compare(Metric, Compare, Value),
}

/// How a metric and a value compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Compare {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    Greater,
    /// `>=`
    AtLeast,
}
