//! Writes a generated log to a file or to standard output.

use std::fs::File;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, ValueEnum};
use loggen::{Amount, Options, Profile, generate};

/// Generate a realistic web-server log, the same bytes for the same options.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Arguments {
    /// The shape of the log.
    #[arg(long, value_enum, default_value = "reference")]
    profile: ProfileName,
    /// The start of the random stream.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    amount: AmountArguments,
    /// Write to FILE instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The share of lines that match the pattern of the first Wide Finder, from 0 to 1.
    #[arg(long, value_name = "SHARE")]
    matches: Option<f64>,
    /// New distinct clients per million lines.
    #[arg(long, value_name = "N")]
    clients: Option<u32>,
    /// Distinct articles of the site, which a long log shows all.
    #[arg(long, value_name = "N")]
    paths: Option<u32>,
    /// Articles that are new in the log, per million lines.
    #[arg(long, value_name = "N")]
    new_paths: Option<u32>,
    /// The share of broken lines, from 0 to 1.
    #[arg(long, value_name = "SHARE")]
    broken: Option<f64>,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct AmountArguments {
    /// Stop after N lines.
    #[arg(long, value_name = "N")]
    lines: Option<u64>,
    /// Stop at the end of the line that reaches SIZE bytes; K, M, G and T are powers of 1024.
    #[arg(long, value_name = "SIZE", value_parser = parse_size)]
    size: Option<u64>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ProfileName {
    /// The shape of the log behind the Wide Finder challenge.
    Reference,
    /// Many matches, many clients, many articles.
    Heavy,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("loggen: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let options = arguments.options();
    options.validate().map_err(|error| error.to_string())?;
    let amount = arguments.amount.amount();
    match &arguments.output {
        Some(path) => {
            let mut file = File::create(path)
                .map_err(|error| format!("cannot create {}: {error}", path.display()))?;
            write_log(&options, amount, &mut file)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))
        }
        None => write_log(&options, amount, &mut io::stdout().lock())
            .map_err(|error| format!("cannot write standard output: {error}")),
    }
}

/// Writes the log; a reader that has seen enough and closes the pipe is no error.
fn write_log(options: &Options, amount: Amount, out: &mut impl Write) -> io::Result<()> {
    let written = generate(options, amount, out).and_then(|_| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

impl Arguments {
    fn options(&self) -> Options {
        let profile = match self.profile {
            ProfileName::Reference => Profile::Reference,
            ProfileName::Heavy => Profile::Heavy,
        };
        let mut options = Options::new(profile);
        options.seed = self.seed;
        options.matches = self.matches.unwrap_or(options.matches);
        options.clients = self.clients.unwrap_or(options.clients);
        options.paths = self.paths.unwrap_or(options.paths);
        options.new_paths = self.new_paths.unwrap_or(options.new_paths);
        options.broken = self.broken.unwrap_or(options.broken);
        options
    }
}

impl AmountArguments {
    fn amount(&self) -> Amount {
        match (self.lines, self.size) {
            (Some(lines), _) => Amount::Lines(lines),
            (None, size) => Amount::Bytes(size.unwrap_or_default()),
        }
    }
}

/// Reads a number of bytes such as `4096`, `64K` or `100G`.
fn parse_size(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.char_indices().next_back() {
        Some((end, 'K' | 'k')) => (&text[..end], 10),
        Some((end, 'M' | 'm')) => (&text[..end], 20),
        Some((end, 'G' | 'g')) => (&text[..end], 30),
        Some((end, 'T' | 't')) => (&text[..end], 40),
        _ => (text, 0),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "a size is a whole number, and may end in K, M, G or T".to_owned())?;
    number
        .checked_mul(1 << shift)
        .ok_or_else(|| "the size is too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_suffixes() {
        assert_eq!(parse_size("10"), Ok(10));
        assert_eq!(parse_size("64K"), Ok(65_536));
        assert_eq!(parse_size("100g"), Ok(107_374_182_400));
        assert_eq!(parse_size("2T"), Ok(2_199_023_255_552));
        for wrong in ["", "K", "1.5G", "-1", "1 K", "1KB", "20000000T"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Arguments::command().debug_assert();
    }
}
