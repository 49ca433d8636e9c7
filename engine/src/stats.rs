//! What each stage did with its time.
//!
//! Clocks are read only where a thread is about to wait: busy is what is left
//! of a worker's life, so that counting costs a stage nothing while it works.

use std::fmt;
use std::time::{Duration, Instant};

use crossbeam::utils::CachePadded;

use crate::sync::{Arc, AtomicU64, Mutex, Ordering, lock};

/// What a worker waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wait {
    /// An item of its input.
    Input,
    /// Somebody who pulls.
    Demand,
}

/// The counters of one worker, written by its thread alone; padded, so that
/// two workers never write to one cache line.
#[derive(Debug)]
pub(crate) struct WorkerStats {
    epoch: Instant,
    counters: CachePadded<Counters>,
}

/// Times are nanoseconds since the epoch of the scope; 0 means not yet.
#[derive(Debug, Default)]
struct Counters {
    items: AtomicU64,
    batches: AtomicU64,
    started: AtomicU64,
    ended: AtomicU64,
    starved: AtomicU64,
    blocked: AtomicU64,
    /// When the wait began that lasts now: twice the time, plus 1 for a wait
    /// for demand; one word, so that a reader never sees half of it.
    waiting: AtomicU64,
}

impl WorkerStats {
    fn new(epoch: Instant) -> WorkerStats {
        WorkerStats {
            epoch,
            counters: CachePadded::new(Counters::default()),
        }
    }

    fn now(&self) -> u64 {
        let nanoseconds = self.epoch.elapsed().as_nanos();
        // 0 means "not yet"; 64 bits last for 500 years.
        u64::try_from(nanoseconds).unwrap_or(u64::MAX).max(1)
    }

    pub(crate) fn start(&self) {
        self.counters.started.store(self.now(), Ordering::Relaxed);
    }

    pub(crate) fn end(&self) {
        self.counters.ended.store(self.now(), Ordering::Release);
    }

    /// Counts one item. A load and a store, since only this thread writes.
    pub(crate) fn item(&self) {
        let items = self.counters.items.load(Ordering::Relaxed);
        self.counters.items.store(items + 1, Ordering::Relaxed);
    }

    /// Counts one hand-over of outputs.
    pub(crate) fn batch(&self) {
        let batches = self.counters.batches.load(Ordering::Relaxed);
        self.counters.batches.store(batches + 1, Ordering::Relaxed);
    }

    /// Runs `sleep` and books its duration.
    pub(crate) fn wait(&self, kind: Wait, sleep: impl FnOnce()) {
        let (total, tag) = match kind {
            Wait::Input => (&self.counters.starved, 0),
            Wait::Demand => (&self.counters.blocked, 1),
        };
        let begin = self.now();
        self.counters
            .waiting
            .store(begin * 2 + tag, Ordering::Relaxed);
        sleep();
        let waited = self.now() - begin;
        // In this order: a reader that sees the new total must not see the wait
        // as well, and count it twice.
        self.counters.waiting.store(0, Ordering::Relaxed);
        total.store(total.load(Ordering::Relaxed) + waited, Ordering::Release);
    }

    /// Adds this worker's figures to its stage's.
    fn add_to(&self, stage: &mut StageReport) {
        let started = self.counters.started.load(Ordering::Relaxed);
        if started == 0 {
            return;
        }
        let ended = self.counters.ended.load(Ordering::Acquire);
        let mut starved = self.counters.starved.load(Ordering::Acquire);
        let mut blocked = self.counters.blocked.load(Ordering::Acquire);
        let waiting = self.counters.waiting.load(Ordering::Relaxed);
        // Read last, so that no wait ends after it and the figures add up.
        let until = if ended == 0 { self.now() } else { ended };
        if ended == 0 && waiting != 0 {
            let lasts = until.saturating_sub(waiting / 2);
            if waiting.is_multiple_of(2) {
                starved += lasts;
            } else {
                blocked += lasts;
            }
        }
        let alive = until.saturating_sub(started);
        stage.workers += 1;
        stage.running += usize::from(ended == 0);
        stage.items += self.counters.items.load(Ordering::Relaxed);
        stage.batches += self.counters.batches.load(Ordering::Relaxed);
        stage.alive += Duration::from_nanos(alive);
        stage.starved += Duration::from_nanos(starved);
        stage.blocked += Duration::from_nanos(blocked);
        stage.busy += Duration::from_nanos(alive.saturating_sub(starved + blocked));
    }
}

