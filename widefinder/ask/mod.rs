//! What can be asked, and its notation: fields and keys, metrics, filters,
//! times, rewrites, orders.
//!
//! Each file holds one noun of the language: its type, and the parser of its
//! notation. A parser knows nothing of logs; what it cannot understand is a
//! [`Mistake`] that points at the place: whatever is read is a piece of the
//! whole that knows where it stands (`piece`, `word`, `cursor`). What a log's
//! format lacks is found later, when the question meets a format
//! ([`crate::plan`]).

mod address;
mod calendar;
#[cfg(test)]
mod check;
mod cursor;
pub mod derive;
mod domain;
pub mod expr;
pub mod field;
mod filter;
pub mod having;
pub mod key;
mod logic;
pub mod metric;
pub mod mistake;
mod nearest;
mod number;
mod operator;
mod own;
mod percent;
mod piece;
pub mod rewrite;
pub mod sort;
mod span;
mod status;
pub mod when;
mod word;
mod written;
pub mod zone;

pub use derive::Derive;
pub use expr::{Accept, Expr, Test};
pub use field::{Field, Kind};
pub use having::Having;
pub use key::Key;
pub use metric::{Metric, Percent};
pub use mistake::Mistake;
pub(crate) use nearest::nearest;
pub use rewrite::Rewrite;
pub use sort::{Direction, Sort, SortBy};
pub use when::{Bound, When};
pub use zone::parse_zone;
