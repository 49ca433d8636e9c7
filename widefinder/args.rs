//! What was typed.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

use crate::form::{Form, FormParser};

/// Answers questions about huge web-server logs: exactly, on all cores, now.
///
/// Without a question it prints an overview and five tables of any Apache or
/// nginx log in the common or combined format.
#[derive(Clone, Debug, Parser)]
#[command(name = "widefinder", version, after_help = EXAMPLES)]
pub struct Args {
    /// Logs to read; - is standard input, which is also read when no file is
    /// named and something is piped in
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Count the lines that match a regular expression, by its groups (or by
    /// the whole match, if it has none); repeat it for a table each
    ///
    /// A line counts once, for its first match. Patterns match bytes; put (?u)
    /// into one to match Unicode characters.
    #[arg(
        short = 'e',
        long = "regexp",
        value_name = "RE",
        conflicts_with = "preset",
        allow_hyphen_values = true,
        help_heading = "Question"
    )]
    pub patterns: Vec<String>,

    /// Count by fields: path,status; repeat it for a table each
    ///
    /// Fields: time client user method uri path query protocol status bytes
    /// referrer agent vhost scheme latency upstream_latency bytes_in tls_version
    /// tls_cipher cache line. Derived: site class ext day hour weekday time:5m
    /// client/24 path:1 query:NAME. Others by their own name: $upstream_addr,
    /// %{X-Id}i.
    #[arg(short = 'b', long, value_name = "FIELDS", help_heading = "Question")]
    #[arg(conflicts_with_all = ["preset", "lines"])]
    pub by: Vec<String>,

    /// What to say of each row: hits,bytes,p95:latency [default: hits]
    ///
    /// hits bytes visitors errors client_errors errors% avg:F max:F min:F p50:F
    /// p95:F p99:F distinct:FIELD first last, where F is a latency or bytes.
    /// Without --by: of everything.
    #[arg(
        short = 'm',
        long = "metric",
        value_name = "LIST",
        help_heading = "Question"
    )]
    #[arg(conflicts_with_all = ["preset", "lines"])]
    pub metrics: Vec<String>,

    /// Select entries: 'status=5xx and not agent~bot'; all must hold
    ///
    /// FIELD OP VALUE with = != < <= > >= ~ !~ in, joined by and, or, not and
    /// parentheses.
    #[arg(
        short = 'w',
        long = "where",
        value_name = "EXPR",
        help_heading = "Question"
    )]
    #[arg(conflicts_with = "preset")]
    pub filters: Vec<String>,

    /// Select entries from this time on: 2026-11-01, -3h, yesterday
    #[arg(long, value_name = "TIME", help_heading = "Question")]
    #[arg(conflicts_with = "preset", allow_hyphen_values = true)]
    pub since: Option<String>,

    /// Select entries before this time
    #[arg(long, value_name = "TIME", help_heading = "Question")]
    #[arg(conflicts_with = "preset", allow_hyphen_values = true)]
    pub until: Option<String>,

    /// The clock of days and hours: UTC, Europe/Berlin, local [default: that
    /// which wrote the log]
    #[arg(long = "tz", value_name = "ZONE", help_heading = "Question")]
    #[arg(conflicts_with = "preset", allow_hyphen_values = true)]
    pub zone: Option<String>,

    /// Replace in a key: 'path:s|/\d+|/N|g'; without a name, in the first key
    #[arg(
        long = "rewrite",
        value_name = "[FIELD:]s/RE/TEXT/[gi]",
        help_heading = "Question"
    )]
    #[arg(conflicts_with_all = ["preset", "lines"])]
    pub rewrites: Vec<String>,

    /// The order of rows: a metric or a key, with :asc or :desc
    #[arg(short = 's', long, value_name = "KEY", help_heading = "Question")]
    #[arg(conflicts_with_all = ["preset", "lines"])]
    pub sort: Option<String>,

    /// Show rows whose metrics satisfy a condition: 'hits>=100'
    #[arg(long, value_name = "EXPR", help_heading = "Question")]
    #[arg(conflicts_with_all = ["preset", "lines"])]
    pub having: Option<String>,

    /// Rank within each value of a key
    #[arg(long, value_name = "FIELD", help_heading = "Question")]
    #[arg(conflicts_with_all = ["preset", "lines"])]
    pub per: Option<String>,

    /// Spread the first metric over columns, one for each value of a field
    #[arg(long, value_name = "FIELD", help_heading = "Question")]
    #[arg(conflicts_with_all = ["preset", "lines", "per"])]
    pub across: Option<String>,

    /// Rows of each table, 0 for all [default: 10; all if the first key is a
    /// time]; with --lines, how many lines
    #[arg(short = 'n', long, value_name = "N", help_heading = "Question")]
    #[arg(conflicts_with = "preset", allow_negative_numbers = true, value_parser = rows)]
    pub top: Option<usize>,

    /// Print the selected lines themselves
    #[arg(long, help_heading = "Question")]
    #[arg(conflicts_with_all = ["preset", "format", "json", "approximate", "stats"])]
    pub lines: bool,

    /// Percentiles and distinct counts as sketches: less memory, an error that
    /// is printed
    #[arg(long = "approx", help_heading = "Question")]
    pub approximate: bool,

    /// How lines are written: common, combined, vhost_combined, or the text of a
    /// LogFormat or log_format [default: common or combined, by the line]
    #[arg(long, value_name = "FORMAT", conflicts_with = "preset")]
    pub log_format: Option<String>,

    /// Print how the question would be answered, and do not answer it
    #[arg(long)]
    pub explain: bool,

    /// Print what the run cost as well: time, speed, and what each stage waited
    /// for
    #[arg(long)]
    pub stats: bool,

    /// Print one of the two reports of the Wide Finder challenge
    #[arg(long, value_name = "NAME")]
    pub preset: Option<Preset>,

    /// Threads to count with [default: all that this process may use]
    #[arg(short = 'j', long, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,

    /// Write the answer to a file, whole or not at all
    #[arg(short = 'o', long, value_name = "FILE")]
    pub output: Option<PathBuf>,

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

/// The reports of the challenge.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Preset {
    /// The ten most fetched articles (2007)
    Wf1,
    /// Articles, bytes, 404s, clients and referrers (2008)
    Wf2,
}

/// When to use colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
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
  zcat access.log.*.gz | widefinder -n 20   compressed logs, twenty rows
  widefinder --preset wf2 access.log        the Wide Finder report

Exit status: 0 answered, 1 no line was selected, 2 an error (what could be read
is reported all the same).";

fn positive(text: &str, what: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(0) => Err(format!("at least 1 {what} is needed")),
        Ok(number) => Ok(number),
        Err(_) => Err(format!("a whole number of {what}s is expected")),
    }
}

fn threads(text: &str) -> Result<usize, String> {
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

fn chunk_size(text: &str) -> Result<usize, String> {
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
