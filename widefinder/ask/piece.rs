//! Pieces of what was typed, which know their place in the whole.

use std::ops::Range;

use super::Mistake;

/// A piece of what was typed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'t> {
    whole: &'t str,
    start: usize,
    end: usize,
}

impl<'t> Piece<'t> {
    /// All that was typed.
    pub(super) fn all(whole: &'t str) -> Piece<'t> {
        Piece {
            whole,
            start: 0,
            end: whole.len(),
        }
    }

    /// The piece of `whole` at `place`, whose ends are character borders.
    pub(super) fn of(whole: &'t str, place: Range<usize>) -> Piece<'t> {
        Piece {
            whole,
            start: place.start,
            end: place.end,
        }
    }

    /// All that was typed.
    pub(super) fn whole(self) -> &'t str {
        self.whole
    }

    /// What was typed here.
    pub(super) fn text(self) -> &'t str {
        &self.whole[self.start..self.end]
    }

    /// Where the piece begins in the whole.
    pub(super) fn start(self) -> usize {
        self.start
    }

    /// Where the piece ends in the whole.
    pub(super) fn end(self) -> usize {
        self.end
    }

    /// Its first bytes.
    pub(super) fn first(self, bytes: usize) -> Piece<'t> {
        Piece::of(self.whole, self.start..self.start + bytes)
    }

    /// What stands behind its first bytes.
    pub(super) fn behind(self, bytes: usize) -> Piece<'t> {
        Piece::of(self.whole, self.start + bytes..self.end)
    }

    /// The piece without the spaces around it.
    pub(super) fn trim(self) -> Piece<'t> {
        let text = self.text().trim_start();
        let start = self.end - text.len();
        Piece::of(self.whole, start..start + text.trim_end().len())
    }

    /// What stands before and behind the first `separator`.
    pub(super) fn split_once(self, separator: char) -> Option<(Piece<'t>, Piece<'t>)> {
        let at = self.text().find(separator)?;
        Some((self.first(at), self.behind(at + separator.len_utf8())))
    }

    /// The pieces between commas, without the spaces around them. A comma
    /// within the braces of `%{...}` is part of a name.
    pub(super) fn commas(self) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        let mut rest = self;
        while let Some(at) = comma(rest.text()) {
            pieces.push(rest.first(at).trim());
            rest = rest.behind(at + 1);
        }
        pieces.push(rest.trim());
        pieces
    }

    /// A mistake in this piece.
    pub(super) fn mistake(self, message: impl Into<String>) -> Mistake {
        Mistake {
            text: self.whole.to_owned(),
            place: self.start..self.end,
            message: message.into(),
        }
    }
}

/// Finds the first comma that separates.
fn comma(text: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        match byte {
            b',' => return Some(at),
            b'%' => at += braces(&text[at..]).max(1),
            _ => at += 1,
        }
    }
    None
}

/// Returns the length of a `%{...}`, or 0 if none stands here.
pub(super) fn braces(text: &str) -> usize {
    let name = text.strip_prefix("%{").and_then(|rest| rest.find('}'));
    name.map_or(0, |name| "%{}".len() + name)
}

/// Returns the things between commas, each as `read` reads it, and each once.
///
/// # Errors
///
/// What `read` says, or that a thing stands there twice.
pub(super) fn list<T: PartialEq>(
    text: &str,
    read: impl Fn(Piece<'_>) -> Result<T, Mistake>,
) -> Result<Vec<T>, Mistake> {
    let mut things = Vec::new();
    for piece in Piece::all(text).commas() {
        let thing = read(piece)?;
        if things.contains(&thing) {
            let word = super::mistake::quoted(piece.text());
            return Err(piece.mistake(format!("{word} is asked for twice")));
        }
        things.push(thing);
    }
    Ok(things)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_separate_but_in_braces() {
        let table: &[(&str, &[&str])] = &[
            ("", &[""]),
            ("a", &["a"]),
            (" a , b,", &["a", "b", ""]),
            ("%{A,B}i,c", &["%{A,B}i", "c"]),
            ("%{A,B", &["%{A", "B"]),
            ("%%{é,},b", &["%%{é,}", "b"]),
            ("{a,b}", &["{a", "b}"]),
        ];
        for (text, pieces) in table {
            let found = Piece::all(text).commas();
            let found: Vec<&str> = found.into_iter().map(Piece::text).collect();
            assert_eq!(found, *pieces, "{text:?}");
        }
    }

    #[test]
    fn a_piece_knows_its_place() {
        let piece = Piece::all("  ab cd ").trim();
        assert_eq!((piece.text(), piece.start(), piece.end()), ("ab cd", 2, 7));
        let (ab, cd) = piece.split_once(' ').unwrap();
        assert_eq!((ab.text(), cd.text(), cd.start()), ("ab", "cd", 5));
        assert_eq!(cd.mistake("no").place, 5..7);
        assert_eq!(Piece::all("   ").trim().mistake("no").place, 3..3);
    }
}
