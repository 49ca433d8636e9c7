//! The builder of a stage: options first, then what the stage does.

use std::fmt;
use std::io;
use std::marker::PhantomData;

use crate::buffer::Buffer;
use crate::cancel::Token;
use crate::events;
use crate::handle::{Handle, Launch};
use crate::handover::Order;
use crate::panics::catch;
use crate::port::Port;
use crate::scope::Site;
use crate::source::{Source, Upstream};
use crate::stats::StageStats;
use crate::sync::Arc;
use crate::worker::Worker;

/// Bytes of outputs that a single worker may put without looking for demand.
const AT_ONCE: usize = 512;

/// More in a batch gains nothing, and each worker has room for one.
const MAX_BATCH: usize = 1 << 16;

/// A stage with one worker.
#[derive(Clone, Copy, Debug)]
pub enum One {}

/// A stage with a pool of workers.
#[derive(Clone, Copy, Debug)]
pub enum Many {}

/// A stage that is being described. Nothing runs until the handle that comes
/// of it is pulled; dropping a stage does nothing.
///
/// The options are [`jobs`](Stage::jobs), [`buffer`](Stage::buffer),
/// [`batch`](Stage::batch) and [`order`](Stage::order); what the stage does is
/// said last, by one of
///
/// | method | the stage |
/// |---|---|
/// | [`generate`](Stage::generate) | runs a body that puts items |
/// | [`read`](Stage::read) | reads an iterator ahead |
/// | [`map`](Stage::map), [`filter_map`](Stage::filter_map), [`try_map`](Stage::try_map), [`map_init`](Stage::map_init) | makes of each item one output at most |
/// | [`flat_map`](Stage::flat_map) | makes of each item any number of outputs |
/// | [`fold`](Stage::fold) | makes of all items a state a worker |
/// | [`pool`](Stage::pool) | runs a body a worker that reads items and puts outputs |
/// | [`coroutine`](Stage::coroutine) | runs a body that answers |
///
/// An option that cannot apply does not compile:
///
/// ```compile_fail
/// engine::scope(|s| s.stage("twice").jobs(2).generate(|out| out.put(1)).count());
/// ```
#[must_use = "a stage does nothing until it is told what to do"]
pub struct Stage<'scope, Jobs = One> {
    site: Site<'scope>,
    name: String,
    jobs: usize,
    buffer: Option<usize>,
    batch: usize,
    pub(crate) order: Order,
    kind: PhantomData<fn() -> Jobs>,
}

/// What a stage consists of once its options are fixed.
pub(crate) struct Parts<'scope, T> {
    pub(crate) site: Site<'scope>,
    name: String,
    jobs: usize,
    stats: Arc<StageStats>,
    token: Arc<Token>,
    pub(crate) buffer: Arc<Buffer<T>>,
}

impl<'scope> Stage<'scope, One> {
    pub(crate) fn new(site: Site<'scope>, name: &str) -> Self {
        Stage {
            site,
            name: name.to_owned(),
            jobs: 1,
            buffer: None,
            batch: 1,
            order: Order::Input,
            kind: PhantomData,
        }
    }

    /// Makes the stage a pool of `jobs` workers, each a thread of its own. The
    /// input is dealt item by item to whichever worker is free.
    ///
    /// No more than `buffer + 1` of them work at once, since each item needs
    /// demand or room.
    ///
    /// # Panics
    ///
    /// When `jobs` is 0. For all cores say `jobs(engine::available())`.
    #[track_caller]
    pub fn jobs(self, jobs: usize) -> Stage<'scope, Many> {
        assert!(jobs > 0, "a stage needs at least one job");
        Stage {
            site: self.site,
            name: self.name,
            jobs,
            buffer: self.buffer,
            batch: self.batch,
            order: self.order,
            kind: PhantomData,
        }
    }
}

impl<'scope> Stage<'scope, Many> {
    /// Sets the order of the outputs; the default is that of the input.
    ///
    /// With [`Order::Completion`] no output waits for a slower one.
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }
}

impl<'scope, Jobs> Stage<'scope, Jobs> {
    /// Lets the stage work ahead of demand by `outputs`; 0 means strictly on
    /// demand. The default is twice the number of jobs.
    pub fn buffer(mut self, outputs: usize) -> Self {
        self.buffer = Some(outputs);
        self
    }

    /// Hands outputs over in batches of up to `items`, and begins as many inputs
    /// at once; the default is 1. Worth it when an item takes less than some 50
    /// microseconds, and then on every stage of a chain: one by one, each
    /// hand-over may wake a thread.
    ///
    /// A batch is handed over when it is full, when the consumer waits (for up to
    /// a fifth of a millisecond it waits for more), before its worker waits in
    /// the engine, and at the end. Without a [`buffer`](Stage::buffer) of its own
    /// a stage with batches has one of twice the jobs, in batches; a smaller one
    /// makes the batches smaller.
    ///
    /// A pool reads more than one input at a time only as far as the lower bound
    /// of the input's `size_hint` says that there are more: a handle tells what
    /// it has at hand, and a range or a vector what is left. So an iterator that
    /// knows its length but takes its time (`(0..9).map(slow)`), or that waits
    /// for what becomes of its earlier items, wants no batches; and one that
    /// tells nothing, such as the lines of a reader or a shared handle, is read
    /// one by one, and is best put into a stage of its own with
    /// [`read`](Stage::read), whose handle tells.
    ///
    /// ```
    /// let sum: u64 = engine::scope(|s| {
    ///     let numbers = s.stage("numbers").batch(64).read(0..10_000u64);
    ///     s.stage("square").jobs(2).batch(64).map(numbers, |n| n * n).sum()
    /// });
    /// assert_eq!(sum, (0..10_000).map(|n| n * n).sum());
    /// ```
    ///
    /// More than 65,536 are taken for that number.
    ///
    /// # Panics
    ///
    /// When `items` is 0.
    #[track_caller]
    pub fn batch(mut self, items: usize) -> Self {
        assert!(items > 0, "a batch has at least one item");
        self.batch = items.min(MAX_BATCH);
        self
    }

