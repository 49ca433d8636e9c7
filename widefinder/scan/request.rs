//! The request: method, URI and protocol.
//!
//! What clients send may be anything, so nothing here fails: a part that is not
//! there is empty, and what is neither method nor protocol is the URI.

use memchr::{memchr, memrchr};

/// A request, cut into parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Request<'c> {
    /// Letters, `-` and `_` before the first space; or empty.
    pub method: &'c [u8],
    /// With the query.
    pub uri: &'c [u8],
    /// `HTTP/...` after the last space; or empty.
    pub protocol: &'c [u8],
}

impl<'c> Request<'c> {
    /// Cuts what stands between the quotes.
    #[inline]
    pub fn parse(request: &'c [u8]) -> Request<'c> {
        let mut uri = trim_spaces(request);
        let (mut method, mut protocol) = (&uri[..0], &uri[..0]);
        if let Some(space) = memrchr(b' ', uri)
            && uri[space + 1..].starts_with(b"HTTP/")
        {
            protocol = &uri[space + 1..];
            uri = &uri[..space];
        }
        // A second space before the protocol stands for an empty URI.
        if let Some(space) = memchr(b' ', uri)
            && uri[..space].iter().copied().all(is_method)
        {
            method = &uri[..space];
            uri = &uri[space + 1..];
        }
        Request {
            method,
            uri: trim_spaces(uri),
            protocol,
        }
    }

    /// The URI without its query.
    #[inline]
    pub fn path(&self) -> &'c [u8] {
        path(self.uri)
    }
}

/// The part of a URI before its query.
#[inline]
pub fn path(uri: &[u8]) -> &[u8] {
    match memchr(b'?', uri) {
        Some(mark) => &uri[..mark],
        None => uri,
    }
}

/// The query of a URI, behind the first question mark.
#[inline]
pub fn query(uri: &[u8]) -> Option<&[u8]> {
    memchr(b'?', uri).map(|mark| &uri[mark + 1..])
}

/// Methods in the wild have more than capital letters: `M-SEARCH`, `CCM_POST`.
fn is_method(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'-' || byte == b'_'
}

fn trim_spaces(mut bytes: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] | [rest @ .., b' '] = bytes {
        bytes = rest;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_requests_are_counted_with_what_they_have() {
        let table: &[(&str, [&str; 3])] = &[
            ("GET /a?b HTTP/1.1", ["GET", "/a?b", "HTTP/1.1"]),
            ("GET /a", ["GET", "/a", ""]),
            ("-", ["", "-", ""]),
            ("", ["", "", ""]),
            ("   ", ["", "", ""]),
            ("GET", ["", "GET", ""]),
            ("GET HTTP/1.1", ["", "GET", "HTTP/1.1"]),
            ("GET  HTTP/1.1", ["GET", "", "HTTP/1.1"]),
            (" GET  /a b  HTTP/1.0 ", ["GET", "/a b", "HTTP/1.0"]),
            ("M-SEARCH * HTTP/1.1", ["M-SEARCH", "*", "HTTP/1.1"]),
            (r"\x16\x03\x01 \x02", ["", r"\x16\x03\x01 \x02", ""]),
            ("lv|'|'|Win XP", ["", "lv|'|'|Win XP", ""]),
            ("GET /a HTTP", ["GET", "/a HTTP", ""]),
        ];
        for (request, [method, uri, protocol]) in table {
            let expected = Request {
                method: method.as_bytes(),
                uri: uri.as_bytes(),
                protocol: protocol.as_bytes(),
            };
            assert_eq!(Request::parse(request.as_bytes()), expected, "{request:?}");
        }
    }

    #[test]
    fn the_path_ends_at_the_query() {
        assert_eq!(Request::parse(b"GET /a?b?c HTTP/1.1").path(), b"/a");
        assert_eq!(Request::parse(b"GET ?b HTTP/1.1").path(), b"");
        assert_eq!(Request::parse(b"GET /a HTTP/1.1").path(), b"/a");
    }
}
