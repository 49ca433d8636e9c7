//! Questions whose answers must agree with each other, whatever they are.

#[path = "asked/mod.rs"]
mod asking;
mod model;
mod support;

use asking::compare::{answer, plan, table, typed};
use asking::filters::condition;
use asking::logs::{Log, any_log};
use asking::questions::{any_question, keys};
use model::asked::{
    By, Condition, Key, Metric, Number, Operator, Question, Table, TableAnswer, TableRow, Test,
    Value, Wanted, Zone, combined_lines,
};
use proptest::prelude::*;
use proptest::sample::select;
use support::answers::file;
use widefinder::plan::Plan;
use widefinder::question::Question as Typed;
use widefinder::run;

/// A table of all rows.
fn by(keys: &[Key], metrics: &[Metric]) -> Table {
    Table {
        keys: keys.to_vec(),
        rewrites: Vec::new(),
        metrics: metrics.to_vec(),
        sort: None,
        having: None,
        per: None,
        across: None,
        top: Some(0),
    }
}

/// What the program says of the entries that satisfy a condition.
fn asked(log: &Log, filters: &[Condition], table: Table) -> TableAnswer {
    let question = Question {
        filters: filters.to_vec(),
        since: None,
        until: None,
        zone: Zone::AsWritten,
        timed: log.timed,
        tables: vec![table],
    };
    answer_to(log, &question.words()).remove(0)
}

fn answer_to(log: &Log, words: &[String]) -> Vec<TableAnswer> {
    match answer(words, &file(&log.bytes)) {
        Ok(report) => report.tables.iter().map(table).collect(),
        Err(error) => panic!("{}\n{error}", typed(words)),
    }
}

/// A log and a condition on its entries.
fn log_and_condition() -> impl Strategy<Value = (Log, Condition)> {
    any_log().prop_flat_map(|log| {
        let timed = log.timed;
        (Just(log), condition(timed))
    })
}

fn log_and_key() -> impl Strategy<Value = (Log, Key)> {
    any_log().prop_flat_map(|log| {
        let timed = log.timed;
        (Just(log), select(keys(timed)))
    })
}

fn equals(key: Key, value: Wanted) -> Condition {
    Condition::Test(Test {
        key,
        operator: Operator::Equal,
        values: vec![value],
        quotes: true,
    })
}

