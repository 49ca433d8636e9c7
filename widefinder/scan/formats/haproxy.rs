//! HAProxy's HTTP log: `client:port [time.ms] frontend backend/server
//! TR/Tw/Tc/Tr/Ta status bytes cookie cookie state ac/fc/bc/sc/rc sq/bq {..} {..}
//! "request"`, what `option httpslog` appends included.
//!
//! Each pair of braces stands there only if headers are captured. A `+` before
//! the last timer or the bytes says that the line was written before the end, one
//! before the retries that another server was chosen. HAProxy writes no quotes
//! around anything else and does not escape those in a request, so that it ends
//! at the last quote of the line.
//!
//! Connections of TCP, handshakes that fail and messages are other records.
//!
//! Source: the HAProxy configuration manual, chapter 8.2, *Log formats*.

use memchr::{memchr_iter, memrchr};

use super::endpoint::{address, port};
use super::fixed::{Column, Fixed, REQUEST};
use super::haproxy_messages::is_message;
use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cursor::Cursor;
use crate::scan::format::{ABSENT, Record, is_digits};
use crate::scan::scale::Scale;

/// The format, without what syslog puts before it.
pub(super) const HAPROXY: Fixed = Fixed {
    name: "haproxy",
    columns: &COLUMNS,
    cut,
    duration: Scale::Milliseconds,
};

/// The slots, by their names in the manual.
const COLUMNS: [Column; 28] = [
    ("client_ip", Some(Field::Client)),
    ("client_port", None),
    ("request_date", Some(Field::Time)),
    ("frontend_name", None),
    ("backend_name", None),
    ("server_name", None),
    ("TR", None),
    ("Tw", None),
    ("Tc", None),
    ("Tr", Some(Field::UpstreamLatency)),
    ("Ta", Some(Field::Latency)),
    ("status_code", Some(Field::Status)),
    ("bytes_read", Some(Field::Bytes)),
    ("captured_request_cookie", None),
    ("captured_response_cookie", None),
    ("termination_state", None),
    ("actconn", None),
    ("feconn", None),
    ("beconn", None),
    ("srv_conn", None),
    ("retries", None),
    ("srv_queue", None),
    ("backend_queue", None),
    ("captured_request_headers", None),
    ("captured_response_headers", None),
    (REQUEST, None),
    ("sslv", Some(Field::TlsVersion)),
    ("sslc", Some(Field::TlsCipher)),
];

/// Cuts a line.
fn cut<'c>(line: &'c [u8], slots: &mut [&'c [u8]], _needed: u64) -> Result<Record, Misfit> {
    if is_message(line) {
        return Ok(Record::Other);
    }
    let mut cursor = Cursor::new(line);
    take_client(&mut cursor, slots)?;
    let frontend = cursor.word("a frontend")?;
    if frontend.ends_with(b":") && frontend.contains(&b'/') {
        return Ok(Record::Other);
    }
    slots[3] = frontend.strip_suffix(b"~").unwrap_or(frontend);
    (slots[4], slots[5]) = pair(&mut cursor, "a backend, a slash and a server")?;
    if take_timers(&mut cursor, slots)? == TIMERS_OF_TCP {
        return tcp(cursor);
    }
    take_outcome(&mut cursor, slots)?;
    slots[23] = captured(&mut cursor)?;
    slots[24] = captured(&mut cursor)?;
    cursor.literal(b"\"", "the quoted request")?;
    let Some(length) = memrchr(b'"', cursor.rest()) else {
        return cursor.fail("a closing quote");
    };
    slots[25] = &cursor.rest()[..length];
    cursor.at += length + 1;
    if !matches!(cursor.peek(), None | Some(b' ')) {
        return cursor.fail("a space or the end of the line");
    }
    (slots[26], slots[27]) = tls(cursor.rest());
    Ok(Record::Entry)
}

/// Takes `client:port [time] `.
fn take_client<'c>(cursor: &mut Cursor<'c>, slots: &mut [&'c [u8]]) -> Result<(), Misfit> {
    const EXPECTED: &str = "a client, a colon and a port";
    let at = cursor.at;
    let client = cursor.word(EXPECTED)?;
    let Some(colon) = port(client) else {
        let expected = EXPECTED;
        return Err(Misfit { at, expected });
    };
    (slots[0], slots[1]) = (address(client), &client[colon + 1..]);
    cursor.literal(b"[", "a time in brackets")?;
    let at = cursor.at;
    let time = cursor.until(b"] ", "a closing bracket and a space")?;
    if !matches!(time, [_, _, b'/', _, _, _, b'/', ..]) {
        let expected = "a day, a month and a year";
        return Err(Misfit { at, expected });
    }
    slots[2] = time;
    Ok(())
}

