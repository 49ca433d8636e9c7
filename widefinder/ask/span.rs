//! Numbers in a row, as a filter compares with them.

use super::Accept;
use super::having::Compare;
use super::number::Exact;

/// Numbers in a row, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Span {
    /// The first of them.
    pub(super) first: Exact,
    /// The last of them.
    pub(super) last: Exact,
}

impl Span {
    /// A single number.
    pub(super) fn one(number: Exact) -> Span {
        Span {
            first: number,
            last: number,
        }
    }

    /// Whole numbers.
    pub(super) fn whole(first: u64, last: u64) -> Span {
        Span {
            first: Exact::whole(first),
            last: Exact::whole(last),
        }
    }

    /// The whole numbers of it; `None` if it has none.
    pub(super) fn equal(self) -> Option<Accept> {
        let (first, last) = (self.first.ceil(), self.last.floor());
        (first <= last).then_some(Accept::Number(first, last))
    }

    /// The whole numbers that are less than all of it, at most its last, and so
    /// on; `None` if there are none.
    pub(super) fn ordered(self, compare: Compare) -> Option<Accept> {
        let (first, last) = match compare {
            Compare::Less => (Some(0), self.first.ceil().checked_sub(1)),
            Compare::AtMost => (Some(0), Some(self.last.floor())),
            Compare::Greater => (self.last.floor().checked_add(1), Some(u64::MAX)),
            _ => (Some(self.first.ceil()), Some(u64::MAX)),
        };
        let both = first.zip(last);
        both.map(|(first, last)| Accept::Number(first, last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::number::size;

    fn accepted(accept: Option<Accept>) -> Option<(u64, u64)> {
        match accept? {
            Accept::Number(first, last) => Some((first, last)),
            other => panic!("{other:?} is no number"),
        }
    }

    #[test]
    fn comparisons_are_exact() {
        const MOST: u64 = u64::MAX;
        let (most, none) = (MOST.to_string(), None);
        for (number, equal, less, at_most, greater, at_least) in [
            (
                "3",
                Some((3, 3)),
                Some((0, 2)),
                Some((0, 3)),
                Some((4, MOST)),
                Some((3, MOST)),
            ),
            (
                "1.5",
                none,
                Some((0, 1)),
                Some((0, 1)),
                Some((2, MOST)),
                Some((2, MOST)),
            ),
            (
                "0",
                Some((0, 0)),
                none,
                Some((0, 0)),
                Some((1, MOST)),
                Some((0, MOST)),
            ),
            (
                &most,
                Some((MOST, MOST)),
                Some((0, MOST - 1)),
                Some((0, MOST)),
                none,
                Some((MOST, MOST)),
            ),
        ] {
            let span = Span::one(size(number).unwrap());
            let found = [
                accepted(span.equal()),
                accepted(span.ordered(Compare::Less)),
                accepted(span.ordered(Compare::AtMost)),
                accepted(span.ordered(Compare::Greater)),
                accepted(span.ordered(Compare::AtLeast)),
            ];
            assert_eq!(found, [equal, less, at_most, greater, at_least], "{number}");
        }
    }

    #[test]
    fn a_span_is_compared_by_its_ends() {
        let span = Span::whole(500, 599);
        assert_eq!(accepted(span.equal()), Some((500, 599)));
        assert_eq!(accepted(span.ordered(Compare::Less)), Some((0, 499)));
        assert_eq!(accepted(span.ordered(Compare::AtMost)), Some((0, 599)));
        assert_eq!(
            accepted(span.ordered(Compare::Greater)),
            Some((600, u64::MAX))
        );
        assert_eq!(
            accepted(span.ordered(Compare::AtLeast)),
            Some((500, u64::MAX))
        );
    }
}
