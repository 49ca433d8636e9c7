//! The answer as plain data, for any renderer.

use crate::count::key;
use crate::count::summary::Totals;
use crate::error::Error;
use crate::question::{Ranking, Unit};
use crate::rank::Ranked;
use crate::scan::{BadLine, Balance};

/// The answer to a question.
#[derive(Debug)]
pub struct Report {
    /// What was read, in the order of the inputs.
    pub inputs: Vec<InputReport>,
    /// The first lines that did not fit, in the order of the inputs.
    pub bad_lines: Vec<BadLine>,
    /// Totals of all entries, for the overview.
    pub totals: Option<Totals>,
    /// The tables, in the order in which they are printed.
    pub tables: Vec<TableReport>,
    /// What could not be read.
    pub errors: Vec<Error>,
}

/// What was read of one input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InputReport {
    /// As it was given.
    pub name: String,
    /// Bytes that were read.
    pub bytes: u64,
    /// What its lines are; only as far as the question had to know.
    pub balance: Balance,
}

/// One table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableReport {
    /// What the rows are.
    pub title: String,
    /// The names of the parts of a key.
    pub names: Vec<String>,
    /// What the values count.
    pub unit: Unit,
    /// The first rows.
    pub rows: Vec<RowReport>,
    /// Distinct keys, shown or not.
    pub distinct: u64,
    /// The sum of the values of all keys.
    pub total: u128,
    /// What a share is a share of: all that was selected, in this unit.
    pub whole: u128,
}

/// One row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowReport {
    /// The parts of the key, as bytes of the log.
    pub key: Vec<Vec<u8>>,
    /// How much.
    pub value: u128,
}

impl Report {
    /// The balance of all inputs together.
    pub fn balance(&self) -> Balance {
        let mut sum = Balance::default();
        for input in &self.inputs {
            sum += input.balance;
        }
        sum
    }
}

impl TableReport {
    /// Names what was ranked. Without `totals` all rows of the table are what
    /// was selected.
    pub fn new(ranking: &Ranking, ranked: Ranked, totals: Option<&Totals>) -> TableReport {
        let (distinct, total) = (ranked.distinct, ranked.total);
        let whole = match (totals, ranking.unit) {
            (None, _) => total,
            (Some(totals), Unit::Hits) => u128::from(totals.entries),
            (Some(totals), Unit::Bytes) => totals.bytes,
        };
        let rows = ranked.into_rows().into_iter().map(|row| RowReport {
            key: match ranking.names.len() {
                1 => vec![row.key],
                _ => key::split(&row.key),
            },
            value: row.value,
        });
        TableReport {
            title: ranking.title.clone(),
            names: ranking.names.clone(),
            unit: ranking.unit,
            rows: rows.collect(),
            distinct,
            total,
            whole,
        }
    }
}
