//! Reads the tests of a filter: `FIELD OP VALUE`.

use super::cursor::{Cursor, Value};
use super::domain::Domain;
use super::having::Compare;
use super::operator::Operator;
use super::piece::Piece;
use super::word::Word;
use super::{Accept, Key, Mistake, Test, When};
use crate::pattern::Pattern;

/// The operators, for a message.
const OPERATORS: &str = "= != < <= > >= ~ !~ in, `not in`";

/// Reads a test.
pub(super) fn test(cursor: &mut Cursor<'_>, when: &When) -> Result<Test, Mistake> {
    let name = cursor.name();
    if name.text().is_empty() {
        let place = cursor.next_word();
        return Err(place.mistake("a field is expected here, as in `status=404`"));
    }
    let key = Key::read(name)?;
    cursor.skip_spaces();
    let start = cursor.at();
    let operator = cursor.operator(name, OPERATORS)?;
    let sign = cursor.since(start);
    let domain = Domain::of(&key);
    let (key, accepts) = match operator {
        Operator::Match { .. } => {
            if let Some(message) = domain.no_pattern() {
                return Err(sign.mistake(message));
            }
            (key, vec![Accept::Match(pattern(cursor, sign)?)])
        }
        Operator::In { .. } => {
            let words = list(cursor, sign)?;
            let accepts = words.iter().map(|word| domain.equal(word, when));
            let accepts: Vec<_> = accepts.collect::<Result<_, _>>()?;
            (domain.key(key), accepts.into_iter().flatten().collect())
        }
        Operator::Compare(compare) => {
            let accepts = compared(cursor, domain, (name, compare, sign), when)?;
            (domain.key(key), accepts)
        }
    };
    Ok(Test {
        key,
        accepts,
        negated: operator.negated(),
        text: cursor.since(name.start()).text().to_owned(),
    })
}

/// Reads the value of a comparison.
fn compared<'t>(
    cursor: &mut Cursor<'t>,
    domain: Domain,
    (name, compare, sign): (Piece<'t>, Compare, Piece<'t>),
    when: &When,
) -> Result<Vec<Accept>, Mistake> {
    let by_order = !matches!(compare, Compare::Equal | Compare::NotEqual);
    if by_order && let Some(message) = domain.no_order(name.text()) {
        return Err(sign.mistake(message));
    }
    cursor.skip_spaces();
    if cursor.rest().starts_with('(') {
        let place = cursor.take(1);
        return Err(
            place.mistake("a list goes with `in`; a value that begins with `(` stands in quotes")
        );
    }
    let word = cursor.value(sign, Value::Plain)?;
    if by_order {
        return domain.ordered(compare, &word, when);
    }
    domain.equal(&word, when)
}

fn pattern<'t>(cursor: &mut Cursor<'t>, sign: Piece<'t>) -> Result<Pattern, Mistake> {
    let word = cursor.value(sign, Value::Pattern)?;
    word.pattern().map_err(|mut mistake| {
        let is_bare = cursor.at() == word.piece().end();
        let goes_on = cursor.rest().starts_with(char::is_whitespace);
        if is_bare && goes_on && mistake.message.contains("unclosed") {
            mistake
                .message
                .push_str("; a value with spaces stands in quotes");
        }
        mistake
    })
}

