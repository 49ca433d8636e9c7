//! The overview: totals and five tables.

use super::table::Builder;
use super::{Ranking, ranking};
use crate::ask::{Accept, Field, Metric};
use crate::count::summary::Columns;
use crate::count::{Measure, Shape};
use crate::derive::Column;

/// Adds the tables of the overview to a question whose first set is selected. It
/// needs no field: what a format lacks, its overview does not show.
pub(super) fn add(builder: &mut Builder) -> Columns {
    let selected = 0;
    let path = builder.columns.text(&Field::Path);
    let status = builder.columns.text(&Field::Status);
    let client = builder.columns.text(&Field::Client);
    let referrer = builder.columns.text(&Field::Referrer);
    let bytes = builder.columns.number(&Field::Bytes);
    builder.columns.times();
    let missing = builder.set(Field::Status, Accept::Text(b"404".to_vec()), false);
    let referred = builder.set(Field::Referrer, Accept::Absent, true);
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
    builder.shapes = vec![
        by_path,
        hits(path, missing),
        hits(client, selected),
        hits(referrer, referred),
    ];
    builder.rankings = vec![
        of_all("Paths by hits", "path", 0, Metric::Hits, 0),
        of_all("Paths by bytes", "path", 0, Metric::Bytes, 1),
        of_all("Paths not found (404)", "path", 1, Metric::Hits, 0),
        of_all("Clients", "client", 2, Metric::Hits, 0),
        of_all("Referrers", "referrer", 3, Metric::Hits, 0),
    ];
    Columns {
        set: selected,
        status,
        bytes,
        referred,
    }
}
