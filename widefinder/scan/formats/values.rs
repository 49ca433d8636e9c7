//! The values of one record, and what follows from them.

use bumpalo::Bump;
use memchr::memchr;

use super::dictionary::Word;
use super::endpoint::client;
use super::escaped::unescaped;
use super::joined::joined;
use super::names::{Unit, slot};
use super::plain::{plain, whole};
use super::url::Url;
use crate::scan::format::{ABSENT, is_absent, is_digits};
use crate::scan::request::{Request, path, query};

/// The values of a record, in slots.
#[derive(Debug)]
pub(super) struct Values<'s, 'c> {
    slots: &'s mut [&'c [u8]],
    /// The ranks of what the slots hold.
    ranks: [u8; slot::MOST],
    /// The slots whose values are read, a bit each.
    wanted: u128,
    pub(super) arena: &'c Bump,
}

/// The rank of a slot without a value.
const UNSEEN: u8 = u8::MAX;

/// What is added to the rank of a value that says that there is none: any other
/// value is better.
const NONE: u8 = 0x80;

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Written {
    /// As it is.
    Plain,
    /// With backslashes.
    Escaped,
    /// As an object, which only who asks for it by name gets.
    Object,
}

/// Slots that hold numbers.
const NUMBERS: u128 = 1 << slot::TIME
    | 1 << slot::STATUS
    | 1 << slot::BYTES
    | 1 << slot::BYTES_IN
    | 1 << slot::LATENCY
    | 1 << slot::UPSTREAM_LATENCY;

/// Those of them that hold whole numbers.
const WHOLE: u128 = 1 << slot::STATUS | 1 << slot::BYTES | 1 << slot::BYTES_IN;

/// Slots whose unit their names tell.
const DURATIONS: u128 = 1 << slot::LATENCY | 1 << slot::UPSTREAM_LATENCY;

