//! Tables: groups of entries, in order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::key::{Key, Order, is_absent};
use super::metric::{Having, Metric, Value};
use super::rewrite::Rewrite;
use super::row::Row;

/// A table that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) keys: Vec<Key>,
    pub(crate) rewrites: Vec<Rewrite>,
    pub(crate) metrics: Vec<Metric>,
    /// What the order goes by, and whether the largest comes first, if that is
    /// said.
    pub(crate) sort: Option<(By, Option<bool>)>,
    pub(crate) having: Option<Having>,
    pub(crate) per: Option<Key>,
    pub(crate) across: Option<Key>,
    pub(crate) top: Option<usize>,
}

/// What an order goes by.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    Key(Key),
    Metric(Metric),
}

/// A table as an answer.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TableAnswer {
    pub(crate) rows: Vec<TableRow>,
    pub(crate) distinct: u64,
    pub(crate) filled: u64,
    pub(crate) gaps_left: bool,
    /// The columns of a cross table.
    pub(crate) columns: Option<Vec<Vec<u8>>>,
    /// The sums of what adds up: of the rows that there are, shown or not, and
    /// of all entries.
    pub(crate) total: Vec<Option<u128>>,
    pub(crate) whole: Vec<Option<u128>>,
}

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct TableRow {
    pub(crate) key: Vec<Vec<u8>>,
    pub(crate) values: Vec<Value>,
    pub(crate) cells: Vec<Value>,
}

/// The texts of the key, and the values.
impl fmt::Debug for TableRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {:?}", shown(&self.key), self.values, self.cells)
    }
}

/// A line a row.
impl fmt::Debug for TableAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            write!(f, "\n    {row:?}")?;
        }
        let columns = self.columns.as_deref().map(shown);
        let (distinct, filled, gaps_left) = (self.distinct, self.filled, self.gaps_left);
        write!(
            f,
            "\n    distinct {distinct}, filled {filled}, gaps left: {gaps_left}"
        )?;
        write!(f, "\n    columns {columns:?}")?;
        writeln!(f, "\n    total {:?} of {:?}", self.total, self.whole)
    }
}

fn shown(texts: &[Vec<u8>]) -> String {
    let texts = texts
        .iter()
        .map(|text| format!("'{}'", text.escape_ascii()));
    texts.collect::<Vec<_>>().join(" ")
}

/// The entries of a key.
struct Group<'r> {
    key: Vec<Vec<u8>>,
    /// The parts of the key as they sort.
    order: Vec<Order>,
    rows: Vec<&'r Row<'r>>,
    is_filled: bool,
}

impl Table {
    pub(crate) fn words_of_keys(&self) -> Vec<String> {
        let keys: Vec<_> = self.keys.iter().map(Key::to_string).collect();
        match keys.is_empty() {
            true => Vec::new(),
            false => vec!["-b".to_owned(), keys.join(",")],
        }
    }

    pub(crate) fn words(&self) -> Vec<String> {
        let mut words = Vec::new();
        let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
        let metrics: Vec<_> = self.metrics.iter().map(Metric::to_string).collect();
        add("-m", metrics.join(","));
        for rewrite in &self.rewrites {
            add("--rewrite", rewrite.to_string());
        }
        if let Some((by, descending)) = &self.sort {
            let by = match by {
                By::Key(key) => key.to_string(),
                By::Metric(metric) => metric.to_string(),
            };
            add(
                "-s",
                match descending {
                    None => by,
                    Some(true) => by + ":desc",
                    Some(false) => by + ":asc",
                },
            );
        }
        if let Some(having) = &self.having {
            add("--having", having.to_string());
        }
        if let Some(per) = self.per {
            add("--per", per.to_string());
        }
        if let Some(across) = self.across {
            add("--across", across.to_string());
        }
        if let Some(top) = self.top {
            add("-n", top.to_string());
        }
        words
    }

