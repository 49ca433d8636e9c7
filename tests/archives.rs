//! Compressed logs: the answer is that of what is in them, whoever packed it, however it is read;
//! and of a damaged archive whatever can be read is counted.
#![cfg(unix)]

mod support;

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

use clap::Parser;
use proptest::prelude::*;
use support::process::{Finished, TIMEOUT, run, widefinder};
use tempfile::TempDir;
use widefinder::args::Args;
use widefinder::plan::Plan;
use widefinder::report::Report;

/// A way to pack bytes into one archive.
type Pack = fn(&[u8]) -> Vec<u8>;

const PACKS: [(&str, Pack); 4] = [("gzip", gzip), ("zstd", zstd), ("bzip2", bzip2), ("xz", xz)];

fn read_all(mut reader: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).expect("memory can be read");
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    read_all(flate2::read::GzEncoder::new(
        bytes,
        flate2::Compression::default(),
    ))
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("an encoder");
    encoder.include_checksum(true).expect("a checksum");
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    read_all(bzip2::read::BzEncoder::new(
        bytes,
        bzip2::Compression::best(),
    ))
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    read_all(liblzma::read::XzEncoder::new(bytes, 1))
}

/// Lines that compress well, but not too well.
fn log(lines: usize) -> Vec<u8> {
    let mut log = String::new();
    for line in 0..lines {
        let odd = line.wrapping_mul(0x9e37_79b9) >> 7 & 0xffff;
        let status = if odd % 9 == 0 { 404 } else { 200 };
        let minute = line / 60 % 60;
        writeln!(
            log,
            "10.0.{}.{} - - [10/Oct/2026:13:{minute:02}:{:02} +0000] \"GET /p{}?q={odd:x} \
             HTTP/1.1\" {status} {odd} \"-\" \"agent {}\"",
            odd % 7,
            odd % 251,
            line % 60,
            odd % 97,
            odd % 5,
        )
        .expect("a string takes all");
    }
    log.into_bytes()
}

/// Asks for the overview and its tables.
fn ask(files: &[&Path], threads: usize, chunk_size: usize) -> Report {
    let args = Args::parse_from([Path::new("widefinder")].iter().chain(files));
    let plan = Plan::from_args(&args).expect("the overview is a question");
    widefinder::run(&Plan {
        threads,
        chunk_size,
        ..plan
    })
}

/// All of an answer but the names of the files.
fn answer(report: &Report) -> impl PartialEq + std::fmt::Debug + use<> {
    let bad: Vec<_> = report
        .bad_lines
        .iter()
        .map(|line| (line.offset, line.text.clone()))
        .collect();
    (
        report.balance(),
        report.tables.clone(),
        report.first,
        report.last,
        bad,
    )
}

fn errors(report: &Report) -> Vec<String> {
    report.errors.iter().map(ToString::to_string).collect()
}

const WAYS: [(usize, usize); 9] = [
    (1, 1),
    (1, 100),
    (1, 4096),
    (2, 1),
    (2, 100),
    (2, 4096),
    (8, 1),
    (8, 100),
    (8, 4096),
];

/// A folder with one file.
fn folder(bytes: &[u8]) -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    // The name says nothing.
    let file = folder.path().join("access.log");
    fs::write(&file, bytes).expect("a file");
    (folder, file)
}

/// Checks that a file gives the answer of `text` for any threads and chunks.
fn assert_answers(what: &str, file: &Path, text: &[u8]) {
    let (_folder, plain) = folder(text);
    let expected = ask(&[&plain], 1, 1 << 20);
    for (threads, size) in WAYS {
        let report = ask(&[file], threads, size);
        assert_eq!(errors(&report), [""; 0], "{what}, {threads}, {size}");
        assert_eq!(report.inputs[0].bytes, text.len() as u64, "{what}");
        assert_eq!(
            answer(&report),
            answer(&expected),
            "{what}, {threads}, {size}"
        );
    }
}

