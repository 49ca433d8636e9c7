//! What people ask, answered as worked out without the program (`tests/questions/README.md`).
//!
//! Each question runs as a process, as a user would type it. The serial run is held to the
//! answer; every other division of the work is held to the bytes of the serial run.

mod support;

use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use support::base64::base64;
use support::process::{Finished, TIMEOUT, run, widefinder};
use support::samples::plain_samples;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/questions");

/// Threads and chunk size; the default where there is none. Logs are as long as they are short
/// lines: a chunk of a byte is a line, and one of 100 often a part of one.
const DIVISIONS: [(usize, Option<usize>); 6] = [
    (1, Some(1)),
    (2, Some(1)),
    (2, Some(4096)),
    (8, Some(100)),
    (8, Some(4096)),
    (8, None),
];

/// Divisions for real logs, which are longer.
const ODD_DIVISIONS: [(usize, Option<usize>); 3] =
    [(2, None), (8, Some(10_007)), (2, Some(262_139))];

/// A question and its answer.
#[derive(Debug)]
struct Question {
    log: String,
    name: String,
    arguments: Vec<String>,
    answer: Value,
}

fn read(name: &str) -> Value {
    let path = Path::new(FOLDER).join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn text(value: &Value) -> String {
    value.as_str().expect("this is a text").to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// All questions, in their order; answers that belong to other questions fail.
fn questions() -> Vec<Question> {
    let (asked, answers) = (read("questions.json"), read("answers.json"));
    let (asked, logs) = (list(&asked["questions"]), &asked["logs"]);
    assert_eq!(asked.len(), list(&answers).len(), "run answers.py again");
    let pairs = asked.iter().zip(list(&answers));
    let question = |(question, answer): (&Value, &Value)| {
        let log = text(&question["log"]);
        for part in ["log", "name"] {
            assert_eq!(question[part], answer[part], "run answers.py again");
        }
        let arguments = list(&logs[&log]["args"])
            .iter()
            .chain(list(&question["args"]));
        Question {
            arguments: arguments.map(text).collect(),
            name: text(&question["name"]),
            answer: answer.clone(),
            log,
        }
    };
    pairs.map(question).collect()
}

impl Question {
    fn asks_for_lines(&self) -> bool {
        self.arguments.iter().any(|argument| argument == "--lines")
    }

    /// What is to be typed, but for the program's name.
    fn words(&self, log: &Path, division: (usize, Option<usize>)) -> Vec<String> {
        let mut words = self.arguments.clone();
        if !self.asks_for_lines() {
            words.extend(["-f".to_owned(), "json".to_owned()]);
        }
        words.extend(["-j".to_owned(), division.0.to_string()]);
        if let Some(size) = division.1 {
            words.extend(["--chunk-size".to_owned(), size.to_string()]);
        }
        words.push(log.display().to_string());
        words
    }

    fn run(&self, log: &Path, division: (usize, Option<usize>)) -> Result<Finished, String> {
        run(widefinder().args(self.words(log, division)), None, TIMEOUT)
    }

    /// The question as a person would type it.
    fn title(&self, log: &Path, division: (usize, Option<usize>)) -> String {
        let mut title = format!("{}/{}: widefinder", self.log, self.name);
        for word in self.words(log, division) {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:,=%".contains(&byte);
            let _ = match word.bytes().all(plain) {
                true => write!(title, " {word}"),
                false => write!(title, " '{}'", word.replace('\'', r"'\''")),
            };
        }
        title
    }

    /// What is wrong with the answer of the serial run.
    fn differences(&self, finished: &Finished) -> Vec<String> {
        let mut found = Vec::new();
        let code = finished.status.code().map(Value::from).unwrap_or_default();
        same("exit code", &self.answer["exit"], &code, &mut found);
        if self.asks_for_lines() {
            self.compare_lines(&finished.stdout, &mut found);
        } else {
            match serde_json::from_slice(&finished.stdout) {
                Ok(printed) => self.compare_tables(&printed, &mut found),
                Err(error) => found.push(format!("no JSON: {error}")),
            }
        }
        if !found.is_empty() && !finished.stderr.is_empty() {
            found.push(format!("stderr: {}", finished.stderr.escape_ascii()));
        }
        found
    }

    fn compare_lines(&self, printed: &[u8], found: &mut Vec<String>) {
        let encoded = &self.answer["lines_base64"];
        let (expected, as_base64) = match encoded.is_array() {
            true => (encoded, true),
            false => (&self.answer["lines"], false),
        };
        let printed: Vec<Value> = printed
            .split_inclusive(|&byte| byte == b'\n')
            .map(|line| line.strip_suffix(b"\n").unwrap_or(line))
            .map(|line| match as_base64 {
                true => base64(line).into(),
                false => String::from_utf8_lossy(line).into(),
            })
            .collect();
        same(
            "number of lines",
            &list(expected).len().into(),
            &printed.len().into(),
            found,
        );
        first_difference("line", list(expected), &printed, found);
    }

    fn compare_tables(&self, printed: &Value, found: &mut Vec<String>) {
        if let Some(balance) = self.answer["run"].as_object() {
            for (name, expected) in balance {
                same(
                    &format!("run.{name}"),
                    expected,
                    &printed["run"][name],
                    found,
                );
            }
        }
        let (expected, printed) = (list(&self.answer["tables"]), list(&printed["tables"]));
        same(
            "number of tables",
            &expected.len().into(),
            &printed.len().into(),
            found,
        );
        for (number, (expected, printed)) in expected.iter().zip(printed).enumerate() {
            let mut differences = Vec::new();
            compare_table(expected, printed, &mut differences);
            let differences = differences.iter();
            found.extend(differences.map(|text| format!("table {}: {text}", number + 1)));
        }
    }
}

fn same(what: &str, expected: &Value, printed: &Value, found: &mut Vec<String>) {
    if expected != printed {
        found.push(format!("{what}: expected {expected}, found {printed}"));
    }
}

/// One difference says enough: a row too many shifts all that follow.
fn first_difference(what: &str, expected: &[Value], printed: &[Value], found: &mut Vec<String>) {
    let most = expected.len().max(printed.len());
    let none = Value::Null;
    let pairs = (0..most).map(|at| {
        let item = |list: &[Value]| list.get(at).cloned().unwrap_or(none.clone());
        (at, item(expected), item(printed))
    });
    for (at, expected, printed) in pairs {
        if expected != printed {
            found.push(format!(
                "{what} {}:\n    expected {expected}\n    found    {printed}",
                at + 1
            ));
            return;
        }
    }
}

/// Compares what the answers speak of; a table may well say more.
fn compare_table(expected: &Value, printed: &Value, found: &mut Vec<String>) {
    same("by", &expected["by"], &printed["by"], found);
    let metrics: Value = list(&printed["metrics"])
        .iter()
        .map(|metric| metric["name"].clone())
        .collect();
    same("metrics", &expected["metrics"], &metrics, found);
    same(
        "distinct",
        &expected["distinct"],
        &printed["distinct"],
        found,
    );
    if expected["across"].is_object() {
        for part in ["name", "columns"] {
            let (expected, printed) = (&expected["across"][part], &printed["across"][part]);
            same(&format!("across.{part}"), expected, printed, found);
        }
    }
    let (expected_rows, printed_rows) = (list(&expected["rows"]), list(&printed["rows"]));
    same(
        "number of rows",
        &expected_rows.len().into(),
        &printed_rows.len().into(),
        found,
    );
    let printed_rows: Vec<Value> = printed_rows
        .iter()
        .enumerate()
        .map(|(at, row)| as_answered(row, list(&expected["metrics"]), expected_rows.get(at)))
        .collect();
    first_difference("row", expected_rows, &printed_rows, found);
}

/// A printed row in the shape of the answers: metrics in the order of the columns, and of the
/// rest what the answer has.
fn as_answered(row: &Value, metrics: &[Value], expected: Option<&Value>) -> Value {
    let values = metrics.iter().map(|name| {
        let missing = Value::from("(missing)");
        name.as_str()
            .and_then(|name| row["metrics"].get(name))
            .cloned()
            .unwrap_or(missing)
    });
    let mut answered = serde_json::Map::new();
    answered.insert("key".to_owned(), row["key"].clone());
    answered.insert("metrics".to_owned(), values.collect());
    if row["cells"].is_array() || expected.is_some_and(|row| row["cells"].is_array()) {
        answered.insert("cells".to_owned(), row["cells"].clone());
    }
    if row["key_base64"].is_array() || expected.is_some_and(|row| row["key_base64"].is_array()) {
        let parts = list(&row["key_base64"]).iter().zip(list(&row["key"]));
        // A part that is text need not be given twice.
        let parts = parts.map(|(coded, plain)| match (coded, plain.as_str()) {
            (Value::Null, Some(plain)) => base64(plain.as_bytes()).into(),
            _ => coded.clone(),
        });
        answered.insert("key_base64".to_owned(), parts.collect());
    }
    Value::Object(answered)
}

/// What is wrong with the other divisions, given the serial run.
fn divided(
    question: &Question,
    log: &Path,
    serial: &Finished,
    list: &[(usize, Option<usize>)],
) -> Vec<String> {
    let mut failures = Vec::new();
    for &division in list {
        let title = question.title(log, division);
        match question.run(log, division) {
            Err(error) => failures.push(format!("{title}\n  {error}")),
            Ok(other) if other.status != serial.status || other.stdout != serial.stdout => {
                failures.push(format!(
                    "{title}\n  differs from the serial run: {}",
                    other.status
                ));
            }
            Ok(_) => {}
        }
    }
    failures
}

fn fail_with(failures: &[String], asked: usize) {
    assert!(
        failures.is_empty(),
        "{} failures of {asked} questions\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_question_has_the_known_answer() {
    let (questions, mut failures) = (questions(), Vec::new());
    for question in &questions {
        let log = PathBuf::from(format!("{FOLDER}/logs/{}.log", question.log));
        let title = question.title(&log, (1, None));
        let serial = match question.run(&log, (1, None)) {
            Ok(serial) => serial,
            Err(error) => {
                failures.push(format!("{title}\n  {error}"));
                continue;
            }
        };
        let differences = question.differences(&serial);
        if !differences.is_empty() {
            failures.push(format!("{title}\n  {}", differences.join("\n  ")));
        }
        failures.extend(divided(question, &log, &serial, &DIVISIONS));
    }
    fail_with(&failures, questions.len());
}

/// There are no known answers to real logs; the serial run is the oracle. Each question meets
/// a few of the logs, and each log many questions.
#[test]
fn real_logs_have_one_answer_however_they_are_divided() {
    const STRIDE: usize = 5;
    let (mut questions, mut failures) = (questions(), Vec::new());
    // The others name a format.
    questions.retain(|question| ["site", "nasty"].contains(&question.log.as_str()));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for (number, (name, content)) in plain_samples().enumerate() {
        let log = folder.path().join(name.replace('/', "_"));
        fs::write(&log, content).expect("a temporary file can be written");
        for question in questions.iter().skip(number % STRIDE).step_by(STRIDE) {
            let title = question.title(&log, (1, None));
            match question.run(&log, (1, None)) {
                Ok(serial) if matches!(serial.status.code(), Some(0 | 1)) => {
                    failures.extend(divided(question, &log, &serial, &ODD_DIVISIONS));
                }
                Ok(other) => failures.push(format!("{title}\n  {}", other.status)),
                Err(error) => failures.push(format!("{title}\n  {error}")),
            }
        }
        fs::remove_file(&log).expect("a temporary file can be removed");
    }
    fail_with(&failures, questions.len());
}
