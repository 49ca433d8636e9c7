//! Whole URLs, as balancers and proxies write them where others have a path.

use memchr::{memchr_iter, memchr2, memchr3, memrchr};

/// The parts of a URL; those that are not there are empty.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Url<'c> {
    /// `https`
    pub(super) scheme: &'c [u8],
    /// Without a port.
    pub(super) host: &'c [u8],
    /// Path and query.
    pub(super) uri: &'c [u8],
}

impl<'c> Url<'c> {
    /// Cuts a URL; anything else is a path.
    #[inline]
    pub(super) fn parse(url: &'c [u8]) -> Url<'c> {
        let none = &url[..0];
        let Some(colon) = scheme(url) else {
            return Url {
                scheme: none,
                host: none,
                uri: url,
            };
        };
        let rest = &url[colon + 3..];
        let end = memchr3(b'/', b'?', b' ', rest).unwrap_or(rest.len());
        let (authority, uri) = rest.split_at(end);
        let uri = match uri.trim_ascii_start() {
            // RFC 9110, 4.2.3: an empty path is that of the root.
            b"" => b"/",
            uri => uri,
        };
        Url {
            scheme: &url[..colon],
            host: without_port(authority),
            uri,
        }
    }
}

/// Where the colon stands behind a scheme.
#[inline]
fn scheme(url: &[u8]) -> Option<usize> {
    // The fastest answer for what is most: a path.
    if matches!(url, [b'/', ..] | []) {
        return None;
    }
    let colon = memchr2(b':', b'/', url)?;
    let letters = url[..colon].iter().all(u8::is_ascii_alphanumeric);
    (colon > 0 && letters && url[colon..].starts_with(b"://")).then_some(colon)
}

/// A host, without a user and a port; that of an IPv6 address stays in its brackets.
pub(super) fn without_port(authority: &[u8]) -> &[u8] {
    let user = memrchr(b'@', authority).map_or(0, |at| at + 1);
    let host = &authority[user..];
    let bracket = memrchr(b']', host).unwrap_or(0);
    let mut colons = memchr_iter(b':', &host[bracket..]);
    match (colons.next(), colons.next()) {
        (Some(colon), None) => &host[..bracket + colon],
        // None, or an address without brackets.
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_cut_into_their_parts() {
        for (url, parts) in [
            ("http://a.example:80/b?c", ["http", "a.example", "/b?c"]),
            ("https://a.example", ["https", "a.example", "/"]),
            ("wss://[2001:db8::1]:443?q", ["wss", "[2001:db8::1]", "?q"]),
            ("http://a.example:80- -", ["http", "a.example", "-"]),
            ("ftp://jo:pw@a.example:21/x", ["ftp", "a.example", "/x"]),
            ("http://2001:db8::1/", ["http", "2001:db8::1", "/"]),
            ("/a://b", ["", "", "/a://b"]),
            ("*", ["", "", "*"]),
            ("a.example:443", ["", "", "a.example:443"]),
            ("://", ["", "", "://"]),
            ("", ["", "", ""]),
        ] {
            let [scheme, host, uri] = parts.map(str::as_bytes);
            let expected = Url { scheme, host, uri };
            assert_eq!(Url::parse(url.as_bytes()), expected, "{url}");
        }
    }
}
