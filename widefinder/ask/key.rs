//! Keys: what a table counts by.

use std::fmt;

use super::Field;
use super::field::Kind;

/// A field, or what is derived from it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// What it is derived from.
    pub field: Field,
    /// How.
    pub derive: Derive,
}

/// What is made of a field's value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Derive {
    /// The value as it is written.
    Itself,
    /// `site`: the host of the referrer, in lower case, without the port.
    Site,
    /// `class`: the first digit of the status and `xx`, else `other`.
    Class,
    /// `ext`: what stands behind the last dot of the path's last segment.
    Extension,
    /// `day`: the date, `2006-10-01`.
    Day,
    /// `hour`: the hour of the day, `00` to `23`.
    Hour,
    /// `weekday`: `Mon` to `Sun`.
    Weekday,
    /// `time:5m`: the start of a span of so many seconds; at least 1.
    Bucket(u32),
    /// `client/24`: the network of an IPv4 address with so many leading bits,
    /// 0 to 32; of an IPv6 address always the first 48.
    Network(u8),
    /// `path:2`: the first segments; at least 1.
    Segments(u32),
    /// `query:name`: the value of the first parameter of that name.
    Parameter(String),
}

impl Key {
    /// A field as it is.
    pub fn of(field: Field) -> Key {
        Key {
            field,
            derive: Derive::Itself,
        }
    }

    /// How its values compare.
    pub fn kind(&self) -> Kind {
        match &self.derive {
            Derive::Itself => self.field.kind(),
            Derive::Hour => Kind::Number,
            _ => Kind::Text,
        }
    }

    /// Whether its values follow the clock, so that they have an order of their
    /// own and gaps between them.
    pub fn is_time(&self) -> bool {
        self.field == Field::Time
    }
}

/// The notation that a question uses.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.derive {
            Derive::Itself => self.field.fmt(f),
            Derive::Site => f.write_str("site"),
            Derive::Class => f.write_str("class"),
            Derive::Extension => f.write_str("ext"),
            Derive::Day => f.write_str("day"),
            Derive::Hour => f.write_str("hour"),
            Derive::Weekday => f.write_str("weekday"),
            Derive::Bucket(seconds) => write!(f, "{}:{}", self.field, Width(*seconds)),
            Derive::Network(bits) => write!(f, "{}/{bits}", self.field),
            Derive::Segments(number) => write!(f, "{}:{number}", self.field),
            Derive::Parameter(name) => write!(f, "{}:{name}", self.field),
        }
    }
}

/// Seconds in the largest unit that divides them.
struct Width(u32);

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, seconds) in [("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)] {
            if self.0.is_multiple_of(seconds) {
                return write!(f, "{}{unit}", self.0 / seconds);
            }
        }
        write!(f, "{}s", self.0)
    }
}
