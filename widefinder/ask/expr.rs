//! Filters: which entries are selected.

use ipnet::IpNet;

use super::filter;
use super::logic::{self, Condition};
use super::{Bound, Key, Mistake, When};
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

impl Expr {
    /// Reads a filter: tests `FIELD OP VALUE`, joined by `and`, `or`, `not` and
    /// parentheses; `not` binds most and `or` least.
    ///
    /// # Errors
    ///
    /// When it is no filter, when there is no such field, or when a value is
    /// none of that field's.
    ///
    /// ```
    /// use jiff::{Timestamp, tz::TimeZone};
    /// use widefinder::ask::{Expr, When};
    ///
    /// let when = When { now: Timestamp::UNIX_EPOCH, zone: TimeZone::UTC };
    /// assert!(Expr::parse("status=5xx and not path~^/(a|b)/", &when).is_ok());
    /// let mistake = Expr::parse("status=40x", &when).unwrap_err();
    /// assert_eq!(mistake.place, 7..10);
    /// ```
    pub fn parse(text: &str, when: &When) -> Result<Expr, Mistake> {
        logic::read(text, "status=404", |cursor| {
            filter::test(cursor, when).map(Expr::Test)
        })
    }
}

impl Condition for Expr {
    fn all(conditions: Vec<Expr>) -> Expr {
        Expr::And(conditions)
    }

    fn any(conditions: Vec<Expr>) -> Expr {
        Expr::Or(conditions)
    }

    fn not(self) -> Expr {
        Expr::Not(Box::new(self))
    }
}
