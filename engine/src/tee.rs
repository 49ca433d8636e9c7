//! One stream to several branches that each see all of it.
//!
//! Each branch has a queue of clones. A list that the branches share, with a
//! position for each, would hold each item once, but then a slow branch clones
//! what it takes while the others wait, or the clone runs under the lock.

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use crate::error::{Overrun, TimedOut};
use crate::fan::{Dealt, Fan, Feed};
use crate::halt::{Halt, deadline, fetch, in_time, outcome};
use crate::handle::Handle;
use crate::sync::Arc;

/// One branch of a [`Handle::tee`]: it sees every item, in order.
///
/// Nobody reads ahead: whichever branch pulls and finds nothing queued pulls the
/// stage, and the item is queued for the other branches. `next` gives `None`
/// when the stage has ended, and also when the stage whose body pulls was
/// cancelled; the two are told apart by [`Tee::cancelled`].
///
/// An [`Overrun`] is not the end: no item was read for it, and when the branch
/// that is behind has pulled, or was dropped, the next pull goes on with exactly
/// the item that follows. `collect::<Result<Vec<_>, _>>()` stops at it.
///
/// Dropping a branch discards what is queued for it, and from then on it no
/// longer counts; dropping the last one drops the handle, which cancels its
/// stage and everything above it.
///
/// # Panics
///
/// A panic of the stage, or of a clone, is rethrown at the branch that pulls,
/// once; the others get what is queued for them, and then the end. An item whose
/// clone panics comes out of no branch.
#[must_use = "a stage does nothing until its handle is pulled"]
pub struct Tee<'scope, T> {
    fan: Arc<Fan<Original<'scope, T>, Branches<T>>>,
    branch: usize,
    cancelled: bool,
}

/// A handle whose items are cloned for all branches.
struct Original<'scope, T>(Handle<'scope, T>);

struct Branches<T> {
    limit: usize,
    /// `None` for a branch that was dropped.
    queues: Vec<Option<VecDeque<T>>>,
}

impl<T> Branches<T> {
    /// Takes the next item of `branch`. If it would have to be read, this fails
    /// when another branch has no room for it.
    fn take(&mut self, branch: usize) -> Option<Result<T, Overrun>> {
        let own = self.queues[branch].as_mut();
        if let Some(item) = own.and_then(VecDeque::pop_front) {
            return Some(Ok(item));
        }
        let full = |queue: &VecDeque<T>| queue.len() >= self.limit;
        let overrun = self.queues.iter().flatten().any(full);
        overrun.then(|| Err(Overrun { limit: self.limit }))
    }

    /// A place for each branch that lives, `last` being the last.
    fn places(&self, last: usize) -> Vec<(usize, Option<T>)> {
        let live = self.queues.iter().enumerate();
        let live = live.filter(|(branch, queue)| *branch != last && queue.is_some());
        live.map(|(branch, _)| branch)
            .chain([last])
            .map(|branch| (branch, None))
            .collect()
    }
}

impl<T: Clone> Feed for Original<'_, T> {
    type Queues = Branches<T>;
    type Parcel = Vec<(usize, Option<T>)>;

    fn fetch(
        &mut self,
        fan: &Fan<Self, Branches<T>>,
        branch: usize,
        deadline: Option<Instant>,
    ) -> Result<Self::Parcel, Halt> {
        let item = fetch(&mut self.0, deadline)?;
        // After the pull, which may have lasted: who lives now.
        let mut parcel = fan.with(|branches| branches.places(branch));
        if let Some((last, others)) = parcel.split_last_mut() {
            for (_, place) in others {
                *place = Some(item.clone());
            }
            last.1 = Some(item);
        }
        Ok(parcel)
    }

    fn deal(branches: &mut Branches<T>, parcel: &mut Self::Parcel) -> Dealt {
        for (branch, place) in parcel {
            if let Some(queue) = &mut branches.queues[*branch] {
                queue.extend(place.take());
            }
        }
        Dealt::ToAll
    }
}

