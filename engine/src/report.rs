//! What each stage did with its time, and which one holds the others up.

use std::fmt;
use std::time::{Duration, Instant};

use crate::stats::StageStats;
use crate::sync::{Arc, Mutex, lock};

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
        let stage = Arc::new(StageStats::new(name, self.epoch));
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

    /// Names what holds the pipeline up, as the figures stand now; `None` if no
    /// worker has started.
    ///
    /// All but the slowest spend their time waiting for others, so the stage
    /// whose workers are the most busy is the bottleneck, or whoever pulls from
    /// outside if that one waits even less. If all of them wait for most of
    /// their time, it is the hand-over itself. Time in which the system lets
    /// another thread run counts as busy, so the figures mean little where other
    /// programs take the cores; and so does time in which a body waits outside of
    /// the engine.
    ///
    /// ```
    /// let report = engine::scope(|s| {
    ///     let numbers = s.stage("numbers").read(0..40u64);
    ///     let sums = s.stage("sums").jobs(2).map(numbers, |n| {
    ///         (0..1_000_000).fold(n, |sum, m| std::hint::black_box(sum ^ m))
    ///     });
    ///     assert_eq!(sums.count(), 40);
    ///     s.report()
    /// });
    /// let bottleneck = report.bottleneck().expect("it ran");
    /// assert_eq!(bottleneck.stage(), Some("sums"));
    /// ```
    pub fn bottleneck(&self) -> Option<Bottleneck> {
        Bottleneck::find(&self.stages())
    }
}

/// A table with a row a stage, and a sentence that names the bottleneck.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stages = self.stages();
        writeln!(
            f,
            "{:<16} {:>7} {:>12} {:>10} {:>10} {:>10} {:>10} {:>11}",
            "stage",
            "workers",
            "items",
            "batches",
            "busy s",
            "starved s",
            "blocked s",
            "parallelism"
        )?;
        for stage in &stages {
            writeln!(
                f,
                "{:<16} {:>7} {:>12} {:>10} {:>10.3} {:>10.3} {:>10.3} {:>11.2}",
                stage.name,
                stage.workers,
                stage.items,
                stage.batches,
                stage.busy.as_secs_f64(),
                stage.starved.as_secs_f64(),
                stage.blocked.as_secs_f64(),
                stage.parallelism()
            )?;
        }
        match Bottleneck::find(&stages) {
            Some(bottleneck) => writeln!(f, "{bottleneck}"),
            None => Ok(()),
        }
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
    /// Items worked on: inputs of a pool or a fold, outputs of a generator, a
    /// reader or a coroutine.
    pub items: u64,
    /// Hand-overs of one or more outputs to the consumer.
    pub batches: u64,
    /// Time from the start of the first worker to the end of the last, or to
    /// now.
    pub span: Duration,
    /// Time from each worker's start to its end, or to now.
    pub alive: Duration,
    /// Time spent working, with the microseconds for which a worker stays awake
    /// before it waits.
    pub busy: Duration,
    /// Time spent waiting for an item of the input.
    pub starved: Duration,
    /// Time spent waiting for somebody who pulls.
    pub blocked: Duration,
    /// If somebody who is no worker has pulled from this stage: the time that
    /// these pulls have waited, up to the last one that has ended.
    pub awaited: Option<Duration>,
}

impl StageReport {
    /// Returns how many workers were busy at once, on average over the span of
    /// the stage; 0 before it starts.
    pub fn parallelism(&self) -> f64 {
        share(self.busy, self.span)
    }

    /// Returns the share of the workers' time in which they worked, from 0 to 1.
    pub fn utilization(&self) -> f64 {
        share(self.busy, self.alive)
    }
}

fn share(part: Duration, whole: Duration) -> f64 {
    match whole.is_zero() {
        true => 0.0,
        false => part.as_secs_f64() / whole.as_secs_f64(),
    }
}

/// Returns the share of the time in which who pulls from outside of all stages
/// does not wait; 0 if there is nobody.
fn consumer(stages: &[StageReport]) -> f64 {
    let pulled = || stages.iter().filter(|stage| stage.awaited.is_some());
    let span = pulled().map(|stage| stage.span).max().unwrap_or_default();
    let awaited: Duration = pulled().filter_map(|stage| stage.awaited).sum();
    share(span.saturating_sub(awaited), span)
}

/// What holds a pipeline up. Its [`Display`](fmt::Display) is a sentence that
/// says so and what may help.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Bottleneck {
    /// The workers of a stage are busy while the others wait.
    #[non_exhaustive]
    Stage {
        /// The stage's name.
        name: String,
        /// Its workers.
        workers: usize,
        /// The share of their time in which they worked.
        utilization: f64,
        /// As many workers are busy in all stages as there are cores.
        saturated: bool,
    },
    /// All stages wait for whoever pulls from outside of them.
    #[non_exhaustive]
    Consumer {
        /// The share of the time in which it did not wait.
        utilization: f64,
    },
    /// The stages wait for each other in turn.
    #[non_exhaustive]
    HandOver {
        /// The share of all workers' time in which they worked.
        utilization: f64,
    },
}

/// Where everybody waits for more than this share of the time, nobody is what
/// the others wait for. Low, since to be woken takes its time as well.
const WAITING: f64 = 0.8;

/// A stage that is busy for less than this share is held up by waits of its own
/// as well, which more of it would not shorten.
const MOSTLY: f64 = 0.6;

