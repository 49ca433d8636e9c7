//! Metrics: what is said of the entries of each key.

use std::fmt;

use super::mistake::quoted;
use super::nearest::suggestion;
use super::piece::{Piece, list};
use super::{Derive, Field, Key, Kind, Mistake};
use crate::value::Unit;

pub use super::percent::Percent;

/// What is said of the entries of a key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Metric {
    /// How many there are.
    Hits,
    /// The bytes of all answers; `-` counts as 0.
    Bytes,
    /// Distinct clients, told apart by agent and day as well.
    Visitors,
    /// Those with status 500 and above.
    Errors,
    /// Those with status 400 to 499.
    ClientErrors,
    /// The errors as a share of the hits.
    ErrorRate,
    /// The mean of a number.
    Average(Field),
    /// The largest number.
    Max(Field),
    /// The smallest number.
    Min(Field),
    /// A percentile by nearest rank.
    Percentile(Percent, Field),
    /// Distinct values, an absent one not counted.
    Distinct(Key),
    /// The earliest time.
    First,
    /// The latest time.
    Last,
}

/// The metrics that are a name alone.
const PLAIN: [(&str, Metric); 8] = [
    ("hits", Metric::Hits),
    ("bytes", Metric::Bytes),
    ("visitors", Metric::Visitors),
    ("errors", Metric::Errors),
    ("client_errors", Metric::ClientErrors),
    ("errors%", Metric::ErrorRate),
    ("first", Metric::First),
    ("last", Metric::Last),
];

/// Those that are of a number; `p95` stands for all percentiles.
const OF_A_NUMBER: [&str; 5] = ["avg", "max", "min", "median", "p95"];

/// The one that is of a key.
const DISTINCT: &str = "distinct";

impl Metric {
    /// Reads one metric.
    ///
    /// # Errors
    ///
    /// When there is no such metric, or not of that field.
    ///
    /// ```
    /// use widefinder::ask::Metric;
    ///
    /// let metric = Metric::parse("p99.9:latency").unwrap();
    /// assert_eq!(metric.to_string(), "p99.9:latency");
    /// assert!(Metric::parse("avg:path").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Metric, Mistake> {
        Metric::read(Piece::all(text).trim())
    }

    /// Reads metrics between commas, each of which stands there once.
    ///
    /// # Errors
    ///
    /// As [`Metric::parse`], and when one is missing or stands there twice.
    pub fn parse_list(text: &str) -> Result<Vec<Metric>, Mistake> {
        list(text, Metric::read)
    }

    /// What its value is measured in.
    pub fn unit(&self) -> Unit {
        match self {
            Metric::Hits
            | Metric::Visitors
            | Metric::Errors
            | Metric::ClientErrors
            | Metric::Distinct(_) => Unit::Count,
            Metric::Bytes => Unit::Bytes,
            Metric::ErrorRate => Unit::Share,
            Metric::First | Metric::Last => Unit::Time,
            Metric::Average(field)
            | Metric::Max(field)
            | Metric::Min(field)
            | Metric::Percentile(_, field) => match field.kind() {
                Kind::Duration => Unit::Nanoseconds,
                _ => Unit::Bytes,
            },
        }
    }

    /// Whether the values of the rows add up to that of all entries, so that
    /// each has a share of it.
    pub fn adds_up(&self) -> bool {
        matches!(
            self,
            Metric::Hits | Metric::Bytes | Metric::Errors | Metric::ClientErrors
        )
    }

    /// Whether a metric is called so, whatever it is of.
    pub(super) fn is_name(name: &str) -> bool {
        PLAIN.iter().any(|(plain, _)| *plain == name)
            || OF_A_NUMBER.contains(&name)
            || name == DISTINCT
            || Percent::read(name).is_some()
    }

    /// All names of metrics.
    pub(super) fn names() -> Vec<&'static str> {
        let plain = PLAIN.iter().map(|(name, _)| *name);
        plain.chain(OF_A_NUMBER).chain([DISTINCT]).collect()
    }

    /// Reads the metric that is all of a piece.
    pub(super) fn read(piece: Piece<'_>) -> Result<Metric, Mistake> {
        if piece.text().is_empty() {
            return Err(piece.mistake("a metric is missing here, such as `hits`"));
        }
        let (name, of) = match piece.split_once(':') {
            Some((name, of)) => (name, Some(of)),
            None => (piece, None),
        };
        if let Some((_, metric)) = PLAIN.iter().find(|(plain, _)| *plain == name.text()) {
            return match of {
                None => Ok(metric.clone()),
                Some(_) => {
                    let word = quoted(name.text());
                    Err(piece.mistake(format!("{word} takes nothing behind it")))
                }
            };
        }
        match name.text() {
            "avg" => Ok(Metric::Average(number(name, of)?)),
            "max" => Ok(Metric::Max(number(name, of)?)),
            "min" => Ok(Metric::Min(number(name, of)?)),
            "median" => Ok(Metric::Percentile(Percent::MEDIAN, number(name, of)?)),
            DISTINCT => distinct(name, of),
            text => match Percent::read(text) {
                Some(Ok(percent)) => Ok(Metric::Percentile(percent, number(name, of)?)),
                Some(Err(message)) => Err(name.mistake(message)),
                None => Err(unknown(name)),
            },
        }
    }
}

