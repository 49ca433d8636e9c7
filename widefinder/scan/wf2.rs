//! The lines that the second Wide Finder report counts.
//!
//! Its fields are what stands between runs of white space, whatever the log's
//! format says: a URI with a space in it shifts the fields behind it. That is
//! the rule of the reference program, and it is followed to the letter.

use super::Batch;
use super::marked::{self, Visit};
use super::marks::Marks;
use super::usual::Usual;
use crate::chunk::Span;
use memchr::memchr2;

/// The text columns.
pub mod text {
    /// The client.
    pub const CLIENT: usize = 0;
    /// The URI with its query.
    pub const URI: usize = 1;
    /// The referrer without its quotes.
    pub const REFERRER: usize = 2;
    /// How many there are.
    pub const COUNT: usize = 3;
}

/// The number columns.
pub mod number {
    /// Bytes of a 200; 0 of a 304.
    pub const BYTES: usize = 0;
    /// How many there are.
    pub const COUNT: usize = 1;
}

/// The masks.
pub mod set {
    /// Status 200 or 304.
    pub const SERVED: usize = 0;
    /// Status 404.
    pub const MISSING: usize = 1;
    /// Served, and an article.
    pub const ARTICLE: usize = 2;
    /// An article that another site refers to.
    pub const REFERRED: usize = 3;
    /// How many there are.
    pub const COUNT: usize = 4;
}

/// Cuts GET requests with status 200, 304 or 404.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    marks: Marks,
}

impl Requests {
    /// Passes the requests of a chunk to `count`.
    pub fn scan<'c>(&mut self, span: Span<'c>, count: &mut dyn FnMut(&mut Batch<'c>)) {
        let batch = Batch::new(text::COUNT, number::COUNT, set::COUNT);
        let mut rows = Rows { batch, count };
        marked::for_each(span.bytes, 0, &mut self.marks, &mut rows);
        if !rows.batch.is_empty() {
            (rows.count)(&mut rows.batch);
        }
    }
}

/// The requests of one chunk, on their way to be counted.
struct Rows<'a, 'c> {
    batch: Batch<'c>,
    count: &'a mut dyn FnMut(&mut Batch<'c>),
}

impl<'c> Visit<'c> for Rows<'_, 'c> {
    #[inline(always)]
    fn usual(&mut self, _: usize, line: &Usual<'c, '_>) {
        self.add(Fields::of(line));
    }

    fn other(&mut self, _: usize, line: &'c [u8]) {
        self.add(Fields::split(line));
    }
}

impl<'c> Rows<'_, 'c> {
    #[inline(always)]
    fn add(&mut self, fields: Option<Fields<'c>>) {
        if let Some(fields) = fields {
            fill(&mut self.batch, &fields);
        }
        if self.batch.is_full() {
            (self.count)(&mut self.batch);
            self.batch.clear();
        }
    }
}

/// The fields of a GET request.
#[derive(PartialEq, Eq, Debug)]
struct Fields<'c> {
    client: &'c [u8],
    uri: &'c [u8],
    status: &'c [u8],
    bytes: &'c [u8],
    referrer: &'c [u8],
}

impl<'c> Fields<'c> {
    /// The same as [`Fields::split`], by the marks of the line.
    #[inline(always)]
    fn of(line: &Usual<'c, '_>) -> Option<Fields<'c>> {
        let Some(words) = line.words() else {
            return Fields::split(line.line());
        };
        (words.method == b"GET").then(|| Fields {
            client: words.client,
            uri: words.uri,
            status: words.status,
            bytes: words.bytes,
            referrer: words.referrer.unwrap_or(b"\"-\""),
        })
    }

    /// `None` for a line that has too few fields or is no GET request.
    #[inline]
    fn split(line: &'c [u8]) -> Option<Fields<'c>> {
        let mut fields = Split { rest: Some(line) };
        let client = fields.next()?;
        // Identity, user, and the two parts of the time.
        for _ in 0..4 {
            fields.next()?;
        }
        if fields.next()? != b"\"GET" {
            return None;
        }
        let uri = fields.next()?;
        fields.next()?;
        Some(Fields {
            client,
            uri,
            status: fields.next()?,
            bytes: fields.next().unwrap_or_default(),
            referrer: fields.next().unwrap_or(b"\"-\""),
        })
    }
}

/// What stands between runs of white space. The first field is empty if the
/// line begins with white space; white space at the end adds no field.
struct Split<'c> {
    /// `None` at the end.
    rest: Option<&'c [u8]>,
}

impl<'c> Iterator for Split<'c> {
    type Item = &'c [u8];

    #[inline]
    fn next(&mut self) -> Option<&'c [u8]> {
        let line = self.rest?;
        let run = |bytes: &[u8], white: bool| {
            let run = bytes.iter().take_while(|&&byte| is_white(byte) == white);
            run.count()
        };
        let (field, rest) = line.split_at(run(line, false));
        let rest = &rest[run(rest, true)..];
        self.rest = (!rest.is_empty()).then_some(rest);
        Some(field)
    }
}

