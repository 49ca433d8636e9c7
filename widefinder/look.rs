//! The first look at an input: its formats, by its first lines, and whether they
//! have the fields that the question needs. A format that somebody has named is it, and
//! only its header lines, if it has any, are looked for.

use crate::ask::Field;
use crate::container;
use crate::error::Error;
use crate::open::Input;
use crate::question::{Pass, Question};
use crate::scan::detect::{self, detect, headed, headed_by_all};
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
    /// As many bytes of a stream as are looked at: one more than tell, so that the
    /// line that they end in is seen to be cut off, as it is in a map.
    pub(crate) const BYTES: usize = detect::BYTES + 1;

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
    /// When it is no text that can be read, when the formats lack a field that is asked
    /// for, and when no line fits any format, if the log was not named but found.
    pub(crate) fn formats(&self, input: &Input, beginning: &[u8]) -> Result<Formats, Error> {
        let name = &input.name;
        match container::advice(beginning, name, input.packing()) {
            Some(advice) if input.found => {
                return Err(Error::skipped(name, format_args!("it {advice}")));
            }
            Some(advice) => return Err(Error::input(name, advice)),
            None => {}
        }
        let found = match &self.given {
            Some(given) => Ok(headed(given, beginning)),
            None => detect(beginning),
        };
        let is_whole = beginning.len() < Look::BYTES;
        let (formats, fits) = match found {
            Ok(formats) if self.given.as_ref().is_some_and(|given| given.is(&formats)) => {
                return Ok(formats);
            }
            Ok(formats) if formats.list().is_empty() => {
                let combined = Formats::new([Format::Combined]);
                if is_whole {
                    // What has no lines lacks no field.
                    return Ok(combined);
                }
                (combined, false)
            }
            Ok(formats) => (formats, true),
            // Among logs there may be anything.
            Err(_) if input.found => {
                return Err(Error::skipped(
                    name,
                    "none of its first lines is in a known format; if it is a log, name it, with \
                     its --log-format",
                ));
            }
            // That no line fits is said when all are read.
            Err(nearest) if is_whole => return Ok(nearest),
            // Later lines may fit.
            Err(nearest) => (nearest, false),
        };
        let Some((names, field)) = self.lacking(&formats, beginning) else {
            return Ok(formats);
        };
        // The header line of a later part may name it.
        let later = headed_by_all(&formats, beginning);
        match self.lacking(&later, beginning) {
            None => Ok(formats),
            Some(_) => Err(Error::input(
                name,
                lack(&names, field, fits, self.given.is_some()),
            )),
        }
    }

    /// The names of the formats if they lack a field that is asked for, and the
    /// field.
    fn lacking(&self, formats: &Formats, beginning: &[u8]) -> Option<(String, &Field)> {
        if self.needed.is_empty() {
            return None;
        }
        let formats = match formats.list() {
            [others @ .., Format::Combined] if is_common(beginning) => {
                Formats::new(others.iter().cloned().chain([Format::Common]))
            }
            _ => formats.clone(),
        };
        let field = self.needed.iter().find(|field| formats.lack(field))?;
        Some((formats.names().join(", "), field))
    }
}

/// Says that a format has no such field, and what to try.
fn lack(names: &str, field: &Field, fits: bool, is_given: bool) -> String {
    if !fits {
        return format!(
            "none of its first lines is in a known format, and the nearest, {names}, has no field \
             {field}"
        );
    }
    let (way_out, why) = match names {
        "w3c" if !is_given => ("w3c", "if a later #Fields line names it"),
        _ if *field != Field::Latency => ("", ""),
        "common" => ("common %D", "if it stands behind the bytes"),
        "common or combined" => ("combined %D", "if it stands behind the agent"),
        "vhost_combined" => ("vhost_combined %D", "if it stands behind the agent"),
        "vhost_combined_no_port" => ("vhost_combined_no_port %D", "if it stands behind the agent"),
        _ => ("", ""),
    };
    if way_out.is_empty() {
        return format!("is in the {names} format, which has no field {field}");
    }
    format!(
        "is in the {names} format, which has no field {field}; try --log-format '{way_out}', {why}"
    )
}
