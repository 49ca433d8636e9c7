//! What the tests of formats share.

use bumpalo::Bump;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::scan::combined::Misfit;
use crate::scan::cut::Cut;
use crate::scan::format::Record;

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
