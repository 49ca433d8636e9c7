//! The state of a hand-over: who may begin, who may take, and what is queued.
//!
//! It neither waits nor locks, and it runs no user code: what has to be dropped
//! is returned. [`Buffer`](crate::buffer::Buffer) adds the lock and the waits.

use std::collections::VecDeque;

use crate::panics::Caught;
use crate::signal::{Signal, Waiters};
use crate::sync::Arc;

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
    Panic(Caught),
}

/// The place of one outcome among the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ticket(u64);

/// `None` until the outcome is there.
type Slot<T> = Option<Outcome<T>>;

pub(crate) struct HandOver<T> {
    pub(crate) order: Order,
    /// Read-ahead beyond demand, in outcomes.
    pub(crate) buffer: usize,
    /// With `Order::Input` a slot for each item begun; with
    /// `Order::Completion` the finished ones only.
    pub(crate) queue: VecDeque<Slot<T>>,
    /// The ticket of the front slot.
    pub(crate) front: u64,
    /// Credits out, and outcomes that nobody has taken yet.
    pub(crate) outstanding: usize,
    /// Pulls that wait.
    pub(crate) pulls: usize,
    /// Pulls that timed out. Their demand stands until the next pull takes it
    /// over: withdrawn, it could be gone each time before a worker wakes, and a
    /// consumer of short patience would never get an item.
    pub(crate) timed_out: usize,
    /// Workers that have not left.
    pub(crate) workers: usize,
    /// Workers that wait for a credit.
    pub(crate) idle: Waiters,
    /// Consumers that wait for an outcome; each is one of the `pulls`.
    pub(crate) consumers: Waiters,
    /// Nothing is begun any more.
    pub(crate) stopped: bool,
    /// A panic is in the queue or was handed over.
    pub(crate) panicked: bool,
    /// The handle is gone, or it has rethrown a panic.
    pub(crate) closed: bool,
}

/// Whom to wake after the lock is given back.
#[must_use]
pub(crate) struct Wake {
    worker: Option<Arc<Signal>>,
    consumer: Option<Arc<Signal>>,
}

impl Wake {
    pub(crate) fn notify(self) {
        for signal in [self.worker, self.consumer].into_iter().flatten() {
            signal.notify();
        }
    }
}

impl<T> HandOver<T> {
    pub(crate) fn new(order: Order, buffer: usize) -> HandOver<T> {
        HandOver {
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
        }
    }

    pub(crate) fn may_begin(&self) -> bool {
        let wanted = self.pulls + self.timed_out;
        // A buffer of `usize::MAX` is a way to say "no bound".
        !self.stopped && self.outstanding < self.buffer.saturating_add(wanted)
    }

    pub(crate) fn may_take(&self) -> bool {
        matches!(self.queue.front(), Some(Some(_)))
    }

    pub(crate) fn wake(&mut self) -> Wake {
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

    pub(crate) fn stop(&mut self) {
        self.stopped = true;
        self.idle.notify_all();
    }

    /// Gives the item that was read next its place.
    pub(crate) fn begin(&mut self) -> Ticket {
        let ticket = Ticket(self.front + self.queue.len() as u64);
        if self.order == Order::Input {
            self.queue.push_back(None);
        }
        ticket
    }

    /// Puts an outcome into its place. Fails when nobody will want another one
    /// after it, and then returns what is left over, to be dropped unlocked; a
    /// panic among that is to be forgotten, since an earlier one is known.
    pub(crate) fn accept(
        &mut self,
        ticket: Ticket,
        outcome: Outcome<T>,
    ) -> Result<(), Vec<Outcome<T>>> {
        if self.closed {
            if matches!(outcome, Outcome::Panic(_)) && !self.panicked {
                // The handle went before it came: it is left to the scope.
                self.panicked = true;
                return Err(Vec::new());
            }
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
    pub(crate) fn fail(&mut self, caught: Caught) -> Vec<Outcome<T>> {
        let outcome = Outcome::Panic(caught);
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
    pub(crate) fn settle(&mut self) {
        while let Some(Some(Outcome::Nothing)) = self.queue.front() {
            self.queue.pop_front();
            self.front += 1;
            self.outstanding -= 1;
        }
    }

    pub(crate) fn take(&mut self) -> Option<Outcome<T>> {
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
