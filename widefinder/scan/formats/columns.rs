//! The columns of a format whose slots have names of their own.

use crate::ask::Field;
use crate::scan::format::{Part, Source};

/// What a slot holds: the column's name in the manual of the server, and the
/// field that it is.
pub(super) type Column = (&'static str, Option<Field>);

/// The name of a column that holds a request.
pub(super) const REQUEST: &str = "request";

/// The slot of a field; of a column where it is asked for as `$name`. Paths and
/// queries are parts of the URI, all parts of the request those of [`REQUEST`].
pub(super) fn source_in(columns: &[Column], field: &Field) -> Option<Source> {
    let find = |is_it: &dyn Fn(&Column) -> bool| columns.iter().position(is_it);
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
    let slot = find(&|(_, known)| *known == Some(Field::Uri))?;
    match part {
        Part::Path | Part::Query => Some(Source::Uri(slot, part)),
        Part::Method | Part::Uri | Part::Protocol => None,
    }
}
