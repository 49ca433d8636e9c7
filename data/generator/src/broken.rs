//! Lines that no log format allows.
//!
//! Each starts as a sound line and is then damaged, as in life: most of a broken line looks
//! right. Whatever happens, the line ends with its only newline, so that lines still count.

use crate::random::Random;

/// The length of an attack that overflows a request, in bytes: longer than common buffers
/// for one line, and rare enough to leave the mean length alone.
const ATTACK: usize = 20_000;

/// The start of a TLS handshake, as a client sends it to a port that does not speak TLS.
const HANDSHAKE: &[u8] = b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\xd2\x91\x7f\x00\xfe";

/// Damages the line at the end of `out` that begins at `start`.
pub(crate) fn damage(random: &mut Random, out: &mut Vec<u8>, start: usize) {
    out.pop();
    let length = out.len() - start;
    let place = start + random.below(length as u64) as usize;
    match random.below(64) {
        0..=15 => out.truncate(place),
        16..=23 => garbage(random, &mut out[start..]),
        24..=31 => out[place] = 0xff,
        32..=39 => out.truncate(start),
        40..=47 => handshake(out, start),
        48..=52 => out[place] = 0,
        53..=56 => drop_quotes(out, start),
        57..=59 => {
            // Two writers met: the line starts again before it has ended.
            out.truncate(place);
            out.extend_from_within(start..place);
        }
        60..=62 => {
            out.truncate(start);
            out.extend_from_slice(b" \t  ");
        }
        _ => {
            out.truncate(after_time(out, start));
            out.extend_from_slice(b"\"SEARCH /\x90");
            out.resize(out.len() + ATTACK, b'\xb1');
        }
    }
    out.push(b'\n');
}

/// Replaces the line by random bytes other than the newline.
fn garbage(random: &mut Random, line: &mut [u8]) {
    for byte in line {
        *byte = random.next() as u8;
        if *byte == b'\n' {
            *byte = 0x80;
        }
    }
}

/// Replaces the request by the binary start of a TLS connection.
fn handshake(out: &mut Vec<u8>, start: usize) {
    out.truncate(after_time(out, start));
    out.push(b'"');
    out.extend_from_slice(HANDSHAKE);
    out.extend_from_slice(b"\" 400 226 \"-\" \"-\"");
}

fn drop_quotes(out: &mut Vec<u8>, start: usize) {
    let mut kept = start;
    for place in start..out.len() {
        if out[place] != b'"' {
            out[kept] = out[place];
            kept += 1;
        }
    }
    out.truncate(kept);
}

/// Returns where the request of a line begins, at its opening quote.
fn after_time(out: &[u8], start: usize) -> usize {
    let quote = out[start..].iter().position(|&byte| byte == b'"');
    start + quote.expect("a sound line quotes its request")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_line_is_still_one_line_and_leaves_the_others_alone() {
        let mut random = Random::new(3);
        let sound = b"host - - [01/Oct/2006:00:00:00 -0700] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n";
        for _ in 0..10_000 {
            let mut out = b"before\n".to_vec();
            out.extend_from_slice(sound);
            damage(&mut random, &mut out, 7);
            assert!(out.starts_with(b"before\n"));
            let line = &out[7..];
            assert_ne!(line, sound);
            assert_eq!(
                line.iter().position(|&byte| byte == b'\n'),
                Some(line.len() - 1)
            );
        }
    }
}
