//! Formats with a fixed list of slots, which differ in these and in how a line is
//! cut.

use bumpalo::Bump;

use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cut::Cut;
use crate::scan::format::{Part, Record, Source};
use crate::scan::scale::Scale;

/// A format with a fixed list of slots, which are cut out of each line as they stand in
/// it.
#[derive(Debug)]
pub(super) struct Fixed {
    pub(super) name: &'static str,
    /// What the slots hold.
    pub(super) columns: &'static [Column],
    pub(super) cut: CutLine,
    /// How durations are written.
    pub(super) duration: Scale,
}

/// Cuts a line into slots, at least those that are needed, a bit each.
type CutLine = for<'c> fn(&'c [u8], &mut [&'c [u8]], u64) -> Result<Record, Misfit>;

/// What a slot holds: the column's name in the manual of the server, and the
/// field that it is.
pub(super) type Column = (&'static str, Option<Field>);

/// The name of a column that holds a request.
pub(super) const REQUEST: &str = "request";

/// That of one that holds path and query, where the URI is a whole URL.
pub(super) const TARGET: &str = "target";

impl Cut for Fixed {
    fn name(&self) -> &str {
        self.name
    }

    fn slots(&self) -> usize {
        self.columns.len()
    }

    fn cut<'c>(
        &self,
        line: &'c [u8],
        slots: &mut [&'c [u8]],
        needed: u64,
        _arena: &'c Bump,
    ) -> Result<Record, Misfit> {
        (self.cut)(line, slots, needed)
    }

    /// The slot of a field; of a column where it is asked for as `$name`. Paths and
    /// queries are parts of the URI, all parts of the request those of [`REQUEST`].
    fn source(&self, field: &Field) -> Option<Source> {
        let find = |is_it: &dyn Fn(&Column) -> bool| self.columns.iter().position(is_it);
        if let Field::Own(name) = field {
            let name = name.strip_prefix('$')?;
            return find(&|(column, _)| *column == name).map(Source::Slot);
        }
        if let Some(slot) = find(&|(_, known)| known.as_ref() == Some(field)) {
            return Some(Source::Slot(slot));
        }
        let part = Part::of(field)?;
        if let Some(slot) = find(&|(name, _)| *name == REQUEST) {
            return Some(Source::Request(slot, part));
        }
        let target = find(&|(name, _)| *name == TARGET);
        let slot = target.or_else(|| find(&|(_, known)| *known == Some(Field::Uri)))?;
        match part {
            Part::Path | Part::Query => Some(Source::Uri(slot, part)),
            Part::Method | Part::Uri | Part::Protocol => None,
        }
    }

    fn scale(&self, field: &Field) -> Scale {
        Scale::of(field, self.duration)
    }

    fn is_verbatim(&self) -> bool {
        true
    }
}
