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
pub(super) mod tests {
    use super::*;
    use crate::scan::combined::Frame;
    use crate::scan::directive::COMBINED;
    use proptest::prelude::*;

    pub(super) fn cut<'c>(layout: &Layout, line: &'c str) -> Result<Vec<&'c [u8]>, Misfit> {
        let mut slots = vec![&b""[..]; layout.slots()];
        layout.cut(line.as_bytes(), &mut slots).map(|()| slots)
    }

    #[test]
    fn slots_are_what_the_configuration_says() {
        let layout = Layout::parse("vhost_combined").unwrap();
        let line =
            r#"a.example:80 ::1 - jo doe [t] "GET /a?b \"c\" HTTP/1.1" 200 7 "-" "x y" more"#;
        let slots = cut(&layout, line).unwrap();
        let slots: Vec<_> = slots
            .iter()
            .map(|slot| String::from_utf8_lossy(slot))
            .collect();
        let expected = [
            "a.example",
            "80",
            "::1",
            "-",
            "jo doe",
            "t",
            r#"GET /a?b \"c\" HTTP/1.1"#,
            "200",
            "7",
            "-",
            "x y",
        ];
        assert_eq!(slots, expected);
        assert_eq!(layout.source(&Field::Vhost), Some(Source::Slot(0)));
        assert_eq!(
            layout.source(&Field::Path),
            Some(Source::Request(6, Part::Path))
        );
        assert_eq!(
            layout.source(&Field::Own("%>p".to_owned())),
            Some(Source::Slot(1))
        );
        assert_eq!(layout.source(&Field::Latency), None);
    }

    #[test]
    fn nginx_variables_have_the_same_meanings() {
        let layout = Layout::parse(
            r#"$remote_addr - $remote_user [$time_local] "${request}" $status $request_time $upstream_addr"#,
        );
        let layout = layout.unwrap();
        let slots = cut(&layout, r#"::1 - - [t] "-" 499 0.250 10.0.0.1:80"#).unwrap();
        assert_eq!(slots[5], b"0.250");
        assert_eq!(layout.scale(&Field::Latency), Scale::Seconds);
        let own = Field::Own("$upstream_addr".to_owned());
        assert_eq!(layout.source(&own), Some(Source::Slot(6)));
    }

    #[test]
    fn a_path_and_its_query_are_one_uri() {
        let layout = Layout::parse(r#"%h "%m %U%q %H" %{REFERER}i"#).unwrap();
        let slots = cut(&layout, r#"h "GET /a?b HTTP/1.1" r"#).unwrap();
        assert_eq!(slots, [&b"h"[..], b"GET", b"/a?b", b"HTTP/1.1", b"r"]);
        assert_eq!(
            layout.source(&Field::Query),
            Some(Source::Uri(2, Part::Query))
        );
        assert_eq!(layout.source(&Field::Referrer), Some(Source::Slot(4)));
    }

    #[test]
    fn trailers_have_names_of_three_letters() {
        let layout = Layout::parse(r#"%h "%{X}^ti" %{Y}^to"#).unwrap();
        assert_eq!(cut(&layout, r#"h "x" y"#).unwrap(), [b"h", b"x", b"y"]);
        let own = |name: &str| layout.source(&Field::Own(name.to_owned()));
        assert_eq!(own("%{Y}^to"), Some(Source::Slot(2)));
    }

    #[test]
    fn hosts_may_hold_colons_and_end_at_a_slash() {
        for (text, line, expected) in [
            (
                "%v:%p %h",
                "[2001:db8::1]:80 ::1",
                &["[2001:db8::1]", "80", "::1"][..],
            ),
            ("%v:%p %h", "a.example:80 ::1", &["a.example", "80", "::1"]),
            (
                "$scheme://$host$request_uri $status",
                "https://a.example:8443/b?c 200",
                &["https", "a.example:8443", "/b?c", "200"],
            ),
        ] {
            let layout = Layout::parse(text).unwrap();
            let slots = cut(&layout, line).unwrap();
            let expected: Vec<_> = expected.iter().map(|text| text.as_bytes()).collect();
            assert_eq!(slots, expected, "{text}");
        }
        let layout = Layout::parse("$host$request_uri $status").unwrap();
        assert_eq!(cut(&layout, "_ 400").unwrap(), [&b"_"[..], b"", b"400"]);
        let layout = Layout::parse("$remote_addr - $remote_user [$time_local] $status").unwrap();
        let slots = cut(&layout, "::1 -  [t] 400").unwrap();
        assert_eq!(slots, [&b"::1"[..], b"", b"t", b"400"]);
    }

    #[test]
    fn of_two_durations_the_finer_is_the_latency() {
        for text in ["%T/%D %h", "%D %T", "%T %{ms}T %D"] {
            let layout = Layout::parse(text).unwrap();
            assert_eq!(layout.scale(&Field::Latency), Scale::Microseconds, "{text}");
        }
        let layout = Layout::parse("%T/%D %h").unwrap();
        assert_eq!(layout.source(&Field::Latency), Some(Source::Slot(1)));
    }

    #[test]
    fn times_may_hold_what_stands_behind_them() {
        for (text, line, expected) in [
            (
                "%h %{%F %T}t %s",
                "h 2009-02-14 05:01:30 200",
                ["h", "2009-02-14 05:01:30", "200"],
            ),
            (
                "$host $status $time_local",
                "h 200 14/Feb/2009:05:01:30 +0530",
                ["h", "200", "14/Feb/2009:05:01:30 +0530"],
            ),
            (
                "%{%FT%T}t.%{msec_frac}t %{%z}t %h %s",
                "2009-02-14T05:01:30.987 +0530 h 200",
                ["2009-02-14T05:01:30.987 +0530", "h", "200"],
            ),
        ] {
            let layout = Layout::parse(text).unwrap();
            assert_eq!(
                cut(&layout, line).unwrap(),
                expected.map(str::as_bytes),
                "{text}"
            );
        }
    }

    #[test]
    fn lists_hold_what_parts_their_values() {
        let layout = Layout::parse("$upstream_addr $upstream_response_time $status").unwrap();
        for (line, expected) in [
            (
                "a:1, b:1 : c:1 0.1, 0.2 : - 200",
                ["a:1, b:1 : c:1", "0.1, 0.2 : -", "200"],
            ),
            ("- - 499", ["-", "-", "499"]),
        ] {
            assert_eq!(
                cut(&layout, line).unwrap(),
                expected.map(str::as_bytes),
                "{line}"
            );
        }
    }

    #[test]
    fn the_last_value_takes_the_rest_if_it_may_hold_spaces() {
        let layout = Layout::parse("%h %s %r").unwrap();
        let slots = cut(&layout, "h 200 GET / HTTP/1.1").unwrap();
        assert_eq!(slots[2], b"GET / HTTP/1.1");
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_place() {
        let layout = Layout::parse(COMBINED).unwrap();
        for (line, at) in [
            ("", 0),
            ("h - - [t] x", 7),
            (r#"h - - [t] "GET /" 2x0 5 "-" "-""#, 18),
            (r#"h - - [t] "GET /" 200 5 "-" "-"x"#, 31),
            (r#"h - - [t] "GET /" 200 5 "-" "open"#, 29),
        ] {
            assert_eq!(
                cut(&layout, line).map_err(|misfit| misfit.at),
                Err(at),
                "{line}"
            );
        }
    }

    proptest! {
        /// The text of the combined format means what the hand-written cutter
        /// does, where the latter finds both quoted fields.
        #[test]
        fn combined_is_cut_as_by_hand(
            pieces in proptest::collection::vec(
                proptest::sample::select(vec![
                    "h", " ", "-", "[", "]", "\"", "\\", "200", "a b", " \"", "\" ", "[t] \"", ",",
                ]),
                0..12,
            ),
            request in "[a \"\\\\]{0,6}",
        ) {
            let odd: String = pieces.concat();
            for line in [
                odd.clone(),
                format!(r#"h - u [t] "{request}" 200 5 "{odd}" "x""#),
                format!(r#"h - {odd} [t] "r" 200 5 "-" "x""#),
                format!(r#"h - u [{odd}] "r" 200 5 "-" "x""#),
            ] {
                let layout = Layout::parse(COMBINED).unwrap();
                let by_layout = cut(&layout, &line);
                let by_hand = Frame::parse(line.as_bytes());
                let Ok(frame) = by_hand else { continue };
                let (Some(referrer), Some(agent)) = (frame.referrer, frame.agent) else { continue };
                let Ok(slots) = by_layout else {
                    // By hand `"` must follow a status; a layout says the same.
                    prop_assert!(false, "{line:?} fits by hand only: {by_layout:?}");
                    unreachable!()
                };
                prop_assert_eq!(slots[0], frame.client);
                prop_assert_eq!(slots[4], frame.request);
                prop_assert_eq!(&slots[7..], &[referrer, agent]);
            }
        }
    }
}
