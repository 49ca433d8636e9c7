//! Made-up logs for property tests: lines that are nearly right, and bytes that are not.
//!
//! Every fragment comes from a short list. Independent random bytes would never spell an article,
//! never repeat a key and so never test a match, a count or a tie.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

type Bytes = &'static [u8];

const CLIENTS: &[Bytes] = &[
    b"a",
    b"b.example.net",
    b"192.0.2.1",
    b"2001:db8::1",
    b"",
    b"\xff",
    b"#c",
];
const NAMES: &[Bytes] = &[
    b"-",
    b"-",
    b"-",
    b"frank",
    b"frank the tank",
    b"\"\"",
    b"[x",
    b"",
];
const TIMES: &[Bytes] = &[
    b"01/Oct/2026:06:33:45 -0700",
    b"01/Oct/2026:06:33:45 -0700",
    b"02/Oct/2026:06:33:45 +0000",
    b"29/Feb/2023:06:33:45 +0000",
    b"2026-10-01T06:33:45+02:00",
    b"-",
    b"",
];
const METHODS: &[Bytes] = &[
    b"GET", b"GET", b"GET", b"GET", b"GET", b"POST", b"HEAD", b"get", b"FORGET", b"", b"\\x16",
];
const URIS: &[Bytes] = &[
    b"/ongoing/When/200x/2006/09/29/Tea",
    b"/ongoing/When/200x/2006/09/29/Tea",
    b"/ongoing/When/200x/2006/09/29/Milk",
    b"/ongoing/When/199x/1999/12/31/x",
    b"/ongoing/When/200x/2006/09/29/tea.png",
    b"/ongoing/When/200x/2006/09/29/",
    b"/ongoing/When/200x/2006/09/29/a-long-name-that-goes-beyond-sixty-bytes",
    b"/ongoing/When/200x/2006/09/29/caf\xe9",
    b"/ongoing/When/20x/2006/09/29/Tea",
    b"/ongoing/",
    b"/a?b=c",
    b"/a b",
    b"/a\\\"b",
    b"",
];
const PROTOCOLS: &[Bytes] = &[b" HTTP/1.1", b" HTTP/1.1", b" HTTP/1.0", b" x", b"", b" "];
const STATUSES: &[Bytes] = &[
    b"200", b"200", b"200", b"304", b"304", b"404", b"404", b"301", b"500", b"-", b"2000", b"x",
    b"",
];
const SIZES: &[Bytes] = &[
    b"-",
    b"0",
    b"1000",
    b"262144",
    b"1048576",
    b"4294967295",
    b"18446744073709551615",
    b"1234567890123456789012345",
    b"12x",
    b"x",
    b"",
];
const REFERRERS: &[Bytes] = &[
    b"\"-\"",
    b"\"-\"",
    b"\"http://example.org/\"",
    b"\"http://example.org/tea\"",
    b"\"http://example.org/a b\"",
    b"\"http://www.tbray.org/ongoing/\"",
    b"\"http://wwwXtbray.org/ongoing/\"",
    b"\"http://www.tbray.org/\"",
    b"\"\\\"\"",
    b"\"\\\"",
    b"\"\"",
    b"\"",
    b"-",
    b"",
];
const SPACES: &[Bytes] = &[
    b" ", b"  ", b"\t", b"\x0b", b"\x0c", b"\r", b" \t ", b"\x1c", b"\xa0", b"",
];
const LINE_ENDS: &[Bytes] = &[b"\n", b"\n", b"\n", b"\n", b"\r\n", b"\n\n", b"\r", b""];
const ODD: &[Bytes] = &[
    b"\"",
    b"\\",
    b"\\\"",
    b"[",
    b"]",
    b"\0",
    b"\xff",
    b"#",
    b"\xef\xbb\xbf",
    b".",
    b"GET ",
    b"\"GET",
    b" 404 ",
    b" 200 ",
];

/// Logs of up to `most` lines in which most lines are combined ones with something wrong.
pub(crate) fn nasty_log(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        6 => nearly_combined(),
        2 => soup(),
        1 => vec(any::<u8>(), 0..60),
    ];
    vec((line, select(LINE_ENDS)), 0..=most).prop_map(|lines| {
        lines
            .into_iter()
            .flat_map(|(line, end)| [line, end.to_vec()])
            .flatten()
            .collect()
    })
}

/// Any bytes at all, with more newlines, spaces and quotes than chance would give.
pub(crate) fn arbitrary_bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        3 => any::<u8>(),
        1 => select(&b"\n\n\r \t\"\\[]-#"[..]),
    ];
    vec(byte, 0..=most)
}

/// A combined line, from fragments of which some do not fit.
fn nearly_combined() -> impl Strategy<Value = Vec<u8>> {
    let head = (select(CLIENTS), select(NAMES), select(NAMES), select(TIMES));
    let request = (select(METHODS), select(URIS), select(PROTOCOLS));
    let tail = (
        select(STATUSES),
        select(SIZES),
        select(REFERRERS),
        select(REFERRERS),
    );
    // Eight places for a separator: client, ident, user, time, method, request, status, bytes.
    let spaces = vec(prop_oneof![30 => Just(&b" "[..]), 1 => select(SPACES)], 9);
    (head, request, tail, spaces).prop_map(
        |(
            (client, ident, user, time),
            (method, uri, protocol),
            (status, size, referrer, agent),
            s,
        )| {
            [
                client, s[0], ident, s[1], user, s[2], b"[", time, b"]", s[3], b"\"", method, s[4],
                uri, protocol, b"\"", s[5], status, s[6], size, s[7], referrer, s[8], agent,
            ]
            .concat()
        },
    )
}

/// Fragments in any order.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    let lists = [
        CLIENTS, METHODS, URIS, URIS, PROTOCOLS, STATUSES, SIZES, REFERRERS, SPACES, SPACES, ODD,
        ODD,
    ];
    vec(select(lists.concat()), 0..16).prop_map(|fragments| fragments.concat())
}
