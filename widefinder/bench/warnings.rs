//! What makes figures doubtful.

use super::sample::{Sample, share};
use super::scaling::Scaling;

/// A noise (see [`Sample::noise`]) that is above this share can hide what a
/// number of threads gains; a quiet machine has less than a fifth of it.
const NOISY: f64 = 0.05;

/// The first and the last run of the same work differ by more than this share
/// where the machine has become slower or faster meanwhile.
const DRIFT: f64 = 0.15;

/// Seconds; of a shorter run mostly the start of threads and the opening of files
/// is measured.
const SHORT: f64 = 0.02;

/// Fewer runs have no spread that says something.
const FEW: usize = 3;

/// Says what is doubtful, a sentence each.
pub(super) fn of(scaling: &Scaling) -> Vec<String> {
    let doubts = [
        cores(scaling),
        few(scaling),
        short(scaling),
        noise(scaling),
        drift(scaling),
    ];
    doubts.into_iter().flatten().collect()
}

fn cores(scaling: &Scaling) -> Option<String> {
    let asked = scaling.points.iter().map(|point| point.threads).max()?;
    (asked > scaling.cores).then(|| {
        format!(
            "{asked} threads were asked for, and this process may use {}: what is measured beyond \
             tells of threads that share cores",
            match scaling.cores {
                1 => "1 core".to_owned(),
                cores => format!("{cores} cores"),
            }
        )
    })
}

fn few(scaling: &Scaling) -> Option<String> {
    let runs = scaling.base().runs.seconds().len();
    (runs < FEW).then(|| {
        format!("fewer than {FEW} runs at each number of threads do not show how noisy they are")
    })
}

fn short(scaling: &Scaling) -> Option<String> {
    let medians = scaling.points.iter().map(|point| point.runs.median());
    let shortest = medians.fold(f64::INFINITY, f64::min);
    (shortest < SHORT).then(|| {
        format!(
            "the runs take {:.1} ms; below {:.0} ms mostly the start is measured: name larger logs",
            1e3 * shortest,
            1e3 * SHORT
        )
    })
}

/// The noisiest of all samples, if it is too noisy.
fn noise(scaling: &Scaling) -> Option<String> {
    // Where threads share cores, their order is a matter of chance.
    let fair = scaling.points.iter();
    let fair = fair.filter(|point| point.threads <= scaling.cores);
    let samples = fair.flat_map(|point| {
        [("runs", &point.runs), ("sweeps", &point.sweeps)]
            .map(|(what, sample)| (sample.noise(), what, point.threads))
    });
    let (noise, what, threads) = samples.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (noise > NOISY).then(|| {
        format!(
            "the machine is noisy: half of the {what} with {} differ by more than {:.1}% from \
             their median ({:.0}% is allowed); end other programs, or raise --runs",
            match threads {
                1 => "1 thread".to_owned(),
                threads => format!("{threads} threads"),
            },
            100.0 * noise,
            100.0 * NOISY
        )
    })
}

fn drift(scaling: &Scaling) -> Option<String> {
    let drift = |sample: &Sample| match sample.seconds() {
        [first, .., last] => share((last - first).abs(), first.min(*last)),
        _ => 0.0,
    };
    let base = scaling.base();
    let drift = drift(&base.runs);
    (drift > DRIFT).then(|| {
        format!(
            "the first and the last run with {} differ by {:.1}% ({:.0}% is allowed): the machine \
             did not stay as fast as it was",
            match base.threads {
                1 => "1 thread".to_owned(),
                threads => format!("{threads} threads"),
            },
            100.0 * drift,
            100.0 * DRIFT
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::scaling::examples::scaling;
    use super::*;

    #[test]
    fn quiet_figures_are_not_doubted() {
        assert_eq!(of(&scaling(&[1, 2, 4], 4)), [""; 0]);
    }

    #[test]
    fn more_threads_than_cores_are_told() {
        let warnings = of(&scaling(&[1, 2, 4], 2));
        assert_eq!(warnings.len(), 1);
        assert!(
            warnings[0].starts_with("4 threads were asked for, and this process may use 2 cores"),
            "{warnings:?}"
        );
        assert!(of(&scaling(&[2], 1))[0].contains("may use 1 core:"));
    }

    #[test]
    fn the_noisiest_sample_is_named() {
        let mut scaling = scaling(&[1, 2], 2);
        scaling.points[0].runs = Sample::new(vec![1.0, 1.08, 1.0, 1.08, 1.0]);
        scaling.points[1].sweeps = Sample::new(vec![1.0, 1.1, 0.9]);
        let warnings = of(&scaling);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(
            warnings[0].contains("half of the sweeps with 2 threads differ by more than 10.0%")
        );
        // Beyond the cores noise is to be expected.
        scaling.cores = 1;
        assert!(!of(&scaling).iter().any(|warning| warning.contains("noisy")));
    }

    #[test]
    fn a_drift_is_told() {
        let mut scaling = scaling(&[1], 1);
        scaling.points[0].runs = Sample::new(vec![1.0, 1.2, 1.2, 1.2, 1.2]);
        let warnings = of(&scaling);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(
            warnings[0].contains("with 1 thread differ by 20.0%"),
            "{warnings:?}"
        );
    }

    #[test]
    fn few_and_short_runs_are_told() {
        let mut scaling = scaling(&[1], 1);
        scaling.points[0].runs = Sample::new(vec![0.001, 0.001]);
        let warnings = of(&scaling);
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert!(warnings[0].contains("fewer than 3 runs"));
        assert!(warnings[1].contains("take 1.0 ms; below 20 ms"));
    }
}
