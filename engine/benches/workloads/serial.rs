//! The plain iterator, without threads.

use super::work::Work;

pub(crate) fn sum(items: u64, work: Work) -> u64 {
    (0..items).map(|n| work.on(n)).sum()
}
