//! The consumer's end: one segment in hand, and what starts and stops the
//! stage.

use std::fmt;
use std::mem::{replace, take};
use std::panic::resume_unwind;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;

use crate::error::TimedOut;
use crate::halt::deadline;
use crate::handle::Handle;
use crate::spill::error::SpillError;
use crate::spill::feed::State;
use crate::spill::pull::Taken;
use crate::spill::segment::Segment;
use crate::spill::spool::Spool;
use crate::sync::{Arc, Mutex, lock};
use crate::worker::Worker;

/// The handle of the stage that feeds the spool. It yields nothing that anybody
/// wants; it starts the stage, and its drop cancels it.
enum Control<'scope> {
    Unstarted(Handle<'scope, State>),
    /// Somebody starts it at this moment, or it was dropped.
    Absent,
    Started(#[expect(dead_code, reason = "held so that the stage runs")] Handle<'scope, State>),
}

/// What the consumers of one spill share.
struct Core<'scope> {
    spool: Arc<Spool>,
    control: Mutex<Control<'scope>>,
}

impl Core<'_> {
    /// Starts the stage, unlocked: where that fails it drops user values.
    fn start(&self) {
        let control = replace(&mut *lock(&self.control), Control::Absent);
        let control = match control {
            Control::Unstarted(mut handle) => {
                handle.start();
                Control::Started(handle)
            }
            // Whoever starts it does so in any case, so nobody has to wait.
            Control::Absent => return,
            started => started,
        };
        *lock(&self.control) = control;
    }

    /// Cancels the stage.
    fn stop(&self) {
        let control = replace(&mut *lock(&self.control), Control::Absent);
        drop(control);
    }
}

impl Drop for Core<'_> {
    fn drop(&mut self) {
        self.spool.close();
    }
}

/// One consumer.
pub(crate) struct Draw<'scope> {
    core: Arc<Core<'scope>>,
    segment: Segment,
    /// The length that the segment had, until all of it is decoded.
    taken: usize,
    started: bool,
    cancelled: bool,
    over: bool,
}

impl<'scope> Draw<'scope> {
    pub(crate) fn new(spool: Arc<Spool>, control: Handle<'scope, State>) -> Draw<'scope> {
        let control = Mutex::new(Control::Unstarted(control));
        Draw::of(Arc::new(Core { spool, control }))
    }

    fn of(core: Arc<Core<'scope>>) -> Draw<'scope> {
        Draw {
            core,
            segment: Segment::default(),
            taken: 0,
            started: false,
            cancelled: false,
            over: false,
        }
    }

    /// Makes another consumer of the same spill.
    pub(crate) fn another(&self) -> Draw<'scope> {
        Draw::of(Arc::clone(&self.core))
    }

    pub(crate) fn spool(&self) -> &Spool {
        &self.core.spool
    }

    pub(crate) fn cancelled(&self) -> bool {
        self.cancelled
    }

    pub(crate) fn start(&mut self) {
        // Nobody would pull what a stage that is to stop still starts.
        if !self.started && !is_cancelled() {
            self.core.start();
            self.started = true;
        }
    }

    pub(crate) fn next<T: DeserializeOwned>(&mut self) -> Option<Result<T, SpillError>> {
        self.pull(None)
            .expect("a pull without a deadline does not time out")
    }

    pub(crate) fn pull_timeout<T: DeserializeOwned>(
        &mut self,
        limit: Duration,
    ) -> Result<Option<Result<T, SpillError>>, TimedOut> {
        // A time that the clock cannot tell is no limit.
        self.pull(deadline(limit))
    }

    fn pull<T: DeserializeOwned>(
        &mut self,
        deadline: Option<Instant>,
    ) -> Result<Option<Result<T, SpillError>>, TimedOut> {
        self.cancelled = false;
        if self.over {
            return Ok(None);
        }
        self.start();
        loop {
            if is_cancelled() {
                self.cancelled = true;
                return Ok(None);
            }
            if let Some(value) = self.segment.decode() {
                return Ok(Some(value));
            }
            self.segment = Segment::default();
            match self.core.spool.pull(take(&mut self.taken), deadline) {
                Taken::Segment(segment) => {
                    self.taken = segment.len();
                    self.segment = segment;
                }
                Taken::End => {
                    self.over = true;
                    return Ok(None);
                }
                Taken::Cancelled => {
                    self.cancelled = true;
                    return Ok(None);
                }
                Taken::TimedOut => return Err(TimedOut(())),
                Taken::Failed(error) => {
                    self.core.stop();
                    return Ok(Some(Err(error)));
                }
                Taken::Panic(caught) => resume_unwind(caught.claim()),
            }
        }
    }

    pub(crate) fn fmt(&self, f: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
        f.debug_struct(name)
            .field("usage", &self.core.spool.usage())
            .field("cancelled", &self.cancelled)
            .finish_non_exhaustive()
    }
}

/// Tells whether the calling thread is a worker whose stage was told to stop.
fn is_cancelled() -> bool {
    Worker::with_current(|worker| worker.is_some_and(Worker::is_cancelled))
}

/// What is left of a segment goes back, for another consumer.
impl Drop for Draw<'_> {
    fn drop(&mut self) {
        let segment = take(&mut self.segment);
        self.core.spool.give_back(segment, take(&mut self.taken));
    }
}
