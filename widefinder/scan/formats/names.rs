//! The names that servers and those who export their logs give to fields.

use crate::ask::Field;

/// The fields that records with names can have, in the order of their slots.
pub(super) const FIELDS: [Field; 20] = [
    Field::Time,
    Field::Client,
    Field::User,
    Field::Method,
    Field::Uri,
    Field::Path,
    Field::Query,
    Field::Protocol,
    Field::Status,
    Field::Bytes,
    Field::Referrer,
    Field::Agent,
    Field::Vhost,
    Field::Scheme,
    Field::Latency,
    Field::UpstreamLatency,
    Field::BytesIn,
    Field::TlsVersion,
    Field::TlsCipher,
    Field::Cache,
];

/// The slots: those of [`FIELDS`], and what these follow from.
pub(super) mod slot {
    pub(in crate::scan::formats) const TIME: usize = 0;
    pub(in crate::scan::formats) const CLIENT: usize = 1;
    pub(in crate::scan::formats) const USER: usize = 2;
    pub(in crate::scan::formats) const METHOD: usize = 3;
    pub(in crate::scan::formats) const URI: usize = 4;
    pub(in crate::scan::formats) const PATH: usize = 5;
    pub(in crate::scan::formats) const QUERY: usize = 6;
    pub(in crate::scan::formats) const PROTOCOL: usize = 7;
    pub(in crate::scan::formats) const STATUS: usize = 8;
    pub(in crate::scan::formats) const BYTES: usize = 9;
    pub(in crate::scan::formats) const REFERRER: usize = 10;
    pub(in crate::scan::formats) const AGENT: usize = 11;
    pub(in crate::scan::formats) const VHOST: usize = 12;
    pub(in crate::scan::formats) const SCHEME: usize = 13;
    pub(in crate::scan::formats) const LATENCY: usize = 14;
    pub(in crate::scan::formats) const UPSTREAM_LATENCY: usize = 15;
    pub(in crate::scan::formats) const BYTES_IN: usize = 16;
    pub(in crate::scan::formats) const TLS_VERSION: usize = 17;
    pub(in crate::scan::formats) const TLS_CIPHER: usize = 18;
    pub(in crate::scan::formats) const CACHE: usize = 19;
    /// The URI as the client sent it, where a record may have a changed one too.
    pub(in crate::scan::formats) const SENT: usize = 20;
    /// Method, URI and protocol.
    pub(in crate::scan::formats) const REQUEST: usize = 21;
    /// The date of a time without one.
    pub(in crate::scan::formats) const DATE: usize = 22;
    /// Who wrote a record of a log of several kinds.
    pub(in crate::scan::formats) const LOGGER: usize = 23;
    /// How bad it is.
    pub(in crate::scan::formats) const LEVEL: usize = 24;
    /// What it says.
    pub(in crate::scan::formats) const MESSAGE: usize = 25;
    /// A name that the format would not have.
    pub(in crate::scan::formats) const FOREIGN: usize = 26;
    /// The first that is asked for by its own name.
    pub(in crate::scan::formats) const OWN: usize = 27;
    /// All of them, and those by their own names.
    pub(in crate::scan::formats) const MOST: usize = 128;
}

/// The unit of a number that does not name its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// That of the field: seconds for a duration.
    Plain,
    /// Milliseconds.
    Milli,
    /// Microseconds.
    Micro,
    /// Nanoseconds.
    Nano,
}

impl Unit {
    /// What stands behind a number of such.
    pub(super) fn symbol(self) -> &'static [u8] {
        match self {
            Unit::Plain => b"",
            Unit::Milli => b"ms",
            Unit::Micro => b"us",
            Unit::Nano => b"ns",
        }
    }
}

/// Names of one slot. Of several names that a record has, the first wins; rows of
/// one slot follow each other.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) slot: usize,
    pub(super) unit: Unit,
    /// Names, or paths with points, which stand for a name with points as well.
    pub(super) names: &'static [&'static str],
    /// Whether the names are as well written `likeThis`, `LikeThis`, `like-this`
    /// and `likethis`.
    pub(super) varies: bool,
}

/// A row of names that are written as they are.
pub(super) const fn exact(slot: usize, names: &'static [&'static str]) -> Row {
    Row {
        slot,
        unit: Unit::Plain,
        names,
        varies: false,
    }
}

const fn usual(slot: usize, names: &'static [&'static str]) -> Row {
    timed(slot, Unit::Plain, names)
}

