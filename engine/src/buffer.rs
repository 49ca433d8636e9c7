//! The hand-over with its lock and its waits: credits go up, outputs come down.
//!
//! A worker takes a credit before it reads its input or resumes its body, and
//! there are never more credits out than `buffer` plus the pulls that wait. A
//! channel alone cannot give strict demand: its sender computes one value ahead
//! of a receiver that may never come.
//!
//! Every change of the state ends in [`HandOver::wake`], which names at most one
//! worker and the consumer if they can go on now; each of them, having changed
//! the state in its turn, names the next. So no wake-up is lost when a thread
//! that was woken leaves for another reason.

use std::fmt;

use crossbeam::utils::CachePadded;

use crate::cancel::Token;
use crate::demand::Want;
use crate::error::Stop;
use crate::events;
use crate::handover::{HandOver, Input, Order, Rest};
use crate::open::Filler;
use crate::panics::{Caught, Payload, Unclaimed, catch};
use crate::signal::Signal;
use crate::slot::{End, Ticket};
use crate::stats::{StageStats, Wait};
use crate::sync::{Arc, AtomicBool, AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering, lock};
use crate::worker::{Worker, sleep};

/// What lies between the workers of a stage and the handle that pulls.
///
/// What is written often lies apart from what is only read with each item.
pub(crate) struct Buffer<T> {
    state: CachePadded<Mutex<HandOver<T>>>,
    /// Pulls that were served without the lock and are not in the state yet.
    pub(crate) pulled: CachePadded<AtomicUsize>,
    /// So many of them let a worker go on that waits.
    pub(crate) hungry: CachePadded<AtomicUsize>,
    /// The first ticket that is behind an end.
    cut: AtomicU64,
    /// A panic came that overtakes what the consumer has fetched.
    pub(crate) alarm: AtomicBool,
    pub(crate) token: Arc<Token>,
    unclaimed: Unclaimed,
    pub(crate) stats: Arc<StageStats>,
}

impl<T> fmt::Debug for Buffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.state);
        let (order, buffer, batch) = (state.order, state.buffer, state.batch);
        let (queued, outstanding) = (state.queued(), state.outstanding);
        let (pulls, workers, stopped) = (state.pulls, state.workers, state.stopped);
        // The formatter may be user code.
        drop(state);
        f.debug_struct("Buffer")
            .field("order", &order)
            .field("buffer", &buffer)
            .field("batch", &batch)
            .field("queued", &queued)
            .field("outstanding", &outstanding)
            .field("pulls", &pulls)
            .field("workers", &workers)
            .field("stopped", &stopped)
            .finish_non_exhaustive()
    }
}

impl<T> Buffer<T> {
    pub(crate) fn new(
        order: Order,
        buffer: usize,
        batch: usize,
        room: usize,
        token: Arc<Token>,
        unclaimed: Unclaimed,
        stats: Arc<StageStats>,
    ) -> Buffer<T> {
        Buffer {
            state: CachePadded::new(Mutex::new(HandOver::new(order, buffer, batch, room))),
            pulled: CachePadded::new(AtomicUsize::new(0)),
            hungry: CachePadded::new(AtomicUsize::new(usize::MAX)),
            cut: AtomicU64::new(u64::MAX),
            alarm: AtomicBool::new(false),
            token,
            unclaimed,
            stats,
        }
    }

    /// Makes an end of a panic, which the scope will rethrow if nobody else
    /// does.
    pub(crate) fn caught(&self, payload: Payload) -> End<T> {
        End::Panic(self.register(payload))
    }

    /// Notes a panic, which the scope will rethrow if nobody else does.
    pub(crate) fn register(&self, payload: Payload) -> Caught {
        events::panic(&self.stats);
        self.unclaimed.register(payload)
    }

