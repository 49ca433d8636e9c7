//! The times of a batch's rows, and the spans of time that they fall into.
//!
//! A span is told by a clock: that which wrote the log, whatever its offset
//! was, or that of a zone. As a key of a table a span is written so that spans
//! in the order of their bytes are in the order of time, and an unreadable time
//! is last; [`Span::shown`] turns that into what people read.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::bits;
use crate::ask::{Derive, Key};
use crate::scan::Batch;
use crate::scan::batch::{Mask, ROWS};
use crate::scan::format::ABSENT;
use crate::time::{Clock, DAY, EPOCH, Moment, WEEKDAYS};

/// A span of time that many entries share.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Span {
    /// So many seconds, from their start.
    Bucket(u32),
    /// An hour of every day.
    Hour,
    /// A day of every week.
    Weekday,
}

/// 1970-01-01 was a Thursday; weeks begin on the Monday before.
const FIRST_MONDAY: i64 = -3 * DAY;

/// An unreadable time as a key, behind all others.
pub const UNREADABLE: &[u8] = b"\xff";

impl Span {
    /// The span that a key asks for; `None` if it is none of time.
    pub fn of(key: &Key) -> Option<Span> {
        if !key.is_time() {
            return None;
        }
        Some(match key.derive {
            Derive::Hour => Span::Hour,
            Derive::Weekday => Span::Weekday,
            Derive::Day => Span::Bucket(DAY as u32),
            Derive::Bucket(seconds) => Span::Bucket(seconds),
            _ => Span::Bucket(1),
        })
    }

    /// What people read of a key.
    pub fn shown(self, key: &[u8]) -> Vec<u8> {
        match (self, key) {
            (_, UNREADABLE) => ABSENT.to_vec(),
            (Span::Weekday, [digit @ b'1'..=b'7']) => {
                WEEKDAYS[usize::from(digit - b'1')].as_bytes().to_vec()
            }
            _ => key.to_vec(),
        }
    }

    /// The key of the span in which a clock shows `wall`, in seconds from
    /// 1970-01-01 00:00:00. `None` beyond the years 0 to 9999.
    pub fn key(self, wall: Wall) -> Option<Vec<u8>> {
        let mut key = Vec::new();
        let mut dates = Dates::default();
        self.write(wall, &mut dates, &mut key).then_some(key)
    }

    /// When the bucket that holds `wall` began.
    pub fn start(self, wall: Wall) -> Wall {
        let Span::Bucket(width) = self else {
            return wall;
        };
        let width = i64::from(width);
        let from = if width % (7 * DAY) == 0 {
            FIRST_MONDAY
        } else {
            0
        };
        Wall((wall.0 - from).div_euclid(width) * width + from)
    }

    fn write(self, wall: Wall, dates: &mut Dates, out: &mut Vec<u8>) -> bool {
        match self {
            Span::Hour => two(out, wall.0.rem_euclid(DAY) / 3600),
            Span::Weekday => {
                let day = (wall.0 - FIRST_MONDAY).div_euclid(DAY).rem_euclid(7);
                out.push(b'1' + day as u8);
            }
            Span::Bucket(width) => {
                let start = self.start(wall).0;
                let Some(date) = dates.date(start.div_euclid(DAY)) else {
                    return false;
                };
                out.extend_from_slice(date);
                let (second, width) = (start.rem_euclid(DAY), i64::from(width));
                if width % DAY != 0 {
                    out.push(b'T');
                    two(out, second / 3600);
                    out.push(b':');
                    two(out, second / 60 % 60);
                    if width % 60 != 0 {
                        out.push(b':');
                        two(out, second % 60);
                    }
                }
            }
        }
        true
    }
}

fn two(out: &mut Vec<u8>, number: i64) {
    out.extend_from_slice(&[b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]);
}

/// A reading of a clock on a wall: seconds from its 1970-01-01 00:00:00.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Wall(pub i64);

impl Wall {
    /// What the clock shows that a moment was read from.
    pub fn of(moment: Moment) -> Wall {
        Wall(moment.second + i64::from(moment.offset))
    }
}

/// Writes dates, and remembers the last one.
#[derive(Clone, Debug, Default)]
struct Dates {
    last: Option<(i64, [u8; 10])>,
}

impl Dates {
    fn date(&mut self, day: i64) -> Option<&[u8; 10]> {
        if self.last.is_none_or(|(last, _)| last != day) {
            let date = EPOCH
                .checked_add(SignedDuration::from_hours(24 * day))
                .ok()
                .filter(|date| date.year() >= 0)?;
            let date = format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
            self.last = Some((day, date.into_bytes().try_into().ok()?));
        }
        self.last.as_ref().map(|(_, date)| date)
    }
}

/// The times of a batch's rows.
///
/// A moment keeps the offset that the log wrote; the wall is that of the clock
/// that tells days and hours.
#[derive(Clone, Debug)]
pub struct Times {
    /// The text column of the time.
    from: usize,
    clock: Clock,
    /// The zone whose clock tells hours and days; `None` for the clock that
    /// wrote the log.
    zone: Option<TimeZone>,
    /// The last minute that a zone was asked about, and its answer.
    offset: (i64, i32),
    dates: Dates,
    moments: [Option<(Moment, Wall)>; ROWS],
    done: Mask,
}

