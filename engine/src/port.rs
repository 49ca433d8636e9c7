//! A worker's end of the hand-over: it reads batches of the input, and puts
//! outputs into their place.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::buffer::Buffer;
use crate::demand::Want;
use crate::error::Stop;
use crate::handover::{HandOver, Input, Order};
use crate::open::Filler;
use crate::panics::{Caught, catch};
use crate::slot::{End, Ticket};
use crate::source::Source;
use crate::sync::MutexGuard;
use crate::worker::Worker;

/// What a worker knows of its dealings with the buffer.
pub(crate) struct Port<'a, T> {
    pub(crate) buffer: &'a Buffer<T>,
    pub(crate) worker: &'a Worker,
    /// Of this worker, from 0.
    pub(crate) number: usize,
    /// How many items are begun and handed over at once.
    pub(crate) batch: usize,
    /// Room in `open`: so many credits are asked for at once.
    room: usize,
    /// What is not handed over yet.
    open: RefCell<Filler<T>>,
    /// Its one item where a batch has no more, which is handed over before user
    /// code runs again.
    single: Cell<Option<T>>,
    ticket: Cell<Option<Ticket>>,
    /// Credits for which no output was put yet.
    credits: Cell<usize>,
    /// Inputs of the ticket, less its outputs.
    spare: Cell<usize>,
    /// Outputs are what the statistics count, since there are no inputs.
    pub(crate) counts: Cell<bool>,
    /// A panic of the input that comes after the batch that was read before it.
    pending: Cell<Option<Caught>>,
}

