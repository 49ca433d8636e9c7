//! A document of JSON a line, for readers that hold one row at a time.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::document::{Head, Row, Run, StatsPart, TotalsPart, VERSION};
use super::json::write_fragment;
use crate::report::Report;

pub(super) fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let version = Some(VERSION);
    line(
        out,
        "run",
        Place {
            version,
            table: None,
        },
        Run::new(report),
    )?;
    let nowhere = Place::default();
    if let Some(totals) = TotalsPart::new(report) {
        line(out, "totals", nowhere, totals)?;
    }
    for (index, table) in report.tables.iter().enumerate() {
        let place = Place {
            version: None,
            table: Some(index),
        };
        line(out, "table", place, Head::new(table))?;
        for row in &table.rows {
            line(out, "row", place, Row::new(row, table))?;
        }
    }
    match StatsPart::new(report) {
        Some(stats) => line(out, "stats", nowhere, stats),
        None => Ok(()),
    }
}

/// What a line carries besides its part of the document.
#[derive(Clone, Copy, Default, Serialize)]
struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<usize>,
}

#[derive(Serialize)]
struct Line<T> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    place: Place,
    #[serde(flatten)]
    part: T,
}

fn line<T: Serialize>(
    out: &mut dyn Write,
    kind: &'static str,
    place: Place,
    part: T,
) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, OnOneLine);
    Line { kind, place, part }.serialize(&mut serializer)?;
    writeln!(out)
}

/// No spaces, and no control characters.
struct OnOneLine;

impl Formatter for OnOneLine {
    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_fragment(out, fragment)
    }
}
