//! The forms of an answer.

use std::ffi::OsStr;
use std::path::Path;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{Arg, Command, ValueEnum};

/// How an answer is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Form {
    /// For people.
    #[default]
    Text,
    /// One document.
    Json,
    /// A document of JSON a line.
    Ndjson,
    /// Comma-separated values.
    Csv,
    /// Values separated by tabs.
    Tsv,
    /// For people, in a document.
    Markdown,
}

impl Form {
    /// The form that the ending of a file's name asks for.
    ///
    /// ```
    /// use std::path::Path;
    /// use widefinder::form::Form;
    ///
    /// assert_eq!(Form::of(Path::new("answer.JSONL")), Some(Form::Ndjson));
    /// assert_eq!(Form::of(Path::new("answer")), None);
    /// ```
    pub fn of(file: &Path) -> Option<Form> {
        let ending = file.extension()?.to_str()?.to_ascii_lowercase();
        Some(match ending.as_str() {
            "json" => Form::Json,
            "ndjson" | "jsonl" => Form::Ndjson,
            "csv" => Form::Csv,
            "tsv" => Form::Tsv,
            "md" | "markdown" => Form::Markdown,
            "txt" => Form::Text,
            _ => return None,
        })
    }
}

impl ValueEnum for Form {
    fn value_variants<'a>() -> &'a [Form] {
        &[
            Form::Text,
            Form::Json,
            Form::Ndjson,
            Form::Csv,
            Form::Tsv,
            Form::Markdown,
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(match self {
            Form::Text => PossibleValue::new("text"),
            Form::Json => PossibleValue::new("json"),
            Form::Ndjson => PossibleValue::new("ndjson").alias("jsonl"),
            Form::Csv => PossibleValue::new("csv"),
            Form::Tsv => PossibleValue::new("tsv"),
            Form::Markdown => PossibleValue::new("markdown").alias("md"),
        })
    }
}

/// Reads the name of a form. Elsewhere `-f FILE` names an input, so a file is
/// told apart from a slip of the key.
#[derive(Clone, Copy, Debug)]
pub struct FormParser;

impl TypedValueParser for FormParser {
    type Value = Form;

    fn parse_ref(
        &self,
        command: &Command,
        argument: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Form, clap::Error> {
        let names = clap::builder::EnumValueParser::<Form>::new();
        names.parse_ref(command, argument, value).map_err(|error| {
            if !Path::new(value).exists() {
                return error;
            }
            let file = value.to_string_lossy();
            let message = format!(
                "'{file}' is a file, and --format takes the form of the answer; \
                 did you mean: widefinder {file}"
            );
            command.clone().error(ErrorKind::InvalidValue, message)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let forms = Form::value_variants().iter();
        Some(Box::new(forms.filter_map(Form::to_possible_value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_in_a_form() {
        for (file, form) in [
            ("a.json", Some(Form::Json)),
            ("a.ndjson", Some(Form::Ndjson)),
            ("b/a.csv", Some(Form::Csv)),
            ("a.b.tsv", Some(Form::Tsv)),
            ("a.md", Some(Form::Markdown)),
            ("a.markdown", Some(Form::Markdown)),
            ("a.txt", Some(Form::Text)),
            ("json", None),
            (".json", None),
            ("a.json.gz", None),
            ("-", None),
        ] {
            assert_eq!(Form::of(Path::new(file)), form, "{file}");
        }
    }
}
