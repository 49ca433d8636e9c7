//! Times in a question.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use super::Mistake;
use super::derive::seconds;
use super::mistake::quoted;
use super::nearest::suggestion;
use super::number::leading_digits;
use super::piece::Piece;
use super::written::{wall, written};

/// A second in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Bound {
    /// Seconds since 1970-01-01 00:00:00 UTC: it was written with an offset.
    Instant(i64),
    /// Seconds from 1970-01-01 00:00:00 to this reading of the clock that wrote
    /// the entry, or of the clock that was asked for.
    Wall(i64),
}

/// What `-3h` and `yesterday` are told from.
#[derive(Clone, Debug)]
pub struct When {
    /// The time at which the question is asked.
    pub now: Timestamp,
    /// The clock by which it has a date; `None` is the system's, which is looked for
    /// only if it is needed: that takes longer than to answer of a small log.
    pub zone: Option<TimeZone>,
}

impl Bound {
    /// Reads a time: with an offset, `now` or `-3h` it is an instant, without
    /// one, `today` or `yesterday` it is what a wall clock shows. A date is its
    /// 00:00. A fraction of a second is rounded up: since a log has whole
    /// seconds, these are the same entries from there on.
    ///
    /// # Errors
    ///
    /// When it is written in no known way, or is no day of the calendar.
    ///
    /// ```
    /// use jiff::Timestamp;
    /// use widefinder::ask::{Bound, When};
    ///
    /// let when = When { now: Timestamp::UNIX_EPOCH, zone: None };
    /// assert_eq!(Bound::parse("1970-01-02", &when), Ok(Bound::Wall(86_400)));
    /// assert_eq!(Bound::parse("1970-01-02T00:00Z", &when), Ok(Bound::Instant(86_400)));
    /// assert_eq!(Bound::parse("-1m", &when), Ok(Bound::Instant(-60)));
    /// ```
    pub fn parse(text: &str, when: &When) -> Result<Bound, Mistake> {
        let piece = Piece::all(text).trim();
        let read = Reading::of(piece.text(), Some(when));
        read.map(|reading| reading.bound)
            .map_err(|message| piece.mistake(message))
    }

    /// The second after it.
    pub(super) fn next(self) -> Bound {
        match self {
            Bound::Instant(second) => Bound::Instant(second + 1),
            Bound::Wall(second) => Bound::Wall(second + 1),
        }
    }
}

/// A time as it was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Reading {
    /// The time, rounded up to a second.
    pub(super) bound: Bound,
    /// Whether a fraction of a second was rounded up.
    pub(super) rounded: bool,
    /// Whether it is only a date.
    pub(super) is_date: bool,
}

/// The longest time before now: longer than there are clocks.
const LONGEST_AGO: i64 = 10_000 * 366 * 86_400;

impl Reading {
    /// Reads a time; without `when`, only one that does not depend on it.
    ///
    /// # Errors
    ///
    /// What is wrong, for the caller to give it a place.
    pub(super) fn of(text: &str, when: Option<&When>) -> Result<Reading, String> {
        let word = match text {
            "now" => Some(Relative::Ago(0)),
            "today" => Some(Relative::Date { yesterday: false }),
            "yesterday" => Some(Relative::Date { yesterday: true }),
            _ => ago(text)?,
        };
        match (word, when) {
            (Some(relative), Some(when)) => relative.from(when),
            (Some(_), None) => Err(format!(
                "{} depends on when it is asked; here a time is written \
                 as in `2026-11-01T10:00Z`",
                quoted(text)
            )),
            (None, _) => written(text).unwrap_or_else(|| Err(unknown(text))),
        }
    }

    /// A day's 00:00.
    pub(super) fn date(date: Date) -> Reading {
        Reading {
            bound: Bound::Wall(wall(date.to_datetime(Time::midnight()))),
            rounded: false,
            is_date: true,
        }
    }
}

