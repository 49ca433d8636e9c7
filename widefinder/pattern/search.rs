//! The first match of each line of a text.
//!
//! To try an expression on one line after the other costs more than most lines
//! are worth. So an expression is confined to a line and then searched for in the
//! whole text; where that goes, at places where it is easy to start, and with a
//! matcher that never goes back. Where none of this goes, line by line.

use memchr::{memchr, memmem, memrchr};
use regex::bytes::{CaptureLocations, Regex};
use regex_automata::util::primitives::NonMaxUsize;
use regex_syntax::hir::Look;

use super::Pattern;
use super::confine::confine;
use super::starts::{Slot, Starts};
use super::whole::Whole;

/// Finds the first match of each line. It belongs to one worker.
#[derive(Clone, Debug)]
pub struct Search {
    finder: Finder,
    line: Box<Line>,
    lines: Option<Lines>,
    /// Lines with a match, and the bytes that were searched for them.
    found: u64,
    searched: u64,
    /// Whether a match may have to end where its line does.
    looks_at_end: bool,
    slots: Vec<Slot>,
}

/// The lines that hold what every match holds.
#[derive(Clone, Debug)]
struct Lines {
    literal: memmem::Finder<'static>,
    /// Bytes of these lines, and of all that were searched.
    held: u64,
    searched: u64,
}

#[derive(Clone, Debug)]
enum Finder {
    Starts(Box<(Starts, Whole)>),
    Whole(Box<Whole>),
    /// None that would find anything in a text of many lines.
    Line,
}

/// The expression as it stands, for single lines.
#[derive(Clone, Debug)]
struct Line {
    regex: Regex,
    places: CaptureLocations,
}

/// The groups of a match.
#[derive(Clone, Copy, Debug)]
pub struct Groups<'s, 't> {
    text: &'t [u8],
    slots: &'s [Slot],
}

impl<'t> Groups<'_, 't> {
    /// What a group has matched, or for the number 0 the whole expression. A group
    /// that took no part is empty.
    ///
    /// # Panics
    ///
    /// When there is no group of that number.
    #[inline]
    pub fn get(&self, number: usize) -> &'t [u8] {
        match self.slots[2 * number..][..2] {
            [Some(start), Some(end)] => &self.text[start.get()..end.get()],
            _ => &[],
        }
    }
}

impl Search {
    /// The shortest literal that is worth to find lines by, in bytes: one byte is in
    /// most lines.
    pub const SHORTEST: usize = 2;

    /// A match in so many bytes, or more often, is in many lines.
    const MANY: u64 = 1024;

    /// Finds the best way to search for a pattern.
    pub fn new(pattern: &Pattern) -> Search {
        let groups = pattern.regex.captures_len();
        let confined = confine(&pattern.syntax);
        let starts = confined.as_ref().and_then(Starts::new);
        // From its end, one line is searched sooner than a text.
        let at_end = pattern.syntax.properties().look_set_suffix();
        let by_text = starts.is_some() || !at_end.contains(Look::End);
        let whole = confined.as_ref().filter(|_| by_text).and_then(Whole::new);
        let literal = pattern.literal().filter(|literal| {
            let shortest = starts.as_ref().map_or(0, Starts::shortest);
            literal.len() >= Search::SHORTEST && literal.len() > shortest
        });
        let looks = pattern.syntax.properties().look_set();
        Search {
            lines: literal.map(Lines::with),
            finder: match (starts, whole) {
                (Some(starts), Some(whole)) => Finder::Starts(Box::new((starts, whole))),
                (None, Some(whole)) => Finder::Whole(Box::new(whole)),
                (_, None) => Finder::Line,
            },
            line: Box::new(Line {
                regex: pattern.regex.clone(),
                places: pattern.regex.capture_locations(),
            }),
            found: 0,
            searched: 0,
            looks_at_end: looks.contains(Look::End) || looks.contains(Look::EndLF),
            slots: vec![None; 2 * groups],
        }
    }

