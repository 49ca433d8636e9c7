//! Lines as a server's configuration says: Apache's `LogFormat` and nginx's
//! `log_format`, which `layout/read.rs` reads.
//!
//! A layout is a list of slots, each with the text that stands before it. A
//! slot reaches to the first place where the text behind it stands; inside
//! quotes, to the first quote that no backslash escapes. Behind the last slot a
//! line may go on after a space: servers are often configured to append fields.
//!
//! Sources: the Apache manual, `mod_log_config`; the nginx manual,
//! `ngx_http_log_module` and the variables of the modules.

use memchr::{memchr_iter, memmem, memrchr};

use super::combined::{Misfit, is_escaped, lead};
use super::cursor::Cursor;
use super::directive::{Shape, without_modifiers};
use super::format::{Part, Source, is_number};
use super::formats::{Host, is_numbered};
use super::scale::Scale;
use crate::ask::Field;

mod read;

/// How a line is cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Layout {
    name: String,
    slots: Vec<Slot>,
    /// What stands behind the last slot.
    tail: Vec<u8>,
    /// What its lines are told by, if the slots do not say it.
    told: Told,
}

/// What lines of a layout are told by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Told {
    /// Nothing but that they fit.
    Slots,
    Host(Host),
    Numbers,
}

/// One value of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Slot {
    /// What stands before it.
    before: Vec<u8>,
    /// Its name in the configuration.
    directive: String,
    holds: Holds,
    scale: Scale,
    shape: Shape,
    /// How often a time holds what stands behind it.
    passes: usize,
}

/// What a slot holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    Field(Field),
    /// Method, URI and protocol.
    Request,
    /// The query with its `?`.
    QueryString,
    /// Nothing that has a name in a question but its own.
    Other,
}

impl Layout {
    /// A layout for lines that are told by more than that they fit.
    pub(super) fn told(mut self, told: Told) -> Layout {
        self.told = told;
        self
    }

    /// Whether no line of the usual shape ([`super::usual`]) fits.
    pub(super) fn is_unusual(&self) -> bool {
        self.told != Told::Slots
    }

