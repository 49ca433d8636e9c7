//! A request, written as servers write it.

use std::borrow::Cow;

use widefinder::scan::combined::Frame;
use widefinder::scan::request::{Request, query};
use widefinder::time::Clock;

/// What a server knows of a request.
pub(crate) struct Served<'l> {
    frame: Frame<'l>,
    request: Request<'l>,
    /// `2006-10-01T00:00:00Z`
    time: String,
    /// The same since 1970.
    second: i64,
}

impl<'l> Served<'l> {
    /// Reads a generated line.
    pub(crate) fn of(line: &'l [u8]) -> Served<'l> {
        let line = line.strip_suffix(b"\n").expect("a line");
        let frame = Frame::parse(line).expect("a line that fits");
        let moment = Clock::default().read(frame.time).expect("a time");
        let utc = jiff::Timestamp::from_second(moment.second).expect("a time");
        Served {
            frame,
            request: Request::parse(frame.request),
            time: utc.to_string(),
            second: moment.second,
        }
    }

    fn field(&self, name: &str) -> Cow<'_, [u8]> {
        let agent = self.frame.agent.unwrap_or(b"-");
        let value = match name {
            "client" => self.frame.client,
            "time" => &self.time.as_bytes()[..19],
            "date" => &self.time.as_bytes()[..10],
            "clock" => &self.time.as_bytes()[11..19],
            "second" => return Cow::Owned(self.second.to_string().into_bytes()),
            "time_local" => self.frame.time,
            // Without an offset.
            "time_haproxy" => &self.frame.time[..20],
            "request" => self.frame.request,
            "method" => self.request.method,
            "uri" => self.request.uri,
            "path" => self.request.path(),
            "query" => query(self.request.uri).unwrap_or(b"-"),
            "protocol" => self.request.protocol,
            "status" => self.frame.status,
            "bytes" if self.frame.bytes == b"-" => b"0",
            "bytes" => self.frame.bytes,
            "referrer" => self.frame.referrer.unwrap_or(b"-"),
            "agent" => agent,
            name => match name.split_once('_') {
                Some((name, "plus")) => return with_blanks(&self.field(name), b"+"),
                Some((name, "percent")) => return with_blanks(&self.field(name), b"%20"),
                _ => unreachable!("no template has <{name}>"),
            },
        };
        Cow::Borrowed(if value.is_empty() { b"-" } else { value })
    }
}

/// What a value is with something else for each blank.
fn with_blanks(value: &[u8], blank: &[u8]) -> Cow<'static, [u8]> {
    let words: Vec<_> = value.split(|&byte| byte == b' ').collect();
    Cow::Owned(words.join(blank))
}

/// How a format is written.
pub(crate) struct Writer {
    /// The name that the program has for it.
    pub(crate) format: &'static str,
    /// What stands before all lines.
    pub(crate) header: &'static str,
    /// A line, with the names of values in angle brackets.
    line: &'static str,
}

impl Writer {
    /// Writes a line.
    pub(crate) fn write(&self, served: &Served<'_>, out: &mut Vec<u8>) {
        let mut pieces = self.line.split('<');
        out.extend_from_slice(pieces.next().unwrap_or("").as_bytes());
        for piece in pieces {
            let (name, text) = piece.split_once('>').expect("a name in brackets");
            out.extend_from_slice(&served.field(name));
            out.extend_from_slice(text.as_bytes());
        }
        out.push(b'\n');
    }
}

const fn writer(format: &'static str, line: &'static str) -> Writer {
    let header = "";
    Writer {
        format,
        header,
        line,
    }
}

