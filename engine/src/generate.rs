//! Stages that make their own items: a body, or an iterator that is read ahead.

use crate::error::Stop;
use crate::handle::{Handle, Launch};
use crate::handover::Order;
use crate::out::Out;
use crate::panics::catch;
use crate::port::Port;
use crate::source::NoInput;
use crate::stage::{One, Stage};
use crate::sync::Arc;

impl<'scope> Stage<'scope, One> {
    /// Runs `body` in a worker of its own; what it puts comes out of the
    /// handle.
    ///
    /// The body begins at the first pull, and goes on after a
    /// [`put`](Out::put) only when the next item is wanted. It returns the
    /// [`Stop`] that `put` gave it, usually with `?`.
    ///
    /// ```
    /// let squares: Vec<u32> = engine::scope(|s| {
    ///     let squares = s.stage("squares").generate(|out| {
    ///         for n in 1.. {
    ///             out.put(n * n)?;
    ///         }
    ///         Ok(())
    ///     });
    ///     squares.take(4).collect()
    /// });
    /// assert_eq!(squares, [1, 4, 9, 16]);
    /// ```
    pub fn generate<T, F>(self, body: F) -> Handle<'scope, T>
    where
        T: Send + 'scope,
        F: FnOnce(&mut Out<'_, T>) -> Result<(), Stop> + Send + 'scope,
    {
        let parts = self.parts(Order::Input, true);
        let (buffer, site) = (Arc::clone(&parts.buffer), parts.site.clone());
        let launch: Launch<'scope> = Box::new(move || {
            parts.announce(1);
            let started = parts.spawn(0, move |port| work(port, body));
            parts.require(started);
        });
        Handle::new(buffer, Arc::new(NoInput), site, launch)
    }

    /// Pulls `input` in a worker of its own, ahead of the consumer by as much
    /// as the buffer allows.
    ///
    /// ```
    /// let sum: u64 = engine::scope(|s| s.stage("count").buffer(8).read(1..=100).sum());
    /// assert_eq!(sum, 5_050);
    /// ```
    pub fn read<I>(self, input: I) -> Handle<'scope, I::Item>
    where
        I: IntoIterator,
        I::IntoIter: Send + 'scope,
        I::Item: Send + 'scope,
    {
        let input = input.into_iter();
        self.generate(move |out| {
            for item in input {
                out.put(item)?;
            }
            Ok(())
        })
    }
}

/// Runs the body of a generator.
fn work<T>(port: &Port<'_, T>, body: impl FnOnce(&mut Out<'_, T>) -> Result<(), Stop>) {
    if port.start(true).is_err() {
        return port.close();
    }
    port.counts.set(true);
    match catch(|| body(&mut Out::new(port))) {
        Ok(Ok(()) | Err(Stop(()))) => port.close(),
        Err(payload) => port.fail(port.buffer.caught(payload)),
    }
}
