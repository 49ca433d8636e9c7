//! What a metric must remember of each key beyond a few numbers: its values for
//! a percentile, its distinct values for their count.
//!
//! While a worker counts, all keys of a table share one map or set, whose
//! entries name the row that they belong to; a collection a key would cost a
//! table of many small keys far more than what it holds. When counting is over
//! the entries are put in the order of their rows ([`Gathering::seal`]), so that
//! a merge can read the values of one row.

use std::collections::{HashMap, HashSet};

use super::estimate::Estimate;
use super::key;
use super::sketch::Sketch;
use super::table::{Entry, Table, tag};
use crate::ask::metric::Percent;
use crate::derive::{Column, Derivation};
use crate::scan::Batch;
use crate::scan::format::is_absent;
use ahash::RandomState;

/// What is to be remembered of each row of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Gather {
    /// The numbers of a column.
    Numbers {
        /// The number column.
        column: usize,
        /// Whether they are only sketched.
        sketched: bool,
    },
    /// The distinct texts of a column, or lists of texts of several.
    Distinct {
        /// The columns.
        columns: Vec<Column>,
        /// Whether an absent text is left out; with several columns none is.
        only_present: bool,
        /// Whether they are only estimated.
        sketched: bool,
    },
}

/// What one worker remembers for one table.
#[derive(Debug)]
pub enum Gathering {
    /// How often each number came, by row and number.
    Numbers(HashMap<(u32, u64), u64, RandomState>),
    /// The texts, and pairs of a row and a text.
    Distinct(Table, HashSet<(u32, Entry), RandomState>),
    /// A sketch a row.
    Sketches(Vec<Sketch>),
    /// An estimate a row.
    Estimates(Vec<Estimate>),
}

/// The same when counting is over: a list for each row.
#[derive(Debug)]
pub enum Gathered {
    /// Numbers and how often they came.
    Numbers(Lists<(u64, u64)>),
    /// The texts, and those of each row.
    Distinct(Table, Lists<Entry>),
    /// A sketch a row.
    Sketches(Vec<Sketch>),
    /// An estimate a row.
    Estimates(Vec<Estimate>),
}

/// A list for each row, one behind the other.
#[derive(Debug)]
pub struct Lists<T> {
    /// Where each row's list ends.
    ends: Vec<usize>,
    items: Vec<T>,
}

impl Gathering {
    /// Starts with nothing.
    pub fn new(gather: &Gather) -> Gathering {
        match gather {
            Gather::Numbers { sketched: true, .. } => Gathering::Sketches(Vec::new()),
            Gather::Numbers { .. } => Gathering::Numbers(HashMap::default()),
            Gather::Distinct { sketched: true, .. } => Gathering::Estimates(Vec::new()),
            Gather::Distinct { .. } => Gathering::Distinct(Table::new(0), HashSet::default()),
        }
    }

