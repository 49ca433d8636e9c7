//! Who may go on: how many credits there are to give, and who waits for them.

use crate::handover::{HandOver, Input};
use crate::signal::Signal;
use crate::slot::Ticket;
use crate::sync::Arc;

/// So many credits or outputs at once are enough for a hand-over to cost little.
const LUMP: usize = 64;

/// What a worker waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Want {
    /// A credit, and its turn at the input.
    Item,
    /// Its turn at the input.
    Turn,
    /// A credit for one more output: in this place, or not in any yet.
    Credit(Option<Ticket>),
}

pub(crate) struct Waiting {
    want: Want,
    /// It lingers, and rather goes on with more credits a little later.
    patient: bool,
    /// It has a credit, and waits for its turn only.
    holds: bool,
    signal: Arc<Signal>,
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
    fn wanted(&self) -> usize {
        self.pulls + self.timed_out
    }

    /// Credits that may be given out.
    fn allowance(&self) -> usize {
        // A buffer of `usize::MAX` is a way to say "no bound".
        let most = self.buffer.saturating_add(self.wanted());
        most.saturating_sub(self.outstanding)
    }

    /// The fewest credits that are worth waking a worker for. With batches it is
    /// more than one, or each pull would call for a batch of one; never so many
    /// that a consumer waits for the outputs of it.
    fn threshold(&self, patient: bool) -> usize {
        if self.wanted() > 0 {
            return 1;
        }
        let lump = if patient { LUMP } else { self.batch };
        lump.min(self.half())
    }

    /// Half of the buffer: so much at once keeps both sides busy.
    fn half(&self) -> usize {
        self.buffer.div_ceil(2).max(1)
    }

    /// One credit is kept for the front slot if its worker may need it to go on:
    /// otherwise all of them could end up with outputs behind it, which nobody
    /// takes before the front is done.
    fn reserve(&self, want: Want) -> usize {
        match (want, self.slots.front()) {
            (Want::Credit(Some(ticket)), _) if ticket.is_at(self.front) => 0,
            (_, Some(front)) => usize::from(!front.done && front.held == 0),
            (_, None) => 0,
        }
    }

    /// How many more credits must be free before a worker may have some.
    fn missing(&self, want: Want, patient: bool) -> usize {
        (self.threshold(patient) + self.reserve(want)).saturating_sub(self.allowance())
    }

    fn may_go_on(&self, waiting: &Waiting) -> bool {
        let enough = || waiting.holds || self.missing(waiting.want, waiting.patient) == 0;
        match waiting.want {
            Want::Item => self.input == Input::Ended || (self.input == Input::Free && enough()),
            Want::Turn => self.input != Input::Taken,
            Want::Credit(_) => enough(),
        }
    }

    /// Tells whether nobody will want what this is wanted for. What stands before
    /// an end in order is still seen, so its worker goes on.
    pub(crate) fn is_over(&self, want: Want) -> bool {
        match want {
            Want::Credit(Some(ticket)) => self.closed || ticket.is_behind(self.cut),
            _ => self.stopped,
        }
    }

    /// Gives out credits, at most `most`: none if there are not enough to be
    /// worth it.
    pub(crate) fn grant(&mut self, want: Want, most: usize) -> usize {
        let (allowance, reserve) = (self.allowance(), self.reserve(want));
        if allowance < self.threshold(false) + reserve {
            return 0;
        }
        let granted = most.min(allowance - reserve);
        self.outstanding += granted;
        if let Want::Credit(Some(ticket)) = want
            && let Some(slot) = self.slot(ticket)
        {
            slot.held += granted;
        }
        granted
    }

    /// Takes credits back: for these nothing was begun, or what was begun has
    /// been pulled.
    pub(crate) fn settle(&mut self, credits: usize) {
        self.outstanding -= credits;
    }

    /// After how many more pulls a worker could go on that waits for credits.
    pub(crate) fn hungry(&self) -> usize {
        let hungry = self.waiting.iter().filter(|waiting| match waiting.want {
            _ if waiting.holds => false,
            Want::Item => self.input == Input::Free,
            Want::Turn => false,
            Want::Credit(_) => true,
        });
        let missing = hungry.map(|waiting| self.missing(waiting.want, waiting.patient));
        missing.min().map_or(usize::MAX, |missing| missing.max(1))
    }

    pub(crate) fn wait(&mut self, want: Want, patient: bool, holds: bool, signal: &Arc<Signal>) {
        let signal = Arc::clone(signal);
        self.waiting.push(Waiting {
            want,
            patient,
            holds,
            signal,
        });
    }

    pub(crate) fn wait_no_more(&mut self, signal: &Arc<Signal>) {
        let mine = |waiting: &Waiting| Arc::ptr_eq(&waiting.signal, signal);
        if let Some(place) = self.waiting.iter().position(mine) {
            self.waiting.swap_remove(place);
        }
    }

    /// Takes one worker and the consumer off their lists if they can go on. Each
    /// of them calls this again when it has changed the state in its turn.
    pub(crate) fn wake(&mut self) -> Wake {
        // The one that came last has the warmest caches.
        let place = (self.waiting.iter()).rposition(|waiting| self.may_go_on(waiting));
        let worker = place.map(|place| self.waiting.remove(place).signal);
        // The new front may have something in its open batch.
        let moved = self.moved && self.urgent;
        let enough = !self.patient || self.queued() >= self.half();
        let consumer = match moved || (enough && self.may_take()) {
            true => self.consumer.take(),
            false => None,
        };
        Wake { worker, consumer }
    }

    /// Ends the patience of the consumer: nothing more is to be expected soon.
    pub(crate) fn hurry(&mut self) {
        self.patient = false;
    }

    pub(crate) fn stop(&mut self) {
        self.stopped = true;
        self.hurry();
        for waiting in self.waiting.drain(..) {
            waiting.signal.notify();
        }
    }

    /// Nothing more will come from the input.
    pub(crate) fn end_input(&mut self) {
        self.input = Input::Ended;
        // All at once; one after another they would take a time in proportion.
        self.waiting.retain(|waiting| {
            let leaves = matches!(waiting.want, Want::Item | Want::Turn);
            if leaves {
                waiting.signal.notify();
            }
            !leaves
        });
    }

    /// How many pulls the consumer reports at once.
    pub(crate) fn lump(&self) -> usize {
        self.batch.min(self.half())
    }

    /// Tells whether it pays to linger before one sleeps.
    pub(crate) fn rewards_patience(&self) -> bool {
        self.buffer > 1
    }

    /// Tells whether it pays for the consumer to nap until more has come.
    pub(crate) fn has_batches(&self) -> bool {
        self.batch > 1
    }
}
