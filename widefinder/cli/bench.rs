//! `widefinder bench` on the command line: measure, print, and warn.

use std::io::{self, IsTerminal, Write};

use indicatif::{ProgressBar, ProgressStyle};
use widefinder::args::Color;
use widefinder::bench::{self, Bench, BenchArgs, Round, Scaling, ScalingForm, measure};
use widefinder::render::Style;

use super::{ANSWERED, FAILED, complain, is_coloured, note_inputs, say, width, written};
use crate::output;

/// Measures what was asked, and returns the exit code.
pub(super) fn answer(args: &BenchArgs) -> u8 {
    let bench = match Bench::from_args(args) {
        Ok(bench) => Bench {
            command: words(),
            ..bench
        },
        Err(error) => {
            complain(&error);
            return FAILED;
        }
    };
    if !args.quiet {
        note_inputs(&bench.plan);
    }
    let bar = bar(args);
    let measured = measure(&bench, &mut |Round { done, total }| {
        bar.set_length(total as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    let scaling = match measured {
        Ok(scaling) => scaling,
        Err(errors) => {
            errors.iter().for_each(complain);
            return FAILED;
        }
    };
    if !args.quiet {
        for warning in &scaling.warnings {
            say(&format!("widefinder: {warning}\n"));
        }
    }
    write(args, &bench, &scaling)
}

/// What was typed behind the program's name.
fn words() -> Vec<String> {
    let words = std::env::args_os().skip(1);
    words
        .map(|word| word.to_string_lossy().into_owned())
        .collect()
}

/// A bar that counts the runs, if there is somebody to see it.
fn bar(args: &BenchArgs) -> ProgressBar {
    if args.no_progress || args.quiet || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = "{bar:30} {pos} of {len} runs ({eta} left)";
    let style = ProgressStyle::with_template(template).expect("the template is valid");
    ProgressBar::new(0).with_style(style)
}

/// Prints the result and writes it to the files.
fn write(args: &BenchArgs, bench: &Bench, scaling: &Scaling) -> u8 {
    let files = bench.outputs.iter();
    let files = files.map(|(file, form)| (Some(file.as_path()), *form));
    let mut code = ANSWERED;
    for (file, form) in std::iter::once((None, args.format)).chain(files) {
        code = code.max(written(output::write(file, &mut |out, terminal| {
            render(out, form, scaling, terminal)
        })));
    }
    code
}

fn render(
    out: &mut dyn Write,
    form: ScalingForm,
    scaling: &Scaling,
    terminal: bool,
) -> io::Result<()> {
    match form {
        ScalingForm::Json => bench::json(out, scaling),
        ScalingForm::Csv => bench::csv(out, scaling),
        ScalingForm::Svg => bench::svg(out, scaling),
        ScalingForm::Text => {
            let style = Style {
                color: terminal && is_coloured(Color::Auto),
                rich: terminal,
                width: width(terminal),
            };
            bench::text(out, scaling, &style)
        }
    }
}