const TIMERS_OF_TCP: usize = 3;
const TIMERS_OF_HTTP: usize = 5;

/// Takes the timers, milliseconds or -1, and returns how many there are.
fn take_timers<'c>(cursor: &mut Cursor<'c>, slots: &mut [&'c [u8]]) -> Result<usize, Misfit> {
    let expected = "three or five timers with slashes between them";
    let at = cursor.at;
    let timers = cursor.word(expected)?;
    match split(timers, &mut slots[6..6 + TIMERS_OF_HTTP]) {
        Some(count @ (TIMERS_OF_TCP | TIMERS_OF_HTTP)) => Ok(count),
        _ => Err(Misfit { at, expected }),
    }
}

/// Takes what stands between the timers and the braces.
fn take_outcome<'c>(cursor: &mut Cursor<'c>, slots: &mut [&'c [u8]]) -> Result<(), Misfit> {
    let is_signed = |text: &[u8]| is_digits(text.strip_prefix(b"-").unwrap_or(text));
    let is_marked = |text: &[u8]| is_digits(without_plus(text));
    slots[11] = cursor.word_of("a status", is_signed)?;
    slots[12] = without_plus(cursor.word_of("a number of bytes", is_marked)?);
    slots[13] = cursor.word("a cookie or -")?;
    slots[14] = cursor.word("a cookie or -")?;
    let is_state = |text: &[u8]| text.len() == 4;
    slots[15] = cursor.word_of("a state of four letters", is_state)?;
    take_numbers(cursor, &mut slots[16..21], "five numbers of connections")?;
    take_numbers(cursor, &mut slots[21..23], "two lengths of queues")
}

/// The rest of a line of TCP, behind its timers.
fn tcp(mut cursor: Cursor<'_>) -> Result<Record, Misfit> {
    let mut unused = [ABSENT; 7];
    let is_marked = |text: &[u8]| is_digits(without_plus(text));
    cursor.word_of("a number of bytes", is_marked)?;
    cursor.word_of("a state of two letters", |text| text.len() == 2)?;
    take_numbers(&mut cursor, &mut unused[..5], "five numbers of connections")?;
    let (at, queues) = (cursor.at, cursor.rest());
    let queues = &queues[..memchr::memchr(b' ', queues).unwrap_or(queues.len())];
    match split(queues, &mut unused[5..]) {
        Some(2) => Ok(Record::Other),
        _ => Err(Misfit {
            at,
            expected: "two lengths of queues",
        }),
    }
}

/// Takes as many numbers, with slashes between them, as there are slots.
fn take_numbers<'c>(
    cursor: &mut Cursor<'c>,
    slots: &mut [&'c [u8]],
    expected: &'static str,
) -> Result<(), Misfit> {
    let at = cursor.at;
    let numbers = cursor.word(expected)?;
    match split(numbers, slots) == Some(slots.len()) {
        true => Ok(()),
        false => Err(Misfit { at, expected }),
    }
}

/// Splits numbers at their slashes, without `+`; `None` if one is none, or if there
/// are more than slots.
#[inline]
fn split<'c>(text: &'c [u8], slots: &mut [&'c [u8]]) -> Option<usize> {
    let mut count = 0;
    for number in text.split(|&byte| byte == b'/') {
        let number = without_plus(number);
        if !is_digits(number.strip_prefix(b"-").unwrap_or(number)) {
            return None;
        }
        *slots.get_mut(count)? = number;
        count += 1;
    }
    Some(count)
}

/// Takes a word with a slash in it.
fn pair<'c>(
    cursor: &mut Cursor<'c>,
    expected: &'static str,
) -> Result<(&'c [u8], &'c [u8]), Misfit> {
    let word = cursor.word_of(expected, |word| word.contains(&b'/'))?;
    let slash = memchr::memchr(b'/', word).unwrap_or(0);
    Ok((&word[..slash], &word[slash + 1..]))
}

