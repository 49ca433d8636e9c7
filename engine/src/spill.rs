//! Spilling: a stage that reads ahead without a bound in length and with a
//! bound in memory.
//!
//! Values are encoded by the stage's worker and decoded by whoever pulls, so
//! what travels between the two is bytes, whether they have been on disk or
//! not. To keep values as they are until memory is short was the alternative;
//! nobody can tell how much memory a value takes, and each would have to be
//! encoded in the end just when there is no time.
//!
//! The path of a value: `feed` encodes it into a `segment`, which `push` puts
//! into the `spool`, in memory or through the `backlog` into a `store`; `pull`
//! takes it from there.

use std::fmt;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::TimedOut;
use crate::handle::Handle;

mod backlog;
mod draw;
mod error;
mod feed;
mod pull;
mod push;
mod segment;
mod spool;
mod store;
#[cfg(test)]
mod tests;
mod waiters;

use draw::Draw;
pub use error::{SpillError, SpillErrorKind};

/// How much a spill holds, in encoded bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[non_exhaustive]
pub struct Usage {
    /// In memory: waiting, being encoded or written, or being decoded.
    pub memory: usize,
    /// The most that `memory` has been.
    pub peak_memory: usize,
    /// Waiting in the temporary file. The file itself may be up to three times
    /// as long, since the space of what was read is given back in large pieces.
    pub disk: u64,
    /// The most that `disk` has been.
    pub peak_disk: u64,
}

impl<'scope, T> Handle<'scope, T> {
    /// Reads ahead as far as there is something to read, with at most `limit`
    /// bytes of encoded values in memory and the rest in a temporary file.
    ///
    /// Once started, a stage called "spill" pulls this handle as fast as it
    /// can, whether or not there is demand, and encodes each value with
    /// [postcard](https://docs.rs/postcard) and its length. Whoever pulls the
    /// spill decodes. Needs the feature `spill`.
    ///
    /// # Memory
    ///
    /// Values are kept in segments of at most an eighth of `limit`, and of at
    /// most 64 KiB. The limit holds for everything, with what is being encoded,
    /// written or decoded, as long as no value is longer than that and no more
    /// than six consumers [share](Spill::share) the spill. For each consumer
    /// more comes one segment more; and a longer value comes on top of the
    /// limit once while it is encoded or written, and once in each consumer
    /// that decodes it. With a limit of 0 all values go through the file.
    ///
    /// # Disk
    ///
    /// The file is made in [`std::env::temp_dir`], or where [`Spill::dir`] says,
    /// when the first segment does not fit. It has no name there, so it
    /// disappears with the process, however that ends. Where that directory
    /// lies in memory itself, as `/tmp` may, name another.
    ///
    /// The file takes as much as the input is ahead of the consumer; an input
    /// without an end and a slow consumer fill the disk, which then is an error.
    ///
    /// ```
    /// let sorted = engine::scope(|s| {
    ///     let numbers = s.stage("numbers").read((0..100_000u32).map(|n| n ^ 0x5555));
    ///     // All are read, and at most 64 KiB of them are in memory.
    ///     let mut numbers = numbers.spill(64 << 10);
    ///     let first = numbers.next().transpose()?;
    ///     let rest: Result<Vec<u32>, engine::SpillError> = numbers.collect();
    ///     Ok::<_, engine::SpillError>((first, rest?.len()))
    /// });
    /// assert_eq!(sorted.unwrap(), (Some(0x5555), 99_999));
    /// ```
    pub fn spill(self, limit: usize) -> Spill<'scope, T>
    where
        T: Serialize + DeserializeOwned + Send + 'scope,
    {
        Spill {
            draw: feed::stage(self, limit),
            values: PhantomData,
        }
    }
}

/// An iterator over values that wait in encoded form, beyond a limit in a
/// temporary file. Made by [`Handle::spill`].
///
/// The order is that of the handle. The first pull starts the stage. `next`
/// gives `None` at the end, and also when the stage that pulls was cancelled;
/// the two are told apart by [`Spill::cancelled`].
///
/// Dropping a spill cancels its stage and everything above it, and gives back
/// memory and disk; the drop does not wait. A spill that is forgotten keeps
/// both until the process ends, and its stage until the scope does.
///
/// # Errors
///
/// What fails is an item, in its place: see [`SpillErrorKind`]. If the disk is
/// full, the values that were read from the handle come first, all of them,
/// then the error, then the end; the handle is dropped at once.
///
/// # Panics
///
/// A pull rethrows a panic of the handle, or of a value's encoding, once, with
/// its own payload, after the values that come before it.
#[must_use = "a spill does nothing until it is pulled or primed"]
pub struct Spill<'scope, T> {
    draw: Draw<'scope>,
    /// Values are made here and none is kept.
    values: PhantomData<fn() -> T>,
}

