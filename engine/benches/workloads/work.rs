//! The work on an item: a spin of the processor, whose length is counted in
//! iterations.
//!
//! The clock is read once, to learn how long an iteration takes, and never for
//! an item: reading it costs tens of nanoseconds, as much as what is measured.

use std::hint::black_box;
use std::sync::OnceLock;
use std::time::Instant;

/// What an item costs, in nanoseconds: from nothing, where only the hand-over
/// counts, to where it should not count at all.
pub(crate) const COSTS: [u32; 4] = [0, 100, 1_000, 10_000];

/// The work on one item.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    iterations: u64,
}

impl Work {
    pub(crate) const NONE: Work = Work { iterations: 0 };

    pub(crate) fn lasting(nanos: u32) -> Work {
        if nanos == 0 {
            return Work::NONE;
        }
        let iterations = (f64::from(nanos) / iteration_nanos()).round() as u64;
        Work { iterations }
    }

    /// Works on item `n` and returns what it becomes.
    pub(crate) fn on(self, n: u64) -> u64 {
        spin(self.iterations);
        // Opaque, or the whole sum of a plain loop would be computed at once.
        black_box(2 * n + 1)
    }
}

fn spin(iterations: u64) {
    let mut x = 0;
    for i in 0..iterations {
        x = black_box(x ^ i);
    }
}

fn iteration_nanos() -> f64 {
    /// Some 100 microseconds: less than a time slice.
    const ITERATIONS: u64 = 100_000;
    /// The shortest of them was disturbed least.
    const TRIES: usize = 50;
    static NANOS: OnceLock<f64> = OnceLock::new();
    *NANOS.get_or_init(|| {
        let time = || {
            let start = Instant::now();
            spin(ITERATIONS);
            start.elapsed()
        };
        let shortest = (0..TRIES).map(|_| time()).min().expect("some tries");
        shortest.as_nanos() as f64 / ITERATIONS as f64
    })
}
