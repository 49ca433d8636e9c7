//! The files of a directory and of those in it.
//!
//! Links are followed, since log collectors make directories of nothing else;
//! but no directory is searched twice, so that neither a loop of links nor a
//! tree of them takes long.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::path::Path;

use super::{Found, Identity, Include, Source, Unread, list};

/// A search of a directory.
struct Search<'a> {
    found: &'a mut Found,
    include: &'a [Include],
    /// The directory that was named.
    top: &'a Path,
    searched: HashSet<Identity>,
}

impl Found {
    /// Adds the files of a directory that was named.
    pub(super) fn search(&mut self, top: &Path, include: &[Include]) {
        let before = (self.sources.len(), self.unread.len());
        let mut search = Search {
            found: self,
            include,
            top,
            searched: HashSet::new(),
        };
        match fs::metadata(top) {
            Ok(metadata) => search.directory(top, &metadata),
            Err(error) => search.fail(top, &error),
        }
        if before == (self.sources.len(), self.unread.len()) {
            let message = match include.is_empty() {
                true => "is a directory in which there is no file (hidden ones are not looked for)",
                false => "is a directory in which there is no file that --include takes",
            };
            self.unread.push(Unread::new(top, message));
        }
    }
}

impl Search<'_> {
    fn directory(&mut self, path: &Path, metadata: &Metadata) {
        let identity = match Identity::of(path, metadata) {
            Ok(identity) => identity,
            Err(error) => return self.fail(path, &error),
        };
        if !self.searched.insert(identity) {
            let note = format!("{} was searched before, and is skipped", path.display());
            return self.found.notes.push(note);
        }
        match list(path) {
            Ok(names) => {
                let names = names.iter().filter(|name| !is_hidden(name));
                names.for_each(|name| self.entry(&path.join(name)));
            }
            Err(error) => self.fail(path, &error),
        }
    }

    fn entry(&mut self, path: &Path) {
        let metadata = fs::metadata(path);
        if let Ok(metadata) = &metadata
            && metadata.is_dir()
        {
            return self.directory(path, metadata);
        }
        if !self.takes(path) {
            return;
        }
        match metadata {
            Ok(metadata) if metadata.is_file() => self.found.sources.push(Source {
                path: path.to_owned(),
                found: true,
            }),
            Ok(_) => self.found.notes.push(format!(
                "{} is no regular file, and is skipped; name it if it is a log",
                path.display()
            )),
            Err(error) => self.fail(path, &error),
        }
    }

    fn takes(&self, path: &Path) -> bool {
        let below = path.strip_prefix(self.top).unwrap_or(path);
        self.include.is_empty() || self.include.iter().any(|include| include.takes(below))
    }

    fn fail(&mut self, path: &Path, error: &io::Error) {
        let message = explain(path, error);
        self.found.unread.push(Unread::new(path, message));
    }
}

/// Whether a name is one that lists leave out.
pub(super) fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Says what is wrong with something in a directory, and what to try.
pub(super) fn explain(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => "is a link that leads nowhere".to_owned(),
        io::ErrorKind::PermissionDenied => {
            "you may not look into it; try it as the user who owns the logs".to_owned()
        }
        _ => format!("cannot be looked into: {error}"),
    }
}