/// The sum of the whole numbers in a column.
fn sum(table: &TableAnswer, metric: usize) -> u128 {
    let values = table.rows.iter().map(|row| match row.values[metric] {
        Value::Whole(number) => number,
        value => panic!("{value:?} is no count"),
    });
    values.sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A search for a text that all selected lines hold leaves none of them out.
    #[test]
    fn lines_that_need_not_be_cut_are_not_selected(
        (log, question) in any_log().prop_flat_map(|log| {
            let timed = log.timed;
            (Just(log), any_question(timed))
        }),
        pattern in proptest::option::of(select(vec!["GET /(t.)", "/tea", r#""(\w*) ([^"]*)"#])),
        chunk_size in select(vec![1, 64, Plan::CHUNK_SIZE]),
    ) {
        let mut words = question.words();
        if let (Some(pattern), []) = (pattern, &question.tables[0].rewrites[..]) {
            let table = by(&[], &question.tables[0].metrics);
            words = question.words_of_selection();
            words.extend(table.words());
            words.extend(["-e".to_owned(), pattern.to_owned()]);
        }
        let file = file(&log.bytes);
        let mut plan = Plan { chunk_size, ..plan(&words, &file).expect("it is a question") };
        let mut tables = Vec::new();
        for balances in [false, true] {
            match &mut plan.question {
                Typed::Ask(ask) => ask.balances = balances,
                Typed::Matches(_) => {}
                other => panic!("{other:?} is no question of tables"),
            }
            tables.push(run(&plan).tables);
        }
        prop_assert_eq!(&tables[0], &tables[1], "{}", typed(&words));
    }

    #[test]
    fn a_condition_and_its_opposite_share_the_entries_out((log, condition) in log_and_condition()) {
        let metrics = [Metric::Hits, Metric::Bytes, Metric::Errors, Metric::ClientErrors];
        let opposite = Condition::Not(Box::new(condition.clone()));
        let all = asked(&log, &[], by(&[], &metrics));
        let parts = [condition, opposite].map(|part| asked(&log, &[part], by(&[], &metrics)));
        for metric in 0..metrics.len() {
            let shared: u128 = parts.iter().map(|part| sum(part, metric)).sum();
            prop_assert_eq!(shared, sum(&all, metric));
        }
    }

    #[test]
    fn all_rows_together_are_the_total(
        (log, condition) in log_and_condition(),
        key in select(keys(false)),
    ) {
        let metrics = [Metric::Hits, Metric::Bytes, Metric::Errors, Metric::ClientErrors];
        let filters = [condition];
        let total = asked(&log, &filters, by(&[], &metrics));
        let rows = asked(&log, &filters, by(&[key], &metrics));
        for metric in 0..metrics.len() {
            prop_assert_eq!(sum(&rows, metric), sum(&total, metric));
            prop_assert_eq!(rows.whole[metric], Some(sum(&rows, metric)));
        }
    }

    #[test]
    fn distinct_values_are_the_rows_of_their_key((log, key) in log_and_key()) {
        let rows = asked(&log, &[], by(&[key], &[Metric::Hits]));
        let distinct = asked(&log, &[], by(&[], &[Metric::Distinct(key)]));
        let absent = |row: &&TableRow| matches!(&row.key[0][..], b"" | b"-");
        let absent = rows.rows.iter().filter(absent);
        let absent = absent.filter(|row| row.values[0] != Value::Whole(0)).count() as u64;
        prop_assert_eq!(sum(&distinct, 0), u128::from(rows.distinct - absent));
    }

    #[test]
    fn groups_are_the_answers_to_separate_questions(
        (log, key) in any_log().prop_flat_map(|log| {
            let timed = log.timed;
            let inner = keys(timed).into_iter().filter(|key| *key != Key::Method);
            (Just(log), select(inner.collect::<Vec<_>>()))
        }),
        metric in select(vec![Metric::Hits, Metric::Bytes, Metric::Visitors, Metric::Last]),
        top in 1..4usize,
    ) {
        const VALUES: [&str; 4] = ["GET", "POST", "M-SEARCH", "HEAD"];
        let table = Table {
            top: Some(top),
            sort: Some((By::Metric(metric), None)),
            ..by(&[Key::Method, key], &[metric])
        };
        let groups = Table { per: Some(Key::Method), ..table.clone() };
        let groups = asked(&log, &[], groups);
        for value in VALUES {
            let alone = asked(&log, &[equals(Key::Method, Wanted::Text(value))], table.clone());
            let group = groups.rows.iter().filter(|row| row.key[0] == value.as_bytes());
            prop_assert_eq!(group.cloned().collect::<Vec<_>>(), alone.rows);
        }
    }

    #[test]
    fn cells_are_the_rows_of_both_keys(
        (log, key) in log_and_key(),
        across in select(keys(false)),
        metric in select(vec![
            Metric::Hits,
            Metric::Visitors,
            Metric::ErrorRate,
            Metric::First,
            Metric::Max(Number::Bytes),
            Metric::Percentile(50_000, Number::Bytes),
        ]),
    ) {
        prop_assume!(key != across);
        let crossed = Table { across: Some(across), ..by(&[key], &[metric]) };
        let crossed = asked(&log, &[], crossed);
        let rows = asked(&log, &[], by(&[key, across], &[metric]));
        let columns = crossed.columns.expect("it is a cross table");
        let mut cells = Vec::new();
        for row in &crossed.rows {
            for (column, value) in columns.iter().zip(&row.cells) {
                cells.push((vec![row.key[0].clone(), column.clone()], *value));
            }
        }
        for row in &rows.rows {
            let cell = cells.iter().position(|(key, _)| *key == row.key);
            let (_, value) = cells.swap_remove(cell.expect("each row is a cell"));
            prop_assert_eq!(value, row.values[0]);
        }
        // What is left has no entries.
        for (key, value) in cells {
            prop_assert!(matches!(value, Value::Absent | Value::Whole(0)), "{:?}", key);
        }
    }

    #[test]
    fn percentiles_rise((log, condition) in log_and_condition(), of_latency: bool) {
        let number = match log.timed && of_latency {
            true => Number::Latency,
            false => Number::Bytes,
        };
        let percents = [1, 999, 1000, 33_333, 50_000, 90_000, 99_000, 99_900, 99_999];
        let percentiles = percents.map(|percent| Metric::Percentile(percent, number));
        let metrics = [&[Metric::Min(number)][..], &percentiles, &[Metric::Max(number)]].concat();
        for row in asked(&log, &[condition], by(&[Key::Class], &metrics)).rows {
            for (less, more) in row.values.iter().zip(&row.values[1..]) {
                prop_assert!(less.compare(*more).is_le(), "{:?}", row.values);
            }
        }
    }

    /// Where all lines are entries, a pattern finds the same in lines as in entries.
    #[test]
    fn a_pattern_finds_the_same_in_lines_and_in_entries(
        log in any_log(),
        pattern in select(vec![
            "GET (/[a-z]*)", r"(\d+)\.(\d+)", "bot", r#""(\w*) ([^"]*)""#, "(x)?tea(y)?", ".*", "^",
            "$",
        ]),
        chunk_size in select(vec![1, 64, Plan::CHUNK_SIZE]),
    ) {
        let file = file(&combined_lines(&log.bytes, |_| true));
        let words = |more: &[&str]| -> Vec<String> {
            let words = ["-e", pattern, "-n", "0"].into_iter().chain(more.iter().copied());
            words.map(str::to_owned).collect()
        };
        let tables = |more: &[&str]| {
            let plan = plan(&words(more), &file).expect("it is a question");
            let tables = run(&Plan { chunk_size, ..plan }).tables;
            tables.iter().map(table).collect::<Vec<_>>()
        };
        prop_assert_eq!(tables(&[]), tables(&["-w", "status!=111"]));
    }
}
