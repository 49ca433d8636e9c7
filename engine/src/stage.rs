//! The builder of a stage: options first, then what the stage does.

use std::fmt;
use std::io;
use std::marker::PhantomData;

use crate::buffer::Buffer;
use crate::cancel::Token;
use crate::error::Stop;
use crate::handle::{Handle, Launch};
use crate::handover::Order;
use crate::out::{In, Out};
use crate::panics::catch;
use crate::pool::{self, Step};
use crate::port::Port;
use crate::scope::Site;
use crate::source::{NoInput, Source, Upstream};
use crate::stats::StageStats;
use crate::sync::Arc;
use crate::worker::Worker;

/// A stage with one worker.
#[derive(Clone, Copy, Debug)]
pub enum One {}

/// A stage with a pool of workers.
#[derive(Clone, Copy, Debug)]
pub enum Many {}

/// A stage that is being described. Nothing runs until the handle that comes
/// of it is pulled; dropping a stage does nothing.
///
/// The options are [`jobs`](Stage::jobs), [`buffer`](Stage::buffer) and
/// [`order`](Stage::order); what the stage does is said last, by
/// [`generate`](Stage::generate), [`read`](Stage::read), [`map`](Stage::map),
/// [`map_init`](Stage::map_init), [`filter_map`](Stage::filter_map) or
/// [`fold`](Stage::fold). An option that cannot apply does not compile:
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
    order: Order,
    kind: PhantomData<fn() -> Jobs>,
}

