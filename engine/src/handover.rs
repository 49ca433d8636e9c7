//! The state of a hand-over: who may begin, who may take, and what is queued.
//!
//! It neither waits nor locks, and it runs no user code: what has to be dropped
//! is returned. [`Buffer`](crate::buffer::Buffer) adds the lock and the waits.
//!
//! Credits are what demand is counted in. One is out for each item that was
//! begun and for each output that the consumer has not pulled; a worker takes
//! one before it reads its input or resumes its body.

use std::collections::VecDeque;

use crate::demand::Waiting;
use crate::open::{Filler, Taker, batch};
use crate::signal::Signal;
use crate::slot::{End, Slot, Ticket};
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

/// What is left over when an end came; to be dropped without the lock.
pub(crate) type Rest<T> = (VecDeque<T>, Vec<End<T>>);

/// The input that the workers of a pool share.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Input {
    Free,
    /// A worker reads it.
    Taken,
    Ended,
}

pub(crate) struct HandOver<T> {
    pub(crate) order: Order,
    /// Read-ahead beyond demand, in outputs.
    pub(crate) buffer: usize,
    /// How many items a worker begins at once.
    pub(crate) batch: usize,
    /// Room in the open batch of a worker; 0 if it has none, since it hands
    /// over each output before user code runs again.
    pub(crate) room: usize,
    /// Outputs in the slots or in `ready`.
    queued: usize,
    /// With `Order::Input` a slot for each ticket that is out.
    pub(crate) slots: VecDeque<Slot<T>>,
    /// The ticket of the front slot.
    pub(crate) front: u64,
    /// With `Order::Completion` the outputs that are finished.
    ready: VecDeque<T>,
    /// What comes after all that the consumer has fetched or, by completion,
    /// after `ready`.
    end: Option<End<T>>,
    /// Credits that are out.
    pub(crate) outstanding: usize,
    /// Pulls that wait.
    pub(crate) pulls: usize,
    /// Pulls that timed out. Their demand stands until the next pull takes it
    /// over: withdrawn, it could be gone each time before a worker wakes, and a
    /// consumer of short patience would never get an item.
    pub(crate) timed_out: usize,
    pub(crate) input: Input,
    /// The open batches of the workers, by the workers' numbers.
    open: Vec<Taker<T>>,
    /// Workers that have not left.
    pub(crate) workers: usize,
    pub(crate) waiting: Vec<Waiting>,
    /// The consumer, while it waits.
    pub(crate) consumer: Option<Arc<Signal>>,
    /// It lingers, and rather takes more outputs a little later.
    pub(crate) patient: bool,
    /// It takes a batch as it is.
    pub(crate) urgent: bool,
    /// Another slot has come to the front since the consumer looked.
    pub(crate) moved: bool,
    /// Nothing is begun any more.
    pub(crate) stopped: bool,
    /// An end is in a slot, or was handed over.
    ended: bool,
    /// That end is a panic.
    panicked: bool,
    /// The first ticket that is behind the end.
    pub(crate) cut: u64,
    /// The handle is gone, or has seen the end.
    pub(crate) closed: bool,
}

impl<T> HandOver<T> {
    pub(crate) fn new(order: Order, buffer: usize, batch: usize, room: usize) -> HandOver<T> {
        HandOver {
            order,
            buffer,
            batch,
            room,
            queued: 0,
            slots: VecDeque::new(),
            front: 0,
            ready: VecDeque::new(),
            end: None,
            outstanding: 0,
            pulls: 0,
            timed_out: 0,
            input: Input::Free,
            open: Vec::new(),
            workers: 0,
            waiting: Vec::new(),
            consumer: None,
            patient: false,
            urgent: false,
            moved: false,
            stopped: false,
            ended: false,
            panicked: false,
            cut: u64::MAX,
            closed: false,
        }
    }

    /// Makes room for a worker; its number is the next one.
    pub(crate) fn join(&mut self) -> Filler<T> {
        self.workers += 1;
        let (filler, taker) = batch(self.room);
        self.open.push(taker);
        filler
    }

