//! `widefinder bench` from the command line: every form, what is refused, what is warned of. What
//! it measures is never judged, only that it was measured.
#![cfg(unix)]

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use roxmltree::Document;
use serde_json::Value;
use support::process::{Finished, TIMEOUT, run, widefinder};
use tempfile::TempDir;

const LOG: &str = "h - - [10/Oct/2026:13:55:36 -0700] \"GET /tea HTTP/1.1\" 200 1\n";

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let log = folder.path().join("access.log");
    fs::write(&log, LOG.repeat(1000)).expect("a log");
    (folder, log)
}

/// Runs it in the folder of the log.
fn bench(folder: &TempDir, words: &[&str]) -> Finished {
    let mut command = widefinder();
    command.arg("bench").args(words).current_dir(folder);
    run(&mut command, None, TIMEOUT).expect("the program ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

fn json(folder: &TempDir, words: &[&str]) -> Value {
    let finished = bench(folder, &[&["-q", "-f", "json"], words].concat());
    assert_eq!(text(&finished.stderr), "");
    assert_eq!(finished.status.code(), Some(0));
    serde_json::from_slice(&finished.stdout).expect("JSON")
}

#[test]
fn the_table_has_a_line_for_each_number_of_threads() {
    let (folder, _log) = folder();
    let words = [
        "-q",
        "--by",
        "path",
        "-j",
        "2,1",
        "--runs",
        "3",
        "access.log",
    ];
    let finished = bench(&folder, &words);
    assert_eq!(text(&finished.stderr), "");
    assert_eq!(finished.status.code(), Some(0));
    let text = text(&finished.stdout);
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(
        lines[0],
        "command      bench -q --by path -j 2,1 --runs 3 access.log"
    );
    let lines = &lines[1..];
    assert_eq!(lines[0], "question     path by hits");
    assert_eq!(lines[1], "files        access.log (61.0 kB, 1000 lines)");
    assert!(lines[3].starts_with("runs         3 with each number of threads"));
    let names = "threads seconds spread GB/s lines/s speed-up efficiency sweep GB/s of sweep";
    assert_eq!(
        lines[6].split_whitespace().collect::<Vec<_>>().join(" "),
        names
    );
    for (line, threads) in [(lines[7], "1"), (lines[8], "2")] {
        let cells: Vec<_> = line.split_whitespace().collect();
        assert_eq!((cells.len(), cells[0]), (9, threads), "{line}");
        assert!(cells[2].contains(".."), "{line}");
    }
    assert!(lines[7].contains(" 1.00 "), "{text}");
    assert!(
        lines[10].starts_with("serial part  with 1 thread "),
        "{text}"
    );
    assert!(lines[12].starts_with("bottleneck   "), "{text}");
    assert!(
        lines[13].starts_with("Amdahl       not fitted: it takes 3"),
        "{text}"
    );
    assert!(
        lines[14].starts_with("USL          not fitted: it takes 4"),
        "{text}"
    );
}

#[test]
fn json_has_what_its_document_describes() {
    let (folder, _log) = folder();
    let words = [
        "-w",
        "status=200",
        "-j",
        "1, 3",
        "--runs",
        "4",
        "access.log",
    ];
    let document = json(&folder, &words);
    assert_eq!(document["command"][5], "status=200");
    assert_eq!(document["version"], 1);
    assert_eq!(
        document["question"],
        serde_json::json!(["the overview and its tables, where status=200"])
    );
    assert_eq!(document["files"][0]["name"], "access.log");
    assert_eq!(
        (&document["bytes"], &document["lines"]),
        (&(1000 * LOG.len()).into(), &1000.into())
    );
    let points = document["points"].as_array().expect("points");
    let threads: Vec<_> = points
        .iter()
        .map(|point| point["threads"].as_u64())
        .collect();
    assert_eq!(threads, [Some(1), Some(3)]);
    for point in points {
        for list in ["runs", "sweep_runs", "outside_runs"] {
            assert_eq!(point[list].as_array().map(Vec::len), Some(4), "{list}");
        }
        assert_eq!(point["stages"][0]["name"], "count");
    }
    assert_eq!(points[0]["speed_up"], 1.0);

    let described = fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/scaling-output.md"
    ));
    let described = described.expect("the document");
    for object in [&document, &points[0], &points[0]["stages"][0]] {
        for name in object.as_object().expect("an object").keys() {
            assert!(
                described.contains(&format!("`{name}`")),
                "{name} is not described"
            );
        }
    }
}

