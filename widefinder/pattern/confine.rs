//! An expression about a line, made into one about a text of many lines that
//! finds the same.

use regex_syntax::hir::{
    Capture, Class, ClassBytes, ClassBytesRange, ClassUnicode, ClassUnicodeRange, Hir, HirKind,
    Look, Repetition,
};

/// Takes the line end out of an expression, so that no match leaves its line,
/// and makes the borders of the text those of a line.
///
/// A `\r` before a line end is left to the caller. `None` for assertions of
/// which the sense would change, or that are slow on a long text.
pub(super) fn confine(hir: &Hir) -> Option<Hir> {
    let all = |parts: &[Hir]| parts.iter().map(confine).collect::<Option<Vec<_>>>();
    Some(match hir.kind() {
        HirKind::Empty => Hir::empty(),
        HirKind::Literal(literal) if literal.0.contains(&b'\n') => Hir::fail(),
        HirKind::Literal(literal) => Hir::literal(literal.0.clone()),
        HirKind::Class(class) => Hir::class(without_newline(class.clone())),
        HirKind::Look(look) => Hir::look(of_line(*look)?),
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            sub: Box::new(confine(&repetition.sub)?),
            ..repetition.clone()
        }),
        HirKind::Capture(capture) => Hir::capture(Capture {
            sub: Box::new(confine(&capture.sub)?),
            ..capture.clone()
        }),
        HirKind::Concat(parts) => Hir::concat(all(parts)?),
        HirKind::Alternation(parts) => Hir::alternation(all(parts)?),
    })
}

fn without_newline(class: Class) -> Class {
    match class {
        Class::Bytes(mut class) => {
            let newline = ClassBytesRange::new(b'\n', b'\n');
            class.difference(&ClassBytes::new([newline]));
            Class::Bytes(class)
        }
        Class::Unicode(mut class) => {
            let newline = ClassUnicodeRange::new('\n', '\n');
            class.difference(&ClassUnicode::new([newline]));
            Class::Unicode(class)
        }
    }
}

fn of_line(look: Look) -> Option<Look> {
    match look {
        Look::Start | Look::StartLF => Some(Look::StartLF),
        Look::End | Look::EndLF => Some(Look::EndLF),
        Look::WordAscii
        | Look::WordAsciiNegate
        | Look::WordStartAscii
        | Look::WordEndAscii
        | Look::WordStartHalfAscii
        | Look::WordEndHalfAscii => Some(look),
        // A lone `\r` is a line end to them.
        Look::StartCRLF | Look::EndCRLF => None,
        // Lazy DFAs give up where a text is not ASCII, and then the rest of the
        // text is slow; the rest of a line is short.
        Look::WordUnicode
        | Look::WordUnicodeNegate
        | Look::WordStartUnicode
        | Look::WordEndUnicode
        | Look::WordStartHalfUnicode
        | Look::WordEndHalfUnicode => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn the_line_end_is_taken_out() {
        for (pattern, confined) in [
            (r"[^a]", r"[^a\n]"),
            (r"(?s).", r"."),
            (r"(\s*)x|\n", r"([\t\v\f\r ]*)x|[a&&b]"),
            (r"(?u)\s", r"(?u)[\s--\n]"),
            (r"^a$", r"(?m)^a$"),
            (r"\bGET\B", r"\bGET\B"),
            (r"(a\nb|c)+?", r"([a&&b]|c)+?"),
        ] {
            assert_eq!(
                confine(&parse(pattern).unwrap()),
                Some(parse(confined).unwrap()),
                "{pattern}"
            );
        }
    }

    #[test]
    fn some_assertions_have_no_counterpart() {
        for pattern in [r"(?u)\b", r"(?u)a\B", r"(?Rm)^a", r"(?Rm)(a|$)"] {
            assert_eq!(confine(&parse(pattern).unwrap()), None, "{pattern}");
        }
    }
}
