//! Which files of a directory are meant.

use std::path::Path;
use std::str::FromStr;

use globset::{GlobBuilder, GlobMatcher};

/// A pattern for files of a directory: `*.gz`, or, from the directory on,
/// `2026-*/access.*`.
///
/// ```
/// use std::path::Path;
/// use widefinder::find::Include;
///
/// let packed: Include = "*.{gz,zst}".parse()?;
/// assert!(packed.takes(Path::new("old/access.log.1.gz")));
/// let old: Include = "old/*".parse()?;
/// assert!(old.takes(Path::new("old/access.log")));
/// assert!(!old.takes(Path::new("old/er/access.log")));
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug)]
pub struct Include {
    matcher: GlobMatcher,
    /// Whether it speaks of directories too.
    has_directories: bool,
}

impl FromStr for Include {
    type Err = String;

    fn from_str(text: &str) -> Result<Include, String> {
        // From the directory on, with or without saying so.
        let rest = text.strip_prefix("./").unwrap_or(text);
        Ok(Include {
            matcher: matcher(rest.trim_start_matches('/'))?,
            has_directories: rest.contains('/'),
        })
    }
}

impl Include {
    /// Whether a file is meant, whose path begins at the directory.
    pub fn takes(&self, path: &Path) -> bool {
        match path.file_name() {
            Some(name) if !self.has_directories => self.matcher.is_match(name),
            _ => self.matcher.is_match(path),
        }
    }
}

/// Compiles a pattern in which only `**` matches a slash.
pub(super) fn matcher(pattern: &str) -> Result<GlobMatcher, String> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    match glob {
        Ok(glob) => Ok(glob.compile_matcher()),
        Err(error) => Err(error.kind().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_without_a_slash_is_one_for_names() {
        for (pattern, path, takes) in [
            ("*.log", "a.log", true),
            ("*.log", "b/a.log", true),
            ("*.log", "a.log.1", false),
            ("b/*.log", "b/a.log", true),
            ("b/*.log", "c/b/a.log", false),
            ("**/b/*.log", "c/b/a.log", true),
            ("./*.log", "a.log", true),
            ("./*.log", "b/a.log", true),
            ("/*.log", "a.log", true),
            ("/*.log", "b/a.log", false),
            ("a?[1-3].log", "ab2.log", true),
        ] {
            let include: Include = pattern.parse().unwrap();
            assert_eq!(include.takes(Path::new(path)), takes, "{pattern} {path}");
        }
        assert!("a[".parse::<Include>().is_err());
    }
}
