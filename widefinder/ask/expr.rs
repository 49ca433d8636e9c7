//! Filters: which entries are selected.

use ipnet::IpNet;

use super::{Bound, Key};
use crate::pattern::Pattern;

/// A condition on an entry.
#[derive(Clone, Debug)]
pub enum Expr {
    /// All hold.
    And(Vec<Expr>),
    /// At least one holds.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// A test of one value.
    Test(Test),
}

/// A test of one value: whether it is accepted.
#[derive(Clone, Debug)]
pub struct Test {
    /// What is looked at.
    pub key: Key,
    /// What is accepted: at least one of these must accept the value.
    pub accepts: Vec<Accept>,
    /// Whether the test holds when none of them does: `!=`, `!~`, `not in`.
    pub negated: bool,
    /// As it was typed, for people.
    pub text: String,
}

/// One way to be accepted. An absent value (missing, empty or `-`) is accepted
/// by [`Accept::Absent`] and nothing else.
#[derive(Clone, Debug)]
pub enum Accept {
    /// `= -`
    Absent,
    /// The value is these bytes.
    Text(Vec<u8>),
    /// The pattern matches somewhere in the value.
    Match(Pattern),
    /// The value is a number from the first to the last: a status, an hour,
    /// bytes, or a duration in nanoseconds.
    Number(u64, u64),
    /// The value is an address of this network.
    Network(IpNet),
    /// The time is not before the first and before the last.
    Time(Option<Bound>, Option<Bound>),
}
