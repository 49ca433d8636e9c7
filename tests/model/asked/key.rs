//! What a table counts by.

use std::fmt;
use std::net::IpAddr;

use super::clock::{self, DAY, WEEKDAYS};
use super::row::{Row, seconds};

/// A field, or what is derived from it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Key {
    Client,
    User,
    Method,
    Uri,
    Path,
    Query,
    Protocol,
    Status,
    Bytes,
    Referrer,
    Agent,
    Line,
    /// Only in a timed log.
    Latency,
    Time,
    /// As it is typed, and in seconds.
    Bucket(&'static str, i64),
    Day,
    Hour,
    Weekday,
    Site,
    Class,
    Ext,
    Network(u32),
    Segments(usize),
    Parameter(&'static str),
}

/// What sorts as it should: a time that cannot be read is behind the others.
pub(crate) type Order = (bool, Vec<u8>);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Bucket(width, _) => write!(f, "time:{width}"),
            Key::Network(bits) => write!(f, "client/{bits}"),
            Key::Segments(number) => write!(f, "path:{number}"),
            Key::Parameter(name) => write!(f, "query:{name}"),
            _ => f.write_str(&format!("{self:?}").to_lowercase()),
        }
    }
}

impl Key {
    /// Whether its values follow the clock.
    pub(crate) fn is_time(self) -> bool {
        matches!(
            self,
            Key::Time | Key::Bucket(..) | Key::Day | Key::Hour | Key::Weekday
        )
    }

    /// The value of an entry, as people read it.
    pub(crate) fn value(self, row: &Row<'_>) -> Vec<u8> {
        let of_time = |text: &dyn Fn(i64) -> String| row.wall.map(text).unwrap_or("-".to_owned());
        match self {
            Key::Client => row.client.to_vec(),
            Key::User => row.user.to_vec(),
            Key::Method => row.method.to_vec(),
            Key::Uri => row.uri.to_vec(),
            Key::Path => row.path.to_vec(),
            Key::Query => row.query.to_vec(),
            Key::Protocol => row.protocol.to_vec(),
            Key::Status => row.status.to_vec(),
            Key::Bytes => row.bytes.to_vec(),
            Key::Referrer => row.referrer.to_vec(),
            Key::Agent => row.agent.to_vec(),
            Key::Line => row.line.to_vec(),
            Key::Latency => row.latency.map_or("-".to_owned(), seconds).into(),
            Key::Time => of_time(&|wall| clock::start_text(wall, 1)).into(),
            Key::Bucket(_, width) => {
                of_time(&|wall| clock::start_text(clock::start(wall, width), width)).into()
            }
            Key::Day => of_time(&clock::day_text).into(),
            Key::Hour => of_time(&clock::hour_text).into(),
            Key::Weekday => of_time(&|wall| clock::weekday_text(wall).to_owned()).into(),
            Key::Site => site(row.referrer),
            Key::Class => class(row.status).to_vec(),
            Key::Ext => extension(row.path).to_vec(),
            Key::Network(bits) => network(row.client, bits),
            Key::Segments(number) => segments(row.path, number).to_vec(),
            Key::Parameter(name) => parameter(row.query, name.as_bytes()).to_vec(),
        }
    }

    /// Where a value stands among those of the key.
    pub(crate) fn order(self, value: &[u8]) -> Order {
        let place = WEEKDAYS.iter().position(|day| day.as_bytes() == value);
        match (self, place) {
            (Key::Weekday, Some(place)) => (false, vec![place as u8]),
            _ => (self.is_time() && value == b"-", value.to_vec()),
        }
    }

    /// All values from the first to the last, where gaps are filled.
    pub(crate) fn without_gaps(self, first: i64, last: i64) -> Option<Vec<Vec<u8>>> {
        let width = match self {
            Key::Hour => return Some((0..24).map(|hour| format!("{hour:02}").into()).collect()),
            Key::Weekday => return Some(WEEKDAYS.map(|day| day.into()).to_vec()),
            Key::Day => DAY,
            Key::Bucket(_, width) => width,
            _ => 1,
        };
        let (mut start, last) = (clock::start(first, width), clock::start(last, width));
        if (last - start) / width + 1 > 100_000 {
            return None;
        }
        let mut values = Vec::new();
        while start <= last {
            values.push(clock::start_text(start, width).into());
            start += width;
        }
        Some(values)
    }
}

/// Whether a value says that there is none.
pub(crate) fn is_absent(value: &[u8]) -> bool {
    value.is_empty() || value == b"-"
}

fn up_to<'v>(value: &'v [u8], ends: &[u8]) -> &'v [u8] {
    let end = value.iter().position(|byte| ends.contains(byte));
    &value[..end.unwrap_or(value.len())]
}

fn site(referrer: &[u8]) -> Vec<u8> {
    let Some(scheme) = referrer.windows(3).position(|window| window == b"://") else {
        return b"-".to_vec();
    };
    let authority = up_to(&referrer[scheme + 3..], b"/?#");
    let host = authority
        .rsplit(|byte| *byte == b'@')
        .next()
        .unwrap_or(authority);
    let host = match (host.first(), host.iter().position(|byte| *byte == b']')) {
        (Some(b'['), Some(end)) => [&host[..end], up_to(&host[end..], b":")].concat(),
        _ => up_to(host, b":").to_vec(),
    };
    if host.is_empty() {
        return b"-".to_vec();
    }
    host.to_ascii_lowercase()
}

fn class(status: &[u8]) -> &'static [u8] {
    let digits = status.iter().all(u8::is_ascii_digit);
    match status.first() {
        Some(b'1') if status.len() == 3 && digits => b"1xx",
        Some(b'2') if status.len() == 3 && digits => b"2xx",
        Some(b'3') if status.len() == 3 && digits => b"3xx",
        Some(b'4') if status.len() == 3 && digits => b"4xx",
        Some(b'5') if status.len() == 3 && digits => b"5xx",
        _ => b"other",
    }
}

fn extension(path: &[u8]) -> &[u8] {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
    match name.iter().rposition(|byte| *byte == b'.') {
        None | Some(0) => b"-",
        Some(dot) if dot + 1 == name.len() => b"-",
        Some(dot) => &name[dot + 1..],
    }
}

fn segments(path: &[u8], number: usize) -> &[u8] {
    let mut slashes = 0;
    for (place, byte) in path.iter().enumerate() {
        slashes += usize::from(*byte == b'/');
        if slashes == number + 1 {
            return &path[..place];
        }
    }
    path
}

fn parameter<'q>(query: &'q [u8], name: &[u8]) -> &'q [u8] {
    if is_absent(query) {
        return b"-";
    }
    for part in query.split(|byte| *byte == b'&') {
        let length = up_to(part, b"=").len();
        if &part[..length] == name {
            return part.get(length + 1..).unwrap_or_default();
        }
    }
    b"-"
}

fn network(client: &[u8], bits: u32) -> Vec<u8> {
    match String::from_utf8_lossy(client).parse() {
        Ok(IpAddr::V4(address)) => {
            let mut octets = address.octets();
            for bit in bits..32 {
                octets[bit as usize / 8] &= !(128 >> (bit % 8));
            }
            let [a, b, c, d] = octets;
            format!("{a}.{b}.{c}.{d}/{bits}").into()
        }
        Ok(IpAddr::V6(address)) => {
            let mut parts = address.segments();
            parts[3..].fill(0);
            format!("{}/48", std::net::Ipv6Addr::from(parts)).into()
        }
        Err(_) => client.to_vec(),
    }
}
