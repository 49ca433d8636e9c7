//! Chunks of a log whose header lines say how the lines behind them are cut.
//!
//! A chunk does not know the header before it. So the header lines of a map are
//! found by a stage of their own, which runs ahead of those who count, so that
//! each page comes from the disk once. Behind it the headers are read in their
//! order, and a chunk ends where the formats of the lines change.

use std::collections::VecDeque;

use engine::Scope;
use memchr::memmem;

use crate::chunk::Chunk;
use crate::open::Map;
use crate::scan::entries::without_mark;
use crate::scan::format::Formats;
use crate::scan::headers::Headers;
use crate::scan::lines::Lines;

/// Chunks that are looked at ahead for each worker.
const AHEAD: usize = 2;

/// A part of a text, and the formats of the lines that start in it.
#[derive(Debug)]
struct Section {
    start: usize,
    end: usize,
    formats: Formats,
}

/// Cuts a map into chunks of at most `size` bytes.
pub(crate) fn mapped<'scope, 'env: 'scope, 'm: 'scope>(
    scope: &Scope<'scope, 'env>,
    threads: usize,
    input: usize,
    map: &'m Map,
    mut headers: Headers,
    size: usize,
) -> Box<dyn Iterator<Item = Chunk<'m>> + Send + 'scope> {
    let starts = (0..map.len()).step_by(size);
    let pieces = starts.map(move |start| (start, start.saturating_add(size).min(map.len())));
    let sweep = scope.stage("headers").jobs(threads);
    let swept = sweep.buffer(AHEAD * threads).map(pieces, |(start, end)| {
        (start, end, header_lines(map, start, end, true))
    });
    let chunks = swept.flat_map(move |(start, end, lines)| {
        let sections = sections(map, start, end, &lines, true, &mut headers);
        sections.into_iter().map(move |section| Chunk::Mapped {
            input,
            map,
            start: section.start,
            end: section.end,
            formats: section.formats,
        })
    });
    Box::new(chunks)
}

/// Cuts whole lines that were read from a stream where their formats change.
/// They may be the first of the stream.
pub(crate) fn read(
    bytes: Vec<u8>,
    are_first: bool,
    headers: &mut Headers,
) -> VecDeque<(Vec<u8>, Formats)> {
    let lines = header_lines(&bytes, 0, bytes.len(), are_first);
    let sections = sections(&bytes, 0, bytes.len(), &lines, are_first, headers);
    if let [section] = &sections[..] {
        // Nothing need be copied.
        return VecDeque::from([(bytes, section.formats.clone())]);
    }
    let parts = sections.into_iter().map(|section| {
        let part = bytes[section.start..section.end].to_vec();
        (part, section.formats)
    });
    parts.collect()
}

/// Where the header lines begin that start in `start..end`. The text begins with
/// a line, and as a log does if it `is_log`.
fn header_lines(text: &[u8], start: usize, end: usize, is_log: bool) -> Vec<usize> {
    let is_header = |at: &usize| Headers::is_line(line_at(text, *at, is_log));
    let first = (start == 0).then_some(0);
    // The line end before the first byte as well.
    let from = start.saturating_sub(1);
    let others = memmem::find_iter(&text[from..end], b"\n#").map(|found| from + found + 1);
    first.into_iter().chain(others).filter(is_header).collect()
}

/// The line that begins at a place, without a byte-order mark.
fn line_at(text: &[u8], at: usize, is_log: bool) -> &[u8] {
    let line = Lines::new(&text[at..]).next();
    let line = line.map_or(&[][..], |(_, line)| line);
    match is_log {
        true => without_mark(at as u64, line),
        false => line,
    }
}

