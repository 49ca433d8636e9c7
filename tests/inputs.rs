//! What is named is read: files, directories and patterns, in the order in which logs are rotated.
#![cfg(unix)]

mod support;

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::Command;

use support::folder::{Folder, REST, run_in};
use support::process::widefinder;

#[test]
fn a_directory_is_read_from_the_oldest_to_the_live_file() {
    let folder = Folder::new(&[
        "logs/access.log",
        "logs/access.log.1",
        "logs/access.log.2",
        "logs/access.log.10",
        "logs/error.log-20260131",
        "logs/error.log-20251231",
        "logs/error.log",
        "logs/b/a.2.log",
        "logs/b/a.1.log",
        "logs/b/a.log",
        "logs/.hidden",
        "logs/.git/a.log",
    ]);
    let expected = [
        "logs/access.log.10",
        "logs/access.log.2",
        "logs/access.log.1",
        "logs/access.log",
        "logs/b/a.2.log",
        "logs/b/a.1.log",
        "logs/b/a.log",
        "logs/error.log-20251231",
        "logs/error.log-20260131",
        "logs/error.log",
    ];
    assert_eq!(folder.read(&["logs"]), expected);
    assert_eq!(folder.read(&["logs/"]), expected);
    assert_eq!(
        folder.read(&["-j", "8", "--chunk-size", "1", "."]),
        expected
    );
    assert_eq!(folder.read(&["logs/.git"]), ["logs/.git/a.log"]);
    assert_eq!(folder.read(&["logs/.hidden"]), ["logs/.hidden"]);
    // Those that are named keep their order.
    let named = ["logs/access.log", "logs/b", "logs/access.log.1"];
    let expected = [
        &["logs/access.log"],
        &expected[4..7],
        &["logs/access.log.1"],
    ]
    .concat();
    assert_eq!(folder.read(&named), expected);
}