    pub(crate) fn queued(&self) -> usize {
        self.queued
    }

    // ---- Outputs ----

    pub(crate) fn slot(&mut self, ticket: Ticket) -> Option<&mut Slot<T>> {
        let place = ticket.0.checked_sub(self.front)?;
        self.slots.get_mut(usize::try_from(place).ok()?)
    }

    /// Gives the items that were read next their place, with the credits that
    /// they were read for.
    pub(crate) fn open(&mut self, worker: usize, held: usize) -> Ticket {
        let ticket = Ticket(self.front + self.slots.len() as u64);
        if self.urgent
            && let Some(open) = self.open.get_mut(worker)
        {
            // The consumer looked before this batch was there.
            open.want();
        }
        if self.order == Order::Input {
            self.slots.push_back(Slot::new(worker, held));
        }
        ticket
    }

    /// Queues one output of a ticket. Returns it if nobody will want it.
    pub(crate) fn queue(&mut self, ticket: Ticket, item: T) -> Result<(), T> {
        match self.order {
            _ if self.closed => Err(item),
            Order::Completion if self.ended => Err(item),
            Order::Completion => {
                self.ready.push_back(item);
                self.queued += 1;
                Ok(())
            }
            Order::Input => match self.slot(ticket) {
                Some(slot) => {
                    slot.push(item);
                    self.queued += 1;
                    Ok(())
                }
                None => Err(item),
            },
        }
    }

    /// Queues what is in the open batch of a worker, and tells how much that
    /// was. Returns it if nobody will want it.
    pub(crate) fn queue_open(
        &mut self,
        ticket: Ticket,
        worker: usize,
        filler: &mut Filler<T>,
    ) -> Result<usize, Vec<T>> {
        let items = self.open[worker].renew(filler, self.urgent);
        let queued = items.len();
        match self.order {
            _ if queued == 0 => {}
            _ if self.closed => return Err(items),
            Order::Completion if self.ended => return Err(items),
            Order::Completion => self.ready.extend(items),
            Order::Input => match self.slot(ticket) {
                Some(slot) => slot.push_all(items),
                None => return Err(items),
            },
        }
        self.queued += queued;
        Ok(queued)
    }

    /// Marks a ticket as done; `spare` of its credits stand for inputs without
    /// an output. They are given back when it is its turn: earlier, the queue
    /// could grow without a bound behind a slow front.
    pub(crate) fn finish(&mut self, ticket: Ticket, spare: usize) {
        match self.order {
            Order::Completion => self.settle(spare),
            Order::Input => {
                if let Some(slot) = self.slot(ticket) {
                    slot.done = true;
                    slot.held = slot.len() + spare;
                    self.advance();
                }
            }
        }
    }

    /// Gives back what the front slots do not need, and removes those that are
    /// empty and done.
    fn advance(&mut self) {
        while let Some(front) = self.slots.front_mut() {
            if !front.done {
                return;
            }
            let (queued, held) = (front.len(), front.held);
            front.held = queued;
            self.outstanding -= held - queued;
            let Some(front) = self.slots.front_mut() else {
                return;
            };
            if queued > 0 {
                return;
            }
            self.end = front.end.take();
            self.slots.pop_front();
            self.front += 1;
            self.moved = true;
            if self.end.is_some() {
                return;
            }
        }
    }

    /// Ends the stage: `end` comes after what `ticket` has queued, or after all
    /// that was begun. Returns what is left over; of a panic among that, the
    /// payload is to be forgotten if an earlier panic stands for it.
    pub(crate) fn fail(&mut self, ticket: Option<Ticket>, end: End<T>) -> Rest<T> {
        let panic = matches!(end, End::Panic(_));
        if self.closed {
            // The handle went before it came: the first is left to the scope.
            let first = panic && !std::mem::replace(&mut self.panicked, true);
            self.stop();
            let ends = if first { vec![] } else { vec![end] };
            return (VecDeque::new(), ends);
        }
        match self.order {
            Order::Completion => self.fail_by_completion(end, panic),
            Order::Input => self.fail_in_order(ticket, end, panic),
        }
    }

