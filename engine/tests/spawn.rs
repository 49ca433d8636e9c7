//! Promise 9: threads that the system does not give. A stage does without them
//! as long as one worker runs, and says so if none does.
//!
//! Each test runs itself again in a process whose memory is limited, and whose
//! threads want large stacks. Only Linux holds a process to such a limit.

#![cfg(target_os = "linux")]

mod support;

use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use support::{scope, stage, text, watchdog};

/// Set in the process that has few threads.
const CHILD: &str = "ENGINE_SPAWN_CHILD";

/// The memory of that process: five stacks of a quarter of a gibibyte, and a
/// rest with which to work, in KiB.
const MEMORY: usize = 5 * (256 << 10) + (160 << 10);

/// Runs `body` in a process that is limited, as the test `name` of this file.
fn limited(name: &str, stack: usize, body: impl FnOnce()) {
    if env::var_os(CHILD).is_some() {
        return body();
    }
    watchdog(name, || {
        let test = env::current_exe().expect("the test knows its own path");
        let output = Command::new("sh")
            .args(["-c", "ulimit -v \"$1\" && shift && exec \"$@\"", "sh"])
            .arg(MEMORY.to_string())
            .arg(test)
            .args(["--exact", name, "--test-threads=1"])
            .env(CHILD, "1")
            .env("RUST_MIN_STACK", stack.to_string())
            // An arena a thread would take memory as well.
            .env("MALLOC_ARENA_MAX", "1")
            .output()
            .expect("there is a shell");
        let shown = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (shown(&output.stdout), shown(&output.stderr));
        assert!(output.status.success(), "{}\n{out}\n{err}", output.status);
        assert!(out.contains("1 passed"), "{out}");
    });
}

/// Promise 9: of 64 workers a few can be had, and they do all the work.
#[test]
fn a_few_threads_are_enough() {
    limited("a_few_threads_are_enough", 256 << 20, || {
        watchdog("a_few_threads_are_enough", || {
            let report = scope(|s| {
                let mapped = s.stage("map").jobs(64).map(0..500, |n| n + 1);
                assert!(mapped.eq(1..501));
                s.report()
            });
            let workers = stage(&report, "map").workers;
            assert!((1..=5).contains(&workers), "{workers} workers");
        });
    });
}

/// Promise 9: without any thread the pull panics with a message that names the
/// stage, the scope ends, and its other stages are none the worse.
#[test]
fn no_thread_at_all_is_a_panic_of_the_pull() {
    // Not even the watchdog's own thread could be had in there.
    limited("no_thread_at_all_is_a_panic_of_the_pull", 1 << 40, || {
        scope(|s| {
            let mut mapped = s.stage("lonely").jobs(64).map(0..9, |n| n);
            let pulled = catch_unwind(AssertUnwindSafe(|| mapped.next()));
            let message = pulled.expect_err("there is no thread");
            let message = text(&*message);
            assert!(
                message.contains("no thread for the stage \"lonely\""),
                "{message}"
            );
            assert_eq!(mapped.next(), None);
            let mut body = s.stage("body").generate(|out| out.put(1));
            let pulled = catch_unwind(AssertUnwindSafe(|| body.next()));
            assert!(text(&*pulled.expect_err("there is no thread")).contains("\"body\""));
        });
    });
}
