//! The object that Docker's driver `json-file` writes for each line:
//! `{"log":"...\n","stream":"stdout","time":"..."}`, always escaped as JSON.
//!
//! Source: the Docker manual, *JSON File logging driver*.

use bumpalo::Bump;
use memchr::{memchr, memchr_iter, memmem};

use super::escaped::unescaped;
use crate::scan::combined::{Misfit, is_escaped};

/// The line in an object.
pub(super) fn line<'c>(object: &'c [u8], arena: &'c Bump) -> Result<&'c [u8], Misfit> {
    let misfit = |at, expected| Err(Misfit { at, expected });
    let Some(log) = object.strip_prefix(BEFORE) else {
        return misfit(0, "an object that begins with the key log");
    };
    let mut quotes = memchr_iter(b'"', log);
    let Some(end) = quotes.find(|&quote| !is_escaped(log, quote)) else {
        return misfit(BEFORE.len(), "a closing quote");
    };
    let behind = &log[end + 1..];
    if memmem::find(behind, b"\"stream\":\"").is_none() || !behind.ends_with(b"}") {
        return misfit(BEFORE.len() + end, "the key stream and a closing brace");
    }
    let log = &log[..end];
    let log = without_escape(without_escape(log, br"\n"), br"\r");
    match memchr(b'\\', log) {
        None if log.is_empty() => misfit(BEFORE.len(), "a line of the log"),
        None => Ok(log),
        Some(_) => Ok(unescaped(log, arena)),
    }
}

/// The text without an escape at its end.
fn without_escape<'c>(text: &'c [u8], escape: &[u8; 2]) -> &'c [u8] {
    match text.strip_suffix(escape) {
        Some(rest) if !is_escaped(text, rest.len()) => rest,
        _ => text,
    }
}

/// An object begins with it.
pub(super) const BEFORE: &[u8] = br#"{"log":""#;
