//! Lines of the formats whose values have names.

use proptest::prelude::*;

use super::*;
use crate::scan::formats::{caddy, envoy, json, logfmt, ltsv, traefik};

mod usual_names;

const CADDY: &str = r#"{"level":"info","ts":1761019828.6153953,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"192.0.2.1","client_ip":"192.0.2.7","proto":"HTTP/2.0","method":"GET","host":"a.example","uri":"/tea?x=1","headers":{"Accept":["*/*"],"User-Agent":["Test/1.0 \"q\""],"Referer":["http://b.example/"]},"tls":{"resumed":false,"version":772,"cipher_suite":4865}},"bytes_read":3,"user_id":"","duration":2.5e-05,"size":18630,"status":200,"resp_headers":{"Etag":["\"s\""]}}"#;

const TRAEFIK: &str = r#"{"ClientAddr":"192.0.2.1:39496","ClientHost":"192.0.2.1","ClientUsername":"-","DownstreamContentSize":357,"DownstreamStatus":404,"Duration":357313,"OriginDuration":324669,"OriginStatus":200,"RequestContentSize":0,"RequestHost":"a.example","RequestMethod":"GET","RequestPath":"/x?y","RequestProtocol":"HTTP/1.1","RequestScheme":"http","ServiceURL":{"Scheme":"http","User":null},"StartUTC":"2021-12-08T14:02:43.587782192Z","level":"info","msg":"","request_User-Agent":"Nikto","time":"2021-12-08T14:02:43Z"}"#;

const NGINX: &str = r#"{"time_iso8601":"2026-10-10T13:55:36+00:00","remote_addr":"2001:db8::1","request":"GET \/tea?a=%20 HTTP/1.1","status":"200","body_bytes_sent":12,"http_referer":"","request_time":0.012,"upstream_response_time":"0.001, 0.002","host":"a.example"}"#;

const ENVOY: &str = r#"{"authority":"a.example","bytes_received":7,"bytes_sent":135,"downstream_remote_address":"[2001:db8::1]:55930","duration":3,"method":"GET","path":"/tea?x=1","protocol":"HTTP/1.1","requested_server_name":null,"response_code":200,"response_flags":"-","start_time":"2026-10-10T13:55:36.123Z","upstream_service_time":"2","user_agent":"curl/8","x_forwarded_for":null}"#;

fn formats() -> [Named; 6] {
    [
        Named::new(&envoy::ENVOY),
        Named::new(&caddy::CADDY),
        Named::new(&traefik::TRAEFIK),
        Named::new(&json::JSON),
        Named::new(&ltsv::LTSV),
        Named::new(&logfmt::LOGFMT),
    ]
}

fn field(name: &str) -> Field {
    let mut named = Field::NAMED.iter();
    let named = named.find(|(known, _)| *known == name);
    named.map_or_else(|| Field::Own(name.to_owned()), |(_, field)| field.clone())
}

/// What a format that is bound to these fields says of a line.
fn cut(
    dialect: &'static Dialect,
    fields: &[&str],
    line: &[u8],
) -> Result<(Record, Vec<String>), Misfit> {
    let fields: Vec<_> = fields.iter().map(|name| field(name)).collect();
    let bound = Named::new(dialect).bound(&fields.iter().collect::<Vec<_>>());
    let bound = bound.unwrap();
    let (mut slots, arena) = (vec![&b""[..]; bound.slots()], Bump::new());
    let places: Vec<_> = fields.iter().map(|field| bound.source(field)).collect();
    let needed = places.iter().fold(0, |needed, place| match place {
        Some(Source::Slot(slot)) => needed | 1u64.checked_shl(*slot as u32).unwrap_or(0),
        _ => needed,
    });
    let record = bound.cut(line, &mut slots, needed, &arena)?;
    let texts = places.iter().map(|place| match place {
        Some(Source::Slot(slot)) => String::from_utf8_lossy(slots[*slot]).into_owned(),
        place => format!("{place:?}"),
    });
    Ok((record, texts.collect()))
}

/// Asserts what the fields of a line are: `name=value` each.
fn assert_cut(dialect: &'static Dialect, line: &str, expected: &[(&str, &str)]) {
    let (names, values): (Vec<_>, Vec<_>) = expected.iter().copied().unzip();
    let cut = cut(dialect, &names, line.as_bytes());
    let expected = values.iter().map(|value| (*value).to_owned()).collect();
    assert_eq!(cut, Ok((Record::Entry, expected)), "{line}");
}

