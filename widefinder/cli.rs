//! One question on the command line: plan, run, print, and say what is missing.

use std::io::{self, Write};

use widefinder::args::{Args, Color};
use widefinder::error::Error;
use widefinder::form::Form;
use widefinder::plan::Plan;
use widefinder::question::Question;
use widefinder::render::{self, Style, escape};
use widefinder::report::Report;
use widefinder::run_watched;

use crate::output;
use crate::progress::Bar;

const ANSWERED: u8 = 0;
const NOTHING_SELECTED: u8 = 1;
const FAILED: u8 = 2;

/// Answers what was asked, and returns the exit code.
pub(crate) fn answer(args: &Args) -> u8 {
    let plan = match Plan::from_args(args) {
        Ok(plan) => plan,
        Err(error) => {
            complain(&error);
            return FAILED;
        }
    };
    let mut bar = Bar::new(args);
    let report = run_watched(&plan, bar.watcher());
    bar.finish();
    let mut code = code(&plan, &report);
    for error in report.errors.iter().chain(&unfit(&report)) {
        complain(error);
        code = FAILED;
    }
    // Where nothing was read there is nothing to report.
    if report.inputs.is_empty() {
        return code;
    }
    let written = output::write(args.output.as_deref(), &mut |out, terminal| {
        render(out, args, &report, terminal)
    });
    match written {
        Ok(()) => {}
        Err(error) if error.is_closed_pipe() => {}
        Err(error) => {
            complain(&error);
            code = FAILED;
        }
    }
    if !args.quiet {
        note_bad_lines(&report);
    }
    code
}

fn code(plan: &Plan, report: &Report) -> u8 {
    let selects = matches!(plan.question, Question::Matches(_));
    if selects && report.tables.iter().all(|table| table.distinct == 0) {
        return NOTHING_SELECTED;
    }
    ANSWERED
}

/// Inputs of which not one line fits.
fn unfit(report: &Report) -> Vec<Error> {
    let inputs = report.inputs.iter().enumerate();
    let unfit = inputs.filter(|(_, input)| input.balance.entries == 0 && input.balance.bad > 0);
    let errors = unfit.map(|(index, input)| {
        let mut message = "no line is in the common or combined format".to_owned();
        if let Some(line) = report.bad_lines.iter().find(|line| line.input == index) {
            message += &format!(
                "; at byte {} of the first, {} is expected:\n  {}\n  \
                 any other log can be counted with a pattern, as in: widefinder -e '^[^ ]+' {}",
                line.at,
                line.expected,
                excerpt(&line.text),
                input.name,
            );
        }
        Error::input(&input.name, message)
    });
    errors.collect()
}

/// Says on standard error which lines were not counted, if there are any and
/// others were.
fn note_bad_lines(report: &Report) {
    /// Enough to see what is wrong.
    const SHOWN: usize = 3;
    let fits = |input: usize| report.inputs[input].balance.entries > 0;
    let inputs = report
        .inputs
        .iter()
        .filter(|input| input.balance.entries > 0);
    let bad: u64 = inputs.map(|input| input.balance.bad).sum();
    if bad == 0 {
        return;
    }
    let lines = if bad == 1 { "line does" } else { "lines do" };
    let mut notes = format!("widefinder: {bad} {lines} not fit the format; the first:\n");
    for line in report
        .bad_lines
        .iter()
        .filter(|line| fits(line.input))
        .take(SHOWN)
    {
        // A name with a line end in it stays on its line.
        let name = escape(report.inputs[line.input].name.as_bytes());
        notes += &format!(
            "  {name}, byte {}: {} expected at byte {} of the line: {}\n",
            line.offset,
            line.expected,
            line.at,
            excerpt(&line.text)
        );
    }
    say(&notes);
}

/// A line as far as it helps to see it.
fn excerpt(text: &[u8]) -> String {
    const SHOWN: usize = 100;
    let escaped = escape(text);
    match escaped.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &escaped[..end]),
        None => escaped,
    }
}

/// Says it on standard error. Names of files are made by strangers too.
fn complain(error: &Error) {
    say(&format!("widefinder: {error}\n"));
}

fn say(message: &str) {
    let lines = message.lines().map(|line| escape(line.as_bytes()) + "\n");
    // Nobody can be told that standard error is closed.
    let _ = io::stderr().write_all(lines.collect::<String>().as_bytes());
}

fn render(out: &mut dyn Write, args: &Args, report: &Report, terminal: bool) -> io::Result<()> {
    match args.form() {
        Form::Text => {}
        Form::Json => return render::json(out, report),
        Form::Ndjson => return render::ndjson(out, report),
        Form::Csv => return render::csv(out, report, terminal),
        Form::Tsv => return render::tsv(out, report, terminal),
        Form::Markdown => return render::markdown(out, report),
    }
    if let Some(preset) = args.preset {
        return render::preset(out, preset, report, terminal);
    }
    let style = Style {
        rich: is_rich(args.color, terminal),
        width: width(terminal),
    };
    render::text(out, report, &style)
}

fn is_rich(color: Color, terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        // https://no-color.org: set, and not empty.
        Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty()),
    }
}

fn width(terminal: bool) -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal.then(terminal_size::terminal_size)??;
    Some(usize::from(columns))
}
