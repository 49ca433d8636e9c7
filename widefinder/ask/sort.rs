//! The order of rows.

use super::mistake::quoted;
use super::nearest::suggestion;
use super::piece::Piece;
use super::{Key, Metric, Mistake};

/// The order of rows; rows that it leaves equal are ordered by key, ascending.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sort {
    /// What it goes by.
    pub by: SortBy,
    /// Which comes first.
    pub direction: Direction,
}

/// What an order goes by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SortBy {
    /// A part of the key.
    Key(Key),
    /// A metric.
    Metric(Metric),
}

/// Which comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// The smallest.
    Ascending,
    /// The largest.
    Descending,
}

impl Sort {
    /// Reads `KEY[:asc|:desc]`, of a metric or a field. What is both, such as
    /// `bytes`, is the metric. Without a direction the largest metric comes
    /// first, and the smallest key.
    ///
    /// # Errors
    ///
    /// When there is neither such a metric nor such a field.
    ///
    /// ```
    /// use widefinder::ask::{Direction, Sort};
    ///
    /// assert_eq!(Sort::parse("bytes").unwrap().direction, Direction::Descending);
    /// assert_eq!(Sort::parse("path").unwrap().direction, Direction::Ascending);
    /// assert_eq!(Sort::parse("path:desc").unwrap().direction, Direction::Descending);
    /// ```
    pub fn parse(text: &str) -> Result<Sort, Mistake> {
        let all = Piece::all(text).trim();
        if all.text().is_empty() {
            return Err(all.mistake("a metric or a field is missing here, such as `hits`"));
        }
        let colon = all.text().rfind(':');
        let directed = colon.map(|at| (all.first(at).trim(), all.behind(at + 1).trim()));
        if let Some((name, last)) = directed {
            let direction = match last.text() {
                "asc" => Some(Direction::Ascending),
                "desc" => Some(Direction::Descending),
                _ => None,
            };
            // A column of JSON may be called so.
            if let Some(direction) = direction
                && (SortBy::read(name).is_ok() || SortBy::read(all).is_err())
            {
                let by = SortBy::read(name)?;
                return Ok(Sort { by, direction });
            }
        }
        match SortBy::read(all) {
            Ok(by) => Ok(Sort {
                direction: by.usual_direction(),
                by,
            }),
            Err(mistake) => Err(wrong_direction(all, directed).unwrap_or(mistake)),
        }
    }
}

impl SortBy {
    fn read(piece: Piece<'_>) -> Result<SortBy, Mistake> {
        let metric = match Metric::read(piece) {
            Ok(metric) => return Ok(SortBy::Metric(metric)),
            Err(mistake) => mistake,
        };
        let key = match Key::read(piece) {
            Ok(key) => return Ok(SortBy::Key(key)),
            Err(mistake) => mistake,
        };
        let text = piece.text();
        let name = piece.first(text.find([':', '/']).unwrap_or(text.len()));
        if Metric::is_name(name.text()) {
            return Err(metric);
        }
        if Key::named(name.text()).is_some() || text.starts_with(['$', '%']) {
            return Err(key);
        }
        let names = [Metric::names(), Key::names()].concat();
        let hint = suggestion(name.text(), &names, || {
            "; rows are ordered by a metric or a field of the table, \
             as in `hits`, `path` or `path:desc`"
                .to_owned()
        });
        let word = quoted(name.text());
        Err(name.mistake(format!("there is no metric or field {word}{hint}")))
    }

    fn usual_direction(&self) -> Direction {
        match self {
            SortBy::Key(_) => Direction::Ascending,
            SortBy::Metric(_) => Direction::Descending,
        }
    }
}

/// The mistake of `path:down` and of `path desc`, if it is one of them.
fn wrong_direction(all: Piece<'_>, directed: Option<(Piece<'_>, Piece<'_>)>) -> Option<Mistake> {
    let (name, last) = match directed {
        Some(directed) => directed,
        None => {
            let (name, last) = all.split_once(' ')?;
            (name.trim(), last.trim())
        }
    };
    let is_word = !last.text().is_empty() && last.text().bytes().all(|b| b.is_ascii_alphabetic());
    if !is_word || SortBy::read(name).is_err() {
        return None;
    }
    let word = quoted(last.text());
    let name = name.text();
    Some(last.mistake(format!(
        "{word} is no direction; one is written `{name}:asc` or `{name}:desc`"
    )))
}
