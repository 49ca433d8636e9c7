//! Nginx Proxy Manager: what its proxied hosts write, and the shorter lines of
//! its redirections, dead hosts and default site, which no other server answers.
//!
//! Source: the project's `nginx.conf` and `include/log.conf`, formats `proxy`
//! and `standard`.

use memchr::{memchr, memchr_iter, memrchr};

use super::fixed::{Column, Fixed};
use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cursor::Cursor;
use crate::scan::format::{ABSENT, Record, is_digits};
use crate::scan::scale::Scale;

/// The format.
pub(super) const PROXY_MANAGER: Fixed = Fixed {
    name: "nginx_proxy_manager",
    columns: &COLUMNS,
    cut,
    duration: Scale::Whole,
};

/// The slots, by the names of their variables.
const COLUMNS: [Column; 14] = [
    ("time_local", Some(Field::Time)),
    ("upstream_cache_status", Some(Field::Cache)),
    ("upstream_status", None),
    ("status", Some(Field::Status)),
    ("request_method", Some(Field::Method)),
    ("scheme", Some(Field::Scheme)),
    ("host", Some(Field::Vhost)),
    ("request_uri", Some(Field::Uri)),
    ("remote_addr", Some(Field::Client)),
    ("body_bytes_sent", Some(Field::Bytes)),
    ("gzip_ratio", None),
    ("server", None),
    ("http_user_agent", Some(Field::Agent)),
    ("http_referer", Some(Field::Referrer)),
];

/// Cuts a line.
fn cut<'c>(line: &'c [u8], slots: &mut [&'c [u8]], _needed: u64) -> Result<Record, Misfit> {
    let mut cursor = Cursor::new(line);
    cursor.literal(b"[", "a time in brackets")?;
    slots[0] = cursor.until(b"] ", "a closing bracket and a space")?;
    take_statuses(&mut cursor, slots)?;
    slots[4] = cursor.word("a method")?;
    slots[5] = cursor.word("a scheme")?;
    slots[6] = cursor.word("a host")?;
    cursor.literal(b"\"", "the quoted URI")?;
    slots[7] = cursor.quoted()?;
    cursor.literal(b" [Client ", "the client in brackets")?;
    slots[8] = cursor.until(b"] ", "a closing bracket and a space")?;
    cursor.literal(b"[Length ", "the length in brackets")?;
    let at = cursor.at;
    slots[9] = cursor.until(b"] ", "a closing bracket and a space")?;
    if !is_digits(slots[9]) && slots[9] != ABSENT {
        let expected = "a number of bytes";
        return Err(Misfit { at, expected });
    }
    cursor.literal(b"[Gzip ", "the ratio of compression in brackets")?;
    slots[10] = cursor.until(b"] ", "a closing bracket and a space")?;
    slots[11] = ABSENT;
    if cursor.rest().starts_with(b"[Sent-to ") {
        cursor.at += b"[Sent-to ".len();
        slots[11] = cursor.until(b"] ", "a closing bracket and a space")?;
    }
    cursor.literal(b"\"", "the quoted agent")?;
    slots[12] = cursor.quoted()?;
    cursor.literal(b" \"", "a space and the quoted referrer")?;
    slots[13] = cursor.quoted()?;
    if !cursor.ends() {
        cursor.space()?;
    }
    Ok(Record::Entry)
}

/// Takes `cache upstream_status status - `, or `status - `. The status of the
/// upstream may be a list that holds spaces and dashes.
fn take_statuses<'c>(cursor: &mut Cursor<'c>, slots: &mut [&'c [u8]]) -> Result<(), Misfit> {
    /// Lists are short; a dash further on is not that behind the status.
    const LONGEST: usize = 128;
    let rest = &cursor.rest()[..cursor.rest().len().min(LONGEST)];
    let dashes = memchr_iter(b' ', rest).filter(|&space| rest[space..].starts_with(b" - "));
    for dash in dashes {
        let before = &rest[..dash];
        let (others, status) = match memrchr(b' ', before) {
            Some(space) => (&before[..space], &before[space + 1..]),
            None => (&before[..0], before),
        };
        if !is_digits(status) {
            continue;
        }
        (slots[1], slots[2], slots[3]) = match memchr(b' ', others) {
            Some(space) => (&others[..space], &others[space + 1..], status),
            None if others.is_empty() => (ABSENT, ABSENT, status),
            None => continue,
        };
        cursor.at += dash + 3;
        return Ok(());
    }
    cursor.fail("a status and a dash, perhaps behind those of the cache and the upstream")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_is_robust, cut};
    use super::*;

    const PROXIED: &str = concat!(
        r#"[01/Oct/2025:14:32:15 +0000] HIT 200 200 - GET https a.example "/b?c" "#,
        r#"[Client 192.0.2.1] [Length 1543] [Gzip 2.45] [Sent-to 192.0.2.2:80] "x y" "-""#,
    );

    #[test]
    fn both_shapes_are_cut_into_their_fields() {
        let expected = [
            "01/Oct/2025:14:32:15 +0000",
            "HIT",
            "200",
            "200",
            "GET",
            "https",
            "a.example",
            "/b?c",
            "192.0.2.1",
            "1543",
            "2.45",
            "192.0.2.2:80",
            "x y",
            "-",
        ];
        assert_eq!(cut(&PROXY_MANAGER, PROXIED).unwrap(), expected);
        let short = PROXIED
            .replace("HIT 200 200", "444")
            .replace("[Sent-to 192.0.2.2:80] ", "");
        let slots = cut(&PROXY_MANAGER, &short).unwrap();
        assert_eq!(slots[1..5], ["-", "-", "444", "GET"]);
        assert_eq!(slots[11..], ["-", "x y", "-"]);
    }

    #[test]
    fn the_upstream_may_have_several_statuses() {
        for (statuses, upstream) in [
            ("- 404 404", "404"),
            ("- - 499", "-"),
            ("MISS 502, 200 200", "502, 200"),
            ("- 502, - 502", "502, -"),
        ] {
            let line = PROXIED.replace("HIT 200 200", statuses);
            let slots = cut(&PROXY_MANAGER, &line).unwrap();
            assert_eq!(slots[2], upstream, "{statuses}");
            assert_eq!(slots[4], "GET", "{statuses}");
        }
    }

    #[test]
    fn the_place_of_a_misfit_is_told() {
        for (line, at) in [
            ("h - - [t]", 0),
            ("[t", 1),
            ("[t] GET /", 4),
            ("[t] 200 - GET http h /", 21),
            (r#"[t] 200 - GET http h "/" [Length 5]"#, 24),
            (
                r#"[t] 200 - GET http h "/" [Client c] [Length x] [Gzip -] "-" "-""#,
                44,
            ),
        ] {
            assert_eq!(cut(&PROXY_MANAGER, line).unwrap_err().at, at, "{line}");
        }
    }

    #[test]
    fn odd_lines_are_no_trouble() {
        assert_is_robust(&PROXY_MANAGER, PROXIED);
    }
}