    fn fail_by_completion(&mut self, end: End<T>, panic: bool) -> Rest<T> {
        if self.ended {
            return (VecDeque::new(), vec![end]);
        }
        self.ended = true;
        self.panicked = panic;
        self.end = Some(end);
        self.cut = 0;
        self.stop();
        // A panic comes at once, an error in its turn.
        let rest = match panic {
            true => std::mem::take(&mut self.ready),
            false => VecDeque::new(),
        };
        self.queued -= rest.len();
        (rest, Vec::new())
    }

    fn fail_in_order(&mut self, ticket: Option<Ticket>, end: End<T>, panic: bool) -> Rest<T> {
        let ticket = match ticket {
            Some(ticket) => ticket,
            // The queue ends at the end that it has: a place behind that would
            // be taken for the place of an item that was cut off.
            None if self.ended => return (VecDeque::new(), vec![end]),
            None => self.open(0, 0),
        };
        let Some(slot) = self.slot(ticket) else {
            return (VecDeque::new(), vec![end]);
        };
        slot.done = true;
        slot.end = Some(end);
        self.ended = true;
        self.panicked = panic;
        // What comes after it in order is never seen.
        self.cut = ticket.0 + 1;
        let cut = (ticket.0 - self.front) as usize + 1;
        let (mut items, mut ends) = (VecDeque::new(), Vec::new());
        for mut slot in self.slots.split_off(cut) {
            slot.fetch(&mut items);
            ends.extend(slot.end);
        }
        self.queued -= items.len();
        self.stop();
        self.advance();
        (items, ends)
    }

    /// Tells whether a panic that comes too late is nobody's business: another
    /// one stands for it.
    pub(crate) fn panicked(&self) -> bool {
        self.panicked
    }

    // ---- The consumer ----

    pub(crate) fn may_take(&self) -> bool {
        let front = self.slots.front();
        self.end.is_some() || !self.ready.is_empty() || front.is_some_and(|slot| slot.len() > 0)
    }

    /// Moves to `items`, which is empty, what the consumer may have; their
    /// credits stay out until they are pulled.
    pub(crate) fn fetch(&mut self, items: &mut VecDeque<T>) {
        match self.order {
            Order::Completion => std::mem::swap(items, &mut self.ready),
            Order::Input => {
                while self.end.is_none()
                    && let Some(front) = self.slots.front_mut()
                {
                    front.fetch(items);
                    if !front.done {
                        break;
                    }
                    self.advance();
                }
            }
        }
        self.queued -= items.len();
    }

    /// Takes from the open batches what the consumer may have. If it is urgent,
    /// their workers are to hand over the next item at once.
    pub(crate) fn steal(&mut self, urgent: bool) {
        self.moved = false;
        // After a panic by completion nothing comes before it.
        if self.room == 0 || self.ended && self.order == Order::Completion {
            return;
        }
        let take = |open: &mut Taker<T>| match urgent {
            true => open.take_and_want(),
            false => open.take(),
        };
        match self.order {
            Order::Completion => {
                let before = self.ready.len();
                for open in &mut self.open {
                    self.ready.extend(take(open));
                }
                self.queued += self.ready.len() - before;
            }
            Order::Input => {
                if let Some(front) = self.slots.front_mut()
                    && !front.done
                    && let Some(open) = self.open.get_mut(front.worker)
                {
                    let items = take(open);
                    self.queued += items.len();
                    front.push_all(items);
                }
            }
        }
    }

    /// Takes the end, if nothing comes before it.
    pub(crate) fn take_end(&mut self) -> Option<End<T>> {
        let end = self.end.take()?;
        self.closed = true;
        Some(end)
    }

    /// Empties everything; what was in there is to be dropped without the lock.
    pub(crate) fn clear(&mut self) -> impl Sized + use<T> {
        let slots = std::mem::take(&mut self.slots);
        let ready = std::mem::take(&mut self.ready);
        (slots, ready, self.end.take())
    }
}
