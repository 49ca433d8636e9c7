//! The formats that are told by their lines, a file each.

mod balancer;
mod by_name;
mod caddy;
mod delimited;
mod dictionary;
mod docker;
mod endpoint;
mod envoy;
mod error_log;
mod escaped;
mod fixed;
mod haproxy;
mod haproxy_messages;
mod ingress_nginx;
mod joined;
mod json;
mod known;
mod logfmt;
mod ltsv;
mod named;
mod names;
mod numbered;
mod plain;
mod prefix;
mod proxy_manager;
mod quotes;
mod s3;
mod squid;
#[cfg(test)]
mod testing;
mod traefik;
mod traefik_clf;
mod url;
mod usual_names;
mod values;
mod vhost;
pub(super) mod w3c;
mod wrapped;

use std::sync::{Arc, LazyLock};

pub(super) use by_name::{named, names, wrapper, wrapper_word};
use named::Named;
pub(super) use numbered::is_numbered;
pub(super) use vhost::Host;
pub(super) use wrapped::Wrapper;

use super::cut::Cut;
use super::format::{Format, Own};
use super::layout::{Layout, Told};

/// All of them, the most particular first: a line that fits several is of the
/// first. Lines in quotes or behind a prefix come before others, since many a
/// prefix may be taken for the client and the user of a combined line.
pub(super) fn known() -> &'static [Format] {
    static KNOWN: LazyLock<Vec<Format>> = LazyLock::new(|| {
        let alone = alone();
        // HAProxy looks for a prefix itself; header lines follow each other.
        let is_wrapped = |format: &&Format| !["w3c", "cloudfront"].contains(&format.name());
        let inner = || alone.iter().filter(is_wrapped).cloned();
        let wrapped = Wrapper::ALL.into_iter().flat_map(|wrapper| {
            let wrapped = inner().map(move |format| wrapper.wrap(format));
            wrapped.filter(|format| !format.name().ends_with("prefixed haproxy"))
        });
        let mut known: Vec<_> = wrapped.collect();
        known.extend(alone.iter().cloned());
        known
    });
    &KNOWN
}

/// Those whose lines stand alone.
fn alone() -> Vec<Format> {
    let layout = |name, told| {
        let layout = Layout::parse(name).expect("the name of a format");
        Format::Layout(layout.told(told))
    };
    let hosted = |name, port, quoted| layout(name, Told::Host(Host { port, quoted }));
    let haproxy = Format::Own(Own::new(Arc::new(haproxy::HAPROXY)));
    // Mostly sent by syslog.
    let mut alone = vec![Wrapper::PerhapsPrefix.wrap(haproxy)];
    alone.extend(own());
    // Of a line that fits none, the last but combined is told to be the nearest.
    alone.extend([
        hosted("vhost_common_no_port", false, false),
        hosted("vhost_combined_no_port", false, true),
        hosted("vhost_common", true, false),
        hosted("vhost_combined", true, true),
        layout("combined_numbered", Told::Numbers),
    ]);
    alone.push(Format::Combined);
    alone
}

/// Those with a cutter of their own, which stand alone by themselves.
fn own() -> impl Iterator<Item = Format> {
    let own: Vec<Arc<dyn Cut>> = vec![
        Arc::new(proxy_manager::PROXY_MANAGER),
        Arc::new(error_log::ERROR_LOG),
        Arc::new(traefik_clf::TRAEFIK_CLF),
        Arc::new(ingress_nginx::INGRESS_NGINX),
        Arc::new(balancer::Balancer::application()),
        Arc::new(balancer::Balancer::classic()),
        Arc::new(s3::S3),
        Arc::new(w3c::W3c::cloudfront()),
        Arc::new(w3c::W3c::without_header()),
        Arc::new(squid::SQUID),
        Arc::new(Named::new(&caddy::CADDY)),
        Arc::new(Named::new(&traefik::TRAEFIK)),
        Arc::new(Named::new(&envoy::ENVOY)),
        Arc::new(Named::new(&json::JSON)),
        Arc::new(Named::new(&ltsv::LTSV)),
        Arc::new(Named::new(&logfmt::LOGFMT)),
    ];
    own.into_iter().map(|cut| Format::Own(Own::new(cut)))
}

#[cfg(test)]
mod tests {
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
            (&format!("{COMBINED} 7 \"r\" \"s\" 5ms"), "traefik_clf"),
            (
                &format!("{COMBINED} 7 0.1 [a] [] - - - - 0f"),
                "ingress_nginx",
            ),
            (&format!("a.example:80 {COMBINED}"), "vhost_combined"),
            (r#"a.example:80 ::1 - - [t] "GET /" 200 5"#, "vhost_common"),
            (&COMBINED.replace(" 5 ", " 5 0.25 "), "combined_numbered"),
            (&format!("a.example {COMBINED}"), "vhost_combined_no_port"),
            (
                "default ::1 - - [t] \"GET /\" 200 5",
                "vhost_common_no_port",
            ),
            (&format!("192.0.2.9 {COMBINED}"), "common or combined"),
            (&format!("192.0.2.9, {COMBINED}"), "common or combined"),
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
            (
                &docker.replace("{\"log\":\"", "{\"log\":\"web.1    | "),
                "docker prefixed combined",
            ),
            ("Dec 19 12:00:03 h haproxy[1]: Proxy a started.", "haproxy"),
            ("2022/01/24 16:33:06 [error] 3#3: *3 x", "error_log"),
            (
                "<13>Dec 19 12:00:03 h nginx: 2022/01/24 16:33:06 [error] 3#3: x",
                "prefixed error_log",
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
                "json",
            ),
            ("Lorem ipsum: dolor sit amet.", "none"),
        ] {
            assert_eq!(told(line), name, "{line}");
        }
    }

    #[test]
    fn a_piece_of_a_line_with_a_host_is_not_common() {
        let line = r#"a.example:80 ::1 - - [t] "GET /" 200 5 "-" "open"#;
        assert_eq!(told(line), "none");
    }
}
