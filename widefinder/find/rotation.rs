//! The order of files in a directory: that in which they were written.
//!
//! `access.log.2.gz`, `access.log.1`, `access.log`: the names of a set differ in
//! a number or a date. Numbers count back from the present and dates do not. The
//! order does not look at the times of files, which are gone once these are
//! copied.

use std::cmp::{Ordering, Reverse};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// The names in a directory, in the order in which the files were written as far
/// as the names tell. The order is total.
pub(super) fn list(directory: &Path) -> io::Result<Vec<OsString>> {
    let entries = fs::read_dir(directory)?;
    let names = entries.map(|entry| Ok(Name::new(entry?.file_name())));
    let mut names = names.collect::<io::Result<Vec<_>>>()?;
    names.sort_by(Name::order);
    Ok(names.into_iter().map(|name| name.whole).collect())
}

/// A name of a set of files, one of which is written to.
struct Name {
    /// The name of that one.
    set: String,
    age: Age,
    /// Whether it is not compressed; of two that are else alike it is the newer.
    plain: bool,
    whole: OsString,
}

/// When a file of a set was written, the oldest first.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Age {
    /// At a time: its digits.
    Dated(String),
    /// So many files ago.
    Numbered(Reverse<u16>),
    /// Now.
    Live,
}

/// What compressed files are called.
const PACKED: [&str; 5] = [".gz", ".zst", ".bz2", ".xz", ".Z"];

/// A name with a date or a number, at the end or before the ending: a number
/// only behind a dot, since `web-1.log` and `web-2.log` are two servers.
static ROTATED: LazyLock<Regex> = LazyLock::new(|| {
    let date = r"[._-](?<date>(?:19|20)\d\d(?:[._:T-]?\d+)*|\d{9,})";
    let number = r"\.(?<number>\d{1,4})";
    let ending = r"(?<ending>\.[A-Za-z][\w-]*)?";
    Regex::new(&format!("(?s)^(?<set>.+?)(?:{date}|{number}){ending}$")).expect("it is a pattern")
});

impl Name {
    fn new(whole: OsString) -> Name {
        let name = whole.to_string_lossy();
        let stripped = PACKED.iter().find_map(|ending| name.strip_suffix(ending));
        let plain = stripped.is_none();
        let name = stripped.unwrap_or(&name);
        let (set, age) = match ROTATED.captures(name) {
            Some(parts) => {
                let ending = parts.name("ending").map_or("", |ending| ending.as_str());
                let number = parts.name("number").and_then(|it| it.as_str().parse().ok());
                let date = parts.name("date").map_or("", |date| date.as_str());
                let digits = date.chars().filter(char::is_ascii_digit);
                let age = number.map_or_else(
                    || Age::Dated(digits.collect()),
                    |number| Age::Numbered(Reverse(number)),
                );
                (format!("{}{ending}", &parts["set"]), age)
            }
            None => (name.to_owned(), Age::Live),
        };
        Name {
            set,
            age,
            plain,
            whole,
        }
    }

    fn order(&self, other: &Name) -> Ordering {
        natural(self.set.as_bytes(), other.set.as_bytes())
            .then_with(|| self.set.cmp(&other.set))
            .then_with(|| self.age.cmp(&other.age))
            .then_with(|| self.plain.cmp(&other.plain))
            .then_with(|| self.whole.cmp(&other.whole))
    }
}

/// Compares by bytes, but runs of digits by what number they are.
fn natural(mut one: &[u8], mut other: &[u8]) -> Ordering {
    while let (Some(&a), Some(&b)) = (one.first(), other.first()) {
        let order = if a.is_ascii_digit() && b.is_ascii_digit() {
            let (a, b) = (number(&mut one), number(&mut other));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        } else {
            (one, other) = (&one[1..], &other[1..]);
            a.cmp(&b)
        };
        if order.is_ne() {
            return order;
        }
    }
    one.len().cmp(&other.len())
}

/// Takes the digits off the beginning, and returns them without leading zeros.
fn number<'t>(text: &mut &'t [u8]) -> &'t [u8] {
    let end = text.iter().position(|byte| !byte.is_ascii_digit());
    let (mut digits, rest) = text.split_at(end.unwrap_or(text.len()));
    *text = rest;
    while let [b'0', rest @ ..] = digits {
        digits = rest;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that names, sorted, are in this order.
    fn assert_order(names: &[&str]) {
        let mut sorted: Vec<_> = names
            .iter()
            .rev()
            .map(|name| Name::new(name.into()))
            .collect();
        sorted.sort_by(Name::order);
        let sorted: Vec<_> = sorted
            .iter()
            .map(|name| name.whole.to_str().unwrap())
            .collect();
        assert_eq!(sorted, names);
    }

    #[test]
    fn the_oldest_is_first_and_the_live_one_last() {
        assert_order(&[
            "access.log.10.gz",
            "access.log.9.gz",
            "access.log.2.gz",
            "access.log.1",
            "access.log",
        ]);
        assert_order(&[
            "access.10.log",
            "access.2.log.gz",
            "access.1.log",
            "access.log",
        ]);
        assert_order(&[
            "access.log-20251231.gz",
            "access.log-20260131",
            "access.log",
        ]);
        assert_order(&[
            "access.log.2025-12-31.xz",
            "access.log.2026-01-31",
            "access.log",
        ]);
        assert_order(&[
            "access-2025-12-31.log",
            "access-2026-01-01.log",
            "access.log",
        ]);
        assert_order(&["access_2025.log.zst", "access_2026.log", "access_log"]);
        assert_order(&[
            "access.log-1769812345.gz",
            "access.log-1769898745",
            "access.log",
        ]);
        assert_order(&["a.log.2026-01-31T09.gz", "a.log.2026-01-31T10", "a.log"]);
        assert_order(&[
            "a.log-20260131.gz",
            "a.log.2.gz",
            "a.log.1",
            "a.log.gz",
            "a.log",
        ]);
    }

    #[test]
    fn sets_follow_one_another_and_their_numbers_count() {
        assert_order(&[
            "access.log.2",
            "access.log.1",
            "access.log",
            "error.log.1",
            "error.log",
            "other_vhosts_access.log.1",
            "other_vhosts_access.log",
        ]);
        assert_order(&["web-1.log.1", "web-1.log", "web-2.log", "web-10.log"]);
        assert_order(&["u_ex260131.log", "u_ex260201.log"]);
        assert_order(&["2025-12-31.log", "2026-01-01.log"]);
        assert_order(&["a.log", "a01.log", "a1.log", "a2.log"]);
    }

    #[test]
    fn any_names_have_an_order() {
        let names = [
            "", ".", "1", "a.1", "a.01", "a.99999", "a.1.1.1", "é.1", "a\n.1", "a..1",
        ];
        for one in names {
            for other in names {
                let order = Name::new(one.into()).order(&Name::new(other.into()));
                assert_eq!(order.is_eq(), one == other, "{one:?} {other:?}");
                assert_eq!(
                    Name::new(other.into()).order(&Name::new(one.into())),
                    order.reverse()
                );
            }
        }
    }
}
