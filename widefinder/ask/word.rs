//! Values as they are typed: bare, or in quotes.

use std::ops::Range;

use regex_syntax::ParserBuilder;

use super::Mistake;
use super::piece::Piece;
use crate::pattern::Pattern;

/// A value as it was meant, which knows how it was typed.
#[derive(Clone, Debug)]
pub(super) struct Word<'t> {
    text: String,
    /// Where each byte of `text`, and its end, was typed in the whole.
    origins: Vec<usize>,
    piece: Piece<'t>,
}

impl<'t> Word<'t> {
    /// A value that means what was typed.
    pub(super) fn bare(piece: Piece<'t>) -> Word<'t> {
        Word {
            text: piece.text().to_owned(),
            origins: (piece.start()..=piece.end()).collect(),
            piece,
        }
    }

    /// A value with escapes: `unescape` returns what is meant by a backslash
    /// and the character behind it, or `None` for just these two.
    pub(super) fn escaped(piece: Piece<'t>, unescape: impl Fn(char) -> Option<String>) -> Word<'t> {
        let mut word = Word {
            text: String::new(),
            origins: Vec::new(),
            piece,
        };
        let mut characters = piece.text().char_indices();
        while let Some((at, character)) = characters.next() {
            let escaped = characters.clone().next().filter(|_| character == '\\');
            word.push(at, character);
            if let Some((next, escaped)) = escaped {
                characters.next();
                match unescape(escaped) {
                    None => word.push(next, escaped),
                    Some(meant) => {
                        word.text.pop();
                        word.origins.pop();
                        meant.chars().for_each(|meant| word.push(at, meant));
                    }
                }
            }
        }
        word.origins.push(piece.end());
        word
    }

    fn push(&mut self, at: usize, character: char) {
        self.text.push(character);
        let origins = self.piece.start() + at..;
        self.origins.extend(origins.take(character.len_utf8()));
    }

    /// What is meant.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What was typed, without the quotes.
    pub(super) fn piece(&self) -> Piece<'t> {
        self.piece
    }

    /// The part of it that is meant by the bytes at `place`.
    pub(super) fn part(&self, place: Range<usize>) -> Word<'t> {
        let origins = self.origins[place.start..=place.end].to_vec();
        Word {
            text: self.text[place.clone()].to_owned(),
            origins,
            piece: self.typed(place),
        }
    }

    /// The ends of `first..last`, if it is written so.
    pub(super) fn range(&self) -> Option<(Word<'t>, Word<'t>)> {
        let dots = "..";
        let at = self.text.find(dots)?;
        let last = at + dots.len()..self.text.len();
        Some((self.part(0..at), self.part(last)))
    }

    /// What was typed for the bytes of the text at `place`.
    fn typed(&self, place: Range<usize>) -> Piece<'t> {
        let (start, end) = (self.origins[place.start], self.origins[place.end]);
        Piece::of(self.piece.whole(), start..end)
    }

    /// A mistake in this value.
    pub(super) fn mistake(&self, message: impl Into<String>) -> Mistake {
        self.piece.mistake(message)
    }

    /// The value as a pattern.
    pub(super) fn pattern(&self) -> Result<Pattern, Mistake> {
        self.check_syntax()?;
        Pattern::new(&self.text).map_err(|error| self.mistake(error.to_string()))
    }

    /// Finds the place of a mistake in a regular expression, as
    /// [`Pattern::new`] reads it.
    pub(super) fn check_syntax(&self) -> Result<(), Mistake> {
        let mut parser = ParserBuilder::new().unicode(false).utf8(false).build();
        let (what, span) = match parser.parse(&self.text) {
            Ok(_) => return Ok(()),
            Err(regex_syntax::Error::Parse(error)) => (error.kind().to_string(), *error.span()),
            Err(regex_syntax::Error::Translate(error)) => (error.kind().to_string(), *error.span()),
            Err(_) => return Err(self.mistake("this regular expression is not valid")),
        };
        let hint = if self.text.starts_with('*') {
            "; for any text write `.*`"
        } else {
            ""
        };
        let place = self.typed(span.start.offset..span.end.offset);
        Err(place.mistake(format!("in this regular expression: {what}{hint}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quoted(text: &str) -> Word<'_> {
        let meant = |c: char| (c == '"' || c == '\\').then(|| c.to_string());
        Word::escaped(Piece::all(text), meant)
    }

    #[test]
    fn escapes_are_undone() {
        let table = [
            (r"abc", "abc"),
            (r#"a\"b"#, r#"a"b"#),
            (r"a\\b", r"a\b"),
            (r"a\d", r"a\d"),
            (r"\\\\d", r"\\d"),
            (r"a\", r"a\"),
            (r"é\é", r"é\é"),
        ];
        for (typed, meant) in table {
            assert_eq!(quoted(typed).text(), meant, "{typed}");
        }
    }

    #[test]
    fn the_place_of_a_wrong_pattern_is_found() {
        let table = [
            ("a(b", 1..2, "in this regular expression: unclosed group"),
            (
                r#"\"é\\q"#,
                4..7,
                "in this regular expression: unrecognized escape sequence",
            ),
            (
                "*.png",
                0..0,
                "in this regular expression: repetition operator missing expression; \
                 for any text write `.*`",
            ),
            (
                r"a\nb",
                0..4,
                "the pattern \"a\\\\nb\" matches only across a line end, \
                 but a match never leaves its line; take the \\n out",
            ),
        ];
        for (typed, place, message) in table {
            let mistake = quoted(typed).pattern().unwrap_err();
            assert_eq!((mistake.place, mistake.message.as_str()), (place, message));
        }
        assert!(Word::bare(Piece::all("^/(a|b)/")).pattern().is_ok());
    }

    proptest! {
        #[test]
        fn parts_are_where_they_were_typed(text in r#"[a"\\é]{0,12}"#) {
            let word = quoted(&text);
            let borders = word.text().char_indices().map(|(at, _)| at);
            for at in borders.chain([word.text().len()]) {
                let (before, behind) = (word.part(0..at), word.part(at..word.text().len()));
                prop_assert_eq!(before.piece().end(), behind.piece().start());
                let typed = format!("{}{}", before.piece().text(), behind.piece().text());
                prop_assert_eq!(&typed, &text);
            }
        }
    }
}
