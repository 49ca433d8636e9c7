//! The top of a table, without sorting what will not be shown.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap};

use ahash::RandomState;

use crate::ask::Direction;
use crate::count::Shape;
use crate::merge::Row;
use crate::ranking::{OrderBy, Ranking, Reader, Reading};
use crate::value::Value;

/// The rows that come first, and what there is besides them.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// Keys that took part.
    pub distinct: u64,
    /// For each shown metric that adds up, its sum over them; else 0.
    pub total: Vec<u128>,
    /// The same over all keys, whatever their metrics.
    pub whole: Vec<u128>,
    limit: Option<usize>,
    tops: Tops,
    /// The measure that orders the rows, the largest first, if nothing else must
    /// be read of a row to pass it by.
    measure: Option<usize>,
    /// The values that were read of the row at hand.
    known: Vec<Option<Value>>,
}

#[derive(Clone, Debug)]
enum Tops {
    One(Top),
    /// For each value of a part of the key.
    Per(usize, HashMap<Vec<u8>, Top, RandomState>),
}

/// The first rows of a number of rows; the last of them on top.
#[derive(Clone, Debug, Default)]
struct Top(BinaryHeap<Reverse<RankedRow>>);

/// One row of the answer. Greater means that it comes first: by what the order
/// goes by, and among equals by the key, ascending.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RankedRow {
    place: Place,
    /// The key, joined if it has several parts.
    pub key: Vec<u8>,
    /// The values that are shown.
    pub values: Vec<Value>,
}

/// What the order of a row goes by.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Place {
    Value(Value, Direction),
    Part(Vec<u8>, Direction),
}

impl Place {
    fn of(ranking: &Ranking, key: &[u8], value_of: &mut dyn FnMut(usize) -> Value) -> Place {
        match ranking.order {
            OrderBy::Reader(reader, direction) => Place::Value(value_of(reader), direction),
            OrderBy::Part(part, direction) => {
                let text = ranking.split(key).swap_remove(part);
                match ranking.by[part].is_absent(&text) {
                    true => Place::Value(Value::Absent, direction),
                    false => Place::Part(text, direction),
                }
            }
        }
    }

    fn is_absent(&self) -> bool {
        matches!(self, Place::Value(Value::Absent, _))
    }

    /// Which comes first; what is absent is last in either direction.
    fn compare(&self, other: &Place) -> Ordering {
        match (self.is_absent(), other.is_absent()) {
            (false, false) => {}
            (absent, other) => return other.cmp(&absent),
        }
        let (natural, direction) = match (self, other) {
            (Place::Value(a, direction), Place::Value(b, _)) => (a.compare(b), direction),
            (Place::Part(a, direction), Place::Part(b, _)) => (a.cmp(b), direction),
            _ => unreachable!("the rows of a table are in one order"),
        };
        match direction {
            Direction::Descending => natural,
            Direction::Ascending => natural.reverse(),
        }
    }
}

impl Ord for RankedRow {
    fn cmp(&self, other: &RankedRow) -> Ordering {
        self.compare(&other.place, &other.key)
    }
}

impl PartialOrd for RankedRow {
    fn partial_cmp(&self, other: &RankedRow) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl RankedRow {
    /// A row that was not ranked but stands where time puts it.
    pub fn new(key: Vec<u8>, values: Vec<Value>) -> RankedRow {
        RankedRow {
            place: Place::Part(key.clone(), Direction::Ascending),
            key,
            values,
        }
    }

    fn compare(&self, place: &Place, key: &[u8]) -> Ordering {
        let by_key = || key.cmp(self.key.as_slice());
        self.place.compare(place).then_with(by_key)
    }
}

impl Ranked {
    /// Starts without rows.
    pub fn new(ranking: &Ranking) -> Ranked {
        let sums = vec![0; ranking.shown];
        Ranked {
            distinct: 0,
            total: sums.clone(),
            whole: sums,
            // Rows that fill gaps come in between.
            limit: ranking.rows.limit().filter(|_| ranking.gaps.is_none()),
            tops: match ranking.per {
                None => Tops::One(Top::default()),
                Some(part) => Tops::Per(part, HashMap::default()),
            },
            measure: deciding_measure(ranking),
            known: Vec::new(),
        }
    }

    /// Adds a key that was not added before.
    pub fn add(&mut self, ranking: &Ranking, shape: &Shape, row: &Row<'_>) {
        if !(ranking.keep)(row.key) || self.passes_by(ranking, shape, row) {
            return;
        }
        // Each value is read once, and only if it matters: a percentile is work.
        let mut known = std::mem::take(&mut self.known);
        known.clear();
        known.resize(ranking.readers.len(), None);
        let mut value_of = |reader: usize| {
            let read = || ranking.readers[reader].value(shape, row);
            *known[reader].get_or_insert_with(read)
        };
        self.add_row(ranking, row.key, &mut value_of);
        self.known = known;
    }

