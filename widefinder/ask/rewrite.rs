//! Rewrites of keys: `path:s/\d+/N/g`.

use regex::bytes::{Regex, RegexBuilder};

use super::mistake::quoted;
use super::piece::Piece;
use super::word::Word;
use super::{Key, Mistake};

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

/// How a rewrite is written, for messages.
const NOTATION: &str = "a rewrite is written `s/RE/TEXT/`, or `path:s/RE/TEXT/g`";

impl Rewrite {
    /// Reads `[FIELD:]s/RE/TEXT/[gi]`. The delimiter is any sign but a
    /// backslash; behind a backslash it stands for itself.
    ///
    /// A field may hold an `s` and the delimiter itself, as in
    /// `query:s:s/a/b/`; so the last place counts from which on there is a
    /// complete rewrite, and before which there is a field.
    ///
    /// # Errors
    ///
    /// When it is no rewrite, when there is no such field, when the pattern is
    /// not valid, or when it has no such group as the text names.
    ///
    /// ```
    /// use widefinder::ask::Rewrite;
    ///
    /// let rewrite = Rewrite::parse(r"path:s|/(\d+)|/N|g").unwrap();
    /// assert_eq!(rewrite.key.unwrap().to_string(), "path");
    /// assert!(Rewrite::parse("path:s/a/b").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Rewrite, Mistake> {
        let all = Piece::all(text).trim();
        let (mut of_key, mut of_parts) = (None, None);
        for start in starts(all.text()).into_iter().rev() {
            let key = match start {
                0 => None,
                _ => match Key::read(all.first(start - 1).trim()) {
                    Ok(key) => Some(key),
                    Err(mistake) => {
                        of_key = Some(mistake);
                        continue;
                    }
                },
            };
            match Parts::of(all.behind(start)) {
                Ok(parts) => return parts.compile(key, all),
                Err(mistake) => of_parts = of_parts.or(Some(mistake)),
            }
        }
        let mistake = of_parts.or(of_key);
        Err(mistake.unwrap_or_else(|| all.mistake(NOTATION)))
    }
}

/// Where an `s` with a delimiter stands, at the start or behind a colon.
fn starts(text: &str) -> Vec<usize> {
    let letters = text.match_indices('s').map(|(at, _)| at);
    let starts = letters.filter(|&at| {
        let begins = at == 0 || text[..at].ends_with(':');
        begins && text[at + 1..].starts_with(is_delimiter)
    });
    starts.collect()
}

fn is_delimiter(character: char) -> bool {
    !character.is_alphanumeric()
        && !character.is_whitespace()
        && !character.is_control()
        && character != '\\'
}

/// A complete rewrite, without its field.
struct Parts<'t> {
    pattern: Word<'t>,
    replacement: Word<'t>,
    all: bool,
    ignore_case: bool,
}

