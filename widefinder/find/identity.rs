//! What makes two names those of one file.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

/// A file or a directory, whatever it is called.
///
/// The crate same-file keeps what it compares open, so that a number of files
/// would not be lost; for thousands there are no descriptors.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Identity {
    #[cfg(unix)]
    device: u64,
    #[cfg(unix)]
    number: u64,
    #[cfg(not(unix))]
    path: std::path::PathBuf,
}

impl Identity {
    /// The identity of a regular file, or of one that standard input is.
    pub(super) fn of_file(path: &Path) -> Option<Identity> {
        if path.as_os_str() == "-" {
            return Identity::of_stdin();
        }
        let metadata = fs::metadata(path).ok()?;
        match metadata.is_file() {
            true => Identity::of(path, &metadata).ok(),
            false => None,
        }
    }

    /// The identity of what is at `path`, whose links were followed.
    #[cfg(unix)]
    pub(super) fn of(_path: &Path, metadata: &Metadata) -> io::Result<Identity> {
        use std::os::unix::fs::MetadataExt;

        Ok(Identity {
            device: metadata.dev(),
            number: metadata.ino(),
        })
    }

    /// The identity of what is at `path`, whose links were followed.
    #[cfg(not(unix))]
    pub(super) fn of(path: &Path, _metadata: &Metadata) -> io::Result<Identity> {
        let path = fs::canonicalize(path)?;
        Ok(Identity { path })
    }

    #[cfg(unix)]
    fn of_stdin() -> Option<Identity> {
        use std::os::fd::AsFd;

        let stdin = io::stdin().as_fd().try_clone_to_owned().ok()?;
        let metadata = fs::File::from(stdin).metadata().ok()?;
        match metadata.is_file() {
            true => Identity::of(Path::new("-"), &metadata).ok(),
            false => None,
        }
    }

    #[cfg(not(unix))]
    fn of_stdin() -> Option<Identity> {
        None
    }
}
