//! Where a thread sleeps until another thread has news for it.
//!
//! Each thread has one signal and puts it on the list of whatever it waits for.
//! A condition variable per stage was the alternative; it wakes the wrong
//! threads, and a cancel, which must reach a thread wherever it waits, would
//! have to know every condition variable of the pipeline.

use std::cell::OnceCell;
use std::time::Instant;

use crate::sync::{
    Arc, AtomicBool, Ordering, Thread, current, park, park_timeout, snooze, spin, thread_local,
};

/// How often a thread looks for news before it prepares to sleep: some
/// microseconds, about what it costs to wake a thread that sleeps. With 100 a
/// generator with a buffer of 16 sleeps most of the time and takes 500 ns an
/// item instead of 80; with 1000 a chain of more stages than cores takes twice
/// as long, since who lingers keeps the others from working.
const LINGER: u32 = 250;

/// The sleeping place of one thread.
#[derive(Debug)]
pub(crate) struct Signal {
    notified: AtomicBool,
    thread: Thread,
}

thread_local! {
    static SIGNAL: OnceCell<Arc<Signal>> = const { OnceCell::new() };
}

impl Signal {
    /// Returns the signal of the calling thread.
    pub(crate) fn current() -> Arc<Signal> {
        SIGNAL.with(|cell| {
            Arc::clone(cell.get_or_init(|| {
                Arc::new(Signal {
                    notified: AtomicBool::new(false),
                    thread: current(),
                })
            }))
        })
    }

    /// Forgets earlier news. What is waited for must be checked after this.
    ///
    /// Sequentially consistent together with [`Signal::notify`] and the cancel
    /// flag: the waiter arms and then reads the flag, the canceller sets the
    /// flag and then notifies. With anything weaker both could read the old
    /// value, and the waiter would sleep through the cancel.
    pub(crate) fn arm(&self) {
        self.notified.store(false, Ordering::SeqCst);
    }

    /// Wakes the thread, or keeps it from falling asleep.
    pub(crate) fn notify(&self) {
        if !self.notified.swap(true, Ordering::SeqCst) {
            self.thread.unpark();
        }
    }

    /// Waits until notified, but only for a microsecond or two, and awake.
    pub(crate) fn linger(&self) {
        spin(LINGER, || self.is_notified());
    }

    /// Waits until notified or until `deadline`; spins for a few microseconds
    /// before it parks. Whoever returns must look again at what it waited for.
    pub(crate) fn wait(&self, deadline: Option<Instant>) {
        if snooze(|| self.is_notified()) {
            return;
        }
        while !self.is_notified() {
            match deadline {
                None => park(),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    park_timeout(left);
                    if deadline <= Instant::now() || cfg!(shuttle) {
                        return;
                    }
                }
            }
        }
    }

    fn is_notified(&self) -> bool {
        self.notified.load(Ordering::SeqCst)
    }
}
