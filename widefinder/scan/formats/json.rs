//! JSON objects, one a line, with the usual names; and the way over the names of
//! any such object.
//!
//! The whole frame is checked: quotes, colons, commas, and brackets up to a depth
//! of [`DEPTH`]; there is no recursion. Inside of strings nothing is, since
//! servers write bytes there that are no text. What nginx writes when its format
//! has variables without quotes is let pass: `-`, and nothing at all.
//!
//! Sources: RFC 8259; the nginx manual, `ngx_http_log_module`; the Elastic Common
//! Schema; the names that `usual_names.rs` lists.

use super::dictionary::{Dictionary, Lazy, NOWHERE, ROOT, Word};
use super::escaped::{closing_quote, unescaped};
use super::named::Dialect;
use super::names::slot;
use super::usual_names::{HOST, SIGNS, USUAL};
use super::values::{Values, Written};
use crate::scan::combined::Misfit;
use crate::scan::format::{ABSENT, Record};
use crate::scan::marks::portable::{all, first_zero};
use crate::scan::scale::Scale;

/// JSON with the usual names.
pub(super) static JSON: Dialect = Dialect {
    name: "json",
    walk,
    rows: &[USUAL, HOST],
    signs: SIGNS,
    read: 1 << slot::STATUS | 1 << slot::METHOD,
    judge: |values| {
        Ok(match values.are_request() {
            true => Record::Entry,
            false => Record::Other,
        })
    },
    complete: |_| {},
    duration: Scale::Spans,
};

/// Objects and arrays inside each other; more are refused.
pub(super) const DEPTH: usize = 64;

/// An object or an array that is open.
#[derive(Clone, Copy)]
struct Level<'d> {
    /// Of an object the names that are looked for in it.
    node: u16,
    is_object: bool,
    /// What the value is looked for as; an array stands for its first value.
    word: Option<&'d Word>,
    /// Where it begins.
    start: usize,
}

/// Passes the values of an object to `values`, and checks its frame.
pub(super) fn walk<'c>(
    line: &'c [u8],
    dictionary: &Lazy,
    values: &mut Values<'_, 'c>,
) -> Result<(), Misfit> {
    let mut cursor = Cursor { line, at: 0 };
    if cursor.peek() != Some(b'{') {
        return cursor.fail("an object in braces");
    }
    let dictionary: &Dictionary = dictionary;
    let mut levels = [Level {
        node: ROOT,
        is_object: true,
        word: None,
        start: 0,
    }; DEPTH];
    let mut depth = 0;
    cursor.at += 1;
    let mut opened = true;
    loop {
        let level = levels[depth];
        let mut word = level.word;
        let mut node = NOWHERE;
        let closes = opened && cursor.peek() == Some(closing(level));
        if !closes {
            if level.is_object {
                word = cursor.name(level.node, dictionary, values)?;
                node = word.map_or(NOWHERE, |word| word.node);
            }
            match cursor.value()? {
                Value::Open(is_object) => {
                    levels[depth].word = level.word.filter(|_| level.is_object);
                    depth += 1;
                    if depth == DEPTH {
                        return cursor.fail("no more objects and arrays inside each other");
                    }
                    levels[depth] = Level {
                        node,
                        is_object,
                        word,
                        start: cursor.at,
                    };
                    cursor.at += 1;
                    opened = true;
                    continue;
                }
                Value::Scalar(text, written) => {
                    if let Some(word) = word {
                        values.put(word, text, written);
                        levels[depth].word = level.word.filter(|_| level.is_object);
                    }
                }
            }
        }
        opened = false;
        loop {
            match cursor.peek() {
                Some(b',') => {
                    cursor.at += 1;
                    break;
                }
                Some(byte) if byte == closing(levels[depth]) => cursor.at += 1,
                _ => return cursor.fail("a comma or a closing bracket"),
            }
            let closed = levels[depth];
            if depth == 0 {
                return cursor.end();
            }
            depth -= 1;
            if closed.is_object
                && let Some(word) = closed.word
            {
                values.put(word, &line[closed.start..cursor.at], Written::Object);
            }
        }
    }
}

