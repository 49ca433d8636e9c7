//! Columns that are derived from those of a batch: buckets of time, networks,
//! sites, groups of a pattern, rewritten keys.
//!
//! A value is derived when a filter or a table first asks for it, and only for
//! the rows that it asks for; so what a cheap filter leaves out costs nothing
//! here. What takes longer than a look-up is derived once per distinct value
//! (`memo.rs`).

mod captures;
mod memo;
mod part;
mod times;

use std::borrow::Cow;

use crate::ask::Rewrite;
use crate::scan::Batch;
use crate::scan::batch::{Mask, ROWS};
use crate::scan::format::ABSENT;
use crate::time::Moment;
use crate::value::seconds;

pub use captures::Captures;
pub use memo::Memo;
pub use part::Part;
pub use times::{Span, Times, UNREADABLE, Wall};

/// A column of texts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Column {
    /// One of the batch.
    Text(usize),
    /// One that is derived.
    Derived(usize),
    /// A group of the pattern with the first number; the second is the group,
    /// 0 for the whole match.
    Group(usize, usize),
}

/// How a column is derived.
#[derive(Clone, Debug)]
pub struct Derived {
    from: From,
    /// What is replaced in the outcome, one after the other.
    rewrites: Vec<Rewrite>,
    memo: Option<Memo>,
    values: Values,
}

/// What a column is derived from.
#[derive(Clone, Debug)]
pub enum From {
    /// A part of a text column.
    Text(usize, Part),
    /// The time, as people read it.
    Time(Span),
    /// The time as a key of a table; see [`Span::shown`].
    OrderedTime(Span),
    /// A duration in nanoseconds, the number column; it is written in seconds.
    Number(usize),
}

/// The values of a derived column.
#[derive(Clone, Debug)]
struct Values {
    bytes: Vec<u8>,
    /// Where each row's value lies.
    places: [(usize, usize); ROWS],
    /// The rows that have one.
    done: Mask,
}

/// All derived columns of a scanner's batches, and their values for the batch
/// at hand.
#[derive(Clone, Debug, Default)]
pub struct Derivation {
    columns: Vec<Derived>,
    captures: Vec<Captures>,
    times: Option<Times>,
    scratch: Vec<u8>,
}

impl Derived {
    /// A column that is made of another and then rewritten.
    pub fn new(from: From, rewrites: Vec<Rewrite>) -> Derived {
        let costly = match &from {
            From::Text(_, part) => part.is_costly() || !rewrites.is_empty(),
            _ => false,
        };
        Derived {
            from,
            rewrites,
            memo: costly.then(Memo::default),
            values: Values::default(),
        }
    }

    /// Whether outcomes are kept for values that come again.
    pub fn is_remembered(&self) -> bool {
        self.memo.is_some()
    }

    /// Derives the value of a row; `times` have been read, and `scratch` may
    /// hold anything.
    fn derive(
        &mut self,
        batch: &Batch<'_>,
        times: Option<&mut Times>,
        row: usize,
        scratch: &mut Vec<u8>,
    ) {
        scratch.clear();
        let planned = "a column of times has times";
        match &self.from {
            From::Text(column, part) => {
                let text = batch.text(*column)[row];
                let Some(memo) = &mut self.memo else {
                    return self.values.set(row, &part.derive(text));
                };
                let rewrites = &self.rewrites;
                let derived = memo.get(text, |text, out| {
                    out.extend_from_slice(&part.derive(text));
                    rewrite(rewrites, out);
                });
                return self.values.set(row, derived);
            }
            From::Time(span) => {
                times.expect(planned).write(row, *span, scratch);
                *scratch = span.shown(scratch);
            }
            From::OrderedTime(span) => times.expect(planned).write(row, *span, scratch),
            From::Number(column) if batch.present(*column) >> row & 1 == 1 => {
                let nanoseconds = u128::from(batch.number(*column)[row]);
                scratch.extend_from_slice(seconds(nanoseconds).as_bytes());
            }
            From::Number(_) => scratch.extend_from_slice(ABSENT),
        }
        rewrite(&self.rewrites, scratch);
        self.values.set(row, scratch);
    }
}

