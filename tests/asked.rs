//! Random questions to random logs, answered as a naive model answers them.
//!
//! A question is typed as a person would type it, so that its notation is tested as well.

#[path = "asked/mod.rs"]
mod asking;
mod model;
mod support;

use asking::compare::{answer, lines, plan, table, typed};
use asking::logs::any_log;
use asking::questions::{any_question, selection};
use model::asked::Question;
use proptest::prelude::*;
use support::answers::file;
use widefinder::lines::Selection;
use widefinder::plan::Plan;
use widefinder::report::Report;
use widefinder::run;

/// Threads and chunk sizes that all must say the same.
const DIVISIONS: [(usize, usize); 6] = [
    (1, 1),
    (2, 7),
    (3, 64),
    (8, 1),
    (8, 4096),
    (2, Plan::CHUNK_SIZE),
];

/// With all lines told apart, or only what is selected.
fn words(question: &Question, balances: bool) -> Vec<String> {
    let mut words = question.words();
    if balances {
        words.push("--json".to_owned());
    }
    words
}

/// What must not depend on how the work is divided.
fn said(report: &Report) -> String {
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?}",
        report.inputs,
        report.bad_lines,
        report.first,
        report.last,
        report.tables,
        report
            .errors
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn answers_are_those_of_the_model(
        (log, question) in any_log().prop_flat_map(|log| {
            let timed = log.timed;
            (Just(log), any_question(timed))
        }),
        balances: bool,
    ) {
        let words = words(&question, balances);
        let shown = typed(&words);
        let expected = question.answer(&log.bytes);
        let report = match answer(&words, &file(&log.bytes)) {
            Ok(report) => report,
            Err(error) => return Err(TestCaseError::fail(format!("{shown}\n{error}"))),
        };
        prop_assert_eq!(report.tables.len(), expected.tables.len());
        for (found, expected) in report.tables.iter().zip(&expected.tables) {
            prop_assert_eq!(&table(found), expected, "{}", shown);
        }
        prop_assert_eq!(report.balance().selected, expected.selected, "{}", shown);
        if balances {
            prop_assert_eq!(lines(&report), expected.lines, "{}", shown);
            let moment = |moment: widefinder::time::Moment| (moment.second, moment.offset);
            prop_assert_eq!(report.first.map(moment), expected.first, "{}", shown);
            prop_assert_eq!(report.last.map(moment), expected.last, "{}", shown);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn answers_do_not_depend_on_threads_or_chunks(
        (log, question) in any_log().prop_flat_map(|log| {
            let timed = log.timed;
            (Just(log), any_question(timed))
        }),
        balances: bool,
        approximate: bool,
    ) {
        let mut words = words(&question, balances);
        words.extend(approximate.then(|| "--approx".to_owned()));
        let file = file(&log.bytes);
        let plan = plan(&words, &file).expect("the question is one");
        let serial = said(&run(&Plan { threads: 1, ..plan.clone() }));
        for (threads, chunk_size) in DIVISIONS {
            let divided = said(&run(&Plan { threads, chunk_size, ..plan.clone() }));
            prop_assert_eq!(&divided, &serial, "{} -j {} of {}", typed(&words), threads, chunk_size);
        }
    }

    #[test]
    fn lines_are_those_that_the_model_selects(
        (log, question) in any_log().prop_flat_map(|log| {
            let timed = log.timed;
            (Just(log), selection(timed))
        }),
        limit in proptest::option::of(1..6usize),
    ) {
        let mut words = question.words_of_selection();
        words.push("--lines".to_owned());
        let file = file(&log.bytes);
        let plan = plan(&words, &file).expect("the question is one");
        let mut expected = question.selected_lines(&log.bytes);
        let all = expected.len() as u64;
        expected.truncate(limit.unwrap_or(usize::MAX));
        for (threads, chunk_size) in DIVISIONS {
            let mut out = Vec::new();
            let divided = Plan { threads, chunk_size, ..plan.clone() };
            let mut selection = Selection::open(&divided);
            selection.write(limit, &mut out).expect("memory takes all");
            let report = selection.report();
            prop_assert!(report.errors.is_empty());
            prop_assert_eq!(
                out.escape_ascii().to_string(),
                expected.concat().escape_ascii().to_string(),
                "{} -j {} of {}", typed(&words), threads, chunk_size
            );
            if limit.is_none() {
                prop_assert_eq!(report.balance().selected, all);
            }
        }
    }
}
