//! A pattern that was asked for: a regular expression over the bytes of a line.

mod confine;
mod literal;
mod part;
mod search;
mod sequence;
mod starts;
mod whole;

use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use regex_syntax::hir::Hir;

pub use search::{Groups, Search};

use crate::error::Error;

/// A regular expression, and what can be told from its syntax.
///
/// Unicode is off, so that `.` and `\w` mean bytes and ASCII; `(?u)` inside the
/// pattern turns it on.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
    syntax: Hir,
    literal: Option<Vec<u8>>,
}

impl Pattern {
    /// Compiles a pattern.
    ///
    /// # Errors
    ///
    /// When its syntax is wrong, when it compiles to too large a program, or
    /// when it can only match across a line end, since a match never leaves its
    /// line.
    ///
    /// ```
    /// use widefinder::pattern::Pattern;
    ///
    /// let pattern = Pattern::new(r"GET /(\w+)/(\w+)").unwrap();
    /// assert_eq!(pattern.columns(), 2);
    /// assert_eq!(pattern.literal(), Some(&b"GET /"[..]));
    /// assert!(Pattern::new("a\nb").is_err());
    /// ```
    pub fn new(pattern: &str) -> Result<Pattern, Error> {
        // The error shows the pattern, with a mark under the place.
        let compile = |error: &dyn std::fmt::Display| {
            let error = error.to_string();
            let hint = match error.contains("Unicode not allowed") {
                true => "; (?u) in front of it makes it one of Unicode",
                false => "",
            };
            Error::Usage(format!("the pattern is not valid: {error}{hint}"))
        };
        let regex = RegexBuilder::new(pattern)
            .unicode(false)
            .build()
            .map_err(|error| compile(&error))?;
        let syntax = parse(pattern).map_err(|error| compile(&error))?;
        if literal::needs_newline(&syntax) {
            return Err(Error::Usage(format!(
                "the pattern {pattern:?} matches only across a line end, \
                 but a match never leaves its line; take the \\n out"
            )));
        }
        Ok(Pattern {
            regex,
            literal: literal::longest(&syntax),
            syntax,
        })
    }

    /// The compiled expression.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }

    /// The longest literal that every match holds, if there is one.
    pub fn literal(&self) -> Option<&[u8]> {
        self.literal.as_deref()
    }

    /// How many parts a key has: the groups, or 1 for the whole match.
    pub fn columns(&self) -> usize {
        (self.regex.captures_len() - 1).max(1)
    }

    /// The names of the parts of a key: those of the groups, or their numbers.
    pub fn names(&self) -> Vec<String> {
        if self.regex.captures_len() == 1 {
            return vec!["match".to_owned()];
        }
        let names = self.regex.capture_names().enumerate().skip(1);
        names
            .map(|(number, name)| name.map_or_else(|| format!("group {number}"), str::to_owned))
            .collect()
    }
}

/// The syntax of a pattern as `regex::bytes` reads it, with Unicode off.
fn parse(pattern: &str) -> Result<Hir, Box<regex_syntax::Error>> {
    let mut parser = ParserBuilder::new();
    let mut parser = parser.unicode(false).utf8(false).build();
    parser.parse(pattern).map_err(Box::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_literal_is_in_every_match() {
        let table: &[(&str, Option<&str>)] = &[
            ("abc", Some("abc")),
            ("a(bcd)e", Some("bcd")),
            ("(?:ab){2}c", Some("ab")),
            ("(?:abc)?d", Some("d")),
            ("(?:abc)*", None),
            ("abc|def", None),
            ("(?i)abc", None),
            (r"\d+", None),
            ("^GET /", Some("GET /")),
            ("(?u)é+x", Some("é")),
        ];
        for (pattern, literal) in table {
            let found = Pattern::new(pattern).unwrap();
            assert_eq!(found.literal(), literal.map(str::as_bytes), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_needs_a_line_end_is_refused() {
        for pattern in ["\n", r"a\nb", r"[\n]+", "(x\ny|\nz)", r"(?u)a\n"] {
            let error = Pattern::new(pattern).unwrap_err();
            assert!(error.to_string().contains("line end"), "{pattern}");
        }
        for pattern in [r"a|\n", r"\s", r"[^x]", r"\n?", r"a\n*"] {
            assert!(Pattern::new(pattern).is_ok(), "{pattern}");
        }
    }
}
