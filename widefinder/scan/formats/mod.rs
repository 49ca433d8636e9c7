//! The formats that are told by their lines, a file each.

mod columns;
mod enclosed;
mod error_log;
mod haproxy;
mod haproxy_messages;
mod ingress_nginx;
mod prefix;
mod prefixed;
mod proxy_manager;
mod squid;
#[cfg(test)]
mod testing;
mod traefik_clf;
mod unescape;

use std::sync::{Arc, LazyLock};

use memchr::{memchr, memrchr};

use self::enclosed::{Enclosed, In};
use self::prefixed::Prefixed;
use super::combined::{Frame, Misfit};
use super::cut::Cut;
use super::format::{Format, Own};
use super::layout::Layout;

/// All of them, the most particular first: a line that fits several is of the
/// first. Lines in quotes or behind a prefix come before others, since many a
/// prefix may be taken for the client and the user of a combined line.
pub(super) fn known() -> &'static [Format] {
    static KNOWN: LazyLock<Vec<Format>> = LazyLock::new(|| {
        let plain = plain();
        let haproxy = |format: &&Format| format.name() != HAPROXY;
        let wrapped = |wrap: fn(Format) -> Format| plain.iter().cloned().map(wrap);
        let mut known = Vec::new();
        known.extend(wrapped(quoted));
        known.extend(wrapped(docker));
        known.extend(plain.iter().filter(haproxy).cloned().map(prefixed));
        known.extend(plain.iter().cloned());
        known
    });
    &KNOWN
}

/// Those whose lines stand alone.
fn plain() -> Vec<Format> {
    let layout = |name| Layout::parse(name).expect("the name of a format");
    let vhost_combined = layout("vhost_combined").beginning_with(is_vhost_combined);
    let vhost_common = layout("vhost_common").beginning_with(is_vhost_common);
    let mut plain: Vec<_> = own().map(|cut| Format::Own(Own::new(cut))).collect();
    plain.extend([vhost_combined, vhost_common].map(Format::Layout));
    plain.push(Format::Combined);
    plain
}

/// Those with a cutter of their own.
fn own() -> impl Iterator<Item = Arc<dyn Cut>> {
    let haproxy = Format::Own(Own::new(Arc::new(haproxy::Haproxy)));
    let own: [Arc<dyn Cut>; 6] = [
        // Mostly sent by syslog.
        Arc::new(Prefixed::or_not(haproxy)),
        Arc::new(proxy_manager::ProxyManager),
        Arc::new(error_log::ErrorLog),
        Arc::new(traefik_clf::TraefikClf),
        Arc::new(ingress_nginx::IngressNginx),
        Arc::new(squid::Squid),
    ];
    own.into_iter()
}

const HAPROXY: &str = "haproxy";

fn prefixed(inner: Format) -> Format {
    Format::Own(Own::new(Arc::new(Prefixed::new(inner))))
}

fn quoted(inner: Format) -> Format {
    Format::Own(Own::new(Arc::new(Enclosed::new(In::Quotes, inner))))
}

fn docker(inner: Format) -> Format {
    Format::Own(Own::new(Arc::new(Enclosed::new(In::Docker, inner))))
}

/// Names that others have given to formats, those of GoAccess, and the names that
/// these have here.
const SYNONYMS: [(&str, &str); 11] = [
    ("vcombined", "vhost_combined"),
    ("vcommon", "vhost_common"),
    ("awsalb", "alb"),
    ("awselb", "elb"),
    ("awss3", "s3"),
    ("iis", "w3c"),
    ("traefikclf", "traefik-clf"),
    ("npm", "nginx-proxy-manager"),
    ("ingress", "ingress-nginx"),
    ("main", "combined"),
    ("nginx", "combined"),
];

/// Finds a format by its name, or by the name that another has for it; either may
/// stand behind what its lines are wrapped in, as in `prefixed combined`.
pub(super) fn named(name: &str) -> Option<Format> {
    let name = name.to_ascii_lowercase();
    let wrappers: [(&str, fn(Format) -> Format); 3] = [
        ("prefixed ", prefixed),
        ("quoted ", quoted),
        ("docker ", docker),
    ];
    for (word, wrap) in wrappers {
        if let Some(inner) = name.strip_prefix(word) {
            return named(inner).map(wrap);
        }
    }
    let synonym = SYNONYMS.iter().find(|(synonym, _)| name == *synonym);
    match synonym.map_or(&*name, |(_, name)| *name) {
        "common" => Some(Format::Common),
        "combined" => Some(Format::Combined),
        name => {
            let mut known = known().iter();
            let found = known.find(|format| format.name().eq_ignore_ascii_case(name));
            found.cloned()
        }
    }
}

/// The names that a format may be asked for by, those of others included.
pub(super) fn names() -> Vec<String> {
    let mut names = vec!["common".to_owned(), "combined".to_owned()];
    let plain = plain();
    let plain = plain.iter().filter(|format| **format != Format::Combined);
    names.extend(plain.map(|format| format.name().to_owned()));
    let synonyms = SYNONYMS.iter().filter(|(_, name)| names.iter().any(|n| n == name));
    let synonyms: Vec<_> = synonyms.map(|(synonym, _)| (*synonym).to_owned()).collect();
    names.extend(synonyms);
    names
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

/// Whether a line begins as one of `vhost_combined` and is no piece of one: behind
/// the virtual host nothing but the common format stands.
fn is_vhost_common(line: &[u8]) -> Result<(), Misfit> {
    is_vhost_combined(line)?;
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
