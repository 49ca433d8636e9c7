//! The referrer: the site's own, none, and what stands in its place when fields shift.

use super::{ARTICLE, Case, combined, common, fetch, log};

/// A fetch of an article, with everything that follows the status' space.
fn tail(tail: &str) -> String {
    common(&format!("GET {ARTICLE} HTTP/1.1"), "200", tail)
}

fn from(referrer: &str) -> String {
    combined(
        "192.0.2.1",
        &format!("GET {ARTICLE} HTTP/1.1"),
        "200",
        "10",
        referrer,
    )
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        (
            "own referrers",
            log([
                from("http://www.tbray.org/ongoing/"),
                from("http://www.tbray.org/ongoing/When/200x/"),
                from("http://www.tbray.org/ongoing/x y"),
            ]),
        ),
        (
            "own referrers with other bytes for the dots",
            log([
                from("http://wwwXtbray.org/ongoing/"),
                from("http://www-tbray-org/ongoing/a"),
                from("http://www\0tbray\\org/ongoing/a"),
                from("http://www\"tbray\"org/ongoing/a"),
                from("http://www\u{e9}tbray.org/ongoing/"),
            ]),
        ),
        (
            "white space for the dots",
            log([
                from("http://www tbray.org/ongoing/"),
                from("http://www\ttbray.org/ongoing/"),
                from("http://www\rtbray\rorg/ongoing/"),
            ]),
        ),
        (
            "nearly own referrers",
            log([
                from("http://www.tbray.org/"),
                from("http://www.tbray.org/ongoing"),
                from("https://www.tbray.org/ongoing/"),
                from("http://tbray.org/ongoing/"),
                from("http://wwwtbray.org/ongoing/"),
                from("http://WWW.tbray.org/ongoing/"),
                from("http://www..tbray.org/ongoing/"),
                from(" http://www.tbray.org/ongoing/"),
                from("x http://www.tbray.org/ongoing/"),
            ]),
        ),
        (
            "own referrer without quotes",
            log([
                tail("10 http://www.tbray.org/ongoing/ x"),
                tail("10 'http://www.tbray.org/ongoing/' x"),
            ]),
        ),
        (
            "own referrer that is cut",
            log([
                tail("10 \"http://www.tbray.org/ongoing"),
                tail("10 \"http://www.tbray.org/ongoing/"),
                tail("10 \"http"),
            ]),
        ),
        (
            "no referrer",
            log([
                from("-"),
                from(""),
                from(" "),
                from("--"),
                from("-x"),
                from("- "),
                from(" -"),
            ]),
        ),
        (
            "dash without quotes",
            log([tail("10 - -"), tail("10 - \"a\""), tail("10 -")]),
        ),
        (
            "field of one byte",
            log([
                tail("10 \""),
                tail("10 x"),
                tail("10 x"),
                tail("10 \" \" x"),
                tail("10 \u{e9}"),
            ]),
        ),
        (
            "field of two bytes",
            log([tail("10 \"\" \"a\""), tail("10 \"a \"b\""), tail("10 xy")]),
        ),
        (
            "field of three bytes",
            log([tail("10 \"a\" \"b\""), tail("10 xyz"), tail("10 \"-x")]),
        ),
        (
            "empty keys from one, two and no bytes between",
            log([tail("10 x"), tail("10 \"\""), tail("10 xy"), from("")]),
        ),
        (
            "no field for bytes and referrer",
            log([
                common(&format!("GET {ARTICLE} HTTP/1.1"), "200", ""),
                common(&format!("GET {ARTICLE} HTTP/1.1"), "200", "")
                    .trim_end()
                    .to_owned(),
                common(&format!("GET {ARTICLE} HTTP/1.1"), "304", "")
                    .trim_end()
                    .to_owned(),
            ]),
        ),
        (
            "no field for the referrer",
            log([tail("10"), tail("10 "), tail("-")]),
        ),
        (
            "no status",
            log([
                common(&format!("GET {ARTICLE} HTTP/1.1"), "", "")
                    .trim_end()
                    .to_owned(),
                format!("a b c d e \"GET {ARTICLE} HTTP/1.1"),
                format!("a b c d e \"GET {ARTICLE}"),
            ]),
        ),
        (
            "exactly nine fields",
            log([
                format!("a b c d e \"GET {ARTICLE} p 200"),
                format!("a b c d e \"GET {ARTICLE} p 304 "),
                "a b c d e \"GET /m p 404".to_owned(),
                format!("a b c d e \"GET {ARTICLE} p 200\r"),
            ]),
        ),
        (
            "exactly eight fields",
            log([
                format!("a b c d e \"GET {ARTICLE} 200"),
                format!("a b c d e \"GET {ARTICLE} 200 "),
                format!(" b c d e \"GET {ARTICLE} 200"),
            ]),
        ),
        (
            "spaces in the referrer",
            log([
                from("http://example.org/a b"),
                from("http://example.org/?q=tea time in town"),
                from("http://example.org/ x"),
            ]),
        ),
        (
            "escaped quotes in the referrer",
            log([
                from("http://example.org/\\\"tea\\\""),
                from("\\\""),
                from("\\\\"),
                from("a\\\\\\\"b"),
                from("\\x22"),
            ]),
        ),
        (
            "backslash before the closing quote",
            log([
                from("http://example.org/\\"),
                from("http://example.org/\\\\"),
                from("http://example.org/\\\\\\"),
                fetch("/plain"),
            ]),
        ),
        (
            "referrer with an open quote",
            log([
                tail("10 \"http://example.org/"),
                tail("10 \"http://example.org/ \"agent\""),
                tail("10 \"http://example.org/\\\" \\\"agent\\\""),
            ]),
        ),
        (
            "escaped quotes in the agent",
            log([
                tail("10 \"-\" \"a \\\"b\\\" c\""),
                tail("10 \"-\" \"\\\"\""),
                tail("10 \"-\" \"a\\\\\""),
                tail("10 \"-\" \"a\\\""),
                tail("10 \"-\" \"\\"),
            ]),
        ),
        (
            "referrers of other statuses",
            log(["200", "304", "404", "301", "500"].map(|status| {
                combined(
                    "192.0.2.1",
                    &format!("GET {ARTICLE} HTTP/1.1"),
                    status,
                    "1",
                    &format!("http://example.org/{status}"),
                )
            })),
        ),
        (
            "referrers of pages that are no articles",
            log([
                combined(
                    "192.0.2.1",
                    "GET /ongoing/ HTTP/1.1",
                    "200",
                    "1",
                    "http://example.org/a",
                ),
                combined(
                    "192.0.2.1",
                    "GET /ongoing/When/200x/2006/09/29/tea.png HTTP/1.1",
                    "200",
                    "1",
                    "http://example.org/b",
                ),
            ]),
        ),
    ]
}
