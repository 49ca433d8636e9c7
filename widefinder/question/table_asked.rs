//! A table as it is asked for.

use crate::ask::{Direction, Having, Key, Metric, Rewrite, Sort, SortBy};
use crate::error::Error;
use crate::pattern::Pattern;
use crate::ranking::{OrderBy, Reader};

/// A table that is asked for.
#[derive(Clone, Debug)]
pub struct TableAsked {
    /// What it counts by.
    pub keys: Keys,
    /// What is replaced in its keys.
    pub rewrites: Vec<Rewrite>,
    /// What is said of each key; at least one.
    pub metrics: Vec<Metric>,
    /// The order, if it is not the usual one.
    pub sort: Option<Sort>,
    /// Which rows are shown.
    pub having: Option<Having>,
    /// The key within whose values rows are ranked.
    pub per: Option<Key>,
    /// The key whose values are columns.
    pub across: Option<Key>,
    /// Rows: `None` for the usual number, `Some(0)` for all.
    pub top: Option<usize>,
}

/// What a table counts by.
#[derive(Clone, Debug)]
pub enum Keys {
    /// Fields and what is derived from them; none for one row, the total.
    Fields(Vec<Key>),
    /// The groups of a pattern.
    Pattern(Pattern),
}

impl TableAsked {
    /// Hits by the groups of a pattern.
    pub fn of(pattern: Pattern) -> TableAsked {
        TableAsked::by(Keys::Pattern(pattern))
    }

    /// Hits by keys.
    pub fn by(keys: Keys) -> TableAsked {
        TableAsked {
            keys,
            rewrites: Vec::new(),
            metrics: vec![Metric::Hits],
            sort: None,
            having: None,
            per: None,
            across: None,
            top: None,
        }
    }

    /// Refuses what the parts of a table cannot mean together.
    ///
    /// # Errors
    ///
    /// When a cross table has no rows, or its columns are a key of them.
    pub fn check(&self) -> Result<(), Error> {
        let Some(across) = &self.across else {
            return Ok(());
        };
        match &self.keys {
            Keys::Fields(keys) if !keys.is_empty() && !keys.contains(across) => Ok(()),
            Keys::Fields(keys) if keys.is_empty() => Err(Error::Usage(format!(
                "--across {across}: a cross table needs rows; name their key with --by"
            ))),
            Keys::Fields(_) => Err(Error::Usage(format!(
                "--across {across}: is a key of the rows (--by) as well; take one of them out"
            ))),
            Keys::Pattern(_) => Err(Error::Usage(format!(
                "--across {across}: goes with --by, not with --regexp; \
                 a pattern of two groups counts by both"
            ))),
        }
    }

    /// Whether nothing but hits is counted, so that lines are enough.
    pub fn counts_only_hits(&self) -> bool {
        self.all_metrics().all(|metric| *metric == Metric::Hits)
    }

    /// What is said of a row, and then what rows are only compared by.
    pub(super) fn all_metrics(&self) -> impl Iterator<Item = &Metric> {
        let sorted = self.sort.iter().filter_map(|sort| match &sort.by {
            SortBy::Metric(metric) => Some(metric),
            SortBy::Key(_) => None,
        });
        let compared = self.having.iter().flat_map(Having::metrics);
        self.metrics.iter().chain(compared).chain(sorted)
    }

    /// The rewrites that a key, or the columns of a cross table, get: those that
    /// name it, and, if it is the first key, those that name none.
    pub fn rewrites_of(&self, key: &Key) -> impl Iterator<Item = &Rewrite> {
        let is_first = match &self.keys {
            Keys::Fields(keys) => keys.first() == Some(key),
            Keys::Pattern(_) => false,
        };
        let rewrites = self.rewrites.iter();
        rewrites.filter(move |rewrite| match &rewrite.key {
            Some(named) => named == key,
            None => is_first,
        })
    }

    /// Whether a rewrite is one of a key of this table.
    pub fn rewrites_with(&self, rewrite: &Rewrite) -> bool {
        let Keys::Fields(keys) = &self.keys else {
            return false;
        };
        let named = |key: &Key| self.rewrites_of(key).any(|of| of.text == rewrite.text);
        keys.iter().chain(&self.across).any(named)
    }

    /// Whether its rows are in the order of time, as they are if nobody says
    /// otherwise and its first key is a time. Within the values of `per` rows are
    /// always ranked.
    pub(super) fn is_in_time(&self) -> bool {
        let Keys::Fields(keys) = &self.keys else {
            return false;
        };
        let is_time = |key: &Key| key.is_time() && self.rewrites_of(key).next().is_none();
        self.sort.is_none() && self.per.is_none() && keys.first().is_some_and(is_time)
    }

    /// The order of its rows, by what it reads of them.
    pub(super) fn order(&self, readers: &[Reader]) -> Result<OrderBy, Error> {
        let Some(sort) = &self.sort else {
            return Ok(match self.is_in_time() {
                true => OrderBy::Part(0, Direction::Ascending),
                false => OrderBy::Reader(0, Direction::Descending),
            });
        };
        match &sort.by {
            SortBy::Metric(metric) => {
                let reader = readers.iter().position(|reader| reader.metric == *metric);
                let reader = reader.expect("a metric that is compared is read");
                Ok(OrderBy::Reader(reader, sort.direction))
            }
            SortBy::Key(key) => match self.place_of(key) {
                Some(part) => Ok(OrderBy::Part(part, sort.direction)),
                None => Err(Error::Usage(format!(
                    "--sort {key}: is neither a metric nor a key of the table ({})",
                    self.key_names()
                ))),
            },
        }
    }

    /// The part of the key within whose values rows are ranked.
    pub(super) fn per(&self) -> Result<Option<usize>, Error> {
        let Some(key) = &self.per else {
            return Ok(None);
        };
        match self.place_of(key) {
            Some(part) => Ok(Some(part)),
            None => Err(Error::Usage(format!(
                "--per {key}: is not a key of the table ({}); add it to --by",
                self.key_names()
            ))),
        }
    }

    fn place_of(&self, key: &Key) -> Option<usize> {
        match &self.keys {
            Keys::Fields(keys) => keys.iter().position(|known| known == key),
            Keys::Pattern(pattern) => {
                let names = pattern.names();
                names.iter().position(|name| *name == key.to_string())
            }
        }
    }

    fn key_names(&self) -> String {
        let names = match &self.keys {
            Keys::Fields(keys) => keys.iter().map(Key::to_string).collect(),
            Keys::Pattern(pattern) => pattern.names(),
        };
        match names.is_empty() {
            true => "none".to_owned(),
            false => names.join(", "),
        }
    }
}
