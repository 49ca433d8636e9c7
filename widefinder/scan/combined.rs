//! Apache's common and combined log formats, and nginx's, which are the same.
//!
//! `%h %l %u %t "%r" %>s %b`, and in the combined format two quoted fields
//! more, the referrer and the agent. Each line says for itself which of the two
//! it is. Whatever stands behind that is kept in the line and not looked at:
//! servers are often configured to append fields.
//!
//! Sources: the Apache manual, *Log Files* and `mod_log_config`; the nginx
//! manual, `ngx_http_log_module`.

use memchr::{memchr2, memmem};

use super::cursor::Cursor;

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
        let mut cursor = Cursor::new(line);
        let frame = Frame::take(&mut cursor)?;
        if !cursor.ends() {
            cursor.space()?;
        }
        Ok(frame)
    }

    /// Cuts what a line begins with, up to the end of the bytes or of the agent.
    #[inline]
    pub(super) fn take(cursor: &mut Cursor<'c>) -> Result<Frame<'c>, Misfit> {
        let [client, identity, user] = lead(cursor)?;
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
        if cursor.rest().starts_with(b" \"") {
            cursor.at += 2;
            frame.referrer = Some(cursor.quoted()?);
            cursor.literal(b" \"", "a space and the quoted agent")?;
            frame.agent = Some(cursor.quoted()?);
        }
        Ok(frame)
    }
}

/// The client, its identity and the user.
#[inline]
pub(super) fn lead<'c>(cursor: &mut Cursor<'c>) -> Result<[&'c [u8]; 3], Misfit> {
    if cursor.peek() == Some(b'"')
        && let Some(client) = quoted_client(cursor)
    {
        return Ok([client, identity(cursor)?, cursor.until_bracket()?]);
    }
    let start = cursor.at;
    let client = cursor.word("a client and a space")?;
    if client.ends_with(b",") {
        let behind = cursor.at;
        if let Some(lead) = listed(cursor, start) {
            return Ok(lead);
        }
        cursor.at = behind;
    }
    Ok([client, identity(cursor)?, cursor.until_bracket()?])
}

fn identity<'c>(cursor: &mut Cursor<'c>) -> Result<&'c [u8], Misfit> {
    cursor.word("an identity and a space")
}

/// A client in quotes, as configurations write that of a header. Behind a quote that
/// does not close before the time the client begins as ever.
#[cold]
fn quoted_client<'c>(cursor: &mut Cursor<'c>) -> Option<&'c [u8]> {
    cursor.at += 1;
    let rest = cursor.rest();
    let length = memchr2(b'"', b'[', rest).filter(|&at| rest[at..].starts_with(b"\" "))?;
    cursor.at += length + 2;
    Some(&rest[..length])
}

/// What begins with a client that is a list, `192.0.2.1, 192.0.2.2`: those that each
/// proxy was asked by. `None` if no identity and no user stand before the first bracket.
#[cold]
fn listed<'c>(cursor: &mut Cursor<'c>, start: usize) -> Option<[&'c [u8]; 3]> {
    let line = cursor.line();
    let bracket = start + memmem::find(&line[start..], b" [")?;
    while cursor.word("").ok()?.ends_with(b",") {}
    let client = &line[start..cursor.at - 1];
    let identity = identity(cursor).ok()?;
    let user = line.get(cursor.at..bracket)?;
    cursor.at = bracket + " [".len();
    Some([client, identity, user])
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
    fn a_client_may_be_a_list_or_in_quotes() {
        for (lead, expected) in [
            (
                "192.0.2.1, 192.0.2.2 - jo",
                ["192.0.2.1, 192.0.2.2", "-", "jo"],
            ),
            ("a, b, c - jo doe", ["a, b, c", "-", "jo doe"]),
            // Two words are left for identity and user.
            ("a, b c", ["a,", "b", "c"]),
            ("a, b, c", ["a,", "b,", "c"]),
            ("a, b - ", ["a, b", "-", ""]),
            ("\"192.0.2.1\" - jo", ["192.0.2.1", "-", "jo"]),
            ("\"a, b\" - -", ["a, b", "-", "-"]),
            ("\"192.0.2.1 - jo", ["192.0.2.1", "-", "jo"]),
            ("\"a\"b - -", ["a\"b", "-", "-"]),
        ] {
            let line = format!("{lead}{}", COMMON.strip_prefix("::1 - jo").unwrap());
            let frame = parse(&line).unwrap();
            let found = [frame.client, frame.identity, frame.user];
            assert_eq!(found, expected.map(str::as_bytes), "{line}");
        }
        let line = r#"a, b - [t] "GET / HTTP/1.1" 200 5 "-" "x [y] z""#;
        assert_eq!(parse(line).unwrap().client, b"a,");
        assert_eq!(parse("\"\" - - [t] \"\" 200 5").unwrap().client, b"");
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
            ("h -  [t]", 7, "a space and the quoted request"),
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
