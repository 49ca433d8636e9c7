//! Generates web-server logs that look like a real one, reproducibly and fast.
//!
//! The logs are in Apache's combined format and have the shape of the one behind the Wide
//! Finder challenge: the same mixture of requests, answers and referrers, and clients and
//! articles whose popularity follows a power law. All names in them are made up.
//!
//! The one design decision: a log is a function of its [`Options`] that needs no memory of
//! what it has written. A client, an article or an outside page is a number, drawn from a
//! power law, and all its properties are computed from that number. So a log of 100 GB is
//! generated in as little memory as one of ten lines, and faster than most disks take it.
//!
//! ```
//! use loggen::{Amount, Options, Profile, generate};
//!
//! let mut log = Vec::new();
//! generate(&Options::new(Profile::Reference), Amount::Lines(1), &mut log)?;
//! let line = String::from_utf8(log).expect("a log without broken lines is text");
//! assert!(line.contains("[01/Oct/2006:00:00:0"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod agent;
mod broken;
mod client;
mod clock;
mod generate;
mod log;
mod number;
mod options;
mod path;
mod random;
mod referrer;
mod traffic;

pub use generate::{Amount, Written, generate};
pub use log::Log;
pub use options::{InvalidOption, Options, Profile};
