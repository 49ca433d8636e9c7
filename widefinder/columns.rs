//! The columns of a scanner, as a question collects them: each field is cut
//! once, each derived value derived once, whoever asks for it.

use jiff::tz::TimeZone;

use crate::ask::{Derive, Field, Key, Kind, Rewrite};
use crate::derive::{Captures, Column, Derivation, Derived, From, Part, Span, Times};
use crate::error::Error;
use crate::pattern::Pattern;
use crate::scan::Scale;
use crate::scan::format::{Format, Source};

/// The columns that a question has asked for so far.
#[derive(Debug)]
pub struct Columns {
    format: Format,
    /// The clock of days and hours; `None` for that which wrote the log.
    zone: Option<TimeZone>,
    texts: Vec<(Field, Source)>,
    numbers: Vec<(Field, usize, Scale)>,
    derived: Vec<(Wanted, Derived)>,
    captures: Vec<Captures>,
    times: Option<usize>,
}

/// What tells derived columns apart.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Wanted {
    key: Key,
    /// The rewrites as they were typed.
    rewrites: Vec<String>,
    /// Whether a time is written as a key of a table.
    ordered: bool,
}

impl Columns {
    /// Starts without columns.
    pub fn new(format: Format, zone: Option<TimeZone>) -> Columns {
        Columns {
            format,
            zone,
            texts: Vec::new(),
            numbers: Vec::new(),
            derived: Vec::new(),
            captures: Vec::new(),
            times: None,
        }
    }

    /// The column of a field's text.
    ///
    /// # Errors
    ///
    /// When the format lacks the field.
    pub fn text(&mut self, field: &Field) -> Result<usize, Error> {
        if let Some(known) = self.texts.iter().position(|(known, _)| known == field) {
            return Ok(known);
        }
        let source = self.format.source(field).ok_or_else(|| self.lacks(field))?;
        self.texts.push((field.clone(), source));
        Ok(self.texts.len() - 1)
    }

    /// The column of a field's number, to be added up; durations are in
    /// nanoseconds, and no bytes are 0 bytes.
    ///
    /// # Errors
    ///
    /// When the format lacks the field.
    pub fn number(&mut self, field: &Field) -> Result<usize, Error> {
        self.scaled(field, self.format.scale(field))
    }

    /// The column of a field's number, to be compared: no bytes are absent.
    ///
    /// # Errors
    ///
    /// When the format lacks the field.
    pub fn compared(&mut self, field: &Field) -> Result<usize, Error> {
        match self.format.scale(field) {
            Scale::Bytes => self.scaled(field, Scale::Whole),
            scale => self.scaled(field, scale),
        }
    }

    /// Whether the values of a key are a column of numbers.
    pub fn has_numbers(&self, key: &Key) -> bool {
        let numbers = [Kind::Number, Kind::Size, Kind::Duration];
        key.derive == Derive::Itself && numbers.contains(&key.field.kind())
    }

    /// Whether the values of a key come again and again, so that it pays to
    /// remember what was found out about them.
    pub fn repeats(&self, key: &Key) -> bool {
        !matches!(
            key.field,
            Field::Line | Field::Uri | Field::Query | Field::Time
        )
    }

    /// The column of a key as people read it.
    ///
    /// # Errors
    ///
    /// When the format lacks the field.
    pub fn shown(&mut self, key: &Key) -> Result<Column, Error> {
        self.key(key, &[], false)
    }

    /// The column of a table's key, rewritten; times in an order of their own
    /// unless they are rewritten ([`Span::shown`]).
    ///
    /// # Errors
    ///
    /// When the format lacks the field.
    pub fn of_table(&mut self, key: &Key, rewrites: &[Rewrite]) -> Result<Column, Error> {
        self.key(key, rewrites, rewrites.is_empty())
    }

