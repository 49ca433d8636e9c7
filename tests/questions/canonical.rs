//! A printed answer as the text whose digest is kept: a fact a line, its parts between tabs.
//!
//! `real.py` writes the same text. A key part stands in its bytes, a value as it was printed.

use super::printed::{Document, Row, Table};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::value::RawValue;

/// What the lines of a log are.
const BALANCE: [&str; 7] = [
    "lines", "entries", "other", "bad", "blank", "comment", "selected",
];

pub(crate) struct Canonical {
    pub(crate) text: String,
}

impl Canonical {
    pub(crate) fn of_lines(exit: &str, printed: &[u8]) -> Self {
        let mut canonical = Self::begin(exit);
        for line in printed.split_inclusive(|&byte| byte == b'\n') {
            match line.strip_suffix(b"\n") {
                Some(line) => canonical.fact(["line".to_owned(), escaped(line)]),
                None => canonical.fact(["line without end".to_owned(), escaped(line)]),
            }
        }
        canonical
    }

    pub(crate) fn of_tables(exit: &str, printed: &[u8], balanced: bool) -> Result<Self, String> {
        let document = Document::read(printed)?;
        let mut canonical = Self::begin(exit);
        for name in BALANCE.iter().filter(|_| balanced) {
            let value = document
                .run
                .get(*name)
                .map_or("nothing", |count| count.get());
            canonical.fact([(*name).to_owned(), value.to_owned()]);
        }
        for table in &document.tables {
            canonical.table(table)?;
        }
        Ok(canonical)
    }

    fn begin(exit: &str) -> Self {
        let mut canonical = Self {
            text: String::new(),
        };
        canonical.fact(["exit".to_owned(), exit.to_owned()]);
        canonical
    }

    fn fact(&mut self, parts: impl IntoIterator<Item = String>) {
        let parts: Vec<_> = parts.into_iter().collect();
        self.text += &parts.join("\t");
        self.text.push('\n');
    }

    fn table(&mut self, table: &Table) -> Result<(), String> {
        let metrics: Vec<_> = table.metrics.iter().map(|m| m.name.clone()).collect();
        self.fact(named("by", table.by.iter().cloned()));
        self.fact(named("metrics", metrics.iter().cloned()));
        self.fact(named("distinct", [table.distinct.to_string()]));
        if let Some(across) = &table.across {
            let columns = across
                .columns
                .iter()
                .map(|column| escaped(column.as_bytes()));
            let whole = [across.name.clone()].into_iter().chain(columns);
            self.fact(named("across", whole));
        }
        for row in &table.rows {
            let parts = row_parts(row, &metrics)?;
            self.fact(named("row", parts));
        }
        Ok(())
    }
}

fn named(name: &str, parts: impl IntoIterator<Item = String>) -> impl Iterator<Item = String> {
    [name.to_owned()].into_iter().chain(parts)
}

/// The key, the metrics in the order of the table, and the cells.
fn row_parts(row: &Row, metrics: &[String]) -> Result<Vec<String>, String> {
    let mut parts = Vec::new();
    for (place, text) in row.key.iter().enumerate() {
        let encoded = row.key_base64.as_ref().and_then(|all| all.get(place));
        parts.push(match encoded.and_then(Option::as_ref) {
            Some(encoded) => {
                let bytes = STANDARD.decode(encoded);
                escaped(&bytes.map_err(|error| format!("{encoded:?} is no base64: {error}"))?)
            }
            None => escaped(text.as_bytes()),
        });
    }
    let written = |value: &RawValue| value.get().to_owned();
    for name in metrics {
        let value = row.metrics.get(name);
        parts.push(value.map_or("nothing".to_owned(), |value| written(value)));
    }
    parts.extend(row.cells.iter().flatten().map(|cell| written(cell)));
    Ok(parts)
}

/// Printable ASCII as it is, other bytes and the backslash as `\x5c`.
fn escaped(bytes: &[u8]) -> String {
    let one = |&byte: &u8| match byte {
        b' '..=b'~' if byte != b'\\' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    bytes.iter().map(one).collect()
}

#[test]
fn the_text_has_all_that_is_printed() {
    let printed = r#"{"run": {"lines": 3, "entries": 2, "other": 0, "bad": 1, "blank": 0,
        "comment": 0, "selected": 2}, "tables": [{"by": ["path", "day"],
        "metrics": [{"name": "hits"}, {"name": "avg:bytes"}], "distinct": 2, "rows": [
            {"key": ["/a\\b", "-"], "metrics": {"avg:bytes": 0.5, "hits": 1}, "across": [1, 0]},
            {"key": ["\ufffd", "\u00fc"], "key_base64": ["/w==", null],
             "metrics": {"hits": 1, "avg:bytes": null}, "across": [0, 1]}
        ], "across": {"name": "class", "columns": ["2xx", "\t"]}}]}"#;
    let tables = [
        "by\tpath\tday",
        "metrics\thits\tavg:bytes",
        "distinct\t2",
        "across\tclass\t2xx\t\\x09",
        "row\t/a\\x5cb\t-\t1\t0.5\t1\t0",
        "row\t\\xff\t\\xc3\\xbc\t1\tnull\t0\t1",
    ];
    let lines = "lines\t3\nentries\t2\nother\t0\nbad\t1\nblank\t0\ncomment\t0\nselected\t2\n";
    for (balanced, lines) in [(true, lines), (false, "")] {
        let canonical = Canonical::of_tables("0", printed.as_bytes(), balanced);
        let text = canonical.expect("this is a document").text;
        assert_eq!(text, format!("exit\t0\n{lines}{}\n", tables.join("\n")));
    }
    assert!(Canonical::of_tables("2", b"", true).is_err());
}

#[test]
fn lines_are_told_from_one_that_does_not_end() {
    let text = |printed: &[u8]| Canonical::of_lines("0", printed).text;
    assert_eq!(text(b""), "exit\t0\n");
    assert_eq!(
        text(b"a\r\n\nb\n"),
        "exit\t0\nline\ta\\x0d\nline\t\nline\tb\n"
    );
    assert_ne!(text(b"a\nb"), text(b"a\nb\n"));
}
