//! Filters: which entries are selected.

use ipnet::IpNet;

use super::filter;
use super::logic::{self, Condition};
use super::{Bound, Key, Mistake, When};
use crate::pattern::Pattern;

/// A condition on an entry.
#[derive(Clone, Debug)]
pub enum Expr {
    /// All hold.
    And(Vec<Expr>),
    /// At least one holds.
    Or(Vec<Expr>),
    /// It does not hold.
    Not(Box<Expr>),
    /// A test of one value.
    Test(Test),
}

/// A test of one value: whether it is accepted.
#[derive(Clone, Debug)]
pub struct Test {
    /// What is looked at.
    pub key: Key,
    /// What is accepted: at least one of these must accept the value.
    pub accepts: Vec<Accept>,
    /// Whether the test holds when none of them does: `!=`, `!~`, `not in`.
    pub negated: bool,
    /// As it was typed, for people.
    pub text: String,
}

/// One way to be accepted. An absent value (missing, empty or `-`) is accepted
/// by [`Accept::Absent`] and nothing else.
#[derive(Clone, Debug)]
pub enum Accept {
    /// `= -`
    Absent,
    /// The value is these bytes.
    Text(Vec<u8>),
    /// The pattern matches somewhere in the value.
    Match(Pattern),
    /// The value is a number from the first to the last: a status, an hour,
    /// bytes, or a duration in nanoseconds.
    Number(u64, u64),
    /// The value is an address of this network.
    Network(IpNet),
    /// The time is not before the first and before the last.
    Time(Option<Bound>, Option<Bound>),
}

impl Expr {
    /// Adds the keys that are looked at to `keys`.
    pub fn keys<'e>(&'e self, keys: &mut Vec<&'e Key>) {
        match self {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|part| part.keys(keys)),
            Expr::Not(part) => part.keys(keys),
            Expr::Test(test) => keys.push(&test.key),
        }
    }

    /// Reads a filter: tests `FIELD OP VALUE`, joined by `and`, `or`, `not` and
    /// parentheses; `not` binds most and `or` least.
    ///
    /// # Errors
    ///
    /// When it is no filter, when there is no such field, or when a value is
    /// none of that field's.
    ///
    /// ```
    /// use jiff::Timestamp;
    /// use widefinder::ask::{Expr, When};
    ///
    /// let when = When { now: Timestamp::UNIX_EPOCH, zone: None };
    /// assert!(Expr::parse("status=5xx and not path~^/(a|b)/", &when).is_ok());
    /// let mistake = Expr::parse("status=40x", &when).unwrap_err();
    /// assert_eq!(mistake.place, 7..10);
    /// ```
    pub fn parse(text: &str, when: &When) -> Result<Expr, Mistake> {
        logic::read(text, "status=404", |cursor| {
            filter::test(cursor, when).map(Expr::Test)
        })
    }
}

impl Condition for Expr {
    fn all(conditions: Vec<Expr>) -> Expr {
        Expr::And(conditions)
    }

    fn any(conditions: Vec<Expr>) -> Expr {
        Expr::Or(conditions)
    }

    fn not(self) -> Expr {
        Expr::Not(Box::new(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::check::{assert_marks, assert_mistakes, is_sound};
    use jiff::Timestamp;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Expr, Mistake> {
        let (now, zone) = (Timestamp::UNIX_EPOCH, Some(TimeZone::UTC));
        Expr::parse(text, &When { now, zone })
    }

    /// The condition with all its parentheses.
    fn shown(expr: &Expr) -> String {
        let joined = |parts: &[Expr], joint: &str| {
            let parts: Vec<String> = parts.iter().map(shown).collect();
            format!("({})", parts.join(joint))
        };
        match expr {
            Expr::And(parts) => joined(parts, " and "),
            Expr::Or(parts) => joined(parts, " or "),
            Expr::Not(expr) => format!("(not {})", shown(expr)),
            Expr::Test(test) => test.text.clone(),
        }
    }

    #[test]
    fn not_binds_most_and_or_least() {
        for (text, expected) in [
            ("user=a", "user=a"),
            ("((user=a))", "user=a"),
            (
                "user=a and user=b and user=c",
                "(user=a and user=b and user=c)",
            ),
            (
                "user=a or user=b and not user=c",
                "(user=a or (user=b and (not user=c)))",
            ),
            (
                "not user=a AND (user=b OR user=c)",
                "((not user=a) and (user=b or user=c))",
            ),
            ("NOT(user=a or user=b)", "(not (user=a or user=b))"),
            ("not not user=a", "(not (not user=a))"),
            (
                "user not in (a) and user!~b",
                "(user not in (a) and user!~b)",
            ),
            (
                "(path~^/(a|b)/) or(user='a b')and user=c",
                "(path~^/(a|b)/ or (user='a b' and user=c))",
            ),
            ("user=a\n  and\tuser=b", "(user=a and user=b)"),
            ("user in (a,b)or user=c", "(user in (a,b) or user=c)"),
        ] {
            assert_eq!(
                parse(text).map(|expr| shown(&expr)),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn slips_of_logic_are_named() {
        assert_mistakes(
            parse,
            &[
                ("", 0..0, "a condition is missing, such as `status=404`"),
                (
                    "user=a and ",
                    11..11,
                    "a condition is missing, such as `status=404`",
                ),
            ],
        );
        assert_marks(
            parse,
            r"
user=a and
          ^ a condition is missing, such as `status=404`
not
   ^ a condition is missing, such as `status=404`
and user=a
^^^ a condition is missing before `and`, such as `status=404`
user=a or and user=b
          ^^^ a condition is missing before `and`, such as `status=404`
()
 ^ a condition is missing before `)`, such as `status=404`
user=a user=b
       ^^^^^^ `and` or `or` is missing before this; a value with spaces stands in quotes
user=a, user=b
        ^^^^^^ `and` or `or` is missing before this; a value with spaces stands in quotes
agent=Mozilla Firefox
              ^^^^^^^ `and` or `or` is missing before this; a value with spaces stands in quotes
(user=a)(user=b)
        ^^^^^^^^ `and` or `or` is missing before this; a value with spaces stands in quotes
user=a && user=b
       ^^ `&&` is written `and`
user=a & user=b
       ^ `&` is written `and`
user=a || user=b
       ^^ `||` is written `or`
(user=a)|(user=b)
        ^ `|` is written `or`
!user=a
^ `!` is written `not`
user=a and !(user=b)
           ^ `!` is written `not`
(user=a or user=b
^ this parenthesis is not closed
user=a)
      ^ this parenthesis closes nothing
(user=a))
        ^ this parenthesis closes nothing
",
        );
    }

    #[test]
    fn deep_nests_are_refused() {
        let nest = |depth| format!("{}user=a{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nest(100)).is_ok());
        for text in [nest(101), nest(100_000), "not ".repeat(100_000) + "user=a"] {
            let mistake = parse(&text).unwrap_err();
            assert_eq!(mistake.message, "this is nested too deep");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_filter_or_a_sound_mistake(
            any: String,
            near in r#"(( ?(user|status|bytes|time|day|client|path:1) ?([=~<>]|!=|in|like) ?)?([a0-9é"'(),./\\%&|-]{0,5}|404|1k|now) ?(and|or|not)?)*"#,
        ) {
            for text in [any, near] {
                is_sound(&text, parse(&text))?;
            }
        }
    }
}
