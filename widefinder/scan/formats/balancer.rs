//! Access logs of the load balancers of AWS: the Application Load Balancer, and
//! the classic one, whose lines lack the type at their beginning.
//!
//! Older versions end behind the request; newer ones go on and on. What a load
//! balancer for TCP writes has neither a status nor a request, and is no entry.
//!
//! Sources: the AWS manuals, *Access logs for your Application Load Balancer* and
//! *Access logs for your Classic Load Balancer*.

use bumpalo::Bump;

use super::delimited::{Columns, Quotes, Shape};
use super::endpoint::address;
use super::known::{Is, Known, cut, cut_more, slot_of};
use super::url::Url;
use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cut::Cut;
use crate::scan::format::{ABSENT, Part, Record, Source, is_absent};
use crate::scan::request::Request;
use crate::scan::scale::Scale;

/// The format of one of the two.
#[derive(Debug)]
pub(super) struct Balancer {
    name: &'static str,
    known: &'static [Known],
    /// The number of the time's column.
    time: usize,
}

const SHAPE: Shape = Shape {
    separator: b' ',
    runs: false,
    quotes: Quotes::Escaped,
    brackets: false,
};

impl Balancer {
    /// That of an Application Load Balancer.
    pub(super) fn application() -> Balancer {
        Balancer {
            name: "alb",
            known: &COLUMNS,
            time: 1,
        }
    }

    /// That of a classic load balancer.
    pub(super) fn classic() -> Balancer {
        Balancer {
            name: "elb",
            known: &COLUMNS[1..],
            time: 0,
        }
    }
}

/// Where columns stand, from that of the time on.
mod column {
    pub(super) const CLIENT: usize = 2;
    pub(super) const TIMES: usize = 4;
    pub(super) const STATUS: usize = 7;
    pub(super) const REQUEST: usize = 11;
    pub(super) const AGENT: usize = 12;
}

/// Slots behind those of the columns, for what is a part of one or more of them.
#[derive(Clone, Copy)]
enum Made {
    Client,
    Latency,
    Uri,
    Vhost,
    Scheme,
}

const MADE: usize = 5;

static COLUMNS: [Known; 32] = [
    Known::new("type", None, Is::Any),
    Known::new("time", Some(Field::Time), Is::Moment),
    Known::new("elb", None, Is::Any),
    Known::new("client_port", None, Is::Client),
    Known::new("target_port", None, Is::Endpoint),
    Known::new("request_processing_time", None, Is::Seconds),
    Known::new(
        "target_processing_time",
        Some(Field::UpstreamLatency),
        Is::Seconds,
    ),
    Known::new("response_processing_time", None, Is::Seconds),
    Known::new("elb_status_code", Some(Field::Status), Is::Number),
    Known::new("target_status_code", None, Is::Number),
    Known::new("received_bytes", Some(Field::BytesIn), Is::Number),
    Known::new("sent_bytes", Some(Field::Bytes), Is::Number),
    Known::new("request", None, Is::Quoted),
    Known::new("user_agent", Some(Field::Agent), Is::Quoted),
    Known::new("ssl_cipher", Some(Field::TlsCipher), Is::Any),
    Known::new("ssl_protocol", Some(Field::TlsVersion), Is::Any),
    Known::new("target_group_arn", None, Is::Any),
    Known::new("trace_id", None, Is::Any),
    Known::new("domain_name", None, Is::Any),
    Known::new("chosen_cert_arn", None, Is::Any),
    Known::new("matched_rule_priority", None, Is::Any),
    Known::new("request_creation_time", None, Is::Any),
    Known::new("actions_executed", None, Is::Any),
    Known::new("redirect_url", None, Is::Any),
    Known::new("error_reason", None, Is::Any),
    Known::new("target_port_list", None, Is::Any),
    Known::new("target_status_code_list", None, Is::Any),
    Known::new("classification", None, Is::Any),
    Known::new("classification_reason", None, Is::Any),
    Known::new("conn_trace_id", None, Is::Any),
    Known::new("transformed_host", None, Is::Any),
    Known::new("transformed_uri", None, Is::Any),
];

