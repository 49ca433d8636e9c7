//! The queue between the one who encodes and those who decode: a front in
//! memory, a backlog on disk, and the segment that is being filled.
//!
//! A segment that is not full is taken like any other by a consumer that finds
//! nothing before it, so no value waits for others to fill its segment. To let
//! the writer hand it over when somebody waits was the alternative; a writer
//! that waits for its own input cannot.
//!
//! Files are read and written without the lock, and so is nothing else: what
//! runs under it is this module and the copying of small values.

use std::collections::VecDeque;
use std::io;
use std::mem::{replace, take};
use std::path::{Path, PathBuf};

use super::waiters::Waiters;
use crate::panics::Caught;
use crate::spill::Usage;
use crate::spill::backlog::Backlog;
use crate::spill::error::SpillError;
use crate::spill::segment::Segment;
use crate::spill::store::Store;
use crate::sync::{Arc, AtomicBool, Mutex, MutexGuard, Ordering, lock};

/// The length of a segment: where a write costs little more than copying, and
/// dealing out segments among workers still spreads the work.
const SEGMENT: usize = 64 << 10;

/// How many segments the limit is divided into at least. One is being filled,
/// one encoded and some are being decoded while the others wait.
pub(super) const SHARES: usize = 8;

/// Makes a file in a directory.
pub(crate) type Open = Box<dyn Fn(&Path) -> io::Result<Arc<dyn Store>> + Send + Sync>;

/// How the values end, after all that wait.
pub(crate) enum End {
    /// There may be more.
    Open,
    /// There is no more, or somebody got the error or the panic that was last.
    Over,
    Failed(SpillError),
    Panicked(Caught),
    /// The stage was cancelled: what came is not all. Nothing more is handed
    /// out.
    Cut,
}

pub(super) struct State {
    pub(super) dir: PathBuf,
    /// Before all that is on disk.
    pub(super) front: VecDeque<Segment>,
    pub(super) backlog: Backlog,
    /// Behind all that is on disk.
    pub(super) filling: Segment,
    /// Bytes of segments that wait, are being written, or are being decoded.
    pub(super) held: usize,
    /// The bytes of the value that is being added.
    pub(super) adding: usize,
    pub(super) peak_memory: usize,
    pub(super) peak_disk: u64,
    pub(super) end: End,
    pub(super) consumers: Waiters,
}

/// Encoded values on their way.
pub(crate) struct Spool {
    pub(super) state: Mutex<State>,
    pub(super) limit: usize,
    pub(super) segment: usize,
    pub(super) open: Open,
    /// Whether the end is open, to be seen without the lock.
    wanted: AtomicBool,
}

impl State {
    pub(super) fn may_take(&self) -> bool {
        !self.front.is_empty()
            || self.backlog.may_read()
            || (self.backlog.is_over()
                && !(self.filling.is_empty() && matches!(self.end, End::Open)))
    }

    pub(super) fn note_peaks(&mut self) {
        self.peak_memory = self.peak_memory.max(self.held + self.adding);
        self.peak_disk = self.peak_disk.max(self.backlog.unread());
    }
}

/// Unlocks, and wakes a consumer if there is something for it. Whoever takes
/// something wakes the next in the same way.
pub(super) fn unlock(mut state: MutexGuard<'_, State>) {
    let consumer = if state.may_take() {
        state.consumers.pop()
    } else {
        None
    };
    drop(state);
    if let Some(signal) = consumer {
        signal.notify();
    }
}

impl Spool {
    pub(crate) fn new(limit: usize, dir: PathBuf, open: Open) -> Spool {
        Spool {
            state: Mutex::new(State {
                dir,
                front: VecDeque::new(),
                backlog: Backlog::default(),
                filling: Segment::default(),
                held: 0,
                adding: 0,
                peak_memory: 0,
                peak_disk: 0,
                end: End::Open,
                consumers: Waiters::default(),
            }),
            limit,
            segment: SEGMENT.min(limit / SHARES),
            open,
            wanted: AtomicBool::new(true),
        }
    }

    /// Makes later files in `dir`.
    pub(crate) fn set_dir(&self, dir: PathBuf) {
        let before = replace(&mut lock(&self.state).dir, dir);
        drop(before);
    }

    pub(crate) fn usage(&self) -> Usage {
        let state = lock(&self.state);
        Usage {
            memory: state.held + state.adding,
            peak_memory: state.peak_memory,
            disk: state.backlog.unread(),
            peak_disk: state.peak_disk,
        }
    }

    /// Tells whether another value is wanted.
    pub(crate) fn is_wanted(&self) -> bool {
        self.wanted.load(Ordering::Acquire)
    }

    /// Sets the end, unless there is one already.
    pub(crate) fn end(&self, end: End) {
        let mut state = lock(&self.state);
        if matches!(state.end, End::Open) {
            let _open = self.set_end(&mut state, end);
        }
    }

    /// Returns the end that it had, to be dropped unlocked.
    pub(super) fn set_end(&self, state: &mut State, end: End) -> End {
        self.wanted.store(false, Ordering::Release);
        state.consumers.notify_all();
        replace(&mut state.end, end)
    }

    /// Drops all that waits. Nothing more will be taken.
    pub(crate) fn close(&self) {
        let mut state = lock(&self.state);
        let waiting = state.front.iter().map(Segment::len).sum::<usize>() + state.filling.len();
        state.held -= waiting;
        let front = take(&mut state.front);
        let filling = take(&mut state.filling);
        let backlog = take(&mut state.backlog);
        let end = self.set_end(&mut state, End::Over);
        drop(state);
        drop((front, filling, backlog, end));
    }
}
