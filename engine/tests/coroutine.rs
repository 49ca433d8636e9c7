//! Promise 10: a conversation with a body by `send`, `throw`, `close` and a
//! result. How it is cancelled is in `coroutine_cancel.rs`.

mod support;

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use engine::{CloseError, Coroutine, CoroutineState, Interrupt, ResumeError, Yielder};
use support::{Census, Latch, Planned, Tally, at_rest, burst, planned, scope, stage, watchdog};

/// An error that nothing else makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Oops(u32);

impl std::fmt::Display for Oops {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "oops {}", self.0)
    }
}

impl Error for Oops {}

/// Asserts that a body let exactly `wanted` out, wrapped in nothing.
#[track_caller]
fn assert_thrown<A>(answer: Result<A, ResumeError>, wanted: Oops) {
    match answer {
        Err(ResumeError::Thrown(error)) => assert_eq!(error.downcast_ref(), Some(&wanted)),
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("an answer"),
    }
}

#[track_caller]
fn assert_finished<I, O, R>(coroutine: &mut Coroutine<'_, I, O, R>, value: I) {
    assert!(matches!(coroutine.send(value), Err(ResumeError::Finished)));
    assert!(matches!(
        coroutine.throw("late"),
        Err(ResumeError::Finished)
    ));
}

fn yielded<O, R>(answer: Result<CoroutineState<O, R>, ResumeError>) -> O {
    match answer {
        Ok(CoroutineState::Yielded(value)) => value,
        Ok(CoroutineState::Complete(_)) => panic!("complete"),
        Err(error) => panic!("{error:?}"),
    }
}

/// Answers each number with the sum so far, and ends with the sum at 0.
fn total(mut n: u32, caller: &mut Yielder<'_, u32, u32>) -> Result<u32, Interrupt> {
    let mut sum = 0;
    while n > 0 {
        sum += n;
        n = caller.put(sum)?;
    }
    Ok(sum)
}

/// Promise 10: the first value sent is what the body begins with, each other is
/// what its `put` returns, and the result is handed over, once.
#[test]
fn values_go_in_and_out_and_a_result_comes() {
    watchdog("values_go_in_and_out_and_a_result_comes", || {
        let report = scope(|s| {
            let mut total = s.stage("total").coroutine(total);
            for (n, sum) in [(3, 3), (4, 7), (5, 12)] {
                assert_eq!(total.send(n).unwrap(), CoroutineState::Yielded(sum));
            }
            assert_eq!(total.send(0).unwrap(), CoroutineState::Complete(12));
            assert_finished(&mut total, 1);
            assert_eq!(total.close().unwrap(), None);
            let echo = |n: u32, _: &mut Yielder<'_, u32, ()>| Ok(n);
            let mut none = s.stage("none").coroutine(echo);
            assert_eq!(none.send(8).unwrap(), CoroutineState::Complete(8));
            s.report()
        });
        // Promise 12: its items are the values that it put.
        assert_eq!(stage(&report, "total").items, 3);
        assert_eq!(stage(&report, "none").items, 0);
    });
}

/// Promises 10 and 2: the body works while a call waits and at no other time,
/// whatever the buffer option says.
#[test]
fn the_body_works_only_while_a_call_waits() {
    watchdog("the_body_works_only_while_a_call_waits", || {
        let steps = Tally::default();
        scope(|s| {
            let mut counter = s.stage("counter").buffer(8).coroutine(|(), caller| {
                steps.add();
                while caller.put(()).is_ok() {
                    steps.add();
                }
                Ok(())
            });
            assert_eq!(s.report().stages()[0].workers, 0, "promise 1");
            for sent in 1..5 {
                yielded(counter.send(()));
                at_rest(&s.report());
                assert_eq!(steps.get(), sent);
            }
            let all = s.report().stages();
            assert!(all[0].blocked > Duration::ZERO && all[0].starved == Duration::ZERO);
        });
    });
}

/// Promise 10: `throw` arrives at the `put`; the body may answer it like a
/// value, or return a result on it.
#[test]
fn a_thrown_error_may_be_handled() {
    watchdog("a_thrown_error_may_be_handled", || {
        scope(|s| {
            let mut body = s.stage("body").coroutine(|first: u32, caller| {
                let thrown = |message| match message {
                    Err(Interrupt::Thrown(error)) => *error.downcast::<Oops>().unwrap(),
                    other => panic!("{other:?}"),
                };
                let one = thrown(caller.put(first));
                assert_eq!(caller.put(one.0)?, 5);
                Ok(thrown(caller.put(6)))
            });
            assert_eq!(yielded(body.send(1)), 1);
            assert_eq!(yielded(body.throw(Oops(2))), 2);
            assert_eq!(yielded(body.send(5)), 6);
            let last = body.throw(Oops(7)).unwrap();
            assert_eq!(last, CoroutineState::Complete(Oops(7)));
            assert_finished(&mut body, 1);
        });
    });
}

