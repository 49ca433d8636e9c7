//! Days, weekdays and hours.

use super::mistake::quoted;
use super::span::Span;
use super::when::Reading;
use super::word::Word;
use super::{Bound, Mistake, When};
use crate::time::{DAY, WEEKDAYS};

/// The first second of a day, or of a range of days, and that after the last.
pub(super) fn days(word: &Word<'_>, when: &When) -> Result<(Bound, Bound), Mistake> {
    let day = |word: &Word<'_>| match Reading::of(word.text(), Some(when)) {
        Ok(Reading {
            bound: Bound::Wall(start),
            is_date: true,
            ..
        }) => Ok(start),
        Ok(_) => Err(word.mistake(format!(
            "{} is no day; one is written as in `2026-11-01`, `today` or `yesterday`",
            quoted(word.text())
        ))),
        Err(message) => Err(word.mistake(message)),
    };
    let (first, last) = match word.range() {
        Some((first, last)) => (day(&first)?, day(&last)?),
        None => {
            let day = day(word)?;
            (day, day)
        }
    };
    if first > last {
        return Err(word.mistake("this range ends before it begins"));
    }
    Ok((Bound::Wall(first), Bound::Wall(last + DAY)))
}

/// Reads `Mon`, `monday`, or `Mon..Fri`, which may go over the end of a week.
pub(super) fn weekdays(word: &Word<'_>) -> Result<Vec<&'static str>, Mistake> {
    let (first, last) = match word.range() {
        Some((first, last)) => (weekday(&first)?, weekday(&last)?),
        None => {
            let day = weekday(word)?;
            (day, day)
        }
    };
    let days = (last + 7 - first) % 7;
    Ok((0..=days).map(|day| WEEKDAYS[(first + day) % 7]).collect())
}

fn weekday(word: &Word<'_>) -> Result<usize, Mistake> {
    const NAMES: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let name = word.text().to_ascii_lowercase();
    let is_day = |full: &&str| *full == name || full[..3] == name;
    NAMES.iter().position(is_day).ok_or_else(|| {
        let text = quoted(word.text());
        word.mistake(format!(
            "{text} is no weekday; they are {}",
            WEEKDAYS.join(", ")
        ))
    })
}

/// Reads an hour of the day.
pub(super) fn hour(text: &str) -> Result<Span, String> {
    let is_short = matches!(text.len(), 1 | 2) && text.bytes().all(|b| b.is_ascii_digit());
    let hour = is_short.then(|| text.parse().ok()).flatten();
    let hour = hour.filter(|hour| *hour < 24);
    hour.map(|hour| Span::whole(hour, hour)).ok_or_else(|| {
        format!(
            "{} is no hour; expected is 0 to 23, or a range such as `9..17`",
            quoted(text)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::assert_marks;
    use crate::ask::piece::Piece;
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    fn read_days(text: &str) -> Result<(Bound, Bound), Mistake> {
        let (now, zone) = (Timestamp::UNIX_EPOCH, Some(TimeZone::UTC));
        days(&Word::bare(Piece::all(text)), &When { now, zone })
    }

    fn read_weekdays(text: &str) -> Result<Vec<&'static str>, Mistake> {
        weekdays(&Word::bare(Piece::all(text)))
    }

    #[test]
    fn days_are_spans_of_time() {
        for (text, first, end) in [
            ("1970-01-02", 1, 2),
            ("today", 0, 1),
            ("02/Jan/1970", 1, 2),
            ("yesterday..1970-01-31", -1, 31),
        ] {
            let bounds = (Bound::Wall(first * DAY), Bound::Wall(end * DAY));
            assert_eq!(read_days(text), Ok(bounds), "{text}");
        }
        assert_marks(
            read_days,
            r"
1970-02-30
^^^^^^^^^^ there is no day 30 in 1970-02, which has 28 days
today..-1d
       ^^^ `-1d` is no day; one is written as in `2026-11-01`, `today` or `yesterday`
1970-01-02T00:00
^^^^^^^^^^^^^^^^ `1970-01-02T00:00` is no day; one is written as in `2026-11-01`, `today` \
                 or `yesterday`
today..yesterday
^^^^^^^^^^^^^^^^ this range ends before it begins
",
        );
    }

    #[test]
    fn weekdays_are_names_or_ranges() {
        for (text, days) in [
            ("Mon", "Mon"),
            ("monday", "Mon"),
            ("SUN", "Sun"),
            ("Mon..Fri", "Mon Tue Wed Thu Fri"),
            ("sat..Monday", "Sat Sun Mon"),
            ("Wed..Wed", "Wed"),
        ] {
            assert_eq!(read_weekdays(text).unwrap().join(" "), days);
        }
        assert_marks(
            read_weekdays,
            r"
Mo
^^ `Mo` is no weekday; they are Mon, Tue, Wed, Thu, Fri, Sat, Sun
Mon..é
     ^ `é` is no weekday; they are Mon, Tue, Wed, Thu, Fri, Sat, Sun
",
        );
    }

    #[test]
    fn hours_are_two_digits_at_most() {
        assert_eq!(hour("9"), Ok(Span::whole(9, 9)));
        assert_eq!(hour("09"), Ok(Span::whole(9, 9)));
        for text in ["24", "009", "", "+9", "-1", "9h"] {
            let message =
                format!("`{text}` is no hour; expected is 0 to 23, or a range such as `9..17`");
            assert_eq!(hour(text), Err(message));
        }
    }
}
