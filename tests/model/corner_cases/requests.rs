//! Requests that are not `METHOD URI PROTOCOL`, inside a sound frame.

use super::{ARTICLE, Case, combined, log};

/// One line for each request, with a status that WF2 and the overview both count.
fn requests<'a>(requests: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    log(requests
        .into_iter()
        .map(|request| combined("192.0.2.1", request, "200", "10", "-")))
}

fn statuses<'a>(statuses: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    log(statuses
        .into_iter()
        .map(|status| combined("192.0.2.1", "GET /status HTTP/1.1", status, "10", "-")))
}

pub(super) fn cases() -> Vec<Case> {
    let article = |request: &str| request.replace("ARTICLE", ARTICLE);
    vec![
        (
            "request of a timeout",
            log([
                combined("192.0.2.1", "-", "408", "-", "-"),
                combined("192.0.2.1", "-", "408", "0", "-"),
            ]),
        ),
        ("empty request", requests(["", " ", "   ", "\t"])),
        (
            "request of one token",
            requests(["/", "GET", "OPTIONS", "*", "/a?b", "?", "é"]),
        ),
        (
            "request of one token that is a protocol",
            requests(["HTTP/1.1", " HTTP/1.1", "HTTP/"]),
        ),
        (
            "request without a URI",
            requests([
                "GET HTTP/1.1",
                "GET  HTTP/1.1",
                "GET   HTTP/1.1",
                "GET ",
                "GET HTTP/1.1 ",
            ]),
        ),
        (
            "HTTP/0.9",
            requests([
                &article("GET ARTICLE"),
                "GET /old",
                "GET /old ",
                "GET /old 200",
                "/older thing",
            ]),
        ),
        (
            "no method",
            requests([
                "/index.html HTTP/1.1",
                " /index.html HTTP/1.1",
                "//a /b HTTP/1.1",
            ]),
        ),
        (
            "odd methods",
            requests([
                "PROPFIND /dav HTTP/1.1",
                "M-SEARCH /up HTTP/1.1",
                "MY_METHOD /x HTTP/1.1",
                "get /lower HTTP/1.1",
                "GET2 /digit HTTP/1.1",
                "G:T /colon HTTP/1.1",
                "É /accent HTTP/1.1",
                "- /dash HTTP/1.1",
                "_ /low HTTP/1.1",
                "GET\t/tab HTTP/1.1",
            ]),
        ),
        (
            "odd protocols",
            requests([
                "GET /p HTTP/2.0",
                "GET /p HTTP/3",
                "GET /p HTTP/",
                "GET /p http/1.1",
                "GET /p HTTPS/1.1",
                "GET /p ICY/1.0",
                "GET /p HTTP/1.1x",
                "GET /p RTSP/1.0",
                "GET /p xHTTP/1.1",
                "GET /p HTTP /1.1",
            ]),
        ),
        (
            "two protocols",
            requests([
                "GET /p HTTP/1.1 HTTP/1.1",
                "HTTP/1.1 HTTP/1.1",
                "GET HTTP/1.1 /p",
            ]),
        ),
        (
            "spaces in the URI",
            requests([
                &article("GET ARTICLE and more HTTP/1.1"),
                "GET /a b HTTP/1.1",
                "GET /a  b  c HTTP/1.1",
                "GET /a 200 HTTP/1.1",
                "GET /a 404 5 HTTP/1.1",
            ]),
        ),
        (
            "spaces around the request",
            requests([
                " GET /a HTTP/1.1",
                "GET /a HTTP/1.1 ",
                "  GET  /a  HTTP/1.1  ",
                "GET /a ",
                " /a ",
            ]),
        ),
        (
            "tabs in the request",
            requests([
                "GET\t/a\tHTTP/1.1",
                "GET /a\tb HTTP/1.1",
                "\tGET /a HTTP/1.1",
                "GET \t/a\t HTTP/1.1",
            ]),
        ),
        (
            "escaped quotes in the request",
            requests([
                "GET /a\\\"b HTTP/1.1",
                "GET /\\\"quoted\\\" HTTP/1.1",
                "\\\"",
                "\\\"GET /x HTTP/1.1\\\"",
                &article("GET ARTICLE\\\" HTTP/1.1"),
            ]),
        ),
        (
            "backslash before the quote that closes the request",
            requests(["GET /a\\", "GET /a\\\\", "GET /a\\\\\\", "\\", "\\\\"]),
        ),
        (
            "raw quotes in the request",
            requests([
                "GET /a\"b HTTP/1.1",
                "GET /\" HTTP/1.1",
                "\"",
                "GET / HTTP/1.1\" 200 5 \"-",
            ]),
        ),
        (
            "a handshake written as escapes",
            requests([
                "\\x16\\x03\\x01\\x02",
                "\\x16\\x03\\x01 \\x02\\xfc",
                "\\x03",
                "\\n",
                "\\",
            ]),
        ),
        (
            "absolute addresses",
            requests([
                "GET http://example.org/a?b HTTP/1.1",
                &article("GET http://www.tbray.orgARTICLE HTTP/1.1"),
                "CONNECT example.org:443 HTTP/1.1",
                "GET // HTTP/1.1",
            ]),
        ),
        (
            "queries",
            requests([
                "GET /q?a=1 HTTP/1.1",
                "GET /q?a=2 HTTP/1.1",
                "GET /q? HTTP/1.1",
                "GET /q HTTP/1.1",
                "GET ? HTTP/1.1",
                "GET ?a HTTP/1.1",
                "GET /q?a?b HTTP/1.1",
                "GET /q%3Fa HTTP/1.1",
                "GET /q #?x HTTP/1.1",
                "GET /a b?c d HTTP/1.1",
            ]),
        ),
        (
            "paths that differ in one byte",
            requests([
                "GET /a HTTP/1.1",
                "GET /A HTTP/1.1",
                "GET /a/ HTTP/1.1",
                "GET /a%20 HTTP/1.1",
                "GET a HTTP/1.1",
            ]),
        ),
        (
            "odd statuses",
            statuses([
                "000",
                "0",
                "00",
                "099",
                "100",
                "199",
                "299",
                "399",
                "444",
                "499",
                "599",
                "600",
                "999",
                "1234",
                "2",
                "20",
                "-",
                "0404",
                "4040",
                "99999999999999999999",
            ]),
        ),
        (
            "statuses that are none",
            statuses([
                "OK",
                "2OO",
                "+200",
                "200.0",
                "--",
                "-200",
                "",
                " 200",
                "200 ",
                "20 0",
                "２００",
                "0x194",
            ]),
        ),
        (
            "every class",
            statuses([
                "101", "200", "204", "301", "304", "403", "404", "500", "503",
            ]),
        ),
        (
            "404s with a query",
            log(["/m?a", "/m?b", "/m", "/n"].map(|uri| {
                combined(
                    "192.0.2.1",
                    &format!("GET {uri} HTTP/1.1"),
                    "404",
                    "10",
                    "-",
                )
            })),
        ),
    ]
}
