//! Reads the words of a condition, one after the other.

use super::Mistake;
use super::mistake::quoted;
use super::operator::Operator;
use super::own::with_parentheses;
use super::piece::{Piece, braces};
use super::word::Word;

/// A place in a condition that is being read.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'t> {
    whole: &'t str,
    at: usize,
}

/// The words that join conditions, and so are no values.
const JOINTS: [&str; 6] = ["and", "or", "not", "AND", "OR", "NOT"];

impl<'t> Cursor<'t> {
    /// The start of a condition.
    pub(super) fn new(whole: &'t str) -> Cursor<'t> {
        Cursor { whole, at: 0 }
    }

    /// Where it is.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What is not yet read.
    pub(super) fn rest(&self) -> &'t str {
        &self.whole[self.at..]
    }

    /// Passes over spaces.
    pub(super) fn skip_spaces(&mut self) {
        self.at = self.whole.len() - self.rest().trim_start().len();
    }

    /// Passes over spaces; whether nothing else is left.
    pub(super) fn is_done(&mut self) -> bool {
        self.skip_spaces();
        self.rest().is_empty()
    }

    /// Reads so many bytes.
    pub(super) fn take(&mut self, bytes: usize) -> Piece<'t> {
        let start = self.at;
        self.at += bytes;
        Piece::of(self.whole, start..self.at)
    }

    /// All from `start` to here.
    pub(super) fn since(&self, start: usize) -> Piece<'t> {
        Piece::of(self.whole, start..self.at)
    }

    /// The word that comes next, up to a space, for a mistake to point at.
    pub(super) fn next_word(&self) -> Piece<'t> {
        let mut ahead = self.clone();
        ahead.skip_spaces();
        let word = ahead.rest().find(char::is_whitespace);
        ahead.take(word.unwrap_or(ahead.rest().len()))
    }

    /// Reads a sign, such as a parenthesis, if it comes next.
    pub(super) fn sign(&mut self, sign: char) -> Option<Piece<'t>> {
        self.skip_spaces();
        let comes = self.rest().starts_with(sign);
        comes.then(|| self.take(sign.len_utf8()))
    }

    /// Reads one of the words, if it comes next, and not as a part of another.
    pub(super) fn keyword(&mut self, words: &[&str]) -> Option<Piece<'t>> {
        self.skip_spaces();
        let word = words.iter().find(|word| {
            let behind = self.rest().strip_prefix(**word);
            behind.is_some_and(|rest| !rest.starts_with(continues_word))
        })?;
        Some(self.take(word.len()))
    }

    /// Reads a name: up to a space, an operator, a parenthesis, a quote or a
    /// comma that do not stand in the braces of `%{...}` or in `$cs(...)`. Empty if
    /// none comes.
    pub(super) fn name(&mut self) -> Piece<'t> {
        self.skip_spaces();
        let rest = self.rest();
        // In `%>s` the second character is no operator.
        let directive = rest.starts_with("%>") || rest.starts_with("%<");
        let mut length = match directive {
            true => 2,
            false => with_parentheses(rest),
        };
        while let Some(character) = rest[length..].chars().next() {
            if character.is_whitespace() || "=!<>~()'\",&|".contains(character) {
                break;
            }
            length += braces(&rest[length..]).max(character.len_utf8());
        }
        self.take(length)
    }

    /// Reads the operator behind `name`.
    pub(super) fn operator(&mut self, name: Piece<'t>, known: &str) -> Result<Operator, Mistake> {
        if self.keyword(&["in", "IN"]).is_some() {
            return Ok(Operator::In { negated: false });
        }
        let mut ahead = self.clone();
        if ahead.keyword(&["not", "NOT"]).is_some() && ahead.keyword(&["in", "IN"]).is_some() {
            *self = ahead;
            return Ok(Operator::In { negated: true });
        }
        let rest = self.rest();
        let sign = Operator::SIGNS
            .iter()
            .find(|(sign, _)| rest.starts_with(sign));
        for (slip, meant) in Operator::SLIPS {
            let is_word = slip.ends_with(char::is_alphabetic);
            let comes = match rest.strip_prefix(slip) {
                Some(behind) if is_word => !behind.starts_with(continues_word),
                Some(_) => sign.is_none_or(|(sign, _)| sign.len() < slip.len()),
                None => false,
            };
            if comes {
                let place = self.take(slip.len());
                return Err(place.mistake(format!("`{slip}` is written {meant}")));
            }
        }
        if let Some((sign, operator)) = sign {
            self.take(sign.len());
            return Ok(*operator);
        }
        let name = quoted(name.text());
        let place = self.next_word();
        Err(place.mistake(format!("behind {name} one of {known} is expected")))
    }

    /// Reads a value; `behind` stands before it. A list is read one by one,
    /// and then a comma ends a bare value as well.
    pub(super) fn value(&mut self, behind: Piece<'t>, kind: Value) -> Result<Word<'t>, Mistake> {
        self.skip_spaces();
        if let Some(quote @ ('"' | '\'')) = self.rest().chars().next() {
            return self.quoted(quote);
        }
        let length = match kind {
            Value::Pattern => bare_pattern(self.rest()),
            Value::Plain => bare(self.rest(), |_| false),
            Value::Item => bare(self.rest(), |c| c == ','),
        };
        let start = self.at;
        let piece = self.take(length);
        let text = piece.text();
        if text.is_empty() || JOINTS.contains(&text) {
            let hint = match text {
                "" => String::new(),
                joint => format!("; `{joint}` as a value stands in quotes"),
            };
            let behind = quoted(behind.text());
            let missing = format!("a value is missing behind {behind}{hint}");
            return Err(piece.mistake(missing));
        }
        for (sign, word) in [("&&", "and"), ("||", "or")] {
            if let Some(at) = text.find(sign) {
                let place = Piece::of(self.whole, start + at..start + at + sign.len());
                return Err(place.mistake(format!(
                    "`{sign}` is written `{word}`; a value that holds it stands in quotes"
                )));
            }
        }
        Ok(Word::bare(piece))
    }

    fn quoted(&mut self, quote: char) -> Result<Word<'t>, Mistake> {
        let open = self.take(1);
        let mut escaped = false;
        let close = self.rest().find(|character| {
            let closes = character == quote && !escaped;
            escaped = character == '\\' && !escaped;
            closes
        });
        let Some(length) = close else {
            return Err(open.mistake("this quote is not closed"));
        };
        let piece = self.take(length);
        self.take(1);
        if self
            .rest()
            .starts_with(|c: char| !c.is_whitespace() && c != ')' && c != ',')
        {
            let place = self.next_word();
            return Err(place.mistake("a space is missing behind the quote"));
        }
        let meant = |c: char| (c == quote || c == '\\').then(|| c.to_string());
        Ok(Word::escaped(piece, meant))
    }
}

