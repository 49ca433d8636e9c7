//! One source for several consumers, who drive it themselves.
//!
//! Whoever pulls and finds nothing queued takes the source out of its slot,
//! pulls it, deals out what came, and puts it back; so no lock is held while it
//! or any other user code runs. Who finds the source taken waits until it is
//! back or until something is dealt to him. A thread of its own that deals was
//! the alternative: it would read without demand, and each item would be handed
//! over twice.
//!
//! Every change of the state names who can go on now. A consumer who was woken
//! and leaves for another reason (a cancel, a timeout, an item that was dealt to
//! him) passes it on if the source is there, so no wake-up is lost.

use std::fmt;
use std::panic::resume_unwind;
use std::time::Instant;

use crate::halt::Halt;
use crate::panics::catch;
use crate::signal::Signal;
use crate::stats::Wait;
use crate::sync::{Arc, Mutex, lock};
use crate::worker::{Worker, sleep};

/// What is pulled by one consumer at a time.
pub(crate) trait Feed: Sized {
    /// What is queued for the consumers.
    type Queues;
    /// What a pull has brought, on its way to the queues.
    type Parcel;

    /// Pulls for `consumer`. Runs without a lock, and so may run user code.
    fn fetch(
        &mut self,
        fan: &Fan<Self, Self::Queues>,
        consumer: usize,
        deadline: Option<Instant>,
    ) -> Result<Self::Parcel, Halt>;

    /// Puts what was fetched where it belongs, and tells who got something.
    /// Must not run user code: what nobody wants stays in the parcel, to be
    /// dropped unlocked.
    fn deal(queues: &mut Self::Queues, parcel: &mut Self::Parcel) -> Dealt;
}

/// Who got something.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Dealt {
    /// Whoever pulled, or nobody.
    Here,
    To(usize),
    ToAll,
}

/// A source and what is queued for its consumers.
pub(crate) struct Fan<S, Q> {
    state: Mutex<State<S, Q>>,
}

struct State<S, Q> {
    /// `None` while a consumer pulls, and after the end.
    source: Option<S>,
    /// Set by whoever has the source.
    ended: bool,
    /// Consumers that wait, with their numbers; the last to come is the first
    /// to be woken, since its caches are the warmest.
    waiting: Vec<(usize, Arc<Signal>)>,
    queues: Q,
}

/// What a consumer may do.
enum Turn<S, R> {
    Pull(S),
    Return(Result<R, Halt>),
}

impl<S, Q> State<S, Q> {
    /// Who is to take the source, if it is there.
    fn next(&mut self) -> Option<Arc<Signal>> {
        self.source.as_ref()?;
        self.waiting.pop().map(|(_, signal)| signal)
    }

    /// Who waits for what was dealt.
    fn called(&mut self, dealt: Dealt) -> Vec<(usize, Arc<Signal>)> {
        let called = |consumer| match dealt {
            Dealt::Here => false,
            Dealt::To(one) => consumer == one,
            Dealt::ToAll => true,
        };
        let waiting = self
            .waiting
            .extract_if(.., |(consumer, _)| called(*consumer));
        waiting.collect()
    }

    /// Decides what the consumer may do; `None` if it has to wait. One that
    /// comes `again` has pulled for others and is late when its time is over,
    /// even though the source has more.
    fn turn<R>(
        &mut self,
        worker: Option<&Worker>,
        again: bool,
        deadline: Option<Instant>,
        look: impl Fn(&mut Q) -> Option<R>,
    ) -> Option<Turn<S, R>> {
        if worker.is_some_and(Worker::is_cancelled) {
            return Some(Turn::Return(Err(Halt::Cancelled)));
        }
        if let Some(found) = look(&mut self.queues) {
            return Some(Turn::Return(Ok(found)));
        }
        if self.ended {
            return Some(Turn::Return(Err(Halt::End)));
        }
        let late = || deadline.is_some_and(|deadline| deadline <= Instant::now());
        if (again || self.source.is_none()) && late() {
            return Some(Turn::Return(Err(Halt::TimedOut)));
        }
        self.source.take().map(Turn::Pull)
    }
}

impl<S, Q> Fan<S, Q> {
    pub(crate) fn new(source: S, queues: Q) -> Fan<S, Q> {
        Fan {
            state: Mutex::new(State {
                source: Some(source),
                ended: false,
                waiting: Vec::new(),
                queues,
            }),
        }
    }

