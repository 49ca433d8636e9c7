//! Pools whose workers keep what they make until the input has ended.

use crate::handle::Handle;
use crate::handover::Order;
use crate::panics::catch;
use crate::pool::end;
use crate::port::{NoItem, Port};
use crate::slot::End;
use crate::source::Source;
use crate::stage::Stage;

impl<'scope, Jobs> Stage<'scope, Jobs> {
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
    /// The states come as they are finished; [`order`](Stage::order) does not
    /// concern a fold. It reads all of its input, whatever the demand.
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
            work(port, source, || init(port.number), &step);
        })
    }
}

/// Folds items of `source` into one state, and hands that over when the input
/// has ended.
///
/// A panic shuts the source, so that the other workers end too; what they have
/// by then is discarded, since a state that has missed items is no answer.
fn work<I, A>(
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
    let folded = catch(init).map_err(|payload| port.buffer.caught(payload));
    match folded.and_then(|mut state| fold(port, source, &mut state, &mut step).map(|()| state)) {
        Ok(state) => port.finish_with(state),
        Err(panic) => {
            // First of all: other workers that see the input end must not take
            // their states for whole.
            port.buffer.stop();
            end(port, source, panic);
        }
    }
}

/// Adds items to `state` until there are no more.
fn fold<I, A>(
    port: &Port<'_, A>,
    source: &Source<I>,
    state: &mut A,
    step: &mut impl FnMut(&mut A, I::Item),
) -> Result<(), End<A>>
where
    I: Iterator + Send,
{
    let mut items = Vec::new();
    loop {
        match port.begin_uncounted(source, &mut items) {
            Ok(()) => {}
            Err(NoItem::Stop) => return Ok(()),
            Err(NoItem::Panic(caught)) => return Err(End::Panic(caught)),
        }
        // Outside of `catch`, so that what is left is not dropped by an unwind.
        let mut batch = items.drain(..);
        let folded = catch(|| {
            for item in batch.by_ref() {
                if port.batch > 1 && port.is_cut() {
                    return;
                }
                step(state, item);
                port.worker.stats.item();
            }
        });
        let folded = folded.map_err(|payload| port.buffer.caught(payload));
        if let Err(payload) = catch(|| drop(batch)) {
            // It comes second: nobody pulls it, but the scope may.
            port.buffer.register(payload);
        }
        folded?;
    }
}
