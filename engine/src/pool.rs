//! What the workers of `map`, `map_init` and `filter_map` do.

use crate::buffer::Buffer;
use crate::handover::Outcome;
use crate::panics::catch;
use crate::source::{Close, Source};
use crate::worker::Worker;

/// Works on items of `source` until it ends or nobody wants more.
///
/// The order of the steps is the promise of strict demand: first the credit,
/// then the input, then the place in order while no other worker can read.
pub(crate) fn work<I, T>(
    worker: &Worker,
    source: &Source<I>,
    buffer: &Buffer<T>,
    mut step: impl FnMut(I::Item) -> Option<T>,
) where
    I: Iterator + Send,
{
    // The input after a panic: dropped when the panic has been handed over,
    // which a slow or failing drop must not hold up.
    let mut spent = None;
    let mut credit = buffer.acquire(worker);
    while credit.is_ok() {
        let Some(mut input) = source.take(worker) else {
            buffer.release();
            return;
        };
        match catch(|| input.next()) {
            Ok(Some(item)) => {
                let Ok(ticket) = buffer.begin() else {
                    // Put back, it would be read once more by each worker that
                    // waits for it.
                    source.close();
                    return;
                };
                source.put_back(input);
                let outcome = match catch(|| step(item)) {
                    Ok(Some(output)) => Outcome::Item(output),
                    Ok(None) => Outcome::Nothing,
                    Err(payload) => {
                        // Before the panic is known, so that nothing is read
                        // after it is.
                        spent = source.shut();
                        Outcome::Panic(buffer.caught(payload))
                    }
                };
                worker.stats.item();
                credit = buffer.put(worker, ticket, outcome);
            }
            Ok(None) => {
                source.close();
                buffer.release();
                return;
            }
            Err(payload) => {
                buffer.fail(payload);
                source.close();
                return;
            }
        }
    }
    drop(spent);
}