const fn timed(slot: usize, unit: Unit, names: &'static [&'static str]) -> Row {
    Row {
        slot,
        unit,
        names,
        varies: true,
    }
}

/// The usual names: nginx's variables, the labels of LTSV, W3C's columns, those of
/// Amazon's load balancers, the Elastic Common Schema, and what web frameworks
/// write.
pub(super) const USUAL: &[Row] = &[
    usual(
        slot::TIME,
        &[
            "time_local",
            "time_iso8601",
            "time",
            "ts",
            "timestamp",
            "msec",
            "datetime",
            "date_time",
            "start_time",
            "StartUTC",
            "@timestamp",
        ],
    ),
    usual(slot::DATE, &["date"]),
    usual(
        slot::CLIENT,
        &[
            "remote_addr",
            "client_ip",
            "remote_ip",
            "client_addr",
            "c_ip",
            "client",
            "client.ip",
            "source.ip",
            "source.address",
            "remote_host",
            "client_host",
            "remote_address",
            "req.remoteAddress",
            "httpRequest.remoteIp",
            "ip",
            "ip_address",
            "source_ip",
            "src_ip",
            "real_ip",
            "fwd",
        ],
    ),
    usual(
        slot::USER,
        &[
            "remote_user",
            "user",
            "user_name",
            "user.name",
            "auth_user",
            "cs_username",
            "client_username",
            "user_id",
            "auth",
        ],
    ),
    usual(
        slot::METHOD,
        &[
            "request_method",
            "method",
            "http_method",
            "verb",
            "request_verb",
            "cs_method",
            "http.request.method",
            "req.method",
            "httpRequest.requestMethod",
        ],
    ),
    usual(
        slot::SENT,
        &[
            "request_uri",
            "original_url",
            "url.original",
            "cs_uri",
            "request_url",
            "req.url",
            "httpRequest.requestUrl",
        ],
    ),
    usual(
        slot::URI,
        &[
            "uri",
            "url",
            "cs_uri_stem",
            "url.path",
            "path",
            "request_path",
            "url_path",
            "uri_path",
            "resource_path",
            "url.full",
        ],
    ),
    usual(
        slot::QUERY,
        &[
            "query_string",
            "args",
            "query",
            "cs_uri_query",
            "url.query",
            "uri_query",
        ],
    ),
    usual(slot::REQUEST, &["request", "req", "request_line"]),
    usual(
        slot::PROTOCOL,
        &[
            "server_protocol",
            "request_protocol",
            "protocol",
            "proto",
            "request_proto",
            "http_protocol",
            "cs_version",
            "http_version",
            "http.version",
            "httpRequest.protocol",
        ],
    ),
    usual(
        slot::STATUS,
        &[
            "status",
            "status_code",
            "http_status",
            "http_status_code",
            "response_code",
            "response_status",
            "sc_status",
            "elb_status_code",
            "downstream_status",
            "http.response.status_code",
            "res.statusCode",
            "httpRequest.status",
            "response",
            "code",
        ],
    ),
    usual(
        slot::BYTES,
        &[
            "body_bytes_sent",
            "bytes_sent",
            "response_size",
            "response_length",
            "response_bytes",
            "bytes_out",
            "sc_bytes",
            "sent_bytes",
            "http.response.body.bytes",
            "http.response.bytes",
            "res.headers.content-length",
            "httpRequest.responseSize",
            "size",
            "bytes",
            "content_length",
        ],
    ),
    exact(slot::REFERRER, &["cs(Referer)"]),
    usual(
        slot::REFERRER,
        &[
            "http_referer",
            "http_referrer",
            "referer",
            "referrer",
            "cs_referer",
            "request_Referer",
            "http.request.referrer",
            "req.headers.referer",
            "httpRequest.referer",
        ],
    ),
    exact(slot::AGENT, &["cs(User-Agent)"]),
    usual(
        slot::AGENT,
        &[
            "http_user_agent",
            "user_agent",
            "user_agent.original",
            "agent",
            "ua",
            "cs_user_agent",
            "req.headers.user-agent",
            "httpRequest.userAgent",
        ],
    ),
    exact(slot::VHOST, &["cs(Host)"]),
    usual(
        slot::VHOST,
        &[
            "http_host",
            "vhost",
            "virtual_host",
            "authority",
            "cs_host",
            "domain_name",
            "domain",
            "url.domain",
            "req.headers.host",
            "server_name",
        ],
    ),
    usual(
        slot::SCHEME,
        &["scheme", "request_scheme", "url.scheme", "cs_protocol"],
    ),
    usual(
        slot::LATENCY,
        &[
            "request_time",
            "reqtime",
            "duration",
            "latency",
            "elapsed",
            "duration_s",
            "duration_seconds",
            "duration_sec",
            "latency_s",
            "latency_seconds",
            "httpRequest.latency",
        ],
    ),
    timed(
        slot::LATENCY,
        Unit::Milli,
        &[
            "request_time_ms",
            "response_time",
            "response_time_ms",
            "duration_ms",
            "duration_millis",
            "latency_ms",
            "latency_millis",
            "elapsed_ms",
            "time_taken",
            "time_taken_ms",
            "reqtime_ms",
            "service",
        ],
    ),
    timed(
        slot::LATENCY,
        Unit::Micro,
        &[
            "request_time_us",
            "response_time_us",
            "duration_us",
            "duration_micros",
            "latency_us",
            "latency_micros",
            "elapsed_us",
            "reqtime_microsec",
        ],
    ),
    timed(
        slot::LATENCY,
        Unit::Nano,
        &[
            "duration_ns",
            "duration_nanos",
            "latency_ns",
            "latency_nanos",
            "elapsed_ns",
            "event.duration",
        ],
    ),
    usual(
        slot::UPSTREAM_LATENCY,
        &[
            "upstream_response_time",
            "upstream_latency",
            "upstream_time",
            "apptime",
            "target_processing_time",
            "backend_processing_time",
        ],
    ),
    timed(
        slot::UPSTREAM_LATENCY,
        Unit::Milli,
        &["upstream_service_time", "upstream_response_time_ms"],
    ),
    usual(
        slot::BYTES_IN,
        &[
            "request_length",
            "bytes_received",
            "bytes_in",
            "request_size",
            "request_bytes",
            "cs_bytes",
            "received_bytes",
            "reqsize",
            "http.request.bytes",
            "httpRequest.requestSize",
        ],
    ),
    usual(
        slot::TLS_VERSION,
        &["ssl_protocol", "tls_version", "ssl_version", "tls_protocol"],
    ),
    usual(slot::TLS_CIPHER, &["ssl_cipher", "tls_cipher", "cipher"]),
    usual(
        slot::CACHE,
        &[
            "upstream_cache_status",
            "cache_status",
            "cache",
            "x_cache",
            "x_edge_result_type",
            "cache_result",
        ],
    ),
    usual(slot::LEVEL, &["level", "lvl", "at"]),
    usual(slot::MESSAGE, &["msg", "message"]),
];