    /// The columns of a pattern's groups, or of the whole match if it has none.
    ///
    /// # Errors
    ///
    /// When the format has no lines, which none of those that there are does.
    pub fn groups(&mut self, pattern: &Pattern) -> Result<(usize, Vec<Column>), Error> {
        let line = self.text(&Field::Line)?;
        self.captures.push(Captures::new(line, pattern));
        let captures = self.captures.len() - 1;
        let first = usize::from(pattern.regex().captures_len() > 1);
        let groups = (0..pattern.columns()).map(|group| Column::Group(captures, first + group));
        Ok((captures, groups.collect()))
    }

    /// Reads the times of rows.
    ///
    /// # Errors
    ///
    /// When the format has no time.
    pub fn times(&mut self) -> Result<(), Error> {
        if self.times.is_none() {
            self.times = Some(self.text(&Field::Time)?);
        }
        Ok(())
    }

    /// The fields that are cut, in the order of their columns, for people.
    pub fn fields(&self) -> Vec<String> {
        let texts = self.texts.iter().map(|(field, _)| field.to_string());
        let numbers = self
            .numbers
            .iter()
            .map(|(field, ..)| format!("{field} (number)"));
        texts.chain(numbers).collect()
    }

    /// The derived columns, for people.
    pub fn derived(&self) -> Vec<String> {
        let derived = self.derived.iter().map(|(wanted, derived)| {
            let mut text = wanted.key.to_string();
            for rewrite in &wanted.rewrites {
                text += &format!(" {rewrite}");
            }
            if derived.is_remembered() {
                text += " (once per distinct value)";
            }
            text
        });
        derived.collect()
    }

    /// What the scanner must cut, and what is derived from it.
    pub fn build(self) -> (Format, Vec<Source>, Vec<(usize, Scale)>, Derivation) {
        let texts = self.texts.into_iter().map(|(_, source)| source).collect();
        let numbers = self
            .numbers
            .into_iter()
            .map(|(_, slot, scale)| (slot, scale));
        let zone = self.zone;
        let derivation = Derivation::new(
            self.derived
                .into_iter()
                .map(|(_, derived)| derived)
                .collect(),
            self.captures,
            self.times.map(|from| Times::new(from, zone)),
        );
        (self.format, texts, numbers.collect(), derivation)
    }

    fn scaled(&mut self, field: &Field, scale: Scale) -> Result<usize, Error> {
        let Some(Source::Slot(slot)) = self.format.source(field) else {
            return Err(self.lacks(field));
        };
        let wanted = (field.clone(), slot, scale);
        if let Some(known) = self.numbers.iter().position(|known| *known == wanted) {
            return Ok(known);
        }
        self.numbers.push(wanted);
        Ok(self.numbers.len() - 1)
    }

    fn key(&mut self, key: &Key, rewrites: &[Rewrite], ordered: bool) -> Result<Column, Error> {
        let plain = key.derive == Derive::Itself && rewrites.is_empty();
        if plain && !key.is_time() && key.kind() != Kind::Duration {
            return Ok(Column::Text(self.text(&key.field)?));
        }
        let wanted = Wanted {
            key: key.clone(),
            rewrites: rewrites
                .iter()
                .map(|rewrite| rewrite.text.clone())
                .collect(),
            ordered,
        };
        if let Some(known) = self.derived.iter().position(|(known, _)| *known == wanted) {
            return Ok(Column::Derived(known));
        }
        let from = if let Some(span) = Span::of(key) {
            self.times()?;
            match ordered {
                true => From::OrderedTime(span),
                false => From::Time(span),
            }
        } else if key.kind() == Kind::Duration {
            From::Number(self.number(&key.field)?)
        } else {
            From::Text(self.text(&key.field)?, Part::new(&key.derive))
        };
        self.derived
            .push((wanted, Derived::new(from, rewrites.to_vec())));
        Ok(Column::Derived(self.derived.len() - 1))
    }

    fn lacks(&self, field: &Field) -> Error {
        let hint = match field {
            Field::Latency => "the log must have it, as in --log-format 'combined %D'",
            Field::Vhost => "the log must have it, as in --log-format vhost_combined",
            _ => "--log-format names another, or gives a LogFormat that has it",
        };
        Error::Usage(format!(
            "the format ({}) has no field {field}; {hint}",
            self.format.name()
        ))
    }
}
