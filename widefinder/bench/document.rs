//! The result as JSON: `docs/scaling-output.md`, as types.

use std::io::{self, Write};

use serde::Serialize;

use super::fit::{Amdahl, Usl};
use super::scaling::{Point, Scaling};
use crate::render::write_document;
use crate::report::StageReport;

/// The version of the shape. Fields may be added to it; a change that breaks a
/// reader needs a new one.
const VERSION: u32 = 1;

/// Writes the result as one document of JSON.
///
/// # Errors
///
/// Those of `out`.
pub fn json(out: &mut dyn Write, scaling: &Scaling) -> io::Result<()> {
    write_document(out, &Document::new(scaling))
}

#[derive(Serialize)]
struct Document<'s> {
    version: u32,
    command: &'s [String],
    question: &'s [String],
    files: Vec<File<'s>>,
    bytes: u64,
    lines: u64,
    cores: usize,
    points: Vec<PointPart<'s>>,
    amdahl: Option<AmdahlPart>,
    amdahl_missing: Option<&'s str>,
    usl: Option<UslPart>,
    usl_missing: Option<&'s str>,
    warnings: &'s [String],
}

#[derive(Serialize)]
struct File<'s> {
    name: &'s str,
    bytes: u64,
}

#[derive(Serialize)]
struct PointPart<'s> {
    threads: usize,
    seconds: f64,
    runs: &'s [f64],
    bytes_per_second: f64,
    lines_per_second: f64,
    speed_up: f64,
    efficiency: f64,
    sweep_seconds: f64,
    sweep_runs: &'s [f64],
    sweep_bytes_per_second: f64,
    share_of_sweep: f64,
    outside_seconds: f64,
    outside_runs: &'s [f64],
    bottleneck: &'s str,
    stages: Vec<Stage<'s>>,
}

#[derive(Serialize)]
struct Stage<'s> {
    name: &'s str,
    workers: usize,
    seconds: f64,
    busy: f64,
    starved: f64,
    blocked: f64,
}

#[derive(Serialize)]
struct AmdahlPart {
    serial_seconds: f64,
    parallel_seconds: f64,
    serial_share: f64,
    limit: Option<f64>,
    error: f64,
}

#[derive(Serialize)]
struct UslPart {
    one_seconds: f64,
    contention: f64,
    coherence: f64,
    peak_threads: Option<f64>,
    error: f64,
}

impl<'s> Document<'s> {
    fn new(scaling: &'s Scaling) -> Document<'s> {
        let files = scaling.inputs.iter().map(|input| File {
            name: &input.name,
            bytes: input.bytes,
        });
        let points = scaling.points.iter();
        Document {
            version: VERSION,
            command: &scaling.command,
            question: &scaling.question,
            files: files.collect(),
            bytes: scaling.bytes(),
            lines: scaling.lines,
            cores: scaling.cores,
            points: points.map(|point| PointPart::new(scaling, point)).collect(),
            amdahl: scaling.amdahl.as_ref().ok().map(AmdahlPart::new),
            amdahl_missing: scaling.amdahl.as_ref().err().map(String::as_str),
            usl: scaling.usl.as_ref().ok().map(UslPart::new),
            usl_missing: scaling.usl.as_ref().err().map(String::as_str),
            warnings: &scaling.warnings,
        }
    }
}

impl<'s> PointPart<'s> {
    fn new(scaling: &Scaling, point: &'s Point) -> PointPart<'s> {
        let (time, sweep) = (point.runs.median(), point.sweeps.median());
        PointPart {
            threads: point.threads,
            seconds: time,
            runs: point.runs.seconds(),
            bytes_per_second: scaling.bytes_per_second(time),
            lines_per_second: scaling.lines_per_second(time),
            speed_up: scaling.speed_up(time),
            efficiency: scaling.efficiency(point),
            sweep_seconds: sweep,
            sweep_runs: point.sweeps.seconds(),
            sweep_bytes_per_second: scaling.bytes_per_second(sweep),
            share_of_sweep: point.share_of_sweep(),
            outside_seconds: point.serial(),
            outside_runs: point.outside.seconds(),
            bottleneck: &point.bottleneck,
            stages: point.stages.iter().map(Stage::new).collect(),
        }
    }
}

impl<'s> Stage<'s> {
    fn new(stage: &'s StageReport) -> Stage<'s> {
        Stage {
            name: &stage.name,
            workers: stage.workers,
            seconds: stage.seconds,
            busy: stage.busy,
            starved: stage.starved,
            blocked: stage.blocked,
        }
    }
}

impl AmdahlPart {
    fn new(law: &Amdahl) -> AmdahlPart {
        AmdahlPart {
            serial_seconds: law.serial,
            parallel_seconds: law.parallel,
            serial_share: law.serial_share(),
            limit: law.limit(),
            error: law.error,
        }
    }
}

impl UslPart {
    fn new(law: &Usl) -> UslPart {
        UslPart {
            one_seconds: law.one,
            contention: law.contention,
            coherence: law.coherence,
            peak_threads: law.peak(),
            error: law.error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scaling::examples::scaling;
    use super::*;

    fn parsed(scaling: &Scaling) -> serde_json::Value {
        let mut out = Vec::new();
        json(&mut out, scaling).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_law_is_there_or_why_it_is_not() {
        let two = parsed(&scaling(&[1, 2], 2));
        assert!(two["amdahl"].is_null() && two["usl"].is_null());
        assert!(
            two["usl_missing"]
                .as_str()
                .unwrap()
                .starts_with("not fitted")
        );
        let four = parsed(&scaling(&[1, 2, 4, 8], 8));
        assert!(four["amdahl_missing"].is_null() && four["usl_missing"].is_null());
        assert!((four["amdahl"]["limit"].as_f64().unwrap() - 50.0).abs() < 1e-6);
        assert!((four["usl"]["contention"].as_f64().unwrap() - 0.02).abs() < 1e-6);
    }

    #[test]
    fn all_that_was_measured_is_there() {
        let document = parsed(&scaling(&[1, 2], 2));
        assert_eq!(document["version"], 1);
        assert_eq!(document["command"][1], "--by");
        assert_eq!(document["files"][0]["bytes"], 1_000_000_000);
        let point = &document["points"][1];
        assert_eq!(point["threads"], 2);
        assert_eq!(point["runs"].as_array().unwrap().len(), 3);
        assert_eq!(point["stages"][0]["name"], "count");
        assert_eq!(point["stages"][0]["seconds"], 0.49);
    }
}
