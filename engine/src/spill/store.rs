//! The temporary file as the spill sees it: bytes at offsets.
//!
//! Reads and writes name their offset, so that the writer and a reader use one
//! file at the same time. A cursor, as of `Read` and `Seek`, would need a lock
//! around each of them, and every reader would wait for the writer's disk.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, ErrorKind};

/// Something that holds bytes and gives them back.
pub(crate) trait Store: Send + Sync + Debug {
    /// Writes some of `bytes` and returns how many.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize>;

    /// Reads into some of `bytes` and returns how many; 0 at the end.
    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize>;
}

impl dyn Store {
    /// Writes all of `bytes`, however often the system stops halfway.
    pub(crate) fn write_all_at(&self, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.write_at(bytes, offset) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(written) => {
                    bytes = &bytes[written..];
                    offset += written as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Fills all of `bytes`, however often the system stops halfway.
    pub(crate) fn read_exact_at(&self, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.read_at(bytes, offset) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    bytes = &mut bytes[read..];
                    offset += read as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(unix)]
impl Store for File {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::write_at(self, bytes, offset)
    }

    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self, bytes, offset)
    }
}

#[cfg(windows)]
impl Store for File {
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_write(self, bytes, offset)
    }

    fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
        std::os::windows::fs::FileExt::seek_read(self, bytes, offset)
    }
}

/// A file in memory that fails as it is told.
#[cfg(test)]
pub(crate) mod fake {
    use super::*;
    use crate::sync::{Arc, AtomicBool, AtomicU64, Mutex, Ordering, lock};

    /// What the files of one test share.
    #[derive(Debug, Default)]
    pub(crate) struct Disk {
        /// Bytes that all files hold.
        pub(crate) used: AtomicU64,
        /// Bytes that they may hold; 0 for no bound.
        pub(crate) room: AtomicU64,
        pub(crate) files: AtomicU64,
        /// Every second call is interrupted, and the others stop halfway.
        pub(crate) halting: AtomicBool,
        pub(crate) unreadable: AtomicBool,
        /// Reads do not return while this is set; how many have met it.
        pub(crate) held: AtomicBool,
        pub(crate) held_up: AtomicU64,
        calls: AtomicU64,
    }

    #[derive(Debug)]
    struct Fake {
        bytes: Mutex<Vec<u8>>,
        disk: Arc<Disk>,
    }

    impl Disk {
        pub(crate) fn file(self: &Arc<Disk>) -> Arc<dyn Store> {
            self.files.fetch_add(1, Ordering::SeqCst);
            let (bytes, disk) = (Mutex::default(), Arc::clone(self));
            Arc::new(Fake { bytes, disk })
        }

        /// Returns how many of `wanted` bytes this call handles.
        fn call(&self, wanted: usize) -> io::Result<usize> {
            if !self.halting.load(Ordering::SeqCst) {
                return Ok(wanted);
            }
            if self.calls.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
                return Err(ErrorKind::Interrupted.into());
            }
            Ok(wanted.div_ceil(2))
        }
    }

    impl Store for Fake {
        fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<usize> {
            let mut wanted = self.disk.call(bytes.len())?;
            let mut held = lock(&self.bytes);
            let (used, room) = (&self.disk.used, self.disk.room.load(Ordering::SeqCst));
            let offset = offset as usize;
            if room > 0 {
                let left = room - used.load(Ordering::SeqCst);
                let longest = held.len() + left as usize;
                wanted = wanted.min(longest.saturating_sub(offset));
                if wanted == 0 {
                    return Err(ErrorKind::StorageFull.into());
                }
            }
            let end = offset + wanted;
            if end > held.len() {
                used.fetch_add((end - held.len()) as u64, Ordering::SeqCst);
                held.resize(end, 0);
            }
            held[offset..end].copy_from_slice(&bytes[..wanted]);
            Ok(wanted)
        }

        fn read_at(&self, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
            if self.disk.held.load(Ordering::SeqCst) {
                self.disk.held_up.fetch_add(1, Ordering::SeqCst);
                while self.disk.held.load(Ordering::SeqCst) {
                    std::thread::yield_now();
                }
            }
            if self.disk.unreadable.load(Ordering::SeqCst) {
                return Err(ErrorKind::Other.into());
            }
            let wanted = self.disk.call(bytes.len())?;
            let held = lock(&self.bytes);
            let from = held.get(offset as usize..).unwrap_or_default();
            let read = wanted.min(from.len());
            bytes[..read].copy_from_slice(&from[..read]);
            Ok(read)
        }
    }

    impl Drop for Fake {
        fn drop(&mut self) {
            let length = lock(&self.bytes).len();
            self.disk.used.fetch_sub(length as u64, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fake::Disk;
    use super::*;
    use crate::sync::{Arc, Ordering};

    /// Promise 11: neither a short write nor a signal loses a byte.
    #[test]
    fn halting_calls_are_resumed() {
        let disk = Arc::new(Disk::default());
        disk.halting.store(true, Ordering::SeqCst);
        let file = disk.file();
        let bytes: Vec<u8> = (0..=255).collect();
        file.write_all_at(&bytes, 7).unwrap();
        let mut back = [0; 256];
        file.read_exact_at(&mut back, 7).unwrap();
        assert_eq!(back[..], bytes);
    }

    /// Promise 11: a full disk and a file that is too short are errors.
    #[test]
    fn what_cannot_be_done_is_an_error() {
        let disk = Arc::new(Disk::default());
        disk.room.store(10, Ordering::SeqCst);
        let file = disk.file();
        let full = file.write_all_at(&[1; 11], 0).unwrap_err();
        assert_eq!(full.kind(), ErrorKind::StorageFull);
        let short = file.read_exact_at(&mut [0; 11], 0).unwrap_err();
        assert_eq!(short.kind(), ErrorKind::UnexpectedEof);
    }

    /// Promise 11: a temporary file takes what is written where it is written.
    #[test]
    fn a_temporary_file_is_a_store() {
        let file: Arc<dyn Store> = Arc::new(tempfile::tempfile().unwrap());
        file.write_all_at(b"behind", 4).unwrap();
        file.write_all_at(b"fore", 0).unwrap();
        let mut back = [0; 8];
        file.read_exact_at(&mut back, 2).unwrap();
        assert_eq!(&back, b"rebehind");
        let end = file.read_exact_at(&mut back, 3).unwrap_err();
        assert_eq!(end.kind(), ErrorKind::UnexpectedEof);
    }
}
