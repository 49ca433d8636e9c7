//! A table as text.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::column::{self, Column};
use super::escape;
use super::note::{hidden, note, remarks};
use super::style::{Style, cut};
use crate::report::{Report, RowReport, TableReport};

/// Columns of a bar.
const BAR: usize = 10;

/// Columns that numbers leave for each part of a key on a terminal.
const KEY: usize = 16;

/// Columns that a bar leaves: it can be spared best.
const KEY_BESIDE_BAR: usize = 24;

/// The widest name of a column of a cross table on a terminal.
const WIDEST_NAME: usize = 24;

/// The same if there are more columns than fit.
const NARROW_NAME: usize = 12;

/// Columns between two columns, and before the first.
const GAP: usize = 2;

pub(super) fn write(
    out: &mut dyn Write,
    table: &TableReport,
    report: &Report,
    style: &Style,
) -> io::Result<()> {
    title(out, table, report, style)?;
    if table.rows.is_empty() {
        return Ok(());
    }
    let grid = Grid::new(table, style);
    let mut notes = remarks(table);
    if grid.hidden > 0 && table.by.is_empty() && table.across.is_none() {
        total(out, table, style)?;
    } else {
        grid.write(out)?;
        notes.splice(0..0, hidden(grid.hidden));
    }
    notes
        .iter()
        .try_for_each(|remark| indented(out, remark, style))
}

/// What the table shows, and behind it what its rows do not; below if there is
/// no room.
fn title(
    out: &mut dyn Write,
    table: &TableReport,
    report: &Report,
    style: &Style,
) -> io::Result<()> {
    let text = escape(table.title.as_bytes());
    let note = note(table, report, style.rich).unwrap_or_default();
    let width = style.width.unwrap_or(usize::MAX);
    write!(out, "{}", style.title(&cut(&text, width)))?;
    if note.is_empty() {
        writeln!(out)
    } else if text.width() + 1 + note.width() <= width {
        writeln!(out, " {}", style.faint(&note))
    } else {
        writeln!(out)?;
        indented(out, &note, style)
    }
}

/// What is said of a table besides its rows.
fn indented(out: &mut dyn Write, text: &str, style: &Style) -> io::Result<()> {
    for line in style.wrap(text, GAP) {
        writeln!(out, "  {}", style.faint(&line))?;
    }
    Ok(())
}

/// The one row of a table without a key, if it is longer than a line: a line for
/// each metric.
fn total(out: &mut dyn Write, table: &TableReport, style: &Style) -> io::Result<()> {
    let columns = column::metrics(table, style);
    let names = columns.iter().map(|column| column.name.width()).max();
    let values = columns.iter().map(|column| column.cells[0].width()).max();
    for column in &columns {
        let mut line = Line::new(style);
        line.key(&column.name, names.unwrap_or(0), |name| style.faint(name));
        line.number(&column.cells[0], values.unwrap_or(0));
        writeln!(out, "{}", line.text)?;
    }
    Ok(())
}

/// The columns.
struct Grid<'t> {
    table: &'t TableReport,
    style: &'t Style,
    keys: Vec<Column>,
    /// The first metric.
    first: Column,
    shares: Option<Column>,
    /// For each row, if bars are drawn.
    bars: Option<Vec<f64>>,
    /// Other metrics, and the columns of a cross table.
    others: Vec<Column>,
    /// Others for which the terminal has no room.
    hidden: usize,
}

