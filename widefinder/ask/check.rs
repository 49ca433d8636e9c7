//! What the tests of the parsers share: tables of mistakes, what holds for any
//! mistake, and keys and metrics to choose from.

use std::fmt::Debug;
use std::ops::Range;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::key::DERIVED;
use super::metric::Percent;
use super::{Derive, Field, Key, Metric, Mistake};

/// Checks that each text is a mistake at that place, with that message.
#[track_caller]
pub(super) fn assert_mistakes<T: Debug>(
    parse: impl Fn(&str) -> Result<T, Mistake>,
    table: &[(&str, Range<usize>, &str)],
) {
    for (text, place, message) in table {
        let mistake = parse(text).expect_err(text);
        assert_eq!(mistake.text, *text);
        let found = (&mistake.place, mistake.message.as_str());
        assert_eq!(found, (place, *message), "{text:?}\n{mistake}");
    }
}

/// Checks that each text is a mistake, from lines of a text and of the marks
/// under it with the message. A backslash at its end continues a message.
#[track_caller]
pub(super) fn assert_marks<T: Debug>(parse: impl Fn(&str) -> Result<T, Mistake>, marks: &str) {
    let joined = marks.split("\\\n").map(str::trim_start).collect::<String>();
    let mut lines = joined.lines();
    while let (Some(text), Some(expected)) = (lines.next(), lines.next()) {
        let mistake = parse(text).expect_err(text);
        let gap = text[..mistake.place.start].chars().count();
        let marked = text[mistake.place.clone()].chars().count().max(1);
        let (gap, mark) = (" ".repeat(gap), "^".repeat(marked));
        assert_eq!(
            format!("{gap}{mark} {}", mistake.message),
            expected,
            "{text}"
        );
    }
}

/// Checks that a mistake repeats what was typed, and that its place is in it.
pub(super) fn is_sound<T>(text: &str, parsed: Result<T, Mistake>) -> Result<(), TestCaseError> {
    if let Err(mistake) = parsed {
        prop_assert_eq!(&mistake.text, text);
        prop_assert!(text.get(mistake.place.clone()).is_some(), "{:?}", mistake);
        prop_assert!(!mistake.message.contains(char::is_control), "{:?}", mistake);
        prop_assert_eq!(mistake.to_string().split('\n').count(), 3);
    }
    Ok(())
}

/// Any key that a question can ask for.
pub(super) fn keys() -> impl Strategy<Value = Key> {
    let named = prop::sample::select(Field::NAMED.map(|(_, field)| Key::of(field)).to_vec());
    let derived = prop::sample::select(
        DERIVED
            .map(|(_, field, derive)| key(field, derive))
            .to_vec(),
    );
    prop_oneof![
        named,
        derived,
        (1u32..).prop_map(|seconds| key(Field::Time, Derive::Bucket(seconds))),
        (0u8..=32).prop_map(|bits| key(Field::Client, Derive::Network(bits))),
        (1u32..).prop_map(|number| key(Field::Path, Derive::Segments(number))),
        r"[^\s\pC,=&%]{1,8}".prop_map(|name| key(Field::Query, Derive::Parameter(name))),
        r"\$[a-z0-9_]{1,8}|%[<>]?[a-zA-Z]|%\{[^}\pC]{1,8}\}[a-z]|json:[a-zA-Z-]{1,8}(\.[a-z]{1,4}){0,3}"
            .prop_map(|name| Key::of(Field::Own(name))),
    ]
}

/// Any metric that a question can ask for.
pub(super) fn metrics() -> impl Strategy<Value = Metric> {
    let plain = [
        "hits",
        "bytes",
        "visitors",
        "errors",
        "client_errors",
        "errors%",
        "first",
        "last",
    ];
    let plain = plain.map(|name| Metric::parse(name).expect("it is a metric"));
    let field = || {
        prop::sample::select(vec![
            Field::Bytes,
            Field::BytesIn,
            Field::Latency,
            Field::UpstreamLatency,
        ])
    };
    prop_oneof![
        prop::sample::select(plain.to_vec()),
        field().prop_map(Metric::Average),
        field().prop_map(Metric::Max),
        field().prop_map(Metric::Min),
        (1u32..100_000, field()).prop_map(|(p, field)| Metric::Percentile(Percent(p), field)),
        keys().prop_map(Metric::Distinct),
    ]
}

fn key(field: Field, derive: Derive) -> Key {
    Key { field, derive }
}