#[test]
fn archives_give_the_answer_of_what_is_in_them() {
    let text = log(3000);
    let (first, second) = text.split_at(text.len() / 3);
    let mut cut_off = text.clone();
    cut_off.pop();
    for (name, pack) in PACKS {
        for (what, archive, text) in [
            ("whole", pack(&text), &text[..]),
            ("without the last line end", pack(&cut_off), &cut_off),
            ("of two parts", [pack(first), pack(second)].concat(), &text),
            (
                "with an empty part",
                [pack(b""), pack(&text), pack(b"")].concat(),
                &text,
            ),
            ("padded", [pack(&text), vec![0; 1000]].concat(), &text),
            (
                "in blocks",
                [pack(first), vec![0; 512], pack(second), vec![0; 4]].concat(),
                &text,
            ),
            ("of nothing", pack(b""), b""),
            ("of one line end", pack(b"\n"), b"\n"),
        ] {
            let (_folder, file) = folder(&archive);
            assert_answers(&format!("{name}, {what}"), &file, text);
        }
    }
}

#[test]
fn parts_of_one_file_may_be_of_different_kinds() {
    let text = log(100);
    let parts = text.chunks(text.len().div_ceil(PACKS.len())).zip(PACKS);
    let archive = parts
        .map(|(part, (_, pack))| pack(part))
        .collect::<Vec<_>>()
        .concat();
    let (_folder, file) = folder(&archive);
    assert_answers("all kinds", &file, &text);
}

#[test]
fn zstd_frames_to_be_skipped_are_skipped() {
    let text = log(10);
    let skippable = b"\x50\x2a\x4d\x18\x04\0\0\0skip";
    let archive = [
        &skippable[..],
        &zstd(&text[..500]),
        skippable,
        &zstd(&text[500..]),
        skippable,
    ];
    let (_folder, file) = folder(&archive.concat());
    assert_answers("skippable", &file, &text);
}

#[test]
fn text_that_begins_with_the_letters_of_an_archive_is_text() {
    let line = String::from_utf8(log(1)).expect("text");
    for name in ["BZh9", "BZh91AY", "BZh0", "7zXZ", "P*M"] {
        let text = line.replacen("10.0.0.0", name, 1);
        let (_folder, file) = folder(text.as_bytes());
        assert_answers(name, &file, text.as_bytes());
    }
}

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

/// More files than workers, and plain ones between them.
#[test]
fn many_archives_are_one_log() {
    let folder = TempDir::new().expect("a temporary folder");
    let (mut files, mut all) = (Vec::new(), Vec::new());
    for number in 0..30 {
        let text = log(number * 17);
        let bytes = match PACKS.get(number % 5) {
            Some((_, pack)) => pack(&text),
            None => text.clone(),
        };
        let file = folder.path().join(format!("{number}.log"));
        fs::write(&file, bytes).expect("a file");
        files.push(file);
        all.extend(text);
    }
    let plain = folder.path().join("all.log");
    fs::write(&plain, &all).expect("a file");
    let files: Vec<&Path> = files.iter().map(|file| &**file).collect();
    let expected = ask(&[&plain], 1, 1 << 20);
    for (threads, size) in WAYS {
        let report = ask(&files, threads, size);
        assert_eq!(errors(&report), [""; 0]);
        assert_eq!(report.tables, expected.tables, "{threads}, {size}");
        assert_eq!(report.balance(), expected.balance());
    }
    // Lines come in the order of the files.
    let status = b"\" 404 ";
    let lines = all.split_inclusive(|&byte| byte == b'\n');
    let missing = lines.filter(|line| line.windows(status.len()).any(|part| part == status));
    let missing = missing.collect::<Vec<_>>().concat();
    for threads in ["1", "2", "8"] {
        let mut command = widefinder();
        command.args([
            "-w",
            "status=404",
            "--lines",
            "--chunk-size",
            "1000",
            "-j",
            threads,
        ]);
        let finished = run(command.args(&files), None, TIMEOUT).expect("the program ends");
        assert_eq!(finished.status.code(), Some(0));
        assert!(finished.stdout == missing, "with {threads} threads");
    }
    // The reader may have seen enough before the first file is at its end.
    let mut command = widefinder();
    command
        .args(["-w", "status=404", "--lines", "-n", "3"])
        .args(&files);
    let finished = run(&mut command, None, TIMEOUT).expect("the program ends");
    assert!(missing.starts_with(&finished.stdout) && !finished.stdout.is_empty());
}

fn text(finished: &Finished) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    (
        finished.status.code(),
        text(&finished.stdout),
        text(&finished.stderr),
    )
}