    /// Remembers what a row of a batch has for the row `into` of a table. All
    /// columns have been derived; `scratch` may hold anything.
    #[inline]
    pub fn add(
        &mut self,
        gather: &Gather,
        into: usize,
        (batch, derivation, row): (&Batch<'_>, &Derivation, usize),
        hashes: &RandomState,
        scratch: &mut Vec<u8>,
    ) {
        match gather {
            Gather::Numbers { column, .. } => {
                if batch.present(*column) >> row & 1 == 1 {
                    self.add_number(into, batch.number(*column)[row]);
                }
            }
            Gather::Distinct {
                columns,
                only_present,
                ..
            } => {
                let text = |column: &Column| derivation.text(batch, *column, row);
                let text = match &columns[..] {
                    [column] => text(column),
                    columns => {
                        scratch.clear();
                        key::join(scratch, columns.iter().map(text));
                        scratch
                    }
                };
                if !(*only_present && is_absent(text)) {
                    self.add_text(into, text, hashes);
                }
            }
        }
    }

    fn add_number(&mut self, into: usize, number: u64) {
        match self {
            Gathering::Numbers(numbers) => {
                *numbers.entry((into as u32, number)).or_default() += 1;
            }
            Gathering::Sketches(sketches) => {
                if sketches.len() <= into {
                    sketches.resize_with(into + 1, Sketch::default);
                }
                sketches[into].add(number);
            }
            _ => unreachable!("numbers are gathered as numbers"),
        }
    }

    fn add_text(&mut self, into: usize, text: &[u8], hashes: &RandomState) {
        match self {
            Gathering::Distinct(texts, pairs) => {
                let text = texts.entry_of(tag(hashes, text), text);
                pairs.insert((into as u32, text));
            }
            Gathering::Estimates(estimates) => {
                if estimates.len() <= into {
                    estimates.resize_with(into + 1, Estimate::default);
                }
                estimates[into].add(text);
            }
            _ => unreachable!("texts are gathered as texts"),
        }
    }

    /// Puts everything in the order of the `rows` of the table.
    pub fn seal(self, rows: usize) -> Gathered {
        match self {
            Gathering::Numbers(numbers) => {
                let items = numbers.into_iter();
                let items = items.map(|((row, number), times)| (row, (number, times)));
                Gathered::Numbers(Lists::new(rows, items.collect()))
            }
            Gathering::Distinct(texts, pairs) => {
                let lists = Lists::new(rows, pairs.into_iter().collect());
                Gathered::Distinct(texts, lists)
            }
            Gathering::Sketches(mut sketches) => {
                sketches.resize_with(rows, Sketch::default);
                Gathered::Sketches(sketches)
            }
            Gathering::Estimates(mut estimates) => {
                estimates.resize_with(rows, Estimate::default);
                Gathered::Estimates(estimates)
            }
        }
    }
}

impl<T: Copy + Default> Lists<T> {
    fn new(rows: usize, pairs: Vec<(u32, T)>) -> Lists<T> {
        let mut ends = vec![0; rows + 1];
        for (row, _) in &pairs {
            ends[*row as usize + 1] += 1;
        }
        for row in 0..rows {
            ends[row + 1] += ends[row];
        }
        // `ends[row]` is where the next item of the row goes; when all have
        // gone, it is where the list ends.
        let mut items = vec![T::default(); pairs.len()];
        for (row, item) in pairs {
            let place = &mut ends[row as usize];
            items[*place] = item;
            *place += 1;
        }
        ends.truncate(rows);
        Lists { ends, items }
    }

    fn get(&self, row: usize) -> &[T] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.items[start..self.ends[row]]
    }
}

/// What all workers have gathered for one key: for each, and its row there.
type Parts<'g> = [(&'g Gathered, usize)];

/// The percentile of all numbers, by nearest rank; `None` without numbers.
pub fn percentile(parts: &Parts<'_>, percent: Percent) -> Option<u64> {
    if let Some((Gathered::Sketches(_), _)) = parts.first() {
        return sketched_percentile(parts, percent);
    }
    let mut numbers: Vec<(u64, u64)> = Vec::new();
    for (gathered, row) in parts {
        let Gathered::Numbers(lists) = gathered else {
            unreachable!("a percentile needs numbers");
        };
        numbers.extend_from_slice(lists.get(*row));
    }
    numbers.sort_unstable();
    let mut left = nearest_rank(numbers.iter().map(|(_, times)| times).sum(), percent)?;
    numbers.into_iter().find_map(|(number, times)| {
        let found = left < times;
        left = left.saturating_sub(times);
        found.then_some(number)
    })
}

/// The index of the percentile among so many sorted numbers.
pub(super) fn nearest_rank(numbers: u64, percent: Percent) -> Option<u64> {
    let rank = (u128::from(numbers) * u128::from(percent.0)).div_ceil(100_000);
    u64::try_from(rank).ok()?.checked_sub(1)
}

fn sketched_percentile(parts: &Parts<'_>, percent: Percent) -> Option<u64> {
    let mut merged = Sketch::default();
    for (gathered, row) in parts {
        let Gathered::Sketches(sketches) = gathered else {
            unreachable!("sketches merge with sketches");
        };
        merged.merge(&sketches[*row]);
    }
    merged.percentile(percent)
}

