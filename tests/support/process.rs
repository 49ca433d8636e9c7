//! A process that runs to its end, or is killed when it takes too long.

use std::io::{ErrorKind, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The slowest machine finishes any test's process long before; a process that hangs does not.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

/// Everything that a process left behind.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

impl Finished {
    /// The exit code, the output and the errors, of a program that writes text.
    pub(crate) fn texts(self) -> (Option<i32>, String, String) {
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (self.status.code(), text(self.stdout), text(self.stderr))
    }
}

/// The program under test, with an environment in which nothing depends on who runs the tests.
pub(crate) fn widefinder() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_widefinder"));
    command
        .env("TERM", "dumb")
        .env("TZ", "UTC")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("COLUMNS");
    command
}

/// Runs a command to its end. `stdin` is what it can read; without it stdin is empty.
///
/// # Errors
///
/// The command cannot be started, or is not done after `timeout`; then it has been killed.
pub(crate) fn run(
    command: &mut Command,
    stdin: Option<&[u8]>,
    timeout: Duration,
) -> Result<Finished, String> {
    let stdin_kind = if stdin.is_some() {
        Stdio::piped()
    } else {
        Stdio::null()
    };
    let mut child = command
        .stdin(stdin_kind)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start {command:?}: {error}"))?;
    let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (mut stdin_pipe, mut stdout_pipe, mut stderr_pipe) = pipes;

    // All three at once: a process that waits for one pipe must not wait for us at another.
    thread::scope(|scope| {
        scope.spawn(move || {
            if let (Some(pipe), Some(bytes)) = (&mut stdin_pipe, stdin) {
                match pipe.write_all(bytes) {
                    // The process may stop reading whenever it likes.
                    Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                        panic!("cannot write to the process: {error}")
                    }
                    _ => {}
                }
            }
        });
        let stdout = scope.spawn(move || read_all(stdout_pipe.as_mut()));
        let stderr = scope.spawn(move || read_all(stderr_pipe.as_mut()));
        let status = wait(&mut child, timeout);
        let stdout = stdout.join().expect("reading stdout does not panic");
        let stderr = stderr.join().expect("reading stderr does not panic");
        match status {
            Some(status) => Ok(Finished {
                status,
                stdout,
                stderr,
            }),
            None => Err(format!(
                "killed {command:?}: not done after {timeout:?}; its stderr: {}",
                stderr.escape_ascii()
            )),
        }
    })
}

fn read_all(pipe: Option<&mut impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(pipe) = pipe {
        pipe.read_to_end(&mut bytes)
            .expect("a pipe can be read to its end");
    }
    bytes
}

/// Looks again and again, at first often: most processes are done within milliseconds.
fn wait(child: &mut Child, timeout: Duration) -> Option<ExitStatus> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            return Some(status);
        }
        if start.elapsed() > timeout {
            child.kill().expect("a child can be killed");
            child.wait().expect("a killed child ends");
            return None;
        }
        thread::sleep(pause);
        pause = (pause * 3 / 2).min(Duration::from_millis(20));
    }
}
