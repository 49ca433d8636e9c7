//! The referrers from other sites: links and searches.
//!
//! Like an article, an outside page is only a number. Their number grows with the log, and
//! the early ones send most of the visitors.

use crate::number::decimal;
use crate::path::WORDS;
use crate::random::{Random, scramble};

/// The outside pages that are known from the start.
const FIRST_PAGES: u64 = 64;
/// One more page appears each time this many lines were written.
const LINES_PER_PAGE: u64 = 24;
/// The flattening of the popularity: 2^2 pages are about equally popular.
const FLATNESS: u32 = 2;

const SITES: [&[u8]; 16] = [
    b"http://planet-reader.example/",
    b"http://links.example.org/popular/",
    b"http://www.stonemill.example/weblog/",
    b"http://del.example/url/",
    b"http://blogs.meridian.example.com/page?entry=",
    b"http://forum.polytechnic.example.org/viewtopic.php?t=",
    b"http://www.morning-paper.example/reader/view?feed=",
    b"http://notes.example.net/archives/2006/09/",
    b"http://myspaces.example.com/index.cfm?action=user.view&friend=",
    b"http://wiki.example.org/index.php/",
    b"http://aggregate.example/top/",
    b"http://www.kingsbridge.example.org/~ada/links.html#",
    b"http://dev.example/stories/",
    b"http://journal.example.com/users/lark/",
    b"http://images.lodestar-search.example.com/imgres?imgurl=",
    b"http://bookmarks.example.net/tag/",
];

/// Appends the address of a page on another site.
#[inline]
pub(crate) fn write_outside(lines: u64, random: &mut Random, out: &mut Vec<u8>) {
    let pages = FIRST_PAGES + lines / LINES_PER_PAGE;
    let traits = scramble(random.rank(pages, FLATNESS));
    if traits % 8 < 3 {
        write_search(traits, b'+', out);
    } else {
        out.extend_from_slice(SITES[(traits >> 8) as usize % SITES.len()]);
        decimal(out, (traits >> 16) % 100_000);
    }
}

/// Appends the address of a search whose words `separator` divides.
#[inline]
pub(crate) fn write_search(traits: u64, separator: u8, out: &mut Vec<u8>) {
    out.extend_from_slice(b"http://www.lodestar-search.example.com/search?hl=en&q=");
    // Now and then someone pastes a whole paragraph.
    let words = if (traits >> 3).is_multiple_of(128) {
        72
    } else {
        2 + (traits >> 10) % 4
    };
    let mut bits = traits;
    for word in 0..words {
        if word > 0 {
            out.push(separator);
        }
        out.extend_from_slice(WORDS[bits as usize % WORDS.len()]);
        bits = scramble(bits);
    }
    if traits >> 62 == 0 {
        out.extend_from_slice(b"&start=10&sa=N");
    }
}
