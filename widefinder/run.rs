//! The data path, one call a step.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use ahash::RandomState;
use engine::Scope;

use crate::chunk::{self, Chunk, Reader};
use crate::count::Counter;
use crate::count::summary::{Summary, Totals};
use crate::error::Error;
use crate::merge;
use crate::open::{Content, Input, SIGNATURE, refuse_compressed};
use crate::plan::Plan;
use crate::question::Pass;
use crate::rank::Ranked;
use crate::report::{InputReport, Report, TableReport};
use crate::scan::{BadLines, Balance, Scanner};

/// How far a run has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// Since the run began.
    pub elapsed: Duration,
    /// Bytes that have been counted, to about a chunk.
    pub done: u64,
    /// Bytes that there are, where that is known.
    pub total: Option<u64>,
}

/// How often a watcher is called.
const WATCH: Duration = Duration::from_millis(100);

/// Chunks of a stream that are read ahead for each worker.
const READ_AHEAD: usize = 2;

/// Answers a question.
///
/// Inputs that cannot be read are left out and named in the report's `errors`.
/// The report is the same for any number of threads and any chunk size.
///
/// # Panics
///
/// When the plan has no threads or a chunk size of 0.
///
/// ```
/// use widefinder::{plan::Plan, question::Question, run};
///
/// let log = tempfile::NamedTempFile::new()?;
/// std::fs::write(&log, "::1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.1\" 200 7\n")?;
/// let report = run(&Plan::new(Question::Overview, vec![log.path().into()]));
/// assert_eq!(report.totals.unwrap().bytes, 7);
/// assert_eq!(report.tables[0].rows[0].key, [b"/"]);
/// # std::io::Result::Ok(())
/// ```
pub fn run(plan: &Plan) -> Report {
    run_watched(plan, None)
}

/// Answers a question, and calls `watch` about ten times a second while lines
/// are counted.
pub fn run_watched(plan: &Plan, watch: Option<&mut dyn FnMut(Progress)>) -> Report {
    let (inputs, mut errors) = open(plan);
    let passes = plan.question.passes();
    let tallies = count(plan, &inputs, &passes, watch);
    let totals = totals(&tallies);
    let mut tables = Vec::new();
    for (index, pass) in passes.iter().enumerate() {
        let counters: Vec<_> = tallies.iter().map(|tally| &tally.counters[index]).collect();
        let ranked = rank(plan, pass, &counters);
        let named = pass.rankings.iter().zip(ranked);
        tables.extend(named.map(|(ranking, r)| TableReport::new(ranking, r, totals.as_ref())));
    }
    let (inputs, bad_lines) = account(inputs, tallies, &mut errors);
    Report {
        inputs,
        bad_lines: bad_lines.lines().cloned().collect(),
        first: totals.as_ref().and_then(|totals| totals.first),
        last: totals.as_ref().and_then(|totals| totals.last),
        totals,
        tables,
        stats: None,
        errors,
    }
}

fn open(plan: &Plan) -> (Vec<Input>, Vec<Error>) {
    let (mut inputs, mut errors) = (Vec::new(), Vec::new());
    for path in &plan.inputs {
        match Input::open(path) {
            Ok(input) => inputs.push(input),
            Err(error) => errors.push(error),
        }
    }
    (inputs, errors)
}

/// What one worker has counted.
struct Tally {
    /// For each pass; its own, since clones of a `Regex` share nothing while
    /// one that is shared hands out its scratch space under a lock.
    scanners: Vec<Scanner>,
    /// For each pass.
    counters: Vec<Counter>,
    /// For each input.
    balances: Vec<Balance>,
    /// For each input: bytes that were read.
    bytes: Vec<u64>,
    bad: BadLines,
    errors: Vec<(usize, Error)>,
}

