//! What one worker does with a chunk, and what it has counted so far.

use ahash::RandomState;

use crate::chunk::Chunk;
use crate::count::summary::{Summary, Totals};
use crate::count::{Counted, Counter};
use crate::derive::{Derivation, bits};
use crate::error::Error;
use crate::question::{Pass, Set};
use crate::scan::batch::Mask;
use crate::scan::format::Formats;
use crate::scan::{BadLines, Balance, Batch, Scanner};
use crate::time::Moment;

/// What one worker has counted.
#[derive(Debug)]
pub struct Tally {
    passes: Vec<Worker>,
    /// For each input.
    pub balances: Vec<Balance>,
    /// For each input: bytes that were read.
    pub bytes: Vec<u64>,
    /// For each input: the formats of its lines, if it has been met.
    pub formats: Vec<Option<Formats>>,
    /// For each input: where the chunks begin whose entries this worker has
    /// counted, and how many lines they have.
    pub chunks: Vec<Vec<(u64, u64)>>,
    /// The bad lines.
    pub bad: BadLines,
    /// What could not be read, by the number of the input.
    pub errors: Vec<(usize, Error)>,
    /// The first and the last time of what was selected, if they are wanted.
    pub times: TimeSpan,
}

/// A worker's own copy of a pass; its own, since clones of a `Regex` share
/// nothing, while one that is shared hands out its scratch space under a lock.
#[derive(Debug)]
struct Worker {
    scanner: Scanner,
    selector: Selector,
    counter: Counter,
    notes_times: bool,
}

/// Puts the rows of batches into sets.
#[derive(Clone, Debug)]
pub struct Selector {
    sets: Vec<Set>,
    derivation: Derivation,
}

/// The first and the last time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TimeSpan {
    /// The earliest; of equal ones that with the smallest offset.
    pub first: Option<Moment>,
    /// The latest; of equal ones that with the largest offset.
    pub last: Option<Moment>,
}

/// What is left of a tally when counting is over.
#[derive(Debug)]
pub struct Sealed {
    /// For each pass, what each of its tables holds.
    pub tables: Vec<Vec<Counted>>,
    /// The totals of the pass that has some.
    pub totals: Option<Totals>,
}

impl Tally {
    /// Starts at 0, with a list of bad lines that is empty. Tallies that will be
    /// merged need the same `hashes`.
    pub fn new(passes: &[Pass], inputs: usize, bad: BadLines, hashes: &RandomState) -> Tally {
        let passes = passes.iter().map(|pass| {
            let summary = pass.summary.map(Summary::new);
            Worker {
                scanner: pass.scanner.clone(),
                selector: Selector::new(pass),
                counter: Counter::new(&pass.shapes, summary, hashes.clone()),
                notes_times: pass.notes_times,
            }
        });
        Tally {
            passes: passes.collect(),
            balances: vec![Balance::default(); inputs],
            bytes: vec![0; inputs],
            formats: vec![None; inputs],
            chunks: vec![Vec::new(); inputs],
            bad,
            errors: Vec::new(),
            times: TimeSpan::default(),
        }
    }

    /// Counts the lines of a chunk.
    pub fn add(&mut self, chunk: &Chunk<'_>) {
        let span = chunk.span();
        self.bytes[span.input] += span.bytes.len() as u64;
        self.formats[span.input].get_or_insert_with(|| span.formats.clone());
        let balance = &mut self.balances[span.input];
        for worker in &mut self.passes {
            let (selector, counter) = (&mut worker.selector, &mut worker.counter);
            let (times, notes_times) = (&mut self.times, worker.notes_times);
            let (mut selected, before) = (0, balance.lines);
            let mut count = |batch: &mut Batch<'_>| {
                selector.select(batch);
                selected += u64::from(batch.mask(0).count_ones());
                if notes_times {
                    selector.note_times(batch, times);
                }
                counter.count(batch, &mut selector.derivation);
            };
            worker
                .scanner
                .scan(span, balance, &mut self.bad, &mut count);
            if matches!(worker.scanner, Scanner::Entries(_)) {
                balance.selected += selected;
                let lines = balance.lines - before;
                if lines > 0 {
                    self.chunks[span.input].push((span.offset, lines));
                }
            }
        }
    }

    /// Ends counting, and makes what was counted ready to be merged.
    pub fn seal(&mut self) -> Sealed {
        let passes = std::mem::take(&mut self.passes).into_iter();
        let (tables, summaries): (Vec<_>, Vec<_>) = passes.map(|pass| pass.counter.seal()).unzip();
        let mut totals = summaries
            .into_iter()
            .flatten()
            .map(|summary| summary.totals);
        Sealed {
            tables,
            totals: totals.next(),
        }
    }
}

impl Selector {
    /// The sets of a pass.
    pub fn new(pass: &Pass) -> Selector {
        Selector {
            sets: pass.sets.clone(),
            derivation: pass.derivation.clone(),
        }
    }

    /// Sets the masks of a batch, unless its scanner has.
    pub fn select(&mut self, batch: &mut Batch<'_>) {
        self.derivation.clear();
        let Some((first, others)) = self.sets.split_first_mut() else {
            return;
        };
        let all = batch.all();
        let selected = first.select(batch, &mut self.derivation, all);
        batch.replace_mask(0, selected);
        for (number, set) in others.iter_mut().enumerate() {
            let rows = set.select(batch, &mut self.derivation, selected);
            batch.replace_mask(number + 1, rows);
        }
    }

    /// How many sets there are.
    pub fn sets(&self) -> usize {
        self.sets.len()
    }

    /// Notes the times of the selected rows.
    fn note_times(&mut self, batch: &Batch<'_>, span: &mut TimeSpan) {
        let selected = batch.mask(0);
        let times = self.derivation.times(batch, selected);
        for moment in bits(selected).filter_map(|row| times.moment(row)) {
            span.merge(TimeSpan {
                first: Some(moment),
                last: Some(moment),
            });
        }
    }
}

impl Set {
    fn select(&mut self, batch: &Batch<'_>, derivation: &mut Derivation, rows: Mask) -> Mask {
        match self {
            Set::All => rows,
            Set::None => 0,
            Set::Passed(filter) => filter.select(batch, derivation, rows),
            Set::Matched(captures) => derivation.matched(batch, *captures, rows),
        }
    }
}

impl TimeSpan {
    /// Widens it to hold another.
    pub fn merge(&mut self, other: TimeSpan) {
        if let (Some(first), Some(last)) = (other.first, other.last) {
            self.first = Some(self.first.map_or(first, |known| known.min(first)));
            self.last = Some(self.last.map_or(last, |known| known.max(last)));
        }
    }
}
