//! What a run cost, as text.

use std::io::{self, Write};

use super::escape;
use super::number::{size, whole};
use super::style::{Style, left, right};
use crate::report::{StageReport, StatsReport};

/// Columns of the names on the left.
const NAMES: usize = 13;

pub(super) fn write(out: &mut dyn Write, stats: &StatsReport, style: &Style) -> io::Result<()> {
    for (name, value) in rows(stats, style) {
        writeln!(out, "{}{value}", style.faint(&left(name, NAMES)))?;
    }
    if stats.stages.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    stages(out, &stats.stages, style)
}

/// The figures of the whole run.
pub(super) fn rows(stats: &StatsReport, style: &Style) -> Vec<(&'static str, String)> {
    let per_second = |number: u64| match stats.seconds > 0.0 {
        true => (number as f64 / stats.seconds) as u128,
        false => 0,
    };
    let lines = format!(
        "{} ({} a second)",
        whole(u128::from(stats.lines), style.rich),
        whole(per_second(stats.lines), style.rich)
    );
    let bytes = format!(
        "{} ({} a second)",
        size(u128::from(stats.bytes)),
        size(per_second(stats.bytes))
    );
    vec![
        ("seconds", format!("{:.3}", stats.seconds)),
        ("read", bytes),
        ("lines read", lines),
        ("threads", stats.threads.to_string()),
        ("bottleneck", escape(stats.bottleneck.as_bytes())),
    ]
}

fn stages(out: &mut dyn Write, stages: &[StageReport], style: &Style) -> io::Result<()> {
    let names = ["workers", "items", "batches", "busy", "starved", "blocked"];
    let mut lines = vec![names.map(str::to_owned)];
    lines.extend(stages.iter().map(|stage| {
        let count = |number: u64| whole(u128::from(number), style.rich);
        let share = |share: f64| format!("{:.1}%", 100.0 * share);
        [
            stage.workers.to_string(),
            count(stage.items),
            count(stage.batches),
            share(stage.busy),
            share(stage.starved),
            share(stage.blocked),
        ]
    }));
    let mut widths = [0; 6];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = cell.len().max(*width);
        }
    }
    let labels = std::iter::once("stage").chain(stages.iter().map(|stage| stage.name.as_str()));
    for (index, (line, label)) in lines.iter().zip(labels).enumerate() {
        let cells = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| right(cell, width));
        let text = format!(
            "  {}  {}",
            cells.collect::<Vec<_>>().join("  "),
            escape(label.as_bytes())
        );
        match index {
            0 => writeln!(out, "{}", style.faint(&text))?,
            _ => writeln!(out, "{text}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_below_each_other() {
        let stats = StatsReport {
            seconds: 0.5,
            bytes: 1 << 30,
            lines: 4_000_000,
            threads: 2,
            stages: vec![StageReport {
                name: "count".to_owned(),
                items: 1024,
                batches: 1024,
                workers: 2,
                busy: 0.981,
                starved: 0.019,
                blocked: 0.0,
            }],
            bottleneck: "count".to_owned(),
        };
        let mut out = Vec::new();
        write(&mut out, &stats, &Style::default()).unwrap();
        let expected = "\
seconds      0.500
read         1.00 GiB (2.00 GiB a second)
lines read   4000000 (8000000 a second)
threads      2
bottleneck   count

  workers  items  batches   busy  starved  blocked  stage
        2   1024     1024  98.1%     1.9%     0.0%  count
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
