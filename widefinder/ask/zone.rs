//! Names of time zones.

use jiff::tz::{Offset, TimeZone, db};

use super::Mistake;
use super::mistake::quoted;
use super::nearest::suggestion;
use super::piece::Piece;
use super::written::offset;

/// Reads a time zone: `UTC`, `local` for the system's, a name such as
/// `Europe/Berlin`, or an offset such as `+02:00`.
///
/// # Errors
///
/// When there is no such zone, or the system's cannot be told.
///
/// ```
/// use widefinder::ask::parse_zone;
///
/// assert!(parse_zone("Europe/Berlin").is_ok());
/// let mistake = parse_zone("berlin").unwrap_err();
/// assert_eq!(
///     mistake.message,
///     "there is no time zone `berlin`; did you mean `Europe/Berlin`?",
/// );
/// ```
pub fn parse_zone(text: &str) -> Result<TimeZone, Mistake> {
    let piece = Piece::all(text).trim();
    let name = piece.text();
    match name {
        "" => return Err(piece.mistake("a time zone is missing here, such as `Europe/Berlin`")),
        "UTC" | "utc" | "Z" => return Ok(TimeZone::UTC),
        "local" => {
            return TimeZone::try_system().map_err(|_| {
                piece.mistake("the system has no time zone; name one, such as `Europe/Berlin`")
            });
        }
        _ => {}
    }
    if name.starts_with(['+', '-']) {
        let ahead = offset(name).and_then(|seconds| i32::try_from(seconds).ok());
        let ahead = ahead.and_then(|seconds| Offset::from_seconds(seconds).ok());
        return ahead.map(TimeZone::fixed).ok_or_else(|| {
            let word = quoted(name);
            piece.mistake(format!(
                "{word} is no offset; one is written as in `+02:00`"
            ))
        });
    }
    TimeZone::get(name).map_err(|_| piece.mistake(unknown(name)))
}

fn unknown(name: &str) -> String {
    let names: Vec<String> = db().available().map(|name| name.to_string()).collect();
    let city = name.replace(' ', "_");
    let of_a_city = names.iter().find(|zone| {
        let last = zone.rsplit('/').next();
        last.is_some_and(|last| last.eq_ignore_ascii_case(&city))
    });
    let hint = match of_a_city {
        Some(zone) => format!("; did you mean `{zone}`?"),
        None => {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            suggestion(name, &names, || {
                "; one is written as in `Europe/Berlin`, `UTC`, `local` or `+02:00`".to_owned()
            })
        }
    };
    format!("there is no time zone {}{hint}", quoted(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::{assert_marks, assert_mistakes, is_sound};
    use jiff::Timestamp;
    use proptest::prelude::*;

    #[test]
    fn zones_are_names_or_offsets() {
        for (text, summer) in [
            ("UTC", 0),
            ("utc", 0),
            ("Europe/Berlin", 7200),
            (" Europe/Berlin ", 7200),
            ("+02:00", 7200),
            ("-0530", -19_800),
            ("+09", 32_400),
        ] {
            let zone = parse_zone(text).unwrap();
            let summer_2026 = Timestamp::from_second(1_782_864_000).unwrap();
            assert_eq!(zone.to_offset(summer_2026).seconds(), summer, "{text}");
        }
        if let Err(mistake) = parse_zone("local") {
            assert!(mistake.message.starts_with("the system has no time zone"));
        }
    }

    #[test]
    fn mistakes_suggest_a_zone() {
        assert_mistakes(
            parse_zone,
            &[
                (
                    "",
                    0..0,
                    "a time zone is missing here, such as `Europe/Berlin`",
                ),
                (
                    " +2",
                    1..3,
                    "`+2` is no offset; one is written as in `+02:00`",
                ),
            ],
        );
        assert_marks(
            parse_zone,
            r"
Europe/Berln
^^^^^^^^^^^^ there is no time zone `Europe/Berln`; did you mean `Europe/Berlin`?
new york
^^^^^^^^ there is no time zone `new york`; did you mean `America/New_York`?
Middle-earth/Shire
^^^^^^^^^^^^^^^^^^ there is no time zone `Middle-earth/Shire`; one is written as in \
                   `Europe/Berlin`, `UTC`, `local` or `+02:00`
+24:00
^^^^^^ `+24:00` is no offset; one is written as in `+02:00`
",
        );
    }

    proptest! {
        #[test]
        fn any_text_is_a_zone_or_a_sound_mistake(text in "\\PC{0,20}|[-+0-9:]{0,7}") {
            is_sound(&text, parse_zone(&text))?;
        }
    }
}