/// Takes `{...} `, if it is there. Headers may hold braces, but hardly what stands
/// behind the closing one.
fn captured<'c>(cursor: &mut Cursor<'c>) -> Result<&'c [u8], Misfit> {
    let rest = cursor.rest();
    if !rest.starts_with(b"{") {
        return Ok(ABSENT);
    }
    let is_end = |&brace: &usize| matches!(rest[brace + 1..], [b' ', b'"' | b'{', ..]);
    let Some(end) = memchr_iter(b'}', rest).find(is_end) else {
        return cursor.fail("a closing brace, and a space before a quote or a brace");
    };
    cursor.at += end + 2;
    Ok(&rest[1..end])
}

/// The version and the cipher in ` err/err/err/err/resumed name/version/cipher`.
fn tls(tail: &[u8]) -> (&[u8], &[u8]) {
    let word = memrchr(b' ', tail).map_or(tail, |space| &tail[space + 1..]);
    let mut parts = word.split(|&byte| byte == b'/');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(version), Some(cipher), None) => (version, cipher),
        _ => (ABSENT, ABSENT),
    }
}

fn without_plus(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"+").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_is_robust, cut, record};
    use super::*;

    const LINE: &str = concat!(
        "192.0.2.1:38037 [10/Dec/2013:10:01:04.205] web~ app/a1 1/2/3/4/+10 200 +17610 - c ---- ",
        r#"21/20/19/1/+2 0/1 {a.example|x "y} {z} "GET /a?b HTTP/1.1""#,
    );

    #[test]
    fn lines_are_cut_into_their_fields() {
        let expected = concat!(
            "192.0.2.1;38037;10/Dec/2013:10:01:04.205;web;app;a1;1;2;3;4;10;200;17610;-;c;----;",
            r#"21;20;19;1;2;0;1;a.example|x "y;z;GET /a?b HTTP/1.1;-;-"#,
        );
        assert_eq!(cut(&HAPROXY, LINE).unwrap().join(";"), expected);
        let secure = format!("{LINE} 0/0/0/0/0 a.example/TLSv1.3/AES");
        assert_eq!(
            cut(&HAPROXY, &secure).unwrap()[25..],
            ["GET /a?b HTTP/1.1", "TLSv1.3", "AES"]
        );
    }

    #[test]
    fn what_is_not_there_is_absent() {
        let one = LINE.replace(" {z}", "");
        assert_eq!(cut(&HAPROXY, &one).unwrap()[24], "-");
        let line = concat!(
            "::1:5 [09/Dec/2013:12:59:46.633] in in/<NOSRV> -1/-1/-1/-1/50 400 187 - - PR-- ",
            r#"2/2/0/0/0 0/0 "<BADREQ>""#,
        );
        let slots = cut(&HAPROXY, line).unwrap();
        assert_eq!(
            (&*slots[0], &*slots[9], &*slots[25]),
            ("::1", "-1", "<BADREQ>")
        );
        assert_eq!(slots[23..25], ["-", "-"]);
    }

    #[test]
    fn what_is_no_request_is_another_record() {
        for line in [
            "192.0.2.1:5 [10/Dec/2013:10:01:04.205] fe be/s 0/0/5007 212 -- 0/0/0/0/3 0/0",
            "192.0.2.1:5 [10/Dec/2013:10:01:04.205] fe/1: SSL handshake failure",
            "192.0.2.1:5 [10/Dec/2013:10:01:04.205] fe/1: Connection closed during SSL handshake",
            "Proxy web started.",
            "Server app/a1 is DOWN, reason: Layer4 timeout.",
        ] {
            assert_eq!(record(&HAPROXY, line), Ok(Record::Other), "{line}");
        }
    }

    #[test]
    fn the_place_of_a_misfit_is_told() {
        for (line, at) in [
            ("Proxy settings", 0),
            ("192.0.2.1:80x [", 0),
            ("192.0.2.1 - - [t] ", 0),
            ("h:1 [t] fe ", 5),
            ("h:1 [10/Dec/2013:10:01:04.205] fe be s", 34),
            ("h:1 [10/Dec/2013:10:01:04.205] fe be/s 1/2/3/4 200 ", 39),
            (&LINE.replace(" ---- ", " --- "), 82),
            (&LINE[..LINE.len() - 1], 127),
        ] {
            assert_eq!(record(&HAPROXY, line).unwrap_err().at, at, "{line}");
        }
    }

    #[test]
    fn odd_lines_are_no_trouble() {
        assert_is_robust(&HAPROXY, LINE);
    }
}
