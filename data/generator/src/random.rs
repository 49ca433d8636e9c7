//! Random numbers: xoshiro256++ and everything that is drawn from it.
//!
//! The generator is written out here because a log must stay the same, byte for byte, for
//! as long as its options do; most crates keep their stream only within a version. For the
//! same reason no draw uses a floating-point function, which may differ between platforms.

/// The largest value of [`Random::next`] plus one, as a floating-point number.
const RANGE: f64 = 18_446_744_073_709_551_616.0;

/// The most ranks to draw from: the bits of one draw must do for an octave and a value in it.
const MOST_RANKS: u64 = 1 << 30;

/// A probability, as the number of 64-bit values below which a draw counts as a success.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    /// Converts a share; one multiplication by a power of two is exact everywhere.
    pub(crate) fn new(share: f64) -> Self {
        Self((share * RANGE) as u64)
    }
}

/// The stream of random numbers behind one log.
///
/// D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM
/// Transactions on Mathematical Software 47 (2021): xoshiro256++.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: [u64; 4],
}

impl Random {
    /// Starts a stream; the authors advise to fill the state from `SplitMix64`.
    pub(crate) fn new(seed: u64) -> Self {
        let start = scramble(seed);
        let state = [0, 1, 2, 3].map(|step: u64| scramble(start.wrapping_add(step)));
        Self { state }
    }

    /// Draws 64 random bits.
    #[inline]
    pub(crate) fn next(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.state;
        let drawn = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        drawn
    }

    /// Draws a number below `limit`, which must not be 0.
    ///
    /// The product's high half favours some numbers by at most `limit` in 2^64, too little
    /// to see, and needs no division.
    #[inline]
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        portion(self.next(), limit)
    }

    /// Draws whether something happens.
    #[inline]
    pub(crate) fn happens(&mut self, chance: Chance) -> bool {
        self.next() < chance.0
    }

    /// Draws a rank below `count` with a probability proportional to `1 / (rank + 2^flat)`.
    ///
    /// This is Zipf's law with Mandelbrot's offset: the larger `flat`, the more alike the
    /// first ranks. An octave is drawn first, then a value in it, which is rejected so that
    /// the flat octave gets the slope of 1/x; exact, without a table, and the number of
    /// ranks may grow from one draw to the next. `count` must not be 0; ranks from
    /// [`MOST_RANKS`] on are not drawn.
    #[inline]
    pub(crate) fn rank(&mut self, count: u64, flat: u32) -> u64 {
        let first = 1_u64 << flat;
        let last = first + count.min(MOST_RANKS) - 1;
        let octaves = u64::from(last.ilog2() - flat + 1);
        loop {
            let drawn = self.next();
            let octave = flat + portion(drawn, octaves) as u32;
            let start = 1_u64 << octave;
            // The octave hangs on the high bits alone, so the low ones are still free.
            let value = start | (drawn & (start - 1));
            if value <= last && self.below(value) < start {
                return value - first;
            }
        }
    }

    /// Draws one of `choices` by weight; the weights add up to 1,000.
    #[inline]
    pub(crate) fn weighted<T: Copy>(&mut self, choices: &[(u16, T)]) -> T {
        let mut drawn = self.below(1_000) as u16;
        let (last, rest) = choices.split_last().expect("a choice has an alternative");
        for &(weight, choice) in rest {
            if drawn < weight {
                return choice;
            }
            drawn -= weight;
        }
        last.1
    }
}

/// Spreads the bits of a number: equal numbers give equal results, others look random.
///
/// This is the output of that index of `SplitMix64`: G. Steele, D. Lea and C. Flood, "Fast
/// Splittable Pseudorandom Number Generators", OOPSLA 2014. It lets a client or an article
/// keep its properties without any memory of it.
#[inline]
pub(crate) fn scramble(number: u64) -> u64 {
    let mut bits = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Maps 64 random bits onto the numbers below `limit`.
#[inline]
pub(crate) fn portion(bits: u64, limit: u64) -> u64 {
    ((u128::from(bits) * u128::from(limit)) >> 64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_that_of_the_reference_implementation() {
        let mut random = Random {
            state: [1, 2, 3, 4],
        };
        let drawn = [(); 4].map(|()| random.next());
        assert_eq!(
            drawn,
            [
                41_943_041,
                58_720_359,
                3_588_806_011_781_223,
                3_591_011_842_654_386
            ]
        );
    }

    #[test]
    fn ranks_follow_zipfs_law() {
        let mut random = Random::new(7);
        let mut counts = [0_u32; 100];
        for _ in 0..1_000_000 {
            counts[random.rank(100, 0) as usize] += 1;
        }
        // The harmonic number of 100 is 5.1874.
        for rank in [0, 1, 2, 3, 6, 7, 31, 63, 99] {
            let expected = 1_000_000.0 / 5.1874 / (rank + 1) as f64;
            let error = (f64::from(counts[rank]) - expected).abs();
            assert!(
                error < 5.0 * expected.sqrt(),
                "rank {rank}: {}",
                counts[rank]
            );
        }
    }

    #[test]
    fn an_offset_levels_the_first_ranks() {
        let mut random = Random::new(7);
        let mut counts = [0_u32; 24];
        for _ in 0..300_000 {
            counts[random.rank(24, 3) as usize] += 1;
        }
        let ratio = f64::from(counts[0]) / f64::from(counts[8]);
        assert!((1.9..2.1).contains(&ratio), "{ratio}");
    }

    #[test]
    fn a_single_rank_is_always_drawn() {
        assert_eq!(Random::new(1).rank(1, 0), 0);
        assert_eq!(Random::new(1).rank(1, 3), 0);
    }

    #[test]
    fn shares_of_nothing_and_everything_are_certain() {
        let mut random = Random::new(1);
        assert!((0..1_000).all(|_| !random.happens(Chance::new(0.0))));
        assert!((0..1_000).all(|_| random.happens(Chance::new(1.0))));
    }
}
