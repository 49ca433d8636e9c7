//! The names of columns, and the fields that they are.
//!
//! Sources: W3C working draft WD-logfile-960323; the Microsoft manual, *W3C
//! Extended Log File Format*; the AWS manual, *CloudFront standard logs*; and
//! what other software has made up.

use crate::ask::Field;

/// The names of a field's column, the best first. Those of the URI and the time
/// are made of several.
const FIELDS: [(Field, &[&str]); 15] = [
    (Field::Client, &["c-ip", "client-ip", "c-dns"]),
    (Field::User, &["cs-username", "c-auth-id", "cs-auth-id"]),
    (Field::Method, &["cs-method"]),
    (Field::Query, &["cs-uri-query"]),
    (Field::Protocol, &["cs-version", "cs-protocol-version"]),
    (Field::Status, &["sc-status", "c-status"]),
    (Field::Bytes, &["sc-bytes", "bytes"]),
    (
        Field::Referrer,
        &["cs(referer)", "cs(referrer)", "cs-referer", "cs-referrer"],
    ),
    (
        Field::Agent,
        &["cs(user-agent)", "cs-user-agent", "c-agent"],
    ),
    // CloudFront's cs(Host) is its own name for the site.
    (Field::Vhost, &["x-host-header", "cs(host)", "cs-host"]),
    (Field::Scheme, &["cs-uri-scheme", "cs-protocol"]),
    (Field::Latency, &["timetakenms", "time-taken"]),
    (Field::BytesIn, &["cs-bytes"]),
    (Field::TlsVersion, &["ssl-protocol"]),
    (Field::TlsCipher, &["ssl-cipher"]),
];

/// The column of a cache's answer.
const CACHE: [&str; 2] = ["x-edge-result-type", "s-cache-status"];

/// Columns of a path, and that of a whole URI, which may be a URL.
pub(super) const STEMS: [&str; 2] = ["cs-uri-stem", "cs-uri-path"];
pub(super) const WHOLE: [&str; 1] = ["cs-uri"];

/// Columns of a date, and those of a time of the same clock.
pub(super) const DATES: [&str; 2] = ["date", "date-local"];
pub(super) const TIMES: [&str; 2] = ["time", "time-local"];

/// Those that CloudFront has written since 2019; older lines have less.
pub(super) const CLOUDFRONT: &str = "date time x-edge-location sc-bytes c-ip cs-method \
    cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) \
    x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken \
    x-forwarded-for ssl-protocol ssl-cipher x-edge-response-result-type cs-protocol-version \
    fle-status fle-encrypted-fields c-port time-to-first-byte x-edge-detailed-result-type \
    sc-content-type sc-content-len sc-range-start sc-range-end";

/// The names of a line's columns, in small letters.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(Vec<String>);

impl Names {
    pub(super) fn parse(fields: &[u8]) -> Names {
        let names = words(fields).map(|name| String::from_utf8_lossy(name).to_ascii_lowercase());
        Names(names.collect())
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The first column that has one of these names.
    pub(super) fn find(&self, names: &[&str]) -> Option<usize> {
        let mut places = names.iter().filter_map(|name| self.place(name));
        places.next()
    }

    /// The column of a field, unless it is made of several.
    pub(super) fn of_field(&self, field: &Field) -> Option<usize> {
        if let Field::Own(name) = field {
            return self.place(&name.strip_prefix('$')?.to_ascii_lowercase());
        }
        self.find(names_of(field)?)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|known| known == name)
    }
}

/// The names that the column of a field may have; `None` if no log has such.
fn names_of(field: &Field) -> Option<&'static [&'static str]> {
    if *field == Field::Cache {
        return Some(&CACHE);
    }
    let mut known = FIELDS.iter();
    known
        .find(|(known, _)| known == field)
        .map(|(_, names)| *names)
}

/// Whether any log has a field.
pub(super) fn may_have(field: &Field) -> bool {
    match field {
        Field::Time | Field::Uri | Field::Path => true,
        Field::Own(name) => name.starts_with('$'),
        _ => names_of(field).is_some(),
    }
}

/// Whether this is a list of columns, and no text of somebody's comment: it names
/// one that every log has in some way.
pub(super) fn are_known(fields: &[u8]) -> bool {
    let prefixes: [&[u8]; 7] = [b"c-", b"s-", b"cs-", b"sc-", b"cs(", b"sc(", b"x-"];
    words(fields).any(|name| {
        let begins = |prefix: &&[u8]| {
            let beginning = name.get(..prefix.len());
            beginning.is_some_and(|beginning| beginning.eq_ignore_ascii_case(prefix))
        };
        prefixes.iter().any(begins)
    })
}

/// Whether there is a time without a date.
pub(super) fn lack_a_date(fields: &[u8]) -> bool {
    let is_one_of = |names: &[&str]| {
        let has = |name: &[u8]| {
            names
                .iter()
                .any(|n| name.eq_ignore_ascii_case(n.as_bytes()))
        };
        words(fields).any(has)
    };
    is_one_of(&TIMES) && !is_one_of(&DATES)
}

fn words(fields: &[u8]) -> impl Iterator<Item = &[u8]> {
    let words = fields.split(u8::is_ascii_whitespace);
    words.filter(|word| !word.is_empty())
}
