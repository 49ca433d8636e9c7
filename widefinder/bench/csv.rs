//! The result as comma-separated values: a line for each number of threads.

use std::io::{self, Write};

use super::scaling::{Point, Scaling};

const NAMES: [&str; 14] = [
    "threads",
    "seconds",
    "seconds_min",
    "seconds_max",
    "bytes_per_second",
    "lines_per_second",
    "speed_up",
    "efficiency",
    "sweep_seconds",
    "sweep_bytes_per_second",
    "share_of_sweep",
    "outside_seconds",
    "bottleneck",
    "cores",
];

/// Writes the numbers of threads and what was measured with each. Speeds are
/// rounded to whole numbers, shares to four decimals.
///
/// # Errors
///
/// Those of `out`.
pub fn csv(out: &mut dyn Write, scaling: &Scaling) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(NAMES)?;
    for point in &scaling.points {
        writer.write_record(record(scaling, point))?;
    }
    writer.flush()
}

fn record(scaling: &Scaling, point: &Point) -> [String; NAMES.len()] {
    let (time, sweep) = (point.runs.median(), point.sweeps.median());
    let seconds = |seconds: f64| format!("{seconds:.9}");
    let speed = |speed: f64| format!("{speed:.0}");
    let ratio = |ratio: f64| format!("{ratio:.4}");
    [
        point.threads.to_string(),
        seconds(time),
        seconds(point.runs.shortest()),
        seconds(point.runs.longest()),
        speed(scaling.bytes_per_second(time)),
        speed(scaling.lines_per_second(time)),
        ratio(scaling.speed_up(time)),
        ratio(scaling.efficiency(point)),
        seconds(sweep),
        speed(scaling.bytes_per_second(sweep)),
        ratio(point.share_of_sweep()),
        seconds(point.serial()),
        point.bottleneck.clone(),
        scaling.cores.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::scaling::examples::scaling;
    use super::*;

    #[test]
    fn there_is_a_line_for_each_number_of_threads() {
        let mut out = Vec::new();
        csv(&mut out, &scaling(&[1, 2], 4)).unwrap();
        let expected = "\
threads,seconds,seconds_min,seconds_max,bytes_per_second,lines_per_second,speed_up,efficiency,\
sweep_seconds,sweep_bytes_per_second,share_of_sweep,outside_seconds,bottleneck,cores
1,1.000000000,0.990000000,1.020000000,1000000000,4500000,1.0000,1.0000,\
0.100000000,10000000000,0.1000,0.020000000,count,4
2,0.510000000,0.504900000,0.520200000,1960784314,8823529,1.9608,0.9804,\
0.050000000,20000000000,0.0980,0.020000000,count,4
";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }
}
