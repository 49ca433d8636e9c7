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
