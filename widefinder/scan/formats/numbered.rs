//! Combined lines with numbers before the referrer: how long it took, the bytes with the
//! header. Where they stand, the common format ends, so that such a line would be one of
//! that, without an agent.

use memchr::memmem;

use crate::scan::combined::{Frame, Misfit};
use crate::scan::cursor::Cursor;
use crate::scan::format::is_absent;

/// Whether numbers stand between the bytes and a quote. No line of the usual shape
/// ([`crate::scan::usual`]) is so.
pub(in crate::scan) fn is_numbered(line: &[u8]) -> Result<(), Misfit> {
    let mut cursor = Cursor::new(line);
    let frame = Frame::take(&mut cursor)?;
    if frame.referrer.is_some() {
        return cursor.fail("the end of the line");
    }
    const EXPECTED: &str = "a space, numbers and the quoted referrer";
    let rest = cursor.rest();
    let Some(quote) = memmem::find(rest, b" \"") else {
        return cursor.fail(EXPECTED);
    };
    let is_part = |byte: &u8| byte.is_ascii_digit() || b" .,:/-".contains(byte);
    if !rest[..quote].iter().all(is_part) || !rest[..quote].iter().any(u8::is_ascii_digit) {
        return cursor.fail(EXPECTED);
    }
    // Other fields than these two may stand there in quotes.
    cursor.at += quote + " \"".len();
    let at = cursor.at;
    let referrer = cursor.quoted()?;
    match is_absent(referrer) || memmem::find(referrer, b"://").is_some() {
        true => Ok(()),
        false => Err(Misfit {
            at,
            expected: "a referrer, which is a URL or -",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_before_the_referrer() {
        let fits = |rest: &str| {
            let line = format!("h - - [t] \"GET /\" 200 5{rest}");
            is_numbered(line.as_bytes()).map_err(|misfit| misfit.at)
        };
        for rest in [
            " 7 \"-\" \"x\"",
            " 0.1, 0.2 - \"-\" \"x\"",
            " 7 8 \"-\" \"x\"",
        ] {
            assert_eq!(fits(rest), Ok(()), "{rest}");
        }
        for (rest, at) in [
            (" \"-\" \"x\"", 31),
            ("", 23),
            (" 7", 23),
            (" - \"-\" \"x\"", 23),
            (" a 7 \"-\" \"x\"", 23),
            (" 7 \"x\" \"192.0.2.1\"", 27),
            (" 7 \"x", 27),
        ] {
            assert_eq!(fits(rest), Err(at), "{rest}");
        }
    }
}
