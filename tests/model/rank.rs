//! Tables in the order in which every report shows them.

use std::collections::BTreeMap;

/// Sorts by value descending, then by key ascending in bytes.
pub(crate) fn ranked<V: Ord + Copy>(table: &BTreeMap<Vec<u8>, V>) -> Vec<(Vec<u8>, V)> {
    let mut rows: Vec<(Vec<u8>, V)> = table
        .iter()
        .map(|(key, value)| (key.clone(), *value))
        .collect();
    rows.sort_by(|(left_key, left), (right_key, right)| {
        right.cmp(left).then_with(|| left_key.cmp(right_key))
    });
    rows
}

/// The first ten rows, or all of them if there are fewer.
pub(crate) fn top_ten<V: Ord + Copy>(table: &BTreeMap<Vec<u8>, V>) -> Vec<(Vec<u8>, V)> {
    let mut rows = ranked(table);
    rows.truncate(10);
    rows
}
