//! Folders of logs, and the program run in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use super::process::{TIMEOUT, run, widefinder};

/// What follows a client in a line.
pub(crate) const REST: &str = "- - [10/Oct/2026:13:55:36 -0700] \"GET /x HTTP/1.1\" 200 1";

/// A folder of logs, each of one line, whose client is its name.
pub(crate) struct Folder(pub(crate) TempDir);

impl Folder {
    pub(crate) fn new(names: &[&str]) -> Folder {
        let folder = Folder(TempDir::new().expect("a temporary folder"));
        for name in names {
            folder.add(name, &format!("{name} {REST}\n"));
        }
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn add(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Runs the program in the folder; its exit code, output and errors.
    pub(crate) fn run(&self, words: &[&str]) -> (Option<i32>, String, String) {
        run_in(self.0.path(), widefinder().args(words))
    }

    /// The names that were read, in order; nothing may be said.
    pub(crate) fn read(&self, words: &[&str]) -> Vec<String> {
        let (code, names, said) = self.lines(words);
        assert_eq!((code, &*said), (Some(0), ""), "{words:?}");
        names
    }

    /// The exit code, the names that were read, in order, and what is said.
    pub(crate) fn lines(&self, words: &[&str]) -> (Option<i32>, Vec<String>, String) {
        let words = [&["--lines", "-e", "x"], words].concat();
        let (code, answer, said) = self.run(&words);
        let names = answer
            .lines()
            .map(|line| line.split(' ').next().unwrap_or("").to_owned());
        (code, names.collect(), said)
    }
}

/// Runs a command in a folder; its exit code, output and errors.
pub(crate) fn run_in(folder: &Path, command: &mut Command) -> (Option<i32>, String, String) {
    let finished = run(command.current_dir(folder), None, TIMEOUT);
    finished.expect("the program ends").texts()
}
