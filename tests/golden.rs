//! Golden cases: every `tests/golden/*.case` is one run of the program and what must come out.
//!
//! A case is one file, so that anyone can add one without writing Rust. It begins with comment
//! lines that say what it shows, then has sections, each below a line `--- name`:
//!
//! ```text
//! # Two fetches of one article count as two.
//! --- args
//! --preset
//! wf1
//! access.log
//! --- file access.log
//! x "GET /ongoing/When/200x/2006/09/29/Tea HTTP/1.1"
//! x "GET /ongoing/When/200x/2006/09/29/Tea HTTP/1.1"
//! --- stdout
//! 2: 2006/09/29/Tea
//! ```
//!
//! | section | content |
//! |---|---|
//! | `args` | one argument a line, without quoting; an empty line is an empty argument |
//! | `file NAME` | an input file, made in the folder where the program runs; any number of them |
//! | `stdin` | what the program can read from stdin; empty without it |
//! | `stdout` | what it must print, exactly |
//! | `stderr` | what it must print to stderr, exactly |
//! | `stderr contains` | instead: each of these lines must occur somewhere in stderr |
//! | `exit N` | the exit code, 0 without it; the section is empty |
//!
//! The content is everything up to the next `--- ` line, with its last newline: leave no empty line
//! between sections unless it belongs to the content. Behind `file NAME`, `stdin`, `stdout` and
//! `stderr` the word `escaped` may stand: then `\n \r \t \0 \\ \xHH` are decoded and real line ends
//! are dropped, which is the way to write other bytes, a missing last newline, or a content line
//! that begins with `--- ` (`\x2d-- `).
//!
//! A case must have `stdout`, `stderr` or `exit`; what it does not have is not compared, except the
//! exit code. Sections that are unknown or there twice are errors.
//!
//! `GOLDEN=overwrite cargo test --test golden` rewrites the `stdout` of cases that print something
//! else. Read the difference before you commit it: the file is the promise, not the program.

#[path = "golden/case.rs"]
mod case;
#[path = "golden/diff.rs"]
mod diff;
#[path = "golden/escape.rs"]
mod escape;
mod support;

use case::{Case, Stderr};
use diff::diff;
use std::fs;
use std::path::{Path, PathBuf};
use support::process::{Finished, TIMEOUT, run, widefinder};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");

#[test]
fn every_golden_case_holds() {
    let overwrite = std::env::var_os("GOLDEN").is_some_and(|value| value == "overwrite");
    let paths = case_paths();
    assert!(!paths.is_empty(), "{FOLDER} has no case");
    let failures: Vec<String> = paths
        .iter()
        .filter_map(|path| {
            let complaints = check(path, overwrite).unwrap_or_else(|error| vec![error]);
            let name = path.file_name()?.to_string_lossy();
            (!complaints.is_empty()).then(|| format!("== {name}\n{}", complaints.join("\n")))
        })
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} golden cases failed (- was expected, + was printed)\n\n{}\n",
        failures.len(),
        paths.len(),
        failures.join("\n")
    );
}

/// All cases, by name.
fn case_paths() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(FOLDER)
        .expect("the folder of golden cases can be listed")
        .map(|entry| {
            entry
                .expect("the folder of golden cases can be listed")
                .path()
        })
        .filter(|path| path.extension().is_some_and(|ending| ending == "case"))
        .collect();
    paths.sort();
    paths
}

/// What is wrong with the program in this case; an error says what is wrong with the case.
fn check(path: &Path, overwrite: bool) -> Result<Vec<String>, String> {
    let text = fs::read(path).map_err(|error| error.to_string())?;
    let case = Case::parse(&text)?;
    let finished = run_case(&case)?;
    let mut complaints = Vec::new();
    if let Some(expected) = &case.stdout
        && expected.bytes != finished.stdout
    {
        if overwrite {
            let text = expected.replaced_in(&text, &finished.stdout);
            fs::write(path, text).map_err(|error| error.to_string())?;
            eprintln!("overwritten: stdout of {}", path.display());
        } else {
            let lines = diff(&expected.bytes, &finished.stdout);
            complaints.push(format!("stdout differs:\n{lines}"));
        }
    }
    complaints.extend(check_stderr(&case.stderr, &finished.stderr));
    if finished.status.code() != Some(case.exit) {
        complaints.push(format!(
            "exit code {} was expected, it ended with {}; its stderr:\n{}",
            case.exit,
            finished.status,
            String::from_utf8_lossy(&finished.stderr)
        ));
    }
    Ok(complaints)
}

/// Runs the program in a folder that has the case's files and nothing else.
fn run_case(case: &Case) -> Result<Finished, String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    for (name, content) in &case.files {
        let path = folder.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| format!("file {name}: {error}"))?;
        }
        fs::write(path, content).map_err(|error| format!("file {name}: {error}"))?;
    }
    let mut command = widefinder();
    command.args(&case.args).current_dir(folder.path());
    run(&mut command, case.stdin.as_deref(), TIMEOUT)
}

fn check_stderr(expected: &Stderr, stderr: &[u8]) -> Option<String> {
    match expected {
        Stderr::Anything => None,
        Stderr::Exactly(bytes) => {
            (bytes != stderr).then(|| format!("stderr differs:\n{}", diff(bytes, stderr)))
        }
        Stderr::Contains(lines) => {
            let text = String::from_utf8_lossy(stderr);
            let missing: Vec<&str> = lines
                .iter()
                .map(String::as_str)
                .filter(|line| !text.contains(line))
                .collect();
            (!missing.is_empty())
                .then(|| format!("stderr lacks:\n  {}\nit is:\n{text}", missing.join("\n  ")))
        }
    }
}

#[test]
#[cfg(unix)]
fn a_process_that_hangs_is_killed() {
    let mut sleeper = std::process::Command::new("sleep");
    let start = std::time::Instant::now();
    let error = run(
        sleeper.arg("600"),
        None,
        std::time::Duration::from_millis(50),
    )
    .expect_err("it takes too long");
    assert!(error.contains("not done after 50ms"), "{error}");
    assert!(start.elapsed() < TIMEOUT);
}