    /// Passes the groups of the first match of each line to `visit`. A line ends
    /// before `\n`, or at the end of the text, and one `\r` before that is no part
    /// of it.
    pub fn each<'t>(&mut self, text: &'t [u8], mut visit: impl FnMut(Groups<'_, 't>)) {
        // Where lines end with `\r\n`, the text has other ends of lines.
        let by_line = self.lines.as_ref().is_some_and(Lines::are_few)
            || self.is_for_lines()
            || self.looks_at_end && memchr(b'\r', text).is_some();
        self.searched += text.len() as u64;
        let mut at = 0;
        while at < text.len() {
            let end = match by_line {
                true => self.next_of_lines(text, at),
                false => self.next_of_text(text, at),
            };
            let Some(end) = end else {
                return;
            };
            self.found += 1;
            let slots = &self.slots;
            visit(Groups { text, slots });
            at = end + 1;
        }
    }

    /// Whether the expression is tried on single lines: where nothing else goes, or
    /// where so many lines have a match that the search of a whole text, which
    /// starts anew behind each, is slower.
    fn is_for_lines(&self) -> bool {
        match self.finder {
            Finder::Starts(_) => false,
            Finder::Whole(_) => Search::MANY * self.found > self.searched,
            Finder::Line => true,
        }
    }

    /// Finds the first match behind `at`, the start of a line, and returns where its
    /// line ends.
    fn next_of_lines(&mut self, text: &[u8], mut at: usize) -> Option<usize> {
        while at < text.len() {
            let (start, end) = match &mut self.lines {
                Some(lines) => lines.next(text, at)?,
                None => (at, end_of_line(text, at)),
            };
            if self.find(cut(text, end), start, true).is_some() {
                return Some(end);
            }
            at = end + 1;
        }
        None
    }

    /// Does the same without a look at every line.
    #[inline]
    fn next_of_text(&mut self, text: &[u8], mut at: usize) -> Option<usize> {
        while at < text.len() {
            let (start, end) = self.find(text, at, false)?;
            if start == text.len() && text.ends_with(b"\n") {
                // Behind the last line end there is no line.
                return None;
            }
            if !ends_behind_return(text, end) {
                return Some(end_of_line(text, end));
            }
            // A `\r` that is no part of the line: what does the line itself say?
            let (start, end) = line_around(text, at, start);
            if self.find(cut(text, end), start, true).is_some() {
                return Some(end);
            }
            at = end + 1;
        }
        None
    }

    /// Finds the first match behind `at`, the start of a line, and returns where it
    /// lies; `one_line` says that the text ends with that line.
    #[inline]
    fn find(&mut self, text: &[u8], at: usize, one_line: bool) -> Option<(usize, usize)> {
        let slots = &mut self.slots;
        match &mut self.finder {
            Finder::Starts(starts) => {
                let (starts, whole) = &mut **starts;
                let (start, end) = starts.find(text, at, slots, whole)?;
                (slots[0], slots[1]) = (NonMaxUsize::new(start), NonMaxUsize::new(end));
                Some((start, end))
            }
            Finder::Whole(whole) if !one_line => whole.find(text, at, slots),
            Finder::Whole(_) | Finder::Line => self.line.find(text, at, slots),
        }
    }
}

impl Line {
    /// Finds the first match in the line at `at`, which is the last of the text.
    fn find(&mut self, text: &[u8], at: usize, slots: &mut [Slot]) -> Option<(usize, usize)> {
        let slot = |place: usize| NonMaxUsize::new(at + place);
        if self.places.len() == 1 {
            // Without groups less has to be found out.
            let found = self.regex.find(&text[at..])?;
            (slots[0], slots[1]) = (slot(found.start()), slot(found.end()));
            return Some((at + found.start(), at + found.end()));
        }
        let found = self.regex.captures_read(&mut self.places, &text[at..])?;
        for (number, slots) in slots.chunks_exact_mut(2).enumerate() {
            let place = self.places.get(number);
            slots[0] = place.and_then(|(start, _)| slot(start));
            slots[1] = place.and_then(|(_, end)| slot(end));
        }
        Some((at + found.start(), at + found.end()))
    }
}

impl Lines {
    /// If the lines have more than one of so many bytes, there is no point in
    /// finding them first.
    const FEW: u64 = 4;

    fn with(literal: &[u8]) -> Lines {
        Lines {
            literal: memmem::Finder::new(literal).into_owned(),
            held: 0,
            searched: 0,
        }
    }

    /// Whether they have turned out to be few so far.
    fn are_few(&self) -> bool {
        Lines::FEW * self.held <= self.searched
    }

