//! What is measured: each side of a comparison moves the same items and returns
//! the same checksum, so that a benchmark states its right answer.
//!
//! Item *n* becomes *2n + 1*, wherever that is done, and the checksum is the sum
//! of what reaches the consumer: the square of the number of items.

#![allow(dead_code, reason = "each benchmark uses a part of it")]

pub(crate) mod channels;
pub(crate) mod ours;
pub(crate) mod pariter;
pub(crate) mod rayon;
pub(crate) mod serial;
pub(crate) mod set_up;
pub(crate) mod work;

/// The numbers of workers that are compared.
pub(crate) const JOBS: [usize; 3] = [1, 2, 4];

/// The batch of the goals.
pub(crate) const BATCH: usize = 64;

/// The buffer of a stage with batches that was given none.
pub(crate) const fn default_buffer(jobs: usize) -> usize {
    2 * jobs * BATCH
}

/// The right answer of every workload.
pub(crate) fn checksum(items: u64) -> u64 {
    items * items
}
