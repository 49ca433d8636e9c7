//! From archives to the bytes in them, as a stream of which nothing is kept.
//!
//! What an archive is is told by its first bytes, never by its name. Archives
//! may follow one another in a file, as gzip, zstd, bzip2 and xz all allow; each
//! is unpacked alone, so that they need not even be of one kind. The decoders
//! for several that the libraries have do not say where an archive ends, and
//! each has its own idea of what may stand behind the last.

use std::fmt;
use std::io::{self, BufRead, Read};

mod archive;
mod blocks;
mod packing;

use archive::Archive;
use blocks::Blocks;
pub use packing::Packing;

/// What is unpacked at a time. Always as much, so that what a decoder does with
/// a damaged archive does not depend on who reads; and little, since what it had
/// in hand at the damage is lost.
const PIECE: usize = 32 << 10;

/// Reads what is in archives, or, where there is none, what is there.
///
/// ```
/// use std::io::Read;
/// use widefinder::unpack::Unpacker;
///
/// let mut text = String::new();
/// Unpacker::new(&b"no archive"[..])?.read_to_string(&mut text)?;
/// assert_eq!(text, "no archive");
///
/// text.clear();
/// let mut two = zstd::encode_all(&b"one archive, "[..], 0)?;
/// two.extend(zstd::encode_all(&b"and another"[..], 0)?);
/// Unpacker::new(&two[..])?.read_to_string(&mut text)?;
/// assert_eq!(text, "one archive, and another");
/// # std::io::Result::Ok(())
/// ```
pub struct Unpacker<R: Read> {
    place: Place<R>,
    /// What was unpacked last.
    piece: Vec<u8>,
    /// Where in it the next byte to be read is.
    at: usize,
    /// Bytes that were unpacked.
    unpacked: u64,
}

/// Where in the input we are.
enum Place<R: Read> {
    /// Where there is no archive.
    Plain(Blocks<R>),
    Inside(Packing, Archive<Blocks<R>>),
    /// Behind an archive of that kind.
    Behind(Packing, Blocks<R>),
    /// Behind all, or behind a failure.
    End,
}

impl<R: Read> Unpacker<R> {
    /// Looks at the first bytes of `source`.
    ///
    /// # Errors
    ///
    /// When there is no byte that can be read.
    pub fn new(source: R) -> io::Result<Unpacker<R>> {
        let mut blocks = Blocks::new(source);
        let place = match Packing::of(blocks.peek(Packing::SIGNATURE)?) {
            Some(packing) => enter(packing, blocks, 0)?,
            None => Place::Plain(blocks),
        };
        Ok(Unpacker {
            place,
            piece: Vec::new(),
            at: 0,
            unpacked: 0,
        })
    }

    /// Unpacks the next piece; an empty one is the end.
    fn unpack(&mut self) -> io::Result<()> {
        self.at = 0;
        loop {
            match std::mem::replace(&mut self.place, Place::End) {
                Place::Inside(packing, mut archive) => {
                    self.piece.resize(PIECE, 0);
                    let length = archive.read(&mut self.piece);
                    self.piece.truncate(*length.as_ref().unwrap_or(&0));
                    let length = length.map_err(|error| damage(packing, self.unpacked, error))?;
                    if length > 0 {
                        self.unpacked += length as u64;
                        self.place = Place::Inside(packing, archive);
                        return Ok(());
                    }
                    self.place = Place::Behind(packing, archive.into_inner());
                }
                Place::Behind(packing, blocks) => {
                    self.place = next(packing, blocks, self.unpacked)?
                }
                end => {
                    self.place = end;
                    self.piece.clear();
                    return Ok(());
                }
            }
        }
    }
}

impl<R: Read> Read for Unpacker<R> {
    /// After an error comes the end.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Place::Plain(blocks) = &mut self.place {
            return blocks.read(buffer);
        }
        if self.at == self.piece.len() {
            self.unpack()?;
        }
        let length = (&self.piece[self.at..]).read(buffer)?;
        self.at += length;
        Ok(length)
    }
}

impl<R: Read> fmt::Debug for Unpacker<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unpacker")
            .field("unpacked", &self.unpacked)
            .finish_non_exhaustive()
    }
}

