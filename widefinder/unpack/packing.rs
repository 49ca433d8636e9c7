//! Signatures: by what an archive is known.

use std::fmt;

/// How something is compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Packing {
    /// With gzip, or pigz.
    Gzip,
    /// With zstd.
    Zstd,
    /// With bzip2.
    Bzip2,
    /// With xz.
    Xz,
}

impl Packing {
    /// The length of the longest signature, in bytes.
    pub const SIGNATURE: usize = 10;

    /// Tells by the first bytes how something is compressed, if it is.
    ///
    /// ```
    /// use widefinder::unpack::Packing;
    ///
    /// assert_eq!(Packing::of(b"\x1f\x8b\x08\0\0\0\0\0\0\x03"), Some(Packing::Gzip));
    /// assert_eq!(Packing::of(b"BZh9 is a client"), None);
    /// ```
    pub fn of(bytes: &[u8]) -> Option<Packing> {
        match bytes {
            [0x1f, 0x8b, ..] => Some(Packing::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Packing::Zstd),
            // A frame that holds no data but, say, an index.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Packing::Zstd),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Packing::Xz),
            // More than the letters: a client's name may begin with BZh as well.
            // Behind them a block begins, or, if there is nothing, the end.
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..]
                if rest.starts_with(b"1AY&SY") || rest.starts_with(b"\x17rE8P\x90") =>
            {
                Some(Packing::Bzip2)
            }
            _ => None,
        }
    }

    /// The program that unpacks it to standard output.
    pub fn tool(self) -> &'static str {
        match self {
            Packing::Gzip => "zcat",
            Packing::Zstd => "zstdcat",
            Packing::Bzip2 => "bzcat",
            Packing::Xz => "xzcat",
        }
    }
}

impl fmt::Display for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Packing::Gzip => "gzip",
            Packing::Zstd => "zstd",
            Packing::Bzip2 => "bzip2",
            Packing::Xz => "xz",
        })
    }
}
