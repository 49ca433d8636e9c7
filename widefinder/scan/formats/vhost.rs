//! Lines that begin with a virtual host, as Apache's `%v:%p` writes it, or `%v` and
//! nginx's `$host`.

use std::net::IpAddr;

use memchr::memchr;

use super::endpoint::port;
use crate::scan::combined::{Frame, Misfit};
use crate::scan::format::is_absent;

/// A virtual host before a combined or common line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::scan) struct Host {
    /// Whether a colon and a port stand behind it.
    pub(in crate::scan) port: bool,
    /// Whether a referrer and an agent end the line.
    pub(in crate::scan) quoted: bool,
}

impl Host {
    /// Whether a line begins so. No line of the usual shape ([`crate::scan::usual`]) does,
    /// which has a bracket where these have a user.
    pub(in crate::scan) fn begins(self, line: &[u8]) -> Result<(), Misfit> {
        self.stands_before(line)?;
        match self.quoted {
            true => Ok(()),
            // Else it might be a piece of a longer line.
            false => is_whole_common(line),
        }
    }

    /// Whether a host and a client begin a line.
    pub(in crate::scan) fn stands_before(self, line: &[u8]) -> Result<(), Misfit> {
        match self.port {
            true => has_port(line),
            false => is_without_port(line),
        }
    }
}

/// Whether a line begins as one of `vhost_combined`. Such a line fits the combined
/// format as well, with the virtual host for the client, the client for its
/// identity, and two users; and many a line of that fits this one.
fn has_port(line: &[u8]) -> Result<(), Misfit> {
    let vhost = word(line, 0);
    if port(vhost).is_none() || vhost.len() == line.len() {
        return misfit(0, "a virtual host, its port and a space");
    }
    let at = vhost.len() + 1;
    let client = word(line, at);
    if !client.iter().any(|byte| matches!(byte, b'.' | b':')) {
        return misfit(at, "the address or the name of a client");
    }
    is_unknown(line, at + client.len())
}

/// Whether `-` stands at a place, for the client's own word for its user, which hardly
/// ever says anything; and a user behind it.
fn is_unknown(line: &[u8], at: usize) -> Result<(), Misfit> {
    match line[at..].strip_prefix(b" - ") {
        Some([b'[', ..]) => misfit(at + 3, "a user"),
        Some(_) => Ok(()),
        None => misfit(at, "a - between spaces"),
    }
}

/// Whether a line begins with a virtual host without a port: it fits the combined format
/// too, but with an address for the client's word for its user, which nobody has. Two
/// addresses are those of a client and of a proxy, and not of a host.
fn is_without_port(line: &[u8]) -> Result<(), Misfit> {
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
    is_unknown(line, at + client.len())
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
