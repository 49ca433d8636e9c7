//! Pools whose body sees one item at a time.

use crate::error::Stop;
use crate::handle::Handle;
use crate::panics::catch;
use crate::pool::{end, fail};
use crate::port::{NoItem, Port};
use crate::slot::End;
use crate::source::Source;
use crate::stage::Stage;

impl<'scope, Jobs> Stage<'scope, Jobs> {
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
    /// With [`Order::Input`](crate::Order::Input) it comes after all that stands before it in order,
    /// and of two errors the earlier one comes. With [`Order::Completion`](crate::Order::Completion) it
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
        self.workers(input, order, move |port, source| work(port, source, &f))
    }

    /// Applies `f` to each item of `input` and hands over each output of the
    /// iterator that it returns, which is resumed only on demand.
    ///
    /// With [`Order::Input`](crate::Order::Input) the outputs of an item come one after another, and
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
            work_flat(port, source, &f);
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
            work(port, source, |item| {
                let state = state.get_or_insert_with(|| init(port.number));
                Step::Output(f(state, item))
            });
        })
    }
}

/// What becomes of one item.
enum Step<T> {
    Output(T),
    Nothing,
    /// An error, after which nothing new is begun.
    Last(T),
}

/// Turns each item of `source` into one output at most, until the input ends or
/// nobody wants more.
fn work<I, T>(port: &Port<'_, T>, source: &Source<I>, mut step: impl FnMut(I::Item) -> Step<T>)
where
    I: Iterator + Send,
{
    each_batch(port, source, |port, item| match step(item) {
        Step::Output(output) => {
            port.push(output);
            Ok(None)
        }
        Step::Nothing => Ok(None),
        Step::Last(output) => Ok(Some(output)),
    });
}

/// Turns each item of `source` into any number of outputs.
fn work_flat<I, U>(port: &Port<'_, U::Item>, source: &Source<I>, mut step: impl FnMut(I::Item) -> U)
where
    I: Iterator + Send,
    U: IntoIterator,
{
    each_batch(port, source, |port, item| {
        for output in step(item) {
            port.put(output)?;
        }
        Ok(None)
    });
}

/// Runs `step` on each item; it returns the output that is to be the last, if
/// any.
fn each_batch<I, T>(
    port: &Port<'_, T>,
    source: &Source<I>,
    mut step: impl FnMut(&Port<'_, T>, I::Item) -> Result<Option<T>, Stop>,
) where
    I: Iterator + Send,
{
    let mut items = Vec::new();
    loop {
        match port.begin(source, &mut items, port.batch) {
            Ok(()) => {}
            Err(NoItem::Stop) => return port.close(),
            Err(NoItem::Panic(caught)) => return end(port, source, End::Panic(caught)),
        }
        // Outside of `catch`, so that what is left is not dropped by an unwind.
        let mut batch = items.drain(..);
        let worked = catch(|| {
            for item in batch.by_ref() {
                // A batch of one was begun when the credit was given.
                if port.batch > 1 && port.is_cut() {
                    return Err(Stop(()));
                }
                let last = step(port, item);
                port.worker.stats.item();
                if let Some(last) = last? {
                    return Ok(Some(last));
                }
            }
            Ok(None)
        });
        match worked {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(last))) => return end(port, source, End::Last(last)),
            Ok(Err(Stop(()))) => return port.close(),
            Err(payload) => {
                port.worker.stats.item();
                return fail(port, source, payload);
            }
        }
    }
}
