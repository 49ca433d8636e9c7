//! An answer as it was worked out, an answer as it was printed, and what is different.
//!
//! Values are compared as they are written: a number with a digit too many is wrong.

use super::printed::{self, Across, Document};
use super::support::base64::base64;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// What `answers.json` says of a question.
#[derive(Deserialize, Debug)]
pub(crate) struct Answer {
    pub(crate) log: String,
    pub(crate) name: String,
    pub(crate) exit: i32,
    /// What the log's lines are; not with every question.
    #[serde(default)]
    run: BTreeMap<String, u64>,
    #[serde(default)]
    tables: Vec<Table>,
    #[serde(default)]
    lines: Vec<String>,
    /// Instead, where not all are UTF-8.
    lines_base64: Option<Vec<String>>,
}

#[derive(Deserialize, Debug)]
struct Table {
    by: Vec<String>,
    metrics: Vec<String>,
    distinct: u64,
    rows: Vec<Row>,
    across: Option<Across>,
}

#[derive(Deserialize, Debug)]
struct Row {
    key: Vec<String>,
    /// Where not all parts are UTF-8.
    key_base64: Option<Vec<String>>,
    /// In the order of the table's metrics.
    metrics: Vec<Box<RawValue>>,
    cells: Option<Vec<Box<RawValue>>>,
}

impl Answer {
    /// What is different in printed lines.
    pub(crate) fn differences_of_lines(&self, printed: &[u8]) -> Vec<String> {
        let lines = printed
            .split_inclusive(|&byte| byte == b'\n')
            .map(|line| line.strip_suffix(b"\n").unwrap_or(line));
        let mut found = Vec::new();
        if !(printed.is_empty() || printed.ends_with(b"\n")) {
            found.push("the last line does not end".to_owned());
        }
        match &self.lines_base64 {
            Some(expected) => {
                let printed: Vec<_> = lines.map(base64).collect();
                compare_lists("line", expected, &printed, &mut found);
            }
            None => {
                let lines = lines.map(|line| String::from_utf8_lossy(line).into_owned());
                compare_lists("line", &self.lines, &lines.collect::<Vec<_>>(), &mut found);
            }
        }
        found
    }

    /// What is different in a printed document.
    pub(crate) fn differences_of_tables(&self, printed: &[u8]) -> Vec<String> {
        let printed = match Document::read(printed) {
            Ok(printed) => printed,
            Err(error) => return vec![error],
        };
        let mut found = Vec::new();
        for (name, expected) in &self.run {
            let printed = printed.run.get(name).map_or("nothing", |value| value.get());
            compare(
                &format!("run.{name}"),
                &*expected.to_string(),
                printed,
                &mut found,
            );
        }
        let (expected, printed) = (&self.tables, &printed.tables);
        compare(
            "number of tables",
            &expected.len(),
            &printed.len(),
            &mut found,
        );
        for (number, (expected, printed)) in expected.iter().zip(printed).enumerate() {
            let differences = expected.differences(printed);
            let named = differences
                .iter()
                .map(|text| format!("table {}: {text}", number + 1));
            found.extend(named);
        }
        found
    }
}

impl Table {
    fn differences(&self, printed: &printed::Table) -> Vec<String> {
        let mut found = Vec::new();
        compare("by", &self.by, &printed.by, &mut found);
        let metrics: Vec<_> = printed
            .metrics
            .iter()
            .map(|metric| metric.name.clone())
            .collect();
        compare("metrics", &self.metrics, &metrics, &mut found);
        compare("distinct", &self.distinct, &printed.distinct, &mut found);
        compare("across", &self.across, &printed.across, &mut found);
        let expected: Vec<_> = self
            .rows
            .iter()
            .map(|row| row.written(&self.metrics))
            .collect();
        let printed: Vec<_> = printed.rows.iter().map(printed::Row::written).collect();
        compare_lists("row", &expected, &printed, &mut found);
        found
    }
}

impl Row {
    fn written(&self, metrics: &[String]) -> String {
        let values = metrics.iter().zip(&self.metrics);
        let values = values.map(|(name, value)| (name.as_str(), value.get()));
        written(
            self.key_base64.clone().as_ref(),
            &self.key,
            values.collect(),
            self.cells.as_deref(),
        )
    }
}

impl printed::Row {
    fn written(&self) -> String {
        // A part that is text need not be given twice.
        let encoded = self.key_base64.as_ref().map(|parts| {
            let parts = parts.iter().zip(&self.key);
            let whole = |(coded, text): (&Option<String>, &String)| {
                coded.clone().unwrap_or_else(|| base64(text.as_bytes()))
            };
            parts.map(whole).collect()
        });
        let values = self
            .metrics
            .iter()
            .map(|(name, value)| (name.as_str(), value.get()));
        written(
            encoded.as_ref(),
            &self.key,
            values.collect(),
            self.cells.as_deref(),
        )
    }
}

/// A row as text, to compare it and to show it.
fn written(
    encoded: Option<&Vec<String>>,
    key: &[String],
    values: BTreeMap<&str, &str>,
    cells: Option<&[Box<RawValue>]>,
) -> String {
    let mut text = format!("{key:?}");
    if let Some(encoded) = encoded {
        text += &format!(" in base64 {encoded:?}");
    }
    for (name, value) in values {
        text += &format!(" {name}={value}");
    }
    if let Some(cells) = cells {
        let cells: Vec<_> = cells.iter().map(|cell| cell.get()).collect();
        text += &format!(" across [{}]", cells.join(", "));
    }
    text
}

fn compare<T: PartialEq + Debug + ?Sized>(
    what: &str,
    expected: &T,
    printed: &T,
    found: &mut Vec<String>,
) {
    if expected != printed {
        found.push(format!("{what}: expected {expected:?}, found {printed:?}"));
    }
}

