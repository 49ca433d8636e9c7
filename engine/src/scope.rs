//! The scope: where stages live, and what ends them all.
//!
//! It is std's thread scope with three things added: stages are cancelled
//! before the scope waits for them, a panic that nobody pulled is rethrown with
//! its own payload, and the statistics outlive it.

use std::fmt;
use std::io;
use std::marker::PhantomData;

use crate::cancel::Token;
use crate::panics::Unclaimed;
use crate::report::Report;
use crate::stage::Stage;
use crate::sync::{
    Arc, AtomicBool, Mutex, Ordering, Scope as Threads, lock, scope as scope_threads, spawn,
};

/// Makes stages; their bodies may borrow from outside the scope.
///
/// Given by value to the closure of [`scope()`], and cheap to clone, so that a
/// body can own one and start stages of its own.
#[derive(Clone)]
pub struct Scope<'scope, 'env: 'scope> {
    site: Site<'scope>,
    outside: PhantomData<&'scope mut &'env ()>,
}

/// Where threads of a scope are started.
///
/// A trait object of this forgets the lifetime of what lies outside the scope,
/// so that a stage or a handle need not name it and can still start workers.
pub(crate) trait Spawn<'scope>: Send + Sync {
    /// Starts a thread that the scope waits for.
    fn spawn(&self, name: String, body: Box<dyn FnOnce() + Send + 'scope>) -> io::Result<()>;
}

impl<'scope> Spawn<'scope> for &'scope Threads<'scope, '_> {
    fn spawn(&self, name: String, body: Box<dyn FnOnce() + Send + 'scope>) -> io::Result<()> {
        spawn(self, name, body)
    }
}

/// The part of a scope that stages and handles keep.
#[derive(Clone)]
pub(crate) struct Site<'scope> {
    pub(crate) threads: Arc<dyn Spawn<'scope> + 'scope>,
    pub(crate) shared: Arc<Shared>,
}

/// What the stages of one scope share; `'static`, since it knows no values.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) unclaimed: Unclaimed,
    pub(crate) report: Report,
    tokens: Mutex<Vec<Arc<Token>>>,
    closed: AtomicBool,
}

impl Shared {
    /// Makes the token of a new stage.
    pub(crate) fn token(&self) -> Arc<Token> {
        let token = Arc::new(Token::default());
        let mut tokens = lock(&self.tokens);
        // A stage that is over has dropped its token: keep the list as long as
        // the stages that live.
        tokens.retain(|token| Arc::strong_count(token) > 1);
        tokens.push(Arc::clone(&token));
        drop(tokens);
        if self.closed.load(Ordering::SeqCst) {
            token.cancel();
        }
        token
    }

    fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        let tokens = std::mem::take(&mut *lock(&self.tokens));
        for token in tokens {
            token.cancel();
        }
    }
}

/// Cancels every stage when the closure of the scope returns or unwinds; std
/// joins the threads after that.
struct CloseOnDrop<'a>(&'a Shared);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Runs `f` with a scope in which it can start stages, and returns what `f`
/// returns, after every worker has ended.
///
/// When `f` returns or unwinds, all stages are cancelled: a worker ends at its
/// next call of the engine. Code that is blocked outside the engine (a `read`,
/// say) is waited for.
///
/// # Panics
///
/// Rethrows the panic of `f`; or else the first panic of a stage that no pull
/// has delivered.
///
/// # Examples
///
/// ```
/// let text = String::from("a line\nanother line\n");
/// let longest = engine::scope(|s| {
///     let lines = s.stage("lines").read(text.lines());
///     let lengths = s.stage("length").jobs(2).map(lines, str::len);
///     lengths.max()
/// });
/// assert_eq!(longest, Some(12));
/// ```
///
/// # Lifetimes
///
/// Stages borrow what was made before the scope, as `text` above. What is made
/// inside the closure does not live long enough, and has to move into a body:
///
/// ```compile_fail
/// engine::scope(|s| {
///     let text = String::from("a line");
///     s.stage("words").read(text.split(' ')).count()
/// });
/// ```
///
/// A function that makes a stage names the lifetime of the scope, which is that
/// of the handle and of what it borrows; a body that starts stages of its own
/// takes a clone of the scope:
///
/// ```
/// use engine::{Handle, Scope};
///
/// fn words<'scope>(s: &Scope<'scope, '_>, line: &'scope str) -> Handle<'scope, &'scope str> {
///     s.stage("words").read(line.split(' '))
/// }
///
/// let text = "to be\nor not";
/// let counts: Vec<usize> = engine::scope(|s| {
///     let own = s.clone();
///     let counts = s.stage("count").jobs(2).map(text.lines(), move |line| {
///         words(&own, line).count()
///     });
///     counts.collect()
/// });
/// assert_eq!(counts, [2, 2]);
/// ```
///
/// A handle cannot leave its scope:
///
/// ```compile_fail
/// let numbers = engine::scope(|s| s.stage("numbers").read(0..3));
/// ```
pub fn scope<'env, F, R>(f: F) -> R
where
    F: for<'scope> FnOnce(Scope<'scope, 'env>) -> R,
{
    let shared = Arc::new(Shared {
        unclaimed: Unclaimed::default(),
        report: Report::new(),
        tokens: Mutex::default(),
        closed: AtomicBool::new(false),
    });
    let result = scope_threads(|threads| {
        let _guard = CloseOnDrop(&shared);
        f(Scope {
            site: Site {
                threads: Arc::new(threads),
                shared: Arc::clone(&shared),
            },
            outside: PhantomData,
        })
    });
    if let Some(payload) = shared.unclaimed.take() {
        std::panic::resume_unwind(payload);
    }
    result
}

impl<'scope> Scope<'scope, '_> {
    /// Begins a stage. The name appears in the report and in the names of its
    /// threads; it need not be unique.
    pub fn stage(&self, name: &str) -> Stage<'scope> {
        Stage::new(self.site.clone(), name)
    }

    /// Returns the statistics of the stages, live while they run and final
    /// after the scope.
    pub fn report(&self) -> Report {
        self.site.shared.report.clone()
    }
}

impl fmt::Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("report", &self.site.shared.report)
            .finish_non_exhaustive()
    }
}
