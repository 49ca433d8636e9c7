//! The articles of the site and the paths below them.
//!
//! An article is no more than its number: date and title are computed from it whenever a
//! line needs them. A table of ready-made paths would be no faster once it outgrows the
//! cache, and its size would limit the number of articles.

use crate::number::{decimal, two_digits};
use crate::random::{portion, scramble};

/// The start of every address on the site, as it appears in a referrer.
pub(crate) const ORIGIN: &[u8] = b"http://www.tbray.org";
/// The oldest year of the archive.
const FIRST_YEAR: u64 = 2002;
/// From January of the first year to September of 2006, when the log begins.
const MONTHS: u64 = 57;
/// The days on which articles appear: those that every month has.
const DAYS_PER_MONTH: u64 = 28;

/// The words of which titles and search queries consist. Each starts with its only capital
/// letter (but for the one with an escape), so that words which are joined without a hyphen
/// still make distinct titles.
#[rustfmt::skip]
pub(crate) const WORDS: [&[u8]; 128] = [
    b"Amber", b"Anchor", b"Apple", b"Archive", b"Autumn", b"Balance", b"Bamboo", b"Basket",
    b"Beacon", b"Bicycle", b"Birch", b"Border", b"Bridge", b"Bronze", b"Bucket", b"Cable",
    b"Caf%C3%A9", b"Candle", b"Canvas", b"Cedar", b"Chalk", b"Cinema", b"Circle", b"Clay",
    b"Cloud", b"Compass", b"Copper", b"Coral", b"Cotton", b"Crane", b"Crystal", b"Daisy",
    b"Delta", b"Desert", b"Door", b"Dragon", b"Dust", b"Eagle", b"Echo", b"Ember",
    b"Engine", b"Errors", b"Feather", b"Ferry", b"Fiddle", b"Flag", b"Forest", b"Fossil",
    b"Fountain", b"Garden", b"Ginger", b"Glacier", b"Glass", b"Granite", b"Gravel", b"Hammer",
    b"Harbour", b"Harvest", b"Hazel", b"Helmet", b"Honey", b"Horizon", b"Hotel", b"Indigo",
    b"Island", b"Ivory", b"Jacket", b"Jasmine", b"Journal", b"Jungle", b"Kettle", b"Keyboard",
    b"Ladder", b"Lagoon", b"Lamp", b"Lantern", b"Leaf", b"Lemon", b"Letter", b"Linen",
    b"Magnet", b"Maple", b"Marble", b"Meadow", b"Mirror", b"Mosaic", b"Needle", b"Night",
    b"Oak", b"Ocean", b"Olive", b"Orbit", b"Orchard", b"Paper", b"Parade", b"Pebble",
    b"Pencil", b"Pepper", b"Piano", b"Planet", b"Pocket", b"Quarry", b"Quilt", b"Radio",
    b"Railway", b"Raven", b"Ribbon", b"River", b"Saddle", b"Sail", b"Salt", b"Shadow",
    b"Signal", b"Silver", b"Snow", b"Spiral", b"Station", b"Stone", b"Summer", b"Tempo",
    b"Thread", b"Tides", b"Timber", b"Tower", b"Tunnel", b"Velvet", b"Window", b"Winter",
];
const WORD_BITS: u32 = WORDS.len().ilog2();

/// One article of the site.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Article(pub(crate) u64);

impl Article {
    /// Appends the folder of the day, such as `/ongoing/When/200x/2006/09/29/`.
    #[inline]
    pub(crate) fn write_folder(self, out: &mut Vec<u8>) {
        let mut folder = *b"/ongoing/When/200x/2006/09/29/";
        let days = portion(self.traits(), MONTHS * DAYS_PER_MONTH);
        let months = days / DAYS_PER_MONTH;
        folder[21..23].copy_from_slice(&two_digits(FIRST_YEAR + months / 12));
        folder[24..26].copy_from_slice(&two_digits(months % 12 + 1));
        folder[27..29].copy_from_slice(&two_digits(days % DAYS_PER_MONTH + 1));
        out.extend_from_slice(&folder);
    }

    /// Appends the path, such as `/ongoing/When/200x/2006/09/29/Silver-Lantern`.
    #[inline]
    pub(crate) fn write_path(self, out: &mut Vec<u8>) {
        self.write_folder(out);
        self.write_title(out);
    }

    /// Appends the path of one of the article's images.
    #[inline]
    pub(crate) fn write_image(self, image: u64, out: &mut Vec<u8>) {
        self.write_folder(out);
        let traits = scramble(self.traits().wrapping_add(image));
        if traits & 3 == 0 {
            out.extend_from_slice(WORDS[(traits >> 8) as usize % WORDS.len()]);
            out.extend_from_slice(b"-600x");
            decimal(out, 300 + (traits >> 16) % 500);
        } else {
            out.extend_from_slice(b"PICT");
            decimal(out, 1_000 + (traits >> 16) % 9_000);
        }
        let extension = match (traits >> 2) & 15 {
            0..=12 => b".png",
            13..=14 => b".jpg",
            _ => b".gif",
        };
        out.extend_from_slice(extension);
    }

    /// Appends the title: as many words as it takes to tell all articles apart.
    ///
    /// The number is read in the bijective base of as many digits as there are words, so no
    /// two articles share a title; a multiplication by an odd number shuffles the titles of
    /// equal length, so that neighbours do not look alike.
    fn write_title(self, out: &mut Vec<u8>) {
        let joined = self.traits() & 1 == 0;
        let mut number = self.0;
        let mut words = 1;
        while number >> (WORD_BITS * words) != 0 {
            number -= 1 << (WORD_BITS * words);
            words += 1;
        }
        number = number.wrapping_mul(0x9e37_79b1);
        for word in 0..words {
            if word > 0 && !joined {
                out.push(b'-');
            }
            let digit = (number >> (WORD_BITS * word)) as usize % WORDS.len();
            out.extend_from_slice(WORDS[digit]);
        }
    }

    fn traits(self) -> u64 {
        scramble(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn text(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("paths are text")
    }

    #[test]
    fn titles_are_distinct_and_grow_by_the_word() {
        let title = |number| text(|out| Article(number).write_title(out));
        let titles: HashSet<String> = (0..60_000).map(title).collect();
        assert_eq!(titles.len(), 60_000);
        let words = |number| title(number).matches(char::is_uppercase).count();
        // An escaped letter in a title holds capitals of its own.
        assert!((0..128).all(|number| words(number) == 1 || title(number).contains('%')));
        assert!(words(128) >= 2 && words(128 + 128 * 128) >= 3);
    }

    #[test]
    fn dates_lie_between_the_first_year_and_the_log() {
        for number in 0..10_000 {
            let folder = text(|out| Article(number).write_folder(out));
            let date = folder
                .strip_prefix("/ongoing/When/200x/")
                .expect("the archive's folder");
            assert!(("2002/01/01/".."2006/10").contains(&date), "{folder}");
        }
    }

    #[test]
    fn images_lie_in_the_folder_of_their_article() {
        let folder = text(|out| Article(5).write_folder(out));
        assert!(text(|out| Article(5).write_image(1, out)).starts_with(&folder));
    }
}
