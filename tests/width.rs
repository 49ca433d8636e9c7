//! No line of text is wider than the terminal, whatever is in a report.

mod support;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use support::logs::arbitrary_bytes;
use support::reports;
use unicode_width::UnicodeWidthStr;
use widefinder::count::summary::Totals;
use widefinder::render::{self, Style};
use widefinder::report::{AcrossReport, MetricReport, Report, RowReport, TableReport};
use widefinder::value::{Unit, Value};

fn text(report: &Report, rich: bool, width: usize) -> String {
    let style = Style {
        color: false,
        rich,
        width: Some(width),
    };
    let text = reports::written(|out| render::text(out, report, &style));
    String::from_utf8(text).expect("text is UTF-8")
}

fn any_value(unit: Unit) -> BoxedStrategy<Value> {
    let number = prop_oneof![0..100u128, 0..1_000_000_000u128, any::<u128>()];
    let value = match unit {
        Unit::Time => (0i64..100).prop_map(reports::time).boxed(),
        Unit::Share => (any::<u64>(), 1..u128::MAX)
            .prop_map(|(part, whole)| reports::ratio(u128::from(part), whole))
            .boxed(),
        _ => number.prop_map(Value::Whole).boxed(),
    };
    prop_oneof![9 => value, 1 => Just(Value::Absent)].boxed()
}

fn any_metric() -> impl Strategy<Value = MetricReport> {
    const UNITS: [Unit; 5] = [
        Unit::Count,
        Unit::Bytes,
        Unit::Nanoseconds,
        Unit::Share,
        Unit::Time,
    ];
    let name = prop_oneof![Just("hits".to_owned()), "[a-z]{1,9}(:[a-z_%]{1,20})?"];
    let error = proptest::option::of(0..1000u32);
    (name, proptest::sample::select(&UNITS[..]), error).prop_map(|(name, unit, error)| {
        MetricReport {
            error,
            ..reports::metric(&name, unit)
        }
    })
}

fn any_text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[a-z0-9/.]{1,9}".prop_map(String::into_bytes),
        2 => "(/[a-z0-9 ]{1,20}){1,9}".prop_map(String::into_bytes),
        1 => ".{1,50}".prop_map(String::into_bytes),
        1 => "([0-9☀日é]\u{fe0f}?){1,50}".prop_map(String::into_bytes),
        1 => arbitrary_bytes(20),
    ]
}

/// Tables of any shape; those with one column across or more are cross tables.
fn any_table() -> impl Strategy<Value = TableReport> {
    let names = vec(prop_oneof![Just("status".to_owned()), "[a-z]{1,20}"], 0..4);
    let shape = (
        names,
        vec(any_metric(), 1..9),
        vec(any_text(), 0..12),
        0..6usize,
    );
    let tables = shape.prop_flat_map(|(by, metrics, across, rows)| {
        let values: Vec<_> = metrics
            .iter()
            .map(|metric| any_value(metric.unit))
            .collect();
        let cells = vec(any_value(metrics[0].unit), across.len());
        let row = (vec(any_text(), by.len()), values, cells).prop_map(|(key, values, cells)| {
            let key: Vec<_> = key.iter().map(Vec::as_slice).collect();
            RowReport {
                cells,
                ..reports::row(&key, &values)
            }
        });
        (Just((by, metrics, across)), vec(row, rows))
    });
    (tables, any_text(), any::<(Index, bool, bool)>()).prop_map(
        |(((by, metrics, across), mut rows), title, (per, grouped, matches))| {
            let by: Vec<_> = by.iter().map(String::as_str).collect();
            if by.is_empty() {
                rows.truncate(1);
            }
            let per = (grouped && !by.is_empty()).then(|| per.index(by.len()));
            let across = (!across.is_empty()).then(|| AcrossReport {
                name: "k".to_owned(),
                columns: across,
            });
            TableReport {
                title: String::from_utf8_lossy(&title).into_owned(),
                per,
                across,
                matches,
                gaps_left: matches,
                ..reports::table(&by, metrics, rows)
            }
        },
    )
}

fn any_report() -> impl Strategy<Value = Report> {
    let totals = (any::<[u64; 6]>(), any::<u64>()).prop_map(|(classes, undated)| Totals {
        entries: u64::MAX,
        bytes: u128::from(undated),
        unreferred: undated,
        classes,
        undated,
    });
    let tables = vec(any_table(), 0..3);
    (tables, proptest::option::of(totals), any::<bool>()).prop_map(|(tables, totals, stats)| {
        Report {
            totals,
            stats: stats.then(reports::stats),
            ..reports::report(tables)
        }
    })
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_terminal(report in any_report(), width in 0usize..200, rich: bool) {
        let text = text(&report, rich, width);
        if width >= 24 {
            for line in text.lines() {
                prop_assert!(line.width() <= width, "{:?} of:\n{}", line, text);
            }
        }
    }

    #[test]
    fn what_fits_is_not_cut(table in any_table(), more in 0usize..30) {
        let report = reports::report(vec![table]);
        let whole = text(&report, true, 10_000);
        let width = whole.lines().map(UnicodeWidthStr::width).max().expect("a title");
        prop_assert_eq!(text(&report, true, width + more), whole);
    }
}
