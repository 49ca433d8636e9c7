//! From what was typed to a question.

use jiff::Timestamp;

use crate::args::{Args, Preset, QuestionArgs};
use crate::ask::{Bound, Expr, Having, Key, Metric, Mistake, Rewrite, Sort, When, parse_zone};
use crate::error::Error;
use crate::form::Form;
use crate::pattern::Pattern;
use crate::question::{Ask, Asked, Keys, Question, TableAsked};
use crate::scan::format::Format;

/// Makes a question of what was typed.
pub(super) fn question(args: &Args) -> Result<Question, Error> {
    let typed = &args.question;
    match typed.preset {
        Some(Preset::Wf1) => return Ok(Question::Wf1),
        Some(Preset::Wf2) => return Ok(Question::Wf2),
        None => {}
    }
    let patterns = typed.patterns.iter().map(|pattern| Pattern::new(pattern));
    let patterns = patterns.collect::<Result<Vec<_>, _>>()?;
    if args.lines {
        return Ok(Question::Ask(Box::new(ask(args, Asked::Lines(patterns))?)));
    }
    let tables = tables(typed, patterns)?;
    if tables.is_empty() {
        refuse_without_tables(typed)?;
        return Ok(Question::Ask(Box::new(ask(args, Asked::Overview)?)));
    }
    if reads_lines(typed, &tables) {
        return Ok(Question::Matches(tables));
    }
    Ok(Question::Ask(Box::new(ask(args, Asked::Tables(tables))?)))
}

/// Whether the tables are of lines that match, so that no format is needed.
fn reads_lines(args: &QuestionArgs, tables: &[TableAsked]) -> bool {
    let is_pattern = |table: &TableAsked| matches!(table.keys, Keys::Pattern(_));
    let filtered = !args.filters.is_empty() || args.since.is_some() || args.until.is_some();
    !filtered
        && args.log_format.is_none()
        && tables.iter().all(is_pattern)
        && tables.iter().all(TableAsked::counts_only_hits)
}

fn ask(args: &Args, asked: Asked) -> Result<Ask, Error> {
    let typed = &args.question;
    let zone = parsed("--tz", &typed.zone, parse_zone)?;
    let when = When {
        now: Timestamp::now(),
        zone: zone.clone(),
    };
    let filters = typed.filters.iter().map(|text| Expr::parse(text, &when));
    let bound = |option, text| parsed(option, text, |text| Bound::parse(text, &when));
    let (since, until) = (
        bound("--since", &typed.since)?,
        bound("--until", &typed.until)?,
    );
    refuse_empty_span(since, until, typed)?;
    let tells_lines = matches!(args.form(), Form::Json | Form::Ndjson);
    let is_overview = matches!(asked, Asked::Overview);
    Ok(Ask {
        format: match &typed.log_format {
            Some(text) => Some(Format::named(text)?),
            None => None,
        },
        filters: filters.collect::<Result<_, _>>().map_err(at("--where"))?,
        since,
        until,
        zone,
        approximate: typed.approximate,
        balances: tells_lines || is_overview || args.strict || args.bad_lines.is_some(),
        notes_times: (tells_lines || is_overview) && !matches!(asked, Asked::Lines(_)),
        counts_lines: args.stats,
        described: described(typed),
        asked,
    })
}

/// What a title says of the selection.
fn described(args: &QuestionArgs) -> String {
    let filters = match &args.filters[..] {
        [filter] => filter.clone(),
        filters => {
            let filters: Vec<_> = filters.iter().map(|filter| format!("({filter})")).collect();
            filters.join(" and ")
        }
    };
    let mut text = String::new();
    if !filters.is_empty() {
        text += &format!(", where {filters}");
    }
    for (word, bound) in [("since", &args.since), ("until", &args.until)] {
        if let Some(bound) = bound {
            text += &format!(", {word} {bound}");
        }
    }
    text
}

