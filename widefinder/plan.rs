//! A validated question: nothing in it can be wrong any more except the inputs.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use same_file::Handle;

use crate::args::{Args, Preset};
use crate::error::Error;
use crate::pattern::Pattern;
use crate::question::Question;

/// What to read, what to ask, and how to go about it.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What to read, in this order; `-` is standard input.
    pub inputs: Vec<PathBuf>,
    /// What to ask.
    pub question: Question,
    /// Rows of each table; 0 means all.
    pub top: usize,
    /// Workers that count; at least 1.
    pub threads: usize,
    /// Bytes that a worker takes at a time; at least 1.
    pub chunk_size: usize,
}

impl Plan {
    /// The bytes that a worker takes at a time: few enough to stay in a second
    /// level cache while several passes read them, and enough that taking them
    /// costs nothing.
    pub const CHUNK_SIZE: usize = 1 << 20;

    /// Makes a plan with defaults for everything but the question.
    pub fn new(question: Question, inputs: Vec<PathBuf>) -> Plan {
        Plan {
            inputs,
            question,
            top: 10,
            threads: engine::available(),
            chunk_size: Plan::CHUNK_SIZE,
        }
    }

    /// Makes a plan of what was typed.
    ///
    /// # Errors
    ///
    /// When a pattern is not valid, when there is nothing to read, when standard
    /// input is named twice, or when the answer would replace a log.
    pub fn from_args(args: &Args) -> Result<Plan, Error> {
        let question = match args.preset {
            Some(Preset::Wf1) => Question::Wf1,
            Some(Preset::Wf2) => Question::Wf2,
            None if args.patterns.is_empty() => Question::Overview,
            None => {
                let patterns = args.patterns.iter().map(|p| Pattern::new(p));
                Question::Matches(patterns.collect::<Result<_, _>>()?)
            }
        };
        let mut inputs = args.files.clone();
        if inputs.is_empty() {
            if std::io::stdin().is_terminal() {
                return Err(Error::Usage(
                    "no log is named and nothing is piped in; try: widefinder access.log \
                     (or --help)"
                        .to_owned(),
                ));
            }
            inputs.push(PathBuf::from("-"));
        }
        if inputs
            .iter()
            .filter(|input| input.as_os_str() == "-")
            .count()
            > 1
        {
            return Err(Error::Usage(
                "standard input (-) can be read only once".to_owned(),
            ));
        }
        if let Some(output) = &args.output {
            refuse_input_as_output(&inputs, output)?;
        }
        let defaults = Plan::new(question, inputs);
        Ok(Plan {
            top: args.top,
            threads: args.threads.unwrap_or(defaults.threads),
            chunk_size: args.chunk_size.unwrap_or(defaults.chunk_size),
            ..defaults
        })
    }
}

/// Saves people from a slip that would cost them a log, under whatever name.
fn refuse_input_as_output(inputs: &[PathBuf], output: &Path) -> Result<(), Error> {
    let Ok(written) = Handle::from_path(output) else {
        return Ok(());
    };
    let is_written = |input: &PathBuf| {
        let read = match input.as_os_str() == "-" {
            true => Handle::stdin(),
            false => Handle::from_path(input),
        };
        read.is_ok_and(|read| read == written)
    };
    // A terminal or /dev/null may well be both.
    if output.is_file() && inputs.iter().any(is_written) {
        return Err(Error::Usage(format!(
            "{} is also an input; name another file for the answer",
            output.display()
        )));
    }
    Ok(())
}