/// Promise 10: an error that the body lets out is the caller's, the very one
/// that was thrown or one of the body's own.
#[test]
fn an_error_that_is_let_out_comes_back() {
    watchdog("an_error_that_is_let_out_comes_back", || {
        scope(|s| {
            let mut body = s.stage("thrown").coroutine(total);
            yielded(body.send(1));
            let error: Box<dyn Error + Send + Sync> = Box::new(Oops(3));
            let place = &raw const *error;
            match body.throw(error).unwrap_err() {
                ResumeError::Thrown(error) => assert!(std::ptr::addr_eq(&raw const *error, place)),
                other => panic!("{other:?}"),
            }
            assert_finished(&mut body, 1);
            assert_eq!(body.close().unwrap(), None);

            let own = |n, caller: &mut Yielder<'_, u32, u32>| -> Result<(), _> {
                caller.put(n)?;
                Err(Oops(4))?
            };
            let mut body = s.stage("own").coroutine(own);
            yielded(body.send(1));
            assert_thrown(body.send(1), Oops(4));
            assert_finished(&mut body, 1);
        });
    });
}

/// Promise 10: before the start nobody can handle a message but a value: the
/// body never runs, nor is there a thread for it.
#[test]
fn throw_and_close_before_the_start() {
    watchdog("throw_and_close_before_the_start", || {
        let census = Census::default();
        let ran = Latch::default();
        let report = scope(|s| {
            let body = || {
                let (member, ran) = (census.member(), &ran);
                s.stage("body")
                    .coroutine(move |(), _: &mut Yielder<'_, (), ()>| {
                        ran.open();
                        Ok(member)
                    })
            };
            let mut thrown = body();
            assert_thrown(thrown.throw(Oops(1)), Oops(1));
            assert_eq!(census.dropped(), 1, "the body is dropped at once");
            assert_finished(&mut thrown, ());
            assert!(thrown.close().unwrap().is_none());
            assert!(body().close().unwrap().is_none());
            drop(body());
            census.assert_all_dropped();
            s.report()
        });
        assert!(report.stages().iter().all(|stage| stage.workers == 0));
        assert!(!ran.is_open());
    });
}

