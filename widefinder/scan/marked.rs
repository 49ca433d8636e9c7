//! Lines of the common and the combined format, cut by their marks.
//!
//! Nearly all lines of a log have one shape: a time of 26 bytes, a request
//! without an escaped quote before its end, digits, two more quoted fields. Where
//! the quotes of such a line are known its fields are known, but for a few bytes
//! that must be what they should be. A line that has any other shape is left to
//! the cutter that knows all ([`Frame::parse`]); a line of this one is cut as by
//! that, which is tested.

use memchr::memchr;

use super::combined::Frame;
use super::lines::{Lines, without_return};
use super::marks::Marks;

/// Marks are found in so many bytes at a time, so that what they are found in is
/// still in the first or second cache when the lines are cut.
const WINDOW: usize = 64 << 10;

/// A line that is longer is cut without marks, whose places would take four
/// times its memory.
const LONGEST: usize = 1 << 20;

/// Passes the lines of `bytes` to `visit`, first to last, each with its offset,
/// and with its fields where it has the usual shape.
pub(super) fn for_each<'c>(
    bytes: &'c [u8],
    marks: &mut Marks,
    mut visit: impl FnMut(usize, Line<'c, '_>),
) {
    let mut start = 0;
    while start < bytes.len() {
        let end = window_end(bytes, start);
        let text = &bytes[start..end];
        if text.len() > WINDOW + LONGEST {
            for (offset, line) in Lines::new(text) {
                visit(start + offset, Line::Other(line));
            }
        } else {
            marks.find(text);
            let mut window = Window {
                text,
                marks,
                start: 0,
                mark: 0,
            };
            while let Some((offset, line)) = window.next() {
                visit(start + offset, line);
            }
        }
        start = end;
    }
}

/// The end of the line that holds the last byte of a window.
fn window_end(bytes: &[u8], start: usize) -> usize {
    let Some(rest) = bytes.get(start + WINDOW - 1..) else {
        return bytes.len();
    };
    let newline = memchr(b'\n', rest);
    newline.map_or(bytes.len(), |newline| start + WINDOW + newline)
}

/// A line, and what its marks tell of it.
pub(super) enum Line<'c, 'm> {
    /// A line of the usual shape.
    Usual(Usual<'c, 'm>),
    /// Any other, without its line end.
    Other(&'c [u8]),
}

/// Lines and where the next one starts.
struct Window<'c, 'm> {
    text: &'c [u8],
    marks: &'m Marks,
    start: usize,
    /// The number of the first mark of the next line.
    mark: usize,
}

impl<'c, 'm> Window<'c, 'm> {
    #[inline]
    fn next(&mut self) -> Option<(usize, Line<'c, 'm>)> {
        let start = self.start;
        if start >= self.text.len() {
            return None;
        }
        if let Some(usual) = Usual::of(self) {
            return Some((start, Line::Usual(usual)));
        }
        let end = self.line_end(self.mark);
        Some((start, Line::Other(without_return(&self.text[start..end]))))
    }

    /// Goes to the next line, and returns the end of this one, whose line end is
    /// the mark with the number `from` or a later one.
    fn line_end(&mut self, from: usize) -> usize {
        let marks = &self.marks.places()[from..];
        let newline = marks
            .iter()
            .position(|&mark| self.text[mark as usize] == b'\n');
        let (end, mark) = match newline {
            Some(newline) => (marks[newline] as usize, from + newline + 1),
            None => (self.text.len(), from + marks.len()),
        };
        (self.start, self.mark) = (end + 1, mark);
        end
    }
}

/// A line of the usual shape, by the places of its parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usual<'c, 'm> {
    text: &'c [u8],
    marks: &'m Marks,
    start: usize,
    client_end: usize,
    identity_end: usize,
    /// The bracket behind the user.
    bracket: usize,
    /// The quotes of the request.
    request: (usize, usize),
    bytes_end: usize,
    end: usize,
    /// The quotes of the referrer and of the agent, if there are any.
    quoted: Option<[usize; 4]>,
}

/// Bytes of `[01/Jan/2000:00:00:00 +0000] `.
const TIME: usize = 29;

