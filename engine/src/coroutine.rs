//! A stage that answers: values go in as well as out (PEP 342).
//!
//! A coroutine is a generator without a buffer and a box with room for one
//! message. The caller posts its message and pulls; the body, which goes on
//! only when somebody pulls, finds the message there. So start, demand, cancel
//! and panics are the generator's. A pair of channels was the alternative: each
//! would have to know both of a cancel and of the end of the other side, which
//! the hand-over already does.
//!
//! The box cannot hold two messages, nor an old one: whoever leaves a pull
//! without a value gives up the handle, and with it the coroutine.

use std::error::Error;
use std::fmt;

use crate::error::Stop;
use crate::handle::Handle;
use crate::interrupt::{CloseError, Interrupt, ResumeError};
use crate::out::Out;
use crate::stage::{One, Stage};
use crate::sync::{Arc, Mutex, lock};

/// What a coroutine answers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CoroutineState<O, R> {
    /// The body has put this value and waits for the next message.
    Yielded(O),
    /// The body has returned this result; the coroutine is finished.
    Complete(R),
}

/// Room for one value on its way to the other thread.
struct Place<T>(Mutex<Option<T>>);

impl<T> Place<T> {
    fn post(&self, value: T) {
        let before = lock(&self.0).replace(value);
        debug_assert!(before.is_none(), "what was posted before was taken");
    }

    fn take(&self) -> Option<T> {
        lock(&self.0).take()
    }
}

/// What caller and body exchange besides the values that the body puts.
struct Exchange<I, R> {
    /// What the next `put` of the body returns; at first what it begins with.
    message: Place<Result<I, Interrupt>>,
    /// How the body ended.
    ending: Place<Result<R, Interrupt>>,
}

impl<I> Place<Result<I, Interrupt>> {
    /// Takes the caller's message, when a pull has let the body go on.
    fn receive(&self) -> Result<I, Interrupt> {
        self.take().expect("the caller posts before it pulls")
    }
}

impl<'scope> Stage<'scope, One> {
    /// Runs `body` in a worker of its own, in conversation with the holder of
    /// the [`Coroutine`].
    ///
    /// The body begins with the first value that is sent. What it
    /// [`put`](Yielder::put)s is the answer, and `put` returns the next value
    /// that is sent. What the body returns ends the conversation: a result, or
    /// an error by `?`.
    ///
    /// A coroutine works strictly on demand, whatever [`buffer`](Stage::buffer)
    /// and [`batch`](Stage::batch) say: it cannot answer what was not sent. In the statistics its items
    /// are the values that it has put, and it is blocked while it waits for a
    /// message.
    ///
    /// ```
    /// use engine::{CoroutineState, Interrupt};
    ///
    /// engine::scope(|s| {
    ///     let mut total = s.stage("total").coroutine(|mut n: u32, caller| {
    ///         let mut sum = 0;
    ///         loop {
    ///             sum += n;
    ///             n = match caller.put(sum) {
    ///                 Ok(n) => n,
    ///                 Err(Interrupt::Closed) => return Ok(sum),
    ///                 Err(error) => return Err(error),
    ///             };
    ///         }
    ///     });
    ///     assert_eq!(total.send(3).unwrap(), CoroutineState::Yielded(3));
    ///     assert_eq!(total.send(4).unwrap(), CoroutineState::Yielded(7));
    ///     assert_eq!(total.close().unwrap(), Some(7));
    /// });
    /// ```
    ///
    /// It has one caller and one worker, so there is no pool of it:
    ///
    /// ```compile_fail
    /// engine::scope(|s| {
    ///     let mut echo = s.stage("echo").jobs(4).coroutine(|n: u32, caller| caller.put(n));
    ///     echo.send(1).unwrap();
    /// });
    /// ```
    pub fn coroutine<I, O, R, F>(self, body: F) -> Coroutine<'scope, I, O, R>
    where
        I: Send + 'scope,
        O: Send + 'scope,
        R: Send + 'scope,
        F: FnOnce(I, &mut Yielder<'_, I, O>) -> Result<R, Interrupt> + Send + 'scope,
    {
        let exchange = Arc::new(Exchange {
            message: Place(Mutex::new(None)),
            ending: Place(Mutex::new(None)),
        });
        let shared = Arc::clone(&exchange);
        let handle = self.buffer(0).batch(1).generate(move |out| {
            let message = &shared.message;
            let first = message.receive();
            let ending = first.and_then(|first| body(first, &mut Yielder { out, message }));
            shared.ending.post(ending);
            Ok(())
        });
        Coroutine {
            exchange,
            handle: Some(handle),
            started: false,
        }
    }
}

/// The body's end of a [`Coroutine`]. It stays on the body's thread; dropping it
/// does nothing.
pub struct Yielder<'a, I, O> {
    // Behind a trait, or the lifetime of what the `Out` borrows would be one
    // more parameter of this type. Not `Send`, since a cancel wakes the worker
    // and no thread that it may have started.
    out: &'a mut (dyn Answer<O> + 'a),
    message: &'a Place<Result<I, Interrupt>>,
}

