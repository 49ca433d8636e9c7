//! One archive of any kind.

use std::io::{self, BufRead, Read};

use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use liblzma::bufread::XzDecoder;
use liblzma::stream::Stream;
use zstd::stream::read::Decoder as ZstdDecoder;

use super::packing::Packing;

/// An archive may ask for memory; `xz -9` asks for 65 MiB. (zstd has a limit of
/// its own, 128 MiB, as on its command line.)
const XZ_MEMORY: u64 = 512 << 20;

/// Reads what is in one archive, and not a byte of its input beyond.
pub(super) enum Archive<R: BufRead> {
    Gzip(Box<GzDecoder<R>>),
    Zstd(ZstdDecoder<'static, R>),
    Bzip2(BzDecoder<R>),
    Xz(XzDecoder<R>),
}

impl<R: BufRead> Archive<R> {
    pub(super) fn new(packing: Packing, source: R) -> io::Result<Archive<R>> {
        Ok(match packing {
            Packing::Gzip => Archive::Gzip(Box::new(GzDecoder::new(source))),
            Packing::Zstd => Archive::Zstd(ZstdDecoder::with_buffer(source)?.single_frame()),
            Packing::Bzip2 => Archive::Bzip2(BzDecoder::new(source)),
            Packing::Xz => {
                let stream = Stream::new_stream_decoder(XZ_MEMORY, 0)?;
                Archive::Xz(XzDecoder::new_stream(source, stream))
            }
        })
    }

    /// The input, behind the archive if that was read to its end.
    pub(super) fn into_inner(self) -> R {
        match self {
            Archive::Gzip(archive) => archive.into_inner(),
            Archive::Zstd(archive) => archive.into_inner(),
            Archive::Bzip2(archive) => archive.into_inner(),
            Archive::Xz(archive) => archive.into_inner(),
        }
    }
}

impl<R: BufRead> Read for Archive<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Archive::Gzip(archive) => archive.read(buffer),
            Archive::Zstd(archive) => archive.read(buffer),
            Archive::Bzip2(archive) => archive.read(buffer),
            Archive::Xz(archive) => archive.read(buffer),
        }
    }
}
