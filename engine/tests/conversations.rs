//! Random conversations with a coroutine against a plain state machine: promise
//! 10, whatever is sent and thrown, and however it ends.

mod support;

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use engine::{CloseError, Coroutine, CoroutineState, Interrupt, ResumeError, Yielder};
use proptest::prelude::*;
use support::{Census, Member, Planned, burst, planned, scope, watchdog};

/// What the body does about a message.
#[derive(Clone, Copy, Debug)]
enum Reaction {
    Yield,
    Return,
    /// Lets out what it got, or an error of its own after a value.
    LetOut,
    Fail,
    Burst,
    CloseItself,
}

#[derive(Clone, Copy, Debug)]
enum Message {
    Send(u64),
    Throw(u64),
}

/// How the caller ends the conversation, if the body does not before.
#[derive(Clone, Copy, Debug)]
enum End {
    Close,
    Drop,
    Forget,
}

#[derive(Clone, Debug)]
struct Conversation {
    messages: Vec<(Message, Reaction)>,
    end: (End, Reaction),
    /// The caller is a stage, and not the thread of the scope.
    in_a_stage: bool,
}

/// What the caller sees of one call.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Seen {
    Yielded(u64),
    Complete(u64),
    Thrown(u64),
    Finished,
    Panic(Planned),
    Closed(Option<u64>),
    Ignored,
}

/// A thrown error, and its drop counter.
#[derive(Debug)]
struct Oops(u64, #[expect(dead_code, reason = "it counts drops")] Member);

impl fmt::Display for Oops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "oops {}", self.0)
    }
}

impl std::error::Error for Oops {}

type Value = (u64, Member);

impl Conversation {
    fn reactions(&self) -> impl Iterator<Item = Reaction> + use<> {
        let last = std::iter::once(self.end.1);
        let all: Vec<_> = self.messages.iter().map(|m| m.1).chain(last).collect();
        all.into_iter()
    }

    /// The body: takes its reactions one after another and adds up what comes.
    fn body(
        mut reactions: impl Iterator<Item = Reaction>,
        census: &Census,
        first: Value,
        caller: &mut Yielder<'_, Value, Value>,
    ) -> Result<Value, Interrupt> {
        let mut sum = 0;
        let mut message = Ok(first);
        loop {
            sum += match &message {
                Ok((value, _)) => *value,
                Err(Interrupt::Thrown(error)) => error.downcast_ref::<Oops>().unwrap().0,
                Err(Interrupt::Closed) => 0,
            };
            let error = || Interrupt::from(Oops(sum, census.member()));
            match reactions.next() {
                Some(Reaction::Yield) => message = caller.put((sum, census.member())),
                Some(Reaction::Return) => return Ok((sum, census.member())),
                Some(Reaction::LetOut) => return Err(message.err().unwrap_or_else(error)),
                Some(Reaction::Fail) => return Err(error()),
                Some(Reaction::Burst) => burst(sum),
                Some(Reaction::CloseItself) => return Err(Interrupt::Closed),
                None => {
                    assert!(matches!(message, Err(Interrupt::Closed)));
                    return Ok((sum, census.member()));
                }
            }
        }
    }

    /// What a generator of Python would give, and the panic that is left to the
    /// scope.
    fn model(&self) -> (Vec<Seen>, Option<Planned>) {
        let mut seen = Vec::new();
        let (mut sum, mut started, mut finished) = (0, false, false);
        let mut reactions = self.reactions();
        for (message, _) in &self.messages {
            if finished {
                seen.push(Seen::Finished);
                continue;
            }
            let (Message::Send(value) | Message::Throw(value)) = *message;
            sum += value;
            let thrown = matches!(message, Message::Throw(_));
            if thrown && !started {
                finished = true;
                seen.push(Seen::Thrown(value));
                continue;
            }
            started = true;
            let answer = match reactions.next().expect("one for each message") {
                Reaction::Yield => Seen::Yielded(sum),
                Reaction::Return => Seen::Complete(sum),
                Reaction::LetOut if thrown => Seen::Thrown(value),
                Reaction::LetOut | Reaction::Fail => Seen::Thrown(sum),
                Reaction::Burst => Seen::Panic(Planned(sum)),
                Reaction::CloseItself => Seen::Finished,
            };
            finished = !matches!(answer, Seen::Yielded(_));
            seen.push(answer);
        }
        let last = (started && !finished).then(|| reactions.next().expect("the last"));
        let mut unseen = None;
        match (self.end.0, last) {
            (End::Close, last) => seen.push(match last {
                None | Some(Reaction::LetOut | Reaction::CloseItself) => Seen::Closed(None),
                Some(Reaction::Yield) => Seen::Ignored,
                Some(Reaction::Return) => Seen::Closed(Some(sum)),
                Some(Reaction::Fail) => Seen::Thrown(sum),
                Some(Reaction::Burst) => Seen::Panic(Planned(sum)),
            }),
            (_, Some(Reaction::Burst)) => unseen = Some(Planned(sum)),
            _ => {}
        }
        (seen, unseen)
    }

