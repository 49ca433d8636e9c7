//! Times: at the edges of the calendar, out of order, and in other clocks.

use super::{Case, log};

/// One line for each time.
fn times<'a>(times: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    log(times
        .into_iter()
        .map(|time| format!("192.0.2.1 - - [{time}] \"GET / HTTP/1.1\" 200 10 \"-\" \"a\"")))
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        (
            "times out of order",
            times([
                "02/Oct/2026:00:00:00 +0000",
                "01/Oct/2026:23:59:59 +0000",
                "03/Oct/2026:00:00:00 +0000",
                "02/Oct/2026:12:00:00 +0000",
            ]),
        ),
        (
            "one moment in several offsets",
            times([
                "01/Oct/2026:12:00:00 +0000",
                "01/Oct/2026:14:00:00 +0200",
                "01/Oct/2026:05:00:00 -0700",
                "01/Oct/2026:17:30:00 +0530",
            ]),
        ),
        (
            "an offset puts the later wall clock first",
            times(["01/Oct/2026:12:00:00 -0100", "01/Oct/2026:13:00:00 +0200"]),
        ),
        (
            "offsets at their limits",
            times([
                "01/Oct/2026:12:00:00 +2359",
                "01/Oct/2026:12:00:00 -2359",
                "01/Oct/2026:12:00:00 -0000",
            ]),
        ),
        (
            "offsets that are none",
            times([
                "01/Oct/2026:12:00:00 +2400",
                "01/Oct/2026:12:00:00 +0060",
                "01/Oct/2026:12:00:00 0000+",
                "01/Oct/2026:12:00:00 00000",
                "01/Oct/2026:12:00:00 +00:0",
                "01/Oct/2026:12:00:00 Z    ",
            ]),
        ),
        (
            "leap days",
            times([
                "29/Feb/2024:00:00:00 +0000",
                "29/Feb/2000:00:00:00 +0000",
                "28/Feb/2023:23:59:59 +0000",
            ]),
        ),
        (
            "leap days that are none",
            times([
                "29/Feb/2023:00:00:00 +0000",
                "29/Feb/1900:00:00:00 +0000",
                "30/Feb/2024:00:00:00 +0000",
            ]),
        ),
        (
            "days that no month has",
            times([
                "00/Jan/2026:00:00:00 +0000",
                "32/Jan/2026:00:00:00 +0000",
                "31/Apr/2026:00:00:00 +0000",
                "31/Nov/2026:00:00:00 +0000",
                "99/Dec/2026:00:00:00 +0000",
            ]),
        ),
        (
            "last days of months",
            times([
                "31/Jan/2026:23:59:59 +0000",
                "30/Apr/2026:23:59:59 +0000",
                "31/Dec/2026:23:59:59 +0000",
            ]),
        ),
        (
            "months that are none",
            times([
                "01/jan/2026:00:00:00 +0000",
                "01/JAN/2026:00:00:00 +0000",
                "01/Jänn/2026:0:00:00 +0000",
                "01/Okt/2026:00:00:00 +0000",
                "01/10a/2026:00:00:00 +0000",
                "01/   /2026:00:00:00 +0000",
            ]),
        ),
        (
            "clock at its limits",
            times(["01/Oct/2026:00:00:00 +0000", "01/Oct/2026:23:59:59 +0000"]),
        ),
        ("leap second", times(["30/Jun/2012:23:59:60 +0000"])),
        (
            "clock beyond its limits",
            times([
                "01/Oct/2026:24:00:00 +0000",
                "01/Oct/2026:23:60:00 +0000",
                "01/Oct/2026:23:59:61 +0000",
            ]),
        ),
        (
            "a second 60 within a day",
            times(["01/Oct/2026:12:30:60 +0000", "01/Oct/2026:12:30:59 +0000"]),
        ),
        (
            "far years",
            times([
                "01/Jan/0001:00:00:00 +0000",
                "31/Dec/9999:23:59:59 +0000",
                "01/Jan/1970:00:00:00 +0000",
                "31/Dec/1969:23:59:59 +0000",
            ]),
        ),
        (
            "the year 0",
            times(["01/Jan/0000:00:00:00 +0000", "29/Feb/0000:00:00:00 +0000"]),
        ),
        (
            "other clocks",
            times([
                "2026-10-01T06:33:45+02:00",
                "01/Oct/2026 06:33:45",
                "01/Oct/2026:06:33:45",
                "01/Oct/2026:06:33:45.123 +0000",
                "1790000000",
                "2026-10-01 06:33:45 +0000  ",
                "Thu Oct  1 06:33:45 2026  ",
            ]),
        ),
        (
            "times of the right length with other separators",
            times([
                "01-Oct-2026:06:33:45 +0000",
                "01/Oct/2026 06:33:45 +0000",
                "01/Oct/2026:06.33.45 +0000",
                "01/Oct/2026:06:33:45T+0000",
                "01/Oct/2026:06:33:45\t+0000",
            ]),
        ),
        (
            "times with blanks or signs for digits",
            times([
                " 1/Oct/2026:06:33:45 +0000",
                "01/Oct/2026: 6:33:45 +0000",
                "+1/Oct/2026:06:33:45 +0000",
                "01/Oct/+026:06:33:45 +0000",
                "1/Oct/2026:06:33:45 +0000",
            ]),
        ),
        (
            "times with spaces at their ends",
            times([" 01/Oct/2026:06:33:45 +0000", "01/Oct/2026:06:33:45 +0000 "]),
        ),
        ("times that are not there", times(["", "-", " ", "[", "[["])),
        (
            "a bracket closes the time early",
            times(["01/Oct]/2026:06:33:45 +0000", "]"]),
        ),
        ("no time is valid", times(["-", "x", "01/Oct/2026"])),
        (
            "dated and undated lines mixed",
            times([
                "-",
                "01/Oct/2026:06:33:45 +0000",
                "x",
                "01/Oct/2026:06:33:46 +0000",
            ]),
        ),
    ]
}