/// Names the first difference of two lists: an item too many shifts all that follow.
fn compare_lists(what: &str, expected: &[String], printed: &[String], found: &mut Vec<String>) {
    compare(
        &format!("number of {what}s"),
        &expected.len(),
        &printed.len(),
        found,
    );
    let item = |list: &[String], at| list.get(at).map_or("nothing".to_owned(), String::clone);
    let most = expected.len().max(printed.len());
    let first = (0..most).find(|&at| expected.get(at) != printed.get(at));
    if let Some(at) = first {
        let (expected, printed) = (item(expected, at), item(printed, at));
        found.push(format!(
            "{what} {}:\n    expected {expected}\n    found    {printed}",
            at + 1
        ));
    }
}

/// A comparison that overlooks something would pass whatever is printed.
mod overlooks_nothing {
    use super::*;
    use serde_json::{Value, from_str, json};

    const ANSWER: &str = r#"{"log": "l", "name": "n", "exit": 0, "run": {"lines": 7}, "tables": [
        {"by": ["path", "day"], "metrics": ["hits", "avg:latency"], "distinct": 3, "rows": [
            {"key": ["/a", "-"], "metrics": [340282366920938463463374607431768211455, 0.0001]},
            {"key": ["\ufffd", "-"], "key_base64": ["/w==", "LQ=="], "metrics": [1, null]}
        ]},
        {"by": ["hour"], "metrics": ["hits"], "distinct": 1, "rows": [
            {"key": ["07"], "metrics": [2], "cells": [0, 2]}
        ], "across": {"name": "class", "columns": ["2xx", "4xx"]}}
    ]}"#;

    const PRINTED: &str = r#"{"version": 1, "run": {"lines": 7}, "tables": [
        {"by": ["path", "day"], "metrics": [{"name": "hits"}, {"name": "avg:latency"}],
         "across": null, "distinct": 3, "rows": [
            {"key": ["/a", "-"],
             "metrics": {"hits": 340282366920938463463374607431768211455, "avg:latency": 0.0001}},
            {"key": ["\ufffd", "-"], "key_base64": ["/w==", null],
             "metrics": {"hits": 1, "avg:latency": null}}
        ]},
        {"by": ["hour"], "metrics": [{"name": "hits"}], "distinct": 1, "rows": [
            {"key": ["07"], "metrics": {"hits": 2}, "cells": [0, 2]}
        ], "across": {"name": "class", "columns": ["2xx", "4xx"]}}
    ]}"#;

    fn differences(printed: &str) -> Vec<String> {
        let answer: Answer = from_str(ANSWER).expect("this is an answer");
        answer.differences_of_tables(printed.as_bytes())
    }

    #[test]
    fn equal_ones_are_equal() {
        assert_eq!(differences(PRINTED), Vec::<String>::new());
    }

    #[test]
    fn every_change_is_seen() {
        let changes = [
            ("\"lines\": 7", "\"lines\": 8"),
            ("\"path\"", "\"uri\""),
            ("{\"name\": \"hits\"}, ", ""),
            ("\"distinct\": 3", "\"distinct\": 2"),
            ("211455", "211454"),
            ("0.0001}", "0.00010}"),
            ("\"avg:latency\": null", "\"avg:latency\": 0"),
            ("\"avg:latency\": null", "\"hits2\": null"),
            ("/w==", "/g=="),
            ("[\"/a\", \"-\"]", "[\"/a\", \"\"]"),
            ("[0, 2]", "[2, 0]"),
            ("\"cells\": [0, 2]", "\"rest\": 0"),
            ("[\"2xx\", \"4xx\"]", "[\"2xx\", \"5xx\"]"),
            ("\"class\"", "\"status\""),
        ];
        for (from, to) in changes {
            let changed = PRINTED.replacen(from, to, 1);
            assert_ne!(changed, PRINTED, "{from}");
            assert!(!differences(&changed).is_empty(), "{from} -> {to}");
        }
    }

    #[test]
    fn rows_and_tables_too_many_or_too_few_are_seen() {
        let printed: Value =
            from_str(&PRINTED.replace("340282366920938463463374607431768211455", "5"))
                .expect("this is JSON");
        for path in [
            "/tables",
            "/tables/0/rows",
            "/tables/1/rows",
            "/tables/1/rows/0/cells",
        ] {
            let mut changed = printed.clone();
            let list = changed.pointer_mut(path).and_then(Value::as_array_mut);
            list.expect("there is a list").pop();
            let before = differences(&printed.to_string()).len();
            assert!(differences(&changed.to_string()).len() > before, "{path}");
        }
        assert_eq!(differences(&json!({}).to_string()).len(), 1);
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn lines_are_compared_byte_by_byte() {
        let answer = |lines: &str| -> Answer {
            let text = format!(r#"{{"log": "l", "name": "n", "exit": 0, {lines}}}"#);
            from_str(&text).expect("this is an answer")
        };
        let text = answer(r#""lines": ["a", "b"]"#);
        assert_eq!(text.differences_of_lines(b"a\nb\n"), Vec::<String>::new());
        let bytes = answer(r#""lines": ["\ufffd"], "lines_base64": ["/w=="]"#);
        assert_eq!(bytes.differences_of_lines(b"\xff\n"), Vec::<String>::new());
        for wrong in ["", "a\n", "a\nb", "a\nc\n", "a\nb\nc\n", "a\r\nb\n"] {
            let wrong = wrong.as_bytes();
            assert!(!text.differences_of_lines(wrong).is_empty(), "{wrong:?}");
        }
        for wrong in [&b"\xfe\n"[..], b"\xef\xbf\xbd\n"] {
            assert!(!bytes.differences_of_lines(wrong).is_empty(), "{wrong:?}");
        }
    }
}