fn closing(level: Level<'_>) -> u8 {
    if level.is_object { b'}' } else { b']' }
}

/// The beginning of a value, or the whole of it.
enum Value<'c> {
    /// An object, or else an array.
    Open(bool),
    Scalar(&'c [u8], Written),
}

/// A place in a line.
struct Cursor<'c> {
    line: &'c [u8],
    at: usize,
}

impl<'c> Cursor<'c> {
    #[cold]
    fn fail<T>(&self, expected: &'static str) -> Result<T, Misfit> {
        Err(Misfit {
            at: self.at,
            expected,
        })
    }

    /// The next byte that is no blank.
    #[inline(always)]
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.line.get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    /// Behind the outermost object there may be a comma, as in a list of them.
    fn end(&mut self) -> Result<(), Misfit> {
        if self.peek() == Some(b',') {
            self.at += 1;
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => self.fail("the end of the line"),
        }
    }

    /// A name and its colon.
    #[inline(always)]
    fn name<'d>(
        &mut self,
        node: u16,
        dictionary: &'d Dictionary,
        values: &Values<'_, 'c>,
    ) -> Result<Option<&'d Word>, Misfit> {
        if self.peek() != Some(b'"') {
            return self.fail("a name in quotes");
        }
        let (mut name, written) = self.string()?;
        if self.peek() != Some(b':') {
            return self.fail("a colon");
        }
        self.at += 1;
        if node == NOWHERE {
            return Ok(None);
        }
        if written == Written::Escaped {
            name = unescaped(name, values.arena);
        }
        Ok(dictionary.find(node, name))
    }

    #[inline(always)]
    fn value(&mut self) -> Result<Value<'c>, Misfit> {
        match self.peek() {
            Some(b'"') => {
                let (text, written) = self.string()?;
                Ok(Value::Scalar(text, written))
            }
            Some(b'{') => Ok(Value::Open(true)),
            Some(b'[') => Ok(Value::Open(false)),
            _ => self.bare(),
        }
    }

    /// A number, `true`, `false`, `null`, `-` or nothing.
    #[inline(always)]
    fn bare(&mut self) -> Result<Value<'c>, Misfit> {
        let rest = &self.line[self.at..];
        let is_bare =
            |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'+');
        let length = rest.iter().take_while(is_bare).count();
        let text = &rest[..length];
        let is_value = match text {
            [] => matches!(rest.first(), Some(b',' | b'}' | b']')),
            [b'-' | b'0'..=b'9', ..] => true,
            _ => matches!(text, b"true" | b"false" | b"null" | b"NaN"),
        };
        if !is_value {
            return self.fail("a value");
        }
        self.at += length;
        let text = if text == b"null" { ABSENT } else { text };
        Ok(Value::Scalar(text, Written::Plain))
    }

    /// What stands between the quote at hand and the next that no backslash
    /// escapes.
    #[inline(always)]
    fn string(&mut self) -> Result<(&'c [u8], Written), Misfit> {
        let rest = &self.line[self.at + 1..];
        let mut from = 0;
        // Most strings are short.
        while let Some(word) = rest.get(from..).and_then(|rest| rest.first_chunk()) {
            let word = u64::from_le_bytes(*word);
            let found = first_zero(word ^ all(b'"')) | first_zero(word ^ all(b'\\'));
            if found != 0 {
                from += found.trailing_zeros() as usize / 8;
                break;
            }
            from += size_of::<u64>();
            if from == SHORT {
                break;
            }
        }
        if rest.get(from) == Some(&b'"') {
            self.at += from + 2;
            return Ok((&rest[..from], Written::Plain));
        }
        self.long_string(rest, from)
    }

    /// The same if the first `from` bytes hold no mark.
    fn long_string(&mut self, rest: &'c [u8], from: usize) -> Result<(&'c [u8], Written), Misfit> {
        match closing_quote(rest, from) {
            Some((quote, written)) => {
                self.at += quote + 2;
                Ok((&rest[..quote], written))
            }
            None => self.fail("a closing quote"),
        }
    }
}

/// Bytes of a string that are looked at eight at a time; in what is longer the
/// end is searched for.
const SHORT: usize = 32;