#[test]
fn include_says_which_files_of_a_directory() {
    let folder = Folder::new(&[
        "l/a.log",
        "l/a.txt",
        "l/b/a.log",
        "l/b/c.gz",
        "l/c/a.log",
        "x.y",
    ]);
    for (words, expected) in [
        (
            &["--include", "*.log"][..],
            &["l/a.log", "l/b/a.log", "l/c/a.log"][..],
        ),
        (
            &["--include", "*.txt", "--include", "*.gz"],
            &["l/a.txt", "l/b/c.gz"],
        ),
        (&["--include", "b/*"], &["l/b/a.log", "l/b/c.gz"]),
        (
            &["--include", "**/a.log"],
            &["l/a.log", "l/b/a.log", "l/c/a.log"],
        ),
        (&["--include", "{b,c}/*.log"], &["l/b/a.log", "l/c/a.log"]),
    ] {
        assert_eq!(
            folder.read(&[words, &["l"]].concat()),
            expected,
            "{words:?}"
        );
    }
    // What is named is meant.
    assert_eq!(
        folder.read(&["--include", "*.txt", "x.y", "l"]),
        ["x.y", "l/a.txt"]
    );
    let (code, names, said) = folder.lines(&["--include", "*.zip", "l", "x.y"]);
    assert_eq!((code, names), (Some(2), vec!["x.y".to_owned()]));
    let expected = "widefinder: l: is a directory in which there is no file that --include takes\n";
    assert_eq!(said, expected);
    let (code, _, said) = folder.run(&["--include", "a[", "l"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("invalid value 'a['"), "{said}");
}

#[test]
fn patterns_are_matched_if_the_shell_has_not() {
    let folder = Folder::new(&[
        "l/a.log.1",
        "l/a.log",
        "l/a.log.10",
        "l/b.txt",
        "l/.a.log",
        "m/a.log",
        "l/d/e/a.log",
        "a[1].log",
        "a1.log",
    ]);
    for (pattern, expected) in [
        ("l/a.log*", &["l/a.log.10", "l/a.log.1", "l/a.log"][..]),
        ("./l/*.txt", &["l/b.txt"]),
        ("*/a.log", &["l/a.log", "m/a.log"]),
        ("?/a.log", &["l/a.log", "m/a.log"]),
        ("{m,l}/a.log", &["l/a.log", "m/a.log"]),
        ("**/a.log", &["l/a.log", "l/d/e/a.log", "m/a.log"]),
        ("l/**/**/a.log", &["l/a.log", "l/d/e/a.log"]),
        ("l/**/e/*", &["l/d/e/a.log"]),
        ("l/d/**", &["l/d/e/a.log"]),
        ("l/.*", &["l/.a.log"]),
        ("l/[d]", &["l/d/e/a.log"]),
        ("l/../m/*", &["m/a.log"]),
        ("a[1].log", &["a[1].log"]),
        ("a[12].log", &["a1.log"]),
    ] {
        assert_eq!(folder.read(&[pattern]), expected, "{pattern}");
    }
    let absolute = folder.path("l/a.log.*").display().to_string();
    assert_eq!(folder.read(&[&absolute]), ["l/a.log.10", "l/a.log.1"]);
    for (pattern, message) in [
        (
            "n/*.gz",
            "there is no such file, and none that matches it as a pattern",
        ),
        (
            "l/*.gz",
            "there is no such file, and none that matches it as a pattern",
        ),
        (
            "l/b.txt/*",
            "there is no such file, and none that matches it as a pattern",
        ),
        ("l/b[.txt", "there is no such file, and as a pattern: "),
    ] {
        let (code, names, said) = folder.lines(&[pattern, "m/a.log"]);
        assert_eq!((code, names), (Some(2), vec!["m/a.log".to_owned()]));
        assert!(
            said.starts_with(&format!("widefinder: {pattern}: {message}")),
            "{said}"
        );
    }
}

#[test]
fn links_are_followed_and_loops_end() {
    let folder = Folder::new(&["l/a.log", "l/d/b.log", "elsewhere/c.log"]);
    symlink("..", folder.path("l/d/up")).expect("a link");
    symlink(".", folder.path("l/here")).expect("a link");
    symlink("../elsewhere", folder.path("l/out")).expect("a link");
    symlink("../elsewhere/c.log", folder.path("l/e.log")).expect("a link");
    let (code, names, said) = folder.lines(&["l"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(
        names,
        ["l/a.log", "l/d/b.log", "elsewhere/c.log", "elsewhere/c.log"]
    );
    let expected = "widefinder: l/d/up was searched before, and is skipped\n\
                    widefinder: l/here was searched before, and is skipped\n\
                    widefinder: l/out/c.log is the same file as l/e.log, and is counted twice\n";
    assert_eq!(said, expected);
    assert_eq!(folder.read(&["-q", "l"]).len(), 4);
    // A tree of links, which has more paths than anybody can follow.
    for level in 0..40 {
        let path = folder.path(&format!("t/{level}"));
        fs::create_dir_all(&path).expect("a folder");
        for name in ["one", "other"] {
            symlink(format!("../{}", level + 1), path.join(name)).expect("a link");
        }
    }
    folder.add("t/40/a.log", &format!("t/40/a.log {REST}\n"));
    assert_eq!(folder.read(&["-q", "t"]), ["t/40/a.log"]);
    assert_eq!(folder.read(&["l/**/b.log"]), ["l/d/b.log"]);
    let (code, names, said) = folder.lines(&["missing/**", "l/a.log"]);
    assert_eq!((code, names), (Some(2), vec!["l/a.log".to_owned()]));
    assert!(said.contains("none that matches"), "{said}");
    symlink("nowhere", folder.path("l/dangling")).expect("a link");
    let (code, names, said) = folder.lines(&["-q", "l"]);
    assert_eq!((code, names.len()), (Some(2), 4));
    assert_eq!(
        said,
        "widefinder: l/dangling: is a link that leads nowhere\n"
    );
}

#[test]
fn a_file_that_is_named_twice_is_counted_twice() {
    let folder = Folder::new(&["a.log", "b.log"]);
    symlink("a.log", folder.path("link")).expect("a link");
    let (code, names, said) = folder.lines(&["a.log", "b.log", "link", "a.log"]);
    assert_eq!(
        (code, names),
        (
            Some(0),
            ["a.log", "b.log", "a.log", "a.log"]
                .map(String::from)
                .into()
        )
    );
    let expected = "widefinder: link is the same file as a.log, and is counted twice\n\
                    widefinder: a.log is named twice, and is counted twice\n";
    assert_eq!(said, expected);
    assert_eq!(folder.read(&["-q", "a.log", "a.log"]), ["a.log", "a.log"]);
    let (_, _, said) = folder.lines(&["*.log", "a.log"]);
    assert_eq!(
        said,
        "widefinder: a.log is named twice, and is counted twice\n"
    );
    let mut command = widefinder();
    command
        .args(["-e", "x", "a.log", "-"])
        .current_dir(&folder.0);
    command.stdin(File::open(folder.path("a.log")).expect("a file"));
    let output = command.output().expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(
        said,
        "widefinder: - is the same file as a.log, and is counted twice\n"
    );
    let (code, _, said) = folder.run(&["-", "-"]);
    assert_eq!(code, Some(2));
    assert_eq!(
        said,
        "widefinder: standard input (-) can be read only once\n"
    );
}

#[test]
fn the_plan_tells_the_files_and_an_answer_replaces_none_that_was_found() {
    let folder = Folder::new(&["l/a.log", "l/a.log.1"]);
    let (code, answer, said) = folder.run(&["--explain", "-e", "x", "l"]);
    assert_eq!((code, &*said), (Some(0), ""));
    assert!(
        answer.starts_with("files: l/a.log.1, l/a.log\n"),
        "{answer}"
    );
    let (code, _, said) = folder.run(&["--explain", "-e", "x", "l/*.gz"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("none that matches"), "{said}");
    let (code, _, said) = folder.run(&["-e", "x", "-o", "l/a.log", "l"]);
    assert_eq!(code, Some(2));
    assert_eq!(
        said,
        "widefinder: l/a.log is also an input; name another file for the answer\n"
    );
    assert_eq!(
        fs::read_to_string(folder.path("l/a.log")).expect("a log"),
        format!("l/a.log {REST}\n")
    );
}

/// Neither descriptors nor maps may run out.
#[test]
fn thousands_of_files_are_read_with_few_descriptors() {
    let folder = Folder::new(&[]);
    let mut all = String::new();
    for number in 0..3000 {
        let text = format!("client{} {REST}{number}\n", number % 7).repeat(number % 4);
        match number % 10 {
            9 => {
                let packed = zstd::encode_all(text.as_bytes(), 0).expect("memory takes all");
                fs::create_dir_all(folder.path("l")).expect("a folder");
                fs::write(folder.path(&format!("l/{number}.log")), packed).expect("a file");
            }
            _ => folder.add(&format!("l/{number}.log"), &text),
        }
        all.push_str(&text);
    }
    folder.add("all.log", &all);
    let program = env!("CARGO_BIN_EXE_widefinder");
    let ask = |words: &str| {
        let script = format!("ulimit -n 64; exec {program} {words}");
        let (code, answer, said) =
            run_in(folder.0.path(), Command::new("sh").args(["-c", &script]));
        assert_eq!((code, &*said), (Some(0), ""), "{words}");
        answer
    };
    for options in [
        "-n 0 -e '^.*'",
        "--lines -e x",
        "-j 8 -n 0 -e '^.*'",
        "-j 1 --lines -e x",
    ] {
        let expected = ask(&format!("{options} all.log"));
        assert!(
            ask(&format!("{options} l")) == expected,
            "{options}, a directory"
        );
        assert!(
            ask(&format!("{options} 'l/*'")) == expected,
            "{options}, a pattern"
        );
        assert!(
            ask(&format!("{options} $(seq -f 'l/%.0f.log' 0 2999)")) == expected,
            "{options}"
        );
    }
}
