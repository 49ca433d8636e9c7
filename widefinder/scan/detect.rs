//! Which formats an input has, by its first lines.

use bumpalo::Bump;
use memchr::{memmem, memrchr};

use super::entries::{is_blank, without_mark};
use super::format::{Format, Formats, Record};
use super::formats;
use super::headers::Seen;
use super::lines::Lines;

/// Entries that are enough to tell.
const ENTRIES: usize = 100;

/// Bytes that are looked at, even if they hold fewer entries.
pub const BYTES: usize = 1 << 20;

/// Finds the formats of an input by its beginning: those that its first lines
/// fit, in an order in which each line meets the most particular first. Without any
/// line that tells there are none.
///
/// ```
/// use widefinder::scan::detect::detect;
///
/// let log = b"::1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.1\" 200 7\n";
/// assert_eq!(detect(log).unwrap().names(), ["common or combined"]);
/// assert_eq!(detect(b"a, b\n").unwrap_err().names(), ["common or combined"]);
/// ```
///
/// # Errors
///
/// When there are lines and none of them fits any format: the format that the
/// first of them fits longest.
pub fn detect(beginning: &[u8]) -> Result<Formats, Formats> {
    let known = formats::known();
    let mut found = vec![false; known.len()];
    let mut nearest = None;
    let (mut entries, mut seen) = (0, Seen::default());
    for (offset, line) in Lines::new(sample(beginning)) {
        let line = without_mark(offset as u64, line);
        if is_blank(line) {
            continue;
        }
        if line[0] == b'#' {
            seen.read(line);
            continue;
        }
        if let Some(format) = seen.now()
            && first_fit(std::slice::from_ref(format), line).is_ok()
        {
            entries += 1;
            if entries == ENTRIES {
                break;
            }
            continue;
        }
        match first_fit(known, line) {
            Ok((format, record)) => {
                found[format] = true;
                entries += usize::from(record == Record::Entry);
            }
            Err(format) => nearest = nearest.or(Some(format)),
        }
        if entries == ENTRIES {
            break;
        }
    }
    let formats = known.iter().zip(&found);
    let formats = formats.filter(|(_, found)| **found);
    let formats = formats.map(|(format, _)| format.clone());
    let formats = Formats::new(seen.formats().into_iter().chain(formats));
    match (formats.list(), nearest) {
        ([], Some(nearest)) => Err(Formats::new([known[nearest].clone()])),
        _ => Ok(formats),
    }
}

/// Finds the formats that the first header lines of an input name, if those of
/// its lines change with them; else they are what they are.
pub fn headed(formats: &Formats, beginning: &[u8]) -> Formats {
    if !has_headers(formats) {
        return formats.clone();
    }
    let mut seen = Seen::default();
    for (offset, line) in Lines::new(sample(beginning)) {
        seen.read(without_mark(offset as u64, line));
    }
    let seen = seen.formats();
    match seen.is_empty() {
        true => formats.clone(),
        false => Formats::new(seen),
    }
}

/// Finds the formats that any header lines of a text name, be they in its middle, if those
/// of the lines change with them.
pub fn headed_by_all(formats: &Formats, text: &[u8]) -> Formats {
    if !has_headers(formats) {
        return formats.clone();
    }
    let mut seen = Seen::default();
    for newline in memmem::find_iter(text, b"\n#") {
        if let Some((_, line)) = Lines::new(&text[newline + 1..]).next() {
            seen.read(line);
        }
    }
    Formats::new(formats.list().iter().cloned().chain(seen.formats()))
}

/// Whether header lines may change any of the formats.
fn has_headers(formats: &Formats) -> bool {
    let mut formats = formats.list().iter();
    formats.any(|format| format.header().is_some())
}

/// Whole lines at the beginning, or what there is if that is less than a line.
fn sample(beginning: &[u8]) -> &[u8] {
    if beginning.len() <= BYTES {
        return beginning;
    }
    let beginning = &beginning[..BYTES];
    let newline = memrchr(b'\n', beginning);
    &beginning[..newline.map_or(BYTES, |newline| newline + 1)]
}

/// The number of the first format that a line fits; else that of the one that it
/// fits longest.
fn first_fit(known: &[Format], line: &[u8]) -> Result<(usize, Record), usize> {
    let arena = Bump::new();
    let most = known.iter().map(Format::slots).max().unwrap_or(0);
    let mut slots = vec![&[][..]; most];
    let mut nearest = (known.len() - 1, 0);
    // Many formats share a wrapper, and few lines have any.
    let mut absent = None;
    for (number, format) in known.iter().enumerate() {
        let wrapper = format.wrapper();
        if wrapper.is_some() && wrapper == absent {
            continue;
        }
        match format.cut(line, &mut slots[..format.slots()], 0, &arena) {
            Ok(record) => return Ok((number, record)),
            Err(misfit) => {
                absent = wrapper.filter(|wrapper| !wrapper.is_around(line));
                if misfit.at >= nearest.1 {
                    nearest = (number, misfit.at);
                }
            }
        }
    }
    Err(nearest.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(log: &str) -> String {
        match detect(log.as_bytes()) {
            Ok(formats) => formats.names().join(", "),
            Err(nearest) => format!("no {}", nearest.names().join(", ")),
        }
    }

    #[test]
    fn a_virtual_host_before_the_client_is_seen() {
        let vhost = "a.example:80 ::1 - jo [t] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n";
        let combined = "a.example - - [t] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n";
        let with_port = "::1:80 - - [t] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n";
        assert_eq!(names(vhost), "vhost_combined");
        for log in [combined, with_port] {
            assert_eq!(names(log), "common or combined", "{log}");
        }
        for log in ["", "\n", " \t\r\n", "# x\n"] {
            assert_eq!(names(log), "", "{log}");
        }
        let both = "vhost_combined, common or combined";
        assert_eq!(names(&format!("nonsense\n{combined}{vhost}")), both);
    }

    #[test]
    fn the_nearest_format_is_told() {
        assert_eq!(names("nonsense\n"), "no common or combined");
        assert_eq!(names("a.example:80 ::1 - jo\n"), "no vhost_combined");
    }

    #[test]
    fn no_more_than_the_beginning_is_looked_at() {
        let combined = "h - - [t] \"-\" 200 5\n";
        let vhost = "a.example:80 ::1 - jo [t] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n";
        let late = |entries| names(&(combined.repeat(entries) + vhost));
        assert_eq!(late(ENTRIES - 1), "vhost_combined, common or combined");
        assert_eq!(late(ENTRIES), "common or combined");
        let junk = "x".repeat(BYTES);
        assert_eq!(
            names(&format!("{junk}\n{combined}")),
            "no common or combined"
        );
    }
}
