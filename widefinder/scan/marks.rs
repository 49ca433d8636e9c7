//! The marks of a text: where its quotes and line ends stand, and its blanks.
//!
//! They are found 64 bytes at a time, without a branch on what the bytes are.
//! The idea is that of
//! G. Langdale and D. Lemire, *Parsing gigabytes of JSON per second* (VLDB
//! Journal 28, 2019).

#[cfg(target_arch = "x86_64")]
mod avx2;
pub(super) mod portable;

/// Bytes of a block: what a mask's bits can name.
const BLOCK: usize = 64;

/// Marks of most blocks; what is more takes a loop.
const FEW: usize = 4;

/// A byte that is neither a mark nor a blank.
const PADDING: u8 = 0xff;

/// The marks of a text of less than 4 GiB.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// The first `count` are the places of quotes and line ends, first to last.
    places: Vec<u32>,
    count: usize,
    /// Bit *i* of word *w* is set if byte 64 *w* + *i* is a blank.
    blanks: Vec<u64>,
}

/// What a block holds: bit *i* tells of byte *i*.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Masks {
    /// `"` or `\n`.
    marks: u64,
    /// A space or a control byte: 0x20 or less.
    blanks: u64,
}

impl Marks {
    /// Finds the marks of `text`, and forgets those of the text before.
    ///
    /// # Panics
    ///
    /// When the text has 4 GiB or more.
    pub fn find(&mut self, text: &[u8]) {
        assert!(
            u32::try_from(text.len()).is_ok(),
            "a text of less than 4 GiB"
        );
        #[cfg(target_arch = "x86_64")]
        if avx2::is_available() {
            return avx2::find(self, text);
        }
        self.find_with(text, portable::masks);
    }

    /// The places of the quotes and line ends.
    #[inline]
    pub fn places(&self) -> &[u32] {
        &self.places[..self.count]
    }

    /// The blanks from `at` on: bit *i* tells of byte `at` + *i*. Behind the text
    /// all is blank.
    #[inline(always)]
    pub fn blanks(&self, at: usize) -> u64 {
        let (word, shift) = (at / BLOCK, at % BLOCK);
        let Some(&[first, second]) = self.blanks.get(word..word + 2) else {
            return u64::MAX;
        };
        // Two shifts, since one by 64 is none.
        first >> shift | second << 1 << (BLOCK - 1 - shift)
    }

    /// The place of the first space or control byte at or behind `at`; if there
    /// is none, a place behind the text.
    #[inline(always)]
    pub fn next_blank(&self, at: usize) -> usize {
        let mut from = at;
        loop {
            let blanks = self.blanks(from);
            if blanks != 0 {
                return from + blanks.trailing_zeros() as usize;
            }
            from += BLOCK;
        }
    }

    #[inline(always)]
    fn find_with(&mut self, text: &[u8], masks: impl Fn(&[u8; BLOCK]) -> Masks) {
        let blocks = text.len().div_ceil(BLOCK);
        self.count = 0;
        self.blanks.clear();
        self.blanks.resize(blocks + 2, u64::MAX);
        if self.places.len() < text.len() + FEW {
            self.places.resize(text.len() + FEW, 0);
        }
        let (whole, rest) = text.as_chunks();
        for (number, block) in whole.iter().enumerate() {
            self.add(number, masks(block));
        }
        if !rest.is_empty() {
            let mut block = [PADDING; BLOCK];
            block[..rest.len()].copy_from_slice(rest);
            let mut last = masks(&block);
            // What lies behind the text counts as blank.
            last.blanks |= u64::MAX << rest.len();
            self.add(whole.len(), last);
        }
    }

    #[inline(always)]
    fn add(&mut self, block: usize, masks: Masks) {
        self.blanks[block] = masks.blanks;
        let base = (block * BLOCK) as u32;
        let mut left = masks.marks;
        let mut next = || {
            let place = base + left.trailing_zeros();
            left &= left.wrapping_sub(1);
            place
        };
        // More than there are may be written; the next block writes over them.
        let places = &mut self.places[self.count..];
        let few: &mut [u32; FEW] = places.first_chunk_mut().expect("there is room");
        few.fill_with(&mut next);
        let count = masks.marks.count_ones() as usize;
        if count > FEW {
            places[FEW..count].fill_with(next);
        }
        self.count += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(text: &[u8]) -> (Vec<u32>, Vec<usize>) {
        let is_mark = |byte: u8| matches!(byte, b'"' | b'\n');
        let marks = (0..text.len()).filter(|&at| is_mark(text[at]));
        let blanks = (0..text.len()).filter(|&at| text[at] <= b' ');
        (marks.map(|at| at as u32).collect(), blanks.collect())
    }

    fn check(marks: &Marks, text: &[u8]) {
        let (places, blanks) = naive(text);
        assert_eq!(marks.places(), places);
        for at in 0..text.len() + 2 * BLOCK {
            let next = blanks.iter().copied().find(|&blank| blank >= at);
            let found = marks.next_blank(at);
            match next {
                Some(next) => assert_eq!(found, next, "from {at}"),
                None => assert!(found >= text.len(), "from {at}"),
            }
        }
    }

    proptest! {
        #[test]
        fn marks_are_those_of_a_naive_search(
            texts in proptest::collection::vec(text(), 1..4),
        ) {
            let (mut usual, mut portable) = (Marks::default(), Marks::default());
            for text in texts {
                usual.find(&text);
                check(&usual, &text);
                portable.find_with(&text, portable::masks);
                check(&portable, &text);
            }
        }
    }

    /// Bytes next to those that matter, in runs that fill whole blocks.
    fn text() -> impl Strategy<Value = Vec<u8>> {
        let bytes = b"\"\n !#\x09\x0b\x1f\x20\x21\x22\x23\x7f\x80\x8a\xa0\xa2\xff";
        let byte = prop_oneof![proptest::sample::select(bytes.to_vec()), any::<u8>()];
        let run = (byte, 0usize..100);
        let runs = proptest::collection::vec(run, 0..8);
        runs.prop_map(|runs| {
            let runs = runs
                .into_iter()
                .flat_map(|(byte, length)| vec![byte; length]);
            runs.collect()
        })
    }

    #[test]
    fn every_byte_is_told() {
        let text: Vec<u8> = (0..=u8::MAX).collect();
        let mut marks = Marks::default();
        marks.find(&text);
        check(&marks, &text);
        marks.find_with(&text, portable::masks);
        check(&marks, &text);
    }
}
