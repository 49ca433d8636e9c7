//! `and`, `or`, `not` and parentheses, around tests of any kind.

use super::Mistake;
use super::cursor::Cursor;
use super::mistake::quoted;

/// What tests can be joined to.
pub(super) trait Condition: Sized {
    /// All hold.
    fn all(conditions: Vec<Self>) -> Self;
    /// At least one holds.
    fn any(conditions: Vec<Self>) -> Self;
    /// It does not hold.
    fn not(self) -> Self;
}

/// Deeper nests are not written by people, and would use up the stack.
const DEEPEST: usize = 100;

/// Reads a condition; `test` reads a test, and `example` is one.
pub(super) fn read<'t, C: Condition>(
    text: &'t str,
    example: &str,
    test: impl FnMut(&mut Cursor<'t>) -> Result<C, Mistake>,
) -> Result<C, Mistake> {
    let cursor = Cursor::new(text);
    let mut reader = Reader {
        cursor,
        example,
        test,
        depth: 0,
    };
    let condition = reader.any()?;
    match reader.cursor.sign(')') {
        Some(place) => Err(place.mistake("this parenthesis closes nothing")),
        None => Ok(condition),
    }
}

struct Reader<'t, 'e, F> {
    cursor: Cursor<'t>,
    example: &'e str,
    test: F,
    depth: usize,
}

impl<'t, F> Reader<'t, '_, F> {
    /// Reads conditions joined by `or`, which binds the least.
    fn any<C: Condition>(&mut self) -> Result<C, Mistake>
    where
        F: FnMut(&mut Cursor<'t>) -> Result<C, Mistake>,
    {
        let first = self.all()?;
        let mut conditions = vec![first];
        while self.cursor.keyword(&["or", "OR"]).is_some() {
            conditions.push(self.all()?);
        }
        Ok(joined(conditions, C::any))
    }

    fn all<C: Condition>(&mut self) -> Result<C, Mistake>
    where
        F: FnMut(&mut Cursor<'t>) -> Result<C, Mistake>,
    {
        let mut conditions = vec![self.one()?];
        self.check_joint()?;
        while self.cursor.keyword(&["and", "AND"]).is_some() {
            conditions.push(self.one()?);
            self.check_joint()?;
        }
        Ok(joined(conditions, C::all))
    }

    fn one<C: Condition>(&mut self) -> Result<C, Mistake>
    where
        F: FnMut(&mut Cursor<'t>) -> Result<C, Mistake>,
    {
        self.check_start()?;
        if let Some(not) = self.cursor.keyword(&["not", "NOT"]) {
            self.deepen(not.mistake("this is nested too deep"))?;
            let condition: C = self.one()?;
            self.depth -= 1;
            return Ok(condition.not());
        }
        let Some(open) = self.cursor.sign('(') else {
            return (self.test)(&mut self.cursor);
        };
        self.deepen(open.mistake("this is nested too deep"))?;
        let condition = self.any()?;
        if self.cursor.sign(')').is_none() {
            return Err(open.mistake("this parenthesis is not closed"));
        }
        self.depth -= 1;
        Ok(condition)
    }

    fn deepen(&mut self, mistake: Mistake) -> Result<(), Mistake> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(mistake);
        }
        Ok(())
    }

    /// A condition must begin here.
    fn check_start(&mut self) -> Result<(), Mistake> {
        self.cursor.skip_spaces();
        let rest = self.cursor.rest();
        if rest.starts_with('!') && !rest.starts_with("!=") && !rest.starts_with("!~") {
            return Err(self.cursor.take(1).mistake("`!` is written `not`"));
        }
        let mut ahead = self.cursor.clone();
        let joint = ahead.keyword(&["and", "AND", "or", "OR"]);
        let (place, what) = match joint {
            Some(place) => (place, format!(" before {}", quoted(place.text()))),
            None if rest.is_empty() => (ahead.take(0), String::new()),
            None if rest.starts_with(')') => (ahead.take(1), " before `)`".to_owned()),
            None => return Ok(()),
        };
        let example = self.example;
        Err(place.mistake(format!("a condition is missing{what}, such as `{example}`")))
    }

    /// Behind a condition comes the end, a `)`, or a word that joins it.
    fn check_joint(&mut self) -> Result<(), Mistake> {
        if self.cursor.is_done() || self.cursor.rest().starts_with(')') {
            return Ok(());
        }
        let mut ahead = self.cursor.clone();
        if ahead.keyword(&["and", "AND", "or", "OR"]).is_some() {
            return Ok(());
        }
        for (slip, word) in [
            ("&&", "`and`"),
            ("&", "`and`"),
            ("||", "`or`"),
            ("|", "`or`"),
        ] {
            if ahead.rest().starts_with(slip) {
                let place = ahead.take(slip.len());
                return Err(place.mistake(format!("`{slip}` is written {word}")));
            }
        }
        let place = self.cursor.next_word();
        Err(place
            .mistake("`and` or `or` is missing before this; a value with spaces stands in quotes"))
    }
}

fn joined<C>(mut conditions: Vec<C>, join: impl Fn(Vec<C>) -> C) -> C {
    match conditions.pop() {
        Some(only) if conditions.is_empty() => only,
        last => {
            conditions.extend(last);
            join(conditions)
        }
    }
}
