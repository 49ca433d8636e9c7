//! Texts in a row, for a value that a log has in several places.

use bumpalo::Bump;

/// Copies texts one behind the other.
pub(super) fn joined<'c>(texts: &[&[u8]], arena: &'c Bump) -> &'c [u8] {
    let length = texts.iter().map(|text| text.len()).sum();
    let copy = arena.alloc_slice_fill_copy(length, 0);
    let mut at = 0;
    for text in texts {
        copy[at..at + text.len()].copy_from_slice(text);
        at += text.len();
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_joined() {
        let arena = Bump::new();
        assert_eq!(joined(&[b"a", b"", b"bc"], &arena), b"abc");
        assert_eq!(joined(&[], &arena), b"");
    }
}
