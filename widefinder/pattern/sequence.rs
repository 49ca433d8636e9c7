//! Expressions that can be matched without ever going back.
//!
//! Most patterns for logs are bytes and sets of bytes one behind the other, with
//! repetitions that end where the next part begins: `"GET ([^ ]*) HTTP/1\.(\d)"`.
//! Such a repetition takes what it can get, and no other length could lead to a
//! match, so a match is a loop or a `memchr` a part. A one-pass DFA takes three
//! times as long for them.

use memchr::{memchr, memchr2, memchr3};
use regex_automata::util::primitives::NonMaxUsize;
use regex_syntax::hir::Hir;

use super::part::{Bytes, Part, range};
use super::starts::Slot;

/// Matches an expression at a given place.
#[derive(Clone, Debug)]
pub(super) struct Sequence {
    steps: Vec<Step>,
    /// For each slot behind those of the whole match: the step whose start it
    /// follows, and by how many bytes.
    places: Vec<(usize, usize)>,
    /// Where each step has started, the first with what is known, and where the
    /// last has ended.
    starts: Vec<usize>,
    /// How many bytes in front of the first step match for certain.
    known: usize,
}

#[derive(Clone, Debug)]
enum Step {
    Block(Block),
    Run(Run),
    /// One of some literals, none of which begins with another.
    Choice(Vec<Vec<u8>>),
}

/// One byte of each of some ranges.
#[derive(Clone, Debug)]
struct Block {
    length: usize,
    /// The first byte of each range, and how many more it has. Ranges behind
    /// `length` have all bytes.
    first: [u8; BLOCK],
    more: [u8; BLOCK],
}

/// The slots of the whole match, in front of those of the groups.
const WHOLE: usize = 2;

/// What a processor compares at once.
const BLOCK: usize = 16;

/// As many bytes of a set as there are.
#[derive(Clone, Debug)]
struct Run {
    set: Box<Bytes>,
    min: usize,
    max: usize,
    end: End,
}

/// How the end of a run is found.
#[derive(Clone, Copy, Debug)]
enum End {
    One(u8),
    Two(u8, u8),
    Three(u8, u8, u8),
    /// At a byte that is not in the set.
    Other,
}

impl Sequence {
    /// Makes a matcher of `hir`, if it is a sequence. A `^` at its front is taken
    /// for granted, and so are the first `known` bytes.
    pub(super) fn new(hir: &Hir, known: usize) -> Option<Sequence> {
        let parts = Part::all(hir)?;
        let mut sequence = Sequence {
            steps: Vec::new(),
            places: Vec::new(),
            starts: Vec::new(),
            known: 0,
        };
        for part in parts {
            match part {
                Part::Slot(slot) => sequence.place(slot),
                Part::Choice(literals) => sequence.steps.push(Step::Choice(literals)),
                Part::Run { set, min, max } => sequence.push(set, min, max, known),
            }
        }
        sequence.starts = vec![0; sequence.steps.len() + 1];
        Some(sequence)
    }

    fn push(&mut self, set: Box<Bytes>, min: usize, max: usize, known: usize) {
        let once = (min, max) == (1, 1);
        if once && self.steps.is_empty() && self.known < known {
            self.known += 1;
            return;
        }
        match (range(&set).filter(|_| once), self.steps.last_mut()) {
            (Some(range), Some(Step::Block(block))) if block.length < BLOCK => block.push(range),
            (Some(range), _) => {
                let mut block = Block::new();
                block.push(range);
                self.steps.push(Step::Block(block));
            }
            (None, _) => self.steps.push(Step::Run(Run {
                end: End::of(&set),
                set,
                min,
                max,
            })),
        }
    }

    /// Notes that a group begins or ends here.
    fn place(&mut self, slot: usize) {
        let slot = slot - WHOLE;
        let place = match (self.steps.len(), self.steps.last()) {
            (0, _) => (0, self.known),
            (1, Some(Step::Block(block))) => (0, self.known + block.length),
            (steps, Some(Step::Block(block))) => (steps - 1, block.length),
            (steps, _) => (steps, 0),
        };
        if self.places.len() <= slot {
            self.places.resize(slot + 1, (0, 0));
        }
        self.places[slot] = place;
    }

    /// Returns where the match at `at` ends, and sets the slots of its groups.
    #[inline(always)]
    pub(super) fn match_at(&mut self, text: &[u8], at: usize, slots: &mut [Slot]) -> Option<usize> {
        let mut end = at + self.known;
        for (step, start) in self.steps.iter().zip(&mut self.starts) {
            *start = end;
            let rest = text.get(end..)?;
            end += match step {
                Step::Block(block) => block.length(rest)?,
                Step::Run(run) => run.length(rest)?,
                Step::Choice(literals) => {
                    let found = literals.iter().find(|literal| rest.starts_with(literal))?;
                    found.len()
                }
            };
        }
        *self.starts.last_mut()? = end;
        self.starts[0] = at;
        for (slot, &(step, offset)) in slots[WHOLE..].iter_mut().zip(&self.places) {
            *slot = NonMaxUsize::new(self.starts[step] + offset);
        }
        Some(end)
    }
}

impl Block {
    fn new() -> Block {
        Block {
            length: 0,
            first: [0; BLOCK],
            more: [u8::MAX; BLOCK],
        }
    }

