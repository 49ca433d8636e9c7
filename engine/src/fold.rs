//! What the workers of a fold do.

use crate::buffer::Buffer;
use crate::handover::Outcome;
use crate::panics::catch;
use crate::source::{Close, Source};
use crate::worker::Worker;

/// Folds items of `source` into one state, and hands that over when the input
/// has ended.
///
/// A panic shuts the source, so that the other workers end too; what they have
/// by then is discarded, since a state that has missed items is no answer.
pub(crate) fn work<I, A>(
    worker: &Worker,
    source: &Source<I>,
    buffer: &Buffer<A>,
    init: impl FnOnce() -> A,
    mut step: impl FnMut(&mut A, I::Item),
) where
    I: Iterator + Send,
{
    if buffer.acquire(worker).is_err() {
        return;
    }
    let folded = catch(|| {
        let mut state = init();
        while let Some(mut input) = source.take(worker) {
            let Some(item) = input.next() else {
                source.close();
                break;
            };
            source.put_back(input);
            step(&mut state, item);
            worker.stats.item();
        }
        state
    });
    match folded {
        Ok(state) => {
            if let Ok(ticket) = buffer.begin() {
                buffer.finish(ticket, Outcome::Item(state));
            }
        }
        Err(payload) => {
            // In this order: other workers that see the input end must not
            // take their states for whole, and nothing is read once the panic
            // is known.
            buffer.stop();
            let spent = source.shut();
            buffer.fail(payload);
            drop(spent);
        }
    }
}
