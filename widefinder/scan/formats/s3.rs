//! Server access logs of Amazon S3.
//!
//! Their columns have grown from 17 to 26. The texts that clients send are not
//! escaped, so that a quote closes a column only where the column ends. What S3
//! does of its own accord, such as the end of an object's life, has neither a
//! request nor a status, and is no entry.
//!
//! Source: the AWS manual, *Amazon S3 server access log format*.

use bumpalo::Bump;

use super::delimited::{Columns, Quotes, Shape, Stands};
use super::known::{Is, Known, cut, cut_more, slot_of};
use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cut::Cut;
use crate::scan::format::{Part, Record, Source, is_absent};
use crate::scan::scale::Scale;

/// The format.
#[derive(Debug)]
pub(super) struct S3;

const SHAPE: Shape = Shape {
    separator: b' ',
    runs: false,
    quotes: Quotes::Raw,
    brackets: true,
};

const REQUEST: usize = 8;
const STATUS: usize = 9;

/// Columns that the oldest lines have as well: up to the agent.
const LEAST: usize = 17;

static COLUMNS: [Known; 26] = [
    Known::new("bucket_owner", None, Is::Any),
    Known::new("bucket", None, Is::Any),
    Known::new("time", Some(Field::Time), Is::Bracketed),
    Known::new("remote_ip", Some(Field::Client), Is::Any),
    Known::new("requester", Some(Field::User), Is::Any),
    Known::new("request_id", None, Is::Any),
    Known::new("operation", None, Is::Operation),
    Known::new("key", None, Is::Any),
    Known::new("request_uri", None, Is::Quoted),
    Known::new("http_status", Some(Field::Status), Is::Number),
    Known::new("error_code", None, Is::Any),
    Known::new("bytes_sent", Some(Field::Bytes), Is::Number),
    Known::new("object_size", None, Is::Number),
    Known::new("total_time", Some(Field::Latency), Is::Number),
    Known::new("turn_around_time", Some(Field::UpstreamLatency), Is::Number),
    Known::new("referer", Some(Field::Referrer), Is::Quoted),
    Known::new("user_agent", Some(Field::Agent), Is::Quoted),
    Known::new("version_id", None, Is::Any),
    Known::new("host_id", None, Is::Any),
    Known::new("signature_version", None, Is::Any),
    Known::new("cipher_suite", Some(Field::TlsCipher), Is::Any),
    Known::new("authentication_type", None, Is::Any),
    Known::new("host_header", Some(Field::Vhost), Is::Any),
    Known::new("tls_version", Some(Field::TlsVersion), Is::Any),
    Known::new("access_point_arn", None, Is::Any),
    Known::new("acl_required", None, Is::Any),
];

impl Cut for S3 {
    fn name(&self) -> &str {
        "s3"
    }

    fn slots(&self) -> usize {
        COLUMNS.len()
    }

    fn cut<'c>(
        &self,
        line: &'c [u8],
        slots: &mut [&'c [u8]],
        needed: u64,
        _arena: &'c Bump,
    ) -> Result<Record, Misfit> {
        let mut columns = Columns::new(line, SHAPE);
        let mut ahead = columns;
        // Any line begins with two columns.
        let third = (ahead.next(), ahead.next(), ahead.next()).2;
        if third.is_none_or(|time| time.stands != Stands::Bracketed) {
            let expected = "an owner, a bucket and a time in brackets";
            return Err(Misfit { at: 0, expected });
        }
        cut(&mut columns, &COLUMNS[..LEAST], slots)?;
        cut_more(&mut columns, LEAST, COLUMNS.len(), needed, slots);
        match is_absent(slots[REQUEST]) && is_absent(slots[STATUS]) {
            true => Ok(Record::Other),
            false => Ok(Record::Entry),
        }
    }

    fn source(&self, field: &Field) -> Option<Source> {
        match Part::of(field) {
            Some(part) => Some(Source::Request(REQUEST, part)),
            None => slot_of(&COLUMNS, field).map(Source::Slot),
        }
    }

    fn scale(&self, field: &Field) -> Scale {
        Scale::of(field, Scale::Milliseconds)
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::formats::testing::{assert_cut, assert_misfits};

    const OLD: &str = "79a59df9 bucket [06/Feb/2026:00:00:38 +0000] 192.0.2.3 - 3E57427F \
        REST.GET.OBJECT a/b.png \"GET /bucket/a/b.png?x HTTP/1.1\" 206 - 2662992 3462992 70 10 \
        \"http://r.example/\" \"a \"quoted\"agent\\\"";

    #[test]
    fn lines_of_any_age_are_cut() {
        let fields = [
            ("time", "06/Feb/2026:00:00:38 +0000"),
            ("client", "192.0.2.3"),
            ("user", "-"),
            ("method", "GET"),
            ("uri", "/bucket/a/b.png?x"),
            ("path", "/bucket/a/b.png"),
            ("status", "206"),
            ("bytes", "2662992"),
            ("latency", "70000000"),
            ("upstream_latency", "10000000"),
            ("referrer", "http://r.example/"),
            ("agent", "a \"quoted\"agent\\"),
            ("$operation", "REST.GET.OBJECT"),
            ("vhost", "-"),
        ];
        assert_cut(&S3, OLD, &fields);
        let new = OLD.to_owned()
            + " - s9lzHYrF= SigV4 ECDHE AuthHeader bucket.s3.example.com TLSv1.2 arn:x Yes more";
        let more = [
            ("vhost", "bucket.s3.example.com"),
            ("tls_version", "TLSv1.2"),
            ("tls_cipher", "ECDHE"),
            ("$acl_required", "Yes"),
        ];
        assert_cut(&S3, &new, &fields[..13]);
        assert_cut(&S3, &new, &more);
    }

    #[test]
    fn what_nobody_asked_for_is_no_entry() {
        let expired = "79a59df9 bucket [06/Feb/2026:00:00:38 +0000] - AmazonS3 3E57427F \
            S3.EXPIRE.OBJECT a - - - - 7 - - - - - x";
        let (mut slots, arena) = ([&b""[..]; 26], Bump::new());
        let record = S3.cut(expired.as_bytes(), &mut slots, 0, &arena);
        assert_eq!(record, Ok(Record::Other));
    }

    #[test]
    fn the_place_of_a_misfit_is_told() {
        assert_misfits(
            &S3,
            &[
                (
                    "h - - [10/Oct/2026:13:55:36 -0700] \"GET / HTTP/1.1\" 200 5",
                    0,
                ),
                ("o b [t] h - 1 REST k", 14),
                ("o b [t] h - 1 A.B k \"GET / HTTP/1.1", 20),
                ("o b [t] h - 1 A.B k \"-\" 20x", 24),
            ],
        );
    }
}
