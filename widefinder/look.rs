//! The first look at an input: its formats, by its first lines, and whether they
//! have the fields that the question needs. If somebody has named a format, that
//! is it, and nothing is looked at.

use crate::ask::Field;
use crate::error::Error;
use crate::open::Input;
use crate::question::{Pass, Question};
use crate::scan::detect::{detect, headed};
use crate::scan::format::{Format, Formats, is_common};

/// What a log should look like.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// The formats of all logs, whatever they look like: the one that was named,
    /// or none where no line is cut.
    given: Option<Formats>,
    /// The fields without which there is no answer.
    needed: Vec<Field>,
}

impl Look {
    /// As many bytes of a stream as are looked at.
    pub(crate) const BYTES: usize = 1 << 20;

    /// What the logs of a question should look like.
    pub(crate) fn new(question: &Question, passes: &[Pass]) -> Look {
        let given = match (question.cuts(), question.format()) {
            (false, _) => Some(Formats::new([])),
            (true, Some(format)) => Some(Formats::new([format.clone()])),
            (true, None) => None,
        };
        let needed = passes.iter().flat_map(|pass| &pass.needed);
        Look {
            given,
            needed: needed.cloned().collect(),
        }
    }

    /// Tells the formats of a log by its beginning.
    ///
    /// # Errors
    ///
    /// When they lack a field that is asked for; and when no line fits any format,
    /// if the log was not named but found.
    pub(crate) fn formats(&self, input: &Input, beginning: &[u8]) -> Result<Formats, Error> {
        let name = &input.name;
        let found = match &self.given {
            Some(given) => Ok(headed(given, beginning)),
            None => detect(beginning),
        };
        let formats = match found {
            Ok(formats) if self.given.as_ref().is_some_and(|given| given.is(&formats)) => {
                return Ok(formats);
            }
            Ok(formats) => formats,
            // Among logs there may be anything.
            Err(_) if input.found => return Err(Error::Skipped { name: name.clone() }),
            // Later lines may fit; if none does, that is said when all are read.
            Err(nearest) => return Ok(nearest),
        };
        let is_common = formats.list() == [Format::Combined] && is_common(beginning);
        for field in &self.needed {
            let lacks = formats.lack(field) || is_common && Format::Common.source(field).is_none();
            if lacks {
                let names = if is_common {
                    "common".to_owned()
                } else {
                    formats.names().join(", ")
                };
                return Err(Error::input(
                    name,
                    format_args!("is in the {names} format, which has no field {field}"),
                ));
            }
        }
        Ok(formats)
    }
}
