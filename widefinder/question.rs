//! What is asked, and what each question scans, counts and ranks.
//!
//! A question is a list of passes over each chunk. A pass has one scanner, the
//! filters and columns of its rows, and the tables that count them; a ranking is
//! one way to read a table. So a new question is a new list here, and no new
//! loop elsewhere.

mod asked;
mod overview;
mod table;
mod table_asked;

use crate::ask::{Direction, Field, Metric};
use crate::count::summary::Columns as SummaryColumns;
use crate::count::{Measure, Shape};
use crate::derive::{Column, Derivation};
use crate::error::Error;
use crate::pattern::{Pattern, Search};
use crate::ranking::{KeyPart, OrderBy, Ranking, Reader, Reading, Rows};
use crate::scan::format::Format;
use crate::scan::wf2::{self, is_article};
use crate::scan::{Matches, Scanner};
use crate::select::Filter;

pub use asked::{Ask, Asked};
pub use table_asked::{Keys, TableAsked};

/// What is asked.
#[derive(Clone, Debug)]
pub enum Question {
    /// Tables by the groups of patterns, of all lines.
    Matches(Vec<TableAsked>),
    /// Tables, an overview, or lines, of the entries that a filter selects.
    Ask(Box<Ask>),
    /// The first report of the Wide Finder challenge.
    Wf1,
    /// The second.
    Wf2,
}

/// One scan of each chunk, and what it counts.
#[derive(Clone, Debug)]
pub struct Pass {
    /// How rows are made.
    pub scanner: Scanner,
    /// What is derived from them.
    pub derivation: Derivation,
    /// The sets of rows, in the order of the batch's masks: the first is what
    /// the question selects, the others are parts of it. Without any, the
    /// scanner itself fills the masks.
    pub sets: Vec<Set>,
    /// The tables that count the rows.
    pub shapes: Vec<Shape>,
    /// Totals besides, if wanted.
    pub summary: Option<SummaryColumns>,
    /// How the tables are read.
    pub rankings: Vec<Ranking>,
    /// Whether the first and the last time of what is selected are wanted.
    pub notes_times: bool,
    /// The fields without which there is no answer.
    pub needed: Vec<Field>,
    /// What a person is told of it.
    pub explained: Vec<String>,
}

/// A set of rows.
#[derive(Clone, Debug)]
pub enum Set {
    /// All rows.
    All,
    /// No row.
    None,
    /// Those that pass.
    Passed(Filter),
    /// Those in which a pattern is found.
    Matched(usize),
}

impl Question {
    /// The pattern of the first report.
    pub const WF1: &'static str = r"GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ";

    /// The overview and five tables of a whole log, common or combined.
    pub fn overview() -> Question {
        Question::Ask(Box::default())
    }

    /// The passes, in the order in which their tables are printed. Tables that
    /// do not say how many rows they have show the first `top`, or all if that
    /// is 0.
    ///
    /// # Errors
    ///
    /// When the log's format lacks a field that is asked for, or a table is
    /// asked for what it does not have.
    pub fn passes(&self, top: usize) -> Result<Vec<Pass>, Error> {
        let mut passes = match self {
            Question::Ask(ask) => vec![ask.pass()?],
            Question::Matches(tables) => {
                let passes = tables.iter().enumerate();
                // Lines are counted once, by the first pass.
                let passes = passes.map(|(index, table)| matches(table, index == 0));
                passes.collect::<Result<_, _>>()?
            }
            Question::Wf1 => {
                let pattern = Pattern::new(Question::WF1);
                let table = TableAsked::of(pattern.expect("the pattern is tested"));
                vec![matches(&table, false)?]
            }
            Question::Wf2 => vec![wf2()],
        };
        for ranking in passes.iter_mut().flat_map(|pass| &mut pass.rankings) {
            if ranking.rows == Rows::Usual {
                ranking.rows = Rows::upto(top);
            }
        }
        Ok(passes)
    }

    /// Whether it is about the fields of entries, so that lines are cut.
    pub fn cuts(&self) -> bool {
        matches!(self, Question::Ask(_))
    }

    /// How the lines of all logs are cut; `None` if they are not, or if that is
    /// told by the lines of each log.
    pub fn format(&self) -> Option<&Format> {
        match self {
            Question::Ask(ask) => ask.format.as_ref(),
            Question::Matches(_) | Question::Wf1 | Question::Wf2 => None,
        }
    }

