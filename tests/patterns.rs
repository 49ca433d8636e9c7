//! `-e` agrees with a regular expression that is tried on one line after the other.

mod model;
mod support;

use std::collections::BTreeMap;

use model::corner_cases;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use regex::bytes::{Regex, RegexBuilder};
use support::answers::{answer, file};
use support::logs::nasty_log;
use widefinder::pattern::{Pattern, Search};
use widefinder::plan::Plan;
use widefinder::question::{Question, TableAsked};
use widefinder::report::TableReport;
use widefinder::value::Value;

/// With and without literals, groups, anchors, Unicode, and with all that could reach across a
/// line end.
const PATTERNS: &[&str] = &[
    r"GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ",
    r#""(GET|POST) ([^ ]*)"#,
    r"^[^ ]+",
    r"(\w+)$",
    r"\s+$",
    r"[^a-z]+",
    r"(?s).*",
    r"(?s-u:.)+\x20",
    r"(?i)get",
    r"(?u)(\w+)é|ü",
    r"200|404",
    r"(a)|(b)|c",
    r"x*",
    r"^$",
    r"^\s*$",
    r"\bT(ea)\b",
    r"\r",
    r"T\s?e",
    r"(?:Tea){1,2}.*(HTTP/)1",
    r"[\n ]G",
    r"(?m)^\d+|-$",
    r"",
    r"(\x00)|\xff+",
    r"(?P<status>\d{3}) (?P<bytes>\d+|-)",
];

/// The key of the first match of each line, a list of parts, by a plain expression on one line
/// after the other.
fn plain(pattern: &str, log: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let regex: Regex = RegexBuilder::new(pattern)
        .unicode(false)
        .build()
        .expect("valid");
    let lines = log.split_inclusive(|&byte| byte == b'\n').map(|line| {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        line.strip_suffix(b"\r").unwrap_or(line)
    });
    let keys = lines.filter_map(|line| {
        let groups = regex.captures(line)?;
        let key = |group: Option<regex::bytes::Match<'_>>| {
            group.map_or(Vec::new(), |group| group.as_bytes().to_vec())
        };
        Some(match groups.len() {
            1 => vec![key(groups.get(0))],
            _ => groups.iter().skip(1).map(key).collect(),
        })
    });
    keys.collect()
}

