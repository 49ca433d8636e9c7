//! Patterns for names of files that the shell has left as they are.
//!
//! They are matched as a shell does it, part by part of the path, so that only
//! what can match is looked at; `**` is any number of directories.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Component, Path, PathBuf};

use globset::GlobMatcher;

use super::directory::{explain, is_hidden};
use super::include::matcher;
use super::{Found, Include, Unread, exists, list};

/// Whether a name has a character that stands for others.
pub(super) fn is_pattern(name: &Path) -> bool {
    let special = |byte: &u8| b"*?[{".contains(byte);
    name.as_os_str().as_encoded_bytes().iter().any(special)
}

/// A part of a path.
enum Part {
    /// The name itself.
    Name(OsString),
    /// Any name that matches.
    Names {
        matcher: GlobMatcher,
        /// Whether it says itself that the name begins with a dot.
        hidden: bool,
    },
    /// Any number of directories.
    Directories,
}

impl Found {
    /// Adds the files that match a pattern. A directory that matches is searched.
    pub(super) fn expand(&mut self, pattern: &Path, include: &[Include]) {
        let parts = match parts(pattern) {
            Ok(parts) => parts,
            Err(error) => {
                let message = format!("there is no such file, and as a pattern: {error}");
                return self.unread.push(Unread::new(pattern, message));
            }
        };
        let before = (self.sources.len(), self.unread.len());
        self.descend(Path::new(""), &parts, include);
        if before == (self.sources.len(), self.unread.len()) {
            let message = "there is no such file, and none that matches it as a pattern";
            self.unread.push(Unread::new(pattern, message));
        }
    }

    /// Adds what matches `parts` from `base` on.
    fn descend(&mut self, base: &Path, parts: &[Part], include: &[Include]) {
        let Some((part, rest)) = parts.split_first() else {
            if base.is_dir() {
                return self.search(base, include);
            }
            return self.sources.push(base.into());
        };
        match part {
            Part::Name(name) => {
                let path = base.join(name);
                if exists(&path) {
                    self.descend(&path, rest, include);
                }
            }
            Part::Names { matcher, hidden } => {
                for name in self.names(base) {
                    let path = base.join(&name);
                    let shown = *hidden || !is_hidden(&name);
                    if shown && matcher.is_match(&name) && (rest.is_empty() || path.is_dir()) {
                        self.descend(&path, rest, include);
                    }
                }
            }
            // What is behind it is searched anyway.
            Part::Directories if rest.is_empty() => self.descend(base, rest, include),
            Part::Directories => {
                self.descend(base, rest, include);
                for name in self.names(base) {
                    let path = base.join(&name);
                    // A link might lead back.
                    if !is_hidden(&name) && path.is_dir() && !path.is_symlink() {
                        self.descend(&path, parts, include);
                    }
                }
            }
        }
    }

    /// The names in a directory, if it is one.
    fn names(&mut self, directory: &Path) -> Vec<OsString> {
        let here = match directory.as_os_str().is_empty() {
            true => Path::new("."),
            false => directory,
        };
        match list(here) {
            Ok(names) => names,
            Err(error) if is_no_directory(&error) => Vec::new(),
            Err(error) => {
                let message = explain(directory, &error);
                self.unread.push(Unread::new(directory, message));
                Vec::new()
            }
        }
    }
}

fn is_no_directory(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotADirectory | NotFound)
}

/// Takes a pattern apart.
fn parts(pattern: &Path) -> Result<Vec<Part>, String> {
    let mut parts: Vec<Part> = Vec::new();
    // What stands before the first name, a drive or a root, is no pattern.
    let mut root = PathBuf::new();
    for component in pattern.components() {
        match component {
            Component::Normal(name) if name == "**" => {
                // Two in a row would match all twice.
                if !matches!(parts.last(), Some(Part::Directories)) {
                    parts.push(Part::Directories);
                }
            }
            Component::Normal(name) => parts.push(part(name)?),
            Component::ParentDir | Component::CurDir if !parts.is_empty() => {
                parts.push(Part::Name(component.as_os_str().to_owned()));
            }
            other => root.push(other),
        }
    }
    if !root.as_os_str().is_empty() {
        parts.insert(0, Part::Name(root.into_os_string()));
    }
    Ok(parts)
}

fn part(name: &OsStr) -> Result<Part, String> {
    Ok(
        match name.to_str().filter(|_| is_pattern(Path::new(name))) {
            Some(text) => Part::Names {
                matcher: matcher(text)?,
                hidden: text.starts_with('.'),
            },
            None => Part::Name(name.to_owned()),
        },
    )
}
