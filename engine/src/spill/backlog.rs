//! What lies on disk: segments in files, first in, first out.
//!
//! The state holds offsets only. The length of each segment stands before it in
//! the file, so that a backlog of any length takes no memory; hence segments
//! are read one after another, and decoded side by side.
//!
//! Space that was read is given back by dropping a file, not by truncating it:
//! whoever still reads keeps it open, and no write can meet a truncation. So a
//! file that is read through is rewound if it is small and dropped if it is
//! not, and one of which more is read than unread is not written to any more.
//! There are at most two, together no longer than three times what is unread,
//! plus some `KEEP`.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};

use crate::spill::segment::Segment;
use crate::spill::store::Store;
use crate::sync::Arc;

/// A file this long is worth making a new one for, some 50 microseconds, and
/// small enough to keep for nothing.
const KEEP: u64 = 1 << 20;

/// What stands before a segment: the number of its first value and its length.
const HEADER: usize = 16;

#[derive(Debug)]
struct Part {
    store: Arc<dyn Store>,
    read: u64,
    written: u64,
}

impl Part {
    fn is_read(&self) -> bool {
        self.read == self.written
    }
}

/// A place in a file, to be used without a lock.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) store: Arc<dyn Store>,
    offset: u64,
    /// How much there is to read.
    limit: u64,
}