    fn push(&mut self, (first, last): (u8, u8)) {
        self.first[self.length] = first;
        self.more[self.length] = last - first;
        self.length += 1;
    }

    /// Its length, if `rest` begins with it.
    #[inline]
    fn length(&self, rest: &[u8]) -> Option<usize> {
        let fits = match rest.first_chunk() {
            Some(bytes) => self.fits(bytes),
            None => self.fits_all_of(rest),
        };
        fits.then_some(self.length)
    }

    /// Whether it fits a text that is shorter than a block.
    #[cold]
    fn fits_all_of(&self, rest: &[u8]) -> bool {
        let mut bytes = [0; BLOCK];
        bytes[..rest.len()].copy_from_slice(rest);
        rest.len() >= self.length && self.fits(&bytes)
    }

    /// Compares all, so that there is nothing to branch on.
    #[inline]
    fn fits(&self, bytes: &[u8; BLOCK]) -> bool {
        // How far each byte is behind the end of its range; 0 within it.
        let behind: [u8; BLOCK] = std::array::from_fn(|place| {
            let distance = bytes[place].wrapping_sub(self.first[place]);
            distance.saturating_sub(self.more[place])
        });
        u128::from_ne_bytes(behind) == 0
    }
}

impl Run {
    /// How much of the front of `rest` it takes.
    #[inline]
    fn length(&self, rest: &[u8]) -> Option<usize> {
        let rest = &rest[..rest.len().min(self.max)];
        let length = match self.end {
            End::One(a) => memchr(a, rest),
            End::Two(a, b) => memchr2(a, b, rest),
            End::Three(a, b, c) => memchr3(a, b, c, rest),
            End::Other => rest.iter().position(|&byte| !self.set[usize::from(byte)]),
        };
        let length = length.unwrap_or(rest.len());
        (length >= self.min).then_some(length)
    }
}

impl End {
    fn of(set: &Bytes) -> End {
        let outside: Vec<u8> = (0..=255).filter(|&byte| !set[usize::from(byte)]).collect();
        match outside[..] {
            [a] => End::One(a),
            [a, b] => End::Two(a, b),
            [a, b, c] => End::Three(a, b, c),
            _ => End::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use regex::bytes::RegexBuilder;

    use super::super::parse;
    use super::*;

    /// What `regex` finds at a place, as slots.
    fn expected(pattern: &str, text: &[u8], at: usize) -> Option<Vec<Option<usize>>> {
        let anchored = format!("^(?:{pattern})");
        let regex = RegexBuilder::new(&anchored).unicode(false).build().unwrap();
        let groups = regex.captures(&text[at..])?;
        let places = groups.iter().flat_map(|group| {
            let group = group.expect("all groups of a sequence take part");
            [Some(at + group.start()), Some(at + group.end())]
        });
        Some(places.collect())
    }

    fn found(pattern: &str, known: usize, text: &[u8], at: usize) -> Option<Vec<Option<usize>>> {
        let mut sequence = Sequence::new(&parse(pattern).unwrap(), known).unwrap();
        let mut slots = vec![None; WHOLE + sequence.places.len()];
        let end = sequence.match_at(text, at, &mut slots)?;
        let groups = slots[WHOLE..].iter().map(|slot| slot.map(NonMaxUsize::get));
        Some([Some(at), Some(end)].into_iter().chain(groups).collect())
    }

    const TEXT: &[u8] = b"GET /a/2006/08/12/x GET /bb/20/ POST abcabcabcabcabcabcaaab 7aZ GE";

    #[test]
    fn a_match_is_that_of_a_regex_at_every_place() {
        for pattern in [
            r"GET /(\w+)/(\d+)",
            r"(\d\d\d\d/\d\d/\d\d/[^ .]+) ",
            "(abc){3}(a*)",
            "(?:abc){6}(a{1,3})b",
            "(GET|POST) ([^ ]+)",
            "()(G)(E)",
            r"[^\n]*",
            "[ac][bZ]",
            "(z*)(y*)",
            "GET",
        ] {
            for at in 0..=TEXT.len() {
                let expected = expected(pattern, TEXT, at);
                assert_eq!(found(pattern, 0, TEXT, at), expected, "{pattern} at {at}");
            }
        }
    }

    #[test]
    fn behind_the_end_of_a_text_there_is_no_byte() {
        for pattern in [r"a\x00", r"a[\x00-z]", r"a\d\x00{3}"] {
            for text in [&b"a"[..], b"a1", b"a1\0\0"] {
                let expected = expected(pattern, text, 0);
                assert_eq!(
                    found(pattern, 0, text, 0),
                    expected,
                    "{pattern} on {text:?}"
                );
            }
        }
    }

    #[test]
    fn what_is_known_is_not_looked_at_and_belongs_to_the_match() {
        for (pattern, known) in [(r"GET /(\w+)", 5), (r"(GET) (/)(\w)", 4), ("(GET)", 3)] {
            let expected = expected(pattern, TEXT, 0);
            assert!(expected.is_some());
            assert_eq!(found(pattern, known, TEXT, 0), expected, "{pattern}");
        }
        // Of a repetition nothing is taken for granted.
        assert_eq!(found("a{2,}b", 2, b"aaab", 0), Some(vec![Some(0), Some(4)]));
    }
}
