//! Of a damaged archive whatever can be read is counted, the same for any threads and chunks, and
//! the damage is named.
#![cfg(unix)]

mod support;

use std::fs;

use proptest::prelude::*;
use support::archives::{PACKS, answer, ask, errors, folder, gzip, log};
use support::process::{TIMEOUT, run, widefinder};
use widefinder::report::Report;

/// Checks that what is reported of a damaged archive of `text` is the same for any threads and
/// chunks, and, if nothing but the end is missing, the answer of its first lines.
fn assert_damaged(what: &str, archive: &[u8], text: &[u8], cut: bool) -> Report {
    let (_folder, file) = folder(archive);
    let expected = ask(&[&file], 1, 1 << 20);
    for (threads, size) in [(1, 1), (2, 100), (8, 4096)] {
        let report = ask(&[&file], threads, size);
        assert_eq!(
            errors(&report),
            errors(&expected),
            "{what}, {threads}, {size}"
        );
        assert_eq!(
            answer(&report),
            answer(&expected),
            "{what}, {threads}, {size}"
        );
    }
    if cut {
        let counted = expected.inputs[0].bytes as usize;
        assert!(counted == 0 || text[counted - 1] == b'\n', "{what}");
        let (_folder, plain) = folder(&text[..counted]);
        assert_eq!(
            answer(&ask(&[&plain], 1, 1 << 20)),
            answer(&expected),
            "{what}"
        );
    }
    expected
}

#[test]
fn of_a_truncated_archive_what_is_there_is_counted() {
    let text = log(2000);
    for (name, pack) in PACKS {
        let archive = pack(&text);
        let mut counted = 0;
        let cuts = (10..60).chain((60..archive.len()).step_by(archive.len() / 40));
        for cut in cuts.chain(archive.len() - 12..archive.len()) {
            let what = format!("{name}, {cut} of {} bytes", archive.len());
            let report = assert_damaged(&what, &archive[..cut], &text, true);
            let errors = errors(&report);
            let expected = format!("the {name} data ends too early, after ");
            assert_eq!(errors.len(), 1, "{what}");
            assert!(errors[0].contains(&expected), "{what}: {errors:?}");
            assert!(
                report.inputs[0].bytes >= counted,
                "{what}: {} of {counted}",
                report.inputs[0].bytes
            );
            counted = report.inputs[0].bytes;
        }
        assert_eq!(
            counted,
            text.len() as u64,
            "{name}: only the checksum is missing"
        );
    }
}

#[test]
fn a_damaged_part_leaves_the_parts_before_it() {
    let (first, second) = (log(500), log(700));
    let text = [&first[..], &second].concat();
    for (name, pack) in PACKS {
        let mut archive = [pack(&first), pack(&second)].concat();
        archive.truncate(pack(&first).len() + 30);
        let report = assert_damaged(name, &archive, &text, true);
        assert!(report.inputs[0].bytes >= first.len() as u64, "{name}");
        let junk = [pack(&first), b"no archive".to_vec()].concat();
        let report = assert_damaged(name, &junk, &first, true);
        let said = errors(&report).concat();
        assert!(
            said.contains("is something that is not compressed"),
            "{said}"
        );
        assert_eq!(report.inputs[0].bytes, first.len() as u64, "{name}");
    }
}

#[test]
fn flipped_bits_are_noticed() {
    let text = log(300);
    let (_folder, plain) = folder(&text);
    let whole = answer(&ask(&[&plain], 1, 1 << 20));
    for (name, pack) in PACKS {
        let archive = pack(&text);
        // Behind the signature; gzip's header may hold any time and system.
        for byte in (10..archive.len()).step_by(archive.len() / 150 + 1) {
            let mut flipped = archive.clone();
            flipped[byte] ^= 1 << (byte % 8);
            let what = format!("{name}, byte {byte} of {}", archive.len());
            let report = assert_damaged(&what, &flipped, &text, false);
            assert!(
                !report.errors.is_empty() || answer(&report) == whole,
                "{what}"
            );
        }
    }
}

#[test]
fn a_damaged_archive_is_named_and_the_rest_reported() {
    let bytes = log(3000);
    let mut archive = gzip(&bytes);
    archive.truncate(archive.len() / 2);
    let (folder, _file) = folder(&archive);
    fs::write(folder.path().join("whole.log"), log(5)).expect("a file");
    let mut command = widefinder();
    command
        .args(["--by", "status", "whole.log", "access.log"])
        .current_dir(&folder);
    let (code, answered, said) = run(&mut command, None, TIMEOUT).expect("the end").texts();
    assert_eq!(code, Some(2));
    assert!(answered.contains("  200\n"), "{answered}");
    let expected = "widefinder: access.log: cannot be read to its end: the gzip data ends too \
                    early, after ";
    assert!(said.starts_with(expected), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_damage_is_borne(
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        end in prop::option::of(any::<prop::sample::Index>()),
        kind in 0..PACKS.len(),
        threads in 1..4usize,
        chunk_size in 1..300usize,
    ) {
        // Behind the signature, since what has none is text.
        const SIGNATURE: usize = 10;
        let mut archive = PACKS[kind].1(&log(300));
        for (place, byte) in damage {
            let places = archive.len() - SIGNATURE;
            archive[SIGNATURE + place.index(places)] = byte;
        }
        if let Some(end) = end {
            archive.truncate(SIGNATURE + end.index(archive.len() - SIGNATURE));
        }
        let (_folder, file) = folder(&archive);
        let expected = ask(&[&file], 1, 1 << 20);
        let report = ask(&[&file], threads, chunk_size);
        prop_assert_eq!(errors(&report), errors(&expected));
        prop_assert_eq!(answer(&report), answer(&expected));
    }
}
