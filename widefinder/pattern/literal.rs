//! What every match of an expression holds, told from its syntax.

use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Whether every match of `hir` holds a line end.
pub(super) fn needs_newline(hir: &Hir) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => literal.0.contains(&b'\n'),
        HirKind::Class(Class::Bytes(class)) => {
            let mut ranges = class.ranges().iter();
            class.ranges().len() == 1 && ranges.all(|r| r.start() == b'\n' && r.end() == b'\n')
        }
        HirKind::Class(Class::Unicode(class)) => {
            let mut ranges = class.ranges().iter();
            class.ranges().len() == 1 && ranges.all(|r| r.start() == '\n' && r.end() == '\n')
        }
        HirKind::Repetition(repetition) => repetition.min > 0 && needs_newline(&repetition.sub),
        HirKind::Capture(capture) => needs_newline(&capture.sub),
        HirKind::Concat(parts) => parts.iter().any(needs_newline),
        HirKind::Alternation(parts) => parts.iter().all(needs_newline),
        HirKind::Empty | HirKind::Look(_) => false,
    }
}

/// The longest literal among the parts that every match passes through; the
/// first of equals.
pub(super) fn longest(hir: &Hir) -> Option<Vec<u8>> {
    let mut longest = None;
    find_longest(hir, &mut longest);
    longest
}

fn find_longest(hir: &Hir, longest: &mut Option<Vec<u8>>) {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let length = longest.as_ref().map_or(0, Vec::len);
            if literal.0.len() > length {
                *longest = Some(literal.0.to_vec());
            }
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            find_longest(&repetition.sub, longest);
        }
        HirKind::Capture(capture) => find_longest(&capture.sub, longest),
        HirKind::Concat(parts) => parts.iter().for_each(|part| find_longest(part, longest)),
        _ => {}
    }
}

/// A single literal of this length is found faster than several.
const LONG: usize = 4;
/// Of more literals than this, the front is as good.
const MANY: usize = 16;
/// What is left of them.
const FRONT: usize = 4;
/// A class of more bytes, say the digits, is no part of a literal.
const LARGEST_CLASS: usize = 4;

/// Literals of which every match begins with one, if there are some.
pub(super) fn prefixes(hir: &Hir) -> Option<Prefixes> {
    let mut extractor = Extractor::new();
    extractor
        .kind(ExtractKind::Prefix)
        .limit_class(LARGEST_CLASS);
    let mut prefixes = extractor.extract(hir);
    let common = prefixes.longest_common_prefix()?.to_vec();
    if common.len() >= LONG {
        return Some(Prefixes {
            literals: vec![common],
            exact: prefixes.is_exact() && prefixes.len() == Some(1),
        });
    }
    if prefixes.len()? > MANY {
        prefixes.keep_first_bytes(FRONT);
    }
    let exact = prefixes.is_exact();
    let literals = prefixes.literals()?.iter();
    let mut literals: Vec<_> = literals
        .map(|literal| literal.as_bytes().to_vec())
        .collect();
    // Where one stands that begins with another, that one stands as well.
    literals.sort();
    literals.dedup_by(|longer, shorter| longer.starts_with(shorter));
    Some(Prefixes { literals, exact })
}

/// What matches begin with.
#[derive(Debug)]
pub(super) struct Prefixes {
    /// One of these.
    pub(super) literals: Vec<Vec<u8>>,
    /// Whether these, in full, are all that can match.
    pub(super) exact: bool,
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn matches_begin_with_prefixes() {
        let table: &[(&str, &[&str], bool)] = &[
            (r"GET /(\w+)", &["GET /"], false),
            ("GET|POST", &["GET", "POST"], true),
            (r#""(GET|POST) (.*)"#, &["\"GET ", "\"POST "], false),
            // Digits are too many; what is in front of them is not.
            (r#"" (\d\d\d) "#, &["\" "], false),
            ("(?i)ab", &["AB", "Ab", "aB", "ab"], true),
            // One literal rather than two.
            ("abcd(e|f)", &["abcd"], false),
            (r"\bQuill/(\d+)", &["Quill/"], false),
        ];
        for (pattern, literals, exact) in table {
            let prefixes = prefixes(&parse(pattern).unwrap()).unwrap();
            let expected: Vec<_> = literals
                .iter()
                .map(|text| text.as_bytes().to_vec())
                .collect();
            assert_eq!(
                (prefixes.literals, prefixes.exact),
                (expected, *exact),
                "{pattern}"
            );
        }
        let long = prefixes(&parse("(?i)mozilla").unwrap()).unwrap();
        assert_eq!((long.literals.len(), long.exact), (MANY, false));
        assert!(prefixes(&parse(r"[^a]+x").unwrap()).is_none());
    }
}
