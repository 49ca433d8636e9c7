//! Random pipelines against a plain iterator: promises 2 to 6 and 9, wherever a
//! panic happens and wherever the consumer stops.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use engine::{Handle, Order, Scope, Stage};
use proptest::prelude::*;
use support::{Census, Member, Planned, Tally, burst, planned, scope, watchdog};

/// What flows: the item's number in the source, and what became of it.
#[derive(Debug)]
struct Item {
    origin: u64,
    value: u64,
    member: Member,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Read,
    Map,
    FilterMap,
    FlatMap,
    TryMap,
    Pool,
    MapInit,
    Fold,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    kind: Kind,
    jobs: usize,
    buffer: Option<usize>,
    batch: usize,
    order: Order,
}

/// Where the panic is planned: before the first step is the input's `next`.
#[derive(Clone, Copy, Debug)]
struct Fault {
    /// 0 for the input, else the number of the step from 1.
    place: usize,
    origin: u64,
}

#[derive(Clone, Debug)]
struct Pipeline {
    items: u64,
    steps: Vec<Step>,
    fault: Option<Fault>,
    /// How many outputs the consumer takes before it drops the handle.
    taken: Option<usize>,
    /// The consumer pulls with a limit, and again when that is over.
    hasty: bool,
}

impl Step {
    /// What the step makes of a value; also what the model does.
    fn apply(self, value: u64) -> Vec<u64> {
        match self.kind {
            Kind::Read | Kind::Fold | Kind::TryMap => vec![value],
            Kind::Map => vec![value * 3 + 1],
            Kind::MapInit => vec![value + 7],
            Kind::FilterMap if value % 3 == 1 => vec![],
            Kind::FilterMap => vec![value],
            Kind::FlatMap | Kind::Pool => (0..value % 4).map(|n| value + n).collect(),
        }
    }

    /// Whether the value is an error for this step.
    fn refuses(self, value: u64) -> bool {
        self.kind == Kind::TryMap && value % 11 == 10
    }

    fn keeps_order(self) -> bool {
        match self.kind {
            Kind::Read => true,
            Kind::Fold => self.jobs == 1,
            _ => self.jobs == 1 || self.order == Order::Input,
        }
    }

    /// By completion even a single worker's panic overtakes its outputs.
    fn keeps_place_of_panic(self) -> bool {
        matches!(self.kind, Kind::Read | Kind::Fold) || self.order == Order::Input
    }

    fn read_ahead(self) -> usize {
        let jobs = if self.kind == Kind::Read {
            1
        } else {
            self.jobs
        };
        self.buffer.unwrap_or(2 * jobs * self.batch)
    }

    fn build<'scope>(
        self,
        s: &Scope<'scope, '_>,
        fault: Option<u64>,
        input: impl Iterator<Item = Item> + Send + 'scope,
    ) -> Handle<'scope, Item> {
        let process = move |item: Item| {
            if fault == Some(item.origin) {
                burst(item.origin);
            }
            let Item { origin, member, .. } = item;
            let values = self.apply(item.value).into_iter();
            values.map(move |value| Item {
                origin,
                value,
                member: member.clone(),
            })
        };
        let one = move |item| process(item).next().expect("this step keeps all");
        let pool = || options(s.stage("pool").jobs(self.jobs).order(self.order), self);
        match self.kind {
            Kind::Read => options(s.stage("read"), self).read(input.flat_map(process)),
            Kind::Map => pool().map(input, one),
            Kind::FilterMap => pool().filter_map(input, move |item| process(item).next()),
            Kind::FlatMap => pool().flat_map(input, process),
            Kind::TryMap => {
                let refuse = move |item| {
                    let item = one(item);
                    match self.refuses(item.value) {
                        true => Err(item),
                        false => Ok(item),
                    }
                };
                let tried = pool().try_map(input, refuse);
                let either = tried.map(|tried| tried.unwrap_or_else(|error| error));
                s.stage("either").buffer(0).read(either)
            }
            Kind::Pool => pool().pool(input, move |items, out| {
                for item in items {
                    for output in process(item) {
                        out.put(output)?;
                    }
                }
                Ok(())
            }),
            Kind::MapInit => {
                let init = |worker| vec![worker];
                pool().map_init(input, init, move |scratch, item| {
                    scratch.push(scratch.len());
                    one(item)
                })
            }
            Kind::Fold => {
                let states = pool().fold(input, |_| vec![], move |v, item| v.extend(process(item)));
                s.stage("flatten").read(states.flatten())
            }
        }
    }
}

