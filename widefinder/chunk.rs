//! Slices of the inputs that begin and end at a line border.
//!
//! A map is cut at fixed distances, without looking at its bytes: a chunk owns
//! the lines that *start* in it. The worker that scans it finds the borders. To
//! look for them here would make one thread touch every chunk of a cold file
//! before the others could.

use std::collections::VecDeque;
use std::io::{self, Read};

use memchr::{memchr, memrchr};

use crate::headed;
use crate::open::Map;
use crate::scan::format::Formats;
use crate::scan::headers::Headers;

/// A slice of whole lines of one input.
#[derive(Clone, Copy, Debug)]
pub struct Span<'c> {
    /// The number of the input, from 0.
    pub input: usize,
    /// Where the bytes begin in the input.
    pub offset: u64,
    /// Whole lines; the last may lack its line end.
    pub bytes: &'c [u8],
    /// The formats of the lines; none if the question is not about fields.
    pub formats: &'c Formats,
}

/// A unit of work for one worker.
#[derive(Debug)]
pub enum Chunk<'m> {
    /// The lines of a map that start in `start..end`.
    Mapped {
        /// The number of the input.
        input: usize,
        /// The whole map.
        map: &'m Map,
        /// The first byte of the chunk.
        start: usize,
        /// The byte behind it.
        end: usize,
        /// Of its lines.
        formats: Formats,
    },
    /// Lines that were read from a stream.
    Read {
        /// The number of the input.
        input: usize,
        /// Where the bytes begin in the stream.
        offset: u64,
        /// Whole lines.
        bytes: Vec<u8>,
        /// Of its lines.
        formats: Formats,
    },
}

impl Chunk<'_> {
    /// The lines that belong to this chunk.
    pub fn span(&self) -> Span<'_> {
        match *self {
            Chunk::Mapped {
                input,
                map,
                start,
                end,
                ref formats,
            } => {
                let (from, to) = lines_starting_in(map, start, end);
                Span {
                    input,
                    offset: from as u64,
                    bytes: &map[from..to],
                    formats,
                }
            }
            Chunk::Read {
                input,
                offset,
                ref bytes,
                ref formats,
            } => Span {
                input,
                offset,
                bytes,
                formats,
            },
        }
    }
}

/// Smaller ones are kept: a call of the system for each took most of the time of
/// runs with chunks of a few bytes.
const LARGE: usize = 64 << 10;

/// What Linux maps around a byte that is looked at, unless it has the file in
/// larger pieces.
const AROUND: usize = 64 << 10;

impl Chunk<'_> {
    /// Lets go of what a map has read for this chunk, which is not looked at
    /// again but at its borders. Else all is let go of when the program ends, by
    /// one thread.
    pub fn release(&self) {
        if let Chunk::Mapped {
            map, start, end, ..
        } = *self
            && end - start >= LARGE
        {
            // The look at the byte before the chunk has brought back what lies
            // around it.
            map.release(start.saturating_sub(AROUND)..end);
        }
    }
}

/// Returns where the lines that start in `start..end` begin and end.
///
/// Looks for a line start in `start..end` only, so that in a line longer than
/// many chunks each of these is looked at once.
fn lines_starting_in(map: &[u8], start: usize, end: usize) -> (usize, usize) {
    let from = match start.checked_sub(1) {
        None => 0,
        // A line starts behind each line end, and at no other place.
        Some(before) => match memchr(b'\n', &map[before..end - 1]) {
            Some(newline) => before + newline + 1,
            None => return (start, start),
        },
    };
    let to = match memchr(b'\n', &map[end - 1..]) {
        Some(newline) => end + newline,
        None => map.len(),
    };
    (from, to)
}

/// Cuts a map into chunks of `size` bytes.
pub fn mapped<'m>(
    input: usize,
    map: &'m Map,
    formats: &Formats,
    size: usize,
) -> impl Iterator<Item = Chunk<'m>> + use<'m> {
    let formats = formats.clone();
    (0..map.len())
        .step_by(size)
        .map(move |start| Chunk::Mapped {
            input,
            map,
            start,
            end: start.saturating_add(size).min(map.len()),
            formats: formats.clone(),
        })
}

/// Reads a stream in chunks of about `size` bytes, or of one line where that is
/// longer.
#[derive(Debug)]
pub struct Reader<R> {
    stream: R,
    input: usize,
    formats: Formats,
    /// If the formats change with the header lines.
    headers: Option<Headers>,
    /// What has been read, cut where they do.
    cut: VecDeque<(Vec<u8>, Formats)>,
    size: usize,
    offset: u64,
    /// The beginning of a line whose end has not been read.
    carry: Vec<u8>,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Starts at the beginning of `stream`.
    pub fn new(input: usize, stream: R, formats: Formats, size: usize) -> Reader<R> {
        Reader {
            stream,
            input,
            headers: Headers::of(&formats),
            cut: VecDeque::new(),
            formats,
            size,
            offset: 0,
            carry: Vec::new(),
            ended: false,
        }
    }

