//! What shapes a log.
//!
//! A profile is nothing but a set of figures to start from, so every figure can be changed
//! on its own and the generator knows no profiles, save for where new clients arrive.

use std::error::Error;
use std::fmt;

use crate::traffic::ARTICLE_SHARE;

/// A named shape of a log, from which [`Options::new`] starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The shape of the log behind the Wide Finder challenge: few articles among many feeds
    /// and images, and clients and paths with long tails.
    Reference,
    /// A burden on every table: a third of the lines are for articles, and nearly half of
    /// those come from a client that was never seen before.
    Heavy,
}

/// The shape of a log and its seed; equal options give equal bytes on every machine.
///
/// # Examples
///
/// ```
/// use loggen::{Options, Profile};
///
/// let mut options = Options::new(Profile::Heavy);
/// options.seed = 7;
/// options.matches = 0.5;
/// assert!(options.validate().is_ok());
///
/// options.matches = 1.5;
/// let error = options.validate().unwrap_err();
/// assert_eq!(error.to_string(), "the share of matches is 1.5, but must be from 0 to 1");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Decides where new clients arrive: anywhere in `Reference`, so that most of them never
    /// ask for an article; in `Heavy` with an article that they get (status 200 or 304), as
    /// long as there are enough of those.
    pub profile: Profile,
    /// The start of the random stream. Another seed has other clients on the same site.
    pub seed: u64,
    /// The share of lines that match the pattern of the first Wide Finder,
    /// `GET /ongoing/When/\d\d\dx/(\d\d\d\d/\d\d/\d\d/[^ .]+) `, from 0 to 1.
    pub matches: f64,
    /// The clients that appear for the first time, per million lines, up to a million.
    ///
    /// Their number grows with the log without end, and the earliest return most often. At
    /// most 96 more are known from the start.
    pub clients: u32,
    /// The articles of the site, at least 1 and at most 2^30: the most distinct keys that
    /// the pattern above can find.
    ///
    /// Popularity falls as a power law, so a log shows them little by little: a heavy log of
    /// a million lines nearly all, a reference log of 100,000 lines 85 %.
    pub paths: u32,
    /// The articles that are published while the log is written, each with the line that asks
    /// for it first, per million lines, up to a million; 0 in both profiles. No more than the
    /// share of matches can come.
    pub new_paths: u32,
    /// The share of broken lines, from 0 to 1. The other figures hold for the rest.
    pub broken: f64,
}

impl Options {
    /// The largest number of new clients per million lines.
    pub const MOST_CLIENTS: u32 = 1_000_000;
    /// The largest number of new articles per million lines.
    pub const MOST_NEW_PATHS: u32 = 1_000_000;
    /// The largest number of articles.
    pub const MOST_PATHS: u32 = 1 << 30;

    /// Returns the figures of a profile, with the seed 1 and no broken lines.
    #[must_use]
    pub fn new(profile: Profile) -> Self {
        let (matches, clients, paths) = match profile {
            Profile::Reference => (ARTICLE_SHARE as f64 / 1_000.0, 115_680, 2_500),
            Profile::Heavy => (0.35, 135_000, 25_000),
        };
        Self {
            profile,
            seed: 1,
            matches,
            clients,
            paths,
            new_paths: 0,
            broken: 0.0,
        }
    }

    /// Checks that every figure is within its range.
    ///
    /// # Errors
    ///
    /// Names the first figure that is not.
    pub fn validate(&self) -> Result<(), InvalidOption> {
        let shares = [("matches", self.matches), ("broken lines", self.broken)];
        for (name, share) in shares {
            if !(0.0..=1.0).contains(&share) {
                return Err(InvalidOption::Share { name, share });
            }
        }
        if self.clients > Self::MOST_CLIENTS {
            return Err(InvalidOption::Clients(self.clients));
        }
        if self.new_paths > Self::MOST_NEW_PATHS {
            return Err(InvalidOption::NewPaths(self.new_paths));
        }
        if !(1..=Self::MOST_PATHS).contains(&self.paths) {
            return Err(InvalidOption::Paths(self.paths));
        }
        Ok(())
    }
}

/// A figure that is out of its range.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum InvalidOption {
    /// A share is below 0, above 1, or not a number.
    Share {
        /// What it is a share of.
        name: &'static str,
        /// The rejected value.
        share: f64,
    },
    /// More than one new client per line.
    Clients(u32),
    /// The number of new articles per million lines.
    NewPaths(u32),
    /// No article at all, or too many.
    Paths(u32),
}

impl fmt::Display for InvalidOption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Share { name, share } => {
                write!(f, "the share of {name} is {share}, but must be from 0 to 1")
            }
            Self::Clients(clients) => write!(
                f,
                "{clients} new clients per million lines are more than {}",
                Options::MOST_CLIENTS
            ),
            Self::NewPaths(paths) => write!(
                f,
                "the number of new paths per million lines is {paths}, but must be from 0 to {}",
                Options::MOST_NEW_PATHS
            ),
            Self::Paths(paths) => write!(
                f,
                "the number of paths is {paths}, but must be from 1 to {}",
                Options::MOST_PATHS
            ),
        }
    }
}

impl Error for InvalidOption {}
