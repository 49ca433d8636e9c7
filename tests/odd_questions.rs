//! Small logs and questions on whose answers two parts of the program must agree.

#[path = "asked/mod.rs"]
mod asking;
mod model;
mod support;

use asking::compare::{answer, table};
use model::asked::{TableAnswer, Value};
use support::answers::file;

/// A combined line.
fn line(client: &str, time: &str, bytes: &str) -> String {
    format!("{client} - - [{time}] \"GET / HTTP/1.1\" 200 {bytes} \"-\" \"-\"\n")
}

/// Combined lines at these times.
fn at(times: &[&str]) -> Vec<u8> {
    let lines = times.iter().map(|time| line("h", time, "1"));
    lines.collect::<String>().into_bytes()
}

/// The table that is the answer.
fn asked(log: &[u8], words: &[&str]) -> TableAnswer {
    let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    let report = answer(&words, &file(log)).expect("it is a question");
    table(&report.tables[0])
}

/// The parts of the keys, joined by spaces.
fn keys(table: &TableAnswer) -> Vec<String> {
    let keys = table.rows.iter().map(|row| row.key.join(&b" "[..]));
    keys.map(|key| key.escape_ascii().to_string()).collect()
}

/// A byte stands for an unreadable time; where no time is read it is a key like any other.
#[test]
fn a_byte_that_is_no_text_is_a_key() {
    let clients: [&[u8]; 4] = [b"a", b"\xff", b"-", b"\xff\x01"];
    let rest = line("", "25/Oct/2026:01:00:00 +0000", "1").into_bytes();
    let log = clients.map(|client| [client, &rest].concat()).concat();
    let table = asked(&log, &["-b", "client", "-s", "client:desc"]);
    assert_eq!(keys(&table), [r"\xff\x01", r"\xff", "a", "-"]);
    let table = asked(&log, &["-b", "status", "--across", "client"]);
    let columns: [&[u8]; 4] = [b"a", b"\xff", b"\xff\x01", b"-"];
    assert_eq!(table.columns, Some(columns.map(<[u8]>::to_vec).to_vec()));
}

#[test]
fn rows_that_fill_gaps_are_counted_among_those_shown() {
    let log = at(&[
        "25/Oct/2026:01:00:00 +0000",
        "27/Oct/2026:01:00:00 +0000",
        "28/Oct/2026:01:00:00 +0000",
    ]);
    for (top, filled) in [("1", 0), ("2", 1), ("3", 1), ("0", 1)] {
        let table = asked(&log, &["-b", "day", "-n", top]);
        assert_eq!((table.filled, table.distinct), (filled, 3), "-n {top}");
    }
    // Within each day there is no time to fill.
    let table = asked(&log, &["-b", "day", "--per", "day", "-n", "1"]);
    assert_eq!(keys(&table), ["2026-10-25", "2026-10-27", "2026-10-28"]);
}

/// There are dates before the year 0 and after 9999, but no log can write them.
#[test]
fn spans_that_no_date_can_be_written_for_have_no_key() {
    let log = at(&["01/Jan/0000:00:00:00 +0000", "03/Jan/0000:00:00:00 +0000"]);
    let table = asked(&log, &["-b", "time:1w"]);
    assert_eq!(keys(&table), ["0000-01-03", "-"]);
    let table = asked(&log, &["-b", "day", "--tz", "-01:00"]);
    assert_eq!(keys(&table), ["0000-01-02", "-"]);
    let log = at(&["31/Dec/9999:23:59:59 -0100"]);
    for tz in ["UTC", "+14:00", "-12:00", "Europe/Berlin"] {
        for key in ["day", "time", "time:1w", "hour", "weekday"] {
            asked(&log, &["-b", key, "-m", "first,visitors", "--tz", tz]);
        }
    }
}

#[test]
fn a_sketch_holds_all_numbers() {
    let time = "25/Oct/2026:01:00:00 +0000";
    let log: String = ["1", "1", "1", "18446744073709551615"]
        .iter()
        .map(|bytes| line("h", time, bytes))
        .collect();
    let table = asked(log.as_bytes(), &["-m", "p50:bytes", "--approx"]);
    assert_eq!(table.rows[0].values, [Value::Whole(1)]);
}
