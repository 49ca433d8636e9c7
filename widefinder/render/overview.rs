//! The figures of all entries together, as text.

use std::io::{self, Write};

use super::number::{share, size, whole};
use super::style::{Style, left};
use super::{escape, number};
use crate::count::summary::Totals;
use crate::report::Report;

/// Columns of the names on the left.
const NAMES: usize = 13;

pub(super) fn write(
    out: &mut dyn Write,
    report: &Report,
    totals: &Totals,
    style: &Style,
) -> io::Result<()> {
    let count = |number: u64| whole(u128::from(number), style.rich);
    let part = |entries: u64| {
        let share = share(u128::from(entries), u128::from(totals.entries));
        format!("{} ({share})", count(entries))
    };
    let mut row = |name: &str, value: String| {
        let name = style.faint(&left(name, NAMES));
        writeln!(out, "{name}{value}")
    };
    let bytes: u128 = report.inputs.iter().map(|i| u128::from(i.bytes)).sum();
    let files = match &report.inputs[..] {
        [input] => format!("{} ({})", escape(input.name.as_bytes()), size(bytes)),
        inputs => format!("{} ({})", count(inputs.len() as u64), size(bytes)),
    };
    row("files", files)?;
    let balance = report.balance();
    row(
        "lines",
        format!(
            "{} = {} entries + {} other + {} bad + {} blank + {} comment",
            count(balance.lines),
            count(balance.entries),
            count(balance.other),
            count(balance.bad),
            count(balance.blank),
            count(balance.comment)
        ),
    )?;
    if let (Some(first), Some(last)) = (totals.first, totals.last) {
        row("time", format!("{first} to {last}"))?;
    }
    if totals.undated > 0 {
        row("no time", part(totals.undated))?;
    }
    let bytes = format!(
        "{} ({})",
        number::whole(totals.bytes, style.rich),
        size(totals.bytes)
    );
    row("bytes", bytes)?;
    let clients = report.tables.iter().find(|table| table.by == ["client"]);
    row("clients", count(clients.map_or(0, |table| table.distinct)))?;
    row("status", classes(totals, style))?;
    row("no referrer", part(totals.unreferred))
}

fn classes(totals: &Totals, style: &Style) -> String {
    const NAMES: [&str; 6] = ["1xx", "2xx", "3xx", "4xx", "5xx", "other"];
    let named = NAMES.iter().zip(totals.classes);
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
