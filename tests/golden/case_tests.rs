//! What a case's file may say, and what it may not.

use super::{Case, Stderr};

fn parsed(text: &str) -> Case {
    Case::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn error(text: &str) -> String {
    Case::parse(text.as_bytes()).expect_err("the case has an error")
}

fn stdout(case: &Case) -> &[u8] {
    &case.stdout.as_ref().expect("the case has stdout").bytes
}

#[test]
fn takes_every_section() {
    let case = parsed(
        "# what it shows\n# in two lines\n\n--- args\n--top\n3\n\nlast one\n--- file a.log\none\n\n\
         --- file logs/b.log escaped\n\\xff\n\\0\n--- stdin\nin\n--- stdout\nout\n\n\
         --- stderr contains\nfirst\nsecond\n--- exit 2\n",
    );
    assert_eq!(case.args, ["--top", "3", "", "last one"]);
    assert_eq!(
        case.files,
        [
            ("a.log".to_owned(), b"one\n\n".to_vec()),
            ("logs/b.log".to_owned(), b"\xff\0".to_vec()),
        ]
    );
    assert_eq!(case.stdin.as_deref(), Some(&b"in\n"[..]));
    assert_eq!(stdout(&case), b"out\n\n");
    assert_eq!(
        case.stderr,
        Stderr::Contains(vec!["first".to_owned(), "second".to_owned()])
    );
    assert_eq!(case.exit, 2);
}

#[test]
fn leaves_out_what_is_not_there() {
    let case = parsed("# x\n--- exit 1");
    assert_eq!(
        case,
        Case {
            exit: 1,
            ..Case::default()
        }
    );
}

#[test]
fn keeps_exact_bytes() {
    assert_eq!(stdout(&parsed("# x\n--- stdout\n")), b"");
    assert_eq!(
        stdout(&parsed("# x\n--- stdout\n---\n---x\n# y\n")),
        b"---\n---x\n# y\n"
    );
    assert_eq!(
        stdout(&parsed("# x\n--- stdout\nno newline")),
        b"no newline"
    );
    assert_eq!(
        parsed("# x\n--- stderr escaped\n\\x2d-- x\\n\n").stderr,
        Stderr::Exactly(b"--- x\n".to_vec())
    );
}

#[test]
fn names_the_line_of_an_error() {
    for (text, expected) in [
        ("", "line 1: a case begins with a comment"),
        ("--- stdout\n", "line 1: a case begins with a comment"),
        (
            "# x\nstray\n--- stdout\n",
            "line 2: expected a comment or a section",
        ),
        (
            "# x\n--- stdin\n--- stdot\n",
            "line 3: unknown section 'stdot'",
        ),
        ("# x\n--- stdout\r\n", "line 2: unknown section"),
        ("# x\n--- stdout \n", "line 2: unknown section"),
        ("# x\n--- file\n", "line 2: unknown section"),
        ("# x\n--- args escaped\n", "line 2: unknown section"),
        (
            "# x\n--- stdout\nx\n--- stdout escaped\n",
            "line 4: a second section for stdout",
        ),
        (
            "# x\n--- stderr\nx\n--- stderr contains\nx\n",
            "line 4: a second section for stderr",
        ),
        (
            "# x\n--- exit 0\n--- exit 1\n",
            "line 3: a second section for exit",
        ),
        (
            "# x\n--- file a\n--- file b\n--- file a escaped\n",
            "line 4: a second section for file a",
        ),
        ("# x\n--- exit two\n", "line 2: 'two' is no exit code"),
        (
            "# x\n--- exit 2\nx\n",
            "line 2: the section exit has no content",
        ),
        (
            "# x\n--- stdout escaped\n\\q\n",
            "line 2: unknown escape \\q",
        ),
        ("# x\n--- file ../a\n", "line 2: '../a' is no name"),
        ("# x\n--- file /a\n", "line 2: '/a' is no name"),
        ("# x\n--- stderr contains\n\nx\n", "line 2: an empty line"),
        ("# x\n--- stderr contains\n", "line 2: an empty line"),
        (
            "# x\n--- args\nx\n--- stdin\nx\n",
            "the case expects nothing",
        ),
    ] {
        let error = error(text);
        assert!(error.starts_with(expected), "{text:?}: {error}");
    }
}

fn replaced(text: &str, bytes: &[u8]) -> String {
    let case = parsed(text);
    let stdout = case.stdout.as_ref().expect("the case has stdout");
    let text = stdout.replaced_in(text.as_bytes(), bytes);
    assert_eq!(
        self::stdout(&Case::parse(&text).expect("it is still a case")),
        bytes
    );
    String::from_utf8(text).expect("what is written is text")
}

#[test]
fn replaces_stdout_and_nothing_else() {
    let text = "# x\n--- args\na\n--- stdout\nold\nold\n--- exit 1\n";
    assert_eq!(
        replaced(text, b"new\tone\n"),
        "# x\n--- args\na\n--- stdout\nnew\tone\n--- exit 1\n"
    );
    assert_eq!(
        replaced(text, b""),
        "# x\n--- args\na\n--- stdout\n--- exit 1\n"
    );
}

#[test]
fn replaces_with_escapes_where_bytes_cannot_stand_as_they_are() {
    let text = "# x\n--- stdout\nold\n--- exit 1\n";
    for (bytes, section) in [
        (&b"no newline"[..], "no newline\n"),
        (b"\xff\n", "\\xff\\n\n"),
        (b"cr\r\n", "cr\\r\\n\n"),
        (b"--- exit 1\n", "\\x2d-- exit 1\\n\n"),
    ] {
        assert_eq!(
            replaced(text, bytes),
            format!("# x\n--- stdout escaped\n{section}--- exit 1\n")
        );
    }
    assert_eq!(
        replaced("# x\n--- stdout escaped\n\\0\n", b"plain\n"),
        "# x\n--- stdout escaped\nplain\\n\n"
    );
}
