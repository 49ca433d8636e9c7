//! Counting what the workers do with their time.
//!
//! Clocks are read only where a thread is about to wait: busy is what is left
//! of a worker's life, so that counting costs a stage nothing while it works.

use std::time::{Duration, Instant};

use crossbeam::utils::CachePadded;

use crate::events;
use crate::report::StageReport;
use crate::sync::{Arc, Counter, Mark, Mutex, Ordering, lock};

/// What a worker waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wait {
    /// An item of its input.
    Input,
    /// Somebody who pulls.
    Demand,
}

#[cfg(feature = "tracing")]
impl Wait {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Wait::Input => "input",
            Wait::Demand => "demand",
        }
    }
}

/// The counters of one worker, written by its thread alone; padded, so that
/// two workers never write to one cache line.
#[derive(Debug)]
#[cfg_attr(
    not(feature = "tracing"),
    expect(dead_code, reason = "only events name their worker")
)]
pub(crate) struct WorkerStats {
    stage: Arc<str>,
    number: usize,
    epoch: Instant,
    counters: CachePadded<Counters>,
}

/// Times are nanoseconds since the epoch of the scope; 0 means not yet.
#[derive(Debug, Default)]
struct Counters {
    items: Counter,
    batches: Counter,
    started: Counter,
    ended: Counter,
    starved: Counter,
    blocked: Counter,
    /// When the wait began that lasts now: twice the time, plus 1 for a wait
    /// for demand; one word, so that a reader never sees half of it.
    waiting: Counter,
}

impl WorkerStats {
    fn new(stage: Arc<str>, number: usize, epoch: Instant) -> WorkerStats {
        WorkerStats {
            stage,
            number,
            epoch,
            counters: CachePadded::new(Counters::default()),
        }
    }

    /// The name of its stage.
    #[cfg(feature = "tracing")]
    pub(crate) fn stage(&self) -> &str {
        &self.stage
    }

    /// Its place among the workers of its stage, from 0.
    #[cfg(feature = "tracing")]
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    fn now(&self) -> u64 {
        let nanoseconds = self.epoch.elapsed().as_nanos();
        // 0 means "not yet"; 64 bits last for 500 years.
        u64::try_from(nanoseconds).unwrap_or(u64::MAX).max(1)
    }

    pub(crate) fn start(&self) {
        events::worker_starts(self);
        self.counters.started.store(self.now(), Ordering::Relaxed);
    }

    pub(crate) fn end(&self) {
        self.counters.ended.store(self.now(), Ordering::Release);
        events::worker_ends(self);
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
        // Not before the wait: a subscriber that uses the engine would sleep in the
        // same place and take the news away.
        events::waited(self, kind, waited);
    }

    /// Adds this worker's figures to its stage's. Returns when it started, and
    /// when it ended or was looked at.
    fn add_to(&self, stage: &mut StageReport) -> Option<(u64, u64)> {
        let started = self.counters.started.load(Ordering::Relaxed);
        if started == 0 {
            return None;
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
        Some((started, until))
    }
}

/// The counters of one stage.
#[derive(Debug)]
pub(crate) struct StageStats {
    name: Arc<str>,
    epoch: Instant,
    workers: Mutex<Vec<Arc<WorkerStats>>>,
    /// Nanoseconds for which somebody who is no worker has waited here.
    awaited: Counter,
    /// Whether such a one pulls from this stage.
    outside: Mark,
}

impl StageStats {
    /// Adds a worker.
    pub(crate) fn worker(&self) -> Arc<WorkerStats> {
        let mut workers = lock(&self.workers);
        let stage = Arc::clone(&self.name);
        let worker = Arc::new(WorkerStats::new(stage, workers.len(), self.epoch));
        workers.push(Arc::clone(&worker));
        worker
    }

    pub(crate) fn new(name: &str, epoch: Instant) -> StageStats {
        StageStats {
            name: name.into(),
            epoch,
            workers: Mutex::default(),
            awaited: Counter::new(0),
            outside: Mark::new(false),
        }
    }

    #[cfg(feature = "tracing")]
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Runs `sleep` for a consumer that is no worker, and books its duration.
    pub(crate) fn wait_outside(&self, sleep: impl FnOnce()) {
        let begin = Instant::now();
        sleep();
        let waited = u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.awaited.fetch_add(waited, Ordering::Relaxed);
    }

    /// Notes that a consumer pulls that is no worker.
    pub(crate) fn note_outside(&self) {
        if !self.outside.load(Ordering::Relaxed) {
            self.outside.store(true, Ordering::Relaxed);
        }
    }

    pub(crate) fn report(&self) -> StageReport {
        let mut stage = StageReport {
            name: self.name.to_string(),
            ..StageReport::default()
        };
        let (mut first, mut last) = (u64::MAX, 0);
        for worker in lock(&self.workers).iter() {
            if let Some((started, until)) = worker.add_to(&mut stage) {
                first = first.min(started);
                last = last.max(until);
            }
        }
        if self.outside.load(Ordering::Relaxed) {
            let awaited = self.awaited.load(Ordering::Relaxed);
            stage.awaited = Some(Duration::from_nanos(awaited));
        }
        stage.span = Duration::from_nanos(last.saturating_sub(first));
        stage
    }
}
