//! What is requested, and how the server answers: the shares of the reference log.
//!
//! The figures are set per target and not per log, so a status, a referrer and a size fit
//! the path beside them; the shares of a whole log follow from the mixture. The tests hold
//! the mixture against the genuine log.

use crate::client::Visitor::{self, Browser, Reader, Robot};
use crate::number::decimal;
use crate::path::{Article, ORIGIN, WORDS};
use crate::random::{Random, portion, scramble};

/// The articles among the requests of the reference log, in thousandths.
pub(crate) const ARTICLE_SHARE: u64 = 88;

/// The kinds of paths that are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Article,
    Image,
    Replies,
    Folder,
    Manuscript,
    Feed,
    FormerFeed,
    Furniture,
    Caption,
    FrontPage,
    CrawlerRules,
    Missing,
}

/// Where a visitor comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Referrer {
    /// None is given.
    Unknown,
    /// A page of the site itself.
    Own,
    /// A page of another site.
    Outside,
}

/// The requests for one kind of path; every weight is in thousandths.
#[derive(Debug)]
pub(crate) struct Traffic {
    pub(crate) target: Target,
    /// The share in all requests of the reference log.
    share: u64,
    pub(crate) statuses: &'static [(u16, u16)],
    pub(crate) referrers: &'static [(u16, Referrer)],
    pub(crate) visitors: &'static [(u16, Visitor)],
    /// The smallest size of an answer in bytes, and the first that is too large.
    sizes: (u64, u64),
}

/// The requests for articles.
#[rustfmt::skip]
pub(crate) static ARTICLES: Traffic = Traffic {
    target: Target::Article, share: ARTICLE_SHARE, sizes: (2_400, 21_000),
    statuses: &[(845, 200), (87, 304), (52, 301), (8, 404), (6, 206), (2, 403)],
    referrers: &[(740, Referrer::Unknown), (200, Referrer::Outside), (60, Referrer::Own)],
    visitors: &[(450, Browser), (350, Robot), (200, Reader)],
};

/// All other requests, the most frequent first, so that the search for one is short.
#[rustfmt::skip]
static OTHERS: [Traffic; 11] = [
    Traffic {
        target: Target::Furniture, share: 268, sizes: (280, 130_000),
        statuses: &[(900, 200), (95, 304), (5, 206)],
        referrers: &[(775, Referrer::Own), (200, Referrer::Unknown), (25, Referrer::Outside)],
        visitors: &[(970, Browser), (30, Robot)],
    },
    Traffic {
        target: Target::Feed, share: 240, sizes: (38_000, 46_000),
        statuses: &[(801, 304), (189, 200), (10, 301)],
        referrers: &[(990, Referrer::Unknown), (8, Referrer::Own), (2, Referrer::Outside)],
        visitors: &[(800, Reader), (200, Browser)],
    },
    Traffic {
        target: Target::Image, share: 170, sizes: (9_000, 320_000),
        statuses: &[(830, 200), (100, 304), (40, 403), (20, 206), (10, 404)],
        referrers: &[(620, Referrer::Own), (190, Referrer::Outside), (190, Referrer::Unknown)],
        visitors: &[(900, Browser), (100, Robot)],
    },
    Traffic {
        target: Target::FormerFeed, share: 68, sizes: (300, 340),
        statuses: &[(1_000, 301)],
        referrers: &[(994, Referrer::Unknown), (6, Referrer::Outside)],
        visitors: &[(900, Reader), (100, Robot)],
    },
    Traffic {
        target: Target::Caption, share: 50, sizes: (140, 170),
        statuses: &[(965, 200), (35, 304)],
        referrers: &[(500, Referrer::Own), (500, Referrer::Unknown)],
        visitors: &[(1_000, Browser)],
    },
    Traffic {
        target: Target::Replies, share: 36, sizes: (0, 4_000),
        statuses: &[(930, 200), (40, 304), (30, 404)],
        referrers: &[(520, Referrer::Own), (480, Referrer::Unknown)],
        visitors: &[(960, Browser), (40, Robot)],
    },
    Traffic {
        target: Target::Folder, share: 22, sizes: (1_200, 9_000),
        statuses: &[(830, 200), (150, 301), (20, 404)],
        referrers: &[(990, Referrer::Unknown), (10, Referrer::Own)],
        visitors: &[(850, Robot), (150, Browser)],
    },
    Traffic {
        target: Target::FrontPage, share: 22, sizes: (17_000, 21_000),
        statuses: &[(670, 200), (250, 304), (80, 301)],
        referrers: &[(800, Referrer::Unknown), (170, Referrer::Outside), (30, Referrer::Own)],
        visitors: &[(700, Browser), (200, Robot), (100, Reader)],
    },
    Traffic {
        target: Target::Missing, share: 22, sizes: (280, 300),
        statuses: &[(1_000, 404)],
        referrers: &[(700, Referrer::Unknown), (200, Referrer::Own), (100, Referrer::Outside)],
        visitors: &[(600, Browser), (400, Robot)],
    },
    Traffic {
        target: Target::CrawlerRules, share: 10, sizes: (985, 986),
        statuses: &[(740, 200), (250, 301), (10, 304)],
        referrers: &[(1_000, Referrer::Unknown)],
        visitors: &[(1_000, Robot)],
    },
    Traffic {
        target: Target::Manuscript, share: 4, sizes: (280, 300),
        statuses: &[(500, 301), (500, 404)],
        referrers: &[(1_000, Referrer::Unknown)],
        visitors: &[(1_000, Robot)],
    },
];

