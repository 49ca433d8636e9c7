//! Times as servers write them: `10/Oct/2000:13:55:36 -0700`, ISO 8601, seconds
//! since 1970, and what is near to these.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil::DateTime;

/// A second, and the offset of the clock that wrote it.
///
/// Moments compare by the second first, so the earliest of a log does not
/// depend on who met it first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment {
    /// Seconds since 1970-01-01 00:00:00 UTC.
    pub second: i64,
    /// Seconds by which the clock was ahead of UTC.
    pub offset: i32,
}

/// RFC 3339, with the offset that the log wrote.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let local = SignedDuration::from_secs(self.second + i64::from(self.offset));
        let local = EPOCH.checked_add(local).map_err(|_| fmt::Error)?;
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.abs() / 60;
        let (hours, minutes) = (minutes / 60, minutes % 60);
        write!(f, "{local}{sign}{hours:02}:{minutes:02}")
    }
}

/// What wall clocks are counted from.
pub(crate) const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The days of a week, Monday first.
pub const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The parts of a time that stay the same for a minute.
type Minute = [u8; 23];

/// Reads times, and remembers the last minute: lines that follow each other
/// mostly share it.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    last: Option<(Minute, Moment)>,
    /// The same of times that begin with the year, whose offset stands apart.
    last_civil: Option<([u8; 16], i64)>,
}

impl Clock {
    /// Reads a time in one of these notations, where `.f` are digits of a second's
    /// fraction, which is dropped:
    ///
    /// - `dd/Mon/yyyy:HH:MM:SS +hhmm`, that of Apache; also with `.f` behind the
    ///   seconds, with a blank before the hour, and without an offset;
    /// - `yyyy-mm-ddTHH:MM:SS.f+hh:mm`, of ISO 8601 and RFC 3339; also with a
    ///   blank or a tab for the `T`, slashes in the date, `Z`, and without an offset;
    /// - seconds since 1970 with or without `.f`; as well milli-, micro- and
    ///   nanoseconds, as told by the number of digits before it: 13, 16 and 19.
    ///
    /// Without an offset a time is in UTC. `None` for anything else, and for
    /// days that no month has. Second 60, a leap second, is read as 59.
    ///
    /// ```
    /// use widefinder::time::Clock;
    ///
    /// let moment = Clock::default().read(b"10/Oct/2000:13:55:36 -0700").unwrap();
    /// assert_eq!(moment.second, 971_211_336);
    /// assert_eq!(moment.to_string(), "2000-10-10T13:55:36-07:00");
    /// let other = Clock::default().read(b"2000-10-10T20:55:36.5Z").unwrap();
    /// assert_eq!(other.second, moment.second);
    /// ```
    pub fn read(&mut self, time: &[u8]) -> Option<Moment> {
        self.of_apache(time).or_else(|| match time {
            [_, _, b'/', ..] => self.near_apache(time),
            [_, _, _, _, b'-' | b'/', ..] => self.of_iso(time),
            _ => since_1970(time),
        })
    }

    fn of_apache(&mut self, time: &[u8]) -> Option<Moment> {
        let (minute, rest) = time.split_first_chunk::<17>()?;
        let [b':', tens, ones, offset @ ..] = rest else {
            return None;
        };
        let offset: &[u8; 6] = offset.try_into().ok()?;
        let second = two_digits([*tens, *ones]).filter(|&second| second <= 60)?;
        let mut key: Minute = [0; 23];
        key[..17].copy_from_slice(minute);
        key[17..].copy_from_slice(offset);
        let start = match self.last {
            Some((last, start)) if last == key => start,
            _ => {
                let start = start_of(minute, offset)?;
                self.last = Some((key, start));
                start
            }
        };
        Some(Moment {
            second: start.second + second.min(59),
            offset: start.offset,
        })
    }

    /// What differs from Apache's notation behind the minute.
    fn near_apache(&mut self, time: &[u8]) -> Option<Moment> {
        let (minute, rest) = time.split_first_chunk::<17>()?;
        let (second, rest) = second(rest)?;
        let mut usual = *b"dd/Mon/yyyy:HH:MM:SS +0000";
        usual[..17].copy_from_slice(minute);
        if minute[11] == b' ' {
            usual[11] = b':';
        }
        usual[18..20].copy_from_slice(second);
        let utc = self.of_apache(&usual)?;
        Some(with_offset(utc.second, offset(rest)?))
    }

    fn of_iso(&mut self, time: &[u8]) -> Option<Moment> {
        let (minute, rest) = time.split_first_chunk::<16>()?;
        let (second, rest) = second(rest)?;
        let seconds = two_digits(*second).filter(|&second| second <= 60)?.min(59);
        let start = match self.last_civil {
            Some((last, start)) if last == *minute => start,
            _ => {
                let start = start_of_civil(minute)?;
                self.last_civil = Some((*minute, start));
                start
            }
        };
        Some(with_offset(start + seconds, offset(rest)?))
    }
}

