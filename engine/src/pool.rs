//! Pools whose body reads its input and puts outputs as it likes; and how any
//! pool ends early.

use crate::error::Stop;
use crate::handle::Handle;
use crate::out::{In, Out};
use crate::panics::{Payload, catch};
use crate::port::Port;
use crate::slot::End;
use crate::source::Source;
use crate::stage::Stage;

impl<'scope, Jobs> Stage<'scope, Jobs> {
    /// Runs `body` in each worker: it pulls the items that this worker is dealt
    /// and puts what it likes.
    ///
    /// This is the general form of a pool, a generator function with a shared
    /// input; the others are shorter ways to say the usual. What a body puts
    /// between two pulls belongs to the item that it pulled last, and with
    /// [`Order::Input`](crate::Order::Input) it comes in the place of that item. What it puts before
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
            work(port, source, &body);
        })
    }
}

/// Runs a body that reads its input and puts outputs as it likes.
fn work<I, T>(
    port: &Port<'_, T>,
    source: &Source<I>,
    body: impl FnOnce(&mut In<'_, I, T>, &mut Out<'_, T>) -> Result<(), Stop>,
) where
    I: Iterator + Send,
{
    if port.start(false).is_err() {
        return port.close();
    }
    match catch(|| body(&mut In::new(port, source), &mut Out::new(port))) {
        // Either result means that nothing more comes.
        Ok(Ok(()) | Err(Stop(()))) => port.close(),
        Err(payload) => fail(port, source, payload),
    }
}

/// Ends the stage by a panic of this worker.
pub(crate) fn fail<I, T>(port: &Port<'_, T>, source: &Source<I>, payload: Payload) {
    end(port, source, port.buffer.caught(payload));
}

/// Ends the stage by `end`, after the outputs that this worker has put.
pub(crate) fn end<I, T>(port: &Port<'_, T>, source: &Source<I>, end: End<T>) {
    // Before the end is known, so that nothing is read after it is; and dropped
    // after that, since a slow or failing drop must not hold it up.
    let spent = source.shut();
    port.fail(end);
    drop(spent);
}