impl Tally {
    fn new(passes: &[Pass], inputs: usize, hashes: &RandomState) -> Tally {
        let counters = passes.iter().map(|pass| {
            let summary = pass.summary.map(Summary::new);
            Counter::new(&pass.shapes, summary, hashes.clone())
        });
        Tally {
            scanners: passes.iter().map(|pass| pass.scanner.clone()).collect(),
            counters: counters.collect(),
            balances: vec![Balance::default(); inputs],
            bytes: vec![0; inputs],
            bad: BadLines::default(),
            errors: Vec::new(),
        }
    }

    fn add(&mut self, chunk: &Chunk<'_>) {
        let span = chunk.span();
        self.bytes[span.input] += span.bytes.len() as u64;
        let balance = &mut self.balances[span.input];
        for (scanner, counter) in self.scanners.iter().zip(&mut self.counters) {
            let mut count = |batch: &_| counter.count(batch);
            scanner.scan(span, balance, &mut self.bad, &mut count);
        }
    }
}

/// A chunk, or what went wrong with an input.
type Work<'m> = Result<Chunk<'m>, (usize, Error)>;

fn count(
    plan: &Plan,
    inputs: &[Input],
    passes: &[Pass],
    mut watch: Option<&mut dyn FnMut(Progress)>,
) -> Vec<Tally> {
    let begin = Instant::now();
    let total: Option<u64> = inputs.iter().map(Input::len).sum();
    // One state for all workers, so that their tables can be merged by hash.
    let hashes = RandomState::new();
    engine::scope(|s| {
        let work = work(s.clone(), plan, inputs);
        let init = |_worker| Tally::new(passes, inputs.len(), &hashes);
        let step = |tally: &mut Tally, work: Work<'_>| match work {
            Ok(chunk) => tally.add(&chunk),
            Err(error) => tally.errors.push(error),
        };
        let counting = s.stage("count").jobs(plan.threads);
        let mut tallies = counting.fold(work, init, step);
        let Some(watch) = &mut watch else {
            return tallies.collect();
        };
        let report = s.report();
        let mut done = Vec::new();
        loop {
            match tallies.pull_timeout(WATCH) {
                Ok(Some(tally)) => done.push(tally),
                Ok(None) => return done,
                Err(_) => {
                    let stages = report.stages();
                    let chunks = stages.iter().find(|stage| stage.name == "count");
                    let chunks = chunks.map_or(0, |stage| stage.items);
                    let bytes = chunks.saturating_mul(plan.chunk_size as u64);
                    watch(Progress {
                        elapsed: begin.elapsed(),
                        done: total.map_or(bytes, |total| bytes.min(total)),
                        total,
                    });
                }
            }
        }
    })
}

/// All the work there is, in the order of the inputs.
type AllWork<'scope, 'm> = Box<dyn Iterator<Item = Work<'m>> + Send + 'scope>;

/// Cuts the inputs into chunks. A stream is read by a stage of its own, which
/// starts when the inputs before it are used up.
fn work<'scope, 'env: 'scope, 'm: 'scope>(
    scope: Scope<'scope, 'env>,
    plan: &Plan,
    inputs: &'m [Input],
) -> AllWork<'scope, 'm> {
    let (size, ahead) = (plan.chunk_size, READ_AHEAD * plan.threads);
    let chunks = move |(number, input): (usize, &'m Input)| -> AllWork<'scope, 'm> {
        match &input.content {
            Content::Empty => Box::new(std::iter::empty()),
            Content::Map(map) => Box::new(chunk::mapped(number, map, size).map(Ok)),
            Content::Stream(_) | Content::Stdin => {
                let reading = scope.stage("read").buffer(ahead);
                Box::new(reading.generate(move |out| {
                    let stream = match first_look(input) {
                        Ok(stream) => stream,
                        Err(error) => return out.put(Err((number, error))),
                    };
                    for chunk in Reader::new(number, stream, size) {
                        out.put(chunk.map_err(|error| (number, unreadable(input, &error))))?;
                    }
                    Ok(())
                }))
            }
        }
    };
    Box::new(inputs.iter().enumerate().flat_map(chunks))
}

