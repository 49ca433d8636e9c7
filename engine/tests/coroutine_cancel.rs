//! Promises 5 and 10: a drop of a coroutine and a cancel of its caller reach
//! whoever waits, and nothing is lost on the way.

mod support;

use engine::{CloseError, CoroutineState, Interrupt, ResumeError};
use support::{Census, Latch, scope, stage, watchdog};

fn yielded<O, R>(answer: Result<CoroutineState<O, R>, ResumeError>) -> O {
    match answer {
        Ok(CoroutineState::Yielded(value)) => value,
        Ok(CoroutineState::Complete(_)) => panic!("complete"),
        Err(error) => panic!("{error:?}"),
    }
}

/// Promises 10 and 5: dropping a coroutine closes it without waiting, and what
/// the body still returns is dropped.
#[test]
fn a_drop_closes_and_does_not_wait() {
    watchdog("a_drop_closes_and_does_not_wait", || {
        let (dropped, ended) = (Latch::default(), Latch::default());
        let census = Census::default();
        scope(|s| {
            let mut body = s.stage("body").coroutine(|first, caller| {
                for _ in 0..2 {
                    let closed = caller.put(census.member());
                    assert!(matches!(closed, Err(Interrupt::Closed)));
                    assert!(caller.cancelled());
                    dropped.wait();
                }
                ended.open();
                Ok(first)
            });
            drop(yielded(body.send(census.member())));
            drop(body);
            dropped.open();
            // By the drop, and not by the end of the scope.
            ended.wait();
        });
        census.assert_all_dropped();
    });
}

/// Promises 10 and 5: a forgotten coroutine does not hang the scope, whose end
/// closes it.
#[test]
fn a_forgotten_coroutine_does_not_hang_the_scope() {
    watchdog("a_forgotten_coroutine_does_not_hang_the_scope", || {
        let closed = Latch::default();
        scope(|s| {
            let mut body = s.stage("body").coroutine(|(), caller| {
                let message: Result<(), _> = caller.put(());
                assert!(matches!(message, Err(Interrupt::Closed)));
                closed.open();
                message
            });
            yielded(body.send(()));
            std::mem::forget(body);
            std::mem::forget(s.stage("unused").coroutine(|(), caller| caller.put(())));
        });
        assert!(closed.is_open());
    });
}

/// Promises 10 and 5: a cancel reaches a stage that waits for an answer, though
/// the body that owes it is blocked; nothing that was sent is lost.
#[test]
fn a_cancel_reaches_a_caller_that_waits() {
    watchdog("a_cancel_reaches_a_caller_that_waits", || {
        let (waits, proceed, told) = (Latch::default(), Latch::default(), Latch::default());
        let census = Census::default();
        scope(|s| {
            let (waits, proceed, told, members) = (&waits, &proceed, &told, &census);
            let mut slow = s.stage("slow").coroutine(|member, caller| {
                let second = caller.put(member)?;
                waits.open();
                proceed.wait();
                caller.put(second)
            });
            let report = s.report();
            let mut unused = s
                .stage("unused")
                .coroutine(|member, caller| caller.put(member));
            let mut body = s.stage("body").generate(move |out| {
                drop(yielded(slow.send(members.member())));
                let cancelled = slow.send(members.member());
                assert!(matches!(cancelled, Err(ResumeError::Cancelled)));
                let after = slow.send(members.member());
                assert!(matches!(after, Err(ResumeError::Finished)));
                let cancelled = unused.send(members.member());
                assert!(matches!(cancelled, Err(ResumeError::Cancelled)));
                told.open();
                out.put(())
            });
            body.prime();
            waits.wait();
            drop(body);
            // It is told while the coroutine is still blocked.
            told.wait();
            assert_eq!(stage(&report, "unused").workers, 0);
            proceed.open();
        });
        census.assert_all_dropped();
    });
}

/// Promises 10 and 5: so it does when the caller waits in `close`.
#[test]
fn a_cancel_reaches_a_caller_that_closes() {
    watchdog("a_cancel_reaches_a_caller_that_closes", || {
        let (closing, proceed, told) = (Latch::default(), Latch::default(), Latch::default());
        scope(|s| {
            let (closing, proceed, told) = (&closing, &proceed, &told);
            let mut slow = s.stage("slow").coroutine(|(), caller| {
                let message: Result<(), _> = caller.put(());
                closing.open();
                proceed.wait();
                message
            });
            let mut body = s.stage("body").generate(move |out| {
                yielded(slow.send(()));
                assert!(matches!(slow.close(), Err(CloseError::Cancelled)));
                told.open();
                out.put(())
            });
            body.prime();
            closing.wait();
            drop(body);
            told.wait();
            proceed.open();
        });
    });
}

/// Promises 10 and 5: a cancel reaches a coroutine that waits for another, as
/// a close of its own.
#[test]
fn a_cancel_reaches_nested_coroutines() {
    watchdog("a_cancel_reaches_nested_coroutines", || {
        let (waits, proceed, told) = (Latch::default(), Latch::default(), Latch::default());
        scope(|s| {
            let (waits, proceed, told) = (&waits, &proceed, &told);
            let mut inner = s.stage("inner").coroutine(|(), caller| {
                waits.open();
                proceed.wait();
                caller.put(())
            });
            let mut outer = s.stage("outer").coroutine(move |(), caller| {
                let closed = inner.send(()).map_err(Interrupt::from).unwrap_err();
                assert!(matches!(closed, Interrupt::Closed));
                told.open();
                caller.put(())
            });
            let mut body = s.stage("body").generate(move |out| {
                assert!(matches!(outer.send(()), Err(ResumeError::Cancelled)));
                drop(outer);
                out.put(())
            });
            body.prime();
            waits.wait();
            drop(body);
            told.wait();
            proceed.open();
        });
    });
}
