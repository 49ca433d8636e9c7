//! The text of a format as it is taken out of a server's configuration, and where
//! each byte of it was typed, so that a mistake can be shown there.

use std::ops::Range;

use crate::ask::Mistake;

/// The text of a format.
pub(super) struct Configured<'t> {
    typed: &'t str,
    /// Without the quotes around it, and with what a name stands for.
    text: String,
    /// The characters of `typed` that each byte of the text comes from.
    places: Vec<Range<usize>>,
}

impl<'t> Configured<'t> {
    /// Takes the format out of what was typed: the format itself, in quotes or not,
    /// or a whole directive, `LogFormat "%h ..." main` or `log_format main '...'
    /// '...';`, on one line or several.
    pub(super) fn read(typed: &'t str) -> Result<Configured<'t>, Mistake> {
        let mut configured = Configured {
            typed,
            text: String::new(),
            places: Vec::new(),
        };
        let start = directive(typed).unwrap_or(typed.len() - typed.trim_start().len());
        let end = typed.trim_end().len().max(start);
        let word = typed[start..end].split_whitespace().next().unwrap_or("");
        let behind = start + word.len();
        match word.to_ascii_lowercase().as_str() {
            "logformat" => configured.take_quoted(skip_blanks(typed, behind), end, false)?,
            "customlog" | "transferlog" => {
                let file = skip_blanks(typed, behind);
                let format = skip_blanks(typed, skip_argument(typed, file));
                configured.take_quoted(format, end, false)?;
            }
            // Its name, and perhaps how it escapes, come first.
            "log_format" => {
                let quote = typed[behind..end].find(['\'', '"']);
                let quote = quote.map_or(end, |quote| behind + quote);
                configured.take_quoted(quote, end, true)?;
            }
            _ if is_quoted(&typed[start..end]) => configured.take_quoted(start, end, true)?,
            _ => configured.push(start..end),
        }
        Ok(configured)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Replaces the first bytes of the text.
    pub(super) fn replace_first(&mut self, bytes: usize, by: &str) {
        let place = self.place(0..bytes);
        self.text.replace_range(..bytes, by);
        let places = std::iter::repeat_n(place, by.len());
        self.places.splice(..bytes, places);
    }

    /// A mistake in a part of the text.
    pub(super) fn mistake(&self, part: Range<usize>, message: impl Into<String>) -> Mistake {
        self.typed_mistake(self.place(part), message)
    }

    /// Where a part of the text was typed.
    fn place(&self, part: Range<usize>) -> Range<usize> {
        let parts = self.places.get(part).unwrap_or_default();
        match (parts.first(), parts.last()) {
            (Some(first), Some(last)) => first.start..last.end.max(first.start),
            _ => self.typed.len()..self.typed.len(),
        }
    }

    fn typed_mistake(&self, place: Range<usize>, message: impl Into<String>) -> Mistake {
        Mistake {
            text: self.typed.to_owned(),
            place,
            message: message.into(),
        }
    }

    /// Takes a string in quotes, or all that follow each other, as nginx joins them;
    /// those of Apache are other arguments.
    fn take_quoted(&mut self, at: usize, end: usize, joins: bool) -> Result<(), Mistake> {
        let mut at = at.min(end);
        if !self.typed[at..end].starts_with(['\'', '"']) {
            return Err(self.typed_mistake(at..at, "here the format in quotes is expected"));
        }
        while let Some(quote @ ('\'' | '"')) = self.typed[at..end].chars().next() {
            let Some(length) = closing(&self.typed[at + 1..end], quote) else {
                return Err(self.typed_mistake(at..at + 1, "this quote is not closed"));
            };
            self.push(at + 1..at + 1 + length);
            at = skip_blanks(self.typed, at + length + 2).min(end);
            if !joins {
                break;
            }
        }
        // What is left may be Apache's name of the format or a condition, and the
        // semicolon of nginx.
        let rest = &self.typed[at..end];
        let more = rest.find([';', '\n']).map(|stop| at + stop + 1);
        // Other lines of the configuration, such as who writes the log, say nothing of it.
        match more.and_then(|more| directive(&self.typed[more..end]).map(|at| more + at)) {
            Some(second) => {
                Err(self.typed_mistake(second..end, "a second format; give one of them"))
            }
            None => Ok(()),
        }
    }

    /// Adds a part of what was typed, without the backslashes at ends of lines
    /// that go on.
    fn push(&mut self, part: Range<usize>) {
        let mut at = part.start;
        while let Some(character) = self.typed[at..part.end].chars().next() {
            let rest = &self.typed[at..part.end];
            let continued = ["\\\n", "\\\r\n"]
                .into_iter()
                .find(|end| rest.starts_with(end));
            if let Some(continued) = continued {
                at += continued.len();
                continue;
            }
            let place = at..at + character.len_utf8();
            at = place.end;
            self.text.push(character);
            self.places
                .extend(std::iter::repeat_n(place, character.len_utf8()));
        }
    }
}

/// The name of a format in `CustomLog file name`, if that is all there is.
pub(super) fn nickname(typed: &str) -> Option<&str> {
    let start = typed.len() - typed.trim_start().len();
    let word = typed[start..].split_whitespace().next()?;
    let is_log = word.eq_ignore_ascii_case("CustomLog");
    if !is_log || directive(typed).is_some() {
        return None;
    }
    let file = skip_blanks(typed, start + word.len());
    let name = skip_blanks(typed, skip_argument(typed, file));
    let name = &typed[name..skip_argument(typed, name)];
    (!name.is_empty() && !name.starts_with(['\'', '"'])).then_some(name)
}

/// Where the first line begins that is a directive with a format, without its blanks;
/// that of a log may only name one.
fn directive(typed: &str) -> Option<usize> {
    let mut at = 0;
    for line in typed.split_inclusive('\n') {
        let text = line.trim_start();
        let word = text.split_whitespace().next().unwrap_or("");
        let has_format = match word.to_ascii_lowercase().as_str() {
            "log_format" | "logformat" => true,
            "customlog" | "transferlog" => text.contains('%'),
            _ => false,
        };
        if has_format {
            return Some(at + line.len() - text.len());
        }
        at += line.len();
    }
    None
}

/// Whether the whole text is in quotes: nginx's single ones, which no format begins
/// with, or double ones around escaped ones.
fn is_quoted(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('"') else {
        return text.starts_with('\'');
    };
    closing(rest, '"').is_some_and(|end| rest[..end].contains("\\\"") && !rest[end..].contains('%'))
}

/// Where the next argument of a directive begins: behind blanks, ends of lines that
/// go on, and comments.
fn skip_blanks(text: &str, mut at: usize) -> usize {
    loop {
        let rest = &text[at..];
        let blank = rest.chars().next().filter(|first| first.is_whitespace());
        at += match blank {
            Some(blank) => blank.len_utf8(),
            None if rest.starts_with("\\\n") || rest.starts_with("\\\r\n") => 1,
            None if rest.starts_with('#') => rest.find('\n').unwrap_or(rest.len()),
            None => return at,
        };
    }
}

/// The end of an argument, in quotes or not.
fn skip_argument(text: &str, at: usize) -> usize {
    let rest = &text[at..];
    let quote = rest
        .chars()
        .next()
        .filter(|first| ['\'', '"'].contains(first));
    match quote.and_then(|quote| closing(&rest[1..], quote)) {
        Some(length) => at + length + 2,
        None => at + rest.find(char::is_whitespace).unwrap_or(rest.len()),
    }
}

/// Where the first quote stands that no backslash escapes.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut quotes = text.match_indices(quote).map(|(place, _)| place);
    quotes.find(|&place| !super::combined::is_escaped(text.as_bytes(), place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_directive_may_be_pasted_whole() {
        for (typed, format) in [
            (r#"LogFormat "%h \"%r\" %s" common"#, r#"%h \"%r\" %s"#),
            ("  logformat '%h %s'", "%h %s"),
            ("LogFormat \"%h \\\n %s\" \\\n  x", "%h  %s"),
            ("LogFormat \\\r\n \"%h \\\r\n%s\"\n", "%h %s"),
            ("CustomLog \"|/bin/x y\" \"%h %s\" env=!z", "%h %s"),
            ("CustomLog logs/a_log '%h %s'", "%h %s"),
            (
                r#"CustomLog a "%h %s" "expr=%{REQUEST_STATUS} -ge 400""#,
                "%h %s",
            ),
            (
                "log_format main '$remote_addr ' '$status';",
                "$remote_addr $status",
            ),
            (
                "log_format j escape=json\n  '$status' # first\n  ' $host';\n",
                "$status $host",
            ),
            ("'$remote_addr' ' $status'", "$remote_addr $status"),
            (r#""%h \"%r\"" main"#, r#"%h \"%r\""#),
            (r#""%r" %s"#, r#""%r" %s"#),
            (r#""%r""#, r#""%r""#),
            ("CustomLog a mine\nLogFormat \"%h %s\" mine", "%h %s"),
            ("LogFormat \"%h %s\" mine\nCustomLog a mine", "%h %s"),
            (
                "# the usual\nhttp {\n  log_format main '$status';\n  access_log a.log main;\n}\n",
                "$status",
            ),
            (" %h %s\n", "%h %s"),
            ("", ""),
        ] {
            let configured = Configured::read(typed);
            assert_eq!(
                configured.map(|text| text.text),
                Ok(format.to_owned()),
                "{typed}"
            );
        }
    }

    #[test]
    fn a_log_may_name_its_format() {
        for (typed, name) in [
            ("CustomLog logs/a_log combined\n", Some("combined")),
            (
                "  customlog \"logs/a log\" vhost_combined env=!x",
                Some("vhost_combined"),
            ),
            ("CustomLog a", None),
            ("CustomLog a '%h'", None),
            ("CustomLog a mine\nLogFormat \"%h\" mine", None),
            ("combined", None),
            ("", None),
        ] {
            assert_eq!(nickname(typed), name, "{typed}");
        }
    }

    #[test]
    fn a_piece_of_a_directive_is_refused() {
        for (typed, place) in [
            ("log_format main", 15..15),
            ("LogFormat combined", 10..10),
            ("LogFormat \"%h", 10..11),
            ("log_format a '$a';\nlog_format b '$b';", 19..37),
            ("LogFormat \"%h\" a\nLogFormat \"%v\" b", 17..33),
        ] {
            let mistake = Configured::read(typed).map(|_| ()).unwrap_err();
            assert_eq!(mistake.place, place, "{typed}");
        }
    }

    #[test]
    fn places_are_those_of_what_was_typed() {
        let mut configured = Configured::read("log_format x 'main $é' '$b';").unwrap();
        configured.replace_first(4, "$first");
        assert_eq!(configured.text(), "$first $é$b");
        assert_eq!(configured.mistake(0..6, "").place, 14..18);
        assert_eq!(configured.mistake(7..10, "").place, 19..22);
        assert_eq!(configured.mistake(10..12, "").place, 25..27);
        assert_eq!(configured.mistake(12..13, "").place, 29..29);
    }

    proptest! {
        #[test]
        fn any_text_has_its_places(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "LogFormat ", "log_format a ", "CustomLog b ", "'", "\"", "\\", "\n", "\r\n", "#",
                ";", " ", "%h", "$a", "é",
            ]), 0..12),
        ) {
            let typed = pieces.concat();
            match Configured::read(&typed) {
                Ok(configured) => {
                    prop_assert_eq!(configured.text.len(), configured.places.len());
                    let shown = configured.mistake(0..configured.text.len(), "x").to_string();
                    prop_assert!(shown.starts_with('x'));
                }
                Err(mistake) => prop_assert!(!mistake.to_string().is_empty()),
            }
        }
    }
}
