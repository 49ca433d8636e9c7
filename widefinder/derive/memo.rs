//! What was derived from a value, kept for when the value comes again.
//!
//! The memory is bounded: logs written by strangers may hold any number of
//! distinct values. When it is full it is emptied: what is needed is soon there
//! again, and a look-up has no order of use to keep.

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
    keys: usize,
}

/// The most values: with typical ones about a megabyte.
const MOST: usize = 1 << 14;

/// The most bytes of values, of either kind.
const MOST_BYTES: usize = 4 << 20;

impl Default for Memo {
    fn default() -> Memo {
        Memo {
            hashes: RandomState::new(),
            known: Table::new(2),
            derived: Vec::new(),
            keys: 0,
        }
    }
}

impl Memo {
    /// What `derive` makes of `value`; it is asked only if it was not, or if
    /// that has been forgotten.
    pub fn get(&mut self, value: &[u8], derive: impl FnOnce(&[u8], &mut Vec<u8>)) -> &[u8] {
        let tag = tag(&self.hashes, value);
        let entry = self.known.entry_of(tag, value);
        if let &[start, end] = self.known.values(entry)
            && end > 0
        {
            return &self.derived[start as usize..end as usize - 1];
        }
        let mut outcome = Vec::new();
        derive(value, &mut outcome);
        let full = self.known.len() > MOST
            || self.keys + value.len() > MOST_BYTES
            || self.derived.len() + outcome.len() > MOST_BYTES;
        if full {
            self.known.clear();
            self.derived.clear();
            self.keys = 0;
        }
        let entry = self.known.entry_of(tag, value);
        let start = self.derived.len();
        self.derived.extend_from_slice(&outcome);
        self.keys += value.len();
        let place = [start as u64, self.derived.len() as u64 + 1];
        self.known.values_mut(entry).copy_from_slice(&place);
        &self.derived[start..]
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
}
