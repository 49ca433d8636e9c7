//! How the value of a metric is written.
//!
//! For machines: whole numbers as they are, seconds exact to the nanosecond,
//! every other ratio rounded half up to a fixed number of places, no zeros at
//! the end. For people: what a column of them reads best as.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::decimal::Decimal;
use super::number::{duration, share, size, whole};
use crate::value::{Unit, Value, seconds};

/// Places of a mean of bytes, or of whatever else is counted.
const MEAN_PLACES: usize = 3;
/// Places of a number of per cent.
const PERCENT_PLACES: usize = 4;
/// Places of a second, down to the nanosecond.
const SECOND_PLACES: usize = 9;
/// Places of a second that people see: no server's clock is better.
const SECOND_PLACES_SHOWN: usize = 6;
/// The power of ten that makes seconds of nanoseconds.
const NANO: i32 = -9;
/// The power of ten that makes per cent of a ratio.
const PERCENT: i32 = 2;

/// A value as machines read it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Written {
    /// There is none.
    Absent,
    /// A number of JSON.
    Number(String),
    /// A text that needs no quoting.
    Text(String),
}

impl Written {
    /// Writes a value of a unit.
    pub(super) fn new(value: &Value, unit: Unit) -> Written {
        match *value {
            Value::Absent => Written::Absent,
            Value::Time(moment) => Written::Text(moment.to_string()),
            Value::Whole(number) => Written::Number(match unit {
                Unit::Count | Unit::Bytes | Unit::Time => number.to_string(),
                Unit::Nanoseconds => seconds(number),
                Unit::Share => exact(number, 1, unit).trimmed(),
            }),
            Value::Ratio { part, whole } => Written::Number(exact(part, whole, unit).trimmed()),
        }
    }

    /// The text; empty for what is absent.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Written::Absent => "",
            Written::Number(text) | Written::Text(text) => text,
        }
    }
}

/// `null`, a number with exactly these digits, or a string.
impl Serialize for Written {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Written::Absent => serializer.serialize_unit(),
            Written::Text(text) => serializer.serialize_str(text),
            Written::Number(digits) => serde_json::from_str::<&RawValue>(digits)
                .map_err(serde::ser::Error::custom)?
                .serialize(serializer),
        }
    }
}

/// What a machine's unit of a metric is called.
pub(super) fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "count",
        Unit::Bytes => "bytes",
        Unit::Nanoseconds => "seconds",
        Unit::Share => "percent",
        Unit::Time => "time",
    }
}

fn exact(part: u128, whole: u128, unit: Unit) -> Decimal {
    match unit {
        Unit::Count | Unit::Bytes | Unit::Time => Decimal::ratio(part, whole, 0, MEAN_PLACES),
        Unit::Nanoseconds => Decimal::ratio(part, whole, NANO, SECOND_PLACES),
        Unit::Share => Decimal::ratio(part, whole, PERCENT, PERCENT_PLACES),
    }
}

/// Writes a column of values for people. On a terminal (`rich`) numbers have
/// separators and units; elsewhere they are plain, and points stand below each
/// other.
pub(super) fn column(values: &[Value], unit: Unit, rich: bool) -> Vec<String> {
    if unit == Unit::Nanoseconds && !rich {
        return aligned_seconds(values);
    }
    let has_means = values.iter().any(|v| matches!(v, Value::Ratio { .. }));
    let write = |value: &Value| match (value.fraction(), unit) {
        (None, _) => not_a_number(value),
        (Some((part, whole)), Unit::Share) => share(part, whole),
        (Some((part, whole)), Unit::Bytes) if rich => size(rounded(part, whole)),
        (Some((part, whole)), Unit::Nanoseconds) => duration(rounded(part, whole)),
        (Some((part, whole)), _) if has_means => Decimal::ratio(part, whole, 0, 1).fixed(),
        (Some((number, _)), _) => whole(number, rich),
    };
    values.iter().map(write).collect()
}

/// Plain seconds, all with the places that one of them needs.
fn aligned_seconds(values: &[Value]) -> Vec<String> {
    let write = |value: &Value| {
        let (part, whole) = value.fraction()?;
        Some(Decimal::ratio(part, whole, NANO, SECOND_PLACES_SHOWN))
    };
    let numbers: Vec<_> = values.iter().map(write).collect();
    let places = numbers.iter().flatten().map(Decimal::needed).max();
    let places = places.unwrap_or(0);
    let written = numbers.iter().zip(values);
    written
        .map(|(number, value)| match number {
            Some(number) => number.with_places(places),
            None => not_a_number(value),
        })
        .collect()
}

