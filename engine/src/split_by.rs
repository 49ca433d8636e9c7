//! One stream to a stream per key.
//!
//! The keys lie with the source and not with the queues: hashing and comparing
//! them is user code, which only whoever has the source runs, without a lock.
//! The queues know the groups by number.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::time::{Duration, Instant};

use crate::error::{Overrun, TimedOut};
use crate::fan::{Dealt, Fan, Feed};
use crate::halt::{Halt, deadline, fetch, in_time, outcome};
use crate::handle::Handle;
use crate::sync::Arc;

/// The groups of a [`Handle::split_by`]: a new one the moment its first item
/// appears.
///
/// Nobody reads ahead: whoever pulls, this iterator or a [`Group`], and finds
/// nothing queued pulls the stage, and what comes for others is queued for them.
/// `next` gives `None` when the stage has ended, and also when the stage whose
/// body pulls was cancelled; the two are told apart by [`Groups::cancelled`].
///
/// An [`Overrun`] is not the end: no item was read for it, and when items have
/// been pulled from the groups, or groups were dropped, the next pull goes on
/// with what follows.
///
/// Dropping it discards the items of groups that have not come out of it yet,
/// and what comes for such keys from then on; the groups that are out go on.
/// When all of them are dropped too, the handle is, which cancels its stage and
/// everything above it.
///
/// # Panics
///
/// A panic of the stage, of the key function or of the key's own code is
/// rethrown at the iterator or group that pulls, once; the item that the key
/// function was given is lost with it. So the stream ends there for all: the
/// others get what is queued for them, and then the end. They are not let go on,
/// for a group that may miss an item would look like a whole one; a key that can
/// be wrong is better a `Result`.
#[must_use = "a stage does nothing until its handle is pulled"]
pub struct Groups<'scope, K, T> {
    fan: Fork<'scope, K, T>,
    cancelled: bool,
}

/// The items of one key, in order; see [`Groups`].
///
/// `next` gives an [`Overrun`] when nothing is queued here and `limit` items are
/// queued for others; when those have been pulled it goes on.
///
/// Dropping a group discards what is queued for it and what comes for its key
/// from then on: its key is not announced again.
///
/// # Panics
///
/// As [`Groups`] does.
pub struct Group<'scope, K, T> {
    fan: Fork<'scope, K, T>,
    number: usize,
    cancelled: bool,
}

type Fork<'scope, K, T> = Arc<Fan<Keyed<'scope, K, T>, Queues<K, T>>>;

/// A handle and what is known of its keys.
struct Keyed<'scope, K, T> {
    handle: Handle<'scope, T>,
    key: Box<dyn FnMut(&T) -> K + Send + 'scope>,
    numbers: HashMap<K, usize>,
}

struct Queues<K, T> {
    limit: usize,
    /// Items in all groups.
    queued: usize,
    /// The items of each group; `None` once it was dropped.
    groups: Vec<Option<VecDeque<T>>>,
    /// Groups that have not come out yet; `None` when they never will.
    news: Option<VecDeque<(K, usize)>>,
}

/// An item on its way to its group, and the key if that is a new one.
struct Parcel<K, T> {
    item: Option<T>,
    number: usize,
    key: Option<K>,
}

/// The consumer of the new groups; the others are known by their numbers.
const NEWS: usize = usize::MAX;

impl<K, T> Queues<K, T> {
    /// What a consumer finds that would have to read if there is no room.
    fn overrun<R>(&self) -> Option<Result<R, Overrun>> {
        (self.queued >= self.limit).then_some(Err(Overrun { limit: self.limit }))
    }

    fn take_item(&mut self, number: usize) -> Option<Result<T, Overrun>> {
        let queue = self.groups[number].as_mut();
        if let Some(item) = queue.and_then(VecDeque::pop_front) {
            self.queued -= 1;
            return Some(Ok(item));
        }
        self.overrun()
    }

    fn take_news(&mut self) -> Option<Result<(K, usize), Overrun>> {
        if let Some(new) = self.news.as_mut().and_then(VecDeque::pop_front) {
            return Some(Ok(new));
        }
        self.overrun()
    }

    /// Lets a group go, and returns its items to be dropped unlocked.
    fn forget(&mut self, number: usize) -> Option<VecDeque<T>> {
        let queue = self.groups[number].take();
        self.queued -= queue.as_ref().map_or(0, VecDeque::len);
        queue
    }
}

