//! The answer as plain data, for any renderer.

use crate::ask::Metric;
use crate::count::summary::Totals;
use crate::error::Error;
use crate::rank::{Ranked, RankedRow};
use crate::ranking::{Ranking, Reader};
use crate::scan::{AllBad, BadLine, Balance};
use crate::time::Moment;
use crate::value::{Unit, Value};

/// The answer to a question.
#[derive(Debug)]
pub struct Report {
    /// What was read, in the order of the inputs.
    pub inputs: Vec<InputReport>,
    /// The first lines that did not fit, in the order of the inputs.
    pub bad_lines: Vec<BadLine>,
    /// All of them, if they were wanted.
    pub all_bad: Option<AllBad>,
    /// The time of the earliest selected entry, where times were read.
    pub first: Option<Moment>,
    /// The time of the latest.
    pub last: Option<Moment>,
    /// Totals of all entries, for the overview.
    pub totals: Option<Totals>,
    /// The tables, in the order in which they are printed.
    pub tables: Vec<TableReport>,
    /// What the run cost, if that was asked for.
    pub stats: Option<StatsReport>,
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
    /// The formats of its lines; none if they were not cut.
    pub formats: Vec<String>,
}

/// One table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableReport {
    /// What the rows are, for people.
    pub title: String,
    /// Whether the rows are matches of a pattern, so that people are told how
    /// many lines match.
    pub matches: bool,
    /// The names of the parts of a key; none for a table of one row, the total.
    pub by: Vec<String>,
    /// The columns of values; at least one.
    pub metrics: Vec<MetricReport>,
    /// The rows that are shown, in their order.
    pub rows: Vec<RowReport>,
    /// Distinct keys, shown or not, that satisfy the condition on the metrics.
    pub distinct: u64,
    /// How many of `rows` fill gaps between times; `distinct` counts none of
    /// them.
    pub filled: u64,
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

/// What a run cost.
#[derive(Clone, PartialEq, Debug)]
pub struct StatsReport {
    /// From the first look at an input to the last row.
    pub seconds: f64,
    /// Bytes that were read.
    pub bytes: u64,
    /// Lines that were read.
    pub lines: u64,
    /// Workers that counted.
    pub threads: usize,
    /// The stages of the engine, in the order of the data path.
    pub stages: Vec<StageReport>,
    /// What the others waited for, in words.
    pub bottleneck: String,
}

/// How the workers of a stage spent their time. The shares are from 0 to 1.
#[derive(Clone, PartialEq, Debug)]
pub struct StageReport {
    /// The name of the stage.
    pub name: String,
    /// What it has handed on.
    pub items: u64,
    /// The batches in which it did so.
    pub batches: u64,
    /// How many workers it had.
    pub workers: usize,
    /// From the start of the first worker to the end of the last.
    pub seconds: f64,
    /// The share of their time in which they worked.
    pub busy: f64,
    /// The share in which they waited for something to do.
    pub starved: f64,
    /// The share in which nobody took what they had done.
    pub blocked: f64,
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
    /// Distinct clients, where they were counted.
    pub fn clients(&self) -> Option<u64> {
        let clients = self.tables.iter().find(|table| table.by == ["client"]);
        clients.map(|table| table.distinct)
    }

    /// The balance of all inputs together.
    pub fn balance(&self) -> Balance {
        let mut sum = Balance::default();
        for input in &self.inputs {
            sum += input.balance;
        }
        sum
    }

