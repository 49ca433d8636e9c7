//! Addresses of clients, and networks of them.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

use super::Accept;
use super::mistake::quoted;

/// Reads a network, or an address or name, which is compared as text; but an
/// IPv6 address is a network, since it is written in many ways.
pub(super) fn address(text: &str) -> Result<Accept, String> {
    if let Some((address, bits)) = text.split_once('/') {
        let network = text.parse::<IpNet>();
        return network
            .map(|network| Accept::Network(network.trunc()))
            .map_err(|_| {
                let most = if address.contains(':') { 128 } else { 32 };
                match address.parse::<IpAddr>() {
                    Ok(_) => format!(
                        "{} are no bits of a network; expected is 0 to {most}",
                        quoted(bits)
                    ),
                    Err(_) => format!(
                        "{} is no network; one is written as in `10.0.0.0/8` or `2001:db8::/32`",
                        quoted(text)
                    ),
                }
            });
    }
    if text.contains('*') {
        return Err(format!(
            "{} is no address; a network is written as in `10.0.0.0/8`, a pattern goes with ~",
            quoted(text)
        ));
    }
    match text.parse::<Ipv6Addr>() {
        Ok(address) => Ok(Accept::Network(IpNet::from(IpAddr::V6(address)))),
        Err(_) => Ok(Accept::Text(text.as_bytes().to_vec())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_are_told_from_names() {
        for (text, network) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("2001:db8::/32", "2001:db8::/32"),
            ("2001:DB8:0::1", "2001:db8::1/128"),
        ] {
            match address(text) {
                Ok(Accept::Network(found)) => assert_eq!(found.to_string(), network),
                other => panic!("{text}: {other:?}"),
            }
        }
        for text in ["10.0.0.1", "crawler.example.org", "unknown"] {
            match address(text) {
                Ok(Accept::Text(found)) => assert_eq!(found, text.as_bytes()),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for (text, message) in [
            (
                "10.0.0.0/33",
                "`33` are no bits of a network; expected is 0 to 32",
            ),
            (
                "::1/129",
                "`129` are no bits of a network; expected is 0 to 128",
            ),
            (
                "10.0.0.0/255.0.0.0",
                "`255.0.0.0` are no bits of a network; expected is 0 to 32",
            ),
            (
                "10/8",
                "`10/8` is no network; one is written as in `10.0.0.0/8` or `2001:db8::/32`",
            ),
            (
                "10.*",
                "`10.*` is no address; a network is written as in `10.0.0.0/8`, \
                 a pattern goes with ~",
            ),
        ] {
            assert_eq!(address(text).unwrap_err(), message);
        }
    }
}
