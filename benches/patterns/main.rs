//! Patterns: the first report of the challenge against a kernel that was written by hand for it,
//! and the scan alone, on one thread, against a bare pass of a lazy DFA.
//!
//! `cargo bench --bench patterns [-- FILE [PART]]`, where PART is a part of a title. Contestants
//! take turns, medians are compared, and every answer is checked.

mod kernel;
mod rounds;

use std::io::Write;
use std::path::{Path, PathBuf};

use loggen::{Amount, Options, Profile};
use memchr::memchr_iter;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input as Search, nfa::thompson};
use rounds::{Contestant, rounds};
use tempfile::NamedTempFile;
use widefinder::chunk::{self, Chunk, Span};
use widefinder::open::Input;
use widefinder::pattern::Pattern;
use widefinder::plan::Plan;
use widefinder::question::{Question, TableAsked};
use widefinder::run;
use widefinder::scan::lines::Lines;
use widefinder::scan::{BadLines, Balance, Scanner};

/// Enough that no cache holds it.
const BYTES: u64 = 256 << 20;
/// Chunks that one thread scans in a round.
const SCANNED: usize = 24;
const THREADS: usize = 2;
/// The title of the first part; the others' are the patterns.
const REPORT: &str = "first report, from open to report, on two threads";

/// With and without literals, alternations, cases, anchors, Unicode.
const PATTERNS: &[&str] = &[
    Question::WF1,
    r#""(GET|POST) ([^ ]*)"#,
    r"GET /(\w+)/(\w+)",
    r#"" (\d\d\d) (\d+|-) ""#,
    r#"" 404 .*(www\.\w+)"#,
    r"[a-z]+/\d+\.\d+",
    r"\d+x/(\d{4})",
    r"^(\S+)",
    r"GET|POST|HEAD",
    r"(jpg|png|gif) HTTP",
    r"(?i)http/1\.(\d)",
    r"(?u)(\w+)/2006",
    r"\bQuill/(\d+)",
    r"(\w+)\)?.$",
];

fn main() {
    let mut args = std::env::args()
        .skip(1)
        .filter(|arg| !arg.starts_with("--"));
    let (given, only) = (args.next(), args.next());
    let generated = given.is_none().then(log);
    let path = match (&generated, given) {
        (Some(file), _) => file.path().to_path_buf(),
        (None, given) => given.map(PathBuf::from).expect("a file is given"),
    };
    let wanted = |name: &str| {
        only.as_ref()
            .is_none_or(|only| name.contains(only.as_str()))
    };
    if wanted(REPORT) {
        whole_report(&path);
    }
    let input = Input::open(&path.as_path().into()).expect("a log");
    let chunks = chunk::mapped(0, kernel::map(&input), &input.formats, Plan::CHUNK_SIZE);
    let chunks: Vec<_> = chunks.take(SCANNED).collect();
    let spans: Vec<_> = chunks.iter().map(Chunk::span).collect();
    for pattern in PATTERNS.iter().filter(|pattern| wanted(pattern)) {
        scan_alone(pattern, &spans);
    }
}

fn log() -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    let options = Options::new(Profile::Heavy);
    loggen::generate(&options, Amount::Bytes(BYTES), &mut file).expect("a log");
    file.flush().expect("a log");
    file
}

/// From open to report, on two threads.
fn whole_report(path: &Path) {
    let bytes = path.metadata().expect("a log").len() as usize;
    let plan = |question| Plan {
        threads: THREADS,
        ..Plan::new(question, vec![path.into()])
    };
    let pattern = Pattern::new(Question::WF1).expect("valid");
    let general = plan(Question::Matches(vec![TableAsked::of(pattern)]));
    let preset = plan(Question::Wf1);
    let expected = kernel::run(path, THREADS, false);
    let check = |plan: &Plan| {
        let rows = run(plan).tables.remove(0).rows;
        let rows = rows
            .iter()
            .map(|row| (row.key[0].clone(), row.count() as u64));
        assert!(rows.eq(expected.rows.iter().cloned()));
    };
    let kernel = |counts_lines| {
        let found = kernel::run(path, THREADS, counts_lines);
        assert_eq!(found.rows, expected.rows);
        assert_eq!(found.lines > 0, counts_lines);
    };
    rounds(
        REPORT,
        bytes,
        &mut [
            Contestant::new("-e", || check(&general)),
            Contestant::new("kernel, and lines", || kernel(true)),
            Contestant::new("preset", || check(&preset)),
            Contestant::new("kernel", || kernel(false)),
            Contestant::new("sweep", || assert!(kernel::sweep(path, THREADS) > 0)),
        ],
    );
}

