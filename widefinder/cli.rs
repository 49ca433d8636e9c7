//! One question on the command line: plan, run, print, and say what is missing.

use std::fs::{self, Permissions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;

use widefinder::args::{Args, Color};
use widefinder::error::Error;
use widefinder::plan::Plan;
use widefinder::question::Question;
use widefinder::render::{self, Style, escape};
use widefinder::report::Report;
use widefinder::run_watched;

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
    match print(args, &report) {
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
    let fits = |input: usize| report.inputs[input].balance.entries > 0;
    let mut shown = report
        .bad_lines
        .iter()
        .filter(|line| fits(line.input))
        .peekable();
    if shown.peek().is_none() {
        return;
    }
    let bad = report.balance().bad;
    let lines = if bad == 1 { "line does" } else { "lines do" };
    let mut notes = format!("widefinder: {bad} {lines} not fit the format; the first:\n");
    for line in shown {
        notes += &format!(
            "  {}, byte {}: {} expected at byte {} of the line: {}\n",
            report.inputs[line.input].name,
            line.offset,
            line.expected,
            line.at,
            excerpt(&line.text)
        );
    }
    // Nobody can be told that standard error is closed.
    let _ = io::stderr().write_all(notes.as_bytes());
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

fn complain(error: &Error) {
    let _ = writeln!(io::stderr(), "widefinder: {error}");
}

/// Writes the answer where it was asked for.
fn print(args: &Args, report: &Report) -> Result<(), Error> {
    let Some(path) = &args.output else {
        let stdout = io::stdout();
        let terminal = stdout.is_terminal();
        let mut out = BufWriter::new(stdout.lock());
        return render(&mut out, args, report, terminal)
            .and_then(|()| out.flush())
            .map_err(|source| Error::Output {
                name: "standard output".to_owned(),
                source,
            });
    };
    let failed = |source| Error::Output {
        name: path.display().to_string(),
        source,
    };
    // A device or a pipe cannot be replaced, only written to.
    let replaceable = fs::metadata(path).map_or(true, |metadata| metadata.is_file());
    if !replaceable {
        let mut out = BufWriter::new(fs::File::create(path).map_err(failed)?);
        let written = render(&mut out, args, report, false).and_then(|()| out.flush());
        return written.map_err(failed);
    }
    replace(path, |out| render(out, args, report, false)).map_err(failed)
}

/// Writes a file whole or not at all: a temporary one beside it takes its name.
fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link keeps pointing to the file that it points to now.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".widefinder-");
    if let Some(permissions) = new_file_permissions(&path) {
        builder.permissions(permissions);
    }
    let file = builder.tempfile_in(parent.unwrap_or(Path::new(".")))?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.persist(&path)?;
    Ok(())
}

/// Those of the file that is replaced, or those that any new file gets.
fn new_file_permissions(path: &Path) -> Option<Permissions> {
    if let Ok(metadata) = fs::metadata(path) {
        return Some(metadata.permissions());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The process's umask still applies.
        Some(Permissions::from_mode(0o666))
    }
    #[cfg(not(unix))]
    None
}

fn render(out: &mut dyn Write, args: &Args, report: &Report, terminal: bool) -> io::Result<()> {
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
