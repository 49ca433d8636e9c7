//! From a table that is asked for to a shape that is counted and a ranking that
//! reads it.

use super::table_asked::{Keys, TableAsked};
use super::{Set, named};
use crate::ask::{Accept, Direction, Expr, Field, Key, Metric, Rewrite, Test};
use crate::columns::Columns;
use crate::count::gather::Gather;
use crate::count::{Measure, Shape};
use crate::derive::{Column, Span};
use crate::error::Error;
use crate::gaps::Gaps;
use crate::pattern::Pattern;
use crate::ranking::{Across, KeyPart, OrderBy, Ranking, Reader, Reading, Rows};
use crate::select::Filter;

/// Collects what the tables of a pass need.
pub(super) struct Builder {
    pub(super) columns: Columns,
    pub(super) sets: Vec<Set>,
    pub(super) shapes: Vec<Shape>,
    pub(super) rankings: Vec<Ranking>,
    /// The ranges of statuses that have a set, with its number.
    statuses: Vec<(u64, u64, usize)>,
    /// Whether percentiles and distinct counts are sketches.
    pub(super) sketched: bool,
    /// What titles say of the selection.
    pub(super) described: String,
    /// Which gaps are filled.
    pub(super) gaps: Gaps,
}

impl Builder {
    pub(super) fn new(columns: Columns, selected: Set) -> Builder {
        Builder {
            columns,
            sets: vec![selected],
            shapes: Vec::new(),
            rankings: Vec::new(),
            statuses: Vec::new(),
            sketched: false,
            described: String::new(),
            gaps: Gaps::All,
        }
    }

    /// Adds the set of what a test accepts, or does not accept.
    pub(super) fn set(&mut self, field: Field, accept: Accept, negated: bool) -> usize {
        let test = Test {
            text: field.to_string(),
            key: Key::of(field),
            accepts: vec![accept],
            negated,
        };
        let filter = Filter::new(&Expr::Test(test), &mut self.columns);
        self.sets.push(Set::Passed(filter));
        self.sets.len() - 1
    }

    /// Adds a table.
    pub(super) fn add(&mut self, table: &TableAsked) -> Result<(), Error> {
        let (set, parts, key) = self.keys(table);
        let mut shape = Shape {
            key,
            set,
            measures: Vec::new(),
            gathers: Vec::new(),
        };
        let readers = self.readers(table, &mut shape);
        let order = table.order(&readers)?;
        let in_time = table.is_in_time();
        let rows = match table.top {
            None if in_time => Rows::All,
            None => Rows::Usual,
            Some(top) => Rows::upto(top),
        };
        let number = self.shapes.len();
        self.shapes.push(shape);
        let across = self.across(table, number);
        let mut ranking = Ranking {
            title: String::new(),
            gaps: (in_time && parts.len() == 1 && table.having.is_none()).then_some(self.gaps),
            by: parts,
            table: number,
            readers,
            shown: table.metrics.len(),
            order,
            having: table.having.clone(),
            keep: |_| true,
            per: table.per()?,
            across,
            rows,
            of_all: false,
            matches: matches!(table.keys, Keys::Pattern(_)),
        };
        ranking.title = title(table, &ranking) + &self.described;
        self.rankings.push(ranking);
        Ok(())
    }

    /// Adds to a shape what the metrics of a table need, those first that are
    /// shown.
    fn readers(&mut self, table: &TableAsked, shape: &mut Shape) -> Vec<Reader> {
        let mut readers: Vec<Reader> = Vec::new();
        for (number, metric) in table.all_metrics().enumerate() {
            let is_shown = number < table.metrics.len();
            if is_shown || !readers.iter().any(|reader| reader.metric == *metric) {
                readers.push(self.reader(metric, shape));
            }
        }
        readers
    }

    /// Adds a set for each pattern of a selection of lines.
    pub(super) fn add_lines(&mut self, patterns: &[Pattern]) {
        for pattern in patterns {
            let (captures, _) = self.columns.groups(pattern);
            self.sets.push(Set::Matched(captures));
        }
    }

