//! Named small logs, one per corner case. All of them are made up.
//!
//! Every case is a log for every report: a line that is a trap for one of them is at least an odd
//! line for the others.

mod articles;
mod frames;
mod line_ends;
mod matches;
mod numbers;
mod referrers;
mod requests;
mod times;

/// A name for messages, and the log.
pub(crate) type Case = (&'static str, Vec<u8>);

/// Every corner case that we know of; no two have the same name.
pub(crate) fn corner_cases() -> Vec<Case> {
    [
        line_ends::cases(),
        matches::cases(),
        articles::cases(),
        referrers::cases(),
        numbers::cases(),
        requests::cases(),
        frames::cases(),
        times::cases(),
    ]
    .concat()
}

const TIME: &str = "01/Oct/2026:06:33:45 -0700";

/// An article, as it stands in a request.
const ARTICLE: &str = "/ongoing/When/200x/2006/09/29/Tea-Time";

/// A combined line, without its line end.
fn combined(client: &str, request: &str, status: &str, bytes: &str, referrer: &str) -> String {
    format!("{client} - - [{TIME}] \"{request}\" {status} {bytes} \"{referrer}\" \"Test/1.0\"")
}

/// A common line with the given request, without its line end.
fn common(request: &str, status: &str, bytes: &str) -> String {
    format!("192.0.2.1 - - [{TIME}] \"{request}\" {status} {bytes}")
}

/// A successful fetch of a URI, without its line end.
fn fetch(uri: &str) -> String {
    combined(
        "192.0.2.1",
        &format!("GET {uri} HTTP/1.1"),
        "200",
        "1000",
        "-",
    )
}

/// Ends every line with `\n`.
fn log<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>) -> Vec<u8> {
    let mut log = Vec::new();
    for line in lines {
        log.extend_from_slice(line.as_ref());
        log.push(b'\n');
    }
    log
}

/// The line with one `@` for bytes that no `str` can hold.
fn with_bytes(line: &str, bytes: &[u8]) -> Vec<u8> {
    let (before, after) = line.split_once('@').expect("the line has a place for them");
    [before.as_bytes(), bytes, after.as_bytes()].concat()
}
