//! The columns of a table for people, before anything is aligned.

use unicode_width::UnicodeWidthStr;

use super::escape;
use super::number::share;
use super::style::{Style, left, right};
use super::value;
use crate::report::{MetricReport, TableReport};

/// The widest that a column is made for a part of a key. Clients choose what is
/// in it: without a bound one long token would pad every row of a table.
const WIDEST: usize = 60;

/// The widest name of a column of a cross table on a terminal.
const WIDEST_NAME: usize = 24;

/// A column, whose cells hold no control characters.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) cells: Vec<String>,
    /// Columns of a terminal that the widest cell takes.
    pub(super) width: usize,
}

impl Column {
    fn new(name: String, cells: Vec<String>) -> Column {
        let widths = cells.iter().map(|cell| cell.width());
        Column {
            width: widths.max().unwrap_or(0).max(name.width()),
            name,
            cells,
        }
    }

    /// The name above numbers.
    pub(super) fn number_name(&self) -> String {
        right(&self.name, self.width)
    }

    /// A number.
    pub(super) fn number(&self, row: usize) -> String {
        right(&self.cells[row], self.width)
    }

    /// The name above parts of keys.
    pub(super) fn key_name(&self) -> String {
        left(&self.name, self.width)
    }
}

/// The columns of the metrics. A share stands behind the first if there is one.
pub(super) fn metrics(table: &TableReport, rich: bool) -> Vec<Column> {
    let mut columns = Vec::new();
    for (index, metric) in table.metrics.iter().enumerate() {
        let values: Vec<_> = table.rows.iter().map(|row| row.values[index]).collect();
        let cells = value::column(&values, metric.unit, rich);
        columns.push(Column::new(metric_name(metric), cells));
        if let (0, true, Some(whole)) = (index, metric.adds_up, table.whole[index]) {
            let shares = values.iter().map(|value| match value::fraction(value) {
                Some((part, _)) => share(part, whole),
                None => "-".to_owned(),
            });
            columns.push(Column::new("share".to_owned(), shares.collect()));
        }
    }
    columns
}

/// The columns of a cross table; none in another.
pub(super) fn across(table: &TableReport, style: &Style) -> Vec<Column> {
    let Some(across) = &table.across else {
        return Vec::new();
    };
    let unit = table.metrics[0].unit;
    let used = style.width.unwrap_or(0).saturating_sub(WIDEST_NAME);
    let columns = across.columns.iter().enumerate();
    columns
        .map(|(index, name)| {
            let values: Vec<_> = table.rows.iter().map(|row| row.cells[index]).collect();
            let name = style.fit(&escape(name), used).into_owned();
            let mut column = Column::new(name, value::column(&values, unit, style.rich));
            column.width = column.width.min(WIDEST);
            column
        })
        .collect()
}

/// The columns of the parts of the keys. The last needs no width: nothing is
/// behind it.
pub(super) fn keys(table: &TableReport) -> Vec<Column> {
    let parts = table.by.iter().enumerate().map(|(part, name)| {
        let cells = table.rows.iter().map(|row| escape(&row.key[part]));
        let mut column = Column::new(escape(name.as_bytes()), cells.collect());
        column.width = match part + 1 == table.by.len() {
            true => 0,
            false => column.width.min(WIDEST),
        };
        column
    });
    parts.collect()
}

/// The name of a metric, marked if its values are not exact.
pub(super) fn metric_name(metric: &MetricReport) -> String {
    let name = escape(metric.name.as_bytes());
    match metric.error {
        Some(_) => format!("~{name}"),
        None => name,
    }
}
