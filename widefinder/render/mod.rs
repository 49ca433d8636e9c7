//! From a report to bytes for a person.

mod escape;
mod number;
mod overview;
mod presets;
mod style;
mod table;

use std::io::{self, Write};

pub use escape::escape;
pub use number::size;
pub use style::Style;

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
    Ok(())
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
