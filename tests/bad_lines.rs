//! Lines that do not fit: all of them written out, the first of them an error, and their places.
#![cfg(unix)]

mod support;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use support::process::{Finished, TIMEOUT, run, widefinder};
use tempfile::TempDir;

const GOOD: &str = "h - - [10/Oct/2026:13:55:36 -0700] \"GET /tea HTTP/1.1\" 200 1";

fn answer(folder: &Path, words: &[&str]) -> Finished {
    let mut command = widefinder();
    command.args(words).current_dir(folder);
    run(&mut command, None, TIMEOUT).expect("the program ends")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Logs, of which each number says whether a line is good, bad, blank or a comment.
fn write_logs(folder: &Path, logs: &[Vec<u8>]) -> (Vec<String>, Vec<String>) {
    let (mut names, mut bad) = (Vec::new(), Vec::new());
    for (number, kinds) in logs.iter().enumerate() {
        let mut log = String::new();
        for (line, kind) in kinds.iter().enumerate() {
            let text = match kind {
                0 => format!("bad {number}.{line}"),
                1 => String::new(),
                2 => "# comment".to_owned(),
                _ => GOOD.to_owned(),
            };
            if *kind == 0 {
                bad.push(text.clone());
            }
            log += &(text + "\n");
        }
        let name = format!("{number}.log");
        fs::write(folder.join(&name), log).expect("a log");
        names.push(name);
    }
    (names, bad)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// In the order of the files, for any threads and chunks; and with --strict the first of them
    /// is the error.
    #[test]
    fn all_are_written_and_the_first_is_told(
        logs in proptest::collection::vec(proptest::collection::vec(0u8..6, 1..60), 1..4),
        threads in 1u8..4,
        size in 1u32..2000,
    ) {
        // A line that fits tells the format.
        let logs: Vec<_> = logs.into_iter().map(|kinds| [vec![3], kinds].concat()).collect();
        let folder = TempDir::new().expect("a temporary folder");
        let (names, bad) = write_logs(folder.path(), &logs);
        let (threads, size) = (threads.to_string(), size.to_string());
        let mut words = vec!["-q", "-j", &threads, "--chunk-size", &size];
        words.extend(names.iter().map(String::as_str));
        let all = [&words[..], &["--by", "status", "--bad-lines", "bad.txt"]].concat();
        let finished = answer(folder.path(), &all);
        prop_assert_eq!(finished.status.code(), Some(0), "{}", text(&finished.stderr));
        let written = fs::read_to_string(folder.path().join("bad.txt")).expect("the bad lines");
        let expected: String = bad.iter().map(|line| format!("{line}\n")).collect();
        prop_assert_eq!(written, expected);

        let finished = answer(folder.path(), &[&words[..], &["--strict"]].concat());
        let Some((file, line)) = first(&logs) else {
            prop_assert_eq!(finished.status.code(), Some(0));
            return Ok(());
        };
        prop_assert_eq!(finished.status.code(), Some(2));
        prop_assert_eq!(text(&finished.stdout), "");
        let place = format!(
            "widefinder: {file}.log: a line does not fit its format: line {}, column 5: an \
             identity and a space expected: bad {file}.{line}\n",
            line + 1
        );
        prop_assert_eq!(text(&finished.stderr), place);
    }
}

/// The file and the line of the first bad line.
fn first(logs: &[Vec<u8>]) -> Option<(usize, usize)> {
    let mut logs = logs.iter().enumerate();
    logs.find_map(|(file, kinds)| {
        let line = kinds.iter().position(|kind| *kind == 0)?;
        Some((file, line))
    })
}

#[test]
fn a_pattern_alone_has_no_bad_lines() {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("a.log"), "x\n").expect("a log");
    for option in [&["--strict"][..], &["--bad-lines", "b.txt"]] {
        let finished = answer(folder.path(), &[&["-e", "x", "a.log"], option].concat());
        assert_eq!(finished.status.code(), Some(2));
        assert!(
            text(&finished.stderr).contains("no line is bad"),
            "{}",
            text(&finished.stderr)
        );
        assert!(!folder.path().join("b.txt").exists());
    }
}

#[test]
fn bad_lines_replace_no_log_and_no_answer() {
    let folder = TempDir::new().expect("a temporary folder");
    fs::write(folder.path().join("a.log"), format!("{GOOD}\nbad\n")).expect("a log");
    for (words, expected) in [
        (
            &["a.log", "--bad-lines", "a.log"][..],
            "a.log is also an input",
        ),
        (
            &["a.log", "--bad-lines", "b.txt", "-o", "b.txt"],
            "the answer and the bad lines need a file each",
        ),
        (
            &["a.log", "--bad-lines", "no/b.txt"],
            "no/b.txt cannot be written: there is no directory no",
        ),
    ] {
        let finished = answer(folder.path(), words);
        assert_eq!(finished.status.code(), Some(2));
        assert!(
            text(&finished.stderr).contains(expected),
            "{}",
            text(&finished.stderr)
        );
    }
    let files = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(files, 1);
}
