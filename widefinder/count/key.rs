//! Keys of several parts, as one string of bytes.
//!
//! A part ends with `00 01`, and a zero byte inside it is written `00 FF`. So
//! the joined keys compare as the lists of their parts do, and tables and ranks
//! need to know nothing of parts. (A length before each part would be shorter
//! for logs full of zero bytes, and would sort short parts first.)

use memchr::memchr;

const ZERO: u8 = 0;
const END: u8 = 1;
const ESCAPED: u8 = 0xff;

/// Puts `parts` together at the end of `key`.
pub fn join<'p>(key: &mut Vec<u8>, parts: impl Iterator<Item = &'p [u8]>) {
    for mut part in parts {
        while let Some(zero) = memchr(ZERO, part) {
            key.extend_from_slice(&part[..=zero]);
            key.push(ESCAPED);
            part = &part[zero + 1..];
        }
        key.extend_from_slice(part);
        key.extend_from_slice(&[ZERO, END]);
    }
}

/// Takes apart what [`join`] put together.
pub fn split(mut key: &[u8]) -> Vec<Vec<u8>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    while let Some(zero) = memchr(ZERO, key) {
        part.extend_from_slice(&key[..zero]);
        if key.get(zero + 1) == Some(&END) {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(ZERO);
        }
        key = key.get(zero + 2..).unwrap_or_default();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn joined(parts: &[Vec<u8>]) -> Vec<u8> {
        let mut key = b"before".to_vec();
        join(&mut key, parts.iter().map(Vec::as_slice));
        key.split_off(6)
    }

    proptest! {
        #[test]
        fn joined_keys_compare_as_lists(
            a in parts(), b in parts(),
        ) {
            prop_assert_eq!(split(&joined(&a)), a.clone());
            prop_assert_eq!(joined(&a).cmp(&joined(&b)), a.cmp(&b));
        }
    }

    /// Lists of two parts with many bytes that the encoding itself uses.
    fn parts() -> impl Strategy<Value = Vec<Vec<u8>>> {
        let byte = prop_oneof![
            Just(0),
            Just(1),
            Just(2),
            Just(0xfe),
            Just(0xff),
            any::<u8>()
        ];
        let part = proptest::collection::vec(byte, 0..4);
        proptest::collection::vec(part, 2)
    }
}
