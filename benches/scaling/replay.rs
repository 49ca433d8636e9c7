//! All workers of a run, one after the other.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use ahash::RandomState;
use widefinder::chunk;
use widefinder::count::Counted;
use widefinder::merge;
use widefinder::open::Map;
use widefinder::plan::Plan;
use widefinder::question::{Pass, Question};
use widefinder::rank::Ranked;
use widefinder::tally::{Sealed, Tally};

/// What the parts of a run took.
struct Parts {
    /// By worker.
    count: Vec<Duration>,
    /// By worker.
    seal: Vec<Duration>,
    /// By partition, in the order in which they are handed out.
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

/// Replays a run for each number of workers, and prints a line each.
pub(crate) fn print(path: &Path, workers: &[usize]) {
    println!(
        "{:>7} {:>9} {:>9} {:>10} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "workers", "count", "longest", "rows", "merge", "longest", "ns/row", "combine", "free"
    );
    let mut answer = None;
    for &workers in workers {
        let parts = replay(path, workers);
        let merge = sum(&parts.merge);
        let milliseconds = |time: Duration| format!("{:.2}", 1e3 * time.as_secs_f64());
        println!(
            "{workers:>7} {:>9} {:>9} {:>10} {:>9} {:>9} {:>9.1} {:>9} {:>9}",
            milliseconds(sum(&parts.count) + sum(&parts.seal)),
            milliseconds(longest(&parts.count) + longest(&parts.seal)),
            parts.rows,
            milliseconds(merge),
            milliseconds(scheduled(&parts.merge, workers)),
            1e9 * merge.as_secs_f64() / parts.rows as f64,
            milliseconds(parts.combine),
            milliseconds(parts.free),
        );
        let answer = answer.get_or_insert_with(|| parts.distinct.clone());
        assert_eq!(parts.distinct, *answer, "{workers} workers");
    }
    println!(
        "milliseconds; distinct keys by ranking: {:?}",
        answer.unwrap_or_default()
    );
}

fn replay(path: &Path, workers: usize) -> Parts {
    let passes = Plan::new(Question::Wf2, Vec::new()).passes();
    let [pass] = &passes[..] else {
        panic!("the report takes one pass");
    };
    let (mut sealed, count, seal) = count(path, &passes, workers);
    let tables: Vec<Vec<Counted>> = sealed.iter_mut().map(|s| s.tables.remove(0)).collect();
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
        seal,
        merge,
        combine,
        free,
        rows,
        distinct: ranked.iter().map(|ranked| ranked.distinct).collect(),
    }
}

/// Chunks are dealt in turn, which is what workers of equal speed come to.
fn count(
    path: &Path,
    passes: &[Pass],
    workers: usize,
) -> (Vec<Sealed>, Vec<Duration>, Vec<Duration>) {
    let file = File::open(path).expect("a log");
    let map = Map::of(&file).expect("a file that can be mapped");
    let hashes = RandomState::new();
    let (mut all, mut count, mut seal) = (Vec::new(), Vec::new(), Vec::new());
    for worker in 0..workers {
        let (mut tally, took) = timed(|| {
            let mut tally = Tally::new(passes, 1, &hashes);
            let chunks = chunk::mapped(0, &map, Plan::CHUNK_SIZE);
            for chunk in chunks.skip(worker).step_by(workers) {
                tally.add(&chunk);
                chunk.release();
            }
            tally
        });
        count.push(took);
        let (sealed, took) = timed(|| tally.seal());
        seal.push(took);
        all.push(sealed);
    }
    (all, count, seal)
}

/// Merges and ranks one partition after the other, and deals them out.
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

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let begin = Instant::now();
    let result = work();
    (result, begin.elapsed())
}

fn sum(times: &[Duration]) -> Duration {
    times.iter().sum()
}

fn longest(times: &[Duration]) -> Duration {
    times.iter().copied().max().unwrap_or_default()
}