impl Derivation {
    /// Collects columns.
    pub fn new(columns: Vec<Derived>, captures: Vec<Captures>, times: Option<Times>) -> Derivation {
        Derivation {
            columns,
            captures,
            times,
            scratch: Vec::new(),
        }
    }

    /// Forgets the values of the batch before.
    pub fn clear(&mut self) {
        for column in &mut self.columns {
            column.values.bytes.clear();
            column.values.done = 0;
        }
        for captures in &mut self.captures {
            captures.clear();
        }
        if let Some(times) = &mut self.times {
            times.clear();
        }
    }

    /// Derives a column for `rows`, unless that has been done.
    pub fn ensure(&mut self, batch: &Batch<'_>, column: Column, rows: Mask) {
        match column {
            Column::Text(_) => {}
            Column::Group(captures, _) => self.captures[captures].ensure(batch, rows),
            Column::Derived(index) => self.derive(batch, index, rows),
        }
    }

    /// The rows among `rows` that a pattern matches.
    pub fn matched(&mut self, batch: &Batch<'_>, captures: usize, rows: Mask) -> Mask {
        self.captures[captures].ensure(batch, rows);
        self.captures[captures].matched() & rows
    }

    /// The times of the rows, read for at least `rows`.
    ///
    /// # Panics
    ///
    /// When the question has no use for times.
    pub fn times(&mut self, batch: &Batch<'_>, rows: Mask) -> &Times {
        let times = self.times.as_mut().expect("times were planned");
        times.ensure(batch, rows);
        times
    }

    /// The time of a row that was read; [`Derivation::times`] does that.
    #[inline]
    pub fn moment(&self, row: usize) -> Option<Moment> {
        self.times.as_ref().and_then(|times| times.moment(row))
    }

    /// A value that has been derived; [`Derivation::ensure`] does that.
    #[inline]
    pub fn text<'a>(&'a self, batch: &'a Batch<'_>, column: Column, row: usize) -> &'a [u8] {
        match column {
            Column::Text(column) => batch.text(column)[row],
            Column::Derived(column) => self.columns[column].values.get(row),
            Column::Group(captures, group) => self.captures[captures].get(batch, row, group),
        }
    }

    fn derive(&mut self, batch: &Batch<'_>, index: usize, rows: Mask) {
        let missing = rows & !self.columns[index].values.done;
        let column = &mut self.columns[index];
        if let (From::Time(_) | From::OrderedTime(_), Some(times)) = (&column.from, &mut self.times)
        {
            times.ensure(batch, missing);
        }
        for row in bits(missing) {
            column.derive(batch, self.times.as_mut(), row, &mut self.scratch);
        }
        column.values.done |= missing;
    }
}

/// Replaces `value` by what the rewrites make of it.
fn rewrite(rewrites: &[Rewrite], value: &mut Vec<u8>) {
    for rewrite in rewrites {
        let limit = if rewrite.all { 0 } else { 1 };
        let rewritten = rewrite
            .regex
            .replacen(value, limit, rewrite.replacement.as_slice());
        if let Cow::Owned(rewritten) = rewritten {
            *value = rewritten;
        }
    }
}

impl Default for Values {
    fn default() -> Values {
        Values {
            bytes: Vec::new(),
            places: [(0, 0); ROWS],
            done: 0,
        }
    }
}

impl Values {
    fn set(&mut self, row: usize, value: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(value);
        self.places[row] = (start, self.bytes.len());
    }

    #[inline]
    fn get(&self, row: usize) -> &[u8] {
        debug_assert!(self.done >> row & 1 == 1, "row {row} was not derived");
        let (start, end) = self.places[row];
        &self.bytes[start..end]
    }
}

/// The numbers of the bits that are set.
#[inline]
pub fn bits(mut rows: Mask) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let row = (rows != 0).then(|| rows.trailing_zeros() as usize);
        rows &= rows.wrapping_sub(1);
        row
    })
}
