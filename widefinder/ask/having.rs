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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::{assert_marks, is_sound, metrics};
    use proptest::prelude::*;

    fn ratio(part: u128, whole: u128) -> Value {
        Value::Ratio { part, whole }
    }

    #[test]
    fn values_are_in_the_unit_of_the_metric() {
        let table = [
            ("hits>=100", Compare::AtLeast, Value::Whole(100)),
            ("visitors > 2.5k", Compare::Greater, Value::Whole(2500)),
            ("distinct:path<1.5", Compare::Less, ratio(15, 10)),
            ("bytes>1k", Compare::Greater, Value::Whole(1024)),
            ("avg:bytes!=1.5", Compare::NotEqual, ratio(15, 10)),
            (
                "p95:latency<=500ms",
                Compare::AtMost,
                Value::Whole(500_000_000),
            ),
            (
                "max:latency == 1.5",
                Compare::Equal,
                Value::Whole(1_500_000_000),
            ),
            ("errors%>5", Compare::Greater, ratio(5, 100)),
            ("errors%<12.5%", Compare::Less, ratio(125, 1000)),
            ("avg:latency=-", Compare::Equal, Value::Absent),
            (
                "first>='1970-01-01 00:00:30 +0000'",
                Compare::AtLeast,
                Value::Time(Moment {
                    second: 30,
                    offset: 0,
                }),
            ),
        ];
        for (text, compare, value) in table {
            match Having::parse(text) {
                Ok(Having::Compare(_, found, wanted)) => {
                    assert_eq!((found, wanted), (compare, value), "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn mistakes_point_at_their_place() {
        assert_marks(
            Having::parse,
            r"
>5
^^ a metric is expected here, as in `hits>=100`
hits>5 and
          ^ a condition is missing, such as `hits>=100`
hitz>5
^^^^ there is no metric `hitz`; did you mean `hits`?
path=5
^^^^ there is no metric `path`; it is a field, and `distinct:path` counts its values
hits
    ^ behind `hits` one of = != < <= > >= is expected
hits~5
    ^ `hits` is a number, and has = != < <= > >=
hits in (5)
     ^^ `hits` is a number, and has = != < <= > >=
hits=>5
    ^^ `=>` is written `>=`
hits>
     ^ a value is missing behind `>`
hits>many
     ^^^^ `many` is no count; expected is a number, with k, M or G for powers of 1000: `100`, `2.5k`
bytes>5m
      ^^ `5m` is no size; expected is a number of bytes, with k, M, G or T for powers of \
         1024: `512`, `1.5k`, `10M`
p95:latency>5y
            ^^ `5y` is no duration; expected is a number with ns, us, ms, s, m, h or d, \
               or seconds without: `500ms`, `1.5`
errors%>x
        ^ `x` is no share; expected is a number of per cent: `5`, `12.5%`
errors%>500
        ^^^ `500` is more than all: 100 %
hits>-
     ^ an absent value is neither less nor more; it has = and !=
first>2026-11-01
      ^^^^^^^^^^ `2026-11-01` lacks its offset from UTC; here a time is written as in \
                 `2026-11-01T10:00Z`
last>-3h
     ^^^ `-3h` depends on when it is asked; here a time is written as in `2026-11-01T10:00Z`
last>2026-11-01T10:00:00.5Z
     ^^^^^^^^^^^^^^^^^^^^^^ the times of a log are whole seconds
",
        );
    }

    #[test]
    fn it_holds_for_rows() {
        let row = |metric: &Metric| match metric {
            Metric::Hits => Value::Whole(200),
            Metric::ErrorRate => ratio(11, 200),
            Metric::First => Value::Time(Moment {
                second: 30,
                offset: 3600,
            }),
            _ => Value::Absent,
        };
        for (text, holds) in [
            ("hits>=200", true),
            ("hits>200", false),
            ("hits<=200", true),
            ("hits<200", false),
            ("hits=200 and hits!=201", true),
            ("hits=201 or hits!=200", false),
            ("not hits=201", true),
            ("errors%=5.5", true),
            ("errors%>5.499", true),
            ("first=1970-01-01T00:00:30Z", true),
            ("first>1970-01-01T00:00:30Z", false),
            ("avg:latency<1", false),
            ("avg:latency>=0", false),
            ("avg:latency=1", false),
            ("avg:latency!=1", true),
            ("avg:latency=-", true),
            ("avg:latency!=-", false),
            ("hits!=-", true),
            ("hits=-", false),
        ] {
            let having = Having::parse(text).unwrap();
            assert_eq!(having.holds(&mut |metric| row(metric)), holds, "{text}");
        }
    }

    #[test]
    fn each_metric_is_needed_once() {
        let having = Having::parse("hits>1 and (bytes>2 or not hits<3) or first!=-").unwrap();
        let metrics = having.metrics();
        assert_eq!(metrics, [&Metric::Hits, &Metric::Bytes, &Metric::First]);
    }

    /// All but distinct keys: a parameter's name may hold what ends a name here.
    fn numbers() -> impl Strategy<Value = Metric> {
        metrics().prop_map(|metric| match metric {
            Metric::Distinct(_) => Metric::Hits,
            other => other,
        })
    }

    proptest! {
        #[test]
        fn any_metric_can_be_compared(metric in numbers()) {
            let value = match metric.unit() {
                Unit::Time => "2026-11-01T10:00Z",
                _ => "5",
            };
            let text = format!("{metric}>{value}");
            prop_assert!(Having::parse(&text).is_ok(), "{}", text);
        }

        #[test]
        fn any_text_is_a_condition_or_a_sound_mistake(
            any: String,
            near in r#"(( ?(hits|bytes|first|errors%|p50:latency) ?([=~<>]|!=|in) ?)?([a0-9é"'(),./\\%&|-]{0,5}|1k) ?(and|or|not)?)*"#,
        ) {
            for text in [any, near] {
                is_sound(&text, Having::parse(&text))?;
            }
        }
    }
}
