//! Sorts more lines than may be in memory.
//!
//! ```text
//! cargo run --release -p engine --features spill --example external_sort -- [LINES [BYTES]]
//! ```
//!
//! Lines are cut into runs of so many `BYTES`, each run is sorted and spilled,
//! and a merge pulls all runs at once. In memory are one run while they are
//! made, and a share of each run after that.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::error::Error;
use std::sync::mpsc;

use engine::{Scope, Spill, SpillError};

/// What is kept in memory of each run: a few pages to read ahead.
const SHARE: usize = 32 << 10;

/// Returns lines that begin with the numbers below `count` in a wild order, the
/// same each time, so that it is known what they are when they are sorted.
fn lines(count: u64) -> impl Iterator<Item = String> {
    // A prime beyond any count that this is run with, so each number comes once.
    const STEP: u64 = (1 << 31) - 1;
    (0..count).map(move |n| {
        let number = n * STEP % count;
        format!("{number:010} is number {n}")
    })
}

/// Sorts `run` and returns it in a spill that has read all of it.
fn spill_sorted<'scope>(s: &Scope<'scope, '_>, mut run: Vec<String>) -> Spill<'scope, String> {
    run.sort_unstable();
    let (held, gone) = mpsc::channel::<()>();
    let run = run.into_iter().inspect(move |_| {
        let _while_there_is_a_run = &held;
    });
    let mut spill = s.stage("run").buffer(64).read(run).spill(SHARE);
    spill.prime();
    // Returns when the other end is dropped, and with it what the run took.
    let _disconnected = gone.recv();
    spill
}

/// Cuts `lines` into runs of about so many bytes in memory.
fn spill_runs<'scope>(
    s: &Scope<'scope, '_>,
    lines: impl Iterator<Item = String>,
    bytes: usize,
) -> Vec<Spill<'scope, String>> {
    let mut lines = lines.peekable();
    let mut runs = Vec::new();
    while lines.peek().is_some() {
        let (mut run, mut held) = (Vec::new(), 0);
        while let Some(line) = lines.next_if(|_| held < bytes) {
            held += size_of::<String>() + line.len();
            run.push(line);
        }
        runs.push(spill_sorted(s, run));
    }
    runs
}

/// Calls `emit` with all lines of `runs` in order.
fn merge(runs: &mut [Spill<'_, String>], mut emit: impl FnMut(String)) -> Result<(), SpillError> {
    // The least line of each run, and which one that is.
    let mut heads = BinaryHeap::with_capacity(runs.len());
    for (number, run) in runs.iter_mut().enumerate() {
        heads.extend(run.next().transpose()?.map(|line| Reverse((line, number))));
    }
    while let Some(Reverse((line, number))) = heads.pop() {
        emit(line);
        let next = runs[number].next().transpose()?;
        heads.extend(next.map(|line| Reverse((line, number))));
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let count: u64 = args.next().map_or(Ok(200_000), |count| count.parse())?;
    let bytes: usize = args.next().map_or(Ok(1 << 20), |bytes| bytes.parse())?;

    let (mut sorted, mut total) = (0, 0);
    let usages = engine::scope(|s| {
        let mut runs = spill_runs(&s, lines(count), bytes);
        merge(&mut runs, |line| {
            let number: u64 = line[..10].parse().expect("a line begins with ten digits");
            assert_eq!(
                number, sorted,
                "the output is sorted, and no line is missing"
            );
            sorted += 1;
            total += line.len();
        })?;
        Ok::<_, SpillError>(runs.iter().map(Spill::usage).collect::<Vec<_>>())
    })?;
    assert_eq!(sorted, count, "the output is complete");

    let disk: u64 = usages.iter().map(|usage| usage.peak_disk).sum();
    let most = usages
        .iter()
        .map(|usage| usage.peak_memory)
        .max()
        .unwrap_or(0);
    println!("{count} lines of {total} bytes in {} runs", usages.len());
    println!("{disk} bytes were on disk, and of no run more than {most} in memory");
    Ok(())
}
