//! One document of JSON, laid out so that `diff`, `grep` and people can read
//! it: a line for each field of the upper levels and for each row.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::document::Document;
use super::escape::is_unsafe;
use crate::report::Report;

pub(super) fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    write_document(out, &Document::new(report))
}

/// Writes any document in this layout.
pub(crate) fn write_document(out: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Layout::default());
    document.serialize(&mut serializer)?;
    writeln!(out)
}

/// Escapes control characters that JSON itself would let pass, so that none
/// reaches a terminal; to a reader of JSON it is the same text.
pub(super) fn write_fragment<W: Write + ?Sized>(out: &mut W, fragment: &str) -> io::Result<()> {
    let mut rest = fragment;
    while let Some((start, character)) = rest.char_indices().find(|(_, c)| is_unsafe(*c)) {
        let end = start + character.len_utf8();
        write!(out, "{}\\u{:04x}", &rest[..start], u32::from(character))?;
        rest = &rest[end..];
    }
    out.write_all(rest.as_bytes())
}

/// Breaks lines between the fields of objects down to a depth, and between the
/// objects of a list; all else stays on its line.
#[derive(Default)]
struct Layout {
    /// For each open list and object, outermost first, whether its values stand
    /// on lines of their own.
    broken: Vec<bool>,
    /// Whether a value of a list comes next.
    in_list: bool,
}

/// Document, run, table: deeper objects stay on a line.
const DEPTH: usize = 3;

impl Layout {
    fn new_line<W: Write + ?Sized>(&self, out: &mut W) -> io::Result<()> {
        write!(out, "\n{:width$}", "", width = 2 * self.broken.len())
    }

    fn end<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        if self.broken.pop() == Some(true) {
            self.new_line(out)?;
        }
        out.write_all(bracket)
    }
}

impl Formatter for Layout {
    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.in_list = false;
        self.broken.push(false);
        out.write_all(b"[")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.in_list = true;
        out.write_all(if first { b"" } else { b"," })
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _out: &mut W) -> io::Result<()> {
        self.in_list = false;
        Ok(())
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        if self.in_list {
            self.in_list = false;
            self.new_line(out)?;
            if let Some(list) = self.broken.last_mut() {
                *list = true;
            }
        }
        self.broken.push(self.broken.len() < DEPTH);
        out.write_all(b"{")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        out.write_all(if first { b"" } else { b"," })?;
        match self.broken.last() {
            Some(true) => self.new_line(out),
            _ => Ok(()),
        }
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        let broken = self.broken.last() == Some(&true);
        out.write_all(if broken { b": " } else { b":" })
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn write_string_fragment<W: Write + ?Sized>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        write_fragment(out, fragment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn laid_out(value: &serde_json::Value) -> String {
        let mut out = Vec::new();
        let mut serializer = Serializer::with_formatter(&mut out, Layout::default());
        value.serialize(&mut serializer).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lists_of_objects_have_a_line_each() {
        let value = serde_json::json!({
            "a": [], "by": ["x", "y"], "rows": [{"k": [1, {"z": {}}]}, {"k": {"l": 2}}],
        });
        let expected = "{\n  \"a\": [],\n  \"by\": [\"x\",\"y\"],\n  \"rows\": [\n    {\n      \
                        \"k\": [1,\n        {\"z\":{}}\n      ]\n    },\n    {\n      \
                        \"k\": {\"l\":2}\n    }\n  ]\n}";
        assert_eq!(laid_out(&value), expected);
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_and_no_control_passes(text: String) {
            let value = serde_json::json!([text]);
            let written = laid_out(&value);
            prop_assert!(!written.chars().any(is_unsafe), "{written:?}");
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), value);
        }
    }
}
