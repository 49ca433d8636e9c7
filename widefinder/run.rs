//! The data path, one call a step.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use ahash::RandomState;
use engine::Order;

use crate::across;
use crate::count::Counted;
use crate::count::summary::Totals;
use crate::error::Error;
use crate::find::Unread;
use crate::gaps::Filled;
use crate::look::Look;
use crate::merge;
use crate::open::{Content, Input};
use crate::plan::Plan;
use crate::question::Pass;
use crate::rank::{Ranked, RankedRow};
use crate::ranking::Ranking;
use crate::report::{InputReport, Report, StageReport, StatsReport, TableReport};
use crate::scan::{AllBad, BadLines, Balance};
use crate::tally::{Sealed, Tally, TimeSpan};
use crate::work::{Work, work};

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

/// Linux lets a process have 65,530 maps, and memory is made of them too.
const MOST_MAPS: usize = 30_000;

/// How often a watcher is called.
const WATCH: Duration = Duration::from_millis(100);

/// Answers a question.
///
/// Inputs that cannot be read are left out and named in the report's `errors`.
/// The report is the same for any number of threads and any chunk size, but for
/// its `stats`.
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
/// let report = run(&Plan::new(Question::overview(), vec![log.path().into()]));
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
    let begin = Instant::now();
    let passes = plan.passes();
    let (inputs, mut errors) = open(plan, &passes);
    let (mut tallies, counting) = count(plan, &passes, &inputs, watch);
    let sealed = seal(plan, &passes, &mut tallies);
    let totals = totals(&sealed);
    let mut engine = vec![counting];
    let mut tables = Vec::new();
    for (index, pass) in passes.iter().enumerate() {
        let workers: Vec<_> = sealed.iter().map(|worker| &worker.tables[index]).collect();
        let counted = by_table(pass, &workers);
        let (ranked, merging) = rank(plan, pass, &counted);
        engine.push(merging);
        for (ranking, ranked) in pass.rankings.iter().zip(ranked) {
            match table(pass, ranking, ranked, &counted, totals.as_ref()) {
                Ok(table) => tables.push(table),
                Err(error) => errors.push(error),
            }
        }
    }
    free(plan, sealed);
    let times = times(&tallies);
    let (inputs, bad_lines, all_bad) = account(inputs, tallies, &mut errors);
    let stats = plan.stats.then(|| stats(plan, &inputs, begin, &engine));
    Report {
        inputs,
        bad_lines: bad_lines.lines().cloned().collect(),
        all_bad,
        first: times.first,
        last: times.last,
        totals,
        tables,
        stats,
        errors,
    }
}

/// Opens the inputs; what cannot be opened is an error.
pub(crate) fn open(plan: &Plan, passes: &[Pass]) -> (Vec<Input>, Vec<Error>) {
    let look = Look::new(&plan.question, passes);
    let mut errors: Vec<_> = plan.unread.iter().map(Unread::error).collect();
    let (mut inputs, mut maps) = (Vec::new(), 0);
    for source in &plan.inputs {
        let input = Input::open(source).and_then(|mut input| {
            if maps == MOST_MAPS {
                input.put_off(&source.path);
            }
            maps += usize::from(input.is_mapped());
            if let Content::Map(map) = &input.content {
                input.formats = look.formats(&input, map)?;
            }
            Ok(input)
        });
        match input {
            Ok(input) => inputs.push(input),
            Err(error) => errors.push(error),
        }
    }
    (inputs, errors)
}

