//! Input in blocks of one size, in whatever pieces a pipe gives it.
//!
//! What a decoder can save of a damaged archive depends on the pieces that it is
//! fed. With these it depends on the archive alone.

use std::io::{self, BufRead, Read};

/// As much as a pipe of Linux holds; more gains nothing.
const BLOCK: usize = 64 << 10;

/// Reads ahead a block at a time.
pub(super) struct Blocks<R> {
    source: R,
    block: Vec<u8>,
    /// What of the block is still to be read.
    start: usize,
    end: usize,
    /// Whether the source has ended or failed.
    ended: bool,
    failure: Option<io::Error>,
}

impl<R: Read> Blocks<R> {
    pub(super) fn new(source: R) -> Blocks<R> {
        Blocks {
            source,
            block: vec![0; BLOCK],
            start: 0,
            end: 0,
            ended: false,
            failure: None,
        }
    }

    /// Looks at the next bytes: at least so many, or all that are left.
    ///
    /// # Errors
    ///
    /// When the source has failed and nothing is left.
    pub(super) fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        if self.end - self.start < wanted {
            self.fill();
        }
        if self.start == self.end
            && let Some(failure) = self.failure.take()
        {
            return Err(failure);
        }
        Ok(&self.block[self.start..self.end])
    }

    /// Fills the block behind what is left of it.
    fn fill(&mut self) {
        self.block.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        while self.end < BLOCK && !self.ended {
            match self.source.read(&mut self.block[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(length) => self.end += length,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.failure = Some(error);
                    self.ended = true;
                }
            }
        }
    }
}

impl<R: Read> BufRead for Blocks<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    fn consume(&mut self, amount: usize) {
        self.start += amount;
        assert!(self.start <= self.end, "more is consumed than there was");
    }
}

impl<R: Read> Read for Blocks<R> {
    /// Reads the block to its end, and then past it: whoever reads this way has
    /// a buffer.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.start == self.end && !self.ended {
            return self.source.read(buffer);
        }
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, as a slow pipe does, and then fails.
    struct Slow(usize);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::Error::other("broken"));
            }
            self.0 -= 1;
            buffer[0] = b'a';
            Ok(1)
        }
    }

    #[test]
    fn blocks_are_full_whatever_the_source_gives() {
        let mut blocks = Blocks::new(Slow(BLOCK + 7));
        assert_eq!(blocks.fill_buf().expect("a block").len(), BLOCK);
        blocks.consume(BLOCK - 3);
        assert_eq!(blocks.peek(3).expect("what is left").len(), 3);
        assert_eq!(blocks.peek(4).expect("all that is left").len(), 10);
        assert_eq!(blocks.peek(11).expect("all that is left").len(), 10);
        blocks.consume(10);
        let error = blocks.fill_buf().expect_err("the source fails");
        assert_eq!(error.to_string(), "broken");
        assert!(blocks.fill_buf().expect("the end").is_empty());
    }
}
