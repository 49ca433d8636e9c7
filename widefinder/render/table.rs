//! A table as text.

use std::io::{self, Write};

use super::column::{self, Column};
use super::escape;
use super::note::{note, remarks};
use super::style::Style;
use super::value::fraction;
use crate::report::{Report, RowReport, TableReport};

/// Columns of a bar.
const BAR: usize = 10;

/// Columns that a cross table leaves for the keys on a terminal.
const KEYS: usize = 20;

pub(super) fn write(
    out: &mut dyn Write,
    table: &TableReport,
    report: &Report,
    style: &Style,
) -> io::Result<()> {
    let title = style.title(&escape(table.title.as_bytes()));
    match note(table, report, style.rich) {
        Some(note) => writeln!(out, "{title} {}", style.faint(&note))?,
        None => writeln!(out, "{title}")?,
    }
    if table.rows.is_empty() {
        return Ok(());
    }
    let grid = Grid::new(table, style);
    writeln!(out, "{}", style.faint(&grid.names()))?;
    let spaced = has_groups(table);
    for index in 0..table.rows.len() {
        if spaced && index > 0 && !continues(table, index) {
            writeln!(out)?;
        }
        writeln!(out, "{}", grid.row(index, style))?;
    }
    let hidden = match grid.hidden {
        0 => None,
        1 => Some("1 more column does not fit".to_owned()),
        columns => Some(format!("{columns} more columns do not fit")),
    };
    for remark in hidden.into_iter().chain(remarks(table)) {
        writeln!(out, "  {}", style.faint(&remark))?;
    }
    Ok(())
}

/// The columns, from left to right.
struct Grid<'t> {
    table: &'t TableReport,
    /// The first metric, and its share.
    first: Vec<Column>,
    /// For each row, if bars are drawn.
    bars: Option<Vec<f64>>,
    /// Other metrics, and the columns of a cross table.
    others: Vec<Column>,
    /// Columns of a cross table for which the terminal has no room.
    hidden: usize,
    keys: Vec<Column>,
    /// Columns of the terminal to the left of the last part of a key.
    used: usize,
}

impl<'t> Grid<'t> {
    fn new(table: &'t TableReport, style: &Style) -> Grid<'t> {
        let mut first = column::metrics(table, style.rich);
        let share = usize::from(table.metrics[0].adds_up && table.whole[0].is_some());
        let others = first.split_off(1 + share);
        let drawn = style.rich && !table.by.is_empty();
        let mut grid = Grid {
            table,
            first,
            bars: drawn.then(|| bars(&table.rows)).flatten(),
            others,
            hidden: 0,
            keys: column::keys(table),
            used: 0,
        };
        let numbers = grid.first.iter().chain(&grid.others);
        let bar = if grid.bars.is_some() { BAR + 2 } else { 0 };
        grid.used = 2 + bar + numbers.map(|c| c.width + 2).sum::<usize>();
        for column in column::across(table, style) {
            let used = grid.used + column.width + 2;
            let full = style.width.is_some_and(|width| used + KEYS > width);
            // Once one is left out those behind it are, however narrow.
            if grid.hidden > 0 || full && grid.others.len() >= table.metrics.len() {
                grid.hidden += 1;
            } else {
                grid.used = used;
                grid.others.push(column);
            }
        }
        if let Some((_, front)) = grid.keys.split_last() {
            grid.used += front.iter().map(|c| c.width + 2).sum::<usize>();
        }
        grid
    }

    fn names(&self) -> String {
        let mut line = Line::default();
        self.first.iter().for_each(|c| line.push(&c.number_name()));
        if self.bars.is_some() {
            line.push(&" ".repeat(BAR));
        }
        self.others.iter().for_each(|c| line.push(&c.number_name()));
        let Some((last, front)) = self.keys.split_last() else {
            return line.ended();
        };
        front.iter().for_each(|c| line.push(&c.key_name()));
        line.push(&last.name);
        line.text
    }

    fn row(&self, index: usize, style: &Style) -> String {
        let mut line = Line::default();
        self.first.iter().for_each(|c| line.push(&c.number(index)));
        if let Some(bars) = &self.bars {
            line.push(&style.bar(bars[index], BAR));
        }
        self.others.iter().for_each(|c| line.push(&c.number(index)));
        let Some((last, front)) = self.keys.split_last() else {
            return line.ended();
        };
        // What the rows of a group share is shown once.
        let shared = self.table.per.filter(|_| continues(self.table, index));
        for (part, column) in front.iter().enumerate() {
            let cell = match shared == Some(part) {
                true => "",
                false => &style.fit(&column.cells[index], self.used - column.width),
            };
            line.push(&super::style::left(cell, column.width));
        }
        if shared == Some(front.len()) {
            return line.ended();
        }
        line.push(&style.fit(&last.cells[index], self.used));
        line.text
    }
}

/// A line of cells.
#[derive(Default)]
struct Line {
    text: String,
}

impl Line {
    fn push(&mut self, cell: &str) {
        self.text.push_str("  ");
        self.text.push_str(cell);
    }

    /// The line without spaces that nothing follows.
    fn ended(mut self) -> String {
        self.text.truncate(self.text.trim_end().len());
        self.text
    }
}

/// The lengths of the bars, from 0 to 1; none where the first metric is no
/// number.
fn bars(rows: &[RowReport]) -> Option<Vec<f64>> {
    let lengths = rows.iter().map(|row| {
        let (part, whole) = fraction(&row.values[0])?;
        Some(part as f64 / whole as f64)
    });
    let lengths: Vec<_> = lengths.collect();
    let most = lengths.iter().flatten().copied().reduce(f64::max)?;
    // 0 of 0 is no number, and its bar has no length.
    let share = |length: Option<f64>| length.unwrap_or(0.0) / most;
    Some(lengths.into_iter().map(share).collect())
}

/// Whether a row is of the same group as the one before it.
fn continues(table: &TableReport, index: usize) -> bool {
    table.per.is_some_and(|part| {
        index > 0 && table.rows[index - 1].key[part] == table.rows[index].key[part]
    })
}

/// Whether any group has more than one row, so that groups stand apart.
fn has_groups(table: &TableReport) -> bool {
    (1..table.rows.len()).any(|index| continues(table, index))
}
