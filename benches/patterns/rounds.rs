//! Contestants that take turns.

use std::time::{Duration, Instant};

/// So that one slow moment of the machine does not move a median.
const ROUNDS: usize = 5;

/// A name, and what is timed.
pub(crate) struct Contestant<'a> {
    name: &'static str,
    run: Box<dyn FnMut() + 'a>,
    times: Vec<Duration>,
}

impl<'a> Contestant<'a> {
    pub(crate) fn new(name: &'static str, run: impl FnMut() + 'a) -> Contestant<'a> {
        Contestant {
            name,
            run: Box::new(run),
            times: Vec::new(),
        }
    }

    fn median(&mut self) -> f64 {
        self.times.sort();
        self.times[self.times.len() / 2].as_secs_f64()
    }
}

/// Lets all run once to warm up, then in turns, and prints what each took, and the bytes a second
/// of each in those of the first.
pub(crate) fn rounds(title: &str, bytes: usize, contestants: &mut [Contestant<'_>]) {
    println!("{title}");
    for round in 0..=ROUNDS {
        for contestant in &mut *contestants {
            let begin = Instant::now();
            (contestant.run)();
            if round > 0 {
                contestant.times.push(begin.elapsed());
            }
        }
    }
    let first = contestants[0].median();
    for contestant in contestants {
        let median = contestant.median();
        println!(
            "  {:17} {:9.2} ms {:7.2} GB/s {:7.2}",
            contestant.name,
            1e3 * median,
            bytes as f64 / median / 1e9,
            median / first,
        );
    }
}
