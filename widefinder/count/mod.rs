//! What one worker counts: tables of its own, shared with nobody.

pub mod estimate;
pub mod gather;
pub mod key;
mod memory;
pub mod sketch;
pub mod summary;
pub mod table;

use ahash::RandomState;

use crate::derive::{Column, Derivation, bits};
use crate::scan::Batch;
use crate::scan::batch::{Mask, ROWS};
use crate::time::Moment;
use gather::{Gather, Gathered, Gathering};
use summary::Summary;
use table::{Entry, Table, Tag, tag};

/// What a table adds up for each key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// Rows.
    Hits,
    /// Rows of a set, the mask.
    HitsOf(usize),
    /// Rows that have a number in a column.
    Numbers(usize),
    /// A number column, in 128 bits, so that no log can overflow it.
    Sum(usize),
    /// A number column, in 64 bits; a sum that does not fit stays at the
    /// largest number that does.
    SaturatingSum(usize),
    /// The largest of a number column.
    Max(usize),
    /// The smallest of a number column.
    Min(usize),
    /// The earliest time.
    First,
    /// The latest time.
    Last,
}

impl Measure {
    /// How many numbers of a table's row it takes.
    fn width(self) -> usize {
        match self {
            Measure::Sum(_) => 2,
            _ => 1,
        }
    }

    /// Its value in the numbers of a row, where it stands at the front.
    fn value(self, values: &[u64]) -> u128 {
        match self {
            Measure::Sum(_) => u128::from(values[1]) << 64 | u128::from(values[0]),
            // Kept upside down, since the numbers of a new row are all 0.
            Measure::Min(_) => u128::from(!values[0]),
            _ => u128::from(values[0]),
        }
    }

    /// Adds what one row of a batch has.
    #[inline]
    fn count(self, values: &mut [u64], batch: &Batch<'_>, derivation: &Derivation, row: usize) {
        let has = |mask: Mask| mask >> row & 1;
        match self {
            Measure::Hits => values[0] += 1,
            Measure::HitsOf(set) => values[0] += has(batch.mask(set)),
            Measure::Numbers(column) => values[0] += has(batch.present(column)),
            Measure::Sum(column)
            | Measure::SaturatingSum(column)
            | Measure::Max(column)
            | Measure::Min(column) => {
                if has(batch.present(column)) == 1 {
                    self.add(values, u128::from(batch.number(column)[row]));
                }
            }
            Measure::First | Measure::Last => {
                if let Some(moment) = derivation.moment(row) {
                    self.add(values, u128::from(packed(moment)));
                }
            }
        }
    }

    /// Adds the value that another row has, or that another worker has come to.
    #[inline]
    fn add(self, values: &mut [u64], number: u128) {
        match self {
            Measure::Hits | Measure::HitsOf(_) | Measure::Numbers(_) => values[0] += number as u64,
            Measure::SaturatingSum(_) => values[0] = values[0].saturating_add(number as u64),
            Measure::Sum(_) => {
                let sum = self.value(values) + number;
                (values[0], values[1]) = (sum as u64, (sum >> 64) as u64);
            }
            Measure::Max(_) | Measure::Last => values[0] = values[0].max(number as u64),
            Measure::Min(_) => values[0] = values[0].max(!(number as u64)),
            // 0 is no time.
            Measure::First => {
                values[0] = match (values[0], number as u64) {
                    (0, other) | (other, 0) => other,
                    (one, other) => one.min(other),
                };
            }
        }
    }
}

/// A moment as a number that is not 0 and in the same order.
fn packed(moment: Moment) -> u64 {
    let offset = (moment.offset + OFFSET_BIAS) as u64;
    ((moment.second + SECOND_BIAS) as u64) << OFFSET_BITS | offset
}

/// The moment that was packed; `None` for 0.
pub fn unpacked(number: u64) -> Option<Moment> {
    (number != 0).then(|| Moment {
        second: (number >> OFFSET_BITS) as i64 - SECOND_BIAS,
        offset: (number & ((1 << OFFSET_BITS) - 1)) as i32 - OFFSET_BIAS,
    })
}

/// More than the seconds of ten thousand years.
const SECOND_BIAS: i64 = 1 << 40;
/// More than the seconds of a day, by which a clock may be ahead.
const OFFSET_BIAS: i32 = 1 << 18;
const OFFSET_BITS: u32 = 19;

/// What a table counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shape {
    /// The columns that make the key; without any, the table has one row.
    pub key: Vec<Column>,
    /// The mask of the rows that count.
    pub set: usize,
    /// What is added up.
    pub measures: Vec<Measure>,
    /// What is remembered besides.
    pub gathers: Vec<Gather>,
}

impl Shape {
    /// How many numbers a row has.
    pub fn width(&self) -> usize {
        self.measures.iter().map(|measure| measure.width()).sum()
    }