    /// Leads the conversation and returns what the caller sees.
    fn lead(
        &self,
        mut coroutine: Coroutine<'_, Value, Value, Value>,
        census: &Census,
    ) -> Vec<Seen> {
        let mut seen = Vec::new();
        for (message, _) in &self.messages {
            seen.push(caught(|| {
                let answer = match *message {
                    Message::Send(value) => coroutine.send((value, census.member())),
                    Message::Throw(value) => coroutine.throw(Oops(value, census.member())),
                };
                match answer {
                    Ok(CoroutineState::Yielded((value, _))) => Seen::Yielded(value),
                    Ok(CoroutineState::Complete((value, _))) => Seen::Complete(value),
                    Err(ResumeError::Thrown(error)) => thrown(&*error),
                    Err(ResumeError::Finished) => Seen::Finished,
                    Err(ResumeError::Cancelled) => panic!("nothing cancels"),
                }
            }));
        }
        match self.end.0 {
            End::Close => seen.push(caught(|| match coroutine.close() {
                Ok(result) => Seen::Closed(result.map(|(value, _)| value)),
                Err(CloseError::Ignored) => Seen::Ignored,
                Err(CloseError::Thrown(error)) => thrown(&*error),
                Err(CloseError::Cancelled) => panic!("nothing cancels"),
            })),
            End::Drop => drop(coroutine),
            End::Forget => std::mem::forget(coroutine),
        }
        seen
    }

    fn check(&self) {
        let census = Census::default();
        let mut seen = None;
        let unseen = catch_unwind(AssertUnwindSafe(|| {
            scope(|s| {
                let (reactions, census) = (self.reactions(), &census);
                let coroutine = s.stage("body").buffer(3).coroutine(move |first, caller| {
                    Conversation::body(reactions, census, first, caller)
                });
                let lead = move || self.lead(coroutine, census);
                seen = if self.in_a_stage {
                    s.stage("caller").generate(|out| out.put(lead())).next()
                } else {
                    Some(lead())
                };
            });
        }));
        let unseen = unseen
            .err()
            .map(|payload| planned(|| resume_unwind(payload)));
        let (wanted, left) = self.model();
        assert_eq!(seen, Some(wanted));
        assert_eq!(unseen, left);
        if !matches!(self.end.0, End::Forget) {
            census.assert_all_dropped();
        }
    }
}

fn thrown(error: &(dyn std::error::Error + Send + Sync + 'static)) -> Seen {
    Seen::Thrown(error.downcast_ref::<Oops>().expect("no other is thrown").0)
}

/// Runs `call` and sees its panic, if that was planned.
fn caught(call: impl FnOnce() -> Seen) -> Seen {
    let called = catch_unwind(AssertUnwindSafe(call));
    called.unwrap_or_else(|payload| Seen::Panic(planned(|| resume_unwind(payload))))
}

fn reaction() -> impl Strategy<Value = Reaction> {
    prop_oneof![
        8 => Just(Reaction::Yield),
        1 => Just(Reaction::Return),
        1 => Just(Reaction::LetOut),
        1 => Just(Reaction::Fail),
        1 => Just(Reaction::Burst),
        1 => Just(Reaction::CloseItself),
    ]
}

fn conversation() -> impl Strategy<Value = Conversation> {
    let message = prop_oneof![
        3 => (1..100u64).prop_map(Message::Send),
        1 => (1..100u64).prop_map(Message::Throw),
    ];
    let end = prop::sample::select(vec![End::Close, End::Drop, End::Forget]);
    (
        prop::collection::vec((message, reaction()), 0..8),
        (end, reaction()),
        any::<bool>(),
    )
        .prop_map(|(messages, end, in_a_stage)| Conversation {
            messages,
            end,
            in_a_stage,
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Promise 10: each call sees what a generator of Python would give; a panic
    /// is seen once; nothing leaks, nothing hangs.
    #[test]
    fn a_coroutine_is_a_state_machine(conversation in conversation()) {
        watchdog(format_args!("{conversation:?}"), || conversation.check());
    }
}
