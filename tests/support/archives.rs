//! Archives of logs, and the answers to what is in them.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use clap::Parser;
use tempfile::TempDir;
use widefinder::args::Args;
use widefinder::plan::Plan;
use widefinder::report::Report;

/// A way to pack bytes into one archive.
pub(crate) type Pack = fn(&[u8]) -> Vec<u8>;

pub(crate) const PACKS: [(&str, Pack); 4] =
    [("gzip", gzip), ("zstd", zstd), ("bzip2", bzip2), ("xz", xz)];

pub(crate) fn read_all(mut reader: impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes).expect("memory can be read");
    bytes
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    read_all(flate2::read::GzEncoder::new(
        bytes,
        flate2::Compression::default(),
    ))
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).expect("an encoder");
    encoder.include_checksum(true).expect("a checksum");
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

pub(crate) fn bzip2(bytes: &[u8]) -> Vec<u8> {
    read_all(bzip2::read::BzEncoder::new(
        bytes,
        bzip2::Compression::best(),
    ))
}

pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    read_all(liblzma::read::XzEncoder::new(bytes, 1))
}

/// Lines that compress well, but not too well.
pub(crate) fn log(lines: usize) -> Vec<u8> {
    let mut log = String::new();
    for line in 0..lines {
        let odd = line.wrapping_mul(0x9e37_79b9) >> 7 & 0xffff;
        let status = if odd % 9 == 0 { 404 } else { 200 };
        let minute = line / 60 % 60;
        writeln!(
            log,
            "10.0.{}.{} - - [10/Oct/2026:13:{minute:02}:{:02} +0000] \"GET /p{}?q={odd:x} \
             HTTP/1.1\" {status} {odd} \"-\" \"agent {}\"",
            odd % 7,
            odd % 251,
            line % 60,
            odd % 97,
            odd % 5,
        )
        .expect("a string takes all");
    }
    log.into_bytes()
}

/// Asks for the overview and its tables.
pub(crate) fn ask(files: &[&Path], threads: usize, chunk_size: usize) -> Report {
    let args = Args::parse_from([Path::new("widefinder")].iter().chain(files));
    let plan = Plan::from_args(&args).expect("the overview is a question");
    widefinder::run(&Plan {
        threads,
        chunk_size,
        ..plan
    })
}

/// All of an answer but the names of the files.
pub(crate) fn answer(report: &Report) -> impl PartialEq + std::fmt::Debug + use<> {
    let bad: Vec<_> = report
        .bad_lines
        .iter()
        .map(|line| (line.offset, line.text.clone()))
        .collect();
    (
        report.balance(),
        report.tables.clone(),
        report.first,
        report.last,
        bad,
    )
}

pub(crate) fn errors(report: &Report) -> Vec<String> {
    report.errors.iter().map(ToString::to_string).collect()
}

pub(crate) const WAYS: [(usize, usize); 9] = [
    (1, 1),
    (1, 100),
    (1, 4096),
    (2, 1),
    (2, 100),
    (2, 4096),
    (8, 1),
    (8, 100),
    (8, 4096),
];

/// A folder with one file.
pub(crate) fn folder(bytes: &[u8]) -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    // The name says nothing.
    let file = folder.path().join("access.log");
    fs::write(&file, bytes).expect("a file");
    (folder, file)
}
