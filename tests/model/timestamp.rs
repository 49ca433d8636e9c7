//! The time as Apache writes it, `01/Feb/2026:03:04:05 +0100`, and the other notations that are
//! read.

const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// The moment in unix seconds, and the offset from UTC in seconds as the log wrote it.
///
/// Nothing if the text is in none of the notations, or names a day that the calendar does not have.
/// A leap second (60) is taken for the second before it, wherever it stands. Fractions of a second
/// are dropped, and a time without an offset is in UTC.
pub(crate) fn parse_timestamp(text: &[u8]) -> Option<(i64, i32)> {
    let text = std::str::from_utf8(text).ok()?;
    match text.as_bytes() {
        [_, _, b'/', ..] => apache(text),
        [_, _, _, _, b'-' | b'/', ..] => iso(text),
        _ => unix(text),
    }
}

/// `01/Feb/2026:03:04:05.678 +0100`; the first `:` may be a space, and all behind `05` may lack.
fn apache(text: &str) -> Option<(i64, i32)> {
    let (date, rest) = (text.get(..11)?, text.get(11..)?);
    let parts: Vec<_> = date.split('/').collect();
    let [day, month, year] = parts[..] else {
        return None;
    };
    let month = MONTHS.iter().position(|name| *name == month.as_bytes())?;
    let day = date_of(number_of(year, 4)?, 1 + month as i64, number_of(day, 2)?)?;
    clock(day, rest.strip_prefix([':', ' '])?)
}

/// `2026-02-01T03:04:05.678+01:00`.
fn iso(text: &str) -> Option<(i64, i32)> {
    let (date, rest) = (text.get(..10)?, text.get(10..)?);
    let parts: Vec<_> = date.split(['-', '/']).collect();
    let [year, month, day] = parts[..] else {
        return None;
    };
    let month = number_of(month, 2).filter(|month| (1..=12).contains(month))?;
    let day = date_of(number_of(year, 4)?, month, number_of(day, 2)?)?;
    clock(day, rest.strip_prefix(['T', 't', ' '])?)
}

/// Seconds, or 13, 16 or 19 digits of smaller units.
fn unix(text: &str) -> Option<(i64, i32)> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction.unwrap_or("")) {
        return None;
    }
    let seconds = match (whole.len(), fraction) {
        (13 | 16 | 19, None) => &whole[..10],
        (1..=11, _) => whole,
        _ => return None,
    };
    Some((seconds.parse().ok()?, 0))
}

/// Days since 1970 of a day that there is.
fn date_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let exists = day >= 1 && day <= days_in_month(year, month);
    exists.then(|| days_since_1970(year, month, day))
}

/// `03:04:05.678 +0100` of a day.
fn clock(day: i64, text: &str) -> Option<(i64, i32)> {
    let (time, rest) = (text.get(..8)?, text.get(8..)?);
    let parts: Vec<_> = time.split(':').collect();
    let [hour, minute, second] = parts[..] else {
        return None;
    };
    let hour = number_of(hour, 2).filter(|hour| *hour <= 23)?;
    let minute = number_of(minute, 2).filter(|minute| *minute <= 59)?;
    let second = number_of(second, 2).filter(|second| *second <= 60)?.min(59);
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() {
                return None;
            }
            zone
        }
        None => rest,
    };
    let offset = offset_of(rest.strip_prefix(' ').unwrap_or(rest))?;
    let wall = day * 86_400 + hour * 3600 + minute * 60 + second;
    Some((wall - offset, offset as i32))
}

fn offset_of(text: &str) -> Option<i64> {
    if matches!(text, "" | "Z" | "z") {
        return Some(0);
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = match digits.len() {
        2 => format!("{digits}00"),
        5 if digits.as_bytes()[2] == b':' => digits.replace(':', ""),
        4 => digits.to_owned(),
        _ => return None,
    };
    let hours = number_of(digits.get(..2)?, 2).filter(|hours| *hours <= 23)?;
    let minutes = number_of(digits.get(2..)?, 2).filter(|minutes| *minutes <= 59)?;
    Some(sign * (hours * 3600 + minutes * 60))
}

/// A number of so many digits.
fn number_of(text: &str, digits: usize) -> Option<i64> {
    (text.len() == digits)
        .then(|| number(text.as_bytes()))
        .flatten()
}

fn number(digits: &[u8]) -> Option<i64> {
    let mut number = 0;
    for digit in digits {
        if !digit.is_ascii_digit() {
            return None;
        }
        number = number * 10 + i64::from(digit - b'0');
    }
    Some(number)
}

fn is_leap_year(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap_year(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Counts year by year and month by month, in the Gregorian calendar also before it was adopted.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let days_in_year = |year| if is_leap_year(year) { 366 } else { 365 };
    let years: i64 = if year >= 1970 {
        (1970..year).map(days_in_year).sum()
    } else {
        -(year..1970).map(days_in_year).sum::<i64>()
    };
    let months: i64 = (1..month).map(|month| days_in_month(year, month)).sum();
    years + months + day - 1
}