impl Bottleneck {
    fn find(stages: &[StageReport]) -> Option<Bottleneck> {
        let started = || stages.iter().filter(|stage| stage.workers > 0);
        let utilization = |stage: &&StageReport| stage.utilization();
        let busiest = started().max_by(|a, b| utilization(a).total_cmp(&utilization(b)))?;
        let consumer = consumer(stages);
        if busiest.utilization().max(consumer) < 1.0 - WAITING {
            let alive = started().map(|stage| stage.alive).sum();
            let busy = started().map(|stage| stage.busy).sum();
            let utilization = share(busy, alive);
            return Some(Bottleneck::HandOver { utilization });
        }
        if consumer > busiest.utilization() {
            let utilization = consumer;
            return Some(Bottleneck::Consumer { utilization });
        }
        let parallelism: f64 = started().map(StageReport::parallelism).sum();
        // Short of all, since a worker has to start and to end.
        let cores = 0.9 * crate::available() as f64;
        Some(Bottleneck::Stage {
            name: busiest.name.clone(),
            workers: busiest.workers,
            utilization: busiest.utilization(),
            saturated: parallelism >= cores,
        })
    }

    /// Returns the name of the stage, if it is one.
    pub fn stage(&self) -> Option<&str> {
        match self {
            Bottleneck::Stage { name, .. } => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for Bottleneck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Bottleneck::Stage {
                name,
                workers,
                utilization,
                saturated,
            } => {
                let whose = match workers {
                    1 => "its worker was".to_owned(),
                    n => format!("its {n} workers were"),
                };
                let percent = 100.0 * utilization;
                // Busy may be a wait outside of the engine, and only a pool can
                // have more jobs: the report knows neither.
                let advice = if *utilization < MOSTLY {
                    "and the others less; larger batches or buffers would help"
                } else if *saturated {
                    "with as many busy workers as cores; less work an item would help"
                } else {
                    "less work an item would help, or more jobs if it is a pool"
                };
                write!(
                    f,
                    "bottleneck: stage {name:?}; {whose} busy {percent:.0} % of the time; {advice}"
                )
            }
            Bottleneck::Consumer { utilization } => write!(
                f,
                "bottleneck: the consumer; it did not wait for {:.0} % of the time; less work \
                 between two pulls would help",
                100.0 * utilization
            ),
            Bottleneck::HandOver { utilization } => write!(
                f,
                "bottleneck: the hand-over; the stages worked {:.0} % of the time and waited for \
                 each other; a larger buffer or batch would help",
                100.0 * utilization
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stage of one second, of which so many milliseconds went where.
    fn stage(name: &str, workers: u32, busy: u64, starved: u64, blocked: u64) -> StageReport {
        let milliseconds = Duration::from_millis;
        let alive = milliseconds(busy + starved + blocked);
        StageReport {
            name: name.to_owned(),
            workers: workers as usize,
            span: alive / workers,
            alive,
            busy: milliseconds(busy),
            starved: milliseconds(starved),
            blocked: milliseconds(blocked),
            ..StageReport::default()
        }
    }

    fn sentence(stages: &[StageReport]) -> String {
        Bottleneck::find(stages).map_or_else(String::new, |found| found.to_string())
    }

    #[test]
    fn the_busiest_workers_are_the_bottleneck() {
        // More time in all is not more of the time.
        let stages = [
            stage("wide", 4, 2400, 1600, 0),
            stage("slow", 1, 990, 0, 10),
        ];
        let text = sentence(&stages);
        assert!(text.starts_with("bottleneck: stage \"slow\"; its worker was busy 99 % "));
        let text = sentence(&stages[..1]);
        assert!(text.contains("its 4 workers were busy 60 % "));
    }

    #[test]
    fn advice_depends_on_the_cores() {
        let cores = u32::try_from(crate::available()).unwrap();
        let all = stage("all", cores, 1000 * u64::from(cores), 0, 0);
        assert!(
            sentence(&[all])
                .ends_with("with as many busy workers as cores; less work an item would help")
        );
        let half = stage(
            "half",
            2 * cores,
            1000 * u64::from(cores),
            800 * u64::from(cores),
            0,
        );
        let half = [half, stage("none", 1, 0, 1000, 0)];
        let Some(Bottleneck::Stage { saturated, .. }) = Bottleneck::find(&half) else {
            panic!("it is a stage");
        };
        assert!(saturated);
        let little = stage("little", 1, 700, 300, 0);
        let more = sentence(&[little]).ends_with("or more jobs if it is a pool");
        assert!(more);
    }

    #[test]
    fn who_waits_for_most_of_the_time_is_told_of_batches() {
        let seldom = [
            stage("lines", 1, 280, 0, 720),
            stage("map", 2, 200, 1800, 0),
        ];
        let text = sentence(&seldom);
        assert!(text.contains("\"lines\"; its worker was busy 28 % "));
        assert!(text.ends_with("larger batches or buffers would help"));
    }

    #[test]
    fn those_who_wait_are_no_bottleneck() {
        let mut stages = [
            stage("first", 1, 100, 0, 900),
            stage("last", 1, 150, 250, 600),
        ];
        assert_eq!(
            sentence(&stages),
            "bottleneck: the hand-over; the stages worked 12 % of the time and waited for each \
             other; a larger buffer or batch would help"
        );
        stages[1].awaited = Some(Duration::from_millis(400));
        assert_eq!(
            sentence(&stages),
            "bottleneck: the consumer; it did not wait for 60 % of the time; less work between \
             two pulls would help"
        );
        // Together they were waited for all the time.
        stages[0].awaited = Some(Duration::from_millis(600));
        assert!(sentence(&stages).contains("hand-over"));
    }

    #[test]
    fn what_has_not_started_is_no_bottleneck() {
        let idle = StageReport::default();
        assert_eq!(Bottleneck::find(std::slice::from_ref(&idle)), None);
        assert_eq!(idle.parallelism(), 0.0);
        assert_eq!(idle.utilization(), 0.0);
    }
}
