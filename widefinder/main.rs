//! The program: arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser;
use widefinder::args::Args;

mod cli;
mod output;
mod progress;

fn main() -> ExitCode {
    let args = Args::parse();
    ExitCode::from(cli::answer(&args))
}
