//! The controller ingress-nginx: nginx's combined format, then the length of the
//! request, the time that it took, and what is known of the servers behind it.
//!
//! A request that was passed on more than once has lists, `a, b : c`, which hold
//! spaces. Older versions have no alternative upstream, and write the client
//! once more before the user; the oldest end with the status.
//!
//! Source: the ingress-nginx manual, *Log format*.

use memchr::{memchr_iter, memmem};

use super::fixed::{Column, Fixed, REQUEST};
use crate::ask::Field;
use crate::scan::combined::{Frame, Misfit};
use crate::scan::cursor::Cursor;
use crate::scan::format::{ABSENT, Record};
use crate::scan::scale::Scale;

/// The format.
pub(super) const INGRESS_NGINX: Fixed = Fixed {
    name: "ingress_nginx",
    columns: &COLUMNS,
    cut,
    duration: Scale::Seconds,
};

/// The slots, by the names of their variables.
const COLUMNS: [Column; 17] = [
    ("remote_addr", Some(Field::Client)),
    ("remote_user", Some(Field::User)),
    ("time_local", Some(Field::Time)),
    (REQUEST, None),
    ("status", Some(Field::Status)),
    ("body_bytes_sent", Some(Field::Bytes)),
    ("http_referer", Some(Field::Referrer)),
    ("http_user_agent", Some(Field::Agent)),
    ("request_length", Some(Field::BytesIn)),
    ("request_time", Some(Field::Latency)),
    ("proxy_upstream_name", None),
    ("proxy_alternative_upstream_name", None),
    ("upstream_addr", None),
    ("upstream_response_length", None),
    ("upstream_response_time", Some(Field::UpstreamLatency)),
    ("upstream_status", None),
    ("req_id", None),
];

/// Cuts a line.
fn cut<'c>(line: &'c [u8], slots: &mut [&'c [u8]], _needed: u64) -> Result<Record, Misfit> {
    let mut cursor = Cursor::new(line);
    let frame = Frame::take(&mut cursor)?;
    let (Some(referrer), Some(agent)) = (frame.referrer, frame.agent) else {
        return cursor.fail("the quoted referrer and agent");
    };
    slots[..8].copy_from_slice(&[
        frame.client,
        without_client(frame.user),
        frame.time,
        frame.request,
        frame.status,
        frame.bytes,
        referrer,
        agent,
    ]);
    cursor.space()?;
    slots[8] = cursor.word_of("the length of the request", is_decimal)?;
    slots[9] = cursor.word_of("the time that the request took", is_decimal)?;
    cursor.literal(b"[", "the name of the upstream in brackets")?;
    slots[10] = cursor.until(b"] ", "a closing bracket and a space")?;
    slots[11] = ABSENT;
    if cursor.peek() == Some(b'[') {
        cursor.at += 1;
        slots[11] = cursor.until(b"] ", "a closing bracket and a space")?;
    }
    slots[12] = list(&mut cursor, "the address of a server", |_| true)?;
    slots[13] = list(&mut cursor, "the length of an answer", is_decimal)?;
    slots[14] = list(&mut cursor, "the time of an answer", is_decimal)?;
    if is_decimal(cursor.rest()) {
        // The oldest versions give a request no number.
        (slots[15], slots[16]) = (cursor.rest(), ABSENT);
        return Ok(Record::Entry);
    }
    slots[15] = list(&mut cursor, "the status of an answer", is_decimal)?;
    let id = cursor.rest();
    // Without a branch on each byte.
    let is_id = id.iter().fold(!id.is_empty(), |is_id, &byte| {
        is_id & (byte.is_ascii_hexdigit() | (byte == b'-'))
    });
    if !is_id {
        return cursor.fail("the number of the request, up to the end of the line");
    }
    slots[16] = id;
    Ok(Record::Entry)
}

