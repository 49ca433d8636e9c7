//! Keys hold whatever clients send: every form for machines gives the same bytes back, and no form
//! for people lets a control character pass.

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value as Json;
use support::logs::arbitrary_bytes;
use support::reports::{keyed, report, written};
use widefinder::render::{self, Style};
use widefinder::report::{Report, TableReport};

/// Parts with many of the bytes to which a form gives a meaning.
fn key() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let mark = proptest::sample::select(&b"\t\r\n\\\",|`<_*: \0\x1b\x7f\x9b\xc2"[..]);
    let byte = prop_oneof![2 => mark, 1 => any::<u8>()];
    let part = prop_oneof![
        arbitrary_bytes(20),
        vec(byte, 0..8),
        any::<String>().prop_map(String::into_bytes)
    ];
    vec(part, 1..4)
}

fn raw(
    form: fn(&mut dyn std::io::Write, &Report, bool) -> std::io::Result<()>,
    key: &[Vec<u8>],
) -> Vec<u8> {
    written(|out| form(out, &report(vec![keyed(key)]), false))
}

/// Undoes the escapes of TSV.
fn unescape(field: &[u8]) -> Vec<u8> {
    let mut bytes = field.iter().copied();
    let mut plain = Vec::new();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'\\' => match bytes.next() {
                Some(b't') => b'\t',
                Some(b'n') => b'\n',
                Some(b'r') => b'\r',
                Some(b'\\') => b'\\',
                other => panic!("no escape: {other:?}"),
            },
            byte => byte,
        });
    }
    plain
}

/// The cells of a line of Markdown: a bar behind a backslash is no border.
fn cells(line: &str) -> usize {
    let (mut bars, mut escaped) = (0, false);
    for character in line.chars() {
        bars += usize::from(character == '|' && !escaped);
        escaped = character == '\\' && !escaped;
    }
    bars - 1
}

fn has_controls(text: &str) -> bool {
    text.chars().any(|c| c != '\n' && c.is_control())
}

proptest! {
    #[test]
    fn csv_gives_the_bytes_back(key in key()) {
        let written = raw(render::csv, &key);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&written[..]);
        let records: Vec<_> = reader.byte_records().map(|record| record.unwrap()).collect();
        prop_assert_eq!(records.len(), 2);
        let mut expected = key;
        expected.push(b"1".to_vec());
        let fields: Vec<_> = records[1].iter().map(<[u8]>::to_vec).collect();
        prop_assert_eq!(fields, expected);
    }

    #[test]
    fn tsv_gives_the_bytes_back(key in key()) {
        let written = raw(render::tsv, &key);
        prop_assert!(!written.contains(&b'\r'));
        let lines: Vec<_> = written.split(|&byte| byte == b'\n').collect();
        prop_assert_eq!(lines.len(), 3);
        let fields: Vec<_> = lines[1].split(|&byte| byte == b'\t').map(unescape).collect();
        let mut expected = key;
        expected.push(b"1".to_vec());
        prop_assert_eq!(fields, expected);
    }

    #[test]
    fn json_gives_the_bytes_back(key in key()) {
        let report = report(vec![keyed(&key)]);
        let document = written(|out| render::json(out, &report));
        let document: Json = serde_json::from_slice(&document).unwrap();
        let lines = written(|out| render::ndjson(out, &report));
        let last = lines.split_inclusive(|&byte| byte == b'\n').next_back().unwrap();
        let line: Json = serde_json::from_slice(last).unwrap();
        for row in [&document["tables"][0]["rows"][0], &line] {
            let parts = |name: &str| -> Option<Vec<String>> {
                serde_json::from_value(row.get(name)?.clone()).ok()
            };
            let encoded = parts("key_base64");
            let is_text = key.iter().all(|part| std::str::from_utf8(part).is_ok());
            prop_assert_eq!(encoded.is_none(), is_text);
            let bytes: Vec<Vec<u8>> = match encoded {
                Some(parts) => parts.iter().map(|part| STANDARD.decode(part).unwrap()).collect(),
                None => parts("key").unwrap().into_iter().map(String::into_bytes).collect(),
            };
            prop_assert_eq!(&bytes, &key);
            prop_assert_eq!(parts("key").unwrap().len(), key.len());
        }
    }

    #[test]
    fn people_get_no_control_characters(key in key(), rich: bool, width in proptest::option::of(1usize..100)) {
        let table = TableReport { title: String::from_utf8_lossy(&key[0]).into_owned(), ..keyed(&key) };
        let report = report(vec![table]);
        let style = Style { color: rich, rich, width };
        let text = String::from_utf8(written(|out| render::text(out, &report, &style))).unwrap();
        // The program's own colours.
        let text = text.replace("\x1b[0m", "").replace("\x1b[1m", "");
        let text = text.replace("\x1b[2m", "").replace("\x1b[32m", "");
        prop_assert!(!has_controls(&text), "{:?}", text);
        // On a terminal two words may need a line each.
        let most = if width.is_some() { 5 } else { 3 };
        prop_assert!((3..=most).contains(&text.lines().count()), "{:?}", text);
        for raw in [render::csv, render::tsv] {
            let text = String::from_utf8(written(|out| raw(out, &report, true))).unwrap();
            prop_assert!(!has_controls(&text.replace('\t', "")), "{:?}", text);
        }
    }

    #[test]
    fn rows_of_markdown_have_the_same_cells(key in key()) {
        let table = TableReport { title: String::from_utf8_lossy(&key[0]).into_owned(), ..keyed(&key) };
        let text = written(|out| render::markdown(out, &report(vec![table])));
        let text = String::from_utf8(text).unwrap();
        prop_assert!(!has_controls(&text), "{:?}", text);
        let lines: Vec<_> = text.lines().skip(2).collect();
        prop_assert_eq!(lines.len(), 3);
        for line in lines {
            prop_assert_eq!(cells(line), key.len() + 2, "{:?}", line);
        }
    }
}
