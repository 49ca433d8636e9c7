//! The two reports of the Wide Finder challenge, byte for byte.

use std::io::{self, Write};

use super::escape::safe;
use crate::report::Report;
use crate::value::Unit;

/// Bytes of a key that the second report shows.
const SHOWN: usize = 60;

pub(super) fn wf1(out: &mut dyn Write, report: &Report, terminal: bool) -> io::Result<()> {
    for row in &report.tables[0].rows {
        write!(out, "{}: ", row.count())?;
        out.write_all(&safe(&row.key[0], terminal))?;
        writeln!(out)?;
    }
    Ok(())
}

pub(super) fn wf2(out: &mut dyn Write, report: &Report, terminal: bool) -> io::Result<()> {
    let [articles, _, missing, clients, _] = &report.tables[..] else {
        unreachable!("the second report has five tables");
    };
    writeln!(
        out,
        "{} resources, {} 404s, {} clients\n",
        articles.distinct, missing.distinct, clients.distinct
    )?;
    for table in &report.tables {
        writeln!(out, "Top {}:", table.title)?;
        for row in &table.rows {
            let value = row.count();
            match table.metrics[0].unit {
                Unit::Bytes => write!(out, " {:9.1}M: ", value as f64 / f64::from(1 << 20))?,
                _ => write!(out, " {value:10}: ")?,
            }
            let key = &row.key[0];
            out.write_all(&safe(&key[..key.len().min(SHOWN)], terminal))?;
            writeln!(out, "{}", if key.len() > SHOWN { "..." } else { "" })?;
        }
        writeln!(out)?;
    }
    Ok(())
}
