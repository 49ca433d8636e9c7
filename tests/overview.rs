//! The overview equals a naive serial count, whatever the number of threads and wherever the log
//! is cut into chunks.

mod model;
mod support;

use model::{Overview, corner_cases, overview};
use proptest::prelude::*;
use support::answers::{answer, file};
use support::logs::{arbitrary_bytes, nasty_log};
use support::samples::plain_samples;
use widefinder::plan::Plan;
use widefinder::question::{Ask, Question};
use widefinder::report::{Report, TableReport};
use widefinder::scan::Format;
use widefinder::value::Value;

/// The overview of logs that are in the combined format whatever they look like.
fn combined() -> Question {
    Question::Ask(Box::new(Ask {
        format: Some(Format::Combined),
        ..Ask::default()
    }))
}

/// The report as the model would say it.
fn as_overview(report: &Report) -> Overview {
    let balance = report.balance();
    let totals = report.totals.as_ref().expect("an overview has totals");
    let [
        paths_by_hits,
        paths_by_bytes,
        missing,
        client_hits,
        referrers,
    ] = &report.tables[..]
    else {
        panic!("an overview has five tables");
    };
    assert_eq!(totals.entries, balance.entries);
    Overview {
        lines: balance.lines,
        entries: balance.entries,
        other: balance.other,
        bad: balance.bad,
        blank: balance.blank,
        comment: balance.comment,
        bytes: totals.bytes,
        clients: client_hits.distinct,
        no_referrer: totals.unreferred,
        undated: totals.undated,
        classes: totals.classes,
        first: report.first.map(|moment| (moment.second, moment.offset)),
        last: report.last.map(|moment| (moment.second, moment.offset)),
        paths_by_hits: rows(paths_by_hits),
        paths_by_bytes: rows(paths_by_bytes),
        missing: rows(missing),
        client_hits: rows(client_hits),
        referrers: rows(referrers),
    }
}

fn rows(table: &TableReport) -> Vec<(Vec<u8>, u128)> {
    assert_eq!(table.distinct, table.rows.len() as u64);
    let sum: u128 = table.rows.iter().map(|row| row.count()).sum();
    assert_eq!(table.total, [Value::Whole(sum)]);
    let rows = table
        .rows
        .iter()
        .map(|row| (row.key[0].clone(), row.count()));
    rows.collect()
}

#[test]
fn equals_the_model_on_every_corner_case() {
    for (name, log) in corner_cases() {
        let (expected, file) = (overview(&log), file(&log));
        let sizes = match log.len() {
            0..10_000 => vec![1, 2, 3, 7, 64, 1000, Plan::CHUNK_SIZE],
            _ => vec![1000, Plan::CHUNK_SIZE],
        };
        for size in sizes {
            for threads in [1, 2, 3, 8] {
                let report = answer(&combined(), &file, threads, size);
                assert_eq!(
                    as_overview(&report),
                    expected,
                    "{name:?}, -j {threads}, chunks of {size}"
                );
            }
        }
    }
}

#[test]
fn equals_the_model_on_every_real_log() {
    for (name, log) in plain_samples() {
        let (expected, file) = (overview(&log), file(&log));
        assert!(expected.entries > 0, "{name} is no common or combined log");
        for (threads, size) in [(1, Plan::CHUNK_SIZE), (2, 4096), (3, 1 << 16)] {
            let report = answer(&combined(), &file, threads, size);
            assert_eq!(
                as_overview(&report),
                expected,
                "{name}, -j {threads}, chunks of {size}"
            );
        }
    }
}

proptest! {
    #[test]
    fn equals_the_model_on_nasty_logs(log in nasty_log(40), size in 1usize..300, threads in 1usize..4) {
        let report = answer(&combined(), &file(&log), threads, size);
        prop_assert_eq!(as_overview(&report), overview(&log));
    }

    #[test]
    fn equals_the_model_on_arbitrary_bytes(log in arbitrary_bytes(300), size in 1usize..40) {
        let report = answer(&combined(), &file(&log), 2, size);
        prop_assert_eq!(as_overview(&report), overview(&log));
    }
}

/// Each log is cut in two at every byte, and so every byte is once the first of a chunk.
#[test]
fn a_cut_at_any_byte_changes_nothing() {
    let log = concat!(
        "h - - [10/Oct/2000:13:55:36 -0700] \"GET /a?b HTTP/1.1\" 200 7 \"http://r/\" \"a\\\"b\"\r\n",
        "\n \r\n# c\nbad\n",
        "::1 - x y [10/Oct/2000:13:55:37 -0700] \"-\" 404 -"
    );
    let (expected, file) = (overview(log.as_bytes()), file(log.as_bytes()));
    assert_eq!((expected.entries, expected.bad, expected.blank), (2, 1, 2));
    for size in 1..=log.len() + 1 {
        let report = answer(&combined(), &file, 2, size);
        assert_eq!(as_overview(&report), expected, "chunks of {size}");
    }
}

/// The first bad lines are those of the file, whichever worker met them.
#[test]
fn bad_lines_do_not_depend_on_threads() {
    let mut log = Vec::new();
    for number in 0..500 {
        log.extend_from_slice(b"h - - [t] \"-\" 200 -\n");
        if number % 7 == 3 {
            log.extend_from_slice(format!("bad {number}\n").as_bytes());
        }
    }
    let file = file(&log);
    let serial = answer(&combined(), &file, 1, Plan::CHUNK_SIZE);
    let texts: Vec<_> = serial
        .bad_lines
        .iter()
        .map(|line| line.text.as_slice())
        .collect();
    assert_eq!(texts, [&b"bad 3"[..], b"bad 10", b"bad 17"]);
    for line in &serial.bad_lines {
        assert!(log[line.offset as usize..].starts_with(&line.text));
    }
    for (threads, size) in [(2, 50), (3, 1), (8, 333)] {
        let report = answer(&combined(), &file, threads, size);
        assert_eq!(report.bad_lines, serial.bad_lines);
    }
}
