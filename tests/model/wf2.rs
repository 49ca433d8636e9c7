//! The second reference report: five tables of one site's log.

use super::lines::lines;
use super::pattern::{
    ARTICLE_DATE, ARTICLE_FOLDER, after_shape, length_without_space_or_dot, starts_with_dots_open,
};
use super::rank::top_ten;
use std::collections::BTreeMap;

/// The referrers that are the site itself, with the quote that opens the field.
const OWN_REFERRER: &[u8] = b"\"http://www.tbray.org/ongoing/";

/// A key longer than this is cut here when it is printed.
const LONGEST_KEY: usize = 60;

type Table = BTreeMap<Vec<u8>, u64>;

#[derive(Default)]
struct Tables {
    hits: Table,
    bytes: Table,
    missing: Table,
    clients: Table,
    referrers: Table,
}

/// What `--preset wf2` prints into a pipe.
pub(crate) fn wf2(log: &[u8]) -> Vec<u8> {
    let mut tables = Tables::default();
    for line in lines(log) {
        tables.count(&fields(line));
    }
    tables.print()
}

impl Tables {
    fn count(&mut self, f: &[&[u8]]) {
        if f.len() < 9 || f[5] != b"\"GET" {
            return;
        }
        let (client, uri, status) = (f[0], f[6], f[8]);
        let size = f.get(9).copied().unwrap_or(b"");
        let referrer = f.get(10).copied().unwrap_or(b"\"-\"");

        if status == b"404" {
            add(&mut self.missing, uri, 1);
        }
        if status == b"200" {
            add(&mut self.bytes, uri, leading_number(size));
        }
        if status == b"304" {
            add(&mut self.bytes, uri, 0);
        }
        if (status == b"200" || status == b"304") && is_article(uri) {
            add(&mut self.hits, uri, 1);
            add(&mut self.clients, client, 1);
            if referrer != b"\"-\"" && !starts_with_dots_open(referrer, OWN_REFERRER) {
                add(&mut self.referrers, without_first_and_last(referrer), 1);
            }
        }
    }

    fn print(&self) -> Vec<u8> {
        let mut out = format!(
            "{} resources, {} 404s, {} clients\n\n",
            self.hits.len(),
            self.missing.len(),
            self.clients.len()
        )
        .into_bytes();
        print_table(&mut out, "URIs by hit", &self.hits, as_count);
        print_table(&mut out, "URIs by bytes", &self.bytes, as_mebibytes);
        print_table(&mut out, "404s", &self.missing, as_count);
        print_table(&mut out, "client addresses", &self.clients, as_count);
        print_table(&mut out, "referrers", &self.referrers, as_count);
        out
    }
}

/// Sums stay at 2^64 - 1 once they get there.
fn add(table: &mut Table, key: &[u8], amount: u64) {
    let sum = table.entry(key.to_vec()).or_default();
    *sum = sum.saturating_add(amount);
}

fn print_table(out: &mut Vec<u8>, label: &str, table: &Table, shown: fn(u64) -> String) {
    out.extend_from_slice(format!("Top {label}:\n").as_bytes());
    for (key, value) in top_ten(table) {
        out.extend_from_slice(format!(" {}: ", shown(value)).as_bytes());
        if key.len() > LONGEST_KEY {
            out.extend_from_slice(&key[..LONGEST_KEY]);
            out.extend_from_slice(b"...");
        } else {
            out.extend_from_slice(&key);
        }
        out.push(b'\n');
    }
    out.push(b'\n');
}

fn as_count(value: u64) -> String {
    format!("{value:10}")
}

fn as_mebibytes(value: u64) -> String {
    format!("{:9.1}M", value as f64 / 1_048_576.0)
}

/// Cuts the line at every run of white space. White space at the start leaves an empty first
/// field; white space at the end leaves none.
fn fields(line: &[u8]) -> Vec<&[u8]> {
    let mut fields = Vec::new();
    let mut rest = line;
    loop {
        let length = rest.iter().take_while(|&&byte| !is_space(byte)).count();
        fields.push(&rest[..length]);
        let run = rest[length..]
            .iter()
            .take_while(|&&byte| is_space(byte))
            .count();
        rest = &rest[length + run..];
        if rest.is_empty() {
            return fields;
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0B | 0x0C | b'\r' | b' ')
}

/// The number that the digits at the start spell, 2^64 - 1 at most; 0 without digits.
fn leading_number(field: &[u8]) -> u64 {
    let mut number: u64 = 0;
    for byte in field.iter().take_while(|byte| byte.is_ascii_digit()) {
        number = number
            .saturating_mul(10)
            .saturating_add(u64::from(byte - b'0'));
    }
    number
}

/// Whether the whole URI is `/ongoing/When/\d\d\dx/\d\d\d\d/\d\d/\d\d/[^ .]+`.
fn is_article(uri: &[u8]) -> bool {
    let name = after_shape(uri, ARTICLE_FOLDER).and_then(|date| after_shape(date, ARTICLE_DATE));
    match name {
        Some(name) => !name.is_empty() && length_without_space_or_dot(name) == name.len(),
        None => false,
    }
}

/// The referrer without its quotes, whatever bytes stand in their place; a field of one byte has
/// nothing between them.
fn without_first_and_last(field: &[u8]) -> &[u8] {
    if field.len() < 2 {
        return b"";
    }
    &field[1..field.len() - 1]
}
