//! Conditions that some entries of the small logs satisfy and others do not.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::model::asked::{Clock, Condition, DAY, Key, Operator, Pattern, Test, Wanted};

/// 2026-10-25 00:00:00.
const SUNDAY: i64 = 20_751 * DAY;

const K: u128 = 1000;

const STATUSES: &[Wanted] = &[
    Wanted::Number("404", 404 * K, 404 * K),
    Wanted::Number("4xx", 400 * K, 499 * K),
    Wanted::Number("5XX", 500 * K, 599 * K),
    Wanted::Number("000", 0, 0),
    Wanted::Number("999", 999 * K, 999 * K),
];
const STATUS_RANGES: &[Wanted] = &[
    Wanted::Number("200..304", 200 * K, 304 * K),
    Wanted::Number("4xx..5xx", 400 * K, 599 * K),
];
const SIZES: &[Wanted] = &[
    Wanted::Number("0", 0, 0),
    Wanted::Number("7", 7 * K, 7 * K),
    Wanted::Number("1k", 1024 * K, 1024 * K),
    Wanted::Number("1.5KiB", 1536 * K, 1536 * K),
    Wanted::Number("4G", 4_294_967_296 * K, 4_294_967_296 * K),
];
const SIZE_RANGES: &[Wanted] = &[
    Wanted::Number("1..1000", K, 1000 * K),
    Wanted::Number("0.5k..1M", 512 * K, 1_048_576 * K),
];
/// Nothing equals them.
const PARTS_OF_SIZES: &[Wanted] = &[
    Wanted::Number("0.5", 500, 500),
    Wanted::Number("1023.9", 1_023_900, 1_023_900),
];
const DURATIONS: &[Wanted] = &[
    Wanted::Number("0", 0, 0),
    Wanted::Number("250ms", 250_000_000 * K, 250_000_000 * K),
    Wanted::Number("0.5", 500_000_000 * K, 500_000_000 * K),
    Wanted::Number("1s", 1_000_000_000 * K, 1_000_000_000 * K),
    Wanted::Number("12000000001ns", 12_000_000_001 * K, 12_000_000_001 * K),
    Wanted::Number("1.5m", 90_000_000_000 * K, 90_000_000_000 * K),
];
const HOURS: &[Wanted] = &[
    Wanted::Number("1", K, K),
    Wanted::Number("01", K, K),
    Wanted::Number("10", 10 * K, 10 * K),
    Wanted::Number("23", 23 * K, 23 * K),
];
const HOUR_RANGES: &[Wanted] = &[Wanted::Number("0..9", 0, 9 * K)];
const DAYS: &[Wanted] = &[
    Wanted::Time("2026-10-25", SUNDAY, SUNDAY + DAY, Clock::Wall),
    Wanted::Time("26/Oct/2026", SUNDAY + DAY, SUNDAY + 2 * DAY, Clock::Wall),
    Wanted::Time(
        "2026-01-01",
        SUNDAY - 297 * DAY,
        SUNDAY - 296 * DAY,
        Clock::Wall,
    ),
];
const DAY_RANGES: &[Wanted] = &[Wanted::Time(
    "2026-10-24..2026-10-25",
    SUNDAY - DAY,
    SUNDAY + DAY,
    Clock::Wall,
)];
const TIMES: &[Wanted] = &[
    Wanted::Time(
        "2026-10-25T01:00",
        SUNDAY + 3600,
        SUNDAY + 3601,
        Clock::Wall,
    ),
    Wanted::Time(
        "2026-10-25T01:00Z",
        SUNDAY + 3600,
        SUNDAY + 3601,
        Clock::Utc,
    ),
    Wanted::Time(
        "25/Oct/2026:01:00:00 -0700",
        SUNDAY + 8 * 3600,
        SUNDAY + 8 * 3600 + 1,
        Clock::Utc,
    ),
    Wanted::Time(
        "2026-10-26 10:00:01",
        SUNDAY + DAY + 36_001,
        SUNDAY + DAY + 36_002,
        Clock::Wall,
    ),
];
const WEEKDAYS: &[Wanted] = &[
    Wanted::Texts("sunday", &["Sun"]),
    Wanted::Texts("Mon", &["Mon"]),
    Wanted::Texts("Sat..Mon", &["Sat", "Sun", "Mon"]),
];
const CLASSES: &[Wanted] = &[
    Wanted::Texts("2xx", &["2xx"]),
    Wanted::Texts("5XX", &["5xx"]),
    Wanted::Texts("Other", &["other"]),
];
const CLIENTS: &[Wanted] = &[
    Wanted::Text("10.0.0.1"),
    Wanted::Text("host.example.net"),
    Wanted::Network("10.0.0.0/24", "10.0.0.0", 24),
    Wanted::Network("10.9.9.9/8", "10.0.0.0", 8),
    Wanted::Network("0.0.0.0/0", "0.0.0.0", 0),
    Wanted::Network("2001:db8::/33", "2001:db8::", 33),
    Wanted::Network("2001:DB8::1", "2001:db8::1", 128),
];

