//! The selected lines themselves, in the order of the inputs.

use std::io::{self, Write};

use engine::Order;

use crate::chunk::Chunk;
use crate::derive::bits;
use crate::error::Error;
use crate::open::Input;
use crate::plan::Plan;
use crate::question::Pass;
use crate::report::Report;
use crate::run::{open, reports};
use crate::scan::format::Formats;
use crate::scan::{BadLines, Balance, Batch, Scanner};
use crate::tally::Selector;
use crate::work::{Work, work};

/// The text column of the line: a question for lines asks for it first.
pub const LINE: usize = 0;

/// A selection of lines, from the moment when its inputs are open.
#[derive(Debug)]
pub struct Selection<'p> {
    plan: &'p Plan,
    inputs: Vec<Input>,
    bad: BadLines,
    report: Report,
}

impl<'p> Selection<'p> {
    /// Opens the inputs of a plan that asks for lines.
    pub fn open(plan: &'p Plan) -> Selection<'p> {
        let (inputs, errors) = open(plan, &plan.passes());
        Selection {
            report: Report {
                inputs: reports(&inputs),
                bad_lines: Vec::new(),
                all_bad: None,
                first: None,
                last: None,
                totals: None,
                tables: Vec::new(),
                stats: None,
                errors,
            },
            plan,
            inputs,
            bad: BadLines::default(),
        }
    }

    /// Whether no input could be opened.
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty()
    }

    /// Writes the selected lines, in the order of the inputs. After `limit`
    /// lines it stops, and the report covers no more than was read.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    ///
    /// # Panics
    ///
    /// When the question does not ask for lines.
    pub fn write(&mut self, limit: Option<usize>, out: &mut dyn Write) -> io::Result<()> {
        let passes = self.plan.passes();
        let [pass] = &passes[..] else {
            panic!("a selection of lines has one pass");
        };
        let mut left = limit.unwrap_or(usize::MAX);
        engine::scope(|s| {
            let work = work(s.clone(), self.plan, &passes, &self.inputs, Order::Input);
            let init = |_worker| Lines::new(pass);
            let select = |lines: &mut Lines, work: Work<'_>| match work {
                Ok(chunk) => {
                    let selected = lines.select(&chunk);
                    chunk.release();
                    selected
                }
                Err((input, error)) => Selected::failed(input, error),
            };
            let selecting = s.stage("select").jobs(self.plan.threads);
            for mut selected in selecting.map_init(work, init, select) {
                // Before it is written: the reader may be gone.
                selected.add_to(&mut self.report, &mut self.bad);
                left -= selected.write(out, left)?;
                if left == 0 {
                    break;
                }
            }
            Ok(())
        })
    }

    /// Reports what was read.
    pub fn report(mut self) -> Report {
        self.report.bad_lines = self.bad.lines().cloned().collect();
        self.report
    }
}

/// Selects the lines of chunks.
#[derive(Clone, Debug)]
pub struct Lines {
    scanner: Scanner,
    selector: Selector,
}

/// The selected lines of a chunk.
#[derive(Debug, Default)]
pub struct Selected {
    /// The lines, each with a line end.
    pub bytes: Vec<u8>,
    /// Where each ends in `bytes`.
    pub ends: Vec<usize>,
    /// The number of the input, from 0.
    pub input: usize,
    /// Bytes of the chunk.
    pub read: u64,
    /// What its lines are.
    pub balance: Balance,
    /// Its first bad lines.
    pub bad: BadLines,
    /// The formats of its lines.
    pub formats: Option<Formats>,
    /// What could not be read instead.
    pub error: Option<Error>,
}

impl Lines {
    /// Selects by the first set of a pass; if there are more, a line must be in
    /// one of them too.
    pub fn new(pass: &Pass) -> Lines {
        Lines {
            scanner: pass.scanner.clone(),
            selector: Selector::new(pass),
        }
    }

    /// Selects the lines of a chunk.
    pub fn select(&mut self, chunk: &Chunk<'_>) -> Selected {
        let span = chunk.span();
        let mut selected = Selected {
            input: span.input,
            read: span.bytes.len() as u64,
            formats: Some(span.formats.clone()),
            ..Selected::default()
        };
        let selector = &mut self.selector;
        let (bytes, ends) = (&mut selected.bytes, &mut selected.ends);
        let mut keep = |batch: &mut Batch<'_>| {
            selector.select(batch);
            let rows = match selector.sets() {
                1 => batch.mask(0),
                sets => (1..sets).fold(0, |rows, set| rows | batch.mask(set)),
            };
            for row in bits(rows) {
                bytes.extend_from_slice(batch.text(LINE)[row]);
                bytes.push(b'\n');
                ends.push(bytes.len());
            }
        };
        let (balance, bad) = (&mut selected.balance, &mut selected.bad);
        self.scanner.scan(span, balance, bad, &mut keep);
        balance.selected += selected.ends.len() as u64;
        selected
    }
}

impl Selected {
    /// What could not be read of an input.
    pub fn failed(input: usize, error: Error) -> Selected {
        Selected {
            input,
            error: Some(error),
            ..Selected::default()
        }
    }

    /// Adds what was read to a report.
    fn add_to(&mut self, report: &mut Report, bad: &mut BadLines) {
        let input = &mut report.inputs[self.input];
        input.bytes += self.read;
        input.balance += self.balance;
        if let Some(formats) = self.formats.take().filter(|_| input.formats.is_empty()) {
            input.formats = formats.names();
        }
        bad.merge(std::mem::take(&mut self.bad));
        report.errors.extend(self.error.take());
    }

    /// Writes the first lines, at most `limit`, and returns how many.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    pub fn write(&self, out: &mut dyn Write, limit: usize) -> io::Result<usize> {
        let lines = self.ends.len().min(limit);
        if let Some(last) = lines.checked_sub(1) {
            out.write_all(&self.bytes[..self.ends[last]])?;
        }
        Ok(lines)
    }
}
