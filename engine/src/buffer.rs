//! The hand-over kernel: credits go up, outcomes come down.
//!
//! A worker takes a credit before it reads its input or resumes its body, and
//! there are never more credits out than `buffer` plus the pulls that wait. A
//! channel alone cannot give strict demand: its sender computes one value ahead
//! of a receiver that may never come.
//!
//! Every change of the state ends in [`HandOver::wake`], which names at most one
//! worker and one consumer that can go on now; each of them, having changed the
//! state in its turn, names the next. So no wake-up is lost when a thread that
//! was woken leaves for another reason.

use std::fmt;
use std::time::Instant;

use crate::cancel::Token;
use crate::error::Stop;
use crate::handover::{HandOver, Order, Outcome, Ticket};
use crate::panics::{Caught, Payload, Unclaimed, catch};
use crate::signal::Signal;
use crate::stats::Wait;
use crate::sync::{Arc, Mutex, MutexGuard, lock};
use crate::worker::{Worker, sleep};

/// What a pull got.
pub(crate) enum Pulled<T> {
    Item(T),
    /// The stage has ended.
    End,
    /// The stage that pulls was told to stop.
    Cancelled,
    TimedOut,
    Panic(Caught),
}

/// What lies between the workers of a stage and the handle that pulls.
pub(crate) struct Buffer<T> {
    state: Mutex<HandOver<T>>,
    token: Arc<Token>,
    unclaimed: Unclaimed,
}