/// Counts keys by the first match of each line.
fn count(pattern: &str, log: &[u8]) -> BTreeMap<Vec<Vec<u8>>, u128> {
    let mut counts = BTreeMap::new();
    for key in plain(pattern, log) {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// Checks rows, totals and order.
fn check(table: &TableReport, expected: BTreeMap<Vec<Vec<u8>>, u128>, context: &str) {
    assert_eq!(table.distinct, expected.len() as u64, "{context}");
    let sum = expected.values().sum::<u128>();
    assert_eq!(table.total, [Value::Whole(sum)], "{context}");
    let mut expected: Vec<_> = expected.into_iter().collect();
    expected.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let rows = table.rows.iter().map(|row| (row.key.clone(), row.count()));
    assert_eq!(rows.collect::<Vec<_>>(), expected, "{context}");
}

fn question(patterns: &[&str]) -> Question {
    let compiled = patterns.iter().map(|pattern| {
        let pattern = Pattern::new(pattern).expect("a valid pattern");
        TableAsked::of(pattern)
    });
    Question::Matches(compiled.collect())
}

#[test]
fn every_pattern_on_every_corner_case() {
    let all = question(PATTERNS);
    for (name, log) in corner_cases() {
        let file = file(&log);
        let sizes: &[usize] = match log.len() {
            0..5_000 => &[1, 64, Plan::CHUNK_SIZE],
            _ => &[1000, Plan::CHUNK_SIZE],
        };
        for (index, &size) in sizes.iter().enumerate() {
            let report = answer(&all, &file, 1 + index, size);
            for (pattern, table) in PATTERNS.iter().zip(&report.tables) {
                let context = format!("{pattern:?} on {name:?} in chunks of {size}");
                check(table, count(pattern, &log), &context);
            }
        }
    }
}

proptest! {
    #[test]
    fn random_logs(
        log in nasty_log(30),
        pattern in select(PATTERNS),
        size in 1usize..200,
        threads in 1usize..4,
    ) {
        let report = answer(&question(&[pattern]), &file(&log), threads, size);
        let lines = log.split_inclusive(|&byte| byte == b'\n').count() as u64;
        prop_assert_eq!(report.balance().lines, lines);
        check(&report.tables[0], count(pattern, &log), pattern);
    }

    /// From open to report, with small chunks.
    #[test]
    fn random_patterns(
        pattern in pattern(),
        log in log(),
        size in 1usize..50,
    ) {
        if let Ok(compiled) = Pattern::new(&pattern) {
            let question = Question::Matches(vec![TableAsked::of(compiled)]);
            let report = answer(&question, &file(&log), 2, size);
            check(&report.tables[0], count(&pattern, &log), &pattern);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// The search alone, in thousands of cases: twice in one text, since what the first half is
    /// like may change how the second is searched.
    #[test]
    fn a_search_agrees_with_a_plain_expression(
        pattern in pattern(),
        log in log(),
        middle in any::<prop::sample::Index>(),
    ) {
        let Ok(compiled) = Pattern::new(&pattern) else {
            return Ok(());
        };
        let first = usize::from(compiled.regex().captures_len() > 1);
        let columns = first..first + compiled.columns();
        let half = middle.index(log.len() + 1);
        let half = log[..half].iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        let mut search = Search::new(&compiled);
        for text in [&log[..half], &log[half..], &log] {
            let mut keys = Vec::new();
            search.each(text, |groups| {
                let key = columns.clone().map(|number| groups.get(number).to_vec());
                keys.push(key.collect::<Vec<_>>());
            });
            prop_assert_eq!(keys, plain(&pattern, text), "{:?} on {:?}", pattern, text);
        }
    }
}

/// A pattern: half of them such as people ask, a fixed front and groups behind it, half of them
/// any expression.
fn pattern() -> impl Strategy<Value = String> {
    let part = select(PARTS).prop_map(str::to_owned);
    let asked = (select(FRONTS), vec(prop_oneof![part, expression()], 0..5))
        .prop_map(|(front, parts)| format!("{front}{}", parts.concat()));
    prop_oneof![asked, expression()]
}

/// An expression of atoms.
fn expression() -> impl Strategy<Value = String> {
    select(ATOMS)
        .prop_map(str::to_owned)
        .prop_recursive(4, 16, 4, |part| {
            prop_oneof![
                vec(part.clone(), 1..4).prop_map(|parts| parts.concat()),
                vec(part.clone(), 2..4).prop_map(|parts| format!("(?:{})", parts.join("|"))),
                (select(GROUPS), part.clone()).prop_map(|(open, part)| format!("{open}{part})")),
                (part, select(REPEATS)).prop_map(|(part, times)| format!("(?:{part}){times}")),
            ]
        })
}

/// Bytes of what patterns speak of, with short lines, and with lines that begin many matches.
fn log() -> impl Strategy<Value = Vec<u8>> {
    let text = select(TEXTS).prop_map(<[u8]>::to_vec);
    let byte = any::<u8>().prop_map(|byte| vec![byte]);
    vec(prop_oneof![8 => text, 1 => byte], 0..60).prop_map(|texts| texts.concat())
}

const FRONTS: &[&str] = &[
    "ab",
    "abc",
    "(ab|ba)",
    "(?:ab|abc)",
    "(?i:get )",
    "GET ",
    "(GET|POST) ",
    r#""(GET|POST) "#,
    "^",
    "(?m)^",
    "^GET ",
    r"\bab",
    r"ab\b",
    "(?:ab){2}",
    "[ab]b",
    "(?u:é)",
    r"(\w+) ",
    "",
];

const PARTS: &[&str] = &[
    "([^ ]*)",
    "([^ .]+)",
    r#"([^"]+)"#,
    r"(\w+)",
    r"(\w+?)",
    r"(\d\d)",
    r"(\d{1,2})",
    r"(\S+)",
    "(.*)",
    "(a)?",
    "(ab|c)",
    " ",
    "ab",
    "(a(b*)c*)",
    r"\r?",
    "$",
    r"[^\n]*",
    r"(?:[a-c]\d){2}",
];

const ATOMS: &[&str] = &[
    "a",
    "b",
    "c",
    "ab",
    "GET ",
    "é",
    "(?u:é)",
    ".",
    "(?s:.)",
    "(?s-u:.)",
    "(?u:.)",
    "[ab]",
    "[^a]",
    "[^ ]",
    r"[^\n]",
    r"[^\r]",
    r"[a\n]",
    r"[\r\n]",
    r"[b\r]",
    r"\n",
    r"\r",
    r"\s",
    r"\S",
    r"\w",
    r"(?u:\w)",
    r"(?u:\s)",
    r"\d",
    r"\x00",
    r"\xff",
    "^",
    "$",
    r"\A",
    r"\z",
    "(?m:^)",
    "(?m:$)",
    "(?Rm:^)",
    "(?Rm:$)",
    r"\b",
    r"\B",
    r"(?u:\b)",
    r"(?u:\B)",
    r"\b{start}",
    r"\b{end}",
    r"\b{start-half}",
    r"\b{end-half}",
    "",
];

const GROUPS: &[&str] = &["(", "(?:", "(?i:", "(?u:", "(?s:", "(?P<name>", "(?U:"];

const REPEATS: &[&str] = &[
    "?", "*", "+", "??", "*?", "+?", "{2}", "{1,3}", "{0,2}?", "{2,}", "{0}",
];

const TEXTS: &[&[u8]] = &[
    b"a",
    b"b",
    b"c",
    b"ab",
    b"abc",
    b"ABA",
    b"GET ",
    b"get ",
    b"\"POST ",
    b"ababababababababababab",
    b"GET GET GET GET GET GET GET GET GET ",
    "é".as_bytes(),
    "ü".as_bytes(),
    b"\xc3",
    b"\xff",
    b"\0",
    b" ",
    b".",
    b"1",
    b"12",
    b"_",
    b"\n",
    b"\n",
    b"\n",
    b"\n\n",
    b"\r\n",
    b"\r\n",
    b"\r\r\n",
    b"\r",
];
