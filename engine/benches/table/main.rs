//! All sides of a comparison in one run, as Markdown: medians, ratios, and the
//! goals.
//!
//! `cargo bench -p engine --bench table [-- --quick]`. Without cargo's
//! `--bench`, as under `cargo test --benches`, everything runs once with a few
//! items. Other arguments are refused, since a table of which a part is left
//! out is not a table.

mod goals;
mod machine;
mod measure;
mod tables;
#[path = "../workloads/mod.rs"]
mod workloads;

use std::time::Duration;

use measure::Effort;

/// An odd number of rounds, so that the median is one of them.
const FULL: Effort = Effort {
    rounds: 9,
    run: Duration::from_millis(20),
    most_items: 1_000_000,
};

const QUICK: Effort = Effort {
    rounds: 7,
    run: Duration::from_millis(5),
    ..FULL
};

const TEST: Effort = Effort {
    rounds: 1,
    run: Duration::ZERO,
    most_items: 16,
};

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let given = |name: &str| args.iter().any(|arg| arg == name);
    if let Some(other) = args
        .iter()
        .find(|arg| !["--bench", "--quick", "--test"].contains(&arg.as_str()))
    {
        eprintln!("unknown argument {other}; known are --quick and --test");
        std::process::exit(2);
    }
    let test = given("--test") || !given("--bench");
    let (effort, option) = match (test, given("--quick")) {
        (true, _) => (TEST, " -- --test"),
        (false, true) => (QUICK, " -- --quick"),
        (false, false) => (FULL, ""),
    };
    machine::print(&format!("cargo bench -p engine --bench table{option}"));
    machine::print_load("before");
    println!(
        "\n{} rounds, in each of which the sides of a row take turns; a run lasts about {} ms. \
         The figures are medians in nanoseconds, with the fastest and the slowest round. \
         A ratio below 1 means that the engine is faster.",
        effort.rounds,
        effort.run.as_millis(),
    );
    let hand_over = tables::hand_over(effort);
    let map = tables::map(effort);
    let fold = tables::fold(effort);
    let set_up = tables::set_up(effort);
    goals::print(&hand_over, &map, &fold, &set_up);
    machine::print_load("after");
}
