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
use crate::scan::entries::BYTE_ORDER_MARK;
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
    match at == 0 && is_log {
        true => line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line),
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
