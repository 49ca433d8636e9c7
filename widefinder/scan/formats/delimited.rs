//! Lines of columns with a separator between them, which several formats share.
//!
//! A column may stand in quotes or brackets, and then hold the separator. Its
//! closing mark is one behind which the column ends: agents and referrers in the
//! wild hold quotes that nobody has escaped. Where none is, the mark is a part
//! of a plain column.

use memchr::memchr;

use crate::scan::combined::is_escaped;
use crate::scan::marks::portable::find_near;

/// How the columns of a line are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Shape {
    /// What stands between two columns.
    pub(super) separator: u8,
    /// Whether several are one, and those at either end of a line none.
    pub(super) runs: bool,
    pub(super) quotes: Quotes,
    /// Whether a column may stand in brackets.
    pub(super) brackets: bool,
}

/// What quotes mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Quotes {
    /// Nothing.
    None,
    /// They hold a column, and are not escaped in it.
    Raw,
    /// The same; one behind a backslash does not close it.
    Escaped,
    /// They hold a column; two are one of its bytes.
    Doubled,
}

/// A column of a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Column<'c> {
    /// Where it begins in the line, its mark included.
    pub(super) at: usize,
    /// Without its marks.
    pub(super) text: &'c [u8],
    pub(super) stands: Stands,
}

/// How a column stands in its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stands {
    Plain,
    Quoted,
    /// In quotes, with quotes in it that are two for one.
    Doubled,
    Bracketed,
}

/// The columns of a line, one after another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns<'c> {
    line: &'c [u8],
    shape: Shape,
    /// Where the next column begins; behind the line if there is none.
    at: usize,
}

impl<'c> Columns<'c> {
    #[inline(always)]
    pub(super) fn new(line: &'c [u8], shape: Shape) -> Columns<'c> {
        let mut columns = Columns { line, shape, at: 0 };
        columns.skip_run();
        columns
    }

    /// Where the next column begins, or the line ends.
    #[inline(always)]
    pub(super) fn at(&self) -> usize {
        self.at.min(self.line.len())
    }

    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<Column<'c>> {
        let (at, shape) = (self.at, self.shape);
        let first = match self.line.get(at) {
            Some(first) => *first,
            // An empty column is the last one behind a separator at the end.
            None if shape.runs || at > self.line.len() => return None,
            None => 0,
        };
        if first == b'"'
            && shape.quotes != Quotes::None
            && let Some((end, stands)) = self.closing_quote(at + 1)
        {
            return Some(self.take(at, 1, end, stands));
        }
        if first == b'['
            && shape.brackets
            && let Some(end) = memchr(b']', &self.line[at..])
        {
            return Some(self.take(at, 1, at + end, Stands::Bracketed));
        }
        let end = self.end_of_plain(at);
        Some(self.take(at, 0, end, Stands::Plain))
    }

    /// Takes the column that ends, or whose closing mark stands, at `end`.
    #[inline(always)]
    fn take(&mut self, at: usize, mark: usize, end: usize, stands: Stands) -> Column<'c> {
        self.at = end + mark + 1;
        self.skip_run();
        Column {
            at,
            text: &self.line[at + mark..end],
            stands,
        }
    }

    #[inline(always)]
    fn skip_run(&mut self) {
        while self.shape.runs && self.line.get(self.at) == Some(&self.shape.separator) {
            self.at += 1;
        }
    }

    #[inline(always)]
    fn end_of_plain(&self, at: usize) -> usize {
        let rest = &self.line[at..];
        at + find_near(self.shape.separator, rest)
    }

    /// The place of the quote that closes a column whose text begins at `from`.
    #[inline(always)]
    fn closing_quote(&self, from: usize) -> Option<(usize, Stands)> {
        let mut stands = Stands::Quoted;
        let mut at = from;
        loop {
            let quote = at + memchr(b'"', self.line.get(at..)?)?;
            let next = self.line.get(quote + 1);
            let ends = next.is_none_or(|next| *next == self.shape.separator);
            at = quote + 1;
            match self.shape.quotes {
                Quotes::Doubled if next == Some(&b'"') => {
                    stands = Stands::Doubled;
                    at += 1;
                }
                Quotes::Escaped if ends && is_escaped(self.line, quote) => {}
                _ if ends => return Some((quote, stands)),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SHAPE: Shape = Shape {
        separator: b' ',
        runs: false,
        quotes: Quotes::Escaped,
        brackets: true,
    };

    fn cut(line: &str, shape: Shape) -> Vec<String> {
        let mut columns = Columns::new(line.as_bytes(), shape);
        let texts = std::iter::from_fn(|| columns.next());
        let texts = texts.map(|column| String::from_utf8_lossy(column.text).into_owned());
        texts.collect()
    }

    #[test]
    fn columns_may_stand_in_marks() {
        let table: &[(&str, &[&str])] = &[
            ("a b", &["a", "b"]),
            ("", &[""]),
            ("a  b ", &["a", "", "b", ""]),
            (r#"a "b c" [d e] f"#, &["a", "b c", "d e", "f"]),
            (r#""" "a"b" "a\" b""#, &["", "a\"b", "a\\\" b"]),
            (r#""a b"#, &["\"a", "b"]),
            ("[a b", &["[a", "b"]),
            ("[a]", &["a"]),
            ("\"", &["\""]),
        ];
        for (line, columns) in table {
            assert_eq!(cut(line, SHAPE), *columns, "{line}");
        }
    }

    #[test]
    fn runs_of_separators_may_be_one() {
        let shape = Shape {
            runs: true,
            quotes: Quotes::Doubled,
            ..SHAPE
        };
        assert_eq!(cut("  a   b ", shape), ["a", "b"]);
        assert_eq!(cut("", shape), [""; 0]);
        let doubled = r#"a " ""b"" c " "" d"#;
        assert_eq!(cut(doubled, shape), ["a", r#" ""b"" c "#, "", "d"]);
    }

    proptest! {
        #[test]
        fn the_first_byte_is_found(text in proptest::collection::vec(0u8..4, 0..40), byte in 0u8..4) {
            let expected = text.iter().position(|other| *other == byte);
            prop_assert_eq!(find_near(byte, &text), expected.unwrap_or(text.len()));
        }

        #[test]
        fn any_line_is_cut(line in "[a \"\\\\\\[\\]]{0,20}", runs: bool) {
            for quotes in [Quotes::None, Quotes::Raw, Quotes::Escaped, Quotes::Doubled] {
                let shape = Shape { runs, quotes, ..SHAPE };
                let all: usize = cut(&line, shape).iter().map(String::len).sum();
                prop_assert!(all <= line.len());
            }
        }
    }
}
