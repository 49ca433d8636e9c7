//! The lines of a chunk.
//!
//! A line ends at `\n` or at the end of the file. A `\r` right before that is
//! not part of it.

use memchr::{memchr, memchr_iter};

/// Iterates over `(offset in the chunk, line)`.
#[derive(Clone, Debug)]
pub struct Lines<'c> {
    bytes: &'c [u8],
    at: usize,
}

impl<'c> Lines<'c> {
    /// Iterates over the lines of `bytes`.
    pub fn new(bytes: &'c [u8]) -> Lines<'c> {
        Lines { bytes, at: 0 }
    }

    /// Where the next line starts, if there is one.
    pub fn offset(&self) -> usize {
        self.at.min(self.bytes.len())
    }
}

impl<'c> Iterator for Lines<'c> {
    type Item = (usize, &'c [u8]);

    #[inline]
    fn next(&mut self) -> Option<(usize, &'c [u8])> {
        let start = self.at;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        let length = memchr(b'\n', rest).unwrap_or(rest.len());
        self.at = start + length + 1;
        Some((start, without_return(&rest[..length])))
    }
}

/// Bytes that are looked at more than once before the next: few enough that the
/// second look finds them in a near cache, which a chunk outgrows.
pub const WINDOW: usize = 64 << 10;

/// Where the last line ends that starts in the first [`WINDOW`] bytes.
pub fn end_of_window(bytes: &[u8]) -> usize {
    let behind = bytes.get(WINDOW - 1..).unwrap_or_default();
    match memchr(b'\n', behind) {
        Some(newline) => WINDOW + newline,
        None => bytes.len(),
    }
}

/// Cuts off a `\r` at the end.
#[inline]
pub fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Counts the lines of `bytes`, a last one without a line end included.
pub fn count_lines(bytes: &[u8]) -> u64 {
    let open = bytes.last().is_some_and(|&last| last != b'\n');
    memchr_iter(b'\n', bytes).count() as u64 + u64::from(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<(usize, &[u8])> {
        Lines::new(bytes).collect()
    }

    #[test]
    fn a_final_newline_adds_no_line() {
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\n"), [(0, &b""[..])]);
        assert_eq!(lines(b"a\nb"), [(0, &b"a"[..]), (2, b"b")]);
        assert_eq!(lines(b"a\nb\n"), [(0, &b"a"[..]), (2, b"b")]);
    }

    #[test]
    fn one_carriage_return_before_the_end_is_no_part() {
        assert_eq!(lines(b"a\r\n\r\n"), [(0, &b"a"[..]), (3, b"")]);
        assert_eq!(lines(b"a\r\r\nb\rc\r"), [(0, &b"a\r"[..]), (4, b"b\rc")]);
    }
}
