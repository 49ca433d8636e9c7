//! One line of an Apache common or combined log, cut from left to right.

/// The fields of a line as it has them, without quotes and brackets, escapes kept.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    pub(crate) client: &'a [u8],
    pub(crate) ident: &'a [u8],
    pub(crate) user: &'a [u8],
    pub(crate) time: &'a [u8],
    pub(crate) request: &'a [u8],
    pub(crate) status: &'a [u8],
    pub(crate) bytes: &'a [u8],
    /// Nothing in a common line; a combined line has both.
    pub(crate) referrer: Option<&'a [u8]>,
    pub(crate) agent: Option<&'a [u8]>,
}

/// Cuts a line (without its line end); nothing if it does not have the frame.
pub(crate) fn parse_entry(line: &[u8]) -> Option<Entry<'_>> {
    let ([client, ident, user], rest) = lead(line)?;
    let (time, rest) = up_to(rest, b"]")?;
    let (request, rest) = quoted(rest.strip_prefix(b" ")?)?;
    let (status, rest) = up_to(rest.strip_prefix(b" ")?, b" ")?;
    let bytes_length = rest
        .iter()
        .position(|&byte| byte == b' ')
        .unwrap_or(rest.len());
    let (bytes, rest) = rest.split_at(bytes_length);
    if !is_number_or_dash(status) || !is_number_or_dash(bytes) {
        return None;
    }
    let mut entry = Entry {
        client,
        ident,
        user,
        time,
        request,
        status,
        bytes,
        referrer: None,
        agent: None,
    };
    if rest.starts_with(b" \"") {
        let (referrer, rest) = quoted(&rest[1..])?;
        let (agent, rest) = quoted(rest.strip_prefix(b" ")?)?;
        if !rest.is_empty() && rest[0] != b' ' {
            return None;
        }
        entry.referrer = Some(referrer);
        entry.agent = Some(agent);
    }
    Some(entry)
}

/// Client, ident and user, and what stands behind the bracket after them.
type Lead<'a> = ([&'a [u8]; 3], &'a [u8]);

/// A client may stand in quotes, which close before any bracket; else a quote before it is
/// passed over.
fn lead(line: &[u8]) -> Option<Lead<'_>> {
    let Some(inside) = line.strip_prefix(b"\"") else {
        return bare_lead(line);
    };
    let end = inside.iter().position(|byte| b"\"[".contains(byte));
    match end.filter(|&end| inside[end..].starts_with(b"\" ")) {
        Some(end) => with_client(&inside[..end], &inside[end + 2..]),
        None => bare_lead(inside),
    }
}

fn bare_lead(line: &[u8]) -> Option<Lead<'_>> {
    let (client, rest) = up_to(line, b" ")?;
    if client.is_empty() {
        return None;
    }
    listed_lead(line, client).or_else(|| with_client(client, rest))
}

fn with_client<'a>(client: &'a [u8], rest: &'a [u8]) -> Option<Lead<'a>> {
    let (ident, rest) = up_to(rest, b" ")?;
    let (user, rest) = up_to(rest, b" [")?;
    let swallows_time = up_to(user, b"] \"").is_some();
    (!ident.is_empty() && !swallows_time).then_some(([client, ident, user], rest))
}

/// A client that is a list, whose words end in commas but for the last; if an ident and a
/// user stand before the first bracket.
fn listed_lead<'a>(line: &'a [u8], first: &'a [u8]) -> Option<Lead<'a>> {
    let (lead, rest) = up_to(line, b" [")?;
    if !first.ends_with(b",") {
        return None;
    }
    let mut words = lead.split(|&byte| byte == b' ');
    let mut length = 0;
    for word in words.by_ref() {
        length += word.len() + 1;
        if word.is_empty() {
            return None;
        }
        if !word.ends_with(b",") {
            break;
        }
    }
    let ident = words.next().filter(|ident| !ident.is_empty())?;
    let user = lead.get(length + ident.len() + 1..)?;
    Some(([&lead[..length - 1], ident, user], rest))
}

/// What stands before the first `mark`, and what stands behind it.
fn up_to<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    for position in 0..bytes.len() {
        if bytes[position..].starts_with(mark) {
            return Some((&bytes[..position], &bytes[position + mark.len()..]));
        }
    }
    None
}

/// What stands between the quote that must open `bytes` and the one that closes it, and what
/// stands behind that. A backslash escapes whatever byte comes next.
fn quoted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = bytes.strip_prefix(b"\"")?;
    let mut position = 0;
    while position < inside.len() {
        match inside[position] {
            b'\\' => position += 2,
            b'"' => return Some((&inside[..position], &inside[position + 1..])),
            _ => position += 1,
        }
    }
    None
}

fn is_number_or_dash(field: &[u8]) -> bool {
    field == b"-" || (!field.is_empty() && field.iter().all(u8::is_ascii_digit))
}

/// Cuts a request into method, URI and protocol; what it does not have is empty.
pub(crate) fn parse_request(request: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let request = trimmed(request);
    let (rest, protocol) = match request.iter().rposition(|&byte| byte == b' ') {
        Some(space) if request[space + 1..].starts_with(b"HTTP/") => {
            (&request[..space], &request[space + 1..])
        }
        _ => (request, &b""[..]),
    };
    match up_to(rest, b" ") {
        Some((method, uri)) if is_method(method) => (method, trimmed(uri), protocol),
        _ => (b"", trimmed(rest), protocol),
    }
}

/// The URI without its query.
pub(crate) fn path_of(uri: &[u8]) -> &[u8] {
    up_to(uri, b"?").map_or(uri, |(path, _)| path)
}

fn is_method(word: &[u8]) -> bool {
    !word.is_empty()
        && word
            .iter()
            .all(|byte| byte.is_ascii_alphabetic() || *byte == b'-' || *byte == b'_')
}

/// Without the spaces at both ends; other white space stays.
fn trimmed(mut bytes: &[u8]) -> &[u8] {
    while let Some(shorter) = bytes.strip_prefix(b" ") {
        bytes = shorter;
    }
    while let Some(shorter) = bytes.strip_suffix(b" ") {
        bytes = shorter;
    }
    bytes
}