/// A local second, and what its clock was ahead.
fn with_offset(local: i64, ahead: i32) -> Moment {
    Moment {
        second: local - i64::from(ahead),
        offset: ahead,
    }
}

/// Takes `:SS` and `.f` or `,f` from what stands behind a minute.
fn second(rest: &[u8]) -> Option<(&[u8; 2], &[u8])> {
    let (second, rest) = rest.strip_prefix(b":")?.split_first_chunk::<2>()?;
    let Some(fraction) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) else {
        return Some((second, rest));
    };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit());
    let digits = digits.count();
    (digits > 0).then(|| (second, &fraction[digits..]))
}

/// Reads ``, `Z`, `+hh`, `+hhmm`, `+hh:mm`, with a blank before them or without.
fn offset(text: &[u8]) -> Option<i32> {
    let text = text.strip_prefix(b" ").unwrap_or(text);
    let (sign, digits) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let (hours, minutes) = match *digits {
        [h, hh] => ([h, hh], *b"00"),
        [h, hh, m, mm] | [h, hh, b':', m, mm] => ([h, hh], [m, mm]),
        _ => return None,
    };
    let hours = two_digits(hours).filter(|&hours| hours < 24)?;
    let minutes = two_digits(minutes).filter(|&minutes| minutes < 60)?;
    Some(sign * (60 * (60 * hours + minutes)) as i32)
}

/// Reads `yyyy-mm-dd HH:MM`.
fn start_of_civil(minute: &[u8; 16]) -> Option<i64> {
    let &[
        y,
        yy,
        yyy,
        yyyy,
        b'-' | b'/',
        m,
        mm,
        b'-' | b'/',
        d,
        dd,
        b'T' | b't' | b' ' | b'\t',
        h,
        hh,
        b':',
        n,
        nn,
    ] = minute
    else {
        return None;
    };
    local_second(
        [y, yy, yyy, yyyy],
        two_digits([m, mm])?,
        two_digits([d, dd])?,
        [h, hh, n, nn],
    )
}