fn enter<R: Read>(packing: Packing, blocks: Blocks<R>, unpacked: u64) -> io::Result<Place<R>> {
    let archive = Archive::new(packing, blocks);
    let archive = archive.map_err(|error| damage(packing, unpacked, error))?;
    Ok(Place::Inside(packing, archive))
}

/// Finds the next archive. Zeros may stand before it, or before the end: tapes
/// and disks have blocks of a fixed size.
fn next<R: Read>(packing: Packing, mut blocks: Blocks<R>, unpacked: u64) -> io::Result<Place<R>> {
    loop {
        let block = blocks.fill_buf()?;
        if block.is_empty() {
            return Ok(Place::End);
        }
        let zeros = block.iter().take_while(|&&byte| byte == 0).count();
        let all = zeros == block.len();
        blocks.consume(zeros);
        if !all {
            break;
        }
    }
    match Packing::of(blocks.peek(Packing::SIGNATURE)?) {
        Some(next) => enter(next, blocks, unpacked),
        None => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!(
                "behind the {packing} data, which unpacks to {unpacked} bytes, is something \
                 that is not compressed"
            ),
        )),
    }
}

/// Says how far an archive could be unpacked, unless it is the disk that fails.
fn damage(packing: Packing, unpacked: u64, error: io::Error) -> io::Error {
    if error.raw_os_error().is_some() {
        return error;
    }
    let kind = error.kind();
    let message = match kind {
        io::ErrorKind::UnexpectedEof => {
            format!("the {packing} data ends too early, after {unpacked} unpacked bytes")
        }
        // Damaged, or not to be unpacked in the memory that it may use.
        _ => format!("the {packing} data cannot be unpacked beyond {unpacked} bytes ({error})"),
    };
    io::Error::new(kind, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zstd(text: &[u8]) -> Vec<u8> {
        zstd::encode_all(text, 0).expect("memory takes all")
    }

    fn unpacked(bytes: &[u8]) -> (Vec<u8>, Option<String>) {
        let mut text = Vec::new();
        let read = Unpacker::new(bytes).and_then(|mut unpacker| unpacker.read_to_end(&mut text));
        (text, read.err().map(|error| error.to_string()))
    }

    #[test]
    fn what_is_no_archive_is_read_as_it_is() {
        for text in ["", "\n", "BZh", "BZh91 is a client", "P*M\x19"] {
            assert_eq!(unpacked(text.as_bytes()), (text.into(), None));
        }
    }

    #[test]
    fn zeros_may_stand_behind_an_archive_and_nothing_else() {
        let archive = zstd(b"a");
        let padded = |count: usize| [&archive[..], &vec![0; count]].concat();
        for zeros in [0, 1, 10, 70_000] {
            assert_eq!(unpacked(&padded(zeros)), (b"a".into(), None));
            let two = [padded(zeros), archive.clone()].concat();
            assert_eq!(unpacked(&two), (b"aa".into(), None));
        }
        for junk in [&b"x"[..], b"\0\0x", b"\x28\xb5"] {
            let (text, error) = unpacked(&[&archive[..], junk].concat());
            let expected = "behind the zstd data, which unpacks to 1 bytes, is something that is \
                            not compressed";
            assert_eq!((&text[..], error.as_deref()), (&b"a"[..], Some(expected)));
        }
    }

    #[test]
    fn frames_to_be_skipped_are_skipped() {
        let skippable = b"\x5f\x2a\x4d\x18\x03\0\0\0xyz";
        let archive = [&skippable[..], &zstd(b"a"), skippable].concat();
        assert_eq!(unpacked(&archive), (b"a".into(), None));
    }

    #[test]
    fn a_failing_disk_is_no_damaged_archive() {
        struct Failing(io::Cursor<Vec<u8>>);
        impl Read for Failing {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                match self.0.read(buffer)? {
                    0 => Err(io::Error::from_raw_os_error(5)),
                    length => Ok(length),
                }
            }
        }
        let mut half = zstd(b"a");
        half.truncate(8);
        let mut unpacker = Unpacker::new(Failing(io::Cursor::new(half))).expect("an archive");
        let error = unpacker.read(&mut [0; 9]).expect_err("the disk fails");
        assert_eq!(error.raw_os_error(), Some(5));
        assert_eq!(unpacker.read(&mut [0; 9]).expect("the end"), 0);
    }
}
