//! The result as a table, for people.

use std::io::{self, Write};

use super::fit::{Amdahl, Fit, Usl};
use super::sample::{Sample, share};
use super::scaling::{Point, Scaling};
use crate::render::{Style, escape, list, right, whole};

/// Writes the result as text: what was measured, the table, and what follows
/// from it.
///
/// # Errors
///
/// Those of `out`.
pub fn text(out: &mut dyn Write, scaling: &Scaling, style: &Style) -> io::Result<()> {
    list(out, &measured(scaling, style), style)?;
    writeln!(out)?;
    table(out, scaling, style)?;
    writeln!(out)?;
    list(out, &conclusions(scaling), style)
}

fn measured(scaling: &Scaling, style: &Style) -> Vec<(&'static str, String)> {
    let files = match &scaling.inputs[..] {
        [input] => escape(input.name.as_bytes()),
        inputs => format!("{} files", whole(inputs.len() as u128, style.rich)),
    };
    let base = scaling.base();
    vec![
        ("command", escape(scaling.command.join(" ").as_bytes())),
        ("question", escape(scaling.question.join("; ").as_bytes())),
        (
            "files",
            format!(
                "{files} ({}, {} lines)",
                decimal(scaling.bytes()),
                whole(u128::from(scaling.lines), style.rich)
            ),
        ),
        ("cores", scaling.cores.to_string()),
        (
            "runs",
            format!(
                "{} with each number of threads, alternating; the median, and the shortest to the \
                 longest",
                base.runs.seconds().len()
            ),
        ),
        (
            "sweep",
            "counts newlines of the same files with as many threads: the limit".to_owned(),
        ),
    ]
}

/// Bytes in powers of ten, as the speeds are, so that one can be divided by the
/// other.
fn decimal(bytes: u64) -> String {
    let bytes = bytes as f64;
    match bytes {
        _ if bytes < 1e3 => format!("{bytes} B"),
        _ if bytes < 1e6 => format!("{:.1} kB", bytes / 1e3),
        _ if bytes < 1e9 => format!("{:.1} MB", bytes / 1e6),
        _ => format!("{:.2} GB", bytes / 1e9),
    }
}

/// A column: its name, and a cell for each point.
type Column = Vec<String>;

fn table(out: &mut dyn Write, scaling: &Scaling, style: &Style) -> io::Result<()> {
    let columns = fitting(columns(scaling, style), style);
    let widths: Vec<_> = columns
        .iter()
        .map(|column| column.iter().map(String::len).max().unwrap_or(0))
        .collect();
    for line in 0..=scaling.points.len() {
        let cells = columns.iter().zip(&widths);
        let cells: Vec<_> = cells
            .map(|(column, &width)| right(&column[line], width))
            .collect();
        let text = cells.join("  ");
        match line {
            0 => writeln!(out, "{}", style.faint(&text))?,
            _ => writeln!(out, "{text}")?,
        }
    }
    Ok(())
}

fn columns(scaling: &Scaling, style: &Style) -> Vec<Column> {
    let places = places(scaling);
    let column = |name: &str, cell: &dyn Fn(&Point) -> String| -> Column {
        let cells = scaling.points.iter().map(cell);
        std::iter::once(name.to_owned()).chain(cells).collect()
    };
    let gigabytes = |sample: &Sample| scaling.bytes_per_second(sample.median()) / 1e9;
    let speed_up = match scaling.base().threads {
        1 => "speed-up".to_owned(),
        threads => format!("over {threads} threads"),
    };
    vec![
        column("threads", &|p| p.threads.to_string()),
        column("seconds", &|p| format!("{:.places$}", p.runs.median())),
        column("spread", &|p| {
            format!(
                "{:.places$}..{:.places$}",
                p.runs.shortest(),
                p.runs.longest()
            )
        }),
        column("GB/s", &|p| format!("{:.2}", gigabytes(&p.runs))),
        column("lines/s", &|p| {
            whole(
                scaling.lines_per_second(p.runs.median()) as u128,
                style.rich,
            )
        }),
        column(&speed_up, &|p| {
            format!("{:.2}", scaling.speed_up(p.runs.median()))
        }),
        column("efficiency", &|p| percent(scaling.efficiency(p))),
        column("sweep GB/s", &|p| format!("{:.2}", gigabytes(&p.sweeps))),
        column("of sweep", &|p| percent(p.share_of_sweep())),
    ]
}

/// The columns that a terminal has room for: without those that say least, where
/// it is too narrow.
fn fitting(mut columns: Vec<Column>, style: &Style) -> Vec<Column> {
    let width = |columns: &[Column]| -> usize {
        let widths = columns
            .iter()
            .filter_map(|cells| cells.iter().map(String::len).max());
        widths.map(|width| width + 2).sum()
    };
    // From the right: the place of one does not depend on whether another is there.
    for spared in [6, 4, 2] {
        if style.width.is_some_and(|room| width(&columns) > room + 2) {
            columns.remove(spared);
        }
    }
    columns
}

/// Decimals that leave the shortest time three digits.
fn places(scaling: &Scaling) -> usize {
    let shortest = scaling.points.iter().map(|point| point.runs.median());
    match shortest.fold(f64::INFINITY, f64::min) {
        time if time >= 0.1 => 3,
        time if time >= 0.01 => 4,
        _ => 5,
    }
}

fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

fn threads(number: usize) -> String {
    match number {
        1 => "1 thread".to_owned(),
        number => format!("{number} threads"),
    }
}

