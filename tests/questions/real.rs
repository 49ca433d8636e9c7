//! Real logs, held to the digests of answers that were worked out without the program.
//!
//! The logs lie beside the repository, or not at all; nothing of them is in it.

use super::canonical::Canonical;
use super::support::samples::{shared, unpack};
use super::{Division, Question, fail_with, questions, read};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const DIVISION: Division = (2, None);

/// Facts of a wrong answer to show: what the log is, and the first rows.
const SHOWN: usize = 16;

/// `real_questions.json`.
#[derive(Deserialize)]
struct RealQuestions {
    logs: BTreeMap<String, RealLog>,
    /// Names of `questions.json`, by the form that a log must have and by its log.
    shared: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    questions: Vec<OwnQuestion>,
}

#[derive(Deserialize)]
struct RealLog {
    form: String,
    day: String,
    /// The format that the answers take all lines for, where the log has several.
    log_format: Option<String>,
}

#[derive(Deserialize)]
struct OwnQuestion {
    name: String,
    form: Option<String>,
    args: Vec<String>,
}

/// `real.json`: of each log.
#[derive(Deserialize)]
struct Digests {
    log: String,
    answers: BTreeMap<String, String>,
}

impl RealQuestions {
    /// What a log is asked.
    fn of(&self, log: &RealLog) -> Vec<Question> {
        let fits = |form: &str| form == "any" || form == log.form;
        let shared = self.shared.iter().filter(|(form, _)| fits(form));
        let names: Vec<_> = shared.flat_map(|(_, by_log)| by_log).collect();
        let mut asked = questions();
        asked.retain(|question| {
            let named = |(log, names): &(&String, &Vec<String>)| {
                **log == question.log && names.contains(&question.name)
            };
            names.iter().any(named)
        });
        let own = self.questions.iter();
        let own = own.filter(|question| fits(question.form.as_deref().unwrap_or("any")));
        asked.extend(own.map(|question| question.of_day(&log.day)));
        if let Some(format) = &log.log_format {
            let of_entries = asked.iter_mut().filter(|question| !question.is_of_lines());
            of_entries.for_each(|question| {
                question
                    .args
                    .extend(["--log-format".to_owned(), format.clone()]);
            });
        }
        asked
    }
}

impl OwnQuestion {
    fn of_day(&self, day: &str) -> Question {
        let args = self.args.iter().map(|word| word.replace("{day}", day));
        Question {
            log: "real".to_owned(),
            name: self.name.clone(),
            args: args.collect(),
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The text of what the program says.
fn asked(question: &Question, log: &Path) -> Result<String, String> {
    let finished = question.run(log, DIVISION)?;
    let exit = finished.status.code();
    let exit = exit.map_or(finished.status.to_string(), |code| code.to_string());
    if question.asks_for_lines() {
        return Ok(Canonical::of_lines(&exit, &finished.stdout).text);
    }
    let by_pattern = question.args.iter().any(|word| word == "-e");
    let canonical = Canonical::of_tables(&exit, &finished.stdout, !by_pattern);
    let canonical = canonical.map_err(|error| {
        let said = finished.stderr.escape_ascii();
        format!("{error}\n  exit {exit}, stderr: {said}")
    })?;
    Ok(canonical.text)
}

/// What is wrong with the answers to one log.
fn failures(name: &str, log: &Path, questions: &[Question], digests: &Digests) -> Vec<String> {
    let mut failures = Vec::new();
    for question in questions {
        let whole_name = format!("{}/{}", question.log, question.name);
        let said = match asked(question, log) {
            Ok(text) if digests.answers.get(&whole_name) == Some(&digest(text.as_bytes())) => {
                continue;
            }
            Ok(text) => {
                let first: Vec<_> = text.lines().take(SHOWN).collect();
                let number = text.lines().count();
                format!(
                    "found {number} facts, the first:\n    {}",
                    first.join("\n    ")
                )
            }
            Err(error) => error,
        };
        failures.push(format!(
            "{name}, {}\n  what is expected: real.py FOLDER --show '{name}' \"{whole_name}\"\n  {said}",
            question.title(log, DIVISION)
        ));
    }
    failures
}

#[test]
fn real_logs_have_the_answers_of_the_oracle() {
    let all: RealQuestions = read("real_questions.json");
    let digests: BTreeMap<String, Digests> = read("real.json");
    assert!(
        all.logs.keys().eq(digests.keys()),
        "real.json is old: run real.py"
    );
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let plain = folder.path().join("access.log");
    let mut wrong = Vec::new();
    for (name, log) in &all.logs {
        let (questions, digests) = (all.of(log), &digests[name]);
        let names = questions.iter().map(|q| format!("{}/{}", q.log, q.name));
        let mut names: Vec<_> = names.collect();
        names.sort();
        assert!(
            names.iter().eq(digests.answers.keys()),
            "real.json is old: run real.py"
        );

        let Some(path) = shared(&format!("data/{name}")) else {
            continue;
        };
        let content = unpack(&path);
        if digest(&content) != digests.log {
            wrong.push(format!("{name} is not the log that the answers are about"));
            continue;
        }
        fs::write(&plain, content).expect("a temporary file can be written");
        wrong.extend(failures(name, &plain, &questions, digests));
    }
    fail_with(&wrong);
}
