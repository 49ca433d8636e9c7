//! What stands between a name and a value.

use super::having::Compare;

/// What stands between a name and a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    /// `= != < <= > >=`
    Compare(Compare),
    /// `~`, or `!~`.
    Match {
        /// Whether it is `!~`.
        negated: bool,
    },
    /// `in`, or `not in`.
    In {
        /// Whether it is `not in`.
        negated: bool,
    },
}

impl Operator {
    /// Those of signs, each before what it begins with.
    pub(super) const SIGNS: [(&str, Operator); 9] = [
        ("==", Operator::Compare(Compare::Equal)),
        ("=", Operator::Compare(Compare::Equal)),
        ("!=", Operator::Compare(Compare::NotEqual)),
        ("!~", Operator::Match { negated: true }),
        ("<=", Operator::Compare(Compare::AtMost)),
        ("<", Operator::Compare(Compare::Less)),
        (">=", Operator::Compare(Compare::AtLeast)),
        (">", Operator::Compare(Compare::Greater)),
        ("~", Operator::Match { negated: false }),
    ];

    /// What other languages write, and what is written here.
    pub(super) const SLIPS: [(&str, &str); 15] = [
        ("=~", "`~`"),
        ("~=", "`~`"),
        ("=>", "`>=`"),
        ("=<", "`<=`"),
        ("<>", "`!=`"),
        ("!in", "`not in`"),
        ("!", "`!=` or `!~`"),
        ("like", "`~`, with a regular expression"),
        ("LIKE", "`~`, with a regular expression"),
        ("matches", "`~`, with a regular expression"),
        ("contains", "`~`, with a regular expression"),
        ("between", "`=`, with a range such as `500..599`"),
        ("BETWEEN", "`=`, with a range such as `500..599`"),
        ("is", "`=`"),
        ("IS", "`=`"),
    ];

    /// Whether the test holds when the value is not accepted.
    pub(super) fn negated(self) -> bool {
        match self {
            Operator::Compare(compare) => compare == Compare::NotEqual,
            Operator::Match { negated } | Operator::In { negated } => negated,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::ask::check::assert_marks;
    use crate::ask::{Expr, Mistake, When};
    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    fn parse(text: &str) -> Result<Expr, Mistake> {
        let (now, zone) = (Timestamp::UNIX_EPOCH, Some(TimeZone::UTC));
        Expr::parse(text, &When { now, zone })
    }

    #[test]
    fn slips_of_operators_are_named() {
        assert_marks(
            parse,
            r"
=404
^^^^ a field is expected here, as in `status=404`
'x'=path
^^^^^^^^ a field is expected here, as in `status=404`
pth=/x
^^^ there is no field `pth`; did you mean `path`?
status
      ^ behind `status` one of = != < <= > >= ~ !~ in, `not in` is expected
status 404
       ^^^ behind `status` one of = != < <= > >= ~ !~ in, `not in` is expected
status not 404
       ^^^ behind `status` one of = != < <= > >= ~ !~ in, `not in` is expected
path=~x
    ^^ `=~` is written `~`
path ~= x
     ^^ `~=` is written `~`
bytes=>5
     ^^ `=>` is written `>=`
bytes=<5
     ^^ `=<` is written `<=`
status<>404
      ^^ `<>` is written `!=`
status ! 404
       ^ `!` is written `!=` or `!~`
status !in (404)
       ^^^ `!in` is written `not in`
path like '/a%'
     ^^^^ `like` is written `~`, with a regular expression
path contains a
     ^^^^^^^^ `contains` is written `~`, with a regular expression
status is 404
       ^^ `is` is written `=`
status between 1 and 2
       ^^^^^^^ `between` is written `=`, with a range such as `500..599`
path<b
    ^ `path` is compared by = != ~ !~ in, `not in`; \
      numbers, sizes, durations and times have an order
client>=10.0.0.0
      ^^ `client` is compared by = != ~ !~ in, `not in`; \
         a network is written `client=10.0.0.0/8`
class>4xx
     ^ `class` is compared by = != ~ !~ in, `not in`; compare the `status`
weekday>Mon
       ^ `weekday` is compared by = != ~ !~ in, `not in`; \
         a range is written `weekday=Mon..Fri`
bytes~5
     ^ a size matches no pattern; compare it by = != < <= > >=
latency!~5
       ^^ a duration matches no pattern; compare it by < <= > >=
time~2026
    ^ a time matches no pattern; compare it by < <= > >=, \
      or match its `day`, `hour` or `weekday`
",
        );
    }
}
