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

use crate::ask::{Derive, Rewrite};
use crate::scan::Batch;
use crate::scan::batch::ROWS;
use crate::scan::format::ABSENT;
use crate::time::Moment;

pub use captures::Captures;
pub use memo::Memo;
pub use part::Part;
pub use times::{Span, Times, UNREADABLE, WEEKDAYS, Wall};

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
    /// What it is derived from.
    from: From,
    /// What is replaced in the outcome, one after the other.
    rewrites: Vec<Rewrite>,
    memo: Option<Memo>,
    values: Values,
}

#[derive(Clone, Debug)]
enum From {
    /// A part of a text.
    Text(Column, Part),
    /// The time; as a key of a table, or as people read it.
    Time(Span, bool),
    /// A duration, the number column.
    Number(usize),
}

/// The values of a derived column.
#[derive(Clone, Debug, Default)]
struct Values {
    bytes: Vec<u8>,
    /// Where each row's value lies.
    places: [(usize, usize); ROWS],
    /// The rows that have one.
    done: u32,
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
    /// A part of a text, rewritten.
    pub fn part(from: Column, derive: &Derive, rewrites: Vec<Rewrite>) -> Derived {
        let part = Part::new(derive);
        let costly = part.is_costly() || !rewrites.is_empty();
        Derived {
            from: From::Text(from, part),
            rewrites,
            memo: costly.then(Memo::default),
            values: Values::default(),
        }
    }

    /// A span of time, as people read it.
    pub fn time(span: Span, rewrites: Vec<Rewrite>) -> Derived {
        Derived {
            from: From::Time(span, true),
            rewrites,
            memo: None,
            values: Values::default(),
        }
    }

    /// A span of time as a key of a table; see [`Span::shown`].
    pub fn time_key(span: Span) -> Derived {
        Derived {
            from: From::Time(span, false),
            rewrites: Vec::new(),
            memo: None,
            values: Values::default(),
        }
    }

    /// Whether outcomes are kept for values that come again.
    pub fn is_remembered(&self) -> bool {
        self.memo.is_some()
    }

    /// A duration in seconds, from a number column in nanoseconds.
    pub fn seconds(number: usize, rewrites: Vec<Rewrite>) -> Derived {
        Derived {
            from: From::Number(number),
            rewrites,
            memo: None,
            values: Values::default(),
        }
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
    pub fn ensure(&mut self, batch: &Batch<'_>, column: Column, rows: u32) {
        match column {
            Column::Text(_) => {}
            Column::Group(captures, _) => self.captures[captures].ensure(batch, rows),
            Column::Derived(index) => self.derive(batch, index, rows),
        }
    }

    /// The rows among `rows` that a pattern matches.
    pub fn matched(&mut self, batch: &Batch<'_>, captures: usize, rows: u32) -> u32 {
        self.captures[captures].ensure(batch, rows);
        self.captures[captures].matched() & rows
    }

    /// The times of the rows, read for at least `rows`.
    ///
    /// # Panics
    ///
    /// When the question has no use for times.
    pub fn times(&mut self, batch: &Batch<'_>, rows: u32) -> &Times {
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

    fn derive(&mut self, batch: &Batch<'_>, index: usize, rows: u32) {
        let missing = rows & !self.columns[index].values.done;
        if missing == 0 {
            return;
        }
        match self.columns[index].from {
            From::Text(from, _) => self.ensure(batch, from, missing),
            From::Time(..) => {
                self.times(batch, missing);
            }
            From::Number(_) => {}
        }
        // Taken out, since it reads its neighbours.
        let empty = Derived::seconds(0, Vec::new());
        let mut column = std::mem::replace(&mut self.columns[index], empty);
        let mut scratch = std::mem::take(&mut self.scratch);
        for row in bits(missing) {
            self.derive_row(batch, &mut column, row, &mut scratch);
        }
        column.values.done |= missing;
        self.columns[index] = column;
        self.scratch = scratch;
    }

    fn derive_row(
        &mut self,
        batch: &Batch<'_>,
        column: &mut Derived,
        row: usize,
        scratch: &mut Vec<u8>,
    ) {
        let Derived {
            from,
            rewrites,
            memo,
            values,
        } = column;
        scratch.clear();
        match from {
            From::Text(from, part) => {
                let value = self.text(batch, *from, row);
                if let Some(memo) = memo {
                    let derived = memo.get(value, |value, out| {
                        out.extend_from_slice(&part.derive(value));
                        rewrite(rewrites, out);
                    });
                    return values.set(row, derived);
                }
                return values.set(row, &part.derive(value));
            }
            From::Time(span, shown) => {
                let times = self.times.as_mut().expect("times were planned");
                times.write(row, *span, scratch);
                if *shown {
                    *scratch = span.shown(scratch);
                }
            }
            From::Number(number) => {
                if batch.present(*number) >> row & 1 == 1 {
                    let nanoseconds = u128::from(batch.number(*number)[row]);
                    scratch.extend_from_slice(crate::value::seconds(nanoseconds).as_bytes());
                } else {
                    scratch.extend_from_slice(ABSENT);
                }
            }
        }
        rewrite(rewrites, scratch);
        values.set(row, scratch);
    }
}

/// Replaces `value` by what the rewrites make of it.
fn rewrite(rewrites: &[Rewrite], value: &mut Vec<u8>) {
    for rewrite in rewrites {
        let limit = if rewrite.all { 0 } else { 1 };
        let rewritten = rewrite
            .regex
            .replacen(value, limit, rewrite.replacement.as_slice());
        if let std::borrow::Cow::Owned(rewritten) = rewritten {
            *value = rewritten;
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
pub fn bits(mut rows: u32) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let row = (rows != 0).then(|| rows.trailing_zeros() as usize);
        rows &= rows.wrapping_sub(1);
        row
    })
}
