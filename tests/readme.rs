//! Documents tell the truth: what their `console` blocks show is what the program prints.
#![cfg(unix)]

mod support;

use std::path::Path;
use std::process::Command;

use support::process::{TIMEOUT, run};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The commands of a document and what stands below each.
fn examples(document: &str) -> Vec<(String, String)> {
    let mut examples = Vec::new();
    for block in document.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").expect("a block is closed");
        for example in block.split("$ ").skip(1) {
            let (command, output) = example.split_once('\n').expect("a command is a line");
            examples.push((command.to_owned(), output.to_owned()));
        }
    }
    examples
}

/// Runs every example of a document, of which there should be at least so many.
fn assert_true(document: &str, least: usize) {
    let text = std::fs::read_to_string(Path::new(ROOT).join(document)).expect("a document");
    let examples = examples(&text);
    assert!(examples.len() >= least, "{document} has lost its examples");
    let program = Path::new(env!("CARGO_BIN_EXE_widefinder"));
    let folder = program.parent().expect("a program is in a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![folder.to_owned()];
    folders.extend(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).expect("a path of folders");
    for (command, expected) in examples {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &command])
            .current_dir(ROOT)
            .env("PATH", &path);
        let finished = run(&mut shell, None, TIMEOUT).expect("the command ends");
        let printed = String::from_utf8_lossy(&finished.stdout).into_owned();
        assert_eq!(printed, expected, "of: {command}");
        assert_eq!(
            String::from_utf8_lossy(&finished.stderr),
            "",
            "of: {command}"
        );
    }
}

#[test]
fn the_readme_shows_what_is_printed() {
    assert_true("README.md", 4);
}

#[test]
fn the_forms_are_shown_as_they_are() {
    assert_true("docs/output.md", 5);
}

#[test]
fn the_questions_have_these_answers() {
    assert_true("docs/questions.md", 3);
}
