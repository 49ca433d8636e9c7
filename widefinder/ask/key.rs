//! Keys: what a table counts by.

use std::fmt;

use super::field::Kind;
use super::mistake::quoted;
use super::nearest::suggestion;
use super::number::leading_digits;
use super::piece::{Piece, braces, list};
use super::{Field, Metric, Mistake};

/// A field, or what is derived from it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// What it is derived from.
    pub field: Field,
    /// How.
    pub derive: Derive,
}

/// What is made of a field's value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Derive {
    /// The value as it is written.
    Itself,
    /// `site`: the host of the referrer, in lower case, without the port.
    Site,
    /// `class`: the first digit of the status and `xx`, else `other`.
    Class,
    /// `ext`: what stands behind the last dot of the path's last segment.
    Extension,
    /// `day`: the date, `2006-10-01`.
    Day,
    /// `hour`: the hour of the day, `00` to `23`.
    Hour,
    /// `weekday`: `Mon` to `Sun`.
    Weekday,
    /// `time:5m`: the start of a span of so many seconds; at least 1.
    Bucket(u32),
    /// `client/24`: the network of an IPv4 address with so many leading bits,
    /// 0 to 32; of an IPv6 address always the first 48.
    Network(u8),
    /// `path:2`: the first segments; at least 1.
    Segments(u32),
    /// `query:name`: the value of the first parameter of that name.
    Parameter(String),
}

/// The derived keys that are a name alone, in the order in which they are
/// listed for people.
pub(super) const DERIVED: [(&str, Field, Derive); 6] = [
    ("site", Field::Referrer, Derive::Site),
    ("class", Field::Status, Derive::Class),
    ("ext", Field::Path, Derive::Extension),
    ("day", Field::Time, Derive::Day),
    ("hour", Field::Time, Derive::Hour),
    ("weekday", Field::Time, Derive::Weekday),
];

/// Other words for a field, where one spelling is as good as the other.
const SYNONYMS: [(&str, Field); 6] = [
    ("ip", Field::Client),
    ("referer", Field::Referrer),
    ("remote_addr", Field::Client),
    ("url", Field::Uri),
    ("user_agent", Field::Agent),
    ("useragent", Field::Agent),
];

impl Key {
    /// Reads one key.
    ///
    /// # Errors
    ///
    /// When there is no such field, or when what stands behind its name does
    /// not belong there.
    ///
    /// ```
    /// use widefinder::ask::Key;
    ///
    /// assert_eq!(Key::parse("client/24").unwrap().to_string(), "client/24");
    /// let mistake = Key::parse("pth").unwrap_err();
    /// assert_eq!(mistake.message, "there is no field `pth`; did you mean `path`?");
    /// ```
    pub fn parse(text: &str) -> Result<Key, Mistake> {
        Key::read(Piece::all(text).trim())
    }

    /// Reads keys between commas, each of which stands there once.
    ///
    /// # Errors
    ///
    /// As [`Key::parse`], and when one is missing or stands there twice.
    ///
    /// ```
    /// use widefinder::ask::Key;
    ///
    /// assert_eq!(Key::parse_list("path, status").unwrap().len(), 2);
    /// assert_eq!(Key::parse_list("%{A,B}i").unwrap().len(), 1);
    /// assert!(Key::parse_list("path,").is_err());
    /// ```
    pub fn parse_list(text: &str) -> Result<Vec<Key>, Mistake> {
        list(text, Key::read)
    }

    /// Reads the key that is all of a piece.
    pub(super) fn read(piece: Piece<'_>) -> Result<Key, Mistake> {
        let text = piece.text();
        if text.is_empty() {
            return Err(piece.mistake("a field is missing here, such as `path`"));
        }
        if let Some(own) = own(piece)? {
            return Ok(Key::of(own));
        }
        let Some(at) = text.find([':', '/']) else {
            return Key::named(text).ok_or_else(|| unknown(piece));
        };
        let name = piece.first(at);
        let key = Key::named(name.text()).ok_or_else(|| unknown(name))?;
        let derive = derive(&key, name, &text[at..=at], piece.behind(at + 1))?;
        Ok(Key { derive, ..key })
    }

