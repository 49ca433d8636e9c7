//! The writer's side of the spool: where each value goes.

use std::mem::take;
use std::path::PathBuf;

use crate::spill::backlog::Place;
use crate::spill::error::SpillError;
use crate::spill::segment::{Record, Segment};
use crate::spill::spool::{End, Spool, State, unlock};
use crate::sync::{MutexGuard, lock};

impl Spool {
    /// Adds the value of that number. Called by one thread only.
    ///
    /// If the disk fails, the value and all before it stay in memory, to be
    /// taken before the error.
    pub(crate) fn push(&self, number: u64, record: &mut Record) {
        let mut state = lock(&self.state);
        state.adding = record.len();
        state.note_peaks();
        let together = state.filling.len() + record.len();
        if !state.filling.is_empty() && together > self.segment {
            state = self.seal(state);
        }
        if !matches!(state.end, End::Over) {
            state.held += record.len();
            if record.len() >= self.segment && state.filling.is_empty() {
                state.filling = Segment::single(number, record);
            } else {
                if state.filling.is_empty() {
                    state.filling = Segment::new(number, Vec::new());
                }
                state.filling.append(record);
            }
            state.adding = record.len();
            state.note_peaks();
            if state.filling.len() >= self.segment && matches!(state.end, End::Open) {
                state = self.seal(state);
            }
        }
        state.adding = 0;
        unlock(state);
    }

    /// Puts the segment that is full where there is room for it.
    fn seal<'a>(&'a self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let full = take(&mut state.filling);
        // Room for one that is being filled and a value that is encoded. None
        // is kept for what is read back, since the front is empty then.
        let room = self.limit.saturating_sub(2 * self.segment);
        if state.backlog.is_over() && state.held <= room {
            state.front.push_back(full);
            return state;
        }
        let place = state.backlog.begin_write();
        let dir = state.dir.clone();
        unlock(state);
        let written = self.write(&full, place, dir);
        state = lock(&self.state);
        if matches!(state.end, End::Over) {
            // Closed meanwhile: what was written is gone with the file.
            state.held -= full.len();
            return state;
        }
        match written {
            Ok((place, length)) => {
                let spent = state.backlog.wrote(place, length);
                state.held -= full.len();
                state.note_peaks();
                unlock(state);
                drop((spent, full));
                lock(&self.state)
            }
            Err(error) => {
                state.backlog.not_written();
                state.filling = full;
                let _open = self.set_end(&mut state, End::Failed(error));
                state
            }
        }
    }

    /// Writes to `place`, or else to a new file.
    fn write(
        &self,
        segment: &Segment,
        place: Option<Place>,
        dir: PathBuf,
    ) -> Result<(Place, u64), SpillError> {
        let place = match place {
            Some(place) => place,
            None => match (self.open)(&dir) {
                Ok(store) => Place::new(store),
                Err(error) => return Err(SpillError::create(dir, error)),
            },
        };
        match place.write(segment) {
            Ok(length) => Ok((place, length)),
            Err(error) => Err(SpillError::write(dir, self.usage().disk, error)),
        }
    }
}