impl<'c, 'm> Usual<'c, 'm> {
    /// Takes the next line of a window if it has the usual shape.
    #[inline]
    fn of(window: &mut Window<'c, 'm>) -> Option<Usual<'c, 'm>> {
        let (text, marks, start) = (window.text, window.marks, window.start);
        let places = marks.places().get(window.mark..)?;
        let &[open, close, third, ..] = places else {
            return None;
        };
        let (open, close, third) = (open as usize, close as usize, third as usize);
        let bracket = open.checked_sub(TIME)?;
        let (client_end, identity_end) = lead(text, marks, start, bracket)?;
        if text[open - 2..open + 1] != *b"] \"" || holds_bracket(text, bracket) {
            return None;
        }
        if text[close] != b'"' || text[close - 1] == b'\\' || !is_status(text, close) {
            return None;
        }
        let number = close + STATUS;
        let usual = |bytes_end, end, quoted| Usual {
            text,
            marks,
            start,
            client_end,
            identity_end,
            bracket,
            request: (open, close),
            bytes_end,
            end,
            quoted,
        };
        if text[third] == b'\n' {
            let end = third - usize::from(text[third - 1] == b'\r');
            is_number(text.get(number..end)?).then_some(())?;
            (window.start, window.mark) = (third + 1, window.mark + 3);
            return Some(usual(end, end, None));
        }
        let &[_, _, _, fourth, fifth, sixth, last, ..] = places else {
            return None;
        };
        let (fourth, fifth, sixth) = (fourth as usize, fifth as usize, sixth as usize);
        let bytes_end = third - 1;
        is_number(text.get(number..bytes_end)?).then_some(())?;
        let fits = text[bytes_end..third + 1] == *b" \""
            && text[fourth - 1] != b'\\'
            && text.get(fourth..fourth + 3) == Some(b"\" \"")
            && fifth == fourth + 2
            && text[sixth] == b'"'
            && text[sixth - 1] != b'\\';
        if !fits {
            return None;
        }
        let end = if last as usize == sixth + 1 && text[sixth + 1] == b'\n' {
            (window.start, window.mark) = (sixth + 2, window.mark + 7);
            sixth + 1
        } else if matches!(text.get(sixth + 1..)?, [b' ', ..] | [b'\r', b'\n', ..]) {
            let end = window.line_end(window.mark + 6);
            end - usize::from(text[end - 1] == b'\r')
        } else {
            return None;
        };
        Some(usual(bytes_end, end, Some([third, fourth, fifth, sixth])))
    }

    /// Its words between blanks, if each of its fields has as many as it should.
    #[inline]
    pub(super) fn words(&self) -> Option<Words<'c>> {
        let (text, (open, close)) = (self.text, self.request);
        let space = |from: usize, at: usize| self.marks.next_blank(from) == at && text[at] == b' ';
        let method_end = self.marks.next_blank(open);
        let uri_end = self.marks.next_blank(method_end + 1);
        let fits = text[method_end] == b' '
            && method_end + 1 < uri_end
            && uri_end + 1 < close
            && text[uri_end] == b' '
            && space(uri_end + 1, close + 1)
            && space(self.bracket, open - 8)
            && space(open - 7, open - 1);
        let referrer = self.quoted.map(|[first, last, ..]| (first, last + 1));
        let fits = fits && referrer.is_none_or(|(first, end)| space(first, end));
        fits.then(|| Words {
            client: &text[self.start..self.client_end],
            method: &text[open + 1..method_end],
            uri: &text[method_end + 1..uri_end],
            status: &text[close + 2..close + STATUS - 1],
            bytes: &text[close + STATUS..self.bytes_end],
            referrer: referrer.map(|(first, end)| &text[first..end]),
        })
    }

    /// The line itself, without its line end.
    #[inline]
    pub(super) fn line(&self) -> &'c [u8] {
        &self.text[self.start..self.end]
    }

    /// Its fields.
    #[inline]
    pub(super) fn frame(&self) -> Frame<'c> {
        let text = self.text;
        let (open, close) = self.request;
        let quoted = |from: usize| {
            let quotes = self.quoted.as_ref();
            quotes.map(|quotes| &text[quotes[from] + 1..quotes[from + 1]])
        };
        Frame {
            client: &text[self.start..self.client_end],
            identity: &text[self.client_end + 1..self.identity_end],
            user: &text[self.identity_end + 1..self.bracket - 1],
            time: &text[self.bracket + 1..open - 2],
            request: &text[open + 1..close],
            status: &text[close + 2..close + STATUS - 1],
            bytes: &text[close + STATUS..self.bytes_end],
            referrer: quoted(0),
            agent: quoted(2),
        }
    }
}

/// The words of a line of which each is one: a request of three words, a referrer
/// and a time without other blanks than there must be.
pub(super) struct Words<'c> {
    pub(super) client: &'c [u8],
    /// Without the quote before it.
    pub(super) method: &'c [u8],
    pub(super) uri: &'c [u8],
    pub(super) status: &'c [u8],
    pub(super) bytes: &'c [u8],
    /// With its quotes; `None` in the common format.
    pub(super) referrer: Option<&'c [u8]>,
}

/// The ends of the client and of its identity, if these and the user, which ends
/// before the bracket, are words with a space between them.
#[inline]
fn lead(text: &[u8], marks: &Marks, start: usize, bracket: usize) -> Option<(usize, usize)> {
    let client_end = marks.next_blank(start);
    let identity_end = marks.next_blank(client_end + 1);
    let user_end = marks.next_blank(identity_end + 1);
    let fits = start < client_end
        && client_end + 1 < identity_end
        && identity_end + 1 < user_end
        && user_end + 1 == bracket
        && text[client_end] == b' '
        && text[identity_end] == b' '
        && text[user_end] == b' '
        && text[bracket] == b'['
        && text[start] != b'#';
    fits.then_some((client_end, identity_end))
}

