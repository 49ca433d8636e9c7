//! The search through a whole text, whatever the pattern.

use regex_automata::Input;
use regex_automata::meta::{Cache, Config, Regex};
use regex_syntax::hir::Hir;

use super::starts::Slot;

/// Searches a text of many lines for an expression that is confined to one.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    regex: Regex,
    /// A worker's own, which takes no lock.
    cache: Cache,
}

impl Whole {
    /// The limits of memory that the `regex` crate has as well.
    pub(super) const PROGRAM: usize = 10 << 20;
    const LAZY_DFA: usize = 2 << 20;

    /// Compiles an expression; `None` if it is too large.
    pub(super) fn new(hir: &Hir) -> Option<Whole> {
        let config = Config::new()
            .utf8_empty(false)
            .nfa_size_limit(Some(Whole::PROGRAM))
            .hybrid_cache_capacity(Whole::LAZY_DFA);
        let regex = Regex::builder()
            .configure(config)
            .build_from_hir(hir)
            .ok()?;
        Some(Whole {
            cache: regex.create_cache(),
            regex,
        })
    }

    /// Returns where the first match at or behind `at` lies, and sets its slots.
    pub(super) fn find(
        &mut self,
        text: &[u8],
        at: usize,
        slots: &mut [Slot],
    ) -> Option<(usize, usize)> {
        let input = Input::new(text).range(at..);
        self.regex
            .search_slots_with(&mut self.cache, &input, slots)?;
        Some((slots[0]?.get(), slots[1]?.get()))
    }
}