trait Answer<O> {
    fn put(&mut self, item: O) -> Result<(), Stop>;
    fn cancelled(&self) -> bool;
}

impl<O> Answer<O> for Out<'_, O> {
    fn put(&mut self, item: O) -> Result<(), Stop> {
        Out::put(self, item)
    }

    fn cancelled(&self) -> bool {
        Out::cancelled(self)
    }
}

impl<I, O> Yielder<'_, I, O> {
    /// Hands `value` to the caller, and returns what the caller sends next.
    ///
    /// # Errors
    ///
    /// [`Interrupt::Thrown`] when the caller throws; the body may handle that
    /// and go on. [`Interrupt::Closed`] when the caller closes or drops the
    /// coroutine or the scope is closing; the body is expected to return, and
    /// may return a result. If it puts all the same, that gives
    /// [`Interrupt::Closed`] again.
    pub fn put(&mut self, value: O) -> Result<I, Interrupt> {
        match self.out.put(value) {
            Ok(()) => self.message.receive(),
            Err(Stop(())) => Err(Interrupt::Closed),
        }
    }

    /// Tells whether nobody waits for an answer any more: the caller has
    /// dropped the coroutine or was cancelled, or the scope is closing.
    pub fn cancelled(&self) -> bool {
        self.out.cancelled()
    }
}

impl<I, O> fmt::Debug for Yielder<'_, I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Yielder")
            .field("cancelled", &self.cancelled())
            .finish_non_exhaustive()
    }
}

/// A stage that one sends values to and gets answers from, made by
/// [`Stage::coroutine`].
///
/// The first [`send`](Coroutine::send) starts its worker. While a call waits,
/// the body works; between the calls the body waits in its
/// [`put`](Yielder::put).
///
/// Dropping a coroutine cancels it without waiting: a `put` in which the body
/// waits gives [`Interrupt::Closed`], and what the body returns is dropped. One
/// that was never started is dropped with its body.
///
/// # Panics
///
/// The call during which the body panics rethrows that, once, with its own
/// payload; after that the coroutine is finished. A panic of the body after the
/// coroutine was dropped is rethrown by the scope.
#[must_use = "a coroutine does nothing until something is sent"]
pub struct Coroutine<'scope, I, O, R> {
    exchange: Arc<Exchange<I, R>>,
    /// `None` once the coroutine is finished.
    handle: Option<Handle<'scope, O>>,
    started: bool,
}

