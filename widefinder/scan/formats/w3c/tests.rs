use proptest::prelude::*;

use super::*;
use crate::scan::formats::testing::{assert_cut, assert_misfits, value};

fn format(headers: &[&str]) -> W3c {
    let mut header = Header::default();
    for line in headers {
        assert!(header.read(line.as_bytes()), "{line}");
    }
    W3c::new(W3c::NAME, header.effective().into_owned())
}

const IIS: [&str; 2] = [
    "#Software: Microsoft Internet Information Services 10.0",
    "#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip \
     cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status time-taken",
];

#[test]
fn lines_of_iis_are_cut() {
    let line = "2026-01-01 00:01:24 192.0.2.9 POST /a a=1;b=\"2+3 444  a\\jo 2001:db8::1 \
                \"Mozilla/5.0\"+(compatible;++x) - 200 0 64 1183";
    let fields = [
        ("time", "2026-01-01 00:01:24"),
        ("client", "2001:db8::1"),
        ("user", "a\\jo"),
        ("method", "POST"),
        ("uri", "/a?a=1;b=\"2+3"),
        ("path", "/a"),
        ("query", "a=1;b=\"2+3"),
        ("agent", "\"Mozilla/5.0\" (compatible;  x)"),
        ("referrer", "-"),
        ("status", "200"),
        ("latency", "1183000000"),
        ("$sc-win32-status", "64"),
        ("$cs(user-agent)", "\"Mozilla/5.0\"+(compatible;++x)"),
    ];
    assert_cut(&format(&IIS), line, &fields);
    let without_query = line.replace("a=1;b=\"2+3", "-");
    assert_cut(
        &format(&IIS),
        &without_query,
        &[("uri", "/a"), ("query", "-")],
    );
    for lacking in [Field::Bytes, Field::Vhost, Field::Own("$x".to_owned())] {
        assert_eq!(format(&IIS).source(&lacking), None);
    }
}

#[test]
fn columns_may_be_quoted_and_their_clock_elsewhere() {
    let headers = [
        "#Software: Oracle9iAS Web Cache/2.0.0.2.0",
        "#GMT-Offset: -0800",
        "#Fields:  c-ip  c-auth-id  date  time  cs-method  cs-uri  sc-status  bytes \
         cs(Referrer)  time-taken  cs(User-Agent)",
    ];
    let line = r#"192.0.2.1   jo  2026-10-31    00:00:18   GET  http://a.example:80/b?c  200 ""   "http://r.example/"   1.5   " say ""hi""+ ""#;
    let fields = [
        ("time", "2026-10-31 00:00:18 -0800"),
        ("client", "192.0.2.1"),
        ("user", "jo"),
        ("uri", "/b?c"),
        ("path", "/b"),
        ("query", "c"),
        ("vhost", "a.example"),
        ("scheme", "http"),
        ("bytes", "-"),
        ("referrer", "http://r.example/"),
        ("latency", "1500000000"),
        ("agent", " say \"hi\"+ "),
    ];
    assert_cut(&format(&headers), line, &fields);
}

#[test]
fn a_time_may_lack_its_date() {
    let headers = [
        "#Date: 2026-10-09 16:44:49",
        "#Fields: time c-ip cs-method cs-uri-stem sc-status",
    ];
    let line = "16:44:50 192.0.2.1 [2]USER anonymous 331";
    assert_cut(&format(&headers), line, &[("time", "2026-10-09 16:44:50")]);
    assert_cut(&format(&headers[1..]), line, &[("time", "16:44:50")]);
    let local = [
        "#Software: IIS Advanced Logging Module",
        "#Fields:   date-local time-local c-ip TimeTakenMS",
    ];
    let fields = [
        ("time", "2026-08-15 17:00:00.363"),
        ("latency", "109000000"),
    ];
    assert_cut(
        &format(&local),
        "2026-08-15 17:00:00.363 \"192.0.2.1\" 109",
        &fields,
    );
}

const CLOUDFRONT: &str = "2026-10-10\t13:55:36\tFRA56-P4\t703\t192.0.2.1\tGET\t\
    d1.cloudfront.example\t/a\t400\t-\tcurl/8%20(x)%2520+y\tb=1\t-\tError\t37==\t\
    www.example.com\thttps\t62\t0.113\t-\tTLSv1.3\tTLS_AES\tError\tHTTP/2.0\t-\t-\t51754\t\
    0.113\tError\ttext/plain;%20charset=utf-8\t20\t-\t-";

