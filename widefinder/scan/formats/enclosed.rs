//! Lines that stand whole inside something else: an extra pair of quotes, or an
//! object of Docker's driver `json-file`.
//!
//! Docker's `{"log":"...\n","stream":"stdout","time":"..."}` is always escaped as
//! JSON. Quotes around a line come from many hands, so that the line is taken as
//! it is first, and with `\"` and `""` as one quote only if it does not fit.
//!
//! Source: the Docker manual, *JSON File logging driver*.

use std::sync::Arc;

use bumpalo::Bump;
use memchr::{memchr, memchr_iter, memmem};

use super::escaped::unescaped;
use super::quotes::quotes;
use crate::ask::Field;
use crate::scan::combined::{Misfit, is_escaped};
use crate::scan::cut::Cut;
use crate::scan::format::{Format, Record, Source};
use crate::scan::scale::Scale;

/// What lines stand in.
#[derive(Clone, Copy, Debug)]
pub(super) enum In {
    Quotes,
    Docker,
}

/// A format inside something else.
#[derive(Debug)]
pub(super) struct Enclosed {
    name: String,
    within: In,
    inner: Format,
}

impl Enclosed {
    pub(super) fn new(within: In, inner: Format) -> Enclosed {
        let outer = match within {
            In::Quotes => "quoted",
            In::Docker => "docker",
        };
        let name = match inner {
            Format::Combined => "combined",
            _ => inner.name(),
        };
        Enclosed {
            name: format!("{outer} {name}"),
            within,
            inner,
        }
    }
}

/// What stands between the quotes.
fn in_quotes(line: &[u8]) -> Result<&[u8], Misfit> {
    let misfit = |at, expected| Err(Misfit { at, expected });
    match line {
        [b'"', b'"'] => misfit(1, "something between the quotes"),
        [b'"', inner @ .., b'"'] => Ok(inner),
        [b'"', ..] => misfit(line.len(), "a closing quote"),
        _ => misfit(0, "a quote at both ends of the line"),
    }
}

/// The line in Docker's object.
fn in_docker<'c>(line: &'c [u8], arena: &'c Bump) -> Result<&'c [u8], Misfit> {
    let misfit = |at, expected| Err(Misfit { at, expected });
    let Some(log) = line.strip_prefix(BEFORE) else {
        return misfit(0, "an object that begins with the key log");
    };
    let mut quotes = memchr_iter(b'"', log);
    let Some(end) = quotes.find(|&quote| !is_escaped(log, quote)) else {
        return misfit(BEFORE.len(), "a closing quote");
    };
    let behind = &log[end + 1..];
    if memmem::find(behind, b"\"stream\":\"").is_none() || !behind.ends_with(b"}") {
        return misfit(BEFORE.len() + end, "the key stream and a closing brace");
    }
    let log = &log[..end];
    let log = without_escape(without_escape(log, br"\n"), br"\r");
    match memchr(b'\\', log) {
        None if log.is_empty() => misfit(BEFORE.len(), "a line of the log"),
        None => Ok(log),
        Some(_) => Ok(unescaped(log, arena)),
    }
}

/// The text without an escape at its end.
fn without_escape<'c>(text: &'c [u8], escape: &[u8; 2]) -> &'c [u8] {
    match text.strip_suffix(escape) {
        Some(rest) if !is_escaped(text, rest.len()) => rest,
        _ => text,
    }
}

/// Docker's object begins with it.
const BEFORE: &[u8] = br#"{"log":""#;

impl Cut for Enclosed {
    fn name(&self) -> &str {
        &self.name
    }

    fn slots(&self) -> usize {
        self.inner.slots()
    }

    fn cut<'c>(
        &self,
        line: &'c [u8],
        slots: &mut [&'c [u8]],
        needed: u64,
        arena: &'c Bump,
    ) -> Result<Record, Misfit> {
        let (start, inner) = match self.within {
            In::Quotes => (1, in_quotes(line)?),
            In::Docker => (BEFORE.len(), in_docker(line, arena)?),
        };
        let result = self.inner.cut(inner, slots, needed, arena);
        let result = match (result, self.within) {
            (Err(misfit), In::Quotes) => match quotes(inner, arena) {
                Some(unescaped) => self.inner.cut(unescaped, slots, needed, arena),
                None => Err(misfit),
            },
            (result, _) => result,
        };
        // Where the inside is escaped, the place is near this one.
        result.map_err(|misfit| Misfit {
            at: start + misfit.at,
            ..misfit
        })
    }

    fn source(&self, field: &Field) -> Option<Source> {
        self.inner.source(field)
    }

    fn scale(&self, field: &Field) -> Scale {
        self.inner.scale(field)
    }

    fn is_verbatim(&self) -> bool {
        false
    }

    fn bound(&self, wanted: &[&Field]) -> Option<Arc<dyn Cut>> {
        Some(Arc::new(Enclosed {
            name: self.name.clone(),
            within: self.within,
            inner: self.inner.bound(wanted),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_is_robust, cut, record};
    use super::*;

    const LINE: &str = r#"::1 - - [t] "GET /a HTTP/1.1" 200 5 "-" "x y""#;

    #[test]
    fn quotes_around_a_line_are_taken_off() {
        let format = Enclosed::new(In::Quotes, Format::Combined);
        assert_eq!(format.name(), "quoted combined");
        let expected = cut(
            &Enclosed::new(In::Quotes, Format::Combined),
            &format!("\"{LINE}\""),
        );
        let expected = expected.unwrap();
        assert_eq!((&*expected[3], &*expected[7]), ("GET /a HTTP/1.1", "x y"));
        for quote in [r#"\""#, r#""""#] {
            let line = format!("\"{}\"", LINE.replace('"', quote));
            assert_eq!(cut(&format, &line).unwrap(), expected);
            assert_is_robust(&format, &line);
        }
    }

    #[test]
    fn a_line_of_docker_is_unescaped() {
        let format = Enclosed::new(In::Docker, Format::Combined);
        let line = LINE.replace('"', r#"\""#).replace("x y", r"\u00e9\\x22\t");
        let behind = r#"","stream":"stdout","attrs":{"a":"b"},"time":"2024-01-01T00:00:00.5Z"}"#;
        for end in [r"\n", r"\r\n", ""] {
            let line = format!(r#"{{"log":"{line}{end}{behind}"#);
            let slots = cut(&format, &line).unwrap();
            assert_eq!((&*slots[0], &*slots[7]), ("::1", "é\\x22\t"));
            assert_is_robust(&format, &line);
        }
    }

    #[test]
    fn the_place_of_a_misfit_is_told() {
        let (quoted, docker) = (In::Quotes, In::Docker);
        for (within, line, at) in [
            (quoted, LINE, 0),
            (quoted, "\"", 1),
            (quoted, "\"\"", 1),
            (quoted, "\"h - x\"", 5),
            (docker, LINE, 0),
            (docker, r#"{"log":"h \"#, 8),
            (docker, r#"{"log":"h - x\n","stream":"stdout""#, 15),
            (docker, r#"{"log":"\n","stream":"stdout"}"#, 8),
            (docker, r#"{"log":"h - x\n","stream":"stdout"}"#, 12),
        ] {
            let format = Enclosed::new(within, Format::Combined);
            assert_eq!(record(&format, line).unwrap_err().at, at, "{line}");
        }
    }
}
