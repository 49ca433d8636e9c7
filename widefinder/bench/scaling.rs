//! What was measured, as plain data for any form.

use super::fit::{Amdahl, Usl};
use super::sample::{Sample, share};
use crate::report::{InputReport, StageReport};

/// How a question scales with threads.
#[derive(Clone, PartialEq, Debug)]
pub struct Scaling {
    /// What was typed, word by word.
    pub command: Vec<String>,
    /// The titles of the tables that were counted, or that it was the overview.
    pub question: Vec<String>,
    /// What was read.
    pub inputs: Vec<InputReport>,
    /// Lines of all inputs.
    pub lines: u64,
    /// Cores that this process may use.
    pub cores: usize,
    /// What was measured with each number of threads, ascending; at least one.
    pub points: Vec<Point>,
    /// Amdahl's law, or why it was not fitted.
    pub amdahl: Result<Amdahl, String>,
    /// The universal scalability law, or why it was not fitted.
    pub usl: Result<Usl, String>,
    /// What makes the figures doubtful, a sentence each.
    pub warnings: Vec<String>,
}

/// What was measured with one number of threads.
#[derive(Clone, PartialEq, Debug)]
pub struct Point {
    /// Workers that count.
    pub threads: usize,
    /// Whole runs, from before the inputs are opened to the finished report.
    pub runs: Sample,
    /// The parts of these outside of the stage `count`: opening, merging,
    /// ranking, closing.
    pub outside: Sample,
    /// Newline sweeps of the same inputs.
    pub sweeps: Sample,
    /// The stages of the run with the median time.
    pub stages: Vec<StageReport>,
    /// What the other stages of that run waited for, in words.
    pub bottleneck: String,
}

impl Point {
    /// The serial part as measured: of the run with the median time, as are the
    /// stages, so that all that is said of a run fits together.
    pub fn serial(&self) -> f64 {
        self.outside.seconds()[self.runs.typical()]
    }

    /// Speed as a share of the sweep's with as many threads.
    pub fn share_of_sweep(&self) -> f64 {
        share(self.sweeps.median(), self.runs.median())
    }

    /// The stages by name, with the seconds from the start of the first worker to
    /// the end of the last; those of one name together.
    pub fn stage_seconds(&self) -> Vec<(&str, f64)> {
        let mut sums: Vec<(&str, f64)> = Vec::new();
        for stage in &self.stages {
            match sums.iter_mut().find(|(name, _)| *name == stage.name) {
                Some((_, sum)) => *sum += stage.seconds,
                None => sums.push((&stage.name, stage.seconds)),
            }
        }
        sums
    }
}

impl Scaling {
    /// Bytes of all inputs.
    pub fn bytes(&self) -> u64 {
        self.inputs.iter().map(|input| input.bytes).sum()
    }

    /// What speed-ups are over: the smallest number of threads.
    ///
    /// # Panics
    ///
    /// When nothing was measured.
    pub fn base(&self) -> &Point {
        self.points.first().expect("something was measured")
    }

    /// How much faster a time is than the median of the base.
    pub fn speed_up(&self, seconds: f64) -> f64 {
        share(self.base().runs.median(), seconds)
    }

    /// The speed-up as a share of the ideal one, from 0 to about 1.
    pub fn efficiency(&self, point: &Point) -> f64 {
        let ideal = point.threads as f64 / self.base().threads as f64;
        self.speed_up(point.runs.median()) / ideal
    }

    /// Bytes a second, where all of them take so many seconds.
    pub fn bytes_per_second(&self, seconds: f64) -> f64 {
        share(self.bytes() as f64, seconds)
    }

    /// Lines a second.
    pub fn lines_per_second(&self, seconds: f64) -> f64 {
        share(self.lines as f64, seconds)
    }
}

/// Results that were not measured, for tests of what is made of them.
#[cfg(test)]
pub(super) mod examples {
    use super::super::fit::Fit;
    use super::*;
    use crate::scan::Balance;

    fn stage(name: &str, workers: usize, seconds: f64) -> StageReport {
        StageReport {
            name: name.to_owned(),
            items: 512,
            batches: 512,
            workers,
            seconds,
            busy: 0.98,
            starved: 0.02,
            blocked: 0.0,
        }
    }

    /// A point of a question whose serial part takes 20 ms of a second.
    pub(in crate::bench) fn point(threads: usize) -> Point {
        let n = threads as f64;
        let counting = 0.98 / n;
        let time = counting + 0.02;
        Point {
            threads,
            runs: Sample::new(vec![time, time * 1.02, time * 0.99]),
            outside: Sample::new(vec![0.02; 3]),
            sweeps: Sample::new(vec![0.1 / n; 3]),
            stages: vec![
                stage("count", threads, counting),
                stage("seal", threads, 0.001),
                stage("merge", threads, 0.01),
                stage("merge", threads, 0.005),
            ],
            bottleneck: "count".to_owned(),
        }
    }

    /// What such a question's scaling is on so many cores.
    pub(in crate::bench) fn scaling(threads: &[usize], cores: usize) -> Scaling {
        let points: Vec<_> = threads.iter().map(|&threads| point(threads)).collect();
        let times = points
            .iter()
            .map(|point| (point.threads, point.runs.median()));
        let times: Vec<_> = times.collect();
        Scaling {
            command: ["bench", "--by", "path"].map(str::to_owned).to_vec(),
            question: vec!["path by hits".to_owned()],
            inputs: vec![InputReport {
                name: "access.log".to_owned(),
                bytes: 1_000_000_000,
                balance: Balance::default(),
                formats: Vec::new(),
            }],
            lines: 4_500_000,
            cores,
            points,
            amdahl: Amdahl::try_fit(&times, cores),
            usl: Usl::try_fit(&times, cores),
            warnings: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::examples::scaling;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn speed_ups_are_over_the_smallest_number_of_threads() {
        let from_one = scaling(&[1, 2], 2);
        assert!(near(from_one.speed_up(1.0), 1.0));
        assert!(near(from_one.efficiency(&from_one.points[0]), 1.0));
        assert!(near(from_one.efficiency(&from_one.points[1]), 0.5 / 0.51));
        let from_two = scaling(&[2, 4], 4);
        assert!(near(from_two.speed_up(0.51), 1.0));
        assert!(near(from_two.efficiency(&from_two.points[1]), 0.51 / 0.53));
    }

    #[test]
    fn speeds_are_of_all_bytes_and_lines() {
        let scaling = scaling(&[1], 1);
        assert!(near(scaling.bytes_per_second(0.5), 2e9));
        assert!(near(scaling.lines_per_second(0.5), 9e6));
        assert_eq!(scaling.bytes_per_second(0.0), 0.0);
        assert!(near(scaling.points[0].share_of_sweep(), 0.1));
    }

    #[test]
    fn stages_of_one_name_are_added_up() {
        let scaling = scaling(&[2], 2);
        let stages = scaling.points[0].stage_seconds();
        assert_eq!(stages.len(), 3);
        assert_eq!(stages[0], ("count", 0.49));
        assert!(stages[2].0 == "merge" && near(stages[2].1, 0.015));
    }
}