const FURNITURE: [&[u8]; 16] = [
    b"/ongoing/screen.css",
    b"/ongoing/print.css",
    b"/ongoing/site.js",
    b"/ongoing/feed-icon.png",
    b"/ongoing/today.png",
    b"/ongoing/in-brief.xml",
    b"/favicon.ico",
    b"/ongoing/masthead.jpg",
    b"/ongoing/strip-1.jpg",
    b"/ongoing/strip-2.jpg",
    b"/ongoing/strip-3.jpg",
    b"/ongoing/strip-4.jpg",
    b"/ongoing/strip-5.jpg",
    b"/ongoing/strip-6.png",
    b"/ongoing/strip-7.png",
    b"/ongoing/strip-8.png",
];
const MISSING: [&[u8]; 8] = [
    b"/ongoing/.replies",
    b"/ongoing/undefined",
    b"/index.php",
    b"/cgi-bin/formmail.pl",
    b"/sitemap.gz",
    b"/wp-login.php",
    b"/ongoing/images/spacer.gif",
    b"/rss.xml",
];
/// One more mistyped path appears each time this many lines were written.
const LINES_PER_MISTAKE: u64 = 100;
/// The flattening of their popularity: 2^3 mistyped paths are about equally popular.
const MISTAKE_FLATNESS: u32 = 3;
/// The same for the furniture of a page: 2^2 parts are about equally popular.
const FURNITURE_FLATNESS: u32 = 2;
/// How many images an article has.
const IMAGES: u64 = 4;

/// Draws the requests of a line that is not for an article.
#[inline]
pub(crate) fn draw(random: &mut Random) -> &'static Traffic {
    let mut drawn = random.below(1_000 - ARTICLE_SHARE);
    for traffic in &OTHERS {
        if drawn < traffic.share {
            return traffic;
        }
        drawn -= traffic.share;
    }
    unreachable!("the shares add up")
}

impl Traffic {
    /// Appends the path; `lines` is the length of the log so far.
    pub(crate) fn write_path(
        &self,
        article: Article,
        lines: u64,
        random: &mut Random,
        out: &mut Vec<u8>,
    ) {
        match self.target {
            Target::Article => article.write_path(out),
            // An article's first image is also the most popular.
            Target::Image => article.write_image(random.rank(IMAGES, 0), out),
            Target::Replies => {
                article.write_path(out);
                out.extend_from_slice(b".replies");
            }
            Target::Manuscript => {
                article.write_path(out);
                out.extend_from_slice(b".txt");
            }
            Target::Folder => article.write_folder(out),
            Target::Feed => out.extend_from_slice(b"/ongoing/entries.atom"),
            Target::FormerFeed => out.extend_from_slice(b"/ongoing/entries.rss"),
            Target::Furniture => {
                let item = random.rank(FURNITURE.len() as u64, FURNITURE_FLATNESS);
                out.extend_from_slice(FURNITURE[item as usize]);
            }
            Target::Caption => {
                out.extend_from_slice(b"/ongoing/caption.xml?o=");
                out.extend_from_slice(ORIGIN);
                article.write_path(out);
            }
            Target::FrontPage => out.extend_from_slice(b"/ongoing/"),
            Target::CrawlerRules => out.extend_from_slice(b"/robots.txt"),
            Target::Missing => write_missing(lines, random, out),
        }
    }

    /// Returns the size of the answer in bytes; the same path has always the same size.
    pub(crate) fn size(&self, path: &[u8]) -> u64 {
        let (from, to) = self.sizes;
        let hash = path.iter().rev().take(24).fold(0_u64, |hash, &byte| {
            hash.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
        });
        from + portion(scramble(hash), to - from)
    }
}

fn write_missing(lines: u64, random: &mut Random, out: &mut Vec<u8>) {
    let mistake = random.next();
    if mistake & 1 == 0 {
        out.extend_from_slice(MISSING[(mistake >> 8) as usize % MISSING.len()]);
        return;
    }
    let mistake = random.rank(1 + lines / LINES_PER_MISTAKE, MISTAKE_FLATNESS);
    let traits = scramble(mistake);
    out.extend_from_slice(b"/ongoing/");
    out.extend_from_slice(WORDS[traits as usize % WORDS.len()]);
    decimal(out, mistake);
    out.extend_from_slice(if traits & 0x100 == 0 { b".html" } else { b"/" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_adds_up_to_a_thousand() {
        let mut shares = 0;
        for traffic in OTHERS.iter().chain([&ARTICLES]) {
            let name = traffic.target;
            let weights = |weights: &mut dyn Iterator<Item = u16>| weights.sum::<u16>();
            assert_eq!(
                weights(&mut traffic.statuses.iter().map(|s| s.0)),
                1_000,
                "{name:?}"
            );
            assert_eq!(
                weights(&mut traffic.referrers.iter().map(|r| r.0)),
                1_000,
                "{name:?}"
            );
            assert_eq!(
                weights(&mut traffic.visitors.iter().map(|v| v.0)),
                1_000,
                "{name:?}"
            );
            shares += traffic.share;
        }
        assert_eq!(shares, 1_000);
    }

    #[test]
    fn a_path_keeps_its_size() {
        let path = b"/ongoing/When/200x/2006/09/29/Silver-Lantern";
        assert_eq!(ARTICLES.size(path), ARTICLES.size(path));
        assert_ne!(ARTICLES.size(path), ARTICLES.size(&path[1..path.len() - 1]));
        assert!((2_400..21_000).contains(&ARTICLES.size(path)));
    }
}