#[test]
fn lines_of_cloudfront_need_no_header() {
    let fields = [
        ("time", "2026-10-10\t13:55:36"),
        ("client", "192.0.2.1"),
        ("method", "GET"),
        ("uri", "/a?b=1"),
        ("path", "/a"),
        ("query", "b=1"),
        ("protocol", "HTTP/2.0"),
        ("status", "400"),
        ("bytes", "703"),
        ("bytes_in", "62"),
        ("agent", "curl/8 (x) +y"),
        ("vhost", "www.example.com"),
        ("scheme", "https"),
        ("latency", "113000000"),
        ("tls_version", "TLSv1.3"),
        ("tls_cipher", "TLS_AES"),
        ("cache", "Error"),
        ("$x-edge-location", "FRA56-P4"),
        ("$cs(Host)", "d1.cloudfront.example"),
    ];
    assert_cut(&W3c::cloudfront(), CLOUDFRONT, &fields);
    let headed = format(&[&format!("#Fields: {}", columns::CLOUDFRONT)]);
    assert_cut(&headed, CLOUDFRONT, &fields);
    assert_cut(&headed, &CLOUDFRONT.replace('\t', " "), &fields[1..]);
    let more = format!("{CLOUDFRONT}\tmore");
    assert_cut(&W3c::cloudfront(), &more, &fields);
    let old = &CLOUDFRONT[..CLOUDFRONT.find("\t-\tError").unwrap()];
    assert_cut(&W3c::cloudfront(), old, &fields[..6]);
    assert_misfits(&headed, &[(&more, CLOUDFRONT.len() + 1), (old, old.len())]);
}

#[test]
fn the_place_of_a_misfit_is_told() {
    assert_misfits(&W3c::without_header(), &[("a b", 0)]);
    assert_misfits(
        &format(&["#Fields: date time c-ip sc-status"]),
        &[
            ("2026-10-10 13:55:36 192.0.2.1", 29),
            ("2026-10-10 13:55:36 192.0.2.1 200 1", 34),
            ("2026-10-10 13:55:36 192.0.2.1 2x0", 30),
            ("h - - [t]", 0),
        ],
    );
    let plain = "2026-10-10 13:55:36 192.0.2.1 GET / - 200 0 a b c d e";
    assert_misfits(&W3c::cloudfront(), &[(plain, 0)]);
    let iis = "2026-10-10 13:55:36 W3SVC1 192.0.2.1 GET / - 80 - 192.0.2.2 - 200 0 0";
    assert_misfits(&W3c::cloudfront(), &[(iis, 0)]);
}

#[test]
fn more_columns_than_slots_are_counted() {
    let names: String = (0..70).map(|name| format!(" x-{name}")).collect();
    let format = format(&[&format!("#Fields:{names} c-ip")]);
    assert!(format.slots() <= 64);
    let line = "1 ".repeat(71);
    assert_cut(&format, &line, &[("$x-55", "1")]);
    assert_eq!(format.source(&Field::Own("$x-56".to_owned())), None);
    assert_misfits(&format, &[(&line[2..], 140), (&format!("{line}1"), 142)]);
}

proptest! {
    #[test]
    fn any_line_is_cut_the_same_whatever_is_needed(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "2026-10-10", "13:55:36", " ", " ", "\t", "\"", "\"\"", "+", "%20", "200", "-", "/a", "?",
            ]),
            0..24,
        ),
    ) {
        let line = pieces.concat();
        let headers = "#Fields: date time cs-uri-stem cs-uri-query sc-status cs(User-Agent)";
        for format in [format(&[headers]), format(&[IIS[0], headers]), W3c::cloudfront()] {
            let cut = |needed| {
                let (mut slots, arena) = (vec![&b""[..]; format.slots()], Bump::new());
                let record = format.cut(line.as_bytes(), &mut slots, needed, &arena);
                let texts: Vec<_> = slots.iter().map(|slot| slot.to_vec()).collect();
                (record, texts)
            };
            let (record, all) = cut(u64::MAX);
            for slot in 0..format.slots() {
                let (other, texts) = cut(1 << slot);
                prop_assert_eq!(&other, &record);
                if record.is_ok() {
                    prop_assert_eq!(&texts[slot], &all[slot]);
                }
            }
            if record.is_ok() {
                value(&format, line.as_bytes(), "uri");
            }
        }
    }
}
