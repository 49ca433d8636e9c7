//! The search for places at which a match may start, and the match there.

use memchr::{memchr, memmem};
use regex_automata::dfa::onepass;
use regex_automata::nfa::thompson::{Compiler, Config};
use regex_automata::util::prefilter::Prefilter;
use regex_automata::util::primitives::NonMaxUsize;
use regex_automata::{Anchored, Input, MatchKind, Span};
use regex_syntax::hir::{Hir, Look};

use super::literal::{self, Prefixes};
use super::sequence::Sequence;
use super::whole::Whole;

/// Where a group begins or ends, if it took part.
pub(super) type Slot = Option<NonMaxUsize>;

/// Searches for an expression of which the matches are easy to start.
#[derive(Clone, Debug)]
pub(super) struct Starts {
    places: Places,
    /// The length of the shortest literal, 0 if none is searched for.
    shortest: usize,
    matcher: Matcher,
}

/// Where a match may start.
#[derive(Clone, Debug)]
enum Places {
    /// At the start of a line.
    Lines,
    /// Where a literal stands.
    Literal(Box<memmem::Finder<'static>>),
    /// Where one of several does.
    Literals(Prefilter),
}

/// Matches at a given place.
#[derive(Clone, Debug)]
enum Matcher {
    Sequence(Sequence),
    OnePass(Box<OnePass>),
}

/// A DFA that knows of each byte to which group it belongs.
#[derive(Clone, Debug)]
struct OnePass {
    dfa: onepass::DFA,
    /// A worker's own.
    cache: onepass::Cache,
}

/// Places of one line that are tried before it is searched otherwise: a match may
/// fail at its end, so many tries would take the square of its length.
const PATIENCE: usize = 8;

impl Starts {
    /// The shortest literal to search for: one byte is found too often.
    const SHORTEST: usize = 2;
    /// The limit of memory that the `regex` crate has as well.
    const ONE_PASS: usize = 1 << 20;

    /// Makes a search for an expression that is confined to a line, if it is one
    /// that this suits.
    pub(super) fn new(hir: &Hir) -> Option<Starts> {
        if hir.properties().look_set_prefix().contains(Look::StartLF) {
            return Some(Starts {
                places: Places::Lines,
                shortest: 0,
                matcher: Matcher::new(hir, 0)?,
            });
        }
        let Prefixes { literals, exact } = literal::prefixes(hir)?;
        let shortest = literals.iter().map(Vec::len).min()?;
        // Where a search for literals is all there is to do, it knows best.
        let only = exact && hir.properties().explicit_captures_len() == 0;
        if shortest < Starts::SHORTEST || only {
            return None;
        }
        let (places, known) = match &literals[..] {
            [literal] => {
                let finder = memmem::Finder::new(literal).into_owned();
                (Places::Literal(Box::new(finder)), shortest)
            }
            _ => {
                let finder = Prefilter::new(MatchKind::LeftmostFirst, &literals)?;
                (
                    Places::Literals(Some(finder).filter(Prefilter::is_fast)?),
                    0,
                )
            }
        };
        Some(Starts {
            places,
            shortest,
            matcher: Matcher::new(hir, known)?,
        })
    }

    /// The length of the shortest literal that is searched for, 0 if none is.
    pub(super) fn shortest(&self) -> usize {
        self.shortest
    }

