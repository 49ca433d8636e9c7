//! Values that no log has in one column, or none as it was sent.

use bumpalo::Bump;
use memchr::memchr;

use super::{Made, Marks, W3c, place_in, text};
use crate::scan::format::{ABSENT, is_absent};
use crate::scan::formats::joined::joined;
use crate::scan::formats::url::Url;

impl W3c {
    /// Sets the slots behind those of the columns.
    #[inline]
    pub(super) fn make<'c>(
        &self,
        line: &'c [u8],
        marks: Marks,
        needed: u64,
        slots: &mut [&'c [u8]],
        arena: &'c Bump,
    ) {
        let is_needed = |made| needed >> self.made(made) & 1 != 0;
        if is_needed(Made::Time) {
            slots[self.made(Made::Time)] = self.time(line, slots, arena);
        }
        if is_needed(Made::Uri) {
            slots[self.made(Made::Uri)] = self.uri(slots, arena);
        }
        if is_needed(Made::Agent) {
            slots[self.made(Made::Agent)] = match self.agent {
                None => ABSENT,
                Some(agent) if self.is_cloudfront => text::decoded(slots[agent], arena),
                Some(agent) if marks.quoted >> agent & 1 != 0 => slots[agent],
                Some(agent) => text::with_blanks(slots[agent], arena),
            };
        }
        if is_needed(Made::Vhost) || is_needed(Made::Scheme) {
            let url = self.whole.map(|whole| Url::parse(slots[whole]));
            let of_url = |part: Option<&'c [u8]>| part.filter(|part| !part.is_empty());
            let vhost = of_url(url.map(|url| url.host));
            slots[self.made(Made::Vhost)] = vhost.unwrap_or(ABSENT);
            let scheme = of_url(url.map(|url| url.scheme));
            slots[self.made(Made::Scheme)] = scheme.unwrap_or(ABSENT);
        }
    }

    /// The date, a blank, the time and the offset.
    #[inline]
    fn time<'c>(&self, line: &'c [u8], slots: &[&'c [u8]], arena: &'c Bump) -> &'c [u8] {
        let (date, time) = (self.date.map(|at| slots[at]), self.time.map(|at| slots[at]));
        let date = match (date, time) {
            (_, None) => return date.unwrap_or(ABSENT),
            (Some(date), _) => date,
            (None, _) => {
                let date = &self.header.date[..];
                let time = time.unwrap_or(ABSENT);
                return match date {
                    [] => time,
                    _ => joined(&[date, b" ", time, &self.header.offset], arena),
                };
            }
        };
        let time = time.unwrap_or(ABSENT);
        let (from, to) = (place_in(line, date), place_in(line, time));
        let is_one = self.header.offset.is_empty() && to == from.wrapping_add(date.len() + 1);
        match line.get(from..to.wrapping_add(time.len())) {
            Some(both) if is_one => both,
            _ => joined(&[date, b" ", time, &self.header.offset], arena),
        }
    }

    /// Path and query.
    #[inline]
    fn uri<'c>(&self, slots: &[&'c [u8]], arena: &'c Bump) -> &'c [u8] {
        let stem = match (self.whole, self.stem) {
            (Some(whole), _) => Url::parse(slots[whole]).uri,
            (None, Some(stem)) => slots[stem],
            (None, None) => return ABSENT,
        };
        let query = self.query.map_or(ABSENT, |query| slots[query]);
        if is_absent(query) || is_absent(stem) || memchr(b'?', stem).is_some() {
            return stem;
        }
        match query {
            [b'?', ..] => joined(&[stem, query], arena),
            _ => joined(&[stem, b"?", query], arena),
        }
    }
}
