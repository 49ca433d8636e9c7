//! Questions of a person's own: what to select, and what to say of it.

use jiff::tz::TimeZone;
use memchr::memmem;

use super::table::Builder;
use super::table_asked::TableAsked;
use super::{Pass, Set, overview};
use crate::ask::{Accept, Bound, Expr, Field, Key, Test};
use crate::columns::Columns;
use crate::count::summary::Columns as SummaryColumns;
use crate::error::Error;
use crate::gaps::Gaps;
use crate::pattern::Pattern;
use crate::scan::format::Format;
use crate::scan::marks::Marks;
use crate::scan::{Entries, Scanner};
use crate::select::{Filter, literal};

/// A question about the entries of a log.
#[derive(Clone, Debug)]
pub struct Ask {
    /// How lines are cut, if somebody has said so; else that is told by the lines
    /// of each log.
    pub format: Option<Format>,
    /// Which entries are selected; all must hold.
    pub filters: Vec<Expr>,
    /// From when on.
    pub since: Option<Bound>,
    /// Until when, that time not included.
    pub until: Option<Bound>,
    /// The clock of days and hours; `None` for that which wrote the log.
    pub zone: Option<TimeZone>,
    /// What is said of what is selected.
    pub asked: Asked,
    /// Whether percentiles and distinct counts may be sketches.
    pub approximate: bool,
    /// Whether all lines must be told apart, also those that a search for a
    /// literal would pass over.
    pub balances: bool,
    /// Whether the first and the last time are wanted.
    pub notes_times: bool,
    /// Whether lines that a search for a literal passes over are counted all the
    /// same.
    pub counts_lines: bool,
    /// What titles say of the selection: `, where status=404`.
    pub described: String,
}

/// What is said of what is selected.
#[derive(Clone, Debug)]
pub enum Asked {
    /// The overview and its five tables.
    Overview,
    /// Tables.
    Tables(Vec<TableAsked>),
    /// The lines themselves; if there are patterns, those that one matches.
    Lines(Vec<Pattern>),
}

impl Default for Ask {
    /// The overview of everything.
    fn default() -> Ask {
        Ask {
            format: None,
            filters: Vec::new(),
            since: None,
            until: None,
            zone: None,
            asked: Asked::Overview,
            approximate: false,
            balances: true,
            notes_times: true,
            counts_lines: false,
            described: String::new(),
        }
    }
}

impl Ask {
    /// What is selected, as one condition.
    fn filter(&self) -> Option<Expr> {
        let mut all = self.filters.clone();
        if self.since.is_some() || self.until.is_some() {
            all.push(Expr::Test(Test {
                key: Key::of(Field::Time),
                accepts: vec![Accept::Time(self.since, self.until)],
                negated: false,
                text: "--since, --until".to_owned(),
            }));
        }
        match all.len() {
            0 => None,
            1 => all.pop(),
            _ => Some(Expr::And(flat(all))),
        }
    }

    /// Whether the selection leaves out some hours or days.
    fn selects_times(&self) -> bool {
        let mut keys = Vec::new();
        self.filters
            .iter()
            .for_each(|filter| filter.keys(&mut keys));
        self.since.is_some() || self.until.is_some() || keys.iter().any(|key| key.is_time())
    }

    pub(super) fn selects(&self) -> bool {
        !matches!(self.asked, Asked::Overview) || self.filter().is_some()
    }

