//! Unit tests of `open.rs`, beside it and not in it, since a test of weak memory
//! compiles that file with other primitives.

use crate::open::batch;

#[test]
fn items_come_once_and_in_order() {
    let (mut filler, mut taker) = batch(3);
    assert!(!filler.push('a'));
    assert_eq!(taker.take_and_want(), ['a']);
    assert!(filler.push('b'), "the consumer has asked");
    assert!(filler.push('c'));
    assert_eq!(taker.renew(&mut filler, false), ['b', 'c']);
    assert!(!filler.push('d'));
    drop(taker.renew(&mut filler, true));
    assert!(filler.push('e'));
    assert_eq!(taker.take_and_want(), ['e']);
}

#[test]
fn what_is_not_taken_is_dropped_once() {
    let item = std::rc::Rc::new(());
    let (mut filler, mut taker) = batch(4);
    for _ in 0..3 {
        filler.push(std::rc::Rc::clone(&item));
    }
    drop(taker.take_and_want());
    filler.push(std::rc::Rc::clone(&item));
    assert_eq!(std::rc::Rc::strong_count(&item), 2);
    drop(taker);
    drop(filler);
    assert_eq!(std::rc::Rc::strong_count(&item), 1);
}

#[test]
fn two_threads_lose_nothing() {
    const ITEMS: usize = 1_000_000;
    let (mut filler, mut taker) = batch(ITEMS);
    std::thread::scope(|threads| {
        threads.spawn(move || {
            for n in 0..ITEMS {
                filler.push(n);
            }
        });
        let mut next = 0;
        while next < ITEMS {
            for n in taker.take_and_want() {
                assert_eq!(n, next);
                next += 1;
            }
        }
    });
}
