//! The parts of an expression, one behind the other.

use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// A part of an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Part {
    /// So many bytes of a set, and no fewer than there are.
    Run {
        set: Box<Bytes>,
        min: usize,
        max: usize,
    },
    /// One of some literals, none of which begins with another.
    Choice(Vec<Vec<u8>>),
    /// A group begins or ends; the numbers are those of a match's slots.
    Slot(usize),
}

/// A set of bytes.
pub(super) type Bytes = [bool; 256];

/// The most parts: beyond it, repetitions are not worth to be written out.
const PARTS: usize = 256;

/// The most literals of a choice: they are tried one after the other, which takes
/// longer than a DFA from about twenty on.
const CHOICES: usize = 16;

impl Part {
    /// The parts of `hir`, if it can be matched part by part without ever going
    /// back. A `^` at its front is taken for granted.
    pub(super) fn all(hir: &Hir) -> Option<Vec<Part>> {
        let mut parts = Vec::new();
        flatten(hir, &mut parts)?;
        is_deterministic(&parts).then_some(parts)
    }

    fn once(set: Box<Bytes>) -> Part {
        Part::Run {
            set,
            min: 1,
            max: 1,
        }
    }
}

/// Writes out the parts of `hir`; `None` if one of them is more than that.
fn flatten(hir: &Hir, parts: &mut Vec<Part>) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => {}
        HirKind::Look(Look::StartLF) if parts.is_empty() => {}
        HirKind::Look(_) => return None,
        HirKind::Alternation(all) => parts.push(Part::Choice(choice(all)?)),
        HirKind::Literal(literal) => parts.extend(literal.0.iter().map(|&b| Part::once(byte(b)))),
        HirKind::Class(class) => parts.push(Part::once(bytes_of(class)?)),
        HirKind::Capture(capture) => {
            let slot = 2 * capture.index as usize;
            parts.push(Part::Slot(slot));
            flatten(&capture.sub, parts)?;
            parts.push(Part::Slot(slot + 1));
        }
        HirKind::Concat(all) => {
            for part in all {
                flatten(part, parts)?;
            }
        }
        HirKind::Repetition(repetition) => {
            let (min, max) = (repetition.min, repetition.max);
            if max == Some(min) {
                for _ in 0..min {
                    flatten(&repetition.sub, parts)?;
                }
            } else {
                let set = set_of(&repetition.sub).filter(|_| repetition.greedy)?;
                let max = max.map_or(usize::MAX, |max| max as usize);
                let min = min as usize;
                parts.push(Part::Run { set, min, max });
            }
        }
    }
    (parts.len() <= PARTS).then_some(())
}

/// The literals of an alternation, if at most one of them can match at a place.
fn choice(alternatives: &[Hir]) -> Option<Vec<Vec<u8>>> {
    if alternatives.len() > CHOICES {
        return None;
    }
    let literals = alternatives.iter().map(|hir| match hir.kind() {
        HirKind::Literal(literal) => Some(literal.0.to_vec()),
        _ => None,
    });
    let literals: Vec<_> = literals.collect::<Option<_>>()?;
    let mut pairs = literals
        .iter()
        .flat_map(|a| literals.iter().map(move |b| (a, b)));
    let distinct = pairs.all(|(a, b)| std::ptr::eq(a, b) || !b.starts_with(a));
    distinct.then_some(literals)
}

/// The bytes of an expression that matches one byte.
fn set_of(hir: &Hir) -> Option<Box<Bytes>> {
    match hir.kind() {
        HirKind::Class(class) => bytes_of(class),
        HirKind::Literal(literal) => match literal.0[..] {
            [only] => Some(byte(only)),
            _ => None,
        },
        _ => None,
    }
}

fn byte(byte: u8) -> Box<Bytes> {
    let mut set = Box::new([false; 256]);
    set[usize::from(byte)] = true;
    set
}

fn bytes_of(class: &Class) -> Option<Box<Bytes>> {
    let class = match class {
        Class::Bytes(class) => class.clone(),
        Class::Unicode(class) => class.to_byte_class()?,
    };
    let mut set = Box::new([false; 256]);
    for range in class.ranges() {
        set[usize::from(range.start())..=usize::from(range.end())].fill(true);
    }
    Some(set)
}

/// The first and the last byte of a set without gaps.
pub(super) fn range(set: &Bytes) -> Option<(u8, u8)> {
    let first = set.iter().position(|&has| has)?;
    let last = set.iter().rposition(|&has| has)?;
    let whole = set[first..=last].iter().all(|&has| has);
    whole.then_some((first as u8, last as u8))
}

/// Whether no repetition of a set can be followed by a byte of that set. Then if
/// it took less than it can, what follows it could not match there.
fn is_deterministic(parts: &[Part]) -> bool {
    let mut follows = [false; 256];
    for part in parts.iter().rev() {
        match part {
            Part::Slot(_) => {}
            Part::Choice(literals) => {
                follows.fill(false);
                for literal in literals {
                    follows[usize::from(literal[0])] = true;
                }
            }
            Part::Run { set, min, max } => {
                let overlaps = set.iter().zip(&follows).any(|(&a, &b)| a && b);
                if min < max && overlaps {
                    return false;
                }
                for (follows, &has) in follows.iter_mut().zip(set.iter()) {
                    *follows = has || *min == 0 && *follows;
                }
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn parts(pattern: &str) -> Option<Vec<Part>> {
        Part::all(&parse(pattern).unwrap())
    }

    #[test]
    fn what_never_goes_back_has_parts() {
        for pattern in [
            r"GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ",
            "a*b+c?d",
            "(a)(b(c*))",
            "[^x]*x",
            r"(\d{1,3}\.){3}(\d{1,3})",
            "(GET|POST|HEAD) ",
            "a+b*",
            "",
        ] {
            assert!(parts(pattern).is_some(), "{pattern}");
        }
    }

    #[test]
    fn what_may_go_back_has_none() {
        for pattern in [
            "a*ab",
            "a+b*a",
            r"\d{1,2}\d",
            ".*x",
            "a??b",
            "(?:ab)*",
            "(a)?b",
            "(?:a+|b)c",
            r"a\b",
            "a$",
            "(?:a{2}){200}",
        ] {
            assert_eq!(parts(pattern), None, "{pattern}");
        }
        // Too many to be tried one after the other.
        let many: Vec<_> = (0..=CHOICES).map(|n| format!("{n:02}")).collect();
        assert_eq!(parts(&format!("a({})", many.join("|"))), None);
        assert!(parts(&format!("a({})", many[1..].join("|"))).is_some());
        // One alternative begins with another.
        let one = |text: &str| Hir::literal(text.as_bytes());
        assert_eq!(choice(&[one("ab"), one("abc")]), None);
    }
}
