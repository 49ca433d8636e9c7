//! Promise 8: bodies borrow from outside the scope. (That a handle cannot leave
//! its scope is a doctest of `scope`.)

mod support;

use std::collections::BTreeMap;
use std::sync::Mutex;

use engine::{Handle, Report, Scope, Stage};
use support::{scope, watchdog};

/// Promise 8: inputs, bodies and outputs borrow from what lies outside, without
/// an `Arc` and without a copy.
#[test]
fn everything_may_borrow() {
    watchdog("everything_may_borrow", || {
        let text = String::from("to be or not to be");
        let stop_words = [String::from("or"), String::from("not")];
        let seen = Mutex::new(Vec::new());
        let longest: Option<&str> = scope(|s| {
            let words = s.stage("words").read(text.split(' '));
            let kept = s.stage("keep").jobs(2).filter_map(words, |word| {
                let stops = stop_words.iter().any(|stop| stop == word);
                (!stops).then_some(word)
            });
            let noted = s.stage("note").map(kept, |word| {
                seen.lock().unwrap().push(word);
                word
            });
            noted.max_by_key(|word| word.len())
        });
        assert_eq!(longest, Some("be"));
        assert_eq!(seen.into_inner().unwrap(), ["to", "be", "to", "be"]);
    });
}

/// Promise 8: the single body of a generator may even borrow mutably.
#[test]
fn a_generator_may_borrow_mutably() {
    watchdog("a_generator_may_borrow_mutably", || {
        let mut made = Vec::new();
        let mut numbers = 1..4;
        let sum: i32 = scope(|s| {
            let body = s.stage("body").generate(|out| {
                for n in numbers.by_ref() {
                    made.push(n);
                    out.put(n)?;
                }
                Ok(())
            });
            body.sum()
        });
        assert_eq!((sum, made, numbers.next()), (6, vec![1, 2, 3], None));
    });
}

/// Promise 8: the states of a fold borrow, and outlive the scope.
#[test]
fn the_states_of_a_fold_may_borrow() {
    watchdog("the_states_of_a_fold_may_borrow", || {
        let text = String::from("a b a c a b");
        let table = scope(|s| {
            let tables = s.stage("count").jobs(2).fold(
                text.split(' '),
                |_| BTreeMap::new(),
                |table, word| *table.entry(word).or_insert(0) += 1,
            );
            tables.reduce(|mut all, table| {
                for (word, count) in table {
                    *all.entry(word).or_insert(0) += count;
                }
                all
            })
        });
        assert_eq!(table, Some(BTreeMap::from([("a", 3), ("b", 2), ("c", 1)])));
    });
}

/// Promise 8: any number of handles under their own names may go into a body,
/// in whatever structure.
#[test]
fn a_body_captures_handles() {
    watchdog("a_body_captures_handles", || {
        scope(|s| {
            let many: Vec<Handle<'_, usize>> = (0..5)
                .map(|n| s.stage("many").read(n * 10..n * 10 + 3))
                .collect();
            let mut one = s.stage("one").read(100..);
            let merged = s.stage("merge").generate(move |out| {
                for handle in many {
                    for item in handle {
                        out.put(item)?;
                    }
                    out.put(one.next().unwrap_or_default())?;
                }
                Ok(())
            });
            let merged: Vec<_> = merged.collect();
            assert_eq!(merged[..5], [0, 1, 2, 100, 10]);
            assert_eq!(merged.len(), 20);
        });
    });
}

/// Promise 8: what may cross threads is part of the types.
#[test]
fn types_may_cross_threads() {
    fn send<T: Send>() {}
    fn sync<T: Sync>() {}
    send::<Handle<'static, std::cell::Cell<u8>>>();
    send::<Stage<'static>>();
    send::<Scope<'static, 'static>>();
    sync::<Scope<'static, 'static>>();
    send::<Report>();
    sync::<Report>();
}
