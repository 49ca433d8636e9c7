//! Encoded values in one piece: what waits, is written, is read back, and is
//! handed to whoever decodes.
//!
//! Each record is a length and a value, so that a value that cannot be decoded
//! does not take the others with it. Without the length a record would be a
//! byte shorter, and one decoder that stops early would garble all that follow.

use std::mem::take;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::spill::error::SpillError;

/// The most that the length of a record takes: a 64-bit number in groups of 7.
const LENGTH: usize = 10;

/// One encoded value with its length before it. Kept by the encoder from value
/// to value, so that small values need no allocation.
#[derive(Debug, Default)]
pub(crate) struct Record {
    bytes: Vec<u8>,
    /// Where the length begins: it is known last and stands first.
    start: usize,
}

impl Record {
    /// Encodes `value` in place of what was here. Runs user code.
    pub(crate) fn encode<T: Serialize>(&mut self, value: &T) -> Result<(), postcard::Error> {
        let mut bytes = take(&mut self.bytes);
        bytes.clear();
        bytes.resize(LENGTH, 0);
        bytes = postcard::to_extend(value, bytes)?;
        let mut buffer = [0; LENGTH];
        let length = (bytes.len() - LENGTH) as u64;
        let length = postcard::to_slice(&length, &mut buffer)?;
        self.start = LENGTH - length.len();
        bytes[self.start..LENGTH].copy_from_slice(length);
        self.bytes = bytes;
        Ok(())
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len() - self.start
    }
}

/// Records in a row, and how far they have been decoded.
#[derive(Debug, Default)]
pub(crate) struct Segment {
    bytes: Vec<u8>,
    /// Where the next record begins.
    at: usize,
    /// The number of the next record among all values, from 0.
    pub(crate) first: u64,
}

impl Segment {
    /// Makes a segment of bytes that were [`Segment::bytes`].
    pub(crate) fn new(first: u64, bytes: Vec<u8>) -> Segment {
        let at = 0;
        Segment { bytes, at, first }
    }

    /// Turns `record` into a segment of its own, without a copy: a value may be
    /// as large as memory allows it to be once.
    pub(crate) fn single(first: u64, record: &mut Record) -> Segment {
        let Record { bytes, start: at } = take(record);
        Segment { bytes, at, first }
    }

    /// What has not been decoded yet.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes[self.at..]
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len() - self.at
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a copy of `record`.
    pub(crate) fn append(&mut self, record: &Record) {
        self.bytes.extend_from_slice(&record.bytes[record.start..]);
    }

    /// Decodes the next value. Runs user code; if that panics, the value is
    /// passed over.
    pub(crate) fn decode<T: DeserializeOwned>(&mut self) -> Option<Result<T, SpillError>> {
        if self.is_empty() {
            return None;
        }
        let number = self.first;
        let record = self.advance();
        let decoded = record.and_then(|record| postcard::take_from_bytes(record));
        Some(match decoded {
            Ok((value, [])) => Ok(value),
            Ok(_) => Err(SpillError::decode(number, None)),
            Err(error) => Err(SpillError::decode(number, Some(error))),
        })
    }

    /// Passes over the next record and returns its value's bytes.
    fn advance(&mut self) -> Result<&[u8], postcard::Error> {
        let bytes = &self.bytes[self.at..];
        // What cannot be taken apart is the last of its segment.
        self.at = self.bytes.len();
        self.first += 1;
        let (length, rest) = postcard::take_from_bytes::<u64>(bytes)?;
        let cut = usize::try_from(length)
            .ok()
            .and_then(|n| rest.split_at_checked(n));
        let (record, rest) = cut.ok_or(postcard::Error::DeserializeUnexpectedEnd)?;
        self.at -= rest.len();
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment<T: Serialize>(values: &[T]) -> Segment {
        let (mut segment, mut record) = (Segment::new(5, Vec::new()), Record::default());
        for value in values {
            record.encode(value).unwrap();
            segment.append(&record);
        }
        segment
    }

    /// Promise 11: values come as they went in, whatever their length.
    #[test]
    fn values_come_back() {
        for length in [0, 1, 126, 127, 128, 129, 16_383, 16_384, 70_000] {
            let text = "x".repeat(length);
            let mut copied = segment(&[text.as_str(), "", "end"]);
            assert_eq!(copied.decode::<String>().unwrap().unwrap(), text);
            assert_eq!(copied.decode::<String>().unwrap().unwrap(), "");
            assert_eq!(copied.decode::<String>().unwrap().unwrap(), "end");
            assert!(copied.decode::<String>().is_none());

            let mut record = Record::default();
            record.encode(&text).unwrap();
            let wanted = record.len();
            let mut moved = Segment::single(0, &mut record);
            assert_eq!((moved.len(), record.len()), (wanted, 0));
            assert_eq!(moved.decode::<String>().unwrap().unwrap(), text);
            assert!(moved.is_empty());
        }
    }

    /// Promise 11: values without a content are as many as they were.
    #[test]
    fn empty_values_are_counted() {
        let mut units = segment(&[(), (), ()]);
        assert_eq!(units.len(), 3);
        for _ in 0..3 {
            assert!(matches!(units.decode::<()>(), Some(Ok(()))));
        }
        assert!(units.decode::<()>().is_none());
    }

    /// Promise 11: a value that cannot be decoded, or not to its end, is an
    /// error in its place that tells its number, and the next one comes.
    #[test]
    fn a_value_that_fails_to_decode_is_alone() {
        let mut bytes = segment(&[1u8, 2, 1]);
        assert!(bytes.decode::<bool>().unwrap().unwrap());
        let error = bytes.decode::<bool>().unwrap().unwrap_err();
        assert_eq!(error.to_string(), "value 6 cannot be decoded");
        assert!(bytes.decode::<bool>().unwrap().unwrap());

        let mut longer = segment(&[(1u8, 2u8), (3, 4)]);
        assert!(longer.decode::<u8>().unwrap().is_err());
        assert_eq!(longer.decode::<(u8, u8)>().unwrap().unwrap(), (3, 4));
    }

    /// Promise 11: what was cut short or garbled is an error and no panic.
    #[test]
    fn garbled_bytes_are_an_error() {
        let whole = segment(&["abc", "def"]);
        for length in 1..whole.len() {
            let mut cut = Segment::new(0, whole.bytes()[..length].to_vec());
            let values: Vec<_> = std::iter::from_fn(|| cut.decode::<String>()).collect();
            let complete = length / 5;
            assert!(values[..complete].iter().all(Result::is_ok));
            assert_eq!(values.len() > complete, length % 5 > 0);
            assert!(values[complete..].iter().all(Result::is_err));
        }
        let mut endless = Segment::new(0, vec![255; 30]);
        assert!(endless.decode::<String>().unwrap().is_err());
        assert!(endless.decode::<String>().is_none());
    }
}
