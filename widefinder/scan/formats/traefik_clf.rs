//! Traefik's common log format: the combined one, then the number of the request,
//! the router, the address of the server and the milliseconds that it took.
//!
//! What is missing is `"-"`; in older versions, and in some still for the server, `-`.
//!
//! Source: the Traefik manual, *Access Logs*; `pkg/middlewares/accesslog/logger_formatters.go`.

use super::fixed::{Column, Fixed, REQUEST};
use crate::ask::Field;
use crate::scan::combined::{Frame, Misfit};
use crate::scan::cursor::Cursor;
use crate::scan::format::{ABSENT, Record};
use crate::scan::scale::Scale;

/// The format.
pub(super) const TRAEFIK_CLF: Fixed = Fixed {
    name: "traefik_clf",
    columns: &COLUMNS,
    cut,
    duration: Scale::Milliseconds,
};

/// The slots; those that have no field are named as in Traefik's JSON.
const COLUMNS: [Column; 12] = [
    ("ClientHost", Some(Field::Client)),
    ("ClientUsername", Some(Field::User)),
    ("StartUTC", Some(Field::Time)),
    (REQUEST, None),
    ("OriginStatus", Some(Field::Status)),
    ("OriginContentSize", Some(Field::Bytes)),
    ("request_Referer", Some(Field::Referrer)),
    ("request_User-Agent", Some(Field::Agent)),
    ("RequestCount", None),
    ("RouterName", None),
    ("ServiceURL", None),
    ("Duration", Some(Field::Latency)),
];

/// Cuts a line.
fn cut<'c>(line: &'c [u8], slots: &mut [&'c [u8]], _needed: u64) -> Result<Record, Misfit> {
    let mut cursor = Cursor::new(line);
    let frame = Frame::take(&mut cursor)?;
    let (referrer, agent) = match (frame.referrer, frame.agent) {
        (Some(referrer), Some(agent)) => (referrer, agent),
        // It ends at what stands in no quotes.
        _ => (
            quoted_or_absent(&mut cursor, "a space and the quoted referrer")?,
            quoted_or_absent(&mut cursor, "a space and the quoted agent")?,
        ),
    };
    cursor.space()?;
    let number = cursor.number("the number of the request")?;
    let router = quoted_or_absent(&mut cursor, "a space and the quoted router")?;
    let server = quoted_or_absent(&mut cursor, "a space and the quoted address of the server")?;
    cursor.space()?;
    let duration = cursor.digits("a number of milliseconds")?;
    if cursor.rest() != b"ms" {
        return cursor.fail("ms at the end of the line");
    }
    slots[..COLUMNS.len()].copy_from_slice(&[
        frame.client,
        frame.user,
        frame.time,
        frame.request,
        frame.status,
        frame.bytes,
        referrer,
        agent,
        number,
        router,
        server,
        duration,
    ]);
    Ok(Record::Entry)
}

/// A space and a quoted value, or a `-`.
fn quoted_or_absent<'c>(
    cursor: &mut Cursor<'c>,
    expected: &'static str,
) -> Result<&'c [u8], Misfit> {
    if cursor.rest().starts_with(b" - ") {
        cursor.at += 2;
        return Ok(ABSENT);
    }
    cursor.literal(b" \"", expected)?;
    cursor.quoted()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_is_robust, cut};
    use super::*;

    const LINE: &str = concat!(
        r#"192.0.2.1 - jo [24/Nov/2024:13:38:04 +0000] "GET /a?b HTTP/2.0" 200 352 "-" "x y" "#,
        r#"244 "a@docker -> b@docker" "http://192.0.2.3:80" 42ms"#,
    );

    #[test]
    fn lines_are_cut_into_their_fields() {
        let expected = [
            "192.0.2.1",
            "jo",
            "24/Nov/2024:13:38:04 +0000",
            "GET /a?b HTTP/2.0",
            "200",
            "352",
            "-",
            "x y",
            "244",
            "a@docker -> b@docker",
            "http://192.0.2.3:80",
            "42",
        ];
        assert_eq!(cut(&TRAEFIK_CLF, LINE).unwrap(), expected);
        let unanswered = r#"h - - [t] "-" - - "-" "-" 7 "-" "-" 0ms"#;
        assert_eq!(cut(&TRAEFIK_CLF, unanswered).unwrap()[4..6], ["-", "-"]);
    }

    #[test]
    fn what_is_missing_may_stand_without_quotes() {
        for (rest, expected) in [
            (r#"- "x y" 13 "r" "s" 5ms"#, ["-", "x y", "13", "r", "s"]),
            (r#"- - 13 - - 5ms"#, ["-", "-", "13", "-", "-"]),
            (r#""a" "b" 13 "r" - 5ms"#, ["a", "b", "13", "r", "-"]),
        ] {
            let line = format!(r#"h - - [t] "GET /" 200 5 {rest}"#);
            assert_eq!(cut(&TRAEFIK_CLF, &line).unwrap()[6..11], expected, "{line}");
        }
    }

    #[test]
    fn the_place_of_a_misfit_is_told() {
        for (line, at) in [
            (r#"h - - [t] "-" 200 5"#, 19),
            (r#"h - - [t] "-" 200 5 "-" "-""#, 27),
            (r#"h - - [t] "-" 200 5 "-" "-" 0.5"#, 29),
            (r#"h - - [t] "-" 200 5 "-" "-" 7 "r" "s" 5"#, 39),
            (r#"h - - [t] "-" 200 5 "-" "-" 7 "r" "s" 5ms x"#, 39),
        ] {
            assert_eq!(cut(&TRAEFIK_CLF, line).unwrap_err().at, at, "{line}");
        }
    }

    #[test]
    fn odd_lines_are_no_trouble() {
        assert_is_robust(&TRAEFIK_CLF, LINE);
    }
}
