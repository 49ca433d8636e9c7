//! What can be asked, and its notation: fields and keys, metrics, filters,
//! times, rewrites, orders.
//!
//! Each file holds one noun of the language: its type, and the parser of its
//! notation. A parser knows nothing of logs; what it cannot understand is a
//! [`Mistake`] that points at the place. What a log's format lacks is found
//! later, when the question meets a format ([`crate::plan`]).

#[cfg(test)]
mod check;
pub mod expr;
pub mod field;
pub mod having;
pub mod key;
pub mod metric;
pub mod mistake;
mod nearest;
mod number;
mod piece;
pub mod rewrite;
pub mod sort;
pub mod when;

pub use expr::{Accept, Expr, Test};
pub use field::{Field, Kind};
pub use having::Having;
pub use key::{Derive, Key};
pub use metric::Metric;
pub use mistake::Mistake;
pub use rewrite::Rewrite;
pub use sort::{Direction, Sort, SortBy};
pub use when::{Bound, When};
