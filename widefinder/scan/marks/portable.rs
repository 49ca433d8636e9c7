//! Masks on any processor, eight bytes in a word at a time.

use super::{BLOCK, Masks};

/// The same byte in all places of a word.
pub(in crate::scan) const fn all(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

const HIGH: u64 = all(0x80);
const LOW: u64 = all(0x7f);

#[inline(always)]
pub(super) fn masks(block: &[u8; BLOCK]) -> Masks {
    let (mut marks, mut blanks) = (0, 0);
    let (words, _) = block.as_chunks();
    for (number, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let quotes = zeros(word ^ all(b'"'));
        let ends = zeros(word ^ all(b'\n'));
        marks |= gather(quotes | ends) << (8 * number);
        blanks |= gather(blank(word)) << (8 * number);
    }
    Masks { marks, blanks }
}

/// The high bit of each byte that is 0. No carry leaves a byte, so that none is
/// told wrong.
#[inline(always)]
pub(in crate::scan) fn zeros(word: u64) -> u64 {
    !(((word & LOW) + LOW) | word) & HIGH
}

/// Bits of which the lowest is the high bit of the first byte that is 0. A step cheaper
/// than [`zeros`], since a borrow may tell the bytes behind that one wrong.
#[inline(always)]
pub(in crate::scan) fn first_zero(word: u64) -> u64 {
    word.wrapping_sub(all(1)) & !word & HIGH
}

/// The high bit of each byte that is 0x20 or less.
#[inline(always)]
fn blank(word: u64) -> u64 {
    !(((word & LOW) + all(0x7f - b' ')) | word) & HIGH
}

/// The high bits of the bytes side by side.
#[inline(always)]
fn gather(high: u64) -> u64 {
    // Each factor's bit takes one byte's bit to a place of its own in the last.
    (high >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Where a byte stands first, or the end. Words and columns are short: eight bytes at a
/// time are faster than the call of something better.
#[inline(always)]
pub(in crate::scan) fn find_near(byte: u8, text: &[u8]) -> usize {
    let pattern = all(byte);
    let (words, rest) = text.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let found = first_zero(u64::from_le_bytes(*word) ^ pattern);
        if found != 0 {
            return 8 * number + found.trailing_zeros() as usize / 8;
        }
    }
    let place = rest.iter().position(|other| *other == byte);
    text.len() - rest.len() + place.unwrap_or(rest.len())
}