fn conclusions(scaling: &Scaling) -> Vec<(&'static str, String)> {
    let mut rows = vec![("serial part", serial(scaling, scaling.base()))];
    if let [_, .., last] = &scaling.points[..] {
        rows.push(("", serial(scaling, last)));
    }
    rows.push(("bottleneck", bottleneck(scaling)));
    rows.push(("Amdahl", said(&scaling.amdahl, amdahl)));
    rows.push(("USL", said(&scaling.usl, usl)));
    rows
}

/// What is measured of the serial part: the time in which the threads do not
/// count. It is an upper bound, since all of them merge as well. All of it is of
/// one run, so that the parts add up.
fn serial(scaling: &Scaling, point: &Point) -> String {
    let places = places(scaling) + 1;
    let typical = point.runs.typical();
    let outside = point.serial();
    let run = point.runs.seconds()[typical];
    let stages = point.stage_seconds().into_iter();
    let stages = stages.filter(|(name, _)| *name != "count");
    let (mut parts, mut named) = (Vec::new(), 0.0);
    for (name, seconds) in stages {
        parts.push(format!("{} {seconds:.places$} s", escape(name.as_bytes())));
        named += seconds;
    }
    let rest = (outside - named).max(0.0);
    parts.push(format!("the rest {rest:.places$} s"));
    format!(
        "with {} at most {outside:.places$} s of {run:.places$} s ({}), all but counting: {}",
        threads(point.threads),
        percent(share(outside, run)),
        parts.join(", ")
    )
}

/// The bottleneck, or that of each number of threads where they differ.
fn bottleneck(scaling: &Scaling) -> String {
    let base = &scaling.base().bottleneck;
    if scaling.points.iter().all(|point| point.bottleneck == *base) {
        return escape(base.as_bytes());
    }
    let points = scaling.points.iter().map(|point| {
        let name = escape(point.bottleneck.as_bytes());
        format!("{name} with {}", threads(point.threads))
    });
    points.collect::<Vec<_>>().join(", ")
}

fn said<T: Fit>(fit: &Result<T, String>, say: impl Fn(&T) -> String) -> String {
    match fit {
        Ok(law) => format!("{}; it is off by {}", say(law), percent(law.error())),
        Err(why) => why.clone(),
    }
}

fn amdahl(law: &Amdahl) -> String {
    let limit = match law.limit() {
        Some(limit) => format!("so at most {limit:.1} times one thread"),
        None => "so no limit".to_owned(),
    };
    format!(
        "serial {:.4} s ({} of one thread), {limit}",
        law.serial,
        percent(law.serial_share())
    )
}

fn usl(law: &Usl) -> String {
    let peak = match law.peak() {
        Some(peak) => format!("fastest with {}", threads(peak.round() as usize)),
        None => "more threads are always faster".to_owned(),
    };
    format!(
        "contention {:.4}, coherence {:.6}, {peak}",
        law.contention, law.coherence
    )
}

#[cfg(test)]
mod tests {
    use super::super::scaling::examples::scaling;
    use super::*;

    fn written(scaling: &Scaling, width: Option<usize>) -> String {
        let style = Style {
            width,
            ..Style::default()
        };
        let mut out = Vec::new();
        text(&mut out, scaling, &style).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn figures_stand_below_each_other() {
        let expected = "\
command      bench --by path
question     path by hits
files        access.log (1.00 GB, 4500000 lines)
cores        2
runs         3 with each number of threads, alternating; the median, and the shortest to the longest
sweep        counts newlines of the same files with as many threads: the limit

threads  seconds        spread  GB/s  lines/s  speed-up  efficiency  sweep GB/s  of sweep
      1    1.000  0.990..1.020  1.00  4500000      1.00      100.0%       10.00     10.0%
      2    0.510  0.505..0.520  1.96  8823529      1.96       98.0%       20.00      9.8%

serial part  with 1 thread at most 0.0200 s of 1.0000 s (2.0%), all but counting: seal 0.0010 s, merge 0.0150 s, the rest 0.0040 s
             with 2 threads at most 0.0200 s of 0.5100 s (3.9%), all but counting: seal 0.0010 s, merge 0.0150 s, the rest 0.0040 s
bottleneck   count
Amdahl       not fitted: it takes 3 numbers of threads that do not exceed the cores (2), and 2 were measured
USL          not fitted: it takes 4 numbers of threads that do not exceed the cores (2), and 2 were measured
";
        assert_eq!(written(&scaling(&[1, 2], 2), None), expected);
    }

    #[test]
    fn laws_are_told_where_they_were_fitted() {
        let text = written(&scaling(&[1, 2, 4, 8], 8), None);
        for line in [
            "Amdahl       serial 0.0200 s (2.0% of one thread), so at most 50.0 times one thread; it is off by 0.0%\n",
            "USL          contention 0.0200, coherence 0.000000, ",
        ] {
            assert!(text.contains(line), "{text}");
        }
    }

    #[test]
    fn bottlenecks_that_differ_are_all_told() {
        let mut scaling = scaling(&[2, 4], 4);
        scaling.points[1].bottleneck = "none of the stages".to_owned();
        let text = written(&scaling, None);
        let line = "bottleneck   count with 2 threads, none of the stages with 4 threads\n";
        assert!(text.contains(line), "{text}");
        assert!(text.contains("over 2 threads"), "{text}");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [58, 72, 80, 120] {
            let text = written(&scaling(&[1, 2, 4, 8], 8), Some(width));
            let widest = text.lines().map(|line| line.chars().count()).max();
            assert!(widest <= Some(width), "{width}: {text}");
            assert!(text.contains("of sweep"));
        }
    }
}
