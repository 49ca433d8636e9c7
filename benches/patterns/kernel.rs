//! The first report of the challenge, written by hand for its pattern alone.
//!
//! `GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) `, once a line.

use std::path::Path;

use ahash::RandomState;
use memchr::{memchr, memchr_iter, memchr2, memmem};
use widefinder::chunk::{self, Chunk};
use widefinder::count::table::{Entry, Table, tag};
use widefinder::open::{Content, Input, Map};
use widefinder::plan::Plan;
use widefinder::scan::batch::ROWS;

const LITERAL: &[u8] = b"GET /ongoing/When/";
/// What follows it, `0` for a digit: the key is what stands behind the first `/`.
const SHAPE: &[u8; 16] = b"000x/0000/00/00/";
const KEY: usize = 5;

/// Passes each key to `key`.
fn keys<'c>(bytes: &'c [u8], finder: &memmem::Finder<'_>, mut key: impl FnMut(&'c [u8])) {
    let mut at = 0;
    while let Some(found) = finder.find(&bytes[at..]) {
        at += found + LITERAL.len();
        let rest = &bytes[at..];
        let Some(shape) = rest.first_chunk::<16>() else {
            continue;
        };
        let fits = shape
            .iter()
            .zip(SHAPE)
            .all(|(&byte, &wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                _ => byte == wanted,
            });
        if !fits {
            continue;
        }
        let tail = &rest[shape.len()..];
        match memchr2(b' ', b'.', tail) {
            Some(length) if length > 0 && tail[length] == b' ' => {
                let whole = &rest[KEY..shape.len() + length];
                // A line without a space behind its path: no match leaves its line.
                if memchr(b'\n', whole).is_some() {
                    continue;
                }
                key(whole);
                at += shape.len() + length;
                at += memchr(b'\n', &bytes[at..]).unwrap_or(bytes.len() - at);
            }
            _ => {}
        }
    }
}

/// The rows of a text, and the lengths of their keys.
pub(crate) fn scan(text: &[u8]) -> (u64, u64) {
    let finder = memmem::Finder::new(LITERAL);
    let (mut rows, mut lengths) = (0, 0);
    keys(text, &finder, |key| {
        rows += 1;
        lengths += key.len() as u64;
    });
    (rows, lengths)
}

/// What one worker has counted.
struct Worker {
    table: Table,
    lines: usize,
}

impl Worker {
    fn add(
        &mut self,
        bytes: &[u8],
        counts_lines: bool,
        finder: &memmem::Finder<'_>,
        hashes: &RandomState,
    ) {
        if counts_lines {
            self.lines += memchr_iter(b'\n', bytes).count();
        }
        let mut batch = Vec::with_capacity(ROWS);
        keys(bytes, finder, |key| {
            batch.push(key);
            if batch.len() == ROWS {
                count(&mut self.table, &mut batch, hashes);
            }
        });
        count(&mut self.table, &mut batch, hashes);
    }
}

fn count(table: &mut Table, keys: &mut Vec<&[u8]>, hashes: &RandomState) {
    let mut tags = [0; ROWS];
    let mut entries = [Entry::default(); ROWS];
    let (tags, entries) = (&mut tags[..keys.len()], &mut entries[..keys.len()]);
    for (tag_of, key) in tags.iter_mut().zip(&*keys) {
        *tag_of = tag(hashes, key);
    }
    table.entries_of::<ROWS>(tags, keys, entries);
    entries
        .iter()
        .for_each(|&entry| table.values_mut(entry)[0] += 1);
    keys.clear();
}

/// The ten largest, and the lines if they were counted.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) rows: Vec<(Vec<u8>, u64)>,
    pub(crate) lines: usize,
}

/// Answers from opening the file on.
pub(crate) fn run(path: &Path, threads: usize, counts_lines: bool) -> Answer {
    let input = Input::open(&path.into()).expect("a log");
    let hashes = RandomState::new();
    let finder = memmem::Finder::new(LITERAL);
    let all = engine::scope(|s| {
        let chunks = chunk::mapped(0, map(&input), &input.formats, Plan::CHUNK_SIZE);
        let init = |_worker| Worker {
            table: Table::new(1),
            lines: 0,
        };
        let add = |worker: &mut Worker, chunk: Chunk<'_>| {
            worker.add(chunk.span().bytes, counts_lines, &finder, &hashes);
            chunk.release();
        };
        let workers = s.stage("count").jobs(threads).fold(chunks, init, add);
        workers.reduce(|mut all, more| {
            all.lines += more.lines;
            for (tag, from) in more.table.partition(0, 0) {
                let entry = all.table.entry_of(tag, more.table.key(from));
                all.table.values_mut(entry)[0] += more.table.values(from)[0];
            }
            all
        })
    });
    let all = all.expect("a worker");
    let table = &all.table;
    let rows = table.partition(0, 0);
    let rows = rows.map(|(_, entry)| (table.key(entry), table.values(entry)[0]));
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let rows = rows.iter().take(Plan::TOP);
    Answer {
        rows: rows.map(|&(key, count)| (key.to_vec(), count)).collect(),
        lines: all.lines,
    }
}

/// Counts the line ends, from opening the file on.
pub(crate) fn sweep(path: &Path, threads: usize) -> usize {
    let input = Input::open(&path.into()).expect("a log");
    engine::scope(|s| {
        let chunks = chunk::mapped(0, map(&input), &input.formats, Plan::CHUNK_SIZE);
        let count = |lines: &mut usize, chunk: Chunk<'_>| {
            *lines += memchr_iter(b'\n', chunk.span().bytes).count();
            chunk.release();
        };
        let counting = s.stage("count").jobs(threads);
        counting.fold(chunks, |_worker| 0, count).sum()
    })
}

pub(crate) fn map(input: &Input) -> &Map {
    match &input.content {
        Content::Map(map) => map,
        other => panic!("the log is a file, not {other:?}"),
    }
}
