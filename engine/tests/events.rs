//! The events of the feature `tracing`: who started, waited, pulled, ended.

mod support;

use std::cell::Cell;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use support::{burst, planned, scope, watchdog};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps each event as one line, its fields in alphabetical order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

thread_local! {
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

struct Fields(Vec<String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = match field.name() {
            "message" => format!("{value:?}"),
            name => format!("{name}={value:?}"),
        };
        self.0.push(text);
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "engine"
    }

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields(vec![event.metadata().level().to_string()]);
        event.record(&mut fields);
        fields.0.sort();
        let line = fields.0.join(" ");
        // A subscriber is user code and may use the engine, which tells it of
        // that in its turn.
        if line.contains("worker starts") && line.contains("doomed") {
            burst(9);
        }
        if line.contains("inner") || INSIDE.replace(true) {
            return;
        }
        self.0.lock().unwrap().push(line);
        let sum: u32 = engine::scope(|s| s.stage("inner").read(0..3).sum());
        assert!(
            sum == 3 || sum == 0,
            "all, or nothing in a worker that is cancelled"
        );
        INSIDE.set(false);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// One test, since the workers' threads see only a subscriber that is set for
/// the whole process.
#[test]
fn events_tell_what_happens() {
    watchdog("events_tell_what_happens", || {
        let log = Log::default();
        tracing::subscriber::set_global_default(log.clone()).unwrap();
        let thrown = planned(|| {
            scope(|s| {
                let numbers = s.stage("numbers").buffer(0).read(0..4u64);
                let mut doubled = s.stage("double").jobs(2).buffer(1).map(numbers, |n| {
                    if n == 3 {
                        burst(n);
                    }
                    2 * n
                });
                assert_eq!(doubled.next(), Some(0));
                doubled.for_each(drop);
            });
        });
        assert_eq!(thrown.0, 3);
        // One that panics takes the place of a body that does.
        let doomed = planned(|| scope(|s| s.stage("doomed").jobs(2).map(0..9, |n| n).count()));
        assert_eq!(doomed.0, 9);
        let lines = log.0.lock().unwrap().clone();
        let count = |wanted: &str| lines.iter().filter(|line| line.contains(wanted)).count();
        assert_eq!(count("DEBUG jobs=1 stage starts stage=\"numbers\""), 1);
        assert_eq!(count("DEBUG jobs=2 stage starts stage=\"double\""), 1);
        for worker in 0..2 {
            let who = format!("stage=\"double\" worker {{}} worker={worker}");
            assert_eq!(count(&who.replace("{}", "starts")), 1);
            assert_eq!(count(&who.replace("{}", "ends")), 1);
        }
        assert_eq!(count("DEBUG handle dropped stage=\"double\""), 1);
        assert_eq!(count("DEBUG handle dropped stage=\"numbers\""), 1);
        assert_eq!(count("DEBUG panic stage=\"double\""), 1);
        // Three values and the panic.
        assert_eq!(count("TRACE pull stage=\"double\""), 4);
        assert!(count("TRACE pull stage=\"numbers\"") >= 4);
        for line in lines.iter().filter(|line| line.contains("waited")) {
            let fits = |end: &str| line.starts_with("TRACE for=") && line.contains(end);
            let known = fits("\"input\" nanoseconds=") || fits("\"demand\" nanoseconds=");
            assert!(known, "{line}");
        }
    });
}
