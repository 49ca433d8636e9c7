//! What the tests share: a watchdog, counters to wait on, drop counters.
//!
//! No test sleeps to let something happen. It waits for a count that user code
//! raises, or until the statistics say that no worker is busy.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::any::Any;
use std::fmt::{Debug, Display};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::thread::yield_now;
use std::time::{Duration, Instant};

use engine::{Handle, Report, Scope, StageReport};

/// How long a test may take, in seconds: far more than any does on a busy
/// machine, and less than patience. `ENGINE_TEST_LIMIT_SECONDS` sets another
/// limit.
const LIMIT: u64 = 30;

fn limit() -> Duration {
    let set = std::env::var("ENGINE_TEST_LIMIT_SECONDS").ok();
    let set = set.and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(set.unwrap_or(LIMIT))
}

/// The reports of the scopes that run, for the watchdog to print.
static SCOPES: Mutex<Vec<(String, Report)>> = Mutex::new(Vec::new());

/// Runs `body`, and ends the process with a message if that takes too long: a
/// hang is a failure that tells where the stages stand.
pub(crate) fn watchdog<R>(test: impl Display, body: impl FnOnce() -> R) -> R {
    let test = test.to_string();
    let (done, waits) = mpsc::channel::<()>();
    let dog = std::thread::spawn(move || {
        if waits.recv_timeout(limit()) == Err(mpsc::RecvTimeoutError::Timeout) {
            bark(&test);
            std::process::abort();
        }
    });
    let result = catch_unwind(AssertUnwindSafe(body));
    drop(done);
    dog.join().expect("the watchdog itself does not panic");
    result.unwrap_or_else(|payload| resume_unwind(payload))
}

/// Writes past the test harness, which would lose what it has captured.
fn bark(test: &str) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "\nhang: {test} still runs after {:?}", limit());
    let scopes = SCOPES.lock().unwrap_or_else(PoisonError::into_inner);
    for (thread, report) in scopes.iter() {
        let _ = writeln!(out, "a scope of thread {thread}:\n{report}");
        for stage in report.stages() {
            let _ = writeln!(out, "{stage:?}");
        }
    }
}

/// Runs `engine::scope` and lets the watchdog see it.
pub(crate) fn scope<'env, F, R>(f: F) -> R
where
    F: for<'scope> FnOnce(Scope<'scope, 'env>) -> R,
{
    engine::scope(|s| {
        let thread = std::thread::current();
        let name = thread.name().unwrap_or("without a name").to_owned();
        let mut scopes = SCOPES.lock().unwrap_or_else(PoisonError::into_inner);
        scopes.retain(|(_, report)| report.stages().iter().any(|stage| stage.running > 0));
        scopes.push((name, s.report()));
        drop(scopes);
        f(s)
    })
}

/// Returns the figures of the only stage of that name.
pub(crate) fn stage(report: &Report, name: &str) -> StageReport {
    let mut stages = report.stages();
    stages.retain(|stage| stage.name == name);
    assert_eq!(stages.len(), 1, "stages called {name:?}");
    stages.remove(0)
}

/// Waits until the statistics of `report` satisfy `wanted`.
pub(crate) fn until(report: &Report, wanted: impl Fn(&[StageReport]) -> bool) {
    while !wanted(&report.stages()) {
        yield_now();
    }
}

/// Waits until every worker that has started waits or has ended: between two
/// looks time has passed for each stage that runs, and none of it was work.
pub(crate) fn at_rest(report: &Report) {
    let mut before = report.stages();
    loop {
        let begin = Instant::now();
        // Long enough that a worker which was about to go on would have.
        while begin.elapsed() < Duration::from_micros(200) {
            yield_now();
        }
        let now = report.stages();
        let resting = before.len() == now.len()
            && before.iter().zip(&now).all(|(before, now)| {
                let lived = now.running == 0 || now.alive > before.alive;
                let still = (now.workers, now.items, now.busy);
                lived && still == (before.workers, before.items, before.busy)
            });
        if resting {
            return;
        }
        before = now;
    }
}

/// Waits until the spills have run, and no stage does any more.
pub(crate) fn ended(report: &Report) {
    until(report, |all| {
        let mut spills = all.iter().filter(|stage| stage.name == "spill");
        spills.all(|stage| stage.workers == 1) && all.iter().all(|stage| stage.running == 0)
    });
}