    /// Adds a row that is none of the first, as nearly all rows of a large table
    /// are, if that can be told from one number.
    #[inline]
    fn passes_by(&mut self, ranking: &Ranking, shape: &Shape, row: &Row<'_>) -> bool {
        let (Some(measure), Tops::One(top)) = (self.measure, &self.tops) else {
            return false;
        };
        if !top.is_beyond(self.limit, shape.value(measure, row.values)) {
            return false;
        }
        self.distinct += 1;
        for (sum, reader) in self.whole.iter_mut().zip(ranking.shown()) {
            if let (true, Reading::Whole(measure)) = (reader.metric.adds_up(), reader.reading) {
                *sum += shape.value(measure, row.values);
            }
        }
        true
    }

    fn add_row(&mut self, ranking: &Ranking, key: &[u8], value_of: &mut dyn FnMut(usize) -> Value) {
        add_sums(&mut self.whole, ranking, value_of);
        if ranking.having.is_some() {
            if !ranking.has(value_of) {
                return;
            }
            add_sums(&mut self.total, ranking, value_of);
        }
        self.distinct += 1;
        let place = Place::of(ranking, key, value_of);
        let limit = self.limit;
        let top = self.top(ranking, key);
        if top.wants(limit, &place, key) {
            let row = RankedRow {
                place,
                key: key.to_vec(),
                values: (0..ranking.shown).map(value_of).collect(),
            };
            top.keep(limit, row);
        }
    }

    /// Adds all keys of another ranking, none of which was added before.
    pub fn merge(&mut self, other: Ranked) {
        self.distinct += other.distinct;
        let sums = self.total.iter_mut().zip(other.total);
        for (sum, more) in sums.chain(self.whole.iter_mut().zip(other.whole)) {
            *sum += more;
        }
        match (&mut self.tops, other.tops) {
            (Tops::One(top), Tops::One(other)) => top.merge(self.limit, other),
            (Tops::Per(_, tops), Tops::Per(_, others)) => {
                for (part, other) in others {
                    tops.entry(part).or_default().merge(self.limit, other);
                }
            }
            _ => unreachable!("rankings of one question merge"),
        }
    }

    /// Takes out the rows, first to last. Those of one value of `per` stand
    /// together; the values are in the order of time, if they are times, else in
    /// that of their first rows.
    pub fn take_rows(&mut self, ranking: &Ranking) -> Vec<RankedRow> {
        match &mut self.tops {
            Tops::One(top) => std::mem::take(top).into_rows(),
            Tops::Per(part, tops) => {
                let groups = tops.drain().map(|(value, top)| (value, top.into_rows()));
                let mut groups: Vec<_> = groups.collect();
                match ranking.by[*part].span {
                    Some(_) => groups.sort_unstable_by(|a, b| a.0.cmp(&b.0)),
                    None => groups.sort_unstable_by(|a, b| b.1[0].cmp(&a.1[0])),
                }
                groups.into_iter().flat_map(|(_, rows)| rows).collect()
            }
        }
    }

    fn top(&mut self, ranking: &Ranking, key: &[u8]) -> &mut Top {
        match &mut self.tops {
            Tops::One(top) => top,
            Tops::Per(part, tops) => {
                let part = ranking.split(key).swap_remove(*part);
                tops.entry(part).or_default()
            }
        }
    }
}

/// The measure of [`Ranked::measure`].
fn deciding_measure(ranking: &Ranking) -> Option<usize> {
    let is_whole = |reader: &Reader| matches!(reader.reading, Reading::Whole(_));
    let mut shown = ranking.shown().iter();
    let simple = ranking.having.is_none()
        && ranking.per.is_none()
        && shown.all(|reader| is_whole(reader) || !reader.metric.adds_up());
    match ranking.order {
        OrderBy::Reader(reader, Direction::Descending) if simple => {
            match ranking.readers[reader].reading {
                Reading::Whole(measure) => Some(measure),
                _ => None,
            }
        }
        _ => None,
    }
}

fn add_sums(sums: &mut [u128], ranking: &Ranking, value_of: &mut dyn FnMut(usize) -> Value) {
    for (index, (sum, reader)) in sums.iter_mut().zip(ranking.shown()).enumerate() {
        if reader.metric.adds_up()
            && let Value::Whole(value) = value_of(index)
        {
            *sum += value;
        }
    }
}

impl Top {
    fn wants(&self, limit: Option<usize>, place: &Place, key: &[u8]) -> bool {
        match (limit, self.0.peek()) {
            (Some(limit), Some(Reverse(last))) if self.0.len() >= limit => {
                last.compare(place, key) == Ordering::Less
            }
            _ => true,
        }
    }

