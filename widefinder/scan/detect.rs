//! Which formats an input has, by its first lines.

use std::sync::LazyLock;

use bumpalo::Bump;
use memchr::{memchr, memrchr};

use super::combined::Misfit;
use super::format::{Format, Formats, Record};
use super::layout::Layout;
use super::lines::Lines;

/// Entries that are enough to tell.
const ENTRIES: usize = 100;

/// Bytes that are looked at, even if they hold fewer entries.
const BYTES: usize = 1 << 20;

/// Finds the formats of an input by its beginning: those that its first lines
/// fit, in an order in which each line meets the most particular first. An input
/// without any line that tells is taken for a combined log.
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
    let known = &**KNOWN;
    let mut found = vec![false; known.len()];
    let mut nearest = None;
    let mut entries = 0;
    for (number, (_, line)) in Lines::new(sample(beginning)).enumerate() {
        let line = match number {
            0 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
            _ => line,
        };
        if line.iter().all(u8::is_ascii_whitespace) || line[0] == b'#' {
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
    let formats = formats.filter_map(|(format, found)| found.then(|| format.clone()));
    let formats = Formats::new(formats);
    match (formats.list(), nearest) {
        ([], Some(nearest)) => Err(Formats::new([known[nearest].clone()])),
        ([], None) => Ok(Formats::new([Format::Combined])),
        _ => Ok(formats),
    }
}

/// All formats that are told by their lines, the most particular first.
static KNOWN: LazyLock<Box<[Format]>> = LazyLock::new(|| {
    let layout = |name| Layout::parse(name).expect("the name of a format");
    let vhost_combined = layout("vhost_combined").beginning_with(is_vhost_combined);
    Box::new([Format::Layout(vhost_combined), Format::Combined])
});

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
    let mut nearest = (known.len() - 1, 0);
    for (number, format) in known.iter().enumerate() {
        let mut slots = vec![&[][..]; format.slots()];
        match format.cut(line, &mut slots, &arena) {
            Ok(record) => return Ok((number, record)),
            Err(misfit) if misfit.at > nearest.1 => nearest = (number, misfit.at),
            Err(_) => {}
        }
    }
    Err(nearest.0)
}

/// Whether a line begins as one of `vhost_combined`. Such a line fits the combined
/// format as well, with the virtual host for the client, the client for its
/// identity, and two users; and many a line of that fits this one.
fn is_vhost_combined(line: &[u8]) -> Result<(), Misfit> {
    let misfit = |at, expected| Err(Misfit { at, expected });
    let word = |from: usize| {
        let rest = &line[from..];
        &rest[..memchr(b' ', rest).unwrap_or(rest.len())]
    };
    let vhost = word(0);
    let port = memrchr(b':', vhost).map(|colon| &vhost[colon + 1..]);
    let is_port = port.is_some_and(|port| !port.is_empty() && port.iter().all(u8::is_ascii_digit));
    if !is_port || vhost.len() == line.len() {
        return misfit(0, "a virtual host, its port and a space");
    }
    let at = vhost.len() + 1;
    let client = word(at);
    if !client.iter().any(|byte| matches!(byte, b'.' | b':')) {
        return misfit(at, "the address or the name of a client");
    }
    let at = at + client.len();
    match line[at..].starts_with(b" - ") {
        true => Ok(()),
        // The client's own word for its user, which hardly ever says anything.
        false => misfit(at, "a - between spaces"),
    }
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
        for log in [combined, with_port, "", "\n", "# x\n"] {
            assert_eq!(names(log), "common or combined", "{log}");
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
