//! Error logs of Apache and nginx: records that are no requests, which are often
//! found in one file or stream with these.
//!
//! Apache: `[Thu Oct 13 12:24:49.880562 2022] [auth_basic:error] [pid 10] ...`,
//! until version 2.2 without modules and processes, and without a time where syslog has
//! it. nginx: `2022/01/24 16:33:06 [error] 334#334: *338 ...`; in containers also what
//! is said before it starts. LiteSpeed: `2022-06-08 22:49:20.774649 [NOTICE] ...`.
//!
//! Sources: the Apache manual, *Log Files*, and `ErrorLogFormat`; nginx,
//! `src/core/ngx_log.c`, and the entry point of its image; the LiteSpeed manual, *Log
//! Files*.

use memchr::memrchr;

use super::fixed::Fixed;
use crate::scan::combined::Misfit;
use crate::scan::cursor::Cursor;
use crate::scan::format::Record;
use crate::scan::scale::Scale;
use crate::time::{MONTHS, WEEKDAYS};

/// The format.
pub(super) const ERROR_LOG: Fixed = Fixed {
    name: "error_log",
    columns: &[],
    cut,
    duration: Scale::Whole,
};

/// How bad it is, in both servers; and Apache's `trace1` to `trace8`.
const LEVELS: [&str; 8] = [
    "debug", "info", "notice", "warn", "error", "crit", "alert", "emerg",
];

/// Cuts a line.
fn cut<'c>(line: &'c [u8], _slots: &mut [&'c [u8]], _needed: u64) -> Result<Record, Misfit> {
    let mut cursor = Cursor::new(line);
    match line {
        [b'[', ..] => apache(&mut cursor)?,
        [_, _, _, _, b'-', ..] => litespeed(&mut cursor)?,
        _ if is_entry_point(line) => {}
        _ => nginx(&mut cursor)?,
    }
    Ok(Record::Other)
}

/// `/docker-entrypoint.sh: ` or one of its scripts, `10-listen-on-ipv6-by-default.sh: `.
fn is_entry_point(line: &[u8]) -> bool {
    let name = line.split(|&byte| byte == b' ').next().unwrap_or(line);
    let is_script = name.ends_with(b".sh:") || name.ends_with(b".envsh:");
    let is_numbered = matches!(name, [b'0'..=b'9', b'0'..=b'9', b'-', ..]);
    is_script && (is_numbered || name == b"/docker-entrypoint.sh:")
}

fn apache(cursor: &mut Cursor<'_>) -> Result<(), Misfit> {
    const EXPECTED: &str = "a day of the week, a month, a day, a time and a year in brackets";
    let at = cursor.at;
    cursor.literal(b"[", EXPECTED)?;
    let time = cursor.until(b"] [", EXPECTED)?;
    if is_module_and_level(time) {
        // Before 2.4 the client follows.
        return match cursor.rest().starts_with(b"client ") {
            true => Ok(()),
            false => cursor.literal(b"pid ", "a process or a client behind the level"),
        };
    }
    let is_time = time.len() >= "Thu Oct 13 12:24:49 2022".len()
        && WEEKDAYS.iter().any(|day| time.starts_with(day.as_bytes()))
        && MONTHS.iter().any(|month| time[4..7] == **month)
        && (time[13], time[16]) == (b':', b':');
    if !is_time {
        let expected = EXPECTED;
        return Err(Misfit { at, expected });
    }
    let at = cursor.at;
    let level = cursor.until(b"]", "a level and a closing bracket")?;
    let level = level.rsplit(|&byte| byte == b':').next().unwrap_or(level);
    match is_level(level) && matches!(cursor.peek(), None | Some(b' ')) {
        true => Ok(()),
        false => Err(Misfit {
            at,
            expected: "a level such as error, perhaps behind a module",
        }),
    }
}

/// `auth_basic:error`, or the level alone.
fn is_module_and_level(text: &[u8]) -> bool {
    let module = |byte: &u8| byte.is_ascii_lowercase() || *byte == b'_';
    match memrchr(b':', text) {
        Some(colon) => text[..colon].iter().all(module) && is_level(&text[colon + 1..]),
        None => is_level(text),
    }
}

fn litespeed(cursor: &mut Cursor<'_>) -> Result<(), Misfit> {
    cursor.shape(
        b"0000-00-00 00:00:00.",
        "a date, a time and parts of a second",
    )?;
    cursor.digits("parts of a second")?;
    cursor.literal(b" [", "a level in brackets")?;
    let at = cursor.at;
    let level = cursor.until(b"] ", "a closing bracket and a space")?;
    match is_level(&level.to_ascii_lowercase()) {
        true => Ok(()),
        false => Err(Misfit {
            at,
            expected: "a level such as NOTICE",
        }),
    }
}

fn nginx(cursor: &mut Cursor<'_>) -> Result<(), Misfit> {
    cursor.shape(
        b"0000/00/00 00:00:00 [",
        "a date, a time and a level in brackets",
    )?;
    let at = cursor.at;
    let level = cursor.until(b"] ", "a closing bracket and a space")?;
    if !is_level(level) {
        let expected = "a level such as error";
        return Err(Misfit { at, expected });
    }
    cursor.digits("the number of a process")?;
    cursor.literal(b"#", "a # behind the process")?;
    cursor.digits("the number of a thread")?;
    cursor.literal(b": ", "a colon and a space")
}

fn is_level(level: &[u8]) -> bool {
    LEVELS.iter().any(|known| known.as_bytes() == level)
        || level
            .strip_prefix(b"trace")
            .is_some_and(|digit| matches!(digit, [b'1'..=b'8']))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_is_robust, record};
    use super::*;

    #[test]
    fn errors_are_other_records() {
        for line in [
            "[Thu Oct 13 12:24:49.880562 2022] [auth_basic:error] [pid 10:tid 1] [client ::1] x",
            "[Sat Oct  1 12:24:49 2022] [notice] caught SIGTERM, shutting down",
            "[Sat Oct 01 12:24:49 2022] [ssl:trace3] [pid 1] x",
            "2022/01/24 16:33:06 [error] 334#334: *338 user \"jo\": password mismatch",
            "2022/01/24 16:33:06 [notice] 1#0: start worker process 30",
            "[authz_core:error] [pid 22034] [client ::1:58585] AH01630: x",
            "[error] [client ::1] user jo not found: /a",
            "2022-06-08 22:49:20.774649 [NOTICE] [1226033] x",
            "/docker-entrypoint.sh: Configuration complete; ready for start up",
            "10-listen-on-ipv6-by-default.sh: info: /etc/nginx/conf.d/default.conf differs",
        ] {
            assert_eq!(record(&ERROR_LOG, line), Ok(Record::Other), "{line}");
            assert_is_robust(&ERROR_LOG, line);
        }
    }

    #[test]
    fn the_place_of_a_misfit_is_told() {
        for (line, at) in [
            ("", 0),
            ("[24/Jan/2022:16:51:02 +0000] - 404 404 - GET", 1),
            ("[Thu Oct 13 12:24:49 2022] [x] y", 28),
            ("2022/01/24 16:33:06 GET / 200", 20),
            ("2022/01/24 16:33:06 [x] 1#0: ", 21),
            ("2022/01/24 16:33:06 [error] x", 28),
            ("[error] [x", 9),
            ("2022-06-08 22:49:20.774649 [x] y", 28),
        ] {
            assert_eq!(record(&ERROR_LOG, line).unwrap_err().at, at, "{line}");
        }
    }
}
