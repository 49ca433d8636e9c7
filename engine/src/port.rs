//! A worker's end of the hand-over: it reads batches of the input, and puts
//! outputs into their place.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::buffer::Buffer;
use crate::demand::Want;
use crate::error::Stop;
use crate::handover::{End, HandOver, Input, Order, Ticket};
use crate::open::Filler;
use crate::panics::{Payload, catch};
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
    /// A panic of the input that comes after the batch that was read before it.
    pending: Cell<Option<Payload>>,
}

impl<'a, T> Port<'a, T> {
    pub(crate) fn new(
        buffer: &'a Buffer<T>,
        worker: &'a Worker,
        number: usize,
        open: Filler<T>,
    ) -> Port<'a, T> {
        let batch = buffer.lock().batch;
        Port {
            buffer,
            worker,
            number,
            batch,
            open: RefCell::new(open),
            single: Cell::new(None),
            ticket: Cell::new(None),
            credits: Cell::new(0),
            spare: Cell::new(0),
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
        let most = if ticket.is_some() { self.batch } else { 1 };
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
            return Ok(());
        }
        self.put_last(item)
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
            return Ok(());
        }
        self.spare.set(self.spare.get().saturating_sub(1));
        self.credits.set(0);
        self.keep(item);
        let state = self.flush(self.buffer.lock())?;
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
        if self.batch == 1 {
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
        let late = if self.batch == 1 {
            let Some(item) = self.single.take() else {
                return Ok(state);
            };
            self.worker.stats.batch();
            state.queue(ticket, item).err().into_iter().collect()
        } else {
            state.hurry();
            match state.queue_open(ticket, self.number, &mut self.open.borrow_mut()) {
                Ok(0) => return Ok(state),
                Ok(_) => {
                    self.worker.stats.batch();
                    return Ok(state);
                }
                Err(items) => items.into(),
            }
        };
        let late: VecDeque<T> = late;
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
        if let Ok(state) = self.flush(self.buffer.lock()) {
            self.buffer.release(state);
        }
        self.buffer.fail(self.ticket.take(), end);
    }

    /// Hands over what is left, and gives unused credits back.
    pub(crate) fn close(&self) {
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
        if let Some(payload) = self.pending.take() {
            self.buffer.release(state);
            return Err(NoItem::Panic(payload));
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
        if let Some(payload) = self.pending.take() {
            return Err(NoItem::Panic(payload));
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
        let input = source.take();
        let (input, panic) = match input.map(|input| read(input, items, most)) {
            Some(Read::More(input)) => {
                source.put_back(input);
                (None, None)
            }
            Some(Read::Ended(input)) => (Some(input), None),
            Some(Read::Panicked(input, payload)) => (Some(input), Some(payload)),
            None => (None, None),
        };
        let ended = input.is_some() || items.is_empty();
        if panic.is_some() && self.buffer.lock().order == Order::Completion {
            // It comes at once, and nothing is begun once it is known.
            items.clear();
        }
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
        // What it does when it is dropped must hold up nobody.
        drop(input);
        if stopped {
            return Err(NoItem::Stop);
        }
        match panic {
            Some(payload) if items.is_empty() => Err(NoItem::Panic(payload)),
            panic => {
                self.pending.set(panic);
                if items.is_empty() {
                    Err(NoItem::Stop)
                } else {
                    Ok(())
                }
            }
        }
    }
}

/// Why there is no further item.
pub(crate) enum NoItem {
    /// The input has ended, or nobody wants more.
    Stop,
    /// The input panicked.
    Panic(Payload),
}

impl From<Stop> for NoItem {
    fn from(Stop(()): Stop) -> NoItem {
        NoItem::Stop
    }
}

enum Read<I> {
    More(I),
    Ended(I),
    Panicked(I, Payload),
}

/// Reads one item, and then as many as are certain to be there.
fn read<I: Iterator>(mut input: I, items: &mut Vec<I::Item>, most: usize) -> Read<I> {
    let reading = catch(|| {
        loop {
            match input.next() {
                Some(item) => items.push(item),
                None => return false,
            }
            if items.len() >= most || input.size_hint().0 == 0 {
                return true;
            }
        }
    });
    match reading {
        Ok(true) => Read::More(input),
        Ok(false) => Read::Ended(input),
        Err(payload) => Read::Panicked(input, payload),
    }
}
