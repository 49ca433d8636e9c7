//! Keys: what a table counts by.

use std::fmt;

use super::derive::{Width, derive};
use super::field::Kind;
use super::mistake::quoted;
use super::nearest::suggestion;
use super::own::own;
use super::piece::{Piece, list};
use super::{Derive, Field, Metric, Mistake};

/// A field, or what is derived from it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key {
    /// What it is derived from.
    pub field: Field,
    /// How.
    pub derive: Derive,
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
    use crate::ask::check::{assert_marks, assert_mistakes, is_sound, keys};
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
                ("path, ", 6..6, "a field is missing here, such as `path`"),
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
            ],
        );
        assert_marks(
            Key::parse_list,
            r"
path,,day
     ^ a field is missing here, such as `path`
:5m
^ a field is missing here, such as `path`
path, pth
      ^^^ there is no field `pth`; did you mean `path`?
pth:1
^^^ there is no field `pth`; did you mean `path`?
Status
^^^^^^ there is no field `Status`; did you mean `status`?
browser
^^^^^^^ there is no field `browser`; did you mean `agent`?
host
^^^^ there is no field `host`; `vhost` is the host that was asked, `client` the one that \
     asks, `site` the one that sent it
hits
^^^^ there is no field `hits`; it is a metric, and those go to --metric
path day
^^^^^^^^ there is no field `path day`; fields are separated by commas
path,path
     ^^^^ `path` is asked for twice
time:60s,time:1m
         ^^^^^^^ `time:1m` is asked for twice
",
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
