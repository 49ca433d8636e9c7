//! What cannot be read, or is no log, is skipped with a note where it was found, and an error where
//! it was named.
#![cfg(unix)]

mod support;

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixListener;
use std::process::Command;

use support::folder::{Folder, REST};

#[test]
fn what_is_no_file_is_skipped_with_a_note() {
    let folder = Folder::new(&["l/a.log"]);
    let _socket = UnixListener::bind(folder.path("l/socket")).expect("a socket");
    let made = Command::new("mkfifo").arg(folder.path("l/fifo")).status();
    assert!(made.expect("mkfifo runs").success());
    let (code, names, said) = folder.lines(&["l"]);
    assert_eq!((code, names), (Some(0), vec!["l/a.log".to_owned()]));
    let expected = "widefinder: l/fifo is no regular file, and is skipped; name it if it is a log\n\
                    widefinder: l/socket is no regular file, and is skipped; name it if it is a log\n";
    assert_eq!(said, expected);
}

#[test]
fn an_empty_directory_is_an_error() {
    let folder = Folder::new(&["l/.hidden", "a.log"]);
    fs::create_dir_all(folder.path("e/f/g")).expect("a folder");
    for name in ["e", "l"] {
        let (code, names, said) = folder.lines(&[name, "a.log"]);
        assert_eq!((code, names), (Some(2), vec!["a.log".to_owned()]));
        let expected = format!(
            "widefinder: {name}: is a directory in which there is no file (hidden ones are not \
             looked for)\n"
        );
        assert_eq!(said, expected);
        let (code, answer, said) = folder.run(&[name]);
        assert_eq!(
            (code, answer, said),
            (Some(2), String::new(), expected.clone())
        );
        let (code, _, said) = folder.run(&["bench", name]);
        assert_eq!((code, said), (Some(2), expected));
    }
}

/// Who may read everything is not kept out by modes.
#[test]
fn what_may_not_be_read_is_named_and_the_rest_reported() {
    let folder = Folder::new(&["l/a.log", "l/secret/b.log", "l/z.log", "l/y.log"]);
    fs::set_permissions(folder.path("l/y.log"), fs::Permissions::from_mode(0o000)).expect("a mode");
    fs::set_permissions(folder.path("l/secret"), fs::Permissions::from_mode(0o000))
        .expect("a mode");
    let may_all = File::open(folder.path("l/y.log")).is_ok();
    let (code, names, said) = folder.lines(&["l"]);
    fs::set_permissions(folder.path("l/secret"), fs::Permissions::from_mode(0o755))
        .expect("a mode");
    if may_all {
        println!("skipped: this user may read everything");
        return;
    }
    assert_eq!(
        (code, names),
        (Some(2), vec!["l/a.log".to_owned(), "l/z.log".to_owned()])
    );
    let expected = "widefinder: l/secret: you may not look into it; try it as the user who owns \
                    the logs\nwidefinder: l/y.log: you may not read this file; try it as the user \
                    who owns the logs\n";
    assert_eq!(said, expected);
}

/// Among logs there may be anything; but what is named should be a log.
#[test]
fn what_is_no_log_is_skipped_if_it_was_found() {
    let folder = Folder::new(&["logs/a.log"]);
    folder.add("logs/notes.txt", "buy milk\n");
    let words = ["--by", "status", "-f", "csv", "logs"];
    let (code, answer, said) = folder.run(&words);
    let skipped = "widefinder: logs/notes.txt: skipped, since none of its first lines is in a known \
                   format; if it is a log, name it, with its --log-format\n";
    assert_eq!((code, &*said), (Some(0), skipped));
    let quiet = folder.run(&[&words[..], &["-q"]].concat());
    assert_eq!(quiet, (Some(0), answer, String::new()));
    let (code, _, said) = folder.run(&[&words[..], &["--strict", "-q"]].concat());
    assert_eq!((code, &*said), (Some(2), skipped));
    let (code, ..) = folder.run(&["--by", "status", "logs/notes.txt"]);
    assert_eq!(code, Some(2));
    fs::remove_file(folder.path("logs/a.log")).expect("the log is there");
    let (code, _, said) = folder.run(&words);
    assert_eq!(code, Some(2));
    assert!(
        said.ends_with("widefinder: none of the files is a log\n"),
        "{said}"
    );
}

/// A tar puts a header before each file's first line: counted as text, it would be
/// wrong by little, which is worse than by much.
#[test]
fn archives_of_files_and_wide_text_are_named() {
    let folder = Folder::new(&["logs/a.log"]);
    let line = format!("::1 {REST}\n");
    let wide: Vec<u8> = line.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = [b"\xff\xfe", &wide[..]].concat();
    fs::write(folder.path("logs/wide.log"), wide).expect("a file");
    let packed = zstd::encode_all(line.as_bytes(), 0).expect("memory takes all");
    let twice = zstd::encode_all(&packed[..], 0).expect("memory takes all");
    fs::write(folder.path("logs/twice.zst"), twice).expect("a file");
    let advices = [
        (
            "logs/twice.zst",
            "is compressed twice; try it once unpacked",
        ),
        (
            "logs/wide.log",
            "is text in UTF-16; try: iconv -f UTF-16 -t UTF-8 logs/wide.log | widefinder -",
        ),
    ];
    for (name, advice) in advices {
        for question in [&[][..], &["-e", "x"], &["--log-format", "combined"]] {
            let (code, _, said) = folder.run(&[question, &[name]].concat());
            assert_eq!(
                (code, said),
                (Some(2), format!("widefinder: {name}: {advice}\n"))
            );
        }
    }
    let (code, names, said) = folder.lines(&["logs"]);
    assert_eq!((code, names), (Some(0), vec!["logs/a.log".to_owned()]));
    for (name, advice) in advices {
        let skipped = format!("widefinder: {name}: skipped, since it {advice}\n");
        assert!(said.contains(&skipped), "{said}");
    }
}
