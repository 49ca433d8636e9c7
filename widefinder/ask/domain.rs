//! What a value accepts in a filter, by the kind of what it is compared with.

use super::address::address;
use super::calendar::{days, hour, weekdays};
use super::field::Kind;
use super::having::Compare;
use super::mistake::quoted;
use super::number::{duration, size};
use super::span::Span;
use super::status::{class, status};
use super::when::Reading;
use super::word::Word;
use super::{Accept, Bound, Derive, Field, Key, Mistake, When};
use crate::scan::format::is_absent;

/// How what a filter looks at compares: finer than [`Kind`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Domain {
    /// Three digits.
    Status,
    /// 0 to 23.
    Hour,
    /// Bytes.
    Size,
    /// Nanoseconds.
    Duration,
    /// A second.
    Time,
    /// A date.
    Day,
    /// `Mon` to `Sun`.
    Weekday,
    /// `1xx` to `5xx`, or `other`.
    Class,
    /// An address or a name.
    Address,
    /// Any text.
    Text,
}

impl Domain {
    /// The domain of a key's values.
    pub(super) fn of(key: &Key) -> Domain {
        match (&key.derive, key.kind()) {
            (Derive::Day, _) => Domain::Day,
            (Derive::Weekday, _) => Domain::Weekday,
            (Derive::Class, _) => Domain::Class,
            (Derive::Hour, _) => Domain::Hour,
            (_, Kind::Number) => Domain::Status,
            (_, Kind::Size) => Domain::Size,
            (_, Kind::Duration) => Domain::Duration,
            (_, Kind::Time) => Domain::Time,
            (_, Kind::Address) => Domain::Address,
            (_, Kind::Text) => Domain::Text,
        }
    }

    /// What a test looks at for it: a day is a span of time.
    pub(super) fn key(self, key: Key) -> Key {
        match self {
            Domain::Day => Key::of(Field::Time),
            _ => key,
        }
    }

    /// Why its values match no pattern; `None` if they do.
    pub(super) fn no_pattern(self) -> Option<&'static str> {
        match self {
            Domain::Size => Some("a size matches no pattern; compare it by = != < <= > >="),
            Domain::Duration => Some("a duration matches no pattern; compare it by < <= > >="),
            Domain::Time => Some(
                "a time matches no pattern; compare it by < <= > >=, \
                 or match its `day`, `hour` or `weekday`",
            ),
            _ => None,
        }
    }

    /// What `= value` accepts, as does one of a list.
    pub(super) fn equal(self, word: &Word<'_>, when: &When) -> Result<Vec<Accept>, Mistake> {
        let text = word.text();
        if is_absent(text.as_bytes()) {
            return Ok(vec![Accept::Absent]);
        }
        match self {
            Domain::Status | Domain::Hour | Domain::Size | Domain::Duration => {
                self.equal_number(word).map(|accept| vec![accept])
            }
            Domain::Time | Domain::Day => {
                let (start, end) = self.times(word, when)?;
                Ok(vec![Accept::Time(Some(start), Some(end))])
            }
            Domain::Weekday => Ok(weekdays(word)?.into_iter().map(exactly).collect()),
            Domain::Class => match class(text) {
                Ok(class) => Ok(vec![exactly(class)]),
                Err(message) => Err(word.mistake(message)),
            },
            Domain::Address => match address(text) {
                Ok(accept) => Ok(vec![accept]),
                Err(message) => Err(word.mistake(message)),
            },
            Domain::Text => Ok(vec![exactly(text)]),
        }
    }

    /// Why its values are not compared by order; `None` if they are. `name` is
    /// what is compared.
    pub(super) fn no_order(self, name: &str) -> Option<String> {
        let instead = match self {
            Domain::Class => "compare the `status`",
            Domain::Weekday => "a range is written `weekday=Mon..Fri`",
            Domain::Address => "a network is written `client=10.0.0.0/8`",
            Domain::Text => "numbers, sizes, durations and times have an order",
            _ => return None,
        };
        let name = quoted(name);
        Some(format!(
            "{name} is compared by = != ~ !~ in, `not in`; {instead}"
        ))
    }

    /// What `< value`, or another comparison by order, accepts.
    pub(super) fn ordered(
        self,
        compare: Compare,
        word: &Word<'_>,
        when: &When,
    ) -> Result<Vec<Accept>, Mistake> {
        if is_absent(word.text().as_bytes()) {
            return Err(word.mistake("an absent value is neither less nor more; it has = and !="));
        }
        if word.range().is_some() {
            return Err(word.mistake("a range goes with = != in, `not in`"));
        }
        if !matches!(self, Domain::Time | Domain::Day) {
            return Ok(self.number(word)?.ordered(compare).into_iter().collect());
        }
        let (start, end) = match self {
            Domain::Day => days(word, when)?,
            _ => second(Reading::of(word.text(), Some(when)).map_err(|m| word.mistake(m))?),
        };
        Ok(vec![match compare {
            Compare::Less => Accept::Time(None, Some(start)),
            Compare::AtMost => Accept::Time(None, Some(end)),
            Compare::Greater => Accept::Time(Some(end), None),
            _ => Accept::Time(Some(start), None),
        }])
    }

    /// What `=` a number, or a range of them, accepts.
    fn equal_number(self, word: &Word<'_>) -> Result<Accept, Mistake> {
        let span = match word.range() {
            None => self.number(word)?,
            Some((first, last)) => Span {
                first: self.number(&first)?.first,
                last: self.number(&last)?.last,
            },
        };
        span.equal().ok_or_else(|| {
            word.mistake(match word.range() {
                Some(_) => "this range holds no whole number; is it the wrong way round?",
                None => "this is no whole number, and nothing equals it; try < or >",
            })
        })
    }

    fn number(self, word: &Word<'_>) -> Result<Span, Mistake> {
        let text = word.text();
        let span = match self {
            Domain::Status => status(text),
            Domain::Hour => hour(text),
            Domain::Size => size(text).map(Span::one),
            _ => duration(text).map(Span::one),
        };
        span.map_err(|message| word.mistake(message))
    }

    /// The first second of what a time or day equals, and that after its last.
    fn times(self, word: &Word<'_>, when: &When) -> Result<(Bound, Bound), Mistake> {
        if self == Domain::Day {
            return days(word, when);
        }
        match Reading::of(word.text(), Some(when)) {
            Err(message) => Err(word.mistake(message)),
            Ok(Reading { is_date: true, .. }) => {
                Err(word.mistake("a time is a single second; for a whole day ask `day`"))
            }
            Ok(Reading { rounded: true, .. }) => {
                Err(word.mistake("the times of a log are whole seconds"))
            }
            Ok(reading) => Ok(second(reading)),
        }
    }
}

/// The second that was read, and that after it. Between a fraction and the
/// second to which it was rounded there is none.
fn second(reading: Reading) -> (Bound, Bound) {
    let end = match reading.rounded {
        true => reading.bound,
        false => reading.bound.next(),
    };
    (reading.bound, end)
}

fn exactly(text: &str) -> Accept {
    Accept::Text(text.as_bytes().to_vec())
}
