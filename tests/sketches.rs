//! What `--approx` says: as near to the exact answer as it promises, and the same however the
//! work is divided.

#[path = "asked/mod.rs"]
mod asking;
mod model;
mod support;

use asking::compare::plan;
use proptest::prelude::*;
use support::answers::file;
use tempfile::NamedTempFile;
use widefinder::plan::Plan;
use widefinder::report::TableReport;
use widefinder::run;
use widefinder::value::Value;

const DIVISIONS: [(usize, usize); 5] = [
    (1, Plan::CHUNK_SIZE),
    (2, 4096),
    (3, 1000),
    (8, 64),
    (8, 20_000),
];

/// A log of so many bytes each, from clients of their own, for two paths.
fn log(bytes: &[u64]) -> NamedTempFile {
    let lines = bytes.iter().enumerate().map(|(number, bytes)| {
        let path = if number % 3 == 0 { "/a" } else { "/b" };
        format!("c{number} - - [t] \"GET {path} HTTP/1.1\" 200 {bytes} \"-\" \"x\"\n")
    });
    file(lines.collect::<String>().as_bytes())
}

fn tables(file: &NamedTempFile, words: &[&str], division: (usize, usize)) -> Vec<TableReport> {
    let words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    let (threads, chunk_size) = division;
    let plan = plan(&words, file).expect("it is a question");
    run(&Plan {
        threads,
        chunk_size,
        ..plan
    })
    .tables
}

/// Whether each value is as near as it promises, and exact values are exact.
fn check(file: &NamedTempFile) -> Result<(), TestCaseError> {
    const WORDS: [&str; 6] = [
        "-b",
        "path",
        "-m",
        "distinct:client,visitors,p0.001:bytes,p50:bytes,p95:bytes,p99.999:bytes,max:bytes",
        "-s",
        "path",
    ];
    let exact = tables(file, &WORDS, DIVISIONS[0]).remove(0);
    let words = [&WORDS[..], &["--approx"]].concat();
    let near = tables(file, &words, DIVISIONS[0]).remove(0);
    prop_assert_eq!(exact.rows.len(), near.rows.len());
    for (exact, row) in exact.rows.iter().zip(&near.rows) {
        prop_assert_eq!(&exact.key, &row.key);
        for (metric, (exact, near)) in near
            .metrics
            .iter()
            .zip(exact.values.iter().zip(&row.values))
        {
            let (Value::Whole(exact), Value::Whole(near)) = (exact, near) else {
                return Err(TestCaseError::fail("all are whole numbers"));
            };
            // In hundredths of a per cent, and what is no whole number is rounded.
            let bound = f64::from(metric.error.unwrap_or(0)) / 10_000.0 * *exact as f64 + 0.5;
            let off = exact.abs_diff(*near) as f64;
            prop_assert!(off <= bound, "{} is {exact}, and not {near}", metric.name);
        }
    }
    for division in DIVISIONS {
        let divided = tables(file, &words, division).remove(0);
        prop_assert_eq!(&divided, &near, "-j and chunk size {:?}", division);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Numbers of all sizes, and few clients, which are counted exactly.
    #[test]
    fn percentiles_are_as_near_as_they_say(
        numbers in proptest::collection::vec((any::<u64>(), 0..64u32), 1..300),
    ) {
        let numbers: Vec<_> = numbers.iter().map(|(number, bits)| number >> bits).collect();
        check(&log(&numbers))?;
    }
}

/// The hash has no seed, so that these are the same every time.
#[test]
fn distinct_counts_are_as_near_as_they_say() {
    for clients in [511, 513, 1535, 1537, 1600, 5000, 40_000] {
        let bytes: Vec<_> = (0..clients).map(|number| number * number).collect();
        check(&log(&bytes)).expect("near enough");
    }
}
