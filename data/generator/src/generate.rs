//! Whole logs of a given length.

use std::io::{self, Write};

use crate::{Log, Options};

/// How much is handed to the writer at once, in bytes: enough to make the calls cheap, and
/// little enough to stay in the cache.
const BLOCK: usize = 256 << 10;
/// Room for a line that straddles the end of a block, so that the buffer never grows.
const SLACK: usize = 64 << 10;

/// How long a log becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// This number of lines.
    Lines(u64),
    /// This number of bytes, up to the end of the line that reaches it: the log is never
    /// shorter, and longer by less than one line.
    Bytes(u64),
}

/// The length of a log that has been written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The number of lines, broken ones included.
    pub lines: u64,
    /// The number of bytes.
    pub bytes: u64,
}

/// Writes a log from its first line on, in blocks, without flushing `out`.
///
/// # Errors
///
/// Returns what the writer reports, and [`io::ErrorKind::InvalidInput`] if
/// [`Options::validate`] rejects the options.
///
/// # Examples
///
/// ```
/// use loggen::{Amount, Options, Profile, generate};
///
/// let mut log = Vec::new();
/// let options = Options::new(Profile::Reference);
/// let written = generate(&options, Amount::Lines(1_000), &mut log)?;
/// assert_eq!(written.lines, 1_000);
/// assert_eq!(written.bytes, log.len() as u64);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn generate<W>(options: &Options, amount: Amount, out: &mut W) -> io::Result<Written>
where
    W: Write + ?Sized,
{
    options
        .validate()
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let mut log = Log::new(options);
    let mut block = Vec::with_capacity(BLOCK + SLACK);
    let mut written = Written::default();
    while !amount.is_reached(written) {
        let before = block.len();
        log.write_line(&mut block);
        written.lines += 1;
        written.bytes += (block.len() - before) as u64;
        if block.len() >= BLOCK {
            out.write_all(&block)?;
            block.clear();
        }
    }
    out.write_all(&block)?;
    Ok(written)
}

impl Amount {
    fn is_reached(self, written: Written) -> bool {
        match self {
            Self::Lines(lines) => written.lines >= lines,
            Self::Bytes(bytes) => written.bytes >= bytes,
        }
    }
}
