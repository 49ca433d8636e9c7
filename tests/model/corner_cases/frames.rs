//! The frame of a common or combined line, and everything that breaks it.

use super::{ARTICLE, Case, TIME, fetch, log};

/// What follows the client, in a sound line.
fn rest() -> String {
    format!("[{TIME}] \"GET {ARTICLE} HTTP/1.1\" 200 10 \"http://example.org/\" \"Test/1.0\"")
}

/// Lines that differ in what stands before the time.
fn heads<'a>(heads: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    log(heads.into_iter().map(|head| format!("{head}{}", rest())))
}

/// Lines that differ in what follows the time.
fn tails<'a>(tails: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    log(tails
        .into_iter()
        .map(|tail| format!("192.0.2.1 - - [{TIME}]{}", tail.replace("URI", ARTICLE))))
}

pub(super) fn cases() -> Vec<Case> {
    let line = fetch(ARTICLE);
    vec![
        (
            "odd clients",
            heads([
                "host.example.net - - ",
                "2001:db8::1 - - ",
                "192.0.2.1:8080 - - ",
                "[2001:db8::1]:443 - - ",
                "- - - ",
                "\"quoted\" - - ",
                "::ffff:192.0.2.1 - - ",
                "[ - - ",
                "é.example - - ",
                "a\tb - - ",
            ]),
        ),
        (
            "a list of clients",
            heads([
                "192.0.2.1, 192.0.2.2 - - ",
                "192.0.2.1,192.0.2.2 - - ",
                "192.0.2.1, 192.0.2.2, 192.0.2.3 - - ",
            ]),
        ),
        (
            "odd users",
            heads([
                "192.0.2.1 - frank ",
                "192.0.2.1 - frank the tank ",
                "192.0.2.1 - \"\" ",
                "192.0.2.1 - \"frank\" ",
                "192.0.2.1 frank - ",
                "192.0.2.1 - a] ",
                "192.0.2.1 - a[b ",
                "192.0.2.1 - frank  ",
                "192.0.2.1 -  frank ",
                "192.0.2.1 - é ",
            ]),
        ),
        (
            "a bracket in the user",
            heads([
                "192.0.2.1 - a [b ",
                "192.0.2.1 - a [b] ",
                "192.0.2.1 - [ ",
                "192.0.2.1 - [] ",
                "192.0.2.1 [ - ",
                "192.0.2.1 - [x] \"y\" 200 5 ",
            ]),
        ),
        (
            "parts of the head that are not there",
            heads([
                "",
                " ",
                "  ",
                "   ",
                "192.0.2.1 ",
                "192.0.2.1 - ",
                "192.0.2.1  - ",
                "192.0.2.1 -  ",
                "192.0.2.1   ",
                " - - ",
                "192.0.2.1 - -",
            ]),
        ),
        (
            "double spaces in the head",
            heads(["192.0.2.1  - - ", "192.0.2.1 -  - ", "192.0.2.1 - -  "]),
        ),
        (
            "double spaces in the tail",
            tails([
                "  \"GET URI HTTP/1.1\" 200 10 \"-\" \"a\"",
                " \"GET URI HTTP/1.1\"  200 10 \"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200  10 \"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 10  \"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 10 \"-\"  \"a\"",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"a\"  x",
            ]),
        ),
        (
            "spaces that are not there",
            tails([
                "\"GET URI HTTP/1.1\" 200 10",
                " \"GET URI HTTP/1.1\"200 10",
                " \"GET URI HTTP/1.1\" 20010",
                " \"GET URI HTTP/1.1\" 200 10\"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 10 \"-\"\"a\"",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"a\"x",
            ]),
        ),
        (
            "common lines",
            tails([
                " \"GET URI HTTP/1.1\" 200 10",
                " \"GET URI HTTP/1.1\" 200 -",
                " \"GET /m HTTP/1.1\" 404 10",
                " \"GET URI HTTP/1.1\" 304 0",
            ]),
        ),
        (
            "common and combined lines mixed",
            tails([
                " \"GET URI HTTP/1.1\" 200 10",
                " \"GET URI HTTP/1.1\" 200 10 \"http://example.org/\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 10",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"-\"",
            ]),
        ),
        (
            "extra fields",
            tails([
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"a\" \"x\" 5 [y]",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"a\" ",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"a\" \"open",
                " \"GET URI HTTP/1.1\" 200 10 \"http://example.org/\" \"a\" -",
            ]),
        ),
        (
            "extra fields of a common line",
            tails([
                " \"GET URI HTTP/1.1\" 200 10 1500",
                " \"GET URI HTTP/1.1\" 200 10 -",
                " \"GET URI HTTP/1.1\" 200 10 ",
                " \"GET URI HTTP/1.1\" 200 10 x \"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 10 'x'",
            ]),
        ),
        (
            "a tab behind the bytes",
            tails([
                " \"GET URI HTTP/1.1\" 200 10\t",
                " \"GET URI HTTP/1.1\" 200 10\t\"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 10 \t\"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"a\"\t",
                " \"GET URI HTTP/1.1\" 200\t10 \"-\" \"a\"",
            ]),
        ),
        (
            "a referrer without an agent",
            tails([
                " \"GET URI HTTP/1.1\" 200 10 \"http://example.org/\"",
                " \"GET URI HTTP/1.1\" 200 10 \"http://example.org/\" ",
                " \"GET URI HTTP/1.1\" 200 10 \"http://example.org/\" agent",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" -",
            ]),
        ),
        (
            "open quotes",
            tails([
                " \"GET URI HTTP/1.1",
                " \"",
                " \"GET URI HTTP/1.1\" 200 10 \"",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"a",
                " \"GET URI HTTP/1.1 200 10 - a",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"a\\",
            ]),
        ),
        (
            "an escape takes the closing quote",
            tails([
                " \"GET URI\\\" 200 10 \"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 10 \"\\\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 10 \"-\\\" \"a\" \"b\"",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"\\\"",
                " \"GET URI\\\" 200 10 \" 404 7 \"-\" \"a\"",
            ]),
        ),
        (
            "a request without quotes",
            tails([
                " GET URI HTTP/1.1 200 10",
                " 'GET URI HTTP/1.1' 200 10",
                " - 200 10",
            ]),
        ),
        (
            "cut behind each part",
            tails([
                "",
                " ",
                " \"GET URI HTTP/1.1\"",
                " \"GET URI HTTP/1.1\" ",
                " \"GET URI HTTP/1.1\" 200",
                " \"GET URI HTTP/1.1\" 200 ",
            ]),
        ),
        (
            "bytes field that is no number",
            tails([
                " \"GET URI HTTP/1.1\" 200 x",
                " \"GET URI HTTP/1.1\" 200 10x \"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 -1 \"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 -- \"-\" \"a\"",
                " \"GET URI HTTP/1.1\" 200 1.5 \"-\" \"a\"",
            ]),
        ),
        (
            "empty agent and referrer",
            tails([
                " \"GET URI HTTP/1.1\" 200 10 \"\" \"\"",
                " \"GET URI HTTP/1.1\" 200 10 \"-\" \"\"",
                " \"GET URI HTTP/1.1\" 200 10 \"http://example.org/\" \"\"",
            ]),
        ),
        (
            "whole lines in quotes",
            log([
                format!("\"{line}\""),
                format!("\"{}\"", line.replace('"', "\"\"")),
                format!("'{line}'"),
            ]),
        ),
        (
            "lines of other formats",
            log([
                "{\"request\":{\"uri\":\"/\"},\"status\":200}",
                "2026/10/01 06:33:45 [error] 7#7: *1 open() failed",
                "#Fields: date time cs-uri-stem",
                "2026-10-01 06:33:45 192.0.2.1 GET / 200",
                "just words",
                "-",
                "- - -",
                "\"\" \"\" \"\"",
            ]),
        ),
        (
            "a host before the line",
            log([
                format!("www.example.org:443 {line}"),
                format!("www.example.org {line}"),
            ]),
        ),
        (
            "a prefix of a log collector",
            log([
                format!("Oct  1 06:33:45 host app[7]: {line}"),
                format!("<13>1 {line}"),
            ]),
        ),
    ]
}
