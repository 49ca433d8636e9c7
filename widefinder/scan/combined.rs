//! Apache's common and combined log formats, and nginx's, which are the same.
//!
//! `%h %l %u %t "%r" %>s %b`, and in the combined format two quoted fields
//! more, the referrer and the agent. Each line says for itself which of the two
//! it is. Whatever stands behind that is kept in the line and not looked at:
//! servers are often configured to append fields.
//!
//! Sources: the Apache manual, *Log Files* and `mod_log_config`; the nginx
//! manual, `ngx_http_log_module`.

use memchr::{memchr, memmem};

/// A line cut into its fields, quotes and brackets removed, escapes kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame<'c> {
    /// The client's address or host name.
    pub client: &'c [u8],
    /// The client's own word for its user; hardly ever there.
    pub identity: &'c [u8],
    /// The authenticated user; may hold spaces.
    pub user: &'c [u8],
    /// What stands between the brackets.
    pub time: &'c [u8],
    /// The request line.
    pub request: &'c [u8],
    /// Digits, or `-`.
    pub status: &'c [u8],
    /// Digits, or `-`.
    pub bytes: &'c [u8],
    /// The referrer; `None` in the common format.
    pub referrer: Option<&'c [u8]>,
    /// The agent; `None` in the common format.
    pub agent: Option<&'c [u8]>,
}

/// Why a line does not fit, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Misfit {
    /// The byte of the line, from 0, at which it stopped fitting.
    pub at: usize,
    /// What should have stood there.
    pub expected: &'static str,
}

impl<'c> Frame<'c> {
    /// Cuts a line without its line end.
    ///
    /// # Errors
    ///
    /// [`Misfit`] for the first place that does not fit, from the left.
    #[inline]
    pub fn parse(line: &'c [u8]) -> Result<Frame<'c>, Misfit> {
        let mut cursor = Cursor { line, at: 0 };
        let client = cursor.word("a client and a space")?;
        let identity = cursor.word("an identity and a space")?;
        let user = cursor.until_bracket()?;
        let time = cursor.time()?;
        let request = cursor.quoted()?;
        cursor.space()?;
        let status = cursor.number("a status")?;
        cursor.space()?;
        let bytes = cursor.number("a number of bytes")?;
        let mut frame = Frame {
            client,
            identity,
            user,
            time,
            request,
            status,
            bytes,
            referrer: None,
            agent: None,
        };
        if cursor.ends() {
            return Ok(frame);
        }
        cursor.space()?;
        if cursor.peek() == Some(b'"') {
            cursor.at += 1;
            frame.referrer = Some(cursor.quoted()?);
            cursor.literal(b" \"", "a space and the quoted agent")?;
            frame.agent = Some(cursor.quoted()?);
            if !cursor.ends() {
                cursor.space()?;
            }
        }
        Ok(frame)
    }
}

/// A place in a line.
struct Cursor<'c> {
    line: &'c [u8],
    at: usize,
}

impl<'c> Cursor<'c> {
    #[inline]
    fn rest(&self) -> &'c [u8] {
        &self.line[self.at..]
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    #[inline]
    fn ends(&self) -> bool {
        self.at == self.line.len()
    }

    #[inline]
    fn fail<T>(&self, expected: &'static str) -> Result<T, Misfit> {
        Err(Misfit {
            at: self.at,
            expected,
        })
    }

    #[inline]
    fn literal(&mut self, literal: &[u8], expected: &'static str) -> Result<(), Misfit> {
        if !self.rest().starts_with(literal) {
            return self.fail(expected);
        }
        self.at += literal.len();
        Ok(())
    }

    #[inline]
    fn space(&mut self) -> Result<(), Misfit> {
        self.literal(b" ", "a space")
    }

    /// One or more bytes up to a space, and the space.
    #[inline]
    fn word(&mut self, expected: &'static str) -> Result<&'c [u8], Misfit> {
        match memchr(b' ', self.rest()) {
            None | Some(0) => self.fail(expected),
            Some(length) => {
                let word = &self.rest()[..length];
                self.at += length + 1;
                Ok(word)
            }
        }
    }

    /// The user: all up to the time, since names may hold spaces.
    #[inline]
    fn until_bracket(&mut self) -> Result<&'c [u8], Misfit> {
        const EXPECTED: &str = "a user and a time in brackets";
        let rest = self.rest();
        let length = if rest.starts_with(b"- [") {
            1
        } else {
            match memmem::find(rest, b" [") {
                None | Some(0) => return self.fail(EXPECTED),
                Some(length) => length,
            }
        };
        self.at += length + 2;
        Ok(&rest[..length])
    }

