//! The bytes of a log: reproducible, never changed by accident, and as many as asked for.

use std::fs;
use std::path::Path;

use loggen::{Amount, Log, Options, Profile, Written, generate};

fn log(options: &Options, amount: Amount) -> Vec<u8> {
    let mut log = Vec::new();
    let written = generate(options, amount, &mut log).expect("a vector takes everything");
    let lines = log.iter().filter(|&&byte| byte == b'\n').count() as u64;
    let bytes = log.len() as u64;
    assert_eq!(written, Written { lines, bytes });
    log
}

/// G. Fowler, L. C. Noll and K.-P. Vo's hash FNV-1a, 64 bits.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[test]
fn equal_options_give_equal_bytes_and_another_seed_gives_others() {
    for profile in [Profile::Reference, Profile::Heavy] {
        let mut options = Options::new(profile);
        let first = log(&options, Amount::Lines(5_000));
        assert_eq!(first, log(&options, Amount::Lines(5_000)));
        options.seed = 2;
        let other = log(&options, Amount::Lines(5_000));
        let mut lines = first.split(|&byte| byte == b'\n');
        let equal = other
            .split(|&byte| byte == b'\n')
            .filter(|&line| Some(line) == lines.next())
            .count();
        // Only the empty rest after the last newline may be the same.
        assert!(equal <= 1, "{equal} lines are the same");
    }
}

/// Benchmarks name a profile and a seed instead of shipping a log, so a change of these
/// values makes their results incomparable: it belongs in the changelog.
#[test]
fn the_stream_never_changes() {
    let amount = Amount::Lines(100_000);
    let reference = log(&Options::new(Profile::Reference), amount);
    assert_eq!(checksum(&reference), 0x187e_9bce_33d4_fd60);
    let heavy = log(&Options::new(Profile::Heavy), amount);
    assert_eq!(checksum(&heavy), 0x78c9_8e3a_81bb_f4a4);
    let mut options = Options::new(Profile::Reference);
    options.broken = 0.5;
    assert_eq!(checksum(&log(&options, amount)), 0x73a3_ed81_cbba_626b);
}

#[test]
fn the_checked_in_sample_is_reproduced() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample.log");
    let sample = fs::read(&path).expect("the sample lies beside the generator");
    let generated = log(&Options::new(Profile::Reference), Amount::Lines(1_000));
    assert!(
        sample == generated,
        "{} is not what the generator writes",
        path.display()
    );
}

#[test]
fn a_log_has_the_number_of_lines() {
    for lines in [0, 1, 10, 4_321] {
        let log = log(&Options::new(Profile::Reference), Amount::Lines(lines));
        assert_eq!(
            log.split_inclusive(|&byte| byte == b'\n').count() as u64,
            lines
        );
        assert!(log.is_empty() || log.ends_with(b"\n"));
    }
}

#[test]
fn a_log_ends_with_the_line_that_reaches_its_size() {
    for size in [0, 1, 1_000, 262_144, 1_000_000] {
        let log = log(&Options::new(Profile::Heavy), Amount::Bytes(size));
        let size = size as usize;
        assert!(log.len() >= size);
        assert!(log.is_empty() || log.ends_with(b"\n"));
        let last = log.split_inclusive(|&byte| byte == b'\n').next_back();
        assert!(log.len() - last.map_or(0, <[u8]>::len) < size.max(1));
    }
}

#[test]
fn a_log_begins_like_a_longer_one() {
    let options = Options::new(Profile::Reference);
    let longer = log(&options, Amount::Lines(3_000));
    assert!(longer.starts_with(&log(&options, Amount::Lines(10))));

    let (mut lines, mut log) = (Vec::new(), Log::new(&options));
    (0..3_000).for_each(|_| log.write_line(&mut lines));
    assert!(lines == longer, "line by line is the same as in blocks");
}

#[test]
fn a_failing_writer_is_reported() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = generate(&Options::new(Profile::Heavy), Amount::Lines(10), &mut Full);
    assert_eq!(error.unwrap_err().kind(), std::io::ErrorKind::StorageFull);
}