impl Cut for Balancer {
    fn name(&self) -> &str {
        self.name
    }

    fn slots(&self) -> usize {
        self.known.len() + MADE
    }

    fn cut<'c>(
        &self,
        line: &'c [u8],
        slots: &mut [&'c [u8]],
        needed: u64,
        _arena: &'c Bump,
    ) -> Result<Record, Misfit> {
        if self.time > 0 && !is_type(line) {
            let expected = "http, https, h2, grpcs, ws or wss";
            return Err(Misfit { at: 0, expected });
        }
        let mut columns = Columns::new(line, SHAPE);
        // Without an agent a line may end; with a part of one it is cut off.
        let request = self.time + column::REQUEST;
        cut(&mut columns, &self.known[..=request], slots)?;
        let last = columns.at();
        let agent = self.time + column::AGENT;
        slots[agent] = match columns.next() {
            None => ABSENT,
            Some(agent) if Is::Quoted.fits(&agent) => agent.text,
            Some(_) => {
                let expected = "an agent in quotes";
                return Err(Misfit { at: last, expected });
            }
        };
        cut_more(&mut columns, agent + 1, self.known.len(), needed, slots);
        if needed >> self.known.len() != 0 {
            self.make(line, slots);
        }
        let is_request = |byte: &u8| !matches!(byte, b'-' | b' ');
        let status = slots[self.time + column::STATUS];
        match is_absent(status) && !slots[request].iter().any(is_request) {
            true => Ok(Record::Other),
            false => Ok(Record::Entry),
        }
    }

    fn source(&self, field: &Field) -> Option<Source> {
        let made = |made: Made| self.known.len() + made as usize;
        let request = self.time + column::REQUEST;
        let slot = match field {
            Field::Client => made(Made::Client),
            Field::Latency => made(Made::Latency),
            Field::Vhost => made(Made::Vhost),
            Field::Scheme => made(Made::Scheme),
            Field::Uri => made(Made::Uri),
            Field::Path => return Some(Source::Uri(made(Made::Uri), Part::Path)),
            Field::Query => return Some(Source::Uri(made(Made::Uri), Part::Query)),
            Field::Method => return Some(Source::Request(request, Part::Method)),
            Field::Protocol => return Some(Source::Request(request, Part::Protocol)),
            _ => slot_of(self.known, field)?,
        };
        Some(Source::Slot(slot))
    }

