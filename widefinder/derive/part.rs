//! Parts of a text: the site of a referrer, the network of an address.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use memchr::{memchr, memchr_iter, memmem, memrchr};

use crate::ask::Derive;
use crate::class;
use crate::scan::format::{ABSENT, is_absent};

/// A part of a text.
#[derive(Clone, Debug)]
pub struct Part(Derive);

/// Bits of an IPv6 network: what one customer of a provider mostly has.
const NETWORK_6: u8 = 48;

impl Part {
    /// The part that a key asks for.
    ///
    /// # Panics
    ///
    /// For one that is no part of a text but of the time.
    pub fn new(derive: &Derive) -> Part {
        let is_time = matches!(
            derive,
            Derive::Day | Derive::Hour | Derive::Weekday | Derive::Bucket(_)
        );
        assert!(!is_time, "{derive:?} is a part of the time");
        Part(derive.clone())
    }

    /// Whether it takes longer than to look its outcome up.
    pub fn is_costly(&self) -> bool {
        matches!(self.0, Derive::Network(_))
    }

    /// Derives the part; `-` if there is none.
    pub fn derive<'t>(&self, text: &'t [u8]) -> Cow<'t, [u8]> {
        match &self.0 {
            Derive::Site => site(text),
            Derive::Class => class::NAMES[class::of(text)].as_bytes().into(),
            Derive::Extension => extension(text).unwrap_or(ABSENT).into(),
            Derive::Network(bits) => network(text, *bits),
            Derive::Segments(number) => segments(text, *number).into(),
            Derive::Parameter(name) => parameter(text, name.as_bytes()).unwrap_or(ABSENT).into(),
            Derive::Itself | Derive::Day | Derive::Hour | Derive::Weekday | Derive::Bucket(_) => {
                text.into()
            }
        }
    }
}

/// The host of a URL, in lower case.
fn site(url: &[u8]) -> Cow<'_, [u8]> {
    let Some(scheme) = memmem::find(url, b"://") else {
        return ABSENT.into();
    };
    let rest = &url[scheme + 3..];
    let end = rest
        .iter()
        .position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let authority = &rest[..end.unwrap_or(rest.len())];
    let host = match memrchr(b'@', authority) {
        Some(at) => &authority[at + 1..],
        None => authority,
    };
    // The colons of an IPv6 address stand in brackets.
    let brackets = match host.first() {
        Some(b'[') => memchr(b']', host).unwrap_or(0),
        _ => 0,
    };
    let end = memchr(b':', &host[brackets..]).map_or(host.len(), |colon| brackets + colon);
    let host = &host[..end];
    match host {
        [] => ABSENT.into(),
        _ if host.iter().any(u8::is_ascii_uppercase) => host.to_ascii_lowercase().into(),
        _ => host.into(),
    }
}

fn extension(path: &[u8]) -> Option<&[u8]> {
    let name = memrchr(b'/', path).map_or(path, |slash| &path[slash + 1..]);
    let dot = memrchr(b'.', name).filter(|&dot| dot > 0)?;
    Some(&name[dot + 1..]).filter(|extension| !extension.is_empty())
}

fn segments(path: &[u8], number: u32) -> &[u8] {
    match memchr_iter(b'/', path).nth(number as usize) {
        Some(slash) => &path[..slash],
        None => path,
    }
}

fn parameter<'t>(query: &'t [u8], name: &[u8]) -> Option<&'t [u8]> {
    if is_absent(query) {
        return None;
    }
    query.split(|&byte| byte == b'&').find_map(|parameter| {
        let rest = parameter.strip_prefix(name)?;
        match rest {
            [] => Some(rest),
            [b'=', value @ ..] => Some(value),
            _ => None,
        }
    })
}

fn network(client: &[u8], bits: u8) -> Cow<'_, [u8]> {
    let address = std::str::from_utf8(client)
        .ok()
        .and_then(|text| text.parse().ok());
    match address {
        Some(IpAddr::V4(address)) => {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            let network = Ipv4Addr::from(u32::from(address) & mask);
            format!("{network}/{bits}").into_bytes().into()
        }
        Some(IpAddr::V6(address)) => {
            let mask = u128::MAX << (128 - u32::from(NETWORK_6));
            let network = Ipv6Addr::from(u128::from(address) & mask);
            format!("{network}/{NETWORK_6}").into_bytes().into()
        }
        None => client.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(derive: Derive, table: &[(&str, &str)]) {
        for (text, expected) in table {
            let derived = Part::new(&derive).derive(text.as_bytes()).into_owned();
            assert_eq!(
                String::from_utf8_lossy(&derived),
                *expected,
                "{derive:?} of {text:?}"
            );
        }
    }

    #[test]
    fn sites_are_hosts() {
        check(
            Derive::Site,
            &[
                ("http://Www.Example.com:8080/a?b", "www.example.com"),
                ("https://user:pw@example.com", "example.com"),
                ("http://a@b@example.com/@x", "example.com"),
                ("http://[2001:db8::1]:80/", "[2001:db8::1]"),
                ("http://[broken:80/", "[broken"),
                ("http://example.com?q=http://x/", "example.com"),
                ("http://example.com#f", "example.com"),
                ("android-app://com.example", "com.example"),
                ("http:///x", "-"),
                ("http://:80/", "-"),
                ("example.com/x", "-"),
                ("-", "-"),
                ("", "-"),
            ],
        );
    }

    #[test]
    fn classes_need_three_digits() {
        check(
            Derive::Class,
            &[
                ("204", "2xx"),
                ("599", "5xx"),
                ("600", "other"),
                ("000", "other"),
                ("-", "other"),
            ],
        );
    }

    #[test]
    fn extensions_stand_behind_a_dot() {
        check(
            Derive::Extension,
            &[
                ("/a/b.tar.gz", "gz"),
                ("/a.b/c", "-"),
                ("/.env", "-"),
                ("/a.", "-"),
                ("/a..js", "js"),
                ("x.PNG", "PNG"),
                ("/", "-"),
                ("", "-"),
            ],
        );
    }

    #[test]
    fn segments_end_before_a_slash() {
        check(
            Derive::Segments(1),
            &[
                ("/a/b/c", "/a"),
                ("/a/", "/a"),
                ("/a", "/a"),
                ("/", "/"),
                ("", ""),
            ],
        );
        check(
            Derive::Segments(2),
            &[
                ("/a/b/c", "/a/b"),
                ("/a/", "/a/"),
                ("//a", "//a"),
                ("*", "*"),
            ],
        );
    }

    #[test]
    fn parameters_are_the_first_of_their_name() {
        check(
            Derive::Parameter("a".to_owned()),
            &[
                ("a=1&a=2", "1"),
                ("aa=1&a=2&b", "2"),
                ("b&a", ""),
                ("a=", ""),
                ("a=x=y", "x=y"),
                ("b=1", "-"),
                ("-", "-"),
            ],
        );
    }

    #[test]
    fn networks_have_a_prefix() {
        check(
            Derive::Network(24),
            &[
                ("10.1.2.3", "10.1.2.0/24"),
                ("2001:db8:1:2::3", "2001:db8:1::/48"),
                ("host", "host"),
                ("10.1.2.3:80", "10.1.2.3:80"),
            ],
        );
        check(Derive::Network(0), &[("10.1.2.3", "0.0.0.0/0")]);
        check(Derive::Network(32), &[("10.1.2.3", "10.1.2.3/32")]);
    }
}