impl<T> fmt::Debug for Buffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.state);
        let (order, buffer, queued) = (state.order, state.buffer, state.queue.len());
        let (outstanding, pulls) = (state.outstanding, state.pulls);
        let (workers, stopped) = (state.workers, state.stopped);
        // The formatter may be user code.
        drop(state);
        f.debug_struct("Buffer")
            .field("order", &order)
            .field("buffer", &buffer)
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
        token: Arc<Token>,
        unclaimed: Unclaimed,
    ) -> Buffer<T> {
        Buffer {
            state: Mutex::new(HandOver::new(order, buffer)),
            token,
            unclaimed,
        }
    }

    /// Makes an outcome of a panic, which the scope will rethrow if nobody else
    /// does.
    pub(crate) fn caught(&self, payload: Payload) -> Caught {
        self.unclaimed.register(payload)
    }

    /// Makes room for a worker. Each is followed by a [`Buffer::leave`].
    pub(crate) fn join(&self) {
        lock(&self.state).workers += 1;
    }

    /// The end of a worker, by `panic` if something outside its items failed.
    pub(crate) fn leave(&self, panic: Option<Payload>) {
        let caught = panic.map(|payload| self.caught(payload));
        let mut state = lock(&self.state);
        let rest = caught.map_or_else(Vec::new, |caught| state.fail(caught));
        state.workers -= 1;
        if state.workers == 0 {
            state.consumers.notify_all();
        }
        self.give_back(state, rest);
    }

    /// Lets nothing more begin; what a worker still has is discarded.
    pub(crate) fn stop(&self) {
        lock(&self.state).stop();
    }

    /// Hands over a panic that belongs to no item: its place is behind all that
    /// have been begun.
    pub(crate) fn fail(&self, payload: Payload) {
        let caught = self.caught(payload);
        let mut state = lock(&self.state);
        let rest = state.fail(caught);
        self.give_back(state, rest);
    }

    /// Waits for a credit: the right to begin one item.
    pub(crate) fn acquire(&self, worker: &Worker) -> Result<(), Stop> {
        self.grant(lock(&self.state), worker)
    }

    /// Gives back a credit for which there was no item.
    pub(crate) fn release(&self) {
        let mut state = lock(&self.state);
        state.outstanding -= 1;
        let wake = state.wake();
        drop(state);
        wake.notify();
    }

    /// Turns a credit into the place of the item that was just read. Whoever
    /// reads from a shared input calls this before another may read, so that
    /// places follow the order of the input.
    pub(crate) fn begin(&self) -> Result<Ticket, Stop> {
        let mut state = lock(&self.state);
        if state.stopped || self.token.is_cancelled() {
            return Err(Stop(()));
        }
        Ok(state.begin())
    }

    /// Hands over what became of an item, and waits for the next credit.
    pub(crate) fn put(
        &self,
        worker: &Worker,
        ticket: Ticket,
        outcome: Outcome<T>,
    ) -> Result<(), Stop> {
        self.put_locked(lock(&self.state), worker, ticket, outcome)
    }

    /// Hands over one more item of a body that makes its own, and waits for the
    /// next credit.
    pub(crate) fn put_next(&self, worker: &Worker, item: T) -> Result<(), Stop> {
        let mut state = lock(&self.state);
        if state.stopped || self.token.is_cancelled() {
            drop(state);
            return Err(Stop(()));
        }
        let ticket = state.begin();
        worker.stats.item();
        self.put_locked(state, worker, ticket, Outcome::Item(item))
    }

    /// Hands over the last outcome of a worker, which needs no credit after it.
    pub(crate) fn finish(&self, ticket: Ticket, outcome: Outcome<T>) {
        let mut state = lock(&self.state);
        let rest = state.accept(ticket, outcome).err().unwrap_or_default();
        self.give_back(state, rest);
    }

    fn put_locked<'a>(
        &'a self,
        mut state: MutexGuard<'a, HandOver<T>>,
        worker: &Worker,
        ticket: Ticket,
        outcome: Outcome<T>,
    ) -> Result<(), Stop> {
        match state.accept(ticket, outcome) {
            Ok(()) => self.grant(state, worker),
            Err(rest) => {
                self.give_back(state, rest);
                Err(Stop(()))
            }
        }
    }

    fn grant<'a>(
        &'a self,
        mut state: MutexGuard<'a, HandOver<T>>,
        worker: &Worker,
    ) -> Result<(), Stop> {
        loop {
            if state.stopped || self.token.is_cancelled() {
                let wake = state.wake();
                drop(state);
                wake.notify();
                return Err(Stop(()));
            }
            if state.may_begin() {
                state.outstanding += 1;
                let wake = state.wake();
                drop(state);
                wake.notify();
                return Ok(());
            }
            let signal = Signal::current();
            signal.arm();
            state.idle.add(&signal);
            let wake = state.wake();
            drop(state);
            wake.notify();
            sleep(Some(worker), Wait::Demand, &signal, None);
            state = lock(&self.state);
            state.idle.remove(&signal);
        }
    }

    /// Takes the next outcome; waits for it until `deadline`.
    pub(crate) fn pull(&self, deadline: Option<Instant>) -> Pulled<T> {
        Worker::with_current(|worker| self.pull_as(worker, deadline))
    }

    fn pull_as(&self, worker: Option<&Worker>, deadline: Option<Instant>) -> Pulled<T> {
        let mut state = lock(&self.state);
        state.timed_out = state.timed_out.saturating_sub(1);
        loop {
            let result = if worker.is_some_and(|worker| worker.token.is_cancelled()) {
                Some(Pulled::Cancelled)
            } else if self.token.is_cancelled() {
                // There is a handle, so it is the scope that closes, and this
                // end is not the end of the data. The stage that pulls must
                // not take it for one, even if its own turn to be cancelled
                // has not come yet.
                if let Some(worker) = worker {
                    worker.token.cancel();
                }
                Some(Pulled::Cancelled)
            } else if let Some(outcome) = state.take() {
                Some(match outcome {
                    Outcome::Item(item) => Pulled::Item(item),
                    Outcome::Panic(caught) => Pulled::Panic(caught),
                    Outcome::Nothing => continue,
                })
            } else if state.closed || state.workers == 0 {
                Some(Pulled::End)
            } else if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                state.timed_out += 1;
                Some(Pulled::TimedOut)
            } else {
                None
            };
            if let Some(result) = result {
                let wake = state.wake();
                drop(state);
                wake.notify();
                return result;
            }
            let signal = Signal::current();
            signal.arm();
            state.pulls += 1;
            state.consumers.add(&signal);
            let wake = state.wake();
            drop(state);
            wake.notify();
            sleep(worker, Wait::Input, &signal, deadline);
            state = lock(&self.state);
            state.consumers.remove(&signal);
            state.pulls -= 1;
        }
    }

    /// Nobody will pull again: cancels the workers and drops what is queued. A
    /// panic that nobody has seen is left to the scope.
    pub(crate) fn close(&self) {
        self.token.cancel();
        let mut state = lock(&self.state);
        state.closed = true;
        state.stop();
        let queue = std::mem::take(&mut state.queue);
        drop(state);
        drop(queue);
    }

    /// Unlocks, wakes who can go on, and drops outcomes that came too late.
    fn give_back(&self, mut state: MutexGuard<'_, HandOver<T>>, rest: Vec<Outcome<T>>) {
        let wake = state.wake();
        drop(state);
        wake.notify();
        for outcome in rest {
            match outcome {
                Outcome::Panic(caught) => caught.forget(),
                outcome => {
                    // A drop that panics must not keep a worker from its end.
                    if let Err(payload) = catch(|| drop(outcome)) {
                        self.caught(payload);
                    }
                }
            }
        }
    }
}
