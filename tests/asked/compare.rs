//! The program's answers as the model says them.

use clap::Parser;
use tempfile::NamedTempFile;
use widefinder::args::Args;
use widefinder::error::Error;
use widefinder::plan::Plan;
use widefinder::question::Question;
use widefinder::report::{Report, TableReport};
use widefinder::run;
use widefinder::scan::Format;
use widefinder::value;

use crate::model::asked::{Lines, TableAnswer, TableRow, Value};

/// The plan for what is typed. The lines of logs without a format that is named
/// are those of the combined format for the model, whatever they look like.
pub(crate) fn plan(words: &[String], file: &NamedTempFile) -> Result<Plan, Error> {
    let program = "widefinder".to_owned();
    let path = file.path().display().to_string();
    let words = [&program].into_iter().chain(words).chain([&path]);
    let args = Args::try_parse_from(words).map_err(|error| Error::Usage(error.to_string()))?;
    let mut plan = Plan::from_args(&args)?;
    if let Question::Ask(ask) = &mut plan.question {
        ask.format.get_or_insert(Format::Combined);
    }
    // It may lack a field that is asked for.
    plan.question.passes(Plan::TOP)?;
    Ok(plan)
}

/// The answer to what is typed.
pub(crate) fn answer(words: &[String], file: &NamedTempFile) -> Result<Report, String> {
    let report = run(&plan(words, file).map_err(|error| error.to_string())?);
    match report.errors.first() {
        Some(error) => Err(error.to_string()),
        None => Ok(report),
    }
}

/// What is typed, for a message.
pub(crate) fn typed(words: &[String]) -> String {
    let words = words
        .iter()
        .map(|word| format!("'{}'", word.replace('\'', r"'\''")));
    format!("widefinder {}", words.collect::<Vec<_>>().join(" "))
}

/// The lines of a report that tells them apart.
pub(crate) fn lines(report: &Report) -> Lines {
    let balance = report.balance();
    Lines {
        lines: balance.lines,
        entries: balance.entries,
        bad: balance.bad,
        blank: balance.blank,
        comment: balance.comment,
    }
}

/// A table as the model has it.
pub(crate) fn table(table: &TableReport) -> TableAnswer {
    let sums = |values: &[value::Value]| {
        let sum = |value: &value::Value| match value {
            value::Value::Whole(number) => Some(*number),
            _ => None,
        };
        values.iter().map(sum).collect()
    };
    TableAnswer {
        rows: table
            .rows
            .iter()
            .map(|row| TableRow {
                key: row.key.clone(),
                values: row.values.iter().map(value).collect(),
                cells: row.cells.iter().map(value).collect(),
            })
            .collect(),
        distinct: table.distinct,
        filled: table.filled,
        gaps_left: table.gaps_left,
        columns: table.across.as_ref().map(|across| across.columns.clone()),
        total: sums(&table.total),
        whole: table.whole.clone(),
    }
}

fn value(value: &value::Value) -> Value {
    match *value {
        value::Value::Absent => Value::Absent,
        value::Value::Whole(number) => Value::Whole(number),
        value::Value::Ratio { part, whole } => Value::Ratio(part, whole),
        value::Value::Time(moment) => Value::Time(moment.second, moment.offset),
    }
}