impl<'t> Grid<'t> {
    fn new(table: &'t TableReport, style: &'t Style) -> Grid<'t> {
        let mut others = column::metrics(table, style);
        let first = others.remove(0);
        others.extend(column::across(table, style));
        let drawn = style.rich && !table.by.is_empty();
        let mut grid = Grid {
            table,
            style,
            keys: column::keys(table, style),
            first,
            shares: column::shares(table),
            bars: drawn.then(|| bars(&table.rows)).flatten(),
            others,
            hidden: 0,
        };
        if let Some(width) = style.width {
            grid.fit(width);
        }
        grid
    }

    /// Leaves out what a terminal has no room for, and gives the keys the rest.
    fn fit(&mut self, width: usize) {
        self.first.width = self.first.width.min(width.saturating_sub(GAP));
        self.shorten(WIDEST_NAME);
        while self.numbers() + self.least() > width && self.leave_out() {}
        let used = self.numbers() + GAP * self.keys.len();
        column::divide(&mut self.keys, width.saturating_sub(used));
    }

    /// Columns of the terminal that the keys take at least.
    fn least(&self) -> usize {
        let most = match self.bars {
            Some(_) => KEY_BESIDE_BAR,
            None => KEY,
        };
        self.keys.iter().map(|c| GAP + c.width.min(most)).sum()
    }

    /// Columns of the terminal that all but the keys take.
    fn numbers(&self) -> usize {
        let numbers = self.shares.iter().chain(&self.others);
        let bar = if self.bars.is_some() { GAP + BAR } else { 0 };
        GAP + self.first.width + bar + numbers.map(|c| GAP + c.width).sum::<usize>()
    }

    /// Leaves out what can be spared best; false if it is all needed.
    fn leave_out(&mut self) -> bool {
        if self.bars.take().is_some() || self.shares.take().is_some() || self.shorten(NARROW_NAME) {
            return true;
        }
        let last = self.others.pop();
        self.hidden += usize::from(last.is_some());
        last.is_some()
    }

    /// Cuts the names of the columns of a cross table; false if all are short.
    fn shorten(&mut self, most: usize) -> bool {
        let across = self.others.iter_mut().skip(self.table.metrics.len() - 1);
        let shortened = across.map(|column| usize::from(column.shorten(most)));
        shortened.sum::<usize>() > 0
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", self.style.faint(&self.line(None)))?;
        let spaced = has_groups(self.table);
        for index in 0..self.table.rows.len() {
            if spaced && index > 0 && !continues(self.table, index) {
                writeln!(out)?;
            }
            writeln!(out, "{}", self.line(Some(index)))?;
        }
        Ok(())
    }

    /// A row, or the names above the rows. The keys are last, since they may be
    /// long, but on the left of a cross table.
    fn line(&self, row: Option<usize>) -> String {
        let mut line = Line::new(self.style);
        if self.table.across.is_some() {
            self.push_keys(&mut line, row);
            self.push_numbers(&mut line, row);
        } else {
            self.push_numbers(&mut line, row);
            self.push_keys(&mut line, row);
        }
        line.text
    }

    fn push_numbers(&self, line: &mut Line, row: Option<usize>) {
        line.number(self.first.cell(row), self.first.width);
        if let Some(shares) = &self.shares {
            line.number(shares.cell(row), shares.width);
        }
        if let Some(bars) = &self.bars {
            let share = row.map_or(0.0, |row| bars[row]);
            line.push(&" ".repeat(BAR), |_| self.style.bar(share, BAR));
        }
        for column in &self.others {
            line.number(column.cell(row), column.width);
        }
    }

    fn push_keys(&self, line: &mut Line, row: Option<usize>) {
        for (part, column) in self.keys.iter().enumerate() {
            // What the rows of a group share is shown once.
            let once = self.table.per == Some(part);
            if row.is_some_and(|row| once && continues(self.table, row)) {
                line.due += GAP + column.width;
                continue;
            }
            let text = column.cell(row);
            let text = match self.style.width {
                Some(_) => cut(text, column.width),
                None => text.into(),
            };
            let is_status = matches!(&*self.table.by[part], "status" | "class");
            line.key(&text, column.width, |text| match (row, is_status) {
                (Some(_), true) => self.style.status(text),
                _ => text.to_owned(),
            });
        }
    }
}

/// A line of cells, as far as the terminal has room.
struct Line {
    text: String,
    /// Columns of the text.
    columns: usize,
    /// Spaces that are due before the next cell.
    due: usize,
    /// Columns of the terminal.
    most: usize,
}

impl Line {
    fn new(style: &Style) -> Line {
        Line {
            text: String::new(),
            columns: 0,
            due: 0,
            most: style.width.unwrap_or(usize::MAX),
        }
    }

    /// Appends a cell on the right of its column.
    fn number(&mut self, cell: &str, width: usize) {
        self.due += width.saturating_sub(cell.width());
        self.push(cell, str::to_owned);
    }

    /// Appends a cell on the left of its column, painted.
    fn key(&mut self, cell: &str, width: usize, paint: impl Fn(&str) -> String) {
        self.push(cell, paint);
        self.due += width.saturating_sub(cell.width());
    }

    fn push(&mut self, cell: &str, paint: impl Fn(&str) -> String) {
        self.due += GAP;
        let start = self.columns + self.due;
        let shown = cut(cell, self.most.saturating_sub(start));
        if start > self.most || shown.is_empty() && !cell.is_empty() {
            return;
        }
        self.text += &" ".repeat(self.due);
        self.text += &paint(&shown);
        self.columns = start + shown.width();
        self.due = 0;
    }
}

/// The lengths of the bars, from 0 to 1; none where the first metric is no
/// number.
fn bars(rows: &[RowReport]) -> Option<Vec<f64>> {
    let lengths = rows.iter().map(|row| {
        let (part, whole) = row.values[0].fraction()?;
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
