//! The stage that reads the handle and encodes.
//!
//! It is a fold, for which nobody has to pull and whose input closes with its
//! handle, even while a value is being encoded. How it ends is told through the
//! spool and not by the fold: the spool knows the place of the end in order.

use std::path::Path;

use serde::Serialize;

use crate::handle::Handle;
use crate::panics::{Payload, Unclaimed, catch};
use crate::spill::draw::Draw;
use crate::spill::error::SpillError;
use crate::spill::segment::Record;
use crate::spill::spool::{End, Spool};
use crate::spill::store::Store;
use crate::stage::Stage;
use crate::sync::Arc;

/// What both ends of the fold share.
#[derive(Clone)]
struct Feed {
    spool: Arc<Spool>,
    unclaimed: Unclaimed,
}

impl Feed {
    fn fail(&self, payload: Payload) {
        let caught = self.unclaimed.register(payload);
        self.spool.end(End::Panicked(caught));
    }
}

/// The handle as the fold reads it: it ends when nothing more is wanted.
struct Input<'scope, T> {
    handle: Handle<'scope, T>,
    feed: Feed,
}

impl<T> Iterator for Input<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        if !self.feed.spool.is_wanted() {
            return None;
        }
        match catch(|| self.handle.next()) {
            Ok(Some(value)) => return Some(value),
            Ok(None) if self.handle.cancelled() => {}
            Ok(None) => self.feed.spool.end(End::Over),
            Err(payload) => self.feed.fail(payload),
        }
        None
    }
}

/// Owned by the worker: ends the spool whatever becomes of that. It may be
/// cancelled before it begins, or there may be no thread for it.
struct Encode(Feed);

impl Drop for Encode {
    fn drop(&mut self) {
        self.0.spool.end(End::Cut);
    }
}

/// What the worker keeps from value to value.
#[derive(Default)]
pub(crate) struct State {
    record: Record,
    /// Of the value to come.
    number: u64,
}

impl Encode {
    fn value<T: Serialize>(&self, state: &mut State, value: T) {
        let spool = &self.0.spool;
        let encoded = catch(|| {
            let encoded = state.record.encode(&value);
            drop(value);
            encoded
        });
        match encoded {
            Ok(Ok(())) => spool.push(state.number, &mut state.record),
            Ok(Err(error)) => spool.end(End::Failed(SpillError::encode(state.number, error))),
            Err(payload) => self.0.fail(payload),
        }
        state.number += 1;
    }
}

/// Makes the stage, which starts at the first pull.
pub(crate) fn stage<'scope, T>(handle: Handle<'scope, T>, limit: usize) -> Draw<'scope>
where
    T: Serialize + Send + 'scope,
{
    let open = |dir: &Path| Ok(Arc::new(tempfile::tempfile_in(dir)?) as Arc<dyn Store>);
    let spool = Spool::new(limit, std::env::temp_dir(), Box::new(open));
    let spool = Arc::new(spool);
    let site = handle.site().clone();
    let unclaimed = site.shared.unclaimed.clone();
    let feed = Feed {
        spool: Arc::clone(&spool),
        unclaimed,
    };
    let encode = Encode(feed.clone());
    let control = Stage::new(site, "spill").jobs(1).fold(
        Input { handle, feed },
        |_worker| State::default(),
        move |state, value| encode.value(state, value),
    );
    Draw::new(spool, control)
}
