//! The lines of a text, found by its marks, and cut by them where they have the
//! usual shape (`usual.rs`). Others are left to the cutter that knows all shapes
//! ([`super::combined`]).

use super::lines::{Lines, WINDOW, end_of_window, without_return};
use super::marks::Marks;
use super::usual::Usual;

/// A line that is longer is cut without marks, whose places would take four
/// times its memory.
const LONGEST: usize = 1 << 20;

/// What becomes of lines.
pub(super) trait Visit<'c> {
    /// A line of the usual shape, and where it starts.
    fn usual(&mut self, start: usize, line: &Usual<'c, '_>);

    /// Whether lines may have a host before what has the usual shape.
    fn has_hosts(&self) -> bool {
        false
    }

    /// A line with a word before what has the usual shape, and where it starts.
    fn hosted(&mut self, start: usize, line: &Usual<'c, '_>) {
        self.other(start, line.line());
    }

    /// Any other, without its line end, and where it starts.
    fn other(&mut self, start: usize, line: &'c [u8]);
}

/// Visits the lines of `bytes` from `start` on, first to last.
pub(super) fn for_each<'c>(
    bytes: &'c [u8],
    mut start: usize,
    marks: &mut Marks,
    lines: &mut impl Visit<'c>,
) {
    while start < bytes.len() {
        let end = start + end_of_window(&bytes[start..]);
        let text = &bytes[start..end];
        if text.len() > WINDOW + LONGEST {
            for (offset, line) in Lines::new(text) {
                lines.other(start + offset, line);
            }
        } else {
            marks.find(text);
            let mut window = Window {
                text,
                marks,
                start: 0,
                mark: 0,
            };
            while window.start < text.len() {
                let at = start + window.start;
                if let Some(usual) = Usual::of(&mut window) {
                    lines.usual(at, &usual);
                } else if lines.has_hosts()
                    && let Some(hosted) = Usual::behind_host(&mut window)
                {
                    lines.hosted(at, &hosted);
                } else {
                    lines.other(at, window.other());
                }
            }
        }
        start = end;
    }
}

/// Lines and where the next one starts.
pub(super) struct Window<'c, 'm> {
    pub(super) text: &'c [u8],
    pub(super) marks: &'m Marks,
    pub(super) start: usize,
    /// The number of the first mark of the next line.
    pub(super) mark: usize,
}

