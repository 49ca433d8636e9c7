//! Every synchronisation primitive that the engine uses, named in one place.
//!
//! A model checker replaces primitives by its own, which it can run in any
//! order; with `--cfg shuttle` these here are shuttle's (DESIGN.md, "Model
//! checking"). The hand-over stands on a mutex, atomics and thread parking only,
//! because checkers cannot look inside a foreign channel.

#[cfg(not(shuttle))]
mod real {
    use std::io;

    use crossbeam::utils::Backoff;

    pub(crate) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
    pub(crate) use std::sync::{Arc, Mutex, MutexGuard};
    pub(crate) use std::thread::{Scope, Thread, current, park, park_timeout, scope};
    pub(crate) use std::thread_local;

    /// Starts a thread that `scope` waits for.
    pub(crate) fn spawn<'scope>(
        scope: &'scope Scope<'scope, '_>,
        name: String,
        body: impl FnOnce() + Send + 'scope,
    ) -> io::Result<()> {
        let builder = std::thread::Builder::new().name(name);
        builder.spawn_scoped(scope, body).map(drop)
    }

    /// Looks for something a number of times, at once each time; true if it
    /// came.
    pub(crate) fn spin(times: u32, came: impl Fn() -> bool) -> bool {
        (0..times).any(|_| {
            let came = came();
            std::hint::spin_loop();
            came
        })
    }

    /// Looks for something for some microseconds, ever more seldom, and lets
    /// other threads run; true if it came.
    pub(crate) fn snooze(came: impl Fn() -> bool) -> bool {
        let backoff = Backoff::new();
        while !backoff.is_completed() {
            if came() {
                return true;
            }
            backoff.snooze();
        }
        came()
    }
}

#[cfg(shuttle)]
mod real {
    use std::io;
    use std::time::Duration;

    pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
    pub(crate) use shuttle::sync::{Arc, Mutex, MutexGuard};
    pub(crate) use shuttle::thread::{Scope, Thread, current, park, scope};
    pub(crate) use shuttle::thread_local;

    /// A model knows no time: it may be over at once, or as late as it likes.
    pub(crate) fn park_timeout(_: Duration) {
        shuttle::thread::yield_now();
    }

    pub(crate) fn spawn<'scope>(
        scope: &'scope Scope<'scope, '_>,
        _: String,
        body: impl FnOnce() + Send + 'scope,
    ) -> io::Result<()> {
        scope.spawn(body);
        Ok(())
    }

    pub(crate) fn spin(_: u32, came: impl Fn() -> bool) -> bool {
        shuttle::thread::yield_now();
        came()
    }

    pub(crate) fn snooze(came: impl Fn() -> bool) -> bool {
        came()
    }
}

pub(crate) use real::*;

/// A counter of the statistics. No thread waits for it or decides by it, so a
/// model checker need not know it.
pub(crate) type Counter = std::sync::atomic::AtomicU64;

/// As [`Counter`], for what is either so or not.
pub(crate) type Mark = std::sync::atomic::AtomicBool;

/// Locks `mutex` whether or not a thread panicked while it held the lock.
///
/// No user code runs under an engine lock, so a poisoned lock protects state
/// that is whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A cell whose pointer is lent to a closure, as model checkers want it.
#[derive(Debug)]
pub(crate) struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

impl<T> UnsafeCell<T> {
    pub(crate) fn new(value: T) -> UnsafeCell<T> {
        UnsafeCell(std::cell::UnsafeCell::new(value))
    }

    pub(crate) fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
        f(self.0.get())
    }

    pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        f(self.0.get())
    }
}
