//! What is made of a field's value.

use std::fmt;

use super::mistake::quoted;
use super::number::leading_digits;
use super::piece::Piece;
use super::{Field, Key, Mistake};

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

/// Reads what stands behind the `:` or `/` of a key.
pub(super) fn derive(
    key: &Key,
    name: Piece<'_>,
    by: &str,
    with: Piece<'_>,
) -> Result<Derive, Mistake> {
    let nothing = || {
        let all = Piece::of(name.whole(), name.start()..with.end());
        let how = match (key.derive == Derive::Itself, &key.field) {
            (true, Field::Client) => "; a network is written `client/24`",
            (true, Field::Path) => "; the first segments are written `path:1`",
            (true, Field::Uri) => "; the first segments of the path are written `path:1`",
            (true, Field::Query) => "; one parameter is written `query:name`",
            (_, Field::Time) => "; a span of time is written `time:5m`",
            (_, Field::Status) => "; the classes of a status are `class`",
            _ => "",
        };
        all.mistake(format!(
            "{} takes nothing behind it{how}",
            quoted(name.text())
        ))
    };
    if key.derive != Derive::Itself {
        return Err(nothing());
    }
    match (&key.field, by) {
        (Field::Time, ":") => width(with),
        (Field::Client, "/") => bits(with),
        (Field::Path, ":") => segments(with),
        (Field::Query, ":") => parameter(with),
        _ => Err(nothing()),
    }
}

fn width(piece: Piece<'_>) -> Result<Derive, Mistake> {
    const EXPECTED: &str = "a number with s, m, h, d or w, as in `time:5m`";
    let text = piece.text();
    if text.is_empty() {
        return Err(piece.mistake(format!("a span of time is missing; expected is {EXPECTED}")));
    }
    let seconds = leading_digits(text).and_then(|(digits, unit)| Some((digits, seconds(unit)?)));
    let Some((digits, unit)) = seconds else {
        let word = quoted(text);
        return Err(piece.mistake(format!("{word} is no span of time; expected is {EXPECTED}")));
    };
    match digits.parse::<u32>().ok().and_then(|n| n.checked_mul(unit)) {
        Some(0) => Err(piece.mistake("a span of time is at least one second, `time:1s`")),
        Some(seconds) => Ok(Derive::Bucket(seconds)),
        None => Err(piece.mistake("a span of time is at most 7101 weeks, `time:7101w`")),
    }
}

/// The seconds of a unit of time.
pub(super) fn seconds(unit: &str) -> Option<u32> {
    match unit {
        "s" => Some(1),
        _ => Width::UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .map(|(_, seconds)| *seconds),
    }
}

fn bits(piece: Piece<'_>) -> Result<Derive, Mistake> {
    match piece.text().parse::<u8>() {
        Ok(bits) if bits <= 32 && is_digits(piece) => Ok(Derive::Network(bits)),
        _ => Err(piece.mistake(
            "a prefix of 0 to 32 bits is expected, as in `client/24`; \
             of an IPv6 address it is always the first 48",
        )),
    }
}

fn segments(piece: Piece<'_>) -> Result<Derive, Mistake> {
    match piece.text().parse::<u32>() {
        Ok(number) if number > 0 && is_digits(piece) => Ok(Derive::Segments(number)),
        _ => Err(piece.mistake("a number of segments is expected, at least 1, as in `path:1`")),
    }
}

fn is_digits(piece: Piece<'_>) -> bool {
    piece.text().bytes().all(|b| b.is_ascii_digit())
}

fn parameter(piece: Piece<'_>) -> Result<Derive, Mistake> {
    let name = piece.text();
    let ends = |c: char| c.is_whitespace() || c.is_control() || ",=&".contains(c);
    if name.is_empty() || name.contains(ends) {
        return Err(piece.mistake(
            "the name of one parameter is expected, as in `query:utm_source`, \
             without `=`, `&`, commas and spaces",
        ));
    }
    Ok(Derive::Parameter(name.to_owned()))
}

/// Seconds in the largest unit that divides them.
#[derive(Debug)]
pub(super) struct Width(pub(super) u32);

impl Width {
    /// The units above a second, the largest first.
    const UNITS: [(&str, u32); 4] = [("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)];
}

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, seconds) in Width::UNITS {
            if self.0.is_multiple_of(seconds) {
                return write!(f, "{}{unit}", self.0 / seconds);
            }
        }
        write!(f, "{}s", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::assert_marks;

    #[test]
    fn arguments_derive() {
        let table: &[(&str, Field, Derive)] = &[
            ("time:90s", Field::Time, Derive::Bucket(90)),
            ("time:5m", Field::Time, Derive::Bucket(300)),
            ("time:1w", Field::Time, Derive::Bucket(604_800)),
            ("client/0", Field::Client, Derive::Network(0)),
            ("ip/24", Field::Client, Derive::Network(24)),
            ("path:2", Field::Path, Derive::Segments(2)),
            ("query:a[b]", Field::Query, Derive::Parameter("a[b]".into())),
            (
                "query:a:b/c",
                Field::Query,
                Derive::Parameter("a:b/c".into()),
            ),
        ];
        for (text, field, derive) in table {
            let (field, derive) = (field.clone(), derive.clone());
            let expected = Key { field, derive };
            assert_eq!(Key::parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn mistakes_point_at_their_place() {
        assert_marks(
            Key::parse,
            r"
time:0m
     ^^ a span of time is at least one second, `time:1s`
time:5x
     ^^ `5x` is no span of time; expected is a number with s, m, h, d or w, as in \
        `time:5m`
time:
     ^ a span of time is missing; expected is a number with s, m, h, d or w, as in \
       `time:5m`
time:9999999999s
     ^^^^^^^^^^^ a span of time is at most 7101 weeks, `time:7101w`
client/33
       ^^ a prefix of 0 to 32 bits is expected, as in `client/24`; of an IPv6 address it \
          is always the first 48
client/+8
       ^^ a prefix of 0 to 32 bits is expected, as in `client/24`; of an IPv6 address it \
          is always the first 48
path:0
     ^ a number of segments is expected, at least 1, as in `path:1`
query:
      ^ the name of one parameter is expected, as in `query:utm_source`, without `=`, `&`, \
        commas and spaces
ext:2
^^^^^ `ext` takes nothing behind it
day:2
^^^^^ `day` takes nothing behind it; a span of time is written `time:5m`
client:24
^^^^^^^^^ `client` takes nothing behind it; a network is written `client/24`
path/1
^^^^^^ `path` takes nothing behind it; the first segments are written `path:1`
url:1
^^^^^ `url` takes nothing behind it; the first segments of the path are written `path:1`
query/a
^^^^^^^ `query` takes nothing behind it; one parameter is written `query:name`
status:1
^^^^^^^^ `status` takes nothing behind it; the classes of a status are `class`
",
        );
    }
}
