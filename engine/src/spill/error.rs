//! What can go wrong between a value and its decoded copy.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;

/// What failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SpillErrorKind {
    /// A value could not be encoded; it is lost, and the spill has ended.
    Encode,
    /// There is no temporary file; the spill has ended, and nothing is lost
    /// that it had read.
    Create,
    /// The temporary file takes no more, because the disk is full, say; the
    /// spill has ended, and nothing is lost that it had read.
    Write,
    /// The temporary file cannot be read back; what was in it and behind it
    /// is lost, and the spill has ended.
    Read,
    /// One value could not be decoded; those after it still come.
    Decode,
}

/// An error of a [`Spill`](crate::Spill), an item in the place where it
/// happened.
///
/// The values before it have been delivered. After it the spill has ended and
/// its input is cancelled, except after [`SpillErrorKind::Decode`], which
/// concerns one value. Values are numbered from 0.
#[derive(Debug)]
pub struct SpillError {
    context: Context,
    source: Option<Box<dyn Error + Send + Sync>>,
}

#[derive(Debug)]
enum Context {
    Encode {
        value: u64,
    },
    Create {
        dir: PathBuf,
    },
    Write {
        dir: PathBuf,
        on_disk: u64,
        full: bool,
    },
    Read {
        dir: PathBuf,
        lost: u64,
    },
    Decode {
        value: u64,
    },
}

impl SpillError {
    fn new<E>(context: Context, source: Option<E>) -> SpillError
    where
        E: Error + Send + Sync + 'static,
    {
        SpillError {
            context,
            source: source.map(|source| Box::new(source) as _),
        }
    }

    pub(crate) fn encode(value: u64, source: postcard::Error) -> SpillError {
        SpillError::new(Context::Encode { value }, Some(source))
    }

    pub(crate) fn create(dir: PathBuf, source: io::Error) -> SpillError {
        SpillError::new(Context::Create { dir }, Some(source))
    }

    /// `on_disk` are the bytes that were written before and not read yet.
    pub(crate) fn write(dir: PathBuf, on_disk: u64, source: io::Error) -> SpillError {
        let full = matches!(
            source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        );
        SpillError::new(Context::Write { dir, on_disk, full }, Some(source))
    }

    /// `lost` are the bytes that were still to be read.
    pub(crate) fn read(dir: PathBuf, lost: u64, source: io::Error) -> SpillError {
        SpillError::new(Context::Read { dir, lost }, Some(source))
    }

    /// Without a source the value was decoded before its bytes had ended.
    pub(crate) fn decode(value: u64, source: Option<postcard::Error>) -> SpillError {
        SpillError::new(Context::Decode { value }, source)
    }

    /// Returns what failed.
    pub fn kind(&self) -> SpillErrorKind {
        match self.context {
            Context::Encode { .. } => SpillErrorKind::Encode,
            Context::Create { .. } => SpillErrorKind::Create,
            Context::Write { .. } => SpillErrorKind::Write,
            Context::Read { .. } => SpillErrorKind::Read,
            Context::Decode { .. } => SpillErrorKind::Decode,
        }
    }
}

impl fmt::Display for SpillError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.context {
            Context::Encode { value } => write!(f, "value {value} cannot be encoded"),
            Context::Create { dir } => write!(
                f,
                "no temporary file can be made in {}; name another directory, or set TMPDIR",
                dir.display()
            ),
            Context::Write { dir, on_disk, full } => {
                let why = if *full {
                    "there is no room for more"
                } else {
                    "a write failed"
                };
                let dir = dir.display();
                write!(
                    f,
                    "{why} in the temporary file in {dir}, which holds {on_disk} bytes"
                )
            }
            Context::Read { dir, lost } => write!(
                f,
                "the temporary file in {} cannot be read back; its last {lost} bytes and what \
                 came after them are lost",
                dir.display()
            ),
            Context::Decode { value } => write!(f, "value {value} cannot be decoded"),
        }
    }
}

impl Error for SpillError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
