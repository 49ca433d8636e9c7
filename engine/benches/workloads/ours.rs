//! The engine's side. Each call opens a scope and starts its workers.

use engine::{Many, One, Order, Scope, Stage, scope};

use super::work::Work;

/// The options of a stage.
#[derive(Clone, Copy)]
pub(crate) struct Options {
    pub(crate) batch: usize,
    /// `None` leaves the default.
    pub(crate) buffer: Option<usize>,
}

impl Options {
    pub(crate) fn batch(batch: usize) -> Options {
        Options {
            batch,
            buffer: None,
        }
    }

    pub(crate) fn buffer(self, outputs: usize) -> Options {
        Options {
            buffer: Some(outputs),
            ..self
        }
    }

    fn stage<'scope>(self, s: &Scope<'scope, '_>) -> Stage<'scope, One> {
        let stage = s.stage("items").batch(self.batch);
        match self.buffer {
            Some(outputs) => stage.buffer(outputs),
            None => stage,
        }
    }

    fn pool<'scope>(self, s: &Scope<'scope, '_>, jobs: usize) -> Stage<'scope, Many> {
        self.stage(s).jobs(jobs)
    }
}

/// A body puts the items, the caller pulls them.
pub(crate) fn generate(items: u64, options: Options) -> u64 {
    scope(|s| {
        let items = options.stage(&s).generate(move |out| {
            for n in 0..items {
                out.put(Work::NONE.on(n))?;
            }
            Ok(())
        });
        items.sum()
    })
}

/// An iterator is read ahead, the caller pulls its items.
pub(crate) fn read(items: u64, options: Options) -> u64 {
    scope(|s| {
        let items = (0..items).map(|n| Work::NONE.on(n));
        options.stage(&s).read(items).sum()
    })
}

/// A pool works on the items, the caller pulls the outputs.
pub(crate) fn map(items: u64, work: Work, jobs: usize, order: Order, options: Options) -> u64 {
    scope(|s| {
        let pool = options.pool(&s, jobs).order(order);
        pool.map(0..items, move |n| work.on(n)).sum()
    })
}

/// A pool works on the items and adds up; the caller pulls a sum a worker.
pub(crate) fn fold(items: u64, work: Work, jobs: usize, options: Options) -> u64 {
    scope(|s| {
        let pool = options.pool(&s, jobs);
        pool.fold(0..items, |_| 0, move |sum, n| *sum += work.on(n))
            .sum()
    })
}
