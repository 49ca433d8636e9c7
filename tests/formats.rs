//! The format of every real log is told by its lines, and its totals are those that were counted by
//! other means: a few lines of Python or awk for each format.

mod support;

use support::process::{TIMEOUT, run, widefinder};
use support::samples::shared;

/// A log, its formats, its lines (entries, other, bad, blank, comment), and the bytes of its
/// entries.
type Log = (&'static str, &'static [&'static str], [u64; 5], u64);

const COMBINED: &str = "common or combined";

const LOGS: [Log; 39] = [
    (
        "apache_combined_2015.log.gz",
        &[COMBINED],
        [9999, 0, 1, 0, 0],
        2_747_282_505,
    ),
    (
        "bots_2015_combined.log.gz",
        &[COMBINED],
        [3456, 0, 0, 0, 0],
        46_882_196,
    ),
    (
        "combined_plus_dash_2018.log.xz",
        &[COMBINED],
        [200334, 0, 0, 0, 0],
        1_923_028_132_301,
    ),
    (
        "combined_plus_extra_fields_2013.log.gz",
        &[COMBINED],
        [10000, 0, 0, 0, 0],
        20_338_506,
    ),
    (
        "formats/aws/alb.log",
        &["alb"],
        [200, 0, 0, 0, 0],
        7_906_442,
    ),
    (
        "formats/aws/cloudfront.gz",
        &["cloudfront"],
        [66, 0, 0, 0, 2],
        81_303,
    ),
    (
        "formats/aws/elb_classic.log",
        &["elb"],
        [200, 0, 0, 0, 0],
        7_906_442,
    ),
    ("formats/aws/s3.log", &["s3"], [5, 0, 0, 0, 0], 675_097),
    (
        "formats/caddy/logfile_caddy_log.0",
        &["prefixed caddy"],
        [4, 35, 0, 0, 0],
        188,
    ),
    (
        "formats/crowdsec/apache2-logs__apache2-logs.log",
        &[
            "error_log",
            "vhost_combined_no_port",
            "vhost_combined",
            COMBINED,
        ],
        [7, 2, 0, 0, 0],
        12_487,
    ),
    (
        "formats/crowdsec/apache2-malformed__apache2-logs.log",
        &[COMBINED],
        [11, 0, 0, 0, 0],
        2_486,
    ),
    (
        "formats/crowdsec/aws-alb-logs__aws-alb-logs.log",
        &["alb"],
        [14, 0, 0, 0, 0],
        2_387,
    ),
    (
        "formats/crowdsec/aws-cloudfront-logs__aws-cloudfront-logs.log",
        &["cloudfront"],
        [2, 0, 0, 0, 0],
        1_406,
    ),
    (
        "formats/crowdsec/caddy-logs__caddy-logs.log",
        &["caddy"],
        [10, 1, 0, 1, 0],
        18_630,
    ),
    (
        "formats/crowdsec/haproxy-logs__haproxy-logs.log",
        &["haproxy"],
        [2, 3, 0, 0, 0],
        21_341,
    ),
    (
        "formats/crowdsec/nginx-http-malformed__nginx_http-logs.log",
        &[COMBINED],
        [12, 0, 0, 0, 0],
        1_884,
    ),
    (
        "formats/crowdsec/nginx-proxy-manager-logs__nginx-proxy-manager-logs.log",
        &["nginx_proxy_manager", "error_log", COMBINED],
        [12, 2, 0, 0, 0],
        7_371,
    ),
    (
        "formats/crowdsec/nginx_http-logs__nginx_http-logs.log",
        &[
            "error_log",
            "vhost_combined_no_port",
            "vhost_combined",
            COMBINED,
        ],
        [7, 1, 1, 0, 0],
        3_631,
    ),
    (
        "formats/crowdsec/traefik_clf__traefik_clf.log",
        &["traefik_clf"],
        [7, 0, 0, 2, 0],
        2_325,
    ),
    (
        "formats/crowdsec/traefik_json__traefik_json.log",
        &["traefik_json"],
        [6, 0, 1, 0, 0],
        1_462,
    ),
    (
        "formats/haproxy/gforcada_small.log",
        &["haproxy"],
        [9, 0, 0, 0, 0],
        158_490,
    ),
    (
        "formats/iis/brianary_u_ex160110.log",
        &["w3c"],
        [28, 0, 0, 0, 100],
        0,
    ),
    (
        "formats/iis/plaso_iis10_edge_cases.log",
        &["w3c"],
        [15, 0, 0, 0, 4],
        0,
    ),
    ("formats/iis/plaso_iis6.log", &["w3c"], [12, 0, 0, 0, 4], 0),
    (
        "formats/misc/plaso_apache_access.log",
        &["vhost_combined", COMBINED],
        [12, 0, 3, 0, 0],
        34_634,
    ),
    (
        "formats/misc/squid.log",
        &["squid"],
        [121, 0, 0, 0, 0],
        5_470_540,
    ),
    (
        "formats/misc/vhost_combined.log",
        &["vhost_combined"],
        [400, 0, 0, 0, 0],
        13_816_510,
    ),
    ("formats/w3c/logfile_w3c.0", &["w3c"], [1, 0, 0, 0, 4], 0),
    ("formats/w3c/logfile_w3c.1", &["w3c"], [1, 0, 0, 0, 6], 350),
    ("formats/w3c/logfile_w3c.2", &["w3c"], [14, 0, 0, 0, 8], 0),
    ("formats/w3c/logfile_w3c.3", &["w3c"], [3, 0, 0, 3, 4], 0),
    ("formats/w3c/logfile_w3c.4", &["w3c"], [2, 0, 0, 0, 4], 0),
    (
        "nasa_1995-07-09_common.log.gz",
        &[COMBINED],
        [35272, 0, 0, 0, 0],
        754_180_424,
    ),
    ("o10k.ap.gz", &[COMBINED], [10000, 0, 0, 0, 0], 142_039_525),
    (
        "rotated/access.log",
        &[COMBINED],
        [854, 0, 0, 0, 0],
        15_742_352,
    ),
    (
        "rotated/access.log.1",
        &[COMBINED],
        [1508, 0, 0, 0, 0],
        22_648_367,
    ),
    (
        "rotated/access.log.2.gz",
        &[COMBINED],
        [1445, 0, 0, 0, 0],
        22_205_936,
    ),
    (
        "rotated/access.log.3.gz",
        &[COMBINED],
        [1206, 0, 0, 0, 0],
        15_540_862,
    ),
    (
        "rotated/access.log.4.gz",
        &[COMBINED],
        [793, 0, 0, 0, 0],
        10_717_434,
    ),
];

#[test]
fn every_real_log_is_told_by_its_lines() {
    for (name, formats, lines, bytes) in LOGS {
        let Some(path) = shared(&format!("data/{name}")) else {
            continue;
        };
        let mut command = widefinder();
        command.args(["-q", "--json", "-n", "1"]).arg(&path);
        let finished = run(&mut command, None, TIMEOUT).expect("the program ends");
        assert_eq!(finished.status.code(), Some(0), "{name}");
        let document: serde_json::Value =
            serde_json::from_slice(&finished.stdout).expect("a document");
        let file = &document["run"]["files"][0];
        assert_eq!(file["formats"], serde_json::json!(formats), "{name}");
        let names = ["entries", "other", "bad", "blank", "comment"];
        let found = names.map(|kind| file[kind].as_u64().expect("a number"));
        assert_eq!(found, lines, "{name}");
        assert_eq!(file["lines"], found.iter().sum::<u64>(), "{name}");
        assert_eq!(document["totals"]["bytes"], bytes, "{name}");
    }
}
