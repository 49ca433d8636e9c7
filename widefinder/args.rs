//! What was typed.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::bench::BenchArgs;
use crate::find::Include;
use crate::form::{Form, FormParser};

mod question;

pub use question::QuestionArgs;

/// Answers questions about huge web-server logs: exactly, on all cores, now.
///
/// Without a question it prints an overview and five tables. The format of each
/// log is told by its first lines.
#[derive(Clone, Debug, Default, Parser)]
#[command(name = "widefinder", version, after_help = EXAMPLES)]
// `bench` is a command as the first word only, so that it never takes the place
// of a file behind an option; and there is no command `help`.
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Args {
    /// What to do instead of answering.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Logs to read: files, directories, and patterns such as 'logs/*.gz'; gzip,
    /// zstd, bzip2 and xz are unpacked. - is standard input, which is also read
    /// when no file is named and something is piped in
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Which files of a directory to read: a pattern for their names, such as
    /// '*.gz', or with a slash for their paths in it; repeat it for several
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<Include>,

    /// What to ask.
    #[command(flatten)]
    pub question: QuestionArgs,

    /// Print the selected lines themselves
    #[arg(long, help_heading = "Question")]
    #[arg(conflicts_with_all = ["preset", "format", "json", "approximate", "stats"])]
    #[arg(conflicts_with_all = ["by", "metrics", "rewrites", "sort", "having", "per", "across"])]
    pub lines: bool,

    /// Print how the question would be answered, and do not answer it
    #[arg(long)]
    pub explain: bool,

    /// Print what the run cost as well: time, speed, and what each stage waited
    /// for
    #[arg(long)]
    pub stats: bool,

    /// Threads to count with [default: all that this process may use]
    #[arg(short = 'j', long, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,

    /// Write the answer to a file, whole or not at all
    #[arg(short = 'o', long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write all lines that do not fit their format to a file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["lines", "preset"])]
    pub bad_lines: Option<PathBuf>,

    /// Fail at the first line that does not fit its format
    #[arg(long, conflicts_with_all = ["lines", "preset"])]
    pub strict: bool,

    /// How to write the answer [default: text, or what the ending of -o says]
    #[arg(short = 'f', long, value_name = "FORM", value_parser = FormParser)]
    pub format: Option<Form>,

    /// Short for --format json
    #[arg(long, conflicts_with = "format")]
    pub json: bool,

    /// When to use colour, bars and separators
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// Show no progress bar (there is one only on a terminal, and only for runs
    /// over a second)
    #[arg(long)]
    pub no_progress: bool,

    /// Show no progress bar and no notes, only the answer and errors
    #[arg(short = 'q', long)]
    pub quiet: bool,

    /// Bytes that a worker takes at a time; the answer is the same for any
    #[arg(long, value_name = "BYTES", hide = true, value_parser = chunk_size)]
    pub chunk_size: Option<usize>,
}

/// What the program does besides answering a question.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Measure how a question scales with threads, on your files and machine
    ///
    /// Every round runs the question once with each number of threads, and beside
    /// it a sweep that only counts the newlines of the same files, which is the
    /// limit of the machine. Whole runs are timed inside this process, from before
    /// the files are opened until the answer is ready to be printed; a run that is
    /// not timed brings the files into memory first. Every run must give the same
    /// answer.
    ///
    /// The options of a question are those of widefinder itself.
    Bench(Box<BenchArgs>),
}

/// The reports of the challenge.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Preset {
    /// The ten most fetched articles (2007)
    Wf1,
    /// Articles, bytes, 404s, clients and referrers (2008)
    Wf2,
}

/// When to use colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl Args {
    /// The form of the answer: as it is named, else as the output file ends,
    /// else text.
    pub fn form(&self) -> Form {
        if self.json {
            return Form::Json;
        }
        let ending = || self.output.as_deref().and_then(Form::of);
        self.format.or_else(ending).unwrap_or_default()
    }
}

const EXAMPLES: &str = "\
Examples:
  widefinder access.log                     the overview and five tables
  widefinder --by path,status access.log    hits by path and status
  widefinder --by day -m visitors,bytes access.log
  widefinder -w 'status=5xx' --lines access.log
  widefinder -e 'GET /(\\w+)' access.log     the first part of each path
  widefinder -n 20 access.log*              rotated logs, also compressed, twenty rows
  widefinder --include 'access*' /var/log/nginx
  widefinder --preset wf2 access.log        the Wide Finder report
  widefinder bench --by path access.log     how that scales with threads

A file that is called bench is ./bench.

Exit status: 0 answered, 1 no line was selected, 2 an error (what could be read
is reported all the same).";

pub(crate) fn positive(text: &str, what: &str) -> Result<usize, String> {
    // A list may have blanks between its numbers.
    match text.trim().parse() {
        Ok(0) => Err(format!("at least 1 {what} is needed")),
        Ok(number) => Ok(number),
        Err(_) => Err(format!("a whole number of {what}s is expected")),
    }
}

pub(crate) fn threads(text: &str) -> Result<usize, String> {
    /// More threads than any machine has cores are a slip of the key.
    const MOST: usize = 1024;
    match positive(text, "thread")? {
        number if number > MOST => Err(format!("at most {MOST} threads can be used")),
        number => Ok(number),
    }
}

fn rows(text: &str) -> Result<usize, String> {
    let expected = "a whole number of rows is expected, 0 for all";
    text.parse().map_err(|_| expected.to_owned())
}

pub(crate) fn chunk_size(text: &str) -> Result<usize, String> {
    positive(text, "byte")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn the_form_is_named_or_that_of_the_file() {
        for (words, form) in [
            (&[][..], Form::Text),
            (&["--json"], Form::Json),
            (&["-f", "jsonl"], Form::Ndjson),
            (&["-o", "a.csv"], Form::Csv),
            (&["-o", "a.csv", "-f", "tsv"], Form::Tsv),
            (&["-o", "a.csv", "--json"], Form::Json),
            (&["-o", "a.log"], Form::Text),
        ] {
            let args = Args::try_parse_from([&["widefinder"], words].concat());
            assert_eq!(args.map(|args| args.form()).ok(), Some(form), "{words:?}");
        }
        assert!(Args::try_parse_from(["widefinder", "--json", "-f", "csv"]).is_err());
    }

    #[test]
    fn presets_refuse_other_questions() {
        for other in [
            ["-e", "x"],
            ["-n", "3"],
            ["-b", "path"],
            ["-m", "hits"],
            ["-w", "status=1"],
        ] {
            let words = ["widefinder", "--preset", "wf1", other[0], other[1]];
            assert!(Args::try_parse_from(words).is_err(), "{other:?}");
        }
    }
}
