//! Lines that a pattern matches, as rows of its groups.

use super::lines::{count_lines, end_of_window};
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
            let window;
            (window, rest) = rest.split_at(end_of_window(rest));
            if self.counts_lines {
                balance.lines += count_lines(window);
            }
            self.search.each(window, |groups| {
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

#[cfg(test)]
mod tests {
    use super::super::format::Formats;
    use super::*;
    use crate::scan::lines::WINDOW;

    #[test]
    fn windows_hold_each_line_once() {
        let long = [b"GET /", &b"x".repeat(2 * WINDOW)[..]].concat();
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
                formats: &Formats::new([]),
            };
            matches.scan(span, &mut balance, &mut |batch| {
                rows.extend(batch.text(0).iter().map(|text| [b"GET /", *text].concat()));
            });
            assert_eq!(balance.lines, lines.len() as u64);
            assert_eq!(rows, lines);
        }
    }
}
