//! What a reader must know of the machine, and nothing that tells whose it is.

use std::env::consts::{ARCH, OS};
use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

pub(crate) fn print(command: &str) {
    let unknown = || "unknown".to_owned();
    let cores = available_parallelism().map_or_else(|_| unknown(), |n| n.to_string());
    println!("- command: `{command}`");
    println!("- date: {}", said("date", "+%F").unwrap_or_else(unknown));
    println!("- processor: {}", processor().unwrap_or_else(unknown));
    println!("- cores: {cores}");
    println!("- system: {OS} {ARCH}");
    println!(
        "- compiler: {}",
        said("rustc", "-V").unwrap_or_else(unknown)
    );
}

/// Before the run anything above zero is the work of others; after it the run
/// itself is in it, with no more than its own threads.
pub(crate) fn print_load(when: &str) {
    if let Some(load) = load() {
        println!("\nLoad {when} the run: {load}");
    }
}

fn said(command: &str, arg: &str) -> Option<String> {
    let output = Command::new(command).arg(arg).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| said.trim().to_owned())
}

fn processor() -> Option<String> {
    let info = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = info.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The mean of the last minute.
fn load() -> Option<String> {
    let load = fs::read_to_string("/proc/loadavg").ok()?;
    Some(load.split_whitespace().next()?.to_owned())
}
