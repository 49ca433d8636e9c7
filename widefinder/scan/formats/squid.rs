//! Squid's native format: `time elapsed client code/status bytes method URL user
//! hierarchy/peer type`; older versions write no type.
//!
//! The elapsed time is padded to six columns, so that fields are parted by one
//! or more spaces. Unlike a server's log it tells of many hosts: these and the schemes are
//! taken from the URL, which stays whole as well.
//!
//! Source: the Squid wiki, *Features/LogFormat*; the default `logformat squid`.

use memchr::memchr;

use super::delimited::{Columns, Quotes, Shape};
use super::fixed::{Column, Fixed, TARGET};
use super::url::{Url, without_port};
use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::format::{ABSENT, Record, is_digits};
use crate::scan::scale::Scale;

/// The format.
pub(super) const SQUID: Fixed = Fixed {
    name: "squid",
    columns: &COLUMNS,
    cut,
    duration: Scale::Milliseconds,
};

/// The slots; the code and the status are two of them. The last three are parts of the URL.
const COLUMNS: [Column; 14] = [
    ("time", Some(Field::Time)),
    ("elapsed", Some(Field::Latency)),
    ("client", Some(Field::Client)),
    ("code", Some(Field::Cache)),
    ("status", Some(Field::Status)),
    ("bytes", Some(Field::Bytes)),
    ("method", Some(Field::Method)),
    ("url", Some(Field::Uri)),
    ("user", Some(Field::User)),
    ("hierarchy", None),
    ("type", None),
    ("scheme", Some(Field::Scheme)),
    ("host", Some(Field::Vhost)),
    (TARGET, None),
];

/// The slots of the last three, a bit each.
const PARTS: u64 = 1 << 11 | 1 << 12 | 1 << 13;

const SHAPE: Shape = Shape {
    separator: b' ',
    runs: true,
    quotes: Quotes::None,
    brackets: false,
};

/// Cuts a line.
fn cut<'c>(line: &'c [u8], slots: &mut [&'c [u8]], needed: u64) -> Result<Record, Misfit> {
    let mut columns = Columns::new(line, SHAPE);
    let columns = &mut columns;
    slots[0] = next(columns, "a time in seconds with a point", |text| {
        let mut parts = text.splitn(2, |&byte| byte == b'.');
        parts.all(is_digits) && memchr(b'.', text).is_some()
    })?;
    slots[1] = next(columns, "milliseconds", |text| {
        is_digits(text.strip_prefix(b"-").unwrap_or(text))
    })?;
    slots[2] = next(columns, "a client", |_| true)?;
    let outcome = next(columns, "a code, a slash and a status", |text| {
        memchr(b'/', text).is_some_and(|slash| slash > 0 && is_digits(&text[slash + 1..]))
    })?;
    let slash = memchr(b'/', outcome).unwrap_or(0);
    (slots[3], slots[4]) = (&outcome[..slash], &outcome[slash + 1..]);
    slots[5] = next(columns, "a number of bytes", is_digits)?;
    slots[6] = next(columns, "a method", |_| true)?;
    slots[7] = next(columns, "a URL", |_| true)?;
    slots[8] = next(columns, "a user", |_| true)?;
    slots[9] = next(columns, "a hierarchy code, a slash and a peer", |text| {
        memchr(b'/', text).is_some()
    })?;
    slots[10] = columns.next().map_or(ABSENT, |column| column.text);
    if needed & PARTS != 0 {
        let parts = parts(slots[6], slots[7]);
        slots[11..14].copy_from_slice(&parts);
    }
    Ok(Record::Entry)
}

/// The scheme, the host and what is behind them; of what is connected to, the host alone.
fn parts<'c>(method: &[u8], url: &'c [u8]) -> [&'c [u8]; 3] {
    if method == b"CONNECT" {
        return [ABSENT, without_port(url), ABSENT];
    }
    let url = Url::parse(url);
    let known = |part: &'c [u8]| if part.is_empty() { ABSENT } else { part };
    [known(url.scheme), known(url.host), url.uri]
}

/// Takes the next column, if `is_it` accepts it.
fn next<'c>(
    columns: &mut Columns<'c>,
    expected: &'static str,
    is_it: impl Fn(&[u8]) -> bool,
) -> Result<&'c [u8], Misfit> {
    let at = columns.at();
    let column = columns.next().filter(|column| is_it(column.text));
    column
        .map(|column| column.text)
        .ok_or(Misfit { at, expected })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_is_robust, cut};
    use super::*;

    #[test]
    fn lines_are_cut_into_their_fields() {
        let line = "1286536308.779    180 192.0.2.1 TCP_MISS/200 411 GET http://a.example/b?c jo \
                    DIRECT/192.0.2.2 text/html";
        let expected = [
            "1286536308.779",
            "180",
            "192.0.2.1",
            "TCP_MISS",
            "200",
            "411",
            "GET",
            "http://a.example/b?c",
            "jo",
            "DIRECT/192.0.2.2",
            "text/html",
            "http",
            "a.example",
            "/b?c",
        ];
        assert_eq!(cut(&SQUID, line).unwrap(), expected);
        let without_type = line.strip_suffix(" text/html").unwrap();
        assert_eq!(
            cut(&SQUID, without_type).unwrap()[9..11],
            ["DIRECT/192.0.2.2", "-"]
        );
    }

    #[test]
    fn urls_are_told_by_their_parts() {
        for (request, expected) in [
            ("CONNECT a.example:443", ["-", "a.example", "-"]),
            ("CONNECT [2001:db8::1]:443", ["-", "[2001:db8::1]", "-"]),
            ("GET https://a.example:8443/b", ["https", "a.example", "/b"]),
            ("GET /b", ["-", "-", "/b"]),
            (
                "NONE error:invalid-request",
                ["-", "-", "error:invalid-request"],
            ),
            ("- -", ["-", "-", "-"]),
        ] {
            let line = format!("1286536308.779 1 ::1 TCP_MISS/200 411 {request} - NONE/- -");
            assert_eq!(cut(&SQUID, &line).unwrap()[11..], expected, "{request}");
        }
    }

    #[test]
    fn the_place_of_a_misfit_is_told() {
        for (line, at) in [
            ("1286536308 180 h TCP_MISS/200 411 GET / - NONE/- -", 0),
            ("1286536308.779 1x h TCP_MISS/200 411 GET / - NONE/- -", 15),
            ("1286536308.779 1 h TCP_MISS 411 GET / - NONE/- -", 19),
            ("1286536308.779 1 h TCP_MISS/200 411 GET / -", 43),
            ("1286536308.779 1", 16),
        ] {
            assert_eq!(cut(&SQUID, line).unwrap_err().at, at, "{line}");
        }
    }

    #[test]
    fn odd_lines_are_no_trouble() {
        assert_is_robust(
            &SQUID,
            "1286536308.779 180 ::1 TCP_MISS/200 411 GET http://a.example/ - NONE/- -",
        );
    }
}
