//! Promise 13: idle costs nothing, and everything works with one job on one
//! core. One test alone in its process, since it measures the processor time of
//! the process.

mod support;

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use support::{Latch, Tally, at_rest, counted, scope, until, watchdog};

/// Returns the processor time that this process, and nothing else, has used.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.try_into().expect("processor time is not negative")
}

#[test]
fn idle_costs_nothing_and_one_core_is_enough() {
    watchdog("idle_costs_nothing", every_kind_of_wait_is_idle);
    watchdog("one_core_is_enough", one_core_is_enough);
}

/// Promise 13: under 1 % of a core over a second in which workers wait for
/// demand, for their input, for their turn at it, and a consumer for an output.
fn every_kind_of_wait_is_idle() {
    let (read, proceed) = (Tally::default(), Latch::default());
    scope(|s| {
        let ahead = counted(0.., &read);
        let mut full = s.stage("wait for demand").jobs(4).map(ahead, |n: u32| n);
        full.prime();
        let input = std::iter::once_with(|| proceed.wait());
        let blocked = s.stage("blocked outside").read(input);
        let mut starved = s.stage("wait for input").jobs(4).map(blocked, |()| ());
        starved.prime();
        read.wait_for(8);
        until(&s.report(), |all| {
            all.iter().map(|stage| stage.running).sum::<usize>() == 9
        });

        let (begin, used) = (Instant::now(), processor_time());
        // This wait is the engine's own.
        assert!(starved.pull_timeout(Duration::from_secs(1)).is_err());
        let (passed, used) = (begin.elapsed(), processor_time() - used);
        proceed.open();
        assert!(passed >= Duration::from_secs(1));
        assert!(used < passed / 100, "{used:?} of {passed:?}");
        assert_eq!(starved.next(), Some(()));
    });
}

/// Promise 13: one job on one core does all that many do.
fn one_core_is_enough() {
    pin_to_one_core();
    for (jobs, buffer) in [(1, 0), (1, 2), (4, 0), (4, 8)] {
        scope(|s| {
            let numbers = s.stage("numbers").buffer(buffer).read(0..300u64);
            let doubled = s
                .stage("double")
                .jobs(jobs)
                .buffer(buffer)
                .map(numbers, |n| 2 * n);
            let sums = s.stage("sum").jobs(jobs).buffer(buffer);
            let sums = sums.fold(doubled, |_| 0, |sum, n| *sum += n);
            assert_eq!(sums.sum::<u64>(), 300 * 299);
            let mut endless = s.stage("endless").jobs(jobs).map(0.., |n: u32| n);
            assert!(endless.by_ref().take(50).eq(0..50));
            at_rest(&s.report());
        });
    }
}

/// Keeps this thread, and those that it starts, on the first core that it may
/// use; elsewhere than on Linux the test runs unpinned.
fn pin_to_one_core() {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
        let all = sched_getaffinity(None).expect("a thread may know its cores");
        let first = (0..CpuSet::MAX_CPU).find(|core| all.is_set(*core));
        let mut one = CpuSet::new();
        one.set(first.expect("a thread has a core"));
        sched_setaffinity(None, &one).expect("a thread may have fewer cores");
        assert_eq!(engine::available(), 1);
    }
}