    fn scale(&self, field: &Field) -> Scale {
        Scale::of(field, Scale::Seconds)
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}

impl Balancer {
    /// Sets the slots behind those of the columns.
    #[inline]
    fn make<'c>(&self, line: &'c [u8], slots: &mut [&'c [u8]]) {
        let client = slots[self.time + column::CLIENT];
        let request = Request::parse(slots[self.time + column::REQUEST]);
        // `- - -` is said of what was no request.
        let uri = if request.uri == b"- -" {
            ABSENT
        } else {
            request.uri
        };
        let url = Url::parse(uri);
        let [first, _, last] = [0, 1, 2].map(|time| slots[self.time + column::TIMES + time]);
        let made = &mut slots[self.known.len()..];
        made[Made::Client as usize] = address(client);
        // The three times between spaces, which are read as their sum.
        made[Made::Latency as usize] = between(line, first, last);
        made[Made::Uri as usize] = url.uri;
        made[Made::Vhost as usize] = or_absent(url.host);
        made[Made::Scheme as usize] = or_absent(url.scheme);
    }
}

fn is_type(line: &[u8]) -> bool {
    let types: [&[u8]; 7] = [
        b"https ", b"http ", b"h2 ", b"h2c ", b"grpcs ", b"ws ", b"wss ",
    ];
    types.iter().any(|known| line.starts_with(known))
}

fn or_absent(text: &[u8]) -> &[u8] {
    if text.is_empty() { ABSENT } else { text }
}

/// What stands in a line from the beginning of one of its parts to the end of
/// another.
fn between<'c>(line: &'c [u8], first: &[u8], last: &[u8]) -> &'c [u8] {
    let place = |part: &[u8]| part.as_ptr().addr() - line.as_ptr().addr();
    &line[place(first)..place(last) + last.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::formats::testing::{assert_cut, assert_misfits};

    const ALB: &str = "https 2026-10-10T13:55:36.123456Z app/my/50dc 192.0.2.1:2817 192.0.2.9:80 \
        0.086 0.048 0.037 200 503 0 57 \"GET https://www.example.com:443/a?b HTTP/1.1\" \"curl/8 \\\"x\\\"\" \
        ECDHE TLSv1.2 arn:aws:x \"Root=1-58\" \"www.example.com\" \"arn\" 1 2026-10-10T13:55:36.0Z \
        \"forward,redirect\" \"-\" \"-\" \"192.0.2.9:80\" \"503\" \"-\" \"-\" TID_1 \"-\" \"-\" \"-\" more";

    const FIELDS: [(&str, &str); 18] = [
        ("time", "2026-10-10T13:55:36.123456Z"),
        ("client", "192.0.2.1"),
        ("method", "GET"),
        ("uri", "/a?b"),
        ("path", "/a"),
        ("query", "b"),
        ("protocol", "HTTP/1.1"),
        ("vhost", "www.example.com"),
        ("scheme", "https"),
        ("status", "200"),
        ("bytes", "57"),
        ("bytes_in", "0"),
        ("agent", "curl/8 \\\"x\\\""),
        ("latency", "171000000"),
        ("upstream_latency", "48000000"),
        ("tls_version", "TLSv1.2"),
        ("tls_cipher", "ECDHE"),
        ("$target_group_arn", "arn:aws:x"),
    ];

    #[test]
    fn lines_of_both_are_cut() {
        assert_cut(&Balancer::application(), ALB, &FIELDS);
        assert_cut(&Balancer::classic(), &ALB[6..], &FIELDS);
        assert_cut(
            &Balancer::application(),
            ALB,
            &[("$conn_trace_id", "TID_1")],
        );
        // Those of today end behind the version of TLS, the oldest behind the request.
        let end = ALB.find(" arn").unwrap();
        assert_cut(&Balancer::classic(), &ALB[6..end], &FIELDS[..17]);
        let end = ALB.find(" \"curl").unwrap();
        let agent = [("agent", "-"), ("tls_cipher", "-"), ("uri", "/a?b")];
        assert_cut(&Balancer::classic(), &ALB[6..end], &agent);
    }

    #[test]
    fn what_is_not_there_is_absent() {
        let aborted = "http 2026-10-10T13:55:36.1Z a [2001:db8::1]:2817 - -1 -1 -1 460 - 0 0 \
            \"- http://a.example:80- -\" \"-\" - -";
        let fields = [
            ("client", "2001:db8::1"),
            ("latency", "none"),
            ("upstream_latency", "none"),
            ("status", "460"),
            ("vhost", "a.example"),
            ("agent", "-"),
            ("tls_version", "-"),
            ("$trace_id", "-"),
        ];
        assert_cut(&Balancer::application(), aborted, &fields);
        let tcp = "2026-10-10T13:55:36.1Z lb 192.0.2.1:2817 192.0.2.9:80 0.001 0.002 0.003 - - 82 305 \
            \"- - - \" \"-\" - -";
        let (mut slots, arena) = ([&b""[..]; 64], Bump::new());
        let record = Balancer::classic().cut(tcp.as_bytes(), &mut slots, 0, &arena);
        assert_eq!(record, Ok(Record::Other));
    }

    #[test]
    fn the_place_of_a_misfit_is_told() {
        assert_misfits(
            &Balancer::application(),
            &[
                (&ALB[6..], 0),
                ("https 2026-10-10 x", 6),
                ("https 2026-10-10T13:55:36.1Z a b", 31),
                ("https 2026-10-10T13:55:36.1Z a b:1 - 1 2 x", 41),
                (
                    &ALB[..ALB.find("/a?b").unwrap()],
                    ALB.find("\"GET").unwrap(),
                ),
                (&ALB[..ALB.find("/8").unwrap()], ALB.find("\"curl").unwrap()),
            ],
        );
    }
}
