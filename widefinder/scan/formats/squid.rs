//! Squid's native format: `time elapsed client code/status bytes method URL user
//! hierarchy/peer type`; older versions write no type.
//!
//! The elapsed time is padded to six columns, so that fields are parted by one
//! or more spaces.
//!
//! Source: the Squid wiki, *Features/LogFormat*; the default `logformat squid`.

use bumpalo::Bump;
use memchr::memchr;

use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cut::{Cut, source_in};
use crate::scan::format::{ABSENT, Record, Source};
use crate::scan::scale::Scale;

/// The format.
#[derive(Debug)]
pub(super) struct Squid;

/// What the slots hold; the code and the status are two of them.
const FIELDS: [Option<Field>; 11] = [
    Some(Field::Time),
    Some(Field::Latency),
    Some(Field::Client),
    Some(Field::Cache),
    Some(Field::Status),
    Some(Field::Bytes),
    Some(Field::Method),
    Some(Field::Uri),
    Some(Field::User),
    None,
    None,
];

impl Cut for Squid {
    fn name(&self) -> &str {
        "squid"
    }

    fn slots(&self) -> usize {
        FIELDS.len()
    }

    fn cut<'c>(
        &self,
        line: &'c [u8],
        slots: &mut [&'c [u8]],
        _needed: u64,
        _arena: &'c Bump,
    ) -> Result<Record, Misfit> {
        let mut words = Words { line, at: 0 };
        let seconds = |text: &[u8]| {
            let point = memchr(b'.', text)?;
            let whole = text[..point].iter().all(u8::is_ascii_digit) && point > 0;
            (whole && is_number(&text[point + 1..])).then_some(())
        };
        slots[0] = words.next("a time in seconds with a point", |text| {
            seconds(text).is_some()
        })?;
        slots[1] = words.next("milliseconds", |text| {
            is_number(text.strip_prefix(b"-").unwrap_or(text))
        })?;
        slots[2] = words.next("a client", |_| true)?;
        let outcome = words.next("a code, a slash and a status", |text| {
            memchr(b'/', text).is_some_and(|slash| slash > 0 && is_number(&text[slash + 1..]))
        })?;
        let slash = memchr(b'/', outcome).unwrap_or(0);
        (slots[3], slots[4]) = (&outcome[..slash], &outcome[slash + 1..]);
        slots[5] = words.next("a number of bytes", is_number)?;
        slots[6] = words.next("a method", |_| true)?;
        slots[7] = words.next("a URL", |_| true)?;
        slots[8] = words.next("a user", |_| true)?;
        slots[9] = words.next("a hierarchy code, a slash and a peer", |text| {
            memchr(b'/', text).is_some()
        })?;
        slots[10] = match words.ends() {
            true => ABSENT,
            false => words.next("a type of content", |_| true)?,
        };
        Ok(Record::Entry)
    }

    fn source(&self, field: &Field) -> Option<Source> {
        source_in(&FIELDS, field)
    }

    fn scale(&self, field: &Field) -> Scale {
        match field {
            Field::Latency => Scale::Milliseconds,
            Field::Bytes => Scale::Bytes,
            _ => Scale::Whole,
        }
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}

/// The words of a line, parted by spaces.
struct Words<'c> {
    line: &'c [u8],
    at: usize,
}

impl<'c> Words<'c> {
    fn ends(&self) -> bool {
        self.line[self.at..].iter().all(|byte| *byte == b' ')
    }

    fn next(
        &mut self,
        expected: &'static str,
        is_it: impl Fn(&[u8]) -> bool,
    ) -> Result<&'c [u8], Misfit> {
        let rest = &self.line[self.at..];
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        let at = self.at + blanks;
        let word = &rest[blanks..];
        let word = &word[..memchr(b' ', word).unwrap_or(word.len())];
        if word.is_empty() || !is_it(word) {
            return Err(Misfit { at, expected });
        }
        self.at = at + word.len();
        Ok(word)
    }
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str) -> Result<Vec<String>, Misfit> {
        let (mut slots, arena) = ([&b""[..]; FIELDS.len()], Bump::new());
        Squid.cut(line.as_bytes(), &mut slots, u64::MAX, &arena)?;
        let texts = slots.iter().map(|slot| String::from_utf8_lossy(slot));
        Ok(texts.map(|text| text.into_owned()).collect())
    }

    #[test]
    fn lines_are_cut_into_their_fields() {
        let line = "1286536308.779    180 192.0.2.1 TCP_MISS/200 411 GET http://a.example/b?c jo \
                    DIRECT/192.0.2.2 text/html";
        let expected = [
            "1286536308.779",
            "180",
            "192.0.2.1",
            "TCP_MISS",
            "200",
            "411",
            "GET",
            "http://a.example/b?c",
            "jo",
            "DIRECT/192.0.2.2",
            "text/html",
        ];
        assert_eq!(cut(line).unwrap(), expected);
        let without_type = line.strip_suffix(" text/html").unwrap();
        assert_eq!(cut(without_type).unwrap()[9..], ["DIRECT/192.0.2.2", "-"]);
    }

    #[test]
    fn the_place_of_a_misfit_is_told() {
        for (line, at) in [
            ("1286536308 180 h TCP_MISS/200 411 GET / - NONE/- -", 0),
            ("1286536308.779 1x h TCP_MISS/200 411 GET / - NONE/- -", 15),
            ("1286536308.779 1 h TCP_MISS 411 GET / - NONE/- -", 19),
            ("1286536308.779 1 h TCP_MISS/200 411 GET / -", 43),
            ("1286536308.779 1", 16),
        ] {
            assert_eq!(cut(line).unwrap_err().at, at, "{line}");
        }
    }
}
