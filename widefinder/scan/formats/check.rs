//! What tests say of a format: the values of a line's fields, and where it stops
//! to fit.

use bumpalo::Bump;

use crate::ask::Field;
use crate::scan::cut::Cut;
use crate::scan::format::{ABSENT, Part, Source};
use crate::scan::request::{Request, path, query};

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
        let (mut slots, arena) = (vec![&b""[..]; format.slots()], Bump::new());
        let misfit = format.cut(line.as_bytes(), &mut slots, 0, &arena);
        assert_eq!(misfit.unwrap_err().at, *at, "{line}");
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
