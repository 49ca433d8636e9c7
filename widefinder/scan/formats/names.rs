//! Names of values, and the slots that these have: what formats of records with
//! names share.

use crate::ask::Field;

/// The fields that records with names can have, in the order of their slots.
pub(super) const FIELDS: [Field; 20] = [
    Field::Time,
    Field::Client,
    Field::User,
    Field::Method,
    Field::Uri,
    Field::Path,
    Field::Query,
    Field::Protocol,
    Field::Status,
    Field::Bytes,
    Field::Referrer,
    Field::Agent,
    Field::Vhost,
    Field::Scheme,
    Field::Latency,
    Field::UpstreamLatency,
    Field::BytesIn,
    Field::TlsVersion,
    Field::TlsCipher,
    Field::Cache,
];

/// The slots: those of [`FIELDS`], and what these follow from.
pub(super) mod slot {
    pub(in crate::scan::formats) const TIME: usize = 0;
    pub(in crate::scan::formats) const CLIENT: usize = 1;
    pub(in crate::scan::formats) const USER: usize = 2;
    pub(in crate::scan::formats) const METHOD: usize = 3;
    pub(in crate::scan::formats) const URI: usize = 4;
    pub(in crate::scan::formats) const PATH: usize = 5;
    pub(in crate::scan::formats) const QUERY: usize = 6;
    pub(in crate::scan::formats) const PROTOCOL: usize = 7;
    pub(in crate::scan::formats) const STATUS: usize = 8;
    pub(in crate::scan::formats) const BYTES: usize = 9;
    pub(in crate::scan::formats) const REFERRER: usize = 10;
    pub(in crate::scan::formats) const AGENT: usize = 11;
    pub(in crate::scan::formats) const VHOST: usize = 12;
    pub(in crate::scan::formats) const SCHEME: usize = 13;
    pub(in crate::scan::formats) const LATENCY: usize = 14;
    pub(in crate::scan::formats) const UPSTREAM_LATENCY: usize = 15;
    pub(in crate::scan::formats) const BYTES_IN: usize = 16;
    pub(in crate::scan::formats) const TLS_VERSION: usize = 17;
    pub(in crate::scan::formats) const TLS_CIPHER: usize = 18;
    pub(in crate::scan::formats) const CACHE: usize = 19;
    /// The URI as the client sent it, where a record may have a changed one too.
    pub(in crate::scan::formats) const SENT: usize = 20;
    /// Method, URI and protocol.
    pub(in crate::scan::formats) const REQUEST: usize = 21;
    /// The date of a time without one.
    pub(in crate::scan::formats) const DATE: usize = 22;
    /// Who wrote a record of a log of several kinds.
    pub(in crate::scan::formats) const LOGGER: usize = 23;
    /// How bad it is.
    pub(in crate::scan::formats) const LEVEL: usize = 24;
    /// What it says.
    pub(in crate::scan::formats) const MESSAGE: usize = 25;
    /// What follows from a request, a bit each.
    pub(in crate::scan::formats) const OF_REQUEST: u128 =
        1 << METHOD | 1 << URI | 1 << PATH | 1 << QUERY | 1 << PROTOCOL | 1 << VHOST | 1 << SCHEME;
    /// A name that the format would not have.
    pub(in crate::scan::formats) const FOREIGN: usize = 26;
    /// A name that no other format has.
    pub(in crate::scan::formats) const SIGN: usize = 27;
    /// The first that is asked for by its own name.
    pub(in crate::scan::formats) const OWN: usize = 28;
    /// All of them, and those by their own names.
    pub(in crate::scan::formats) const MOST: usize = 128;
}

/// The unit of a number that does not name its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// That of the field: seconds for a duration.
    Plain,
    /// Milliseconds.
    Milli,
    /// Microseconds.
    Micro,
    /// Nanoseconds.
    Nano,
}

impl Unit {
    /// What stands behind a number of such.
    pub(super) fn symbol(self) -> &'static [u8] {
        match self {
            Unit::Plain => b"",
            Unit::Milli => b"ms",
            Unit::Micro => b"us",
            Unit::Nano => b"ns",
        }
    }
}

/// Names of one slot. Of several names that a record has, the first wins; rows of
/// one slot follow each other.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) slot: usize,
    pub(super) unit: Unit,
    /// Names, or paths with points, which stand for a name with points as well.
    pub(super) names: &'static [&'static str],
    /// Whether the names are as well written `likeThis`, `LikeThis`, `like-this`
    /// and `likethis`.
    pub(super) varies: bool,
}

/// A row of names that are written as they are.
pub(super) const fn exact(slot: usize, names: &'static [&'static str]) -> Row {
    exactly(slot, Unit::Plain, names)
}

/// The same of numbers with a unit.
pub(super) const fn exactly(slot: usize, unit: Unit, names: &'static [&'static str]) -> Row {
    Row {
        slot,
        unit,
        names,
        varies: false,
    }
}

/// The ways to write a name in small letters with low lines, itself the first.
pub(super) fn variants(name: &str) -> Vec<String> {
    let mut variants = vec![name.to_owned()];
    let is_simple = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !name.bytes().all(is_simple) {
        return variants;
    }
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    let words: Vec<&str> = name.split('_').filter(|word| !word.is_empty()).collect();
    let capitals: String = words.iter().map(|word| capital(word)).collect();
    variants.push(words[0].to_owned() + &capitals[words[0].len()..]);
    variants.extend([
        capitals,
        words.join("-"),
        words.concat(),
        name.to_ascii_uppercase(),
    ]);
    variants.dedup();
    variants
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slots_are_those_of_the_fields() {
        assert_eq!(FIELDS[slot::TIME], Field::Time);
        assert_eq!(FIELDS[slot::PROTOCOL], Field::Protocol);
        assert_eq!(FIELDS[slot::VHOST], Field::Vhost);
        assert_eq!(FIELDS[slot::CACHE], Field::Cache);
        assert_eq!(FIELDS.len(), slot::SENT);
    }

    #[test]
    fn names_are_written_in_several_ways() {
        let expected = [
            "remote_addr",
            "remoteAddr",
            "RemoteAddr",
            "remote-addr",
            "remoteaddr",
            "REMOTE_ADDR",
        ];
        assert_eq!(variants("remote_addr"), expected);
        assert_eq!(variants("url.path"), ["url.path"]);
        assert!(variants("status").contains(&"Status".to_owned()));
    }
}
