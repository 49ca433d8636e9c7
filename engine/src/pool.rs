//! What the workers of a pool do, for each kind of body.

use crate::error::Stop;
use crate::handover::End;
use crate::out::{In, Out};
use crate::panics::{Payload, catch};
use crate::port::{Halt, Port};
use crate::source::Source;

/// What becomes of one item.
pub(crate) enum Step<T> {
    Output(T),
    Nothing,
    /// An error, after which nothing new is begun.
    Last(T),
}

/// Turns each item of `source` into one output at most, until the input ends or
/// nobody wants more.
pub(crate) fn map<I, T>(
    port: &Port<'_, T>,
    source: &Source<I>,
    mut step: impl FnMut(I::Item) -> Step<T>,
) where
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
pub(crate) fn flat_map<I, U>(
    port: &Port<'_, U::Item>,
    source: &Source<I>,
    mut step: impl FnMut(I::Item) -> U,
) where
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
            Err(Halt::Stop) => return port.close(),
            Err(Halt::Panic(payload)) => return fail(port, source, payload),
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

/// Folds items of `source` into one state, and hands that over when the input
/// has ended.
///
/// A panic shuts the source, so that the other workers end too; what they have
/// by then is discarded, since a state that has missed items is no answer.
pub(crate) fn fold<I, A>(
    port: &Port<'_, A>,
    source: &Source<I>,
    init: impl FnOnce() -> A,
    mut step: impl FnMut(&mut A, I::Item),
) where
    I: Iterator + Send,
{
    if port.start(false).is_err() {
        return port.close();
    }
    let mut items = Vec::new();
    let folded = catch(|| {
        let mut state = init();
        loop {
            match port.begin_uncounted(source, &mut items) {
                Ok(()) => {}
                Err(Halt::Stop) => return Ok(state),
                Err(Halt::Panic(payload)) => return Err(payload),
            }
            for item in items.drain(..) {
                if port.batch > 1 && port.is_cut() {
                    return Ok(state);
                }
                step(&mut state, item);
                port.worker.stats.item();
            }
        }
    });
    match folded {
        Ok(Ok(state)) => port.finish_with(state),
        Ok(Err(payload)) | Err(payload) => {
            // First of all: other workers that see the input end must not take
            // their states for whole.
            port.buffer.stop();
            fail(port, source, payload);
        }
    }
}

/// Runs a body that reads its input and puts outputs as it likes.
pub(crate) fn run<I, T>(
    port: &Port<'_, T>,
    source: &Source<I>,
    body: impl FnOnce(&mut In<'_, I, T>, &mut Out<'_, T>) -> Result<(), Stop>,
) where
    I: Iterator + Send,
{
    if port.start(false).is_err() {
        return port.close();
    }
    match catch(|| body(&mut In::new(port, source), &mut Out::new(port, false))) {
        // Either result means that nothing more comes.
        Ok(Ok(()) | Err(Stop(()))) => port.close(),
        Err(payload) => fail(port, source, payload),
    }
}

/// Runs the body of a generator.
pub(crate) fn generate<T>(
    port: &Port<'_, T>,
    body: impl FnOnce(&mut Out<'_, T>) -> Result<(), Stop>,
) {
    if port.start(true).is_err() {
        return port.close();
    }
    match catch(|| body(&mut Out::new(port, true))) {
        Ok(Ok(()) | Err(Stop(()))) => port.close(),
        Err(payload) => port.fail(port.buffer.caught(payload)),
    }
}

fn fail<I, T>(port: &Port<'_, T>, source: &Source<I>, payload: Payload) {
    end(port, source, port.buffer.caught(payload));
}

fn end<I, T>(port: &Port<'_, T>, source: &Source<I>, end: End<T>) {
    // Before the end is known, so that nothing is read after it is; and dropped
    // after that, since a slow or failing drop must not hold it up.
    let spent = source.shut();
    port.fail(end);
    drop(spent);
}