impl<'t> Parts<'t> {
    /// Splits `s/RE/TEXT/gi`.
    fn of(piece: Piece<'t>) -> Result<Parts<'t>, Mistake> {
        let rest = piece.behind("s".len());
        let delimiter = rest.text().chars().next();
        let delimiter = delimiter.ok_or_else(|| piece.mistake(NOTATION))?;
        let rest = rest.behind(delimiter.len_utf8());
        let missing = |what: &str| {
            let end = rest.behind(rest.text().len());
            end.mistake(format!(
                "the `{delimiter}` behind the {what} is missing; {NOTATION}"
            ))
        };
        let (pattern, rest) = until(rest, delimiter).ok_or_else(|| missing("pattern"))?;
        let (replacement, flags) = until(rest, delimiter).ok_or_else(|| missing("text"))?;
        let literal = regex_syntax::escape(&delimiter.to_string());
        let itself = |text: &str| {
            let text = text.to_owned();
            move |escaped: char| (escaped == delimiter).then(|| text.clone())
        };
        let mut parts = Parts {
            pattern: Word::escaped(pattern, itself(&literal)),
            replacement: Word::escaped(replacement, itself(&delimiter.to_string())),
            all: false,
            ignore_case: false,
        };
        for flag in flags.text().chars() {
            match flag {
                'g' => parts.all = true,
                'i' => parts.ignore_case = true,
                _ => {
                    return Err(flags.mistake(format!(
                        "{} are no flags; they are g, for all matches, \
                         and i, for letters of either case",
                        quoted(flags.text())
                    )));
                }
            }
        }
        Ok(parts)
    }

    fn compile(self, key: Option<Key>, all: Piece<'_>) -> Result<Rewrite, Mistake> {
        self.pattern.check_syntax()?;
        let regex = RegexBuilder::new(self.pattern.text())
            .unicode(false)
            .case_insensitive(self.ignore_case)
            .build()
            .map_err(|error| self.pattern.mistake(one_line(&error)))?;
        check_groups(&self.replacement, &regex)?;
        Ok(Rewrite {
            key,
            regex,
            replacement: self.replacement.text().as_bytes().to_vec(),
            all: self.all,
            text: all.text().to_owned(),
        })
    }
}

fn one_line(error: &regex::Error) -> String {
    let text = error.to_string();
    format!(
        "this regular expression is not valid: {}",
        text.replace('\n', " ")
    )
}

/// Splits at the first delimiter that has no backslash before it.
fn until(piece: Piece<'_>, delimiter: char) -> Option<(Piece<'_>, Piece<'_>)> {
    let mut escaped = false;
    let at = piece.text().find(|character| {
        let ends = character == delimiter && !escaped;
        escaped = character == '\\' && !escaped;
        ends
    })?;
    Some((piece.first(at), piece.behind(at + delimiter.len_utf8())))
}

/// Every group that the replacement names must be in the pattern: an empty text
/// in its place would be a surprise.
fn check_groups(replacement: &Word<'_>, regex: &Regex) -> Result<(), Mistake> {
    let text = replacement.text();
    let mut at = 0;
    while let Some(found) = text[at..].find(['$', '\\']) {
        let start = at + found;
        let behind = &text[start + 1..];
        if text[start..].starts_with('\\') {
            let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
            at = start + 1;
            if digits > 0 {
                let group = replacement.part(start..at + digits);
                let number = &behind[..digits];
                return Err(
                    group.mistake(format!("a group is written `${{{number}}}` or `${number}`"))
                );
            }
            continue;
        }
        let (name, length) = reference(behind);
        at = start + 1 + length;
        if !name.is_empty() && !has_group(regex, name) {
            let place = replacement.part(start..at);
            return Err(place.mistake(no_group(regex, name)));
        }
    }
    Ok(())
}

/// The group that is named behind a `$`, and how long its notation is.
fn reference(behind: &str) -> (&str, usize) {
    if behind.starts_with('$') {
        return ("", 1);
    }
    if let Some(braced) = behind.strip_prefix('{') {
        return match braced.find('}') {
            Some(end) => (&braced[..end], end + "{}".len()),
            None => ("", 0),
        };
    }
    let ends = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    let length = behind.find(ends).unwrap_or(behind.len());
    (&behind[..length], length)
}

fn has_group(regex: &Regex, name: &str) -> bool {
    match name.parse::<usize>() {
        Ok(number) => number < regex.captures_len(),
        Err(_) => regex.capture_names().flatten().any(|known| known == name),
    }
}

fn no_group(regex: &Regex, name: &str) -> String {
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let (number, letters) = name.split_at(digits);
    let groups = match regex.captures_len() - 1 {
        0 => "no group".to_owned(),
        1 => "1 group".to_owned(),
        groups => format!("{groups} groups"),
    };
    let hint = if digits > 0 && !letters.is_empty() && has_group(regex, number) {
        format!("; `${{{number}}}` ends the number before other letters")
    } else {
        "; a dollar is written `$$`".to_owned()
    };
    format!(
        "the pattern has {groups}, and none is {}{hint}",
        quoted(name)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::{assert_marks, is_sound, keys};
    use proptest::prelude::*;

    /// What becomes of `input`, and the key.
    fn rewritten(text: &str, input: &str) -> (String, String) {
        let rewrite = Rewrite::parse(text).unwrap_or_else(|mistake| panic!("{mistake}"));
        let limit = if rewrite.all { 0 } else { 1 };
        let replacement = rewrite.replacement.as_slice();
        let output = rewrite.regex.replacen(input.as_bytes(), limit, replacement);
        let key = rewrite.key.map_or_else(String::new, |key| key.to_string());
        (key, String::from_utf8_lossy(&output).into_owned())
    }

    #[test]
    fn values_are_rewritten() {
        for (text, input, key, output) in [
            ("s/a/b/", "aa", "", "ba"),
            ("s/a/b/g", "aa", "", "bb"),
            ("s/a/b/gi", "aA", "", "bb"),
            (" path:s/a// ", "xax", "path", "xx"),
            (r"path:s/\d+/N/g", "/1/22", "path", "/N/N"),
            ("s:a:b:", "a", "", "b"),
            ("site:s/x/y/", "x", "site", "y"),
            ("path:1:s/a/b/", "a", "path:1", "b"),
            ("query:a:s|a|b|", "a", "query:a", "b"),
            ("query:s:s/a/b/", "a", "query:s", "b"),
            ("query:s:a:b:", "a", "query", "b"),
            ("query:a:s|x:s/|y|", "x:s/", "query:a", "y"),
            ("%{A,B}i:s,a,b,", "a", "%{A,B}i", "b"),
            (r"s/\/a\//\/b\//", "/a/", "", "/b/"),
            (r"s|a\|b|x|", "a|b", "", "x"),
            (r"s.a\.b.x.", "a-b a.b", "", "a-b x"),
            (r"s/a\\/b/", r"a\", "", "b"),
            (r"s/a/\\/", "a", "", r"\\"),
            ("s/(a)(?P<n>b)/$2${n}$1$$/", "ab", "", "bba$"),
            ("s/(a)/$1$/", "a", "", "a$"),
            ("s§a§b§", "a", "", "b"),
        ] {
            let (key, output) = (key.to_owned(), output.to_owned());
            assert_eq!(rewritten(text, input), (key, output), "{text}");
        }
    }

    #[test]
    fn unicode_is_off() {
        let rewrite = Rewrite::parse("s/^.$/x/").unwrap();
        assert!(rewrite.regex.is_match(b"\xff"));
        assert!(!rewrite.regex.is_match("é".as_bytes()));
        assert_eq!(
            Rewrite::parse(" path:s/a/b/g ").unwrap().text,
            "path:s/a/b/g"
        );
    }

    #[test]
    fn mistakes_point_at_their_place() {
        assert_marks(
            Rewrite::parse,
            r"
path
^^^^ a rewrite is written `s/RE/TEXT/`, or `path:s/RE/TEXT/g`
s
^ a rewrite is written `s/RE/TEXT/`, or `path:s/RE/TEXT/g`
saxbx
^^^^^ a rewrite is written `s/RE/TEXT/`, or `path:s/RE/TEXT/g`
s/a
   ^ the `/` behind the pattern is missing; a rewrite is written `s/RE/TEXT/`, \
     or `path:s/RE/TEXT/g`
path:s/a/b
          ^ the `/` behind the text is missing; a rewrite is written `s/RE/TEXT/`, \
            or `path:s/RE/TEXT/g`
query:s:s|a|b
             ^ the `|` behind the text is missing; a rewrite is written `s/RE/TEXT/`, \
               or `path:s/RE/TEXT/g`
pth:s/a/b/
^^^ there is no field `pth`; did you mean `path`?
path:0:s/a/b/
     ^ a number of segments is expected, at least 1, as in `path:1`
s/a/b/gx
      ^^ `gx` are no flags; they are g, for all matches, and i, for letters of either case
s/a/b/c/
      ^^ `c/` are no flags; they are g, for all matches, and i, for letters of either case
s/\/(/b/
    ^ in this regular expression: unclosed group
s/(a)/\1/
      ^^ a group is written `${1}` or `$1`
s/a/$1/
    ^^ the pattern has no group, and none is `1`; a dollar is written `$$`
s/(a)/$2/
      ^^ the pattern has 1 group, and none is `2`; a dollar is written `$$`
s/(a)(b)/$1x/
         ^^^ the pattern has 2 groups, and none is `1x`; `${1}` ends the number before other letters
s/(?P<n>a)/\/${m}/
             ^^^^ the pattern has 1 group, and none is `m`; a dollar is written `$$`
",
        );
    }

    proptest! {
        #[test]
        fn any_key_can_be_rewritten(key in keys()) {
            let rewrite = Rewrite::parse(&format!("{key}:s/a/b/")).unwrap();
            prop_assert_eq!(rewrite.key, Some(key));
        }

        #[test]
        fn any_text_is_a_rewrite_or_a_sound_mistake(
            any: String,
            near in r"((path|query|[a-z]):)?s[/|é:.]([a(){}$\\/|é:.1s]*[/|é:.]){0,3}[gi]*",
        ) {
            for text in [any, near] {
                is_sound(&text, Rewrite::parse(&text))?;
            }
        }
    }
}
