//! A bounded channel of crossbeam, as it is.

use std::thread;

use crossbeam::channel::bounded;

use super::work::Work;

/// How many threads send and how many receive.
#[derive(Clone, Copy)]
pub(crate) struct Topology {
    pub(crate) name: &'static str,
    producers: u64,
    consumers: u64,
}

/// One to one is how a stage's handle is used. Many to many has two forms:
/// four to four is that of crossbeam's own benchmarks, two to two keeps fewer
/// threads from running on a small machine.
pub(crate) const TOPOLOGIES: [Topology; 4] = [
    Topology::new("SPSC", 1, 1),
    Topology::new("MPSC 4:1", 4, 1),
    Topology::new("MPMC 2:2", 2, 2),
    Topology::new("MPMC 4:4", 4, 4),
];

impl Topology {
    const fn new(name: &'static str, producers: u64, consumers: u64) -> Topology {
        Topology {
            name,
            producers,
            consumers,
        }
    }
}

/// Producers send equal shares of the items; the caller is one of the consumers.
pub(crate) fn send(items: u64, capacity: usize, topology: Topology) -> u64 {
    let (sender, receiver) = bounded(capacity);
    let Topology {
        producers,
        consumers,
        ..
    } = topology;
    thread::scope(|s| {
        for number in 0..producers {
            let sender = sender.clone();
            let share = items * number / producers..items * (number + 1) / producers;
            s.spawn(move || {
                for n in share {
                    sender.send(Work::NONE.on(n)).expect("a consumer");
                }
            });
        }
        drop(sender);
        let others: Vec<_> = (1..consumers)
            .map(|_| {
                let receiver = receiver.clone();
                s.spawn(move || receiver.into_iter().sum::<u64>())
            })
            .collect();
        let own: u64 = receiver.into_iter().sum();
        others
            .into_iter()
            .map(|other| other.join().expect("no panic"))
            .fold(own, |sum, more| sum + more)
    })
}
