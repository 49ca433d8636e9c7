//! The answer as plain data, for any renderer.

use crate::count::key;
use crate::count::summary::Totals;
use crate::error::Error;
use crate::question::Ranking;
use crate::rank::Ranked;
use crate::scan::{BadLine, Balance};
use crate::value::{Unit, Value};

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
    /// What the rows are, for people.
    pub title: String,
    /// The names of the parts of a key; none for a table of one row, the total.
    pub by: Vec<String>,
    /// The columns of values; at least one.
    pub metrics: Vec<MetricReport>,
    /// The rows that are shown, in their order.
    pub rows: Vec<RowReport>,
    /// Distinct keys, shown or not, that satisfy the condition on the metrics.
    pub distinct: u64,
    /// Each metric over all of them, where it is one that adds up.
    pub total: Vec<Value>,
    /// What a share is a share of, for each metric that adds up: all that was
    /// selected.
    pub whole: Vec<Option<u128>>,
    /// The part of the key within whose values the rows are ranked; rows of one
    /// value stand together.
    pub per: Option<usize>,
    /// The columns of a cross table.
    pub across: Option<AcrossReport>,
    /// Whether gaps between times were left, because there were too many.
    pub gaps_left: bool,
}

/// A column of values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MetricReport {
    /// As it is asked for: `hits`, `p95:latency`.
    pub name: String,
    /// What its values are measured in.
    pub unit: Unit,
    /// Whether the values of distinct keys add up, so that there are shares.
    pub adds_up: bool,
    /// The bound of the error in hundredths of a per cent; `None` if exact.
    pub error: Option<u32>,
}

/// The columns of a cross table: the values of one more key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AcrossReport {
    /// The name of the key.
    pub name: String,
    /// Its values, in their order.
    pub columns: Vec<Vec<u8>>,
}

/// One row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RowReport {
    /// The parts of the key, as bytes of the log.
    pub key: Vec<Vec<u8>>,
    /// A value for each metric.
    pub values: Vec<Value>,
    /// In a cross table, the first metric for each of its columns.
    pub cells: Vec<Value>,
}

impl RowReport {
    /// The first value, which counts something.
    ///
    /// # Panics
    ///
    /// When it is a ratio, a time, or absent.
    pub fn count(&self) -> u128 {
        match self.values[0] {
            Value::Whole(number) => number,
            value => panic!("{value:?} is no count"),
        }
    }
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
            (Some(totals), Unit::Bytes) => totals.bytes,
            (Some(totals), _) => u128::from(totals.entries),
        };
        let rows = ranked.into_rows().into_iter().map(|row| RowReport {
            key: match ranking.names.len() {
                1 => vec![row.key],
                _ => key::split(&row.key),
            },
            values: vec![Value::Whole(row.value)],
            cells: Vec::new(),
        });
        let name = match ranking.unit {
            Unit::Bytes => "bytes",
            _ => "hits",
        };
        TableReport {
            title: ranking.title.clone(),
            by: ranking.names.clone(),
            metrics: vec![MetricReport {
                name: name.to_owned(),
                unit: ranking.unit,
                adds_up: true,
                error: None,
            }],
            rows: rows.collect(),
            distinct,
            total: vec![Value::Whole(total)],
            whole: vec![Some(whole)],
            per: None,
            across: None,
            gaps_left: false,
        }
    }
}
