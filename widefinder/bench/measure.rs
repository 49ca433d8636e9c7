//! Rounds of runs and sweeps.

use std::time::Instant;

use super::fit::{Amdahl, Fit, Usl};
use super::sample::Sample;
use super::scaling::{Point, Scaling};
use super::sweep::sweep;
use super::{Bench, warnings};
use crate::error::Error;
use crate::plan::Plan;
use crate::question::Question;
use crate::report::{Report, StatsReport};
use crate::run;

/// How far a measurement has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Round {
    /// Timed runs that are done.
    pub done: usize,
    /// All that there will be.
    pub total: usize,
}

/// Measures, and calls `watch` before each timed run.
///
/// # Errors
///
/// When an input cannot be read, is a stream, or does not fit the question; when
/// all are empty; and when the runs do not give the same answer: somebody writes to the files.
///
/// # Panics
///
/// As [`run`], and when there is nothing to measure: no threads or no runs.
///
/// ```
/// use widefinder::bench::{Bench, measure};
/// use widefinder::{plan::Plan, question::Question};
///
/// let log = tempfile::NamedTempFile::new()?;
/// std::fs::write(&log, "::1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.1\" 200 7\n")?;
/// let plan = Plan::new(Question::overview(), vec![log.path().into()]);
/// let bench = Bench {
///     command: Vec::new(),
///     plan,
///     threads: vec![1, 2],
///     runs: 3,
///     outputs: Vec::new(),
/// };
/// let scaling = measure(&bench, &mut |_round| {}).expect("the log can be read");
/// assert_eq!(scaling.lines, 1);
/// assert_eq!(scaling.points[1].runs.seconds().len(), 3);
/// # std::io::Result::Ok(())
/// ```
pub fn measure(bench: &Bench, watch: &mut dyn FnMut(Round)) -> Result<Scaling, Vec<Error>> {
    // In this order: the sweep refuses what cannot be read twice before any of it
    // is read.
    let lines = sweep(&bench.plan, bench.plan.threads).map_err(|error| vec![error])?;
    let first = answer(&bench.plan, bench.plan.threads)?;
    if first.inputs.iter().all(|input| input.bytes == 0) {
        let message = "nothing can be measured: there is no byte to read".to_owned();
        return Err(vec![Error::Usage(message)]);
    }
    let mut timings = vec![Timings::default(); bench.threads.len()];
    let total = bench.runs * bench.threads.len();
    for round in 0..bench.runs {
        for index in order(round, bench.threads.len()) {
            let done = timings.iter().map(|timings| timings.runs.len()).sum();
            watch(Round { done, total });
            timings[index].add(&bench.plan, bench.threads[index], &first)?;
        }
    }
    let points = bench.threads.iter().zip(timings);
    let points = points.map(|(&threads, timings)| timings.point(threads));
    Ok(scaling(bench, first, lines, points.collect()))
}

/// The order of the numbers of threads in a round: each comes first, last, after
/// and before each other, so that none always finds what the same one left.
fn order(round: usize, counts: usize) -> Vec<usize> {
    let mut order: Vec<_> = (0..counts).collect();
    order.rotate_left(round / 2 % counts);
    if !round.is_multiple_of(2) {
        order.reverse();
    }
    order
}

/// What was measured so far with one number of threads.
#[derive(Clone, Default)]
struct Timings {
    runs: Vec<f64>,
    outside: Vec<f64>,
    sweeps: Vec<f64>,
    stats: Vec<StatsReport>,
}

impl Timings {
    fn add(&mut self, plan: &Plan, threads: usize, first: &Report) -> Result<(), Vec<Error>> {
        let begin = Instant::now();
        let mut report = answer(plan, threads)?;
        let seconds = begin.elapsed().as_secs_f64();
        first.check_same(&report).map_err(|error| vec![error])?;
        let begin = Instant::now();
        sweep(plan, threads).map_err(|error| vec![error])?;
        self.sweeps.push(begin.elapsed().as_secs_f64());
        // `answer` asks every run for them.
        let stats = report.stats.take().expect("each run has its stats");
        let counting = stats.stages.iter().filter(|stage| stage.name == "count");
        let counting: f64 = counting.map(|stage| stage.seconds).sum();
        self.runs.push(seconds);
        self.outside.push((seconds - counting).max(0.0));
        self.stats.push(stats);
        Ok(())
    }

    fn point(mut self, threads: usize) -> Point {
        let runs = Sample::new(self.runs);
        let StatsReport {
            stages, bottleneck, ..
        } = self.stats.swap_remove(runs.typical());
        Point {
            threads,
            runs,
            outside: Sample::new(self.outside),
            sweeps: Sample::new(self.sweeps),
            stages,
            bottleneck,
        }
    }
}

