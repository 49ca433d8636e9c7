//! A validated question: nothing in it can be wrong any more except the inputs.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use same_file::Handle;

use crate::args::Args;
use crate::error::Error;
use crate::find::{self, Found, Source, Unread};
use crate::question::{Pass, Question};
use crate::scan::BadLines;

mod typed;

/// What to read, what to ask, and how to go about it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What to read, in this order.
    pub inputs: Vec<Source>,
    /// What was to be read and is not there, or may not be looked at.
    pub unread: Vec<Unread>,
    /// What a person should know of the inputs, a line each.
    pub notes: Vec<String>,
    /// What to ask.
    pub question: Question,
    /// Rows of each table that does not say so itself; 0 means all.
    pub top: usize,
    /// Workers that count; at least 1.
    pub threads: usize,
    /// Bytes that a worker takes at a time; at least 1.
    pub chunk_size: usize,
    /// Whether the report says what the run cost.
    pub stats: bool,
    /// Whether the report has all lines that do not fit.
    pub all_bad: bool,
    /// Whether a line that does not fit ends the run.
    pub strict: bool,
}

impl Plan {
    /// The bytes that a worker takes at a time: few enough to stay in a second
    /// level cache while several passes read them, and enough that taking them
    /// costs nothing.
    pub const CHUNK_SIZE: usize = 1 << 20;

    /// Rows of a table if nobody says how many.
    pub const TOP: usize = 10;

    /// Makes a plan with defaults for everything but the question. The inputs are
    /// files; `-` is standard input.
    pub fn new(question: Question, inputs: Vec<PathBuf>) -> Plan {
        Plan {
            inputs: inputs.into_iter().map(Source::from).collect(),
            unread: Vec::new(),
            notes: Vec::new(),
            question,
            top: Plan::TOP,
            threads: engine::available(),
            chunk_size: Plan::CHUNK_SIZE,
            stats: false,
            all_bad: false,
            strict: false,
        }
    }

    /// Makes a plan of what was typed, and finds the files that are meant. What
    /// is wrong with these is for the report to say.
    ///
    /// # Errors
    ///
    /// When the question cannot be understood, or not be answered from the
    /// format of the log; when there is nothing to read, when standard input is
    /// named twice, or when the answer would replace a log.
    pub fn from_args(args: &Args) -> Result<Plan, Error> {
        let question = typed::question(args)?;
        if (args.strict || args.bad_lines.is_some()) && !question.cuts() {
            return Err(Error::Usage(
                "a pattern alone reads lines and not entries, so that no line is bad; with \
                 --log-format, or a question of fields, entries are read"
                    .to_owned(),
            ));
        }
        question.passes(Plan::TOP)?;
        let Found {
            sources,
            unread,
            notes,
        } = find::find(&named(args)?, &args.include);
        let defaults = Plan {
            inputs: sources,
            unread,
            notes,
            ..Plan::new(question, Vec::new())
        };
        for output in args.output.iter().chain(&args.bad_lines) {
            defaults.refuse_as_output(output)?;
        }
        if args.output.is_some() && args.output == args.bad_lines {
            return Err(Error::Usage(
                "the answer and the bad lines need a file each".to_owned(),
            ));
        }
        Ok(Plan {
            top: args.question.top.unwrap_or(defaults.top),
            threads: args.threads.unwrap_or(defaults.threads),
            chunk_size: args.chunk_size.unwrap_or(defaults.chunk_size),
            stats: args.stats,
            all_bad: args.bad_lines.is_some(),
            strict: args.strict,
            ..defaults
        })
    }

    /// How the question is answered: the passes over each chunk.
    ///
    /// # Panics
    ///
    /// When the log's format lacks a field that is asked for.
    /// [`Question::passes`] tells.
    pub fn passes(&self) -> Vec<Pass> {
        match self.question.passes(self.top) {
            Ok(passes) => passes,
            Err(error) => panic!("the question cannot be answered: {error}"),
        }
    }

    /// An empty list for the lines that do not fit.
    pub(crate) fn bad_lines(&self) -> BadLines {
        match self.all_bad {
            true => BadLines::all(),
            false => BadLines::default(),
        }
    }

    /// Says how the question is answered, a line each.
    ///
    /// # Panics
    ///
    /// As [`Plan::passes`].
    pub fn explain(&self) -> Vec<String> {
        let files: Vec<_> = self
            .inputs
            .iter()
            .map(|input| input.path.display().to_string())
            .collect();
        let mut lines = Vec::new();
        if !files.is_empty() {
            lines.push(format!("files: {}", files.join(", ")));
        }
        for pass in self.passes() {
            lines.extend(pass.explained);
        }
        lines.push(format!(
            "threads: {}, chunks of {} bytes",
            self.threads, self.chunk_size
        ));
        lines
    }

    /// Saves people from a slip that would cost them a log, under whatever name,
    /// and from one that would show only when all has been read.
    ///
    /// # Errors
    ///
    /// When `output` is one of the inputs, or in no directory.
    pub fn refuse_as_output(&self, output: &Path) -> Result<(), Error> {
        let parent = output.parent().filter(|parent| parent != &Path::new(""));
        if let Some(parent) = parent.filter(|parent| !parent.is_dir()) {
            return Err(Error::Usage(format!(
                "{} cannot be written: there is no directory {}",
                output.display(),
                parent.display()
            )));
        }
        let Ok(written) = Handle::from_path(output) else {
            return Ok(());
        };
        let is_written = |input: &Source| {
            let read = match input.path.as_os_str() == "-" {
                true => Handle::stdin(),
                false => Handle::from_path(&input.path),
            };
            read.is_ok_and(|read| read == written)
        };
        // A terminal or /dev/null may well be both.
        if output.is_file() && self.inputs.iter().any(is_written) {
            return Err(Error::Usage(format!(
                "{} is also an input; name another file for the answer",
                output.display()
            )));
        }
        Ok(())
    }
}

/// What is to be read, as it was typed; if nothing was, standard input.
fn named(args: &Args) -> Result<Vec<PathBuf>, Error> {
    let mut named = args.files.clone();
    if named.is_empty() && !args.explain {
        if std::io::stdin().is_terminal() {
            return Err(Error::Usage(
                "no log is named and nothing is piped in; try: widefinder access.log (or --help)"
                    .to_owned(),
            ));
        }
        named.push(PathBuf::from("-"));
    }
    let stdin = named.iter().filter(|name| name.as_os_str() == "-");
    if stdin.count() > 1 {
        return Err(Error::Usage(
            "standard input (-) can be read only once".to_owned(),
        ));
    }
    Ok(named)
}
