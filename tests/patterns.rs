//! `-e` agrees with a regular expression that is tried on one line after the other.

mod model;
mod support;

use std::collections::BTreeMap;

use model::corner_cases;
use proptest::prelude::*;
use proptest::sample::select;
use regex::bytes::{Regex, RegexBuilder};
use support::answers::{answer, file};
use support::logs::nasty_log;
use widefinder::pattern::Pattern;
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

/// Counts keys, a list of parts each, by the first match of each line.
fn count(pattern: &str, log: &[u8]) -> BTreeMap<Vec<Vec<u8>>, u128> {
    let regex: Regex = RegexBuilder::new(pattern)
        .unicode(false)
        .build()
        .expect("valid");
    let mut counts = BTreeMap::new();
    for line in log.split_inclusive(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some(groups) = regex.captures(line) else {
            continue;
        };
        let key = |group: Option<regex::bytes::Match<'_>>| {
            group.map_or(Vec::new(), |group| group.as_bytes().to_vec())
        };
        let key: Vec<_> = match groups.len() {
            1 => vec![key(groups.get(0))],
            _ => groups.iter().skip(1).map(key).collect(),
        };
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

    /// Patterns from pieces, on logs of the same pieces, so that they match.
    #[test]
    fn random_patterns(
        pattern in proptest::collection::vec(select(PIECES), 1..5),
        log in proptest::collection::vec(select(TEXTS), 0..40),
        size in 1usize..50,
    ) {
        let (pattern, log) = (pattern.concat(), log.concat());
        if let Ok(compiled) = Pattern::new(&pattern) {
            let question = Question::Matches(vec![TableAsked::of(compiled)]);
            let report = answer(&question, &file(log.as_bytes()), 2, size);
            check(&report.tables[0], count(&pattern, log.as_bytes()), &pattern);
        }
    }
}

const PIECES: &[&str] = &[
    "a",
    "ab",
    "(b)",
    "(a|bc)",
    "c?",
    "(?:ab)+",
    ".",
    "[^a]",
    r"\s",
    "^",
    "$",
    r"\b",
    "(c*)",
    "(?i:A)",
    "(?u:é)",
    r"\r",
    r"(?:\n|a)",
    "b{2}",
    "(?:)",
    "(?s:.)",
];

const TEXTS: &[&str] = &["a", "b", "c", "ab", "é", " ", "\n", "\r\n", "\r", "bb", "A"];
