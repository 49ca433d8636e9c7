//! What comes of a pull through an adaptor: an item, or why there is none.
//!
//! A handle says it by `None`, a flag and an error; inside an adaptor it is one
//! value, so that no case is forgotten on the way.

use std::time::{Duration, Instant};

use crate::error::TimedOut;
use crate::handle::Handle;

/// When a pull that begins now is to give up. A time that the clock cannot tell
/// is no limit.
pub(crate) fn deadline(limit: Duration) -> Option<Instant> {
    Instant::now().checked_add(limit)
}

/// Why a pull got nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Halt {
    End,
    /// The stage that pulls was told to stop.
    Cancelled,
    TimedOut,
}

/// Makes of a pull what the consumer sees, and notes whether it was cancelled.
pub(crate) fn outcome<R>(
    pulled: Result<R, Halt>,
    cancelled: &mut bool,
) -> Result<Option<R>, TimedOut> {
    match pulled {
        Ok(item) => Ok(Some(item)),
        Err(Halt::TimedOut) => Err(TimedOut(())),
        Err(halt) => {
            *cancelled = halt == Halt::Cancelled;
            Ok(None)
        }
    }
}

/// The same for a pull that has no deadline.
pub(crate) fn in_time<R>(pulled: Result<R, Halt>, cancelled: &mut bool) -> Option<R> {
    outcome(pulled, cancelled).expect("a pull without a deadline does not time out")
}

/// Pulls a handle until `deadline`.
pub(crate) fn fetch<T>(handle: &mut Handle<'_, T>, deadline: Option<Instant>) -> Result<T, Halt> {
    let pulled = match deadline {
        None => handle.next(),
        Some(deadline) => handle
            .pull_timeout(deadline.saturating_duration_since(Instant::now()))
            .map_err(|TimedOut(())| Halt::TimedOut)?,
    };
    pulled.ok_or_else(|| {
        if handle.cancelled() {
            Halt::Cancelled
        } else {
            Halt::End
        }
    })
}