    /// Calls `f` with the queues. `f` must not run user code.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut Q) -> R) -> R {
        f(&mut lock(&self.state).queues)
    }

    /// Calls `f` with the source, unless a consumer has it or it has ended.
    pub(crate) fn visit(&self, f: impl FnOnce(&mut S)) {
        let Some(mut source) = lock(&self.state).source.take() else {
            return;
        };
        match catch(|| f(&mut source)) {
            Ok(()) => self.put_back(source),
            Err(payload) => {
                self.end_by_panic(source);
                resume_unwind(payload)
            }
        }
    }

    fn turn<R>(
        &self,
        consumer: usize,
        held: Option<S>,
        deadline: Option<Instant>,
        look: impl Fn(&mut Q) -> Option<R>,
    ) -> Turn<S, R> {
        Worker::with_current(|worker| {
            let mut state = lock(&self.state);
            let again = held.is_some();
            if again {
                // Nobody is woken for it: most likely it is taken again.
                state.source = held;
            }
            loop {
                if let Some(turn) = state.turn(worker, again, deadline, &look) {
                    let next = state.next();
                    drop(state);
                    next.inspect(|signal| signal.notify());
                    return turn;
                }
                let signal = Signal::current();
                signal.arm();
                state.waiting.push((consumer, Arc::clone(&signal)));
                drop(state);
                sleep(worker, Wait::Input, &signal, deadline);
                state = lock(&self.state);
                state
                    .waiting
                    .retain(|(_, other)| !Arc::ptr_eq(other, &signal));
            }
        })
    }

    fn put_back(&self, source: S) {
        let mut state = lock(&self.state);
        state.source = Some(source);
        let next = state.next();
        drop(state);
        next.inspect(|signal| signal.notify());
    }

    /// Ends the fan; what is queued can still be taken. Called by whoever has
    /// the source.
    fn end(&self) {
        let mut state = lock(&self.state);
        state.ended = true;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for (_, signal) in waiting {
            signal.notify();
        }
    }

    /// Ends the fan before a panic is rethrown: an item is lost with it, and
    /// the others must not go on as if nothing were missing.
    fn end_by_panic(&self, source: S) {
        self.end();
        // The first panic stands for one of the drop.
        drop(catch(|| drop(source)));
    }
}

impl<S: Feed> Fan<S, S::Queues> {
    /// Pulls what `look` finds for `consumer`.
    ///
    /// Only when it finds nothing is the source read: a consumer for whose next
    /// item there is no room finds an error. `look` must not run user code.
    pub(crate) fn pull<R>(
        &self,
        consumer: usize,
        deadline: Option<Instant>,
        look: impl Fn(&mut S::Queues) -> Option<R>,
    ) -> Result<R, Halt> {
        let mut held = None;
        loop {
            let mut source = match self.turn(consumer, held, deadline, &look) {
                Turn::Pull(source) => source,
                Turn::Return(result) => return result,
            };
            match catch(|| self.round(&mut source, consumer, deadline, &look)) {
                // It was for somebody else.
                Ok(Ok(None)) => held = Some(source),
                Ok(Ok(Some(found))) => {
                    self.put_back(source);
                    return Ok(found);
                }
                Ok(Err(Halt::End)) => {
                    self.end();
                    drop(source);
                    return Err(Halt::End);
                }
                Ok(Err(halt)) => {
                    self.put_back(source);
                    return Err(halt);
                }
                Err(payload) => {
                    self.end_by_panic(source);
                    resume_unwind(payload)
                }
            }
        }
    }

    /// Pulls the source once and deals out what came. `None` if that was
    /// nothing for `consumer`.
    fn round<R>(
        &self,
        source: &mut S,
        consumer: usize,
        deadline: Option<Instant>,
        look: impl Fn(&mut S::Queues) -> Option<R>,
    ) -> Result<Option<R>, Halt> {
        let mut parcel = source.fetch(self, consumer, deadline)?;
        let mut state = lock(&self.state);
        let dealt = S::deal(&mut state.queues, &mut parcel);
        let called = state.called(dealt);
        // Under the same lock, before anybody else can see what was dealt.
        let found = look(&mut state.queues);
        drop(state);
        for (_, signal) in called {
            signal.notify();
        }
        drop(parcel);
        Ok(found)
    }
}

impl<S, Q> fmt::Debug for Fan<S, Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = lock(&self.state);
        let (ended, there) = (state.ended, state.source.is_some());
        let waiting = state.waiting.len();
        // The formatter may be user code.
        drop(state);
        f.debug_struct("Fan")
            .field("ended", &ended)
            .field("pulling", &(!ended && !there))
            .field("waiting", &waiting)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;
    use crate::cancel::Token;
    use crate::report::Report;

    /// A source that has ended.
    struct Empty;

    impl Feed for Empty {
        type Queues = Option<u8>;
        type Parcel = ();

        fn fetch(
            &mut self,
            _: &Fan<Self, Option<u8>>,
            _: usize,
            _: Option<Instant>,
        ) -> Result<(), Halt> {
            Err(Halt::End)
        }

        fn deal(_: &mut Option<u8>, (): &mut ()) -> Dealt {
            Dealt::Here
        }
    }

    /// Promise 9: a consumer that is cancelled after it was woken for the source
    /// passes the wake-up on.
    #[test]
    fn a_wake_up_is_passed_on() {
        let fan = Fan::new(Empty, None);
        let source = lock(&fan.state).source.take();
        let token = Arc::new(Token::default());
        let worker = Worker {
            token: Arc::clone(&token),
            stats: Report::new().stage("cancelled").worker(),
        };
        let waiting = |wanted| {
            while lock(&fan.state).waiting.len() < wanted {
                thread::yield_now();
            }
        };
        let begin = Instant::now();
        let patience = Duration::from_secs(30);
        thread::scope(|threads| {
            let pull = || fan.pull(0, Some(begin + patience), Option::take);
            let heir = threads.spawn(pull);
            waiting(1);
            let cancelled = threads.spawn(move || worker.run(|_| pull()));
            waiting(2);
            // Both before the woken one can look.
            let mut state = lock(&fan.state);
            state.source = source;
            let woken = state.next().expect("two wait");
            token.cancel();
            woken.notify();
            drop(state);
            assert_eq!(cancelled.join().unwrap(), Err(Halt::Cancelled));
            assert_eq!(heir.join().unwrap(), Err(Halt::End));
        });
        assert!(begin.elapsed() < patience, "the heir was not woken");
    }
}