/// What a stage consists of once its options are fixed.
struct Parts<'scope, T> {
    site: Site<'scope>,
    name: String,
    jobs: usize,
    stats: Arc<StageStats>,
    token: Arc<Token>,
    buffer: Arc<Buffer<T>>,
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

    /// Runs `body` in a worker of its own; what it puts comes out of the
    /// handle.
    ///
    /// The body begins at the first pull, and goes on after a
    /// [`put`](Out::put) only when the next item is wanted. It returns the
    /// [`Stop`] that `put` gave it, usually with `?`.
    ///
    /// ```
    /// let squares: Vec<u32> = engine::scope(|s| {
    ///     let squares = s.stage("squares").generate(|out| {
    ///         for n in 1.. {
    ///             out.put(n * n)?;
    ///         }
    ///         Ok(())
    ///     });
    ///     squares.take(4).collect()
    /// });
    /// assert_eq!(squares, [1, 4, 9, 16]);
    /// ```
    pub fn generate<T, F>(self, body: F) -> Handle<'scope, T>
    where
        T: Send + 'scope,
        F: FnOnce(&mut Out<'_, T>) -> Result<(), Stop> + Send + 'scope,
    {
        let parts = self.parts(Order::Input);
        let (buffer, site) = (Arc::clone(&parts.buffer), parts.site.clone());
        let launch: Launch<'scope> = Box::new(move || {
            let started = parts.spawn(0, move |port| pool::generate(port, body));
            parts.require(started);
        });
        Handle::new(buffer, Arc::new(NoInput), site, launch)
    }

    /// Pulls `input` in a worker of its own, ahead of the consumer by as much
    /// as the buffer allows.
    ///
    /// ```
    /// let sum: u64 = engine::scope(|s| s.stage("count").buffer(8).read(1..=100).sum());
    /// assert_eq!(sum, 5_050);
    /// ```
    pub fn read<I>(self, input: I) -> Handle<'scope, I::Item>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        I::Item: Send + 'scope,
    {
        let input = input.into_iter();
        self.generate(move |out| {
            for item in input {
                out.put(item)?;
            }
            Ok(())
        })
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
    /// at once; the default is 1. Worth it when an item takes less than a few
    /// microseconds, since a hand-over takes a part of one.
    ///
    /// A batch is handed over when it is full, when the consumer waits, before
    /// its worker waits in the engine, and at the end. A pool reads more than
    /// one input at a time only as far as the lower bound of the input's
    /// `size_hint` says that there are more: so a slow input holds up nothing.
    /// A handle tells what it has ready; an iterator that tells nothing, such as
    /// the lines of a reader, is best put into a stage of its own with
    /// [`read`](Stage::read). Without a [`buffer`](Stage::buffer) of its own a
    /// stage with batches has one of twice the jobs, in batches.
    ///
    /// ```
    /// let sum: u64 = engine::scope(|s| {
    ///     let numbers = s.stage("numbers").batch(64).read(0..10_000u64);
    ///     s.stage("square").jobs(2).batch(64).map(numbers, |n| n * n).sum()
    /// });
    /// assert_eq!(sum, (0..10_000).map(|n| n * n).sum());
    /// ```
    ///
    /// # Panics
    ///
    /// When `items` is 0.
    pub fn batch(mut self, items: usize) -> Self {
        assert!(items > 0, "a batch has at least one item");
        self.batch = items;
        self
    }

    /// Applies `f` to each item of `input`.
    ///
    /// ```
    /// let doubled: Vec<u32> = engine::scope(|s| {
    ///     s.stage("double").jobs(4).map(0..5, |n| 2 * n).collect()
    /// });
    /// assert_eq!(doubled, [0, 2, 4, 6, 8]);
    /// ```
    pub fn map<I, T, F>(self, input: I, f: F) -> Handle<'scope, T>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        T: Send + 'scope,
        F: Fn(I::Item) -> T + Send + Sync + 'scope,
    {
        self.mapping(input, move |item| Step::Output(f(item)))
    }

    /// Applies `f` to each item of `input` and leaves out what gives `None`.
    ///
    /// ```
    /// let numbers: Vec<u32> = engine::scope(|s| {
    ///     let words = ["1", "two", "3"];
    ///     s.stage("parse").jobs(2).filter_map(words, |w| w.parse().ok()).collect()
    /// });
    /// assert_eq!(numbers, [1, 3]);
    /// ```
    pub fn filter_map<I, T, F>(self, input: I, f: F) -> Handle<'scope, T>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        T: Send + 'scope,
        F: Fn(I::Item) -> Option<T> + Send + Sync + 'scope,
    {
        self.mapping(input, move |item| {
            f(item).map_or(Step::Nothing, Step::Output)
        })
    }

    /// Applies `f` to each item of `input`; after an error nothing new is begun,
    /// and the error is the last item.
    ///
    /// With [`Order::Input`] it comes after all that stands before it in order,
    /// and of two errors the earlier one comes. With [`Order::Completion`] it
    /// comes after what was finished before it. What was begun and comes after
    /// it is discarded.
    ///
    /// ```
    /// let numbers: Result<Vec<u32>, _> = engine::scope(|s| {
    ///     let words = ["1", "2", "three", "4"];
    ///     s.stage("parse").jobs(2).try_map(words, str::parse::<u32>).collect()
    /// });
    /// assert!(numbers.is_err());
    /// ```
    pub fn try_map<I, T, E, F>(self, input: I, f: F) -> Handle<'scope, Result<T, E>>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        T: Send + 'scope,
        E: Send + 'scope,
        F: Fn(I::Item) -> Result<T, E> + Send + Sync + 'scope,
    {
        self.mapping(input, move |item| match f(item) {
            Ok(output) => Step::Output(Ok(output)),
            Err(error) => Step::Last(Err(error)),
        })
    }

    fn mapping<I, T, F>(self, input: I, f: F) -> Handle<'scope, T>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        T: Send + 'scope,
        F: Fn(I::Item) -> Step<T> + Send + Sync + 'scope,
    {
        let order = self.order;
        self.workers(input, order, move |port, source| {
            pool::map(port, source, &f)
        })
    }

    /// Applies `f` to each item of `input` and hands over each output of the
    /// iterator that it returns, which is resumed only on demand.
    ///
    /// With [`Order::Input`] the outputs of an item come one after another, and
    /// after those of the item before; other workers go ahead as far as the
    /// buffer goes, which counts outputs.
    ///
    /// ```
    /// let words: Vec<&str> = engine::scope(|s| {
    ///     let lines = ["to be", "or not", "to be"];
    ///     s.stage("split").jobs(2).flat_map(lines, |line| line.split(' ')).collect()
    /// });
    /// assert_eq!(words, ["to", "be", "or", "not", "to", "be"]);
    /// ```
    pub fn flat_map<I, U, F>(self, input: I, f: F) -> Handle<'scope, U::Item>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        U: IntoIterator,
        U::Item: Send + 'scope,
        F: Fn(I::Item) -> U + Send + Sync + 'scope,
    {
        let order = self.order;
        self.workers(input, order, move |port, source| {
            pool::flat_map(port, source, &f);
        })
    }

    /// Runs `body` in each worker: it pulls the items that this worker is dealt
    /// and puts what it likes.
    ///
    /// This is the general form of a pool, a generator function with a shared
    /// input; the others are shorter ways to say the usual. What a body puts
    /// between two pulls belongs to the item that it pulled last, and with
    /// [`Order::Input`] it comes in the place of that item. What it puts before
    /// its first pull, or after the input has ended, has a place of its own,
    /// behind all that was begun.
    ///
    /// Further handles that the body captures are shared by all workers, so
    /// they have to be [shared](Handle::share).
    ///
    /// ```
    /// // Each worker hands over runs of three, and what is left at the end.
    /// let sizes: Vec<usize> = engine::scope(|s| {
    ///     let runs = s.stage("runs").jobs(1).pool(0..8, |items, out| {
    ///         loop {
    ///             let run: Vec<u32> = items.take(3).collect();
    ///             if run.is_empty() {
    ///                 return Ok(());
    ///             }
    ///             out.put(run.len())?;
    ///         }
    ///     });
    ///     runs.collect()
    /// });
    /// assert_eq!(sizes, [3, 3, 2]);
    /// ```
    pub fn pool<I, T, F>(self, input: I, body: F) -> Handle<'scope, T>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        T: Send + 'scope,
        F: Fn(&mut In<'_, I::IntoIter, T>, &mut Out<'_, T>) -> Result<(), Stop>
            + Send
            + Sync
            + 'scope,
    {
        let order = self.order;
        self.workers(input, order, move |port, source| {
            pool::run(port, source, &body);
        })
    }

    /// Applies `f` to each item of `input`, with a state that each worker makes
    /// for itself, once, with `init` of its number (from 0): a scratch buffer,
    /// say, or a connection.
    ///
    /// ```
    /// let lengths: Vec<usize> = engine::scope(|s| {
    ///     let scratch = |_worker| String::new();
    ///     let numbers = s.stage("format").jobs(2).map_init(8..12, scratch, |text, n| {
    ///         text.clear();
    ///         text.push_str(&n.to_string());
    ///         text.len()
    ///     });
    ///     numbers.collect()
    /// });
    /// assert_eq!(lengths, [1, 1, 2, 2]);
    /// ```
    pub fn map_init<I, S, T, G, F>(self, input: I, init: G, f: F) -> Handle<'scope, T>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        T: Send + 'scope,
        G: Fn(usize) -> S + Send + Sync + 'scope,
        F: Fn(&mut S, I::Item) -> T + Send + Sync + 'scope,
    {
        let order = self.order;
        self.workers(input, order, move |port, source| {
            // Made for the first item: before that nothing was asked for.
            let mut state = None;
            pool::map(port, source, |item| {
                let state = state.get_or_insert_with(|| init(port.number));
                Step::Output(f(state, item))
            });
        })
    }

    /// Folds the items of `input`: each worker makes a state with `init` of its
    /// number (from 0) and adds to it the items that it is dealt. The handle
    /// yields the workers' states when the input has ended, in no certain
    /// order; `reduce` combines them.
    ///
    /// Which items go to which worker is up to the moment, so the combination
    /// must be associative and commutative for the result to be certain. If a
    /// worker panics, the panic comes next; states that nobody has taken by then
    /// are discarded.
    ///
    /// A fold needs a credit for each worker: with a `buffer` smaller than
    /// `jobs - 1` fewer workers run at once.
    ///
    /// ```
    /// let total = engine::scope(|s| {
    ///     let sums = s.stage("sum").jobs(2).fold(1..=1000u64, |_| 0, |sum, n| *sum += n);
    ///     sums.reduce(|a, b| a + b)
    /// });
    /// assert_eq!(total, Some(500_500));
    /// ```
    pub fn fold<I, A, G, F>(self, input: I, init: G, step: F) -> Handle<'scope, A>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        A: Send + 'scope,
        G: Fn(usize) -> A + Send + Sync + 'scope,
        F: Fn(&mut A, I::Item) + Send + Sync + 'scope,
    {
        // By completion, so that a panic does not wait for another worker.
        let order = Order::Completion;
        self.workers(input, order, move |port, source| {
            pool::fold(port, source, || init(port.number), &step);
        })
    }

    fn workers<I, T, W>(self, input: I, order: Order, work: W) -> Handle<'scope, T>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        T: Send + 'scope,
        W: Fn(&Port<'_, T>, &Source<I::IntoIter>) + Send + Sync + 'scope,
    {
        let parts = self.parts(order);
        let source = Arc::new(Source::new(input.into_iter()));
        let upstream: Upstream<'scope> = source.clone();
        let (buffer, site) = (Arc::clone(&parts.buffer), parts.site.clone());
        let launch: Launch<'scope> = Box::new(move || {
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

    fn parts<T>(self, order: Order) -> Parts<'scope, T> {
        let shared = &self.site.shared;
        let token = shared.token();
        let buffer = self.buffer.unwrap_or(2 * self.jobs * self.batch);
        let buffer = Buffer::new(
            order,
            buffer,
            self.batch,
            Arc::clone(&token),
            shared.unclaimed.clone(),
        );
        Parts {
            stats: shared.report.stage(&self.name),
            token,
            buffer: Arc::new(buffer),
            site: self.site,
            name: self.name,
            jobs: self.jobs,
        }
    }
}

impl<'scope, T: Send + 'scope> Parts<'scope, T> {
    fn spawn(
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
            worker.run(move |worker| {
                let work = || body(&Port::new(&buffer, worker, number, open));
                // What panics here is the drop of something user code has left.
                if let Err(payload) = catch(work) {
                    buffer.fail(None, buffer.caught(payload));
                }
                buffer.leave();
            });
        };
        let started = self.site.threads.spawn(name, Box::new(body));
        if started.is_err() {
            self.buffer.leave();
        }
        started
    }

    fn require(&self, started: io::Result<()>) {
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
