//! Promises 2 to 6, 9 and 10 under a model checker, which runs the hand-over in
//! a great many orders of its steps and finds a deadlock in any of them.
//!
//! Built with `--cfg shuttle` only, which replaces the primitives of the whole
//! engine (`src/sync.rs`). A failure prints a schedule, which
//! `shuttle::replay` runs again.

#![cfg(shuttle)]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use engine::{CoroutineState, Handle, Order, Scope};
use shuttle::rand::{Rng, thread_rng};

/// Runs `test` in so many random orders, and in as many that switch seldom but
/// at the worst of moments (PCT: Burckhardt et al., ASPLOS 2010). The number of
/// runs can be raised by `ENGINE_MODEL_RUNS`.
fn check(test: fn()) {
    let runs = std::env::var("ENGINE_MODEL_RUNS").ok();
    let runs = runs.and_then(|runs| runs.parse().ok()).unwrap_or(3_000);
    shuttle::check_random(test, runs);
    shuttle::check_pct(test, runs, 3);
}

fn below(n: usize) -> usize {
    thread_rng().gen_range(0..n)
}

/// One kind of stage of random options over `input`, which leaves the numbers
/// and their order as they are.
fn stage<'scope>(
    s: &Scope<'scope, '_>,
    order: Order,
    input: impl Iterator<Item = usize> + Send + 'scope,
) -> Handle<'scope, usize> {
    let (jobs, buffer, batch) = (1 + below(2), below(3), 1 + below(2));
    let pool = || {
        s.stage("p")
            .jobs(jobs)
            .buffer(buffer)
            .batch(batch)
            .order(order)
    };
    match below(6) {
        0 => s.stage("r").buffer(buffer).batch(batch).read(input),
        1 => pool().map(input, |n| n),
        2 => pool().flat_map(input, |n| [n].into_iter()),
        3 => pool().pool(input, |items, out| {
            for n in items {
                out.put(n)?;
            }
            Ok(())
        }),
        4 => {
            let tried = pool().try_map(input, Ok::<_, ()>);
            s.stage("u").buffer(buffer).read(tried.flatten())
        }
        _ => pool().filter_map(input, |n| (n < 100).then_some(n)),
    }
}

/// Promises 2, 3, 4 and 9: everything comes, once and in order, whoever waits.
#[test]
fn all_items_come_in_order() {
    check(|| {
        engine::scope(|s| {
            let input = (0..3).flat_map(|n| [n, 100 + n]).filter(|n| *n < 100);
            let stage = stage(&s, Order::Input, input);
            assert_eq!(stage.collect::<Vec<_>>(), [0, 1, 2]);
        });
    });
}

/// Promises 4 and 9: by completion as well, and through a chain.
#[test]
fn all_items_come_through_a_chain() {
    check(|| {
        engine::scope(|s| {
            let first = stage(&s, Order::Completion, 0..3);
            let second = stage(&s, Order::Completion, first);
            let mut all: Vec<_> = second.collect();
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2]);
        });
    });
}

/// Promise 2: items begun are never more than pulls plus the buffer.
#[test]
fn demand_is_strict() {
    check(|| {
        let (begun, pulls) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let (jobs, buffer, batch) = (1 + below(2), below(3), 1 + below(2));
        engine::scope(|s| {
            let input = (0..5).inspect(|_| {
                let begun = begun.fetch_add(1, Ordering::SeqCst) + 1;
                assert!(begun <= pulls.load(Ordering::SeqCst) + buffer);
            });
            let stage = s.stage("map").jobs(jobs).buffer(buffer).batch(batch);
            let mut mapped = stage.map(input, |n: usize| n);
            for n in 0..3 {
                pulls.fetch_add(1, Ordering::SeqCst);
                assert_eq!(mapped.next(), Some(n));
            }
        });
    });
}