    /// Checks that another run gave the same answer, whatever it cost.
    ///
    /// # Errors
    ///
    /// When it did not. Answers depend on nothing but the question and the
    /// inputs, so an input that has changed is named, if one has.
    pub fn check_same(&self, other: &Report) -> Result<(), Error> {
        let mut inputs = self.inputs.iter().zip(&other.inputs);
        if let Some((before, after)) = inputs.find(|(before, after)| before != after) {
            return Err(Error::input(
                &before.name,
                format_args!(
                    "has changed while it was measured, from {} to {} bytes; measure a copy",
                    before.bytes, after.bytes
                ),
            ));
        }
        let parts = |report: &Report| (report.first, report.last, report.errors.len());
        let same = parts(self) == parts(other)
            && self.inputs.len() == other.inputs.len()
            && self.bad_lines == other.bad_lines
            && self.totals == other.totals
            && self.tables == other.tables;
        match same {
            true => Ok(()),
            false => Err(Error::Usage(
                "two runs of the same question gave different answers; was a file written to \
                 meanwhile? measure a copy"
                    .to_owned(),
            )),
        }
    }
}

impl TableReport {
    /// The rows that are not shown.
    pub fn hidden(&self) -> u64 {
        let shown = (self.rows.len() as u64).saturating_sub(self.filled);
        self.distinct.saturating_sub(shown)
    }

    /// A metric over the rows that are not shown; absent for one that does not
    /// add up.
    pub fn rest(&self, metric: usize) -> Value {
        let Value::Whole(total) = self.total[metric] else {
            return Value::Absent;
        };
        if !self.metrics[metric].adds_up {
            return Value::Absent;
        }
        let shown = self.rows.iter().map(|row| match row.values[metric] {
            Value::Whole(number) => number,
            _ => 0,
        });
        let shown = shown.fold(0, u128::saturating_add);
        Value::Whole(total.saturating_sub(shown))
    }

    /// Names what was ranked. With `totals` shares are of all that was selected;
    /// else of what the table holds.
    pub fn new(
        ranking: &Ranking,
        ranked: &Ranked,
        rows: Vec<RankedRow>,
        totals: Option<&Totals>,
    ) -> TableReport {
        let readers = ranking.shown();
        let total = match ranking.having {
            Some(_) => &ranked.total,
            None => &ranked.whole,
        };
        let total = readers
            .iter()
            .zip(total)
            .map(|(reader, sum)| match reader.metric.adds_up() {
                true => Value::Whole(*sum),
                false => Value::Absent,
            });
        let whole = readers.iter().zip(&ranked.whole).map(|(reader, sum)| {
            let all = totals.map(|totals| match reader.metric {
                Metric::Bytes => totals.bytes,
                _ => u128::from(totals.entries),
            });
            reader.metric.adds_up().then(|| all.unwrap_or(*sum))
        });
        TableReport {
            title: ranking.title.clone(),
            matches: ranking.matches,
            by: ranking.by.iter().map(|part| part.name.clone()).collect(),
            metrics: readers.iter().map(MetricReport::of).collect(),
            total: total.collect(),
            whole: whole.collect(),
            rows: rows
                .into_iter()
                .map(|row| RowReport::of(ranking, row))
                .collect(),
            distinct: ranked.distinct,
            filled: 0,
            per: ranking.per,
            across: None,
            gaps_left: false,
        }
    }
}

impl MetricReport {
    fn of(reader: &Reader) -> MetricReport {
        MetricReport {
            name: reader.metric.to_string(),
            unit: reader.unit(),
            adds_up: reader.metric.adds_up(),
            error: reader.error(),
        }
    }
}

impl RowReport {
    fn of(ranking: &Ranking, row: RankedRow) -> RowReport {
        RowReport {
            key: ranking.key_shown(&row.key),
            values: row.values,
            cells: Vec::new(),
        }
    }
}

impl StageReport {
    /// The figures of a stage of the engine.
    pub fn of(stage: engine::StageReport) -> StageReport {
        let alive = stage.alive.as_secs_f64();
        let share = |part: std::time::Duration| match alive {
            0.0 => 0.0,
            alive => part.as_secs_f64() / alive,
        };
        StageReport {
            busy: share(stage.busy),
            starved: share(stage.starved),
            blocked: share(stage.blocked),
            name: stage.name,
            items: stage.items,
            batches: stage.batches,
            workers: stage.workers,
            seconds: stage.span.as_secs_f64(),
        }
    }
}
