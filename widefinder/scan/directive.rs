//! The text of a `LogFormat` or a `log_format`, piece by piece.

use std::borrow::Cow;

use memchr::memchr;

use super::combined::is_escaped;
use super::layout::Holds;
use super::scale::Scale;
use crate::ask::Field;
use crate::error::Error;

const COMMON: &str = r#"%h %l %u %t "%r" %>s %b"#;
pub(super) const COMBINED: &str = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#;
pub(super) const VHOST_COMBINED: &str =
    r#"%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i""#;
const NGINX_COMMON: &str =
    r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent"#;
const NGINX_COMBINED: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#;

/// Puts in what the name of a format at the beginning of a text stands for:
/// `vhost_combined`, `combined %D`, `combined $request_time`.
pub(super) fn expand(text: &str) -> Cow<'_, str> {
    let name_ends = text.find(' ').unwrap_or(text.len());
    let (name, rest) = text.split_at(name_ends);
    let beginning = match (name.to_ascii_lowercase().as_str(), rest.contains('$')) {
        ("common", false) => COMMON,
        ("combined", false) => COMBINED,
        ("vcombined" | "vhost_combined", false) => VHOST_COMBINED,
        ("common", true) => NGINX_COMMON,
        ("combined", true) => NGINX_COMBINED,
        _ => return text.into(),
    };
    format!("{beginning}{rest}").into()
}

/// Takes the format out of a whole directive, as it is pasted from a server's
/// configuration: `LogFormat "%h ..." main`, or `log_format main '...' '...';`.
pub(super) fn unquoted(text: &str) -> Cow<'_, str> {
    let (word, rest) = text
        .trim()
        .split_once(char::is_whitespace)
        .unwrap_or_default();
    let quoted = match word.to_ascii_lowercase().as_str() {
        "logformat" => rest,
        // Its name, and perhaps how it escapes, come first.
        "log_format" => rest.find(['\'', '"']).map_or(rest, |quote| &rest[quote..]),
        _ if text.trim_start().starts_with('\'') => text,
        _ => return text.into(),
    };
    let mut format = String::new();
    let mut rest = quoted.trim_start();
    while let Some(quote) = rest
        .chars()
        .next()
        .filter(|quote| ['\'', '"'].contains(quote))
    {
        let Some(end) = closing(&rest[1..], quote) else {
            return text.into();
        };
        format += &rest[1..=end];
        rest = rest[end + 2..].trim_start();
    }
    match format.is_empty() {
        true => text.into(),
        false => format.into(),
    }
}

/// Where the first quote stands that no backslash escapes.
fn closing(text: &str, quote: char) -> Option<usize> {
    let mut quotes = text.match_indices(quote).map(|(place, _)| place);
    quotes.find(|&place| !is_escaped(text.as_bytes(), place))
}

/// A piece of a configuration's text.
pub(super) enum Token {
    Text(u8),
    /// `%>s`, `%{Referer}i`, `$status`; without modifiers.
    Directive(String),
}

/// Reads a configuration's text.
pub(super) struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Whether it is nginx's: with `$`.
    variables: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        let apache = text.contains('%') && !text.starts_with('$');
        Reader {
            text,
            at: 0,
            variables: text.contains('$') && !apache,
        }
    }

    pub(super) fn mistake(&self, message: &str) -> Error {
        Error::Usage(format!("--log-format: {:?}: {message}", self.text))
    }

    pub(super) fn next(&mut self) -> Result<Option<Token>, Error> {
        let rest = &self.text.as_bytes()[self.at..];
        let (token, length) = match *rest {
            [] => return Ok(None),
            [b'%', b'%', ..] if !self.variables => (Token::Text(b'%'), 2),
            [b'%', ..] if !self.variables => {
                let length = apache_directive(rest).ok_or_else(|| {
                    self.mistake("a directive such as %h or %{Referer}i ends early")
                })?;
                (Token::Directive(without_modifiers(&rest[..length])), length)
            }
            [b'$', ..] if self.variables => {
                let (name, length) = nginx_variable(rest).ok_or_else(|| {
                    self.mistake("a variable such as $status or ${status} has no name")
                })?;
                (Token::Directive(name), length)
            }
            [b'\\', b't', ..] => (Token::Text(b'\t'), 2),
            [b'\\', byte, ..] => (Token::Text(byte), 2),
            [byte, ..] => (Token::Text(byte), 1),
        };
        self.at += length;
        Ok(Some(token))
    }
}

