//! Sums, counts, ties, and keys at the length where they are cut.

use super::{ARTICLE, Case, combined, fetch, log};

/// A fetch of `/sum` with the given bytes field.
fn sized(bytes: &str) -> String {
    combined("192.0.2.1", "GET /sum HTTP/1.1", "200", bytes, "-")
}

/// A fetch of an article that has its own client, referrer and missing page, all named `name`.
fn everywhere(name: &str) -> [String; 2] {
    [
        combined(
            name,
            &format!("GET {ARTICLE}{name} HTTP/1.1"),
            "200",
            "1048576",
            name,
        ),
        combined(name, &format!("GET /{name} HTTP/1.1"), "404", "-", "-"),
    ]
}

/// Each name as often as it says, in all tables.
fn counted<'a>(names: impl IntoIterator<Item = (&'a str, usize)>) -> Vec<u8> {
    log(names
        .into_iter()
        .flat_map(|(name, count)| std::iter::repeat_n(everywhere(name), count))
        .flatten())
}

pub(super) fn cases() -> Vec<Case> {
    let max = u64::MAX.to_string();
    let length = |length: usize| everywhere(&"k".repeat(length));
    let names: Vec<String> = (0..25).map(|n| format!("n{n:02}")).collect();
    let names = || names.iter().map(String::as_str);
    vec![
        (
            "dash for bytes",
            log([sized("-"), sized("-"), fetch("/other")]),
        ),
        (
            "bytes that are no number",
            log([
                "12abc", "abc", "+5", "-5", "1.5", "1e3", "0x10", "", "１２", "5,000", "--", "7-",
            ]
            .map(sized)),
        ),
        (
            "bytes with leading zeros",
            log(["0", "00", "007", "0000000000000000000000000000000000000042"].map(sized)),
        ),
        (
            "sum beyond 2^32",
            log(["4294967295", "1", "4294967296", "3000000000", "3000000000"].map(sized)),
        ),
        ("one field of 2^64 - 1", log([sized(&max)])),
        (
            "one field of 2^64",
            log([sized("18446744073709551616"), sized("1")]),
        ),
        (
            "one field of 2^65 + 1",
            log([sized("36893488147419103233")]),
        ),
        (
            "sum beyond 2^64",
            log([
                sized(&max),
                sized("1"),
                sized(&max),
                combined("192.0.2.1", "GET /other HTTP/1.1", "200", &max, "-"),
            ]),
        ),
        (
            "sum just below 2^64",
            log([sized("18446744073709551614"), sized("1")]),
        ),
        (
            "bytes of 20 digits",
            log([
                "18446744073709551609",
                "99999999999999999999",
                "10000000000000000000",
            ]
            .map(|bytes| {
                combined(
                    "192.0.2.1",
                    &format!("GET /{bytes} HTTP/1.1"),
                    "200",
                    bytes,
                    "-",
                )
            })),
        ),
        (
            "bytes of 25 digits",
            log([sized("1234567890123456789012345"), sized("5")]),
        ),
        (
            "bytes of 5000 digits",
            log([sized(&"9".repeat(5000)), sized(&"0".repeat(5000))]),
        ),
        (
            "mebibytes exactly between two tenths",
            log([
                262_144u32, 786_432, 1_310_720, 1_835_008, 52_428, 52_429, 104_857, 104_858, 1,
            ]
            .map(|bytes| {
                combined(
                    "192.0.2.1",
                    &format!("GET /m{bytes} HTTP/1.1"),
                    "200",
                    &bytes.to_string(),
                    "-",
                )
            })),
        ),
        (
            "mebibytes wider than their column",
            log(
                ["999999999999", "99999999999999", "9999999999999999"].map(|bytes| {
                    combined(
                        "192.0.2.1",
                        &format!("GET /w{bytes} HTTP/1.1"),
                        "200",
                        bytes,
                        "-",
                    )
                }),
            ),
        ),
        (
            "fewer than ten rows",
            counted([("one", 1), ("two", 2), ("three", 3)]),
        ),
        (
            "exactly ten rows",
            counted(names().take(10).map(|name| (name, 2))),
        ),
        (
            "eleven rows",
            counted(names().take(11).map(|name| (name, 2))),
        ),
        ("more than ten rows", counted(names().zip(1..))),
        (
            "more than ten rows, largest first",
            counted(names().zip((1..=25).rev())),
        ),
        (
            "ties at the tenth place",
            counted(
                names()
                    .rev()
                    .map(|name| (name, if name < "n07" { 3 } else { 2 })),
            ),
        ),
        (
            "everything tied, last key first",
            counted(names().rev().map(|name| (name, 1))),
        ),
        (
            "ties between keys of which one starts the other",
            counted([
                ("kkk", 1),
                ("kk", 1),
                ("k", 1),
                ("k!", 1),
                ("k~", 1),
                ("K", 1),
            ]),
        ),
        (
            "ties between high and low bytes",
            log([
                "\u{7f}",
                "\u{80}",
                "\u{ff}",
                "\u{ffff}",
                "\u{10ffff}",
                "a",
                "~",
                "\u{1}",
            ]
            .iter()
            .flat_map(|name| everywhere(name))),
        ),
        (
            "ties between empty and other keys",
            log(["200 10 x", "200 10 \"a\"", "200 10 \"\"", "200 10 \"a\""]
                .map(|tail| format!("192.0.2.1 - - [x y] \"GET {ARTICLE} p\" {tail}"))),
        ),
        (
            "keys of 59, 60 and 61 bytes",
            log([59, 60, 61, 62, 63, 64].into_iter().flat_map(length)),
        ),
        (
            "URIs of 59, 60 and 61 bytes",
            log([59, 60, 61]
                .map(|bytes| fetch(&format!("{ARTICLE}{}", "u".repeat(bytes - ARTICLE.len()))))),
        ),
        (
            "keys that are equal where they are cut",
            log(["a", "b", "c", "b"]
                .into_iter()
                .flat_map(|end| everywhere(&format!("{}{end}", "k".repeat(60))))),
        ),
        (
            "keys cut in the middle of a character",
            log([
                everywhere(&format!("{}é", "k".repeat(59))),
                everywhere(&format!("{}\u{1f375}", "k".repeat(58))),
            ]
            .concat()),
        ),
        ("a key of 300 bytes", log(length(300))),
        (
            "keys of zero bytes in the sums",
            log([
                combined("192.0.2.1", "GET /zero HTTP/1.1", "200", "0", "-"),
                combined("192.0.2.1", "GET /not-modified HTTP/1.1", "304", "9", "-"),
                combined("192.0.2.1", "GET /missing HTTP/1.1", "404", "9", "-"),
            ]),
        ),
    ]
}
