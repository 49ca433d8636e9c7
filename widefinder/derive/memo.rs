//! What was derived from a value, kept for when the value comes again.
//!
//! The memory is bounded: logs written by strangers may hold any number of
//! distinct values. When it is full it is emptied: what is needed is soon there
//! again, and a look-up has no order of use to keep. If three in four values were
//! new until then, it steps aside for a while, since to keep a value costs more than
//! to derive it from a short one.

use ahash::RandomState;

use crate::count::table::{Table, tag};

/// Derived values by the values that they were derived from.
#[derive(Clone, Debug)]
pub struct Memo {
    hashes: RandomState,
    /// For each value, where the derived one lies: its start and, plus one
    /// since 0 says that it is new, its end.
    known: Table,
    derived: Vec<u8>,
    /// What was derived last.
    outcome: Vec<u8>,
    keys: usize,
    /// How many values were asked for since it was emptied.
    asked: usize,
    /// How many values are still to be derived without a look.
    aside: usize,
}

/// The most values: with typical ones about a megabyte.
const MOST: usize = 1 << 14;

/// The most bytes of values, of either kind.
const MOST_BYTES: usize = 4 << 20;

/// For how many values the memory steps aside; then it tries again, since a log
/// may change.
const ASIDE: usize = 16 * MOST;

impl Default for Memo {
    fn default() -> Memo {
        Memo {
            hashes: RandomState::new(),
            known: Table::new(2),
            derived: Vec::new(),
            outcome: Vec::new(),
            keys: 0,
            asked: 0,
            aside: 0,
        }
    }
}

impl Memo {
    /// What `derive` makes of `value`, in a vector that is empty at first; it is
    /// asked only for a value that is not kept.
    pub fn get(&mut self, value: &[u8], derive: impl FnOnce(&[u8], &mut Vec<u8>)) -> &[u8] {
        if self.aside > 0 {
            self.aside -= 1;
            self.outcome.clear();
            derive(value, &mut self.outcome);
            return &self.outcome;
        }
        self.asked += 1;
        let tag = tag(&self.hashes, value);
        let entry = self.known.entry_of(tag, value);
        if let &[start, end] = self.known.values(entry)
            && end > 0
        {
            return &self.derived[start as usize..end as usize - 1];
        }
        self.outcome.clear();
        derive(value, &mut self.outcome);
        let start = self.derived.len();
        self.derived.extend_from_slice(&self.outcome);
        self.keys += value.len();
        let place = [start as u64, self.derived.len() as u64 + 1];
        self.known.values_mut(entry).copy_from_slice(&place);
        if self.known.len() > MOST || self.keys > MOST_BYTES || self.derived.len() > MOST_BYTES {
            self.forget();
        }
        &self.outcome
    }

    fn forget(&mut self) {
        if 4 * self.known.len() > 3 * self.asked {
            self.aside = ASIDE;
        }
        self.known.clear();
        self.derived.clear();
        self.keys = 0;
        self.asked = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_derived_once() {
        let mut memo = Memo::default();
        let mut calls = 0;
        for value in ["a", "", "b", "a", "", "b"] {
            let derived = memo.get(value.as_bytes(), |value, out| {
                calls += 1;
                out.extend_from_slice(value);
                out.extend_from_slice(value);
            });
            assert_eq!(derived, value.repeat(2).as_bytes());
        }
        assert_eq!(calls, 3);
    }

    #[test]
    fn the_memory_is_bounded_and_right() {
        let mut memo = Memo::default();
        for round in 0..2 {
            for number in 0..3 * MOST {
                let value = number.to_string();
                let derived = memo.get(value.as_bytes(), |value, out| {
                    out.extend(value.iter().rev())
                });
                let expected: Vec<u8> = value.bytes().rev().collect();
                assert_eq!(derived, expected, "round {round}");
                assert!(memo.known.len() <= MOST + 1);
            }
        }
        let long = vec![b'x'; MOST_BYTES + 1];
        assert_eq!(
            memo.get(&long, |value, out| out.extend_from_slice(value)),
            long
        );
    }

    #[test]
    fn it_steps_aside_where_it_does_not_help_and_comes_back() {
        let mut memo = Memo::default();
        let mut ask = |value: usize| {
            let mut asked = false;
            let text = value.to_string();
            let derived = memo.get(text.as_bytes(), |value, out| {
                asked = true;
                out.extend_from_slice(value);
            });
            assert_eq!(derived, text.as_bytes());
            asked
        };
        // All new: it steps aside when it is full.
        for value in 0..=MOST {
            assert!(ask(value));
        }
        for _ in 0..ASIDE {
            assert!(ask(0), "kept while it was aside");
        }
        assert!(ask(0));
        assert!(!ask(0), "not back");
        // Each comes three times: it goes on when it was full.
        for value in 1..2 * MOST {
            ask(value);
            for _ in 0..2 {
                let asked = ask(value);
                assert!(!asked || value % MOST == 0, "{value} was not kept");
            }
        }
    }
}
