//! Promise 11 with promises 6 and 7: panics and errors come in their place, and
//! nothing is lost before them.

mod support;

use std::error::Error;
use std::io;
use std::path::Path;

use engine::{Handle, Spill, SpillError, SpillErrorKind};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use support::{Planned, burst, ended, planned, scope, stage, watchdog};

fn words(range: std::ops::Range<u64>) -> impl Iterator<Item = String> {
    range.map(|n| format!("word {n}"))
}

/// Promises 11 and 6: a panic of the input comes after the values before it,
/// wherever they are, with its own payload, once.
#[test]
fn a_panic_keeps_its_place() {
    watchdog("a_panic_keeps_its_place", || {
        for limit in [0, 300, usize::MAX] {
            scope(|s| {
                let input = (0..100u64).map(|n| if n == 70 { burst(n) } else { n });
                let mut spill = s.stage("input").read(input).spill(limit);
                spill.prime();
                ended(&s.report());
                for n in 0..70 {
                    assert_eq!(spill.next().unwrap().unwrap(), n);
                }
                assert_eq!(planned(|| spill.next()), Planned(70));
                assert!(spill.next().is_none() && !spill.cancelled());
            });
        }
    });
}

/// Promises 11 and 6: a panic that nobody pulled is rethrown by the scope.
#[test]
fn a_panic_that_nobody_pulls_reaches_the_scope() {
    watchdog("a_panic_that_nobody_pulls_reaches_the_scope", || {
        for forget in [false, true] {
            let thrown = planned(|| {
                scope(|s| {
                    let input = (0..9u64).map(|n| if n == 3 { burst(n) } else { n });
                    let mut spill = s.stage("input").read(input).spill(0);
                    spill.prime();
                    ended(&s.report());
                    assert_eq!(spill.next().unwrap().unwrap(), 0);
                    if forget {
                        std::mem::forget(spill);
                    }
                });
            });
            assert_eq!(thrown, Planned(3));
        }
    });
}

/// What a value does when it is encoded or decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Odd {
    Fine(u8),
    FailsToEncode,
    PanicsToEncode,
    FailsToDecode,
    PanicsToDecode,
}

impl Serialize for Odd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Odd::Fine(n) => n.serialize(serializer),
            Odd::FailsToEncode => Err(serde::ser::Error::custom("odd")),
            Odd::PanicsToEncode => burst(251),
            Odd::FailsToDecode => 252u8.serialize(serializer),
            Odd::PanicsToDecode => 253u8.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Odd {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Odd, D::Error> {
        match u8::deserialize(deserializer)? {
            252 => Err(serde::de::Error::custom("odd")),
            253 => burst(253),
            n => Ok(Odd::Fine(n)),
        }
    }
}

fn odd<'scope>(s: &engine::Scope<'scope, '_>, odd: Odd) -> Handle<'scope, Odd> {
    let values = (0..).map(move |n| {
        if n == 6 {
            odd
        } else {
            Odd::Fine(n as u8 % 200)
        }
    });
    s.stage("odd").read(values)
}

fn assert_fine(spill: &mut Spill<'_, Odd>, numbers: std::ops::Range<u8>) {
    for n in numbers {
        assert_eq!(spill.next().unwrap().unwrap(), Odd::Fine(n));
    }
}

/// Promises 11 and 7: a value that cannot be encoded is an error in its place
/// that tells its number; the input ends though the spill is held.
#[test]
fn a_value_that_cannot_be_encoded_is_an_error() {
    watchdog("a_value_that_cannot_be_encoded_is_an_error", || {
        for limit in [0, usize::MAX] {
            scope(|s| {
                let mut spill = odd(&s, Odd::FailsToEncode).spill(limit);
                spill.prime();
                ended(&s.report());
                assert_fine(&mut spill, 0..6);
                let error = spill.next().unwrap().unwrap_err();
                assert_eq!(error.kind(), SpillErrorKind::Encode);
                assert_eq!(error.to_string(), "value 6 cannot be encoded");
                assert!(error.source().is_some());
                assert!(spill.next().is_none() && spill.next().is_none());
            });
        }
    });
}

/// Promises 11 and 6: a panic of the encoding is one of the stage.
#[test]
fn a_panic_of_the_encoding_keeps_its_place() {
    watchdog("a_panic_of_the_encoding_keeps_its_place", || {
        scope(|s| {
            let mut spill = odd(&s, Odd::PanicsToEncode).spill(0);
            assert_fine(&mut spill, 0..6);
            assert_eq!(planned(|| spill.next()), Planned(251));
            assert!(spill.next().is_none());
            ended(&s.report());
        });
    });
}