fn options<'scope, Jobs>(stage: Stage<'scope, Jobs>, step: Step) -> Stage<'scope, Jobs> {
    let stage = stage.batch(step.batch);
    match step.buffer {
        Some(buffer) => stage.buffer(buffer),
        None => stage,
    }
}

/// What a plain iterator gives.
#[derive(Default)]
struct Model {
    outputs: Vec<u64>,
    /// The number of outputs before the fault, if some item meets it.
    met: Option<usize>,
    /// A step has refused a value, and this ended everything.
    refused: bool,
}

impl Pipeline {
    fn build<'scope>(
        &self,
        s: &Scope<'scope, '_>,
        read: &'scope Tally,
        census: &'scope Census,
    ) -> Handle<'scope, Item> {
        let fault_at = |place| self.fault.filter(|f| f.place == place).map(|f| f.origin);
        let (items, fault) = (self.items, fault_at(0));
        let input = (0..items).map(move |origin| {
            read.add();
            if fault == Some(origin) {
                burst(origin);
            }
            let member = census.member();
            Item {
                origin,
                value: origin,
                member,
            }
        });
        let (first, rest) = self.steps.split_first().expect("at least one step");
        let first = first.build(s, fault_at(1), input);
        let steps = rest.iter().zip(2..);
        steps.fold(first, |input, (step, place)| {
            step.build(s, fault_at(place), input)
        })
    }

    /// Returns what a plain iterator gives without the fault.
    fn model(&self) -> Model {
        let mut model = Model::default();
        for origin in 0..self.items {
            let met = self.meets(0, origin).then_some(model.outputs.len());
            model.met = model.met.or(met);
            // An error ends what comes after it, though not what is underway.
            if !self.run(1, origin, origin, &mut model) {
                model.refused = true;
                break;
            }
        }
        // A fold hands over nothing of what comes before a panic above it, and
        // nothing at all if it is its own.
        if let (Some(met), Some(fault)) = (&mut model.met, self.fault) {
            let below = &self.steps[fault.place.saturating_sub(1)..];
            if below.iter().any(|step| step.kind == Kind::Fold) {
                *met = 0;
            }
        }
        model
    }

    fn meets(&self, place: usize, origin: u64) -> bool {
        let here = |fault: Fault| fault.origin == origin && fault.place == place;
        self.fault.is_some_and(here)
    }

    /// Runs the steps from `place` on; false when an error has ended the run.
    fn run(&self, place: usize, origin: u64, value: u64, model: &mut Model) -> bool {
        let Some(step) = self.steps.get(place - 1) else {
            model.outputs.push(value);
            return true;
        };
        if self.meets(place, origin) {
            model.met = model.met.or(Some(model.outputs.len()));
        }
        let refused = step.refuses(value);
        let values = step.apply(value);
        let all = values
            .into_iter()
            .all(|value| self.run(place + 1, origin, value, model));
        all && !refused
    }

    fn check(&self) {
        let (read, census) = (Tally::default(), Census::default());
        let mut pulls = 0;
        let mut got = Vec::new();
        let mut seen = None;
        let ended = catch_unwind(AssertUnwindSafe(|| {
            scope(|s| {
                let mut handle = self.build(&s, &read, &census);
                let pulled = catch_unwind(AssertUnwindSafe(|| {
                    while self.taken.is_none_or(|taken| got.len() < taken) {
                        pulls += 1;
                        let Some(item) = pull(&mut handle, self.hasty) else {
                            break;
                        };
                        got.push(item.value);
                        drop(item.member);
                    }
                }));
                if let Err(payload) = pulled {
                    seen = Some(planned(|| std::panic::resume_unwind(payload)));
                    assert!(handle.next().is_none(), "a panic comes once");
                }
            });
        }));
        let unseen = ended
            .err()
            .map(|payload| planned(|| std::panic::resume_unwind(payload)));
        census.assert_all_dropped();
        self.check_outputs(got, seen, unseen);
        self.check_bound(read.get(), pulls);
    }

    fn check_outputs(&self, mut got: Vec<u64>, seen: Option<Planned>, unseen: Option<Planned>) {
        let Model {
            outputs,
            met,
            refused,
        } = self.model();
        let wanted = self.taken.unwrap_or(usize::MAX);
        for panic in [seen, unseen].into_iter().flatten() {
            // What was begun before an error was known may panic after it.
            let planned = |_: &Fault| met.is_some() || self.tries();
            let fault = self.fault.filter(planned).expect("this panic was planned");
            assert_eq!(panic, Planned(fault.origin));
        }
        assert!(seen.is_none() || unseen.is_none(), "rethrown twice");
        // Beyond an error there may be a panic that the model does not meet.
        let panics = met.is_some() || (self.fault.is_some() && refused);
        let certain = |step: &Step| step.keeps_order() && (step.keeps_place_of_panic() || !panics);
        if self.steps.iter().all(certain) {
            let there = met.unwrap_or(outputs.len());
            assert_eq!(got, outputs[..there.min(wanted)]);
            assert_eq!(seen.is_some(), met.is_some() && wanted > there);
            return;
        }
        if self.tries() {
            // An error cuts off what was not finished, whatever that was.
            return;
        }
        assert!(!refused);
        if met.is_none() {
            assert_eq!(got.len(), outputs.len().min(wanted));
        } else if got.len() < wanted {
            assert!(seen.is_some(), "the panic was lost");
        }
        // Each output at most once, and none that the model does not have.
        let mut left = outputs;
        left.sort_unstable();
        got.sort_unstable();
        for value in got {
            let place = left.binary_search(&value).expect("an output too many");
            left.remove(place);
        }
    }

    fn tries(&self) -> bool {
        self.steps.iter().any(|step| step.kind == Kind::TryMap)
    }

    /// In these every item that is read is an output.
    fn check_bound(&self, read: usize, pulls: usize) {
        let exact = |step: &Step| matches!(step.kind, Kind::Read | Kind::Map | Kind::MapInit);
        if self.steps.iter().all(exact) {
            let read_ahead: usize = self.steps.iter().map(|step| step.read_ahead()).sum();
            assert!(
                read <= pulls + read_ahead,
                "{read} were read for {pulls} pulls"
            );
        }
    }
}