    pub(super) fn explain(&self) -> Vec<String> {
        let list = |texts: Vec<String>| match texts.is_empty() {
            true => "none".to_owned(),
            false => texts.join(", "),
        };
        let mut lines = vec![
            format!("fields cut: {}", list(self.columns.fields())),
            format!("derived: {}", list(self.columns.derived())),
        ];
        for ranking in &self.rankings {
            let readers = ranking.readers.iter().enumerate();
            let metrics = readers.map(|(number, reader)| {
                let compared = if number < ranking.shown {
                    ""
                } else {
                    ", compared only"
                };
                format!("{}{}{compared}", reader.metric, kept(reader))
            });
            lines.push(format!(
                "table {}: {}",
                ranking.title,
                list(metrics.collect())
            ));
            if let Some(across) = &ranking.across {
                let (metric, kept) = (&across.reader.metric, kept(&across.reader));
                lines.push(format!("table of its cells: {metric}{kept}"));
            }
        }
        lines
    }

    /// The set, the names and the columns of a table's key.
    fn keys(&mut self, table: &TableAsked) -> (usize, Vec<KeyPart>, Vec<Column>) {
        match &table.keys {
            Keys::Pattern(pattern) => {
                let (captures, columns) = self.columns.groups(pattern);
                self.sets.push(Set::Matched(captures));
                let parts = pattern.names().into_iter().map(named).collect();
                (self.sets.len() - 1, parts, columns)
            }
            Keys::Fields(keys) => {
                let mut parts = Vec::new();
                let mut columns = Vec::new();
                for key in keys {
                    let rewrites: Vec<_> = table.rewrites_of(key).cloned().collect();
                    columns.push(self.columns.of_table(key, &rewrites));
                    parts.push(key_part(key, &rewrites));
                }
                (0, parts, columns)
            }
        }
    }

    /// Adds the table of a cross table's cells.
    fn across(&mut self, table: &TableAsked, rows: usize) -> Option<Across> {
        let key = table.across.as_ref()?;
        let rewrites: Vec<_> = table.rewrites_of(key).cloned().collect();
        let mut shape = Shape {
            measures: Vec::new(),
            gathers: Vec::new(),
            ..self.shapes[rows].clone()
        };
        shape.key.push(self.columns.of_table(key, &rewrites));
        let reader = self.reader(&table.metrics[0], &mut shape);
        self.shapes.push(shape);
        Some(Across {
            table: self.shapes.len() - 1,
            reader,
            part: key_part(key, &rewrites),
        })
    }

    /// Adds to a shape what a metric needs.
    fn reader(&mut self, metric: &Metric, shape: &mut Shape) -> Reader {
        let reading = match metric {
            Metric::Hits => Reading::Whole(measure(shape, Measure::Hits)),
            Metric::Errors => Reading::Whole(self.status(shape, 500, 999)),
            Metric::ClientErrors => Reading::Whole(self.status(shape, 400, 499)),
            Metric::ErrorRate => {
                let errors = self.status(shape, 500, 999);
                Reading::Ratio(errors, measure(shape, Measure::Hits))
            }
            Metric::First => Reading::Time(self.time(shape, Measure::First)),
            Metric::Last => Reading::Time(self.time(shape, Measure::Last)),
            Metric::Distinct(key) => {
                let column = self.columns.shown(key);
                Reading::Distinct(gather(shape, self.distinct(vec![column], true)))
            }
            Metric::Visitors => {
                let visitor = self.visitor();
                Reading::Distinct(gather(shape, self.distinct(visitor, false)))
            }
            Metric::Bytes => self.number(metric, &Field::Bytes, shape),
            Metric::Average(field)
            | Metric::Max(field)
            | Metric::Min(field)
            | Metric::Percentile(_, field) => self.number(metric, field, shape),
        };
        let gathers = matches!(reading, Reading::Percentile(..) | Reading::Distinct(_));
        Reader {
            metric: metric.clone(),
            reading,
            sketched: self.sketched && gathers,
        }
    }

    /// Adds to a shape what a metric of a number needs.
    fn number(&mut self, metric: &Metric, field: &Field, shape: &mut Shape) -> Reading {
        let column = self.columns.number(field);
        let numbers = |shape: &mut Shape| measure(shape, Measure::Numbers(column));
        match metric {
            Metric::Max(_) => {
                Reading::Present(measure(shape, Measure::Max(column)), numbers(shape))
            }
            Metric::Min(_) => {
                Reading::Present(measure(shape, Measure::Min(column)), numbers(shape))
            }
            Metric::Average(_) => {
                Reading::Ratio(measure(shape, Measure::Sum(column)), numbers(shape))
            }
            Metric::Percentile(percent, _) => {
                let sketched = self.sketched;
                let numbers = Gather::Numbers { column, sketched };
                Reading::Percentile(gather(shape, numbers), *percent)
            }
            _ => Reading::Whole(measure(shape, Measure::Sum(column))),
        }
    }

