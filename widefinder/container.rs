//! What may hold a log and is none: archives of several files, ways to compress that
//! are not unpacked here, text that is not in ASCII or UTF-8. Its lines would be
//! counted, and wrong: a tar puts a header before the first line of each file.
//!
//! Sources: POSIX.1-2017, pax, "ustar Interchange Format"; PKWARE's APPNOTE; RFC 1952
//! and the manuals of the compressors for their first bytes; the Unicode Standard,
//! section 23.8, for the byte-order marks.

use crate::unpack::Packing;

/// Where a tar says that it is one.
const USTAR: usize = 257;

/// Says what an input is that begins like this, and how to read it, unless it may be a
/// log. The beginning is unpacked, if the input was packed.
pub(crate) fn advice(beginning: &[u8], name: &str, packed: Option<Packing>) -> Option<String> {
    if Packing::of(beginning).is_some() {
        return Some("is compressed twice; try it once unpacked".to_owned());
    }
    let (what, reader) = foreign(beginning)?;
    let reader = match packed {
        Some(packing) => format!("{} {name} | {reader} -", packing.tool()),
        None => format!("{reader} {name}"),
    };
    Some(format!("is {what}; try: {reader} | widefinder -"))
}

/// What it is, and the program that reads it.
fn foreign(beginning: &[u8]) -> Option<(&'static str, &'static str)> {
    let magic = beginning.get(USTAR..);
    let magics: [&[u8]; 2] = [b"ustar\0", b"ustar  \0"];
    if magic.is_some_and(|magic| magics.iter().any(|known| magic.starts_with(known))) {
        return Some(("a tar archive", "tar -xOf"));
    }
    match beginning {
        [b'P', b'K', 3, 4, ..] => Some(("a zip archive", "unzip -p")),
        [b'7', b'z', 0xbc, 0xaf, 0x27, 0x1c, ..] => Some(("a 7z archive", "7z x -so")),
        [0x04, 0x22, 0x4d, 0x18, ..] => Some(("compressed with lz4", "lz4 -dc")),
        [0x5d, 0, 0, ..] => Some(("compressed with lzma", "xz -F lzma -dc")),
        [0x1f, 0x9d, ..] => Some(("compressed with compress", "gzip -dc")),
        // That of UTF-16 begins in the same way.
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            Some(("text in UTF-32", "iconv -f UTF-32 -t UTF-8"))
        }
        // One of two bytes of a character of ASCII is 0.
        [0xff, 0xfe, _, 0, ..] | [0xfe, 0xff, 0, _, ..] => {
            Some(("text in UTF-16", "iconv -f UTF-16 -t UTF-8"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_log_is_told_by_its_first_bytes() {
        let tar = [&b"a.log"[..], &[0; 252], b"ustar  \0", &[0; 247]].concat();
        for (beginning, expected) in [
            (&tar[..], "is a tar archive; try: tar -xOf F | widefinder -"),
            (
                b"PK\x03\x04\x14",
                "is a zip archive; try: unzip -p F | widefinder -",
            ),
            (
                b"\x1f\x9d\x90",
                "is compressed with compress; try: gzip -dc F | widefinder -",
            ),
            (
                b"\xff\xfe1\0",
                "is text in UTF-16; try: iconv -f UTF-16 -t UTF-8 F | widefinder -",
            ),
            (
                b"\xff\xfe\0\x001\0\0\0",
                "is text in UTF-32; try: iconv -f UTF-32 -t UTF-8 F | widefinder -",
            ),
            (b"\x1f\x8b\x08", "is compressed twice; try it once unpacked"),
        ] {
            assert_eq!(advice(beginning, "F", None).as_deref(), Some(expected));
        }
        assert_eq!(
            advice(&tar, "F", Some(Packing::Gzip)).as_deref(),
            Some("is a tar archive; try: zcat F | tar -xOf - | widefinder -")
        );
        let (cut, late) = (&tar[..260], [&b"x"[..], &tar].concat());
        for beginning in [
            &b""[..],
            b"PK.example - -",
            b"\xef\xbb\xbf::1",
            b"\xff\xfe - -",
            cut,
            &late,
        ] {
            assert_eq!(advice(beginning, "F", None), None);
        }
    }
}
