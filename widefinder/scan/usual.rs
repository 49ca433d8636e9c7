//! A line of the common or the combined format in its usual shape.
//!
//! Nearly all lines of a log have one shape: a time of 26 bytes, a request
//! without an escaped quote before its end, digits, two more quoted fields. Where
//! the quotes of such a line are known its fields are known, but for a few bytes
//! that must be what they should be. A line of this shape is cut as by the cutter
//! that knows all shapes, which the tests of `marked.rs` compare.

use memchr::memrchr;

use super::format::{ABSENT, is_number, slot};
use super::marked::Window;
use super::marks::Marks;
use super::marks::portable::{all, zeros};

/// A line of the usual shape, by the places of its parts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usual<'c, 'm> {
    text: &'c [u8],
    marks: &'m Marks,
    /// Where the line begins.
    line: usize,
    /// Where the client does.
    start: usize,
    client_end: usize,
    identity_end: usize,
    /// The bracket behind the user.
    bracket: usize,
    /// The quotes of the request.
    request: (usize, usize),
    bytes_end: usize,
    end: usize,
    /// The quotes of the referrer and of the agent, if there are any.
    quoted: Option<[usize; 4]>,
}

/// Bytes of `[01/Jan/2000:00:00:00 +0000] `.
const TIME: usize = 29;

const TIME_MASK: u64 = (1 << TIME) - 1;

/// Where the offset begins, with a space.
const OFFSET: usize = 21;

/// The blanks among them: before the offset, and behind the bracket.
const TIME_BLANKS: u64 = 1 << OFFSET | 1 << (TIME - 1);

impl<'c, 'm> Usual<'c, 'm> {
    /// Takes the next line of a window if it has the usual shape.
    #[inline(always)]
    pub(super) fn of(window: &mut Window<'c, 'm>) -> Option<Usual<'c, 'm>> {
        Usual::from(window, window.start)
    }

    /// Takes the next line of a window if a word and a space stand before what has the
    /// usual shape.
    #[inline]
    pub(super) fn behind_host(window: &mut Window<'c, 'm>) -> Option<Usual<'c, 'm>> {
        let host_end = window.marks.next_blank(window.start);
        let fits = window.text.get(host_end) == Some(&b' ') && host_end > window.start;
        fits.then(|| Usual::from(window, host_end + 1))?
    }

    /// Takes the next line of a window, whose client begins at `start`.
    #[inline(always)]
    fn from(window: &mut Window<'c, 'm>, start: usize) -> Option<Usual<'c, 'm>> {
        let (text, marks, line) = (window.text, window.marks, window.start);
        let places = marks.places().get(window.mark..)?;
        let &[open, close, third, ..] = places else {
            return None;
        };
        let (open, close, third) = (open as usize, close as usize, third as usize);
        // Most lines that are none of a log hold no quote.
        if text[open] != b'"' {
            return None;
        }
        let bracket = open.checked_sub(TIME)?;
        let (client_end, identity_end) = lead(text, marks, start, bracket)?;
        if text[line] == b'#' {
            return None;
        }
        let time: &[u8; TIME + 1] = text[bracket..].first_chunk()?;
        if !is_time(time) || text[close - 1] == b'\\' || !is_status(&text[close..]) {
            return None;
        }
        let number = close + STATUS;
        let usual = |bytes_end, end, quoted| Usual {
            text,
            marks,
            line,
            start,
            client_end,
            identity_end,
            bracket,
            request: (open, close),
            bytes_end,
            end,
            quoted,
        };
        if text[third] == b'\n' {
            let end = third - usize::from(text[third - 1] == b'\r');
            is_number(text.get(number..end)?).then_some(())?;
            (window.start, window.mark) = (third + 1, window.mark + 3);
            return Some(usual(end, end, None));
        }
        let &[_, _, _, fourth, fifth, sixth, last, ..] = places else {
            return None;
        };
        let (fourth, fifth, sixth) = (fourth as usize, fifth as usize, sixth as usize);
        let bytes_end = third - 1;
        is_number(text.get(number..bytes_end)?).then_some(())?;
        let fits = text[bytes_end..third + 1] == *b" \""
            && text[fourth - 1] != b'\\'
            && text.get(fourth..fourth + 3) == Some(b"\" \"")
            && fifth == fourth + 2
            && text[sixth] == b'"'
            && text[sixth - 1] != b'\\';
        if !fits {
            return None;
        }
        let end = if last as usize == sixth + 1 && text[sixth + 1] == b'\n' {
            (window.start, window.mark) = (sixth + 2, window.mark + 7);
            sixth + 1
        } else if matches!(text.get(sixth + 1..)?, [b' ', ..] | [b'\r', b'\n', ..]) {
            let end = window.line_end(window.mark + 6);
            end - usize::from(text[end - 1] == b'\r')
        } else {
            return None;
        };
        Some(usual(bytes_end, end, Some([third, fourth, fifth, sixth])))
    }

