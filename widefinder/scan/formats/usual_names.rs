//! The names that servers and those who export their logs give to fields.

use super::names::{Row, Unit, exact, slot};

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

const METHOD: &[&str] = &[
    "request_method",
    "method",
    "http_method",
    "verb",
    "request_verb",
    "cs_method",
    "http.request.method",
    "req.method",
    "httpRequest.requestMethod",
    "http.method",
    "ClientRequestMethod",
];

const SENT: &[&str] = &[
    "request_uri",
    "original_url",
    "url.original",
    "cs_uri",
    "request_url",
    "req.url",
    "httpRequest.requestUrl",
    "http.target",
    "ClientRequestURI",
];

const URI: &[&str] = &[
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
    "http.url",
    "http.path",
    "ClientRequestPath",
];

const REQUEST: &[&str] = &["request", "req", "request_line", "routeKey"];

const STATUS: &[&str] = &[
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
    "http.status_code",
    "EdgeResponseStatus",
];

/// The names that tell of a request, for formats that have others for it.
pub(super) const FOREIGN: &[Row] = &[
    usual(slot::FOREIGN, METHOD),
    usual(slot::FOREIGN, SENT),
    usual(slot::FOREIGN, URI),
    usual(slot::FOREIGN, REQUEST),
    usual(slot::FOREIGN, STATUS),
];

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
            "requestTimeEpoch",
            "EdgeStartTimestamp",
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
            "remoteIP",
            "clientIP",
            "ClientIP",
            "RemoteIP",
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
    usual(slot::METHOD, METHOD),
    usual(slot::SENT, SENT),
    usual(slot::URI, URI),
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
    usual(slot::REQUEST, REQUEST),
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
            "ClientRequestProtocol",
        ],
    ),
    usual(slot::STATUS, STATUS),
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
            "written_bytes",
            "body_size",
            "res_body_bytes",
            "EdgeResponseBytes",
            "length",
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
            "ClientRequestReferer",
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
            "ClientRequestUserAgent",
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
            "ClientRequestHost",
        ],
    ),
    usual(
        slot::SCHEME,
        &[
            "scheme",
            "request_scheme",
            "url.scheme",
            "cs_protocol",
            "ClientRequestScheme",
        ],
    ),
    // As many configurations of nginx call it, while `response_time` is what frameworks
    // write, in milliseconds.
    exact(slot::LATENCY, &["responsetime"]),
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
            "req_time",
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
    // Heroku's, if it is one.
    timed(slot::LATENCY, Unit::Milli, &["service"]),
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
        &[
            "upstream_service_time",
            "upstream_response_time_ms",
            "OriginResponseDurationMs",
        ],
    ),
    timed(slot::UPSTREAM_LATENCY, Unit::Nano, &["OriginResponseTime"]),
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
            "ClientRequestBytes",
        ],
    ),
    usual(
        slot::TLS_VERSION,
        &[
            "ssl_protocol",
            "tls_version",
            "ssl_version",
            "tls_protocol",
            "ClientSSLProtocol",
        ],
    ),
    usual(
        slot::TLS_CIPHER,
        &["ssl_cipher", "tls_cipher", "cipher", "ClientSSLCipher"],
    ),
    usual(
        slot::CACHE,
        &[
            "upstream_cache_status",
            "cache_status",
            "cache",
            "x_cache",
            "x_edge_result_type",
            "cache_result",
            "CacheCacheStatus",
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
