//! Lines that do not fit: the first few of each input are kept to be shown, and
//! all of them in temporary files if somebody wants them.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use super::combined::Misfit;
use super::lines::count_lines;
use crate::chunk::Span;

/// A line that does not fit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct BadLine {
    /// The number of the input, from 0.
    pub input: usize,
    /// The first byte of the line in its input, from 0.
    pub offset: u64,
    /// The number of the line in its input, from 1, if lines were counted.
    pub number: Option<u64>,
    /// The byte of the line, from 0, at which it stopped fitting.
    pub at: usize,
    /// What should have stood there.
    pub expected: &'static str,
    /// The beginning of the line.
    pub text: Vec<u8>,
}

/// The first bad lines of each input, in the order of their offsets, whatever
/// thread met them first.
#[derive(Debug, Default)]
pub struct BadLines {
    inputs: BTreeMap<usize, Vec<BadLine>>,
    /// An input of which enough earlier lines are kept, and the last of them.
    full: Option<(usize, u64)>,
    /// All of them, if they are wanted.
    all: Option<Store>,
}

impl BadLines {
    /// How many are kept of an input: enough to see what is wrong.
    const KEPT: usize = 3;
    /// How much of a line is kept, in bytes.
    const TEXT: usize = 200;

    /// Bad lines of which all are wanted.
    pub fn all() -> BadLines {
        BadLines {
            all: Some(Store::new()),
            ..BadLines::default()
        }
    }

    /// Whether all are wanted.
    pub fn keeps_all(&self) -> bool {
        self.all.is_some()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty()
    }

    /// Notes the line that starts at `start` of a chunk, unless earlier ones fill
    /// the list. Its number is that in the chunk, if the chunk's lines are
    /// counted; see [`BadLines::number`].
    #[inline]
    pub fn note(
        &mut self,
        span: Span<'_>,
        start: usize,
        line: &[u8],
        misfit: Misfit,
        counted: bool,
    ) {
        let (input, offset) = (span.input, span.offset + start as u64);
        if let Some(all) = &mut self.all {
            all.add(span, line);
        }
        if let Some((full, last)) = self.full
            && full == input
            && last < offset
        {
            return;
        }
        let kept = self.inputs.entry(input).or_default();
        if let Some(last) = kept.get(Self::KEPT - 1)
            && last.offset < offset
        {
            self.full = Some((input, last.offset));
            return;
        }
        self.insert(BadLine {
            input,
            offset,
            number: counted.then(|| 1 + count_lines(&span.bytes[..start])),
            at: misfit.at,
            expected: misfit.expected,
            text: line[..line.len().min(Self::TEXT)].to_vec(),
        });
    }

    /// Makes the numbers of lines in their chunks those in their inputs, given
    /// how many lines of an input stand before the chunk with an offset.
    pub fn number(&mut self, before: impl Fn(usize, u64) -> u64) {
        for line in self.inputs.values_mut().flatten() {
            line.number = line
                .number
                .map(|number| number + before(line.input, line.offset));
        }
    }

    /// Keeps the first of both lists.
    pub fn merge(&mut self, others: BadLines) {
        for other in others.inputs.into_values().flatten() {
            self.insert(other);
        }
    }

    /// The lines, input by input, first to last.
    pub fn lines(&self) -> impl Iterator<Item = &BadLine> {
        self.inputs.values().flatten()
    }

    /// Takes all of them, if they were wanted.
    pub fn take_all(&mut self) -> Option<Store> {
        self.all.take()
    }

    fn insert(&mut self, line: BadLine) {
        self.full = None;
        let kept = self.inputs.entry(line.input).or_default();
        let place = kept.partition_point(|kept| *kept < line);
        kept.insert(place, line);
        kept.truncate(Self::KEPT);
    }
}

/// All bad lines of one worker, in the order in which it met them.
#[derive(Debug)]
pub struct Store {
    out: io::Result<BufWriter<File>>,
    parts: Vec<Part>,
}

/// Where the bad lines of a chunk lie in the file of the worker that had it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Part {
    input: usize,
    /// Where the chunk begins in the input.
    offset: u64,
    start: u64,
    end: u64,
}

impl Store {
    fn new() -> Store {
        Store {
            out: tempfile::tempfile().map(BufWriter::new),
            parts: Vec::new(),
        }
    }