fn not_a_number(value: &Value) -> String {
    match value {
        Value::Time(moment) => moment.to_string(),
        _ => "-".to_owned(),
    }
}

fn rounded(part: u128, whole: u128) -> u128 {
    let rest = part % whole;
    part / whole + u128::from(rest >= whole - rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Moment;

    fn machine(value: Value, unit: Unit) -> String {
        serde_json::to_string(&Written::new(&value, unit)).unwrap()
    }

    fn ratio(part: u128, whole: u128) -> Value {
        Value::Ratio { part, whole }
    }

    #[test]
    fn machines_get_exact_numbers() {
        use Unit::*;
        let most = u128::MAX;
        let table = [
            (Value::Absent, Count, "null"),
            (Value::Whole(0), Count, "0"),
            (Value::Whole(1_234_567), Bytes, "1234567"),
            (ratio(10, 4), Bytes, "2.5"),
            (ratio(1, 8000), Bytes, "0"),
            (ratio(1, 2000), Bytes, "0.001"),
            (Value::Whole(0), Nanoseconds, "0"),
            (Value::Whole(1), Nanoseconds, "0.000000001"),
            (Value::Whole(1_500_000_000), Nanoseconds, "1.5"),
            (ratio(3, 2), Nanoseconds, "0.000000002"),
            (ratio(1, 8), Share, "12.5"),
            (ratio(1, 3), Share, "33.3333"),
            (ratio(1, 2_000_000), Share, "0.0001"),
            (ratio(most, most), Share, "100"),
            (ratio(most - 1, most), Share, "100"),
            (ratio(0, most), Share, "0"),
        ];
        for (value, unit, text) in table {
            assert_eq!(machine(value, unit), text, "{value:?} {unit:?}");
        }
        let time = Value::Time(Moment {
            second: 0,
            offset: -5400,
        });
        assert_eq!(machine(time, Time), "\"1969-12-31T22:30:00-01:30\"");
    }

    #[test]
    fn machines_get_extremes() {
        let most = u128::MAX;
        assert_eq!(machine(Value::Whole(most), Unit::Bytes), most.to_string());
        assert_eq!(
            machine(Value::Whole(most), Unit::Nanoseconds),
            "340282366920938463463374607431.768211455"
        );
        assert_eq!(machine(ratio(most, 1), Unit::Share), format!("{most}00"));
        assert_eq!(
            machine(ratio(most, 2), Unit::Bytes),
            "170141183460469231731687303715884105727.5"
        );
    }

    #[test]
    fn people_get_columns() {
        let write = |values: &[Value], unit, rich| column(values, unit, rich).join("|");
        let whole = [Value::Whole(1_234_567), Value::Absent, Value::Whole(0)];
        assert_eq!(write(&whole, Unit::Count, true), "1,234,567|-|0");
        assert_eq!(write(&whole, Unit::Count, false), "1234567|-|0");
        assert_eq!(write(&whole, Unit::Bytes, true), "1.18 MiB|-|0 B");
        assert_eq!(write(&whole, Unit::Bytes, false), "1234567|-|0");
        assert_eq!(write(&whole, Unit::Nanoseconds, true), "1.23 ms|-|0 ns");
        assert_eq!(
            write(&whole, Unit::Nanoseconds, false),
            "0.001235|-|0.000000"
        );
        let means = [ratio(5, 2), ratio(10_000, 1), Value::Absent];
        assert_eq!(write(&means, Unit::Bytes, true), "3 B|9.77 KiB|-");
        assert_eq!(write(&means, Unit::Bytes, false), "2.5|10000.0|-");
        let rates = [ratio(1, 8), ratio(1, 800)];
        assert_eq!(write(&rates, Unit::Share, true), "12.50%|0.13%");
        let millis = [Value::Whole(120_000_000), Value::Whole(3_000_000)];
        assert_eq!(write(&millis, Unit::Nanoseconds, false), "0.120|0.003");
        let seconds = [Value::Whole(2_000_000_000)];
        assert_eq!(write(&seconds, Unit::Nanoseconds, false), "2");
        assert_eq!(
            write(&[ratio(u128::MAX, 1)], Unit::Bytes, false),
            format!("{}.0", u128::MAX)
        );
    }
}