impl<'c, 'm> Window<'c, 'm> {
    /// Takes the next line, whatever its shape.
    fn other(&mut self) -> &'c [u8] {
        let start = self.start;
        let end = self.line_end(self.mark);
        without_return(&self.text[start..end])
    }

    /// Goes to the next line, and returns the end of this one, whose line end is
    /// the mark with the number `from` or a later one.
    pub(super) fn line_end(&mut self, from: usize) -> usize {
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::scan::Format;
    use crate::scan::format::{ABSENT, Record, slot};
    use crate::scan::formats;
    use crate::scan::layout::Layout;
    use bumpalo::Bump;
    use proptest::prelude::*;

    /// Cuts `log` in both ways, and returns how many lines have the usual shape.
    fn check(log: &[u8]) -> usize {
        check_all(log).0
    }

    /// The same, and how many have it behind a host.
    fn check_all(log: &[u8]) -> (usize, usize) {
        let mut check = Check {
            expected: Lines::new(log),
            usual: 0,
            hosted: 0,
        };
        for_each(log, 0, &mut Marks::default(), &mut check);
        assert_eq!(check.expected.next(), None);
        (check.usual, check.hosted)
    }

    /// The layouts of which no line has the usual shape.
    fn unusual() -> impl Iterator<Item = &'static Layout> {
        let layouts = formats::known().iter().filter_map(|format| match format {
            Format::Layout(layout) => Some(layout),
            _ => None,
        });
        layouts.filter(|layout| layout.is_unusual())
    }

    struct Check<'c> {
        expected: Lines<'c>,
        usual: usize,
        hosted: usize,
    }

    impl<'c> Visit<'c> for Check<'c> {
        fn usual(&mut self, start: usize, found: &Usual<'c, '_>) {
            let (at, line) = self.expected.next().expect("a line");
            assert_eq!((start, found.line()), (at, line));
            let mut slots = [ABSENT; slot::COUNT];
            let arena = Bump::new();
            let cut = Format::Combined.cut(line, &mut slots, 0, &arena);
            assert_eq!(cut, Ok(Record::Entry));
            let found: Vec<_> = (0..slot::COUNT).map(|slot| found.slot(slot)).collect();
            assert_eq!(found, slots);
            assert!(line[0] != b'#');
            for layout in unusual() {
                assert!(layout.cut(line, &mut [ABSENT; 11]).is_err());
            }
            self.usual += 1;
        }

        fn has_hosts(&self) -> bool {
            true
        }

        fn hosted(&mut self, start: usize, found: &Usual<'c, '_>) {
            let (at, line) = self.expected.next().expect("a line");
            assert_eq!((start, found.line()), (at, line));
            assert!(line[0] != b'#');
            for layout in unusual() {
                let mut slots = [ABSENT; 11];
                let fits = layout.cut(line, &mut slots).is_ok();
                let Some(host) = layout.host() else {
                    assert!(!fits);
                    continue;
                };
                let quickly = host.quoted == found.is_quoted() && host.stands_before(line).is_ok();
                assert_eq!(fits, quickly, "{}", layout.name());
                if fits {
                    let found =
                        (0..layout.slots()).map(|slot| found.slot_behind_host(slot, host.port));
                    assert_eq!(found.collect::<Vec<_>>(), slots[..layout.slots()]);
                    self.hosted += 1;
                }
            }
        }

        fn other(&mut self, start: usize, line: &'c [u8]) {
            assert_eq!(self.expected.next(), Some((start, line)));
        }
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
    fn a_host_may_stand_before_them() {
        for (line, hosted) in [
            (format!("a.example:80 {LINE}"), 1),
            (format!("a.example:80 {LINE} \"-\" \"a [b\""), 1),
            (format!("[::1]:80 {LINE} \"-\" \"a b\" 17"), 1),
            (format!("a.example {LINE} \"-\" \"a b\""), 1),
            (format!("a.example {LINE}"), 1),
            (format!("192.0.2.1 {LINE}"), 0),
            (format!("#a.example {LINE}"), 0),
            (format!("a.example:80 x {LINE}"), 0),
            (
                "a.example:80 ::1 - [01/Jan/2000:00:00:00 +0000] \"x\" 200 1".to_owned(),
                0,
            ),
        ] {
            let log = format!("{line}\n").repeat(3);
            assert_eq!(check_all(log.as_bytes()).1, 3 * hosted, "{log:?}");
        }
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

    /// Lines of the usual shape with each byte at each place.
    pub(in crate::scan) fn bytes_changed() -> impl Iterator<Item = Vec<u8>> {
        let line = format!("{LINE} \"r\" \"a b\"\n");
        (0..line.len()).flat_map(move |at| {
            let line = line.clone();
            (0..=u8::MAX).map(move |byte| {
                let mut line = line.clone().into_bytes();
                line[at] = byte;
                line
            })
        })
    }

    #[test]
    fn a_line_is_cut_right_with_any_byte_changed() {
        let usual = bytes_changed().filter(|line| check(line) == 1);
        assert!(usual.count() > 1000);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Lines that are nearly of the usual shape, with any piece changed.
        #[test]
        fn lines_are_cut_as_by_the_cutter_that_knows_all(
            lines in proptest::collection::vec(line(), 1..6),
            host in proptest::sample::select(vec!["", "a.example:80 ", "a.example ", "[::1]:80 ", "::1 "]),
            last in "\\PC{0,3}",
        ) {
            let mut log = lines.join(host.as_bytes());
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
            Just(format!("h, {LINE} \"-\" \"a [b\"\n")),
            Just(format!("{LINE} \"r\" \"a b\" 1 \"x\"\r\n")),
        ];
        let piece = proptest::sample::select(vec![
            "\"", "\\", "\\\"", "\n", "\r", "]", "[", " ", " [", "] \"", "#", "-", "\t", "0", "",
            "\u{e9}", ",", ", ",
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
