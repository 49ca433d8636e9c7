//! `address:port`, the two ends of a connection.

use memchr::{memchr2, memrchr};

/// Where the port of an address begins, at its colon.
#[inline(always)]
pub(super) fn port(endpoint: &[u8]) -> Option<usize> {
    let digits = endpoint
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit());
    let digits = digits.count();
    let colon = endpoint.len().checked_sub(digits + 1)?;
    (digits > 0 && colon > 0 && endpoint[colon] == b':').then_some(colon)
}

/// The address without its port, and without the brackets that one of version 6 has
/// before it.
pub(super) fn address(endpoint: &[u8]) -> &[u8] {
    let address = &endpoint[..port(endpoint).unwrap_or(endpoint.len())];
    match address {
        [b'[', inner @ .., b']'] => inner,
        _ => address,
    }
}

/// A client without its port, if it is one address with a port. What is no address may be
/// a name with a number, or a list; one of version 6 has a port only behind brackets.
pub(super) fn client(text: &[u8]) -> &[u8] {
    let is_port = |port: &[u8]| port.iter().all(u8::is_ascii_digit);
    let Some(colon) = memrchr(b':', text).filter(|colon| is_port(&text[colon + 1..])) else {
        return text;
    };
    let is_part = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
    match &text[..colon] {
        [b'[', inner @ .., b']'] if memchr2(b']', b',', inner).is_none() => inner,
        host if host.contains(&b'.') && host.iter().all(is_part) => host,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_found() {
        for (endpoint, colon) in [
            ("192.0.2.1:80", Some(9)),
            ("[2001:db8::1]:443", Some(13)),
            ("192.0.2.1", None),
            ("a:", None),
            (":80", None),
            ("80", None),
            ("", None),
        ] {
            assert_eq!(port(endpoint.as_bytes()), colon, "{endpoint}");
        }
    }

    #[test]
    fn addresses_have_no_port() {
        for (endpoint, expected) in [
            ("192.0.2.1:80", "192.0.2.1"),
            ("[2001:db8::1]:80", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("192.0.2.1", "192.0.2.1"),
            ("-", "-"),
            ("", ""),
        ] {
            assert_eq!(address(endpoint.as_bytes()), expected.as_bytes());
        }
    }

    #[test]
    fn clients_may_have_a_port() {
        for (text, expected) in [
            ("192.0.2.1:80", "192.0.2.1"),
            ("[2001:db8::1]:80", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("::1", "::1"),
            ("192.0.2.1", "192.0.2.1"),
            ("unix:", "unix:"),
            ("192.0.2.1, 192.0.2.2", "192.0.2.1, 192.0.2.2"),
            ("192.0.2.1, 192.0.2.2:90", "192.0.2.1, 192.0.2.2:90"),
            ("[::1]:80, [::2]:90", "[::1]:80, [::2]:90"),
            ("app:42", "app:42"),
            ("-", "-"),
            ("", ""),
        ] {
            assert_eq!(client(text.as_bytes()), expected.as_bytes());
        }
    }
}
