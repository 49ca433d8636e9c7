//! Records whose values have names: JSON objects, logfmt, LTSV.
//!
//! A format of these is a way to walk over the names of a line, a list of names
//! that it knows, and a rule that tells requests from other records. The names
//! are looked up in a dictionary of those alone that a question wants, which is
//! made when its columns are bound ([`Cut::bound`]); so any other name can be a
//! column too, and what nobody wants costs no more than to pass over it.

use std::sync::Arc;

use bumpalo::Bump;

use super::dictionary::{Dictionary, Lazy};
use super::names::{FIELDS, Row, slot};
use super::values::Values;
use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cut::Cut;
use crate::scan::format::{Record, Source};
use crate::scan::scale::Scale;

/// Passes the values of a line that have a name in the dictionary to `values`,
/// and checks the whole frame.
pub(super) type Walk = for<'c> fn(&'c [u8], &Lazy, &mut Values<'_, 'c>) -> Result<(), Misfit>;

/// What is special about a format.
#[derive(Debug)]
pub(super) struct Dialect {
    /// What people call it.
    pub(super) name: &'static str,
    pub(super) walk: Walk,
    /// The names that it knows.
    pub(super) rows: &'static [&'static [Row]],
    /// The slots that `judge` asks after, a bit each.
    pub(super) signs: u128,
    /// Those of them whose values it reads.
    pub(super) read: u128,
    /// What a sound line is. If it is of another format, what it lacks.
    pub(super) judge: fn(&Values<'_, '_>) -> Result<Record, &'static str>,
    /// Sets what follows from other slots, beyond what does in all formats.
    pub(super) complete: fn(&mut Values<'_, '_>),
    /// How durations are written.
    pub(super) duration: Scale,
}

/// A format, perhaps bound to the fields of a question.
#[derive(Debug)]
pub(super) struct Named {
    dialect: &'static Dialect,
    dictionary: Lazy,
    /// The columns that are asked for by their own names; their slots are the
    /// last.
    own: Vec<String>,
}

impl Named {
    /// The format before it is bound: with what tells its records from others, and
    /// no field.
    pub(super) fn new(dialect: &'static Dialect) -> Named {
        Named {
            dialect,
            dictionary: Lazy::new(Box::new(|| {
                Dictionary::new(dialect.rows, dialect.signs, &[])
            })),
            own: Vec::new(),
        }
    }
}

impl Cut for Named {
    fn name(&self) -> &str {
        self.dialect.name
    }

    fn slots(&self) -> usize {
        slot::OWN + self.own.len()
    }

    fn cut<'c>(
        &self,
        line: &'c [u8],
        slots: &mut [&'c [u8]],
        needed: u64,
        arena: &'c Bump,
    ) -> Result<Record, Misfit> {
        // Slots beyond the bits are needed, since they have been asked for.
        let needed = u128::from(needed) | u128::MAX << u64::BITS;
        let wanted = requires(needed) | self.dialect.read;
        let mut values = Values::new(&mut slots[..self.slots()], wanted, arena);
        (self.dialect.walk)(line, &self.dictionary, &mut values)?;
        let record = (self.dialect.judge)(&values).map_err(|expected| Misfit {
            at: line.len(),
            expected,
        })?;
        if record == Record::Entry {
            (self.dialect.complete)(&mut values);
            values.complete(needed);
        }
        Ok(record)
    }

    fn source(&self, field: &Field) -> Option<Source> {
        let Field::Own(name) = field else {
            let slot = slot_of(field)?;
            let mut rows = self.dialect.rows.iter().copied().flatten();
            let has = rows.any(|row| requires(1 << slot) & 1 << row.slot != 0);
            return has.then_some(Source::Slot(slot));
        };
        own_name(name)?;
        let place = self.own.iter().position(|own| own == name);
        Some(place.map_or(Source::Nowhere, |place| Source::Slot(slot::OWN + place)))
    }

    fn scale(&self, field: &Field) -> Scale {
        Scale::of(field, self.dialect.duration)
    }

    fn is_verbatim(&self) -> bool {
        // A URI may be put together of two values, and text may be escaped.
        false
    }

    fn bound(&self, wanted: &[&Field]) -> Option<Arc<dyn Cut>> {
        let mut own: Vec<String> = Vec::new();
        let mut slots = self.dialect.signs;
        for field in wanted {
            match field {
                Field::Own(name) if own_name(name).is_some() && !own.contains(name) => {
                    own.push(name.clone());
                }
                field => slots |= slot_of(field).map_or(0, |slot| requires(1 << slot)),
            }
        }
        own.truncate(slot::MOST - slot::OWN);
        let (rows, asked) = (self.dialect.rows, own.clone());
        Some(Arc::new(Named {
            dialect: self.dialect,
            dictionary: Lazy::new(Box::new(move || {
                let names = asked.iter().filter_map(|name| own_name(name));
                Dictionary::new(rows, slots, &names.collect::<Vec<_>>())
            })),
            own,
        }))
    }
}

/// The name in the log of a column that is asked for as `json:a.b` or `$a`.
fn own_name(name: &str) -> Option<&str> {
    name.strip_prefix("json:").or(name.strip_prefix('$'))
}

fn slot_of(field: &Field) -> Option<usize> {
    FIELDS.iter().position(|known| known == field)
}

/// The slots that these follow from, a bit each, and these.
fn requires(needed: u128) -> u128 {
    let mut required = needed;
    if needed & slot::OF_REQUEST != 0 {
        required |= 1 << slot::SENT | 1 << slot::URI | 1 << slot::QUERY | 1 << slot::REQUEST;
    }
    if needed & 1 << slot::TIME != 0 {
        required |= 1 << slot::DATE;
    }
    if needed & 1 << slot::SCHEME != 0 {
        required |= 1 << slot::TLS_VERSION | 1 << slot::PROTOCOL;
    }
    required
}

#[cfg(test)]
mod tests;
