//! What is said of the entries of a key, from all of them at once.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

use super::condition::Operator;
use super::key::{Key, is_absent};
use super::row::Row;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Metric {
    Hits,
    Bytes,
    Visitors,
    Errors,
    ClientErrors,
    ErrorRate,
    Average(Number),
    Max(Number),
    Min(Number),
    /// In thousandths of a per cent.
    Percentile(u32, Number),
    Distinct(Key),
    First,
    Last,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Number {
    Bytes,
    Latency,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    Absent,
    Whole(u128),
    Ratio(u128, u128),
    /// Unix seconds and the offset.
    Time(i64, i32),
}

/// A condition on metrics.
#[derive(Clone, Debug)]
pub(crate) enum Having {
    And(Vec<Having>),
    Or(Vec<Having>),
    Not(Box<Having>),
    /// The value as it is typed, and what it is.
    Compare(Metric, Operator, &'static str, Value),
}

impl Value {
    /// By size; what is absent is less than anything.
    pub(crate) fn compare(self, other: Value) -> Ordering {
        let ratio = |value| match value {
            Value::Ratio(part, whole) => (part, whole),
            Value::Whole(number) => (number, 1),
            _ => (0, 1),
        };
        match (self, other) {
            (Value::Absent, Value::Absent) => Ordering::Equal,
            (Value::Absent, _) => Ordering::Less,
            (_, Value::Absent) => Ordering::Greater,
            (Value::Time(a, b), Value::Time(c, d)) => (a, b).cmp(&(c, d)),
            _ => {
                let ((a, b), (c, d)) = (ratio(self), ratio(other));
                (a * d).cmp(&(c * b))
            }
        }
    }
}

impl Number {
    fn of(self, row: &Row<'_>) -> Option<u64> {
        match self {
            Number::Bytes => Some(row.bytes_number().unwrap_or(0)),
            Number::Latency => row.latency,
        }
    }
}

impl Metric {
    pub(crate) fn of(self, rows: &[&Row<'_>]) -> Value {
        let count =
            |holds: &dyn Fn(&Row<'_>) -> bool| rows.iter().filter(|row| holds(row)).count() as u128;
        let distinct = |key: &dyn Fn(&Row<'_>) -> Option<Vec<Vec<u8>>>| {
            let keys: BTreeSet<_> = rows.iter().filter_map(|row| key(row)).collect();
            Value::Whole(keys.len() as u128)
        };
        let sorted = |number: Number| {
            let mut numbers: Vec<_> = rows.iter().filter_map(|row| number.of(row)).collect();
            numbers.sort();
            numbers
        };
        let whole = |number: Option<&u64>| match number {
            Some(number) => Value::Whole(u128::from(*number)),
            None => Value::Absent,
        };
        let sum = |numbers: &[u64]| numbers.iter().map(|number| u128::from(*number)).sum();
        let times = rows.iter().filter_map(|row| row.moment);
        let time = |time: Option<(i64, i32)>| match time {
            Some((second, offset)) => Value::Time(second, offset),
            None => Value::Absent,
        };
        match self {
            Metric::Hits => Value::Whole(rows.len() as u128),
            Metric::Bytes => Value::Whole(sum(&sorted(Number::Bytes))),
            Metric::Visitors => distinct(&|row| {
                let keys = [Key::Client, Key::Agent, Key::Day];
                Some(keys.map(|key| key.value(row)).to_vec())
            }),
            Metric::Errors => Value::Whole(count(&|row| row.has_status(500, 999))),
            Metric::ClientErrors => Value::Whole(count(&|row| row.has_status(400, 499))),
            Metric::ErrorRate if rows.is_empty() => Value::Absent,
            Metric::ErrorRate => {
                Value::Ratio(count(&|row| row.has_status(500, 999)), rows.len() as u128)
            }
            Metric::Average(number) => match &sorted(number)[..] {
                [] => Value::Absent,
                numbers => Value::Ratio(sum(numbers), numbers.len() as u128),
            },
            Metric::Max(number) => whole(sorted(number).last()),
            Metric::Min(number) => whole(sorted(number).first()),
            Metric::Percentile(percent, number) => {
                let numbers = sorted(number);
                let rank = (numbers.len() as u64 * u64::from(percent)).div_ceil(100_000);
                whole(rank.checked_sub(1).map(|index| &numbers[index as usize]))
            }
            Metric::Distinct(key) => distinct(&|row| {
                let value = key.value(row);
                (!is_absent(&value)).then(|| vec![value])
            }),
            Metric::First => time(times.min()),
            Metric::Last => time(times.max()),
        }
    }

    /// Whether the values of rows add up.
    pub(crate) fn adds_up(self) -> bool {
        use Metric::{Bytes, ClientErrors, Errors, Hits};
        matches!(self, Hits | Bytes | Errors | ClientErrors)
    }
}

impl Having {
    pub(crate) fn holds(&self, rows: &[&Row<'_>]) -> bool {
        let (metric, operator, wanted) = match self {
            Having::And(parts) => return parts.iter().all(|part| part.holds(rows)),
            Having::Or(parts) => return parts.iter().any(|part| part.holds(rows)),
            Having::Not(part) => return !part.holds(rows),
            Having::Compare(metric, operator, _, wanted) => (metric, operator, *wanted),
        };
        // The offset tells how a time is shown, not when it is.
        let found = match metric.of(rows) {
            Value::Time(second, _) => Value::Time(second, 0),
            found => found,
        };
        let order = found.compare(wanted);
        if operator.is_by_order() && (found == Value::Absent || wanted == Value::Absent) {
            return false;
        }
        match operator {
            Operator::Less => order.is_lt(),
            Operator::AtMost => order.is_le(),
            Operator::Greater => order.is_gt(),
            Operator::AtLeast => order.is_ge(),
            Operator::NotEqual => order.is_ne(),
            _ => order.is_eq(),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Number::Bytes => "bytes",
            Number::Latency => "latency",
        })
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Metric::ClientErrors => f.write_str("client_errors"),
            Metric::ErrorRate => f.write_str("errors%"),
            Metric::Average(number) => write!(f, "avg:{number}"),
            Metric::Max(number) => write!(f, "max:{number}"),
            Metric::Min(number) => write!(f, "min:{number}"),
            Metric::Percentile(percent, number) => {
                write!(f, "p{}.{:03}:{number}", percent / 1000, percent % 1000)
            }
            Metric::Distinct(key) => write!(f, "distinct:{key}"),
            _ => f.write_str(&format!("{self:?}").to_lowercase()),
        }
    }
}

impl fmt::Display for Having {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |parts: &[Having], joint: &str| {
            let parts: Vec<_> = parts.iter().map(|part| format!("({part})")).collect();
            parts.join(joint)
        };
        let (metric, operator, typed) = match self {
            Having::And(parts) => return f.write_str(&joined(parts, " and ")),
            Having::Or(parts) => return f.write_str(&joined(parts, " or ")),
            Having::Not(part) => return write!(f, "not ({part})"),
            Having::Compare(metric, operator, typed, _) => (metric, operator, typed),
        };
        let sign = match operator {
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::Greater => ">",
            Operator::AtLeast => ">=",
            _ => "=",
        };
        write!(f, "{metric}{sign}{typed}")
    }
}