    fn time(&mut self, shape: &mut Shape, time: Measure) -> usize {
        self.columns.times();
        measure(shape, time)
    }

    fn distinct(&self, columns: Vec<Column>, only_present: bool) -> Gather {
        Gather::Distinct {
            columns,
            only_present,
            sketched: self.sketched,
        }
    }

    /// Client, agent and day.
    fn visitor(&mut self) -> Vec<Column> {
        let day = Key {
            field: Field::Time,
            derive: crate::ask::Derive::Day,
        };
        let mut columns = vec![self.columns.shown(&Key::of(Field::Client))];
        // A format without agents has visitors all the same.
        let agent = Key::of(Field::Agent);
        self.columns.optional = true;
        columns.push(self.columns.shown(&agent));
        self.columns.optional = false;
        columns.push(self.columns.shown(&day));
        columns
    }

    /// The measure of the entries with a status from `first` to `last`.
    fn status(&mut self, shape: &mut Shape, first: u64, last: u64) -> usize {
        let known = self
            .statuses
            .iter()
            .find(|known| (known.0, known.1) == (first, last));
        let set = match known {
            Some((_, _, set)) => *set,
            None => {
                let set = self.set(Field::Status, Accept::Number(first, last), false);
                self.statuses.push((first, last, set));
                set
            }
        };
        measure(shape, Measure::HitsOf(set))
    }
}

/// What is kept for a metric, for people, if it is more than a few numbers.
fn kept(reader: &Reader) -> &'static str {
    match (reader.sketched, reader.reading) {
        (true, _) => " (sketch)",
        (_, Reading::Percentile(..)) => " (all values kept)",
        (_, Reading::Distinct(_)) => " (all distinct values kept)",
        _ => "",
    }
}

/// The index of a measure of the shape, which is added if it is new.
fn measure(shape: &mut Shape, measure: Measure) -> usize {
    let known = shape.measures.iter().position(|known| *known == measure);
    known.unwrap_or_else(|| {
        shape.measures.push(measure);
        shape.measures.len() - 1
    })
}

/// The index of a gather of the shape, which is added if it is new.
fn gather(shape: &mut Shape, gather: Gather) -> usize {
    let known = shape.gathers.iter().position(|known| *known == gather);
    known.unwrap_or_else(|| {
        shape.gathers.push(gather);
        shape.gathers.len() - 1
    })
}

fn key_part(key: &Key, rewrites: &[Rewrite]) -> KeyPart {
    KeyPart {
        name: key.to_string(),
        span: Span::of(key).filter(|_| rewrites.is_empty()),
    }
}

/// What the rows are, and in which order.
fn title(table: &TableAsked, ranking: &Ranking) -> String {
    if let Keys::Pattern(pattern) = &table.keys {
        return pattern.regex().as_str().to_owned();
    }
    let join = |names: Vec<String>| names.join(", ");
    let by = join(ranking.by.iter().map(|part| part.name.clone()).collect());
    let metrics = join(
        ranking
            .shown()
            .iter()
            .map(|reader| reader.metric.to_string())
            .collect(),
    );
    let mut title = match ranking.order {
        _ if by.is_empty() => "total".to_owned(),
        OrderBy::Part(..) if table.sort.is_none() => format!("{metrics} by {by}"),
        OrderBy::Part(part, direction) => {
            let direction = match direction {
                Direction::Ascending => "ascending",
                Direction::Descending => "descending",
            };
            format!("{metrics} by {by}, {} {direction}", ranking.by[part].name)
        }
        OrderBy::Reader(reader, direction) => {
            let up = match direction {
                Direction::Ascending => ", smallest first",
                Direction::Descending => "",
            };
            format!("{by} by {}{up}", ranking.readers[reader].metric)
        }
    };
    if let Some(across) = &ranking.across {
        title += &format!(", across {}", across.part.name);
    }
    title
}
