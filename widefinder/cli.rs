//! One command: plan, run, print, and say what is missing.

use std::io::{self, Write};

use widefinder::args::{Args, Color, Command};
use widefinder::error::Error;
use widefinder::form::Form;
use widefinder::lines::Selection;
use widefinder::plan::Plan;
use widefinder::render::{self, Style, escape};
use widefinder::report::Report;
use widefinder::run_watched;
use widefinder::scan::{BadLine, Format};

use crate::output;
use crate::progress::Bar;

mod bench;

const ANSWERED: u8 = 0;
const NOTHING_SELECTED: u8 = 1;
const FAILED: u8 = 2;

/// Answers what was asked, and returns the exit code.
pub(crate) fn answer(args: &Args) -> u8 {
    if let Some(Command::Bench(args)) = &args.command {
        return bench::answer(args);
    }
    let plan = match Plan::from_args(args) {
        Ok(plan) => plan,
        Err(error) => {
            complain(&error);
            return FAILED;
        }
    };
    if !args.quiet {
        note_inputs(&plan);
    }
    if args.explain {
        return explain(args, &plan);
    }
    if args.lines {
        return answer_lines(args, &plan);
    }
    let mut bar = Bar::new(args);
    let report = run_watched(&plan, bar.watcher());
    bar.finish();
    answer_with(args, &plan, &report)
}

/// Writes what was found out, and says what was not.
fn answer_with(args: &Args, plan: &Plan, report: &Report) -> u8 {
    // How far was read beyond a line that ends the run depends on chance, and so
    // does what else went wrong.
    if plan.strict
        && let Some(line) = report.bad_lines.first()
    {
        complain(&Error::input(
            &report.inputs[line.input].name,
            format_args!("a line does not fit its format: {}", place(line)),
        ));
        return FAILED;
    }
    let code = complain_of(plan, report, args.quiet);
    let mut code = code.max(self::code(plan, report));
    if is_unread(report) {
        return code;
    }
    // A table of matches says itself of how many lines.
    if code == NOTHING_SELECTED && !args.quiet && plan.question.cuts() {
        say("widefinder: nothing is selected\n");
    }
    code = code.max(written(output::write(
        args.output.as_deref(),
        &mut |out, terminal| render(out, args, report, terminal),
    )));
    if let (Some(file), Some(bad)) = (&args.bad_lines, &report.all_bad) {
        let mut write = |out: &mut dyn Write, _| bad.write(out);
        code = code.max(written(output::write(Some(file), &mut write)));
    }
    if !args.quiet {
        note_bad_lines(report);
        note_others(report);
    }
    code
}

/// Says what could not be read, and returns the exit code of that. That a file is
/// no log is no failure, unless there is none.
fn complain_of(plan: &Plan, report: &Report, quiet: bool) -> u8 {
    let mut code = ANSWERED;
    for error in report.errors.iter().chain(&unfit(plan, report)) {
        // Where each line counts, a file counts all the more.
        let is_skipped = matches!(error, Error::Skipped { .. }) && !plan.strict;
        if !is_skipped {
            code = FAILED;
        }
        if !is_skipped || !quiet {
            complain(error);
        }
    }
    if code == ANSWERED && is_unread(report) {
        complain(&Error::Usage("none of the files is a log".to_owned()));
        return FAILED;
    }
    code
}

/// Whether nothing was read, not even an empty log, so that there is nothing to
/// report.
fn is_unread(report: &Report) -> bool {
    let is_of = |error: &Error, input: &str| match error {
        Error::Input { name, .. } | Error::Skipped { name, .. } => name == input,
        _ => false,
    };
    let failed = |input: &str| report.errors.iter().any(|error| is_of(error, input));
    let mut inputs = report.inputs.iter();
    inputs.all(|input| input.bytes == 0 && failed(&input.name))
}

/// Says on standard error what should be known of the inputs.
fn note_inputs(plan: &Plan) {
    /// More would hide the answer.
    const SHOWN: usize = 10;
    for note in plan.notes.iter().take(SHOWN) {
        say(&format!("widefinder: {note}\n"));
    }
    if let Some(more @ 1..) = plan.notes.len().checked_sub(SHOWN) {
        say(&format!(
            "widefinder: {more} more files are skipped or counted twice\n"
        ));
    }
}

/// Prints how the question would be answered, and returns the exit code.
fn explain(args: &Args, plan: &Plan) -> u8 {
    let explained = plan.explain();
    let mut lines = explained.iter().map(|line| escape(line.as_bytes()));
    let mut write = |out: &mut dyn Write, _| lines.try_for_each(|line| writeln!(out, "{line}"));
    let code = written(output::write(args.output.as_deref(), &mut write));
    plan.unread
        .iter()
        .for_each(|unread| complain(&unread.error()));
    match plan.unread.is_empty() {
        true => code,
        false => FAILED,
    }
}