/// What kind of value is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Value {
    /// One value.
    Plain,
    /// One of a list.
    Item,
    /// A regular expression.
    Pattern,
}

/// Whether a word goes on with this character.
fn continues_word(character: char) -> bool {
    character.is_alphanumeric() || "_:/.-%$".contains(character)
}

/// The length of a value up to a space, a parenthesis that it did not open, or
/// what else ends it.
fn bare(text: &str, ends: impl Fn(char) -> bool) -> usize {
    let mut depth = 0_u32;
    let end = text.find(|character: char| match character {
        '(' => {
            depth += 1;
            false
        }
        ')' if depth > 0 => {
            depth -= 1;
            false
        }
        _ => character == ')' || character.is_whitespace() || ends(character),
    });
    end.unwrap_or(text.len())
}

/// The length of a regular expression up to a space, or a parenthesis that it
/// did not open; those behind a backslash and in brackets are none.
fn bare_pattern(text: &str) -> usize {
    let (mut depth, mut escaped) = (0_u32, false);
    // How many characters ago brackets were opened.
    let mut brackets = None;
    let end = text.find(|character: char| {
        if character.is_whitespace() {
            return true;
        }
        if std::mem::take(&mut escaped) {
            return false;
        }
        match (character, brackets) {
            ('\\', _) => escaped = true,
            // As the first of the brackets, behind `^` too, it stands for itself.
            (']', Some(age)) if age > 0 => brackets = None,
            ('^', Some(0)) => {}
            (_, Some(age)) => brackets = Some(age + 1),
            ('[', None) => brackets = Some(0),
            ('(', None) => depth += 1,
            (')', None) if depth > 0 => depth -= 1,
            (')', None) => return true,
            _ => {}
        }
        false
    });
    end.unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, kind: Value) -> (String, &str) {
        let mut cursor = Cursor::new(text);
        let word = cursor.value(Piece::all("="), kind).unwrap();
        (word.text().to_owned(), cursor.rest())
    }

    #[test]
    fn values_end_where_they_should() {
        for (text, value, rest) in [
            ("404", "404", ""),
            (" 404) or", "404", ") or"),
            ("/a,b c", "/a,b", " c"),
            ("/a_(b)) x", "/a_(b)", ") x"),
            ("'a b') x", "a b", ") x"),
            (r#""a\"b\\" x"#, r#"a"b\"#, " x"),
            (r#"'\"' x"#, r#"\""#, " x"),
            ("'and'", "and", ""),
            ("android", "android", ""),
        ] {
            assert_eq!(read(text, Value::Plain), (value.to_owned(), rest), "{text}");
        }
        assert_eq!(read("a,b", Value::Item), ("a".to_owned(), ",b"));
        assert_eq!(read("f(a,b),c", Value::Item), ("f(a".to_owned(), ",b),c"));
    }

    #[test]
    fn patterns_hold_anything_but_spaces() {
        for (text, pattern, rest) in [
            ("^/(a|b)/ x", "^/(a|b)/", " x"),
            ("^/(a|b)/) x", "^/(a|b)/", ") x"),
            (r"a\(b) x", r"a\(b", ") x"),
            (r"a\)b x", r"a\)b", " x"),
            ("[(]a) x", "[(]a", ") x"),
            ("[)]a) x", "[)]a", ") x"),
            ("[])]a) x", "[])]a", ") x"),
            ("[^])]a) x", "[^])]a", ") x"),
            (r"[\])]a) x", r"[\])]a", ") x"),
            ("(a,b)'c", "(a,b)'c", ""),
            ("'a (b' x", "a (b", " x"),
        ] {
            assert_eq!(
                read(text, Value::Pattern),
                (pattern.to_owned(), rest),
                "{text}"
            );
        }
    }

    #[test]
    fn names_end_where_they_should() {
        for (text, name) in [
            ("status=404", "status"),
            (" path ~ x", "path"),
            ("errors%>5", "errors%"),
            ("p99.9:latency>1", "p99.9:latency"),
            ("%{a =b}i!=x", "%{a =b}i"),
            ("%>s=200", "%>s"),
            ("query:a[b]='x'", "query:a[b]"),
            ("=404", ""),
        ] {
            assert_eq!(Cursor::new(text).name().text(), name, "{text}");
        }
    }
}