    /// The key that is a name alone.
    pub(super) fn named(name: &str) -> Option<Key> {
        let mut fields = Field::NAMED.iter().chain(&SYNONYMS);
        if let Some((_, field)) = fields.find(|(known, _)| *known == name) {
            return Some(Key::of(field.clone()));
        }
        let derived = DERIVED.iter().find(|(known, ..)| *known == name);
        derived.map(|(_, field, derive)| Key {
            field: field.clone(),
            derive: derive.clone(),
        })
    }

    /// All names of fields and of derived keys.
    pub(super) fn names() -> Vec<&'static str> {
        let fields = Field::NAMED.iter().map(|(name, _)| *name);
        fields
            .chain(DERIVED.iter().map(|(name, ..)| *name))
            .collect()
    }

    /// A field as it is.
    pub fn of(field: Field) -> Key {
        Key {
            field,
            derive: Derive::Itself,
        }
    }

    /// How its values compare.
    pub fn kind(&self) -> Kind {
        match &self.derive {
            Derive::Itself => self.field.kind(),
            Derive::Hour => Kind::Number,
            _ => Kind::Text,
        }
    }

    /// Whether its values follow the clock, so that they have an order of their
    /// own and gaps between them.
    pub fn is_time(&self) -> bool {
        self.field == Field::Time
    }
}

/// The notation that a question uses.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.derive {
            Derive::Itself => self.field.fmt(f),
            Derive::Site => f.write_str("site"),
            Derive::Class => f.write_str("class"),
            Derive::Extension => f.write_str("ext"),
            Derive::Day => f.write_str("day"),
            Derive::Hour => f.write_str("hour"),
            Derive::Weekday => f.write_str("weekday"),
            Derive::Bucket(seconds) => write!(f, "{}:{}", self.field, Width(*seconds)),
            Derive::Network(bits) => write!(f, "{}/{bits}", self.field),
            Derive::Segments(number) => write!(f, "{}:{number}", self.field),
            Derive::Parameter(name) => write!(f, "{}:{name}", self.field),
        }
    }
}

/// Seconds in the largest unit that divides them.
struct Width(u32);

impl Width {
    /// The units above a second, the largest first.
    const UNITS: [(&str, u32); 4] = [("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)];
}

impl fmt::Display for Width {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, seconds) in Width::UNITS {
            if self.0.is_multiple_of(seconds) {
                return write!(f, "{}{unit}", self.0 / seconds);
            }
        }
        write!(f, "{}s", self.0)
    }
}