/// Runs the question; whatever is wrong with an input is an error.
fn answer(plan: &Plan, threads: usize) -> Result<Report, Vec<Error>> {
    let mut report = run(&Plan {
        threads,
        stats: true,
        ..plan.clone()
    });
    let unfit = report.inputs.iter();
    let unfit = unfit.filter(|input| input.balance.fits == Some(false));
    let message = "no line is in the format that the question takes it for; the same question \
                   without `bench` says more";
    let unfit: Vec<_> = unfit
        .map(|input| Error::input(&input.name, message))
        .collect();
    report.errors.extend(unfit);
    match report.errors.is_empty() {
        true => Ok(report),
        false => Err(report.errors),
    }
}

fn scaling(bench: &Bench, first: Report, lines: u64, points: Vec<Point>) -> Scaling {
    let cores = engine::available();
    let times = points
        .iter()
        .map(|point| (point.threads, point.runs.median()));
    let times: Vec<_> = times.collect();
    let mut scaling = Scaling {
        command: bench.command.clone(),
        question: match first.totals {
            Some(_) => vec![overview(&bench.plan.question)],
            None => first.tables.into_iter().map(|table| table.title).collect(),
        },
        inputs: first.inputs,
        lines,
        cores,
        points,
        amdahl: Amdahl::try_fit(&times, cores),
        usl: Usl::try_fit(&times, cores),
        warnings: Vec::new(),
    };
    scaling.warnings = warnings::of(&scaling);
    scaling
}

/// The overview has no title; what it selects is said as in those of tables.
fn overview(asked: &Question) -> String {
    let selection = match asked {
        Question::Ask(ask) => ask.described.as_str(),
        _ => "",
    };
    format!("the overview and its tables{selection}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    const LOG: &str = "h - - [10/Oct/2026:13:55:36 -0700] \"GET /tea HTTP/1.1\" 200 1\n";

    fn bench(log: &std::path::Path, threads: &[usize], runs: usize) -> Bench {
        Bench {
            command: Vec::new(),
            plan: Plan::new(Question::overview(), vec![log.into()]),
            threads: threads.to_vec(),
            runs,
            outputs: Vec::new(),
        }
    }

    #[test]
    fn every_round_runs_all_and_each_comes_first() {
        for counts in 1..6 {
            let mut firsts = HashSet::new();
            for round in 0..2 * counts {
                let mut order = order(round, counts);
                firsts.insert(order[0]);
                order.sort_unstable();
                assert_eq!(order, (0..counts).collect::<Vec<_>>());
            }
            assert_eq!(firsts.len(), counts, "of {counts}");
        }
    }

    #[test]
    fn each_number_of_threads_is_measured_as_often() {
        let log = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&log, LOG.repeat(100)).unwrap();
        let mut seen = Vec::new();
        let scaling = measure(&bench(log.path(), &[1, 3], 4), &mut |round| {
            seen.push(round)
        });
        let scaling = scaling.unwrap();
        assert_eq!(scaling.lines, 100);
        assert_eq!(scaling.bytes(), (100 * LOG.len()) as u64);
        let threads: Vec<_> = scaling.points.iter().map(|point| point.threads).collect();
        assert_eq!(threads, [1, 3]);
        for point in &scaling.points {
            for sample in [&point.runs, &point.outside, &point.sweeps] {
                assert_eq!(sample.seconds().len(), 4);
            }
            assert!(point.stages.iter().any(|stage| stage.name == "count"));
            assert!(point.outside.median() <= point.runs.longest());
        }
        let expected = (0..8).map(|done| Round { done, total: 8 });
        assert_eq!(seen, expected.collect::<Vec<_>>());
    }

    #[test]
    fn a_log_that_grows_meanwhile_is_an_error() {
        let log = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&log, LOG).unwrap();
        let mut grow = |round: Round| {
            std::fs::write(&log, LOG.repeat(2 + round.done)).unwrap();
        };
        let errors = measure(&bench(log.path(), &[1], 2), &mut grow).unwrap_err();
        let error = errors[0].to_string();
        assert!(error.contains("changed while it was measured"), "{error}");
    }

    #[test]
    fn a_log_that_does_not_fit_is_an_error() {
        let log = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&log, "no log\n").unwrap();
        let errors = measure(&bench(log.path(), &[1], 1), &mut |_| {}).unwrap_err();
        assert!(
            errors[0].to_string().contains("no line is in the format"),
            "{errors:?}"
        );
    }
}