    /// The host before lines that are else of the usual shape.
    pub(super) fn host(&self) -> Option<Host> {
        match self.told {
            Told::Host(host) => Some(host),
            Told::Slots | Told::Numbers => None,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn slots(&self) -> usize {
        self.slots.len()
    }

    pub(super) fn source(&self, field: &Field) -> Option<Source> {
        let find = |holds: &Holds| self.slots.iter().position(|slot| slot.holds == *holds);
        if let Field::Own(name) = field {
            let name = match name.as_bytes() {
                directive @ [b'%', ..] => without_modifiers(directive),
                _ => name.clone(),
            };
            let own = self.slots.iter().position(|slot| slot.directive == name);
            return own.map(Source::Slot);
        }
        if let Some(slot) = self.slot_of(field) {
            return Some(Source::Slot(slot));
        }
        let part = Part::of(field)?;
        if let (Part::Path | Part::Query, Some(slot)) = (part, find(&Holds::Field(Field::Uri))) {
            return Some(Source::Uri(slot, part));
        }
        if let (Part::Query, Some(slot)) = (part, find(&Holds::QueryString)) {
            return Some(Source::Uri(slot, part));
        }
        find(&Holds::Request).map(|slot| Source::Request(slot, part))
    }

    /// The slot of a field; of several durations that of the finest unit.
    fn slot_of(&self, field: &Field) -> Option<usize> {
        let holds = Holds::Field(field.clone());
        let slots = self.slots.iter().enumerate();
        let slots = slots.filter(|(_, slot)| slot.holds == holds);
        let best = slots.min_by_key(|(_, slot)| match slot.scale {
            Scale::Microseconds => 0,
            Scale::Milliseconds => 1,
            _ => 2,
        });
        best.map(|(index, _)| index)
    }

    pub(super) fn scale(&self, field: &Field) -> Scale {
        let slot = self.slot_of(field);
        slot.map_or(Scale::Whole, |slot| self.slots[slot].scale)
    }

    pub(super) fn cut<'c>(&self, line: &'c [u8], slots: &mut [&'c [u8]]) -> Result<(), Misfit> {
        match self.told {
            Told::Slots => {}
            Told::Host(host) => host.begins(line)?,
            Told::Numbers => is_numbered(line)?,
        }
        let (led, mut at) = self.cut_lead(line, slots)?;
        for (index, slot) in self.slots.iter().enumerate().skip(led) {
            if !line[at..].starts_with(&slot.before) {
                return Err(Misfit {
                    at,
                    expected: "the text before the next field of the format",
                });
            }
            at += slot.before.len();
            let behind = match self.slots.get(index + 1) {
                Some(next) => &next.before,
                None => &self.tail,
            };
            let length = slot.reach(&line[at..], behind).ok_or(Misfit {
                at,
                expected: "a field of the format and the text behind it",
            })?;
            let value = &line[at..at + length];
            if !slot.holds.accepts(value) {
                return Err(Misfit {
                    at,
                    expected: "a number or -",
                });
            }
            slots[index] = value;
            at += length;
        }
        let rest = &line[at + self.tail.len()..];
        if rest.is_empty() || rest[0] == b' ' {
            return Ok(());
        }
        Err(Misfit {
            at: at + self.tail.len(),
            expected: "a space or the end of the line",
        })
    }

    /// Cuts what combined lines begin with as they are cut, if this one's begin so, and
    /// returns how many slots that were and where it ends: a client may be a list.
    fn cut_lead<'c>(
        &self,
        line: &'c [u8],
        slots: &mut [&'c [u8]],
    ) -> Result<(usize, usize), Misfit> {
        let mut cursor = Cursor::new(line);
        match &self.slots[..] {
            [client, identity, user, time, ..]
                if client.leads(identity, b" ")
                    && identity.directive == "%l"
                    && user.leads_to(time) =>
            {
                slots[..3].copy_from_slice(&lead(&mut cursor)?);
                Ok((3, cursor.at - " [".len()))
            }
            [client, user, time, ..] if client.leads(user, b" - ") && user.leads_to(time) => {
                match lead(&mut cursor)? {
                    [client, b"-", user] => {
                        slots[..2].copy_from_slice(&[client, user]);
                        Ok((2, cursor.at - " [".len()))
                    }
                    _ => Ok((0, 0)),
                }
            }
            _ => Ok((0, 0)),
        }
    }
}

impl Slot {
    /// Whether it is a client that a line begins with, and the next stands behind that.
    fn leads(&self, next: &Slot, between: &[u8]) -> bool {
        self.before.is_empty()
            && self.holds == Holds::Field(Field::Client)
            && next.before == between
    }

    /// Whether it is a user, and a time in brackets is the next.
    fn leads_to(&self, time: &Slot) -> bool {
        self.holds == Holds::Field(Field::User) && time.before == b" ["
    }

    /// The length of the slot at the beginning of `rest`, if `behind` stands
    /// behind it.
    fn reach(&self, rest: &[u8], behind: &[u8]) -> Option<usize> {
        let quoted = self.before.ends_with(b"\"") && behind.starts_with(b"\"");
        if quoted {
            let mut quotes = memchr::memchr_iter(b'"', rest);
            let end = quotes.find(|&quote| !is_escaped(rest, quote))?;
            return rest[end..].starts_with(behind).then_some(end);
        }
        if behind.is_empty() && self.shape == Shape::Free {
            return Some(rest.len());
        }
        if self.shape == Shape::Origin {
            // What was no request has no URI.
            return Some(memchr::memchr2(b'/', b' ', rest).unwrap_or(rest.len()));
        }
        if self.shape == Shape::Host && behind.starts_with(b":") {
            let word = memchr::memchr(b' ', rest).unwrap_or(rest.len());
            let colon = memrchr(b':', &rest[..word])?;
            return rest[colon..].starts_with(behind).then_some(colon);
        }
        let end = match behind {
            [] => self.end(memchr_iter(b' ', rest), rest),
            [one] => self.end(memchr_iter(*one, rest), rest),
            _ => self.end(memmem::find_iter(rest, behind), rest),
        };
        end.or(behind.is_empty().then_some(rest.len()))
    }

    /// The first of the places that is none within the value.
    fn end(&self, mut places: impl Iterator<Item = usize>, rest: &[u8]) -> Option<usize> {
        if self.shape != Shape::List {
            return places.nth(self.passes);
        }
        places.find(|&place| {
            let (before, behind) = (&rest[..place], &rest[place..]);
            !(before.ends_with(b",") || before.ends_with(b" :") || behind.starts_with(b" : "))
        })
    }
}

impl Holds {
    fn accepts(&self, value: &[u8]) -> bool {
        match self {
            Holds::Field(Field::Status | Field::Bytes | Field::BytesIn) => is_number(value),
            _ => true,
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
