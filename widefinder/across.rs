//! The cells of a cross table: a second look at a table whose keys have one
//! part more, for the rows that are shown.

use std::collections::{BTreeSet, HashMap};

use crate::count::{Counted, key};
use crate::error::Error;
use crate::merge;
use crate::question::Pass;
use crate::rank::RankedRow;
use crate::ranking::{Across, Ranking};
use crate::report::AcrossReport;
use crate::value::Value;

/// The most columns. A table that is wider is no table to look at, and a
/// program is better served by rows.
const MOST_COLUMNS: usize = 1000;

/// The columns, and for each row its cells.
pub(crate) type Cells = (AcrossReport, Vec<Vec<Value>>);

/// Reads the cells of `rows`.
///
/// # Errors
///
/// When there are too many columns.
pub(crate) fn cells(
    pass: &Pass,
    ranking: &Ranking,
    across: &Across,
    rows: &[RankedRow],
    workers: &[&Counted],
) -> Result<Cells, Error> {
    let numbers: HashMap<_, _> = rows
        .iter()
        .enumerate()
        .map(|(number, row)| (ranking.split(&row.key), number))
        .collect();
    let shape = &pass.shapes[across.table];
    // Of all rows, so that they do not depend on how many are shown.
    let mut columns = BTreeSet::new();
    let mut found: Vec<(usize, Vec<u8>, Value)> = Vec::new();
    merge::partition(shape, workers, 0, 0, |row| {
        let mut parts = key::split(row.key);
        let column = parts.pop().expect("a cell's key has a column");
        if let Some(number) = numbers.get(&parts) {
            let value = across.reader.value(shape, row);
            found.push((*number, column.clone(), value));
        }
        // One too many is enough to know.
        if columns.len() <= MOST_COLUMNS {
            // Absent values come last.
            columns.insert((across.part.is_absent(&column), column));
        }
    });
    if columns.len() > MOST_COLUMNS {
        return Err(Error::Usage(format!(
            "--across {}: would make more than {MOST_COLUMNS} columns; \
             count by it as well (--by), or by something coarser",
            across.part.name
        )));
    }
    let places: HashMap<_, _> = columns.iter().map(|(_, column)| column).zip(0..).collect();
    let mut cells = vec![vec![across.reader.of_nothing(); columns.len()]; rows.len()];
    for (row, column, value) in &found {
        let place: usize = places[column];
        cells[*row][place] = *value;
    }
    let report = AcrossReport {
        name: across.part.name.clone(),
        columns: columns
            .into_iter()
            .map(|(_, column)| across.part.shown(column))
            .collect(),
    };
    Ok((report, cells))
}
