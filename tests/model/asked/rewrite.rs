//! Rewrites of keys that are easy to do by hand.

use std::fmt;

use super::condition::regex_of;
use super::key::Key;

#[derive(Clone, Debug)]
pub(crate) struct Rewrite {
    /// The first key of the table if it names none.
    pub(crate) key: Option<Key>,
    pub(crate) what: What,
    pub(crate) by: &'static str,
    /// All, and not only the first.
    pub(crate) all: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    Text(&'static str),
    /// In letters of either case.
    TextInAnyCase(&'static str),
    /// One or more.
    Digits,
    /// The empty text at the start.
    Start,
}

impl Rewrite {
    pub(crate) fn apply(&self, value: &[u8]) -> Vec<u8> {
        let (mut out, mut at, mut done) = (Vec::new(), 0, false);
        if matches!(self.what, What::Start) {
            return [self.by.as_bytes(), value].concat();
        }
        while at < value.len() {
            let length = match done && !self.all {
                true => 0,
                false => self.what.length(&value[at..]),
            };
            if length == 0 {
                out.push(value[at]);
                at += 1;
                continue;
            }
            out.extend_from_slice(self.by.as_bytes());
            at += length;
            done = true;
        }
        out
    }
}

impl What {
    /// How much of the beginning it is.
    fn length(self, value: &[u8]) -> usize {
        match self {
            What::Text(text) if value.starts_with(text.as_bytes()) => text.len(),
            What::TextInAnyCase(text) => match value.get(..text.len()) {
                Some(start) if start.eq_ignore_ascii_case(text.as_bytes()) => text.len(),
                _ => 0,
            },
            What::Digits => value
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count(),
            _ => 0,
        }
    }
}

impl fmt::Display for Rewrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(key) = self.key {
            write!(f, "{key}:")?;
        }
        let (what, case) = match self.what {
            What::Text(text) => (regex_of(text), ""),
            What::TextInAnyCase(text) => (regex_of(text), "i"),
            What::Digits => (r"\d+".to_owned(), ""),
            What::Start => ("^".to_owned(), ""),
        };
        let mark = if (what.clone() + self.by).contains('/') {
            '#'
        } else {
            '/'
        };
        let all = if self.all { "g" } else { "" };
        write!(
            f,
            "s{mark}{what}{mark}{}{mark}{all}{case}",
            self.by.replace('$', "$$")
        )
    }
}
