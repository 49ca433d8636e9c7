//! What HAProxy says of itself and its servers.
//!
//! Source: HAProxy, `src/proxy.c`, `src/server.c` and `src/check.c`; the manual,
//! chapter 8.2.1, *Default log format*.

/// How a message begins, and what it holds further on.
const MESSAGES: [(&[u8], &[u8]); 20] = [
    (b"Proxy ", b" started."),
    (b"Proxy ", b" stopped "),
    (b"Proxy ", b" reached "),
    (b"Stopping ", b" in "),
    (b"Pausing ", b"."),
    (b"Resuming ", b"."),
    (b"Enabling ", b"."),
    (b"Disabling ", b"."),
    (b"Server ", b" is UP"),
    (b"Server ", b" is DOWN"),
    (b"Server ", b" is going "),
    (b"Server ", b" is stopping"),
    (b"Server ", b" in maintenance"),
    (b"Server ", b" for maintenance"),
    (b"Server ", b" was DOWN and now enters maintenance"),
    (b"Health check for ", b"server "),
    (b"backend ", b" has no server available!"),
    (b"Connect from ", b" to "),
    (b"New worker ", b" forked"),
    (b"Loading success.", b""),
];

/// Whether a line is such a message, without the syslog prefix.
#[inline]
pub(super) fn is_message(line: &[u8]) -> bool {
    // Clients' addresses hardly ever begin with a letter above f.
    let may_be = matches!(line.first(), Some(b'A'..=b'Z' | b'[' | b'b'));
    may_be && is_known(line)
}

#[cold]
fn is_known(line: &[u8]) -> bool {
    let is_it = |(start, further): &(&[u8], &[u8])| {
        let rest = line.strip_prefix(*start);
        rest.is_some_and(|rest| memchr::memmem::find(rest, further).is_some())
    };
    MESSAGES.iter().any(is_it) || is_of_master(line)
}

/// Whether this is `[WARNING] 008/120003 (1) : ...` or `[NOTICE]   (1) : ...`.
fn is_of_master(line: &[u8]) -> bool {
    let starts: [&[u8]; 4] = [b"[NOTICE]", b"[WARNING]", b"[ALERT]", b"[DIAG]"];
    let rest = starts.iter().find_map(|start| line.strip_prefix(*start));
    rest.is_some_and(|rest| rest.starts_with(b" ") && memchr::memmem::find(rest, b") : ").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_known_by_their_words() {
        for line in [
            "Proxy web started.",
            "Proxy web stopped (cumulated conns: FE: 0, BE: 0).",
            "Stopping backend app in 0 ms.",
            "Server app/a1 is UP, reason: Layer7 check passed, code: 200.",
            "Health check for server app/a1 failed, reason: Layer4 timeout.",
            "Health check for backup server app/a1 succeeded.",
            "backend app has no server available!",
            "Connect from 192.0.2.1:33312 to 192.0.2.2:8012 (www/HTTP)",
            "[WARNING] 342/120003 (12) : Exiting",
            "[NOTICE]   (1) : New worker (8) forked",
        ] {
            assert!(is_message(line.as_bytes()), "{line}");
        }
        for line in [
            "",
            "Proxy",
            "Server error",
            "[24/Jan/2022:16:51:02 +0000] x (1) : ",
            "backend.example - - [t] \"-\" 200 5",
        ] {
            assert!(!is_message(line.as_bytes()), "{line}");
        }
    }
}