impl Times {
    /// Reads times from a text column, by the clock of `zone`, or by that which
    /// wrote them.
    pub fn new(from: usize, zone: Option<TimeZone>) -> Times {
        Times {
            from,
            clock: Clock::default(),
            zone,
            offset: (i64::MIN, 0),
            dates: Dates::default(),
            moments: [None; ROWS],
            done: 0,
        }
    }

    /// The time of a row that was read; `None` if it cannot be read.
    #[inline]
    pub fn moment(&self, row: usize) -> Option<Moment> {
        debug_assert!(
            self.done >> row & 1 == 1,
            "the time of row {row} was not read"
        );
        self.moments[row].map(|(moment, _)| moment)
    }

    /// What the clock shows at the time of a row that was read.
    #[inline]
    pub fn wall(&self, row: usize) -> Option<Wall> {
        self.moments[row].map(|(_, wall)| wall)
    }

    pub(super) fn clear(&mut self) {
        self.done = 0;
    }

    pub(super) fn ensure(&mut self, batch: &Batch<'_>, rows: Mask) {
        for row in bits(rows & !self.done) {
            let moment = self.clock.read(batch.text(self.from)[row]);
            self.moments[row] = moment.map(|moment| (moment, self.wall_of(moment)));
        }
        self.done |= rows;
    }

    /// Writes the key of the span that a row falls into.
    pub(super) fn write(&mut self, row: usize, span: Span, out: &mut Vec<u8>) {
        let written = self
            .wall(row)
            .is_some_and(|wall| span.write(wall, &mut self.dates, out));
        if !written {
            out.extend_from_slice(UNREADABLE);
        }
    }

    fn wall_of(&mut self, moment: Moment) -> Wall {
        let Some(zone) = &self.zone else {
            return Wall::of(moment);
        };
        // Offsets change at full minutes.
        let minute = moment.second.div_euclid(60);
        if self.offset.0 != minute {
            let offset = Timestamp::from_second(60 * minute)
                .map_or(0, |timestamp| zone.to_offset(timestamp).seconds());
            self.offset = (minute, offset);
        }
        Wall(moment.second + i64::from(self.offset.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(span: Span, time: &str) -> String {
        let moment = Clock::default().read(time.as_bytes()).unwrap();
        let key = span.key(Wall::of(moment)).unwrap();
        String::from_utf8(span.shown(&key)).unwrap()
    }

    #[test]
    fn spans_are_told_by_the_clock_that_wrote_them() {
        let table: &[(Span, &str, &str)] = &[
            (
                Span::Bucket(1),
                "01/Oct/2006:23:03:07 -0700",
                "2006-10-01T23:03:07",
            ),
            (
                Span::Bucket(300),
                "01/Oct/2006:23:03:07 -0700",
                "2006-10-01T23:00",
            ),
            (
                Span::Bucket(90),
                "01/Oct/2006:00:03:07 -0700",
                "2006-10-01T00:03:00",
            ),
            (
                Span::Bucket(86_400),
                "01/Oct/2006:23:03:07 -0700",
                "2006-10-01",
            ),
            (
                Span::Bucket(604_800),
                "01/Oct/2006:23:03:07 -0700",
                "2006-09-25",
            ),
            (
                Span::Bucket(604_800),
                "02/Oct/2006:00:00:00 -0700",
                "2006-10-02",
            ),
            (Span::Hour, "01/Oct/2006:23:03:07 -0700", "23"),
            (Span::Weekday, "01/Oct/2006:23:03:07 -0700", "Sun"),
            (Span::Weekday, "01/Jan/1970:00:00:00 +0000", "Thu"),
            (Span::Weekday, "31/Dec/1969:23:00:00 +0000", "Wed"),
        ];
        for (span, time, expected) in table {
            assert_eq!(key(*span, time), *expected, "{span:?} of {time}");
        }
        assert_eq!(Span::Weekday.shown(UNREADABLE), b"-");
    }

    #[test]
    fn a_span_that_began_before_the_year_0_has_no_key() {
        let moment = Clock::default().read(b"01/Jan/0000:00:00:00 +0000");
        let wall = Wall::of(moment.unwrap());
        assert_eq!(Span::Bucket(604_800).key(wall), None);
        assert_eq!(Span::Bucket(86_400).key(Wall(wall.0 - 1)), None);
        assert_eq!(Span::Bucket(86_400).key(wall).unwrap(), b"0000-01-01");
    }

    #[test]
    fn a_zone_has_its_own_clock() {
        let mut batch = Batch::new(1, 0, 0);
        for time in [
            "29/Oct/2006:00:59:59 +0000",
            "29/Oct/2006:01:00:00 +0000",
            "x",
        ] {
            batch.set_text(0, time.as_bytes());
            batch.push();
        }
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let mut times = Times::new(0, Some(zone));
        times.ensure(&batch, batch.all());
        let mut keys = Vec::new();
        for row in 0..3 {
            let mut key = Vec::new();
            times.write(row, Span::Bucket(60), &mut key);
            keys.push(String::from_utf8_lossy(&key).into_owned());
        }
        assert_eq!(keys[..2], ["2006-10-29T02:59", "2006-10-29T02:00"]);
        assert_eq!(
            times.moment(0).unwrap().to_string(),
            "2006-10-29T00:59:59+00:00"
        );
        assert_eq!(times.moment(2), None);
    }
}