impl<K: Hash + Eq + Clone, T> Feed for Keyed<'_, K, T> {
    type Queues = Queues<K, T>;
    type Parcel = Parcel<K, T>;

    fn fetch(
        &mut self,
        fan: &Fan<Self, Queues<K, T>>,
        _: usize,
        deadline: Option<Instant>,
    ) -> Result<Parcel<K, T>, Halt> {
        let item = fetch(&mut self.handle, deadline)?;
        let key = (self.key)(&item);
        let known = self.numbers.get(&key).copied();
        let number = known.unwrap_or(self.numbers.len());
        let mut new = None;
        // Keys that nobody will hear of are not worth keeping.
        if known.is_none() && fan.with(|queues| queues.news.is_some()) {
            new = Some(key.clone());
            self.numbers.insert(key, number);
        }
        Ok(Parcel {
            item: Some(item),
            number,
            key: new,
        })
    }

    fn deal(queues: &mut Queues<K, T>, parcel: &mut Parcel<K, T>) -> Dealt {
        let number = parcel.number;
        let mut dealt = Dealt::To(number);
        if number == queues.groups.len() && parcel.key.is_some() {
            // Numbers are given out in turn, so that this is the next.
            queues
                .groups
                .push(queues.news.is_some().then(VecDeque::new));
            if let Some(news) = &mut queues.news {
                news.extend(parcel.key.take().map(|key| (key, number)));
                dealt = Dealt::To(NEWS);
            }
        }
        if let Some(Some(queue)) = queues.groups.get_mut(number) {
            queue.extend(parcel.item.take());
            queues.queued += 1;
        }
        dealt
    }
}

impl<'scope, T: Send + 'scope> Handle<'scope, T> {
    /// Splits the stream into one stream per key; each group appears together
    /// with its key when its first item does, and is an iterator.
    ///
    /// Up to `limit` items are queued, over all groups together; then a pull
    /// that would have to read on, if only to find the end, gives an
    /// [`Overrun`], until somebody has pulled from the other groups. Groups that
    /// are pulled at the same time, each by another thread, are ahead of each
    /// other by as much as the system likes: there, an `Overrun` is no failure
    /// but a reason to pull again later.
    ///
    /// Every key is kept until the end, and so the number of different keys is
    /// what memory must be enough for. The key function runs in whichever
    /// thread pulls, one at a time; it must not pull from the groups itself.
    ///
    /// # Panics
    ///
    /// When `limit` is 0: then no first item could ever be read.
    ///
    /// # Examples
    ///
    /// ```
    /// let longest = engine::scope(|s| {
    ///     let words = s.stage("words").read("to be or not to bet".split(' '));
    ///     let by_letter = words.split_by(10, |word| word.chars().next());
    ///     // First the groups, to have them all; then what is queued in each.
    ///     let groups = by_letter.collect::<Result<Vec<_>, _>>()?;
    ///     let longest = groups.into_iter().map(|(letter, group)| {
    ///         let words = group.collect::<Result<Vec<_>, _>>()?;
    ///         Ok((letter, words.into_iter().max_by_key(|word| word.len())))
    ///     });
    ///     longest.collect::<Result<Vec<_>, engine::Overrun>>()
    /// });
    /// let answer = [('t', "to"), ('b', "bet"), ('o', "or"), ('n', "not")];
    /// let answer = answer.map(|(letter, word)| (Some(letter), Some(word)));
    /// assert_eq!(longest.unwrap(), answer);
    /// ```
    #[track_caller]
    pub fn split_by<K, F>(self, limit: usize, key: F) -> Groups<'scope, K, T>
    where
        K: Hash + Eq + Clone + Send + 'scope,
        F: FnMut(&T) -> K + Send + 'scope,
    {
        assert!(limit > 0, "a split needs room for at least one item");
        let source = Keyed {
            handle: self,
            key: Box::new(key),
            numbers: HashMap::new(),
        };
        let queues = Queues {
            limit,
            queued: 0,
            groups: Vec::new(),
            news: Some(VecDeque::new()),
        };
        Groups {
            fan: Arc::new(Fan::new(source, queues)),
            cancelled: false,
        }
    }
}

/// What [`Groups`] yields: a new key and its group.
type New<'scope, K, T> = Result<(K, Group<'scope, K, T>), Overrun>;

