//! Whole questions on a generated log, from open to report, by threads; and the
//! newline sweep of the same bytes, which is the limit.
//!
//! `cargo bench --bench end_to_end`. Every run's answer is compared with the
//! first one's.

use std::io::Write;
use std::sync::OnceLock;

use divan::Bencher;
use divan::counter::BytesCount;
use loggen::{Amount, Options, Profile};
use tempfile::NamedTempFile;
use widefinder::pattern::Pattern;
use widefinder::plan::Plan;
use widefinder::question::{Question, TableAsked};
use widefinder::run;

/// Enough for tables that no cache holds.
const BYTES: u64 = 256 << 20;

const THREADS: [usize; 2] = [1, 2];

fn main() {
    divan::main();
}

fn log() -> &'static NamedTempFile {
    static LOG: OnceLock<NamedTempFile> = OnceLock::new();
    LOG.get_or_init(|| {
        let mut file = NamedTempFile::new().expect("a temporary file");
        let options = Options::new(Profile::Heavy);
        loggen::generate(&options, Amount::Bytes(BYTES), &mut file).expect("a log");
        file.flush().expect("a log");
        file
    })
}

fn ask(bencher: Bencher<'_, '_>, threads: usize, question: &Question) {
    let plan = Plan {
        threads,
        ..Plan::new(question.clone(), vec![log().path().into()])
    };
    let expected = run(&plan).tables;
    bencher
        .counter(BytesCount::new(BYTES))
        .bench_local(|| assert_eq!(run(&plan).tables, expected));
}

#[divan::bench(args = THREADS, sample_count = 5)]
fn wf1(bencher: Bencher<'_, '_>, threads: usize) {
    ask(bencher, threads, &Question::Wf1);
}

#[divan::bench(args = THREADS, sample_count = 5)]
fn wf2(bencher: Bencher<'_, '_>, threads: usize) {
    ask(bencher, threads, &Question::Wf2);
}

#[divan::bench(args = THREADS, sample_count = 5)]
fn overview(bencher: Bencher<'_, '_>, threads: usize) {
    ask(bencher, threads, &Question::overview());
}

#[divan::bench(args = THREADS, sample_count = 5)]
fn pattern_without_a_literal(bencher: Bencher<'_, '_>, threads: usize) {
    let pattern = Pattern::new(r"[a-z]+/\d+\.\d+").expect("valid");
    ask(
        bencher,
        threads,
        &Question::Matches(vec![TableAsked::of(pattern)]),
    );
}

#[divan::bench(sample_count = 5)]
fn sweep(bencher: Bencher<'_, '_>) {
    let log = std::fs::read(log()).expect("the log");
    let sweep = || memchr::memchr_iter(b'\n', &log).count();
    let expected = sweep();
    bencher
        .counter(BytesCount::new(log.len()))
        .bench_local(|| assert_eq!(sweep(), expected));
}
