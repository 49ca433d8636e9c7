//! One place in the queue: what has become so far of one batch of inputs.

use std::collections::VecDeque;

use crate::panics::Caught;

/// What ends a stage before its input does.
pub(crate) enum End<T> {
    /// An error: an item, and the last one.
    Last(T),
    Panic(Caught),
}

/// The place of what comes of one batch of inputs among the others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ticket(pub(crate) u64);

impl Ticket {
    /// Tells whether it is the one that `front` stands for.
    pub(crate) fn is_at(self, front: u64) -> bool {
        self.0 == front
    }

    /// Tells whether it comes at `cut` or after it.
    pub(crate) fn is_behind(self, cut: u64) -> bool {
        self.0 >= cut
    }
}

/// What has become so far of the inputs that one ticket stands for.
pub(crate) struct Slot<T> {
    /// The first output; most slots never have another one, so that they need
    /// no allocation.
    first: Option<T>,
    rest: VecDeque<T>,
    /// Credits of this slot whose outputs the consumer has not fetched.
    pub(crate) held: usize,
    /// Its worker, whose open batch belongs to this slot while it is not done.
    pub(crate) worker: usize,
    pub(crate) done: bool,
    pub(crate) end: Option<End<T>>,
}

impl<T> Slot<T> {
    pub(crate) fn new(worker: usize, held: usize) -> Slot<T> {
        Slot {
            first: None,
            rest: VecDeque::new(),
            held,
            worker,
            done: false,
            end: None,
        }
    }

    pub(crate) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    pub(crate) fn push(&mut self, item: T) {
        if self.first.is_none() && self.rest.is_empty() {
            self.first = Some(item);
        } else {
            self.rest.push_back(item);
        }
    }

    pub(crate) fn push_all(&mut self, items: Vec<T>) {
        if self.first.is_none() && self.rest.is_empty() {
            self.rest = items.into();
        } else {
            self.rest.extend(items);
        }
    }

    /// Moves the outputs behind `items`.
    pub(crate) fn fetch(&mut self, items: &mut VecDeque<T>) {
        self.held -= self.len().min(self.held);
        items.extend(self.first.take());
        if items.is_empty() {
            std::mem::swap(items, &mut self.rest);
        } else {
            items.append(&mut self.rest);
        }
    }
}
