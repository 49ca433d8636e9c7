//! The time stamp of a line.
//!
//! Time moves forward by whole seconds, and several lines share one, as on a busy server;
//! so the text is kept and only written anew when the second changes.

use crate::number::two_digits;
use crate::random::{Chance, Random};

/// The first second of every log: 1 October 2006, 00:00:00, in seconds since 1970.
const START: u64 = 1_159_660_800;
/// The share of lines that are the first of a new second, hence two or three lines each.
const TICK: f64 = 0.4;
/// The share of lines that are logged late, because their answer took long to send.
const LATE: f64 = 0.002;
/// By how many seconds such a line is late, at most.
const LATEST: u64 = 3;

const SECONDS_PER_DAY: u64 = 86_400;
const MONTHS: &[u8; 36] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

/// The clock of one log.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    now: u64,
    text: [u8; 26],
    tick: Chance,
    late: Chance,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            now: START,
            text: stamp(START),
            tick: Chance::new(TICK),
            late: Chance::new(LATE),
        }
    }

    /// Appends the time of the next line, such as `01/Oct/2006:06:33:45 -0700`.
    #[inline]
    pub(crate) fn write(&mut self, random: &mut Random, out: &mut Vec<u8>) {
        if random.happens(self.tick) {
            self.now += 1;
            self.text = stamp(self.now);
        }
        if random.happens(self.late) {
            out.extend_from_slice(&stamp(self.now - 1 - random.below(LATEST)));
        } else {
            out.extend_from_slice(&self.text);
        }
    }
}

/// Writes a time that is given in seconds since 1970, with the fixed zone of the server.
fn stamp(seconds: u64) -> [u8; 26] {
    let (year, month, day) = date(seconds / SECONDS_PER_DAY);
    let second = seconds % SECONDS_PER_DAY;
    let mut text = *b"dd/Mon/yyyy:hh:mm:ss -0700";
    let month = 3 * (month as usize - 1);
    text[3..6].copy_from_slice(&MONTHS[month..month + 3]);
    let pairs = [
        (0, day),
        (7, year / 100),
        (9, year),
        (12, second / 3_600),
        (15, second / 60 % 60),
        (18, second % 60),
    ];
    for (place, number) in pairs {
        text[place..place + 2].copy_from_slice(&two_digits(number));
    }
    text
}

/// Turns days since 1970 into year, month and day.
///
/// Years are counted from March, so that the leap day is the last one: H. Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms", 2013.
fn date(days: u64) -> (u64, u64, u64) {
    /// The days from 1 March of the year 0 to 1 January 1970.
    const EPOCH: u64 = 719_468;
    const DAYS_PER_ERA: u64 = 146_097;
    let era = (days + EPOCH) / DAYS_PER_ERA;
    let day = (days + EPOCH) % DAYS_PER_ERA;
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, turn) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (400 * era + year + turn, month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_follow_the_calendar() {
        assert_eq!(stamp(0), *b"01/Jan/1970:00:00:00 -0700");
        assert_eq!(stamp(START), *b"01/Oct/2006:00:00:00 -0700");
        assert_eq!(stamp(1_204_329_599), *b"29/Feb/2008:23:59:59 -0700");
        assert_eq!(stamp(1_204_329_600), *b"01/Mar/2008:00:00:00 -0700");
        assert_eq!(stamp(4_102_444_799), *b"31/Dec/2099:23:59:59 -0700");
    }

    #[test]
    fn time_moves_forward_but_for_a_few_late_lines() {
        let (mut clock, mut random, mut out) = (Clock::new(), Random::new(1), Vec::new());
        let mut backwards = 0;
        let mut last = Vec::new();
        for _ in 0..10_000 {
            out.clear();
            clock.write(&mut random, &mut out);
            // Within a day the text sorts as the time does.
            backwards += usize::from(out < last);
            last.clone_from(&out);
        }
        assert_eq!(clock.now / SECONDS_PER_DAY, START / SECONDS_PER_DAY);
        assert!((5..60).contains(&backwards), "{backwards}");
    }
}
