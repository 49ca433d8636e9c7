//! A table as text.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::escape;
use super::number::{share, size, whole};
use super::style::{Style, left, right};
use crate::report::{Report, RowReport, TableReport};
use crate::value::{Unit, Value};

/// Columns of a bar.
const BAR: usize = 10;

/// The widest that a column is made for a part of a key. Clients choose what is
/// in it: without a bound one long token would pad every row of a table.
const WIDEST: usize = 60;

pub(super) fn write(
    out: &mut dyn Write,
    table: &TableReport,
    report: &Report,
    style: &Style,
) -> io::Result<()> {
    let note = note(table, report, style);
    writeln!(
        out,
        "{} {}",
        style.title(&escape(table.title.as_bytes())),
        style.faint(&note)
    )?;
    if table.rows.is_empty() {
        return Ok(());
    }
    let metric = &table.metrics[0];
    let values = table.rows.iter().map(|row| value(row, metric.unit, style));
    let values = Column::new(&metric.name, values.collect());
    let whole = table.whole[0].unwrap_or_default();
    let shares = table.rows.iter().map(|row| share(row.count(), whole));
    let shares = Column::new("share", shares.collect());
    let keys = keys(table);
    let (last, front) = keys.split_last().expect("a key has at least one part");

    let bar = if style.rich { BAR + 2 } else { 0 };
    let mut names = format!(
        "  {}  {}  {}",
        values.name(),
        shares.name(),
        " ".repeat(bar)
    );
    let mut used = names.width();
    for column in front {
        names.push_str(&left(&column.name, column.width));
        names.push_str("  ");
        used += column.width + 2;
    }
    names.push_str(&last.name);
    writeln!(out, "{}", style.faint(&names))?;
    let most = table.rows[0].count();
    for (index, row) in table.rows.iter().enumerate() {
        write!(out, "  {}  {}  ", values.cell(index), shares.cell(index))?;
        if style.rich {
            write!(out, "{}  ", style.bar(row.count(), most, BAR))?;
        }
        for column in front {
            let cell = style.fit(&column.cells[index], used.saturating_sub(column.width));
            write!(out, "{}  ", left(&cell, column.width))?;
        }
        writeln!(out, "{}", style.fit(&last.cells[index], used))?;
    }
    Ok(())
}

/// What is not in the rows.
fn note(table: &TableReport, report: &Report, style: &Style) -> String {
    let distinct = whole(u128::from(table.distinct), style.rich);
    if report.totals.is_some() {
        return format!("({distinct} distinct)");
    }
    let hits = match table.total[0] {
        Value::Whole(hits) => whole(hits, style.rich),
        _ => "-".to_owned(),
    };
    let lines = whole(u128::from(report.balance().lines), style.rich);
    format!("({hits} of {lines} lines match, {distinct} distinct)")
}

fn value(row: &RowReport, unit: Unit, style: &Style) -> String {
    match unit {
        Unit::Bytes if style.rich => size(row.count()),
        _ => whole(row.count(), style.rich),
    }
}

/// The columns of the parts of the keys. The last needs no width: nothing is
/// behind it.
fn keys(table: &TableReport) -> Vec<Column> {
    let parts = table.by.iter().enumerate().map(|(part, name)| {
        let cells = table.rows.iter().map(|row| escape(&row.key[part]));
        let cells = cells.collect();
        if part + 1 == table.by.len() {
            let name = name.clone();
            return Column {
                name,
                cells,
                width: 0,
            };
        }
        let mut column = Column::new(name, cells);
        column.width = column.width.min(WIDEST);
        column
    });
    parts.collect()
}

struct Column {
    name: String,
    cells: Vec<String>,
    width: usize,
}

impl Column {
    fn new(name: &str, cells: Vec<String>) -> Column {
        let widths = cells.iter().map(|cell| cell.width());
        Column {
            name: name.to_owned(),
            width: widths.max().unwrap_or(0).max(name.width()),
            cells,
        }
    }

    fn name(&self) -> String {
        right(&self.name, self.width)
    }

    fn cell(&self, row: usize) -> String {
        right(&self.cells[row], self.width)
    }
}