    /// Returns where the first match at or behind `at`, the start of a line, lies,
    /// and sets the slots of its groups. A line with many places is left to `whole`.
    #[inline]
    pub(super) fn find(
        &mut self,
        text: &[u8],
        at: usize,
        slots: &mut [Slot],
        whole: &mut Whole,
    ) -> Option<(usize, usize)> {
        let matcher = &mut self.matcher;
        match &self.places {
            Places::Lines => at_lines(matcher, text, at, slots),
            Places::Literal(literal) => {
                let next = |from: usize| Some(from + literal.find(&text[from..])?);
                at_literals(matcher, text, at, slots, whole, next)
            }
            Places::Literals(literals) => {
                let next = |from| Some(literals.find(text, Span::from(from..text.len()))?.start);
                at_literals(matcher, text, at, slots, whole, next)
            }
        }
    }
}

/// Tries one place after the other, which `next` finds.
#[inline]
fn at_literals(
    matcher: &mut Matcher,
    text: &[u8],
    at: usize,
    slots: &mut [Slot],
    whole: &mut Whole,
    next: impl Fn(usize) -> Option<usize>,
) -> Option<(usize, usize)> {
    let mut patience = Patience {
        first: at,
        tried: 0,
    };
    let mut start = next(at)?;
    loop {
        if let Some(end) = matcher.match_at(text, start, slots) {
            return Some((start, end));
        }
        if patience.ends(text, start) {
            return whole.find(text, start + 1, slots);
        }
        start = next(start + 1)?;
    }
}

/// Tries one line after the other.
fn at_lines(
    matcher: &mut Matcher,
    text: &[u8],
    mut at: usize,
    slots: &mut [Slot],
) -> Option<(usize, usize)> {
    loop {
        if let Some(end) = matcher.match_at(text, at, slots) {
            return Some((at, end));
        }
        at += memchr(b'\n', text.get(at..)?)? + 1;
    }
}

/// Places that were tried in vain.
struct Patience {
    first: usize,
    tried: usize,
}

impl Patience {
    /// Notes a place, and returns whether there were too many in its line.
    #[inline]
    fn ends(&mut self, text: &[u8], place: usize) -> bool {
        self.tried += 1;
        if self.tried < PATIENCE {
            return false;
        }
        let one_line = memchr(b'\n', &text[self.first..place]).is_none();
        (self.first, self.tried) = (place, 0);
        one_line
    }
}

impl Matcher {
    fn new(hir: &Hir, known: usize) -> Option<Matcher> {
        if let Some(sequence) = Sequence::new(hir, known) {
            return Some(Matcher::Sequence(sequence));
        }
        let program = Compiler::new()
            .configure(
                Config::new()
                    .utf8(false)
                    .nfa_size_limit(Some(Whole::PROGRAM)),
            )
            .build_from_hir(hir)
            .ok()?;
        let dfa = onepass::DFA::builder()
            .configure(onepass::Config::new().size_limit(Some(Starts::ONE_PASS)))
            .build_from_nfa(program)
            .ok()?;
        let cache = dfa.create_cache();
        Some(Matcher::OnePass(Box::new(OnePass { dfa, cache })))
    }

    /// Returns where the match at `at` ends, and sets the slots of its groups.
    #[inline]
    fn match_at(&mut self, text: &[u8], at: usize, slots: &mut [Slot]) -> Option<usize> {
        match self {
            Matcher::Sequence(sequence) => sequence.match_at(text, at, slots),
            Matcher::OnePass(one_pass) => one_pass.match_at(text, at, slots),
        }
    }
}

impl OnePass {
    fn match_at(&mut self, text: &[u8], at: usize, slots: &mut [Slot]) -> Option<usize> {
        let input = Input::new(text).range(at..).anchored(Anchored::Yes);
        let found = self.dfa.try_search_slots(&mut self.cache, &input, slots);
        found.ok()??;
        slots[1].map(NonMaxUsize::get)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn patience_ends_in_one_line() {
        let text = b"aaaaaaaaa\naaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        let mut patience = Patience { first: 2, tried: 0 };
        let mut ends = |place| patience.ends(text, place);
        // The eighth place is in the second line, and is the first of the next eight.
        assert!(!(2..9).any(&mut ends));
        assert!(!ends(10));
        assert!(!(11..18).any(&mut ends));
        assert!(ends(18));
    }

    #[test]
    fn a_line_with_many_places_is_searched_otherwise() {
        let hir = parse(r"(?-u:ab)([^x\n]*)x").unwrap();
        let (mut starts, mut whole) = (Starts::new(&hir).unwrap(), Whole::new(&hir).unwrap());
        let mut slots = [None; 4];
        let text = [&b"ab".repeat(100)[..], b"\nabcx"].concat();
        let found = starts.find(&text, 0, &mut slots, &mut whole);
        assert_eq!(found, Some((201, 205)));
        assert_eq!(slots[2..], [NonMaxUsize::new(203), NonMaxUsize::new(204)]);
    }

    #[test]
    fn the_place_behind_the_last_that_was_tried_is_searched() {
        let hir = parse(r"aa(\d)").unwrap();
        let (mut starts, mut whole) = (Starts::new(&hir).unwrap(), Whole::new(&hir).unwrap());
        for before in 0..3 * PATIENCE {
            let text = [&b"a".repeat(before)[..], b"aa1"].concat();
            let found = starts.find(&text, 0, &mut [None; 4], &mut whole);
            assert_eq!(found, Some((before, before + 3)));
        }
    }

    #[test]
    fn some_expressions_are_not_easy_to_start() {
        for (pattern, suits) in [
            ("ab(c*)", true),
            ("(?m)^a", true),
            ("(GET|POST) (x)", true),
            // One byte is too little.
            ("a[^b]", false),
            // It may have to go back.
            ("ab.*b", false),
            // There is nothing to match behind the literals.
            ("GET|POST", false),
        ] {
            let hir = parse(pattern).unwrap();
            assert_eq!(Starts::new(&hir).is_some(), suits, "{pattern}");
        }
    }
}
