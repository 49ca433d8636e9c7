//! One worker of each number of workers, on a log that is generated as it is
//! counted.

use std::time::Duration;

use ahash::RandomState;
use loggen::{Log, Options, Profile};
use widefinder::chunk::Chunk;
use widefinder::plan::Plan;
use widefinder::question::Question;
use widefinder::scan::BadLines;
use widefinder::scan::format::{Format, Formats};
use widefinder::tally::Tally;

use crate::clock::timed;
use crate::keys::Keys;

/// Chunks that are generated before any is counted: far more than a cache holds,
/// so that a worker finds its chunk where it finds one of a file, in memory.
const SLICE: usize = 1024;

/// The first of a number of workers.
struct First {
    workers: usize,
    tally: Tally,
    took: Duration,
    bytes: u64,
}

/// Counts, and prints a line for each number of workers.
pub(crate) fn print(size: u64, workers: &[usize]) {
    let passes = Plan::new(Question::Wf2, Vec::new()).passes();
    let (mut keys, hashes) = (Keys::new(&passes[0]), RandomState::new());
    let firsts = workers.iter().map(|&workers| First {
        workers,
        tally: Tally::new(&passes, 1, BadLines::default(), &hashes),
        took: Duration::ZERO,
        bytes: 0,
    });
    let mut firsts: Vec<_> = firsts.collect();
    let mut log = Log::new(&Options::new(Profile::Heavy));
    let (mut bytes, mut number) = (0, 0);
    while bytes < size {
        let chunks = (0..SLICE).map_while(|_| (bytes < size).then(|| chunk(&mut log, &mut bytes)));
        let chunks: Vec<_> = chunks.collect();
        firsts
            .iter_mut()
            .for_each(|first| first.count(number, &chunks));
        for chunk in &chunks {
            keys.add(number, chunk);
            number += 1;
        }
    }
    println!("{bytes} bytes in {number} chunks");
    println!(
        "{:>7} {:>14} {:>9} {:>8} {:>12} {:>9} {:>12}",
        "workers", "bytes of one", "seconds", "GB/s", "rows of one", "free", "rows of all"
    );
    firsts.iter_mut().for_each(|first| first.print(&keys));
}

fn chunk(log: &mut Log, bytes: &mut u64) -> Chunk<'static> {
    let mut lines = Vec::with_capacity(Plan::CHUNK_SIZE + (64 << 10));
    while lines.len() < Plan::CHUNK_SIZE {
        log.write_line(&mut lines);
    }
    let offset = *bytes;
    *bytes += lines.len() as u64;
    Chunk::Read {
        input: 0,
        offset,
        bytes: lines,
        formats: Formats::new([Format::Combined]),
    }
}

impl First {
    /// Counts its share of chunks, the first of which has this number.
    fn count(&mut self, number: usize, chunks: &[Chunk<'_>]) {
        // `SLICE` is a multiple of all numbers of workers.
        debug_assert!(number.is_multiple_of(self.workers));
        let mine = || chunks.iter().step_by(self.workers);
        let ((), took) = timed(|| mine().for_each(|chunk| self.tally.add(chunk)));
        self.took += took;
        let bytes = mine().map(|chunk| chunk.span().bytes.len() as u64);
        self.bytes += bytes.sum::<u64>();
    }

    fn print(&mut self, keys: &Keys) {
        let tables = self.tally.seal().tables.remove(0);
        let rows: usize = tables.iter().map(|counted| counted.table.len()).sum();
        assert_eq!(rows as u64, keys.rows_of_first(self.workers));
        let ((), free) = timed(|| drop(tables));
        let seconds = self.took.as_secs_f64();
        println!(
            "{:>7} {:>14} {seconds:>9.3} {:>8.3} {rows:>12} {:>9.4} {:>12}",
            self.workers,
            self.bytes,
            self.bytes as f64 / 1e9 / seconds,
            free.as_secs_f64(),
            keys.rows(self.workers),
        );
    }
}