fn pull(handle: &mut Handle<'_, Item>, hasty: bool) -> Option<Item> {
    if !hasty {
        return handle.next();
    }
    loop {
        if let Ok(pulled) = handle.pull_timeout(Duration::from_micros(5)) {
            return pulled;
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let kinds = [
        Kind::Read,
        Kind::Map,
        Kind::FilterMap,
        Kind::FlatMap,
        Kind::TryMap,
        Kind::Pool,
        Kind::MapInit,
        Kind::Fold,
    ];
    (
        prop::sample::select(kinds.to_vec()),
        1..=4usize,
        prop::option::of(0..=5usize),
        prop_oneof![3 => Just(1usize), 2 => 2..=8usize, 1 => Just(64)],
        prop::sample::select(vec![Order::Input, Order::Completion]),
    )
        .prop_map(|(kind, jobs, buffer, batch, order)| Step {
            kind,
            jobs,
            buffer,
            batch,
            order,
        })
}

fn pipeline() -> impl Strategy<Value = Pipeline> {
    let fault = (0..=4usize, 0..24u64).prop_map(|(place, origin)| Fault { place, origin });
    (
        0..24u64,
        prop::collection::vec(step(), 1..=4),
        prop::option::of(fault),
        prop::option::of(0..12usize),
        any::<bool>(),
    )
        .prop_map(|(items, mut steps, mut fault, taken, hasty)| {
            // The model goes item by item; a fold reads all before a later step
            // can refuse any.
            let fold = steps.iter().position(|step| step.kind == Kind::Fold);
            for step in steps.iter_mut().skip(fold.unwrap_or(usize::MAX)) {
                if step.kind == Kind::TryMap {
                    step.kind = Kind::Map;
                }
            }
            if let Some(fault) = &mut fault {
                fault.place = fault.place.min(steps.len());
            }
            Pipeline {
                items,
                steps,
                fault,
                taken,
                hasty,
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Promises 2 to 6 and 9: what comes out is what a plain iterator gives; a
    /// planned panic is seen once, in its place; nothing leaks, nothing hangs.
    #[test]
    fn a_pipeline_is_a_plain_iterator(pipeline in pipeline()) {
        watchdog(format_args!("{pipeline:?}"), || pipeline.check());
    }
}