#[test]
fn envoy_is_cut() {
    assert_cut(
        &envoy::ENVOY,
        ENVOY,
        &[
            ("time", "2026-10-10T13:55:36.123Z"),
            ("client", "2001:db8::1"),
            ("method", "GET"),
            ("uri", "/tea?x=1"),
            ("query", "x=1"),
            ("protocol", "HTTP/1.1"),
            ("status", "200"),
            ("bytes", "135"),
            ("bytes_in", "7"),
            ("agent", "curl/8"),
            ("vhost", "a.example"),
            ("latency", "3ms"),
            ("upstream_latency", "2ms"),
            ("json:response_flags", "-"),
        ],
    );
    // Envoy Gateway's names.
    let line = r#"{"start_time":"2026-10-10T13:55:36.123Z","method":"GET","x-envoy-origin-path":"/b","response_code":503,"response_flags":"UH","duration":0,"x-envoy-upstream-service-time":null,":authority":"b.example","downstream_remote_address":"192.0.2.1:80"}"#;
    let fields = ["uri", "vhost", "client", "latency", "upstream_latency"];
    let values = ["/b", "b.example", "192.0.2.1", "0ms", "-"];
    let expected: Vec<_> = fields.into_iter().zip(values).collect();
    assert_cut(&envoy::ENVOY, line, &expected);
    let tcp = ENVOY.replace(r#""GET""#, "null");
    assert_eq!(
        cut(&envoy::ENVOY, &[], tcp.as_bytes()).unwrap().0,
        Record::Other
    );
    let other = ENVOY.replace("response_flags", "flags");
    assert!(cut(&envoy::ENVOY, &[], other.as_bytes()).is_err());
}

#[test]
fn caddy_is_cut() {
    assert_cut(
        &caddy::CADDY,
        CADDY,
        &[
            ("time", "1761019828.6153953"),
            ("client", "192.0.2.7"),
            ("user", ""),
            ("method", "GET"),
            ("uri", "/tea?x=1"),
            ("path", "/tea"),
            ("query", "x=1"),
            ("protocol", "HTTP/2.0"),
            ("status", "200"),
            ("bytes", "18630"),
            ("referrer", "http://b.example/"),
            ("agent", "Test/1.0 \"q\""),
            ("vhost", "a.example"),
            ("scheme", "https"),
            ("latency", "0.000025"),
            ("bytes_in", "3"),
            ("tls_version", "TLSv1.3"),
            ("tls_cipher", "4865"),
            ("json:request.headers.Accept", "*/*"),
            (
                "json:request.tls",
                r#"{"resumed":false,"version":772,"cipher_suite":4865}"#,
            ),
            ("json:status", "200"),
            ("$msg", "handled request"),
            ("json:none.such", "-"),
        ],
    );
}

#[test]
fn traefik_is_cut() {
    assert_cut(
        &traefik::TRAEFIK,
        TRAEFIK,
        &[
            ("time", "2021-12-08T14:02:43.587782192Z"),
            ("client", "192.0.2.1"),
            ("user", "-"),
            ("uri", "/x?y"),
            ("status", "404"),
            ("bytes", "357"),
            ("latency", "357313"),
            ("upstream_latency", "324669"),
            ("agent", "Nikto"),
            ("referrer", "-"),
            ("vhost", "a.example"),
            ("scheme", "http"),
            ("json:ServiceURL.User", "-"),
        ],
    );
}

#[test]
fn odd_objects_are_cut() {
    for (line, expected) in [
        // The last of the same name stays, unless it is empty.
        (
            r#"{"status":1,"uri":"/a","status":2,"uri":null}"#,
            [("status", "2"), ("uri", "/a")],
        ),
        // The better name stays, wherever it stands.
        (
            r#"{"request_uri":"/a","uri":"/b","status":""}"#,
            [("status", ""), ("uri", "/a")],
        ),
        (
            r#"{"uri":"/b","request":"GET /a HTTP/1.0","status":1.0}"#,
            [("status", "1"), ("uri", "/a")],
        ),
        (
            r#"{"request":"","status":400}"#,
            [("method", ""), ("uri", "")],
        ),
        (
            r#"{"request":"-","status":-,"x":,"y":[]}"#,
            [("status", "-"), ("uri", "-")],
        ),
        (
            r#" { "status" : 200 , "uri" : [ [ "\u002fa" ] , 7 ] , "z" : { } } , "#,
            [("status", "200"), ("uri", "/a")],
        ),
        (
            r#"{"stat\u0075s":200,"uri":"/a","x":"}{\\"}"#,
            [("status", "200"), ("uri", "/a")],
        ),
    ] {
        assert_cut(&json::JSON, line, &expected);
    }
}

#[test]
fn records_that_are_no_requests_are_other() {
    let message = r#"{"level":"info","ts":1761019822.3,"msg":"serving initial configuration"}"#;
    let error = CADDY
        .replace("http.log.access", "http.log.error")
        .replace("handled request", "x");
    let own = r#"{"level":"info","msg":"starting","time":"2021-12-08T14:02:43Z"}"#;
    for (dialect, line) in [
        (&caddy::CADDY, message),
        (&caddy::CADDY, &error),
        (&traefik::TRAEFIK, own),
        (&json::JSON, message),
        (&json::JSON, own),
        (&json::JSON, "{}"),
        (&json::JSON, r#"{"path":"/etc","status":"ok"}"#),
        (&json::JSON, r#"{"path":"/etc","method":"copy"}"#),
        (&logfmt::LOGFMT, "time=x level=info msg=\"a b\" flag"),
        (&ltsv::LTSV, "time:x\tmsg:y"),
    ] {
        let record = cut(dialect, &[], line.as_bytes()).unwrap().0;
        assert_eq!(record, Record::Other, "{line}");
    }
}

#[test]
fn ltsv_and_logfmt_are_cut() {
    let ltsv = "time:[10/Oct/2026:13:55:36 +0000]\thost:192.0.2.1\treq:GET /a?b HTTP/1.1\tstatus:200\tsize:5\treferer:-\tua:Test: 1\treqtime:0.5\treqtime_microsec:500000\tx-id:7\t";
    assert_cut(
        &ltsv::LTSV,
        ltsv,
        &[
            ("time", "10/Oct/2026:13:55:36 +0000"),
            ("client", "192.0.2.1"),
            ("path", "/a"),
            ("query", "b"),
            ("bytes", "5"),
            ("agent", "Test: 1"),
            ("latency", "0.5"),
            ("vhost", "-"),
            ("json:x-id", "7"),
        ],
    );
    let heroku = r#"at=info method=GET path="/a?q=\"x\"" host=a.example fwd="192.0.2.1" service=18ms status=200 bytes=13 flag"#;
    assert_cut(
        &logfmt::LOGFMT,
        heroku,
        &[
            ("uri", "/a?q=\"x\""),
            ("vhost", "a.example"),
            ("client", "192.0.2.1"),
            ("latency", "18ms"),
            ("$at", "info"),
        ],
    );
}

#[test]
fn the_place_of_a_misfit_is_told() {
    let table: &[(&'static Dialect, &str, usize)] = &[
        (&json::JSON, "x", 0),
        (&json::JSON, "[1]", 0),
        (&json::JSON, "{", 1),
        (&json::JSON, "{}x", 2),
        (&json::JSON, r#"{"a"}"#, 4),
        (&json::JSON, r#"{"a":x}"#, 5),
        (&json::JSON, r#"{"a":truth}"#, 5),
        (&json::JSON, r#"{"a":"b}"#, 5),
        (&json::JSON, r#"{"a":"b\"}"#, 5),
        (&json::JSON, r#"{"a":"b"]"#, 8),
        (&json::JSON, r#"{"a":[1}"#, 7),
        (&json::JSON, r#"{"a":1,}"#, 7),
        (&json::JSON, r#"{"a":{"b":1}"#, 12),
        (&caddy::CADDY, r#"{"status":200,"uri":"/"}"#, 24),
        (&ltsv::LTSV, "a:b", 2),
        (&ltsv::LTSV, "a:b\tc", 4),
        (&ltsv::LTSV, "a:b\t:c", 4),
        (&logfmt::LOGFMT, "a b=c", 0),
        (&logfmt::LOGFMT, "a=b =c", 4),
        (&logfmt::LOGFMT, "a=\"b", 2),
        (&logfmt::LOGFMT, "a=\"b\"c=d", 5),
    ];
    for (dialect, line, at) in table {
        let cut = cut(dialect, &[], line.as_bytes());
        assert_eq!(cut.unwrap_err().at, *at, "{line}");
    }
}

#[test]
fn depth_is_bounded() {
    let deep = |depth| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let fits = |depth| cut(&json::JSON, &[], deep(depth).as_bytes()).is_ok();
    assert!(fits(json::DEPTH - 1));
    assert!(!fits(json::DEPTH));
    assert!(!fits(100_000));
}

/// Lines of other formats, and text.
const OTHERS: [&str; 8] = [
    "192.0.2.1 - - [10/Oct/2026:13:55:36 -0700] \"GET /a=b HTTP/1.1\" 200 5 \"-\" \"-\"",
    "1286536308.779 180 192.0.2.1 TCP_MISS/200 411 GET http://a.example/ - DIRECT/192.0.2.2 -",
    "https 2026-10-10T13:55:36.1Z app/x/1 192.0.2.1:1 192.0.2.2:80 0.0 0.1 0.0 200 200 34 366 \"GET https://a.example:443/ HTTP/1.1\" \"-\"",
    "2026-10-10\t13:55:36\tLAX1\t2390282\t192.0.2.1\tGET\ta.example\t/x\t200",
    "2026-10-10 13:55:36 192.0.2.1 GET /x a=b 80 - 192.0.2.2 Mozilla/5.0+(x) - 200 0 0 15",
    "Oct 10 13:55:36 host haproxy[1]: 192.0.2.1:1 [10/Oct/2026:13:55:36.655] in out/s 0/0/1/2/3 200 5 - - ---- 1/1/1/1/0 0/0 \"GET / HTTP/1.1\"",
    "just text with a=b",
    "note: text\twith a tab",
];

#[test]
fn other_lines_are_refused() {
    for line in OTHERS {
        for format in formats() {
            let mut slots = vec![&b""[..]; format.slots()];
            let record = format.cut(line.as_bytes(), &mut slots, u64::MAX, &Bump::new());
            assert!(record.is_err(), "{} takes {line}", format.name());
        }
    }
}

const FIELDS_AND_OWN: [&str; 12] = [
    "time",
    "client",
    "method",
    "uri",
    "path",
    "query",
    "status",
    "latency",
    "scheme",
    "agent",
    "json:request.headers.Accept",
    "json:status",
];

proptest! {
    /// What is cut depends neither on what else is cut, nor on the binding.
    #[test]
    fn mutated_lines_are_cut_the_same_for_any_question(
        line in prop::sample::select(vec![
            CADDY, TRAEFIK, NGINX,
            "time:[x]\thost:192.0.2.1\treq:GET /a?b HTTP/1.1\tstatus:200\tsize:5",
            "at=info method=GET path=\"/a?q=\\\"x\\\"\" status=200 service=1ms",
        ]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cut_off in prop::option::of(any::<prop::sample::Index>()),
        asked in prop::sample::subsequence(FIELDS_AND_OWN.to_vec(), 0..FIELDS_AND_OWN.len()),
    ) {
        let mut line = line.as_bytes().to_vec();
        for (place, byte) in changes {
            let place = place.index(line.len());
            line[place] = byte;
        }
        line.truncate(cut_off.map_or(line.len(), |end| 1 + end.index(line.len() - 1)));
        for dialect in [&caddy::CADDY, &traefik::TRAEFIK, &json::JSON, &ltsv::LTSV, &logfmt::LOGFMT] {
            let all = cut(dialect, &FIELDS_AND_OWN, &line);
            let some = cut(dialect, &asked, &line);
            let unbound = Named::new(dialect);
            let (mut slots, arena) = (vec![&b""[..]; unbound.slots()], Bump::new());
            let record = unbound.cut(&line, &mut slots, 0, &arena);
            prop_assert_eq!(record, all.clone().map(|(record, _)| record));
            prop_assert_eq!(record, some.clone().map(|(record, _)| record));
            let (Ok((Record::Entry, all)), Ok((_, some))) = (all, some) else {
                continue;
            };
            for (name, value) in asked.iter().zip(some) {
                let place = FIELDS_AND_OWN.iter().position(|known| known == name).unwrap();
                prop_assert_eq!(&value, &all[place], "{}", name);
            }
        }
    }

    #[test]
    fn the_frame_is_that_of_json(text in "[{}\\[\\],:\"a1\\\\ -]{0,12}") {
        let text = format!("{{\"a\":{text}}}");
        let sound = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        let fits = cut(&json::JSON, &[], text.as_bytes()).is_ok();
        prop_assert!(fits || !sound, "{}", text);
    }

    #[test]
    fn anything_may_come(line in prop::collection::vec(any::<u8>(), 1..200)) {
        for format in formats() {
            let mut slots = vec![&b""[..]; format.slots()];
            let _ = format.cut(&line, &mut slots, u64::MAX, &Bump::new());
        }
    }
}
