//! Parallel generators: worker pools and buffered pull iterators.
//!
//! ```
//! let words = ["one", "two", "three"];
//! let lengths: Vec<usize> = engine::scope(|s| {
//!     let words = s.stage("words").read(words);
//!     s.stage("length").jobs(2).map(words, str::len).collect()
//! });
//! assert_eq!(lengths, [3, 3, 5]);
//! ```
//!
//! A *stage* runs in workers of its own; its *handle* is an iterator, and
//! values move only when somebody pulls. A handle may be the input of another
//! stage, so stages chain into a pipeline, by iterating and nothing else.
//!
//! # Promises
//!
//! 1. **Start.** No body runs and no input is read before the first pull, or
//!    [`Handle::prime`].
//! 2. **Demand.** Items begun are never more than pulls plus the buffer: a
//!    worker takes a credit before it reads its input or resumes its body. With
//!    `buffer(0)` a stage works strictly on demand. Parallelism is therefore at
//!    most `min(jobs, buffer + 1)`; the default buffer is twice the jobs, in
//!    batches. A [batch](Stage::batch) is handed over when it is full, when the
//!    consumer waits, before its worker waits in the engine, and at the end.
//!    (An item without an output gives its credit back, and a fold reads all of
//!    its input for its one output a worker.)
//! 3. **Order and bound.** With [`Order::Input`] outputs come as their inputs
//!    did, and item *k + W* is not read before output *k* is taken, where *W*
//!    is the buffer plus the pulls that wait. Where an item has many outputs
//!    the bound counts these. No list grows beyond that.
//! 4. **Exactly once.** Each input reaches one worker, each output the consumer.
//! 5. **Drop.** Dropping a handle cancels its stage and everything above it at
//!    their next engine call; nothing that is queued is begun; an infinite
//!    source ends. The drop does not wait; the scope does. A forgotten handle
//!    or a panic of the consumer cannot hang the scope.
//! 6. **Panic.** With [`Order::Input`] the consumer gets the items before it,
//!    then the panic with its own payload, once; nothing after it in order is
//!    begun once it is known. With [`Order::Completion`] it comes at once. Of
//!    two panics the earlier in order is rethrown. One that nobody pulled is
//!    rethrown by the scope, unless it is unwinding already.
//! 7. **Errors** are items like any other: `collect::<Result<_, _>>()` stops the
//!    pipeline by dropping the handle. After a failing [`Stage::try_map`] nothing
//!    new is begun, and the error is the last item.
//! 8. **Borrowing.** Bodies borrow from outside the scope; a handle cannot leave
//!    its scope.
//! 9. **No deadlock of the engine's making.** Every wait ends on data, demand,
//!    cancel or failure, and no lock is held while user code runs. What cannot
//!    be bounded without a deadlock ([`Handle::tee`] with one branch ahead,
//!    [`Handle::split_by`] with one key unread) grows up to a limit that the
//!    caller sets, and then is an error that says so: [`Overrun`].
//! 10. **Coroutines.** The first [`Coroutine::send`] starts the body with its
//!     value; each other message comes out of the body's [`Yielder::put`]: a
//!     value, an error that was thrown, or that it is closed, of which a drop and
//!     the end of the scope are forms. The body works only while a call waits.
//!     What it returns, an error or a panic ends the coroutine and reaches that
//!     call as it is; a value that is put after `close` is an error there.
//! 11. **Spill.** (Feature `spill`.) `Handle::spill` reads ahead without demand:
//!     encoded values up to a limit stay in memory, the others wait in a
//!     temporary file that has no name and so is gone after a crash. Items are
//!     `Result<T, SpillError>`; order and content are exact; values are decoded
//!     once, by the worker that pulls, also through `Spill::share`. A full disk
//!     is an error at the pull, after every value that was read.
//! 12. **Statistics.** [`Scope::report`] tells per stage what its workers did
//!     with their time, live and final, and names the bottleneck; clocks are read
//!     only around waits.
//! 13. **Idle costs nothing.** A thread that waits spins for microseconds and
//!     then sleeps. Everything works with one job on one core.
//! 14. **Nesting.** A worker may open a scope, or start stages of its own scope.
//!
//!
//! # Features
//!
//! Both are off by default.
//!
//! `spill`: `Handle::spill`, with serde and postcard.
//!
//! `tracing`: events through the `tracing` crate, with the target `engine`.
//!
//! | message | level | fields | when |
//! |---|---|---|---|
//! | `stage starts` | DEBUG | stage, jobs | at the first pull |
//! | `worker starts`, `worker ends` | DEBUG | stage, worker | in its thread |
//! | `waited` | TRACE | stage, worker, for: `input` or `demand`, nanoseconds | after a worker has slept |
//! | `pull` | TRACE | stage | whenever the handle is asked |
//! | `panic` | DEBUG | stage | when one is caught |
//! | `handle dropped` | DEBUG | stage | which cancels the stage if it runs |
//!
//! # When to use rayon instead
//!
//! For data that is all in memory and work that splits evenly: rayon's work
//! stealing has no hand-over per item. This crate is for streams: sources that
//! block, output in order, bounded memory, early stop.

mod buffer;
mod cancel;
mod coroutine;
mod demand;
mod error;
mod events;
mod fan;
mod fold;
mod generate;
mod halt;
mod handle;
mod handover;
mod interrupt;
mod map;
mod open;
#[cfg(all(test, not(shuttle)))]
mod open_tests;
mod out;
mod panics;
mod pool;
mod port;
mod pull;
mod report;
mod scope;
mod share;
mod signal;
mod slot;
mod source;
#[cfg(feature = "spill")]
mod spill;
mod split_by;
mod stage;
mod stats;
mod sync;
mod tee;
mod worker;

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use coroutine::{Coroutine, CoroutineState, Yielder};
pub use error::{Overrun, Stop, TimedOut};
pub use handle::Handle;
pub use handover::Order;
pub use interrupt::{CloseError, Interrupt, ResumeError};
pub use out::{In, Out};
pub use report::{Bottleneck, Report, StageReport};
pub use scope::{Scope, scope};
pub use share::Shared;
#[cfg(feature = "spill")]
pub use spill::{SharedSpill, Spill, SpillError, SpillErrorKind, Usage};
pub use split_by::{Group, Groups};
pub use stage::{Many, One, Stage};
pub use tee::Tee;

/// Returns how many threads this process may run at once: the cores of its
/// affinity mask, or its cgroup's quota where that is less. 1 if unknown.
pub fn available() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
