//! Conditions on the metrics of a row, after counting.

use std::cmp::Ordering;

use super::cursor::{self, Cursor};
use super::logic::{self, Condition};
use super::mistake::quoted;
use super::number::{count, duration, share, size};
use super::operator::Operator;
use super::when::Reading;
use super::word::Word;
use super::{Bound, Metric, Mistake};
use crate::time::Moment;
use crate::value::{Unit, Value};

/// A condition on the metrics of a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Having {
    /// All hold.
    And(Vec<Having>),
    /// At least one holds.
    Or(Vec<Having>),
    /// It does not hold.
    Not(Box<Having>),
    /// `METRIC OP VALUE`; false if the metric has no value, but for `!=`. Only
    /// the value of `= -` is [`Value::Absent`]: it equals no value.
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

impl Having {
    /// Reads a condition: comparisons `METRIC OP VALUE`, joined by `and`, `or`,
    /// `not` and parentheses.
    ///
    /// # Errors
    ///
    /// When it is no condition, when there is no such metric, or when a value
    /// is not in its unit.
    ///
    /// ```
    /// use widefinder::ask::Having;
    /// use widefinder::value::Value;
    ///
    /// let having = Having::parse("hits>=100 and p95:latency<1.5s").unwrap();
    /// assert_eq!(having.metrics().len(), 2);
    /// assert!(!having.holds(&mut |_| Value::Whole(7)));
    /// ```
    pub fn parse(text: &str) -> Result<Having, Mistake> {
        logic::read(text, "hits>=100", comparison)
    }

    /// Whether it holds for a row, whose metrics `value_of` returns.
    pub fn holds(&self, value_of: &mut dyn FnMut(&Metric) -> Value) -> bool {
        match self {
            Having::And(all) => all.iter().all(|having| having.holds(value_of)),
            Having::Or(any) => any.iter().any(|having| having.holds(value_of)),
            Having::Not(having) => !having.holds(value_of),
            Having::Compare(metric, compare, value) => compare.holds(&value_of(metric), value),
        }
    }

    /// The metrics that it needs, each once, in the order in which they stand
    /// there.
    pub fn metrics(&self) -> Vec<&Metric> {
        let mut metrics = Vec::new();
        self.add_metrics(&mut metrics);
        metrics
    }

    fn add_metrics<'h>(&'h self, metrics: &mut Vec<&'h Metric>) {
        match self {
            Having::And(parts) | Having::Or(parts) => {
                parts.iter().for_each(|having| having.add_metrics(metrics));
            }
            Having::Not(having) => having.add_metrics(metrics),
            Having::Compare(metric, ..) if !metrics.contains(&metric) => metrics.push(metric),
            Having::Compare(..) => {}
        }
    }
}

impl Condition for Having {
    fn all(conditions: Vec<Having>) -> Having {
        Having::And(conditions)
    }

    fn any(conditions: Vec<Having>) -> Having {
        Having::Or(conditions)
    }

    fn not(self) -> Having {
        Having::Not(Box::new(self))
    }
}

impl Compare {
    fn holds(self, found: &Value, wanted: &Value) -> bool {
        if let (Value::Absent, _) | (_, Value::Absent) = (found, wanted) {
            return match self {
                Compare::Equal => found == wanted,
                Compare::NotEqual => found != wanted,
                _ => false,
            };
        }
        let order = match (found, wanted) {
            // The offset tells how a time is shown, not when it is.
            (Value::Time(found), Value::Time(wanted)) => found.second.cmp(&wanted.second),
            _ => found.compare(wanted),
        };
        match self {
            Compare::Equal => order == Ordering::Equal,
            Compare::NotEqual => order != Ordering::Equal,
            Compare::Less => order == Ordering::Less,
            Compare::AtMost => order != Ordering::Greater,
            Compare::Greater => order == Ordering::Greater,
            Compare::AtLeast => order != Ordering::Less,
        }
    }
}

/// The operators, for a message.
const OPERATORS: &str = "= != < <= > >=";

fn comparison(cursor: &mut Cursor<'_>) -> Result<Having, Mistake> {
    let name = cursor.name();
    if name.text().is_empty() {
        let place = cursor.next_word();
        return Err(place.mistake("a metric is expected here, as in `hits>=100`"));
    }
    let metric = Metric::read(name)?;
    cursor.skip_spaces();
    let start = cursor.at();
    let operator = cursor.operator(name, OPERATORS)?;
    let sign = cursor.since(start);
    let Operator::Compare(compare) = operator else {
        let name = quoted(name.text());
        return Err(sign.mistake(format!("{name} is a number, and has {OPERATORS}")));
    };
    let word = cursor.value(sign, cursor::Value::Plain)?;
    if word.text() == "-" {
        if !matches!(compare, Compare::Equal | Compare::NotEqual) {
            return Err(word.mistake("an absent value is neither less nor more; it has = and !="));
        }
        return Ok(Having::Compare(metric, compare, Value::Absent));
    }
    let value = value(metric.unit(), &word)?;
    Ok(Having::Compare(metric, compare, value))
}

fn value(unit: Unit, word: &Word<'_>) -> Result<Value, Mistake> {
    let text = word.text();
    let value = match unit {
        Unit::Count => count(text).map(|number| number.value()),
        Unit::Bytes => size(text).map(|number| number.value()),
        Unit::Nanoseconds => duration(text).map(|number| number.value()),
        Unit::Share => share(text),
        Unit::Time => time(text),
    };
    value.map_err(|message| word.mistake(message))
}

/// Reads a time that does not depend on the clock of who asks, nor on that
/// which wrote the entries.
fn time(text: &str) -> Result<Value, String> {
    let reading = Reading::of(text, None)?;
    if reading.rounded {
        return Err("the times of a log are whole seconds".to_owned());
    }
    match reading.bound {
        Bound::Instant(second) => Ok(Value::Time(Moment { second, offset: 0 })),
        Bound::Wall(_) => Err(format!(
            "{} lacks its offset from UTC; here a time is written as in `2026-11-01T10:00Z`",
            quoted(text)
        )),
    }
}