    /// Reads until there is a line end behind at least `size` bytes, or the
    /// stream ends.
    fn fill(&mut self) -> io::Result<Vec<u8>> {
        let mut bytes = std::mem::take(&mut self.carry);
        bytes.reserve(self.size);
        let mut searched = 0;
        loop {
            let wanted = self.size.max(bytes.len()) as u64;
            let result = self.stream.by_ref().take(wanted).read_to_end(&mut bytes);
            match result {
                Ok(0) => {
                    self.ended = true;
                    return Ok(bytes);
                }
                Ok(_) => {}
                Err(error) => {
                    // Whole lines are good; the last may have been cut anywhere.
                    bytes.truncate(memrchr(b'\n', &bytes).map_or(0, |newline| newline + 1));
                    self.carry = bytes;
                    return Err(error);
                }
            }
            if let Some(newline) = memrchr(b'\n', &bytes[searched..]) {
                self.carry = bytes.split_off(searched + newline + 1);
                return Ok(bytes);
            }
            searched = bytes.len();
        }
    }
}

impl<R> Reader<R> {
    /// The chunk of the next bytes.
    fn chunk(&mut self, bytes: Vec<u8>, formats: Formats) -> Chunk<'static> {
        let offset = self.offset;
        self.offset += bytes.len() as u64;
        Chunk::Read {
            input: self.input,
            offset,
            bytes,
            formats,
        }
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = io::Result<Chunk<'static>>;

    /// After an error come the whole lines that were read before it, then the
    /// end.
    fn next(&mut self) -> Option<Self::Item> {
        if let Some((bytes, formats)) = self.cut.pop_front() {
            return Some(Ok(self.chunk(bytes, formats)));
        }
        if self.ended && self.carry.is_empty() {
            return None;
        }
        let bytes = if self.ended {
            std::mem::take(&mut self.carry)
        } else {
            match self.fill() {
                Ok(bytes) => bytes,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        };
        if bytes.is_empty() {
            return None;
        }
        let (bytes, formats) = match &mut self.headers {
            None => (bytes, self.formats.clone()),
            Some(headers) => {
                self.cut = headed::read(bytes, self.offset == 0, headers);
                self.cut.pop_front()?
            }
        };
        Some(Ok(self.chunk(bytes, formats)))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const LOGS: [&[u8]; 9] = [
        b"",
        b"\n",
        b"a",
        b"\n\n\n",
        b"a\nb\n",
        b"a\n\nbcd\r\n\n",
        b"no end of line at the end\nlast",
        b"\n\nx",
        b"a line that is longer than many chunks\nb\n\n",
    ];

    #[test]
    fn chunks_of_any_size_hold_each_line_once() {
        for log in LOGS.into_iter().filter(|log| !log.is_empty()) {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(log).unwrap();
            let map = Map::of(&file).unwrap();
            for size in 1..=log.len() + 2 {
                let mut offset = 0;
                for chunk in mapped(0, &map, &Formats::new([]), size) {
                    let span = chunk.span();
                    if span.bytes.is_empty() {
                        continue;
                    }
                    assert_eq!(span.offset, offset as u64);
                    assert_eq!(span.bytes, &log[offset..offset + span.bytes.len()]);
                    offset += span.bytes.len();
                    assert!(offset == log.len() || log[offset - 1] == b'\n');
                    // What is let go of comes back when it is looked at again.
                    map.release(0..log.len());
                }
                assert_eq!(offset, log.len());
            }
        }
    }

    /// Gives one byte at a time, as a slow pipe does.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = buffer.len().min(1);
            self.0.read(&mut buffer[..length])
        }
    }

    #[test]
    fn streams_are_cut_at_line_ends() {
        for log in LOGS {
            for size in 1..=log.len() + 2 {
                let mut all = Vec::new();
                for chunk in Reader::new(0, Slow(log), Formats::new([]), size) {
                    let chunk = chunk.unwrap();
                    let span = chunk.span();
                    assert_eq!(span.offset, all.len() as u64);
                    all.extend_from_slice(span.bytes);
                    assert!(all.len() == log.len() || all.ends_with(b"\n"));
                }
                assert_eq!(all, log);
            }
        }
    }

    #[test]
    fn whole_lines_before_an_error_are_kept() {
        struct Failing(usize);
        impl Read for Failing {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.0 += 1;
                match self.0 {
                    1 => (&b"a\nb"[..]).read(buffer),
                    _ => Err(io::Error::other("broken")),
                }
            }
        }
        let chunks: Vec<_> = Reader::new(0, Failing(0), Formats::new([]), 100).collect();
        assert_eq!(chunks.len(), 2);
        assert!(chunks[0].is_err());
        assert_eq!(chunks[1].as_ref().unwrap().span().bytes, b"a\n");
    }
}
