//! Lines of any format that others have wrapped in something: behind a prefix
//! ([`super::prefix`]), in an object of Docker's ([`super::docker`]), in an extra
//! pair of quotes.
//!
//! Quotes around a line come from many hands, so that the line is taken as it is
//! first, and with `\"` and `""` as one quote only if it does not fit.

use std::sync::Arc;

use bumpalo::Bump;

use super::quotes::{in_quotes, quotes};
use super::{docker, prefix};
use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cut::Cut;
use crate::scan::format::{Format, Own, Record, Source, is_absent};
use crate::scan::scale::Scale;

/// What lines are wrapped in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::scan) enum Wrapper {
    Quotes,
    Docker,
    /// A prefix in an object of Docker's.
    DockerPrefix,
    Prefix,
    /// A prefix, as often as not.
    PerhapsPrefix,
}

/// A format whose lines are wrapped.
#[derive(Debug)]
struct Wrapped {
    name: String,
    wrapper: Wrapper,
    inner: Format,
    /// The slot of the time.
    time: Option<usize>,
}

impl Wrapper {
    /// Those that a format can be asked for with.
    pub(super) const ALL: [Wrapper; 4] = [
        Wrapper::Quotes,
        Wrapper::DockerPrefix,
        Wrapper::Docker,
        Wrapper::Prefix,
    ];

    /// The words before the name of the format inside.
    pub(super) fn word(self) -> &'static str {
        match self {
            Wrapper::Quotes => "quoted",
            Wrapper::Docker => "docker",
            Wrapper::DockerPrefix => "docker prefixed",
            Wrapper::Prefix => "prefixed",
            Wrapper::PerhapsPrefix => "",
        }
    }

    /// The format of lines of `inner` that are wrapped so.
    pub(in crate::scan) fn wrap(self, inner: Format) -> Format {
        Format::Own(Own::new(Arc::new(Wrapped::new(self, inner))))
    }

    /// The time that was put before a line.
    fn time<'c>(self, line: &'c [u8], arena: &'c Bump) -> Option<&'c [u8]> {
        match self {
            Wrapper::Quotes | Wrapper::Docker | Wrapper::PerhapsPrefix => None,
            Wrapper::DockerPrefix => prefix::time(docker::line(line, arena).ok()?),
            Wrapper::Prefix => prefix::time(line),
        }
    }

    /// Whether a line is wrapped so, whatever is in it.
    pub(in crate::scan) fn is_around(self, line: &[u8]) -> bool {
        self.unwrap(line, &Bump::new()).is_ok()
    }

    /// The line that is wrapped, and where it begins.
    fn unwrap<'c>(self, line: &'c [u8], arena: &'c Bump) -> Result<(usize, &'c [u8]), Misfit> {
        match self {
            Wrapper::Quotes => Ok((1, in_quotes(line)?)),
            Wrapper::Docker => Ok((docker::BEFORE.len(), docker::line(line, arena)?)),
            Wrapper::DockerPrefix => {
                let (start, line) = Wrapper::Docker.unwrap(line, arena)?;
                let (at, line) = Wrapper::Prefix.unwrap(line, arena)?;
                Ok((start + at, line))
            }
            Wrapper::Prefix | Wrapper::PerhapsPrefix => {
                let at = prefix::length(line);
                let misfit = |at, expected| Err(Misfit { at, expected });
                if at == 0 && self == Wrapper::Prefix {
                    return misfit(0, "what syslog or a container's runtime puts before a line");
                }
                if at == line.len() {
                    return misfit(at, "something behind the prefix");
                }
                Ok((at, &line[at..]))
            }
        }
    }
}

impl Wrapped {
    fn new(wrapper: Wrapper, inner: Format) -> Wrapped {
        let name = match inner {
            Format::Combined => "combined",
            _ => inner.name(),
        };
        let name = format!("{} {name}", wrapper.word()).trim_start().to_owned();
        Wrapped::with_name(name, wrapper, inner)
    }

    fn with_name(name: String, wrapper: Wrapper, inner: Format) -> Wrapped {
        let time = match inner.source(&Field::Time) {
            Some(Source::Slot(slot)) => Some(slot),
            _ => None,
        };
        Wrapped {
            name,
            wrapper,
            inner,
            time,
        }
    }
}