#[inline]
fn is_white(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

#[inline]
fn fill<'c>(batch: &mut Batch<'c>, fields: &Fields<'c>) {
    let mut bytes = 0;
    match fields.status {
        b"200" => {
            batch.set_mask(set::SERVED);
            bytes = leading_number(fields.bytes);
        }
        b"304" => batch.set_mask(set::SERVED),
        b"404" => batch.set_mask(set::MISSING),
        _ => return,
    }
    batch.set_text(text::CLIENT, fields.client);
    batch.set_text(text::URI, fields.uri);
    batch.set_text(text::REFERRER, unquoted(fields.referrer));
    batch.set_number(number::BYTES, bytes);
    if fields.status != b"404" && is_article(fields.uri) {
        batch.set_mask(set::ARTICLE);
        if fields.referrer != b"\"-\"" && !is_own(fields.referrer) {
            batch.set_mask(set::REFERRED);
        }
    }
    batch.push();
}

/// Whether the whole URI is `/ongoing/When/\d\d\dx/\d\d\d\d/\d\d/\d\d/[^ .]+`.
#[inline]
pub fn is_article(uri: &[u8]) -> bool {
    let Some(rest) = uri.strip_prefix(b"/ongoing/When/") else {
        return false;
    };
    let &[
        a,
        b,
        c,
        b'x',
        b'/',
        d,
        e,
        f,
        g,
        b'/',
        h,
        i,
        b'/',
        j,
        k,
        b'/',
        _,
        ..,
    ] = rest
    else {
        return false;
    };
    let digits = [a, b, c, d, e, f, g, h, i, j, k];
    digits.iter().all(u8::is_ascii_digit) && memchr2(b' ', b'.', &rest[16..]).is_none()
}

/// Whether a referrer begins with `"http://www.tbray.org/ongoing/`, each dot of
/// which matches any byte, as in the reference program.
fn is_own(referrer: &[u8]) -> bool {
    const OWN: &[u8] = b"\"http://www.tbray.org/ongoing/";
    referrer.len() >= OWN.len()
        && referrer
            .iter()
            .zip(OWN)
            .all(|(byte, own)| byte == own || *own == b'.')
}

/// The bytes between the first and the last.
fn unquoted(quoted: &[u8]) -> &[u8] {
    match quoted {
        [_, inner @ .., _] => inner,
        _ => &[],
    }
}

/// The value of the digits at the front: 0 without any, at most `u64::MAX`.
fn leading_number(bytes: &[u8]) -> u64 {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number: u64, digit| {
        let digit = u64::from(digit - b'0');
        number.saturating_mul(10).saturating_add(digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_are_split_at_runs_of_white_space() {
        let split = |line: &'static str| -> Vec<&str> {
            let fields = Split {
                rest: Some(line.as_bytes()),
            };
            fields
                .map(|field| std::str::from_utf8(field).unwrap())
                .collect()
        };
        assert_eq!(split(""), [""]);
        assert_eq!(split("   "), [""]);
        assert_eq!(split(" a"), ["", "a"]);
        assert_eq!(split("a \t\r\x0b\x0c b \r"), ["a", "b"]);
        assert_eq!(split("a\u{1c}b c"), ["a\u{1c}b", "c"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn marks_cut_what_white_space_does(
            lines in proptest::collection::vec(marked::tests::line(), 1..6),
        ) {
            let log = lines.concat();
            marked::for_each(&log, 0, &mut Marks::default(), &mut Check);
        }
    }

    #[test]
    fn any_byte_changed_is_cut_as_by_white_space() {
        for line in marked::tests::bytes_changed() {
            marked::for_each(&line, 0, &mut Marks::default(), &mut Check);
        }
    }

    struct Check;

    impl<'c> Visit<'c> for Check {
        fn usual(&mut self, _: usize, line: &Usual<'c, '_>) {
            assert_eq!(Fields::of(line), Fields::split(line.line()));
        }

        fn other(&mut self, _: usize, _: &'c [u8]) {}
    }

    #[test]
    fn articles_are_what_the_pattern_matches() {
        let pattern = r"(?s-u)\A/ongoing/When/\d\d\dx/\d\d\d\d/\d\d/\d\d/[^ .]+\z";
        let pattern = regex::bytes::Regex::new(pattern).unwrap();
        let article = b"/ongoing/When/200x/2006/09/29/Dynamic-IDE";
        assert!(is_article(article));
        for at in 0..article.len() {
            assert_eq!(is_article(&article[..at]), pattern.is_match(&article[..at]));
            for byte in 0..=u8::MAX {
                let mut changed = article.to_vec();
                changed[at] = byte;
                assert_eq!(is_article(&changed), pattern.is_match(&changed));
            }
        }
    }

    #[test]
    fn dots_of_the_own_site_match_any_byte() {
        assert!(is_own(b"\"http://www.tbray.org/ongoing/\""));
        assert!(is_own(b"\"http://wwwXtbray/org/ongoing/"));
        assert!(!is_own(b"\"http://www.tbray.org/ongoing"));
        assert!(!is_own(b"\"https://www.tbray.org/ongoing/"));
    }
}
