//! What passes between a coroutine and its caller besides values.
//!
//! An [`Interrupt`] is no `std::error::Error`, so that every error can become
//! one: a body may use `?` on whatever fails in it, and the caller gets that
//! error, as an exception passes through a generator of Python. Were it an
//! error itself, that conversion would overlap with the one of a type into
//! itself.

use std::error::Error;
use std::fmt;

type BoxError = Box<dyn Error + Send + Sync>;

/// Why [`Yielder::put`](crate::Yielder::put) gives no value; also how a body
/// ends without one.
///
/// Every error converts into it with `?`. An error that another coroutine has
/// let out is passed on as it was, without a wrapping of [`ResumeError`] or
/// [`CloseError`]; that the body itself was cancelled while it waited for the
/// other becomes [`Interrupt::Closed`].
#[derive(Debug)]
pub enum Interrupt {
    /// The caller has thrown this error into the body, or the body throws it at
    /// the caller.
    Thrown(Box<dyn Error + Send + Sync>),
    /// The caller has closed the coroutine or dropped it, or its scope is
    /// closing: the body is expected to return.
    Closed,
}

impl<E: Error + Send + Sync + 'static> From<E> for Interrupt {
    fn from(error: E) -> Interrupt {
        let error = match BoxError::from(error).downcast::<ResumeError>() {
            Ok(error) => return error.into_interrupt(),
            Err(error) => error,
        };
        match error.downcast::<CloseError>() {
            Ok(error) => error.into_interrupt(),
            Err(error) => Interrupt::Thrown(error),
        }
    }
}

impl fmt::Display for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Interrupt::Thrown(error) => error.fmt(f),
            Interrupt::Closed => f.write_str("the coroutine was closed"),
        }
    }
}

/// Why a coroutine gave neither a value nor its result to
/// [`send`](crate::Coroutine::send) or [`throw`](crate::Coroutine::throw).
///
/// After each of them the coroutine is finished.
#[derive(Debug)]
pub enum ResumeError {
    /// The body let this error out: the one that was thrown into it, or one of
    /// its own.
    Thrown(Box<dyn Error + Send + Sync>),
    /// The coroutine was finished before, and what was sent or thrown is
    /// dropped; or its body has just ended with [`Interrupt::Closed`], though
    /// nobody had closed it.
    Finished,
    /// The stage whose body calls was cancelled, or the scope is closing.
    Cancelled,
}

impl ResumeError {
    /// What a body that gets this from another coroutine lets out.
    fn into_interrupt(self) -> Interrupt {
        match self {
            ResumeError::Thrown(error) => Interrupt::Thrown(error),
            ResumeError::Finished => Interrupt::Thrown(Box::new(self)),
            ResumeError::Cancelled => Interrupt::Closed,
        }
    }
}

impl From<Interrupt> for ResumeError {
    fn from(interrupt: Interrupt) -> ResumeError {
        match interrupt {
            Interrupt::Thrown(error) => ResumeError::Thrown(error),
            Interrupt::Closed => ResumeError::Finished,
        }
    }
}

impl fmt::Display for ResumeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ResumeError::Thrown(_) => "the coroutine failed",
            ResumeError::Finished => "the coroutine is finished",
            ResumeError::Cancelled => "the caller of the coroutine was cancelled",
        })
    }
}

impl Error for ResumeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            ResumeError::Thrown(error) => Some(&**error),
            ResumeError::Finished | ResumeError::Cancelled => None,
        }
    }
}

/// Why [`Coroutine::close`](crate::Coroutine::close) failed.
#[derive(Debug)]
pub enum CloseError {
    /// The body let this error out while it was closed.
    Thrown(Box<dyn Error + Send + Sync>),
    /// The body went on and put one more value, which is dropped.
    Ignored,
    /// The stage whose body calls was cancelled, or the scope is closing.
    Cancelled,
}

impl CloseError {
    /// What a body that gets this from another coroutine lets out.
    fn into_interrupt(self) -> Interrupt {
        match self {
            CloseError::Thrown(error) => Interrupt::Thrown(error),
            CloseError::Ignored => Interrupt::Thrown(Box::new(self)),
            CloseError::Cancelled => Interrupt::Closed,
        }
    }
}

impl fmt::Display for CloseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CloseError::Thrown(_) => "the coroutine failed while it was closed",
            CloseError::Ignored => "the coroutine ignored that it was closed",
            CloseError::Cancelled => "the caller of the coroutine was cancelled",
        })
    }
}

impl Error for CloseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            CloseError::Thrown(error) => Some(&**error),
            CloseError::Ignored | CloseError::Cancelled => None,
        }
    }
}
