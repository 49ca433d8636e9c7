//! How a table is read: which metrics, in which order, which rows.

use crate::ask::{Direction, Having, Metric};
use crate::count::estimate::ESTIMATE_ERROR;
use crate::count::gather::{distinct, percentile};
use crate::count::sketch::SKETCH_ERROR;
use crate::count::{Shape, key, unpacked};
use crate::derive::{Span, UNREADABLE};
use crate::gaps::Gaps;
use crate::merge::Row;
use crate::scan::format::is_absent;
use crate::value::{Unit, Value};

/// One way to read a table.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// What the rows are, for people.
    pub title: String,
    /// The names of the parts of a key.
    pub by: Vec<KeyPart>,
    /// The index of the table in its pass.
    pub table: usize,
    /// What is read of each row. Those behind the first `shown` are only
    /// compared.
    pub readers: Vec<Reader>,
    /// How many readers are shown.
    pub shown: usize,
    /// What the order goes by.
    pub order: OrderBy,
    /// Which rows take part, by their metrics.
    pub having: Option<Having>,
    /// Which keys take part.
    pub keep: fn(&[u8]) -> bool,
    /// The part of the key within whose values rows are ranked.
    pub per: Option<usize>,
    /// The cells of a cross table.
    pub across: Option<Across>,
    /// Rows to keep, of each value of `per`.
    pub rows: Rows,
    /// Which rows without a hit fill the gaps between times; `None` for none.
    pub gaps: Option<Gaps>,
    /// Whether a share is one of all entries, and not of what is in the table.
    pub of_all: bool,
    /// Whether the rows are matches of a pattern.
    pub matches: bool,
}

/// How many rows are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rows {
    /// As many as of any table that does not say.
    Usual,
    /// So many; at least 1.
    First(usize),
    /// All.
    All,
}

impl Rows {
    /// So many, or all if that is 0.
    pub fn upto(top: usize) -> Rows {
        match top {
            0 => Rows::All,
            top => Rows::First(top),
        }
    }

    /// The most rows that are kept; `None` without a limit.
    pub fn limit(self) -> Option<usize> {
        match self {
            Rows::First(rows) => Some(rows),
            Rows::Usual | Rows::All => None,
        }
    }
}

/// A part of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyPart {
    /// Its name.
    pub name: String,
    /// How a time is read from it.
    pub span: Option<Span>,
}

/// The cells of a cross table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Across {
    /// The index of the table whose keys have one part more, the column.
    pub table: usize,
    /// The reader of a cell, in that table.
    pub reader: Reader,
    /// What the columns are.
    pub part: KeyPart,
}

/// What the order of rows goes by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OrderBy {
    /// The reader with this index.
    Reader(usize, Direction),
    /// A part of the key.
    Part(usize, Direction),
}

/// A metric, and how it is read from a row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reader {
    /// The metric.
    pub metric: Metric,
    /// How it is read.
    pub reading: Reading,
    /// Whether it is only sketched.
    pub sketched: bool,
}

/// How a value is read from the numbers of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// The measure with this index.
    Whole(usize),
    /// The first measure divided by the second; absent if that is 0.
    Ratio(usize, usize),
    /// The first measure, absent if the second is 0.
    Present(usize, usize),
    /// The measure is a time.
    Time(usize),
    /// The percentile of the numbers of this gather.
    Percentile(usize, crate::ask::metric::Percent),
    /// The count of the distinct texts of this gather.
    Distinct(usize),
}

impl Reader {
    /// What its values are measured in.
    pub fn unit(&self) -> Unit {
        self.metric.unit()
    }

    /// The bound of its error in hundredths of a per cent; `None` if exact.
    pub fn error(&self) -> Option<u32> {
        self.sketched.then_some(match self.reading {
            Reading::Distinct(_) => ESTIMATE_ERROR,
            _ => (SKETCH_ERROR * 10_000.0) as u32,
        })
    }

    /// Reads the value of a row.
    pub fn value(&self, shape: &Shape, row: &Row<'_>) -> Value {
        let measure = |index| shape.value(index, row.values);
        match self.reading {
            Reading::Whole(index) => Value::Whole(measure(index)),
            Reading::Ratio(part, whole) => match measure(whole) {
                0 => Value::Absent,
                whole => Value::Ratio {
                    part: measure(part),
                    whole,
                },
            },
            Reading::Present(index, numbers) => match measure(numbers) {
                0 => Value::Absent,
                _ => Value::Whole(measure(index)),
            },
            Reading::Time(index) => {
                unpacked(measure(index) as u64).map_or(Value::Absent, Value::Time)
            }
            Reading::Percentile(gather, percent) => {
                let value = percentile(&row.gathered(gather), percent);
                value.map_or(Value::Absent, |value| Value::Whole(u128::from(value)))
            }
            Reading::Distinct(gather) => Value::Whole(u128::from(distinct(&row.gathered(gather)))),
        }
    }

    /// The value of a key that no entry has.
    pub fn of_nothing(&self) -> Value {
        match self.reading {
            Reading::Whole(_) | Reading::Distinct(_) => Value::Whole(0),
            _ => Value::Absent,
        }
    }
}

impl Ranking {
    /// The readers that are shown.
    pub fn shown(&self) -> &[Reader] {
        &self.readers[..self.shown]
    }

    /// The values that are shown of a key that no entry has.
    pub fn of_nothing(&self) -> Vec<Value> {
        self.shown().iter().map(Reader::of_nothing).collect()
    }

    /// Whether a row satisfies the condition on its metrics; `value_of` reads the
    /// reader with an index.
    pub fn has(&self, value_of: &mut dyn FnMut(usize) -> Value) -> bool {
        let Some(having) = &self.having else {
            return true;
        };
        having.holds(&mut |metric| {
            let mut readers = self.readers.iter();
            let reader = readers.position(|reader| reader.metric == *metric);
            value_of(reader.expect("a metric that is compared is read"))
        })
    }

    /// The parts of a key as the table has them.
    pub fn split(&self, key: &[u8]) -> Vec<Vec<u8>> {
        match self.by.len() {
            0 => Vec::new(),
            1 => vec![key.to_vec()],
            _ => key::split(key),
        }
    }

    /// The parts of a key as people read them.
    pub fn key_shown(&self, key: &[u8]) -> Vec<Vec<u8>> {
        let parts = self.split(key).into_iter().zip(&self.by);
        parts.map(|(part, name)| name.shown(part)).collect()
    }
}

impl KeyPart {
    /// What people read.
    pub fn shown(&self, part: Vec<u8>) -> Vec<u8> {
        match self.span {
            Some(span) => span.shown(&part),
            None => part,
        }
    }

    /// Whether a part stands for a value that is not there.
    pub fn is_absent(&self, part: &[u8]) -> bool {
        is_absent(part) || self.span.is_some() && part == UNREADABLE
    }
}
