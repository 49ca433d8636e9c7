//! Questions of every kind, that the small logs have answers to.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::filters::{bounds, condition};
use crate::model::asked::{
    By, Having, Key, Metric, Number, Operator, Question, Rewrite, Table, Value, What, Zone,
};

const KEYS: &[Key] = &[
    Key::Client,
    Key::User,
    Key::Method,
    Key::Uri,
    Key::Path,
    Key::Query,
    Key::Protocol,
    Key::Status,
    Key::Bytes,
    Key::Referrer,
    Key::Agent,
    Key::Time,
    Key::Bucket("30m", 1800),
    Key::Bucket("90s", 90),
    Key::Bucket("2h", 7200),
    Key::Bucket("3d", 3 * 86_400),
    Key::Bucket("1w", 7 * 86_400),
    Key::Bucket("2w", 14 * 86_400),
    Key::Day,
    Key::Hour,
    Key::Weekday,
    Key::Site,
    Key::Class,
    Key::Ext,
    Key::Network(24),
    Key::Network(9),
    Key::Network(0),
    Key::Segments(1),
    Key::Segments(2),
    Key::Parameter("b"),
    Key::Parameter("utm"),
    Key::Line,
];

/// All keys of a log.
pub(crate) fn keys(timed: bool) -> Vec<Key> {
    let latency = timed.then_some(Key::Latency);
    KEYS.iter().copied().chain(latency).collect()
}

fn metric(timed: bool) -> BoxedStrategy<Metric> {
    let numbers = match timed {
        true => vec![Number::Bytes, Number::Latency],
        false => vec![Number::Bytes],
    };
    let number = || select(numbers.clone());
    let percents = select(vec![
        1, 1000, 25_000, 50_000, 66_667, 95_000, 99_900, 99_999,
    ]);
    prop_oneof![
        4 => select(vec![
            Metric::Hits,
            Metric::Bytes,
            Metric::Visitors,
            Metric::Errors,
            Metric::ClientErrors,
            Metric::ErrorRate,
            Metric::First,
            Metric::Last,
        ]),
        3 => prop_oneof![
            number().prop_map(Metric::Average),
            number().prop_map(Metric::Max),
            number().prop_map(Metric::Min),
            (percents, number()).prop_map(|(percent, number)| Metric::Percentile(percent, number)),
        ],
        1 => select(keys(timed)).prop_map(Metric::Distinct),
    ]
    .boxed()
}

fn metrics(timed: bool) -> impl Strategy<Value = Vec<Metric>> {
    vec(metric(timed), 1..4).prop_map(|mut metrics| {
        let mut known = Vec::new();
        metrics.retain(|metric| {
            let is_new = !known.contains(metric);
            known.push(*metric);
            is_new
        });
        metrics
    })
}

/// The values that a metric may be compared with.
fn wanted(metric: Metric) -> &'static [(&'static str, Value)] {
    const MOMENT: i64 = 1_792_890_000;
    match metric {
        Metric::Bytes | Metric::Average(Number::Bytes) => &[
            ("1k", Value::Whole(1024)),
            ("1000", Value::Whole(1000)),
            ("0.5", Value::Ratio(1, 2)),
        ],
        Metric::Max(Number::Bytes) | Metric::Min(Number::Bytes) => {
            &[("7", Value::Whole(7)), ("-", Value::Absent)]
        }
        Metric::Percentile(_, Number::Bytes) => &[("1.5k", Value::Whole(1536))],
        Metric::Average(_) | Metric::Max(_) | Metric::Min(_) | Metric::Percentile(..) => &[
            ("250ms", Value::Whole(250_000_000)),
            ("1.5", Value::Whole(1_500_000_000)),
            ("-", Value::Absent),
        ],
        Metric::ErrorRate => &[
            ("50", Value::Ratio(50, 100)),
            ("33.3%", Value::Ratio(333, 1000)),
            ("0%", Value::Whole(0)),
        ],
        Metric::First | Metric::Last => &[
            ("2026-10-25T01:00Z", Value::Time(MOMENT, 0)),
            ("-", Value::Absent),
        ],
        _ => &[
            ("1", Value::Whole(1)),
            ("2", Value::Whole(2)),
            ("1.5", Value::Ratio(3, 2)),
            ("0.001k", Value::Whole(1)),
        ],
    }
}

