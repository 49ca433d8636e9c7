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
mod vhost;

use std::sync::{Arc, LazyLock};

use self::enclosed::{Enclosed, In};
use self::prefixed::Prefixed;
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
    let vhost_combined = layout("vhost_combined").beginning_with(vhost::is_combined);
    let vhost_common = layout("vhost_common").beginning_with(vhost::is_common);
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

/// What puts a format inside of what its lines are wrapped in.
pub(super) type Wrap = fn(Format) -> Format;

/// The word for what lines are wrapped in at the beginning of a text, as in
/// `prefixed combined`, and the rest of the text.
pub(super) fn wrapper(text: &str) -> Option<(Wrap, &str)> {
    const WRAPPERS: [(&str, Wrap); 3] = [
        ("prefixed", prefixed),
        ("quoted", quoted),
        ("docker", docker),
    ];
    let (word, rest) = text.split_once(' ')?;
    let mut wrappers = WRAPPERS.iter();
    let (_, wrap) = wrappers.find(|(name, _)| word.eq_ignore_ascii_case(name))?;
    Some((*wrap, rest))
}

/// Finds a format by its name, or by the name that another has for it.
pub(super) fn named(name: &str) -> Option<Format> {
    let name = name.to_ascii_lowercase();
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
    let synonyms = SYNONYMS
        .iter()
        .filter(|(_, name)| names.iter().any(|n| n == name));
    let synonyms: Vec<_> = synonyms.map(|(synonym, _)| (*synonym).to_owned()).collect();
    names.extend(synonyms);
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::Field;
    use crate::scan::detect::detect;

    const COMBINED: &str = r#"192.0.2.1 - - [t] "GET / HTTP/1.1" 200 5 "-" "x""#;

    fn told(line: &str) -> String {
        match detect(line.as_bytes()) {
            Ok(formats) => formats.names().join(", "),
            Err(_) => "none".to_owned(),
        }
    }

    #[test]
    fn each_line_is_of_one_format() {
        let docker = format!(
            r#"{{"log":"{}\n","stream":"stdout","time":"t"}}"#,
            COMBINED.replace('"', r#"\""#)
        );
        for (line, name) in [
            (COMBINED, "common or combined"),
            (&format!("{COMBINED} \"192.0.2.7\""), "common or combined"),
            (&format!("{COMBINED} 7 \"r\" \"s\" 5ms"), "traefik-clf"),
            (
                &format!("{COMBINED} 7 0.1 [a] [] - - - - 0f"),
                "ingress-nginx",
            ),
            (&format!("a.example:80 {COMBINED}"), "vhost_combined"),
            (r#"a.example:80 ::1 - - [t] "GET /" 200 5"#, "vhost_common"),
            (
                &format!("Dec 19 12:00:03 h nginx: {COMBINED}"),
                "prefixed combined",
            ),
            (
                &format!("2024-11-24T13:38:05.1Z stdout F {COMBINED}"),
                "prefixed combined",
            ),
            (&format!("web | {COMBINED}"), "prefixed combined"),
            (&format!("\"{COMBINED}\""), "quoted combined"),
            (&format!("\"{COMBINED} 1.0\""), "quoted combined"),
            (&docker, "docker combined"),
            ("Dec 19 12:00:03 h haproxy[1]: Proxy a started.", "haproxy"),
            ("2022/01/24 16:33:06 [error] 3#3: *3 x", "error-log"),
            (
                "<13>Dec 19 12:00:03 h nginx: 2022/01/24 16:33:06 [error] 3#3: x",
                "prefixed error-log",
            ),
            ("Dec 19 12:00:03 h sshd[1]: Connection closed", "none"),
            (
                "http 2018-07-02T22:23:00.186641Z app/a/b 192.0.2.1:2817 - 0.1 0.1 0.1 200 200",
                "none",
            ),
            (
                "2015-05-13T23:39:43.945958Z a 192.0.2.1:2817 192.0.2.2:80 0.1 0.1 0.1 200 200",
                "none",
            ),
            (
                "2024-11-24 13:38:05 192.0.2.1 GET / - 80 - 192.0.2.2 x - 200 0 0 5",
                "none",
            ),
            (
                r#"{"ts":1.5,"request":{"method":"GET"},"status":200}"#,
                "none",
            ),
            ("host:192.0.2.1\tstatus:200", "none"),
            ("Lorem ipsum: dolor sit amet.", "none"),
        ] {
            assert_eq!(told(line), name, "{line}");
        }
    }

    #[test]
    fn formats_have_the_names_of_others_too() {
        for (name, own) in [
            ("COMBINED", "common or combined"),
            ("COMMON", "common"),
            ("VCOMBINED", "vhost_combined"),
            ("VCOMMON", "vhost_common"),
            ("TRAEFIKCLF", "traefik-clf"),
            ("Squid", "squid"),
        ] {
            assert_eq!(Format::named(name).unwrap().name(), own);
        }
        for name in ["prefixed combined", "Docker HAPROXY", "quoted combined %D"] {
            let format = Format::named(name).unwrap();
            assert!(format.source(&Field::Status).is_some(), "{name}");
        }
        assert!(names().iter().any(|name| name == "vcommon"));
    }

    #[test]
    fn a_piece_of_a_line_with_a_host_is_not_common() {
        let line = r#"a.example:80 ::1 - - [t] "GET /" 200 5 "-" "open"#;
        assert_eq!(told(line), "none");
    }
}