/// Rows whose lengths are added up, on one thread.
fn scan_alone(pattern: &str, spans: &[Span<'_>]) {
    let compiled = Pattern::new(pattern).expect("valid");
    let question = Question::Matches(vec![TableAsked::of(compiled.clone())]);
    let mut scanner = question.passes(0).expect("a pass").remove(0).scanner;
    let expected = sum(spans, |text| regex(&compiled, text.bytes));
    let mut dfa = Dfa::new(pattern);
    let matches = sum(spans, |span| dfa.pass(span.bytes));
    let sweep = |span: Span<'_>| (memchr_iter(b'\n', span.bytes).count() as u64, 0);
    let lines = sum(spans, sweep);
    let check = |found: Sum| assert_eq!(found, expected);
    let mut contestants = vec![
        Contestant::new("scan", || {
            check(sum(spans, |span| scan(&mut scanner, span)))
        }),
        Contestant::new("regex, by line", || {
            check(sum(spans, |span| regex(&compiled, span.bytes)));
        }),
        Contestant::new("sweep", || assert_eq!(sum(spans, sweep), lines)),
    ];
    // To a pass over the text, `^` and `$` are the borders of the text.
    if matches.0 >= expected.0 {
        contestants.push(Contestant::new("DFA", || {
            assert_eq!(sum(spans, |span| dfa.pass(span.bytes)), matches);
        }));
    }
    if pattern == Question::WF1 {
        contestants.push(Contestant::new("kernel, and lines", || {
            let mut swept = 0;
            check(sum(spans, |span| {
                swept += sweep(span).0;
                kernel::scan(span.bytes)
            }));
            assert_eq!(swept, lines.0);
        }));
    }
    let bytes = spans.iter().map(|span| span.bytes.len()).sum();
    let title = format!("{pattern}   ({} rows)", expected.0);
    rounds(&title, bytes, &mut contestants);
}

/// The rows, and the lengths of their first columns.
type Sum = (u64, u64);

fn sum<'c>(spans: &[Span<'c>], mut of: impl FnMut(Span<'c>) -> Sum) -> Sum {
    spans.iter().fold((0, 0), |(rows, lengths), &span| {
        let more = of(span);
        (rows + more.0, lengths + more.1)
    })
}

fn scan(scanner: &mut Scanner, span: Span<'_>) -> Sum {
    let (mut rows, mut lengths) = (0, 0);
    let (balance, bad) = (&mut Balance::default(), &mut BadLines::default());
    scanner.scan(span, balance, bad, &mut |batch| {
        rows += batch.len() as u64;
        let texts = batch.text(0).iter();
        lengths += texts.map(|text| text.len() as u64).sum::<u64>();
    });
    (rows, lengths)
}

/// The same by `regex`, line by line.
fn regex(pattern: &Pattern, text: &[u8]) -> Sum {
    let regex = pattern.regex();
    let group = usize::from(regex.captures_len() > 1);
    let mut places = regex.capture_locations();
    let (mut rows, mut lengths) = (0, 0);
    for (_, line) in Lines::new(text) {
        if regex.captures_read(&mut places, line).is_some() {
            rows += 1;
            lengths += places.get(group).map_or(0, |(start, end)| end - start) as u64;
        }
    }
    (rows, lengths)
}

/// A lazy DFA that is passed over a text.
struct Dfa {
    dfa: DFA,
    cache: Cache,
}

impl Dfa {
    fn new(pattern: &str) -> Dfa {
        let dfa = DFA::builder()
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .thompson(thompson::Config::new().utf8(false))
            .configure(DFA::config().unicode_word_boundary(true))
            .build(pattern)
            .expect("valid");
        Dfa {
            cache: dfa.create_cache(),
            dfa,
        }
    }

    /// Counts all matches by their ends, wherever lines end.
    fn pass(&mut self, text: &[u8]) -> Sum {
        let mut matches = 0;
        let mut search = Search::new(text).anchored(Anchored::No);
        while let Ok(Some(found)) = self.dfa.try_search_fwd(&mut self.cache, &search) {
            matches += 1;
            let next = found.offset().max(search.start() + 1);
            if next > text.len() {
                break;
            }
            search.set_start(next);
        }
        (matches, 0)
    }
}