/// The length of `%...{name}x` or `%...x`.
fn apache_directive(rest: &[u8]) -> Option<usize> {
    let mut at = 1 + modifiers(rest);
    if rest.get(at) == Some(&b'{') {
        at += memchr(b'}', &rest[at..])? + 1;
    }
    // Trailers, `^ti` and `^to`, are the only directives of several letters.
    if rest[at..].starts_with(b"^t") {
        at += 2;
    }
    rest.get(at)
        .filter(|letter| letter.is_ascii_alphabetic())
        .map(|_| at + 1)
}

/// How many bytes behind the `%` say only when to write: `>`, `!200,304`.
fn modifiers(directive: &[u8]) -> usize {
    let is_modifier = |byte: &&u8| byte.is_ascii_digit() || b",!<>".contains(byte);
    directive[1..].iter().take_while(is_modifier).count()
}

/// A directive as it is compared.
pub(super) fn without_modifiers(directive: &[u8]) -> String {
    let rest = &directive[1 + modifiers(directive)..];
    format!("%{}", String::from_utf8_lossy(rest))
}

/// The name of `$name` or `${name}`, with its dollar, and the whole length.
fn nginx_variable(rest: &[u8]) -> Option<(String, usize)> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let braced = rest.get(1) == Some(&b'{');
    let start = if braced { 2 } else { 1 };
    let length = rest
        .get(start..)?
        .iter()
        .copied()
        .take_while(|b| is_name(b))
        .count();
    let name = String::from_utf8_lossy(&rest[start..start + length]);
    let end = start + length;
    match (length, braced) {
        (0, _) => None,
        (_, false) => Some((format!("${name}"), end)),
        (_, true) => (rest.get(end) == Some(&b'}')).then(|| (format!("${name}"), end + 1)),
    }
}

/// What a directive stands for.
pub(super) fn meaning(directive: &str) -> (Holds, Scale) {
    let field = match directive {
        "%r" | "$request" => return (Holds::Request, Scale::Whole),
        "%b" | "%B" | "%O" | "$body_bytes_sent" | "$bytes_sent" => {
            return (Holds::Field(Field::Bytes), Scale::Bytes);
        }
        "%q" => return (Holds::QueryString, Scale::Whole),
        "%D" => return (Holds::Field(Field::Latency), Scale::Microseconds),
        "%{us}T" => return (Holds::Field(Field::Latency), Scale::Microseconds),
        "%{ms}T" => return (Holds::Field(Field::Latency), Scale::Milliseconds),
        "%T" | "%{s}T" | "$request_time" => {
            return (Holds::Field(Field::Latency), Scale::Seconds);
        }
        "$upstream_response_time" => {
            return (Holds::Field(Field::UpstreamLatency), Scale::Seconds);
        }
        "%h" | "%a" | "$remote_addr" => Field::Client,
        "%u" | "$remote_user" => Field::User,
        // `$time_iso8601` is another notation, and has only its own name.
        "%t" | "$time_local" => Field::Time,
        "%m" | "$request_method" => Field::Method,
        "$request_uri" | "%U%q" => Field::Uri,
        "%U" | "$uri" | "$document_uri" => Field::Path,
        "$query_string" | "$args" => Field::Query,
        "%H" | "$server_protocol" => Field::Protocol,
        "%s" | "$status" => Field::Status,
        "%I" | "$request_length" => Field::BytesIn,
        "$http_referer" => Field::Referrer,
        "$http_user_agent" => Field::Agent,
        "%v" | "%V" | "$host" | "$http_host" | "$server_name" => Field::Vhost,
        "$scheme" => Field::Scheme,
        "%{SSL_PROTOCOL}x" | "$ssl_protocol" => Field::TlsVersion,
        "%{SSL_CIPHER}x" | "$ssl_cipher" => Field::TlsCipher,
        "$upstream_cache_status" => Field::Cache,
        // Names of headers are alike in either case.
        _ if directive.eq_ignore_ascii_case("%{Referer}i") => Field::Referrer,
        _ if directive.eq_ignore_ascii_case("%{User-Agent}i") => Field::Agent,
        _ => return (Holds::Other, Scale::Whole),
    };
    (Holds::Field(field), Scale::Whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_may_be_pasted_whole() {
        for (text, format) in [
            (r#"LogFormat "%h \"%r\" %s" common"#, r#"%h \"%r\" %s"#),
            ("  logformat '%h %s'", "%h %s"),
            (
                "log_format main '$remote_addr ' '$status';",
                "$remote_addr $status",
            ),
            (
                "log_format j escape=json\n  '$status'\n  ' $host';",
                "$status $host",
            ),
            ("'$remote_addr' ' $status'", "$remote_addr $status"),
            ("%h %s", "%h %s"),
            ("log_format main", "log_format main"),
            ("LogFormat \"%h", "LogFormat \"%h"),
            ("", ""),
        ] {
            assert_eq!(unquoted(text), format, "{text}");
        }
    }
}