impl<'a, T> Port<'a, T> {
    pub(crate) fn new(
        buffer: &'a Buffer<T>,
        worker: &'a Worker,
        number: usize,
        open: Filler<T>,
    ) -> Port<'a, T> {
        let state = buffer.lock();
        let (batch, room) = (state.batch, state.room);
        drop(state);
        Port {
            buffer,
            worker,
            number,
            batch,
            room,
            open: RefCell::new(open),
            single: Cell::new(None),
            ticket: Cell::new(None),
            credits: Cell::new(0),
            spare: Cell::new(0),
            counts: Cell::new(false),
            pending: Cell::new(None),
        }
    }

    /// Waits for the demand that a body of its own begins with, or a fold's
    /// state. `placed`: its outputs have a place, in which no input stands.
    pub(crate) fn start(&self, placed: bool) -> Result<(), Stop> {
        let mut state = self.buffer.lock();
        let ticket = placed.then(|| state.open(self.number, 0));
        let granted = self.acquire_credit(state, ticket)?;
        self.ticket.set(ticket);
        self.credits.set(granted);
        Ok(())
    }

    fn acquire_credit(
        &self,
        state: MutexGuard<'_, HandOver<T>>,
        ticket: Option<Ticket>,
    ) -> Result<usize, Stop> {
        // A fold has one state, whatever the size of its batches.
        let most = if ticket.is_some() {
            self.room.max(1)
        } else {
            1
        };
        let want = Want::Credit(ticket);
        self.buffer.acquire(state, self.worker, want, most, 0)
    }

    // ---- Outputs ----

    /// Adds an output for which there is a credit.
    #[inline]
    pub(crate) fn push(&self, item: T) {
        self.credits.set(self.credits.get().saturating_sub(1));
        self.spare.set(self.spare.get().saturating_sub(1));
        if self.keep(item) {
            self.hand_over();
        }
    }

    /// Hands over a batch as it is, since the consumer waits for it.
    #[cold]
    fn hand_over(&self) {
        if let Ok(state) = self.flush(self.buffer.lock()) {
            self.buffer.release(state);
        }
    }

    /// Hands an output over and waits until the next one is wanted.
    #[inline]
    pub(crate) fn put(&self, item: T) -> Result<(), Stop> {
        let more = self.credits.get() > 1 && self.ticket.get().is_some();
        if more && !self.worker.is_cancelled() {
            self.push(item);
            self.count();
            return Ok(());
        }
        self.put_last(item)
    }

    /// Counts an output that was taken, where the statistics count outputs.
    #[inline]
    fn count(&self) {
        if self.counts.get() {
            self.worker.stats.item();
        }
    }

    /// Hands over the last output for which there is a credit, and waits for
    /// the next one.
    #[inline(never)]
    fn put_last(&self, item: T) -> Result<(), Stop> {
        if self.worker.is_cancelled() {
            return Err(Stop(()));
        }
        let ticket = match self.ticket.get() {
            Some(ticket) => ticket,
            None => self.place()?,
        };
        if self.credits.get() > 1 {
            self.push(item);
            self.count();
            return Ok(());
        }
        self.spare.set(self.spare.get().saturating_sub(1));
        self.credits.set(0);
        self.keep(item);
        let state = self.flush(self.buffer.lock())?;
        self.count();
        let granted = self.acquire_credit(state, Some(ticket))?;
        self.credits.set(granted);
        Ok(())
    }

    /// Makes a place for what the body of a pool puts before it reads its first
    /// item, or after its last one.
    fn place(&self) -> Result<Ticket, Stop> {
        if self.credits.get() == 0 {
            let granted = self.acquire_credit(self.buffer.lock(), None)?;
            self.credits.set(granted);
        }
        let mut state = self.buffer.lock();
        let ticket = state.open(self.number, self.credits.get());
        self.buffer.release(state);
        self.ticket.set(Some(ticket));
        Ok(ticket)
    }

    /// Tells whether what comes of this ticket is behind the end of the stage.
    pub(crate) fn is_cut(&self) -> bool {
        self.worker.is_cancelled() || self.buffer.cuts(self.ticket.get())
    }

    /// Keeps an output until the next hand-over; true if the consumer waits for
    /// it.
    #[inline]
    fn keep(&self, item: T) -> bool {
        if self.room == 0 {
            self.single.set(Some(item));
            return false;
        }
        self.open.borrow_mut().push(item)
    }

    /// Moves what was kept to its place.
    fn flush<'g>(
        &self,
        mut state: MutexGuard<'g, HandOver<T>>,
    ) -> Result<MutexGuard<'g, HandOver<T>>, Stop> {
        let Some(ticket) = self.ticket.get() else {
            return Ok(state);
        };
        let late: VecDeque<T> = if self.room == 0 {
            let Some(item) = self.single.take() else {
                return Ok(state);
            };
            self.worker.stats.batch();
            state.queue(ticket, item).err().into_iter().collect()
        } else {
            match state.queue_open(ticket, self.number, &mut self.open.borrow_mut()) {
                Ok(0) => return Ok(state),
                Ok(_) => {
                    self.worker.stats.batch();
                    return Ok(state);
                }
                Err(items) => items.into(),
            }
        };
        if late.is_empty() {
            return Ok(state);
        }
        self.buffer.give_back(state, (late, Vec::new()));
        Err(Stop(()))
    }

    /// Hands over what the ticket has, which is then done. Credits beyond its
    /// inputs stay with the worker.
    fn finish<'g>(
        &self,
        state: MutexGuard<'g, HandOver<T>>,
    ) -> Result<MutexGuard<'g, HandOver<T>>, Stop> {
        let mut state = self.flush(state)?;
        if let Some(ticket) = self.ticket.take() {
            let spare = self.spare.replace(0).min(self.credits.get());
            self.credits.set(self.credits.get() - spare);
            state.finish(ticket, spare);
        }
        Ok(state)
    }

    /// Ends the stage by `end`, after the outputs of this ticket, if any.
    pub(crate) fn fail(&self, end: End<T>) {
        // They go with the place.
        self.credits.set(0);
        if let (End::Panic(_), Some(later)) = (&end, self.pending.take()) {
            // This one is the earlier; after an error it is left to the scope.
            self.buffer.forget(later);
        }
        if let Ok(state) = self.flush(self.buffer.lock()) {
            self.buffer.release(state);
        }
        self.buffer.fail(self.ticket.take(), end);
    }

    /// Leaves a panic to the scope that nobody will pull, unless an earlier one
    /// of the stage stands for it.
    fn discard(&self, panic: Option<Caught>) {
        if let Some(caught) = panic
            && self.buffer.lock().panicked()
        {
            self.buffer.forget(caught);
        }
    }

    /// Hands over what is left, and gives unused credits back.
    pub(crate) fn close(&self) {
        self.discard(self.pending.take());
        if let Ok(mut state) = self.finish(self.buffer.lock()) {
            state.settle(self.credits.replace(0));
            self.buffer.release(state);
        }
    }

    /// Hands over the one output of a worker that read its items without
    /// credits.
    pub(crate) fn finish_with(&self, item: T) {
        let mut state = self.buffer.lock();
        if state.stopped || self.buffer.is_cancelled() {
            drop(state);
            drop(item);
            return;
        }
        self.ticket.set(Some(state.open(self.number, 1)));
        drop(state);
        self.push(item);
        self.close();
    }

    // ---- Inputs ----

    /// Reads the next batch of `source` into `items`: at least one and at most
    /// `most`, as far as there is demand and the input is certain to have more.
    /// The batch before is handed over first.
    ///
    /// Beyond the first item it reads only what the lower bound of the input's
    /// `size_hint` promises, which for a handle is what it has at hand. An item
    /// in a batch waits until the batch is read, so an input that may be slow
    /// to give the next one must not be asked.
    ///
    /// # Errors
    ///
    /// [`NoItem`] when the input has ended, when nobody wants more, or when the
    /// input panicked.
    pub(crate) fn begin<I>(
        &self,
        source: &Source<I>,
        items: &mut Vec<I::Item>,
        most: usize,
    ) -> Result<(), NoItem>
    where
        I: Iterator + Send,
    {
        let state = self.finish(self.buffer.lock())?;
        if let Some(caught) = self.pending.take() {
            self.buffer.release(state);
            return Err(NoItem::Panic(caught));
        }
        let held = self.credits.get();
        let more = most.saturating_sub(held);
        let granted = (self.buffer).acquire(state, self.worker, Want::Item, more, held)?;
        self.credits.set(held + granted);
        self.turn(source, items, most.min(held + granted), true)
    }

    /// As [`Port::begin`], but without credits: for items of which one output
    /// comes in the end.
    pub(crate) fn begin_uncounted<I>(
        &self,
        source: &Source<I>,
        items: &mut Vec<I::Item>,
    ) -> Result<(), NoItem>
    where
        I: Iterator + Send,
    {
        if let Some(caught) = self.pending.take() {
            return Err(NoItem::Panic(caught));
        }
        let state = self.buffer.lock();
        self.buffer.acquire(state, self.worker, Want::Turn, 0, 0)?;
        self.turn(source, items, self.batch, false)
    }

    /// Reads in this worker's turn, and ends the turn.
    fn turn<I>(
        &self,
        source: &Source<I>,
        items: &mut Vec<I::Item>,
        most: usize,
        placed: bool,
    ) -> Result<(), NoItem>
    where
        I: Iterator + Send,
    {
        let (input, panic) = self.read(source, items, most);
        let ended = input.is_some() || items.is_empty();
        let mut state = self.buffer.lock();
        if ended {
            state.end_input();
        } else {
            state.input = Input::Free;
        }
        let stopped = state.stopped || self.buffer.is_cancelled();
        if placed {
            let unused = self.credits.get() - items.len();
            state.settle(unused);
            self.credits.set(items.len());
            if !stopped && !items.is_empty() {
                self.ticket.set(Some(state.open(self.number, items.len())));
                self.spare.set(items.len());
            }
        }
        self.buffer.release(state);
        // Now, since it may take its time, and what it panics with comes second.
        let dropped = catch(|| drop(input)).err();
        let dropped = dropped.map(|payload| self.buffer.register(payload));
        let panic = panic.or(dropped);
        match (stopped, items.is_empty(), panic) {
            (true, _, panic) => {
                self.discard(panic);
                Err(NoItem::Stop)
            }
            (_, true, None) => Err(NoItem::Stop),
            (_, true, Some(caught)) => Err(NoItem::Panic(caught)),
            (_, false, panic) => {
                self.pending.set(panic);
                Ok(())
            }
        }
    }

    /// Reads items. Returns the input if it is used up, to be dropped, and what
    /// it panicked with.
    fn read<I>(
        &self,
        source: &Source<I>,
        items: &mut Vec<I::Item>,
        most: usize,
    ) -> (Option<I>, Option<Caught>)
    where
        I: Iterator + Send,
    {
        let Some(mut input) = source.take() else {
            return (None, None);
        };
        match catch(|| read(&mut input, items, most)) {
            Ok(true) => {
                source.put_back(input);
                (None, None)
            }
            Ok(false) => (Some(input), None),
            Err(payload) => {
                let caught = self.buffer.register(payload);
                if self.buffer.lock().order == Order::Completion {
                    // It comes at once, and nothing is begun once it is known.
                    let rest = std::mem::take(items);
                    if let Err(payload) = catch(|| drop(rest)) {
                        self.buffer.register(payload);
                    }
                }
                (Some(input), Some(caught))
            }
        }
    }
}

/// Why there is no further item.
pub(crate) enum NoItem {
    /// The input has ended, or nobody wants more.
    Stop,
    /// The input panicked.
    Panic(Caught),
}

impl From<Stop> for NoItem {
    fn from(Stop(()): Stop) -> NoItem {
        NoItem::Stop
    }
}

/// Reads one item, and then as many as are certain to be there; false at the
/// end.
fn read<I: Iterator>(input: &mut I, items: &mut Vec<I::Item>, most: usize) -> bool {
    loop {
        match input.next() {
            Some(item) => items.push(item),
            None => return false,
        }
        if items.len() >= most || input.size_hint().0 == 0 {
            return true;
        }
    }
}
