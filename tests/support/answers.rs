//! Answers of the library, to a log that is written to a file first.

use std::io::Write;

use tempfile::NamedTempFile;
use widefinder::plan::Plan;
use widefinder::question::Question;
use widefinder::report::Report;
use widefinder::run;

/// Writes a log to a file that goes with the value.
pub(crate) fn file(log: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(log).expect("a temporary file takes a log");
    file
}

/// Asks for all rows, with a number of threads and a chunk size.
pub(crate) fn answer(
    question: &Question,
    file: &NamedTempFile,
    threads: usize,
    chunk_size: usize,
) -> Report {
    let report = run(&Plan {
        top: 0,
        threads,
        chunk_size,
        ..Plan::new(question.clone(), vec![file.path().into()])
    });
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    report
}
