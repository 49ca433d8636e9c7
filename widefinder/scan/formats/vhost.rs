//! Lines that begin with a virtual host, as Apache's `%v:%p` writes it.

use memchr::{memchr, memrchr};

use crate::scan::combined::{Frame, Misfit};
use crate::scan::format::is_digits;

/// Whether a line begins as one of `vhost_combined`. Such a line fits the combined
/// format as well, with the virtual host for the client, the client for its
/// identity, and two users; and many a line of that fits this one.
pub(super) fn is_combined(line: &[u8]) -> Result<(), Misfit> {
    let misfit = |at, expected| Err(Misfit { at, expected });
    let word = |from: usize| {
        let rest = &line[from..];
        &rest[..memchr(b' ', rest).unwrap_or(rest.len())]
    };
    let vhost = word(0);
    let port = memrchr(b':', vhost).map(|colon| &vhost[colon + 1..]);
    let is_port = port.is_some_and(is_digits);
    if !is_port || vhost.len() == line.len() {
        return misfit(0, "a virtual host, its port and a space");
    }
    let at = vhost.len() + 1;
    let client = word(at);
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

/// Whether a line begins as one of `vhost_combined` and is no piece of one: behind
/// the virtual host nothing but the common format stands.
pub(super) fn is_common(line: &[u8]) -> Result<(), Misfit> {
    is_combined(line)?;
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