impl<'scope, T: DeserializeOwned> Spill<'scope, T> {
    /// Makes the temporary file in `dir`: one that is made from now on, so say
    /// it before the first pull.
    ///
    /// ```
    /// # let directory = std::env::temp_dir();
    /// let sum = engine::scope(|s| {
    ///     let numbers = s.stage("numbers").read(0..1_000u64);
    ///     let numbers = numbers.spill(100).dir(directory);
    ///     numbers.sum::<Result<u64, _>>()
    /// });
    /// assert_eq!(sum.unwrap(), 499_500);
    /// ```
    pub fn dir(self, dir: impl Into<PathBuf>) -> Self {
        self.draw.spool().set_dir(dir.into());
        self
    }

    /// Starts the stage without pulling: it reads its whole input.
    ///
    /// # Panics
    ///
    /// When not even one thread can be spawned.
    pub fn prime(&mut self) {
        self.draw.start();
    }

    /// Pulls, but waits no longer than `limit` for a value to come. `Ok(None)`
    /// is the end. A read from the temporary file takes the time that it takes.
    ///
    /// # Errors
    ///
    /// [`TimedOut`] when nothing came in time. The stage runs on.
    pub fn pull_timeout(
        &mut self,
        limit: Duration,
    ) -> Result<Option<Result<T, SpillError>>, TimedOut> {
        self.draw.pull_timeout(limit)
    }

    /// Tells whether the last `None` came because the stage that pulls was
    /// cancelled, and not because this one had ended.
    pub fn cancelled(&self) -> bool {
        self.draw.cancelled()
    }

    /// Returns how much is held now, and the most that was.
    pub fn usage(&self) -> Usage {
        self.draw.spool().usage()
    }

    /// Makes the spill clonable, so that several workers pull it, each decoding
    /// its own. As the input of a pool a spill is pulled, and so decoded, by one
    /// worker at a time.
    ///
    /// ```
    /// let letters = engine::scope(|s| {
    ///     let lines = s.stage("lines").read((0..1_000).map(|n| format!("line {n}")));
    ///     let lines = lines.spill(1 << 10).share();
    ///     let letters = s.stage("count").jobs(4).map(0..4, move |_| {
    ///         lines.clone().map(|line| line.map(|line| line.len())).sum::<Result<usize, _>>()
    ///     });
    ///     letters.sum::<Result<usize, engine::SpillError>>()
    /// });
    /// assert_eq!(letters.unwrap(), 1_000 * "line ".len() + 10 + 90 * 2 + 900 * 3);
    /// ```
    pub fn share(self) -> SharedSpill<'scope, T> {
        SharedSpill {
            draw: self.draw,
            values: PhantomData,
        }
    }
}

/// One of several consumers of a spill. Made by [`Spill::share`].
///
/// Each value goes to exactly one of the clones. A clone takes a segment at a
/// time, for itself, and decodes it while the others take theirs. It sees
/// values in the order of the input, with those of the others left out.
///
/// Dropping a clone gives what it has not decoded to the others; dropping the
/// last one does what dropping the [`Spill`] would.
///
/// # Errors
///
/// As of [`Spill`]; the error that ends the spill comes to one of the clones,
/// and the end to the others.
///
/// # Panics
///
/// As of [`Spill`]; a panic is rethrown by one of the clones.
#[must_use = "a spill does nothing until it is pulled or primed"]
pub struct SharedSpill<'scope, T> {
    draw: Draw<'scope>,
    values: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> SharedSpill<'_, T> {
    /// Starts the stage without pulling. See [`Spill::prime`].
    ///
    /// # Panics
    ///
    /// When not even one thread can be spawned.
    pub fn prime(&mut self) {
        self.draw.start();
    }

    /// Pulls, but waits no longer than `limit`. See [`Spill::pull_timeout`].
    ///
    /// # Errors
    ///
    /// [`TimedOut`] when nothing came in time. The stage runs on.
    pub fn pull_timeout(
        &mut self,
        limit: Duration,
    ) -> Result<Option<Result<T, SpillError>>, TimedOut> {
        self.draw.pull_timeout(limit)
    }

    /// Tells whether the last `None` came because the stage that pulls was
    /// cancelled, and not because this one had ended.
    pub fn cancelled(&self) -> bool {
        self.draw.cancelled()
    }

    /// Returns how much all clones hold now, and the most that they did.
    pub fn usage(&self) -> Usage {
        self.draw.spool().usage()
    }
}

impl<T> Clone for SharedSpill<'_, T> {
    fn clone(&self) -> Self {
        SharedSpill {
            draw: self.draw.another(),
            values: PhantomData,
        }
    }
}

impl<T: DeserializeOwned> Iterator for Spill<'_, T> {
    type Item = Result<T, SpillError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.draw.next()
    }
}

impl<T: DeserializeOwned> Iterator for SharedSpill<'_, T> {
    type Item = Result<T, SpillError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.draw.next()
    }
}

impl<T> fmt::Debug for Spill<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.draw.fmt(f, "Spill")
    }
}

impl<T> fmt::Debug for SharedSpill<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.draw.fmt(f, "SharedSpill")
    }
}
