//! Compressed logs: the answer is that of what is in them, whoever packed it, however it is read.
#![cfg(unix)]

mod support;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use proptest::prelude::*;
use support::archives::{PACKS, WAYS, answer, ask, errors, folder, log, zstd};
use support::process::{TIMEOUT, run, widefinder};
use tempfile::TempDir;

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

#[test]
fn pipes_and_standard_input_are_unpacked_too() {
    let bytes = log(3000);
    let ask = |command: &mut Command, stdin: Option<&[u8]>| {
        command.args(["-e", r"^(\S+) .* (\d+) "]);
        run(command, stdin, TIMEOUT)
            .expect("the program ends")
            .texts()
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
fn the_format_of_an_archive_is_told_by_its_text() {
    let line = String::from_utf8(log(1)).expect("text");
    let text_of = format!("www.example.org:80 {line}");
    for (name, pack) in PACKS {
        let (_folder, file) = folder(&pack(text_of.as_bytes()));
        let mut command = widefinder();
        command.args(["--by", "vhost", "-f", "csv"]).arg(&file);
        let (code, answered, said) = run(&mut command, None, TIMEOUT).expect("the end").texts();
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
        let (code, _, said) = run(&mut command, None, TIMEOUT).expect("the end").texts();
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
}
