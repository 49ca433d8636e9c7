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
