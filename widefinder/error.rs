//! What can go wrong, said so that a person can mend it.

use std::fmt;
use std::io;

use crate::ask::Mistake;

/// An error, with its place and what to try.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The question itself is wrong.
    Usage(String),
    /// An expression of the question cannot be understood.
    Question {
        /// The option that holds it: `--where`.
        option: String,
        /// What is wrong, and where.
        mistake: Mistake,
    },
    /// An input cannot be read, or not to its end.
    Input {
        /// The file's name.
        name: String,
        /// What is wrong with it, and what to try.
        message: String,
    },
    /// A file that was found in a directory is no log, and was left out.
    Skipped {
        /// The file's name.
        name: String,
        /// Why it is none.
        reason: String,
    },
    /// The answer cannot be written.
    Output {
        /// Where it should have gone.
        name: String,
        /// Why it did not.
        source: io::Error,
    },
}

impl Error {
    /// An error of the file `name`.
    pub fn input(name: &str, message: impl fmt::Display) -> Error {
        Error::Input {
            name: name.to_owned(),
            message: message.to_string(),
        }
    }

    /// A file `name` that is left out.
    pub(crate) fn skipped(name: &str, reason: impl fmt::Display) -> Error {
        Error::Skipped {
            name: name.to_owned(),
            reason: reason.to_string(),
        }
    }

    /// Whether the reader of the answer went away, which is no failure: `head`
    /// has seen enough.
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Error::Output { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage(message) => f.write_str(message),
            Error::Question { option, mistake } => write!(f, "{option}: {mistake}"),
            Error::Input { name, message } => write!(f, "{name}: {message}"),
            Error::Skipped { name, reason } => write!(f, "{name}: skipped, since {reason}"),
            Error::Output { name, source } => write!(f, "cannot write to {name}: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Output { source, .. } => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::Key;

    #[test]
    fn a_mistake_is_shown_under_its_option() {
        let error = Error::Question {
            option: "--by".to_owned(),
            mistake: Key::parse_list("path,pth").unwrap_err(),
        };
        assert_eq!(
            error.to_string(),
            "--by: there is no field `pth`; did you mean `path`?\n  path,pth\n       ^^^"
        );
    }
}