/// Divides a part of a text where the formats change. Header lines that follow
/// one another are in the section of the lines behind them.
fn sections(
    text: &[u8],
    start: usize,
    end: usize,
    lines: &[usize],
    is_log: bool,
    headers: &mut Headers,
) -> Vec<Section> {
    let mut sections = Vec::new();
    let mut section = Section {
        start,
        end,
        formats: headers.formats().clone(),
    };
    // Where the header lines begin and end that follow one another.
    let (mut first, mut behind) = (start, start);
    for &at in lines {
        if at != behind {
            first = at;
        }
        behind = at + memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| length + 1);
        if !headers.read(line_at(text, at, is_log)) {
            continue;
        }
        let next = Section {
            start: first,
            end,
            formats: headers.formats().clone(),
        };
        let mut last = std::mem::replace(&mut section, next);
        last.end = first;
        if last.start < last.end {
            sections.push(last);
        }
    }
    sections.push(section);
    sections
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::ask::Field;
    use crate::chunk::{Reader, Span};
    use crate::scan::binding::Wanted;
    use crate::scan::detect::detect;
    use crate::scan::lines::without_return;
    use crate::scan::marks::Marks;
    use crate::scan::{BadLine, BadLines, Balance, Entries};

    /// What is read of a log: the fields of its entries, and what its lines are.
    #[derive(PartialEq, Debug, Default)]
    struct Read {
        rows: Vec<Vec<Vec<u8>>>,
        balance: Balance,
        bad: Vec<BadLine>,
    }

    /// Reads the chunks of a log one after another.
    struct Reading {
        entries: Entries,
        bad: BadLines,
        read: Read,
    }

    impl Reading {
        fn new() -> Reading {
            let texts = [Field::Time, Field::Client, Field::Uri, Field::Agent].to_vec();
            let wanted = Wanted {
                texts,
                numbers: Vec::new(),
            };
            Reading {
                entries: Entries {
                    wanted,
                    masks: 1,
                    literal: None,
                    passes_over: false,
                    counts_lines: false,
                    marks: Marks::default(),
                    bound: None,
                },
                bad: BadLines::default(),
                read: Read::default(),
            }
        }

        fn add(&mut self, span: Span<'_>) {
            let (read, columns) = (&mut self.read, self.entries.wanted.texts.len());
            let rows = &mut read.rows;
            let balance = &mut read.balance;
            self.entries
                .scan(span, balance, &mut self.bad, &mut |batch| {
                    for row in 0..batch.len() {
                        let texts = (0..columns).map(|column| batch.text(column)[row].to_vec());
                        rows.push(texts.collect());
                    }
                });
        }

        fn end(mut self) -> Read {
            // Numbers of lines are those in their chunks.
            let unnumbered = |line: &BadLine| BadLine {
                number: None,
                ..line.clone()
            };
            self.read.bad = self.bad.lines().map(unnumbered).collect();
            self.read
        }
    }

    /// One line after another, with the headers that stand before it.
    fn line_by_line(log: &[u8], formats: &Formats) -> Read {
        let mut reading = Reading::new();
        let mut headers = Headers::of(formats).unwrap();
        let mut offset = 0;
        for whole in log.split_inclusive(|byte| *byte == b'\n') {
            let line = whole.strip_suffix(b"\n").unwrap_or(whole);
            let line = without_mark(offset, line);
            headers.read(without_return(line));
            reading.add(Span {
                input: 0,
                offset,
                bytes: whole,
                formats: headers.formats(),
            });
            offset += whole.len() as u64;
        }
        reading.end()
    }

    fn as_map(log: &[u8], formats: &Formats, size: usize, threads: usize) -> Read {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(log).unwrap();
        let map = Map::of(&file).unwrap();
        let mut reading = Reading::new();
        engine::scope(|s| {
            let headers = Headers::of(formats).unwrap();
            for chunk in mapped(&s, threads, 0, &map, headers, size) {
                reading.add(chunk.span());
            }
        });
        reading.end()
    }

    fn as_stream(log: &[u8], formats: &Formats, size: usize) -> Read {
        let mut reading = Reading::new();
        for chunk in Reader::new(0, log, formats.clone(), size) {
            reading.add(chunk.unwrap().span());
        }
        reading.end()
    }

    const LINES: [&str; 20] = [
        "#Fields: time c-ip cs-uri-stem",
        "#Fields: c-ip date time cs(User-Agent)",
        "#Fields: cs-uri c-ip time-local",
        "#Fields: a b c",
        "#Date: 2026-10-10 13:55:36",
        "#Date: 2026-10-11",
        "#GMT-Offset: -0800",
        "#Software: Microsoft Internet Information Services 10.0",
        "#Software: other",
        "#Version: 1.0",
        "# a comment",
        "#",
        "",
        "13:55:36 192.0.2.1 /a",
        "13:55:37 192.0.2.2 /b",
        "192.0.2.3 2026-10-12 13:55:36 a+b",
        "http://a.example/b 192.0.2.4 13:55:36",
        "nonsense",
        "h - - [10/Oct/2026:13:55:36 -0700] \"GET / HTTP/1.1\" 200 5",
        "x #Fields: c-ip",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Whatever the chunks, each line has the formats that its headers name.
        #[test]
        fn chunks_make_no_difference(
            lines in proptest::collection::vec((select(&LINES[..]), select(&["\n", "\n", "\r\n"][..])), 1..20),
            begins in select(&["", "\u{feff}", "\n"][..]),
            has_end: bool,
            size in 1usize..200,
        ) {
            let lines: String = lines.iter().flat_map(|(line, end)| [*line, *end]).collect();
            let mut log = format!("{begins}{lines}");
            if !has_end {
                log.pop();
            }
            let log = log.as_bytes();
            let formats = detect(log).unwrap_or_else(|nearest| nearest);
            prop_assume!(!log.is_empty() && Headers::of(&formats).is_some());
            let expected = line_by_line(log, &formats);
            for size in [1, size, 1 << 20] {
                prop_assert_eq!(&as_map(log, &formats, size, 1 + size % 3), &expected);
                prop_assert_eq!(&as_stream(log, &formats, size), &expected);
            }
        }
    }

    #[test]
    fn a_header_that_changes_nothing_makes_no_section() {
        let log =
            "#Fields: date time c-ip\n1 2 3\n#Date: 2026-10-10\n#Fields: date time c-ip\n1 2 3\n";
        let formats = detect(log.as_bytes()).unwrap();
        let mut headers = Headers::of(&formats).unwrap();
        assert_eq!(read(log.into(), true, &mut headers).len(), 1);
        let other = "1 2 3\n#Fields: time c-ip\n1 2\n";
        let parts = read(other.into(), false, &mut headers);
        let parts: Vec<_> = parts.iter().map(|(bytes, _)| bytes.len()).collect();
        assert_eq!(parts, [6, 23]);
    }
}