/// How many distinct texts there are.
pub fn distinct(parts: &Parts<'_>) -> u64 {
    match parts {
        [] => 0,
        [(Gathered::Distinct(_, lists), row)] => lists.get(*row).len() as u64,
        [(Gathered::Estimates(_), _), ..] => {
            let mut merged = Estimate::default();
            for (gathered, row) in parts {
                let Gathered::Estimates(estimates) = gathered else {
                    unreachable!("estimates merge with estimates");
                };
                merged.merge(&estimates[*row]);
            }
            merged.count()
        }
        _ => {
            let mut union: HashSet<&[u8], RandomState> = HashSet::default();
            for (gathered, row) in parts {
                let Gathered::Distinct(texts, lists) = gathered else {
                    unreachable!("a count of distinct texts needs texts");
                };
                union.extend(lists.get(*row).iter().map(|&text| texts.key(text)));
            }
            union.len() as u64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::count::sketch::SKETCH_ERROR;
    use proptest::prelude::*;

    /// Spreads numbers over workers and rows, and reads one row.
    fn gathered(numbers: &[(usize, u64)], workers: usize, sketched: bool) -> Vec<Gathered> {
        let gather = Gather::Numbers {
            column: 0,
            sketched,
        };
        let mut all: Vec<_> = (0..workers).map(|_| Gathering::new(&gather)).collect();
        for (index, (row, number)) in numbers.iter().enumerate() {
            all[index % workers].add_number(*row, *number);
        }
        all.into_iter().map(|gathering| gathering.seal(3)).collect()
    }

    fn parts(all: &[Gathered], row: usize) -> Vec<(&Gathered, usize)> {
        all.iter().map(|gathered| (gathered, row)).collect()
    }

    proptest! {
        #[test]
        fn percentiles_are_of_the_sorted_numbers(
            numbers in proptest::collection::vec(
                (0usize..3, prop_oneof![0u64..50, 50u64..5000, any::<u64>()]),
                0..60,
            ),
            workers in 1usize..4,
            percent in 1u32..100_000,
        ) {
            let (exact, sketched) =
                (gathered(&numbers, workers, false), gathered(&numbers, workers, true));
            for row in 0..3 {
                let mut sorted: Vec<_> =
                    numbers.iter().filter(|n| n.0 == row).map(|n| n.1).collect();
                sorted.sort_unstable();
                let rank = (sorted.len() as f64 * f64::from(percent) / 100_000.0).ceil() as usize;
                let expected = (!sorted.is_empty()).then(|| sorted[rank.max(1) - 1]);
                let found = percentile(&parts(&exact, row), Percent(percent));
                prop_assert_eq!(found, expected);
                let near = percentile(&parts(&sketched, row), Percent(percent));
                prop_assert_eq!(near.is_some(), expected.is_some());
                if let (Some(near), Some(expected)) = (near, expected) {
                    let off = near.abs_diff(expected) as f64;
                    prop_assert!(off <= SKETCH_ERROR * expected as f64, "{near} {expected}");
                }
            }
        }

        #[test]
        fn distinct_texts_are_counted_once(
            texts in proptest::collection::vec((0usize..3, "[a-c]{0,2}"), 0..60),
            workers in 1usize..4,
        ) {
            for sketched in [false, true] {
                let gather = Gather::Distinct {
                    columns: Vec::new(),
                    only_present: false,
                    sketched,
                };
                let hashes = RandomState::with_seeds(1, 2, 3, 4);
                let mut all: Vec<_> = (0..workers).map(|_| Gathering::new(&gather)).collect();
                for (index, (row, text)) in texts.iter().enumerate() {
                    all[index % workers].add_text(*row, text.as_bytes(), &hashes);
                }
                let all: Vec<_> = all.into_iter().map(|gathering| gathering.seal(3)).collect();
                for row in 0..3 {
                    let of_row = texts.iter().filter(|text| text.0 == row).map(|text| &text.1);
                    let expected = of_row.collect::<std::collections::BTreeSet<_>>().len();
                    prop_assert_eq!(distinct(&parts(&all, row)), expected as u64);
                }
            }
        }
    }
}
