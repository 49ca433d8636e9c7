//! Questions, how they are typed, and their answers from all entries at once.

mod clock;
mod condition;
mod key;
mod metric;
mod rewrite;
mod row;
mod table;

pub(crate) use clock::{DAY, Zone};
pub(crate) use condition::{Clock, Condition, Operator, Pattern, Test, Wanted};
pub(crate) use key::Key;
pub(crate) use metric::{Having, Metric, Number, Value};
pub(crate) use rewrite::{Rewrite, What};
pub(crate) use row::{Lines, Row, TIMED, rows};
pub(crate) use table::{By, Table, TableAnswer, TableRow};

use std::fmt;

use super::entry::{Entry, parse_entry};
use super::lines::{lines, without_carriage_return};

/// A question.
#[derive(Clone)]
pub(crate) struct Question {
    /// All must hold.
    pub(crate) filters: Vec<Condition>,
    /// The first seconds of these.
    pub(crate) since: Option<Wanted>,
    pub(crate) until: Option<Wanted>,
    pub(crate) zone: Zone,
    /// Whether the log ends its lines with a latency.
    pub(crate) timed: bool,
    /// They differ in nothing but their keys.
    pub(crate) tables: Vec<Table>,
}

/// Its answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) lines: Lines,
    pub(crate) selected: u64,
    pub(crate) first: Option<(i64, i32)>,
    pub(crate) last: Option<(i64, i32)>,
    pub(crate) tables: Vec<TableAnswer>,
}

/// As it is typed.
impl fmt::Debug for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("widefinder")?;
        for word in self.words() {
            write!(f, " '{}'", word.replace('\'', r"'\''"))?;
        }
        Ok(())
    }
}

impl Question {
    /// What is typed for it, but for the file.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = self.words_of_selection();
        for table in &self.tables {
            words.extend(table.words_of_keys());
        }
        words.extend(self.tables.first().iter().flat_map(|table| table.words()));
        words
    }

    /// What is typed to select entries.
    pub(crate) fn words_of_selection(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
        for filter in &self.filters {
            add("-w", filter.to_string());
        }
        for (option, bound) in [("--since", &self.since), ("--until", &self.until)] {
            if let Some(bound) = bound {
                add(option, bound.to_string());
            }
        }
        if let Some(zone) = self.zone.typed() {
            add("--tz", zone.to_owned());
        }
        if self.timed {
            add("--log-format", TIMED.to_owned());
        }
        words
    }

    pub(crate) fn selects(&self, row: &Row<'_>) -> bool {
        let from = |bound: &Option<Wanted>| match bound {
            Some(Wanted::Time(_, first, _, clock)) => Some((*first, *clock)),
            _ => None,
        };
        let time = |clock| match clock {
            Clock::Wall => row.wall,
            Clock::Utc => row.moment.map(|(second, _)| second),
        };
        let since = from(&self.since);
        let until = from(&self.until);
        since.is_none_or(|(bound, clock)| time(clock).is_some_and(|time| time >= bound))
            && until.is_none_or(|(bound, clock)| time(clock).is_some_and(|time| time < bound))
            && self.filters.iter().all(|filter| filter.holds(row))
    }

    /// Whether hours or days are left out on purpose.
    fn chooses_times(&self) -> bool {
        let filters = self.filters.iter();
        self.since.is_some()
            || self.until.is_some()
            || filters.into_iter().any(Condition::is_of_time)
    }

    pub(crate) fn answer(&self, log: &[u8]) -> Answer {
        let (lines, rows) = rows(log, self.zone, self.timed);
        let selected: Vec<_> = rows.iter().filter(|row| self.selects(row)).collect();
        let times = || selected.iter().filter_map(|row| row.moment);
        Answer {
            lines,
            selected: selected.len() as u64,
            first: times().min(),
            last: times().max(),
            tables: self
                .tables
                .iter()
                .map(|table| table.answer(&selected, self.chooses_times()))
                .collect(),
        }
    }

    /// The selected lines, each with a line end.
    pub(crate) fn selected_lines(&self, log: &[u8]) -> Vec<Vec<u8>> {
        let (_, rows) = rows(log, self.zone, self.timed);
        let selected = rows.iter().filter(|row| self.selects(row));
        selected.map(|row| [row.line, b"\n"].concat()).collect()
    }
}

/// The lines of a log that are whole combined ones, and such as are wanted; without a byte-order
/// mark.
pub(crate) fn combined_lines(log: &[u8], wanted: impl Fn(&Entry<'_>) -> bool) -> Vec<u8> {
    let log = log.strip_prefix(b"\xef\xbb\xbf").unwrap_or(log);
    let lines = lines(log).into_iter().map(without_carriage_return);
    let combined = lines.filter(|line| {
        let is_comment = line.first() == Some(&b'#');
        let entry = parse_entry(line).filter(|entry| entry.agent.is_some());
        !is_comment && entry.is_some_and(|entry| wanted(&entry))
    });
    combined.flat_map(|line| [line, b"\n"].concat()).collect()
}
