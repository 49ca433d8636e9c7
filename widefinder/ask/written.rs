//! Times as people and logs write them.

use jiff::civil::{Date, DateTime, Time};

use super::Bound;
use super::number::leading_digits;
use super::when::Reading;
use crate::time::{EPOCH, MONTHS};

/// Reads `2026-11-01T10:00:30+01:00`, `10/Oct/2000:13:55:36 -0700`, or less of
/// them. `None` if it is neither.
pub(super) fn written(text: &str) -> Option<Result<Reading, String>> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let mut rest = bare.unwrap_or(text);
    let (date, separators) = match iso_date(&mut rest) {
        Some(date) => (date, &['T', 't', ' '][..]),
        None => {
            rest = bare.unwrap_or(text);
            (log_date(&mut rest)?, &[':'][..])
        }
    };
    if rest.is_empty() {
        return Some(checked_date(date).map(Reading::date));
    }
    let clock = clock(rest.strip_prefix(separators)?)?;
    Some(checked_date(date).and_then(|date| clock.on(date)))
}

/// Year, month and day, which need not exist.
type Ymd = (i16, i8, i8);

fn iso_date(rest: &mut &str) -> Option<Ymd> {
    let year = number(rest, 4)?;
    let month = number(sign(rest, '-')?, 2)?;
    let day = number(sign(rest, '-')?, 2)?;
    Some((year, month as i8, day as i8))
}

fn log_date(rest: &mut &str) -> Option<Ymd> {
    let digits = leading_digits(rest)?.0.len();
    let day = number(rest, digits.min(2))?;
    let name = sign(rest, '/')?.get(..3)?;
    let is_name = |month: &&[u8; 3]| month.eq_ignore_ascii_case(name.as_bytes());
    let month = 1 + MONTHS.iter().position(is_name)?;
    *rest = &rest[3..];
    let year = number(sign(rest, '/')?, 4)?;
    Some((year, month as i8, day as i8))
}

fn checked_date((year, month, day): Ymd) -> Result<Date, String> {
    let Ok(first) = Date::new(year, month, 1) else {
        return Err(format!("a month is 01 to 12, not {month:02}"));
    };
    Date::new(year, month, day).map_err(|_| {
        let days = first.days_in_month();
        format!("there is no day {day:02} in {year:04}-{month:02}, which has {days} days")
    })
}

/// The time of a day as it is written.
struct Clock {
    hour: i16,
    minute: i16,
    second: i16,
    rounded: bool,
    offset: Option<i64>,
}

/// Reads `10:00`, with seconds, their fraction, and an offset, or without.
fn clock(text: &str) -> Option<Clock> {
    let mut rest = text;
    let mut clock = Clock {
        hour: number(&mut rest, 2)?,
        minute: number(sign(&mut rest, ':')?, 2)?,
        second: 0,
        rounded: false,
        offset: None,
    };
    if sign(&mut rest, ':').is_some() {
        clock.second = number(&mut rest, 2)?;
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            let (digits, behind) = leading_digits(fraction)?;
            clock.rounded = digits.bytes().any(|digit| digit != b'0');
            rest = behind;
        }
    }
    let offset_text = rest.trim_start();
    if !offset_text.is_empty() {
        clock.offset = Some(offset(offset_text)?);
    }
    Some(clock)
}

impl Clock {
    fn on(&self, date: Date) -> Result<Reading, String> {
        for (what, found, last) in [
            ("an hour is 00 to 23", self.hour, 23),
            ("a minute is 00 to 59", self.minute, 59),
            // A leap second is read as the one before, as in a log.
            ("a second is 00 to 60", self.second, 60),
        ] {
            if found > last {
                return Err(format!("{what}, not {found:02}"));
            }
        }
        let (hour, minute, second) = (self.hour, self.minute, self.second.min(59));
        let time = Time::constant(hour as i8, minute as i8, second as i8, 0);
        let wall = wall(date.to_datetime(time)) + i64::from(self.rounded);
        Ok(Reading {
            bound: match self.offset {
                Some(offset) => Bound::Instant(wall - offset),
                None => Bound::Wall(wall),
            },
            rounded: self.rounded,
            is_date: false,
        })
    }
}

/// Reads `Z`, `+02:00`, `-0530` or `+02`, in seconds ahead of UTC.
pub(super) fn offset(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let (mut rest, ahead) = match text.strip_prefix('+') {
        Some(rest) => (rest, 1),
        None => (text.strip_prefix('-')?, -1),
    };
    let hours = number(&mut rest, 2).filter(|&hours| hours < 24)?;
    let minutes = match rest {
        "" => 0,
        _ => {
            rest = rest.strip_prefix(':').unwrap_or(rest);
            number(&mut rest, 2)?
        }
    };
    (rest.is_empty() && minutes < 60).then_some(ahead * 60 * i64::from(60 * hours + minutes))
}

/// Reads so many digits, at most four, and no more follow.
fn number(rest: &mut &str, digits: usize) -> Option<i16> {
    let (number, behind) = rest.split_at_checked(digits)?;
    *rest = behind;
    let all_digits = number.bytes().all(|b| b.is_ascii_digit());
    all_digits.then(|| number.parse().ok()).flatten()
}

/// Passes over a sign.
fn sign<'r, 't>(rest: &'r mut &'t str, sign: char) -> Option<&'r mut &'t str> {
    *rest = rest.strip_prefix(sign)?;
    Some(rest)
}

/// What a wall clock shows, in seconds.
pub(super) fn wall(time: DateTime) -> i64 {
    time.duration_since(EPOCH).as_secs()
}
