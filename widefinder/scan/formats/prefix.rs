//! What others put before a line on its way: syslog, the runtimes of containers.
//!
//! Each is strict, since whatever stands behind some other word or time might be
//! taken for an entry.
//!
//! Sources: RFC 3164 and RFC 5424; rsyslog's `RSYSLOG_FileFormat`; the CRI of
//! Kubernetes, *kubelet-cri-logging*; `kubectl logs`; `docker logs` and Docker compose,
//! *logs*.

use memchr::memchr;

use crate::time::MONTHS;

/// A line may pass through several hands: a container's syslog in the output of
/// compose.
const MOST: usize = 3;

/// The length of all that was put before a line; 0 if nothing was.
pub(super) fn length(line: &[u8]) -> usize {
    let mut at = 0;
    for _ in 0..MOST {
        match one(&line[at..]) {
            Some(length) => at += length,
            None => break,
        }
    }
    at
}

/// The first time with a year that was put before a line.
pub(super) fn time(line: &[u8]) -> Option<&[u8]> {
    let mut rest = line;
    for _ in 0..MOST {
        let text = match rest {
            [b'<', rest @ ..] => &rest[memchr(b'>', rest)? + 1..],
            _ => rest,
        };
        let text = text.strip_prefix(b"1 ").unwrap_or(text);
        if let Some(length) = iso_time(text) {
            return Some(&text[..length - 1]);
        }
        rest = &rest[one(rest)?..];
    }
    None
}

fn one(text: &[u8]) -> Option<usize> {
    let found = match text.first()? {
        b'<' => with_priority(text),
        b'0'..=b'9' => of_runtime(text),
        b'A'..=b'Z' => rfc3164(text),
        b'[' => kubectl(text),
        _ => None,
    };
    found.or_else(|| compose(text)).or_else(|| process(text))
}

