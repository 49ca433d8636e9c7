//! Where the columns that a question wants are found in a format.
//!
//! A question names fields; which formats an input has is known when its first
//! lines have been seen. The two are bound once for each, so that no name is
//! looked up while lines are cut.

use super::format::{Format, Formats, Source};
use super::{Batch, Scale};
use crate::ask::Field;

/// The columns of a batch, in order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// Those of texts.
    pub texts: Vec<Field>,
    /// Those of numbers.
    pub numbers: Vec<WantedNumber>,
}

/// A column of numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WantedNumber {
    /// What is read as a number.
    pub field: Field,
    /// Whether no bytes are a number, 0, so that they can be added up; they are
    /// not there where numbers are compared.
    pub none_is_zero: bool,
}

/// Where the columns are found in one format.
#[derive(Clone, Debug)]
pub struct Binding {
    /// How lines are cut.
    pub format: Format,
    /// For each column of texts.
    pub texts: Vec<Source>,
    /// For each column of numbers its slot, unless the format lacks it.
    pub numbers: Vec<Option<(usize, Scale)>>,
    /// The slots that any column is found in, a bit each.
    pub needed: u64,
}

impl Wanted {
    /// Binds the columns to each of the formats.
    pub fn bind(&self, formats: &Formats) -> Vec<Binding> {
        let formats = formats.list().iter();
        formats.map(|format| Binding::new(format, self)).collect()
    }

    /// An empty batch with so many masks.
    pub fn batch<'c>(&self, masks: usize) -> Batch<'c> {
        Batch::new(self.texts.len(), self.numbers.len(), masks)
    }
}

impl Binding {
    fn new(format: &Format, wanted: &Wanted) -> Binding {
        let numbers = wanted.numbers.iter().map(|number| &number.field);
        let fields: Vec<_> = wanted.texts.iter().chain(numbers).collect();
        let format = format.bound(&fields);
        let source = |field: &Field| format.source(field).unwrap_or(Source::Nowhere);
        let number = |wanted: &WantedNumber| {
            let Source::Slot(slot) = source(&wanted.field) else {
                return None;
            };
            let scale = match format.scale(&wanted.field) {
                Scale::Bytes if !wanted.none_is_zero => Scale::Whole,
                scale => scale,
            };
            Some((slot, scale))
        };
        let mut binding = Binding {
            texts: wanted.texts.iter().map(source).collect(),
            numbers: wanted.numbers.iter().map(number).collect(),
            needed: 0,
            format: format.clone(),
        };
        let texts = binding.texts.iter().filter_map(|source| match *source {
            Source::Slot(slot) | Source::Request(slot, _) | Source::Uri(slot, _) => Some(slot),
            Source::Nowhere | Source::Line => None,
        });
        let numbers = binding.numbers.iter().flatten().map(|(slot, _)| *slot);
        let slots = texts.chain(numbers);
        // Layouts may have more slots than bits; their slots are all cut.
        binding.needed = slots.fold(0, |needed, slot| {
            needed | 1u64.checked_shl(slot as u32).unwrap_or(0)
        });
        binding
    }
}
