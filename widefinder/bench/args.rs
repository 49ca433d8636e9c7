//! What was typed behind `widefinder bench`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::args::{QuestionArgs, chunk_size, positive, threads};
use crate::find::Include;

/// What to measure, as it was typed.
#[derive(Clone, Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct BenchArgs {
    /// Logs to read: files, directories, and patterns such as 'logs/*.log'; no
    /// streams, since each is read again and again, and no compressed files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// Which files of a directory to read: a pattern for their names, such as
    /// '*.log', or with a slash for their paths in it; repeat it for several
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<Include>,

    /// What to ask.
    #[command(flatten)]
    pub question: QuestionArgs,

    /// Numbers of threads: 1,2,4,8 [default: powers of two up to the cores that
    /// this process may use, and these]
    #[arg(short = 'j', long, value_name = "LIST")]
    #[arg(value_delimiter = ',', value_parser = threads)]
    pub threads: Vec<usize>,

    /// Timed runs at each number of threads
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = runs)]
    pub runs: usize,

    /// Write the result to a file as well, in the form of its ending: .txt,
    /// .json, .csv or .svg; repeat it for several
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub outputs: Vec<PathBuf>,

    /// How to print the result
    #[arg(short = 'f', long, value_name = "FORM", default_value = "text")]
    pub format: ScalingForm,

    /// Show no progress bar (there is one only on a terminal)
    #[arg(long)]
    pub no_progress: bool,

    /// Show no progress bar and no warnings, only the result and errors
    #[arg(short = 'q', long)]
    pub quiet: bool,

    /// Bytes that a worker takes at a time
    #[arg(long, value_name = "BYTES", hide = true, value_parser = chunk_size)]
    pub chunk_size: Option<usize>,
}

/// How a result is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ScalingForm {
    /// A table, for people
    Text,
    /// One document
    Json,
    /// A line for each number of threads
    Csv,
    /// A picture
    Svg,
}

impl ScalingForm {
    /// The form that the ending of a file's name asks for.
    ///
    /// ```
    /// use std::path::Path;
    /// use widefinder::bench::ScalingForm;
    ///
    /// assert_eq!(ScalingForm::of(Path::new("scaling.svg")), Some(ScalingForm::Svg));
    /// assert_eq!(ScalingForm::of(Path::new("scaling.png")), None);
    /// ```
    pub fn of(file: &Path) -> Option<ScalingForm> {
        let ending = file.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "txt" => ScalingForm::Text,
            "json" => ScalingForm::Json,
            "csv" => ScalingForm::Csv,
            "svg" => ScalingForm::Svg,
            _ => return None,
        })
    }
}

const EXAMPLES: &str = "\
Examples:
  widefinder bench access.log                        the overview
  widefinder bench -e 'GET /(\\w+)' access.log
  widefinder bench --by path,status --threads 1,2,4,8 --runs 9 access.log
  widefinder bench --preset wf2 -o scaling.svg -o scaling.json access.log

Exit status: 0 measured, 2 an error.";

fn runs(text: &str) -> Result<usize, String> {
    positive(text, "run")
}