#[test]
fn pipes_and_standard_input_are_unpacked_too() {
    let bytes = log(3000);
    let ask = |command: &mut Command, stdin: Option<&[u8]>| {
        command.args(["-e", r"^(\S+) .* (\d+) "]);
        text(&run(command, stdin, TIMEOUT).expect("the program ends"))
    };
    let expected = ask(&mut widefinder(), Some(&bytes));
    assert_eq!(expected.0, Some(0));
    for (name, pack) in PACKS {
        let (folder, file) = folder(&pack(&bytes));
        assert_eq!(
            ask(&mut widefinder(), Some(&pack(&bytes))),
            expected,
            "{name}, a pipe"
        );
        assert_eq!(
            ask(widefinder().arg("-"), Some(&pack(&bytes))),
            expected,
            "{name}, -"
        );
        let mut command = widefinder();
        command
            .args(["-e", r"^(\S+) .* (\d+) "])
            .stdin(File::open(&file).expect("the file"));
        let output = command.output().expect("the program runs");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            expected.1,
            "{name}, a file"
        );
        let fifo = folder.path().join("fifo");
        let made = Command::new("mkfifo").arg(&fifo).status();
        assert!(made.expect("mkfifo runs").success());
        let archive = pack(&bytes);
        let answered = std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut pipe = File::options().write(true).open(&fifo).expect("the pipe");
                for piece in archive.chunks(1000) {
                    pipe.write_all(piece).expect("a reader");
                }
            });
            ask(widefinder().arg(&fifo), None)
        });
        assert_eq!(answered, expected, "{name}, a named pipe");
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
    let (code, answered, said) = text(&run(&mut command, None, TIMEOUT).expect("the end"));
    assert_eq!(code, Some(2));
    assert!(answered.contains("  200\n"), "{answered}");
    let expected = "widefinder: access.log: cannot be read to its end: the gzip data ends too \
                    early, after ";
    assert!(said.starts_with(expected), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn the_format_of_an_archive_is_told_by_its_text() {
    let line = String::from_utf8(log(1)).expect("text");
    let text_of = format!("www.example.org:80 {line}");
    for (name, pack) in PACKS {
        let (_folder, file) = folder(&pack(text_of.as_bytes()));
        let mut command = widefinder();
        command.args(["--by", "vhost", "-f", "csv"]).arg(&file);
        let (code, answered, said) = text(&run(&mut command, None, TIMEOUT).expect("the end"));
        assert_eq!((code, &*said), (Some(0), ""), "{name}");
        assert_eq!(answered, "vhost,hits\nwww.example.org,1\n", "{name}");
    }
}

#[test]
fn a_benchmark_refuses_an_archive_with_advice() {
    for (name, pack) in PACKS {
        let (folder, _file) = folder(&pack(&log(9)));
        let mut command = widefinder();
        command.args(["bench", "access.log"]).current_dir(&folder);
        let (code, _, said) = text(&run(&mut command, None, TIMEOUT).expect("the end"));
        assert_eq!(code, Some(2), "{name}");
        assert!(
            said.contains(&format!("is compressed with {name}")),
            "{said}"
        );
        let tool = widefinder::unpack::Packing::of(&pack(b"a"))
            .expect("an archive")
            .tool();
        assert!(
            said.ends_with(&format!(": {tool} access.log > unpacked.log\n")),
            "{said}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_bytes_packed_give_the_same_answer(
        pieces in prop::collection::vec(
            prop_oneof![
                prop::collection::vec(any::<u8>(), 0..60),
                (0..40usize).prop_map(log),
                Just(b"\n".to_vec()),
            ],
            0..8,
        ),
        threads in 1..4usize,
        chunk_size in prop_oneof![1..50usize, Just(1 << 20)],
        kind in 0..PACKS.len(),
        cut in any::<prop::sample::Index>(),
    ) {
        let text = pieces.concat();
        // Which is an archive itself, or what an archive is not looked into for.
        prop_assume!(widefinder::unpack::Packing::of(&text).is_none());
        let (first, second) = text.split_at(cut.index(text.len() + 1));
        let pack = PACKS[kind].1;
        let (_plain, plain) = folder(&text);
        let (_packed, packed) = folder(&[pack(first), pack(second)].concat());
        let expected = ask(&[&plain], 1, 1 << 20);
        let report = ask(&[&packed], threads, chunk_size);
        prop_assert_eq!(report.errors.len(), expected.errors.len());
        prop_assert_eq!(answer(&report), answer(&expected));
    }

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
