//! The columns of a scanner, as a question collects them: each field is cut
//! once, each derived value derived once, whoever asks for it.

use jiff::tz::TimeZone;

use crate::ask::{Derive, Field, Key, Kind, Rewrite};
use crate::derive::{Captures, Column, Derivation, Derived, From, Part, Span, Times};
use crate::pattern::Pattern;
use crate::scan::binding::{Wanted, WantedNumber};

/// The columns that a question has asked for so far.
#[derive(Debug)]
pub struct Columns {
    /// The clock of days and hours; `None` for that which wrote the log.
    zone: Option<TimeZone>,
    wanted: Wanted,
    /// The fields without which there is no answer.
    needed: Vec<Field>,
    /// Whether there is an answer without what is asked for next: a format may
    /// lack it.
    pub optional: bool,
    derived: Vec<(WantedKey, Derived)>,
    captures: Vec<Captures>,
    times: Option<usize>,
}

/// What tells derived columns apart.
#[derive(Clone, PartialEq, Eq, Debug)]
struct WantedKey {
    key: Key,
    /// The rewrites as they were typed.
    rewrites: Vec<String>,
    /// Whether a time is written as a key of a table.
    ordered: bool,
}

impl Columns {
    /// Starts without columns.
    pub fn new(zone: Option<TimeZone>) -> Columns {
        Columns {
            zone,
            wanted: Wanted::default(),
            needed: Vec::new(),
            optional: false,
            derived: Vec::new(),
            captures: Vec::new(),
            times: None,
        }
    }

    /// The fields without which there is no answer.
    pub fn needed(&self) -> &[Field] {
        &self.needed
    }

    /// The column of a field's text.
    pub fn text(&mut self, field: &Field) -> usize {
        self.need(field);
        let texts = &mut self.wanted.texts;
        if let Some(known) = texts.iter().position(|known| known == field) {
            return known;
        }
        texts.push(field.clone());
        texts.len() - 1
    }

    /// The column of a field's number, to be added up; durations are in
    /// nanoseconds, and no bytes are 0 bytes.
    pub fn number(&mut self, field: &Field) -> usize {
        self.scaled(field, true)
    }

    /// The column of a field's number, to be compared: no bytes are absent.
    pub fn compared(&mut self, field: &Field) -> usize {
        self.scaled(field, false)
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
    pub fn shown(&mut self, key: &Key) -> Column {
        self.key(key, &[], false)
    }

    /// The column of a table's key, rewritten; times in an order of their own
    /// unless they are rewritten ([`Span::shown`]).
    pub fn of_table(&mut self, key: &Key, rewrites: &[Rewrite]) -> Column {
        self.key(key, rewrites, rewrites.is_empty())
    }

    /// The columns of a pattern's groups, or of the whole match if it has none.
    pub fn groups(&mut self, pattern: &Pattern) -> (usize, Vec<Column>) {
        let line = self.text(&Field::Line);
        self.captures.push(Captures::new(line, pattern));
        let captures = self.captures.len() - 1;
        let first = usize::from(pattern.regex().captures_len() > 1);
        let groups = (0..pattern.columns()).map(|group| Column::Group(captures, first + group));
        (captures, groups.collect())
    }

    /// Reads the times of rows.
    pub fn times(&mut self) {
        self.times = Some(self.text(&Field::Time));
    }

    /// The fields that are cut, in the order of their columns, for people.
    pub fn fields(&self) -> Vec<String> {
        let texts = self.wanted.texts.iter().map(Field::to_string);
        let numbers = self.wanted.numbers.iter();
        let numbers = numbers.map(|number| format!("{} (number)", number.field));
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
    pub fn build(self) -> (Wanted, Derivation) {
        let zone = self.zone;
        let derivation = Derivation::new(
            self.derived
                .into_iter()
                .map(|(_, derived)| derived)
                .collect(),
            self.captures,
            self.times.map(|from| Times::new(from, zone)),
        );
        (self.wanted, derivation)
    }

    fn need(&mut self, field: &Field) {
        if !self.optional && !self.needed.contains(field) {
            self.needed.push(field.clone());
        }
    }

    fn scaled(&mut self, field: &Field, none_is_zero: bool) -> usize {
        self.need(field);
        let wanted = WantedNumber {
            field: field.clone(),
            none_is_zero,
        };
        let numbers = &mut self.wanted.numbers;
        if let Some(known) = numbers.iter().position(|known| *known == wanted) {
            return known;
        }
        numbers.push(wanted);
        numbers.len() - 1
    }

    fn key(&mut self, key: &Key, rewrites: &[Rewrite], ordered: bool) -> Column {
        let plain = key.derive == Derive::Itself && rewrites.is_empty();
        if plain && !key.is_time() && key.kind() != Kind::Duration {
            return Column::Text(self.text(&key.field));
        }
        let wanted = WantedKey {
            key: key.clone(),
            rewrites: rewrites
                .iter()
                .map(|rewrite| rewrite.text.clone())
                .collect(),
            ordered,
        };
        if let Some(known) = self.derived.iter().position(|(known, _)| *known == wanted) {
            self.need(&key.field);
            return Column::Derived(known);
        }
        let from = if let Some(span) = Span::of(key) {
            self.times();
            match ordered {
                true => From::OrderedTime(span),
                false => From::Time(span),
            }
        } else if key.kind() == Kind::Duration {
            From::Number(self.number(&key.field))
        } else {
            From::Text(self.text(&key.field), Part::new(&key.derive))
        };
        self.derived
            .push((wanted, Derived::new(from, rewrites.to_vec())));
        Column::Derived(self.derived.len() - 1)
    }
}
