//! A place in a line that is cut from the left to the right.

use memchr::{memchr, memchr_iter, memmem};

use super::combined::{Misfit, is_escaped};
use super::marks::portable::find_near;

/// A place in a line.
pub(super) struct Cursor<'c> {
    line: &'c [u8],
    /// Behind what has been taken.
    pub(super) at: usize,
}

impl<'c> Cursor<'c> {
    #[inline]
    pub(super) fn new(line: &'c [u8]) -> Cursor<'c> {
        Cursor { line, at: 0 }
    }

    #[inline]
    pub(super) fn line(&self) -> &'c [u8] {
        self.line
    }

    #[inline]
    pub(super) fn rest(&self) -> &'c [u8] {
        &self.line[self.at..]
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    #[inline]
    pub(super) fn ends(&self) -> bool {
        self.at == self.line.len()
    }

    #[inline]
    pub(super) fn fail<T>(&self, expected: &'static str) -> Result<T, Misfit> {
        Err(Misfit {
            at: self.at,
            expected,
        })
    }

    #[inline]
    pub(super) fn literal(&mut self, literal: &[u8], expected: &'static str) -> Result<(), Misfit> {
        if !self.rest().starts_with(literal) {
            return self.fail(expected);
        }
        self.at += literal.len();
        Ok(())
    }

    #[inline]
    pub(super) fn space(&mut self) -> Result<(), Misfit> {
        self.literal(b" ", "a space")
    }

    /// One or more bytes up to a space, and the space.
    #[inline]
    pub(super) fn word(&mut self, expected: &'static str) -> Result<&'c [u8], Misfit> {
        let rest = self.rest();
        let length = find_near(b' ', rest);
        if length == 0 || length == rest.len() {
            return self.fail(expected);
        }
        self.at += length + 1;
        Ok(&rest[..length])
    }

    /// As [`Cursor::word`], of a word that `is_it` accepts.
    #[inline]
    pub(super) fn word_of(
        &mut self,
        expected: &'static str,
        is_it: impl Fn(&[u8]) -> bool,
    ) -> Result<&'c [u8], Misfit> {
        let at = self.at;
        let word = self.word(expected)?;
        match is_it(word) {
            true => Ok(word),
            false => Err(Misfit { at, expected }),
        }
    }

    /// What stands before a literal, not empty, which is passed over.
    #[inline]
    pub(super) fn until(
        &mut self,
        literal: &[u8],
        expected: &'static str,
    ) -> Result<&'c [u8], Misfit> {
        let rest = self.rest();
        // To prepare a search for so few bytes takes longer than to search.
        let mut places = memchr_iter(literal[0], rest);
        let Some(length) = places.find(|&place| rest[place..].starts_with(literal)) else {
            return self.fail(expected);
        };
        self.at += length + literal.len();
        Ok(&rest[..length])
    }

    /// The user: all up to the time, since names may hold spaces; or nothing, as nginx
    /// may write it.
    #[inline]
    pub(super) fn until_bracket(&mut self) -> Result<&'c [u8], Misfit> {
        const EXPECTED: &str = "a user and a time in brackets";
        let rest = self.rest();
        let length = if rest.starts_with(b"- [") {
            1
        } else {
            match memmem::find(rest, b" [") {
                None => return self.fail(EXPECTED),
                // Where a word is missing before the time, some other bracket is found.
                Some(length) if memmem::find(&rest[..length], b"] \"").is_some() => {
                    return self.fail(EXPECTED);
                }
                Some(length) => length,
            }
        };
        self.at += length + 2;
        Ok(&rest[..length])
    }

    /// The time, and what leads to the request.
    #[inline]
    pub(super) fn time(&mut self) -> Result<&'c [u8], Misfit> {
        let rest = self.rest();
        let Some(length) = memchr(b']', rest) else {
            return self.fail("a time and a closing bracket");
        };
        self.at += length;
        self.literal(b"] \"", "a space and the quoted request")?;
        Ok(&rest[..length])
    }

    /// What is left of a quoted field, and its closing quote: the first that no
    /// backslash escapes.
    #[inline]
    pub(super) fn quoted(&mut self) -> Result<&'c [u8], Misfit> {
        let rest = self.rest();
        let mut from = 0;
        while let Some(found) = memchr(b'"', &rest[from..]) {
            let quote = from + found;
            if !is_escaped(rest, quote) {
                self.at += quote + 1;
                return Ok(&rest[..quote]);
            }
            from = quote + 1;
        }
        self.fail("a closing quote")
    }

    /// One or more digits.
    #[inline]
    pub(super) fn digits(&mut self, expected: &'static str) -> Result<&'c [u8], Misfit> {
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            return self.fail(expected);
        }
        self.at += length;
        Ok(&rest[..length])
    }

    /// What `shape` says, where a 0 stands for any digit; the place of a misfit is
    /// the first byte that differs.
    pub(super) fn shape(&mut self, shape: &[u8], expected: &'static str) -> Result<(), Misfit> {
        for &wanted in shape {
            let fits = match wanted {
                b'0' => self.peek().is_some_and(|byte| byte.is_ascii_digit()),
                _ => self.peek() == Some(wanted),
            };
            if !fits {
                return self.fail(expected);
            }
            self.at += 1;
        }
        Ok(())
    }

    /// Digits or `-`, up to a space or the end.
    #[inline]
    pub(super) fn number(&mut self, expected: &'static str) -> Result<&'c [u8], Misfit> {
        let rest = self.rest();
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let length = match (digits, rest.first()) {
            (0, Some(b'-')) => 1,
            (0, _) => return self.fail(expected),
            (digits, _) => digits,
        };
        self.at += length;
        match self.peek() {
            None | Some(b' ') => Ok(&rest[..length]),
            Some(_) => self.fail("a space"),
        }
    }
}
