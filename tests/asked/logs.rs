//! Small logs of few values, so that keys, numbers and times come again.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::logs::nasty_log;

type Bytes = &'static [u8];

const CLIENTS: &[Bytes] = &[
    b"10.0.0.1",
    b"10.0.0.1",
    b"10.0.0.77",
    b"10.1.2.3",
    b"192.168.0.1",
    b"2001:db8::1",
    b"2001:db8:0::1",
    b"2001:DB8:1:2::3",
    b"::ffff:10.0.0.1",
    b"host.example.net",
    b"-",
    b"\xff",
    b"\xff\x01",
    b"10.0.0.1:80",
];
const USERS: &[Bytes] = &[b"-", b"-", b"frank", b"jo doe", b"and"];
const TIMES: &[Bytes] = &[
    b"24/Oct/2026:23:59:59 +0200",
    b"25/Oct/2026:00:59:59 +0000",
    b"25/Oct/2026:01:00:00 +0000",
    b"25/Oct/2026:01:00:00 +0000",
    b"25/Oct/2026:01:00:00 -0700",
    b"25/Oct/2026:03:04:05 +0530",
    b"26/Oct/2026:10:00:00 +0000",
    b"26/Oct/2026:10:00:01 +0000",
    b"26/Oct/2026:10:07:30 +0000",
    b"29/Mar/2026:02:30:00 +0100",
    b"31/Dec/2025:23:59:60 +0000",
    b"-",
    b"yesterday",
    b"29/Feb/2026:00:00:00 +0000",
];
const REQUESTS: &[Bytes] = &[
    b"GET / HTTP/1.1",
    b"GET /tea HTTP/1.1",
    b"GET /tea HTTP/1.1",
    b"GET /tea/ HTTP/1.1",
    b"GET /tea/milk.html?b=1 HTTP/1.1",
    b"GET /tea/milk.html?b=2&b=3 HTTP/1.0",
    b"GET /tea/green/cup.PNG?utm=x HTTP/2.0",
    b"GET /.env HTTP/1.1",
    b"GET /a.b/c? HTTP/1.1",
    b"GET /a.? HTTP/1.1",
    b"POST /tea?b HTTP/1.1",
    b"POST /tea?bb=1&utm=&b=-&b=2 HTTP/1.1",
    b"HEAD //tea//x.tar.gz?a?b=1 HTTP/1.1",
    b"GET /caf\xe9 HTTP/1.1",
    b"GET http://a.example/tea?b==&c HTTP/1.1",
    b"M-SEARCH * HTTP/1.1",
    b"/tea HTTP/1.1",
    b"GET /a b?c d HTTP/1.1",
    b"GET /a\\\"b HTTP/1.1",
    b"-",
    b"",
    b"\\x16\\x03",
];
const STATUSES: &[Bytes] = &[
    b"200", b"200", b"200", b"304", b"404", b"404", b"499", b"500", b"503", b"599", b"600", b"999",
    b"-", b"99", b"2000", b"000",
];
const SIZES: &[Bytes] = &[
    b"-",
    b"0",
    b"1",
    b"7",
    b"1000",
    b"1000",
    b"1023",
    b"1024",
    b"1536",
    b"10240",
    b"4294967296",
    b"18446744073709551615",
    b"000000000000000000000000000007",
];
const REFERRERS: &[Bytes] = &[
    b"-",
    b"-",
    b"",
    b"http://example.org/",
    b"http://EXAMPLE.org:80/tea",
    b"https://u:p@example.org?q=http://x/",
    b"http://[2001:db8::1]:80/",
    b"http://a@b@c#d",
    b"android-app://com.example",
    b"example.org/x",
    b"http://:80/",
];
const AGENTS: &[Bytes] = &[
    b"Mozilla/5.0 (X11)",
    b"Mozilla/5.0 (X11)",
    b"Googlebot/2.1",
    b"a \\\"bot\\\"",
    b"-",
    b"",
];
const LATENCIES: &[Bytes] = &[
    b"-",
    b"0",
    b"0.000",
    b"0.25",
    b"0.250",
    b"0.5",
    b"1",
    b"1.5",
    b"12.000000001",
    b"100",
];
const LINE_ENDS: &[Bytes] = &[
    b"\n", b"\n", b"\n", b"\n", b"\n", b"\r\n", b"\n\n", b"\n# x\n",
];

/// A line of the combined format, which also says that the log is in it.
const FIRST: Bytes =
    b"10.0.0.1 - - [25/Oct/2026:01:00:00 +0000] \"GET /tea HTTP/1.1\" 200 1000 \"-\" \"-\"";

/// A log, and whether its lines end with a latency.
#[derive(Clone)]
pub(crate) struct Log {
    pub(crate) bytes: Vec<u8>,
    pub(crate) timed: bool,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for line in self.bytes.split_inclusive(|&byte| byte == b'\n') {
            write!(f, "\n    {}", line.escape_ascii())?;
        }
        Ok(())
    }
}

/// Any log that the questions of this folder can be put to.
pub(crate) fn any_log() -> impl Strategy<Value = Log> {
    prop_oneof![
        4 => small_log(40).prop_map(|bytes| Log { bytes, timed: false }),
        2 => timed_log(40).prop_map(|bytes| Log { bytes, timed: true }),
        1 => nasty_log(40).prop_map(|log| Log {
            bytes: [FIRST, b"\n", &log].concat(),
            timed: false,
        }),
    ]
}

/// Common and combined lines, of which a few do not fit.
pub(crate) fn small_log(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let line = (common(), select(REFERRERS), select(AGENTS), 0..12u8);
    let line = line.prop_map(|(common, referrer, agent, kind)| match kind {
        0 => common,
        1 => [&common, &b" \""[..]].concat(),
        _ => combined(&common, referrer, agent),
    });
    (vec((line, select(LINE_ENDS)), 0..=most), any::<bool>()).prop_map(|(lines, marked)| {
        let mark: Bytes = if marked { b"\xef\xbb\xbf" } else { b"" };
        let lines = lines
            .into_iter()
            .flat_map(|(line, end)| [line, end.to_vec()]);
        let first = [mark, FIRST, b"\n"].map(<[u8]>::to_vec);
        first.into_iter().chain(lines).flatten().collect()
    })
}

/// Combined lines with a latency in seconds behind.
fn timed_log(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let line = (
        common(),
        select(REFERRERS),
        select(AGENTS),
        select(LATENCIES),
    );
    vec(line, 0..=most).prop_map(|lines| {
        let lines = lines.into_iter().map(|(common, referrer, agent, latency)| {
            [
                &combined(&common, referrer, agent),
                &b" "[..],
                latency,
                b"\n",
            ]
            .concat()
        });
        lines.flatten().collect()
    })
}

fn common() -> impl Strategy<Value = Vec<u8>> {
    let head = (select(CLIENTS), select(USERS), select(TIMES));
    let tail = (select(REQUESTS), select(STATUSES), select(SIZES));
    (head, tail).prop_map(|((client, user, time), (request, status, size))| {
        [
            client, b" - ", user, b" [", time, b"] \"", request, b"\" ", status, b" ", size,
        ]
        .concat()
    })
}

fn combined(common: &[u8], referrer: &[u8], agent: &[u8]) -> Vec<u8> {
    [common, b" \"", referrer, b"\" \"", agent, b"\""].concat()
}
