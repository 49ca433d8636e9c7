//! The rounds: the sides of a row take turns, so that what disturbs the machine
//! for a while disturbs all of them.
//!
//! One side after the other with all its rounds would be simpler, but on a
//! machine that is shared the order would then decide.

use std::time::{Duration, Instant};

use crate::workloads::checksum;

/// How long the measuring may take.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    /// About how long one run is to last: so long that starting the workers,
    /// which is part of it, hardly counts.
    pub(crate) run: Duration,
    pub(crate) most_items: u64,
}

/// The number of items of a first run, and the least of all.
const FIRST_ITEMS: u64 = 16;

/// By how much the runs grow that look for the number of items.
const GROWTH: u64 = 4;

/// One side of a comparison.
pub(crate) struct Side<'a> {
    name: String,
    /// Moves as many items and asserts that they arrive.
    run: Box<dyn Fn(u64) + 'a>,
    /// How many of what is counted one item stands for.
    counts: usize,
}

impl<'a> Side<'a> {
    /// `run` moves items and returns their checksum.
    pub(crate) fn new(name: impl Into<String>, run: impl Fn(u64) -> u64 + 'a) -> Side<'a> {
        Side {
            name: name.into(),
            run: Box::new(move |items| assert_eq!(run(items), checksum(items))),
            counts: 1,
        }
    }

    /// `run` moves one item, and is repeated; `counts` things are measured.
    pub(crate) fn repeated(name: &str, counts: usize, run: impl Fn() -> u64 + 'a) -> Side<'a> {
        Side {
            name: name.to_owned(),
            run: Box::new(move |times| {
                for _ in 0..times {
                    assert_eq!(run(), checksum(1));
                }
            }),
            counts,
        }
    }

    fn time(&self, items: u64) -> Duration {
        let start = Instant::now();
        (self.run)(items);
        start.elapsed()
    }

    /// Looks for the number of items with which a run lasts long enough; the
    /// caches are warm then, too.
    fn items(&self, effort: Effort) -> u64 {
        let mut items = FIRST_ITEMS;
        loop {
            let took = self.time(items);
            if GROWTH * items > effort.most_items {
                return effort.most_items;
            }
            if took * 2 >= effort.run {
                let scale = effort.run.as_secs_f64() / took.as_secs_f64();
                let items = (items as f64 * scale) as u64;
                return items.clamp(FIRST_ITEMS, effort.most_items);
            }
            items *= GROWTH;
        }
    }
}

/// What came out for one side.
pub(crate) struct Figures {
    pub(crate) name: String,
    /// Nanoseconds an item, by round.
    rounds: Vec<f64>,
}

impl Figures {
    pub(crate) fn median(&self) -> f64 {
        let mut sorted = self.rounds.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }

    pub(crate) fn fastest(&self) -> f64 {
        self.rounds.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub(crate) fn slowest(&self) -> f64 {
        self.rounds.iter().copied().fold(0.0, f64::max)
    }

    pub(crate) fn ratio(&self, other: &Figures) -> f64 {
        self.median() / other.median()
    }

    /// Counts the rounds in which this side took at most `limit` of them.
    pub(crate) fn within(&self, limit: f64) -> Rounds {
        self.count(|nanos, _| nanos <= limit)
    }

    /// Counts the rounds in which this side was faster than the other.
    pub(crate) fn ahead_of(&self, other: &Figures) -> Rounds {
        self.count(|nanos, round| nanos < other.rounds[round])
    }

    fn count(&self, holds: impl Fn(f64, usize) -> bool) -> Rounds {
        let rounds = self.rounds.iter().enumerate();
        Rounds {
            held: rounds
                .filter(|&(round, &nanos)| holds(nanos, round))
                .count(),
            all: self.rounds.len(),
        }
    }
}

/// In how many rounds something held.
pub(crate) struct Rounds {
    pub(crate) held: usize,
    pub(crate) all: usize,
}

/// Runs all sides of a row.
pub(crate) fn row(sides: &[Side<'_>], effort: Effort) -> Vec<Figures> {
    let items: Vec<u64> = sides.iter().map(|side| side.items(effort)).collect();
    let mut figures: Vec<Figures> = sides
        .iter()
        .map(|side| Figures {
            name: side.name.clone(),
            rounds: Vec::new(),
        })
        .collect();
    for round in 0..effort.rounds {
        for turn in 0..sides.len() {
            // Not always behind the same one, whose threads may be ending still.
            let n = (round + turn) % sides.len();
            let counted = items[n] as f64 * sides[n].counts as f64;
            let nanos = sides[n].time(items[n]).as_nanos() as f64 / counted;
            figures[n].rounds.push(nanos);
        }
    }
    figures
}