/// Reads the field whose numbers a metric is of.
fn number(name: Piece<'_>, of: Option<Piece<'_>>) -> Result<Field, Mistake> {
    let numbers = || {
        let fields = Field::NAMED.iter().filter(|(_, field)| is_number(field));
        fields.map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    };
    let of = match of {
        Some(of) if !of.text().is_empty() => of,
        _ => {
            let (word, example) = (quoted(name.text()), name.text());
            let (place, numbers) = (of.unwrap_or(name), numbers());
            return Err(place.mistake(format!(
                "{word} of what is missing, as in `{example}:latency`; it is of {numbers}"
            )));
        }
    };
    match Key::read(of)? {
        Key {
            field,
            derive: Derive::Itself,
        } if is_number(&field) => Ok(field),
        _ => Err(of.mistake(format!(
            "{} is no number to measure; {} is of {}",
            quoted(of.text()),
            quoted(name.text()),
            numbers()
        ))),
    }
}

fn is_number(field: &Field) -> bool {
    matches!(field.kind(), Kind::Size | Kind::Duration)
}

fn distinct(name: Piece<'_>, of: Option<Piece<'_>>) -> Result<Metric, Mistake> {
    match of {
        Some(of) if !of.text().is_empty() => Key::read(of).map(Metric::Distinct),
        _ => {
            let place = of.unwrap_or(name);
            Err(place.mistake("`distinct` of what is missing, as in `distinct:client`"))
        }
    }
}

/// The mistake of a name that nothing has.
fn unknown(name: Piece<'_>) -> Mistake {
    let text = name.text();
    let hint = match Key::named(text) {
        Some(Key {
            field,
            derive: Derive::Itself,
        }) if is_number(&field) => {
            format!("; it is a field: ask for `avg:{field}`, `p95:{field}` or `max:{field}`")
        }
        Some(key) => format!("; it is a field, and `distinct:{key}` counts its values"),
        None if text.contains(char::is_whitespace) => "; metrics are separated by commas".into(),
        None => suggestion(text, &Metric::names(), || {
            let plain = PLAIN.map(|(name, _)| name).join(", ");
            format!(
                "; the metrics are {plain}, `avg:latency`, `max:latency`, `min:latency`, \
                 `median:latency`, `p95:latency`, `distinct:client`"
            )
        }),
    };
    name.mistake(format!("there is no metric {}{hint}", quoted(text)))
}

