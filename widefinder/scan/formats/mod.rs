//! The formats that are told by their lines, a file each.

mod balancer;
mod caddy;
#[cfg(test)]
mod check;
mod delimited;
mod dictionary;
mod escaped;
mod json;
mod known;
mod logfmt;
mod ltsv;
mod named;
mod names;
mod plain;
mod s3;
mod squid;
mod traefik;
mod url;
mod values;
pub(super) mod w3c;

use std::sync::{Arc, LazyLock};

use memchr::{memchr, memrchr};

use named::Named;

use super::combined::Misfit;
use super::cut::Cut;
use super::format::{Format, Own};
use super::layout::Layout;

/// All of them, the most particular first: a line that fits several is of the
/// first.
pub(super) fn known() -> &'static [Format] {
    static KNOWN: LazyLock<Vec<Format>> = LazyLock::new(|| {
        let layout = |name| Layout::parse(name).expect("the name of a format");
        let vhost_combined = layout("vhost_combined").beginning_with(is_vhost_combined);
        let mut known: Vec<_> = own().map(|cut| Format::Own(Own::new(cut))).collect();
        known.extend([Format::Layout(vhost_combined), Format::Combined]);
        known
    });
    &KNOWN
}

/// Those with a cutter of their own.
fn own() -> impl Iterator<Item = Arc<dyn Cut>> {
    let own: Vec<Arc<dyn Cut>> = vec![
        Arc::new(balancer::Balancer::application()),
        Arc::new(balancer::Balancer::classic()),
        Arc::new(s3::S3),
        Arc::new(w3c::W3c::cloudfront()),
        Arc::new(w3c::W3c::without_header()),
        Arc::new(squid::Squid),
        Arc::new(Named::new(&caddy::CADDY)),
        Arc::new(Named::new(&traefik::TRAEFIK)),
        Arc::new(Named::new(&json::JSON)),
        Arc::new(Named::new(&ltsv::LTSV)),
        Arc::new(Named::new(&logfmt::LOGFMT)),
    ];
    own.into_iter()
}

/// Finds a format by its name, or by the name that GoAccess has for it.
pub(super) fn named(name: &str) -> Option<Format> {
    /// Names that others have given them.
    const SYNONYMS: [(&str, &str); 4] = [
        ("awsalb", "alb"),
        ("awselb", "elb"),
        ("awss3", "s3"),
        ("traefikjson", "traefik_json"),
    ];
    let synonym = SYNONYMS
        .iter()
        .find(|(synonym, _)| name.eq_ignore_ascii_case(synonym));
    let name = synonym.map_or(name, |(_, name)| name);
    let mut known = known().iter();
    known
        .find(|format| format.name().eq_ignore_ascii_case(name))
        .cloned()
}

/// Whether a line begins as one of `vhost_combined`. Such a line fits the combined
/// format as well, with the virtual host for the client, the client for its
/// identity, and two users; and many a line of that fits this one.
fn is_vhost_combined(line: &[u8]) -> Result<(), Misfit> {
    let misfit = |at, expected| Err(Misfit { at, expected });
    let word = |from: usize| {
        let rest = &line[from..];
        &rest[..memchr(b' ', rest).unwrap_or(rest.len())]
    };
    let vhost = word(0);
    let port = memrchr(b':', vhost).map(|colon| &vhost[colon + 1..]);
    let is_port = port.is_some_and(|port| !port.is_empty() && port.iter().all(u8::is_ascii_digit));
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
