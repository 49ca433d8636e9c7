//! What the tests of formats share.

use bumpalo::Bump;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::ask::Field;
use crate::scan::combined::Misfit;
use crate::scan::cut::Cut;
use crate::scan::format::{ABSENT, Part, Record, Source};
use crate::scan::request::{Request, path, query};

/// What kind of record a line is.
pub(super) fn record(format: &dyn Cut, line: &str) -> Result<Record, Misfit> {
    let mut slots = vec![&b""[..]; format.slots()];
    format.cut(line.as_bytes(), &mut slots, u64::MAX, &Bump::new())
}

/// The slots of a line.
pub(super) fn cut(format: &dyn Cut, line: &str) -> Result<Vec<String>, Misfit> {
    let arena = Bump::new();
    let mut slots = vec![&b""[..]; format.slots()];
    assert_eq!(
        format.cut(line.as_bytes(), &mut slots, u64::MAX, &arena)?,
        Record::Entry
    );
    let texts = slots
        .iter()
        .map(|slot| String::from_utf8_lossy(slot).into_owned());
    Ok(texts.collect())
}

/// Checks fields of a line, by their names; a duration is in nanoseconds, and
/// `none` if there is none. Each must be the same if it alone is asked for.
#[track_caller]
pub(super) fn assert_cut(format: &dyn Cut, line: &str, fields: &[(&str, &str)]) {
    for (name, expected) in fields {
        let found = value(format, line.as_bytes(), name);
        assert_eq!(found, *expected, "{name} of {line}");
    }
}

/// Checks where lines stop to fit.
#[track_caller]
pub(super) fn assert_misfits(format: &dyn Cut, lines: &[(&str, usize)]) {
    for (line, at) in lines {
        assert_eq!(record(format, line).unwrap_err().at, *at, "{line}");
    }
}

/// The field of a line that has one.
#[track_caller]
pub(super) fn value(format: &dyn Cut, line: &[u8], name: &str) -> String {
    let named = Field::NAMED.iter().find(|(known, _)| *known == name);
    let field = named.map_or_else(|| Field::Own(name.to_owned()), |(_, field)| field.clone());
    let source = format.source(&field).expect("a field that the format has");
    let slot = match source {
        Source::Slot(slot) | Source::Request(slot, _) | Source::Uri(slot, _) => slot,
        Source::Nowhere | Source::Line => unreachable!("no format says this"),
    };
    let (mut slots, arena) = (vec![&b""[..]; format.slots()], Bump::new());
    let cut = format.cut(line, &mut slots, 1 << slot, &arena);
    cut.expect("a line that fits");
    let text = slots[slot];
    if matches!(field, Field::Latency | Field::UpstreamLatency) {
        let number = format.scale(&field).read(text);
        return number.map_or("none".to_owned(), |number| number.to_string());
    }
    let text = match source {
        Source::Request(_, part) => of_request(Request::parse(text), part),
        Source::Uri(_, Part::Path) => path(text),
        Source::Uri(..) => query(text).unwrap_or(ABSENT),
        _ => text,
    };
    String::from_utf8_lossy(text).into_owned()
}

fn of_request<'c>(request: Request<'c>, part: Part) -> &'c [u8] {
    match part {
        Part::Method => request.method,
        Part::Uri => request.uri,
        Part::Path => request.path(),
        Part::Query => query(request.uri).unwrap_or(ABSENT),
        Part::Protocol => request.protocol,
    }
}

/// Asserts that a good line with any change, and any other line, is cut without a
/// panic, that the place of a misfit is in the line, and that what is cut does not
/// depend on what is needed.
pub(super) fn assert_is_robust(format: &dyn Cut, good: &str) {
    let change = (
        any::<prop::sample::Index>(),
        0..4usize,
        r#"[ \[\]"\\:/,{}|0-9a-z~+-]{0,3}"#,
    );
    let changes = prop::collection::vec(change, 0..4);
    let lines = (changes, prop::collection::vec(any::<u8>(), 0..80));
    let result = TestRunner::default().run(&(lines, any::<u64>()), |((changes, odd), needed)| {
        let mut line = good.as_bytes().to_vec();
        for (place, length, text) in changes {
            let from = place.index(line.len() + 1);
            let to = line.len().min(from + length);
            line.splice(from..to, text.bytes());
        }
        for line in [line, odd].iter().filter(|line| !line.is_empty()) {
            assert_does_not_depend_on_needs(format, line, needed);
        }
        Ok(())
    });
    result.unwrap();
}

fn assert_does_not_depend_on_needs(format: &dyn Cut, line: &[u8], needed: u64) {
    let arena = Bump::new();
    let mut all = vec![&b""[..]; format.slots()];
    let mut some = all.clone();
    let result = format.cut(line, &mut all, u64::MAX, &arena);
    assert_eq!(format.cut(line, &mut some, needed, &arena), result);
    assert!(result.is_ok_and(|_| true) || result.unwrap_err().at <= line.len());
    if result == Ok(Record::Entry) {
        for slot in (0..format.slots()).filter(|slot| needed >> slot & 1 == 1) {
            assert_eq!(some[slot], all[slot], "slot {slot}");
        }
    }
}
