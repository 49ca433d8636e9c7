//! Which rows of a batch are selected.
//!
//! A filter takes a set of rows and returns those that pass. Its parts are
//! asked in the order of what they cost, and each only for the rows that the
//! parts before it have left undecided; so an expensive pattern is matched
//! against few rows, and a column is derived for few.

use std::net::IpAddr;

use ahash::AHashSet;
use ipnet::IpNet;
use regex::bytes::Regex;

use crate::ask::{Accept, Bound, Expr, Test};
use crate::columns::Columns;
use crate::derive::{Column, Derivation, Memo, Wall, bits};
use crate::scan::batch::Mask;
use crate::scan::format::is_absent;
use crate::scan::{Batch, Scale};
use crate::time::Moment;

/// A condition that is ready to be asked.
#[derive(Clone, Debug)]
pub enum Filter {
    /// All must hold; the cheapest comes first.
    And(Vec<Filter>),
    /// One must hold; the cheapest comes first.
    Or(Vec<Filter>),
    /// It must not hold.
    Not(Box<Filter>),
    /// A test of one value.
    Test(Box<Tester>),
}

/// A test of one value.
#[derive(Clone, Debug)]
pub struct Tester {
    of: Of,
    checks: Vec<Check>,
    negated: bool,
    /// Whether the outcome is kept for values that come again.
    memo: Option<Memo>,
    cost: u32,
    /// As it was typed.
    text: String,
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
enum Of {
    Text(Column),
    Number(usize),
    Time,
}

/// One way to be accepted.
#[derive(Clone, Debug)]
enum Check {
    Absent,
    Texts(AHashSet<Vec<u8>>),
    Text(Vec<u8>),
    Match(Regex),
    Number(u64, u64),
    Networks(Vec<IpNet>),
    Time(Option<Bound>, Option<Bound>),
}

/// What a test costs, in rough proportion: it is only the order that matters.
mod cost {
    pub(super) const NUMBER: u32 = 2;
    pub(super) const TEXT: u32 = 4;
    pub(super) const TIME: u32 = 10;
    pub(super) const NETWORK: u32 = 30;
    pub(super) const PATTERN: u32 = 60;
    /// To derive the value.
    pub(super) const DERIVED: u32 = 15;
}

/// As many texts as are compared one by one; more are looked up in a set.
const FEW_TEXTS: usize = 4;

impl Filter {
    /// Compiles a condition; the columns that it reads are added to `columns`.
    pub fn new(expr: &Expr, columns: &mut Columns) -> Filter {
        let mut all = |parts: &[Expr]| -> Vec<Filter> {
            let filters = parts.iter().map(|part| Filter::new(part, columns));
            let mut filters: Vec<_> = filters.collect();
            filters.sort_by_key(Filter::cost);
            filters
        };
        match expr {
            Expr::And(parts) => Filter::And(all(parts)),
            Expr::Or(parts) => Filter::Or(all(parts)),
            Expr::Not(part) => Filter::Not(Box::new(Filter::new(part, columns))),
            Expr::Test(test) => Filter::Test(Box::new(Tester::new(test, columns))),
        }
    }

    /// Returns those of `rows` that pass.
    pub fn select(&mut self, batch: &Batch<'_>, derivation: &mut Derivation, rows: Mask) -> Mask {
        if rows == 0 {
            return 0;
        }
        match self {
            Filter::And(parts) => parts
                .iter_mut()
                .fold(rows, |rows, part| part.select(batch, derivation, rows)),
            Filter::Or(parts) => parts.iter_mut().fold(0, |passed, part| {
                passed | part.select(batch, derivation, rows & !passed)
            }),
            Filter::Not(part) => rows & !part.select(batch, derivation, rows),
            Filter::Test(test) => test.select(batch, derivation, rows),
        }
    }

