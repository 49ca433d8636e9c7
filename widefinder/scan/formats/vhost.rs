//! Lines that begin with a virtual host, as Apache's `%v:%p` writes it, or `%v` and
//! nginx's `$host`.

use std::net::IpAddr;

use memchr::memchr;

use super::endpoint::port;
use crate::scan::combined::{Frame, Misfit};
use crate::scan::format::is_absent;

/// Whether a line begins as one of `vhost_combined`. Such a line fits the combined
/// format as well, with the virtual host for the client, the client for its
/// identity, and two users; and many a line of that fits this one.
pub(super) fn is_combined(line: &[u8]) -> Result<(), Misfit> {
    let vhost = word(line, 0);
    if port(vhost).is_none() || vhost.len() == line.len() {
        return misfit(0, "a virtual host, its port and a space");
    }
    let at = vhost.len() + 1;
    let client = word(line, at);
    if !client.iter().any(|byte| matches!(byte, b'.' | b':')) {
        return misfit(at, "the address or the name of a client");
    }
    let at = at + client.len();
    match line[at..].starts_with(b" - ") {
        true => Ok(()),
        // The client's own word for its user, which hardly ever says anything.
        false => misfit(at, "a - between spaces"),
    }
}

/// Whether a line begins with a virtual host without a port: it fits the combined format
/// too, but with an address for the client's word for its user, which nobody has. Two
/// addresses are those of a client and of a proxy, and not of a host.
pub(super) fn is_without_port(line: &[u8]) -> Result<(), Misfit> {
    let host = word(line, 0);
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._*".contains(byte);
    let is_host = !is_absent(host) && host.iter().all(is_part) && !is_address(host);
    if !is_host || host.len() == line.len() {
        return misfit(0, "the name of a virtual host and a space");
    }
    let at = host.len() + 1;
    let client = word(line, at);
    if !is_address(client) {
        return misfit(at, "the address of a client");
    }
    match line[at + client.len()..].starts_with(b" - ") {
        true => Ok(()),
        false => misfit(at + client.len(), "a - between spaces"),
    }
}

fn is_address(text: &[u8]) -> bool {
    let text = std::str::from_utf8(text);
    text.is_ok_and(|text| text.parse::<IpAddr>().is_ok())
}

fn word(line: &[u8], from: usize) -> &[u8] {
    let rest = &line[from..];
    &rest[..memchr(b' ', rest).unwrap_or(rest.len())]
}

fn misfit(at: usize, expected: &'static str) -> Result<(), Misfit> {
    Err(Misfit { at, expected })
}

/// Whether a line begins as one of `vhost_combined` and is no piece of one: behind
/// the virtual host nothing but the common format stands.
pub(super) fn is_common(line: &[u8]) -> Result<(), Misfit> {
    is_combined(line)?;
    is_whole_common(line)
}

/// The same of a virtual host without a port.
pub(super) fn is_common_without_port(line: &[u8]) -> Result<(), Misfit> {
    is_without_port(line)?;
    is_whole_common(line)
}

/// Whether behind the first word the common format stands, and no referrer.
fn is_whole_common(line: &[u8]) -> Result<(), Misfit> {
    let at = memchr(b' ', line).map_or(0, |space| space + 1);
    let behind = |misfit: Misfit| Misfit {
        at: at + misfit.at,
        ..misfit
    };
    let frame = Frame::parse(&line[at..]).map_err(behind)?;
    match frame.referrer {
        None => Ok(()),
        Some(_) => Err(Misfit {
            at,
            expected: "a line without a referrer",
        }),
    }
}
