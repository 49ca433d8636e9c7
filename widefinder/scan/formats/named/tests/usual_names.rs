//! The names that servers and frameworks give to fields.

use super::*;

#[test]
fn names_that_others_give_are_known() {
    for (line, fields) in [
        // Fastly's default.
        (
            r#"{"client_ip":"192.0.2.1","request":"GET","url":"/x?y","status":200}"#,
            &[("method", "GET"), ("uri", "/x?y"), ("client", "192.0.2.1")][..],
        ),
        // The same URI as a request.
        (
            r#"{"request":"GET /x HTTP/2.0","status":200,"protocol":"https"}"#,
            &[("uri", "/x"), ("scheme", "https"), ("protocol", "HTTP/2.0")],
        ),
        // Cloudflare's Logpush.
        (
            r#"{"ClientIP":"2001:db8::1","ClientRequestHost":"a.example","ClientRequestMethod":"GET","ClientRequestURI":"/a?b","EdgeResponseBytes":7,"EdgeResponseStatus":404,"EdgeStartTimestamp":"2026-10-10T13:55:36Z"}"#,
            &[
                ("client", "2001:db8::1"),
                ("uri", "/a?b"),
                ("status", "404"),
                ("bytes", "7"),
                ("vhost", "a.example"),
                ("time", "2026-10-10T13:55:36Z"),
            ],
        ),
        // A widespread template of nginx, and one of Apache.
        (
            r#"{"url":"/","status":200,"responsetime":0.074,"upstreamtime":"0.07"}"#,
            &[("latency", "0.074"), ("upstream_latency", "0.07")],
        ),
        (
            r#"{"remoteIP":"192.0.2.1:3333","request":"/a","query":"?b","method":"GET","status":"200"}"#,
            &[("client", "192.0.2.1"), ("uri", "/a?b"), ("method", "GET")],
        ),
    ] {
        assert_cut(&json::JSON, line, fields);
    }
}

#[test]
fn requests_with_a_level_and_a_message_are_none_of_other_servers() {
    for line in [
        r#"{"level":30,"time":1,"req":{"method":"GET","url":"/a"},"res":{"statusCode":200},"msg":"done"}"#,
        r#"{"level":"info","time":"t","msg":"m","http":{"request":{"method":"GET"},"response":{"status_code":200}},"url":{"path":"/a"}}"#,
        r#"{"level":"info","ts":1.5,"msg":"m","http_method":"GET","request_path":"/a","http_status":200}"#,
    ] {
        for dialect in [&traefik::TRAEFIK, &caddy::CADDY] {
            assert!(cut(dialect, &[], line.as_bytes()).is_err(), "{line}");
        }
        let (record, _) = cut(&json::JSON, &[], line.as_bytes()).unwrap();
        assert_eq!(record, Record::Entry, "{line}");
    }
}

#[test]
fn the_usual_names_are_known() {
    assert_cut(
        &json::JSON,
        NGINX,
        &[
            ("time", "2026-10-10T13:55:36+00:00"),
            ("client", "2001:db8::1"),
            ("method", "GET"),
            ("uri", "/tea?a=%20"),
            ("protocol", "HTTP/1.1"),
            ("status", "200"),
            ("bytes", "12"),
            ("referrer", ""),
            ("agent", "-"),
            ("latency", "0.012"),
            ("upstream_latency", "0.001, 0.002"),
            ("vhost", "a.example"),
        ],
    );
    for (line, expected) in [
        (
            r#"{"level":30,"time":1531257826846,"req":{"method":"GET","url":"/a","headers":{"host":"h","user-agent":"x"},"remoteAddress":"::1"},"res":{"statusCode":200},"responseTime":2}"#,
            [
                ("status", "200"),
                ("uri", "/a"),
                ("client", "::1"),
                ("latency", "2ms"),
            ],
        ),
        (
            r#"{"@timestamp":"2026-10-10T13:55:36Z","http.request.method":"GET","url":{"path":"/a","query":"b"},"http":{"response":{"status_code":404}},"source.ip":"::1","event":{"duration":5000}}"#,
            [
                ("status", "404"),
                ("uri", "/a?b"),
                ("client", "::1"),
                ("latency", "5000ns"),
            ],
        ),
        (
            r#"{"date":"2026-10-10","time":"13:55:36","c-ip":"::1","cs-method":"GET","cs-uri-stem":"/a","cs-uri-query":"-","sc-status":2e2,"time-taken":15}"#,
            [
                ("time", "2026-10-10 13:55:36"),
                ("uri", "/a"),
                ("status", "200"),
                ("latency", "15ms"),
            ],
        ),
        (
            r#"{"request_verb":"GET","request_url":"https://a.example:443/x?y","elb_status_code":301,"time":"t"}"#,
            [
                ("vhost", "a.example"),
                ("scheme", "https"),
                ("uri", "/x?y"),
                ("path", "/x"),
            ],
        ),
    ] {
        assert_cut(&json::JSON, line, &expected);
    }
}