    /// Lists the tests in the order in which they are asked, with what is known
    /// about each.
    pub fn explain(&self) -> Vec<String> {
        match self {
            Filter::And(parts) => parts.iter().flat_map(Filter::explain).collect(),
            Filter::Or(parts) => {
                let parts: Vec<_> = parts.iter().flat_map(Filter::explain).collect();
                vec![format!("one of: {}", parts.join("; "))]
            }
            Filter::Not(part) => vec![format!("not: {}", part.explain().join("; "))],
            Filter::Test(test) => {
                let how = match test.memo {
                    Some(_) => "once per distinct value",
                    None => "for each row",
                };
                vec![format!("{} ({how})", test.text)]
            }
        }
    }

    fn cost(&self) -> u32 {
        match self {
            Filter::And(parts) | Filter::Or(parts) => parts.iter().map(Filter::cost).sum(),
            Filter::Not(part) => part.cost(),
            Filter::Test(test) => test.cost,
        }
    }
}

impl Tester {
    fn new(test: &Test, columns: &mut Columns) -> Tester {
        let is_time = |accept: &Accept| matches!(accept, Accept::Time(..));
        let is_number = |accept: &Accept| matches!(accept, Accept::Number(..) | Accept::Absent);
        let of = if test.accepts.iter().any(is_time) {
            columns.times();
            Of::Time
        } else if test.accepts.iter().all(is_number) && columns.has_numbers(&test.key) {
            Of::Number(columns.compared(&test.key.field))
        } else {
            Of::Text(columns.shown(&test.key))
        };
        let checks = checks(&test.accepts);
        let costly = checks
            .iter()
            .any(|check| matches!(check, Check::Match(_) | Check::Networks(_)));
        let mut cost = checks.iter().map(Check::cost).sum();
        if matches!(of, Of::Text(Column::Derived(_) | Column::Group(..))) {
            cost += cost::DERIVED;
        }
        Tester {
            of,
            checks,
            negated: test.negated,
            memo: (costly && columns.repeats(&test.key)).then(Memo::default),
            cost,
            text: test.text.clone(),
        }
    }

    fn select(&mut self, batch: &Batch<'_>, derivation: &mut Derivation, rows: Mask) -> Mask {
        let mut accepted = 0;
        match self.of {
            Of::Number(column) => {
                let present = batch.present(column);
                for row in bits(rows) {
                    let number = (present >> row & 1 == 1).then(|| batch.number(column)[row]);
                    accepted |= Mask::from(self.accepts_number(number)) << row;
                }
            }
            Of::Time => {
                let times = derivation.times(batch, rows);
                for row in bits(rows) {
                    accepted |=
                        Mask::from(self.accepts_time(times.moment(row).zip(times.wall(row))))
                            << row;
                }
            }
            Of::Text(column) => {
                derivation.ensure(batch, column, rows);
                for row in bits(rows) {
                    let text = derivation.text(batch, column, row);
                    accepted |= Mask::from(self.accepts_text(text)) << row;
                }
            }
        }
        if self.negated {
            rows & !accepted
        } else {
            accepted
        }
    }

    fn accepts_number(&self, number: Option<u64>) -> bool {
        self.checks.iter().any(|check| match (check, number) {
            (Check::Absent, None) => true,
            (Check::Number(first, last), Some(number)) => (*first..=*last).contains(&number),
            _ => false,
        })
    }

    fn accepts_time(&self, time: Option<(Moment, Wall)>) -> bool {
        self.checks.iter().any(|check| match (check, time) {
            (Check::Absent, None) => true,
            (Check::Time(from, until), Some(time)) => {
                from.is_none_or(|from| !is_before(time, from))
                    && until.is_none_or(|until| is_before(time, until))
            }
            _ => false,
        })
    }