/// Reads `(a, b)`, or one value without parentheses.
fn list<'t>(cursor: &mut Cursor<'t>, sign: Piece<'t>) -> Result<Vec<Word<'t>>, Mistake> {
    let Some(open) = cursor.sign('(') else {
        let word = cursor.value(sign, Value::Item)?;
        return match cursor.sign(',') {
            Some(comma) => Err(comma.mistake("a list stands in parentheses, `in (a, b)`")),
            None => Ok(vec![word]),
        };
    };
    let mut words = Vec::new();
    let mut behind = open;
    loop {
        if cursor.is_done() {
            return Err(open.mistake("this parenthesis is not closed"));
        }
        words.push(cursor.value(behind, Value::Item)?);
        if cursor.sign(')').is_some() {
            return Ok(words);
        }
        behind = match cursor.sign(',') {
            Some(comma) => comma,
            None if cursor.is_done() => {
                return Err(open.mistake("this parenthesis is not closed"));
            }
            None => {
                let place = cursor.next_word();
                return Err(place.mistake(
                    "a comma is missing before this; a value with spaces stands in quotes",
                ));
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::assert_marks;
    use crate::ask::{Bound, Expr};
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    fn parse(text: &str) -> Result<Expr, Mistake> {
        let (now, zone) = (Timestamp::UNIX_EPOCH, Some(TimeZone::UTC));
        Expr::parse(text, &When { now, zone })
    }

    /// What a test looks at, whether it is negated, and what it accepts.
    fn read(text: &str) -> String {
        match parse(text) {
            Ok(Expr::Test(test)) => {
                assert_eq!(test.text, text.trim());
                let accepts = test.accepts.iter().map(|accept| match accept {
                    Accept::Absent => "-".to_owned(),
                    Accept::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
                    Accept::Match(pattern) => format!("~{}", pattern.regex()),
                    Accept::Number(first, u64::MAX) => format!("{first}.."),
                    Accept::Number(first, last) => format!("{first}..{last}"),
                    Accept::Network(network) => network.to_string(),
                    Accept::Time(from, to) => {
                        let side = |bound: &Option<Bound>| match bound {
                            None => String::new(),
                            Some(Bound::Instant(second)) => format!("{second}Z"),
                            Some(Bound::Wall(second)) => second.to_string(),
                        };
                        format!("[{},{})", side(from), side(to))
                    }
                });
                let accepts = accepts.collect::<Vec<_>>().join(" ");
                let not = if test.negated { "not " } else { "" };
                format!("{} {not}{accepts}", test.key)
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn numbers_are_ranges() {
        for (text, expected) in [
            ("status=404", "status 404..404"),
            (" status == 404 ", "status 404..404"),
            ("status!=404", "status not 404..404"),
            ("status=5xx", "status 500..599"),
            ("status=500..509", "status 500..509"),
            ("status=4xx..5xx", "status 400..599"),
            ("status>=5xx", "status 500.."),
            ("status<'400'", "status 0..399"),
            ("status in (404, 5xx,-)", "status 404..404 500..599 -"),
            ("status not in 404", "status not 404..404"),
            ("status IN(404)", "status 404..404"),
            ("hour=09", "hour 9..9"),
            ("hour>17", "hour 18.."),
            ("hour in (22..23,0..5)", "hour 22..23 0..5"),
            ("bytes>1.5", "bytes 2.."),
            ("bytes<1.5", "bytes 0..1"),
            ("bytes>=1.5k", "bytes 1536.."),
            ("bytes=1k..2KiB", "bytes 1024..2048"),
            ("bytes=1.5..2.5", "bytes 2..2"),
            ("bytes<0", "bytes "),
            ("bytes=-", "bytes -"),
            ("latency>500ms", "latency 500000001.."),
            ("latency<=1.5", "latency 0..1500000000"),
            ("upstream_latency != -", "upstream_latency not -"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn times_are_spans() {
        for (text, expected) in [
            ("time=1970-01-01T00:01", "time [60,61)"),
            ("time!=1970-01-01T00:01Z", "time not [60Z,61Z)"),
            ("time>=1970-01-01T10:00", "time [36000,)"),
            ("time>1970-01-02", "time [86401,)"),
            ("time<'1970-01-01 00:01:00'", "time [,60)"),
            ("time<=1970-01-01T00:01", "time [,61)"),
            ("time>1970-01-01T00:00:59.5", "time [60,)"),
            ("time<=1970-01-01T00:00:59.5", "time [,60)"),
            ("time>=-1h", "time [-3600Z,)"),
            ("day=1970-01-02", "time [86400,172800)"),
            ("day!=today", "time not [0,86400)"),
            ("day>1970-01-02", "time [172800,)"),
            ("day<=1970-01-02", "time [,172800)"),
            ("day in (yesterday..today, -)", "time [-86400,86400) -"),
            ("day~^1970-01", "day ~^1970-01"),
            ("weekday=monday", "weekday \"Mon\""),
            ("weekday not in (Fri..Sat)", "weekday not \"Fri\" \"Sat\""),
            ("time:5m='1970-01-01T00:05'", "time:5m \"1970-01-01T00:05\""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn texts_are_bytes_patterns_or_networks() {
        for (text, expected) in [
            ("method=GET", "method \"GET\""),
            ("path = /a_(b)", "path \"/a_(b)\""),
            (r#"agent="a \"b\" \n""#, r#"agent "a \"b\" \\n""#),
            ("referrer=-", "referrer -"),
            ("referrer!=''", "referrer not -"),
            ("user in ('-', 'and', b)", "user - \"and\" \"b\""),
            ("uri=/?a=b&c=d", "uri \"/?a=b&c=d\""),
            ("path~^/(a|b)/", "path ~^/(a|b)/"),
            ("agent !~ '(?i)bot'", "agent not ~(?i)bot"),
            ("agent~-", "agent ~-"),
            ("status~^4", "status ~^4"),
            ("class=5XX", "class \"5xx\""),
            ("client=10.0.0.0/8", "client 10.0.0.0/8"),
            (
                "client in (10.1.2.3/8, ::1, a.b)",
                "client 10.0.0.0/8 ::1/128 \"a.b\"",
            ),
            ("ip!=10.0.0.1", "client not \"10.0.0.1\""),
            ("client/24=10.1.2.0/24", "client/24 \"10.1.2.0/24\""),
            ("query:a[b]=x", "query:a[b] \"x\""),
            ("%{A,B =}i!=x", "%{A,B =}i not \"x\""),
            ("%>s=200", "%>s \"200\""),
            ("$upstream_addr~^10", "$upstream_addr ~^10"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn wrong_values_are_marked() {
        assert_marks(
            parse,
            r#"
status=
       ^ a value is missing behind `=`
status= and path=/x
        ^^^ a value is missing behind `=`; `and` as a value stands in quotes
(status=)
        ^ a value is missing behind `=`
status=40x
       ^^^ `40x` is no status; expected are three digits, a class from `1xx` to `5xx`, \
           or a range such as `400..409`
status=400..4o9
            ^^^ `4o9` is no status; expected are three digits, a class from `1xx` to `5xx`, \
                or a range such as `400..409`
status=599..500
       ^^^^^^^^ this range holds no whole number; is it the wrong way round?
status>500..599
       ^^^^^^^^ a range goes with = != in, `not in`
status=(404,500)
       ^ a list goes with `in`; a value that begins with `(` stands in quotes
status>-
       ^ an absent value is neither less nor more; it has = and !=
hour=24
     ^^ `24` is no hour; expected is 0 to 23, or a range such as `9..17`
bytes=1.3k
      ^^^^ this is no whole number, and nothing equals it; try < or >
bytes>'1 x'
       ^^^ `1 x` is no size; expected is a number of bytes, with k, M, G or T for powers of \
           1024: `512`, `1.5k`, `10M`
latency>5y
        ^^ `5y` is no duration; expected is a number with ns, us, ms, s, m, h or d, \
           or seconds without: `500ms`, `1.5`
time=2026-11-01
     ^^^^^^^^^^ a time is a single second; for a whole day ask `day`
time=2026-11-01T10:00:00.5
     ^^^^^^^^^^^^^^^^^^^^^ the times of a log are whole seconds
time>2026-02-30
     ^^^^^^^^^^ there is no day 30 in 2026-02, which has 28 days
day>2026-11-01..2026-11-02
    ^^^^^^^^^^^^^^^^^^^^^^ a range goes with = != in, `not in`
day>-3d
    ^^^ `-3d` is no day; one is written as in `2026-11-01`, `today` or `yesterday`
weekday=Foo
        ^^^ `Foo` is no weekday; they are Mon, Tue, Wed, Thu, Fri, Sat, Sun
class=6xx
      ^^^ `6xx` is no class; they are 1xx, 2xx, 3xx, 4xx, 5xx, other
client=10.0.0.0/33
       ^^^^^^^^^^^ `33` are no bits of a network; expected is 0 to 32
path="/a b
     ^ this quote is not closed
path='/a'b
         ^ a space is missing behind the quote
path=/a&&status=404
       ^^ `&&` is written `and`; a value that holds it stands in quotes
path~a||b
      ^^ `||` is written `or`; a value that holds it stands in quotes
path~^/(a|b
       ^ in this regular expression: unclosed group
path~^/(a b)/
       ^ in this regular expression: unclosed group; a value with spaces stands in quotes
path~'é\\\\\q('
           ^^ in this regular expression: unrecognized escape sequence
path~*.png
     ^ in this regular expression: repetition operator missing expression; \
       for any text write `.*`
path~a\nb
     ^^^^ the pattern "a\\nb" matches only across a line end, but a match never leaves its \
          line; take the \n out
"#,
        );
    }

    #[test]
    fn wrong_lists_are_marked() {
        assert_marks(
            parse,
            r"
status in
         ^ a value is missing behind `in`
status in ()
           ^ a value is missing behind `(`
status in (404,)
               ^ a value is missing behind `,`
status in (404
          ^ this parenthesis is not closed
status in (404,
          ^ this parenthesis is not closed
status in (404 500)
               ^^^^ a comma is missing before this; a value with spaces stands in quotes
status in 404,500
             ^ a list stands in parentheses, `in (a, b)`
status in (404, 50x)
                ^^^ `50x` is no status; expected are three digits, a class from `1xx` to \
                    `5xx`, or a range such as `400..409`
",
        );
    }
}
