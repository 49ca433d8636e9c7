//! The wall clock: dates, weekdays and the starts of spans, counted day by day.

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// The days of a week, Monday first.
pub(crate) const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Whose clock tells days and hours.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Zone {
    /// The one that wrote the entry.
    AsWritten,
    /// One that is so many seconds ahead of UTC, as it is typed.
    Fixed(&'static str, i64),
    /// That of Berlin, with the rule for summer that holds since 1996.
    Berlin,
}

impl Zone {
    /// What the clock shows, in seconds from its 1970-01-01 00:00:00.
    pub(crate) fn wall(self, second: i64, offset: i32) -> i64 {
        match self {
            Zone::AsWritten => second + i64::from(offset),
            Zone::Fixed(_, ahead) => second + ahead,
            Zone::Berlin => second + berlin(second),
        }
    }

    /// What is typed behind `--tz`, if anything is.
    pub(crate) fn typed(self) -> Option<&'static str> {
        match self {
            Zone::AsWritten => None,
            Zone::Fixed(typed, _) => Some(typed),
            Zone::Berlin => Some("Europe/Berlin"),
        }
    }
}

/// Summer is from the last Sunday of March to that of October, 01:00 UTC.
fn berlin(second: i64) -> i64 {
    let (year, _, _) = date(second.div_euclid(DAY));
    let begins = last_sunday(year, 3) * DAY + 3600;
    let ends = last_sunday(year, 10) * DAY + 3600;
    if (begins..ends).contains(&second) {
        7200
    } else {
        3600
    }
}

/// The last Sunday of a month of 31 days, in days since 1970-01-01.
fn last_sunday(year: i64, month: i64) -> i64 {
    let mut day = days_since_1970(year, month, 31);
    while weekday(day) != 6 {
        day -= 1;
    }
    day
}

/// 0 for Monday; 1970-01-01 was a Thursday.
pub(crate) fn weekday(day: i64) -> usize {
    (day + 3).rem_euclid(7) as usize
}

fn is_leap_year(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_year(year: i64) -> i64 {
    if is_leap_year(year) { 366 } else { 365 }
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let years: i64 = (1970..year).map(days_of_year).sum();
    let months: i64 = (1..month).map(|month| days_of_month(year, month)).sum();
    years + months + day - 1
}

/// Year, month and day.
fn date(mut day: i64) -> (i64, i64, i64) {
    let (mut year, mut month) = (1970, 1);
    while day < 0 {
        year -= 1;
        day += days_of_year(year);
    }
    while day >= days_of_year(year) {
        day -= days_of_year(year);
        year += 1;
    }
    while day >= days_of_month(year, month) {
        day -= days_of_month(year, month);
        month += 1;
    }
    (year, month, day + 1)
}

/// `2006-10-01`
pub(crate) fn day_text(wall: i64) -> String {
    let (year, month, day) = date(wall.div_euclid(DAY));
    format!("{year:04}-{month:02}-{day:02}")
}

/// `00` to `23`
pub(crate) fn hour_text(wall: i64) -> String {
    format!("{:02}", wall.rem_euclid(DAY) / 3600)
}

/// `Mon` to `Sun`
pub(crate) fn weekday_text(wall: i64) -> &'static str {
    WEEKDAYS[weekday(wall.div_euclid(DAY))]
}

/// The start of the span of `width` seconds that holds `wall`.
pub(crate) fn start(wall: i64, width: i64) -> i64 {
    // Whole weeks begin on a Monday, the first of them before 1970-01-01.
    let from = if width % (7 * DAY) == 0 { -3 * DAY } else { 0 };
    (wall - from).div_euclid(width) * width + from
}

/// How the start of a span is written.
pub(crate) fn start_text(start: i64, width: i64) -> String {
    let second = start.rem_euclid(DAY);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let day = day_text(start);
    if width % DAY == 0 {
        day
    } else if width % 60 == 0 {
        format!("{day}T{hour:02}:{minute:02}")
    } else {
        format!("{day}T{hour:02}:{minute:02}:{second:02}")
    }
}