    pub(super) fn pass(&self) -> Result<Pass, Error> {
        let mut columns = Columns::new(self.zone.clone());
        if let Asked::Lines(_) = self.asked {
            let line = columns.text(&Field::Line);
            debug_assert_eq!(line, crate::lines::LINE);
        }
        let filter = self.filter();
        let literal = filter.as_ref().and_then(|filter| self.literal(filter));
        let selected = match &filter {
            None => Set::All,
            Some(expr) => Set::Passed(Filter::new(expr, &mut columns)),
        };
        let mut explained = self.explain(&selected, literal.as_deref());
        let mut builder = self.builder(columns, selected);
        let summary = self.fill(&mut builder)?;
        self.refuse_what_is_lacking(builder.columns.needed())?;
        explained.extend(builder.explain());
        let needed = builder.columns.needed().to_vec();
        let (wanted, derivation) = builder.columns.build();
        let entries = Entries {
            wanted,
            masks: builder.sets.len(),
            counts_lines: self.counts_lines,
            literal: literal.map(|text| memmem::Finder::new(&text).into_owned()),
            passes_over: !self.balances,
            marks: Marks::default(),
            bound: None,
        };
        Ok(Pass {
            scanner: Scanner::Entries(Box::new(entries)),
            derivation,
            sets: builder.sets,
            shapes: builder.shapes,
            summary,
            rankings: builder.rankings,
            notes_times: self.notes_times,
            needed,
            explained,
        })
    }

    /// Refuses fields that the format lacks, if somebody has named one.
    fn refuse_what_is_lacking(&self, needed: &[Field]) -> Result<(), Error> {
        let Some(format) = &self.format else {
            return Ok(());
        };
        let Some(field) = needed.iter().find(|field| format.source(field).is_none()) else {
            return Ok(());
        };
        let hint = match field {
            Field::Latency => "the log must have it, as in --log-format 'combined %D'",
            Field::Vhost => "the log must have it, as in --log-format vhost_combined",
            _ => "--log-format names another, or gives a LogFormat that has it",
        };
        Err(Error::Usage(format!(
            "the format ({}) has no field {field}; {hint}",
            format.name()
        )))
    }

    /// What every line that can be selected holds. The overview is about all
    /// lines.
    fn literal(&self, filter: &Expr) -> Option<Vec<u8>> {
        match self.asked {
            Asked::Overview => None,
            _ => literal(filter),
        }
    }

    fn builder(&self, columns: Columns, selected: Set) -> Builder {
        let mut builder = Builder::new(columns, selected);
        builder.sketched = self.approximate;
        builder.described = self.described.clone();
        builder.gaps = match self.selects_times() {
            true => Gaps::Between,
            false => Gaps::All,
        };
        builder
    }

    /// Adds what is asked for.
    fn fill(&self, builder: &mut Builder) -> Result<Option<SummaryColumns>, Error> {
        let mut summary = None;
        match &self.asked {
            Asked::Overview => {
                builder.columns.optional = true;
                summary = Some(overview::add(builder));
                builder.columns.optional = false;
            }
            Asked::Tables(tables) => {
                for table in tables {
                    builder.add(table)?;
                }
            }
            Asked::Lines(patterns) => builder.add_lines(patterns),
        }
        if self.notes_times {
            builder.columns.optional = true;
            builder.columns.times();
        }
        Ok(summary)
    }

    /// Says how entries are selected.
    fn explain(&self, selected: &Set, literal: Option<&[u8]>) -> Vec<String> {
        let format = match &self.format {
            Some(format) => format.name(),
            None => "of each log by its first lines",
        };
        let mut lines = vec![format!("format {format}")];
        lines.push(match literal.filter(|_| !self.balances) {
            Some(text) => {
                let text = String::from_utf8_lossy(text);
                format!("lines without {text:?} are not cut")
            }
            None => "every line is cut".to_owned(),
        });
        if let Set::Passed(filter) = selected {
            lines.push("filter, in this order:".to_owned());
            lines.extend(filter.explain().iter().map(|test| format!("  {test}")));
        }
        lines
    }
}

/// The conditions of conditions that must all hold: so that the cheapest of all
/// comes first.
fn flat(all: Vec<Expr>) -> Vec<Expr> {
    let parts = all.into_iter().flat_map(|expr| match expr {
        Expr::And(parts) => flat(parts),
        expr => vec![expr],
    });
    parts.collect()
}
