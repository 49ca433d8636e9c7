//! The Wide Finder in 20 lines: the ten most popular articles in a web-server
//! log, counted on all cores.
//!
//! Run with `cargo run --release -p engine --example wide_finder [FILE]`.
//!
//! The generator cuts the log where a line ends, each worker counts into a table
//! of its own, and nothing is shared until the tables are merged. (The program
//! of this repository is what becomes of this when every nanosecond counts.)

use std::collections::HashMap;

use regex::bytes::Regex;

const PATTERN: &str = r"GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) ";
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/sample.log");
/// Large enough that a hand-over does not count, small enough for a cache.
const CHUNK: usize = 1 << 20;

type Table<'a> = HashMap<&'a [u8], u64>;

fn wide_finder<'a>(log: &'a [u8]) -> Result<Vec<(&'a [u8], u64)>, regex::Error> {
    let article = Regex::new(PATTERN)?;
    let table = engine::scope(|s| {
        let chunks = s.stage("chunks").generate(|out| {
            let mut rest = log;
            while !rest.is_empty() {
                let end = rest.iter().skip(CHUNK).position(|byte| *byte == b'\n');
                let (chunk, after) = rest.split_at(end.map_or(rest.len(), |end| CHUNK + end + 1));
                out.put(chunk)?;
                rest = after;
            }
            Ok(())
        });
        let count = |table: &mut Table<'a>, chunk: &'a [u8]| {
            for line in chunk.split(|byte| *byte == b'\n') {
                if let Some(found) = article.captures(line).and_then(|found| found.get(1)) {
                    *table.entry(found.as_bytes()).or_default() += 1;
                }
            }
        };
        let tables = s.stage("count").jobs(engine::available());
        let tables = tables.fold(chunks, |_worker| Table::new(), count);
        tables.reduce(|mut all, table| {
            for (key, count) in table {
                *all.entry(key).or_default() += count;
            }
            all
        })
    });
    let mut rows: Vec<_> = table.unwrap_or_default().into_iter().collect();
    rows.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    rows.truncate(10);
    Ok(rows)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).unwrap_or_else(|| SAMPLE.to_owned());
    let log = std::fs::read(&file).map_err(|error| format!("{file}: {error}"))?;
    let rows = wide_finder(&log)?;
    for (key, count) in &rows {
        println!("{count}: {}", key.escape_ascii());
    }
    if file == SAMPLE {
        assert_eq!(rows[0], (&b"2006/03/10/Amber"[..], 3));
    }
    Ok(())
}
