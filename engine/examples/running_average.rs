//! A running average of response times, as a coroutine that a pipeline feeds.
//!
//! Run with `cargo run -p engine --example running_average`.
//!
//! The average needs to know nothing of the log, of lines or of threads: it is
//! a loop that takes a number and gives an average. Lines that are no number
//! are thrown into it, and it counts them instead.

use engine::{CoroutineState, Interrupt, Yielder};

/// Milliseconds, one request a line; some clients hung up.
const LOG: &str = "\
12.5
11.0
timeout
14.5
210.0
13.0
reset
9.0
";

#[derive(Clone, Copy, PartialEq, Debug, Default)]
struct Average {
    count: u32,
    mean: f64,
    errors: u32,
}

impl Average {
    /// Moves the mean instead of keeping a sum, which would lose digits.
    fn add(&mut self, value: f64) {
        self.count += 1;
        self.mean += (value - self.mean) / f64::from(self.count);
    }
}

/// Answers each value with the average so far, and returns the last.
fn running_average(
    first: f64,
    caller: &mut Yielder<'_, f64, Average>,
) -> Result<Average, Interrupt> {
    let mut average = Average::default();
    average.add(first);
    loop {
        match caller.put(average) {
            Ok(value) => average.add(value),
            Err(Interrupt::Thrown(_)) => average.errors += 1,
            Err(Interrupt::Closed) => return Ok(average),
        }
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let average = engine::scope(|s| {
        let lines = s.stage("lines").read(LOG.lines());
        let times = s
            .stage("parse")
            .jobs(2)
            .map(lines, |line| (line, line.parse::<f64>()));
        let mut average = s.stage("average").coroutine(running_average);
        for (line, time) in times {
            let answer = match time {
                Ok(time) => average.send(time)?,
                Err(error) => average.throw(error)?,
            };
            if let CoroutineState::Yielded(Average { mean, .. }) = answer {
                println!("{line:>8}  average {mean:7.3} ms");
            }
        }
        Ok::<_, Box<dyn std::error::Error>>(average.close()?)
    })?;
    let average = average.ok_or("an empty log has no average")?;
    println!("{} requests, {} errors", average.count, average.errors);
    assert_eq!((average.count, average.errors), (6, 2));
    assert!((average.mean - 45.0).abs() < 1e-9);
    Ok(())
}
