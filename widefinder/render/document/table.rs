//! Tables and their rows.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::render::value::{Written, unit_name};
use crate::report::{AcrossReport, MetricReport, RowReport, TableReport};
use crate::value::{Unit, Value};

/// A table.
#[derive(Serialize)]
pub(super) struct Table<'r> {
    #[serde(flatten)]
    head: Head<'r>,
    rows: Rows<'r>,
}

impl<'r> Table<'r> {
    pub(super) fn new(table: &'r TableReport) -> Table<'r> {
        Table {
            head: Head::new(table),
            rows: Rows(table),
        }
    }
}

/// A table without its rows.
#[derive(Serialize)]
pub(in crate::render) struct Head<'r> {
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
    pub(in crate::render) fn new(table: &'r TableReport) -> Head<'r> {
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
pub(in crate::render) struct Row<'r> {
    key: Vec<Cow<'r, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_base64: Option<Vec<String>>,
    metrics: Values<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    across: Option<Vec<Written>>,
}

impl<'r> Row<'r> {
    pub(in crate::render) fn new(row: &'r RowReport, table: &'r TableReport) -> Row<'r> {
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
