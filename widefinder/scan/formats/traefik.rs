//! Traefik's access log as JSON. Durations are in nanoseconds; headers of the
//! request are there where the configuration keeps them.
//!
//! The program's own messages may stand in the same log; they are no requests.
//!
//! Source: the Traefik documentation, *Access Logs*, and
//! `pkg/middlewares/accesslog/logdata.go`.

use super::json;
use super::named::Dialect;
use super::names::{Row, exact, slot};
use super::usual_names::FOREIGN;
use super::values::Values;
use crate::scan::format::Record;
use crate::scan::scale::Scale;

/// The format.
pub(super) static TRAEFIK: Dialect = Dialect {
    name: "traefik_json",
    walk: json::walk,
    rows: &[ROWS, FOREIGN],
    signs: 1 << slot::URI
        | 1 << slot::METHOD
        | 1 << slot::CLIENT
        | 1 << slot::STATUS
        | 1 << slot::TIME
        | 1 << slot::LEVEL
        | 1 << slot::MESSAGE
        | 1 << slot::FOREIGN,
    read: 0,
    judge,
    complete: |_| {},
    duration: Scale::Nanoseconds,
};

const ROWS: &[Row] = &[
    exact(slot::TIME, &["StartUTC", "StartLocal", "time"]),
    exact(slot::CLIENT, &["ClientHost", "ClientAddr"]),
    exact(slot::USER, &["ClientUsername"]),
    exact(slot::METHOD, &["RequestMethod"]),
    exact(slot::URI, &["RequestPath"]),
    exact(slot::PROTOCOL, &["RequestProtocol"]),
    exact(slot::STATUS, &["DownstreamStatus", "OriginStatus"]),
    exact(slot::BYTES, &["DownstreamContentSize", "OriginContentSize"]),
    exact(slot::REFERRER, &["request_Referer"]),
    exact(slot::AGENT, &["request_User-Agent"]),
    exact(slot::VHOST, &["RequestHost", "RequestAddr"]),
    exact(slot::SCHEME, &["RequestScheme"]),
    exact(slot::LATENCY, &["Duration"]),
    exact(slot::UPSTREAM_LATENCY, &["OriginDuration"]),
    exact(slot::BYTES_IN, &["RequestContentSize"]),
    exact(slot::TLS_VERSION, &["TLSVersion"]),
    exact(slot::TLS_CIPHER, &["TLSCipher"]),
    exact(slot::LEVEL, &["level"]),
    exact(slot::MESSAGE, &["msg", "message"]),
    exact(slot::FOREIGN, &["ts"]),
];

fn judge(values: &Values<'_, '_>) -> Result<Record, &'static str> {
    let asks = [slot::URI, slot::METHOD, slot::CLIENT];
    if values.has(slot::STATUS) && asks.iter().any(|&slot| values.has(slot)) {
        return Ok(Record::Entry);
    }
    let says = [slot::LEVEL, slot::TIME, slot::MESSAGE];
    let is_message = says.iter().all(|&slot| values.has(slot));
    match is_message && !values.has(slot::STATUS) && !values.has(slot::FOREIGN) {
        true => Ok(Record::Other),
        false => Err("DownstreamStatus and more, or a level, a time and a message"),
    }
}
