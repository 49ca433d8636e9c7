//! Lines of any format behind the prefixes of [`super::prefix`].

use std::sync::Arc;

use bumpalo::Bump;

use super::prefix;
use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cut::Cut;
use crate::scan::format::{Format, Record, Source};
use crate::scan::scale::Scale;

/// A format behind a prefix.
#[derive(Debug)]
pub(super) struct Prefixed {
    name: String,
    inner: Format,
    /// Whether a line without a prefix does not fit.
    needs_one: bool,
}

impl Prefixed {
    pub(super) fn new(inner: Format) -> Prefixed {
        let name = match inner {
            Format::Combined => "combined",
            _ => inner.name(),
        };
        Prefixed {
            name: format!("prefixed {name}"),
            inner,
            needs_one: true,
        }
    }

    /// A format that as often has a prefix as not; it keeps its name.
    pub(super) fn or_not(inner: Format) -> Prefixed {
        Prefixed {
            name: inner.name().to_owned(),
            inner,
            needs_one: false,
        }
    }
}

impl Cut for Prefixed {
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
        let at = prefix::length(line);
        let misfit = |at, expected| Err(Misfit { at, expected });
        if at == 0 && self.needs_one {
            return misfit(0, "what syslog or a container's runtime puts before a line");
        }
        if at == line.len() {
            return misfit(at, "something behind the prefix");
        }
        let record = self.inner.cut(&line[at..], slots, needed, arena);
        record.map_err(|misfit| Misfit {
            at: at + misfit.at,
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
        self.inner.is_verbatim()
    }

    fn bound(&self, wanted: &[&Field]) -> Option<Arc<dyn Cut>> {
        Some(Arc::new(Prefixed {
            name: self.name.clone(),
            inner: self.inner.bound(wanted),
            needs_one: self.needs_one,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_is_robust, cut, record};
    use super::*;

    const LINE: &str =
        r#"Dec 19 12:00:03 host nginx: ::1 - - [t] "GET / HTTP/1.1" 200 5 "-" "x y""#;

    #[test]
    fn the_rest_of_a_line_is_cut_as_if_it_were_alone() {
        let format = Prefixed::new(Format::Combined);
        assert_eq!(format.name(), "prefixed combined");
        let slots = cut(&format, LINE).unwrap();
        assert_eq!((&*slots[0], &*slots[7]), ("::1", "x y"));
        assert_is_robust(&format, LINE);
    }

    #[test]
    fn places_count_from_the_beginning_of_the_line() {
        let format = Prefixed::new(Format::Combined);
        let at = |line: &str| record(&format, line).unwrap_err().at;
        assert_eq!(at(&LINE[..LINE.len() - 1]), 68);
        assert_eq!(at(&LINE[..28]), 28);
        assert_eq!(at(&LINE[28..]), 0);
        let or_not = Prefixed::or_not(Format::Combined);
        assert_eq!(record(&or_not, &LINE[28..]), Ok(Record::Entry));
    }
}