/// Promise 10: `close` arrives at the `put`. The result that the body returns
/// then is handed over, there is none if it lets the close out, an error is
/// one, and so is a value: each later `put` gives the close again.
#[test]
fn close_arrives_at_the_put() {
    watchdog("close_arrives_at_the_put", || {
        type Reaction = fn(&mut Yielder<'_, (), ()>) -> Result<u32, Interrupt>;
        fn close(reaction: Reaction) -> Result<Option<u32>, CloseError> {
            scope(|s| {
                let mut body = s.stage("body").coroutine(move |(), caller| {
                    let closed = caller.put(());
                    assert!(matches!(closed, Err(Interrupt::Closed)));
                    reaction(caller)
                });
                yielded(body.send(()));
                body.close()
            })
        }
        assert_eq!(close(|_| Ok(9)).unwrap(), Some(9));
        assert_eq!(close(|_| Err(Interrupt::Closed)).unwrap(), None);
        match close(|_| Err(Oops(2))?) {
            Err(CloseError::Thrown(error)) => assert_eq!(error.downcast_ref(), Some(&Oops(2))),
            other => panic!("{other:?}"),
        }
        static CLOSED: AtomicUsize = AtomicUsize::new(0);
        let ignored = close(|caller| {
            for _ in 0..3 {
                assert!(matches!(caller.put(()), Err(Interrupt::Closed)));
                CLOSED.fetch_add(1, Ordering::SeqCst);
            }
            Ok(1)
        });
        assert!(matches!(ignored, Err(CloseError::Ignored)));
        assert_eq!(CLOSED.load(Ordering::SeqCst), 3);
    });
}

/// Promise 10: a body that closes itself has no answer.
#[test]
fn a_body_may_close_itself() {
    watchdog("a_body_may_close_itself", || {
        scope(|s| {
            let body = |(), _: &mut Yielder<'_, (), ()>| Err::<(), _>(Interrupt::Closed);
            let mut body = s.stage("body").coroutine(body);
            assert_finished(&mut body, ());
            assert_eq!(s.report().stages()[0].workers, 1, "it ran");
        });
    });
}

/// Promises 10 and 6: a panic is rethrown at the call that it answers, with its
/// payload, once; one that comes after the drop, by the scope.
#[test]
fn a_panic_is_rethrown_once() {
    watchdog("a_panic_is_rethrown_once", || {
        scope(|s| {
            // Bursts when anything but a second value arrives.
            let body = || {
                s.stage("body")
                    .coroutine(|first: u64, caller| -> Result<(), _> {
                        if first == 0 {
                            burst(1);
                        }
                        match caller.put(()) {
                            Ok(_) => burst(2),
                            Err(Interrupt::Thrown(_)) => burst(3),
                            Err(Interrupt::Closed) => burst(4),
                        }
                    })
            };
            let mut first = body();
            assert_eq!(planned(|| first.send(0)), Planned(1));
            assert_finished(&mut first, 1);
            let mut sent = body();
            yielded(sent.send(1));
            assert_eq!(planned(|| sent.send(1)), Planned(2));
            assert_finished(&mut sent, 1);
            let mut thrown = body();
            yielded(thrown.send(1));
            assert_eq!(planned(|| thrown.throw(Oops(1))), Planned(3));
            assert_eq!(thrown.close().unwrap(), None);
            let mut closed = body();
            yielded(closed.send(1));
            assert_eq!(planned(|| closed.close()), Planned(4));
        });
        let unseen = planned(|| {
            scope(|s| {
                let mut body = s.stage("body").coroutine(|(), caller| {
                    let closed: Result<(), _> = caller.put(());
                    closed.or_else(|_| burst(5))
                });
                yielded(body.send(()));
            });
        });
        assert_eq!(unseen, Planned(5));
    });
}

/// Promises 10 and 14: a stage converses with a coroutine, and this with
/// another, whose errors pass through it unwrapped.
#[test]
fn coroutines_nest_in_stages_and_in_each_other() {
    watchdog("coroutines_nest_in_stages_and_in_each_other", || {
        let sums: Vec<u32> = scope(|s| {
            let mut inner = s.stage("inner").coroutine(total);
            let mut outer = s.stage("outer").coroutine(move |mut n, caller| {
                loop {
                    match inner.send(n)? {
                        CoroutineState::Yielded(sum) => match caller.put(10 * sum) {
                            Err(Interrupt::Thrown(error)) => drop(inner.throw(error)?),
                            message => n = message?,
                        },
                        CoroutineState::Complete(sum) => return Ok(sum),
                    }
                }
            });
            let sums = s.stage("sums").generate(move |out| {
                for n in [1, 2, 3] {
                    out.put(yielded(outer.send(n)))?;
                }
                assert_thrown(outer.throw(Oops(1)), Oops(1));
                Ok(())
            });
            sums.collect()
        });
        assert_eq!(sums, [10, 30, 60]);
    });
}

/// Promises 10 and 8: bodies, values and answers borrow from outside the scope.
#[test]
fn bodies_and_values_borrow() {
    watchdog("bodies_and_values_borrow", || {
        let text = String::from("one two three");
        let seen = Tally::default();
        let longest = scope(|s| {
            let mut longest = s.stage("longest").coroutine(|mut word: &str, caller| {
                let mut longest = word;
                loop {
                    seen.add();
                    if word.len() > longest.len() {
                        longest = word;
                    }
                    match caller.put(longest) {
                        Ok(next) => word = next,
                        Err(_) => return Ok(longest),
                    }
                }
            });
            for word in text.split(' ') {
                yielded(longest.send(word));
            }
            longest.close().unwrap()
        });
        assert_eq!((longest, seen.get()), (Some("three"), 3));
    });
}

/// Promise 10: no message is lost or taken twice in a long conversation, from
/// whichever thread it is led.
#[test]
fn a_long_conversation() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    watchdog("a_long_conversation", || {
        let census = Census::default();
        scope(|s| {
            let echo = |mut value, caller: &mut Yielder<'_, _, _>| -> Result<(), _> {
                loop {
                    value = caller.put(value)?;
                }
            };
            let mut echo = is_send(s.stage("echo").coroutine(echo));
            for half in 0..2 {
                std::thread::scope(|threads| {
                    threads.spawn(|| {
                        for n in 0..5_000 {
                            let (got, _member) = yielded(echo.send((n + half, census.member())));
                            assert_eq!(got, n + half);
                        }
                    });
                });
            }
            assert!(format!("{echo:?}").contains("finished: false"));
            assert_eq!(stage(&s.report(), "echo").items, 10_000);
        });
        census.assert_all_dropped();
    });
}

/// Promise 10: the errors say what happened, and keep their cause.
#[test]
fn errors_say_what_happened() {
    watchdog("errors_say_what_happened", || {
        let error = ResumeError::Thrown(Box::new(Oops(1)));
        assert_eq!(error.source().unwrap().to_string(), "oops 1");
        let error = CloseError::Thrown(Box::new(Oops(2)));
        assert_eq!(error.source().unwrap().to_string(), "oops 2");
        assert_eq!(
            ResumeError::Finished.to_string(),
            "the coroutine is finished"
        );
        assert_eq!(Interrupt::from(Oops(3)).to_string(), "oops 3");
        // What is not another body's error stays what it is.
        let kept = Interrupt::from(ResumeError::Finished).to_string();
        assert_eq!(kept, ResumeError::Finished.to_string());
        let kept = Interrupt::from(CloseError::Ignored).to_string();
        assert_eq!(kept, CloseError::Ignored.to_string());
        let passed = Interrupt::from(CloseError::Thrown(Box::new(Oops(4))));
        assert_eq!(passed.to_string(), "oops 4");
        let cancelled = Interrupt::from(CloseError::Cancelled);
        assert!(matches!(cancelled, Interrupt::Closed));
    });
}
