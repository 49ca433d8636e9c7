//! The reference reports as a user gets them: the program's bytes are the model's bytes, whatever
//! the number of threads and wherever the log is cut into chunks.

mod model;
mod support;

use proptest::prelude::*;
use proptest::sample::select;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use support::logs::{arbitrary_bytes, nasty_log};
use support::process::{TIMEOUT, run, widefinder};
use support::samples::wide_finder_sample;
use tempfile::TempDir;

type Report = fn(&[u8]) -> Vec<u8>;

const REPORTS: [(&str, Report); 2] = [("wf1", model::wf1), ("wf2", model::wf2)];

const THREADS: [usize; 4] = [1, 2, 3, 8];

/// Down to a byte, so that every place of a line is once the end of a chunk.
const CHUNK_SIZES: [usize; 6] = [1, 2, 3, 7, 64, 1000];

/// How the work is to be divided; the default where there is no number.
#[derive(Debug, Clone, Copy, Default)]
struct Division {
    threads: Option<usize>,
    chunk_size: Option<usize>,
}

impl Division {
    fn new(threads: usize, chunk_size: Option<usize>) -> Self {
        Self {
            threads: Some(threads),
            chunk_size,
        }
    }

    /// The divisions that a log of this length is worth: a process takes milliseconds, and a
    /// chunk for each of 70,000 bytes many more. Every chunk size meets one number of threads;
    /// `turn` shifts which, so that over the cases each size meets each number.
    fn some_for(length: usize, turn: usize) -> Vec<Self> {
        let chunk_sizes: &[usize] = match length {
            0..=16_000 => &CHUNK_SIZES,
            16_001..=200_000 => &[7, 64, 1000],
            _ => &[1000, 65_536],
        };
        let sizes = [None]
            .into_iter()
            .chain(chunk_sizes.iter().copied().map(Some));
        let divided = sizes
            .enumerate()
            .map(|(index, size)| Self::new(THREADS[(turn + index) % THREADS.len()], size));
        [Self::default()].into_iter().chain(divided).collect()
    }

    fn arguments(self) -> Vec<String> {
        let mut arguments = Vec::new();
        if let Some(threads) = self.threads {
            arguments.extend(["-j".to_owned(), threads.to_string()]);
        }
        if let Some(size) = self.chunk_size {
            arguments.extend(["--chunk-size".to_owned(), size.to_string()]);
        }
        arguments
    }
}

/// A log in a file of its own.
struct Log {
    _folder: TempDir,
    path: PathBuf,
}

impl Log {
    fn new(bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("access.log");
        std::fs::write(&path, bytes).expect("a temporary file can be written");
        Self {
            _folder: folder,
            path,
        }
    }
}

/// What is wrong with the program's answer, if anything is.
fn complaint(preset: &str, log: &Path, division: Division, expected: &[u8]) -> Option<String> {
    let mut command = widefinder();
    command
        .args(["--preset", preset])
        .args(division.arguments());
    let finished = match run(command.arg(log), None, TIMEOUT) {
        Ok(finished) => finished,
        Err(error) => return Some(error),
    };
    if finished.status.success() && finished.stdout == expected && finished.stderr.is_empty() {
        return None;
    }
    let mut text = format!(
        "{preset} with {:?}: {}\n",
        division.arguments(),
        finished.status
    );
    let _ = writeln!(text, "  expected: {}", expected.escape_ascii());
    let _ = writeln!(text, "  printed:  {}", finished.stdout.escape_ascii());
    let _ = writeln!(text, "  stderr:   {}", finished.stderr.escape_ascii());
    Some(text)
}

/// Every complaint about one preset and one log.
fn complaints(preset: &str, report: Report, log: &[u8], divisions: &[Division]) -> Vec<String> {
    let file = Log::new(log);
    let expected = report(log);
    divisions
        .iter()
        .filter_map(|&division| complaint(preset, &file.path, division, &expected))
        .collect()
}

/// Fails with the first complaint of every case that has one.
fn check_corner_cases(preset: &str, report: Report) {
    let mut failures = Vec::new();
    for (turn, (name, log)) in model::corner_cases().into_iter().enumerate() {
        let divisions = Division::some_for(log.len(), turn);
        let complaints = complaints(preset, report, &log, &divisions);
        if let Some(first) = complaints.first() {
            failures.push(format!(
                "'{name}': {} wrong, first {first}",
                complaints.len()
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn wf1_answers_every_corner_case() {
    check_corner_cases("wf1", model::wf1);
}

#[test]
fn wf2_answers_every_corner_case() {
    check_corner_cases("wf2", model::wf2);
}

fn division() -> impl Strategy<Value = Division> {
    let chunk_size = prop_oneof![
        1 => Just(None),
        4 => select(&CHUNK_SIZES[..]).prop_map(Some),
        4 => (1..300_usize).prop_map(Some),
    ];
    (select(&THREADS[..]), chunk_size).prop_map(|(threads, size)| Division::new(threads, size))
}

fn check_reports(log: &[u8], divisions: &[Division]) -> Result<(), TestCaseError> {
    for (preset, report) in REPORTS {
        let complaints = complaints(preset, report, log, divisions);
        prop_assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }
    Ok(())
}

/// A case is a dozen processes; the same logs go through the library in far larger numbers.
fn a_hundred() -> ProptestConfig {
    ProptestConfig {
        cases: 100,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(a_hundred())]

    #[test]
    fn reports_of_nasty_logs_are_the_models(
        log in nasty_log(60),
        divisions in proptest::collection::vec(division(), 6),
    ) {
        check_reports(&log, &divisions)?;
    }

    #[test]
    fn reports_of_arbitrary_bytes_are_the_models(
        log in arbitrary_bytes(600),
        divisions in proptest::collection::vec(division(), 3),
    ) {
        check_reports(&log, &divisions)?;
    }
}

#[test]
fn wide_finder_sample_has_the_known_answers() {
    let Some(log) = wide_finder_sample() else {
        return;
    };
    let first_line = |report: Vec<u8>| {
        let end = report.iter().position(|&byte| byte == b'\n');
        String::from_utf8(report[..end.expect("a report has a line")].to_vec())
            .expect("the known answers are text")
    };
    // The model is held to the published answers here; the program is held to the model below.
    assert_eq!(first_line(model::wf1(&log)), "89: 2006/09/29/Dynamic-IDE");
    assert_eq!(
        first_line(model::wf2(&log)),
        "535 resources, 68 404s, 418 clients"
    );
    for (preset, report) in REPORTS {
        for turn in 0..THREADS.len() {
            let divisions = Division::some_for(log.len(), turn);
            let complaints = complaints(preset, report, &log, &divisions);
            assert!(complaints.is_empty(), "{}", complaints.join("\n"));
        }
    }
}
