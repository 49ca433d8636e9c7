//! The first look at an input: whether it is in the format that the question
//! supposes. Only the beginning is looked at, and only if nobody has named a
//! format.

use crate::ask::Field;
use crate::error::Error;
use crate::question::Question;
use crate::scan::format::{is_common, is_vhost_combined};

/// What a log should look like.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// Whether the format was not named but assumed.
    assumes: bool,
    /// A field that the question is about and that the common format lacks.
    needs: Option<Field>,
}

impl Look {
    /// As many bytes of a stream as are looked at.
    pub(crate) const BYTES: usize = 1 << 16;

    /// What the logs of a question should look like.
    pub(crate) fn new(question: &Question) -> Look {
        Look {
            assumes: question.assumes_format(),
            needs: question.needs_combined(),
        }
    }

    /// Refuses a log that lacks a field that is asked for, or whose fields stand
    /// elsewhere, as far as its beginning shows.
    pub(crate) fn check(&self, name: &str, beginning: &[u8]) -> Result<(), Error> {
        if !self.assumes {
            return Ok(());
        }
        if is_vhost_combined(beginning) {
            return Err(Error::input(
                name,
                "looks like the format vhost_combined; try --log-format vhost_combined, \
                 or --log-format combined if the virtual host is the client",
            ));
        }
        match &self.needs {
            Some(field) if is_common(beginning) => Err(Error::input(
                name,
                format_args!("is in the common format, which has no field {field}"),
            )),
            _ => Ok(()),
        }
    }
}