/// The user in `[192.0.2.1] - jo`.
fn without_client(user: &[u8]) -> &[u8] {
    match memmem::find(user, b"] - ") {
        Some(place) if user[0] == b'[' => &user[place + 4..],
        _ => user,
    }
}

fn is_decimal(text: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    text == b"-" || !text.is_empty() && text.iter().all(is_digit)
}

/// A value, or a list of values whose separators end in a space, and the space
/// behind it.
fn list<'c>(
    cursor: &mut Cursor<'c>,
    expected: &'static str,
    is_value: impl Fn(&[u8]) -> bool,
) -> Result<&'c [u8], Misfit> {
    let rest = cursor.rest();
    let is_end = |&place: &usize| {
        let (before, behind) = (&rest[..place], &rest[place..]);
        !before.ends_with(b",") && !before.ends_with(b" :") && !behind.starts_with(b" : ")
    };
    let Some(end) = memchr_iter(b' ', rest).find(is_end) else {
        return cursor.fail(expected);
    };
    let list = &rest[..end];
    let mut values = list.split(|&byte| byte == b' ');
    let mut fit = || {
        values.all(|value| {
            let value = value.strip_suffix(b",").unwrap_or(value);
            value == b":" || !value.is_empty() && is_value(value)
        })
    };
    let is_one = !list.is_empty() && is_value(list);
    if !is_one && !fit() {
        return cursor.fail(expected);
    }
    cursor.at += end + 1;
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_is_robust, cut};
    use super::*;

    const LINE: &str = concat!(
        r#"192.0.2.1 - jo [24/Nov/2024:13:38:04 +0000] "GET /a?b HTTP/2.0" 200 352 "-" "x y" "#,
        r#"71 0.250 [a-b-80] [] 192.0.2.3:80, 192.0.2.4:80 : - 0, 352 : - 0.1, 0.05 : - "#,
        r#"502, 200 : - 0f4e8a"#,
    );

    #[test]
    fn lists_hold_spaces() {
        let slots = cut(&INGRESS_NGINX, LINE).unwrap();
        let expected = [
            "71",
            "0.250",
            "a-b-80",
            "",
            "192.0.2.3:80, 192.0.2.4:80 : -",
            "0, 352 : -",
            "0.1, 0.05 : -",
            "502, 200 : -",
            "0f4e8a",
        ];
        assert_eq!(slots[8..], expected);
    }

    #[test]
    fn older_lines_fit_too() {
        let line = r#"192.0.2.1 - [192.0.2.1] - jo [t] "-" 400 0 "-" "-" 0 0.1 [] - - - - f0"#;
        let slots = cut(&INGRESS_NGINX, line).unwrap();
        assert_eq!(slots[..2], ["192.0.2.1", "jo"]);
        assert_eq!(slots[11..], ["-", "-", "-", "-", "-", "f0"]);
        let line = line.replace("- - - - f0", "a:1 7 0.2 200");
        let slots = cut(&INGRESS_NGINX, &line).unwrap();
        assert_eq!(slots[11..], ["-", "a:1", "7", "0.2", "200", "-"]);
    }

    #[test]
    fn the_place_of_a_misfit_is_told() {
        for (line, at) in [
            (r#"h - - [t] "-" 200 5 "-" "-""#, 27),
            (r#"h - - [t] "-" 200 5 "-" "-" 1 0.5"#, 30),
            (r#"h - - [t] "-" 200 5 "-" "-" 1 0.5 - "#, 34),
            (
                r#"h - - [t] "-" 200 5 "-" "-" 1 0.5 [u] [] a 1 1 200 x"#,
                51,
            ),
            (
                r#"h - - [t] "-" 200 5 "-" "-" 1 0.5 [u] [] a 1, 1 200 x"#,
                52,
            ),
        ] {
            assert_eq!(cut(&INGRESS_NGINX, line).unwrap_err().at, at, "{line}");
        }
    }

    #[test]
    fn odd_lines_are_no_trouble() {
        assert_is_robust(&INGRESS_NGINX, LINE);
    }
}
