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