/// Prints the selected lines, and returns the exit code.
fn answer_lines(args: &Args, plan: &Plan) -> u8 {
    let limit = args.question.top.filter(|&top| top > 0);
    let mut selection = Selection::open(plan);
    // What could not be read replaces no file.
    let mut code = ANSWERED;
    if !selection.is_empty() {
        let mut write =
            |out: &mut dyn Write, escapes| selection.write(limit, &mut Escaping { out, escapes });
        code = written(output::write(args.output.as_deref(), &mut write));
    }
    let report = selection.report();
    let selected = report.balance().selected;
    if code == ANSWERED && selected == 0 {
        code = NOTHING_SELECTED;
    }
    // How far was read beyond the last line depends on the size of chunks.
    let read_all = limit.is_none_or(|limit| selected < limit as u64);
    code = code.max(complain_of(plan, &report, args.quiet));
    if !args.quiet && read_all {
        note_bad_lines(&report);
    }
    code
}

/// Writes lines; on a terminal with their control bytes escaped.
struct Escaping<'o> {
    out: &'o mut dyn Write,
    escapes: bool,
}

impl Write for Escaping<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.escapes {
            return self.out.write(bytes);
        }
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (line, end) = match line.strip_suffix(b"\n") {
                Some(line) => (line, "\n"),
                None => (line, ""),
            };
            write!(self.out, "{}{end}", escape(line))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The exit code of having written.
fn written(outcome: Result<(), Error>) -> u8 {
    match outcome {
        Ok(()) => ANSWERED,
        Err(error) if error.is_closed_pipe() => ANSWERED,
        Err(error) => {
            complain(&error);
            FAILED
        }
    }
}

fn code(plan: &Plan, report: &Report) -> u8 {
    let nothing = match report.tables.is_empty() {
        true => report.balance().selected == 0,
        false => report.tables.iter().all(|table| table.distinct == 0),
    };
    if plan.question.selects() && nothing {
        return NOTHING_SELECTED;
    }
    ANSWERED
}

/// Inputs of which not one line fits.
fn unfit(plan: &Plan, report: &Report) -> Vec<Error> {
    let inputs = report.inputs.iter().enumerate();
    let unfit = inputs.filter(|(_, input)| input.balance.fits == Some(false));
    let errors = unfit.map(|(index, input)| {
        let mut message = match plan.question.format() {
            Some(Format::Layout(_)) => "no line is in the format of --log-format".to_owned(),
            Some(format) => format!("no line is in the {} format", format.name()),
            None => format!(
                "no line is in a known format, and the nearest is {}",
                input.formats.join(" or ")
            ),
        };
        if let Some(line) = report.bad_lines.iter().find(|line| line.input == index) {
            message += &format!(
                "; the first:\n  {}\n  try --log-format with the LogFormat or log_format of the \
                 server's configuration; any log can be counted with a pattern, as in: \
                 widefinder -e '^[^ ]+' {}",
                place(line),
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
    let fits = |input: usize| report.inputs[input].balance.fits == Some(true);
    let inputs = report
        .inputs
        .iter()
        .filter(|input| input.balance.fits == Some(true));
    let bad: u64 = inputs.map(|input| input.balance.missed).sum();
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
        notes += &format!("  {name}, {}\n", place(line));
    }
    say(&notes);
}

/// Says which inputs hold records, but none of a request: the answer is of none of them.
fn note_others(report: &Report) {
    /// Enough to see what is wrong.
    const SHOWN: usize = 3;
    let inputs = report.inputs.iter();
    let inputs = inputs.filter(|input| input.balance.entries == 0 && input.balance.other > 0);
    let more = inputs.clone().count().saturating_sub(SHOWN);
    for input in inputs.take(SHOWN) {
        let (name, formats) = (&input.name, input.formats.join(", "));
        say(&format!(
            "widefinder: {name}: none of its records is a request that is known ({formats}); \
             --log-format takes the log_format of the server\n"
        ));
    }
    if more > 0 {
        say(&format!("widefinder: so it is with {more} more\n"));
    }
}

/// Where a line stops to fit, and how it begins.
fn place(line: &BadLine) -> String {
    let (at, expected) = (line.at, line.expected);
    let text = excerpt(&line.text);
    match line.number {
        Some(number) => format!(
            "line {number}, column {}: {expected} expected: {text}",
            at + 1
        ),
        None => {
            let offset = line.offset;
            format!("byte {offset}: {expected} expected at byte {at} of the line: {text}")
        }
    }
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
    if let Some(preset) = args.question.preset {
        return render::preset(out, preset, report, terminal);
    }
    let rich = terminal || args.color == Color::Always;
    let style = Style {
        color: rich && is_coloured(args.color),
        rich,
        width: width(terminal),
    };
    render::text(out, report, &style)
}

fn is_coloured(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        // https://no-color.org: set, and not empty.
        Color::Auto => std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty()),
    }
}

fn width(terminal: bool) -> Option<usize> {
    let (terminal_size::Width(columns), _) = terminal.then(terminal_size::terminal_size)??;
    Some(usize::from(columns))
}
