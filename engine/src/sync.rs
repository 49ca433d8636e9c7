//! Every synchronisation primitive that the engine uses, named in one place.
//!
//! A model checker replaces primitives by its own; keeping the list here means
//! that it has one file to replace. The hand-over kernel stands on a mutex,
//! atomics and thread parking only, because checkers cannot look inside a
//! foreign channel.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
pub(crate) use std::sync::{Arc, Mutex, MutexGuard};
pub(crate) use std::thread::{Thread, current, park, park_timeout};

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
