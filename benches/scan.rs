//! From bytes to batches of rows, by what a question needs of a line; and what
//! no scan can be faster than.
//!
//! `cargo bench --bench scan`. The chunks are generated; every run's rows are
//! compared with those that the lines themselves tell of.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use loggen::{Log, Options, Profile};
use widefinder::ask::Field;
use widefinder::chunk::Span;
use widefinder::columns::Columns;
use widefinder::plan::Plan;
use widefinder::question::Question;
use widefinder::scan::format::{Format, Formats};
use widefinder::scan::marks::Marks;
use widefinder::scan::{BadLines, Balance, Entries, Scanner};

/// One window of marks, a chunk as workers take it, and more than a second-level
/// cache holds.
const SIZES: [usize; 3] = [64 << 10, 1 << 20, 16 << 20];

fn main() {
    divan::main();
}

/// Whole lines of at least `size` bytes.
fn lines(size: usize) -> Vec<u8> {
    let mut log = Log::new(&Options::new(Profile::Heavy));
    let mut lines = Vec::new();
    while lines.len() < size {
        log.write_line(&mut lines);
    }
    lines
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The rows that a scanner makes of `bytes`.
fn rows(scanner: &mut Scanner, bytes: &[u8]) -> u64 {
    let formats = Formats::new([Format::Combined]);
    let span = Span {
        input: 0,
        offset: 0,
        bytes,
        formats: &formats,
    };
    let (mut balance, mut bad, mut rows) = (Balance::default(), BadLines::default(), 0);
    scanner.scan(span, &mut balance, &mut bad, &mut |batch| {
        rows += black_box(&*batch).len() as u64;
    });
    rows
}

/// The scanner of a question's only pass.
fn scanner_of(question: Question) -> Scanner {
    let mut passes = Plan::new(question, Vec::new()).passes();
    passes.remove(0).scanner
}

fn scan(bencher: Bencher<'_, '_>, size: usize, mut scanner: Scanner, expected: fn(&[u8]) -> u64) {
    let bytes = lines(size);
    let expected = expected(&bytes);
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench_local(|| assert_eq!(rows(&mut scanner, &bytes), expected));
}

/// Five fields of every line.
#[divan::bench(args = SIZES)]
fn overview(bencher: Bencher<'_, '_>, size: usize) {
    scan(bencher, size, scanner_of(Question::overview()), newlines);
}

/// Nothing but the first field; the frame is looked at all the same.
#[divan::bench(args = SIZES)]
fn first_field(bencher: Bencher<'_, '_>, size: usize) {
    let mut columns = Columns::new(None);
    columns.text(&Field::Client);
    let (wanted, _) = columns.build();
    let entries = Entries {
        wanted,
        masks: 1,
        literal: None,
        passes_over: false,
        counts_lines: false,
        marks: Marks::default(),
        bound: None,
    };
    scan(bencher, size, Scanner::Entries(Box::new(entries)), newlines);
}

/// The fields of the second Wide Finder report.
#[divan::bench(args = SIZES)]
fn wf2(bencher: Bencher<'_, '_>, size: usize) {
    scan(bencher, size, scanner_of(Question::Wf2), |bytes| {
        let lines = bytes.split(|&byte| byte == b'\n');
        lines.filter(|line| is_counted(line)).count() as u64
    });
}

/// The rule of the report, to the letter.
fn is_counted(line: &[u8]) -> bool {
    let fields = line.split(u8::is_ascii_whitespace);
    let fields: Vec<_> = fields.filter(|field| !field.is_empty()).collect();
    let is = |index: usize, texts: &[&[u8]]| fields.get(index).is_some_and(|f| texts.contains(f));
    is(5, &[b"\"GET"]) && is(8, &[b"200", b"304", b"404"])
}

/// Where the quotes, line ends and blanks are, a window at a time as in a scan.
#[divan::bench(args = SIZES)]
fn marks(bencher: Bencher<'_, '_>, size: usize) {
    let bytes = lines(size);
    let is_mark = |byte: &&u8| matches!(byte, b'"' | b'\n');
    let expected = bytes.iter().filter(is_mark).count();
    let mut marks = Marks::default();
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench_local(|| {
            let windows = bytes.chunks(64 << 10).map(|window| {
                marks.find(window);
                marks.places().len()
            });
            assert_eq!(windows.sum::<usize>(), expected);
        });
}

/// The least that looks at every byte.
#[divan::bench(args = SIZES)]
fn sweep(bencher: Bencher<'_, '_>, size: usize) {
    let bytes = lines(size);
    let expected = newlines(&bytes);
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench_local(|| assert_eq!(newlines(black_box(&bytes)), expected));
}

/// The same of what no cache holds, by threads: what memory gives.
#[divan::bench(args = [1, 2], sample_count = 20, sample_size = 1)]
fn sweep_memory(bencher: Bencher<'_, '_>, threads: usize) {
    let bytes = lines(256 << 20);
    let expected = newlines(&bytes);
    let sweep = || -> u64 {
        engine::scope(|s| {
            let sweep = s.stage("sweep").jobs(threads);
            let count = |newlines: &mut u64, chunk: &[u8]| *newlines += self::newlines(chunk);
            sweep.fold(bytes.chunks(1 << 20), |_worker| 0, count).sum()
        })
    };
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench_local(|| assert_eq!(sweep(), expected));
}
