//! From names to bytes: a map of a regular file, a stream of anything else.
//!
//! A map lets every worker read where it wants, without a copy and without a
//! thread that reads for the others. What has no length to map (a pipe, a
//! terminal, a file of `/proc`) is read as a stream.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::ops::{Deref, Range};
use std::path::Path;

use memmap2::Mmap;

use crate::error::Error;
use crate::scan::format::Formats;

/// An input that is open.
#[derive(Debug)]
pub struct Input {
    /// As it was given.
    pub name: String,
    /// Where its bytes come from.
    pub content: Content,
    /// Of its lines, where that is known before it is read.
    pub formats: Formats,
}

/// Where the bytes of an input come from.
#[derive(Debug)]
pub enum Content {
    /// A regular file without content; it keeps no descriptor.
    Empty,
    /// A regular file.
    Map(Map),
    /// A regular file that is read as a stream, or something that is no regular
    /// file.
    Stream(File),
    /// Standard input, which is no regular file.
    Stdin,
}

impl Input {
    /// Opens `path`; `-` is standard input.
    ///
    /// # Errors
    ///
    /// When there is no such file, when it may not be read, or when it is a
    /// directory or compressed.
    pub fn open(path: &Path) -> Result<Input, Error> {
        let name = path.display().to_string();
        let content = if path.as_os_str() == "-" {
            Content::stdin()
        } else {
            File::open(path).and_then(Content::of)
        };
        match content {
            Ok(content) => {
                if let Content::Map(map) = &content {
                    refuse_compressed(&name, map)?;
                }
                Ok(Input {
                    name,
                    content,
                    formats: Formats::new([]),
                })
            }
            Err(error) => Err(Error::input(&name, explain(path, &error))),
        }
    }

    /// The length in bytes, where it is known before reading.
    pub fn len(&self) -> Option<u64> {
        match &self.content {
            Content::Empty => Some(0),
            Content::Map(map) => Some(map.len() as u64),
            Content::Stream(_) | Content::Stdin => None,
        }
    }

    /// Whether it is known to be empty.
    pub fn is_empty(&self) -> bool {
        self.len() == Some(0)
    }
}

impl Content {
    fn stdin() -> io::Result<Content> {
        // `widefinder < access.log` deserves a map as much as a name does.
        #[cfg(unix)]
        {
            use std::os::fd::AsFd;

            let mut file = File::from(io::stdin().as_fd().try_clone_to_owned()?);
            // A shell may have read a part already: the rest is what was given.
            let metadata = file.metadata()?;
            if metadata.is_dir() || metadata.is_file() && file.stream_position()? == 0 {
                return Content::of(file);
            }
        }
        Ok(Content::Stdin)
    }

    fn of(mut file: File) -> io::Result<Content> {
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if !metadata.is_file() {
            return Ok(Content::Stream(file));
        }
        if metadata.len() == 0 {
            // A file that says it is empty may still have content, as in /proc.
            if file.read(&mut [0])? == 0 {
                return Ok(Content::Empty);
            }
            file.rewind()?;
            return Ok(Content::Stream(file));
        }
        match Map::of(&file) {
            Ok(map) => Ok(Content::Map(map)),
            // Not every file system can map.
            Err(_) => Ok(Content::Stream(file)),
        }
    }

    /// A reader of what is no map.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened a second time.
    ///
    /// # Panics
    ///
    /// For a map, which needs no reader.
    pub fn reader(&self) -> io::Result<Box<dyn Read + Send>> {
        match self {
            Content::Empty => Ok(Box::new(io::empty())),
            Content::Map(_) => unreachable!("a map is not read as a stream"),
            Content::Stream(file) => Ok(Box::new(file.try_clone()?)),
            Content::Stdin => Ok(Box::new(io::stdin())),
        }
    }
}

/// A regular file in memory.
#[derive(Debug)]
pub struct Map(Mmap);

