//! Questions of one generated log in each format, by one thread: the same requests,
//! written as other servers write them.
//!
//! `cargo bench --bench formats`. Each log must be told to be what it is, and every run
//! must count the requests that were written.

mod write;

use std::fmt;
use std::io::{BufWriter, Write};

use divan::Bencher;
use divan::counter::BytesCount;
use loggen::{Log, Options, Profile};
use tempfile::NamedTempFile;
use widefinder::ask::{Field, Key};
use widefinder::plan::Plan;
use widefinder::question::{Ask, Asked, Keys, Question, TableAsked};
use widefinder::run;

use write::{Served, WRITERS, Writer};

const BYTES: usize = 200_000_000;

fn main() {
    divan::main();
}

/// A log in a format.
struct Written {
    file: NamedTempFile,
    bytes: usize,
    requests: u64,
}

impl Written {
    fn new(writer: &Writer) -> Written {
        let file = NamedTempFile::new().expect("a temporary file");
        let mut out = BufWriter::new(&file);
        let mut log = Log::new(&Options::new(Profile::Heavy));
        out.write_all(writer.header.as_bytes()).expect("a log");
        let (mut bytes, mut requests) = (writer.header.len(), 0);
        let (mut combined, mut line) = (Vec::new(), Vec::new());
        while bytes < BYTES {
            combined.clear();
            line.clear();
            log.write_line(&mut combined);
            writer.write(&Served::of(&combined), &mut line);
            out.write_all(&line).expect("a log");
            bytes += line.len();
            requests += 1;
        }
        out.flush().expect("a log");
        drop(out);
        Written {
            file,
            bytes,
            requests,
        }
    }
}

/// The formats by their names, as arguments of a benchmark.
struct Named(&'static Writer);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.format)
    }
}

fn formats() -> impl Iterator<Item = Named> {
    WRITERS.iter().map(Named)
}

fn ask(bencher: Bencher<'_, '_>, writer: &Writer, question: Question) {
    let log = Written::new(writer);
    let plan = Plan {
        threads: 1,
        ..Plan::new(question, vec![log.file.path().into()])
    };
    let report = run(&plan);
    assert_eq!(report.inputs[0].formats, [writer.format]);
    let balance = report.balance();
    assert_eq!((balance.entries, balance.missed), (log.requests, 0));
    bencher
        .counter(BytesCount::new(log.bytes))
        .bench_local(|| assert_eq!(run(&plan).tables, report.tables));
}

/// One field of each line, of few values.
#[divan::bench(args = formats(), sample_count = 5)]
fn by_status(bencher: Bencher<'_, '_>, format: &Named) {
    let table = TableAsked::by(Keys::Fields(vec![Key::of(Field::Status)]));
    let ask_for = Ask {
        asked: Asked::Tables(vec![table]),
        balances: true,
        ..Ask::default()
    };
    ask(bencher, format.0, Question::Ask(Box::new(ask_for)));
}

/// Five fields of each line, and the time.
#[divan::bench(args = formats(), sample_count = 5)]
fn overview(bencher: Bencher<'_, '_>, format: &Named) {
    ask(bencher, format.0, Question::overview());
}