/// Where it is the server's name, and not the client's.
pub(super) const HOST: &[Row] = &[usual(slot::VHOST, &["host"])];

/// The slots that tell whether a record with the usual names is a request.
pub(super) const SIGNS: u128 =
    1 << slot::SENT | 1 << slot::URI | 1 << slot::REQUEST | 1 << slot::STATUS | 1 << slot::METHOD;

/// The ways to write a name in small letters with low lines, itself the first.
pub(super) fn variants(name: &str) -> Vec<String> {
    let mut variants = vec![name.to_owned()];
    let is_simple = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !name.bytes().all(is_simple) {
        return variants;
    }
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let words: Vec<&str> = name.split('_').filter(|word| !word.is_empty()).collect();
    let capitals: String = words.iter().map(|word| capital(word)).collect();
    variants.push(words[0].to_owned() + &capitals[words[0].len()..]);
    variants.extend([
        capitals,
        words.join("-"),
        words.concat(),
        name.to_ascii_uppercase(),
    ]);
    variants.dedup();
    variants
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slots_are_those_of_the_fields() {
        assert_eq!(FIELDS[slot::TIME], Field::Time);
        assert_eq!(FIELDS[slot::PROTOCOL], Field::Protocol);
        assert_eq!(FIELDS[slot::VHOST], Field::Vhost);
        assert_eq!(FIELDS[slot::CACHE], Field::Cache);
        assert_eq!(FIELDS.len(), slot::SENT);
    }

    #[test]
    fn names_are_written_in_several_ways() {
        let expected = [
            "remote_addr",
            "remoteAddr",
            "RemoteAddr",
            "remote-addr",
            "remoteaddr",
            "REMOTE_ADDR",
        ];
        assert_eq!(variants("remote_addr"), expected);
        assert_eq!(variants("url.path"), ["url.path"]);
        assert!(variants("status").contains(&"Status".to_owned()));
    }
}
