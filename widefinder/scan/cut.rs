//! What a format has to say of itself: one file each in `formats/`.

use std::fmt::Debug;
use std::sync::Arc;

use bumpalo::Bump;

use super::combined::Misfit;
use super::format::{Record, Source};
use super::formats::Wrapper;
use super::formats::w3c::Header;
use super::scale::Scale;
use crate::ask::Field;

/// A format with a cutter of its own.
///
/// A line is cut into slots; the fields of a question are found in these by
/// [`Cut::source`], once, before any line is cut.
pub(super) trait Cut: Debug + Send + Sync {
    /// What people call it; `--log-format` takes it in either case.
    fn name(&self) -> &str;

    /// How many slots a line has; at most 64.
    fn slots(&self) -> usize;

    /// Cuts a line, without its line end and never empty, into `slots`. Those
    /// that `needed` names (a bit each, the lowest for the first) must be set for
    /// an [`Record::Entry`]: to [`ABSENT`](super::format::ABSENT) where the line
    /// has no such value. Others may be left as they are; but whether a line fits
    /// must not depend on `needed`. Values that do not stand in the line as they
    /// are, escaped ones, go into `arena`.
    ///
    /// # Errors
    ///
    /// [`Misfit`] for the first place that does not fit, from the left.
    fn cut<'c>(
        &self,
        line: &'c [u8],
        slots: &mut [&'c [u8]],
        needed: u64,
        arena: &'c Bump,
    ) -> Result<Record, Misfit>;

    /// Where a field is found; `None` if the format lacks it. Never asked for
    /// [`Field::Line`].
    fn source(&self, field: &Field) -> Option<Source>;

    /// How a number is written.
    fn scale(&self, field: &Field) -> Scale;

    /// Whether all values stand in a line as they are, so that a line without a
    /// value that is wanted need not be cut.
    fn is_verbatim(&self) -> bool;

    /// What its lines are wrapped in, if they are.
    fn wrapper(&self) -> Option<Wrapper> {
        None
    }

    /// The header lines behind which its lines stand, if others may follow in the
    /// log and change it.
    fn header(&self) -> Option<&Header> {
        None
    }

    /// A copy of this format that is made for these fields; `None` if the format
    /// is the same for all. A format whose columns can have any name has slots for
    /// those of its own name only where a copy is bound to them; before that it
    /// says of them that they are [`Source::Nowhere`]. Whether a line fits is the
    /// same for both.
    fn bound(&self, _wanted: &[&Field]) -> Option<Arc<dyn Cut>> {
        None
    }
}
