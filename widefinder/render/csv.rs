//! Tables of separated values: CSV as RFC 4180 has it but for line ends, which
//! are LF, and TSV.
//!
//! Keys are raw: whoever reads these forms wants the bytes of the log. Only a
//! terminal gets escapes.

use std::borrow::Cow;
use std::io::{self, Write};

use super::escape::safe;
use super::value::Written;
use crate::report::{Report, RowReport, TableReport};

/// A record: fields of any bytes.
type Record<'r> = Vec<Cow<'r, [u8]>>;

pub(super) fn csv(out: &mut dyn Write, report: &Report, terminal: bool) -> io::Result<()> {
    for (index, table) in report.tables.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let mut writer = csv::Writer::from_writer(&mut *out);
        for record in records(table, terminal) {
            writer.write_record(&record).map_err(output_error)?;
        }
        writer.flush()?;
    }
    Ok(())
}

/// The error of the output itself, so that a closed pipe is known as one.
fn output_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

pub(super) fn tsv(out: &mut dyn Write, report: &Report, terminal: bool) -> io::Result<()> {
    for (index, table) in report.tables.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        for record in records(table, terminal) {
            for (column, field) in record.iter().enumerate() {
                if column > 0 {
                    out.write_all(b"\t")?;
                }
                write_field(out, field)?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// Writes a field of TSV: what would end it or its line is `\t`, `\n`, `\r`, and
/// a backslash is two.
fn write_field(out: &mut dyn Write, field: &[u8]) -> io::Result<()> {
    let mut start = 0;
    for (end, byte) in field.iter().enumerate() {
        let escaped = match byte {
            b'\t' => br"\t",
            b'\n' => br"\n",
            b'\r' => br"\r",
            b'\\' => br"\\",
            _ => continue,
        };
        out.write_all(&field[start..end])?;
        out.write_all(escaped)?;
        start = end + 1;
    }
    out.write_all(&field[start..])
}

/// The line of names, and the rows.
fn records(table: &TableReport, terminal: bool) -> impl Iterator<Item = Record<'_>> {
    let rows = table.rows.iter();
    let rows = rows.map(move |row| values(row, table, terminal));
    std::iter::once(names(table, terminal)).chain(rows)
}

/// What is not exact is marked here as it is for people.
fn names(table: &TableReport, terminal: bool) -> Record<'_> {
    let name = |name: &'_ [u8]| Cow::Owned(safe(name, terminal).into_owned());
    let keys = table.by.iter().map(|key| name(key.as_bytes()));
    let metrics = table.metrics.iter().map(|metric| {
        let mark = if metric.error.is_some() { "~" } else { "" };
        name(format!("{mark}{}", metric.name).as_bytes())
    });
    let across = table.across.iter().flat_map(|across| &across.columns);
    let across = across.map(|column| name(column));
    keys.chain(metrics).chain(across).collect()
}

fn values<'r>(row: &'r RowReport, table: &TableReport, terminal: bool) -> Record<'r> {
    let keys = row.key.iter().map(|part| safe(part, terminal));
    let metrics = row.values.iter().zip(&table.metrics);
    let metrics = metrics.map(|(value, metric)| Written::new(value, metric.unit));
    let unit = table.metrics[0].unit;
    let cells = row.cells.iter().map(|cell| Written::new(cell, unit));
    let numbers = metrics.chain(cells);
    let numbers = numbers.map(|number| Cow::Owned(number.as_str().as_bytes().to_vec()));
    keys.chain(numbers).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_tsv_has_no_tab_and_no_line_end() {
        let mut out = Vec::new();
        write_field(&mut out, b"a\tb\nc\r\\\\d\xff").unwrap();
        assert_eq!(out, b"a\\tb\\nc\\r\\\\\\\\d\xff");
    }
}