/// Promise 5: the stages end wherever the consumer stops, even if it forgets
/// its handle, and everything else is dropped.
#[test]
fn a_drop_ends_all() {
    check(|| {
        let live = Arc::new(());
        let mut forgotten = false;
        engine::scope(|s| {
            let members = Arc::clone(&live);
            let endless = (0..).map(move |n| (n, Arc::clone(&members)));
            let (jobs, buffer, batch) = (1 + below(2), below(3), 1 + below(2));
            let source = s.stage("s").buffer(buffer).batch(batch).read(endless);
            let pool = s.stage("p").jobs(jobs).buffer(buffer).batch(batch);
            let mut mapped = pool.map(source, |item| item);
            mapped.prime();
            for n in 0..below(3) {
                assert_eq!(mapped.next().map(|item| item.0), Some(n));
            }
            if below(4) == 0 {
                // What it holds is lost with it, but nothing may hang.
                std::mem::forget(mapped);
                forgotten = true;
            }
        });
        assert!(forgotten || Arc::strong_count(&live) == 1);
    });
}

/// Promise 6: a panic comes once, in its place, whatever else goes on.
#[test]
fn a_panic_comes_once() {
    check(|| {
        let place = below(4);
        let thrown = catch_unwind(AssertUnwindSafe(|| {
            engine::scope(|s| {
                let (jobs, buffer, batch) = (1 + below(2), below(3), 1 + below(2));
                let pool = s.stage("p").jobs(jobs).buffer(buffer).batch(batch);
                let mut mapped = pool.map(0..4, move |n| match n == place {
                    true => resume_unwind(Box::new(n)),
                    false => n,
                });
                let mut got = Vec::new();
                // At least one: shuttle wants a stage that starts.
                let wanted = 1 + below(5);
                let pulled = catch_unwind(AssertUnwindSafe(|| {
                    got.extend(mapped.by_ref().take(wanted));
                }));
                assert!(got.iter().copied().eq(0..wanted.min(place)));
                match pulled {
                    Ok(()) => assert!(wanted <= place),
                    Err(payload) => {
                        assert_eq!(payload.downcast_ref(), Some(&place));
                        assert_eq!(mapped.next(), None);
                    }
                }
            });
        }));
        // One that nobody pulled is the scope's.
        if let Err(payload) = thrown {
            assert_eq!(payload.downcast_ref(), Some(&place));
        }
    });
}

/// Promises 4 and 9: folds hand over every state, and a parallel merge over them
/// is one more stage.
#[test]
fn folds_lose_nothing() {
    check(|| {
        engine::scope(|s| {
            let (jobs, buffer, batch) = (1 + below(2), below(2), 1 + below(2));
            let numbers = s.stage("n").buffer(buffer).read(0..4);
            let fold = s.stage("f").jobs(jobs).buffer(buffer).batch(batch);
            let sums = fold.fold(numbers, |_| 0, |sum, n| *sum += n);
            let merged = s.stage("m").jobs(2).map(sums, |sum: usize| sum);
            assert_eq!(merged.sum::<usize>(), 6);
        });
    });
}

/// Promise 2: a consumer that only polls gets everything.
#[test]
fn polling_gets_everything() {
    check(|| {
        engine::scope(|s| {
            let mut mapped = stage(&s, Order::Input, 0..2);
            let mut got = Vec::new();
            loop {
                match mapped.pull_timeout(Duration::ZERO) {
                    Ok(Some(n)) => got.push(n),
                    Ok(None) => break,
                    Err(_) => shuttle::thread::yield_now(),
                }
            }
            assert_eq!(got, [0, 1]);
        });
    });
}

/// Promise 5: a cancel reaches a body in whatever wait it is.
#[test]
fn a_cancel_reaches_every_wait() {
    check(|| {
        engine::scope(|s| {
            let (jobs, buffer) = (1 + below(2), below(2));
            let own = s.clone();
            let mut body = s.stage("body").buffer(buffer).generate(move |out| {
                let inner = own.stage("inner").jobs(jobs).buffer(buffer);
                for n in inner.map(0.., |n: usize| n) {
                    out.put(n)?;
                }
                Ok(())
            });
            match below(3) {
                0 => body.prime(),
                _ => assert_eq!(body.next(), Some(0)),
            }
        });
    });
}

