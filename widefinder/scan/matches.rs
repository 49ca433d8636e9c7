//! Lines that a pattern matches, as rows of its groups.

use memchr::memchr;

use super::lines::count_lines;
use super::{Balance, Batch};
use crate::chunk::Span;
use crate::pattern::{Pattern, Search};

/// Cuts the groups of a pattern, or the whole match if it has none.
#[derive(Clone, Debug)]
pub struct Matches {
    search: Search,
    /// Text columns: the groups, or the match.
    columns: usize,
    /// The group of the first column.
    first: usize,
    /// Whether lines without a match are to be counted as well.
    counts_lines: bool,
}

impl Matches {
    /// Makes a scanner; with `counts_lines` it also counts lines without a
    /// match, which takes a second look at them.
    pub fn new(pattern: &Pattern, counts_lines: bool) -> Matches {
        Matches {
            search: Search::new(pattern),
            columns: pattern.columns(),
            first: usize::from(pattern.regex().captures_len() > 1),
            counts_lines,
        }
    }

    /// Passes the first match of each line to `count`.
    pub fn scan<'c>(
        &mut self,
        span: Span<'c>,
        balance: &mut Balance,
        count: &mut dyn FnMut(&mut Batch<'c>),
    ) {
        let (columns, first) = (self.columns, self.first);
        let mut batch = Batch::new(columns, 0, 1);
        let mut rest = span.bytes;
        while !rest.is_empty() {
            let piece;
            (piece, rest) = rest.split_at(end_of_piece(rest));
            if self.counts_lines {
                balance.lines += count_lines(piece);
            }
            self.search.each(piece, |groups| {
                for column in 0..columns {
                    batch.set_text(column, groups.get(first + column));
                }
                batch.set_mask(0);
                batch.push();
                if batch.is_full() {
                    count(&mut batch);
                    batch.clear();
                }
            });
        }
        if !batch.is_empty() {
            count(&mut batch);
        }
    }
}

/// Bytes that are counted and searched before the next: few enough that the
/// second look finds them in a near cache, which a chunk outgrows.
const PIECE: usize = 64 << 10;

/// Where the last line ends that starts in the first [`PIECE`] bytes.
fn end_of_piece(bytes: &[u8]) -> usize {
    let behind = bytes.get(PIECE - 1..).unwrap_or_default();
    match memchr(b'\n', behind) {
        Some(newline) => PIECE + newline,
        None => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_hold_each_line_once() {
        let long = [b"GET /", &b"x".repeat(2 * PIECE)[..]].concat();
        let lines: Vec<_> = (0..40_000)
            .map(|n| format!("GET /{n}").into_bytes())
            .collect();
        let lines: Vec<_> = lines
            .into_iter()
            .chain([long, b"GET /last".to_vec()])
            .collect();
        for end in [&b""[..], b"\n"] {
            let text = [&lines.join(&b'\n')[..], end].concat();
            let mut matches = Matches::new(&Pattern::new("GET /(.*)").unwrap(), true);
            let (mut balance, mut rows) = (Balance::default(), Vec::new());
            let span = Span {
                input: 0,
                offset: 0,
                bytes: &text,
            };
            matches.scan(span, &mut balance, &mut |batch| {
                rows.extend(batch.text(0).iter().map(|text| [b"GET /", *text].concat()));
            });
            assert_eq!(balance.lines, lines.len() as u64);
            assert_eq!(rows, lines);
        }
    }
}
