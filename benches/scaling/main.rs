//! The work of many workers, done by one: the parts of the model in
//! `docs/scaling.md`.
//!
//! ```text
//! cargo bench --bench scaling -- replay FILE [WORKERS,...]
//! cargo bench --bench scaling -- stream SIZE_IN_GIB [WORKERS,...]
//! ```
//!
//! `replay` answers the second Wide Finder report once for each number of workers,
//! one worker after the other, so that each has a core and its caches to itself
//! as on a larger machine, and times every chunk and partition. `stream` generates a
//! log that need not fit into any memory, and counts one worker's share of it for
//! each number of workers, and the rows that all workers' tables would have.
//!
//! Without cargo's `--bench`, as under `cargo test --benches`, both run once with
//! a small log. It is no divan benchmark because what it finds is not the time of
//! one function.

mod clock;
mod keys;
mod replay;
mod stream;

use std::io::Write;
use std::process::ExitCode;

use loggen::{Amount, Options, Profile};

/// Powers of two, as [`keys::Keys`] needs; the last is its most.
const WORKERS: [usize; 8] = [1, 2, 4, 8, 16, 32, 64, 128];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        test();
        return ExitCode::SUCCESS;
    }
    let args: Vec<_> = args.iter().filter(|arg| *arg != "--bench").collect();
    let workers = match args.get(2) {
        None => Some(WORKERS.to_vec()),
        Some(list) => list.split(',').map(|count| count.parse().ok()).collect(),
    };
    let known = |count: &usize| WORKERS.contains(count);
    let workers = workers.filter(|workers: &Vec<_>| workers.iter().all(known));
    match (args.first().map(|arg| arg.as_str()), args.get(1), workers) {
        (Some("replay"), Some(file), Some(workers)) => replay::print(file.as_ref(), &workers),
        (Some("stream"), Some(size), Some(workers)) if size.parse::<u64>().is_ok() => {
            stream::print(size.parse::<u64>().unwrap_or(0) << 30, &workers);
        }
        // Run with all other benchmarks, it has nothing to say.
        (None, ..) => println!("scaling: needs `-- replay FILE` or `-- stream GIB`"),
        _ => {
            eprintln!("known are replay FILE and stream GIB, then powers of two up to 128");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn test() {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    let options = Options::new(Profile::Heavy);
    loggen::generate(&options, Amount::Bytes(4 << 20), &mut file).expect("a log");
    file.flush().expect("a log");
    replay::print(file.path(), &[1, 2, 8]);
    stream::print(4 << 20, &[1, 2, 8]);
}
