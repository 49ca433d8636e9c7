//! All workers of a run, one after the other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

use ahash::RandomState;
use widefinder::chunk;
use widefinder::count::Counted;
use widefinder::merge;
use widefinder::open::Map;
use widefinder::plan::Plan;
use widefinder::question::{Pass, Question};
use widefinder::rank::Ranked;
use widefinder::scan::BadLines;
use widefinder::scan::format::{Format, Formats};
use widefinder::tally::Tally;

use crate::clock::timed;

/// Runs for each number of workers; the median is shown.
const ROUNDS: usize = 3;

/// What the parts of a run took.
struct Parts {
    /// By chunk.
    count: Vec<Duration>,
    /// By partition.
    merge: Vec<Duration>,
    /// The tops of all workers into one, by the caller.
    combine: Duration,
    /// The tables let go of, by the caller.
    free: Duration,
    /// Rows of all tables of all workers.
    rows: usize,
    /// Distinct keys of each ranking: the answer, in short.
    distinct: Vec<u64>,
}

/// Replays runs with each number of workers, and prints a line for each.
pub(crate) fn print(path: &Path, workers: &[usize]) {
    let mut rounds: Vec<Vec<Parts>> = workers.iter().map(|_| Vec::new()).collect();
    for _ in 0..ROUNDS {
        for (parts, &workers) in rounds.iter_mut().zip(workers) {
            parts.push(replay(path, workers));
        }
    }
    println!(
        "{:>7} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "workers", "count", "its stage", "rows", "merge", "its stage", "combine", "free"
    );
    for (parts, &workers) in rounds.iter().zip(workers) {
        print_line(parts, workers);
    }
    let distinct = &rounds[0][0].distinct;
    let answers = rounds.iter().flatten().map(|parts| &parts.distinct);
    answers.for_each(|answer| assert_eq!(answer, distinct));
    println!("milliseconds; distinct keys by ranking: {distinct:?}");
}

fn print_line(rounds: &[Parts], workers: usize) {
    let median = |time: &dyn Fn(&Parts) -> Duration| {
        let mut times: Vec<_> = rounds.iter().map(time).collect();
        times.sort_unstable();
        format!("{:.2}", 1e3 * times[times.len() / 2].as_secs_f64())
    };
    println!(
        "{workers:>7} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        median(&|parts| parts.count.iter().sum()),
        median(&|parts| scheduled(&parts.count, workers)),
        rounds[0].rows,
        median(&|parts| parts.merge.iter().sum()),
        median(&|parts| scheduled(&parts.merge, workers)),
        median(&|parts| parts.combine),
        median(&|parts| parts.free),
    );
}

fn replay(path: &Path, workers: usize) -> Parts {
    let passes = Plan::new(Question::Wf2, Vec::new()).passes();
    let [pass] = &passes[..] else {
        panic!("the report takes one pass");
    };
    let (tables, count) = count(path, &passes, workers);
    let rows = tables.iter().flatten().map(|counted| counted.table.len());
    let rows = rows.sum();
    let (ranked, merge) = merge(pass, &tables);
    let (ranked, combine) = timed(|| {
        let mut ranked = ranked.into_iter();
        let mut all = ranked.next().expect("at least one worker");
        for worker in ranked {
            let pairs = all.iter_mut().zip(worker);
            pairs.for_each(|(ranked, part)| ranked.merge(part));
        }
        all
    });
    let ((), free) = timed(|| drop(tables));
    Parts {
        count,
        merge,
        combine,
        free,
        rows,
        distinct: ranked.iter().map(|ranked| ranked.distinct).collect(),
    }
}

/// The tables of each worker, and the time of each chunk. Chunks are dealt in
/// turn, which is what workers of equal speed come to.
fn count(path: &Path, passes: &[Pass], workers: usize) -> (Vec<Vec<Counted>>, Vec<Duration>) {
    let file = File::open(path).expect("a log");
    let map = Map::of(&file).expect("a file that can be mapped");
    let hashes = RandomState::new();
    let formats = Formats::new([Format::Combined]);
    let chunks = || chunk::mapped(0, &map, &formats, Plan::CHUNK_SIZE);
    let mut times = vec![Duration::ZERO; chunks().count()];
    let tables = (0..workers).map(|worker| {
        let mut tally = Tally::new(passes, 1, BadLines::default(), &hashes);
        let mine = chunks().zip(&mut times).skip(worker).step_by(workers);
        for (chunk, time) in mine {
            let add = || {
                tally.add(&chunk);
                chunk.release();
            };
            ((), *time) = timed(add);
        }
        tally.seal().tables.remove(0)
    });
    (tables.collect(), times)
}

/// Merges and ranks one partition after the other, as if dealt out in turn.
fn merge(pass: &Pass, tables: &[Vec<Counted>]) -> (Vec<Vec<Ranked>>, Vec<Duration>) {
    let new = || -> Vec<_> { pass.rankings.iter().map(Ranked::new).collect() };
    let mut ranked: Vec<_> = tables.iter().map(|_| new()).collect();
    let mut times = Vec::new();
    for (index, shape) in pass.shapes.iter().enumerate() {
        let counted: Vec<_> = tables.iter().map(|worker| &worker[index]).collect();
        let bits = merge::bits(&counted);
        for partition in 0..1 << bits {
            let worker = times.len() % ranked.len();
            let pairs = pass.rankings.iter().zip(&mut ranked[worker]);
            let mut pairs: Vec<_> = pairs.filter(|(r, _)| r.table == index).collect();
            let ((), took) = timed(|| {
                merge::partition(shape, &counted, partition, bits, |row| {
                    for (ranking, ranked) in &mut pairs {
                        ranked.add(ranking, shape, row);
                    }
                });
            });
            times.push(took);
        }
    }
    (ranked, times)
}

/// When the last of `workers` ends, if each takes the next task as soon as it is
/// free.
fn scheduled(tasks: &[Duration], workers: usize) -> Duration {
    let mut free: BinaryHeap<_> = (0..workers).map(|_| Reverse(Duration::ZERO)).collect();
    for &task in tasks {
        let Reverse(from) = free.pop().expect("at least one worker");
        free.push(Reverse(from + task));
    }
    let ends = free.into_iter().map(|Reverse(end)| end);
    ends.max().unwrap_or_default()
}
