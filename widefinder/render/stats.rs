//! What a run cost, as text.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::escape;
use super::number::{size, whole};
use super::overview::list;
use super::style::{Style, cut, right};
use crate::report::{StageReport, StatsReport};

pub(super) fn write(out: &mut dyn Write, stats: &StatsReport, style: &Style) -> io::Result<()> {
    list(out, &rows(stats, style), style)?;
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
    let columns = columns(stages, style);
    let labels = std::iter::once("stage").chain(stages.iter().map(|stage| stage.name.as_str()));
    for (index, label) in labels.enumerate() {
        let cells = columns
            .iter()
            .map(|(width, cells)| right(&cells[index], *width));
        let cells: Vec<_> = cells.collect();
        let text = format!("  {}  {}", cells.join("  "), escape(label.as_bytes()));
        let text = cut(&text, style.width.unwrap_or(usize::MAX));
        match index {
            0 => writeln!(out, "{}", style.faint(&text))?,
            _ => writeln!(out, "{text}")?,
        }
    }
    Ok(())
}

/// The numbers of the stages, and their widths. A terminal that is too narrow
/// gets those that say most.
fn columns(stages: &[StageReport], style: &Style) -> Vec<(usize, Vec<String>)> {
    /// All but the shares of the time.
    const SPARED: usize = 3;
    let count = |number: u64| whole(u128::from(number), style.rich);
    let share = |share: f64| format!("{:.1}%", 100.0 * share);
    let column = |name: &str, cell: &dyn Fn(&StageReport) -> String| {
        let mut cells = vec![name.to_owned()];
        cells.extend(stages.iter().map(cell));
        (cells.iter().map(String::len).max().unwrap_or(0), cells)
    };
    let mut columns = vec![
        column("workers", &|stage| stage.workers.to_string()),
        column("items", &|stage| count(stage.items)),
        column("batches", &|stage| count(stage.batches)),
        column("busy", &|stage| share(stage.busy)),
        column("starved", &|stage| share(stage.starved)),
        column("blocked", &|stage| share(stage.blocked)),
    ];
    let labels = stages
        .iter()
        .map(|stage| escape(stage.name.as_bytes()).width());
    let label = labels.max().unwrap_or(0).max("stage".len());
    let used = |columns: &[(usize, Vec<String>)]| {
        let widths = columns.iter().map(|(width, _)| width + 2);
        widths.sum::<usize>() + 2 + label
    };
    for _ in 0..SPARED {
        if style.width.is_some_and(|width| used(&columns) > width) {
            columns.remove(0);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stats() -> StatsReport {
        StatsReport {
            seconds: 0.5,
            bytes: 1 << 30,
            lines: 4_000_000,
            threads: 2,
            stages: vec![StageReport {
                name: "count".to_owned(),
                items: 1024,
                batches: 1024,
                workers: 2,
                seconds: 0.25,
                busy: 0.981,
                starved: 0.019,
                blocked: 0.0,
            }],
            bottleneck: "count".to_owned(),
        }
    }

    fn text(width: Option<usize>) -> String {
        let style = Style {
            width,
            ..Style::default()
        };
        let mut out = Vec::new();
        write(&mut out, &stats(), &style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn figures_stand_below_each_other() {
        let expected = "\
seconds      0.500
read         1.00 GiB (2.00 GiB a second)
lines read   4000000 (8000000 a second)
threads      2
bottleneck   count

  workers  items  batches   busy  starved  blocked  stage
        2   1024     1024  98.1%     1.9%     0.0%  count
";
        assert_eq!(text(None), expected);
    }

    #[test]
    fn a_narrow_terminal_gets_what_says_most() {
        let expected = "\
seconds      0.500
read         1.00 GiB
             (2.00 GiB a second)
lines read   4000000
             (8000000 a second)
threads      2
bottleneck   count

   busy  starved  blocked  stage
  98.1%     1.9%     0.0%  count
";
        assert_eq!(text(Some(32)), expected);
    }
}
