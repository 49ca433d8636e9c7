//! The hand-over kernel: credits go up, outcomes come down.
//!
//! A worker takes a credit before it reads its input or resumes its body, and
//! there are never more credits out than `buffer` plus the pulls that wait. A
//! channel alone cannot give strict demand: its sender computes one value ahead
//! of a receiver that may never come.
//!
//! Every change of the state ends in [`State::wake`], which names at most one
//! worker and one consumer that can go on now; each of them, having changed the
//! state in its turn, names the next. So no wake-up is lost when a thread that
//! was woken leaves for another reason.

use std::collections::VecDeque;
use std::fmt;
use std::time::Instant;

use crate::cancel::Token;
use crate::error::Stop;
use crate::panics::{Payload, Unclaimed, catch};
use crate::signal::{Signal, Waiters};
use crate::stats::Wait;
use crate::sync::{Arc, Mutex, MutexGuard, lock};
use crate::worker::{Worker, sleep};

/// The order in which a pool's outputs come.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// As the inputs came. The default.
    #[default]
    Input,
    /// As they were finished.
    Completion,
}

/// What became of one item.
pub(crate) enum Outcome<T> {
    Item(T),
    /// The item was filtered out.
    Nothing,
    Panic(Payload),
}

/// What a pull got.
pub(crate) enum Pulled<T> {
    Item(T),
    /// The stage has ended.
    End,
    /// The stage that pulls was told to stop.
    Cancelled,
    TimedOut,
    Panic(Payload),
}

/// The place of one outcome among the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket(u64);

/// `None` until the outcome is there.
type Slot<T> = Option<Outcome<T>>;

struct State<T> {
    order: Order,
    /// Read-ahead beyond demand, in outcomes.
    buffer: usize,
    /// With `Order::Input` a slot for each item begun; with
    /// `Order::Completion` the finished ones only.
    queue: VecDeque<Slot<T>>,
    /// The ticket of the front slot.
    front: u64,
    /// Credits out, and outcomes that nobody has taken yet.
    outstanding: usize,
    /// Pulls that wait.
    pulls: usize,
    /// Pulls that timed out. Their demand stands until the next pull takes it
    /// over: withdrawn, it could be gone each time before a worker wakes, and a
    /// consumer of short patience would never get an item.
    timed_out: usize,
    /// Workers that have not left.
    workers: usize,
    /// Workers that wait for a credit.
    idle: Waiters,
    /// Consumers that wait for an outcome; each is one of the `pulls`.
    consumers: Waiters,
    /// Nothing is begun any more.
    stopped: bool,
    /// A panic is in the queue or was handed over.
    panicked: bool,
    /// The handle is gone, or it has rethrown a panic.
    closed: bool,
}

/// Whom to wake after the lock is given back.
#[must_use]
struct Wake {
    worker: Option<Arc<Signal>>,
    consumer: Option<Arc<Signal>>,
}

impl Wake {
    fn notify(self) {
        for signal in [self.worker, self.consumer].into_iter().flatten() {
            signal.notify();
        }
    }
}

impl<T> State<T> {
    fn may_begin(&self) -> bool {
        let wanted = self.pulls + self.timed_out;
        // A buffer of `usize::MAX` is a way to say "no bound".
        !self.stopped && self.outstanding < self.buffer.saturating_add(wanted)
    }

    fn may_take(&self) -> bool {
        matches!(self.queue.front(), Some(Some(_)))
    }

    fn wake(&mut self) -> Wake {
        let worker = if self.may_begin() {
            self.idle.pop()
        } else {
            None
        };
        let consumer = if self.may_take() {
            self.consumers.pop()
        } else {
            None
        };
        Wake { worker, consumer }
    }

    fn stop(&mut self) {
        self.stopped = true;
        self.idle.notify_all();
    }

    /// Gives the item that was read next its place.
    fn begin(&mut self) -> Ticket {
        let ticket = Ticket(self.front + self.queue.len() as u64);
        if self.order == Order::Input {
            self.queue.push_back(None);
        }
        ticket
    }

    /// Puts an outcome into its place. Fails when nobody will want another one
    /// after it, and then returns what is left over, to be dropped unlocked.
    fn accept(&mut self, ticket: Ticket, outcome: Outcome<T>) -> Result<(), Vec<Outcome<T>>> {
        if self.closed {
            return Err(vec![outcome]);
        }
        let place = match self.order {
            Order::Input => (ticket.0 - self.front) as usize,
            Order::Completion => self.queue.len(),
        };
        if matches!(outcome, Outcome::Panic(_)) {
            let late = match self.order {
                Order::Input => place >= self.queue.len(),
                Order::Completion => self.panicked,
            };
            if late {
                return Err(vec![outcome]);
            }
            // What comes after it in order is never seen; by completion it
            // comes first.
            let keep = match self.order {
                Order::Input => place,
                Order::Completion => 0,
            };
            let rest = self.queue.split_off(keep);
            self.queue.push_back(Some(outcome));
            self.panicked = true;
            self.stop();
            self.settle();
            return Err(rest.into_iter().flatten().collect());
        }
        match self.order {
            Order::Input if place < self.queue.len() => self.queue[place] = Some(outcome),
            Order::Completion if !self.stopped => match outcome {
                Outcome::Nothing => self.outstanding -= 1,
                outcome => self.queue.push_back(Some(outcome)),
            },
            // It stands behind a panic.
            _ => return Err(vec![outcome]),
        }
        self.settle();
        Ok(())
    }