/// The counters of one stage.
#[derive(Debug)]
pub(crate) struct StageStats {
    name: String,
    epoch: Instant,
    workers: Mutex<Vec<Arc<WorkerStats>>>,
}

impl StageStats {
    /// Adds a worker.
    pub(crate) fn worker(&self) -> Arc<WorkerStats> {
        let worker = Arc::new(WorkerStats::new(self.epoch));
        lock(&self.workers).push(Arc::clone(&worker));
        worker
    }

    fn report(&self) -> StageReport {
        let mut stage = StageReport {
            name: self.name.clone(),
            ..StageReport::default()
        };
        for worker in lock(&self.workers).iter() {
            worker.add_to(&mut stage);
        }
        stage
    }
}

/// The figures of every stage of a scope: live while it runs, final after it.
///
/// A report owns what it needs, so it may outlive the scope; clones show the
/// same figures. Dropping it changes nothing.
///
/// ```
/// let (sum, report) = engine::scope(|s| {
///     let squares = s.stage("square").jobs(2).map(0..100u64, |n| n * n);
///     (squares.sum::<u64>(), s.report())
/// });
/// assert_eq!(sum, 328_350);
/// assert_eq!(report.stages()[0].items, 100);
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    epoch: Instant,
    stages: Arc<Mutex<Vec<Arc<StageStats>>>>,
}

impl Report {
    pub(crate) fn new() -> Report {
        Report {
            epoch: Instant::now(),
            stages: Arc::default(),
        }
    }

    pub(crate) fn stage(&self, name: &str) -> Arc<StageStats> {
        let stage = Arc::new(StageStats {
            name: name.to_owned(),
            epoch: self.epoch,
            workers: Mutex::default(),
        });
        lock(&self.stages).push(Arc::clone(&stage));
        stage
    }

    /// Returns the figures as they stand now, a stage each, in the order in
    /// which the stages were made.
    pub fn stages(&self) -> Vec<StageReport> {
        lock(&self.stages)
            .iter()
            .map(|stage| stage.report())
            .collect()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<16} {:>7} {:>12} {:>10} {:>10} {:>10}",
            "stage", "workers", "items", "busy s", "starved s", "blocked s"
        )?;
        for stage in self.stages() {
            writeln!(
                f,
                "{:<16} {:>7} {:>12} {:>10.3} {:>10.3} {:>10.3}",
                stage.name,
                stage.workers,
                stage.items,
                stage.busy.as_secs_f64(),
                stage.starved.as_secs_f64(),
                stage.blocked.as_secs_f64()
            )?;
        }
        Ok(())
    }
}

/// The figures of one stage, summed over its workers.
///
/// `busy + starved + blocked = alive`, up to the clock's resolution. The wait
/// that a worker is in at the moment is counted as far as it has lasted.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct StageReport {
    /// The stage's name.
    pub name: String,
    /// Workers that have started.
    pub workers: usize,
    /// Workers that have not ended yet.
    pub running: usize,
    /// Items worked on: inputs of `map`, `filter_map` and `fold`, outputs of a
    /// generator.
    pub items: u64,
    /// Hand-overs of one or more outputs to the consumer.
    pub batches: u64,
    /// Time from each worker's start to its end, or to now.
    pub alive: Duration,
    /// Time spent working.
    pub busy: Duration,
    /// Time spent waiting for an item of the input.
    pub starved: Duration,
    /// Time spent waiting for somebody who pulls.
    pub blocked: Duration,
}