/// Whether there is a bracket between those of the time.
#[inline]
fn holds_bracket(text: &[u8], bracket: usize) -> bool {
    const BRACKETS: u64 = u64::from_ne_bytes([b']'; 8]);
    const LOW: u64 = u64::from_ne_bytes([0x7f; 8]);
    // The words of 26 bytes; the last overlaps the one before it.
    let time: &[u8; 26] = text[bracket + 1..]
        .first_chunk()
        .expect("a time of 26 bytes");
    let found = [0, 8, 16, 18].map(|at| {
        let word: [u8; 8] = time[at..at + 8].try_into().expect("eight bytes");
        let word = u64::from_ne_bytes(word) ^ BRACKETS;
        // The high bit of each byte that is 0.
        !((word & LOW) + LOW | word) & !LOW
    });
    found.iter().any(|&found| found != 0)
}

/// Bytes from the request's closing quote to the number of bytes: `" 200 `.
const STATUS: usize = 6;

/// Whether a space, a status of three digits and a space stand behind a quote.
#[inline]
fn is_status(text: &[u8], quote: usize) -> bool {
    match text.get(quote + 1..quote + STATUS) {
        Some(&[b' ', a, b, c, b' ']) => [a, b, c].iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Whether it is `-` or digits.
#[inline]
fn is_number(text: &[u8]) -> bool {
    text == b"-" || !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Cuts `log` in both ways, and returns how many lines had the usual shape.
    fn check(log: &[u8]) -> usize {
        let mut expected = Lines::new(log);
        let mut usual_lines = 0;
        for_each(log, &mut Marks::default(), |offset, found| {
            let (start, line) = expected.next().expect("no more lines than there are");
            assert_eq!(offset, start);
            match found {
                Line::Other(other) => assert_eq!(other, line),
                Line::Usual(usual) => {
                    assert_eq!(usual.line(), line);
                    assert_eq!(Ok(usual.frame()), Frame::parse(line));
                    assert!(line[0] != b'#');
                    usual_lines += 1;
                }
            }
        });
        assert_eq!(expected.next(), None);
        usual_lines
    }

    const LINE: &str = "::1 - jo [01/Jan/2000:00:00:00 +0000] \"GET / HTTP/1.0\" 200 12";

    #[test]
    fn the_usual_shapes_are_known() {
        for (line, usual) in [
            (LINE.to_owned(), 1),
            (format!("{LINE} \"-\" \"a b\""), 1),
            (format!("{LINE} \"-\" \"a b\" 17 \"x\""), 1),
            (format!("{LINE} \"-\" \"a\\\"b\""), 0),
            (format!("{LINE} x"), 0),
            (format!("#{LINE}"), 0),
            (format!(" {LINE}"), 0),
        ] {
            for end in ["\n", "\r\n"] {
                let log = format!("{line}{end}").repeat(3);
                assert_eq!(check(log.as_bytes()), 3 * usual, "{log:?}");
            }
        }
        // A line that the log ends with may be cut off.
        assert_eq!(check(format!("{LINE}\n{LINE}").as_bytes()), 1);
    }

    #[test]
    fn long_lines_and_many_windows() {
        let long = "x\"".repeat(LONGEST);
        for line in ["x".repeat(WINDOW), "x".repeat(WINDOW - 1), long] {
            let log = format!("{LINE}\n{line}\n{LINE}\n");
            check(log.as_bytes());
        }
        assert_eq!(check(format!("{LINE}\n").repeat(5000).as_bytes()), 5000);
        assert_eq!(check("\n".repeat(3 * WINDOW).as_bytes()), 0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Lines that are nearly of the usual shape, with any piece changed.
        #[test]
        fn lines_are_cut_as_by_the_cutter_that_knows_all(
            lines in proptest::collection::vec(line(), 1..6),
            last in "\\PC{0,3}",
        ) {
            let mut log = lines.concat();
            log.extend_from_slice(last.as_bytes());
            check(&log);
        }
    }

    /// Lines of nearly the usual shape.
    pub(in crate::scan) fn line() -> impl Strategy<Value = Vec<u8>> {
        let log = prop_oneof![
            Just(format!("{LINE}\n")),
            Just(format!("{LINE} \"r\" \"a b\"\n")),
            Just(format!("{LINE} \"-\" \"a b\"\n")),
            Just(format!("{LINE} \"r\" \"a b\" 1 \"x\"\r\n")),
        ];
        let piece = proptest::sample::select(vec![
            "\"", "\\", "\\\"", "\n", "\r", "]", "[", " ", " [", "] \"", "#", "-", "\t", "0", "",
            "\u{e9}",
        ]);
        let change = (any::<proptest::sample::Index>(), 0usize..4, piece);
        let changes = proptest::collection::vec(change, 0..3);
        (log, changes).prop_map(|(log, changes)| {
            let mut log = log.into_bytes();
            for (at, cut, piece) in changes {
                let at = at.index(log.len() + 1);
                let end = (at + cut).min(log.len());
                log.splice(at..end, piece.bytes());
            }
            log
        })
    }
}
