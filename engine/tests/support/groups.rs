//! What the tests of `split_by` share.

#![allow(dead_code, reason = "each test file uses a part of this")]

use std::hash::Hash;

use engine::{Group, Groups};

use crate::support::Member;

/// Takes the next group, which must be there.
pub(crate) fn new<'scope, K, T>(groups: &mut Groups<'scope, K, T>) -> (K, Group<'scope, K, T>)
where
    K: Hash + Eq + Clone,
{
    groups.next().expect("one more group").expect("room")
}

/// Takes the next number of a group, which must not overrun.
pub(crate) fn number<K>(group: &mut Group<'_, K, (u32, Member)>) -> Option<u32>
where
    K: Hash + Eq + Clone,
{
    group.next().map(|item| item.expect("room").0)
}
