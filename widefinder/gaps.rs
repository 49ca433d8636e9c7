//! Rows for the spans of time in which nothing happened.

use jiff::SignedDuration;
use jiff::civil::DateTime;

use crate::derive::{Span, UNREADABLE, Wall};
use crate::rank::RankedRow;
use crate::ranking::Ranking;
use crate::time::{EPOCH, WEEKDAYS};

/// The most rows of a table with its gaps filled. A single entry with a wrong
/// date must not make millions of rows.
const MOST_ROWS: usize = 100_000;

/// Which gaps are filled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gaps {
    /// Those between the first and the last row; of hours and weekdays all
    /// others too.
    All,
    /// Those between the first and the last row: what lies outside may have been
    /// left out by the question.
    Between,
}

/// Rows in the order of time, with their gaps filled as far as they are shown.
#[derive(Debug)]
pub struct Filled {
    /// The rows that are shown.
    pub rows: Vec<RankedRow>,
    /// How many of them fill gaps.
    pub filled: u64,
    /// Whether gaps were left because there are too many.
    pub gaps_left: bool,
}

impl Gaps {
    /// Fills the gaps of rows that are in the order of time, and keeps the first
    /// of them.
    pub fn fill(self, ranking: &Ranking, rows: Vec<RankedRow>) -> Filled {
        let limit = ranking.rows.limit().unwrap_or(usize::MAX);
        let span = ranking.by[0].span.filter(|_| !rows.is_empty());
        let keys = span.map(|span| self.keys(span, &rows));
        let Some(Some(keys)) = keys else {
            return Filled {
                rows: rows.into_iter().take(limit).collect(),
                filled: 0,
                gaps_left: keys.is_some(),
            };
        };
        let values = ranking.of_nothing();
        let (mut shown, mut filled) = (Vec::new(), 0);
        let mut rows = rows.into_iter().peekable();
        for key in keys.into_iter().take(limit) {
            let row = rows.next_if(|row| row.key == key);
            shown.push(row.unwrap_or_else(|| {
                filled += 1;
                RankedRow::new(key, values.clone())
            }));
        }
        // Those whose time cannot be read.
        shown.extend(rows.take(limit - shown.len()));
        Filled {
            rows: shown,
            filled,
            gaps_left: false,
        }
    }

    /// All keys that the rows shall have; `None` if there are too many.
    fn keys(self, span: Span, rows: &[RankedRow]) -> Option<Vec<Vec<u8>>> {
        let mut known = rows
            .iter()
            .map(|row| &row.key)
            .filter(|key| *key != UNREADABLE);
        let Some(first) = known.next() else {
            return Some(Vec::new());
        };
        let last = known.next_back().unwrap_or(first);
        let all = match span {
            Span::Hour => (0..24)
                .map(|hour| format!("{hour:02}").into_bytes())
                .collect(),
            Span::Weekday => (1..=WEEKDAYS.len())
                .map(|day| day.to_string().into_bytes())
                .collect(),
            Span::Bucket(width) => return buckets(width, wall(first), wall(last)),
        };
        Some(match self {
            Gaps::All => all,
            Gaps::Between => {
                let between = |key: &Vec<u8>| (first..=last).contains(&key);
                all.into_iter().filter(between).collect::<Vec<_>>()
            }
        })
    }
}

fn buckets(width: u32, first: i64, last: i64) -> Option<Vec<Vec<u8>>> {
    let steps = usize::try_from((last - first) / i64::from(width)).ok()?;
    if steps >= MOST_ROWS {
        return None;
    }
    let walls = (0..=steps as i64).map(|step| Wall(first + step * i64::from(width)));
    Some(
        walls
            .filter_map(|wall| Span::Bucket(width).key(wall))
            .collect(),
    )
}

/// Reads the key of a bucket.
fn wall(key: &[u8]) -> i64 {
    let text = std::str::from_utf8(key).expect("a time is written in digits");
    let time: DateTime = text.parse().expect("a bucket's key is a date or a time");
    let since: SignedDuration = time.duration_since(EPOCH);
    since.as_secs()
}