impl Cut for Wrapped {
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
        let (start, inner) = self.wrapper.unwrap(line, arena)?;
        let mut result = self.inner.cut(inner, slots, needed, arena);
        if result.is_err()
            && self.wrapper == Wrapper::Quotes
            && let Some(unescaped) = quotes(inner, arena)
        {
            result = self.inner.cut(unescaped, slots, needed, arena);
        }
        // Who has it written before the line need not write it once more.
        if let (Ok(Record::Entry), Some(slot)) = (&result, self.time)
            && needed
                .checked_shr(slot as u32)
                .is_none_or(|bits| bits & 1 == 1)
            && is_absent(slots[slot])
            && let Some(time) = self.wrapper.time(line, arena)
        {
            slots[slot] = time;
        }
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

    fn wrapper(&self) -> Option<Wrapper> {
        Some(self.wrapper)
    }

    fn is_verbatim(&self) -> bool {
        let is_escaped = matches!(
            self.wrapper,
            Wrapper::Quotes | Wrapper::Docker | Wrapper::DockerPrefix
        );
        !is_escaped && self.inner.is_verbatim()
    }

    fn bound(&self, wanted: &[&Field]) -> Option<Arc<dyn Cut>> {
        let inner = self.inner.bound(wanted);
        Some(Arc::new(Wrapped::with_name(
            self.name.clone(),
            self.wrapper,
            inner,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_is_robust, cut, record};
    use super::*;

    fn wrapped(wrapper: Wrapper) -> Wrapped {
        Wrapped::new(wrapper, Format::Combined)
    }

    const LINE: &str = r#"::1 - - [t] "GET /a HTTP/1.1" 200 5 "-" "x y""#;

    #[test]
    fn quotes_around_a_line_are_taken_off() {
        let format = wrapped(Wrapper::Quotes);
        assert_eq!(format.name(), "quoted combined");
        let expected = cut(&format, &format!("\"{LINE}\"")).unwrap();
        assert_eq!((&*expected[3], &*expected[7]), ("GET /a HTTP/1.1", "x y"));
        for quote in [r#"\""#, r#""""#] {
            let line = format!("\"{}\"", LINE.replace('"', quote));
            assert_eq!(cut(&format, &line).unwrap(), expected);
            assert_is_robust(&format, &line);
        }
    }

    #[test]
    fn a_line_of_docker_is_unescaped() {
        let format = wrapped(Wrapper::Docker);
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
        let (quoted, docker) = (Wrapper::Quotes, Wrapper::Docker);
        for (wrapper, line, at) in [
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
            let format = wrapped(wrapper);
            assert_eq!(record(&format, line).unwrap_err().at, at, "{line}");
        }
    }

    const PREFIXED: &str =
        r#"Dec 19 12:00:03 host nginx: ::1 - - [t] "GET / HTTP/1.1" 200 5 "-" "x y""#;

    #[test]
    fn the_rest_of_a_line_is_cut_as_if_it_were_alone() {
        let format = wrapped(Wrapper::Prefix);
        assert_eq!(format.name(), "prefixed combined");
        let slots = cut(&format, PREFIXED).unwrap();
        assert_eq!((&*slots[0], &*slots[7]), ("::1", "x y"));
        assert_is_robust(&format, PREFIXED);
    }

    #[test]
    fn the_time_of_a_prefix_is_that_of_a_line_without() {
        let logfmt = Wrapped::new(Wrapper::Prefix, Format::named("logfmt").unwrap());
        let fields = [Field::Time, Field::Status];
        let bound = logfmt.bound(&fields.iter().collect::<Vec<_>>()).unwrap();
        let prefix = "2024-01-01T00:00:00+00:00 heroku[router]: ";
        for (line, expected) in [
            ("method=GET path=/ status=200", "2024-01-01T00:00:00+00:00"),
            ("time=1 method=GET path=/ status=200", "1"),
        ] {
            let slots = cut(&*bound, &format!("{prefix}{line}")).unwrap();
            assert_eq!(slots[logfmt.time.unwrap()], expected);
        }
    }

    #[test]
    fn places_count_from_the_beginning_of_the_line() {
        let format = wrapped(Wrapper::Prefix);
        let at = |line: &str| record(&format, line).unwrap_err().at;
        assert_eq!(at(&PREFIXED[..PREFIXED.len() - 1]), 68);
        assert_eq!(at(&PREFIXED[..28]), 28);
        assert_eq!(at(&PREFIXED[28..]), 0);
        let perhaps = wrapped(Wrapper::PerhapsPrefix);
        assert_eq!(record(&perhaps, &PREFIXED[28..]), Ok(Record::Entry));
    }
}