impl<'scope, T: Clone + Send + 'scope> Handle<'scope, T> {
    /// Splits the stream into branches that each see every item, in order; how
    /// many follows from the pattern that takes them.
    ///
    /// A branch that is ahead has up to `limit` items queued for each of the
    /// others; at the limit its pull gives an [`Overrun`], even where it would
    /// find the end, which is not known before it is read. Two branches that
    /// meet again behind stages of their own need a limit of one more than the
    /// largest number of items that is read ahead on one side (the sum of the
    /// buffers there). A stage's default buffer is twice its jobs, in batches, so
    /// a larger batch needs a larger limit too. Branches that are pulled at their
    /// own pace, each by another thread, have no such number.
    ///
    /// Clones are made by whoever pulls, while the others wait for it: a clone
    /// must not pull from the branches itself.
    ///
    /// The last branch that lives gets the items themselves, without a clone.
    /// Where clones cost much, make the items `Arc`s first.
    ///
    /// # Panics
    ///
    /// When `limit` is 0: then no branch could ever pull first.
    ///
    /// # Examples
    ///
    /// ```
    /// let risen = engine::scope(|s| {
    ///     let prices = s.stage("prices").read([100, 102, 101, 105, 107]);
    ///     // One branch runs one item ahead of the other.
    ///     let [before, after] = prices.tee(1);
    ///     let pairs = before.zip(after.skip(1));
    ///     let risen = pairs.map(|(before, after)| Ok(after? > before?));
    ///     risen.collect::<Result<Vec<bool>, engine::Overrun>>()
    /// });
    /// assert_eq!(risen, Ok(vec![true, false, true, true]));
    /// ```
    #[track_caller]
    pub fn tee<const N: usize>(self, limit: usize) -> [Tee<'scope, T>; N] {
        assert!(limit > 0, "a tee needs room for at least one item");
        let queues = (0..N).map(|_| Some(VecDeque::new())).collect();
        let fan = Arc::new(Fan::new(Original(self), Branches { limit, queues }));
        std::array::from_fn(|branch| Tee {
            fan: Arc::clone(&fan),
            branch,
            cancelled: false,
        })
    }
}

impl<T: Clone> Tee<'_, T> {
    /// Pulls, but waits no longer than `limit`, be it for the stage or for
    /// another branch that is pulling. `Ok(None)` is the end.
    ///
    /// It does not wait for room: at the limit the [`Overrun`] comes at once.
    ///
    /// # Errors
    ///
    /// [`TimedOut`] when nothing came in time. The stage runs on, and what it
    /// has begun for this pull comes with the next one of any branch.
    pub fn pull_timeout(
        &mut self,
        limit: Duration,
    ) -> Result<Option<Result<T, Overrun>>, TimedOut> {
        // A time that the clock cannot tell is no limit.
        let pulled = self.pull(deadline(limit));
        outcome(pulled, &mut self.cancelled)
    }

    fn pull(&self, deadline: Option<Instant>) -> Result<Result<T, Overrun>, Halt> {
        let look = |branches: &mut Branches<T>| branches.take(self.branch);
        self.fan.pull(self.branch, deadline, look)
    }
}

impl<T> Tee<'_, T> {
    /// Tells whether the last `None` came because the stage that pulls was
    /// cancelled, and not because the one above had ended.
    pub fn cancelled(&self) -> bool {
        self.cancelled
    }
}

impl<T: Clone> Iterator for Tee<'_, T> {
    type Item = Result<T, Overrun>;

    fn next(&mut self) -> Option<Result<T, Overrun>> {
        in_time(self.pull(None), &mut self.cancelled)
    }
}

impl<T> Drop for Tee<'_, T> {
    fn drop(&mut self) {
        let queue = self
            .fan
            .with(|branches| branches.queues[self.branch].take());
        drop(queue);
    }
}

impl<T> fmt::Debug for Tee<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (limit, queued) = self.fan.with(|branches| {
            let queue = branches.queues[self.branch].as_ref();
            (branches.limit, queue.map_or(0, VecDeque::len))
        });
        f.debug_struct("Tee")
            .field("fan", &self.fan)
            .field("limit", &limit)
            .field("queued", &queued)
            .field("cancelled", &self.cancelled)
            .finish()
    }
}