/// The column of a format that is asked for by its own name, if it is one.
fn own(piece: Piece<'_>) -> Result<Option<Field>, Mistake> {
    let text = piece.text();
    let (good, expected) = if let Some(name) = text.strip_prefix('$') {
        (is_variable(name), "an nginx variable is written `$name`")
    } else if let Some(name) = text.strip_prefix('%') {
        (
            is_directive(name),
            "an Apache column is written `%D` or `%{Name}i`",
        )
    } else if let Some(path) = text.strip_prefix("json:") {
        (is_path(path), "a JSON column is written `json:a.b`")
    } else {
        return Ok(None);
    };
    if good {
        return Ok(Some(Field::Own(text.to_owned())));
    }
    Err(piece.mistake(format!("{} is no column; {expected}", quoted(text))))
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// Whether this may stand behind the `%` of a directive: `D`, `>s`, `{X-Id}i`,
/// `{X}^ti`.
fn is_directive(text: &str) -> bool {
    let text = text.strip_prefix(['<', '>']).unwrap_or(text);
    let name = braces(&format!("%{text}")).saturating_sub(1);
    let letters = &text[name..];
    let letters = letters.strip_prefix('^').unwrap_or(letters);
    name != "{}".len()
        && matches!(letters.len(), 1..=2)
        && letters.bytes().all(|b| b.is_ascii_alphabetic())
        && !text.contains(char::is_control)
}

fn is_path(path: &str) -> bool {
    let ends = |c: char| c.is_whitespace() || c.is_control() || ",=!<>~()'\"".contains(c);
    !path.is_empty() && path.split('.').all(|part| !part.is_empty()) && !path.contains(ends)
}

/// Reads what stands behind the `:` or `/` of a key.
fn derive(key: &Key, name: Piece<'_>, by: &str, with: Piece<'_>) -> Result<Derive, Mistake> {
    let nothing = || {
        let all = Piece::of(name.whole(), name.start()..with.end());
        let how = match (key.derive == Derive::Itself, &key.field) {
            (true, Field::Client) => "; a network is written `client/24`",
            (true, Field::Path) => "; the first segments are written `path:1`",
            (true, Field::Uri) => "; the first segments of the path are written `path:1`",
            (true, Field::Query) => "; one parameter is written `query:name`",
            (_, Field::Time) => "; a span of time is written `time:5m`",
            (_, Field::Status) => "; the classes of a status are `class`",
            _ => "",
        };
        all.mistake(format!(
            "{} takes nothing behind it{how}",
            quoted(name.text())
        ))
    };
    if key.derive != Derive::Itself {
        return Err(nothing());
    }
    match (&key.field, by) {
        (Field::Time, ":") => width(with),
        (Field::Client, "/") => bits(with),
        (Field::Path, ":") => segments(with),
        (Field::Query, ":") => parameter(with),
        _ => Err(nothing()),
    }
}

fn width(piece: Piece<'_>) -> Result<Derive, Mistake> {
    const EXPECTED: &str = "a number with s, m, h, d or w, as in `time:5m`";
    let text = piece.text();
    if text.is_empty() {
        return Err(piece.mistake(format!("a span of time is missing; expected is {EXPECTED}")));
    }
    let seconds = leading_digits(text).and_then(|(digits, unit)| Some((digits, seconds(unit)?)));
    let Some((digits, unit)) = seconds else {
        let word = quoted(text);
        return Err(piece.mistake(format!("{word} is no span of time; expected is {EXPECTED}")));
    };
    match digits.parse::<u32>().ok().and_then(|n| n.checked_mul(unit)) {
        Some(0) => Err(piece.mistake("a span of time is at least one second, `time:1s`")),
        Some(seconds) => Ok(Derive::Bucket(seconds)),
        None => Err(piece.mistake("a span of time is at most 7101 weeks, `time:7101w`")),
    }
}

/// The seconds of a unit of time.
pub(super) fn seconds(unit: &str) -> Option<u32> {
    match unit {
        "s" => Some(1),
        _ => Width::UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .map(|(_, seconds)| *seconds),
    }
}

fn bits(piece: Piece<'_>) -> Result<Derive, Mistake> {
    match piece.text().parse::<u8>() {
        Ok(bits) if bits <= 32 && is_digits(piece) => Ok(Derive::Network(bits)),
        _ => Err(piece.mistake(
            "a prefix of 0 to 32 bits is expected, as in `client/24`; \
             of an IPv6 address it is always the first 48",
        )),
    }
}

fn segments(piece: Piece<'_>) -> Result<Derive, Mistake> {
    match piece.text().parse::<u32>() {
        Ok(number) if number > 0 && is_digits(piece) => Ok(Derive::Segments(number)),
        _ => Err(piece.mistake("a number of segments is expected, at least 1, as in `path:1`")),
    }
}

fn is_digits(piece: Piece<'_>) -> bool {
    piece.text().bytes().all(|b| b.is_ascii_digit())
}

fn parameter(piece: Piece<'_>) -> Result<Derive, Mistake> {
    let name = piece.text();
    let ends = |c: char| c.is_whitespace() || c.is_control() || ",=&".contains(c);
    if name.is_empty() || name.contains(ends) {
        return Err(piece.mistake(
            "the name of one parameter is expected, as in `query:utm_source`, \
             without `=`, `&`, commas and spaces",
        ));
    }
    Ok(Derive::Parameter(name.to_owned()))
}

/// The mistake of a name that nothing has.
fn unknown(name: Piece<'_>) -> Mistake {
    let text = name.text();
    if text.is_empty() {
        return name.mistake("a field is missing here, such as `path`");
    }
    let hint = if text == "host" {
        "; `vhost` is the host that was asked, `client` the one that asks, \
         `site` the one that sent it"
            .to_owned()
    } else if Metric::is_name(text) {
        "; it is a metric, and those go to --metric".to_owned()
    } else if text.contains(char::is_whitespace) {
        "; fields are separated by commas".to_owned()
    } else {
        suggestion(text, &Key::names(), || {
            format!(
                "; the fields are {}, and derived from them {}, \
                 `time:5m`, `client/24`, `path:1`, `query:name`; \
                 other columns are `$name`, `%{{Name}}i`, `json:a.b`",
                Field::NAMED.map(|(name, _)| name).join(", "),
                DERIVED.map(|(name, ..)| name).join(", "),
            )
        })
    };
    name.mistake(format!("there is no field {}{hint}", quoted(text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::{assert_mistakes, is_sound, keys};
    use proptest::prelude::*;

    fn key(field: Field, derive: Derive) -> Key {
        Key { field, derive }
    }

    #[test]
    fn every_name_is_a_key() {
        for (name, field) in Field::NAMED {
            assert_eq!(Key::parse(name), Ok(Key::of(field)));
        }
        for (name, field, derive) in DERIVED {
            assert_eq!(Key::parse(name), Ok(key(field, derive)));
        }
        for (name, field) in SYNONYMS {
            assert_eq!(Key::parse(name), Ok(Key::of(field)));
        }
    }

    #[test]
    fn arguments_derive() {
        let table: &[(&str, Field, Derive)] = &[
            ("time:90s", Field::Time, Derive::Bucket(90)),
            ("time:5m", Field::Time, Derive::Bucket(300)),
            ("time:1w", Field::Time, Derive::Bucket(604_800)),
            ("client/0", Field::Client, Derive::Network(0)),
            ("ip/24", Field::Client, Derive::Network(24)),
            ("path:2", Field::Path, Derive::Segments(2)),
            ("query:a[b]", Field::Query, Derive::Parameter("a[b]".into())),
            (
                "query:a:b/c",
                Field::Query,
                Derive::Parameter("a:b/c".into()),
            ),
        ];
        for (text, field, derive) in table {
            let expected = key(field.clone(), derive.clone());
            assert_eq!(Key::parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn columns_have_their_own_names() {
        for name in [
            "$upstream_addr",
            "%{X-Id}i",
            "%{A,B c}i",
            "%D",
            "%>s",
            "%{X}^ti",
            "json:a.b-c",
        ] {
            let own = Key::of(Field::Own(name.to_owned()));
            assert_eq!(Key::parse(name), Ok(own.clone()));
            assert_eq!(Key::parse_list(name), Ok(vec![own]));
        }
    }

    #[test]
    fn lists_are_separated_by_commas() {
        let shown = |text| {
            let keys = Key::parse_list(text).unwrap();
            keys.iter()
                .map(Key::to_string)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(shown("path"), "path");
        assert_eq!(
            shown(" path , %{A,B}i,client/24 "),
            "path %{A,B}i client/24"
        );
    }

    #[test]
    fn mistakes_point_at_their_place() {
        assert_mistakes(
            Key::parse_list,
            &[
                ("", 0..0, "a field is missing here, such as `path`"),
                ("path,,day", 5..5, "a field is missing here, such as `path`"),
                ("path, ", 6..6, "a field is missing here, such as `path`"),
                (":5m", 0..0, "a field is missing here, such as `path`"),
                (
                    "path, pth",
                    6..9,
                    "there is no field `pth`; did you mean `path`?",
                ),
                (
                    "pth:1",
                    0..3,
                    "there is no field `pth`; did you mean `path`?",
                ),
                (
                    "Status",
                    0..6,
                    "there is no field `Status`; did you mean `status`?",
                ),
                (
                    "browser",
                    0..7,
                    "there is no field `browser`; did you mean `agent`?",
                ),
                (
                    "host",
                    0..4,
                    "there is no field `host`; `vhost` is the host that was asked, \
                `client` the one that asks, `site` the one that sent it",
                ),
                (
                    "hits",
                    0..4,
                    "there is no field `hits`; it is a metric, and those go to --metric",
                ),
                (
                    "path day",
                    0..8,
                    "there is no field `path day`; fields are separated by commas",
                ),
                (
                    "x\u{1b}y",
                    0..3,
                    "there is no field `x\\x1by`; the fields are time, client, user, \
                method, uri, path, query, protocol, status, bytes, referrer, agent, vhost, \
                scheme, latency, upstream_latency, bytes_in, tls_version, tls_cipher, cache, \
                line, and derived from them site, class, ext, day, hour, weekday, `time:5m`, \
                `client/24`, `path:1`, `query:name`; other columns are `$name`, `%{Name}i`, \
                `json:a.b`",
                ),
                ("path,path", 5..9, "`path` is asked for twice"),
                ("time:60s,time:1m", 9..16, "`time:1m` is asked for twice"),
                (
                    "time:0m",
                    5..7,
                    "a span of time is at least one second, `time:1s`",
                ),
                (
                    "time:5x",
                    5..7,
                    "`5x` is no span of time; \
                expected is a number with s, m, h, d or w, as in `time:5m`",
                ),
                (
                    "time:",
                    5..5,
                    "a span of time is missing; \
                expected is a number with s, m, h, d or w, as in `time:5m`",
                ),
                (
                    "time:9999999999s",
                    5..16,
                    "a span of time is at most 7101 weeks, `time:7101w`",
                ),
                (
                    "client/33",
                    7..9,
                    "a prefix of 0 to 32 bits is expected, as in `client/24`; \
                of an IPv6 address it is always the first 48",
                ),
                (
                    "client/+8",
                    7..9,
                    "a prefix of 0 to 32 bits is expected, as in `client/24`; \
                of an IPv6 address it is always the first 48",
                ),
                (
                    "path:0",
                    5..6,
                    "a number of segments is expected, at least 1, as in `path:1`",
                ),
                (
                    "query:",
                    6..6,
                    "the name of one parameter is expected, \
                as in `query:utm_source`, without `=`, `&`, commas and spaces",
                ),
                ("ext:2", 0..5, "`ext` takes nothing behind it"),
                (
                    "day:2",
                    0..5,
                    "`day` takes nothing behind it; a span of time is written `time:5m`",
                ),
                (
                    "client:24",
                    0..9,
                    "`client` takes nothing behind it; \
                a network is written `client/24`",
                ),
                (
                    "path/1",
                    0..6,
                    "`path` takes nothing behind it; \
                the first segments are written `path:1`",
                ),
                (
                    "url:1",
                    0..5,
                    "`url` takes nothing behind it; \
                the first segments of the path are written `path:1`",
                ),
                (
                    "query/a",
                    0..7,
                    "`query` takes nothing behind it; \
                one parameter is written `query:name`",
                ),
                (
                    "status:1",
                    0..8,
                    "`status` takes nothing behind it; \
                the classes of a status are `class`",
                ),
                (
                    "$",
                    0..1,
                    "`$` is no column; an nginx variable is written `$name`",
                ),
                (
                    "%{}i",
                    0..4,
                    "`%{}i` is no column; \
                an Apache column is written `%D` or `%{Name}i`",
                ),
                (
                    "json:a.",
                    0..7,
                    "`json:a.` is no column; a JSON column is written `json:a.b`",
                ),
            ],
        );
    }

    proptest! {
        #[test]
        fn a_key_is_read_as_it_is_shown(key in keys()) {
            let text = key.to_string();
            prop_assert_eq!(Key::parse(&text), Ok(key.clone()));
            if key != Key::of(Field::Line) {
                let two = vec![Key::of(Field::Line), key];
                prop_assert_eq!(Key::parse_list(&format!("line, {text} ")), Ok(two));
            }
        }

        #[test]
        fn any_text_is_a_list_or_a_sound_mistake(
            any: String,
            near in "([a-z]{1,4}|path|time|client|query|json|[$%{}:/,é0-9 ])*",
        ) {
            for text in [any, near] {
                is_sound(&text, Key::parse(&text))?;
                is_sound(&text, Key::parse_list(&text))?;
            }
        }
    }
}
