//! Header lines: where a log says how the lines behind them are cut.
//!
//! A W3C log names its columns in a line that begins with `#Fields:`, and may
//! name others in its middle, as it may change its date and its clock. So the
//! formats of a line depend on the header lines before it.

use std::collections::HashMap;
use std::sync::Arc;

use super::cut::Cut;
use super::format::{Format, Formats, Own};
use super::formats::w3c::{Header, W3c};

/// Follows the header lines of a log.
#[derive(Clone, Debug)]
pub struct Headers {
    header: Header,
    /// What the format of the log is called, whatever its headers say.
    name: &'static str,
    /// The formats of the log that need no header.
    others: Vec<Format>,
    /// Those of all headers so far: each has to be the very same whenever it comes
    /// again, so that what is bound to it is kept.
    known: HashMap<Header, Formats>,
    formats: Formats,
}

impl Headers {
    /// Starts at the beginning of a log of these formats; `None` if none of them
    /// has header lines.
    pub fn of(formats: &Formats) -> Option<Headers> {
        let headers = || formats.list().iter().filter_map(Format::header);
        let first = headers().next()?;
        let usual = W3c::cloudfront();
        let usual = usual.header()?;
        // Lines before the first header fit only if they need none.
        let header = headers().find(|header| *header == usual);
        let others = formats
            .list()
            .iter()
            .filter(|format| format.header().is_none());
        let mut headers = Headers {
            name: W3c::name_of(first),
            header: header.cloned().unwrap_or_default(),
            others: others.cloned().collect(),
            known: HashMap::new(),
            formats: formats.clone(),
        };
        headers.change();
        Some(headers)
    }

    /// Whether a line is one that [`Headers::read`] takes in.
    pub fn is_line(line: &[u8]) -> bool {
        Header::is_line(line)
    }

    /// Takes in a header line, and tells whether the formats of the lines behind
    /// it are others.
    pub fn read(&mut self, line: &[u8]) -> bool {
        self.header.read(line) && self.change()
    }

    /// The formats of the lines at this place.
    pub fn formats(&self) -> &Formats {
        &self.formats
    }

    fn change(&mut self) -> bool {
        let effective = self.header.effective();
        let formats = match self.known.get(effective.as_ref()) {
            Some(formats) => formats.clone(),
            None => {
                let format = w3c(self.name, &effective);
                let formats = Formats::new([format].into_iter().chain(self.others.clone()));
                self.known.insert(effective.into_owned(), formats.clone());
                formats
            }
        };
        let is_other = !formats.is(&self.formats);
        self.formats = formats;
        is_other
    }
}

/// The formats that the headers at the beginning of a log name, in small steps.
#[derive(Debug, Default)]
pub(super) struct Seen {
    header: Header,
    name: Option<&'static str>,
    formats: Vec<Format>,
    now: usize,
}

impl Seen {
    /// Takes in a line.
    pub(super) fn read(&mut self, line: &[u8]) {
        if !self.header.read(line) || !self.header.names_columns() {
            return;
        }
        let header = self.header.effective();
        let name = *self.name.get_or_insert_with(|| W3c::name_of(&header));
        let mut formats = self.formats.iter();
        let known = formats.position(|format| format.header() == Some(&header));
        self.now = known.unwrap_or(self.formats.len());
        if known.is_none() {
            self.formats.push(w3c(name, &header));
        }
    }

    /// The format of the lines at this place.
    pub(super) fn now(&self) -> Option<&Format> {
        self.formats.get(self.now)
    }

    /// All of them.
    pub(super) fn formats(self) -> Vec<Format> {
        self.formats
    }
}

fn w3c(name: &'static str, header: &Header) -> Format {
    Format::Own(Own::new(Arc::new(W3c::new(name, header.clone()))))
}
