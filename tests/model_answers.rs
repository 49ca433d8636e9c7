//! The model's answers against answers worked out by hand.
//!
//! The model is the judge of the program, so here it is judged itself: each rule once, on a log so
//! small that the right answer can be seen.

mod model;

use model::{
    Entry, Overview, corner_cases, overview, parse_entry, parse_request, parse_timestamp, wf1, wf2,
};
use std::collections::HashSet;

const TEA: &str = "/ongoing/When/200x/2006/09/29/Tea";
const TIME: &str = "[01/Oct/2026:06:33:45 -0700]";

fn shown(report: Vec<u8>) -> String {
    String::from_utf8(report).expect("the report of a text is a text")
}

#[test]
fn wf1_counts_a_line_once_for_its_first_match() {
    let log = format!(
        "GET {TEA} GET /ongoing/When/199x/1999/12/31/Milk \n\
         POST {TEA} HTTP\n\
         FORGET {TEA} 404\n\
         GET {TEA}\n\
         GET {TEA}.png HTTP\n\
         GET /ongoing/When/199x/1999/12/31/Milk x\n\
         GET /ongoing/When/200x/2006/09/29/ x\n\
         GET /ongoing/When/200x/2006/09/29/a.b GET /ongoing/When/200x/2006/09/29/c\td "
    );
    assert_eq!(
        shown(wf1(log.as_bytes())),
        "2: 2006/09/29/Tea\n1: 1999/12/31/Milk\n1: 2006/09/29/c\td\n"
    );
}

#[test]
fn wf1_shows_ten_and_breaks_ties_by_key() {
    let log: String = "lkjihgfedcba"
        .chars()
        .map(|name| format!("GET /ongoing/When/200x/2006/09/29/{name} \n"))
        .collect();
    let expected: String = "abcdefghij"
        .chars()
        .map(|name| format!("1: 2006/09/29/{name}\n"))
        .collect();
    assert_eq!(shown(wf1(log.as_bytes())), expected);
    assert_eq!(wf1(b""), b"");
}

#[test]
fn wf2_of_nothing_still_has_its_frame() {
    assert_eq!(
        shown(wf2(b"")),
        "0 resources, 0 404s, 0 clients\n\nTop URIs by hit:\n\nTop URIs by bytes:\n\n\
         Top 404s:\n\nTop client addresses:\n\nTop referrers:\n\n"
    );
}

#[test]
fn wf2_counts_by_its_rules() {
    let log = format!(
        "a - - [x y] \"GET {TEA} H\" 200 786432 \"http://example.org/\" \"x\"\n\
         b - - [x y] \"GET {TEA} H\" 304 786432 \"http://www-tbray-org/ongoing/x\"\r\n\
         b - - [x y] \"GET {TEA} H\" 200 -\n\
         b - - [x y] \"GET {TEA} H\" 200 1x Q\n\
         \u{20}- - [x y] z \"GET {TEA} 304\n\
         c - - [x y] \"GET {TEA} 200 5 \"-\"\n\
         c - - [x y] \"GET {TEA} H\" 500 5 \"-\"\n\
         c - - [x y] \"POST {TEA} H\" 200 5 \"-\"\n\
         c - - [x y] \"GET /gone H\" 404 5 \"-\"\n\
         c - - [x y] \"GET /big H\" 200 99999999999999999999999 \"-\"\n\
         c - - [x y] \"GET /big H\" 200 5 \"-\""
    );
    assert_eq!(
        shown(wf2(log.as_bytes())),
        format!(
            "1 resources, 1 404s, 2 clients\n\n\
             Top URIs by hit:\n          4: {TEA}\n\n\
             Top URIs by bytes:\n 17592186044416.0M: /big\n       0.8M: {TEA}\n\n\
             Top 404s:\n          1: /gone\n\n\
             Top client addresses:\n          3: b\n          1: a\n\n\
             Top referrers:\n          1: \n          1: http://example.org/\n\n"
        )
    );
}

#[test]
fn wf2_cuts_keys_beyond_sixty_bytes() {
    let sixty = "k".repeat(60);
    let log =
        format!("c - - [x y] \"GET {sixty} H\" 404 -\nc - - [x y] \"GET {sixty}k H\" 404 -\n");
    let report = shown(wf2(log.as_bytes()));
    assert!(report.contains(&format!(
        "Top 404s:\n          1: {sixty}\n          1: {sixty}...\n\n"
    )));
}

