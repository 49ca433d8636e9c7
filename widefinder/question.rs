//! What each question scans, counts and ranks.
//!
//! A question is a list of passes over each chunk. A pass has one scanner, and
//! the tables that count its rows; a ranking is one way to read a table. So a
//! new question is a new list here, and no new loop elsewhere.

use crate::count::summary::Columns;
use crate::count::{Metric, Shape};
use crate::pattern::Pattern;
use crate::scan::entries::{Field, Numeric, Set};
use crate::scan::wf2::{self, is_article};
use crate::scan::{Entries, Matches, Scanner};
use crate::value::Unit;

/// What is asked.
#[derive(Clone, Debug)]
pub enum Question {
    /// The overview and five tables of any site's log.
    Overview,
    /// A table for each pattern.
    Matches(Vec<Pattern>),
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
    /// The tables that count them.
    pub shapes: Vec<Shape>,
    /// Totals besides, if wanted.
    pub summary: Option<Columns>,
    /// How the tables are read.
    pub rankings: Vec<Ranking>,
}

/// One way to read a table.
#[derive(Clone, Debug)]
pub struct Ranking {
    /// What the rows are.
    pub title: String,
    /// The names of the parts of a key.
    pub names: Vec<String>,
    /// The index of the table in its pass.
    pub table: usize,
    /// The index of the metric that gives the order.
    pub metric: usize,
    /// What the metric counts.
    pub unit: Unit,
    /// Which keys take part.
    pub keep: fn(&[u8]) -> bool,
}

impl Question {
    /// The pattern of the first report.
    pub const WF1: &'static str = r"GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ";

    /// The passes, in the order in which their tables are printed.
    pub fn passes(&self) -> Vec<Pass> {
        match self {
            Question::Overview => vec![overview()],
            Question::Matches(patterns) => {
                let passes = patterns.iter().enumerate();
                // Lines are counted once, by the first pass.
                passes
                    .map(|(index, pattern)| matches(pattern, index == 0))
                    .collect()
            }
            Question::Wf1 => {
                let pattern = Pattern::new(Question::WF1);
                vec![matches(&pattern.expect("the pattern is tested"), false)]
            }
            Question::Wf2 => vec![wf2()],
        }
    }
}

fn overview() -> Pass {
    let [client, path, referrer, time, status] = [0, 1, 2, 3, 4];
    let bytes = 0;
    let [all, missing, referred] = [0, 1, 2];
    let hits = |key, set| Shape {
        key: vec![key],
        set,
        metrics: vec![Metric::Hits],
    };
    let by_path = Shape {
        metrics: vec![Metric::Hits, Metric::Sum(bytes)],
        ..hits(path, all)
    };
    Pass {
        scanner: Scanner::Entries(Entries {
            texts: vec![
                Field::Client,
                Field::Path,
                Field::Referrer,
                Field::Time,
                Field::Status,
            ],
            numbers: vec![Numeric::Bytes],
            sets: vec![Set::All, Set::Missing, Set::Referred],
        }),
        shapes: vec![
            by_path,
            hits(path, missing),
            hits(client, all),
            hits(referrer, referred),
        ],
        summary: Some(Columns {
            time,
            status,
            bytes,
            referred,
        }),
        rankings: vec![
            ranking("Paths by hits", "path", 0, 0, Unit::Count),
            ranking("Paths by bytes", "path", 0, 1, Unit::Bytes),
            ranking("Paths not found (404)", "path", 1, 0, Unit::Count),
            ranking("Clients", "client", 2, 0, Unit::Count),
            ranking("Referrers", "referrer", 3, 0, Unit::Count),
        ],
    }
}

fn matches(pattern: &Pattern, counts_lines: bool) -> Pass {
    let mut all = ranking("", "", 0, 0, Unit::Count);
    all.title = pattern.regex().as_str().to_owned();
    all.names = pattern.names();
    Pass {
        scanner: Scanner::Matches(Box::new(Matches::new(pattern, counts_lines))),
        shapes: vec![Shape {
            key: (0..pattern.columns()).collect(),
            set: 0,
            metrics: vec![Metric::Hits],
        }],
        summary: None,
        rankings: vec![all],
    }
}

fn wf2() -> Pass {
    use wf2::{number, set, text};

    let hits = |key, set| Shape {
        key: vec![key],
        set,
        metrics: vec![Metric::Hits],
    };
    // Whether a URI is an article can be told from the URI. So its hits need no
    // table of their own: they are the articles of the table of all URIs.
    let served = Shape {
        metrics: vec![Metric::Hits, Metric::SaturatingSum(number::BYTES)],
        ..hits(text::URI, set::SERVED)
    };
    let articles = Ranking {
        keep: is_article,
        ..ranking("URIs by hit", "uri", 0, 0, Unit::Count)
    };
    Pass {
        scanner: Scanner::Wf2(wf2::Requests),
        shapes: vec![
            served,
            hits(text::URI, set::MISSING),
            hits(text::CLIENT, set::ARTICLE),
            hits(text::REFERRER, set::REFERRED),
        ],
        summary: None,
        rankings: vec![
            articles,
            ranking("URIs by bytes", "uri", 0, 1, Unit::Bytes),
            ranking("404s", "uri", 1, 0, Unit::Count),
            ranking("client addresses", "client", 2, 0, Unit::Count),
            ranking("referrers", "referrer", 3, 0, Unit::Count),
        ],
    }
}

fn ranking(title: &str, name: &str, table: usize, metric: usize, unit: Unit) -> Ranking {
    Ranking {
        title: title.to_owned(),
        names: vec![name.to_owned()],
        table,
        metric,
        unit,
        keep: |_| true,
    }
}