    /// Whether a row of this value, the largest of which come first, is certainly
    /// not kept.
    #[inline]
    fn is_beyond(&self, limit: Option<usize>, value: u128) -> bool {
        match (limit, self.0.peek()) {
            (Some(limit), Some(Reverse(last))) if self.0.len() >= limit => {
                matches!(last.place, Place::Value(Value::Whole(least), _) if value < least)
            }
            _ => false,
        }
    }

    fn keep(&mut self, limit: Option<usize>, row: RankedRow) {
        self.0.push(Reverse(row));
        if limit.is_some_and(|limit| self.0.len() > limit) {
            self.0.pop();
        }
    }

    fn merge(&mut self, limit: Option<usize>, other: Top) {
        for Reverse(row) in other.0 {
            if self.wants(limit, &row.place, &row.key) {
                self.keep(limit, row);
            }
        }
    }

    fn into_rows(self) -> Vec<RankedRow> {
        let rows = self.0.into_sorted_vec();
        rows.into_iter().map(|Reverse(row)| row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::Counted;
    use crate::count::table::{Table, tag};
    use crate::merge;
    use crate::question::Question;
    use proptest::prelude::*;

    fn place(value: Option<u128>, direction: Direction) -> Place {
        Place::Value(value.map_or(Value::Absent, Value::Whole), direction)
    }

    proptest! {
        /// A row that is passed by counts as much as one that is looked at.
        #[test]
        fn rows_are_passed_by_unseen(
            hits in proptest::collection::btree_map("[a-c]{0,3}", 0u64..6, 0..40),
            limit in 1usize..5,
        ) {
            let passes = Question::overview().passes(limit).unwrap();
            let (ranking, shape) = (&passes[0].rankings[0], &passes[0].shapes[0]);
            let mut counted = Counted {
                table: Table::new(shape.width()),
                gathered: Vec::new(),
            };
            let hashes = RandomState::with_seeds(1, 2, 3, 4);
            for (key, hits) in &hits {
                let key = key.as_bytes();
                let entry = counted.table.entry_of(tag(&hashes, key), key);
                counted.table.values_mut(entry)[0] = *hits;
            }
            let (mut passing, mut looking) = (Ranked::new(ranking), Ranked::new(ranking));
            prop_assert!(passing.measure.is_some());
            looking.measure = None;
            merge::partition(shape, &[&counted], 0, 0, |row| {
                passing.add(ranking, shape, row);
                looking.add(ranking, shape, row);
            });
            prop_assert_eq!(passing.distinct, hits.len() as u64);
            prop_assert_eq!(passing.distinct, looking.distinct);
            prop_assert_eq!((&passing.whole, &passing.total), (&looking.whole, &looking.total));
            prop_assert_eq!(passing.take_rows(ranking), looking.take_rows(ranking));
        }

        /// However the keys are spread over heaps, the top is that of a sort.
        #[test]
        fn the_top_is_that_of_a_sort(
            rows in proptest::collection::btree_map(
                "[a-c]{0,3}",
                proptest::option::of(0u128..5),
                0..40,
            ),
            limit in proptest::option::of(1usize..12),
            parts in 1usize..5,
            ascending: bool,
        ) {
            let direction = match ascending {
                true => Direction::Ascending,
                false => Direction::Descending,
            };
            let mut tops = vec![Top::default(); parts];
            for (index, (key, value)) in rows.iter().enumerate() {
                let (top, place) = (&mut tops[index % parts], place(*value, direction));
                if top.wants(limit, &place, key.as_bytes()) {
                    let (key, values) = (key.clone().into_bytes(), Vec::new());
                    top.keep(limit, RankedRow { place, key, values });
                }
            }
            let mut merged = Top::default();
            for top in tops {
                merged.merge(limit, top);
            }
            let mut sorted: Vec<_> = rows.into_iter().collect();
            sorted.sort_by_key(|(key, value)| {
                let rank = value.map(|value| if ascending { value } else { 5 - value });
                (value.is_none(), rank, key.clone())
            });
            sorted.truncate(limit.unwrap_or(usize::MAX));
            let top: Vec<_> = merged.into_rows().into_iter().map(|row| row.key).collect();
            let sorted: Vec<_> = sorted.into_iter().map(|(key, _)| key.into_bytes()).collect();
            prop_assert_eq!(top, sorted);
        }
    }
}