#[test]
fn an_entry_is_cut_into_its_fields() {
    let line =
        format!("::1 id a user {TIME} \"GET /\\\"x\\\\\" 200 - \"\\\"\" \"b \\\" c\" more \"");
    assert_eq!(
        parse_entry(line.as_bytes()),
        Some(Entry {
            client: b"::1",
            ident: b"id",
            user: b"a user",
            time: b"01/Oct/2026:06:33:45 -0700",
            request: b"GET /\\\"x\\\\",
            status: b"200",
            bytes: b"-",
            referrer: Some(b"\\\""),
            agent: Some(b"b \\\" c"),
        })
    );
}

#[test]
fn a_frame_fits_or_does_not() {
    let fits = [
        "a - - [] \"\" 0 0",
        "a - - [x] \"\" - -",
        "a - - [x] \"\" 200 5 ",
        "a - - [x] \"\" 200 5 extra \"",
        "a - - [x] \"\" 200 5 \"\" \"\"",
        "a - - [x] \"\" 200 5 \"\" \"\" \"open",
        "a - [ - [x] \"\" 200 5",
        "a -  [x] \"\" 200 5",
        "\"a - - [x] \"\" 200 5",
    ];
    let does_not = [
        "",
        " - - [x] \"\" 200 5",
        "a  - [x] \"\" 200 5",
        "a - b [x] \"\" 200 5 \"\" \"c [y",
        "a [x y] \"\" 200 5 \"\" \"c [y] \"\" 200 5",
        "a - - [x]  \"\" 200 5",
        "a - - [x] x 200 5",
        "a - - [x] \"\"  200 5",
        "a - - [x] \"\" 200  5",
        "a - - [x] \"\" 200",
        "a - - [x] \"\" 200 ",
        "a - - [x] \"\" 2x0 5",
        "a - - [x] \"\" 200 5x",
        "a - - [x] \"\" 200 --",
        "a - - [x] \"\\\" 200 5",
        "a - - [x] \"\" 200 5 \"",
        "a - - [x] \"\" 200 5 \"\"",
        "a - - [x] \"\" 200 5 \"\" x",
        "a - - [x] \"\" 200 5 \"\" \"",
        "a - - [x] \"\" 200 5 \"\" \"\\",
        "a - - [x] \"\" 200 5 \"\"  \"\"",
        "a - - [x] \"\" 200 5 \"\" \"\"x",
    ];
    for line in fits {
        assert!(parse_entry(line.as_bytes()).is_some(), "{line}");
    }
    for line in does_not {
        assert!(parse_entry(line.as_bytes()).is_none(), "{line}");
    }
}

#[test]
fn a_client_may_be_a_list_or_in_quotes() {
    for (lead, expected) in [
        ("a, b - jo", ["a, b", "-", "jo"]),
        ("a, b, c - jo doe", ["a, b, c", "-", "jo doe"]),
        ("a, b - ", ["a, b", "-", ""]),
        ("a, b c", ["a,", "b", "c"]),
        ("\"a, b\" - -", ["a, b", "-", "-"]),
        ("\"a - -", ["a", "-", "-"]),
    ] {
        let line = format!("{lead} [x] \"\" 200 5");
        let entry = parse_entry(line.as_bytes()).unwrap();
        assert_eq!(
            [entry.client, entry.ident, entry.user],
            expected.map(str::as_bytes)
        );
    }
}

#[test]
fn a_request_is_cut_into_method_uri_and_protocol() {
    for (request, expected) in [
        ("GET /a HTTP/1.1", ("GET", "/a", "HTTP/1.1")),
        ("  GET  /a b  HTTP/1.1 ", ("GET", "/a b", "HTTP/1.1")),
        ("GET /a", ("GET", "/a", "")),
        ("GET /a http/1.1", ("GET", "/a http/1.1", "")),
        ("/a HTTP/1.1", ("", "/a", "HTTP/1.1")),
        ("/a b", ("", "/a b", "")),
        ("M-X_y z", ("M-X_y", "z", "")),
        ("G3T /a", ("", "G3T /a", "")),
        ("GET", ("", "GET", "")),
        ("GET HTTP/1.1", ("", "GET", "HTTP/1.1")),
        ("GET  HTTP/1.1", ("GET", "", "HTTP/1.1")),
        ("HTTP/1.1", ("", "HTTP/1.1", "")),
        ("-", ("", "-", "")),
        ("  ", ("", "", "")),
    ] {
        let (method, uri, protocol) = expected;
        assert_eq!(
            parse_request(request.as_bytes()),
            (method.as_bytes(), uri.as_bytes(), protocol.as_bytes()),
            "{request}"
        );
    }
}