/// The formats: those of columns, those that go on as combined does, and those whose values
/// have names.
pub(crate) const WRITERS: &[Writer] = &[
    writer(
        "alb",
        concat!(
            "https <time>.186641Z app/balancer/50dc6c495c0c9188 <client>:2817 ",
            r#"10.0.0.1:80 0.000 0.012 0.000 <status> <status> 34 <bytes> "<method> "#,
            r#"https://www.example.com:443<uri> <protocol>" "<agent>" "#,
            "ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 ",
            "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/targets/73e2d6bc24d8a067 ",
            r#""Root=1-58337262-36d228ad5d99923122bbe354" "www.example.com" "#,
            r#""arn:aws:acm:us-east-2:123456789012:certificate/12345678" 0 "#,
            r#"<time>.164000Z "forward" "-" "-" "10.0.0.1:80" "<status>" "-" "-""#,
        ),
    ),
    writer(
        "elb",
        concat!(
            "<time>.945958Z balancer <client>:2817 10.0.0.1:80 0.000073 0.001048 ",
            r#"0.000057 <status> <status> 0 <bytes> "<method> "#,
            r#"http://www.example.com:80<uri> <protocol>" "<agent>" - -"#,
        ),
    ),
    writer(
        "s3",
        concat!(
            "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be bucket ",
            "[<time_local>] <client> - 3E57427F3EXAMPLE REST.GET.OBJECT key ",
            r#""<request>" <status> - <bytes> <bytes> 70 10 "<referrer>" "<agent>" - "#,
            "s9lzHYrFp76ZVxRcpX9 SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader ",
            "bucket.s3.us-west-1.amazonaws.com TLSv1.2 - -",
        ),
    ),
    Writer {
        format: "cloudfront",
        header: concat!(
            "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip ",
            "cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) ",
            "cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id ",
            "x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ",
            "ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version ",
            "fle-status fle-encrypted-fields c-port time-to-first-byte ",
            "x-edge-detailed-result-type sc-content-type sc-content-len ",
            "sc-range-start sc-range-end\n",
        ),
        line: concat!(
            "<date>\t<clock>\tFRA2-C1\t<bytes>\t<client>\t<method>\t",
            "d111111abcdef8.cloudfront.net\t<path>\t<status>\t<referrer>\t",
            "<agent_percent>\t<query>\t-\tHit\t",
            "SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==\t",
            "www.example.com\thttps\t23\t0.001\t-\tTLSv1.2\t",
            "ECDHE-RSA-AES128-GCM-SHA256\tHit\t<protocol>\t-\t-\t11040\t0.001\tHit\t",
            "text/html\t78\t-\t-",
        ),
    },
    Writer {
        format: "w3c",
        header: concat!(
            "#Software: Microsoft Internet Information Services 10.0\n#Fields: date ",
            "time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip ",
            "cs(User-Agent) cs(Referer) sc-status sc-substatus sc-win32-status ",
            "sc-bytes time-taken\n",
        ),
        line: concat!(
            "<date> <clock> 10.0.0.1 <method> <path_plus> <query_plus> 443 - <client> ",
            "<agent_plus> <referrer_plus> <status> 0 0 <bytes> 15",
        ),
    },
    writer(
        "squid",
        concat!(
            "<second>.779    180 <client> TCP_MISS/<status> <bytes> <method> ",
            "http://www.example.com<uri> - HIER_DIRECT/10.0.0.1 text/html",
        ),
    ),
    writer(
        "haproxy",
        concat!(
            "Feb  6 12:14:14 localhost haproxy[14389]: <client>:33317 ",
            "[<time_haproxy>.655] http-in static/srv1 10/0/30/69/109 <status> ",
            r#"<bytes> - - ---- 1/1/1/1/0 0/0 {1wt.eu} {} "<request>""#,
        ),
    ),
    writer(
        "traefik_clf",
        concat!(
            r#"<client> - - [<time_local>] "<request>" <status> <bytes> "<referrer>" "#,
            r#""<agent>" 244 "web@docker" "http://10.0.0.1:80" 42ms"#,
        ),
    ),
    writer(
        "ingress_nginx",
        concat!(
            r#"<client> - - [<time_local>] "<request>" <status> <bytes> "<referrer>" "#,
            r#""<agent>" 71 0.250 [default-web-80] [] 10.0.0.1:80 <bytes> 0.250 "#,
            "<status> 0f4e8a0f4e8a",
        ),
    ),
    writer(
        "common or combined",
        concat!(
            r#"<client> - - [<time_local>] "<request>" <status> <bytes> "#,
            r#""<referrer>" "<agent>""#,
        ),
    ),
    writer(
        "vhost_combined",
        concat!(
            r#"www.example.com:443 <client> - - [<time_local>] "<request>" <status> "#,
            r#"<bytes> "<referrer>" "<agent>""#,
        ),
    ),
    writer(
        "ltsv",
        concat!(
            "time:<time_local>\thost:<client>\tforwardedfor:-\treq:<request>\t",
            "status:<status>\tsize:<bytes>\treferer:<referrer>\tua:<agent>\t",
            "reqtime:0.030\tvhost:www.example.com",
        ),
    ),
    writer(
        "logfmt",
        concat!(
            "time=<time>Z level=info msg=request method=<method> path=<uri> ",
            "status=<status> bytes=<bytes> remote_addr=<client> duration=30ms ",
            r#"referer="<referrer>" user_agent="<agent>""#,
        ),
    ),
    writer(
        "caddy",
        concat!(
            r#"{"level":"info","ts":<second>.6153953,"logger":"http.log.access.log0","#,
            r#""msg":"handled request","request":{"remote_ip":"<client>","#,
            r#""remote_port":"48332","client_ip":"<client>","proto":"<protocol>","#,
            r#""method":"<method>","host":"www.example.com","uri":"<uri>","#,
            r#""headers":{"User-Agent":["<agent>"],"Referer":["<referrer>"],"#,
            r#""Accept-Encoding":["gzip"]}},"bytes_read":0,"user_id":"","#,
            r#""duration":0.000025,"size":<bytes>,"status":<status>,"#,
            r#""resp_headers":{"Server":["Caddy"],"Content-Type":["text/html; "#,
            r#"charset=utf-8"]}}"#,
        ),
    ),
    writer(
        "traefik_json",
        concat!(
            r#"{"ClientAddr":"<client>:39496","ClientHost":"<client>","#,
            r#""ClientUsername":"-","DownstreamContentSize":<bytes>,"#,
            r#""DownstreamStatus":<status>,"Duration":357313,"OriginDuration":324669,"#,
            r#""OriginStatus":<status>,"RequestCount":22,"#,
            r#""RequestHost":"www.example.com","RequestMethod":"<method>","#,
            r#""RequestPath":"<uri>","RequestProtocol":"<protocol>","#,
            r#""RequestScheme":"http","RouterName":"web@docker","#,
            r#""StartUTC":"<time>.587782192Z","entryPointName":"web","level":"info","#,
            r#""msg":"","request_Referer":"<referrer>","request_User-Agent":"<agent>","#,
            r#""time":"<time>Z"}"#,
        ),
    ),
    writer(
        "json",
        concat!(
            r#"{"time_iso8601":"<time>+00:00","remote_addr":"<client>","#,
            r#""request_method":"<method>","request_uri":"<uri>","#,
            r#""server_protocol":"<protocol>","status":"<status>","#,
            r#""body_bytes_sent":"<bytes>","http_referer":"<referrer>","#,
            r#""http_user_agent":"<agent>","request_time":"0.012","#,
            r#""upstream_response_time":"0.011","host":"www.example.com"}"#,
        ),
    ),
];