    /// Makes a pool whose workers do `work`.
    pub(crate) fn workers<I, T, W>(self, input: I, order: Order, work: W) -> Handle<'scope, T>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        T: Send + 'scope,
        W: Fn(&Port<'_, T>, &Source<I::IntoIter>) + Send + Sync + 'scope,
    {
        let parts = self.parts(order, false);
        let source = Arc::new(Source::new(input.into_iter()));
        let upstream: Upstream<'scope> = source.clone();
        let (buffer, site) = (Arc::clone(&parts.buffer), parts.site.clone());
        let launch: Launch<'scope> = Box::new(move || {
            parts.announce(parts.jobs);
            let work = Arc::new(work);
            let mut started = Ok(());
            for number in 0..parts.jobs {
                let (work, source) = (Arc::clone(&work), Arc::clone(&source));
                started = parts.spawn(number, move |port| work(port, &source));
                if started.is_err() {
                    // Those that run are enough; the system has no more.
                    started = if number > 0 { Ok(()) } else { started };
                    break;
                }
            }
            parts.require(started);
        });
        Handle::new(buffer, upstream, site, launch)
    }

    /// Fixes the options. A worker whose body `makes` its own outputs, and which
    /// is alone, may put several without looking for demand; of several workers
    /// one would have the credits that the others wait for.
    pub(crate) fn parts<T>(self, order: Order, makes: bool) -> Parts<'scope, T> {
        let shared = &self.site.shared;
        let token = shared.token();
        let ahead = self.jobs.saturating_mul(2).saturating_mul(self.batch);
        let buffer = self.buffer.unwrap_or(ahead);
        let at_once = match makes && self.batch == 1 {
            true => AT_ONCE / size_of::<T>().max(1),
            false => self.batch,
        };
        // There are never more credits than that; room for one is no batch.
        let room = match at_once.min(buffer.saturating_add(1)) {
            0 | 1 => 0,
            room => room,
        };
        let stats = shared.report.stage(&self.name);
        let buffer = Buffer::new(
            order,
            buffer,
            self.batch,
            room,
            Arc::clone(&token),
            shared.unclaimed.clone(),
            Arc::clone(&stats),
        );
        Parts {
            stats,
            token,
            buffer: Arc::new(buffer),
            site: self.site,
            name: self.name,
            jobs: self.jobs,
        }
    }
}

/// A worker that is still to leave its stage.
struct Leaves<'a, T>(&'a Buffer<T>);

impl<T> Drop for Leaves<'_, T> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl<'scope, T: Send + 'scope> Parts<'scope, T> {
    /// Tells who listens that the stage starts.
    pub(crate) fn announce(&self, jobs: usize) {
        events::stage_starts(&self.stats, jobs);
    }

    /// Starts a worker.
    pub(crate) fn spawn(
        &self,
        number: usize,
        body: impl FnOnce(&Port<'_, T>) + Send + 'scope,
    ) -> io::Result<()> {
        let worker = Worker {
            token: Arc::clone(&self.token),
            stats: self.stats.worker(),
        };
        let buffer = Arc::clone(&self.buffer);
        let open = self.buffer.join();
        // A thread's name is a C string.
        let name = format!("{}-{number}", self.name.replace('\0', ""));
        let body = move || {
            // Whatever happens: a consumer may wait for the last one to leave.
            let _leaves = Leaves(&buffer);
            let work = || worker.run(|worker| body(&Port::new(&buffer, worker, number, open)));
            // What panics here is the drop of something that user code has left,
            // or a subscriber of events.
            if let Err(payload) = catch(work) {
                buffer.fail(None, buffer.caught(payload));
            }
        };
        let started = self.site.threads.spawn(name, Box::new(body));
        if started.is_err() {
            self.buffer.leave();
        }
        started
    }

    /// # Panics
    ///
    /// When the worker could not be started.
    pub(crate) fn require(&self, started: io::Result<()>) {
        if let Err(error) = started {
            panic!("no thread for the stage {:?}: {error}", self.name);
        }
    }
}

impl<Jobs> fmt::Debug for Stage<'_, Jobs> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage")
            .field("name", &self.name)
            .field("jobs", &self.jobs)
            .field("buffer", &self.buffer)
            .field("batch", &self.batch)
            .field("order", &self.order)
            .finish_non_exhaustive()
    }
}