impl<I, O, R> Coroutine<'_, I, O, R> {
    /// Sends `value` to the body and waits for its answer. The first value
    /// starts the body, each other is what its `put` returns.
    ///
    /// # Errors
    ///
    /// [`ResumeError`] when the body fails, when the coroutine was finished
    /// before, and when the caller is cancelled while it waits. After each of
    /// them the coroutine is finished.
    ///
    /// # Panics
    ///
    /// Rethrows a panic of the body. Panics when the first value is sent and no
    /// thread can be spawned.
    pub fn send(&mut self, value: I) -> Result<CoroutineState<O, R>, ResumeError> {
        self.resume(Ok(value))
    }

    /// Throws `error` into the body, where it comes out of the `put` in which
    /// the body waits. The body may handle it and answer as if it had been sent
    /// a value.
    ///
    /// Before the start there is nobody to handle it: the body is dropped
    /// without having run, and the error comes back.
    ///
    /// ```
    /// use engine::{Interrupt, ResumeError, Yielder};
    ///
    /// fn echo(mut text: String, caller: &mut Yielder<'_, String, String>) -> Result<(), Interrupt> {
    ///     loop {
    ///         text = caller.put(text)?;
    ///     }
    /// }
    ///
    /// engine::scope(|s| {
    ///     let mut echo = s.stage("echo").coroutine(echo);
    ///     echo.send("hello".to_owned()).unwrap();
    ///     let thrown = echo.throw("no more").unwrap_err();
    ///     assert!(matches!(thrown, ResumeError::Thrown(error) if error.to_string() == "no more"));
    ///     assert!(matches!(echo.send(String::new()), Err(ResumeError::Finished)));
    /// });
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`send`](Coroutine::send). An error that the body lets out with
    /// `?` comes back as it is, in [`ResumeError::Thrown`].
    ///
    /// # Panics
    ///
    /// Rethrows a panic of the body.
    pub fn throw(
        &mut self,
        error: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Result<CoroutineState<O, R>, ResumeError> {
        self.resume(Err(Interrupt::Thrown(error.into())))
    }

    /// Tells the body to end, and waits until it does. Its `put` gives
    /// [`Interrupt::Closed`]. Returns the body's result, or `None` if it let
    /// that out, never ran, or had ended before.
    ///
    /// # Errors
    ///
    /// [`CloseError::Ignored`] as soon as the body puts another value;
    /// [`CloseError::Thrown`] when it fails; [`CloseError::Cancelled`] when the
    /// caller is cancelled while it waits. The coroutine is cancelled then, as
    /// by a drop.
    ///
    /// # Panics
    ///
    /// Rethrows a panic of the body.
    pub fn close(mut self) -> Result<Option<R>, CloseError> {
        match self.resume(Err(Interrupt::Closed)) {
            Ok(CoroutineState::Complete(result)) => Ok(Some(result)),
            Ok(CoroutineState::Yielded(_)) => Err(CloseError::Ignored),
            Err(ResumeError::Finished) => Ok(None),
            Err(ResumeError::Thrown(error)) => Err(CloseError::Thrown(error)),
            Err(ResumeError::Cancelled) => Err(CloseError::Cancelled),
        }
    }

    fn resume(
        &mut self,
        message: Result<I, Interrupt>,
    ) -> Result<CoroutineState<O, R>, ResumeError> {
        // Put back only with a value: else, and if the pull panics, the
        // coroutine is finished.
        let mut handle = self.handle.take().ok_or(ResumeError::Finished)?;
        match message {
            Err(interrupt) if !self.started => return Err(interrupt.into()),
            message => self.exchange.message.post(message),
        }
        self.started = true;
        if let Some(value) = handle.next() {
            self.handle = Some(handle);
            return Ok(CoroutineState::Yielded(value));
        }
        match self.exchange.ending.take() {
            Some(ending) if !handle.cancelled() => Ok(CoroutineState::Complete(ending?)),
            _ => Err(ResumeError::Cancelled),
        }
    }
}

impl<I, O, R> fmt::Debug for Coroutine<'_, I, O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Coroutine")
            .field("started", &self.started)
            .field("finished", &self.handle.is_none())
            .field("handle", &self.handle)
            .finish_non_exhaustive()
    }
}
