//! The shape of an answer in JSON: `docs/output.schema.json`, as types.
//!
//! Both forms of JSON are made of these parts. Numbers are written digit by
//! digit as the report has them: sums have up to 128 bits.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::value::{Written, unit_name};
use crate::count::summary::Totals;
use crate::report::{
    AcrossReport, MetricReport, Report, RowReport, StageReport, StatsReport, TableReport,
};
use crate::scan::Balance;
use crate::value::{Unit, Value};

/// The version of the shape. Fields may be added to it; a change that breaks a
/// reader needs a new one.
pub(super) const VERSION: u32 = 1;

/// The answer.
#[derive(Serialize)]
pub(super) struct Document<'r> {
    version: u32,
    run: Run<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totals: Option<TotalsPart>,
    tables: Vec<Table<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stats: Option<StatsPart<'r>>,
}

impl<'r> Document<'r> {
    pub(super) fn new(report: &'r Report) -> Document<'r> {
        let tables = report.tables.iter().map(|table| Table {
            head: Head::new(table),
            rows: Rows(table),
        });
        Document {
            version: VERSION,
            run: Run::new(report),
            totals: TotalsPart::new(report),
            tables: tables.collect(),
            stats: StatsPart::new(report),
        }
    }
}

/// What was read.
#[derive(Serialize)]
pub(super) struct Run<'r> {
    files: Vec<File<'r>>,
    #[serde(flatten)]
    read: Read,
    first: Option<String>,
    last: Option<String>,
    errors: Vec<String>,
}

impl<'r> Run<'r> {
    pub(super) fn new(report: &'r Report) -> Run<'r> {
        let (bytes, balance) = (
            report.inputs.iter().map(|i| i.bytes).sum(),
            report.balance(),
        );
        let known = Known::new(bytes, &balance);
        let files = report.inputs.iter().map(|input| File {
            name: &input.name,
            read: Read::new(input.bytes, &input.balance, known),
        });
        Run {
            files: files.collect(),
            read: Read::new(bytes, &balance, known),
            first: report.first.map(|moment| moment.to_string()),
            last: report.last.map(|moment| moment.to_string()),
            errors: report.errors.iter().map(|e| e.to_string()).collect(),
        }
    }
}

#[derive(Serialize)]
struct File<'r> {
    name: &'r str,
    #[serde(flatten)]
    read: Read,
}

/// Which figures of a balance the question had to know. None of a log that has
/// bytes has no lines, and every line is of some kind.
#[derive(Clone, Copy)]
struct Known {
    lines: bool,
    kinds: bool,
}

impl Known {
    fn new(bytes: u64, balance: &Balance) -> Known {
        let Balance {
            entries,
            other,
            bad,
            blank,
            comment,
            ..
        } = *balance;
        let kinds = entries + other + bad + blank + comment;
        Known {
            lines: bytes == 0 || balance.lines > 0,
            kinds: bytes == 0 || kinds > 0,
        }
    }
}

/// A balance of lines, without what was not counted.
#[derive(Serialize)]
struct Read {
    bytes: u64,
    lines: Option<u64>,
    entries: Option<u64>,
    selected: Option<u64>,
    other: Option<u64>,
    bad: Option<u64>,
    blank: Option<u64>,
    comment: Option<u64>,
}

impl Read {
    fn new(bytes: u64, balance: &Balance, known: Known) -> Read {
        let kind = |lines: u64| known.kinds.then_some(lines);
        Read {
            bytes,
            lines: known.lines.then_some(balance.lines),
            entries: kind(balance.entries),
            selected: kind(balance.selected),
            other: kind(balance.other),
            bad: kind(balance.bad),
            blank: kind(balance.blank),
            comment: kind(balance.comment),
        }
    }
}

/// What the overview says of all selected entries.
#[derive(Serialize)]
pub(super) struct TotalsPart {
    bytes: u128,
    clients: Option<u64>,
    classes: Classes,
    undated: u64,
    unreferred: u64,
}

#[derive(Serialize)]
struct Classes {
    #[serde(rename = "1xx")]
    informational: u64,
    #[serde(rename = "2xx")]
    successful: u64,
    #[serde(rename = "3xx")]
    redirected: u64,
    #[serde(rename = "4xx")]
    refused: u64,
    #[serde(rename = "5xx")]
    failed: u64,
    other: u64,
}

impl TotalsPart {
    pub(super) fn new(report: &Report) -> Option<TotalsPart> {
        let totals: &Totals = report.totals.as_ref()?;
        let [
            informational,
            successful,
            redirected,
            refused,
            failed,
            other,
        ] = totals.classes;
        Some(TotalsPart {
            bytes: totals.bytes,
            clients: report.clients(),
            classes: Classes {
                informational,
                successful,
                redirected,
                refused,
                failed,
                other,
            },
            undated: totals.undated,
            unreferred: totals.unreferred,
        })
    }
}

#[derive(Serialize)]
struct Table<'r> {
    #[serde(flatten)]
    head: Head<'r>,
    rows: Rows<'r>,
}

/// A table without its rows.
#[derive(Serialize)]
pub(super) struct Head<'r> {
    name: &'r str,
    by: &'r [String],
    metrics: Vec<Metric<'r>>,
    per: Option<&'r str>,
    across: Option<Across<'r>>,
    distinct: u64,
    filled: u64,
    gaps_left: bool,
    others: Others<'r>,
    total: Values<'r>,
}

