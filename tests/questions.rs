//! What people ask, answered as worked out without the program (`tests/questions/README.md`).
//!
//! Each question runs as a process, as a user would type it. The serial run is held to the
//! answer; every other division of the work is held to the bytes of the serial run.

#[path = "questions/canonical.rs"]
mod canonical;
#[path = "questions/compare.rs"]
mod compare;
#[path = "questions/printed.rs"]
mod printed;
#[path = "questions/real.rs"]
mod real;
mod support;

use compare::Answer;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use support::process::{Finished, TIMEOUT, run, widefinder};
use support::samples::plain_samples;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/questions");

/// Threads and chunk size; the default where there is none.
type Division = (usize, Option<usize>);

const SERIAL: Division = (1, None);

/// A chunk of a byte is a line; one of 100 is a line or two.
const DIVISIONS: [Division; 6] = [
    (1, Some(1)),
    (2, Some(1)),
    (2, Some(4096)),
    (8, Some(100)),
    (8, Some(4096)),
    (8, None),
];

/// Divisions for real logs, which are longer.
const ODD_DIVISIONS: [Division; 3] = [(2, None), (8, Some(10_007)), (2, Some(262_139))];

/// `questions.json`.
#[derive(Deserialize)]
struct Asked {
    logs: BTreeMap<String, Log>,
    questions: Vec<Question>,
}

#[derive(Deserialize)]
struct Log {
    /// What every question to this log needs.
    args: Vec<String>,
}

#[derive(Deserialize)]
struct Question {
    log: String,
    name: String,
    args: Vec<String>,
}

fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(FOLDER).join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All questions, with all their arguments.
fn questions() -> Vec<Question> {
    let Asked { logs, questions } = read("questions.json");
    let whole = |question: Question| Question {
        args: [logs[&question.log].args.clone(), question.args].concat(),
        ..question
    };
    questions.into_iter().map(whole).collect()
}

impl Question {
    fn asks_for_lines(&self) -> bool {
        self.args.iter().any(|argument| argument == "--lines")
    }

    /// Whether it is about lines as they are, which have no format.
    fn is_of_lines(&self) -> bool {
        let of_lines = ["-e", "--preset"];
        self.args
            .iter()
            .any(|word| of_lines.contains(&word.as_str()))
    }

    /// What is to be typed, but for the program's name.
    fn words(&self, log: &Path, (threads, chunk_size): Division) -> Vec<String> {
        let mut words = self.args.clone();
        if !self.asks_for_lines() {
            words.extend(["-f".to_owned(), "json".to_owned()]);
        }
        words.extend(["-j".to_owned(), threads.to_string()]);
        if let Some(size) = chunk_size {
            words.extend(["--chunk-size".to_owned(), size.to_string()]);
        }
        words.push(log.display().to_string());
        words
    }

    fn run(&self, log: &Path, division: Division) -> Result<Finished, String> {
        let mut command = widefinder();
        run(command.args(self.words(log, division)), None, TIMEOUT)
    }

    /// The question's name, and what a person would type.
    fn title(&self, log: &Path, division: Division) -> String {
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

    /// What is wrong with the serial run.
    fn differences(&self, answer: &Answer, finished: &Finished) -> Vec<String> {
        let mut found = match self.asks_for_lines() {
            true => answer.differences_of_lines(&finished.stdout),
            false => answer.differences_of_tables(&finished.stdout),
        };
        if finished.status.code() != Some(answer.exit) {
            found.push(format!(
                "expected exit code {}, found {}",
                answer.exit, finished.status
            ));
        }
        if !found.is_empty() && !finished.stderr.is_empty() {
            found.push(format!(
                "stderr: {}",
                String::from_utf8_lossy(&finished.stderr)
            ));
        }
        found
    }

    /// Runs it serially, lets `check` look at that, and then divides the work.
    fn failures(
        &self,
        log: &Path,
        divisions: &[Division],
        check: impl Fn(&Finished) -> Vec<String>,
    ) -> Vec<String> {
        let serial = match self.run(log, SERIAL) {
            Ok(serial) => serial,
            Err(error) => return vec![format!("{}\n  {error}", self.title(log, SERIAL))],
        };
        let wrong = check(&serial);
        if !wrong.is_empty() {
            // The others would most likely say the same.
            return vec![format!(
                "{}\n  {}",
                self.title(log, SERIAL),
                wrong.join("\n  ")
            )];
        }
        let divided = divisions.iter().filter_map(|&division| {
            let wrong = match self.run(log, division) {
                Err(error) => error,
                Ok(other) if other.status != serial.status => other.status.to_string(),
                Ok(other) if other.stdout != serial.stdout => "other bytes".to_owned(),
                Ok(_) => return None,
            };
            Some(format!(
                "{}\n  unlike -j 1: {wrong}",
                self.title(log, division)
            ))
        });
        divided.collect()
    }
}

fn fail_with(failures: &[String]) {
    let number = failures.len();
    assert!(number == 0, "{number} wrong\n{}", failures.join("\n"));
}

#[test]
fn every_question_has_the_known_answer() {
    let (questions, answers): (_, Vec<Answer>) = (questions(), read("answers.json"));
    let asked = questions
        .iter()
        .map(|question| (&question.log, &question.name));
    let answered = answers.iter().map(|answer| (&answer.log, &answer.name));
    assert!(asked.eq(answered), "answers.json is old: run answers.py");

    let mut failures = Vec::new();
    for (question, answer) in questions.iter().zip(&answers) {
        let log = PathBuf::from(format!("{FOLDER}/logs/{}.log", question.log));
        failures.extend(question.failures(&log, &DIVISIONS, |serial| {
            question.differences(answer, serial)
        }));
    }
    fail_with(&failures);
}

/// Here the serial run is the oracle; `real.rs` knows answers. Each question meets a few of the
/// logs, and each log many questions.
#[test]
fn real_logs_have_one_answer_however_they_are_divided() {
    const STRIDE: usize = 5;
    let mut questions = questions();
    // The others name a format that these logs do not have.
    questions.retain(|question| ["site", "nasty"].contains(&question.log.as_str()));
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let mut failures = Vec::new();
    // A log in the common format has neither referrers nor agents to ask for.
    let logs = plain_samples().filter(|(name, _)| !name.contains("_common"));
    for (number, (name, content)) in logs.enumerate() {
        let plain = name.replace('/', "_").replace(".gz", "").replace(".xz", "");
        let log = folder.path().join(plain);
        fs::write(&log, content).expect("a temporary file can be written");
        for question in questions.iter().skip(number % STRIDE).step_by(STRIDE) {
            failures.extend(question.failures(&log, &ODD_DIVISIONS, |serial| {
                let answered = matches!(serial.status.code(), Some(0 | 1));
                let wrong = format!("{}: {}", serial.status, serial.stderr.escape_ascii());
                if answered { Vec::new() } else { vec![wrong] }
            }));
        }
        fs::remove_file(&log).expect("a temporary file can be removed");
    }
    fail_with(&failures);
}
