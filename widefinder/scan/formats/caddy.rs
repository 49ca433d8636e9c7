//! Caddy's access log: JSON, with what the client asked in an object of its own.
//!
//! The same log has messages about the server, and errors of handlers, which tell
//! of a request once more; these are no requests. A status of 0 says that the
//! connection was closed.
//!
//! Source: the Caddy documentation, *How Logging Works* and the `log` directive;
//! `modules/caddyhttp/server.go` and `marshalers.go`.

use super::json;
use super::named::Dialect;
use super::names::{Row, exact, slot};
use super::usual_names::FOREIGN;
use super::values::Values;
use crate::scan::format::Record;
use crate::scan::scale::Scale;

/// The format.
pub(super) static CADDY: Dialect = Dialect {
    name: "caddy",
    walk: json::walk,
    rows: &[ROWS, FOREIGN],
    signs: 1 << slot::URI
        | 1 << slot::STATUS
        | 1 << slot::TIME
        | 1 << slot::LOGGER
        | 1 << slot::LEVEL
        | 1 << slot::MESSAGE
        | 1 << slot::FOREIGN,
    read: 1 << slot::LOGGER | 1 << slot::MESSAGE,
    judge,
    complete,
    duration: Scale::Spans,
};

const ROWS: &[Row] = &[
    exact(slot::TIME, &["ts"]),
    // Other names that the configuration may give it.
    exact(slot::DATE, &["time", "timestamp"]),
    // What the proxies before it say, if they are trusted; older versions have
    // only the address, with its port.
    exact(
        slot::CLIENT,
        &[
            "request.client_ip",
            "request.remote_ip",
            "request.remote_addr",
        ],
    ),
    exact(slot::USER, &["user_id"]),
    exact(slot::METHOD, &["request.method"]),
    exact(slot::URI, &["request.uri"]),
    exact(slot::PROTOCOL, &["request.proto"]),
    exact(slot::STATUS, &["status"]),
    exact(slot::BYTES, &["size"]),
    exact(slot::REFERRER, &["request.headers.Referer"]),
    exact(slot::AGENT, &["request.headers.User-Agent"]),
    exact(slot::VHOST, &["request.host"]),
    exact(slot::LATENCY, &["duration"]),
    exact(slot::BYTES_IN, &["bytes_read"]),
    exact(slot::TLS_VERSION, &["request.tls.version"]),
    exact(slot::TLS_CIPHER, &["request.tls.cipher_suite"]),
    exact(slot::LOGGER, &["logger"]),
    exact(slot::LEVEL, &["level"]),
    exact(slot::MESSAGE, &["msg"]),
];

/// Whose messages tell of requests, but are not the access log's.
const LOGGERS: [&[u8]; 6] = [b"http", b"tls", b"admin", b"caddy", b"events", b"pki"];

fn judge(values: &Values<'_, '_>) -> Result<Record, &'static str> {
    let logger = values.get(slot::LOGGER);
    if values.has(slot::URI) && values.has(slot::STATUS) {
        let is_access = !values.has(slot::LOGGER)
            || logger.starts_with(b"http.log.access")
            || values.get(slot::MESSAGE) == b"handled request";
        return Ok(if is_access {
            Record::Entry
        } else {
            Record::Other
        });
    }
    let is_message = values.has(slot::LEVEL) && values.has(slot::TIME);
    let foreign = values.has(slot::FOREIGN) || values.has(slot::STATUS);
    let known = LOGGERS.iter().any(|known| logger.starts_with(known));
    match is_message && (known || !foreign && values.has(slot::MESSAGE)) {
        true => Ok(Record::Other),
        false => Err("a request and a status, or a level, a time and a message of Caddy"),
    }
}

/// The version of TLS is written as a number, and tells the scheme.
fn complete(values: &mut Values<'_, '_>) {
    let (scheme, version): (&[u8], &[u8]) = match values.get(slot::TLS_VERSION) {
        _ if !values.has(slot::TLS_VERSION) => (b"http", b"-"),
        b"769" => (b"https", b"TLSv1"),
        b"770" => (b"https", b"TLSv1.1"),
        b"771" => (b"https", b"TLSv1.2"),
        b"772" => (b"https", b"TLSv1.3"),
        _ => (b"https", b""),
    };
    values.follow(slot::SCHEME, scheme);
    if !version.is_empty() {
        values.follow(slot::TLS_VERSION, version);
    }
}