    /// Finds the next of the lines behind `at`.
    fn next(&mut self, text: &[u8], at: usize) -> Option<(usize, usize)> {
        let Some(within) = self.literal.find(&text[at..]) else {
            self.searched += (text.len() - at) as u64;
            return None;
        };
        let (start, end) = line_around(text, at, at + within);
        self.held += (end - start) as u64;
        self.searched += (end - at) as u64;
        Some((start, end))
    }
}

/// Where the line that holds `within` starts, which is not before `from`, and ends.
fn line_around(text: &[u8], from: usize, within: usize) -> (usize, usize) {
    let before = memrchr(b'\n', &text[from..within]);
    let start = before.map_or(from, |newline| from + newline + 1);
    (start, end_of_line(text, within))
}

/// Where the line that holds `within` ends.
#[inline]
fn end_of_line(text: &[u8], within: usize) -> usize {
    let rest = &text[within..];
    within + memchr(b'\n', rest).unwrap_or(rest.len())
}

/// The text up to a line that ends at `end`, and a `\r` that is no part of it.
fn cut(text: &[u8], end: usize) -> &[u8] {
    text[..end].strip_suffix(b"\r").unwrap_or(&text[..end])
}

/// Whether a match that ends at `end` reaches over a `\r` that is no part of its
/// line.
#[inline]
fn ends_behind_return(text: &[u8], end: usize) -> bool {
    text[..end].ends_with(b"\r") && (end == text.len() || text[end] == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(pattern: &str) -> Search {
        Search::new(&Pattern::new(pattern).unwrap())
    }

    fn matches<'t>(search: &mut Search, text: &'t [u8]) -> Vec<&'t [u8]> {
        let mut matches = Vec::new();
        search.each(text, |groups| matches.push(groups.get(0)));
        matches
    }

    #[test]
    fn the_best_way_is_taken() {
        let way = |pattern| match search(pattern).finder {
            Finder::Starts(_) => "starts",
            Finder::Whole(_) => "whole",
            Finder::Line => "line",
        };
        for (pattern, expected) in [
            ("GET /(x*)", "starts"),
            ("^([^ ]+)", "starts"),
            (r"[a-z]+/\d", "whole"),
            ("a$|b", "whole"),
            ("a+$", "line"),
            (r"(?u)\bé", "line"),
        ] {
            assert_eq!(way(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn a_return_before_the_line_end_is_no_part_of_the_line() {
        for (pattern, expected) in [
            ("ab[^x]*", &[&b"ab"[..], b"ab\r", b"abb"][..]),
            (r"[^ ]+\r|b+", &[b"b", b"ab\r", b"bb"]),
            (r"b\r?$|x", &[b"b", b"b\r", b"b"]),
            (r"\s", &[b"\r"]),
        ] {
            let found = matches(&mut search(pattern), b"ab\r\nab\r\r\n\r\n\nabb\r");
            assert_eq!(found, expected, "{pattern}");
        }
        // Nor is what is empty behind it.
        for text in [&b"a\r\n"[..], b"a\r"] {
            assert_eq!(matches(&mut search(r"\B"), text), [&b""[..]; 0]);
        }
    }

    #[test]
    fn there_is_no_line_behind_the_last_line_end() {
        for (pattern, text, lines) in [
            ("x*", &b"a\n\nb\n"[..], 3),
            ("x*", b"a\n\nb", 3),
            ("x*", b"", 0),
            ("$|y", b"a\n", 1),
            (r"\B|y", b"\n", 1),
            (r"\B|yy", b"ab\n", 1),
        ] {
            let found = matches(&mut search(pattern), text);
            assert_eq!(found.len(), lines, "{pattern} on {text:?}");
        }
    }

    #[test]
    fn a_literal_of_most_lines_is_searched_for_no_longer() {
        let mut search = search(r"(\w+) HTTP");
        let few = |search: &Search| search.lines.as_ref().is_some_and(Lines::are_few);
        let rare = [&b"a\n".repeat(50)[..], b"x HTTP\n"].concat();
        assert_eq!(matches(&mut search, &rare), [b"x HTTP"]);
        assert!(few(&search));
        let common = b"x HTTP\n".repeat(50);
        assert_eq!(matches(&mut search, &common).len(), 50);
        assert!(!few(&search));
        assert_eq!(matches(&mut search, &rare), [b"x HTTP"]);
    }
}
