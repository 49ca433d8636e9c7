//! Exact answers about huge web-server logs, at the speed of memory.
//!
//! The program `widefinder` is a thin shell around [`run`]: what was typed
//! ([`args`]) becomes a validated question ([`plan`]), and the question an
//! answer ([`report`]) that is plain data. The modules in between are the data
//! path, in this order: [`find`], [`open`], [`unpack`], [`chunk`], [`scan`], [`count`], [`merge`],
//! [`rank`]; then [`render`] prints the report.

mod across;
pub mod args;
pub mod ask;
pub mod bench;
pub mod chunk;
pub mod class;
pub mod columns;
mod container;
pub mod count;
pub mod derive;
pub mod error;
pub mod find;
pub mod form;
pub mod gaps;
mod headed;
pub mod lines;
mod look;
pub mod merge;
pub mod open;
pub mod pattern;
pub mod plan;
pub mod question;
pub mod rank;
pub mod ranking;
pub mod render;
pub mod report;
mod run;
pub mod scan;
pub mod select;
pub mod tally;
pub mod time;
pub mod unpack;
pub mod value;
mod work;

pub use run::{Progress, run, run_watched};
