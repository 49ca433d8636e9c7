//! A log cut into lines.

/// Cuts at `\n` and at nothing else; what follows the last `\n` is a line only if it is not empty.
pub(crate) fn lines(log: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = log.split(|&byte| byte == b'\n').collect();
    if lines.last().is_some_and(|last| last.is_empty()) {
        lines.pop();
    }
    lines
}

/// Takes one `\r` off the end: the other half of a CRLF.
pub(crate) fn without_carriage_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
