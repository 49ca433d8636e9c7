//! The model against the independent oracle of the Wide Finder reports, a Python program.
//!
//! Two models that were written apart from each other and agree on every corner case leave little
//! room for a rule that was misread. Without Python or the oracle the tests say so and pass.

mod model;
mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::process::{TIMEOUT, run};
use support::samples::{all_samples, shared};

type Report = fn(&[u8]) -> Vec<u8>;

const REPORTS: [(&str, Report); 2] = [("wf1", model::wf1), ("wf2", model::wf2)];

/// The oracle, if it and an interpreter for it are there.
fn oracle() -> Option<PathBuf> {
    let script = shared("oracle/wide_finder_oracle.py")?;
    let version = run(Command::new("python3").arg("--version"), None, TIMEOUT);
    if version.is_ok_and(|finished| finished.status.success()) {
        return Some(script);
    }
    println!("skipped what needs the oracle: python3 does not run");
    None
}

/// Runs the oracle on many logs in one process: starting Python takes longer than any answer.
/// Its lines of input are a log, a report and the file for the answer, with tabs between.
const DRIVER: &str = "
import runpy, sys
oracle = sys.argv[1]
for job in sys.stdin.read().splitlines():
    log, preset, answer = job.split('\\t')
    sys.argv = [oracle, log, preset]
    with open(answer, 'w') as sys.stdout:
        runpy.run_path(oracle)
";

fn ask(oracle: &Path, jobs: &str) {
    let finished = run(
        Command::new("python3")
            .args(["-c", DRIVER])
            .arg(oracle)
            // Without it Python refuses to read numbers of more than 4300 digits.
            .env("PYTHONINTMAXSTRDIGITS", "0"),
        Some(jobs.as_bytes()),
        TIMEOUT,
    )
    .expect("the oracle runs");
    assert!(
        finished.status.success(),
        "the oracle failed: {}",
        String::from_utf8_lossy(&finished.stderr)
    );
}

/// Asks for both reports of each log and lists all that differ.
fn compare<N: AsRef<str>>(logs: &[(N, Vec<u8>)]) {
    let Some(oracle) = oracle() else { return };
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let file = |name: String| folder.path().join(name);
    let mut jobs = String::new();
    for (number, (_, log)) in logs.iter().enumerate() {
        let path = file(format!("{number}.log"));
        fs::write(&path, log).expect("a temporary file can be written");
        for (preset, _) in REPORTS {
            let answer = file(format!("{number}.{preset}"));
            let _ = writeln!(jobs, "{}\t{preset}\t{}", path.display(), answer.display());
        }
    }
    ask(&oracle, &jobs);

    let mut differences = Vec::new();
    for (number, (name, log)) in logs.iter().enumerate() {
        for (preset, report) in REPORTS {
            let expected =
                fs::read(file(format!("{number}.{preset}"))).expect("an answer is there");
            let ours = report(log);
            if ours != expected {
                differences.push(format!(
                    "{preset} of '{}':\n  oracle: {}\n  model:  {}",
                    name.as_ref(),
                    expected.escape_ascii(),
                    ours.escape_ascii()
                ));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn model_and_oracle_agree_on_every_corner_case() {
    compare(&model::corner_cases());
}

#[test]
fn model_and_oracle_agree_on_the_samples() {
    compare(&all_samples());
}
