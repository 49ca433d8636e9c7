//! What to ask: the options that a question is made of, for every command that
//! asks one.

use clap::Args;

use super::{Preset, rows};

/// A question as it was typed.
#[derive(Clone, Debug, Default, Args)]
pub struct QuestionArgs {
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
    #[arg(conflicts_with = "preset")]
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
    #[arg(conflicts_with = "preset")]
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
    #[arg(conflicts_with = "preset")]
    pub rewrites: Vec<String>,

    /// The order of rows: a metric or a key, with :asc or :desc
    #[arg(short = 's', long, value_name = "KEY", help_heading = "Question")]
    #[arg(conflicts_with = "preset")]
    pub sort: Option<String>,

    /// Show rows whose metrics satisfy a condition: 'hits>=100'
    #[arg(long, value_name = "EXPR", help_heading = "Question")]
    #[arg(conflicts_with = "preset")]
    pub having: Option<String>,

    /// Rank within each value of a key
    #[arg(long, value_name = "FIELD", help_heading = "Question")]
    #[arg(conflicts_with = "preset")]
    pub per: Option<String>,

    /// Spread the first metric over columns, one for each value of a field
    #[arg(long, value_name = "FIELD", help_heading = "Question")]
    #[arg(conflicts_with_all = ["preset", "per"])]
    pub across: Option<String>,

    /// Rows of each table, 0 for all [default: 10; all if the first key is a
    /// time]; with --lines, how many lines
    #[arg(short = 'n', long, value_name = "N", help_heading = "Question")]
    #[arg(conflicts_with = "preset", allow_negative_numbers = true, value_parser = rows)]
    pub top: Option<usize>,

    /// Percentiles and distinct counts as sketches: less memory, an error that
    /// is printed
    #[arg(long = "approx", help_heading = "Question")]
    pub approximate: bool,

    /// How lines are written: the name of a format (docs/formats.md), or the text
    /// of a LogFormat or log_format [default: as the first lines of each log say]
    #[arg(long, value_name = "FORMAT", conflicts_with = "preset")]
    pub log_format: Option<String>,

    /// Print one of the two reports of the Wide Finder challenge
    #[arg(long, value_name = "NAME")]
    pub preset: Option<Preset>,
}