/// The notation that a question uses.
impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Metric::Hits => f.write_str("hits"),
            Metric::Bytes => f.write_str("bytes"),
            Metric::Visitors => f.write_str("visitors"),
            Metric::Errors => f.write_str("errors"),
            Metric::ClientErrors => f.write_str("client_errors"),
            Metric::ErrorRate => f.write_str("errors%"),
            Metric::Average(field) => write!(f, "avg:{field}"),
            Metric::Max(field) => write!(f, "max:{field}"),
            Metric::Min(field) => write!(f, "min:{field}"),
            Metric::Percentile(percent, field) => write!(f, "{percent}:{field}"),
            Metric::Distinct(key) => write!(f, "distinct:{key}"),
            Metric::First => f.write_str("first"),
            Metric::Last => f.write_str("last"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::{assert_marks, assert_mistakes, is_sound, metrics};
    use proptest::prelude::*;

    fn latency(thousandths: u32) -> Metric {
        Metric::Percentile(Percent(thousandths), Field::Latency)
    }

    #[test]
    fn every_name_is_a_metric() {
        for (name, metric) in PLAIN {
            assert_eq!(Metric::parse(name), Ok(metric));
        }
        let table: &[(&str, Metric)] = &[
            ("avg:bytes", Metric::Average(Field::Bytes)),
            ("max:latency", Metric::Max(Field::Latency)),
            ("min:bytes_in", Metric::Min(Field::BytesIn)),
            ("p50:latency", latency(50_000)),
            ("median:latency", latency(50_000)),
            ("p99.9:latency", latency(99_900)),
            ("p99.950:latency", latency(99_950)),
            ("p0.001:latency", latency(1)),
            ("p05.0:latency", latency(5_000)),
            (
                "distinct:path:1",
                Metric::Distinct(Key::parse("path:1").unwrap()),
            ),
            (
                "distinct:%{A,B}i",
                Metric::Distinct(Key::parse("%{A,B}i").unwrap()),
            ),
        ];
        for (text, metric) in table {
            assert_eq!(Metric::parse(text).as_ref(), Ok(metric), "{text}");
            assert_eq!(
                Metric::parse_list(&format!(" hits ,{text}")).unwrap().len(),
                2
            );
        }
    }

    #[test]
    fn metrics_have_units() {
        for (text, unit, adds_up) in [
            ("hits", Unit::Count, true),
            ("bytes", Unit::Bytes, true),
            ("errors", Unit::Count, true),
            ("client_errors", Unit::Count, true),
            ("visitors", Unit::Count, false),
            ("distinct:path", Unit::Count, false),
            ("errors%", Unit::Share, false),
            ("first", Unit::Time, false),
            ("avg:bytes", Unit::Bytes, false),
            ("p50:upstream_latency", Unit::Nanoseconds, false),
        ] {
            let metric = Metric::parse(text).unwrap();
            assert_eq!((metric.unit(), metric.adds_up()), (unit, adds_up), "{text}");
        }
    }

    #[test]
    fn mistakes_point_at_their_place() {
        assert_mistakes(
            Metric::parse_list,
            &[("", 0..0, "a metric is missing here, such as `hits`")],
        );
        assert_marks(
            Metric::parse_list,
            r"
hits,
     ^ a metric is missing here, such as `hits`
hits, hitz
      ^^^^ there is no metric `hitz`; did you mean `hits`?
error%
^^^^^^ there is no metric `error%`; did you mean `errors%`?
mean:latency
^^^^ there is no metric `mean`; did you mean `avg`?
path
^^^^ there is no metric `path`; it is a field, and `distinct:path` counts its values
latency
^^^^^^^ there is no metric `latency`; it is a field: ask for `avg:latency`, `p95:latency` \
        or `max:latency`
hits bytes
^^^^^^^^^^ there is no metric `hits bytes`; metrics are separated by commas
frobnicate
^^^^^^^^^^ there is no metric `frobnicate`; the metrics are hits, bytes, visitors, errors, \
           client_errors, errors%, first, last, `avg:latency`, `max:latency`, `min:latency`, \
           `median:latency`, `p95:latency`, `distinct:client`
hits,bytes,hits
           ^^^^ `hits` is asked for twice
p50:latency,median:latency
            ^^^^^^^^^^^^^^ `median:latency` is asked for twice
hits:path
^^^^^^^^^ `hits` takes nothing behind it
avg
^^^ `avg` of what is missing, as in `avg:latency`; it is of bytes, latency, \
    upstream_latency, bytes_in
p95:
    ^ `p95` of what is missing, as in `p95:latency`; it is of bytes, latency, \
      upstream_latency, bytes_in
avg:status
    ^^^^^^ `status` is no number to measure; `avg` is of bytes, latency, upstream_latency, \
           bytes_in
max:path:1
    ^^^^^^ `path:1` is no number to measure; `max` is of bytes, latency, upstream_latency, \
           bytes_in
max:latncy
    ^^^^^^ there is no field `latncy`; did you mean `latency`?
distinct
^^^^^^^^ `distinct` of what is missing, as in `distinct:client`
distinct:pth
         ^^^ there is no field `pth`; did you mean `path`?
p0:latency
^^ a percentile is more than 0 and less than 100; the ends are `min` and `max`
p100:latency
^^^^ a percentile is more than 0 and less than 100; the ends are `min` and `max`
p99.9999:latency
^^^^^^^^ a percentile has at most three decimals, as in `p99.999`
",
        );
    }

    proptest! {
        #[test]
        fn a_metric_is_read_as_it_is_shown(metric in metrics()) {
            let text = metric.to_string();
            prop_assert_eq!(Metric::parse(&text), Ok(metric.clone()));
            prop_assert_eq!(Metric::parse_list(&text), Ok(vec![metric]));
        }

        #[test]
        fn any_text_is_a_list_or_a_sound_mistake(
            any: String,
            near in "(hits|avg|p[0-9]{1,3}|latency|distinct|path|[.%{}:,é ])*",
        ) {
            for text in [any, near] {
                is_sound(&text, Metric::parse(&text))?;
                is_sound(&text, Metric::parse_list(&text))?;
            }
        }
    }
}
