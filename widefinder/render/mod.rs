//! From a report to bytes, for a person or a program: a file for each form, and
//! for what the forms share.

mod column;
mod csv;
mod decimal;
mod document;
mod escape;
mod json;
mod markdown;
mod ndjson;
mod note;
mod number;
mod overview;
mod presets;
mod stats;
mod style;
mod table;
mod value;

use std::io::{self, Write};

pub use escape::escape;
pub use number::{duration, size};
pub use style::Style;

pub(crate) use json::write_document;
pub(crate) use number::whole;
pub(crate) use overview::list;
pub(crate) use style::right;

use crate::args::Preset;
use crate::report::Report;

/// Writes a report as text: the overview, if there is one, and the tables.
///
/// Control bytes of the log are written as escapes, wherever the text goes,
/// since it may reach a terminal later.
///
/// # Errors
///
/// Those of `out`.
pub fn text(out: &mut dyn Write, report: &Report, style: &Style) -> io::Result<()> {
    let mut first = true;
    if let Some(totals) = &report.totals {
        overview::write(out, report, totals, style)?;
        first = false;
    }
    for table in &report.tables {
        if !first {
            writeln!(out)?;
        }
        first = false;
        table::write(out, table, report, style)?;
    }
    if let Some(stats) = &report.stats {
        writeln!(out)?;
        stats::write(out, stats, style)?;
    }
    Ok(())
}

/// Writes a report as one document of JSON, as `docs/output.schema.json` has it.
///
/// # Errors
///
/// Those of `out`.
pub fn json(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    json::write(out, report)
}

/// Writes a report as a document of JSON a line: the run, totals, each table and
/// its rows.
///
/// # Errors
///
/// Those of `out`.
pub fn ndjson(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    ndjson::write(out, report)
}

/// Writes the tables of a report as comma-separated values, with an empty line
/// between them. On a terminal control bytes are escaped, elsewhere keys are
/// raw.
///
/// # Errors
///
/// Those of `out`.
pub fn csv(out: &mut dyn Write, report: &Report, terminal: bool) -> io::Result<()> {
    csv::csv(out, report, terminal)
}

/// Writes the tables of a report as values separated by tabs, with an empty line
/// between them. Tabs, line ends and backslashes are escaped; on a terminal all
/// control bytes are.
///
/// # Errors
///
/// Those of `out`.
pub fn tsv(out: &mut dyn Write, report: &Report, terminal: bool) -> io::Result<()> {
    csv::tsv(out, report, terminal)
}

/// Writes a report in Markdown.
///
/// # Errors
///
/// Those of `out`.
pub fn markdown(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    markdown::write(out, report)
}

/// Writes a report of the Wide Finder challenge, exactly as it is defined. On a
/// terminal control bytes of the keys are escaped, elsewhere keys are raw.
///
/// # Errors
///
/// Those of `out`.
pub fn preset(
    out: &mut dyn Write,
    preset: Preset,
    report: &Report,
    terminal: bool,
) -> io::Result<()> {
    match preset {
        Preset::Wf1 => presets::wf1(out, report, terminal),
        Preset::Wf2 => presets::wf2(out, report, terminal),
    }
}
