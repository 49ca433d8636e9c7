//! `widefinder bench`: how a question scales with threads, on one's own files
//! and machine.
//!
//! Figures of different moments are not compared: every round runs each number
//! of threads once, and the newline sweep beside it, so that a machine that slows
//! down slows all of them. The median of the rounds is reported. Whole runs are
//! timed inside this process, from before the files are opened until the report
//! is there; to start a process for each would measure the system's loader on
//! small logs, and to time the counting alone would hide the serial part, which
//! is what limits many cores.

mod args;
mod csv;
mod document;
mod fit;
mod least_squares;
mod measure;
mod picture;
mod sample;
mod scaling;
mod sweep;
mod text;
mod warnings;

pub use args::{BenchArgs, ScalingForm};
pub use csv::csv;
pub use document::json;
pub use fit::{Amdahl, Fit, Usl};
pub use measure::{Round, measure};
pub use picture::svg;
pub use sample::Sample;
pub use scaling::{Point, Scaling};
pub use text::text;

use std::path::{Path, PathBuf};

use crate::args::Args;
use crate::error::Error;
use crate::plan::Plan;

/// What to measure, and where the result goes.
#[derive(Clone, Debug)]
pub struct Bench {
    /// What was typed, word by word, for the record: it says more of the question
    /// than the titles of its tables. Empty if nothing was.
    pub command: Vec<String>,
    /// The question and its files; its `threads` are not used.
    pub plan: Plan,
    /// Numbers of threads, ascending, each once; at least one.
    pub threads: Vec<usize>,
    /// Timed runs at each number of threads; at least 1.
    pub runs: usize,
    /// Files to write, and their forms.
    pub outputs: Vec<(PathBuf, ScalingForm)>,
}

impl Bench {
    /// Makes a benchmark of what was typed.
    ///
    /// The question is the one that text would answer: other forms of an answer
    /// may need more of each line.
    ///
    /// # Errors
    ///
    /// As [`Plan::from_args`]; and when the ending of an output file is that of
    /// no form.
    pub fn from_args(args: &BenchArgs) -> Result<Bench, Error> {
        let mut plan = Plan::from_args(&Args {
            files: args.files.clone(),
            include: args.include.clone(),
            question: args.question.clone(),
            chunk_size: args.chunk_size,
            ..Args::default()
        })?;
        plan.stats = true;
        let outputs = args.outputs.iter().map(|file| {
            plan.refuse_as_output(file)?;
            Ok((file.clone(), form_of(file)?))
        });
        Ok(Bench {
            command: Vec::new(),
            outputs: outputs.collect::<Result<_, _>>()?,
            threads: thread_counts(&args.threads, engine::available()),
            runs: args.runs,
            plan,
        })
    }
}

fn form_of(file: &Path) -> Result<ScalingForm, Error> {
    ScalingForm::of(file).ok_or_else(|| {
        Error::Usage(format!(
            "{}: the ending of the file names its form: .txt, .json, .csv or .svg",
            file.display()
        ))
    })
}

/// What was asked for, in order; without a wish the powers of two up to the
/// cores, and the cores.
fn thread_counts(asked: &[usize], cores: usize) -> Vec<usize> {
    let mut counts = asked.to_vec();
    if counts.is_empty() {
        let powers = (0..usize::BITS).map(|power| 1 << power);
        counts.extend(powers.take_while(|&count| count < cores));
        counts.push(cores);
    }
    counts.sort_unstable();
    counts.dedup();
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    use crate::args::Command;

    fn bench(words: &[&str]) -> Result<Bench, Error> {
        let words = [&["widefinder", "bench"], words].concat();
        let args = Args::try_parse_from(words);
        let args = args.map_err(|error| Error::Usage(error.to_string()))?;
        match args.command {
            Some(Command::Bench(args)) => Bench::from_args(&args),
            None => Err(Error::Usage("no command".to_owned())),
        }
    }

    #[test]
    fn without_a_wish_the_cores_are_among_the_counts() {
        assert_eq!(thread_counts(&[], 1), [1]);
        assert_eq!(thread_counts(&[], 2), [1, 2]);
        assert_eq!(thread_counts(&[], 12), [1, 2, 4, 8, 12]);
        assert_eq!(thread_counts(&[4, 1, 4], 2), [1, 4]);
    }

    #[test]
    fn the_question_is_that_of_other_commands() {
        let bench = bench(&["--by", "path", "-j", "4,1", "--runs", "3", "a.log"]).unwrap();
        assert_eq!((&bench.threads[..], bench.runs), (&[1, 4][..], 3));
        assert_eq!(bench.plan.inputs, [Path::new("a.log").into()]);
        assert!(bench.plan.question.selects());
        assert!(bench.plan.stats);
    }

    #[test]
    fn an_output_file_ends_in_a_form() {
        let outputs = ["-o", "a.svg", "-o", "b.JSON", "a.log"];
        let forms: Vec<_> = bench(&outputs)
            .unwrap()
            .outputs
            .into_iter()
            .map(|o| o.1)
            .collect();
        assert_eq!(forms, [ScalingForm::Svg, ScalingForm::Json]);
        for file in ["a.png", "a", "a.log"] {
            let error = bench(&["-o", file, "a.log"]).unwrap_err().to_string();
            assert!(error.contains(".svg"), "{error}");
        }
    }
}
