//! From what is named to files: directories are searched, and patterns are
//! matched where the shell has not done it.
//!
//! All is found before anything is read, so that the plan is whole: it can be
//! explained, and the answer cannot replace a log.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

mod directory;
mod identity;
mod include;
mod pattern;
mod rotation;

use identity::Identity;
pub use include::Include;
use rotation::list;

use crate::error::Error;

/// Where an input is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// The file; `-` is standard input.
    pub path: PathBuf,
    /// Whether it was found in a directory, and not named by the user.
    pub found: bool,
}

impl<P: Into<PathBuf>> From<P> for Source {
    /// Names a file.
    fn from(path: P) -> Source {
        Source {
            path: path.into(),
            found: false,
        }
    }
}

/// Something that was named or found and is no source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unread {
    /// As it was named.
    pub name: String,
    /// Why it is none, and what to try.
    pub message: String,
}

impl Unread {
    fn new(path: &Path, message: impl Into<String>) -> Unread {
        Unread {
            name: path.display().to_string(),
            message: message.into(),
        }
    }

    /// As an error.
    pub fn error(&self) -> Error {
        Error::input(&self.name, &self.message)
    }
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Found {
    /// What to read, in this order.
    pub sources: Vec<Source>,
    /// What cannot be read.
    pub unread: Vec<Unread>,
    /// What a person should know, a line each.
    pub notes: Vec<String>,
}

/// Finds the files that are meant by names, in the order of the names. Within a
/// directory or a pattern the order is that of rotation, the oldest first.
///
/// A name is that of a file if there is one; else it may be a pattern.
///
/// ```
/// use widefinder::find::find;
///
/// let logs = tempfile::tempdir()?;
/// for name in ["access.log", "access.log.1", "access.log.2.gz", ".hidden"] {
///     std::fs::write(logs.path().join(name), "")?;
/// }
/// let found = find(&[logs.path().to_owned()], &[]);
/// let names = found.sources.iter().map(|source| source.path.file_name().unwrap());
/// let names: Vec<_> = names.collect();
/// assert_eq!(names, ["access.log.2.gz", "access.log.1", "access.log"]);
/// # std::io::Result::Ok(())
/// ```
pub fn find(names: &[PathBuf], include: &[Include]) -> Found {
    let mut found = Found::default();
    for name in names {
        if name.as_os_str() != "-" && name.is_dir() {
            found.search(name, include);
        } else if name.as_os_str() != "-" && pattern::is_pattern(name) && !exists(name) {
            found.expand(name, include);
        } else {
            found.sources.push(name.into());
        }
    }
    found.note_duplicates();
    found
}

/// Whether there is something, be it a link that leads nowhere.
fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

impl Found {
    /// Notes which files are read more than once, under whatever names.
    fn note_duplicates(&mut self) {
        let mut first: HashMap<Identity, &Path> = HashMap::new();
        if self.sources.len() < 2 {
            return;
        }
        for source in &self.sources {
            let Some(identity) = Identity::of_file(&source.path) else {
                continue;
            };
            let path = &*source.path;
            let other = *first.entry(identity).or_insert(path);
            if std::ptr::eq(other, path) {
                continue;
            }
            let again = path.display();
            self.notes.push(match other == path {
                true => format!("{again} is named twice, and is counted twice"),
                false => format!(
                    "{again} is the same file as {}, and is counted twice",
                    other.display()
                ),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_files_keep_their_order_and_a_file_wins_over_a_pattern() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for name in ["b", "a1", "a[1]"] {
            std::fs::write(path(name), "").unwrap();
        }
        let names = [path("b"), path("a[1]"), path("missing"), "-".into()];
        let found = find(&names, &[]);
        assert_eq!(found.sources, names.map(Source::from));
        assert_eq!((found.unread, found.notes), (vec![], vec![]));
        std::fs::remove_file(path("a[1]")).unwrap();
        let found = find(&[path("a[1]")], &[]);
        assert_eq!(found.sources, [Source::from(path("a1"))]);
    }

    #[test]
    #[cfg(unix)]
    fn a_file_that_is_read_twice_is_noted() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("a"), "").unwrap();
        std::fs::write(path("b"), "").unwrap();
        std::os::unix::fs::symlink("a", path("link")).unwrap();
        std::fs::hard_link(path("a"), path("hard")).unwrap();
        let names = ["a", "b", "link", "a", "hard"].map(path);
        let notes = find(&names, &[]).notes;
        let [a, link, hard] = ["a", "link", "hard"].map(|name| path(name).display().to_string());
        assert_eq!(
            notes,
            [
                format!("{link} is the same file as {a}, and is counted twice"),
                format!("{a} is named twice, and is counted twice"),
                format!("{hard} is the same file as {a}, and is counted twice"),
            ]
        );
    }
}
