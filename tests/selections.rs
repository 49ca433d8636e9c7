//! A selection is a log of its own: what is said of the selected lines is what is said of a log
//! that has no others.

#[path = "asked/mod.rs"]
mod asking;
mod model;
mod support;

use asking::compare::{answer, plan};
use asking::filters::condition;
use asking::logs::{Log, any_log};
use model::asked::{Condition, TIMED};
use proptest::prelude::*;
use proptest::sample::select;
use support::answers::file;
use widefinder::lines::Selection;
use widefinder::plan::Plan;
use widefinder::run;

/// What is typed for a log.
fn words(log: &Log, more: &[&str]) -> Vec<String> {
    let format = if log.timed {
        &["--log-format", TIMED][..]
    } else {
        // Small logs may look like others.
        &["--log-format", "combined"]
    };
    let words = format.iter().chain(more);
    words.map(|word| (*word).to_owned()).collect()
}

/// The lines that are selected.
fn lines(log: &Log, more: &[&str]) -> Log {
    let words = words(log, &[&["--lines"], more].concat());
    let file = file(&log.bytes);
    let plan = plan(&words, &file).expect("it is a question");
    let mut bytes = Vec::new();
    let mut selection = Selection::open(&plan);
    selection.write(None, &mut bytes).expect("memory takes all");
    Log { bytes, ..*log }
}

/// The tables, and for the overview its totals.
fn said(log: &Log, more: &[&str]) -> Result<String, TestCaseError> {
    let mut report = answer(&words(log, more), &file(&log.bytes)).map_err(TestCaseError::fail)?;
    for table in &mut report.tables {
        // It names the condition.
        table.title.clear();
    }
    Ok(format!("{:?} {:?}", report.tables, report.totals))
}

fn log_and_condition() -> impl Strategy<Value = (Log, Condition)> {
    any_log().prop_flat_map(|log| {
        let timed = log.timed;
        (Just(log), condition(timed))
    })
}

const PATTERNS: &[&str] = &["GET /tea", "bot", "^10", r"\d$", "\"$", "tea|milk", ""];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_selected_is_a_log_of_its_own(
        (log, condition) in log_and_condition(),
        question in select(vec![
            &["-n", "0"][..],
            &["-b", "path,status", "-m", "hits,bytes,first,p50:bytes", "-n", "0"],
            &["-b", "method", "--across", "hour"],
            &["-e", "GET /(.)", "-m", "bytes"],
        ]),
    ) {
        let condition = condition.to_string();
        let selected = lines(&log, &["-w", &condition]);
        let asked = [question, &["-w", &condition]].concat();
        let alone = [question, &["-w", "line!=-"]].concat();
        prop_assert_eq!(said(&log, &asked)?, said(&selected, &alone)?, "{}", condition);
    }

    #[test]
    fn conditions_and_patterns_select_one_after_the_other(
        (log, condition) in log_and_condition(),
        pattern in select(PATTERNS),
        other in select(PATTERNS),
    ) {
        let condition = condition.to_string();
        let both = lines(&log, &["-w", &condition, "-e", pattern, "-e", other]);
        let first = lines(&log, &["-w", &condition]);
        let then = lines(&first, &["-e", pattern, "-e", other]);
        prop_assert_eq!(both.bytes.escape_ascii().to_string(), then.bytes.escape_ascii().to_string());
    }

    #[test]
    fn files_are_one_log(log in any_log(), cut in any::<prop::sample::Index>(), threads in 1..4usize) {
        let ends = log.bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let ends: Vec<_> = ends.map(|(end, _)| end + 1).chain([0]).collect();
        let (first, last) = log.bytes.split_at(*cut.get(&ends));
        // A mark at the start of the second file is none of the first.
        prop_assume!(!last.starts_with(b"\xef\xbb\xbf"));
        let files = [file(first), file(last)];
        for question in [
            &["-b", "path,day", "-m", "visitors,bytes,last,distinct:client,avg:bytes"][..],
            &["-b", "time:1h", "--json"],
            &["-e", "GET (.*)"],
        ] {
            let all = file(&log.bytes);
            let whole = plan(&words(&log, question), &all).expect("it is a question");
            let inputs = files.iter().map(|file| file.path().into()).collect();
            let parts = Plan { inputs, threads, ..whole.clone() };
            let (whole, parts) = (run(&whole), run(&parts));
            prop_assert!(parts.errors.is_empty(), "{:?}", parts.errors);
            prop_assert_eq!(&parts.tables, &whole.tables);
            prop_assert_eq!(parts.balance(), whole.balance());
            prop_assert_eq!((parts.first, parts.last), (whole.first, whole.last));
        }
    }
}
