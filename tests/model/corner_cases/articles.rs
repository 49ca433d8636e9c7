//! What is an article: a URI with that shape from its first to its last byte.

use super::{ARTICLE, Case, combined, fetch, log, with_bytes};

/// Fetches of each URI.
fn fetches<'a>(uris: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    log(uris.into_iter().map(fetch))
}

pub(super) fn cases() -> Vec<Case> {
    let request = |request: &str| combined("192.0.2.1", request, "200", "10", "-");
    vec![
        (
            "two spaces behind the URI",
            log([request(&format!("GET {ARTICLE}  HTTP/1.1"))]),
        ),
        (
            "a tab behind the method",
            log([request(&format!("GET\t{ARTICLE} HTTP/1.1"))]),
        ),
        (
            "a tab behind the URI",
            log([request(&format!("GET {ARTICLE}\tHTTP/1.1"))]),
        ),
        (
            "nothing behind the date",
            fetches([
                "/ongoing/When/200x/2006/09/29/",
                "/ongoing/When/200x/2006/09/29",
            ]),
        ),
        (
            "one byte behind the date",
            fetches([
                "/ongoing/When/200x/2006/09/29/a",
                "/ongoing/When/200x/2006/09/29//",
            ]),
        ),
        (
            "folders below an article",
            log([
                fetch(&format!("{ARTICLE}/")),
                fetch(&format!("{ARTICLE}/comments/1")),
            ]),
        ),
        (
            "an article with a query",
            log([
                fetch(&format!("{ARTICLE}?a=b")),
                fetch(&format!("{ARTICLE}?a=b.c")),
                fetch(&format!("{ARTICLE}?")),
                fetch(&format!("{ARTICLE}#top")),
            ]),
        ),
        (
            "an article behind a host",
            log([
                fetch(&format!("http://example.org{ARTICLE}")),
                fetch(&format!("/{ARTICLE}")),
                fetch(&format!("x{ARTICLE}")),
            ]),
        ),
        (
            "decades and dates that do not fit",
            fetches([
                "/ongoing/When/20x/2006/09/29/a",
                "/ongoing/When/2000x/2006/09/29/a",
                "/ongoing/When/200X/2006/09/29/a",
                "/ongoing/When/200/2006/09/29/a",
                "/ongoing/When/20ax/2006/09/29/a",
                "/ongoing/When/200x/206/09/29/a",
                "/ongoing/When/200x/20006/09/29/a",
                "/ongoing/When/200x/2006/9/29/a",
                "/ongoing/When/200x/2006/09/2/a",
                "/ongoing/When/200x/2006-09-29/a",
                "/Ongoing/When/200x/2006/09/29/a",
                "/ongoing/when/200x/2006/09/29/a",
                "/ongoing/What/200x/2006/09/29/a",
                "/ongoing/When/DDDx/DDDD/DD/DD/a",
            ]),
        ),
        (
            "dates that fit and no calendar has",
            fetches([
                "/ongoing/When/000x/9999/99/99/a",
                "/ongoing/When/999x/0000/00/00/a",
            ]),
        ),
        (
            "digits of other scripts",
            fetches([
                "/ongoing/When/٢٠٠x/2006/09/29/a",
                "/ongoing/When/200x/２００６/09/29/a",
            ]),
        ),
        (
            "bytes that are no text in an article",
            log([
                with_bytes(&fetch("/ongoing/When/200x/2006/09/29/@"), b"\xff"),
                with_bytes(&fetch("/ongoing/When/200x/2006/09/29/@"), b"\0"),
                with_bytes(&fetch("/ongoing/When/200x/2006/09/29/@"), b"\xa0\x85"),
                with_bytes(&fetch("/ongoing/When/2@x/2006/09/29/a"), b"\xb2\xb9"),
            ]),
        ),
        (
            "statuses of an article",
            log([
                "200", "304", "404", "206", "301", "500", "2000", "20", "0200", "-", "OK",
                "\"200\"", "200,",
            ]
            .map(|status| {
                combined(
                    "192.0.2.1",
                    &format!("GET {ARTICLE}-{} HTTP/1.1", status.len()),
                    status,
                    "10",
                    "http://example.org/",
                )
            })),
        ),
        (
            "404s of articles",
            log([
                combined(
                    "192.0.2.1",
                    &format!("GET {ARTICLE} HTTP/1.1"),
                    "404",
                    "300",
                    "http://example.org/",
                ),
                combined(
                    "192.0.2.2",
                    &format!("GET {ARTICLE} HTTP/1.1"),
                    "404",
                    "-",
                    "-",
                ),
                fetch(ARTICLE),
            ]),
        ),
        (
            "304 with bytes",
            log([
                combined(
                    "192.0.2.1",
                    &format!("GET {ARTICLE} HTTP/1.1"),
                    "304",
                    "5000000",
                    "-",
                ),
                combined("192.0.2.1", "GET /a HTTP/1.1", "304", "5000000", "-"),
                combined("192.0.2.1", "GET /a HTTP/1.1", "200", "524288", "-"),
                combined("192.0.2.1", "GET /b HTTP/1.1", "304", "-", "-"),
            ]),
        ),
        (
            "hits from several clients",
            log((0..40).map(|n: u32| {
                combined(
                    &format!("c{}.example.net", n * n % 13),
                    &format!("GET {ARTICLE} HTTP/1.1"),
                    "200",
                    "1",
                    "-",
                )
            })),
        ),
        (
            "articles without a protocol",
            log([
                request(&format!("GET {ARTICLE}")),
                format!("192.0.2.1 - - [x y] \"GET {ARTICLE} 200 200 10"),
                format!("192.0.2.1 - - [x y] \"GET {ARTICLE} 200 200 200 200"),
            ]),
        ),
    ]
}