/// Waits until so many workers of the first stage wait, whatever the others do:
/// time then passes for them so many times as fast as for the clock.
pub(crate) fn until_waiting(report: &Report, workers: u32) {
    let look = || {
        let first = &report.stages()[0];
        (first.starved + first.blocked, Instant::now())
    };
    let mut before = look();
    loop {
        yield_now();
        let now = look();
        let (waited, passed) = (now.0 - before.0, now.1 - before.1);
        if passed > Duration::from_micros(50) && 2 * waited > passed * (2 * workers - 1) {
            return;
        }
        before = now;
    }
}

/// Waits until a handle and its like stand as wanted, which their `Debug` tells.
pub(crate) fn until_shows(consumer: &impl Debug, wanted: &str) {
    while !format!("{consumer:?}").contains(wanted) {
        yield_now();
    }
}

/// A count that one thread raises and another waits for.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    count: Mutex<usize>,
    raised: Condvar,
}

impl Tally {
    /// Adds one and returns the new count.
    pub(crate) fn add(&self) -> usize {
        let mut count = self.count.lock().unwrap();
        *count += 1;
        self.raised.notify_all();
        *count
    }

    pub(crate) fn get(&self) -> usize {
        *self.count.lock().unwrap()
    }

    /// Waits until the count is at least `wanted`.
    pub(crate) fn wait_for(&self, wanted: usize) {
        let count = self.count.lock().unwrap();
        drop(self.raised.wait_while(count, |count| *count < wanted));
    }
}

/// Returns `input`, and counts what is read of it.
pub(crate) fn counted<I: IntoIterator>(
    input: I,
    read: &Tally,
) -> impl Iterator<Item = I::Item> + use<'_, I> {
    input.into_iter().inspect(|_| {
        read.add();
    })
}

/// A door that opens once.
#[derive(Debug, Default)]
pub(crate) struct Latch(Tally);

impl Latch {
    pub(crate) fn open(&self) {
        self.0.add();
    }

    pub(crate) fn wait(&self) {
        self.0.wait_for(1);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.0.get() > 0
    }
}

/// Counts its members: on every path, created = dropped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Census(Arc<[AtomicUsize; 2]>);

impl Census {
    pub(crate) fn member(&self) -> Member {
        self.0[0].fetch_add(1, Ordering::SeqCst);
        Member(self.clone())
    }

    pub(crate) fn created(&self) -> usize {
        self.0[0].load(Ordering::SeqCst)
    }

    pub(crate) fn dropped(&self) -> usize {
        self.0[1].load(Ordering::SeqCst)
    }

    pub(crate) fn assert_all_dropped(&self) {
        assert_eq!(self.created(), self.dropped(), "created = dropped");
    }
}

/// One member of a [`Census`].
#[derive(Debug)]
pub(crate) struct Member(Census);

impl Clone for Member {
    fn clone(&self) -> Member {
        self.0.member()
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.0.0[1].fetch_add(1, Ordering::SeqCst);
    }
}

/// A panic's payload that is no text and that nothing else throws.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Planned(pub(crate) u64);

/// Panics with a [`Planned`] and without a message on standard error.
pub(crate) fn burst(id: u64) -> ! {
    resume_unwind(Box::new(Planned(id)))
}

/// Runs `f` and returns the [`Planned`] that it panics with.
pub(crate) fn planned<R>(f: impl FnOnce() -> R) -> Planned {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(_) => panic!("nothing panicked"),
        Err(payload) => *payload
            .downcast::<Planned>()
            .unwrap_or_else(|other| panic!("another payload: {:?}", text(&*other))),
    }
}

/// Returns the message of an ordinary panic.
pub(crate) fn text(payload: &(dyn Any + Send)) -> &str {
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    let text = owned.or_else(|| payload.downcast_ref::<&str>().copied());
    text.unwrap_or("not a text")
}

/// Pulls until the end or a panic; what comes after a panic is the end.
pub(crate) fn drain<T>(handle: &mut Handle<'_, T>) -> (Vec<T>, Option<Planned>) {
    let mut items = Vec::new();
    let pulled = catch_unwind(AssertUnwindSafe(|| items.extend(handle.by_ref())));
    let thrown = pulled
        .err()
        .map(|payload| planned(|| resume_unwind(payload)));
    assert!(handle.next().is_none(), "once, and then the end");
    (items, thrown)
}
