//! The columns of a table for people, and how they share the room of a line.

use unicode_width::UnicodeWidthStr;

use super::escape;
use super::number::share;
use super::style::{Style, cut};
use super::value;
use crate::report::{MetricReport, TableReport};
use crate::value::Unit;

/// The widest that a column is made where no terminal cuts it. Clients choose
/// what is in it: without a bound one long token would pad every row of a table.
const WIDEST: usize = 60;

/// A column, whose cells hold no control characters.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) cells: Vec<String>,
    /// Columns of a terminal that the widest cell takes, or what it gets.
    pub(super) width: usize,
}

impl Column {
    fn new(name: String, cells: Vec<String>) -> Column {
        let mut column = Column {
            width: 0,
            name,
            cells,
        };
        column.measure();
        column
    }

    /// The cell of a row, or the name above all of them.
    pub(super) fn cell(&self, row: Option<usize>) -> &str {
        match row {
            Some(row) => &self.cells[row],
            None => &self.name,
        }
    }

    /// Cuts the name to so many columns; false if it is no longer than that.
    pub(super) fn shorten(&mut self, most: usize) -> bool {
        if self.name.width() <= most {
            return false;
        }
        self.name = cut(&self.name, most).into_owned();
        self.measure();
        true
    }

    fn measure(&mut self) {
        let widths = self.cells.iter().map(|cell| cell.width());
        self.width = widths.max().unwrap_or(0).max(self.name.width());
    }
}

/// The columns of the metrics.
pub(super) fn metrics(table: &TableReport, style: &Style) -> Vec<Column> {
    let metrics = table.metrics.iter().enumerate().map(|(index, metric)| {
        let values: Vec<_> = table.rows.iter().map(|row| row.values[index]).collect();
        let cells = value::column(&values, metric.unit, style.rich);
        let mut name = metric_name(metric);
        // Elsewhere each value has its unit.
        if metric.unit == Unit::Nanoseconds && !style.rich {
            name += " (s)";
        }
        Column::new(name, cells)
    });
    metrics.collect()
}

/// The shares of the first metric, if it adds up.
pub(super) fn shares(table: &TableReport) -> Option<Column> {
    let whole = table.whole[0].filter(|_| table.metrics[0].adds_up)?;
    let shares = table.rows.iter().map(|row| match row.values[0].fraction() {
        Some((part, _)) => share(part, whole),
        None => "-".to_owned(),
    });
    Some(Column::new("share".to_owned(), shares.collect()))
}

/// The columns of a cross table; none in another.
pub(super) fn across(table: &TableReport, style: &Style) -> Vec<Column> {
    let Some(across) = &table.across else {
        return Vec::new();
    };
    let unit = table.metrics[0].unit;
    let columns = across.columns.iter().enumerate();
    columns
        .map(|(index, name)| {
            let values: Vec<_> = table.rows.iter().map(|row| row.cells[index]).collect();
            let mut column = Column::new(escape(name), value::column(&values, unit, style.rich));
            column.width = column.width.min(WIDEST);
            column
        })
        .collect()
}

/// The columns of the parts of the keys.
pub(super) fn keys(table: &TableReport, style: &Style) -> Vec<Column> {
    let parts = table.by.iter().enumerate().map(|(part, name)| {
        let cells = table.rows.iter().map(|row| escape(&row.key[part]));
        let mut column = Column::new(escape(name.as_bytes()), cells.collect());
        if style.width.is_none() {
            column.width = column.width.min(WIDEST);
        }
        column
    });
    parts.collect()
}

/// Makes columns so narrow that they take `room` together, without what is
/// between them: those that need no more than their part keep their width, the
/// others share the rest.
pub(super) fn divide(columns: &mut [Column], room: usize) {
    let mut narrowest: Vec<_> = columns.iter_mut().collect();
    narrowest.sort_by_key(|column| column.width);
    let (mut room, mut others) = (room, narrowest.len());
    for column in narrowest {
        column.width = column.width.min(room / others);
        room -= column.width;
        others -= 1;
    }
}

/// The name of a metric, marked if its values are not exact.
pub(super) fn metric_name(metric: &MetricReport) -> String {
    let name = escape(metric.name.as_bytes());
    match metric.error {
        Some(_) => format!("~{name}"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_are_cut_first() {
        let table: &[(&[usize], usize, &[usize])] = &[
            (&[10, 20], 40, &[10, 20]),
            (&[10, 20], 30, &[10, 20]),
            (&[60, 20], 50, &[30, 20]),
            (&[60, 40], 51, &[26, 25]),
            (&[60, 5, 60], 46, &[20, 5, 21]),
            (&[60, 5, 60], 2, &[1, 0, 1]),
            (&[60, 5], 0, &[0, 0]),
            (&[], 10, &[]),
        ];
        for (wanted, room, expected) in table {
            let columns = wanted
                .iter()
                .map(|&width| Column::new("k".repeat(width), Vec::new()));
            let mut columns: Vec<_> = columns.collect();
            divide(&mut columns, *room);
            let widths: Vec<_> = columns.iter().map(|column| column.width).collect();
            assert_eq!(widths, *expected, "{wanted:?} in {room}");
        }
    }
}
