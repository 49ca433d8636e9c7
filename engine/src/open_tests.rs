//! Unit tests of `open.rs`, beside it and not in it, since a test of weak memory
//! compiles that file with other primitives.

use crate::open::{Taker, batch};

fn taken<T>(taker: &mut Taker<T>) -> Vec<T> {
    let mut items = Vec::new();
    taker.take(|item| items.push(item));
    items
}

#[test]
fn items_come_once_and_in_order() {
    let (mut filler, mut taker) = batch(3);
    assert!(!filler.push('a'));
    assert_eq!(taken(&mut taker), ['a']);
    assert!(filler.push('b'), "the consumer has asked");
    assert!(filler.push('c'));
    let mut rest = Vec::new();
    taker.renew(&mut filler, false, |item| rest.push(item));
    assert_eq!(rest, ['b', 'c']);
    assert!(!filler.push('d'));
    taker.renew(&mut filler, true, drop);
    assert!(filler.push('e'));
    assert_eq!(taken(&mut taker), ['e']);
}

#[test]
fn what_is_not_taken_is_dropped_once() {
    let item = std::rc::Rc::new(());
    let (mut filler, mut taker) = batch(4);
    for _ in 0..3 {
        filler.push(std::rc::Rc::clone(&item));
    }
    taker.take(drop);
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
            taker.take(|n| {
                assert_eq!(n, next);
                next += 1;
            });
        }
    });
}
