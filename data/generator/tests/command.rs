//! The program: where its log goes, and how it fails.

use std::env;
use std::fs;
use std::io::Read;
use std::process::{Command, Output, Stdio};

use loggen::{Amount, Options, Profile, generate};

fn loggen(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_loggen"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    loggen(arguments).output().expect("the program runs")
}

#[track_caller]
fn assert_fails(arguments: &[&str], message: &str) {
    let output = run(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert!(errors.contains(message), "{errors}");
}

#[test]
fn ten_reference_lines_go_to_standard_output() {
    let output = run(&["--lines", "10"]);
    let mut expected = Vec::new();
    generate(
        &Options::new(Profile::Reference),
        Amount::Lines(10),
        &mut expected,
    )
    .expect("a vector takes everything");
    assert!(output.status.success());
    assert_eq!(output.stdout, expected);
    assert!(output.stderr.is_empty());
}

#[test]
fn every_option_reaches_the_log() {
    let output = run(&[
        "--profile",
        "heavy",
        "--seed",
        "9",
        "--size",
        "64K",
        "--matches",
        "0.5",
        "--clients",
        "500",
        "--paths",
        "70",
        "--broken",
        "0.25",
    ]);
    let mut options = Options::new(Profile::Heavy);
    options.seed = 9;
    options.matches = 0.5;
    options.clients = 500;
    options.paths = 70;
    options.broken = 0.25;
    let mut expected = Vec::new();
    generate(&options, Amount::Bytes(65_536), &mut expected).expect("a vector takes everything");
    assert!(output.stdout == expected);
}

#[test]
fn a_log_goes_to_a_file() {
    let path = env::temp_dir().join(format!("loggen-{}.log", std::process::id()));
    let output = run(&["--lines", "100", "-o", path.to_str().expect("a text path")]);
    let log = fs::read(&path).expect("the log was written");
    fs::remove_file(&path).expect("the log can be removed");
    assert!(output.status.success() && output.stdout.is_empty());
    assert_eq!(log, run(&["--lines", "100"]).stdout);
}

#[test]
fn a_closed_pipe_is_success() {
    let mut child = loggen(&["--size", "1G"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut pipe = child.stdout.take().expect("the output is piped");
    pipe.read_exact(&mut [0; 100]).expect("the log begins");
    drop(pipe);
    let output = child.wait_with_output().expect("the program ends");
    assert!(output.status.success());
    assert!(output.stderr.is_empty());
}

#[test]
fn errors_name_what_is_wrong() {
    assert_fails(&[], "--lines");
    assert_fails(&["--lines", "1", "--size", "1K"], "cannot be used with");
    assert_fails(&["--lines", "1", "--profile", "tiny"], "reference, heavy");
    assert_fails(&["--size", "1.5G"], "a size is a whole number");
    assert_fails(
        &["--lines", "1", "--matches", "2"],
        "the share of matches is 2",
    );
    assert_fails(
        &["--lines", "1", "-o", "/nowhere/a.log"],
        "cannot create /nowhere/a.log",
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_reported_with_the_file() {
    assert_fails(
        &["--lines", "1", "-o", "/dev/full"],
        "cannot write /dev/full",
    );
}
