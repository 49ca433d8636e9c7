//! `address:port`, the two ends of a connection.

use memchr::memchr_iter;

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

/// A client without its port, if it has one: more colons than one are those of an
/// address of version 6, which has a port only behind brackets.
pub(super) fn client(text: &[u8]) -> &[u8] {
    let mut colons = memchr_iter(b':', text);
    match (colons.next(), colons.next()) {
        (None, _) => text,
        (Some(_), Some(_)) if text[0] != b'[' => text,
        _ => address(text),
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
            ("-", "-"),
            ("", ""),
        ] {
            assert_eq!(client(text.as_bytes()), expected.as_bytes());
        }
    }
}
