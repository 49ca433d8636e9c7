//! Reports that no log made: tables of every shape, for tests of the forms.

use std::io::{self, Write};

use widefinder::report::{
    AcrossReport, MetricReport, Report, RowReport, StageReport, StatsReport, TableReport,
};
use widefinder::time::Moment;
use widefinder::value::{Unit, Value};

/// A report of these tables and of nothing that was read.
pub(crate) fn report(tables: Vec<TableReport>) -> Report {
    Report {
        inputs: Vec::new(),
        bad_lines: Vec::new(),
        all_bad: None,
        first: None,
        last: None,
        totals: None,
        tables,
        stats: None,
        errors: Vec::new(),
    }
}

/// A metric that is exact, and adds up if its unit does.
pub(crate) fn metric(name: &str, unit: Unit) -> MetricReport {
    MetricReport {
        name: name.to_owned(),
        unit,
        adds_up: matches!(name, "hits" | "bytes"),
        error: None,
    }
}

/// A row of a table that has no other table across.
pub(crate) fn row(key: &[&[u8]], values: &[Value]) -> RowReport {
    RowReport {
        key: key.iter().map(|part| part.to_vec()).collect(),
        values: values.to_vec(),
        cells: Vec::new(),
    }
}

/// A table whose rows are all that there is.
pub(crate) fn table(by: &[&str], metrics: Vec<MetricReport>, rows: Vec<RowReport>) -> TableReport {
    let sum = |(index, metric): (usize, &MetricReport)| {
        let numbers = rows.iter().map(|row| match row.values[index] {
            Value::Whole(number) => number,
            _ => 0,
        });
        metric
            .adds_up
            .then(|| numbers.fold(0, u128::saturating_add))
    };
    let whole: Vec<Option<u128>> = metrics.iter().enumerate().map(sum).collect();
    TableReport {
        title: format!("{} by {}", by.join(", "), metrics[0].name),
        matches: false,
        by: by.iter().map(|&name| name.to_owned()).collect(),
        distinct: rows.len() as u64,
        filled: 0,
        total: whole
            .iter()
            .map(|whole| whole.map_or(Value::Absent, Value::Whole))
            .collect(),
        whole,
        metrics,
        rows,
        per: None,
        across: None,
        gaps_left: false,
    }
}

/// A time of the year 2006.
pub(crate) fn time(seconds: i64) -> Value {
    Value::Time(Moment {
        second: 1_159_686_000 + seconds,
        offset: -7 * 3600,
    })
}

/// A ratio.
pub(crate) fn ratio(part: u128, whole: u128) -> Value {
    Value::Ratio { part, whole }
}

/// Groups, and values of every unit, of which one is approximate.
pub(crate) fn grouped() -> TableReport {
    let hits = |number| Value::Whole(number);
    let metrics = vec![
        metric("hits", Unit::Count),
        MetricReport {
            error: Some(100),
            ..metric("p95:latency", Unit::Nanoseconds)
        },
        metric("avg:bytes", Unit::Bytes),
        metric("errors%", Unit::Share),
        metric("first", Unit::Time),
    ];
    let rows = vec![
        row(
            &[b"www.example.org", b"/"],
            &[
                hits(1200),
                hits(120_000_000),
                ratio(10_001, 4),
                ratio(1, 8),
                time(0),
            ],
        ),
        row(
            &[b"www.example.org", b"/tea"],
            &[
                hits(30),
                hits(3_500_000),
                ratio(7, 1),
                ratio(0, 30),
                time(61),
            ],
        ),
        row(
            &[b"example.net", b"/caf\xe9"],
            &[
                hits(70),
                Value::Absent,
                Value::Absent,
                ratio(2, 3),
                Value::Absent,
            ],
        ),
    ];
    let mut table = table(&["vhost", "path"], metrics, rows);
    table.per = Some(0);
    table.distinct = 9;
    table.total[0] = Value::Whole(1500);
    table.whole[0] = Some(2000);
    table
}

/// A cross table with a filled row.
pub(crate) fn crossed() -> TableReport {
    let hour = |hour: &[u8], cells: [Value; 3]| RowReport {
        cells: cells.to_vec(),
        ..row(
            &[hour],
            &[cells
                .iter()
                .fold(Value::Whole(0), |sum, cell| match (sum, cell) {
                    (Value::Whole(a), Value::Whole(b)) => Value::Whole(a + b),
                    (sum, _) => sum,
                })],
        )
    };
    let whole = Value::Whole;
    let rows = vec![
        hour(b"00", [whole(12), whole(3), Value::Absent]),
        hour(b"01", [whole(0), whole(0), whole(0)]),
        hour(b"02", [whole(1), whole(0), whole(40_000)]),
    ];
    let mut table = table(&["hour"], vec![metric("hits", Unit::Count)], rows);
    table.across = Some(AcrossReport {
        name: "weekday".to_owned(),
        columns: vec![b"Mon".to_vec(), b"Tue".to_vec(), b"-".to_vec()],
    });
    table.filled = 1;
    table.distinct = 2;
    table.gaps_left = true;
    table
}

/// One row without a key.
pub(crate) fn total() -> TableReport {
    let metrics = vec![
        metric("hits", Unit::Count),
        metric("avg:latency", Unit::Nanoseconds),
        metric("bytes", Unit::Bytes),
    ];
    let values = [Value::Whole(1000), ratio(2, 3), Value::Whole(u128::MAX)];
    TableReport {
        title: "total".to_owned(),
        ..table(&[], metrics, vec![row(&[], &values)])
    }
}

/// A table of this one key.
pub(crate) fn keyed(key: &[Vec<u8>]) -> TableReport {
    let names: Vec<String> = (0..key.len()).map(|part| format!("k{part}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let key: Vec<&[u8]> = key.iter().map(Vec::as_slice).collect();
    let values = [Value::Whole(1)];
    table(
        &names,
        vec![metric("hits", Unit::Count)],
        vec![row(&key, &values)],
    )
}

/// What a run might have cost.
pub(crate) fn stats() -> StatsReport {
    StatsReport {
        seconds: 0.25,
        bytes: 1 << 20,
        lines: 4000,
        threads: 2,
        stages: vec![StageReport {
            name: "count".to_owned(),
            items: 4,
            batches: 4,
            workers: 2,
            seconds: 0.25,
            busy: 0.75,
            starved: 0.25,
            blocked: 0.0,
        }],
        bottleneck: "count".to_owned(),
    }
}

/// What a form writes of a report.
pub(crate) fn written(form: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Vec<u8> {
    let mut out = Vec::new();
    form(&mut out).expect("memory takes all");
    out
}
