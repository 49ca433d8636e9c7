//! The text of a `LogFormat` or a `log_format`, piece by piece.

use std::ops::Range;

use memchr::memchr;

use super::configured::Configured;
use super::layout::Holds;
use super::sample;
use super::scale::Scale;
use crate::ask::Field;

const COMMON: &str = r#"%h %l %u %t "%r" %>s %b"#;
pub(super) const COMBINED: &str = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#;
pub(super) const VHOST_COMBINED: &str =
    r#"%v:%p %h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i""#;
const VHOST_COMMON: &str = r#"%v:%p %h %l %u %t "%r" %>s %b"#;
const VHOST_COMBINED_NO_PORT: &str = r#"%v %h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#;
const VHOST_COMMON_NO_PORT: &str = r#"%v %h %l %u %t "%r" %>s %b"#;
/// Nobody knows what the numbers are.
const COMBINED_NUMBERED: &str =
    r#"%h %l %u %t "%r" %>s %b %{numbers}n "%{Referer}i" "%{User-Agent}i""#;
const NGINX_COMMON: &str =
    r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent"#;
const NGINX_COMBINED: &str = r#"$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent""#;

/// Puts in what the name of a format at the beginning of a text stands for:
/// `vhost_combined`, `combined %D`, `combined $request_time`.
pub(super) fn expand(configured: &mut Configured<'_>) {
    let text = configured.text();
    let name_ends = text.find(' ').unwrap_or(text.len());
    let (name, rest) = text.split_at(name_ends);
    let beginning = match (name.to_ascii_lowercase().as_str(), rest.contains('$')) {
        ("common", false) => COMMON,
        ("combined", false) => COMBINED,
        ("vcombined" | "vhost_combined", false) => VHOST_COMBINED,
        ("vcommon" | "vhost_common", false) => VHOST_COMMON,
        ("vhost_combined_no_port", false) => VHOST_COMBINED_NO_PORT,
        ("vhost_common_no_port", false) => VHOST_COMMON_NO_PORT,
        ("combined_numbered", false) => COMBINED_NUMBERED,
        ("common", true) => NGINX_COMMON,
        ("combined", true) => NGINX_COMBINED,
        _ => return,
    };
    configured.replace_first(name_ends, beginning);
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

/// What cannot be read, and which part of the text it is.
pub(super) type Unreadable = (Range<usize>, &'static str);

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        let apache = text.contains('%') && !text.starts_with('$');
        Reader {
            text,
            at: 0,
            variables: text.contains('$') && !apache,
        }
    }

    /// The next token, and which part of the text it is.
    pub(super) fn next(&mut self) -> Result<Option<(Token, Range<usize>)>, Unreadable> {
        let rest = &self.text.as_bytes()[self.at..];
        let (token, length) = match *rest {
            [] => return Ok(None),
            [b'%', b'%', ..] if !self.variables => (Token::Text(b'%'), 2),
            [b'%', ..] if !self.variables => {
                let length = apache_directive(rest).ok_or_else(|| {
                    (
                        self.word(),
                        "this is no directive, such as %h or %{Referer}i",
                    )
                })?;
                (Token::Directive(without_modifiers(&rest[..length])), length)
            }
            [b'$', ..] if self.variables => {
                let (name, length) = nginx_variable(rest).ok_or_else(|| {
                    (
                        self.word(),
                        "this is no variable, such as $status or ${status}",
                    )
                })?;
                (Token::Directive(name), length)
            }
            [b'\\', b't', ..] => (Token::Text(b'\t'), 2),
            [b'\n' | b'\r', ..] | [b'\\', b'n', ..] => {
                let message = "a line of a log does not hold the end of a line";
                return Err((self.at..self.at + 1, message));
            }
            [b'\\', byte, ..] => (Token::Text(byte), 2),
            [byte, ..] => (Token::Text(byte), 1),
        };
        let part = self.at..self.at + length;
        self.at = part.end;
        Ok(Some((token, part)))
    }

    /// The rest of the text up to a blank.
    fn word(&self) -> Range<usize> {
        let rest = &self.text[self.at..];
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        self.at..self.at + length
    }
}

/// The length of `%...{name}x` or `%...x`.
fn apache_directive(rest: &[u8]) -> Option<usize> {
    let mut at = 1 + modifiers(rest);
    if rest.get(at) == Some(&b'{') {
        at += memchr(b'}', &rest[at..])? + 1;
    }
    // Trailers, `^ti` and `^to`, and the first byte, `^FB`, are the only directives
    // of several letters.
    if rest[at..].starts_with(b"^t") || rest[at..].starts_with(b"^F") {
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
        // A time in a notation that is not read has only its own name.
        _ if sample::is_read(directive) => Field::Time,
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
        _ if directive.eq_ignore_ascii_case("%{Host}i") => Field::Vhost,
        _ => return (Holds::Other, Scale::Whole),
    };
    (Holds::Field(field), Scale::Whole)
}

/// How far a value reaches that stands in no quotes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// To what stands behind it.
    Word,
    /// As well, but `, ` and ` : ` part the values of a list.
    List,
    /// As well, but of several colons the last stands behind it.
    Host,
    /// To the slash that the URI behind it begins with.
    Origin,
    /// It may hold anything.
    Free,
}

/// The shape of what a directive writes.
pub(super) fn shape(directive: &str) -> Shape {
    let lower = directive.to_ascii_lowercase();
    match directive {
        "%r" | "$request" => Shape::Free,
        "%v" | "%V" | "%h" | "%a" | "$host" | "$http_host" | "$server_name" | "$remote_addr" => {
            Shape::Host
        }
        _ if lower.starts_with("$upstream_") => Shape::List,
        _ => match header(&lower) {
            Some(name) if name == "x-forwarded-for" => Shape::List,
            Some(name) if SPACED.contains(&&*name) => Shape::Free,
            _ => Shape::Word,
        },
    }
}

/// Headers in whose values spaces are usual.
const SPACED: [&str; 12] = [
    "user-agent",
    "content-type",
    "content-disposition",
    "cache-control",
    "cookie",
    "set-cookie",
    "accept",
    "accept-encoding",
    "accept-language",
    "last-modified",
    "authorization",
    "via",
];

/// The name of the header that a directive in small letters writes.
fn header(directive: &str) -> Option<String> {
    let answered = directive
        .strip_prefix("%{")
        .and_then(|rest| rest.strip_suffix("}o"))
        .or_else(|| directive.strip_prefix("$sent_http_"));
    let answered = answered.map(|name| name.replace('_', "-"));
    answered.or_else(|| header_of_request(directive))
}

fn header_of_request(directive: &str) -> Option<String> {
    let name = directive
        .strip_prefix("%{")
        .and_then(|rest| rest.strip_suffix("}i"))
        .or_else(|| directive.strip_prefix("$http_"))?;
    Some(name.replace('_', "-"))
}

/// Headers, in small letters, in which a proxy says who the client is, the best first.
const PROXIED: [&str; 4] = [
    "x-forwarded-for",
    "x-real-ip",
    "true-client-ip",
    "cf-connecting-ip",
];

/// Which of the directives that tell of the client is to be believed: that of the least
/// rank.
pub(super) fn rank_of_client(directive: &str) -> Option<usize> {
    match directive {
        "$the_real_ip" => Some(0),
        _ => header_of_request(&directive.to_ascii_lowercase())
            .and_then(|name| PROXIED.iter().position(|known| *known == name)),
    }
}