#[test]
fn a_timestamp_is_a_moment_or_nothing() {
    for (text, expected) in [
        ("01/Jan/1970:00:00:00 +0000", Some((0, 0))),
        ("31/Dec/1969:23:59:59 +0000", Some((-1, 0))),
        ("01/Jan/1970:00:00:00 -0130", Some((5400, -5400))),
        ("29/Feb/2000:12:00:00 +0000", Some((951_825_600, 0))),
        ("01/Oct/2006:06:33:45 -0700", Some((1_159_709_625, -25_200))),
        ("31/Dec/9999:23:59:60 +0000", Some((253_402_300_799, 0))),
        ("01/Jan/0000:00:00:00 +0000", Some((-62_167_219_200, 0))),
        ("29/Feb/1900:00:00:00 +0000", None),
        ("00/Jan/1970:00:00:00 +0000", None),
        ("31/Apr/1970:00:00:00 +0000", None),
        ("01/jan/1970:00:00:00 +0000", None),
        ("01/Jan/1970:24:00:00 +0000", None),
        ("01/Jan/1970:00:60:00 +0000", None),
        ("01/Jan/1970:00:00:61 +0000", None),
        ("01/Jan/1970:00:00:00 +2400", None),
        ("01/Jan/1970:00:00:00 +0060", None),
        ("01/Jan/1970:00:00:00 00000", None),
        ("01/Jan/1970:00:00:00+00000", None),
        ("1/Jan/1970:00:00:00 +0000", None),
        ("", None),
    ] {
        assert_eq!(parse_timestamp(text.as_bytes()), expected, "{text}");
    }
}

fn rows(rows: &[(&str, u128)]) -> Vec<(Vec<u8>, u128)> {
    rows.iter()
        .map(|(key, value)| (key.as_bytes().to_vec(), *value))
        .collect()
}

#[test]
fn overview_counts_by_its_rules() {
    let log = "# comment\n\
        a - - [01/Jan/1970:00:00:10 +0000] \"GET /x?1 HTTP/1.1\" 200 5 \"http://e.org/\" \"a\"\r\n\
        \t \r\n\
        a - - [01/Jan/1970:00:00:30 +0000] \"GET /x HTTP/1.1\" 404 - \"-\" \"a\"\n\
        \u{20}# bad\n\
        b - - [x] \"POST /y HTTP/1.1\" 0 99999999999999999999 \"\" \"a\"\n\
        b - - [01/Jan/1970:01:00:05 +0100] \"-\" 503 2\n\
        \n\
        c - - [01/Jan/1970:00:00:20 +0000] \"GET /x HTTP/1.1\" 304 0";
    assert_eq!(
        overview(log.as_bytes()),
        Overview {
            lines: 9,
            entries: 5,
            other: 0,
            bad: 1,
            blank: 2,
            comment: 1,
            bytes: (1 << 64) + 6,
            clients: 3,
            no_referrer: 4,
            undated: 1,
            classes: [0, 1, 1, 1, 1, 1],
            first: Some((5, 3600)),
            last: Some((30, 0)),
            paths_by_hits: rows(&[("/x", 3), ("-", 1), ("/y", 1)]),
            paths_by_bytes: rows(&[("/y", (1 << 64) - 1), ("/x", 5), ("-", 2)]),
            missing: rows(&[("/x", 1)]),
            client_hits: rows(&[("a", 2), ("b", 2), ("c", 1)]),
            referrers: rows(&[("http://e.org/", 1)]),
        }
    );
    assert_eq!(overview(b""), Overview::default());
}

/// What must hold of every log.
#[test]
fn overview_balances_on_every_corner_case() {
    for (name, log) in corner_cases() {
        let seen = overview(&log);
        let kinds = seen.entries + seen.other + seen.bad + seen.blank + seen.comment;
        assert_eq!(seen.lines, kinds, "{name}");
        assert_eq!(seen.entries, seen.classes.iter().sum::<u64>(), "{name}");
        let sum = |rows: &[(Vec<u8>, u128)]| rows.iter().map(|(_, value)| value).sum::<u128>();
        let entries = u128::from(seen.entries);
        assert_eq!(sum(&seen.paths_by_hits), entries, "{name}");
        assert_eq!(sum(&seen.client_hits), entries, "{name}");
        assert_eq!(sum(&seen.paths_by_bytes), seen.bytes, "{name}");
        let referred = sum(&seen.referrers) + u128::from(seen.no_referrer);
        assert_eq!(referred, entries, "{name}");
        assert_eq!(seen.clients, seen.client_hits.len() as u64, "{name}");
        assert_eq!(seen.first.is_none(), seen.undated == seen.entries, "{name}");
    }
}

#[test]
fn corner_cases_have_names_of_their_own() {
    let cases = corner_cases();
    let names: HashSet<&str> = cases.iter().map(|(name, _)| *name).collect();
    let logs: HashSet<&[u8]> = cases.iter().map(|(_, log)| &log[..]).collect();
    assert_eq!(names.len(), cases.len());
    assert_eq!(logs.len(), cases.len(), "two cases have the same log");
}
