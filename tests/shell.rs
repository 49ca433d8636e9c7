//! What a shell and its user expect: pipes that close, files that are replaced whole, standard
//! input of every kind.
#![cfg(unix)]

mod support;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::process::{Command, Stdio};

use support::process::{TIMEOUT, run, widefinder};
use tempfile::TempDir;

const LOG: &str = "h - - [10/Oct/2026:13:55:36 -0700] \"GET /tea HTTP/1.1\" 200 1\n";

fn folder() -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let log = folder.path().join("access.log");
    fs::write(&log, LOG.repeat(1000)).expect("a log");
    (folder, log)
}

/// More than a pipe holds, so that the program is writing when the reader goes.
#[test]
fn a_closed_pipe_is_success() {
    let folder = TempDir::new().expect("a temporary folder");
    let log = folder.path().join("numbers.log");
    let lines: String = (0..200_000).map(|number| format!("{number}\n")).collect();
    fs::write(&log, lines).expect("a log");
    for form in ["text", "json", "ndjson", "csv", "tsv", "markdown"] {
        let mut child = widefinder()
            .args(["-n", "0", "-e", "^.*", "-f", form])
            .arg(&log)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdout = child.stdout.take().expect("a pipe");
        let mut first = [0; 10];
        stdout.read_exact(&mut first).expect("some output");
        drop(stdout);
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{form}");
        assert_eq!(output.status.code(), Some(0), "{form}");
    }
}

/// The reader of lines may go, but not what is said of a log that was not read.
#[test]
fn a_missing_log_is_named_even_if_the_pipe_closes() {
    let (folder, log) = folder();
    fs::write(&log, LOG.repeat(20_000)).expect("a log");
    let mut child = widefinder()
        .args(["--lines", "missing.log"])
        .arg(&log)
        .current_dir(&folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the program ends");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "widefinder: missing.log: no such file\n");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn lines_of_a_missing_log_replace_no_file() {
    let (folder, log) = folder();
    let before = fs::read(&log).expect("a log");
    let output = widefinder()
        .args(["--lines", "missing.log", "-o", "access.log"])
        .current_dir(&folder)
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read(&log).expect("a log"), before);
}

#[test]
fn standard_input_may_be_a_file_a_pipe_or_part_of_a_file() {
    let (_folder, log) = folder();
    let expected = "^\\w (1000 of 1000 lines match, 1 distinct)\n";
    let run_with = |command: &mut Command| {
        let output = command.output().expect("the program runs");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    };
    let file = || File::open(&log).expect("the log");
    let from_file = run_with(widefinder().args(["-e", r"^\w"]).stdin(file()));
    assert!(from_file.starts_with(expected), "{from_file}");
    let from_dash = run_with(widefinder().args(["-e", r"^\w", "-"]).stdin(file()));
    assert_eq!(from_dash, from_file);

    let mut cat = Command::new("cat")
        .arg(&log)
        .stdout(Stdio::piped())
        .spawn()
        .expect("cat starts");
    let pipe = cat.stdout.take().expect("a pipe");
    let from_pipe = run_with(widefinder().args(["-e", r"^\w"]).stdin(pipe));
    assert_eq!(from_pipe, from_file);
    cat.wait().expect("cat ends");

    // A shell script may have read the first line.
    let mut part = file();
    part.read_exact(&mut vec![0; LOG.len()]).expect("a line");
    let from_part = run_with(widefinder().args(["-e", r"^\w"]).stdin(part));
    assert!(
        from_part.starts_with("^\\w (999 of 999 lines match"),
        "{from_part}"
    );
}

#[test]
fn a_named_pipe_is_read_as_a_stream() {
    let (folder, _log) = folder();
    let fifo = folder.path().join("fifo");
    let made = Command::new("mkfifo").arg(&fifo).status();
    assert!(made.expect("mkfifo runs").success());
    let writer = std::thread::spawn({
        let fifo = fifo.clone();
        move || {
            let mut pipe = File::options().write(true).open(fifo).expect("the pipe");
            for _ in 0..3 {
                pipe.write_all(LOG.as_bytes()).expect("a reader");
            }
        }
    });
    let finished = run(widefinder().arg(&fifo), None, TIMEOUT).expect("the program ends");
    writer.join().expect("the writer ends");
    let text = String::from_utf8_lossy(&finished.stdout).into_owned();
    assert!(text.contains("lines        3 = 3 entries"), "{text}");
}

#[test]
fn an_output_file_is_replaced_whole_and_keeps_its_mode() {
    let (folder, log) = folder();
    let answer = folder.path().join("answer.txt");
    let link = folder.path().join("link.txt");
    fs::write(&answer, "old").expect("an old answer");
    // One that no usual umask leaves.
    fs::set_permissions(&answer, fs::Permissions::from_mode(0o666)).expect("a mode");
    symlink(&answer, &link).expect("a link");
    let finished = run(widefinder().arg("-o").arg(&link).arg(&log), None, TIMEOUT);
    let finished = finished.expect("the program ends");
    assert_eq!(
        (finished.status.code(), &finished.stdout[..]),
        (Some(0), &b""[..])
    );
    let text = fs::read_to_string(&answer).expect("the answer");
    assert!(text.contains("lines        1000 = 1000 entries"), "{text}");
    let mode = fs::metadata(&answer).expect("the answer").mode() & 0o777;
    assert_eq!(mode, 0o666);
    assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
    let names = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(names, 3, "no temporary file is left");
}