impl<'r> Head<'r> {
    pub(super) fn new(table: &'r TableReport) -> Head<'r> {
        let metrics = table.metrics.iter().zip(&table.whole);
        let rest = (0..table.metrics.len()).map(|metric| table.rest(metric));
        Head {
            name: &table.title,
            by: &table.by,
            metrics: metrics
                .map(|(metric, whole)| Metric::new(metric, *whole))
                .collect(),
            per: table.per.map(|part| table.by[part].as_str()),
            across: table.across.as_ref().map(Across::new),
            distinct: table.distinct,
            filled: table.filled,
            gaps_left: table.gaps_left,
            others: Others {
                rows: table.hidden(),
                metrics: Values::new(&table.metrics, rest),
            },
            total: Values::new(&table.metrics, table.total.iter().copied()),
        }
    }
}

#[derive(Serialize)]
struct Metric<'r> {
    name: &'r str,
    unit: &'static str,
    exact: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_percent: Option<Written>,
    whole: Option<u128>,
}

impl<'r> Metric<'r> {
    fn new(metric: &'r MetricReport, whole: Option<u128>) -> Metric<'r> {
        let hundredths = |error: u32| Value::Ratio {
            part: u128::from(error),
            whole: 10_000,
        };
        let error = metric.error.map(hundredths);
        Metric {
            name: &metric.name,
            unit: unit_name(metric.unit),
            exact: metric.error.is_none(),
            error_percent: error.map(|error| Written::new(&error, Unit::Share)),
            whole: whole.filter(|_| metric.adds_up),
        }
    }
}

#[derive(Serialize)]
struct Across<'r> {
    name: &'r str,
    columns: Vec<Cow<'r, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns_base64: Option<Vec<String>>,
}

impl<'r> Across<'r> {
    fn new(across: &'r AcrossReport) -> Across<'r> {
        let (columns, columns_base64) = texts(&across.columns);
        Across {
            name: &across.name,
            columns,
            columns_base64,
        }
    }
}

/// What the rows leave out.
#[derive(Serialize)]
struct Others<'r> {
    rows: u64,
    metrics: Values<'r>,
}

/// The rows of a table, made one after the other.
struct Rows<'r>(&'r TableReport);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = self.0.rows.iter();
        serializer.collect_seq(rows.map(|row| Row::new(row, self.0)))
    }
}

/// One row.
#[derive(Serialize)]
pub(super) struct Row<'r> {
    key: Vec<Cow<'r, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_base64: Option<Vec<String>>,
    metrics: Values<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    across: Option<Vec<Written>>,
}

impl<'r> Row<'r> {
    pub(super) fn new(row: &'r RowReport, table: &'r TableReport) -> Row<'r> {
        let (key, key_base64) = texts(&row.key);
        let unit = table.metrics[0].unit;
        let cells = row.cells.iter().map(|value| Written::new(value, unit));
        Row {
            key,
            key_base64,
            metrics: Values::new(&table.metrics, row.values.iter().copied()),
            across: table.across.is_some().then(|| cells.collect()),
        }
    }
}

/// Values by the name of their metric.
struct Values<'r>(Vec<(&'r str, Written)>);

impl<'r> Values<'r> {
    fn new(metrics: &'r [MetricReport], values: impl Iterator<Item = Value>) -> Values<'r> {
        let named = metrics.iter().zip(values);
        let named = named.map(|(m, value)| (m.name.as_str(), Written::new(&value, m.unit)));
        Values(named.collect())
    }
}

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Bytes as text, with a replacement for what is not UTF-8; then also the bytes
/// themselves, in base64.
fn texts(parts: &[Vec<u8>]) -> (Vec<Cow<'_, str>>, Option<Vec<String>>) {
    let lossy = parts.iter().map(|part| String::from_utf8_lossy(part));
    let is_text = parts.iter().all(|part| std::str::from_utf8(part).is_ok());
    let encoded = || parts.iter().map(|part| STANDARD.encode(part)).collect();
    (lossy.collect(), (!is_text).then(encoded))
}

/// What the run cost.
#[derive(Serialize)]
pub(super) struct StatsPart<'r> {
    seconds: f64,
    bytes: u64,
    lines: u64,
    threads: usize,
    stages: Vec<Stage<'r>>,
    bottleneck: &'r str,
}

#[derive(Serialize)]
struct Stage<'r> {
    name: &'r str,
    items: u64,
    batches: u64,
    workers: usize,
    busy: f64,
    starved: f64,
    blocked: f64,
}

impl<'r> StatsPart<'r> {
    pub(super) fn new(report: &'r Report) -> Option<StatsPart<'r>> {
        let stats: &StatsReport = report.stats.as_ref()?;
        let stages = stats.stages.iter().map(|stage: &StageReport| Stage {
            name: &stage.name,
            items: stage.items,
            batches: stage.batches,
            workers: stage.workers,
            busy: stage.busy,
            starved: stage.starved,
            blocked: stage.blocked,
        });
        Some(StatsPart {
            seconds: stats.seconds,
            bytes: stats.bytes,
            lines: stats.lines,
            threads: stats.threads,
            stages: stages.collect(),
            bottleneck: &stats.bottleneck,
        })
    }
}
