//! What the tests that start the program share: running it, sample logs, and made-up logs.
#![allow(
    dead_code,
    reason = "every test target includes this module and uses a part of it"
)]

pub(crate) mod answers;
pub(crate) mod archives;
pub(crate) mod base64;
pub(crate) mod folder;
pub(crate) mod logs;
pub(crate) mod process;
pub(crate) mod reports;
pub(crate) mod samples;
