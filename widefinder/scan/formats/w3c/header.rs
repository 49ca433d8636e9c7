//! The header lines of a W3C log: `#Fields:` and what else says how the lines
//! behind it are read.

use std::borrow::Cow;

use super::columns;

/// What the header lines say, up to some place in a log.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(in crate::scan) struct Header {
    /// The names of the columns as they are written; empty before the first
    /// `#Fields:`.
    pub(super) fields: Vec<u8>,
    pub(super) software: Software,
    /// For columns of a time without a date.
    pub(super) date: Vec<u8>,
    /// What stands behind a time: nothing, or a blank and the offset of its clock.
    pub(super) offset: Vec<u8>,
    /// Whether lines may have fewer or more columns: no header names these.
    pub(super) is_usual: bool,
}

/// Who has written a log, as far as its lines differ.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(super) enum Software {
    /// No line says it.
    #[default]
    Unknown,
    /// Blanks in a column are written as `+`, quotes are written as they are, and
    /// times are in milliseconds.
    Iis,
    /// Times are in milliseconds.
    Milliseconds,
    /// Times are in seconds.
    Other,
}

/// A header line that says how lines are read.
enum Directive<'l> {
    Fields(&'l [u8]),
    Software(&'l [u8]),
    Date(&'l [u8]),
    Offset(&'l [u8]),
}

impl<'l> Directive<'l> {
    /// `None` for all other lines.
    fn parse(line: &'l [u8]) -> Option<Directive<'l>> {
        let line = line.strip_prefix(b"#")?;
        // The longest name there is, and its colon.
        let colon = line.iter().take(12).position(|byte| *byte == b':')?;
        let (name, text) = (line[..colon].to_ascii_lowercase(), &line[colon + 1..]);
        let text = text.trim_ascii();
        Some(match &name[..] {
            b"fields" if columns::are_known(text) => Directive::Fields(text),
            b"software" => Directive::Software(text),
            // A comment may stand behind it, and a time does.
            b"date" | b"start-date" => Directive::Date(word(text)),
            b"gmt-offset" if is_offset(word(text)) => Directive::Offset(word(text)),
            _ => return None,
        })
    }
}

impl Header {
    /// Whether a line is one of those that change how lines are read.
    pub(in crate::scan) fn is_line(line: &[u8]) -> bool {
        Directive::parse(line).is_some()
    }

    /// Takes in a line; false if it is no header line.
    pub(in crate::scan) fn read(&mut self, line: &[u8]) -> bool {
        match Directive::parse(line) {
            Some(Directive::Fields(names)) => {
                self.fields = names.to_vec();
                self.is_usual = false;
            }
            Some(Directive::Software(name)) => self.software = Software::named(name),
            Some(Directive::Date(date)) => self.date = date.to_vec(),
            Some(Directive::Offset(offset)) => {
                let sign: &[u8] = match offset[0] {
                    b'+' | b'-' => b" ",
                    _ => b" +",
                };
                self.offset = [sign, offset].concat();
            }
            None => return false,
        }
        true
    }

    /// Whether a line has named columns.
    pub(in crate::scan) fn names_columns(&self) -> bool {
        !self.fields.is_empty()
    }

    /// The same without what makes no difference for the columns that there are,
    /// such as the date of each start of a server that writes it in each line.
    pub(in crate::scan) fn effective(&self) -> Cow<'_, Header> {
        if self.date.is_empty() || columns::lack_a_date(&self.fields) {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Header {
            date: Vec::new(),
            ..self.clone()
        })
    }
}

impl Software {
    fn named(name: &[u8]) -> Software {
        /// Whose times are in milliseconds, though all other software has seconds.
        const MILLISECONDS: [&[u8]; 3] = [b"Microsoft", b"IIS", b"SGOS"];
        if name.starts_with(b"Microsoft Internet Information") {
            return Software::Iis;
        }
        match MILLISECONDS.iter().any(|known| name.starts_with(known)) {
            true => Software::Milliseconds,
            false => Software::Other,
        }
    }
}

fn word(text: &[u8]) -> &[u8] {
    let end = text.iter().position(u8::is_ascii_whitespace);
    &text[..end.unwrap_or(text.len())]
}

/// Whether a text is `hhmm` or `hh:mm` with a sign or without.
fn is_offset(text: &[u8]) -> bool {
    let digits = match text {
        [b'+' | b'-', digits @ ..] => digits,
        digits => digits,
    };
    let (hours, minutes) = match digits {
        [h, hh, m, mm] | [h, hh, b':', m, mm] => ([h, hh], [m, mm]),
        _ => return false,
    };
    hours
        .into_iter()
        .chain(minutes)
        .all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_change_a_header() {
        let mut header = Header::default();
        for line in [
            "#Version: 1.0",
            "# Fields: c-ip",
            "#Fields: a b",
            "#Fields:",
            "#GMT-Offset: PST",
            "#",
            "# a comment: of somebody",
            "c-ip",
            "",
        ] {
            assert!(!header.read(line.as_bytes()), "{line}");
            assert!(!Header::is_line(line.as_bytes()), "{line}");
        }
        assert_eq!(header, Header::default());
        for line in [
            "#Software: Microsoft Internet Information Services 10.0",
            "#Date: 2026-10-10 13:55:36  // of the first line",
            "#gmt-offset: 0530",
            "#FIELDS:  time\tc-ip ",
        ] {
            assert!(Header::is_line(line.as_bytes()), "{line}");
            assert!(header.read(line.as_bytes()), "{line}");
        }
        let expected = Header {
            fields: b"time\tc-ip".to_vec(),
            software: Software::Iis,
            date: b"2026-10-10".to_vec(),
            offset: b" +0530".to_vec(),
            is_usual: false,
        };
        assert_eq!(header, expected);
        assert_eq!(*header.effective(), expected);
        assert!(header.read(b"#Fields: date time c-ip"));
        assert!(header.effective().date.is_empty());
    }

    #[test]
    fn software_tells_the_unit_of_times() {
        for (name, software) in [
            ("Microsoft Internet Information Services 8.5", Software::Iis),
            ("Microsoft HTTP Server API 2.0", Software::Milliseconds),
            ("IIS Advanced Logging Module", Software::Milliseconds),
            ("Oracle9iAS Web Cache/2.0.0.2.0", Software::Other),
            ("", Software::Other),
        ] {
            assert_eq!(Software::named(name.as_bytes()), software, "{name}");
        }
    }
}
