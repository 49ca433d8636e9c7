//! Logs from beside the repository; a test that needs one says so and passes when it is not there.

use flate2::read::MultiGzDecoder;
use liblzma::read::XzDecoder;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared");

/// The path of a file beside the repository, or nothing (and a line that says so).
pub(crate) fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(FOLDER).join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped what needs {name}: it is not beside this repository");
    None
}

/// The genuine sample of the Wide Finder challenge, unpacked.
pub(crate) fn wide_finder_sample() -> Option<Vec<u8>> {
    shared("data/o10k.ap.gz").map(|path| unpack(&path))
}

/// The name and the content of every `.gz` log that lies beside the repository, by name.
pub(crate) fn all_samples() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = shared("data") else {
        return Vec::new();
    };
    let mut samples: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .expect("the folder of samples can be listed")
        .map(|entry| entry.expect("the folder of samples can be listed").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "gz"))
        .map(|path| {
            let name = path.file_name().expect("a listed file has a name");
            (name.to_string_lossy().into_owned(), unpack(&path))
        })
        .collect();
    samples.sort();
    samples
}

/// Every real log in the common or combined format, some with more fields behind.
const PLAIN: [&str; 14] = [
    "apache_combined_2015.log.gz",
    "bots_2015_combined.log.gz",
    "combined_plus_dash_2018.log.xz",
    "combined_plus_extra_fields_2013.log.gz",
    "nasa_1995-07-09_common.log.gz",
    "o10k.ap.gz",
    "rotated/access.log",
    "rotated/access.log.1",
    "rotated/access.log.2.gz",
    "rotated/access.log.3.gz",
    "rotated/access.log.4.gz",
    "formats/crowdsec/apache2-logs__apache2-logs.log",
    "formats/crowdsec/nginx-http-malformed__nginx_http-logs.log",
    "formats/misc/plaso_apache_access.log",
];

/// The name and the content of every common and combined log beside the repository.
pub(crate) fn plain_samples() -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let found = |name: &'static str| Some((name, unpack(&shared(&format!("data/{name}"))?)));
    PLAIN.into_iter().filter_map(found)
}

/// The content of a file, without its compression.
pub(crate) fn unpack(path: &Path) -> Vec<u8> {
    let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut reader: Box<dyn Read> = match path.extension().and_then(|ending| ending.to_str()) {
        Some("gz") => Box::new(MultiGzDecoder::new(file)),
        Some("xz") => Box::new(XzDecoder::new(file)),
        _ => Box::new(file),
    };
    let mut log = Vec::new();
    reader
        .read_to_end(&mut log)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    log
}