    /// Its words between blanks, if each of its fields has as many as it should.
    #[inline(always)]
    pub(super) fn words(&self) -> Option<Words<'c>> {
        let (text, (open, close)) = (self.text, self.request);
        let space = |from: usize, at: usize| self.marks.next_blank(from) == at && text[at] == b' ';
        let method_end = self.marks.next_blank(open);
        let uri_end = self.marks.next_blank(method_end + 1);
        let fits = text[method_end] == b' '
            && method_end + 1 < uri_end
            && uri_end + 1 < close
            && text[uri_end] == b' '
            && space(uri_end + 1, close + 1)
            && self.marks.blanks(self.bracket) & TIME_MASK == TIME_BLANKS
            && text[self.bracket + OFFSET] == b' ';
        let referrer = self.quoted.map(|[first, last, ..]| (first, last + 1));
        let fits = fits && referrer.is_none_or(|(first, end)| space(first, end));
        fits.then(|| Words {
            client: &text[self.start..self.client_end],
            method: &text[open + 1..method_end],
            uri: &text[method_end + 1..uri_end],
            status: &text[close + 2..close + STATUS - 1],
            bytes: &text[close + STATUS..self.bytes_end],
            referrer: referrer.map(|(first, end)| &text[first..end]),
        })
    }

    /// The line itself, without its line end.
    #[inline(always)]
    pub(super) fn line(&self) -> &'c [u8] {
        &self.text[self.line..self.end]
    }

    /// Whether it has a referrer and an agent.
    #[inline(always)]
    pub(super) fn is_quoted(&self) -> bool {
        self.quoted.is_some()
    }

    /// What a slot of a format with a host before the client holds: the host, perhaps its
    /// port, the client, its identity, and what the combined format has behind it.
    #[inline(always)]
    pub(super) fn slot_behind_host(&self, slot: usize, port: bool) -> &'c [u8] {
        let word = &self.text[self.line..self.start - 1];
        let colon = || memrchr(b':', word).unwrap_or(word.len() - 1);
        match (slot, port) {
            (0, false) => word,
            (0, true) => &word[..colon()],
            (1, true) => &word[colon() + 1..],
            _ => match slot - usize::from(port) {
                1 => self.slot(slot::CLIENT),
                2 => &self.text[self.client_end + 1..self.identity_end],
                3 => self.slot(slot::USER),
                4 => self.slot(slot::TIME),
                5 => self.slot(slot::REQUEST),
                6 => self.slot(slot::STATUS),
                7 => self.slot(slot::BYTES),
                8 => self.slot(slot::REFERRER),
                _ => self.slot(slot::AGENT),
            },
        }
    }

    /// What a slot of the combined format holds.
    #[inline(always)]
    pub(super) fn slot(&self, slot: usize) -> &'c [u8] {
        let (open, close) = self.request;
        let (start, end) = match (slot, self.quoted) {
            (slot::CLIENT, _) => (self.start, self.client_end),
            (slot::USER, _) => (self.identity_end + 1, self.bracket - 1),
            (slot::TIME, _) => (self.bracket + 1, open - 2),
            (slot::REQUEST, _) => (open + 1, close),
            (slot::STATUS, _) => (close + 2, close + STATUS - 1),
            (slot::BYTES, _) => (close + STATUS, self.bytes_end),
            (slot::REFERRER, Some([first, last, ..])) => (first + 1, last),
            (slot::AGENT, Some([.., first, last])) => (first + 1, last),
            _ => return ABSENT,
        };
        &self.text[start..end]
    }
}

/// The words of a line of which each is one: a request of three words, a referrer
/// and a time without other blanks than there must be.
pub(super) struct Words<'c> {
    pub(super) client: &'c [u8],
    /// Without the quote before it.
    pub(super) method: &'c [u8],
    pub(super) uri: &'c [u8],
    pub(super) status: &'c [u8],
    pub(super) bytes: &'c [u8],
    /// With its quotes; `None` in the common format.
    pub(super) referrer: Option<&'c [u8]>,
}

/// The ends of the client and of its identity, if these and the user, which ends
/// before the bracket, are words with a space between them.
#[inline(always)]
fn lead(text: &[u8], marks: &Marks, start: usize, bracket: usize) -> Option<(usize, usize)> {
    let client_end = marks.next_blank(start);
    let identity_end = marks.next_blank(client_end + 1);
    let user_end = marks.next_blank(identity_end + 1);
    let fits = start < client_end
        && client_end + 1 < identity_end
        && identity_end + 1 < user_end
        && user_end + 1 == bracket
        && text[client_end] == b' '
        && text[identity_end] == b' '
        && text[user_end] == b' ';
    fits.then_some((client_end, identity_end))
}

/// Whether 26 bytes without a bracket stand between brackets, and a space and a
/// quote behind them.
#[inline(always)]
fn is_time(time: &[u8; TIME + 1]) -> bool {
    let mut found = 0;
    // The words of 26 bytes; the last overlaps the one before it.
    for at in [1, 9, 17, 19] {
        let word: [u8; 8] = time[at..at + 8].try_into().expect("eight bytes");
        found |= zeros(u64::from_ne_bytes(word) ^ all(b']'));
    }
    time[0] == b'[' && time[27..] == *b"] \"" && found == 0
}

/// Bytes from the request's closing quote to the number of bytes: `" 200 `.
const STATUS: usize = 6;

/// Whether a quote, a space, a status of three digits and a space come first.
#[inline(always)]
fn is_status(text: &[u8]) -> bool {
    match text {
        &[b'"', b' ', a, b, c, b' ', ..] => [a, b, c].iter().all(u8::is_ascii_digit),
        _ => false,
    }
}