fn count(
    plan: &Plan,
    passes: &[Pass],
    inputs: &[Input],
    mut watch: Option<&mut dyn FnMut(Progress)>,
) -> (Vec<Tally>, engine::Report) {
    let begin = Instant::now();
    let total: Option<u64> = inputs.iter().map(Input::len).sum();
    // One state for all workers, so that their tables can be merged by hash.
    let hashes = RandomState::new();
    let ended = AtomicBool::new(false);
    engine::scope(|s| {
        // Tables do not depend on the order in which chunks are counted; which bad
        // line is the first does.
        let order = match plan.strict {
            true => Order::Input,
            false => Order::Completion,
        };
        let work = work(s.clone(), plan, passes, inputs, order);
        // All chunks before that with the first bad line have been handed out.
        let work = work.take_while(|_| !ended.load(Ordering::Relaxed));
        let init = |_worker| Tally::new(passes, inputs.len(), plan.bad_lines(), &hashes);
        let step = |tally: &mut Tally, work: Work<'_>| match work {
            Ok(chunk) => {
                tally.add(&chunk);
                chunk.release();
                if plan.strict && !tally.bad.is_empty() {
                    ended.store(true, Ordering::Relaxed);
                }
            }
            Err(error) => tally.errors.push(error),
        };
        let counting = s.stage("count").jobs(plan.threads);
        let mut tallies = counting.fold(work, init, step);
        let report = s.report();
        let Some(watch) = &mut watch else {
            return (tallies.collect(), report);
        };
        let mut done = Vec::new();
        loop {
            match tallies.pull_timeout(WATCH) {
                Ok(Some(tally)) => done.push(tally),
                Ok(None) => return (done, report),
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

/// Makes what the workers have counted ready to be merged.
fn seal(plan: &Plan, passes: &[Pass], tallies: &mut [Tally]) -> Vec<Sealed> {
    let gathers = |pass: &Pass| pass.shapes.iter().any(|shape| !shape.gathers.is_empty());
    if !passes.iter().any(gathers) {
        return tallies.iter_mut().map(Tally::seal).collect();
    }
    engine::scope(|s| {
        let sealing = s.stage("seal").jobs(plan.threads);
        sealing.map(tallies.iter_mut(), Tally::seal).collect()
    })
}

/// Gives the memory of the tables back, on all cores: many tables take one core
/// longer than all else that it does alone (docs/scaling.md).
fn free(plan: &Plan, sealed: Vec<Sealed>) {
    if sealed.len() < 2 {
        return;
    }
    engine::scope(|s| {
        let freeing = s.stage("free").jobs(plan.threads);
        freeing
            .fold(sealed, |_| (), |(), worker| drop(worker))
            .for_each(drop);
    });
}

fn totals(sealed: &[Sealed]) -> Option<Totals> {
    let mut all = sealed.iter().filter_map(|worker| worker.totals.as_ref());
    let mut totals = all.next()?.clone();
    for more in all {
        totals.merge(more);
    }
    Some(totals)
}

fn times(tallies: &[Tally]) -> TimeSpan {
    let mut span = TimeSpan::default();
    tallies.iter().for_each(|tally| span.merge(tally.times));
    span
}

/// For each table of a pass, what each worker has counted.
fn by_table<'t>(pass: &Pass, workers: &[&'t Vec<Counted>]) -> Vec<Vec<&'t Counted>> {
    let tables = 0..pass.shapes.len();
    tables
        .map(|table| workers.iter().map(|worker| &worker[table]).collect())
        .collect()
}

/// Merges and ranks the tables of one pass.
fn rank(plan: &Plan, pass: &Pass, counted: &[Vec<&Counted>]) -> (Vec<Ranked>, engine::Report) {
    let read = |table: &usize| pass.rankings.iter().any(|ranking| ranking.table == *table);
    let tasks = (0..counted.len()).filter(read).flat_map(|table| {
        let bits = merge::bits(&counted[table]);
        (0..1u32 << bits).map(move |partition| (table, partition, bits))
    });
    let init = |_worker| -> Vec<_> { pass.rankings.iter().map(Ranked::new).collect() };
    let step = |ranked: &mut Vec<Ranked>, (table, partition, bits): (usize, u32, u32)| {
        let shape = &pass.shapes[table];
        let rankings = pass.rankings.iter().zip(ranked);
        let mut rankings: Vec<_> = rankings.filter(|(r, _)| r.table == table).collect();
        merge::partition(shape, &counted[table], partition, bits, |row| {
            for (ranking, ranked) in &mut rankings {
                ranked.add(ranking, shape, row);
            }
        });
    };
    engine::scope(|s| {
        let merging = s.stage("merge").jobs(plan.threads);
        let mut ranked = init(0);
        for worker in merging.fold(tasks, init, step) {
            for (ranked, part) in ranked.iter_mut().zip(worker) {
                ranked.merge(part);
            }
        }
        (ranked, s.report())
    })
}

fn table(
    pass: &Pass,
    ranking: &Ranking,
    mut ranked: Ranked,
    counted: &[Vec<&Counted>],
    totals: Option<&Totals>,
) -> Result<TableReport, Error> {
    let mut rows = ranked.take_rows(ranking);
    let (mut filled, mut gaps_left) = (0, false);
    if rows.is_empty() && ranking.by.is_empty() && ranking.having.is_none() {
        // The total of nothing is a row as well.
        rows.push(RankedRow::new(Vec::new(), ranking.of_nothing()));
        filled = 1;
    }
    if let Some(gaps) = ranking.gaps {
        Filled {
            rows,
            filled,
            gaps_left,
        } = gaps.fill(ranking, rows);
    }
    let cells = match &ranking.across {
        Some(cells) => {
            let workers = &counted[cells.table];
            Some(across::cells(pass, ranking, cells, &rows, workers)?)
        }
        None => None,
    };
    let totals = totals.filter(|_| ranking.of_all);
    let mut table = TableReport::new(ranking, &ranked, rows, totals);
    (table.filled, table.gaps_left) = (filled, gaps_left);
    if let Some((across, cells)) = cells {
        table.across = Some(across);
        for (row, cells) in table.rows.iter_mut().zip(cells) {
            row.cells = cells;
        }
    }
    Ok(table)
}

/// Reports of inputs of which nothing has been read.
pub(crate) fn reports(inputs: &[Input]) -> Vec<InputReport> {
    let reports = inputs.iter().map(|input| InputReport {
        name: input.name.clone(),
        bytes: 0,
        balance: Balance::default(),
        formats: Vec::new(),
    });
    reports.collect()
}

/// What was read of each input, and what was not.
fn account(
    inputs: Vec<Input>,
    tallies: Vec<Tally>,
    errors: &mut Vec<Error>,
) -> (Vec<InputReport>, BadLines, Option<AllBad>) {
    let mut reports = reports(&inputs);
    let (mut bad, mut failures) = (BadLines::default(), Vec::new());
    let (mut stores, mut chunks) = (Vec::new(), vec![Vec::new(); reports.len()]);
    for mut tally in tallies {
        stores.extend(tally.bad.take_all());
        for (chunks, more) in chunks.iter_mut().zip(&tally.chunks) {
            chunks.extend(more);
        }
        let counted = tally.balances.into_iter().zip(tally.bytes);
        for ((report, (balance, bytes)), formats) in
            reports.iter_mut().zip(counted).zip(tally.formats)
        {
            report.balance += balance;
            report.bytes += bytes;
            if let Some(formats) = formats {
                report.formats = formats.names();
            }
        }
        bad.merge(tally.bad);
        failures.extend(tally.errors);
    }
    // Lines before the chunk that holds an offset.
    bad.number(|input, offset| {
        let before = chunks[input].iter().filter(|(start, _)| *start <= offset);
        let own = before.clone().max().map_or(0, |(_, lines)| *lines);
        before.map(|(_, lines)| lines).sum::<u64>() - own
    });
    failures.sort_by_key(|(input, _)| *input);
    errors.extend(failures.into_iter().map(|(_, error)| error));
    let all = (!stores.is_empty()).then(|| AllBad::new(stores));
    (reports, bad, all)
}

/// What the run has cost so far.
fn stats(
    plan: &Plan,
    inputs: &[InputReport],
    begin: Instant,
    engine: &[engine::Report],
) -> StatsReport {
    let stages = engine.iter().flat_map(engine::Report::stages);
    // Of the scopes, which follow one another, the one that took the longest.
    let bottleneck = engine
        .iter()
        .max_by(|a, b| longest(a).total_cmp(&longest(b)));
    let bottleneck = bottleneck.and_then(engine::Report::bottleneck);
    StatsReport {
        seconds: begin.elapsed().as_secs_f64(),
        bytes: inputs.iter().map(|input| input.bytes).sum(),
        lines: inputs.iter().map(|input| input.balance.lines).sum(),
        threads: plan.threads,
        stages: stages.map(StageReport::of).collect(),
        bottleneck: match bottleneck.as_ref().map(engine::Bottleneck::stage) {
            Some(Some(stage)) => stage.to_owned(),
            Some(None) => "none of the stages".to_owned(),
            None => String::new(),
        },
    }
}

/// Seconds of the stage of a scope that took the longest.
fn longest(report: &engine::Report) -> f64 {
    let stages = report.stages();
    let seconds = stages
        .into_iter()
        .map(|stage| StageReport::of(stage).seconds);
    seconds.fold(0.0, f64::max)
}