    /// The answer; `chosen` says that hours or days were left out on purpose.
    pub(crate) fn answer(&self, selected: &[&Row<'_>], chosen: bool) -> TableAnswer {
        let mut groups = self.groups(selected);
        let sums = |groups: &[Group<'_>]| {
            let sum = |metric: &Metric| {
                let values = groups.iter().map(|group| match metric.of(&group.rows) {
                    Value::Whole(number) => number,
                    _ => 0,
                });
                metric.adds_up().then(|| values.sum())
            };
            self.metrics.iter().map(sum).collect()
        };
        let whole = sums(&groups);
        if let Some(having) = &self.having {
            groups.retain(|group| having.holds(&group.rows));
        }
        let (total, distinct) = (sums(&groups), groups.len() as u64);
        let gaps_left = self.fill(&mut groups, chosen);
        groups.sort_by(|a, b| self.compare(a, b));
        let mut groups = self.shown(groups);
        if self.keys.is_empty() && groups.is_empty() && self.having.is_none() {
            // The total of nothing is a row.
            groups.push(Group {
                key: Vec::new(),
                order: Vec::new(),
                rows: Vec::new(),
                is_filled: true,
            });
        }
        let columns = self.across.map(|across| self.columns(across, selected));
        TableAnswer {
            rows: groups
                .iter()
                .map(|group| self.row(group, &columns))
                .collect(),
            distinct,
            filled: groups.iter().filter(|group| group.is_filled).count() as u64,
            gaps_left,
            columns,
            total,
            whole,
        }
    }

    /// The value of a key for an entry, rewritten, and as it sorts.
    fn part(&self, key: Key, row: &Row<'_>) -> (Vec<u8>, Order) {
        let rewrites = self.rewrites.iter().filter(|rewrite| match rewrite.key {
            None => self.keys.first() == Some(&key),
            Some(named) => named == key,
        });
        let value = key.value(row);
        let order = key.order(&value);
        let mut rewrites = rewrites.peekable();
        if rewrites.peek().is_none() {
            return (value, order);
        }
        let value = rewrites.fold(value, |value, rewrite| rewrite.apply(&value));
        (value.clone(), (false, value))
    }

    fn groups<'r>(&self, selected: &[&'r Row<'r>]) -> Vec<Group<'r>> {
        let mut groups: BTreeMap<Vec<Vec<u8>>, Group<'r>> = BTreeMap::new();
        for row in selected {
            let parts = self.keys.iter().map(|key| self.part(*key, row));
            let (key, order): (Vec<_>, Vec<_>) = parts.unzip();
            let group = groups.entry(key.clone()).or_insert_with(|| Group {
                key,
                order,
                rows: Vec::new(),
                is_filled: false,
            });
            group.rows.push(row);
        }
        groups.into_values().collect()
    }

    /// Whether the order is that of time because nobody says otherwise.
    fn is_in_time(&self) -> bool {
        let unsorted = self.sort.is_none() && self.per.is_none();
        let first = self.keys.first();
        unsorted && first.is_some_and(|key| key.is_time() && !self.is_rewritten(*key))
    }

    /// Fills the gaps between times, and of hours and weekdays all that is
    /// missing, unless it was left out on purpose; returns whether they are too
    /// many.
    fn fill(&self, groups: &mut Vec<Group<'_>>, chosen: bool) -> bool {
        if !self.is_in_time() || self.keys.len() > 1 || self.having.is_some() || groups.is_empty() {
            return false;
        }
        let key = self.keys[0];
        let walls = groups.iter().flat_map(|group| &group.rows);
        let walls: Vec<_> = walls.filter_map(|row| row.wall).collect();
        let first = walls.iter().min().copied().unwrap_or_default();
        let last = walls.iter().max().copied().unwrap_or_default();
        if walls.is_empty() {
            return false;
        }
        let Some(values) = key.without_gaps(first, last) else {
            return true;
        };
        let known: BTreeSet<_> = groups.iter().map(|group| group.key[0].clone()).collect();
        let present = groups.iter().filter(|group| !is_absent(&group.key[0]));
        let orders: BTreeSet<_> = present.map(|group| group.order[0].clone()).collect();
        let between = |value: &Vec<u8>| {
            let order = key.order(value);
            orders.first() < Some(&order) && Some(&order) < orders.last()
        };
        let missing = values
            .into_iter()
            .filter(|value| !known.contains(value) && (!chosen || between(value)));
        groups.extend(missing.map(|value| Group {
            order: vec![key.order(&value)],
            key: vec![value],
            rows: Vec::new(),
            is_filled: true,
        }));
        false
    }

    fn compare(&self, a: &Group<'_>, b: &Group<'_>) -> Ordering {
        let usual = match self.is_in_time() {
            true => (By::Key(self.keys[0]), None),
            false => (By::Metric(self.metrics[0]), None),
        };
        let order = match self.sort.unwrap_or(usual) {
            (By::Metric(metric), descending) => {
                let (a, b) = (metric.of(&a.rows), metric.of(&b.rows));
                let absent = (a == Value::Absent).cmp(&(b == Value::Absent));
                absent.then(directed(a.compare(b), descending.unwrap_or(true)))
            }
            (By::Key(key), descending) => {
                let part = self.place(key);
                let absent = |group: &Group<'_>| is_absent(&group.key[part]);
                let order = match absent(a) && absent(b) {
                    true => Ordering::Equal,
                    false => a.order[part].cmp(&b.order[part]),
                };
                let order = directed(order, descending.unwrap_or(false));
                absent(a).cmp(&absent(b)).then(order)
            }
        };
        order.then_with(|| a.order.cmp(&b.order))
    }

    fn place(&self, key: Key) -> usize {
        let place = self.keys.iter().position(|known| *known == key);
        place.expect("the key is one of the table")
    }

    /// The first rows, or those of each value of `per`.
    fn shown<'r>(&self, groups: Vec<Group<'r>>) -> Vec<Group<'r>> {
        let top = match self.top {
            None if self.is_in_time() => usize::MAX,
            None => 10,
            Some(0) => usize::MAX,
            Some(top) => top,
        };
        let Some(per) = self.per else {
            return groups.into_iter().take(top).collect();
        };
        let part = self.place(per);
        let mut values: Vec<(Vec<u8>, Vec<Group<'r>>)> = Vec::new();
        for group in groups {
            let value = &group.key[part];
            match values.iter_mut().find(|(known, _)| known == value) {
                Some((_, groups)) if groups.len() < top => groups.push(group),
                Some(_) => {}
                None => values.push((value.clone(), vec![group])),
            }
        }
        if per.is_time() && !self.is_rewritten(per) {
            values.sort_by_key(|(_, groups)| groups[0].order[part].clone());
        }
        values.into_iter().flat_map(|(_, groups)| groups).collect()
    }