    /// Drops a panic for which another one stands.
    pub(crate) fn forget(&self, caught: Caught) {
        if let Err(payload) = catch(|| caught.forget()) {
            self.unclaimed.register(payload);
        }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, HandOver<T>> {
        lock(&self.state)
    }

    // ---- Coming and going ----

    /// Makes room for a worker. Each is followed by a [`Buffer::leave`].
    pub(crate) fn join(&self) -> Filler<T> {
        self.lock().join()
    }

    /// The end of a worker.
    pub(crate) fn leave(&self) {
        let mut state = self.lock();
        state.workers -= 1;
        state.hurry();
        if state.workers == 0
            && let Some(consumer) = state.consumer.take()
        {
            consumer.notify();
        }
        self.release(state);
    }

    /// Lets nothing more begin; what a worker still has is discarded.
    pub(crate) fn stop(&self) {
        self.lock().stop();
    }

    /// Ends the stage by `end`, behind what `ticket` has queued or behind all
    /// that was begun.
    pub(crate) fn fail(&self, ticket: Option<Ticket>, end: End<T>) {
        let alarming = matches!(end, End::Panic(_));
        let mut state = self.lock();
        if alarming && state.order == Order::Completion {
            self.alarm.store(true, Ordering::SeqCst);
        }
        let rest = state.fail(ticket, end);
        self.cut.store(state.cut, Ordering::Relaxed);
        self.give_back(state, rest);
    }

    /// Nobody will pull again: cancels the workers and drops what is queued. A
    /// panic that nobody has seen is left to the scope.
    pub(crate) fn close(&self) {
        events::handle_dropped(&self.stats);
        self.token.cancel();
        let mut state = self.lock();
        state.closed = true;
        state.stop();
        let rest = state.clear();
        drop(state);
        drop(rest);
    }

    // ---- The workers' side ----

    /// Waits for `want`, and returns the credits that were granted, at most
    /// `most`; none for a mere turn, or if `held` ones are enough.
    ///
    /// # Errors
    ///
    /// [`Stop`] when nothing is to be begun any more, or when the input that is
    /// wanted has ended.
    pub(crate) fn acquire<'a>(
        &'a self,
        mut state: MutexGuard<'a, HandOver<T>>,
        worker: &Worker,
        want: Want,
        most: usize,
        held: usize,
    ) -> Result<usize, Stop> {
        let mut patient = state.rewards_patience();
        let mut settled = false;
        loop {
            if state.is_over(want) || self.token.is_cancelled() {
                self.release(state);
                return Err(Stop(()));
            }
            let reads = matches!(want, Want::Item | Want::Turn);
            if reads && state.input == Input::Ended {
                self.release(state);
                return Err(Stop(()));
            }
            let mut reason = Wait::Input;
            if !reads || state.input == Input::Free {
                let granted = match want {
                    Want::Turn => 0,
                    want => state.grant(want, most),
                };
                if granted + held == 0 && want != Want::Turn && !settled {
                    // What was pulled meanwhile may be enough. Not sooner, since
                    // the consumer writes that word too.
                    settled = true;
                    self.settle(&mut state);
                    continue;
                }
                if granted + held > 0 || want == Want::Turn {
                    if reads {
                        state.input = Input::Taken;
                    }
                    self.release(state);
                    return Ok(granted);
                }
                reason = Wait::Demand;
            }
            let signal = Signal::current();
            signal.arm();
            let lingers = patient && reason == Wait::Demand;
            state.wait(want, lingers, held > 0, &signal);
            state.hurry();
            self.release(state);
            if lingers {
                signal.linger();
                patient = false;
            } else {
                sleep(Some(worker), reason, &signal, None);
            }
            state = self.lock();
            state.wait_no_more(&signal);
            settled = false;
        }
    }

    /// Tells whether what comes of `ticket` is behind an end, so that nobody
    /// will see it.
    pub(crate) fn cuts(&self, ticket: Option<Ticket>) -> bool {
        let cut = self.cut.load(Ordering::Relaxed);
        ticket.map_or(cut != u64::MAX, |ticket| ticket.is_behind(cut))
    }

    /// Unlocks, and wakes who can go on.
    pub(crate) fn release(&self, mut state: MutexGuard<'_, HandOver<T>>) {
        let wake = loop {
            let wake = state.wake();
            let hungry = state.hungry();
            // Written under the lock only; mostly nobody waits.
            if self.hungry.load(Ordering::Relaxed) != hungry {
                self.hungry.store(hungry, Ordering::SeqCst);
            }
            // A pull that came just before this did not see that a worker waits.
            // The consumer adds and then reads `hungry`; with anything weaker
            // both could read the old value.
            if hungry == usize::MAX || self.pulled.load(Ordering::SeqCst) < hungry {
                break wake;
            }
            self.settle(&mut state);
            wake.notify();
        };
        drop(state);
        wake.notify();
    }

    pub(crate) fn settle(&self, state: &mut HandOver<T>) {
        if self.pulled.load(Ordering::Relaxed) > 0 {
            state.settle(self.pulled.swap(0, Ordering::SeqCst));
        }
    }

    /// Unlocks, wakes who can go on, and drops what came too late.
    pub(crate) fn give_back(&self, state: MutexGuard<'_, HandOver<T>>, rest: Rest<T>) {
        let panicked = state.panicked();
        self.release(state);
        let (items, ends) = rest;
        // A drop that panics must not keep a worker from its end.
        if let Err(payload) = catch(|| drop(items)) {
            self.unclaimed.register(payload);
        }
        for end in ends {
            match end {
                End::Panic(caught) if panicked => self.forget(caught),
                // An error stands for it, which is no panic: the scope has it.
                End::Panic(_) => {}
                End::Last(item) => {
                    if let Err(payload) = catch(|| drop(item)) {
                        self.unclaimed.register(payload);
                    }
                }
            }
        }
    }
}
