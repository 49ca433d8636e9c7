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

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use crossbeam::utils::CachePadded;

use crate::cancel::Token;
use crate::demand::Want;
use crate::error::Stop;
use crate::events;
use crate::handover::{End, HandOver, Input, Order, Rest, Ticket};
use crate::open::Filler;
use crate::panics::{Caught, Payload, Unclaimed, catch};
use crate::signal::Signal;
use crate::stats::{StageStats, Wait};
use crate::sync::{Arc, AtomicBool, AtomicU64, AtomicUsize, Mutex, MutexGuard, Ordering, lock};
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

/// How long a consumer waits for a whole batch before it takes what there is:
/// long enough that it does not wake for each item of a microsecond, and no
/// delay that somebody notices who asked for batches.
const NAP: Duration = Duration::from_micros(200);

/// What a consumer does that finds nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Patience {
    /// It stays awake for a moment, in which more than one output may come.
    Lingers,
    /// It sleeps, but not for long, until a whole batch is there.
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

/// What lies between the workers of a stage and the handle that pulls.
///
/// What is written often lies apart from what is only read with each item.
pub(crate) struct Buffer<T> {
    state: CachePadded<Mutex<HandOver<T>>>,
    /// Pulls that were served without the lock and are not in the state yet.
    pulled: CachePadded<AtomicUsize>,
    /// So many of them let a worker go on that waits.
    hungry: CachePadded<AtomicUsize>,
    /// The first ticket that is behind an end.
    cut: AtomicU64,
    /// A panic came that overtakes what the consumer has fetched.
    alarm: AtomicBool,
    token: Arc<Token>,
    unclaimed: Unclaimed,
    stats: Arc<StageStats>,
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

    fn settle(&self, state: &mut HandOver<T>) {
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

    // ---- The consumer's side ----

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
