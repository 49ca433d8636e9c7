//! What a directive of a time writes, by an example: whether a [`Clock`] reads it,
//! and how many blanks it holds.
//!
//! Rather than to know of each conversion of `strftime` what it writes, one moment
//! is written by the directive and read again.

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ZonedDateTime, fmt::strtime};

use crate::time::Clock;

/// 2009-02-13 23:31:30.987654 UTC: no two of its numbers are the same.
const SECOND: i64 = 1_234_567_890;
const MICROSECONDS: &str = "987654";

/// A zone that is not UTC, and has minutes; it is behind noon there.
const AHEAD: i32 = -(3 * 3600 + 30 * 60);

/// An example of what a directive writes; `None` if it writes no time. Several of
/// `%{...}t` may follow each other, with text between them.
pub(super) fn sample(directive: &str) -> Option<String> {
    match directive {
        "%t" | "$time_local" => return Some("13/Feb/2009:20:01:30 -0330".to_owned()),
        "$time_iso8601" => return Some("2009-02-13T20:01:30-03:30".to_owned()),
        "$msec" => return Some(format!("{SECOND}.987")),
        _ => {}
    }
    let mut sample = String::new();
    let mut rest = directive;
    while let Some(name) = rest.strip_prefix("%{") {
        let (name, behind) = name.split_once("}t")?;
        sample += &named(name)?;
        let next = behind.find("%{").unwrap_or(behind.len());
        sample += &behind[..next];
        rest = &behind[next..];
    }
    (rest.is_empty() && !sample.is_empty()).then_some(sample)
}

/// What `%{name}t` writes.
fn named(name: &str) -> Option<String> {
    let name = name.strip_prefix("begin:").unwrap_or(name);
    let name = name.strip_prefix("end:").unwrap_or(name);
    Some(match name {
        "sec" => SECOND.to_string(),
        "msec" => format!("{SECOND}{}", &MICROSECONDS[..3]),
        "usec" => format!("{SECOND}{MICROSECONDS}"),
        "msec_frac" => MICROSECONDS[..3].to_owned(),
        "usec_frac" => MICROSECONDS.to_owned(),
        // The name of the zone is not always an offset, as it is here.
        _ if name.contains("%Z") => return None,
        _ => {
            let zone = TimeZone::fixed(Offset::from_seconds(AHEAD).ok()?);
            let moment = ZonedDateTime::new(Timestamp::from_second(SECOND).ok()?, zone);
            strtime::format(name, &moment).ok()?
        }
    })
}

/// Whether the time that a directive writes is read as what it is.
pub(super) fn is_read(directive: &str) -> bool {
    let Some(sample) = sample(directive) else {
        return false;
    };
    let moment = Clock::default().read(sample.as_bytes());
    // A time without an offset is taken for UTC.
    moment.is_some_and(|moment| {
        let unknown = moment.offset == 0 && moment.second == SECOND + i64::from(AHEAD);
        moment.second == SECOND || unknown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_an_example() {
        for (directive, example) in [
            ("%t", "13/Feb/2009:20:01:30 -0330"),
            ("$msec", "1234567890.987"),
            ("$time_iso8601", "2009-02-13T20:01:30-03:30"),
            ("%{sec}t", "1234567890"),
            ("%{begin:msec}t", "1234567890987"),
            ("%{end:usec}t", "1234567890987654"),
            ("%{%d/%b/%Y:%H:%M:%S %z}t", "13/Feb/2009:20:01:30 -0330"),
            ("%{%d/%b/%Y %T}t", "13/Feb/2009 20:01:30"),
            ("%{%Y-%m-%dT%H:%M:%S%z}t", "2009-02-13T20:01:30-0330"),
            ("%{%F %T}t", "2009-02-13 20:01:30"),
            ("%{%F %T}t.%{msec_frac}t", "2009-02-13 20:01:30.987"),
            (
                "%{%FT%T}t.%{usec_frac}t%{%z}t",
                "2009-02-13T20:01:30.987654-0330",
            ),
            ("%{%s}t", "1234567890"),
        ] {
            assert_eq!(sample(directive).as_deref(), Some(example), "{directive}");
            assert!(is_read(directive), "{directive}");
        }
    }

    #[test]
    fn other_times_are_not_read() {
        for directive in [
            "%{%H:%M}t",
            "%{%F}t",
            "%{%y-%m-%d %T}t",
            "%{%d/%m/%Y %T}t",
            "%{%F %T %Z}t",
            "%{%F %I:%M:%S}t",
            "%{msec_frac}t",
            "%{%!}t",
            "%{sec}i",
            "%h",
            "$status",
            "",
        ] {
            assert!(!is_read(directive), "{directive}");
        }
    }
}