/// The program must not take the file that it reads for the one that it writes.
#[test]
fn the_log_itself_may_not_be_the_output() {
    let (_folder, log) = folder();
    let finished = run(widefinder().arg("-o").arg(&log).arg(&log), None, TIMEOUT);
    let finished = finished.expect("the program ends");
    assert_eq!(finished.status.code(), Some(2));
    let message = String::from_utf8_lossy(&finished.stderr).into_owned();
    assert!(message.contains("is also an input"), "{message}");
    // Nor under another name.
    let stdin = File::open(&log).expect("the log");
    let output = widefinder().arg("-o").arg(&log).stdin(stdin).output();
    assert_eq!(output.expect("the program runs").status.code(), Some(2));
    assert_eq!(fs::read_to_string(&log).expect("the log"), LOG.repeat(1000));
}

#[test]
fn a_link_that_leads_nowhere_yet_stays_a_link() {
    let (folder, log) = folder();
    let link = folder.path().join("link.txt");
    symlink("answer.txt", &link).expect("a link");
    let finished = run(widefinder().arg("-o").arg(&link).arg(&log), None, TIMEOUT);
    assert_eq!(finished.expect("the program ends").status.code(), Some(0));
    assert!(fs::symlink_metadata(&link).expect("the link").is_symlink());
    assert!(folder.path().join("answer.txt").is_file());
}

#[test]
fn an_answer_is_appended_where_the_shell_says_so() {
    let (folder, log) = folder();
    let all = folder.path().join("all.txt");
    fs::write(&all, "precious\n").expect("a file");
    let appended = File::options().append(true).open(&all).expect("the file");
    let output = widefinder()
        .args(["-e", r"^\w", "-o", "/dev/stdout"])
        .arg(&log)
        .stdout(appended)
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = fs::read_to_string(&all).expect("the file");
    assert!(text.starts_with("precious\n^\\w (1000 of"), "{text}");
}

/// A client may send a token of any length; the other rows do not pay for it.
#[test]
fn one_long_token_does_not_pad_the_table() {
    let folder = TempDir::new().expect("a temporary folder");
    let log = folder.path().join("access.log");
    let mut lines = format!("{} x\n", "A".repeat(100_000));
    for number in 0..500 {
        lines.push_str(&format!("a {number}\n"));
    }
    fs::write(&log, lines).expect("a log");
    let mut command = widefinder();
    command.args(["-n", "0", "-e", r"(\S+) (\S+)"]).arg(&log);
    let finished = run(&mut command, None, TIMEOUT).expect("the program ends");
    assert!(
        finished.stdout.len() < 200_000,
        "{} bytes",
        finished.stdout.len()
    );
}

#[test]
fn the_ending_of_the_output_file_chooses_the_form() {
    let (folder, log) = folder();
    let write = |name: &str, form: &[&str]| {
        let answer = folder.path().join(name);
        let mut command = widefinder();
        command.args(["-e", r"^(\w)"]).args(form);
        command.arg("-o").arg(&answer).arg(&log);
        let finished = run(&mut command, None, TIMEOUT).expect("the program ends");
        assert_eq!(finished.status.code(), Some(0), "{name}");
        fs::read_to_string(answer).expect("the answer")
    };
    assert_eq!(write("a.csv", &[]), "group 1,hits\nh,1000\n");
    assert_eq!(write("a.tsv", &[]), "group 1\thits\nh\t1000\n");
    assert_eq!(write("a.tsv", &["-f", "csv"]), "group 1,hits\nh,1000\n");
    assert!(write("a.json", &[]).starts_with("{\n  \"version\": 1,\n"));
    assert!(write("a.jsonl", &[]).starts_with("{\"type\":\"run\",\"version\":1,"));
    assert!(write("a.md", &[]).starts_with("### "));
    assert!(write("a.log", &[]).starts_with(r"^(\w) (1000 of"));
}

#[test]
fn a_device_can_take_the_answer() {
    let (_folder, log) = folder();
    let finished = run(
        widefinder().args(["-o", "/dev/null"]).arg(&log),
        None,
        TIMEOUT,
    );
    assert_eq!(finished.expect("the program ends").status.code(), Some(0));
    assert!(!fs::metadata("/dev/null").expect("the device").is_file());
}

/// `/dev/full` takes no byte.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let (_folder, log) = folder();
    let full = File::options()
        .write(true)
        .open("/dev/full")
        .expect("the device");
    let output = widefinder()
        .arg(&log)
        .stdout(full)
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        message.contains("cannot write to standard output"),
        "{message}"
    );
}

#[test]
fn colour_is_for_those_who_ask() {
    let (_folder, log) = folder();
    let text = |arguments: &[&str]| {
        let finished = run(widefinder().args(arguments).arg(&log), None, TIMEOUT);
        String::from_utf8(finished.expect("the program ends").stdout).expect("text")
    };
    assert!(!text(&[]).contains('\x1b'));
    assert!(!text(&["--color", "never"]).contains('\x1b'));
    let rich = text(&["--color", "always"]);
    assert!(
        rich.contains('\x1b') && rich.contains('█') && rich.contains("1,000"),
        "{rich}"
    );
}

/// A file of /proc says that it is empty and is not.
#[test]
#[cfg(target_os = "linux")]
fn a_file_without_a_length_is_read() {
    let finished = run(
        widefinder().args(["-e", "^Name", "/proc/self/status"]),
        None,
        TIMEOUT,
    );
    let text = String::from_utf8(finished.expect("the program ends").stdout).expect("text");
    assert!(text.contains("1  100.00%  Name"), "{text}");
}