/// Reads seconds since 1970, or parts of one where there are so many digits.
fn since_1970(time: &[u8]) -> Option<Moment> {
    let digits = time.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let fraction = &time[digits..];
    let fraction_is_good = match fraction {
        [] => true,
        [b'.', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let kept = match (digits, fraction) {
        (13 | 16 | 19, _) => 10,
        (1..=11, _) => digits,
        _ => return None,
    };
    let number = time[..kept].iter();
    let second = number.fold(0, |number, digit| 10 * number + i64::from(digit - b'0'));
    fraction_is_good.then_some(Moment { second, offset: 0 })
}

/// Reads `dd/Mon/yyyy:HH:MM` and ` +hhmm`.
fn start_of(minute: &[u8; 17], offset: &[u8; 6]) -> Option<Moment> {
    let &[
        d,
        dd,
        b'/',
        m,
        mm,
        mmm,
        b'/',
        y,
        yy,
        yyy,
        yyyy,
        b':',
        h,
        hh,
        b':',
        n,
        nn,
    ] = minute
    else {
        return None;
    };
    // Here a sign is needed, and four digits behind it.
    if !matches!(offset, [b' ', b'+' | b'-', _, _, _, _]) {
        return None;
    }
    let month = 1 + MONTHS.iter().position(|name| **name == [m, mm, mmm])?;
    let local = local_second(
        [y, yy, yyy, yyyy],
        month as i64,
        two_digits([d, dd])?,
        [h, hh, n, nn],
    )?;
    Some(with_offset(local, self::offset(offset)?))
}

/// Seconds since 1970 on the clock that wrote a year, a month, a day, an hour and a
/// minute.
fn local_second(year: [u8; 4], month: i64, day: i64, minute: [u8; 4]) -> Option<i64> {
    let ([y, yy, yyy, yyyy], [h, hh, n, nn]) = (year, minute);
    let year = 100 * two_digits([y, yy])? + two_digits([yyy, yyyy])?;
    let (hour, minute) = (two_digits([h, hh])?, two_digits([n, nn])?);
    // Each is less than 10,000, and those of a day less than 100.
    let civil = DateTime::new(
        year as i16,
        month as i8,
        day as i8,
        hour as i8,
        minute as i8,
        0,
        0,
    );
    Some(civil.ok()?.duration_since(EPOCH).as_secs())
}

/// The months as servers write them.
pub(crate) const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

fn two_digits(digits: [u8; 2]) -> Option<i64> {
    let [tens, ones] = digits;
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| 10 * i64::from(tens - b'0') + i64::from(ones - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(time: &str) -> Option<i64> {
        Clock::default().read(time.as_bytes()).map(|m| m.second)
    }

    #[test]
    fn times_are_read_to_the_second() {
        assert_eq!(read("01/Jan/1970:00:00:00 +0000"), Some(0));
        assert_eq!(read("01/Jan/1970:00:00:60 +0000"), Some(59));
        assert_eq!(read("29/Feb/2000:12:00:00 +0130"), Some(951_820_200));
        assert_eq!(read("31/Dec/1969:23:59:59 -0000"), Some(-1));
        assert_eq!(read("31/Dec/9999:23:59:59 -2359"), Some(253_402_387_139));
    }

    #[test]
    fn other_notations_are_read_too() {
        let moment = |time: &str| Clock::default().read(time.as_bytes());
        for (time, second, offset) in [
            ("09/Dec/2013:12:59:46.633", 1_386_593_986, 0),
            ("29/Aug/2023 22:02:58", 1_693_346_578, 0),
            ("01/Jan/1970:00:00:00.5 +0100", -3600, 3600),
            ("01/Jan/1970 01:00:00 -0030", 5400, -1800),
            ("1970-01-01T00:00:07Z", 7, 0),
            ("1970-01-01 00:00:07", 7, 0),
            ("1970-01-01\t00:00:07", 7, 0),
            ("1970/01/01 00:00:07,25", 7, 0),
            ("1970-01-01T00:00:60.000000+01:00", -3541, 3600),
            ("2000-02-29T12:00:00 +0130", 951_820_200, 5400),
            ("1286536308.779", 1_286_536_308, 0),
            ("1286536308", 1_286_536_308, 0),
            ("0", 0, 0),
            ("7.", 7, 0),
            ("1286536308779", 1_286_536_308, 0),
            ("1286536308779.5", 1_286_536_308, 0),
            ("1286536308779123", 1_286_536_308, 0),
            ("1286536308779123456", 1_286_536_308, 0),
        ] {
            assert_eq!(moment(time), Some(Moment { second, offset }), "{time}");
        }
    }

    #[test]
    fn times_are_shown_as_the_log_wrote_them() {
        for (time, shown) in [
            ("29/Feb/2000:12:00:00 +0130", "2000-02-29T12:00:00+01:30"),
            ("31/Dec/1969:23:59:59 -0005", "1969-12-31T23:59:59-00:05"),
            ("31/Dec/9999:23:59:59 -2359", "9999-12-31T23:59:59-23:59"),
            ("01/Jan/0000:00:00:00 +2359", "0000-01-01T00:00:00+23:59"),
        ] {
            let moment = Clock::default().read(time.as_bytes());
            assert_eq!(moment.map(|m| m.to_string()).as_deref(), Some(shown));
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for time in [
            "",
            "29/Feb/2001:12:00:00 +0000",
            "00/Jan/2000:00:00:00 +0000",
            "01/jan/2000:00:00:00 +0000",
            "01/Jan/2000:24:00:00 +0000",
            "01/Jan/2000:00:60:00 +0000",
            "01/Jan/2000:00:00:61 +0000",
            "01/Jan/2000:00:00:00 +2400",
            "01/Jan/2000:00:00:00 +0060",
            "01/Jan/2000:00:00:00 0000",
            "01/Jan/2000:00:00:00.",
            "2000-01-01",
            "2000-13-01T00:00:00",
            "2000-01-01T00:00:61Z",
            "2000-01-01T00:00:00ZZ",
            "2000-01-01T00:00:00+1",
            "2000-01-01T00:00",
            "12345678901x",
            "123456789012",
            "-1",
            ".5",
            "-",
            "01/Jan/2000:00:00:00 +00000",
            "1/Jan/2000:00:00:00 +0000 ",
        ] {
            assert_eq!(read(time), None, "{time:?}");
        }
    }

    #[test]
    fn the_remembered_minute_does_not_leak() {
        let mut clock = Clock::default();
        let mut second = |time: &str| clock.read(time.as_bytes()).map(|m| (m.second, m.offset));
        assert_eq!(second("01/Jan/1970:00:00:07 +0000"), Some((7, 0)));
        assert_eq!(second("01/Jan/1970:00:00:08 +0000"), Some((8, 0)));
        assert_eq!(second("01/Jan/1970:00:00:08 -0100"), Some((3608, -3600)));
        assert_eq!(second("32/Jan/1970:00:00:08 -0100"), None);
        assert_eq!(second("01/Jan/1970:00:01:08 +0000"), Some((68, 0)));
    }
}
