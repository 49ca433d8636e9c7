//! The fields of an entry, by the names that people ask for them.

use std::fmt;

/// A field of an entry.
///
/// A format may lack any of them but [`Field::Line`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Field {
    /// When the request came, or was answered; see [`crate::time`].
    Time,
    /// The client's address or host name.
    Client,
    /// The authenticated user.
    User,
    /// The method of the request.
    Method,
    /// Path and query as the client sent them.
    Uri,
    /// The URI without its query.
    Path,
    /// What stands behind the first `?` of the URI.
    Query,
    /// `HTTP/1.1` and the like.
    Protocol,
    /// The status of the answer.
    Status,
    /// Bytes of the answer's body, unless the format has only the whole.
    Bytes,
    /// Where the client says that it came from.
    Referrer,
    /// What the client says that it is.
    Agent,
    /// The virtual host.
    Vhost,
    /// `http` or `https`.
    Scheme,
    /// From request to answer; in nanoseconds, whatever the log writes.
    Latency,
    /// The part of it that another server took.
    UpstreamLatency,
    /// Bytes of the request.
    BytesIn,
    /// The version of TLS.
    TlsVersion,
    /// The cipher of TLS.
    TlsCipher,
    /// Whether a cache had the answer.
    Cache,
    /// The whole line, without its line end.
    Line,
    /// A column of a format by its own name, as it is written in a question:
    /// `$upstream_addr`, `%{X-Id}i`, `json:a.b`.
    Own(String),
}

/// How the values of a field compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// As bytes; equal or not, and by pattern.
    Text,
    /// As an address: text, or member of a network.
    Address,
    /// As a whole number.
    Number,
    /// As a number of bytes.
    Size,
    /// As a duration, in nanoseconds.
    Duration,
    /// As a time.
    Time,
}

impl Field {
    /// All fields with a name of their own, in the order in which they are
    /// listed for people.
    pub const NAMED: [(&'static str, Field); 21] = [
        ("time", Field::Time),
        ("client", Field::Client),
        ("user", Field::User),
        ("method", Field::Method),
        ("uri", Field::Uri),
        ("path", Field::Path),
        ("query", Field::Query),
        ("protocol", Field::Protocol),
        ("status", Field::Status),
        ("bytes", Field::Bytes),
        ("referrer", Field::Referrer),
        ("agent", Field::Agent),
        ("vhost", Field::Vhost),
        ("scheme", Field::Scheme),
        ("latency", Field::Latency),
        ("upstream_latency", Field::UpstreamLatency),
        ("bytes_in", Field::BytesIn),
        ("tls_version", Field::TlsVersion),
        ("tls_cipher", Field::TlsCipher),
        ("cache", Field::Cache),
        ("line", Field::Line),
    ];

    /// How its values compare.
    pub fn kind(&self) -> Kind {
        match self {
            Field::Time => Kind::Time,
            Field::Client => Kind::Address,
            Field::Status => Kind::Number,
            Field::Bytes | Field::BytesIn => Kind::Size,
            Field::Latency | Field::UpstreamLatency => Kind::Duration,
            _ => Kind::Text,
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Field::Own(name) = self {
            return f.write_str(name);
        }
        let named = Field::NAMED.iter().find(|(_, field)| field == self);
        f.write_str(named.expect("every other field has a name").0)
    }
}
