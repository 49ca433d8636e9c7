//! What the tests of random questions share: logs, questions, and the program's answers in the
//! model's words.
#![allow(
    dead_code,
    reason = "every test target includes this module and uses a part of it"
)]

pub(crate) mod compare;
pub(crate) mod filters;
pub(crate) mod logs;
pub(crate) mod questions;
pub(crate) mod texts;