fn having(timed: bool) -> impl Strategy<Value = Having> {
    use Operator::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
    let operator = select(vec![AtLeast, AtMost, Equal, Greater, Less, NotEqual]);
    let leaf = (metric(timed), operator).prop_flat_map(|(metric, operator)| {
        let values = wanted(metric).to_vec();
        select(values).prop_map(move |(typed, value)| {
            let operator = match (value, operator.is_by_order()) {
                (Value::Absent, true) => Equal,
                _ => operator,
            };
            Having::Compare(metric, operator, typed, value)
        })
    });
    leaf.prop_recursive(2, 4, 2, |part| {
        prop_oneof![
            vec(part.clone(), 2).prop_map(Having::And),
            vec(part.clone(), 2).prop_map(Having::Or),
            part.prop_map(|part| Having::Not(Box::new(part))),
        ]
    })
}

fn rewrite(keys: Vec<Key>) -> impl Strategy<Value = Rewrite> {
    let what = select(vec![
        What::Text("tea"),
        What::Text("/"),
        What::Text("0"),
        What::TextInAnyCase("t"),
        What::Digits,
        What::Start,
    ]);
    let by = select(vec!["", "N", "/x/", "$", "-"]);
    (weighted(0.6, select(keys)), what, by, any::<bool>())
        .prop_map(|(key, what, by, all)| Rewrite { key, what, by, all })
}

/// A table; its keys are `keys`, and `spare` is none of them.
fn table(timed: bool, keys: Vec<Key>, spare: Key) -> BoxedStrategy<Table> {
    let has_keys = !keys.is_empty();
    let known = match has_keys {
        true => keys.clone(),
        false => vec![spare],
    };
    // What is both is taken for the metric.
    let sortable = known.iter().copied().filter(|key| *key != Key::Bytes);
    let sortable: Vec<_> = sortable.map(By::Key).collect();
    let by_metric = metric(timed).prop_map(By::Metric);
    let by = match has_keys && !sortable.is_empty() {
        true => prop_oneof![by_metric, select(sortable)].boxed(),
        false => by_metric.boxed(),
    };
    let rewrites = match has_keys {
        true => vec(rewrite(known.clone()), 0..3).boxed(),
        false => Just(Vec::new()).boxed(),
    };
    (
        metrics(timed),
        prop_oneof![2 => Just(Vec::new()), 1 => rewrites],
        weighted(0.4, (by, any::<Option<bool>>())),
        weighted(0.25, having(timed)),
        weighted(0.2, select(known)),
        weighted(0.3, Just(spare)),
        weighted(0.6, 0..6usize),
    )
        .prop_map(
            move |(metrics, rewrites, sort, having, per, across, top)| Table {
                keys: keys.clone(),
                rewrites,
                metrics,
                sort,
                having,
                across: across.filter(|_| has_keys && per.is_none()),
                per: per.filter(|_| has_keys),
                top,
            },
        )
        .boxed()
}

/// A table with up to two keys.
fn any_table(timed: bool) -> impl Strategy<Value = Table> {
    let keys = keys(timed);
    let chosen = prop_oneof![
        4 => subsequence(keys.clone(), 2).prop_shuffle(),
        2 => subsequence(keys.clone(), 3).prop_shuffle(),
        1 => subsequence(keys, 1),
    ];
    chosen.prop_flat_map(move |mut keys| {
        let spare = keys.pop().expect("there is one at least");
        table(timed, keys, spare)
    })
}

pub(crate) fn zone() -> impl Strategy<Value = Zone> {
    prop_oneof![
        4 => Just(Zone::AsWritten),
        1 => Just(Zone::Berlin),
        2 => select(vec![
            Zone::Fixed("UTC", 0),
            Zone::Fixed("+05:30", 19_800),
            Zone::Fixed("-07", -25_200),
        ]),
    ]
}

/// What is selected; the question has no table yet.
pub(crate) fn selection(timed: bool) -> impl Strategy<Value = Question> {
    let filters = prop_oneof![
        1 => Just(Vec::new()),
        2 => vec(condition(timed), 1..3),
    ];
    (filters, bounds(), zone()).prop_map(move |(filters, (since, until), zone)| Question {
        filters,
        since,
        until,
        zone,
        timed,
        tables: Vec::new(),
    })
}

/// Any question.
pub(crate) fn any_question(timed: bool) -> impl Strategy<Value = Question> {
    (selection(timed), any_table(timed), any::<bool>()).prop_map(|(question, table, twice)| {
        let mut tables = vec![table.clone()];
        let of_keys = table.per.is_some() || matches!(table.sort, Some((By::Key(_), _)));
        if twice && !of_keys && table.keys.len() > 1 {
            // One more of the same entries, by the same keys in another order.
            let keys = table.keys.iter().rev().copied().collect();
            tables.push(Table { keys, ..table });
        }
        Question { tables, ..question }
    })
}