    /// The time, and what leads to the request.
    #[inline]
    fn time(&mut self) -> Result<&'c [u8], Misfit> {
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
    fn quoted(&mut self) -> Result<&'c [u8], Misfit> {
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

    /// Digits or `-`, up to a space or the end.
    #[inline]
    fn number(&mut self, expected: &'static str) -> Result<&'c [u8], Misfit> {
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

/// Whether an odd number of backslashes stands before `at`.
pub(super) fn is_escaped(bytes: &[u8], at: usize) -> bool {
    let backslashes = bytes[..at].iter().rev().take_while(|&&b| b == b'\\');
    backslashes.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMON: &str = r#"::1 - jo [01/Jan/2000:00:00:00 +0000] "GET / HTTP/1.0" 200 12"#;

    fn parse(line: &str) -> Result<Frame<'_>, Misfit> {
        Frame::parse(line.as_bytes())
    }

    #[test]
    fn common_and_combined_are_told_apart() {
        let frame = parse(COMMON).unwrap();
        assert_eq!(frame.client, b"::1");
        assert_eq!(frame.user, b"jo");
        assert_eq!(frame.time, b"01/Jan/2000:00:00:00 +0000");
        assert_eq!(frame.request, b"GET / HTTP/1.0");
        assert_eq!((frame.status, frame.bytes), (&b"200"[..], &b"12"[..]));
        assert_eq!((frame.referrer, frame.agent), (None, None));

        let line = format!(r#"{COMMON} "http://a/" "agent""#);
        let frame = parse(&line).unwrap();
        assert_eq!(frame.referrer, Some(&b"http://a/"[..]));
        assert_eq!(frame.agent, Some(&b"agent"[..]));
    }

    #[test]
    fn more_fields_may_follow() {
        for more in [" 0.123", " ", " x \"y", r#" "r" "a" 1 "2"#, r#" "" "" "#] {
            let line = format!("{COMMON}{more}");
            assert!(parse(&line).is_ok(), "{line}");
        }
    }

    #[test]
    fn a_quote_is_escaped_by_an_odd_number_of_backslashes() {
        let line = r#"h - - [t] "a\"b\\" 200 -"#;
        assert_eq!(parse(line).unwrap().request, br#"a\"b\\"#);
        let line = r#"h - - [t] "a\\\" 200 -"#;
        assert_eq!(parse(line).unwrap_err().expected, "a closing quote");
    }

    #[test]
    fn users_may_hold_spaces_and_quotes() {
        for user in ["a b c", "\"\"", "[x]"] {
            let line = format!(r#"h - {user} [t] "-" 408 -"#);
            assert_eq!(parse(&line).unwrap().user, user.as_bytes());
        }
    }

    #[test]
    fn a_misfit_names_its_place() {
        let table: &[(&str, usize, &str)] = &[
            ("", 0, "a client and a space"),
            ("word", 0, "a client and a space"),
            ("h  - [t]", 2, "an identity and a space"),
            ("h - u", 4, "a user and a time in brackets"),
            ("h -  [t]", 4, "a user and a time in brackets"),
            ("h - u [t", 7, "a time and a closing bracket"),
            ("h - u [t] GET", 8, "a space and the quoted request"),
            (r#"h - u [t] "GET"#, 11, "a closing quote"),
            (r#"h - u [t] "-" "#, 14, "a status"),
            (r#"h - u [t] "-" x"#, 14, "a status"),
            (r#"h - u [t] "-" 20x 1"#, 16, "a space"),
            (r#"h - u [t] "-" 200"#, 17, "a space"),
            (r#"h - u [t] "-" 200 "#, 18, "a number of bytes"),
            (r#"h - u [t] "-" 200 --"#, 19, "a space"),
            (
                r#"h - u [t] "-" 200 1 "r""#,
                23,
                "a space and the quoted agent",
            ),
            (r#"h - u [t] "-" 200 1 "r" "a"#, 25, "a closing quote"),
            (r#"h - u [t] "-" 200 1 "r" "a"x"#, 27, "a space"),
        ];
        for &(line, at, expected) in table {
            assert_eq!(parse(line), Err(Misfit { at, expected }), "{line:?}");
        }
    }
}