    fn is_rewritten(&self, key: Key) -> bool {
        let mut rewrites = self.rewrites.iter();
        rewrites.any(|rewrite| match rewrite.key {
            None => self.keys.first() == Some(&key),
            Some(named) => named == key,
        })
    }

    /// The columns of a cross table, whatever rows are shown.
    fn columns(&self, across: Key, selected: &[&Row<'_>]) -> Vec<Vec<u8>> {
        let columns = selected.iter().map(|row| self.part(across, row));
        let mut columns: Vec<_> = columns.collect();
        columns.sort_by_key(|(value, order)| (is_absent(value), order.clone()));
        columns.dedup();
        columns.into_iter().map(|(value, _)| value).collect()
    }

    fn row(&self, group: &Group<'_>, columns: &Option<Vec<Vec<u8>>>) -> TableRow {
        let cell = |column: &Vec<u8>| {
            let across = self.across.expect("only a cross table has columns");
            let rows = group.rows.iter().copied();
            let rows: Vec<_> = rows
                .filter(|row| self.part(across, row).0 == *column)
                .collect();
            self.metrics[0].of(&rows)
        };
        TableRow {
            key: group.key.clone(),
            values: self
                .metrics
                .iter()
                .map(|metric| metric.of(&group.rows))
                .collect(),
            cells: columns.iter().flatten().map(cell).collect(),
        }
    }
}

fn directed(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}