    /// Puts a panic that belongs to no item behind all that have been begun.
    /// Returns what is left over, to be dropped unlocked.
    fn fail(&mut self, payload: Payload) -> Vec<Outcome<T>> {
        let outcome = Outcome::Panic(payload);
        if self.panicked {
            // The queue ends at the panic that it has: a place behind that
            // would be taken for the place of an item that was cut off.
            return vec![outcome];
        }
        self.outstanding += 1;
        let ticket = self.begin();
        self.accept(ticket, outcome).err().unwrap_or_default()
    }

    /// Gives back the credits of items that were filtered out, as soon as it is
    /// their turn. Earlier would let the queue grow while its front is slow.
    fn settle(&mut self) {
        while let Some(Some(Outcome::Nothing)) = self.queue.front() {
            self.queue.pop_front();
            self.front += 1;
            self.outstanding -= 1;
        }
    }

    fn take(&mut self) -> Option<Outcome<T>> {
        if !self.may_take() {
            return None;
        }
        let outcome = self.queue.pop_front().flatten();
        self.front += 1;
        self.outstanding -= 1;
        if matches!(outcome, Some(Outcome::Panic(_))) {
            self.closed = true;
        } else {
            self.settle();
        }
        outcome
    }
}

/// What lies between the workers of a stage and the handle that pulls.
pub(crate) struct Buffer<T> {
    state: Mutex<State<T>>,
    token: Arc<Token>,
    unclaimed: Unclaimed,
}

impl<T> fmt::Debug for Buffer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.state);
        f.debug_struct("Buffer")
            .field("order", &state.order)
            .field("buffer", &state.buffer)
            .field("queued", &state.queue.len())
            .field("outstanding", &state.outstanding)
            .field("pulls", &state.pulls)
            .field("workers", &state.workers)
            .field("stopped", &state.stopped)
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
        let state = State {
            order,
            buffer,
            queue: VecDeque::new(),
            front: 0,
            outstanding: 0,
            pulls: 0,
            timed_out: 0,
            workers: 0,
            idle: Waiters::default(),
            consumers: Waiters::default(),
            stopped: false,
            panicked: false,
            closed: false,
        };
        Buffer {
            state: Mutex::new(state),
            token,
            unclaimed,
        }
    }

    /// Makes room for a worker. Each is followed by a [`Buffer::leave`].
    pub(crate) fn join(&self) {
        lock(&self.state).workers += 1;
    }

    /// The end of a worker, by `panic` if something outside its items failed.
    pub(crate) fn leave(&self, panic: Option<Payload>) {
        let mut state = lock(&self.state);
        let rest = panic.map_or_else(Vec::new, |payload| state.fail(payload));
        // Before anything is dropped, so that a drop which panics leaves the
        // count right, and its payload to the scope.
        state.workers -= 1;
        if state.workers == 0 {
            state.consumers.notify_all();
        }
        if let Err(payload) = catch(|| self.give_back(state, rest)) {
            self.unclaimed.add(payload);
        }
    }

    /// Hands over a panic that belongs to no item: its place is behind all that
    /// have been begun.
    pub(crate) fn fail(&self, payload: Payload) {
        let mut state = lock(&self.state);
        let rest = state.fail(payload);
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
        mut state: MutexGuard<'a, State<T>>,
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
        mut state: MutexGuard<'a, State<T>>,
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
                    Outcome::Panic(payload) => Pulled::Panic(payload),
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

    /// Nobody will pull again: cancels the workers, drops what is queued, and
    /// leaves to the scope a panic that nobody has seen.
    pub(crate) fn close(&self) {
        self.token.cancel();
        let mut state = lock(&self.state);
        let seen = state.closed;
        state.closed = true;
        state.stop();
        let rest: Vec<_> = std::mem::take(&mut state.queue)
            .into_iter()
            .flatten()
            .collect();
        drop(state);
        for outcome in rest {
            match outcome {
                Outcome::Panic(payload) if !seen => self.unclaimed.add(payload),
                outcome => drop(outcome),
            }
        }
    }

    /// Unlocks, wakes who can go on, and drops outcomes that came too late.
    fn give_back(&self, mut state: MutexGuard<'_, State<T>>, rest: Vec<Outcome<T>>) {
        let first_panic = state.closed && !state.panicked;
        if first_panic && rest.iter().any(|o| matches!(o, Outcome::Panic(_))) {
            state.panicked = true;
        }
        let wake = state.wake();
        drop(state);
        wake.notify();
        for outcome in rest {
            match outcome {
                // The handle went before the panic came.
                Outcome::Panic(payload) if first_panic => self.unclaimed.add(payload),
                outcome => drop(outcome),
            }
        }
    }
}