/// `<134>` and what is behind it.
fn with_priority(text: &[u8]) -> Option<usize> {
    let digits = text[1..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let start = digits + 2;
    if !(1..=3).contains(&digits) || text.get(start - 1) != Some(&b'>') {
        return None;
    }
    let rest = &text[start..];
    let length = rfc5424(rest)
        .or_else(|| rfc3164(rest))
        .or_else(|| of_rsyslog(rest))?;
    Some(start + length)
}

/// `1 time host app process message [data] `, of which all but the version may be
/// `-`; text in UTF-8 begins with a byte-order mark.
fn rfc5424(text: &[u8]) -> Option<usize> {
    let mut at = text.strip_prefix(b"1 ").map(|_| 2)?;
    if !text[at..].starts_with(b"- ") {
        iso_time(&text[at..])?;
    }
    for _ in 0..5 {
        at += word(&text[at..])?;
    }
    at += structured_data(&text[at..])?;
    at += text.get(at).filter(|byte| **byte == b' ').map(|_| 1)?;
    let mark = text[at..].starts_with(b"\xef\xbb\xbf");
    Some(at + if mark { 3 } else { 0 })
}

/// `-`, or `[id name="value"]` once or more; `\]` is part of a value.
fn structured_data(text: &[u8]) -> Option<usize> {
    if text.starts_with(b"-") {
        return Some(1);
    }
    let mut at = 0;
    while text.get(at) == Some(&b'[') {
        let is_end = |&place: &usize| text[place - 1] != b'\\';
        let ends = memchr::memchr_iter(b']', &text[at + 1..]).map(|place| at + 1 + place);
        at = ends.into_iter().find(is_end)? + 1;
    }
    (at > 0).then_some(at)
}

/// `Oct 11 22:14:15 host tag[1]: `; without a host if the sender has none.
fn rfc3164(text: &[u8]) -> Option<usize> {
    let [
        m,
        o,
        n,
        b' ',
        d,
        dd,
        b' ',
        h,
        hh,
        b':',
        i,
        ii,
        b':',
        s,
        ss,
        b' ',
        rest @ ..,
    ] = text
    else {
        return None;
    };
    let digits = [dd, h, hh, i, ii, s, ss];
    let is_time = digits.iter().all(|byte| byte.is_ascii_digit())
        && (d.is_ascii_digit() || *d == b' ')
        && MONTHS.iter().any(|month| **month == [*m, *o, *n]);
    let tag = is_time.then(|| tag(rest))??;
    Some(text.len() - rest.len() + tag)
}

/// `2024-01-01T00:00:00.5+00:00 host tag[1]: `.
fn of_rsyslog(text: &[u8]) -> Option<usize> {
    let time = iso_time(text)?;
    Some(time + tag(&text[time..])?)
}

/// `2024-01-01T00:00:00.5Z stdout F `, or the time alone, or what rsyslog writes.
fn of_runtime(text: &[u8]) -> Option<usize> {
    let time = iso_time(text)?;
    let rest = &text[time..];
    let stream = rest
        .strip_prefix(b"stdout ")
        .or_else(|| rest.strip_prefix(b"stderr "));
    match stream {
        // Whole, or a part of what was too long.
        Some([b'F' | b'P', b' ', ..]) => Some(time + "stdout F ".len()),
        Some(_) => None,
        None if is_exact(text) => Some(time),
        None => Some(time + tag(rest)?),
    }
}

/// Whether a time has nanoseconds, as have those of `docker logs -t` and of
/// `kubectl logs --timestamps`. What has others may be the line's own, as with balancers.
fn is_exact(time: &[u8]) -> bool {
    const SECONDS: usize = "2024-01-01T00:00:00".len();
    let fraction = time[SECONDS..].strip_prefix(b".");
    let digits = fraction.map(|text| text.iter().take_while(|byte| byte.is_ascii_digit()).count());
    digits == Some(9)
}

/// `[pod/name/container] `.
fn kubectl(text: &[u8]) -> Option<usize> {
    let source = text.strip_prefix(b"[pod/")?;
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-./".contains(byte);
    let length = source.iter().take_while(is_part).count();
    let is_end = source[length..].starts_with(b"] ");
    is_end.then_some("[pod/] ".len() + length)
}

/// `nginx[1]: `, with a host before it or without, where nothing says when.
fn process(text: &[u8]) -> Option<usize> {
    let length = tag(text)?;
    let tag = text[..length].trim_ascii_end().strip_suffix(b"]:")?;
    let digits = tag.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let digits = digits.count();
    let name = tag[..tag.len() - digits].strip_suffix(b"[")?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./ ".contains(byte);
    (digits > 0 && !name.is_empty() && name.iter().all(is_name)).then_some(length)
}

/// `web-1  | `, as wide for all services, in a swarm with its node (`web.1.x@node`);
/// with a colour in a terminal's output.
fn compose(text: &[u8]) -> Option<usize> {
    let mut at = colour(text);
    let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-_.@".contains(byte);
    let name = text[at..].iter().take_while(is_name).count();
    at += name;
    at += text[at..].iter().take_while(|byte| **byte == b' ').count();
    if name == 0 || !text[at..].starts_with(b"|") {
        return None;
    }
    at += 1;
    at += colour(&text[at..]);
    at += text.get(at).filter(|byte| **byte == b' ').map(|_| 1)?;
    Some(at + colour(&text[at..]))
}

/// The length of `ESC [ 36 m`; 0 if there is none.
fn colour(text: &[u8]) -> usize {
    let Some(code) = text.strip_prefix(b"\x1b[") else {
        return 0;
    };
    let digits = code
        .iter()
        .take_while(|byte| byte.is_ascii_digit() || **byte == b';');
    let digits = digits.count();
    if code.get(digits) == Some(&b'm') {
        digits + 3
    } else {
        0
    }
}

/// The length of a time of ISO 8601 and the space behind it.
fn iso_time(text: &[u8]) -> Option<usize> {
    let [
        _,
        _,
        _,
        _,
        b'-',
        _,
        _,
        b'-',
        _,
        _,
        b'T',
        _,
        _,
        b':',
        _,
        _,
        b':',
        ..,
    ] = text
    else {
        return None;
    };
    let length = word(text)?;
    let is_part = |byte: &u8| byte.is_ascii_digit() || b"-:.+TZ".contains(byte);
    text[..length - 1].iter().all(is_part).then_some(length)
}

/// The length of a word that is not empty, and the space behind it.
fn word(text: &[u8]) -> Option<usize> {
    memchr(b' ', text)
        .filter(|&length| length > 0)
        .map(|length| length + 1)
}

/// The length of `host tag: `, or of `tag: `.
fn tag(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    for _ in 0..2 {
        at += word(&text[at..])?;
        if text[at - 2] == b':' {
            let blanks = text[at..].iter().take_while(|byte| **byte == b' ');
            return Some(at + blanks.count());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prefixes_are_taken_off() {
        for prefix in [
            "",
            "Dec  9 12:00:03 host haproxy[12345]: ",
            "Dec 19 12:00:03 haproxy[12345]: ",
            "<190>Dec 19 12:00:03 host nginx: ",
            "<134>1 2024-01-01T00:00:00.003Z host app 8710 - - ",
            "<134>1 - - - - - [a@1 b=\"c\\]\"][d@2] \u{feff}",
            "2024-01-01T00:00:00.123456+00:00 host nginx[1]:  ",
            "2024-01-01T00:00:00.123456789Z stdout F ",
            "2024-01-01T00:00:00.1-07:00 stderr P ",
            "2024-01-01T00:00:00.123456789Z ",
            "2024-01-01T00:00:00.123456789+02:00 ",
            "[pod/web-5d4f/nginx] ",
            "[pod/web-5d4f/nginx] 2024-01-01T00:00:00.123456789Z ",
            "web.1.x0y@node-2    | ",
            "web-1  | ",
            "3_proxy.1 | ",
            "\u{1b}[36mweb-1  |\u{1b}[0m ",
            "\u{1b}[0;33;1mweb.1    | \u{1b}[0m",
            "haproxy[12345]: ",
            "host nginx[1]: ",
            "web  | <134>Dec 19 12:00:03 haproxy[12345]: ",
        ] {
            let line = format!("{prefix}192.0.2.1:5 [t] x");
            assert_eq!(&line[length(line.as_bytes())..], "192.0.2.1:5 [t] x");
        }
    }

    #[test]
    fn times_with_a_year_are_found() {
        for (prefix, expected) in [
            (
                "<134>1 2024-01-01T00:00:00.003Z host app 8710 - - ",
                Some("2024-01-01T00:00:00.003Z"),
            ),
            (
                "2024-01-01T00:00:00+00:00 heroku[router]: ",
                Some("2024-01-01T00:00:00+00:00"),
            ),
            ("<190>Dec 19 12:00:03 host nginx: ", None),
            (
                "[pod/a/b] 2024-01-01T00:00:00.123456789Z ",
                Some("2024-01-01T00:00:00.123456789Z"),
            ),
            ("web  | x", None),
            ("<190", None),
            ("", None),
        ] {
            assert_eq!(time(prefix.as_bytes()), expected.map(str::as_bytes));
        }
    }

    #[test]
    fn what_only_begins_like_one_stays() {
        for line in [
            "Dec  9 12:00:03 host app x",
            "Dec  9 12:00 host app: x",
            "Dez  9 12:00:03 host app: x",
            "<1345>Dec  9 12:00:03 host app: x",
            "<134>x",
            "haproxy: x",
            "[1]: x",
            "a nginx[1] x",
            "a b nginx[1]: x",
            "<134>1 2024-01-01T00:00:00.003Z host app 8710 - [a",
            "2015-05-13T23:39:43.945958Z lb 192.0.2.1:2817 192.0.2.2:80 x",
            "2024-01-01T00:00:00.1Z stdout X x",
            "2024-01-01 00:00:00 stdout F x",
            "2024-01-01T00:00:00.123456Z x",
            "2024-01-01T00:00:00.1234567890Z x",
            "[pod/web]x",
            "[pod/web nginx] x",
            "[node/web/nginx] x",
            "web |x",
            "a b | x",
            "| x",
            "192.0.2.1 - - [t] \"GET / HTTP/1.1\" 200 5",
        ] {
            assert_eq!(length(line.as_bytes()), 0, "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_rest(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "<134>", "1 ", "- ", "[", "]", "\\", "Dec 19 12:00:03 ", "h ", "t: ", "stdout F ",
                "2024-01-01T00:00:00Z ", "2024-01-01T00:00:00.123456789Z ", "[pod/", "web", " | ", "\u{1b}[3m", "\u{feff}", " ",
            ]), 0..12),
        ) {
            let line = pieces.concat();
            prop_assert!(length(line.as_bytes()) <= line.len());
        }
    }
}
