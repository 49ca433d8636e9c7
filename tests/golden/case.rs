//! One golden case: the text of its file, taken apart.

use super::escape::{decode, encode};
use std::ops::Range;
use std::path::{Component, Path};

/// What to run and what must come out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) args: Vec<String>,
    /// Names below the folder in which the program runs, and contents.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) stdin: Option<Vec<u8>>,
    pub(crate) stdout: Option<Stdout>,
    pub(crate) stderr: Stderr,
    pub(crate) exit: i32,
}

/// The expected output, and where it stands in the case's file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stdout {
    pub(crate) bytes: Vec<u8>,
    /// The section with its first line.
    place: Range<usize>,
    escaped: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) enum Stderr {
    #[default]
    Anything,
    Exactly(Vec<u8>),
    Contains(Vec<String>),
}

/// A section before its name is understood.
struct Section<'a> {
    name: &'a str,
    content: &'a [u8],
    place: Range<usize>,
    line: usize,
}

impl Case {
    /// Takes the text of a case's file apart.
    ///
    /// # Errors
    ///
    /// The line and what is wrong with it, or what the case lacks.
    pub(crate) fn parse(text: &[u8]) -> Result<Self, String> {
        let mut case = Self::default();
        let mut seen: Vec<String> = Vec::new();
        let mut expects_something = false;
        for section in sections(text)? {
            let at_line = |error: String| format!("line {}: {error}", section.line);
            let subject = case.take(&section).map_err(at_line)?;
            expects_something |= ["stdout", "stderr", "exit"].contains(&subject.as_str());
            if seen.contains(&subject) {
                return Err(at_line(format!("a second section for {subject}")));
            }
            seen.push(subject);
        }
        if !expects_something {
            return Err("the case expects nothing: it needs stdout, stderr or exit".to_owned());
        }
        Ok(case)
    }

    /// Takes over what the section says; returns what it is about, which may be said only once.
    fn take(&mut self, section: &Section<'_>) -> Result<String, String> {
        let words: Vec<&str> = section.name.split(' ').collect();
        match words[..] {
            ["args"] => self.args = text_lines(section.content)?,
            ["file", name] => self.files.push(file(name, section.content.to_vec())?),
            ["file", name, "escaped"] => self.files.push(file(name, decode(section.content)?)?),
            ["stdin"] => self.stdin = Some(section.content.to_vec()),
            ["stdin", "escaped"] => self.stdin = Some(decode(section.content)?),
            ["stdout"] => self.stdout = Some(Stdout::new(section, section.content.to_vec())),
            ["stdout", "escaped"] => {
                self.stdout = Some(Stdout::new(section, decode(section.content)?));
            }
            ["stderr"] => self.stderr = Stderr::Exactly(section.content.to_vec()),
            ["stderr", "escaped"] => self.stderr = Stderr::Exactly(decode(section.content)?),
            ["stderr", "contains"] => {
                let lines = text_lines(section.content)?;
                // Every text contains an empty line; whoever wrote one meant something else.
                if lines.is_empty() || lines.iter().any(String::is_empty) {
                    return Err("an empty line says nothing about stderr".to_owned());
                }
                self.stderr = Stderr::Contains(lines);
            }
            ["exit", code] => {
                self.exit = code
                    .parse()
                    .map_err(|_| format!("'{code}' is no exit code"))?;
                if !section.content.trim_ascii().is_empty() {
                    return Err("the section exit has no content".to_owned());
                }
            }
            _ => return Err(format!("unknown section '{}'", section.name)),
        }
        Ok(match words[..] {
            ["file", name, ..] => format!("file {name}"),
            _ => words[0].to_owned(),
        })
    }
}

impl Stdout {
    fn new(section: &Section<'_>, bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            place: section.place.clone(),
            escaped: section.name.ends_with(" escaped"),
        }
    }

    /// The case's text with other bytes expected; escaped if they cannot be written as they are.
    pub(crate) fn replaced_in(&self, text: &[u8], bytes: &[u8]) -> Vec<u8> {
        let section = if self.escaped || !is_plain(bytes) {
            format!("--- stdout escaped\n{}", encode(bytes)).into_bytes()
        } else {
            [b"--- stdout\n", bytes].concat()
        };
        [&text[..self.place.start], &section, &text[self.place.end..]].concat()
    }
}

/// Whether the bytes can stand in a section as they are and a person can read them there.
fn is_plain(bytes: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(bytes) else {
        return false;
    };
    (text.is_empty() || text.ends_with('\n'))
        && !text.lines().any(|line| line.starts_with("--- "))
        && !text
            .chars()
            .any(|character| character.is_control() && !"\n\t".contains(character))
}

/// Cuts the text at its section lines, behind the comment that every case begins with.
fn sections(text: &[u8]) -> Result<Vec<Section<'_>>, String> {
    if !text.starts_with(b"#") {
        return Err("line 1: a case begins with a comment that says what it shows".to_owned());
    }
    let mut sections: Vec<Section<'_>> = Vec::new();
    let mut start = 0;
    for (index, line) in text.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let end = start + line.len();
        if let Some(name) = line.strip_prefix(b"--- ") {
            let name = name.strip_suffix(b"\n").unwrap_or(name);
            sections.push(Section {
                name: str::from_utf8(name)
                    .map_err(|_| format!("line {}: a name that is not UTF-8", index + 1))?,
                content: &text[end..end],
                place: start..end,
                line: index + 1,
            });
        } else if let Some(section) = sections.last_mut() {
            section.place.end = end;
            section.content = &text[end - section.content.len() - line.len()..end];
        } else if !line.starts_with(b"#") && !line.trim_ascii().is_empty() {
            return Err(format!(
                "line {}: expected a comment or a section, a line '--- name'",
                index + 1
            ));
        }
        start = end;
    }
    Ok(sections)
}

fn text_lines(content: &[u8]) -> Result<Vec<String>, String> {
    let text = str::from_utf8(content).map_err(|_| "the section is not UTF-8".to_owned())?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// A file must lie inside the folder of the run, which is thrown away.
fn file(name: &str, content: Vec<u8>) -> Result<(String, Vec<u8>), String> {
    let inside = Path::new(name)
        .components()
        .all(|component| matches!(component, Component::Normal(_)));
    if name.is_empty() || !inside {
        return Err(format!("'{name}' is no name of a file inside the folder"));
    }
    Ok((name.to_owned(), content))
}

#[cfg(test)]
#[path = "case_tests.rs"]
mod tests;
