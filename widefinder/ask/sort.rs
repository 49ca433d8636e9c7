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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::{assert_marks, assert_mistakes, is_sound, keys, metrics};
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        let sort = Sort::parse(text).unwrap_or_else(|mistake| panic!("{mistake}"));
        let by = match sort.by {
            SortBy::Key(key) => format!("key {key}"),
            SortBy::Metric(metric) => format!("metric {metric}"),
        };
        let direction = match sort.direction {
            Direction::Ascending => "up",
            Direction::Descending => "down",
        };
        format!("{by} {direction}")
    }

    #[test]
    fn an_order_goes_by_a_metric_or_a_key() {
        for (text, expected) in [
            ("hits", "metric hits down"),
            (" hits : asc ", "metric hits up"),
            ("errors%:desc", "metric errors% down"),
            ("p95:latency", "metric p95:latency down"),
            ("p95:latency:asc", "metric p95:latency up"),
            ("distinct:query:a:asc", "metric distinct:query:a up"),
            ("bytes", "metric bytes down"),
            ("path", "key path up"),
            ("path:1:desc", "key path:1 down"),
            ("client/24", "key client/24 up"),
            ("query:asc", "key query up"),
            ("query:asc:asc", "key query:asc up"),
            ("json:desc", "key json:desc up"),
            ("$a:desc", "key $a down"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn mistakes_point_at_their_place() {
        assert_mistakes(
            Sort::parse,
            &[(
                "",
                0..0,
                "a metric or a field is missing here, such as `hits`",
            )],
        );
        assert_marks(
            Sort::parse,
            r"
hitz
^^^^ there is no metric or field `hitz`; did you mean `hits`?
pth:desc
^^^ there is no metric or field `pth`; did you mean `path`?
frobnicate
^^^^^^^^^^ there is no metric or field `frobnicate`; rows are ordered by a metric or a field \
           of the table, as in `hits`, `path` or `path:desc`
avg
^^^ `avg` of what is missing, as in `avg:latency`; \
    it is of bytes, latency, upstream_latency, bytes_in
path:0
     ^ a number of segments is expected, at least 1, as in `path:1`
path:0:desc
     ^ a number of segments is expected, at least 1, as in `path:1`
path:down
     ^^^^ `down` is no direction; one is written `path:asc` or `path:desc`
hits:DESC
     ^^^^ `DESC` is no direction; one is written `hits:asc` or `hits:desc`
path desc
     ^^^^ `desc` is no direction; one is written `path:asc` or `path:desc`
",
        );
    }

    proptest! {
        #[test]
        fn any_key_and_metric_can_be_ordered(key in keys(), metric in metrics()) {
            let by = Sort::parse(&format!("{metric}:asc")).map(|sort| sort.by);
            prop_assert_eq!(by, Ok(SortBy::Metric(metric)));
            if Metric::parse(&key.to_string()).is_err() {
                let by = Sort::parse(&format!("{key}:desc")).map(|sort| sort.by);
                prop_assert_eq!(by, Ok(SortBy::Key(key)));
            }
        }

        #[test]
        fn any_text_is_an_order_or_a_sound_mistake(
            any: String,
            near in "(hits|path|query|p50|latency|asc|[:/ é]){0,5}",
        ) {
            for text in [any, near] {
                is_sound(&text, Sort::parse(&text))?;
            }
        }
    }
}