impl<'scope, K: Hash + Eq + Clone, T> Groups<'scope, K, T> {
    /// Pulls, but waits no longer than `limit`, be it for the stage or for a
    /// group that is pulling. `Ok(None)` is the end.
    ///
    /// It does not wait for room: at the limit the [`Overrun`] comes at once.
    ///
    /// # Errors
    ///
    /// [`TimedOut`] when no new key came in time. The stage runs on, and what it
    /// has begun for this pull comes with the next one, here or at a group.
    pub fn pull_timeout(&mut self, limit: Duration) -> Result<Option<New<'scope, K, T>>, TimedOut> {
        // A time that the clock cannot tell is no limit.
        let pulled = self.pull(deadline(limit));
        outcome(pulled, &mut self.cancelled)
    }

    fn pull(&self, deadline: Option<Instant>) -> Result<New<'scope, K, T>, Halt> {
        let new = self.fan.pull(NEWS, deadline, Queues::take_news)?;
        Ok(new.map(|(key, number)| {
            let group = Group {
                fan: Arc::clone(&self.fan),
                number,
                cancelled: false,
            };
            (key, group)
        }))
    }
}

impl<K, T> Groups<'_, K, T> {
    /// Tells whether the last `None` came because the stage that pulls was
    /// cancelled, and not because the one above had ended.
    pub fn cancelled(&self) -> bool {
        self.cancelled
    }
}

impl<'scope, K: Hash + Eq + Clone, T> Iterator for Groups<'scope, K, T> {
    type Item = New<'scope, K, T>;

    fn next(&mut self) -> Option<New<'scope, K, T>> {
        in_time(self.pull(None), &mut self.cancelled)
    }
}

impl<K, T> Drop for Groups<'_, K, T> {
    fn drop(&mut self) {
        let discarded = self.fan.with(|queues| {
            let news = queues.news.take().unwrap_or_default();
            let items: Vec<_> = news.iter().map(|new| queues.forget(new.1)).collect();
            (news, items)
        });
        drop(discarded);
    }
}

impl<K: Hash + Eq + Clone, T> Group<'_, K, T> {
    /// Pulls, but waits no longer than `limit`, be it for the stage or for
    /// whoever is pulling it. `Ok(None)` is the end.
    ///
    /// It does not wait for room: at the limit the [`Overrun`] comes at once.
    ///
    /// # Errors
    ///
    /// [`TimedOut`] when no item of this key came in time. The stage runs on,
    /// and what it has begun for this pull comes with the next one, here or
    /// elsewhere.
    pub fn pull_timeout(
        &mut self,
        limit: Duration,
    ) -> Result<Option<Result<T, Overrun>>, TimedOut> {
        // A time that the clock cannot tell is no limit.
        let pulled = self.pull(deadline(limit));
        outcome(pulled, &mut self.cancelled)
    }

    fn pull(&self, deadline: Option<Instant>) -> Result<Result<T, Overrun>, Halt> {
        let look = |queues: &mut Queues<K, T>| queues.take_item(self.number);
        self.fan.pull(self.number, deadline, look)
    }
}

impl<K, T> Group<'_, K, T> {
    /// Tells whether the last `None` came because the stage that pulls was
    /// cancelled, and not because the one above had ended.
    pub fn cancelled(&self) -> bool {
        self.cancelled
    }
}

impl<K: Hash + Eq + Clone, T> Iterator for Group<'_, K, T> {
    type Item = Result<T, Overrun>;

    fn next(&mut self) -> Option<Result<T, Overrun>> {
        in_time(self.pull(None), &mut self.cancelled)
    }
}

impl<K, T> Drop for Group<'_, K, T> {
    fn drop(&mut self) {
        let queue = self.fan.with(|queues| queues.forget(self.number));
        drop(queue);
    }
}

impl<K, T> fmt::Debug for Groups<'_, K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (limit, queued, groups, new) = self.fan.with(|queues| {
            let new = queues.news.as_ref().map_or(0, VecDeque::len);
            (queues.limit, queues.queued, queues.groups.len(), new)
        });
        f.debug_struct("Groups")
            .field("fan", &self.fan)
            .field("limit", &limit)
            .field("queued", &queued)
            .field("groups", &groups)
            .field("new", &new)
            .field("cancelled", &self.cancelled)
            .finish()
    }
}

impl<K, T> fmt::Debug for Group<'_, K, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let queued = self.fan.with(|queues| {
            let queue = queues.groups[self.number].as_ref();
            queue.map_or(0, VecDeque::len)
        });
        f.debug_struct("Group")
            .field("fan", &self.fan)
            .field("number", &self.number)
            .field("queued", &queued)
            .field("cancelled", &self.cancelled)
            .finish()
    }
}
