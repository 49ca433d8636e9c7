use super::super::binding::WantedNumber;
use super::super::format::Format;
use super::*;
use crate::ask::Field;

fn entries(fields: &[Field]) -> Entries {
    Entries {
        wanted: Wanted {
            texts: fields.to_vec(),
            numbers: vec![WantedNumber {
                field: Field::Bytes,
                none_is_zero: true,
            }],
        },
        masks: 1,
        literal: None,
        passes_over: false,
        counts_lines: false,
        marks: Marks::default(),
        bound: None,
    }
}

const LOG: &str = concat!(
    "h - - [t] \"GET /a?q HTTP/1.1\" 200 5 \"http://r/\" \"agent\"\r\n",
    "# comment\n \t\r\n\nnonsense\n",
    "h - - [t] \"-\" 404 -\n",
);

#[test]
fn every_line_is_in_the_balance() {
    let mut entries = entries(&[Field::Path, Field::Referrer, Field::Query, Field::Method]);
    let span = Span {
        input: 3,
        offset: 1000,
        bytes: LOG.as_bytes(),
        formats: &Formats::new([Format::Combined]),
    };
    let (mut balance, mut bad) = (Balance::default(), BadLines::default());
    let mut batches = 0;
    entries.scan(span, &mut balance, &mut bad, &mut |batch| {
        batches += 1;
        assert_eq!(batch.text(0), [&b"/a"[..], b"-"]);
        assert_eq!(batch.text(1), [&b"http://r/"[..], b"-"]);
        assert_eq!(batch.text(2), [&b"q"[..], b"-"]);
        assert_eq!(batch.text(3), [&b"GET"[..], b""]);
        assert_eq!(batch.number(0), [5, 0]);
        assert_eq!((batch.all(), batch.present(0)), (0b11, 0b11));
    });
    assert_eq!(batches, 1);
    let expected = Balance {
        lines: 6,
        entries: 2,
        selected: 0,
        other: 0,
        bad: 1,
        blank: 2,
        comment: 1,
        missed: 1,
        fits: Some(true),
    };
    assert_eq!(balance, expected);
    let offset = LOG.find("nonsense").unwrap() as u64;
    let places: Vec<_> = bad.lines().map(|bad| (bad.input, bad.offset)).collect();
    assert_eq!(places, [(3, 1000 + offset)]);
}

#[test]
fn lines_without_the_literal_are_not_looked_at() {
    let mut entries = entries(&[Field::Path]);
    entries.literal = Some(memmem::Finder::new("/r").into_owned());
    entries.passes_over = true;
    let span = Span {
        input: 0,
        offset: 0,
        bytes: LOG.as_bytes(),
        formats: &Formats::new([Format::Combined]),
    };
    let (mut balance, mut bad) = (Balance::default(), BadLines::default());
    let mut paths = Vec::new();
    entries.scan(span, &mut balance, &mut bad, &mut |batch| {
        paths.extend(batch.text(0).iter().map(|path| path.to_vec()));
    });
    assert_eq!(paths, [b"/a"]);
    // What they are is not told either.
    assert_eq!((balance.lines, balance.entries, balance.bad), (0, 0, 0));
}

#[test]
fn lines_are_looked_at_where_many_hold_the_literal() {
    let mut entries = entries(&[Field::Path]);
    entries.literal = Some(memmem::Finder::new("/r").into_owned());
    (entries.passes_over, entries.counts_lines) = (true, true);
    let rare = LOG.replace("/r", "/s").repeat(100);
    let log = LOG.repeat(2 * MANY) + &rare + &LOG.repeat(2);
    let span = Span {
        input: 0,
        offset: 0,
        bytes: log.as_bytes(),
        formats: &Formats::new([Format::Combined]),
    };
    let (mut balance, mut bad) = (Balance::default(), BadLines::default());
    let mut rows = 0;
    entries.scan(span, &mut balance, &mut bad, &mut |batch| {
        let holds = |path: &&&[u8]| **path == b"/a";
        rows += batch.text(0).iter().filter(holds).count();
    });
    // More than hold it: which of these are selected is for a filter to say.
    assert!(rows > 2 * MANY + 2);
    assert_eq!(balance.lines, count_lines(log.as_bytes()));
    assert_eq!((balance.entries, balance.missed), (0, 0));
}