impl Map {
    /// Maps a file.
    ///
    /// # Errors
    ///
    /// When it cannot be mapped: not every file system can, and an empty file
    /// has nothing to map.
    pub fn of(file: &File) -> io::Result<Map> {
        // SAFETY: this needs a promise that we cannot give, that nobody changes
        // the file while it is mapped. Servers only append to a log, and what is
        // appended lies behind the map. A process that overwrites it changes
        // bytes that the compiler takes for constant, which is undefined
        // behaviour in theory and wrong counts in practice; one that truncates it
        // (logrotate's copytruncate) makes a read of the lost part end the
        // process with SIGBUS. Every program that maps logs lives with that; the
        // README names the way out, which is a pipe.
        #[expect(unsafe_code)]
        let map = unsafe { Mmap::map(file) }?;
        // A hint; without it a run is slower and no less right.
        #[cfg(unix)]
        let _ = map.advise(memmap2::Advice::Sequential);
        Ok(Map(map))
    }

    /// Lets go of the pages of a range, whole ones, be they in it only in part.
    /// They are read again if they are looked at again.
    ///
    /// # Panics
    ///
    /// When the range reaches beyond the map.
    pub fn release(&self, range: Range<usize>) {
        assert!(range.start <= range.end && range.end <= self.len());
        #[cfg(unix)]
        // SAFETY: the range is within the map, which is of a file and read only,
        // so that all its pages come back from the file with the same bytes.
        #[expect(unsafe_code)]
        let _ = unsafe {
            let advice = memmap2::UncheckedAdvice::DontNeed;
            self.0
                .unchecked_advise_range(advice, range.start, range.len())
        };
        #[cfg(not(unix))]
        let _ = range;
    }
}

impl Deref for Map {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// The length of the longest signature of a compressed file, in bytes.
pub const SIGNATURE: usize = 10;

/// Tells by the first bytes of a file whether it is compressed: the format, and
/// the tool that unpacks it.
fn packing(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    match bytes {
        [0x1f, 0x8b, ..] => Some(("gzip", "zcat")),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(("zstd", "zstdcat")),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(("xz", "xzcat")),
        // More than the letters: a client's name may begin with BZh as well.
        [
            b'B',
            b'Z',
            b'h',
            b'1'..=b'9',
            b'1',
            b'A',
            b'Y',
            b'&',
            b'S',
            b'Y',
            ..,
        ] => Some(("bzip2", "bzcat")),
        _ => None,
    }
}

/// Checks that `bytes`, the first ones of an input, are no compressed file.
///
/// # Errors
///
/// When they are, since to report a few bad lines instead would be misleading.
pub fn refuse_compressed(name: &str, bytes: &[u8]) -> Result<(), Error> {
    let Some((format, tool)) = packing(bytes) else {
        return Ok(());
    };
    let file = match name {
        "-" => String::new(),
        name => format!(" {name}"),
    };
    Err(Error::input(
        name,
        format_args!(
            "is compressed with {format}, which is not read directly; \
             try: {tool}{file} | widefinder"
        ),
    ))
}

/// Says what is wrong with a file that cannot be opened, and what to try.
fn explain(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => match similar(path) {
            Some(other) => format!("no such file; did you mean {other}?"),
            None => "no such file".to_owned(),
        },
        io::ErrorKind::IsADirectory => directory(path),
        _ if path.is_dir() => directory(path),
        io::ErrorKind::PermissionDenied => {
            "you may not read this file; try it as the user who owns the logs".to_owned()
        }
        _ => format!("cannot be opened: {error}"),
    }
}

fn directory(path: &Path) -> String {
    if path.as_os_str() == "-" {
        return "standard input is a directory".to_owned();
    }
    let files = path.join("*.log");
    format!(
        "is a directory; name the files in it, such as {}",
        files.display()
    )
}

/// Finds the file beside `path` whose name is nearest to its name, if any is
/// near: a transposition or two letters.
fn similar(path: &Path) -> Option<String> {
    const NEAR: usize = 2;
    let wanted = path.file_name()?.to_str()?;
    let parent = path.parent().filter(|parent| parent != &Path::new(""));
    let entries = std::fs::read_dir(parent.unwrap_or(Path::new("."))).ok()?;
    let mut nearest: Option<(usize, String)> = None;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let distance = strsim::damerau_levenshtein(wanted, &name);
        let candidate = (distance, name);
        if distance <= NEAR && nearest.as_ref().is_none_or(|best| candidate < *best) {
            nearest = Some(candidate);
        }
    }
    let (_, name) = nearest?;
    Some(match parent {
        Some(parent) => parent.join(name).display().to_string(),
        None => name,
    })
}
