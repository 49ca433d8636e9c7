//! The consumers' side of the spool: who gets which segment, and the waits.

use std::mem::{replace, take};
use std::time::Instant;

use crate::panics::Caught;
use crate::signal::Signal;
use crate::spill::backlog::Place;
use crate::spill::error::SpillError;
use crate::spill::segment::Segment;
use crate::spill::spool::{End, Spool, State, unlock};
use crate::stats::Wait;
use crate::sync::lock;
use crate::worker::{Worker, sleep};

/// What a pull got.
pub(crate) enum Taken {
    Segment(Segment),
    /// There is no more.
    End,
    /// The stage that pulls, or the one that spills, was told to stop.
    Cancelled,
    TimedOut,
    Failed(SpillError),
    Panic(Caught),
}

impl State {
    /// Takes what is at hand, or how it ends.
    fn take(&mut self) -> Option<Taken> {
        if let Some(segment) = self.front.pop_front() {
            return Some(Taken::Segment(segment));
        }
        if !self.may_take() || self.backlog.may_read() {
            return None;
        }
        if !self.filling.is_empty() {
            return Some(Taken::Segment(take(&mut self.filling)));
        }
        match replace(&mut self.end, End::Over) {
            End::Failed(error) => Some(Taken::Failed(error)),
            End::Panicked(caught) => Some(Taken::Panic(caught)),
            _ => Some(Taken::End),
        }
    }
}

impl Spool {
    /// Takes the next segment; waits for it until `deadline`. `spent` are the
    /// bytes of the one before, which the caller has decoded.
    pub(crate) fn pull(&self, spent: usize, deadline: Option<Instant>) -> Taken {
        Worker::with_current(|worker| self.pull_as(worker, spent, deadline))
    }

    fn pull_as(&self, worker: Option<&Worker>, spent: usize, deadline: Option<Instant>) -> Taken {
        let mut state = lock(&self.state);
        state.held -= spent;
        loop {
            let taken = if worker.is_some_and(Worker::is_cancelled) {
                Some(Taken::Cancelled)
            } else if matches!(state.end, End::Cut) {
                // The scope closes. The stage that pulls must not take this
                // end for the end of the data, even if its own turn to be
                // cancelled has not come yet.
                if let Some(worker) = worker {
                    worker.token.cancel();
                }
                Some(Taken::Cancelled)
            } else {
                state.take()
            };
            if let Some(taken) = taken {
                unlock(state);
                return taken;
            }
            if let Some(place) = state.backlog.begin_read() {
                unlock(state);
                return self.read_back(&place);
            }
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                unlock(state);
                return Taken::TimedOut;
            }
            let signal = Signal::current();
            signal.arm();
            state.consumers.add(&signal);
            unlock(state);
            sleep(worker, Wait::Input, &signal, deadline);
            state = lock(&self.state);
            state.consumers.remove(&signal);
        }
    }

    /// Reads a segment that this thread alone has begun to read.
    fn read_back(&self, place: &Place) -> Taken {
        match place.read() {
            Ok((segment, length)) => {
                let mut state = lock(&self.state);
                let spent = state.backlog.has_read(length);
                state.held += segment.len();
                state.note_peaks();
                unlock(state);
                drop(spent);
                Taken::Segment(segment)
            }
            Err(error) => {
                let (dir, lost) = {
                    let state = lock(&self.state);
                    (state.dir.clone(), state.backlog.unread())
                };
                self.close();
                Taken::Failed(SpillError::read(dir, lost, error))
            }
        }
    }

    /// Returns what a consumer leaves of a segment of which it has taken
    /// `taken` bytes.
    pub(crate) fn give_back(&self, segment: Segment, taken: usize) {
        let mut state = lock(&self.state);
        state.held -= taken - segment.len();
        if !segment.is_empty() {
            state.front.push_front(segment);
        }
        unlock(state);
    }
}