    /// Returns the value of the measure with the number `index`.
    pub fn value(&self, index: usize, values: &[u64]) -> u128 {
        self.measures[index].value(&values[self.place(index)..])
    }

    /// Adds the numbers of one row to those of another.
    pub fn merge(&self, into: &mut [u64], values: &[u64]) {
        let mut place = 0;
        for measure in &self.measures {
            let value = measure.value(&values[place..]);
            measure.add(&mut into[place..], value);
            place += measure.width();
        }
    }

    /// The keys of some rows of a batch; joined ones are put together in
    /// `scratch`.
    #[inline]
    fn keys<'k>(
        &self,
        rows: &[usize],
        batch: &'k Batch<'_>,
        derivation: &'k Derivation,
        scratch: &'k mut Vec<u8>,
        keys: &mut [&'k [u8]],
    ) {
        let rows = rows.iter().copied();
        match self.key[..] {
            // Most tables; so the loop is one of its own.
            [Column::Text(column)] => {
                let texts = batch.text(column);
                keys.iter_mut()
                    .zip(rows)
                    .for_each(|(key, row)| *key = texts[row]);
            }
            [column] => {
                let text = |row| derivation.text(batch, column, row);
                keys.iter_mut()
                    .zip(rows)
                    .for_each(|(key, row)| *key = text(row));
            }
            _ => {
                let mut ends = [0; ROWS];
                scratch.clear();
                for (end, row) in ends.iter_mut().zip(rows) {
                    let parts = self.key.iter();
                    key::join(
                        scratch,
                        parts.map(|&column| derivation.text(batch, column, row)),
                    );
                    *end = scratch.len();
                }
                let mut start = 0;
                for (key, end) in keys.iter_mut().zip(ends) {
                    *key = &scratch[start..end];
                    start = end;
                }
            }
        }
    }

    fn place(&self, index: usize) -> usize {
        self.measures[..index].iter().map(|m| m.width()).sum()
    }

    /// All columns that must be derived before rows are counted.
    fn columns(&self) -> impl Iterator<Item = Column> {
        let gathered = self.gathers.iter().flat_map(|gather| match gather {
            Gather::Numbers { .. } => &[][..],
            Gather::Distinct { columns, .. } => columns,
        });
        self.key.iter().chain(gathered).copied()
    }

    fn reads_times(&self) -> bool {
        let times = [Measure::First, Measure::Last];
        self.measures.iter().any(|measure| times.contains(measure))
    }
}

/// The tables of one scanner and one worker.
#[derive(Debug)]
pub struct Counter {
    hashes: RandomState,
    tables: Vec<(Shape, Table, Vec<Gathering>)>,
    summary: Option<Summary>,
    /// Where keys of several columns are put together.
    scratch: Vec<u8>,
    /// The same for what is gathered.
    gather_scratch: Vec<u8>,
}

/// What one worker has counted for a table.
#[derive(Debug)]
pub struct Counted {
    /// The rows and what was added up.
    pub table: Table,
    /// What was remembered besides.
    pub gathered: Vec<Gathered>,
}

impl Counter {
    /// Makes empty tables. Counters that will be merged need the same `hashes`.
    pub fn new(shapes: &[Shape], summary: Option<Summary>, hashes: RandomState) -> Counter {
        let tables = shapes.iter().map(|shape| {
            let table = Table::new(shape.width());
            let gatherings = shape.gathers.iter().map(Gathering::new);
            (shape.clone(), table, gatherings.collect())
        });
        Counter {
            hashes,
            tables: tables.collect(),
            summary,
            scratch: Vec::new(),
            gather_scratch: Vec::new(),
        }
    }

    /// Counts the rows of a batch that the sets of the tables hold.
    pub fn count(&mut self, batch: &Batch<'_>, derivation: &mut Derivation) {
        for (shape, _, _) in &self.tables {
            let rows = batch.mask(shape.set);
            for column in shape.columns() {
                derivation.ensure(batch, column, rows);
            }
            if shape.reads_times() {
                derivation.times(batch, rows);
            }
        }
        for index in 0..self.tables.len() {
            self.count_table(index, batch, derivation);
        }
        if let Some(summary) = &mut self.summary {
            summary.add(batch, derivation);
        }
    }

    fn count_table(&mut self, index: usize, batch: &Batch<'_>, derivation: &Derivation) {
        let (shape, table, gatherings) = &mut self.tables[index];
        let mut found = Found::of(batch.mask(shape.set));
        let mut keys = [&[][..]; ROWS];
        let keys = &mut keys[..found.count];
        shape.keys(found.rows(), batch, derivation, &mut self.scratch, keys);
        found.find(table, &self.hashes, keys);
        add_up(&shape.measures, table, &found, batch, derivation);
        let (hashes, scratch) = (&self.hashes, &mut self.gather_scratch);
        for (gather, gathering) in shape.gathers.iter().zip(gatherings) {
            for (row, entry) in found.pairs() {
                let (number, from) = (table.number(entry), (batch, derivation, row));
                gathering.add(gather, number, from, hashes, scratch);
            }
        }
    }

