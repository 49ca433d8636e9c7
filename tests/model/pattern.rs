//! The pieces of the Wide Finder's patterns, matched byte by byte.

/// What `/ongoing/When/\d\d\dx/` says, with `D` for a digit.
pub(crate) const ARTICLE_FOLDER: &[u8] = b"/ongoing/When/DDDx/";

/// What `\d\d\d\d/\d\d/\d\d/` says, with `D` for a digit.
pub(crate) const ARTICLE_DATE: &[u8] = b"DDDD/DD/DD/";

/// What is left of `bytes` behind `shape`, in which `D` stands for one ASCII digit and every other
/// byte for itself; nothing if `bytes` does not start that way.
pub(crate) fn after_shape<'a>(bytes: &'a [u8], shape: &[u8]) -> Option<&'a [u8]> {
    if bytes.len() < shape.len() {
        return None;
    }
    for (byte, wanted) in bytes.iter().zip(shape) {
        let fits = if *wanted == b'D' {
            byte.is_ascii_digit()
        } else {
            byte == wanted
        };
        if !fits {
            return None;
        }
    }
    Some(&bytes[shape.len()..])
}

/// How many bytes at the start of `bytes` are neither a space nor a dot.
pub(crate) fn length_without_space_or_dot(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|&&byte| byte != b' ' && byte != b'.')
        .count()
}

/// Whether `bytes` starts as `prefix` does, where a dot of `prefix` stands for any one byte.
pub(crate) fn starts_with_dots_open(bytes: &[u8], prefix: &[u8]) -> bool {
    bytes.len() >= prefix.len()
        && bytes
            .iter()
            .zip(prefix)
            .all(|(byte, wanted)| *wanted == b'.' || byte == wanted)
}