#[test]
fn csv_has_a_line_for_each_number_of_threads() {
    let (folder, _log) = folder();
    let finished = bench(
        &folder,
        &["-q", "-f", "csv", "-j", "1,2", "--runs", "1", "access.log"],
    );
    let mut reader = csv::Reader::from_reader(&finished.stdout[..]);
    let names = reader.headers().expect("names").clone();
    assert_eq!((&names[0], &names[1]), ("threads", "seconds"));
    let records: Vec<_> = reader
        .records()
        .map(|record| record.expect("a record"))
        .collect();
    let threads: Vec<_> = records.iter().map(|record| &record[0]).collect();
    assert_eq!(threads, ["1", "2"]);
    for record in &records {
        assert!(record[1].parse::<f64>().expect("seconds") > 0.0);
    }
}

#[test]
fn files_get_the_form_of_their_ending_and_the_table_is_printed_too() {
    let (folder, _log) = folder();
    let outputs = ["-o", "a.svg", "-o", "a.json", "-o", "a.csv", "-o", "a.txt"];
    let words = [
        "-q",
        "-e",
        "<(t)ea",
        "-e",
        "G",
        "-j",
        "1,2,3",
        "--runs",
        "2",
        "access.log",
    ];
    let finished = bench(&folder, &[&outputs[..], &words].concat());
    assert_eq!(finished.status.code(), Some(0));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("an output");
    assert_eq!(read("a.txt"), text(&finished.stdout));
    assert!(read("a.csv").starts_with("threads,seconds,"));
    let document: Value = serde_json::from_str(&read("a.json")).expect("JSON");
    assert_eq!(document["question"], serde_json::json!(["<(t)ea", "G"]));

    let picture = read("a.svg");
    let picture = Document::parse(&picture).expect("well-formed XML");
    assert!(
        picture
            .root_element()
            .has_tag_name(("http://www.w3.org/2000/svg", "svg"))
    );
    let circles = picture
        .descendants()
        .filter(|node| node.has_tag_name("circle"));
    // And one in the legend.
    assert_eq!(circles.count(), 3 + 1);
    let texts = picture
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    let texts: String = texts.filter_map(|node| node.text()).collect();
    assert!(
        texts.contains("<(t)ea; G") && texts.contains("access.log, "),
        "{texts}"
    );
}

#[test]
fn more_threads_than_cores_and_short_runs_are_warned_of() {
    let (folder, _log) = folder();
    let words = [
        "-j",
        "1,1024",
        "--runs",
        "1",
        "--chunk-size",
        "100",
        "access.log",
    ];
    let finished = bench(&folder, &words);
    assert_eq!(finished.status.code(), Some(0));
    let said = text(&finished.stderr);
    assert!(said.contains("widefinder: 1024 threads were asked for, and this process may use "));
    assert!(
        said.contains("widefinder: fewer than 3 runs at each number of threads"),
        "{said}"
    );
    let document = json(&folder, &words);
    assert!(
        document["warnings"]
            .as_array()
            .is_some_and(|warnings| warnings.len() >= 2)
    );
}

#[test]
fn streams_are_refused() {
    let (folder, _log) = folder();
    let mut command = widefinder();
    command.args(["bench", "-"]).current_dir(&folder);
    let piped = run(&mut command, Some(LOG.as_bytes()), TIMEOUT).expect("the program ends");
    let device = bench(&folder, &["access.log", "/dev/zero"]);
    for (finished, name) in [(piped, "-"), (device, "/dev/zero")] {
        assert_eq!(finished.status.code(), Some(2), "{name}");
        assert_eq!(text(&finished.stdout), "");
        let expected = format!("widefinder: {name}: is a stream, which can be read only once");
        let said = text(&finished.stderr);
        assert!(said.starts_with(&expected), "{said}");
    }
}

