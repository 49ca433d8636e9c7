//! The consumer's side of the buffer: pulls, and how long they wait for more.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::buffer::Buffer;
use crate::events;
use crate::handover::HandOver;
use crate::panics::Caught;
use crate::signal::Signal;
use crate::slot::End;
use crate::stats::Wait;
use crate::sync::{Arc, Ordering};
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

/// How long a consumer waits for half a buffer before it takes what there is:
/// long enough that it does not wake for each item of a microsecond, and no
/// delay that somebody notices who asked for batches.
const NAP: Duration = Duration::from_micros(200);

/// What a consumer does that finds nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Patience {
    /// It stays awake for a moment, in which more than one output may come.
    Lingers,
    /// It sleeps, but not for long, until half a buffer is there.
    Naps,
    /// It sleeps until there is anything.
    None,
}

impl Patience {
    fn of<T>(state: &HandOver<T>) -> Patience {
        match state.rewards_patience() {
            true => Patience::Lingers,
            false => Patience::Lingers.less(state),
        }
    }

    fn less<T>(self, state: &HandOver<T>) -> Patience {
        match self {
            Patience::Lingers if state.has_batches() => Patience::Naps,
            _ => Patience::None,
        }
    }
}

impl<T> Buffer<T> {
    /// How many pulls the consumer may report at once.
    pub(crate) fn lump(&self) -> usize {
        self.lock().lump()
    }

    /// A panic came that overtakes what was fetched.
    pub(crate) fn is_alarmed(&self) -> bool {
        self.alarm.load(Ordering::Relaxed)
    }

    /// Tells who listens that the handle was asked.
    pub(crate) fn note_pull(&self) {
        events::pull(&self.stats);
    }

    /// Counts pulls that were served by what was fetched before.
    pub(crate) fn report_pulls(&self, pulls: usize) {
        let pulled = self.pulled.fetch_add(pulls, Ordering::SeqCst) + pulls;
        if pulled >= self.hungry.load(Ordering::SeqCst) {
            let mut state = self.lock();
            self.settle(&mut state);
            self.release(state);
        }
    }

    /// Takes the next output; waits for it until `deadline`. More that is there
    /// is left in `fetched`.
    pub(crate) fn pull(&self, fetched: &mut VecDeque<T>, deadline: Option<Instant>) -> Pulled<T> {
        Worker::with_current(|worker| self.pull_as(worker, fetched, deadline))
    }

    fn pull_as(
        &self,
        worker: Option<&Worker>,
        fetched: &mut VecDeque<T>,
        deadline: Option<Instant>,
    ) -> Pulled<T> {
        if worker.is_none() {
            self.stats.note_outside();
        }
        let mut state = self.lock();
        state.timed_out = state.timed_out.saturating_sub(1);
        let mut patience = Patience::of(&state);
        loop {
            self.settle(&mut state);
            let pulled = self.try_pull(&mut state, worker, fetched, patience);
            if let Some(pulled) = pulled {
                self.release(state);
                return pulled;
            }
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                state.timed_out += 1;
                self.release(state);
                return Pulled::TimedOut;
            }
            let signal = Signal::current();
            signal.arm();
            state.pulls += 1;
            state.consumer = Some(Arc::clone(&signal));
            state.patient = patience != Patience::None;
            state.urgent = patience == Patience::None;
            let next = patience.less(&state);
            self.release(state);
            let wait = || match patience {
                Patience::Lingers => signal.linger(),
                Patience::Naps => {
                    let end = Instant::now() + NAP;
                    let end = deadline.map_or(end, |deadline| deadline.min(end));
                    sleep(worker, Wait::Input, &signal, Some(end));
                }
                Patience::None => sleep(worker, Wait::Input, &signal, deadline),
            };
            match worker {
                Some(_) => wait(),
                None => self.stats.wait_outside(wait),
            }
            patience = next;
            state = self.lock();
            state.consumer = None;
            state.urgent = false;
            state.pulls -= 1;
        }
    }

    /// Takes what there is, or tells why there will be nothing.
    fn try_pull(
        &self,
        state: &mut HandOver<T>,
        worker: Option<&Worker>,
        fetched: &mut VecDeque<T>,
        patience: Patience,
    ) -> Option<Pulled<T>> {
        if worker.is_some_and(Worker::is_cancelled) {
            return Some(Pulled::Cancelled);
        }
        if self.token.is_cancelled() {
            // There is a handle, so it is the scope that closes, and this end is
            // not the end of the data. The stage that pulls must not take it for
            // one, even if its own turn to be cancelled has not come yet.
            if let Some(worker) = worker {
                worker.token.cancel();
            }
            return Some(Pulled::Cancelled);
        }
        state.fetch(fetched);
        let urgent = patience == Patience::None;
        if fetched.is_empty() && (urgent || !state.has_batches()) {
            state.steal(urgent);
            state.fetch(fetched);
        }
        if let Some(item) = fetched.pop_front() {
            state.settle(1);
            return Some(Pulled::Item(item));
        }
        match state.take_end() {
            Some(End::Last(item)) => return Some(Pulled::Item(item)),
            Some(End::Panic(caught)) => return Some(Pulled::Panic(caught)),
            None => {}
        }
        (state.closed || state.workers == 0).then_some(Pulled::End)
    }
}