fn tables(args: &QuestionArgs, patterns: Vec<Pattern>) -> Result<Vec<TableAsked>, Error> {
    let fields = args
        .by
        .iter()
        .map(|text| Key::parse_list(text).map(Keys::Fields));
    let fields = fields.collect::<Result<Vec<_>, _>>().map_err(at("--by"))?;
    let patterns = patterns.into_iter().map(Keys::Pattern);
    let mut keys: Vec<_> = fields.into_iter().chain(patterns).collect();
    if keys.is_empty() && !args.metrics.is_empty() {
        keys.push(Keys::Fields(Vec::new()));
    }
    let table = table(args)?;
    let tables: Vec<_> = keys
        .into_iter()
        .map(|keys| TableAsked {
            keys,
            ..table.clone()
        })
        .collect();
    for table in &tables {
        table.check()?;
    }
    refuse_rewrites_of_nothing(&tables)?;
    Ok(tables)
}

/// What all tables have in common; their keys are missing.
fn table(args: &QuestionArgs) -> Result<TableAsked, Error> {
    let mut metrics = Vec::new();
    for text in &args.metrics {
        metrics.extend(Metric::parse_list(text).map_err(at("--metric"))?);
    }
    if metrics.is_empty() {
        metrics.push(Metric::Hits);
    }
    let rewrites = args.rewrites.iter().map(|text| Rewrite::parse(text));
    Ok(TableAsked {
        keys: Keys::Fields(Vec::new()),
        rewrites: rewrites
            .collect::<Result<_, _>>()
            .map_err(at("--rewrite"))?,
        metrics,
        sort: parsed("--sort", &args.sort, Sort::parse)?,
        having: parsed("--having", &args.having, Having::parse)?,
        per: parsed("--per", &args.per, Key::parse)?,
        across: parsed("--across", &args.across, Key::parse)?,
        top: args.top,
    })
}

/// Parses an option, if it was typed.
fn parsed<T>(
    option: &'static str,
    text: &Option<String>,
    parse: impl Fn(&str) -> Result<T, Mistake>,
) -> Result<Option<T>, Error> {
    text.as_deref().map(parse).transpose().map_err(at(option))
}

/// A rewrite that no table has a key for is a slip.
fn refuse_rewrites_of_nothing(tables: &[TableAsked]) -> Result<(), Error> {
    let rewrites = tables.first().map_or(&[][..], |table| &table.rewrites);
    for rewrite in rewrites {
        if !tables.iter().any(|table| table.rewrites_with(rewrite)) {
            let of = match &rewrite.key {
                Some(key) => format!("{key} is not a key of a table; add it to --by"),
                None => "there is no key to rewrite; add one with --by".to_owned(),
            };
            return Err(Error::Usage(format!("--rewrite {}: {of}", rewrite.text)));
        }
    }
    Ok(())
}

/// What says something of a table has nothing to say without one.
fn refuse_without_tables(args: &QuestionArgs) -> Result<(), Error> {
    let options = [
        ("--sort", args.sort.is_some()),
        ("--having", args.having.is_some()),
        ("--per", args.per.is_some()),
        ("--across", args.across.is_some()),
        ("--rewrite", !args.rewrites.is_empty()),
    ];
    match options.iter().find(|(_, given)| *given) {
        Some((option, _)) => Err(Error::Usage(format!(
            "{option} says something of a table; name its keys with --by"
        ))),
        None => Ok(()),
    }
}

fn refuse_empty_span(
    since: Option<Bound>,
    until: Option<Bound>,
    args: &QuestionArgs,
) -> Result<(), Error> {
    let empty = match (since, until) {
        (Some(Bound::Instant(since)), Some(Bound::Instant(until)))
        | (Some(Bound::Wall(since)), Some(Bound::Wall(until))) => until <= since,
        _ => false,
    };
    match (empty, &args.since, &args.until) {
        (true, Some(since), Some(until)) => Err(Error::Usage(format!(
            "--until {until} is not after --since {since}, so that nothing lies between"
        ))),
        _ => Ok(()),
    }
}

fn at(option: &'static str) -> impl Fn(Mistake) -> Error {
    move |mistake| Error::Question {
        option: option.to_owned(),
        mistake,
    }
}