#[test]
fn standard_input_that_is_a_file_can_be_measured() {
    let (folder, log) = folder();
    let mut child = Command::new(env!("CARGO_BIN_EXE_widefinder"));
    child.args(["bench", "-q", "-f", "csv", "-j", "1", "--runs", "2", "-"]);
    child
        .stdin(Stdio::from(fs::File::open(log).expect("the log")))
        .current_dir(&folder);
    let output = child.output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn what_cannot_be_measured_is_an_error() {
    let (folder, _log) = folder();
    fs::write(folder.path().join("odd.log"), "no log\n").expect("a log");
    fs::write(folder.path().join("empty.log"), "").expect("a log");
    fs::write(folder.path().join("a.gz"), b"\x1f\x8b\x08\0\0\0\0\0\0\x03").expect("a log");
    let table: &[(&[&str], &str)] = &[
        (&["missing.log"], "missing.log: no such file"),
        (&["a.gz"], "a.gz: is compressed with gzip"),
        (&["empty.log"], "there is no byte to read"),
        (
            &["-o", "no/a.svg", "access.log"],
            "no/a.svg cannot be written: there is no directory no",
        ),
        (&["odd.log"], "odd.log: no line is in the format"),
        (&["--by", "pth", "access.log"], "there is no field `pth`"),
        (
            &["-o", "a.png", "access.log"],
            "a.png: the ending of the file names its form",
        ),
        (
            &["-j", "1,x", "access.log"],
            "a whole number of threads is expected",
        ),
        (&["-j", "0", "access.log"], "at least 1 thread is needed"),
        (&["--runs", "0", "access.log"], "at least 1 run is needed"),
        (
            &["--preset", "wf1", "-e", "x", "access.log"],
            "cannot be used with",
        ),
        (&["--lines", "access.log"], "unexpected argument '--lines'"),
        (&[], "required arguments were not provided"),
    ];
    for (words, expected) in table {
        let finished = bench(&folder, words);
        assert_eq!(finished.status.code(), Some(2), "{words:?}");
        assert_eq!(text(&finished.stdout), "", "{words:?}");
        let said = text(&finished.stderr);
        assert!(said.contains(expected), "{words:?}: {said}");
    }
}

#[test]
fn a_log_is_no_output() {
    let (folder, log) = folder();
    let csv = folder.path().join("log.csv");
    fs::copy(&log, &csv).expect("a copy");
    let finished = bench(&folder, &["log.csv", "-o", "log.csv"]);
    assert_eq!(finished.status.code(), Some(2));
    assert!(text(&finished.stderr).contains("log.csv is also an input"));
    assert_eq!(fs::read_to_string(csv).expect("the log"), LOG.repeat(1000));
}

/// `bench` is a command as the first word, and a name like any other elsewhere.
#[test]
fn a_file_may_be_called_bench() {
    let (folder, log) = folder();
    fs::copy(&log, folder.path().join("bench")).expect("a copy");
    for words in [
        &["./bench"][..],
        &["--", "bench"],
        &["-n", "1", "bench"],
        &["-b", "path", "bench"],
    ] {
        let mut command = widefinder();
        command.args(words).current_dir(&folder);
        let finished = run(&mut command, None, TIMEOUT).expect("the program ends");
        assert_eq!(
            finished.status.code(),
            Some(0),
            "{words:?}: {}",
            text(&finished.stderr)
        );
        assert!(text(&finished.stdout).contains("/tea"), "{words:?}");
    }
    let document = json(&folder, &["-j", "1", "--runs", "1", "bench"]);
    assert_eq!(document["files"][0]["name"], "bench");
    // There is no other command.
    fs::copy(&log, folder.path().join("help")).expect("a copy");
    let mut command = widefinder();
    command.arg("help").current_dir(&folder);
    let finished = run(&mut command, None, TIMEOUT).expect("the program ends");
    assert!(text(&finished.stdout).contains("/tea"));
}
