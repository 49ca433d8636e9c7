//! Rewrites of keys: `path:s/\d+/N/g`.

use regex::bytes::Regex;

use super::Key;

/// A substitution in the values of a key.
#[derive(Clone, Debug)]
pub struct Rewrite {
    /// Which key; `None` is the first of each table.
    pub key: Option<Key>,
    /// What is replaced.
    pub regex: Regex,
    /// By what: `$1` and `${name}` stand for groups, `$$` for a dollar.
    pub replacement: Vec<u8>,
    /// Whether all matches are replaced, or only the first.
    pub all: bool,
    /// As it was typed, for people.
    pub text: String,
}