    /// Ends counting, and makes what was counted ready to be merged.
    pub fn seal(self) -> (Vec<Counted>, Option<Summary>) {
        let sealed = self.tables.into_iter().map(|(_, table, gatherings)| {
            let rows = table.len();
            let gathered = gatherings.into_iter().map(|gathering| gathering.seal(rows));
            Counted {
                gathered: gathered.collect(),
                table,
            }
        });
        (sealed.collect(), self.summary)
    }
}

/// The rows of a batch that a table counts, and where they lie in it.
struct Found {
    count: usize,
    rows: [usize; ROWS],
    entries: [Entry; ROWS],
}

impl Found {
    fn of(rows: Mask) -> Found {
        let mut found = Found {
            count: rows.count_ones() as usize,
            rows: [0; ROWS],
            entries: [Entry::default(); ROWS],
        };
        for (known, row) in found.rows.iter_mut().zip(bits(rows)) {
            *known = row;
        }
        found
    }

    fn rows(&self) -> &[usize] {
        &self.rows[..self.count]
    }

    #[inline]
    fn pairs(&self) -> impl Iterator<Item = (usize, Entry)> {
        let pairs = self.rows.iter().copied().zip(self.entries);
        pairs.take(self.count)
    }

    #[inline]
    fn find(&mut self, table: &mut Table, hashes: &RandomState, keys: &[&[u8]]) {
        let mut tags: [Tag; ROWS] = [0; ROWS];
        for (known, key) in tags.iter_mut().zip(keys) {
            *known = tag(hashes, key);
        }
        let (tags, entries) = (&tags[..keys.len()], &mut self.entries[..keys.len()]);
        table.entries_of::<ROWS>(tags, keys, entries);
    }
}

/// Adds what the rows of a batch have to the numbers of their entries.
#[inline]
fn add_up(
    measures: &[Measure],
    table: &mut Table,
    found: &Found,
    batch: &Batch<'_>,
    derivation: &Derivation,
) {
    // Most tables count hits and nothing else.
    if let [Measure::Hits] = measures {
        for (_, entry) in found.pairs() {
            table.values_mut(entry)[0] += 1;
        }
        return;
    }
    for (row, entry) in found.pairs() {
        let mut values = table.values_mut(entry);
        for measure in measures {
            measure.count(values, batch, derivation, row);
            values = &mut values[measure.width()..];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_overflow() {
        let shape = Shape {
            key: Vec::new(),
            set: 0,
            measures: vec![Measure::Hits, Measure::Sum(0), Measure::SaturatingSum(0)],
            gathers: Vec::new(),
        };
        assert_eq!(shape.width(), 4);
        let mut total = vec![0; 4];
        for _ in 0..3 {
            shape.merge(&mut total, &[1, u64::MAX, 0, u64::MAX - 1]);
        }
        assert_eq!(shape.value(0, &total), 3);
        assert_eq!(shape.value(1, &total), 3 * u128::from(u64::MAX));
        assert_eq!(shape.value(2, &total), u128::from(u64::MAX));
    }

    #[test]
    fn extremes_merge_with_rows_that_have_none() {
        let shape = Shape {
            key: Vec::new(),
            set: 0,
            measures: vec![
                Measure::Max(0),
                Measure::Min(0),
                Measure::First,
                Measure::Last,
            ],
            gathers: Vec::new(),
        };
        let time = |second| {
            u128::from(packed(Moment {
                second,
                offset: -3600,
            }))
        };
        let mut total = vec![0; 4];
        let mut other = vec![0; 4];
        for number in [7, 3, u64::MAX] {
            shape.measures[0].add(&mut other[0..], u128::from(number));
            shape.measures[1].add(&mut other[1..], u128::from(number));
        }
        for second in [-1, 5] {
            shape.measures[2].add(&mut other[2..], time(second));
            shape.measures[3].add(&mut other[3..], time(second));
        }
        shape.merge(&mut total, &[0; 4]);
        shape.merge(&mut total, &other);
        shape.merge(&mut total, &[0; 4]);
        let value = |index| shape.value(index, &total) as u64;
        assert_eq!((value(0), value(1)), (u64::MAX, 3));
        assert_eq!(unpacked(value(2)).unwrap().second, -1);
        assert_eq!(unpacked(value(3)).unwrap().second, 5);
        assert_eq!(unpacked(value(3)).unwrap().offset, -3600);
        assert_eq!(unpacked(0), None);
    }
}