fn unknown(text: &str) -> String {
    let hint = suggestion(text, &["now", "today", "yesterday"], || {
        "; a time is written as in 2026-11-01, 2026-11-01T10:00, 2026-11-01T10:00:30+01:00, \
         -3h, now, today, yesterday, or as in a log: 10/Oct/2000:13:55:36 -0700"
            .to_owned()
    });
    format!("{} is no time{hint}", quoted(text))
}

/// A time that depends on when it is asked.
enum Relative {
    /// So many seconds before.
    Ago(i64),
    /// The day itself, or that before.
    Date { yesterday: bool },
}

impl Relative {
    fn from(&self, when: &When) -> Result<Reading, String> {
        match *self {
            Relative::Ago(seconds) => {
                let fraction = when.now.subsec_nanosecond() > 0;
                let now = when.now.as_second() + i64::from(fraction);
                Ok(Reading {
                    bound: Bound::Instant(now - seconds),
                    rounded: false,
                    is_date: false,
                })
            }
            Relative::Date { yesterday } => {
                let zone = when.zone.clone().unwrap_or_else(TimeZone::system);
                let today = zone.to_datetime(when.now).date();
                let date = if yesterday {
                    today.yesterday()
                } else {
                    Ok(today)
                };
                date.map(Reading::date)
                    .map_err(|_| "the calendar begins today".to_owned())
            }
        }
    }
}

