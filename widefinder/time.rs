//! Times as servers write them: `10/Oct/2000:13:55:36 -0700`.

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
}

impl Clock {
    /// Reads `dd/Mon/yyyy:HH:MM:SS +hhmm`. `None` for anything else, and for
    /// days that no month has. Second 60, a leap second, is read as 59.
    ///
    /// ```
    /// use widefinder::time::Clock;
    ///
    /// let moment = Clock::default().read(b"10/Oct/2000:13:55:36 -0700").unwrap();
    /// assert_eq!(moment.second, 971_211_336);
    /// assert_eq!(moment.to_string(), "2000-10-10T13:55:36-07:00");
    /// ```
    pub fn read(&mut self, time: &[u8]) -> Option<Moment> {
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
    let &[b' ', sign @ (b'+' | b'-'), oh, ohh, om, omm] = offset else {
        return None;
    };
    let month = 1 + MONTHS.iter().position(|name| **name == [m, mm, mmm])?;
    let year = 100 * two_digits([y, yy])? + two_digits([yyy, yyyy])?;
    let civil = DateTime::new(
        year as i16,
        month as i8,
        two_digits([d, dd])? as i8,
        two_digits([h, hh])? as i8,
        two_digits([n, nn])? as i8,
        0,
        0,
    );
    let hours = two_digits([oh, ohh]).filter(|&hours| hours < 24)?;
    let minutes = two_digits([om, omm]).filter(|&minutes| minutes < 60)?;
    let ahead = 60 * (60 * hours + minutes);
    let ahead = if sign == b'-' { -ahead } else { ahead };
    Some(Moment {
        second: civil.ok()?.duration_since(EPOCH).as_secs() - ahead,
        offset: ahead as i32,
    })
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
            "01/Jan/2000:00:00:00",
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
