//! Tables in Markdown (GitHub's), for reports and issues.

use std::io::{self, Write};

use super::column::{self, Column};
use super::note::{note, remarks};
use super::overview;
use super::style::Style;
use super::{escape, stats};
use crate::report::{Report, TableReport};

pub(super) fn write(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let plain = Style::default();
    let mut parts = Vec::new();
    if let Some(totals) = &report.totals {
        parts.push(list(&overview::rows(report, totals, &plain)));
    }
    parts.extend(
        report
            .tables
            .iter()
            .map(|table| text(table, report, &plain)),
    );
    if let Some(stats) = &report.stats {
        parts.push(list(&stats::rows(stats, &plain)));
    }
    out.write_all(parts.join("\n").as_bytes())
}

/// Names and what they are, as a list.
fn list(rows: &[(&str, String)]) -> String {
    let rows = rows
        .iter()
        .map(|(name, value)| format!("- {name}: {}\n", quoted(value)));
    rows.collect()
}

fn text(table: &TableReport, report: &Report, style: &Style) -> String {
    let mut text = format!("### {}", quoted(&escape(table.title.as_bytes())));
    if let Some(note) = note(table, report, style.rich) {
        text += &format!(" {}", quoted(&note));
    }
    text += "\n";
    if table.rows.is_empty() {
        return text;
    }
    let mut numbers = column::metrics(table, style);
    numbers.splice(1..1, column::shares(table));
    numbers.extend(column::across(table, style));
    let numbers = numbers.into_iter().map(|column| (column, "---:"));
    let keys = column::keys(table, style).into_iter();
    let keys = keys.map(|column| (column, ":---"));
    // A cross table has its keys on the left, as in text.
    let columns: Vec<(Column, &str)> = match table.across {
        Some(_) => keys.chain(numbers).collect(),
        None => numbers.chain(keys).collect(),
    };
    let columns = columns.iter();
    text += "\n";
    text += &line(columns.clone().map(|(column, _)| quoted(&column.name)));
    text += &line(columns.clone().map(|(_, side)| (*side).to_owned()));
    for row in 0..table.rows.len() {
        text += &line(
            columns
                .clone()
                .map(|(column, _)| quoted(&column.cells[row])),
        );
    }
    for remark in remarks(table) {
        text += &format!("\n{}\n", quoted(&remark));
    }
    text
}

fn line(cells: impl Iterator<Item = String>) -> String {
    let mut line = String::from("|");
    for cell in cells {
        line += &format!(" {cell} |");
    }
    line + "\n"
}

/// Text that means nothing to Markdown or HTML: every mark that might is behind
/// a backslash, and no web address is made a link, since clients choose them.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for (index, character) in text.char_indices() {
        let (before, after) = (&text[..index], &text[index..]);
        let is_mark = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' => true,
            '/' => before.ends_with(':') && after.starts_with("//"),
            '.' => before.ends_with("www"),
            _ => false,
        };
        if is_mark {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_mean_nothing() {
        assert_eq!(quoted(r"/a|b`c`<script>"), r"/a\|b\`c\`\<script\>");
        assert_eq!(quoted(&escape(b"_x_\n\x1b")), r"\_x\_\\x0a\\x1b");
        assert_eq!(quoted("http://www.x.org//a"), r"http:\//www\.x.org//a");
    }
}
