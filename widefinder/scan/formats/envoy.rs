//! Envoy's access log as JSON, as Istio and Envoy Gateway write it: JSON with the usual
//! names, but that `duration` is in milliseconds. What tells it from other JSON are the
//! response flags, which no other server has.
//!
//! Connections that are no HTTP have records in the same log; they have no method.
//!
//! Sources: the Envoy manual, *Access logging*; Istio's `MeshConfig`, whose default for
//! `accessLogFormat` lists the names; Envoy Gateway, *Proxy Access Logs*.

use super::json;
use super::named::Dialect;
use super::names::{Row, Unit, exact, exactly, slot};
use super::usual_names::USUAL;
use super::values::Values;
use crate::scan::format::{Record, is_absent};
use crate::scan::scale::Scale;

/// The format.
pub(super) static ENVOY: Dialect = Dialect {
    name: "envoy",
    walk: json::walk,
    rows: &[ROWS, USUAL],
    signs: 1 << slot::SIGN | 1 << slot::METHOD,
    read: 1 << slot::METHOD,
    judge,
    complete: |_| {},
    duration: Scale::Spans,
};

const ROWS: &[Row] = &[
    exact(slot::SIGN, &["response_flags"]),
    exact(slot::CLIENT, &["downstream_remote_address"]),
    exact(
        slot::URI,
        &["path", "x-envoy-origin-path", "x-envoy-original-path"],
    ),
    exact(slot::VHOST, &["authority", ":authority"]),
    exactly(slot::LATENCY, Unit::Milli, &["duration"]),
    exactly(
        slot::UPSTREAM_LATENCY,
        Unit::Milli,
        &["upstream_service_time", "x-envoy-upstream-service-time"],
    ),
];

fn judge(values: &Values<'_, '_>) -> Result<Record, &'static str> {
    if !values.has(slot::SIGN) {
        return Err("Envoy's response flags");
    }
    Ok(match is_absent(values.get(slot::METHOD)) {
        true => Record::Other,
        false => Record::Entry,
    })
}
