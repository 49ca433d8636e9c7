//! One stage pulled by several consumers, each item going to one of them.
//!
//! The handle itself is shared and not a queue in front of it: nothing is read
//! that no clone has asked for.

use std::fmt;
use std::time::{Duration, Instant};

use crate::error::TimedOut;
use crate::fan::{Dealt, Fan, Feed};
use crate::halt::{Halt, deadline, fetch, in_time, outcome};
use crate::handle::Handle;
use crate::sync::Arc;

/// A handle that can be cloned: each item goes to exactly one of the clones.
///
/// Several bodies of a pool, or several stages, may so pull from one stage.
/// Made by [`Handle::share`]. One clone pulls at a time and the others wait for
/// it, so all together they count as one pull of the stage, however many they
/// are. `next` gives `None` when the stage has ended, from then on at every
/// clone, and also when the stage whose body pulls was cancelled; the two are
/// told apart by [`Shared::cancelled`]. A clone whose puller is cancelled leaves
/// the stage to the others.
///
/// Dropping a clone discards nothing; dropping the last one drops the handle,
/// which cancels its stage and everything above it.
///
/// # Panics
///
/// A panic of the stage is rethrown at one clone, once; the others then get the
/// end, as if the stage had ended there.
#[must_use = "a stage does nothing until its handle is pulled"]
pub struct Shared<'scope, T> {
    fan: Arc<Fan<Whole<'scope, T>, Option<T>>>,
    cancelled: bool,
}

/// A handle whose items go to whoever pulls.
struct Whole<'scope, T>(Handle<'scope, T>);

/// The consumers are all alike.
const ANY: usize = 0;

impl<T> Feed for Whole<'_, T> {
    /// Empty but for the moment between dealing and taking.
    type Queues = Option<T>;
    type Parcel = Option<T>;

    fn fetch(
        &mut self,
        _: &Fan<Self, Option<T>>,
        _: usize,
        deadline: Option<Instant>,
    ) -> Result<Option<T>, Halt> {
        fetch(&mut self.0, deadline).map(Some)
    }

    fn deal(place: &mut Option<T>, parcel: &mut Option<T>) -> Dealt {
        *place = parcel.take();
        Dealt::Here
    }
}

impl<'scope, T: Send + 'scope> Handle<'scope, T> {
    /// Makes the handle one that can be cloned; each item goes to exactly one
    /// of the clones.
    ///
    /// ```
    /// let total: u64 = engine::scope(|s| {
    ///     let numbers = s.stage("numbers").read(1..=100).share();
    ///     // Each body pulls as it likes, here a pair at a time.
    ///     let pairs = |name| {
    ///         let mut numbers = numbers.clone();
    ///         s.stage(name).generate(move |out| {
    ///             while let Some(first) = numbers.next() {
    ///                 out.put(first + numbers.next().unwrap_or(0))?;
    ///             }
    ///             Ok(())
    ///         })
    ///     };
    ///     let (one, two) = (pairs("one"), pairs("two"));
    ///     one.sum::<u64>() + two.sum::<u64>()
    /// });
    /// assert_eq!(total, 5050);
    /// ```
    pub fn share(self) -> Shared<'scope, T> {
        Shared {
            fan: Arc::new(Fan::new(Whole(self), None)),
            cancelled: false,
        }
    }
}

impl<T> Shared<'_, T> {
    /// Starts the stage without pulling, as [`Handle::prime`] does.
    ///
    /// # Panics
    ///
    /// When not even one thread can be spawned.
    pub fn prime(&mut self) {
        // A clone that has the handle at the moment has started the stage.
        self.fan.visit(|source| source.0.prime());
    }

    /// Pulls, but waits no longer than `limit`, be it for the stage or for
    /// another clone that is pulling. `Ok(None)` is the end.
    ///
    /// # Errors
    ///
    /// [`TimedOut`] when nothing came in time. The stage runs on, and what it
    /// has begun for this pull comes with the next one of any clone.
    pub fn pull_timeout(&mut self, limit: Duration) -> Result<Option<T>, TimedOut> {
        // A time that the clock cannot tell is no limit.
        let pulled = self.pull(deadline(limit));
        outcome(pulled, &mut self.cancelled)
    }

    /// Tells whether the last `None` of this clone came because the stage that
    /// pulls was cancelled, and not because the shared one had ended.
    pub fn cancelled(&self) -> bool {
        self.cancelled
    }

    fn pull(&self, deadline: Option<Instant>) -> Result<T, Halt> {
        self.fan.pull(ANY, deadline, Option::take)
    }
}

impl<T> Iterator for Shared<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        in_time(self.pull(None), &mut self.cancelled)
    }
}

impl<T> Clone for Shared<'_, T> {
    fn clone(&self) -> Self {
        Shared {
            fan: Arc::clone(&self.fan),
            cancelled: self.cancelled,
        }
    }
}

impl<T> fmt::Debug for Shared<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("fan", &self.fan)
            .field("clones", &Arc::strong_count(&self.fan))
            .field("cancelled", &self.cancelled)
            .finish()
    }
}
