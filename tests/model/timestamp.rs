//! The time as Apache writes it: `01/Feb/2026:03:04:05 +0100`.

const MONTHS: [&[u8]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// The moment in unix seconds, and the offset from UTC in seconds as the log wrote it.
///
/// Nothing if the text is not exactly such a time or names a day that the calendar does not have.
/// A leap second (60) is taken for the second before it, wherever it stands.
pub(crate) fn parse_timestamp(text: &[u8]) -> Option<(i64, i32)> {
    if text.len() != 26 {
        return None;
    }
    for (position, separator) in [
        (2, b'/'),
        (6, b'/'),
        (11, b':'),
        (14, b':'),
        (17, b':'),
        (20, b' '),
    ] {
        if text[position] != separator {
            return None;
        }
    }
    let day = number(&text[0..2])?;
    let month = 1 + MONTHS.iter().position(|name| *name == &text[3..6])? as i64;
    let year = number(&text[7..11])?;
    let hour = number(&text[12..14]).filter(|hour| *hour <= 23)?;
    let minute = number(&text[15..17]).filter(|minute| *minute <= 59)?;
    let second = number(&text[18..20])
        .filter(|second| *second <= 60)?
        .min(59);
    let sign = match text[21] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let offset_hours = number(&text[22..24]).filter(|hours| *hours <= 23)?;
    let offset_minutes = number(&text[24..26]).filter(|minutes| *minutes <= 59)?;

    if day < 1 || day > days_in_month(year, month) {
        return None;
    }
    let offset = sign * (offset_hours * 3600 + offset_minutes * 60);
    let wall = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some((wall - offset, offset as i32))
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
