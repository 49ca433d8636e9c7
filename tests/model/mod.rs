//! A naive serial model of the program's reports, to compare the program with.
//!
//! Its one decision: no line of it is shared with the program, and nothing in it is fast. It holds
//! the whole log, cuts it by hand, counts in ordinary maps and sorts everything, so that each
//! function can be checked against the rules by reading it once.
//!
//! ```text
//! model::wf1(log)        the bytes that `--preset wf1` prints into a pipe
//! model::wf2(log)        the bytes that `--preset wf2` prints into a pipe
//! model::overview(log)   the balance, the totals and the full tables of a common or combined log
//! model::asked           questions, how they are typed, and their answers
//! model::corner_cases()  named small logs that hold every corner case we know of
//! ```
#![allow(
    dead_code,
    unused_imports,
    reason = "every test target includes this module and uses a part of it"
)]

pub(crate) mod asked;
mod corner_cases;
mod entry;
mod lines;
mod overview;
mod pattern;
mod rank;
mod timestamp;
mod wf1;
mod wf2;

pub(crate) use corner_cases::corner_cases;
pub(crate) use entry::{Entry, parse_entry, parse_request};
pub(crate) use overview::{Overview, overview};
pub(crate) use timestamp::parse_timestamp;
pub(crate) use wf1::wf1;
pub(crate) use wf2::wf2;
