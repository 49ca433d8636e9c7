//! The shape of an answer in JSON: `docs/output.schema.json`, as types.
//!
//! Both forms of JSON are made of these parts. Numbers are written digit by
//! digit as the report has them: sums have up to 128 bits.

mod table;

use serde::Serialize;

pub(super) use table::{Head, Row};

use crate::count::summary::Totals;
use crate::report::{Report, StageReport, StatsReport};
use crate::scan::Balance;
use table::Table;

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
        let tables = report.tables.iter().map(Table::new);
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
            formats: &input.formats,
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
    formats: &'r [String],
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