/// Promise 10: a conversation, and its end by close or drop.
#[test]
fn a_coroutine_answers() {
    check(|| {
        engine::scope(|s| {
            let mut sum = s.stage("sum").coroutine(|mut n: usize, caller| {
                let mut sum = 0;
                loop {
                    sum += n;
                    n = caller.put(sum)?;
                }
                #[allow(unreachable_code)]
                Ok(())
            });
            for (n, total) in [(1, 1), (2, 3)] {
                let state = sum.send(n).unwrap();
                assert_eq!(state, CoroutineState::Yielded(total));
            }
            if below(2) == 0 {
                assert_eq!(sum.close().unwrap(), None);
            }
        });
    });
}

/// Promises 4 and 6: when one worker of a fold panics, the others do not take
/// the input for ended: no state is handed over that has missed items.
#[test]
fn a_fold_that_panics_has_no_states() {
    check(|| {
        engine::scope(|s| {
            let (buffer, batch) = (1 + below(2), 1 + below(2));
            let place = below(3);
            let endless = (0..).inspect(|_| shuttle::thread::yield_now());
            let stage = s.stage("f").jobs(2).buffer(buffer).batch(batch);
            let mut folded = stage.fold(
                endless,
                |_| 0,
                move |sum, n| match n == place {
                    true => resume_unwind(Box::new(n)),
                    false => *sum += n,
                },
            );
            let pulled = catch_unwind(AssertUnwindSafe(|| folded.next()));
            assert!(pulled.is_err(), "a state of {pulled:?}");
        });
    });
}

/// Promises 2 and 4: a pull that is served by what was fetched lets a worker go
/// on, though nobody pulls again and nobody takes the lock.
#[test]
fn workers_go_on_after_each_pull() {
    check(|| {
        let begun = shuttle::sync::Mutex::new(0);
        let raised = shuttle::sync::Condvar::new();
        let (jobs, buffer) = (1 + below(2), 1 + below(3));
        engine::scope(|s| {
            let input = (0..).inspect(|_| {
                *begun.lock().unwrap() += 1;
                raised.notify_all();
            });
            let stage = s.stage("p").jobs(jobs).buffer(buffer);
            let mut mapped = stage.map(input, |n: usize| n);
            for n in 0..3 {
                assert_eq!(mapped.next(), Some(n));
                let mut count = begun.lock().unwrap();
                while *count < n + 1 + buffer {
                    count = raised.wait(count).unwrap();
                }
            }
        });
    });
}

/// Promises 4 and 9: each item of a shared handle reaches one of two stages.
#[test]
fn a_shared_handle_feeds_two_stages() {
    check(|| {
        engine::scope(|s| {
            let shared = stage(&s, Order::Input, 0..3).share();
            let buffer = below(2);
            let one = s.stage("one").buffer(buffer).read(shared.clone());
            let mut two = s.stage("two").buffer(buffer).read(shared);
            two.prime();
            let mut all: Vec<_> = one.chain(two).collect();
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2]);
        });
    });
}

/// Promise 9: two branches of a tee, each pulled by a stage of its own.
#[test]
fn a_tee_feeds_two_stages() {
    check(|| {
        engine::scope(|s| {
            let [one, two] = stage(&s, Order::Input, 0..3).tee(4);
            let buffer = below(2);
            let mut one = s.stage("one").buffer(buffer).read(one.map(Result::unwrap));
            let two = s.stage("two").buffer(buffer).read(two.map(Result::unwrap));
            one.prime();
            assert!(two.eq(0..3));
            assert!(one.eq(0..3));
        });
    });
}
