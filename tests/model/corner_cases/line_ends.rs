//! Where a line ends, what white space is, and bytes that are no text.

use super::{ARTICLE, Case, TIME, combined, fetch, log, with_bytes};

pub(super) fn cases() -> Vec<Case> {
    let line = fetch(ARTICLE);
    let text = |text: &str| text.as_bytes().to_vec();
    let mut cases = vec![
        ("empty file", Vec::new()),
        ("one newline", text("\n")),
        ("only newlines", text("\n\n\n\n\n")),
        ("only CRLFs", text("\r\n\r\n\r\n")),
        ("only a CR", text("\r")),
        ("only CRs", text("\r\r\r\n\r\r")),
        ("only a space", text(" ")),
        ("spaces and tabs only", text(" \n\t\n \t \r\n  \t")),
        (
            "vertical tab and form feed only",
            text("\x0b\n\x0c\n\x0b\x0c"),
        ),
        ("one byte", text("x")),
        ("no final newline", text(&format!("{line}\n{line}"))),
        ("one line without newline", text(&line)),
        ("CRLF", text(&format!("{line}\r\n{line}\r\n"))),
        (
            "CRLF with a bare last line",
            text(&format!("{line}\r\n{line}")),
        ),
        (
            "last line ends with a CR",
            text(&format!("{line}\r\n{line}\r")),
        ),
        (
            "CRLF and LF mixed",
            text(&format!("{line}\r\n{line}\n{line}\r\n")),
        ),
        (
            "two CRs before the newline",
            text(&format!("{line}\r\r\n{line}\n")),
        ),
        (
            "old Mac line ends",
            text(&format!("{line}\r{line}\r{line}\r")),
        ),
        ("LF before CR", text(&format!("{line}\n\r{line}\n\r"))),
        (
            "blank lines between",
            text(&format!("\n\n{line}\n\n\n{line}\n\n")),
        ),
        (
            "comments",
            text(&format!("#Version: 1.0\n# {line}\n#\n{line}\n")),
        ),
        (
            "no comment behind a space",
            text(&format!(" # {line}\n\t#\n")),
        ),
        ("every space doubled", log([line.replace(' ', "  ")])),
        ("tabs between the fields", log([line.replace(' ', "\t")])),
        (
            "every kind of white space",
            log([line.replace(' ', " \t\x0b\x0c\r ")]),
        ),
        (
            "vertical tabs between the fields",
            log([line.replace(' ', "\x0b")]),
        ),
        (
            "form feeds between the fields",
            log([line.replace(' ', "\x0c")]),
        ),
        ("CRs between the fields", log([line.replace(' ', "\r")])),
        (
            "separators that only look like white space",
            log([
                line.replace(' ', "\x1c"),
                line.replace(' ', "\x1f"),
                line.replace(' ', "\u{a0}"),
                line.replace(' ', "\u{2003}"),
                line.replace(' ', "\u{85}"),
            ]),
        ),
        (
            "line starts with a space",
            log([format!(" {line}"), format!("   {line}")]),
        ),
        (
            "line starts with a tab",
            log([format!("\t{line}"), format!("\r{line}")]),
        ),
        (
            "no client behind a space",
            log([format!(
                " - - [{TIME}] \"GET {ARTICLE} HTTP/1.1\" 200 5 \"-\" \"a\""
            )]),
        ),
        (
            "a space takes the client's place",
            log([format!(
                " - [{TIME}] \"GET {ARTICLE} HTTP/1.1\" 200 5 \"http://example.org/\" \"a\""
            )]),
        ),
        (
            "line ends with a space",
            log([
                format!("{line} "),
                format!("{line} \t "),
                format!("{line}\t"),
            ]),
        ),
        (
            "byte-order mark",
            log([format!("\u{feff}{line}"), line.clone()]),
        ),
        (
            "byte-order mark before a comment",
            log(["\u{feff}#Version: 1.0".to_owned(), line.clone()]),
        ),
        ("NUL bytes alone", vec![0; 100]),
        (
            "a NUL where the newline is expected",
            text(&format!("{line}\0{line}\0\n")),
        ),
        ("every prefix of a line", every_prefix(&line)),
        ("every suffix of a line", every_suffix(&line)),
        (
            "a line of 70 KB",
            log([
                line.clone(),
                combined(
                    "192.0.2.7",
                    &format!("GET {ARTICLE} HTTP/1.1"),
                    "200",
                    "7",
                    &"x".repeat(70_000),
                ),
                line.clone(),
            ]),
        ),
        ("70 KB without a newline or a space", vec![b'x'; 70_000]),
        ("70 KB of spaces", log([" ".repeat(70_000), line.clone()])),
        (
            "70 KB before the request",
            log([format!("{}{line}", "x".repeat(70_000))]),
        ),
        (
            "very long URI",
            log([
                fetch(&format!("{ARTICLE}{}", "-tea".repeat(16_000))),
                line.clone(),
            ]),
        ),
        (
            "three hundred lines",
            log((0..300).map(|n| {
                combined(
                    &format!("192.0.2.{}", n % 7),
                    &format!("GET {ARTICLE}-{} HTTP/1.1", n % 13),
                    ["200", "304", "404"][n % 3],
                    &format!("{}", n * 977),
                    &format!("http://example.org/{}", n % 11),
                )
            })),
        ),
        (
            "only the newline of the first line",
            text(&format!("\n{line}")),
        ),
    ];
    cases.extend(bytes_that_are_no_text());
    cases
}

