//! Conditions on an entry, and how they are typed behind `-w`.

use std::fmt;
use std::net::IpAddr;

use super::key::{Key, is_absent};
use super::row::Row;

/// A condition.
#[derive(Clone, Debug)]
pub(crate) enum Condition {
    And(Vec<Condition>),
    Or(Vec<Condition>),
    Not(Box<Condition>),
    Test(Test),
}

/// `KEY OP VALUE`
#[derive(Clone, Debug)]
pub(crate) struct Test {
    pub(crate) key: Key,
    pub(crate) operator: Operator,
    /// One, but for a list.
    pub(crate) values: Vec<Wanted>,
    /// Whether values stand in quotes that need not.
    pub(crate) quotes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Matches,
    MatchesNot,
    In,
    NotIn,
}

/// What a value is compared with.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    Absent,
    Text(&'static str),
    Pattern(Pattern),
    /// As it is typed, the first and the last that equal it, in thousandths.
    Number(&'static str, u128, u128),
    /// As it is typed, an address of it, and its bits.
    Network(&'static str, &'static str, u32),
    /// As it is typed; the first second and that behind the last; whether by the
    /// clock on the wall, or in UTC.
    Time(&'static str, i64, i64, Clock),
    /// As it is typed, and what it stands for.
    Texts(&'static str, &'static [&'static str]),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Clock {
    Wall,
    Utc,
}

/// A regular expression that is easy to match by hand.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pattern {
    Holds(&'static str),
    Begins(&'static str),
    Ends(&'static str),
    Is(&'static str),
    /// In letters of either case.
    HoldsInAnyCase(&'static str),
    Either(&'static str, &'static str),
    ThreeDigits,
    Anything,
}

impl Operator {
    pub(crate) fn is_by_order(self) -> bool {
        use Operator::{AtLeast, AtMost, Greater, Less};
        matches!(self, Less | AtMost | Greater | AtLeast)
    }

    fn is_negated(self) -> bool {
        matches!(
            self,
            Operator::NotEqual | Operator::MatchesNot | Operator::NotIn
        )
    }
}

impl Condition {
    /// Whether a part of it looks at the time.
    pub(crate) fn is_of_time(&self) -> bool {
        match self {
            Condition::And(parts) | Condition::Or(parts) => parts.iter().any(Condition::is_of_time),
            Condition::Not(part) => part.is_of_time(),
            Condition::Test(test) => test.key.is_time(),
        }
    }

    pub(crate) fn holds(&self, row: &Row<'_>) -> bool {
        match self {
            Condition::And(parts) => parts.iter().all(|part| part.holds(row)),
            Condition::Or(parts) => parts.iter().any(|part| part.holds(row)),
            Condition::Not(part) => !part.holds(row),
            Condition::Test(test) => test.holds(row),
        }
    }
}

impl Test {
    fn holds(&self, row: &Row<'_>) -> bool {
        let accepted = self.values.iter().any(|value| self.accepts(value, row));
        accepted != self.operator.is_negated()
    }

    fn accepts(&self, wanted: &Wanted, row: &Row<'_>) -> bool {
        let value = self.key.value(row);
        if is_absent(&value) {
            return matches!(wanted, Wanted::Absent);
        }
        match wanted {
            Wanted::Absent => false,
            Wanted::Text(text) => text.as_bytes() == value,
            Wanted::Texts(_, texts) => texts.iter().any(|text| text.as_bytes() == value),
            Wanted::Pattern(pattern) => pattern.matches(&value),
            Wanted::Network(_, base, bits) => is_in(&value, base, *bits),
            Wanted::Number(_, first, last) => self
                .number(row)
                .is_some_and(|number| self.compares(number * 1000, *first, *last + 1)),
            Wanted::Time(_, first, end, clock) => match (clock, row.moment, row.wall) {
                (Clock::Utc, Some((second, _)), _) | (Clock::Wall, _, Some(second)) => {
                    self.compares(second, *first, *end)
                }
                _ => false,
            },
        }
    }

    fn number(&self, row: &Row<'_>) -> Option<u128> {
        let number = match self.key {
            Key::Status => row.status_number()?,
            Key::Bytes => row.bytes_number()?,
            Key::Latency => row.latency?,
            _ => String::from_utf8(self.key.value(row)).ok()?.parse().ok()?,
        };
        Some(u128::from(number))
    }

    /// Compares with what is from `first` on and before `end`.
    fn compares<T: PartialOrd>(&self, value: T, first: T, end: T) -> bool {
        match self.operator {
            Operator::Less => value < first,
            Operator::AtMost => value < end,
            Operator::Greater => value >= end,
            Operator::AtLeast => value >= first,
            _ => value >= first && value < end,
        }
    }
}

fn is_in(client: &[u8], base: &str, bits: u32) -> bool {
    let base: IpAddr = base.parse().expect("it is an address");
    let same = |a: &[u8], b: &[u8]| {
        (0..bits as usize).all(|bit| (a[bit / 8] ^ b[bit / 8]) & (128 >> (bit % 8)) == 0)
    };
    match (String::from_utf8_lossy(client).parse(), base) {
        (Ok(IpAddr::V4(a)), IpAddr::V4(b)) => same(&a.octets(), &b.octets()),
        (Ok(IpAddr::V6(a)), IpAddr::V6(b)) => same(&a.octets(), &b.octets()),
        _ => false,
    }
}

impl Pattern {
    fn matches(self, value: &[u8]) -> bool {
        let holds = |value: &[u8], text: &str| {
            let text = text.as_bytes();
            (0..=value.len()).any(|from| value[from..].starts_with(text))
        };
        match self {
            Pattern::Holds(text) => holds(value, text),
            Pattern::Begins(text) => value.starts_with(text.as_bytes()),
            Pattern::Ends(text) => value.ends_with(text.as_bytes()),
            Pattern::Is(text) => value == text.as_bytes(),
            Pattern::HoldsInAnyCase(text) => {
                holds(&value.to_ascii_lowercase(), &text.to_ascii_lowercase())
            }
            Pattern::Either(a, b) => holds(value, a) || holds(value, b),
            Pattern::ThreeDigits => value.windows(3).any(|w| w.iter().all(u8::is_ascii_digit)),
            Pattern::Anything => true,
        }
    }
}

/// Puts a backslash before what means something in a regular expression.
pub(crate) fn regex_of(text: &str) -> String {
    let special = |c: char| r"\.+*?()|[]{}^$".contains(c);
    text.chars()
        .flat_map(|c| special(c).then_some('\\').into_iter().chain([c]))
        .collect()
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Holds(text) => write!(f, "{}", regex_of(text)),
            Pattern::Begins(text) => write!(f, "^{}", regex_of(text)),
            Pattern::Ends(text) => write!(f, "{}$", regex_of(text)),
            Pattern::Is(text) => write!(f, "^{}$", regex_of(text)),
            Pattern::HoldsInAnyCase(text) => write!(f, "(?i){}", regex_of(text)),
            Pattern::Either(a, b) => write!(f, "({}|{})", regex_of(a), regex_of(b)),
            Pattern::ThreeDigits => f.write_str(r"\d\d\d"),
            Pattern::Anything => f.write_str(".*"),
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wanted::Absent => f.write_str("-"),
            Wanted::Pattern(pattern) => pattern.fmt(f),
            Wanted::Text(typed)
            | Wanted::Texts(typed, _)
            | Wanted::Number(typed, ..)
            | Wanted::Network(typed, ..)
            | Wanted::Time(typed, ..) => f.write_str(typed),
        }
    }
}

/// A value in quotes, if it needs them or is to have them.
pub(crate) fn quoted(text: &str, quotes: bool) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-:?=%+^$\\*".contains(c);
    let joint = matches!(
        text.to_ascii_lowercase().as_str(),
        "" | "and" | "or" | "not"
    );
    if text.chars().all(plain) && !text.starts_with('=') && !joint && !quotes {
        return text.to_owned();
    }
    // Either kind of quotes will do.
    let quote = if text.len().is_multiple_of(2) {
        '\''
    } else {
        '"'
    };
    let escaped = text.chars().flat_map(|c| {
        (c == quote || c == '\\')
            .then_some('\\')
            .into_iter()
            .chain([c])
    });
    format!("{quote}{}{quote}", escaped.collect::<String>())
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = |value: &Wanted| quoted(&value.to_string(), self.quotes);
        let sign = match self.operator {
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::AtMost => "<=",
            Operator::Greater => ">",
            Operator::AtLeast => ">=",
            Operator::Matches => "~",
            Operator::MatchesNot => "!~",
            Operator::In => " in ",
            Operator::NotIn => " not in ",
        };
        let values: Vec<_> = self.values.iter().map(value).collect();
        match self.operator {
            Operator::In | Operator::NotIn => {
                write!(f, "{}{sign}({})", self.key, values.join(", "))
            }
            _ => write!(f, "{}{sign}{}", self.key, values.concat()),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |parts: &[Condition], joint: &str| {
            let parts: Vec<_> = parts.iter().map(|part| format!("({part})")).collect();
            parts.join(joint)
        };
        match self {
            Condition::And(parts) => f.write_str(&joined(parts, " and ")),
            Condition::Or(parts) => f.write_str(&joined(parts, " or ")),
            Condition::Not(part) => write!(f, "not ({part})"),
            Condition::Test(test) => test.fmt(f),
        }
    }
}
