//! A consumer of one branch of a stage, as the property tests of `tee` and
//! `split_by` have several at the same time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::Duration;

use engine::{Group, Overrun, Scope, Tee, TimedOut};
use proptest::prelude::*;

/// What may be refused when it is too far ahead.
pub(crate) trait Branch: Iterator<Item = Result<Self::Value, Overrun>> + Send {
    type Value: Send;

    fn pull_timeout(&mut self, limit: Duration) -> Result<Option<Self::Item>, TimedOut>;
}

impl<T: Clone + Send> Branch for Tee<'_, T> {
    type Value = T;

    fn pull_timeout(&mut self, limit: Duration) -> Result<Option<Self::Item>, TimedOut> {
        Tee::pull_timeout(self, limit)
    }
}

impl<T: Send> Branch for Group<'_, u8, T> {
    type Value = T;

    fn pull_timeout(&mut self, limit: Duration) -> Result<Option<Self::Item>, TimedOut> {
        Group::pull_timeout(self, limit)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Consumer {
    /// How much it takes before it is dropped.
    pub(crate) taken: Option<usize>,
    hasty: bool,
    /// It pulls from a stage of its own.
    staged: bool,
}

impl Consumer {
    /// Pulls until it is neither an [`Overrun`] nor too late.
    fn pull<B: Branch>(&self, branch: &mut B) -> Option<B::Value> {
        loop {
            let pulled = if self.hasty {
                branch.pull_timeout(Duration::from_micros(5))
            } else {
                Ok(branch.next())
            };
            match pulled {
                Ok(None) => return None,
                Ok(Some(Ok(value))) => return Some(value),
                Ok(Some(Err(_))) | Err(_) => thread::yield_now(),
            }
        }
    }

    /// What the branch gives, by number, and whether it ends with a panic.
    pub(crate) fn run<'scope, B: Branch + 'scope>(
        &self,
        s: &Scope<'scope, '_>,
        mut branch: B,
        number: impl Fn(B::Value) -> usize + Send + 'scope,
    ) -> (Vec<usize>, bool) {
        let own = self.clone();
        let wanted = self.taken.unwrap_or(usize::MAX);
        let pulls = std::iter::from_fn(move || own.pull(&mut branch));
        let pulls = pulls.map(number).take(wanted);
        let mut got = Vec::new();
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            // Not `extend`, which may hold back what it has at a panic.
            if self.staged {
                let staged = s.stage("staged").buffer(0).read(pulls);
                staged.for_each(|n| got.push(n));
            } else {
                pulls.for_each(|n| got.push(n));
            }
        }));
        (got, panicked.is_err())
    }
}

/// Any consumer that takes less than `most`, or all.
pub(crate) fn consumer(most: usize) -> impl Strategy<Value = Consumer> {
    let taken = prop::option::of(0..most);
    (taken, any::<bool>(), any::<bool>()).prop_map(|(taken, hasty, staged)| Consumer {
        taken,
        hasty,
        staged,
    })
}