/// Promises 11 and 7: a value that cannot be decoded is an error in its place,
/// and the values after it come; so they do after a panic.
#[test]
fn a_value_that_cannot_be_decoded_is_passed_over() {
    watchdog("a_value_that_cannot_be_decoded_is_passed_over", || {
        for limit in [0, 1 << 10] {
            scope(|s| {
                let mut spill = odd(&s, Odd::FailsToDecode).spill(limit);
                assert_fine(&mut spill, 0..6);
                let error = spill.next().unwrap().unwrap_err();
                assert_eq!(error.kind(), SpillErrorKind::Decode);
                assert_eq!(error.to_string(), "value 6 cannot be decoded");
                assert_fine(&mut spill, 7..100);

                let mut spill = odd(&s, Odd::PanicsToDecode).spill(limit);
                assert_fine(&mut spill, 0..6);
                assert_eq!(planned(|| spill.next()), Planned(253));
                assert_fine(&mut spill, 7..100);
            });
        }
    });
}

/// Promise 11: without a temporary file every value that was read comes, and
/// then an error that names the directory; the input ends.
#[test]
fn a_missing_directory_is_an_error() {
    watchdog("a_missing_directory_is_an_error", || {
        let here = tempfile::tempdir().unwrap();
        scope(|s| {
            let missing = here.path().join("missing");
            let endless = s.stage("endless").read(0u64..);
            let mut spill = endless.spill(1_000).dir(&missing);
            spill.prime();
            ended(&s.report());
            let (values, error) = until_error(&mut spill);
            assert!(
                values.len() > 300 && values.into_iter().eq(0..stage(&s.report(), "spill").items)
            );
            assert_eq!(error.kind(), SpillErrorKind::Create);
            assert!(
                error.to_string().contains(missing.to_str().unwrap()),
                "{error}"
            );
            assert!(spill.next().is_none());
        });
    });
}

fn until_error(spill: &mut Spill<'_, u64>) -> (Vec<u64>, SpillError) {
    let mut values = Vec::new();
    for value in spill {
        match value {
            Ok(value) => values.push(value),
            Err(error) => return (values, error),
        }
    }
    panic!("no error after {} values", values.len());
}

/// Promise 11: the file has no name while it is used, so nothing has to be
/// removed, not even after a crash.
#[cfg(unix)]
#[test]
fn the_file_has_no_name() {
    watchdog("the_file_has_no_name", || {
        let here = tempfile::tempdir().unwrap();
        let names = || std::fs::read_dir(here.path()).unwrap().count();
        scope(|s| {
            let words = s.stage("words").read(words(0..5000));
            let mut spill = words.spill(100).dir(here.path());
            spill.prime();
            ended(&s.report());
            assert!(spill.usage().disk > 5000 && names() == 0);
            assert_eq!(spill.by_ref().take(2500).count(), 2500);
            assert!(spill.usage().disk > 0 && names() == 0);
            assert_eq!(spill.by_ref().count(), 2500);
            assert!(spill.usage().disk == 0 && names() == 0);
        });
    });
}

/// Set in the process that is to run out of room: where.
const CHILD: &str = "ENGINE_SPILL_FULL";

/// Promise 11: a full disk is an error at the pull, after every value that was
/// read. The disk of a process whose files may not exceed a few blocks is full.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_at_the_pull() {
    if let Some(dir) = std::env::var_os(CHILD) {
        return fill_up(dir.as_ref());
    }
    watchdog("a_full_disk_is_an_error_at_the_pull", || {
        let here = tempfile::tempdir().unwrap();
        // Without the trap the signal ends the process before the write fails.
        let script = r#"trap "" XFSZ; ulimit -f 8; exec "$0" "$@""#;
        let output = std::process::Command::new("sh")
            .args(["-c", script])
            .arg(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "a_full_disk_is_an_error_at_the_pull",
                "--nocapture",
            ])
            .env(CHILD, here.path())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{}
{text}
{errors}",
            output.status
        );
        assert!(
            text.contains("the disk was full") && text.contains("1 passed"),
            "{text}"
        );
    });
}

#[cfg(unix)]
fn fill_up(dir: &Path) {
    watchdog("fill_up", || {
        scope(|s| {
            let endless = s.stage("endless").read(0u64..);
            let mut spill = endless.spill(1_000).dir(dir);
            spill.prime();
            ended(&s.report());
            let (read, on_disk) = (stage(&s.report(), "spill").items, spill.usage().disk);
            assert!(on_disk > 3_000, "{on_disk}");
            let (values, error) = until_error(&mut spill);
            assert!(values.into_iter().eq(0..read), "every value that was read");
            assert_eq!(error.kind(), SpillErrorKind::Write);
            assert_eq!(
                error.to_string(),
                format!(
                    "there is no room for more in the temporary file in {}, which holds {on_disk} \
                     bytes",
                    dir.display()
                )
            );
            let source = error.source().unwrap().downcast_ref::<io::Error>().unwrap();
            assert_eq!(source.kind(), io::ErrorKind::FileTooLarge);
            assert!(spill.next().is_none());
            println!("the disk was full");
        });
    });
}
