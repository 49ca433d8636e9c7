//! From names to bytes: a map of a regular file, a stream of anything else.
//!
//! A map lets every worker read where it wants, without a copy and without a
//! thread that reads for the others. What has no length to map (a pipe, a
//! terminal, a file of `/proc`) is read as a stream, and so is what is compressed.
//! Only what cannot be opened a second time keeps its descriptor.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::ops::{Deref, Range};
use std::path::{Path, PathBuf};

use memmap2::Mmap;

use crate::error::Error;
use crate::find::Source;
use crate::scan::format::Formats;
use crate::unpack::Packing;

/// An input that is open.
#[derive(Debug)]
pub struct Input {
    /// As it was given.
    pub name: String,
    /// Whether it was found in a directory, and not named by the user.
    pub found: bool,
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
    /// A regular file that is compressed; its map is as it is on the disk.
    Packed(Map, Packing),
    /// A regular file that is not mapped, and opened again when its turn comes.
    Later(PathBuf),
    /// Something that is no regular file, or has no name.
    Stream(File),
    /// Standard input, which is no regular file.
    Stdin,
}

impl Input {
    /// Opens a source.
    ///
    /// # Errors
    ///
    /// When there is no such file, when it may not be read, or when it is a
    /// directory.
    pub fn open(source: &Source) -> Result<Input, Error> {
        let path = &*source.path;
        let name = path.display().to_string();
        let content = if path.as_os_str() == "-" {
            Content::stdin()
        } else {
            File::open(path).and_then(|file| Content::of(file, Some(path)))
        };
        match content {
            Ok(content) => Ok(Input {
                name,
                found: source.found,
                content,
                formats: Formats::new([]),
            }),
            Err(error) => Err(Error::input(&name, explain(path, &error))),
        }
    }

    /// Lets go of the map of the file `path`, which is opened again when it is
    /// read.
    pub(crate) fn put_off(&mut self, path: &Path) {
        if self.is_mapped() && path.as_os_str() != "-" {
            self.content = Content::Later(path.to_owned());
        }
    }

    /// Whether it has a map.
    pub(crate) fn is_mapped(&self) -> bool {
        matches!(self.content, Content::Map(_) | Content::Packed(..))
    }

    /// How it is compressed, where that is known before reading.
    pub(crate) fn packing(&self) -> Option<Packing> {
        match self.content {
            Content::Packed(_, packing) => Some(packing),
            _ => None,
        }
    }

    /// The length in bytes, unpacked, where it is known before reading.
    pub fn len(&self) -> Option<u64> {
        match &self.content {
            Content::Empty => Some(0),
            Content::Map(map) => Some(map.len() as u64),
            Content::Packed(..) | Content::Later(_) | Content::Stream(_) | Content::Stdin => None,
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
                return Content::of(file, None);
            }
        }
        Ok(Content::Stdin)
    }

    /// The content of a file; `path` is where it can be opened again.
    fn of(mut file: File, path: Option<&Path>) -> io::Result<Content> {
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
        Ok(match (Map::of(&file), path) {
            (Ok(map), _) => match Packing::of(&map) {
                Some(packing) => Content::Packed(map, packing),
                None => Content::Map(map),
            },
            // Not every file system can map.
            (Err(_), Some(path)) => Content::Later(path.to_owned()),
            (Err(_), None) => Content::Stream(file),
        })
    }

    /// A reader of the bytes as they are, packed or not.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened a second time.
    pub fn reader(&self) -> io::Result<Box<dyn Read + Send + '_>> {
        match self {
            Content::Empty => Ok(Box::new(io::empty())),
            Content::Map(map) | Content::Packed(map, _) => Ok(Box::new(Passing { map, at: 0 })),
            Content::Later(path) => Ok(Box::new(File::open(path)?)),
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

/// Reads a map once, from its beginning to its end, and lets go of what it has
/// read.
struct Passing<'m> {
    map: &'m Map,
    at: usize,
}

/// What is let go of at a time.
const LEFT_BEHIND: usize = 1 << 20;

impl Read for Passing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = (&self.map[self.at..]).read(buffer)?;
        let (before, after) = (self.at / LEFT_BEHIND, (self.at + length) / LEFT_BEHIND);
        if before < after {
            self.map.release(before * LEFT_BEHIND..after * LEFT_BEHIND);
        }
        self.at += length;
        Ok(length)
    }
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
    match path.as_os_str() == "-" {
        true => "standard input is a directory".to_owned(),
        false => "is a directory".to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_can_be_put_off_and_is_read_the_same() {
        let text = b"a line\n".repeat(LEFT_BEHIND / 2);
        for bytes in [zstd::encode_all(&text[..], 0).unwrap(), text] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(&file, &bytes).unwrap();
            let mut input = Input::open(&file.path().into()).unwrap();
            let read = |input: &Input| {
                let mut bytes = Vec::new();
                input
                    .content
                    .reader()
                    .unwrap()
                    .read_to_end(&mut bytes)
                    .unwrap();
                bytes
            };
            assert!(input.is_mapped());
            assert_eq!(read(&input), bytes);
            input.put_off(file.path());
            assert!(!input.is_mapped());
            assert_eq!(read(&input), bytes);
        }
    }
}
