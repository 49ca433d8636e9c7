//! The figures of all entries together, as text.

use std::io::{self, Write};

use super::escape;
use super::number::{share, size, whole};
use super::style::{Style, left};
use crate::class;
use crate::count::summary::Totals;
use crate::report::Report;
use crate::scan::Balance;

/// Columns of the names on the left.
const NAMES: usize = 13;

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report,
    totals: &Totals,
    style: &Style,
) -> io::Result<()> {
    list(out, &rows(report, totals, style), style)
}

/// Writes figures below each other, and on the lines below one what a terminal
/// has no room for.
pub(crate) fn list(out: &mut dyn Write, rows: &[(&str, String)], style: &Style) -> io::Result<()> {
    for (name, value) in rows {
        let mut name = *name;
        for line in style.wrap(value, NAMES) {
            writeln!(out, "{}{line}", style.faint(&left(name, NAMES)))?;
            name = "";
        }
    }
    Ok(())
}

/// The figures and their names.
pub(super) fn rows(report: &Report, totals: &Totals, style: &Style) -> Vec<(&'static str, String)> {
    let count = |number: u64| whole(u128::from(number), style.rich);
    let of = |part: u64, all: u64| {
        let share = share(u128::from(part), u128::from(all));
        format!("{} ({share})", count(part))
    };
    let balance = report.balance();
    let mut rows = vec![
        ("files", files(report, style)),
        ("format", formats(report)),
        ("lines", lines(&balance, style)),
    ];
    rows.retain(|(_, value)| !value.is_empty());
    if balance.selected != balance.entries {
        rows.push(("selected", of(balance.selected, balance.entries)));
    }
    if let (Some(first), Some(last)) = (report.first, report.last) {
        rows.push(("time", format!("{first} to {last}")));
    }
    if totals.undated > 0 {
        rows.push(("no time", of(totals.undated, totals.entries)));
    }
    let bytes = whole(totals.bytes, style.rich);
    rows.push(("bytes", format!("{bytes} ({})", size(totals.bytes))));
    rows.push(("clients", count(report.clients().unwrap_or(0))));
    rows.push(("status", classes(totals, style)));
    rows.push(("no referrer", of(totals.unreferred, totals.entries)));
    rows
}

fn files(report: &Report, style: &Style) -> String {
    let bytes: u128 = report.inputs.iter().map(|i| u128::from(i.bytes)).sum();
    match &report.inputs[..] {
        [input] => format!("{} ({})", escape(input.name.as_bytes()), size(bytes)),
        inputs => {
            let number = whole(inputs.len() as u128, style.rich);
            format!("{number} ({})", size(bytes))
        }
    }
}

/// The formats of all inputs, each once.
fn formats(report: &Report) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in report.inputs.iter().flat_map(|input| &input.formats) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    escape(names.join(", ").as_bytes())
}

fn lines(balance: &Balance, style: &Style) -> String {
    let count = |number: u64| whole(u128::from(number), style.rich);
    format!(
        "{} = {} entries + {} other + {} bad + {} blank + {} comment",
        count(balance.lines),
        count(balance.entries),
        count(balance.other),
        count(balance.bad),
        count(balance.blank),
        count(balance.comment)
    )
}

fn classes(totals: &Totals, style: &Style) -> String {
    let named = class::NAMES.iter().zip(totals.classes);
    let shown = named
        .filter(|&(_, entries)| entries > 0)
        .map(|(name, entries)| {
            let part = share(u128::from(entries), u128::from(totals.entries));
            format!("{name} {} ({part})", whole(u128::from(entries), style.rich))
        });
    let shown: Vec<_> = shown.collect();
    if shown.is_empty() {
        return "-".to_owned();
    }
    shown.join(", ")
}