    /// Whether it may select nothing, which a script wants to know.
    pub fn selects(&self) -> bool {
        match self {
            Question::Wf1 | Question::Wf2 => false,
            Question::Matches(_) => true,
            Question::Ask(ask) => ask.selects(),
        }
    }
}

/// What a pass of rows that the scanner has put into sets looks like.
fn pass(scanner: Scanner, shapes: Vec<Shape>, rankings: Vec<Ranking>) -> Pass {
    Pass {
        scanner,
        derivation: Derivation::default(),
        sets: Vec::new(),
        shapes,
        summary: None,
        rankings,
        notes_times: false,
        needed: Vec::new(),
        explained: Vec::new(),
    }
}

fn matches(table: &TableAsked, counts_lines: bool) -> Result<Pass, Error> {
    let Keys::Pattern(pattern) = &table.keys else {
        panic!("a table of lines counts by a pattern");
    };
    let shape = Shape {
        key: (0..pattern.columns()).map(Column::Text).collect(),
        set: 0,
        measures: vec![Measure::Hits],
        gathers: Vec::new(),
    };
    let title = pattern.regex().as_str();
    let all = ranking(title, "", 0, Metric::Hits, 0);
    let all = Ranking {
        matches: true,
        by: pattern.names().into_iter().map(named).collect(),
        order: table.order(&all.readers)?,
        having: table.having.clone(),
        per: table.per()?,
        rows: table.top.map_or(Rows::Usual, Rows::upto),
        ..all
    };
    let literal = pattern
        .literal()
        .filter(|literal| literal.len() >= Search::SHORTEST);
    let scanner = Scanner::Matches(Box::new(Matches::new(pattern, counts_lines)));
    let mut pass = pass(scanner, vec![shape], vec![all]);
    pass.explained = vec![
        format!("pattern {title}"),
        match literal {
            Some(literal) => format!("  every match holds {:?}", String::from_utf8_lossy(literal)),
            None => "  no literal that every match holds".to_owned(),
        },
        format!("  table by {}: hits", pattern.names().join(", ")),
    ];
    Ok(pass)
}

fn wf2() -> Pass {
    use wf2::{number, set, text};

    let hits = |key, set| Shape {
        key: vec![Column::Text(key)],
        set,
        measures: vec![Measure::Hits],
        gathers: Vec::new(),
    };
    // Whether a URI is an article can be told from the URI. So its hits need no
    // table of their own: they are the articles of the table of all URIs.
    let served = Shape {
        measures: vec![Measure::Hits, Measure::SaturatingSum(number::BYTES)],
        ..hits(text::URI, set::SERVED)
    };
    let articles = Ranking {
        keep: is_article,
        ..ranking("URIs by hit", "uri", 0, Metric::Hits, 0)
    };
    let mut pass = pass(
        Scanner::Wf2(Box::default()),
        vec![
            served,
            hits(text::URI, set::MISSING),
            hits(text::CLIENT, set::ARTICLE),
            hits(text::REFERRER, set::REFERRED),
        ],
        vec![
            articles,
            ranking("URIs by bytes", "uri", 0, Metric::Bytes, 1),
            ranking("404s", "uri", 1, Metric::Hits, 0),
            ranking("client addresses", "client", 2, Metric::Hits, 0),
            ranking("referrers", "referrer", 3, Metric::Hits, 0),
        ],
    );
    let tables = pass.rankings.iter();
    let tables = tables.map(|ranking| format!("table {}", ranking.title));
    pass.explained =
        ["fields between white space: client, uri, status, bytes, referrer".to_owned()]
            .into_iter()
            .chain(tables)
            .collect();
    pass
}

fn named(name: String) -> KeyPart {
    KeyPart { name, span: None }
}

/// A ranking of a table by one of its measures, the largest first.
fn ranking(title: &str, name: &str, table: usize, metric: Metric, measure: usize) -> Ranking {
    Ranking {
        title: title.to_owned(),
        by: vec![named(name.to_owned())],
        table,
        readers: vec![Reader {
            metric,
            reading: Reading::Whole(measure),
            sketched: false,
        }],
        shown: 1,
        order: OrderBy::Reader(0, Direction::Descending),
        having: None,
        keep: |_| true,
        per: None,
        across: None,
        rows: Rows::Usual,
        gaps: None,
        of_all: false,
        matches: false,
    }
}