    fn accepts_text(&mut self, text: &[u8]) -> bool {
        let checks = &self.checks;
        match &mut self.memo {
            None => checks.iter().any(|check| check.accepts(text)),
            Some(memo) => {
                let accepts = |text: &[u8], out: &mut Vec<u8>| {
                    out.push(u8::from(checks.iter().any(|check| check.accepts(text))));
                };
                memo.get(text, accepts) == [1]
            }
        }
    }
}

fn is_before((moment, wall): (Moment, Wall), bound: Bound) -> bool {
    match bound {
        Bound::Instant(second) => moment.second < second,
        Bound::Wall(second) => wall < Wall(second),
    }
}

/// Texts are looked up together.
fn checks(accepts: &[Accept]) -> Vec<Check> {
    let mut texts = Vec::new();
    let mut networks = Vec::new();
    let mut checks = Vec::new();
    for accept in accepts {
        match accept {
            Accept::Absent => checks.push(Check::Absent),
            Accept::Text(text) => texts.push(text.clone()),
            Accept::Match(pattern) => checks.push(Check::Match(pattern.regex().clone())),
            Accept::Number(first, last) => checks.push(Check::Number(*first, *last)),
            Accept::Network(network) => networks.push(*network),
            Accept::Time(from, until) => checks.push(Check::Time(*from, *until)),
        }
    }
    if texts.len() <= FEW_TEXTS {
        checks.extend(texts.into_iter().map(Check::Text));
    } else {
        checks.push(Check::Texts(texts.into_iter().collect()));
    }
    if !networks.is_empty() {
        checks.push(Check::Networks(networks));
    }
    checks.sort_by_key(Check::cost);
    checks
}

impl Check {
    fn accepts(&self, text: &[u8]) -> bool {
        if is_absent(text) {
            return matches!(self, Check::Absent);
        }
        match self {
            Check::Absent | Check::Time(..) => false,
            Check::Text(wanted) => wanted == text,
            Check::Texts(wanted) => wanted.contains(text),
            Check::Match(regex) => regex.is_match(text),
            Check::Number(first, last) => Scale::Whole
                .read(text)
                .is_some_and(|number| (*first..=*last).contains(&number)),
            Check::Networks(networks) => {
                let address = std::str::from_utf8(text).ok();
                let address = address.and_then(|text| text.parse::<IpAddr>().ok());
                address.is_some_and(|address| networks.iter().any(|n| n.contains(&address)))
            }
        }
    }

    fn cost(&self) -> u32 {
        match self {
            Check::Absent | Check::Number(..) => cost::NUMBER,
            Check::Text(_) | Check::Texts(_) => cost::TEXT,
            Check::Time(..) => cost::TIME,
            Check::Networks(_) => cost::NETWORK,
            Check::Match(_) => cost::PATTERN,
        }
    }
}

/// The longest text that every line holds that the condition selects, if one is
/// known: each test of a field that is written in the line as it is gives one.
pub fn literal(expr: &Expr) -> Option<Vec<u8>> {
    let longer = |a: Option<Vec<u8>>, b: Option<Vec<u8>>| match (a, b) {
        (Some(a), Some(b)) if b.len() > a.len() => Some(b),
        (None, b) => b,
        (a, _) => a,
    };
    match expr {
        Expr::And(parts) => parts.iter().map(literal).fold(None, longer),
        Expr::Test(test) => literal_of(test),
        Expr::Or(_) | Expr::Not(_) => None,
    }
}

/// Shorter literals are in most lines anyway, and a search that finds one in
/// each line passes over nothing.
const SHORTEST_LITERAL: usize = 4;

fn literal_of(test: &Test) -> Option<Vec<u8>> {
    use crate::ask::{Derive, Field};

    let [accept] = &test.accepts[..] else {
        return None;
    };
    // Every other value is not a piece of the line, or not of its bytes.
    let verbatim = match test.key.derive {
        Derive::Itself => test.key.field != Field::Time,
        Derive::Extension | Derive::Segments(_) | Derive::Parameter(_) => true,
        _ => false,
    };
    if test.negated || !verbatim {
        return None;
    }
    let literal = match accept {
        Accept::Text(text) => text.clone(),
        Accept::Match(pattern) => pattern.literal()?.to_vec(),
        _ => return None,
    };
    (literal.len() >= SHORTEST_LITERAL).then_some(literal)
}