/// The same odd bytes in each field in turn.
fn bytes_that_are_no_text() -> Vec<Case> {
    let names_and_bytes: [(&str, &[u8]); 5] = [
        ("NUL bytes in every field", b"\0"),
        ("invalid UTF-8 in every field", b"\xff\xfe\xc3("),
        ("Latin-1 in every field", b"\xe9t\xe9"),
        ("UTF-8 in every field", "été→\u{1f375}".as_bytes()),
        ("control bytes in every field", b"\x1b[31m\x07\x7f\x9b"),
    ];
    let places = [
        combined(
            "@",
            &format!("GET {ARTICLE} HTTP/1.1"),
            "200",
            "5",
            "http://example.org/",
        ),
        combined(
            "192.0.2.1",
            &format!("GET {ARTICLE}@ HTTP/1.1"),
            "200",
            "5",
            "-",
        ),
        combined("192.0.2.1", "GET /@ HTTP/1.1", "404", "5", "-"),
        combined("192.0.2.1", "@ / HTTP/1.1", "200", "5", "-"),
        combined(
            "192.0.2.1",
            &format!("GET {ARTICLE} HTTP/1.1@"),
            "200",
            "5",
            "-",
        ),
        combined(
            "192.0.2.1",
            &format!("GET {ARTICLE} HTTP/1.1"),
            "200@",
            "5",
            "-",
        ),
        combined(
            "192.0.2.1",
            &format!("GET {ARTICLE} HTTP/1.1"),
            "200",
            "5@",
            "-",
        ),
        combined(
            "192.0.2.1",
            &format!("GET {ARTICLE} HTTP/1.1"),
            "200",
            "5",
            "@http://example.org/",
        ),
        format!("{}@", fetch(ARTICLE)),
        format!("@{}", fetch(ARTICLE)),
        "@".to_owned(),
    ];
    names_and_bytes
        .map(|(name, bytes)| (name, log(places.iter().map(|line| with_bytes(line, bytes)))))
        .to_vec()
}

/// A live file is cut anywhere: the line up to each of its bytes, each as a line.
fn every_prefix(line: &str) -> Vec<u8> {
    log((0..=line.len()).map(|end| &line[..end]))
}

fn every_suffix(line: &str) -> Vec<u8> {
    log((0..=line.len()).map(|start| &line[start..]))
}