fn unreadable(input: &Input, error: &io::Error) -> Error {
    Error::input(
        &input.name,
        format_args!("cannot be read to its end: {error}"),
    )
}

/// Opens a stream and refuses it if it is compressed.
fn first_look(input: &Input) -> Result<impl Read + use<>, Error> {
    let failed =
        |error: io::Error| Error::input(&input.name, format_args!("cannot be read: {error}"));
    let mut stream = input.content.reader().map_err(failed)?;
    let mut first = Vec::new();
    stream
        .by_ref()
        .take(SIGNATURE as u64)
        .read_to_end(&mut first)
        .map_err(failed)?;
    refuse_compressed(&input.name, &first)?;
    Ok(io::Cursor::new(first).chain(stream))
}

fn totals(tallies: &[Tally]) -> Option<Totals> {
    let mut summaries = tallies
        .iter()
        .flat_map(|tally| &tally.counters)
        .filter_map(|counter| counter.summary());
    let mut totals = summaries.next()?.totals.clone();
    for summary in summaries {
        totals.merge(&summary.totals);
    }
    Some(totals)
}

/// Merges and ranks the tables of one pass.
fn rank(plan: &Plan, pass: &Pass, counters: &[&Counter]) -> Vec<Ranked> {
    let mut tables: Vec<Vec<_>> = vec![Vec::new(); pass.shapes.len()];
    for counter in counters {
        for (workers, table) in tables.iter_mut().zip(counter.tables()) {
            workers.push(table);
        }
    }
    let tasks = tables.iter().enumerate().flat_map(|(table, workers)| {
        let bits = merge::bits(workers);
        (0..1u32 << bits).map(move |partition| (table, partition, bits))
    });
    let rank_partition = |(table, partition, bits): (usize, u32, u32)| {
        let shape = &pass.shapes[table];
        let mut rankings: Vec<_> = (pass.rankings.iter().enumerate())
            .filter(|(_, ranking)| ranking.table == table)
            .map(|(index, ranking)| (index, ranking, Ranked::new(plan.top)))
            .collect();
        merge::partition(shape, &tables[table], partition, bits, |row| {
            for (_, ranking, ranked) in &mut rankings {
                if (ranking.keep)(row.key) {
                    ranked.add(shape.value(ranking.metric, row.values), row.key);
                }
            }
        });
        rankings
            .into_iter()
            .map(|(index, _, ranked)| (index, ranked))
            .collect::<Vec<_>>()
    };
    engine::scope(|s| {
        let merging = s
            .stage("merge")
            .jobs(plan.threads)
            .order(engine::Order::Completion);
        let mut ranked = vec![Ranked::new(plan.top); pass.rankings.len()];
        for (index, part) in merging.map(tasks, rank_partition).flatten() {
            ranked[index].merge(part);
        }
        ranked
    })
}

/// What was read of each input, and what was not.
fn account(
    inputs: Vec<Input>,
    tallies: Vec<Tally>,
    errors: &mut Vec<Error>,
) -> (Vec<InputReport>, BadLines) {
    let reports = inputs.into_iter().map(|input| InputReport {
        name: input.name,
        bytes: 0,
        balance: Balance::default(),
    });
    let mut reports: Vec<_> = reports.collect();
    let (mut bad, mut failures) = (BadLines::default(), Vec::new());
    for tally in tallies {
        let counted = tally.balances.into_iter().zip(tally.bytes);
        for (report, (balance, bytes)) in reports.iter_mut().zip(counted) {
            report.balance += balance;
            report.bytes += bytes;
        }
        bad.merge(tally.bad);
        failures.extend(tally.errors);
    }
    failures.sort_by_key(|(input, _)| *input);
    errors.extend(failures.into_iter().map(|(_, error)| error));
    (reports, bad)
}