    fn add(&mut self, span: Span<'_>, line: &[u8]) {
        let Ok(out) = &mut self.out else {
            return;
        };
        let written = out.write_all(line).and_then(|()| out.write_all(b"\n"));
        if let Err(error) = written {
            self.out = Err(error);
            return;
        }
        let length = line.len() as u64 + 1;
        match self.parts.last_mut() {
            Some(part) if (part.input, part.offset) == (span.input, span.offset) => {
                part.end += length;
            }
            last => {
                let start = last.map_or(0, |part| part.end);
                self.parts.push(Part {
                    input: span.input,
                    offset: span.offset,
                    start,
                    end: start + length,
                });
            }
        }
    }
}

/// All bad lines of a run.
#[derive(Debug)]
pub struct AllBad {
    /// A file of each worker.
    files: io::Result<Vec<File>>,
    /// In the order of the inputs, each with the number of its file.
    parts: Vec<(Part, usize)>,
}

impl AllBad {
    /// Collects those of all workers.
    pub fn new(stores: Vec<Store>) -> AllBad {
        let parts = stores.iter().enumerate().flat_map(|(file, store)| {
            let parts = store.parts.iter();
            parts.map(move |part| (*part, file))
        });
        let mut parts: Vec<_> = parts.collect();
        parts.sort_unstable();
        let files = stores.into_iter().map(|store| {
            let file = store.out?.into_inner();
            file.map_err(io::IntoInnerError::into_error)
        });
        AllBad {
            files: files.collect(),
            parts,
        }
    }

    /// Writes them, input by input, first to last, each with a line end.
    ///
    /// # Errors
    ///
    /// Those of `out`, and of the temporary files.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let files = match &self.files {
            Ok(files) => files,
            Err(error) => return Err(io::Error::new(error.kind(), error.to_string())),
        };
        for (part, file) in &self.parts {
            let mut file = &files[*file];
            file.seek(SeekFrom::Start(part.start))?;
            io::copy(&mut file.take(part.end - part.start), out)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::format::Formats;
    use super::*;

    const MISFIT: Misfit = Misfit {
        at: 0,
        expected: "x",
    };

    fn note(bad: &mut BadLines, input: usize, offset: u64, bytes: &[u8], start: usize) {
        let span = Span {
            input,
            offset,
            bytes,
            formats: &Formats::new([]),
        };
        let line = bytes[start..].split(|&byte| byte == b'\n').next();
        bad.note(span, start, line.unwrap(), MISFIT, true);
    }

    fn offsets(bad: &BadLines) -> Vec<(usize, u64)> {
        bad.lines().map(|line| (line.input, line.offset)).collect()
    }

    #[test]
    fn the_first_bad_lines_are_first_in_the_input() {
        let mut one = BadLines::default();
        for (input, offset) in [(1, 5), (0, 90), (0, 91), (0, 9), (1, 4), (0, 92)] {
            note(&mut one, input, offset, b"line", 0);
        }
        assert_eq!(offsets(&one), [(0, 9), (0, 90), (0, 91), (1, 4), (1, 5)]);
        let mut two = BadLines::default();
        note(&mut two, 0, 10, b"line", 0);
        two.merge(one);
        assert_eq!(offsets(&two), [(0, 9), (0, 10), (0, 90), (1, 4), (1, 5)]);
    }

    #[test]
    fn lines_are_numbered_in_their_inputs() {
        let mut bad = BadLines::default();
        note(&mut bad, 2, 100, b"a\nb\nc\n", 4);
        bad.number(|input, offset| {
            assert_eq!((input, offset), (2, 104));
            70
        });
        let numbers: Vec<_> = bad.lines().map(|line| line.number).collect();
        assert_eq!(numbers, [Some(73)]);
    }

    #[test]
    fn all_are_written_in_the_order_of_the_inputs() {
        let (mut one, mut two) = (BadLines::all(), BadLines::all());
        let chunk = b"a\nbb\n\n";
        note(&mut one, 1, 7, chunk, 0);
        note(&mut one, 0, 7, chunk, 2);
        note(&mut one, 0, 7, chunk, 5);
        note(&mut two, 1, 0, chunk, 2);
        note(&mut two, 0, 0, chunk, 0);
        let stores = [one, two].map(|mut bad| bad.take_all().unwrap());
        let all = AllBad::new(stores.into_iter().collect());
        for _ in 0..2 {
            let mut out = Vec::new();
            all.write(&mut out).unwrap();
            assert_eq!(out, b"a\nbb\n\nbb\na\n");
        }
    }
}
