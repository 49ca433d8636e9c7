//! The overview: totals and five tables.

use super::{Ranking, Set, ranking};
use crate::ask::{Accept, Expr, Field, Key, Metric, Test};
use crate::columns::Columns;
use crate::count::summary::Columns as SummaryColumns;
use crate::count::{Measure, Shape};
use crate::derive::Column;
use crate::error::Error;
use crate::select::Filter;

/// Adds the tables of the overview to a question whose first set is selected.
///
/// # Errors
///
/// When the format lacks a field that the overview shows.
pub(super) fn add(
    columns: &mut Columns,
    sets: &mut Vec<Set>,
) -> Result<(Vec<Shape>, Vec<Ranking>, SummaryColumns), Error> {
    let selected = 0;
    let path = columns.text(&Field::Path)?;
    let status = columns.text(&Field::Status)?;
    let client = columns.text(&Field::Client)?;
    // A format without referrers has an overview all the same: nobody sent them.
    let referrer = columns.text(&Field::Referrer).ok();
    let bytes = columns.number(&Field::Bytes)?;
    columns.times()?;
    sets.push(passed(
        columns,
        Field::Status,
        Accept::Text(b"404".to_vec()),
        false,
    )?);
    let missing = sets.len() - 1;
    sets.push(match referrer {
        Some(_) => passed(columns, Field::Referrer, Accept::Absent, true)?,
        None => Set::None,
    });
    let referred = sets.len() - 1;
    let hits = |column, set| Shape {
        key: vec![Column::Text(column)],
        set,
        measures: vec![Measure::Hits],
        gathers: Vec::new(),
    };
    let by_path = Shape {
        measures: vec![Measure::Hits, Measure::Sum(bytes)],
        ..hits(path, selected)
    };
    let of_all = |title, name, table, metric, measure| Ranking {
        of_all: true,
        ..ranking(title, name, table, metric, measure)
    };
    let shapes = vec![
        by_path,
        hits(path, missing),
        hits(client, selected),
        hits(referrer.unwrap_or(path), referred),
    ];
    let rankings = vec![
        of_all("Paths by hits", "path", 0, Metric::Hits, 0),
        of_all("Paths by bytes", "path", 0, Metric::Bytes, 1),
        of_all("Paths not found (404)", "path", 1, Metric::Hits, 0),
        of_all("Clients", "client", 2, Metric::Hits, 0),
        of_all("Referrers", "referrer", 3, Metric::Hits, 0),
    ];
    let summary = SummaryColumns {
        set: selected,
        status,
        bytes,
        referred,
    };
    Ok((shapes, rankings, summary))
}

fn passed(
    columns: &mut Columns,
    field: Field,
    accept: Accept,
    negated: bool,
) -> Result<Set, Error> {
    let test = Test {
        text: field.to_string(),
        key: Key::of(field),
        accepts: vec![accept],
        negated,
    };
    Filter::new(&Expr::Test(test), columns).map(Set::Passed)
}