/// Texts of any key; most of them of that.
fn texts(key: Key) -> Vec<Wanted> {
    let texts: &[&str] = match key {
        Key::User => &["frank", "jo doe", "and"],
        Key::Method => &["GET", "POST", "M-SEARCH"],
        Key::Uri => &["/tea", "/tea/milk.html?b=1", "/a b?c d", r#"/a\"b"#],
        Key::Path => &["/tea", "/tea/", "/", "*", "/a b", r#"/a\"b"#],
        Key::Query => &["b=1", "b", "b=2&b=3"],
        Key::Protocol => &["HTTP/1.1", "HTTP/2.0"],
        Key::Referrer | Key::Site => &["http://example.org/", "example.org", "[2001:db8::1]", "c"],
        Key::Agent => &["Googlebot/2.1", "Mozilla/5.0 (X11)", r#"a \"bot\""#],
        Key::Ext => &["html", "PNG", "gz"],
        Key::Network(_) => &["10.0.0.0/24", "10.0.0.0/8", "2001:db8::/48", "-"],
        Key::Segments(_) => &["/tea", "/tea/milk.html", "/tea/green", "//tea"],
        Key::Parameter(_) => &["1", "2", "x", "="],
        Key::Bucket(..) => &[
            "2026-10-25T01:00",
            "2026-10-25",
            "2026-10-25T01:00:00",
            "2026-10-26",
        ],
        _ => &["/tea", "x"],
    };
    let text = |text: &&'static str| match *text {
        "-" => Wanted::Absent,
        text => Wanted::Text(text),
    };
    texts.iter().map(text).collect()
}

const PATTERNS: &[Pattern] = &[
    Pattern::Holds("tea"),
    Pattern::Holds("/tea/"),
    Pattern::Holds("(X11)"),
    Pattern::Begins("/tea"),
    Pattern::Begins("20"),
    Pattern::Begins("10.0"),
    Pattern::Ends("1"),
    Pattern::Ends("html"),
    Pattern::Is("GET"),
    Pattern::Is("404"),
    Pattern::HoldsInAnyCase("GOOGLEbot"),
    Pattern::HoldsInAnyCase("example"),
    Pattern::Either("milk", "bot"),
    Pattern::ThreeDigits,
    Pattern::Anything,
];

/// The values that a test of the key may have: any, those that have neither
/// order nor a list, and those that have only an order.
fn values(key: Key) -> (Vec<Wanted>, Vec<Wanted>, Vec<Wanted>) {
    let (ones, ranges, parts): (&[Wanted], &[Wanted], &[Wanted]) = match key {
        Key::Status => (STATUSES, STATUS_RANGES, &[]),
        Key::Bytes => (SIZES, SIZE_RANGES, PARTS_OF_SIZES),
        Key::Latency => (DURATIONS, &[], &[]),
        Key::Hour => (HOURS, HOUR_RANGES, &[]),
        Key::Day => (DAYS, DAY_RANGES, &[]),
        Key::Time => (TIMES, &[], &[]),
        Key::Weekday => (&[], WEEKDAYS, &[]),
        Key::Class => (&[], CLASSES, &[]),
        Key::Client => (&[], CLIENTS, &[]),
        _ => return (Vec::new(), texts(key), Vec::new()),
    };
    (ones.to_vec(), ranges.to_vec(), parts.to_vec())
}

/// A test of a key.
fn test(key: Key) -> BoxedStrategy<Condition> {
    use Operator::{
        AtLeast, AtMost, Equal, Greater, In, Less, Matches, MatchesNot, NotEqual, NotIn,
    };
    let (ones, ranges, parts) = values(key);
    let by_order = [ones.clone(), parts].concat();
    let mut equal = [ones, ranges].concat();
    equal.push(Wanted::Absent);
    let operators = prop::sample::select(vec![Equal, NotEqual]);
    let alone = (operators, select(equal.clone())).prop_map(|(sign, wanted)| (sign, vec![wanted]));
    let list = (select(vec![In, NotIn]), vec(select(equal), 1..7));
    let mut tests = vec![alone.boxed(), list.boxed()];
    if !by_order.is_empty() {
        let operators = select(vec![Less, AtMost, Greater, AtLeast]);
        let ordered = (operators, select(by_order)).prop_map(|(sign, wanted)| (sign, vec![wanted]));
        tests.push(ordered.boxed());
    }
    if !matches!(key, Key::Bytes | Key::Latency | Key::Time) {
        let patterns = (select(vec![Matches, MatchesNot]), select(PATTERNS));
        let matched = patterns.prop_map(|(sign, pattern)| (sign, vec![Wanted::Pattern(pattern)]));
        tests.push(matched.boxed());
    }
    (prop::strategy::Union::new(tests), any::<bool>())
        .prop_map(move |((operator, values), quotes)| {
            Condition::Test(Test {
                key,
                operator,
                values,
                quotes,
            })
        })
        .boxed()
}

/// A condition on entries.
pub(crate) fn condition(timed: bool) -> impl Strategy<Value = Condition> {
    let leaf = select(super::questions::keys(timed)).prop_flat_map(test);
    leaf.prop_recursive(3, 8, 3, |part| {
        prop_oneof![
            2 => vec(part.clone(), 2..4).prop_map(Condition::And),
            2 => vec(part.clone(), 2..4).prop_map(Condition::Or),
            1 => part.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

/// What `--since` and `--until` may be, such that something may lie between.
pub(crate) fn bounds() -> impl Strategy<Value = (Option<Wanted>, Option<Wanted>)> {
    let bound = || proptest::option::weighted(0.15, select([DAYS, TIMES].concat()));
    (bound(), bound()).prop_map(|(since, until)| {
        let empty = match (&since, &until) {
            (Some(Wanted::Time(_, a, _, of)), Some(Wanted::Time(_, b, _, other))) => {
                of == other && a >= b
            }
            _ => false,
        };
        (since, until.filter(|_| !empty))
    })
}