/// Files that are not needed any more, to be dropped without a lock: that may
/// take the system a while.
#[derive(Debug, Default)]
#[must_use]
pub(crate) struct Spent(#[expect(dead_code, reason = "only to be dropped")] Option<Part>);

/// The segments on disk. One thread may write and one may read at a time.
#[derive(Debug, Default)]
pub(crate) struct Backlog {
    parts: VecDeque<Part>,
    unread: u64,
    writing: bool,
    reading: bool,
}

impl Backlog {
    /// Bytes that nobody has read yet.
    pub(crate) fn unread(&self) -> u64 {
        self.unread
    }

    /// Tells whether there is nothing, neither to read nor on its way.
    pub(crate) fn is_over(&self) -> bool {
        self.unread == 0 && !self.writing
    }

    /// Tells whether there is something to read and nobody reads.
    pub(crate) fn may_read(&self) -> bool {
        self.unread > 0 && !self.reading
    }

    /// Tells where to write next; `None` asks for a new file. Followed by
    /// [`Backlog::wrote`] or [`Backlog::not_written`].
    pub(crate) fn begin_write(&mut self) -> Option<Place> {
        self.writing = true;
        let alone = self.parts.len() == 1;
        let part = self.parts.back_mut()?;
        if part.is_read() {
            (part.read, part.written) = (0, 0);
        } else if alone && part.read >= KEEP.max(part.written - part.read) {
            return None;
        }
        Some(Place {
            store: Arc::clone(&part.store),
            offset: part.written,
            limit: 0,
        })
    }

    /// Notes that `length` bytes were written to `place`.
    pub(crate) fn wrote(&mut self, place: Place, length: u64) -> Spent {
        self.writing = false;
        self.unread += length;
        let mut spent = Spent::default();
        if self.is_new(&place.store) {
            // What was read to its end meanwhile stands in the front.
            spent = Spent(self.parts.pop_front_if(|part| part.is_read()));
            self.parts.push_back(Part {
                store: place.store,
                read: 0,
                written: length,
            });
        } else if let Some(part) = self.parts.back_mut() {
            part.written += length;
        }
        spent
    }

    /// Notes that a write has failed.
    pub(crate) fn not_written(&mut self) {
        self.writing = false;
    }

    fn is_new(&self, store: &Arc<dyn Store>) -> bool {
        self.parts
            .back()
            .is_none_or(|part| !Arc::ptr_eq(&part.store, store))
    }

    /// Tells where to read next. Followed by [`Backlog::has_read`].
    pub(crate) fn begin_read(&mut self) -> Option<Place> {
        if !self.may_read() {
            return None;
        }
        let part = self.parts.front()?;
        self.reading = true;
        let limit = part.written - part.read;
        Some(Place {
            store: Arc::clone(&part.store),
            offset: part.read,
            limit,
        })
    }

    /// Notes that so many bytes were read.
    pub(crate) fn has_read(&mut self, length: u64) -> Spent {
        self.reading = false;
        self.unread -= length;
        let several = self.parts.len() > 1;
        let Some(part) = self.parts.front_mut() else {
            return Spent::default();
        };
        part.read += length;
        let over = part.is_read() && (several || (part.written > KEEP && !self.writing));
        Spent(if over { self.parts.pop_front() } else { None })
    }
}

impl Place {
    /// The beginning of a new file.
    pub(crate) fn new(store: Arc<dyn Store>) -> Place {
        Place {
            store,
            offset: 0,
            limit: 0,
        }
    }

    /// Writes `segment` and returns how many bytes that took.
    pub(crate) fn write(&self, segment: &Segment) -> io::Result<u64> {
        let mut header = [0; HEADER];
        header[..8].copy_from_slice(&segment.first.to_le_bytes());
        header[8..].copy_from_slice(&(segment.len() as u64).to_le_bytes());
        self.store.write_all_at(&header, self.offset)?;
        let offset = self.offset + HEADER as u64;
        self.store.write_all_at(segment.bytes(), offset)?;
        Ok((HEADER + segment.len()) as u64)
    }

    /// Reads a segment and tells how many bytes that took.
    pub(crate) fn read(&self) -> io::Result<(Segment, u64)> {
        let mut first = [0; 8];
        let mut length = [0; 8];
        self.store.read_exact_at(&mut first, self.offset)?;
        self.store.read_exact_at(&mut length, self.offset + 8)?;
        let length = u64::from_le_bytes(length);
        let total = length
            .checked_add(HEADER as u64)
            .filter(|total| *total <= self.limit);
        // The file is ours alone; if it was changed, no length may be believed.
        let (Some(total), Ok(length)) = (total, usize::try_from(length)) else {
            return Err(ErrorKind::InvalidData.into());
        };
        let mut bytes = vec![0; length];
        self.store
            .read_exact_at(&mut bytes, self.offset + HEADER as u64)?;
        Ok((Segment::new(u64::from_le_bytes(first), bytes), total))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spill::store::fake::Disk;
    use crate::sync::Ordering;

    #[derive(Clone, Copy, Debug)]
    enum Step {
        BeginWrite,
        EndWrite(usize),
        BeginRead,
        EndRead,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            Just(Step::BeginWrite),
            (0..400_000usize).prop_map(Step::EndWrite),
            Just(Step::BeginRead),
            Just(Step::EndRead),
        ];
        prop::collection::vec(step, 0..300)
    }

    /// A segment whose bytes tell which one it is.
    fn segment(number: u64, length: usize) -> Segment {
        Segment::new(number, vec![number as u8; length])
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        /// Promise 11: segments come back as they went in, whatever reads and
        /// writes overlap, and the space of what was read is used again.
        #[test]
        fn first_in_first_out(steps in steps()) {
            let disk = Arc::new(Disk::default());
            let mut backlog = Backlog::default();
            let (mut lengths, mut written) = (VecDeque::new(), 0);
            let (mut writing, mut reading) = (None, None);
            let (mut next, mut peak) = (0, 0);
            for step in steps {
                match step {
                    Step::BeginWrite if writing.is_none() => {
                        writing = Some(backlog.begin_write());
                    }
                    Step::EndWrite(length) => if let Some(place) = writing.take() {
                        let place = place.unwrap_or_else(|| Place::new(disk.file()));
                        let total = place.write(&segment(written, length)).unwrap();
                        drop(backlog.wrote(place, total));
                        lengths.push_back(length);
                        written += 1;
                    }
                    Step::BeginRead if reading.is_none() => {
                        reading = backlog.begin_read();
                        assert_eq!(reading.is_some(), !lengths.is_empty());
                    }
                    Step::EndRead => if let Some(place) = reading.take() {
                        let (segment, total) = place.read().unwrap();
                        drop(backlog.has_read(total));
                        let wanted = vec![next as u8; lengths.pop_front().unwrap()];
                        assert_eq!(segment.first, next);
                        assert!(segment.bytes() == wanted);
                        next += 1;
                    }
                    _ => {}
                }
                peak = peak.max(backlog.unread());
                let used = disk.used.load(Ordering::SeqCst);
                prop_assert!(used <= 3 * peak + 4 * KEEP, "{used} for {peak}");
            }
            let unread = lengths.iter().map(|length| (length + HEADER) as u64).sum::<u64>();
            prop_assert_eq!(backlog.unread(), unread);
        }
    }

    fn write(backlog: &mut Backlog, disk: &Arc<Disk>, length: usize) {
        let place = backlog
            .begin_write()
            .unwrap_or_else(|| Place::new(disk.file()));
        let total = place.write(&segment(0, length)).unwrap();
        drop(backlog.wrote(place, total));
    }

    fn read(backlog: &mut Backlog) {
        let (_, total) = backlog.begin_read().unwrap().read().unwrap();
        drop(backlog.has_read(total));
    }

    /// Promise 11: a file that is read through is empty, or one is enough for
    /// as long as it stays small.
    #[test]
    fn a_drained_file_takes_no_space() {
        let disk = Arc::new(Disk::default());
        let mut backlog = Backlog::default();
        for _ in 0..1000 {
            write(&mut backlog, &disk, 100_000);
            read(&mut backlog);
        }
        assert_eq!(disk.files.load(Ordering::SeqCst), 1);
        assert!(disk.used.load(Ordering::SeqCst) <= 100_000 + HEADER as u64);
        for _ in 0..20 {
            write(&mut backlog, &disk, 100_000);
        }
        for _ in 0..20 {
            read(&mut backlog);
        }
        assert_eq!(disk.used.load(Ordering::SeqCst), 0);
    }

    /// Promise 11: a file that is never read through does not grow for ever.
    #[test]
    fn a_file_that_is_never_drained_is_replaced() {
        let disk = Arc::new(Disk::default());
        let mut backlog = Backlog::default();
        write(&mut backlog, &disk, 100_000);
        for _ in 0..500 {
            write(&mut backlog, &disk, 100_000);
            read(&mut backlog);
            assert!(disk.used.load(Ordering::SeqCst) <= 2 * KEEP);
        }
    }

    /// Promise 11: a length that cannot be is not believed.
    #[test]
    fn a_garbled_header_is_an_error() {
        let disk = Arc::new(Disk::default());
        let mut backlog = Backlog::default();
        write(&mut backlog, &disk, 10);
        let place = backlog.begin_read().unwrap();
        for length in [11, 1 << 40, u64::MAX] {
            place.store.write_all_at(&length.to_le_bytes(), 8).unwrap();
            assert_eq!(place.read().unwrap_err().kind(), ErrorKind::InvalidData);
        }
    }
}