/// Reads `-3h`.
fn ago(text: &str) -> Result<Option<Relative>, String> {
    let Some(span) = text.strip_prefix('-') else {
        return Ok(None);
    };
    let parts = leading_digits(span).and_then(|(digits, unit)| Some((digits, seconds(unit)?)));
    let Some((digits, unit)) = parts else {
        return Err(format!(
            "{} is no time before now; expected is a number with s, m, h, d or w, as in `-3h`",
            quoted(text)
        ));
    };
    let seconds = digits.parse::<i64>().ok();
    let seconds = seconds.and_then(|number| number.checked_mul(i64::from(unit)));
    match seconds {
        Some(seconds) if seconds <= LONGEST_AGO => Ok(Some(Relative::Ago(seconds))),
        _ => Err(format!("{} is before all calendars", quoted(text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::{assert_marks, assert_mistakes, is_sound};
    use crate::time::EPOCH;
    use proptest::prelude::*;

    /// 2026-11-03, half a second before 00:30:01 in Berlin.
    fn when() -> When {
        When {
            now: "2026-11-02T23:30:00.5Z".parse().unwrap(),
            zone: Some(TimeZone::fixed(jiff::tz::offset(1))),
        }
    }

    const DAY: i64 = 86_400;

    #[test]
    fn times_are_read_as_they_are_written() {
        let (instant, wall) = (Bound::Instant, Bound::Wall);
        let table = [
            ("1970-01-01", wall(0)),
            ("1970-01-02T10:00", wall(DAY + 36_000)),
            ("1970-01-02 10:00:30", wall(DAY + 36_030)),
            ("1970-01-02T10:00:30.000", wall(DAY + 36_030)),
            ("1970-01-02T10:00:30.5", wall(DAY + 36_031)),
            ("1970-01-01T00:00:60", wall(59)),
            ("1970-01-01T00:00Z", instant(0)),
            ("1970-01-01t00:00:00z", instant(0)),
            ("1970-01-01T01:00:00+01:00", instant(0)),
            ("1970-01-01 01:00:00 +0100", instant(0)),
            ("1970-01-01T00:00:00.25-00:30", instant(1801)),
            ("01/Jan/1970", wall(0)),
            ("2/jan/1970", wall(DAY)),
            ("01/Jan/1970:00:00:30", wall(30)),
            ("01/Jan/1970:00:01", wall(60)),
            ("10/Oct/2000:13:55:36 -0700", instant(971_211_336)),
            ("[10/Oct/2000:13:55:36 -0700]", instant(971_211_336)),
            (" now ", instant(1_793_662_201)),
            ("-0s", instant(1_793_662_201)),
            ("-3h", instant(1_793_662_201 - 3 * 3600)),
            ("-2w", instant(1_793_662_201 - 14 * DAY)),
            ("today", wall(20_760 * DAY)),
            ("yesterday", wall(20_759 * DAY)),
            ("2026-11-03", wall(20_760 * DAY)),
        ];
        for (text, bound) in table {
            assert_eq!(Bound::parse(text, &when()), Ok(bound), "{text}");
        }
    }

    #[test]
    fn mistakes_say_what_is_understood() {
        const KNOWN: &str = "a time is written as in 2026-11-01, 2026-11-01T10:00, \
            2026-11-01T10:00:30+01:00, -3h, now, today, yesterday, \
            or as in a log: 10/Oct/2000:13:55:36 -0700";
        for text in [
            "tea time",
            "2026",
            "2026-11",
            "2026-1-01",
            "2026-11-01T",
            "2026-11-01T10",
            "2026-11-01T10:0",
            "2026-11-01x10:00",
            "2026-11-01T10:00+2",
            "2026-11-01T10:00+0260",
            "2026-11-01T10:00:00.",
            "10/Okt/2000",
            "10/Oct/00",
            "100/Oct/2000",
            "/Oct/2000",
            "10/Oct/2000 10:00",
            "12026-11-01",
            "+3h",
            "1/é",
            "２026-11-01",
            "2026-11-01Z",
        ] {
            let message = format!("`{text}` is no time; {KNOWN}");
            let parse = |text: &str| Bound::parse(text, &when());
            assert_mistakes(parse, &[(text, 0..text.len(), &message)]);
        }
        let parse = |text: &str| Bound::parse(text, &when());
        let close = "`yesteday` is no time; did you mean `yesterday`?";
        assert_mistakes(parse, &[(" yesteday", 1..9, close)]);
        assert_marks(
            parse,
            r"
2026-02-30
^^^^^^^^^^ there is no day 30 in 2026-02, which has 28 days
31/Apr/2000:10:00:00
^^^^^^^^^^^^^^^^^^^^ there is no day 31 in 2000-04, which has 30 days
2026-11-00
^^^^^^^^^^ there is no day 00 in 2026-11, which has 30 days
2026-13-01
^^^^^^^^^^ a month is 01 to 12, not 13
2026-11-01T24:00
^^^^^^^^^^^^^^^^ an hour is 00 to 23, not 24
2026-11-01T23:60Z
^^^^^^^^^^^^^^^^^ a minute is 00 to 59, not 60
2026-11-01T23:59:61
^^^^^^^^^^^^^^^^^^^ a second is 00 to 60, not 61
-3x
^^^ `-3x` is no time before now; expected is a number with s, m, h, d or w, as in `-3h`
-99999999w
^^^^^^^^^^ `-99999999w` is before all calendars
",
        );
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read(second in -62_167_219_200_i64..253_402_300_800, offset in -1439_i64..1440) {
            let wall = EPOCH + jiff::SignedDuration::from_secs(second);
            prop_assert_eq!(Bound::parse(&wall.to_string(), &when()), Ok(Bound::Wall(second)));
            let (sign, ahead) = (if offset < 0 { '-' } else { '+' }, offset.abs());
            let text = format!("{wall}{sign}{:02}:{:02}", ahead / 60, ahead % 60);
            let instant = Bound::Instant(second - 60 * offset);
            prop_assert_eq!(Bound::parse(&text, &when()), Ok(instant));
        }

        #[test]
        fn any_text_is_a_time_or_a_sound_mistake(
            any: String,
            near in "[-+]?[0-9]{1,4}[-/]([0-9]{2}|Oct|é)[-/][0-9]{2,4}[T: ]?[0-9:.]{0,9}[-+Z0-9: é]{0,6}",
        ) {
            for text in [any, near] {
                is_sound(&text, Bound::parse(&text, &when()))?;
            }
        }
    }
}