impl<'s, 'c> Values<'s, 'c> {
    /// No values yet.
    pub(super) fn new(slots: &'s mut [&'c [u8]], wanted: u128, arena: &'c Bump) -> Values<'s, 'c> {
        slots.fill(ABSENT);
        Values {
            slots,
            ranks: [UNSEEN; slot::MOST],
            wanted,
            arena,
        }
    }

    /// Puts a value where its name says. Of a name that comes several times, the
    /// last value stays that is one.
    #[inline]
    pub(super) fn put(&mut self, word: &Word, text: &'c [u8], written: Written) {
        for place in &word.places {
            if written == Written::Object && place.slot < slot::OWN {
                continue;
            }
            let rank = match is_absent(text) {
                true => place.rank | NONE,
                false => place.rank,
            };
            if rank <= self.ranks[place.slot] {
                self.ranks[place.slot] = rank;
                self.set(place.slot, place.unit, text, written);
            }
        }
    }

    fn set(&mut self, slot: usize, unit: Unit, mut text: &'c [u8], written: Written) {
        let bit = 1 << slot;
        if self.wanted & bit == 0 {
            return;
        }
        if written == Written::Escaped {
            text = unescaped(text, self.arena);
        }
        if NUMBERS & bit != 0 {
            text = plain(text, self.arena);
        }
        if WHOLE & bit != 0 {
            text = whole(text);
        }
        if DURATIONS & bit != 0
            && unit != Unit::Plain
            && text.last().is_some_and(u8::is_ascii_digit)
        {
            text = joined(&[text, unit.symbol()], self.arena);
        }
        self.slots[slot] = text;
    }

    /// Sets a slot to what follows from others.
    pub(super) fn follow(&mut self, slot: usize, text: &'static [u8]) {
        self.slots[slot] = text;
    }

    /// Whether the record has a name of this slot, be its value empty.
    pub(super) fn has(&self, slot: usize) -> bool {
        self.ranks[slot] != UNSEEN
    }

    /// What a slot holds; `-` if nothing.
    pub(super) fn get(&self, slot: usize) -> &'c [u8] {
        self.slots[slot]
    }

    /// Whether the usual names tell of a request: of what, and with which method
    /// or to what end.
    pub(super) fn are_request(&self) -> bool {
        let asks = self.has(slot::SENT) || self.has(slot::URI) || self.has(slot::REQUEST);
        let status = self.get(slot::STATUS);
        let status_is_good = is_absent(status) || is_digits(status);
        let method = self.get(slot::METHOD);
        let is_capital = |byte: &u8| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_');
        let has_method = self.has(slot::METHOD) && method.iter().all(is_capital);
        asks && status_is_good && (self.has(slot::STATUS) || has_method)
    }

    /// Sets the slots of `needed` that follow from others.
    pub(super) fn complete(&mut self, needed: u128) {
        if needed & slot::OF_REQUEST != 0 {
            self.complete_request(needed);
        }
        if needed & 1 << slot::TIME != 0 {
            self.complete_time();
        }
        if needed & 1 << slot::CLIENT != 0 {
            self.slots[slot::CLIENT] = client(self.get(slot::CLIENT));
        }
    }

    fn complete_request(&mut self, needed: u128) {
        // Some call the scheme a protocol.
        let protocol = self.get(slot::PROTOCOL);
        if matches!(protocol, b"http" | b"https") {
            self.slots[slot::PROTOCOL] = ABSENT;
            self.fill(slot::SCHEME, protocol);
        }
        if self.has(slot::SENT) {
            self.slots[slot::URI] = self.get(slot::SENT);
        }
        if self.has(slot::REQUEST) {
            self.split_request();
        }
        self.split_url();
        let uri = self.get(slot::URI);
        self.slots[slot::PATH] = path(uri);
        let queried = self.get(slot::QUERY);
        let queried = queried.strip_prefix(b"?").unwrap_or(queried);
        if let Some(query) = query(uri) {
            self.slots[slot::QUERY] = query;
        } else if !is_absent(queried) {
            self.slots[slot::QUERY] = queried;
            if needed & 1 << slot::URI != 0 {
                self.slots[slot::URI] = joined(&[uri, b"?", queried], self.arena);
            }
        } else {
            self.slots[slot::QUERY] = ABSENT;
        }
    }

    /// Sets a slot that has no value.
    fn fill(&mut self, slot: usize, text: &'c [u8]) {
        if is_absent(self.get(slot)) {
            self.slots[slot] = text;
        }
    }

    /// Takes method, URI and protocol from a request.
    fn split_request(&mut self) {
        let text = self.get(slot::REQUEST);
        let is_method = !text.is_empty() && text.iter().all(u8::is_ascii_uppercase);
        if is_method && self.has(slot::URI) {
            return self.fill(slot::METHOD, text);
        }
        let request = Request::parse(text);
        // Beside a URI, what has no protocol is a route, or says that there is none.
        let is_whole = !request.protocol.is_empty() || is_absent(self.get(slot::URI));
        if is_whole && !self.has(slot::SENT) {
            self.slots[slot::URI] = request.uri;
        }
        self.fill(slot::METHOD, request.method);
        self.fill(slot::PROTOCOL, request.protocol);
    }

    /// Takes scheme and host from a whole URL.
    fn split_url(&mut self) {
        let url = Url::parse(self.get(slot::URI));
        for (slot, part) in [(slot::SCHEME, url.scheme), (slot::VHOST, url.host)] {
            if !part.is_empty() {
                self.fill(slot, part);
            }
        }
        self.slots[slot::URI] = url.uri;
    }

    /// Puts the date before a time without one, and takes off brackets.
    fn complete_time(&mut self) {
        let mut time = self.get(slot::TIME);
        if let [b'[', inner @ .., b']'] = time {
            time = inner;
        }
        let date = self.get(slot::DATE);
        if memchr(b':', time) == Some(2) && !is_absent(date) {
            time = joined(&[date, b" ", time], self.arena);
        } else if is_absent(time) {
            time = date;
        }
        self.slots[slot::TIME] = time;
    }
}
