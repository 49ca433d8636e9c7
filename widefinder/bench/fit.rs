//! Laws of scaling, fitted to times by threads.
//!
//! Both laws are linear in the times: what takes as long with any number of
//! threads, what is divided by them, and what grows with them. So the fit is a
//! linear one, of the *relative* deviations, since the noise of a time is a share
//! of it. To fit speed-ups instead would give the noise of the one-thread run to
//! all others.

use super::least_squares;

/// A law with its parameters.
pub trait Fit {
    /// How many numbers of threads it takes to fit it: one more than it has
    /// parameters, so that there is something to deviate from.
    const NEEDED: usize;

    /// Its name.
    const NAME: &'static str;

    /// Fits it to the times in seconds by numbers of threads.
    ///
    /// # Panics
    ///
    /// When there are fewer than [`Fit::NEEDED`].
    fn fit(times: &[(usize, f64)]) -> Self;

    /// The seconds that it predicts for so many threads.
    fn seconds(&self, threads: f64) -> f64;

    /// The root of the mean square of the relative deviations.
    fn error(&self) -> f64;

    /// Fits it to those times that were measured on cores of their own, or says
    /// why not.
    ///
    /// # Errors
    ///
    /// When they are too few; the message is a sentence without a full stop.
    fn try_fit(times: &[(usize, f64)], cores: usize) -> Result<Self, String>
    where
        Self: Sized,
    {
        let fair = times.iter().copied();
        let fair: Vec<_> = fair.filter(|(threads, _)| *threads <= cores).collect();
        if fair.len() < Self::NEEDED {
            return Err(format!(
                "not fitted: it takes {} numbers of threads that do not exceed the cores ({cores}), \
                 and {} measured",
                Self::NEEDED,
                match fair.len() {
                    1 => "1 was".to_owned(),
                    number => format!("{number} were"),
                }
            ));
        }
        Ok(Self::fit(&fair))
    }
}

/// Amdahl's law: a part of the work is serial, the rest is divided by the
/// threads.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Amdahl {
    /// Seconds of the serial part.
    pub serial: f64,
    /// Seconds of the rest, on one thread.
    pub parallel: f64,
    /// The root of the mean square of the relative deviations.
    pub error: f64,
}

impl Amdahl {
    /// The share of the serial part in the work of one thread, from 0 to 1.
    pub fn serial_share(&self) -> f64 {
        self.serial / (self.serial + self.parallel)
    }

    /// The largest speed-up over one thread, with any number of threads; `None`
    /// if there is no serial part to limit it.
    pub fn limit(&self) -> Option<f64> {
        (self.serial > 0.0).then(|| 1.0 / self.serial_share())
    }
}

impl Fit for Amdahl {
    const NEEDED: usize = 3;
    const NAME: &'static str = "Amdahl's law";

    fn fit(times: &[(usize, f64)]) -> Amdahl {
        assert!(times.len() >= Amdahl::NEEDED, "too few times");
        let row = |&(threads, time): &(usize, f64)| [1.0 / time, 1.0 / (threads as f64 * time)];
        let rows: Vec<_> = times.iter().map(row).collect();
        let ([serial, parallel], error) = least_squares::fit(&rows, None);
        Amdahl {
            serial,
            parallel,
            error,
        }
    }

    fn seconds(&self, threads: f64) -> f64 {
        self.serial + self.parallel / threads
    }

    fn error(&self) -> f64 {
        self.error
    }
}

/// The universal scalability law of Neil Gunther: besides the serial part
/// (contention) the threads cost each other time, pair by pair (coherence), so
/// that there may be a number of threads beyond which more are slower.
///
/// `seconds(n) = one · (1 + contention · (n - 1) + coherence · n · (n - 1)) / n`
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Usl {
    /// Seconds of one thread.
    pub one: f64,
    /// The share of the work that threads wait for each other to do.
    pub contention: f64,
    /// The share of the work that each pair of threads adds.
    pub coherence: f64,
    /// The root of the mean square of the relative deviations.
    pub error: f64,
}

impl Usl {
    /// The number of threads that is the fastest; `None` if more are always
    /// faster.
    pub fn peak(&self) -> Option<f64> {
        let peak = ((1.0 - self.contention).max(0.0) / self.coherence).sqrt();
        (self.coherence > 0.0).then_some(peak.max(1.0))
    }
}

impl Fit for Usl {
    const NEEDED: usize = 4;
    const NAME: &'static str = "the universal scalability law";

    fn fit(times: &[(usize, f64)]) -> Usl {
        assert!(times.len() >= Usl::NEEDED, "too few times");
        let row = |&(threads, time): &(usize, f64)| {
            let n = threads as f64;
            [1.0 / (n * time), (n - 1.0) / (n * time), (n - 1.0) / time]
        };
        let rows: Vec<_> = times.iter().map(row).collect();
        // Without the work of one thread the others are shares of nothing.
        let ([one, contention, coherence], error) = least_squares::fit(&rows, Some(0));
        Usl {
            one,
            contention: contention / one,
            coherence: coherence / one,
            error,
        }
    }

    fn seconds(&self, threads: f64) -> f64 {
        let others = threads - 1.0;
        let cost = 1.0 + self.contention * others + self.coherence * threads * others;
        self.one * cost / threads
    }

    fn error(&self) -> f64 {
        self.error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-6
    }

    #[test]
    fn too_few_counts_are_told() {
        let times = [(1, 1.0), (2, 0.5), (4, 0.3), (8, 0.3)];
        assert_eq!(
            Amdahl::try_fit(&times, 2).unwrap_err(),
            "not fitted: it takes 3 numbers of threads that do not exceed the cores (2), and 2 \
             were measured"
        );
        assert!(Amdahl::try_fit(&times, 4).is_ok());
        assert!(Usl::try_fit(&times, 4).is_err());
        assert!(Usl::try_fit(&times, 8).is_ok());
        let one = Usl::try_fit(&times, 1).unwrap_err();
        assert!(one.ends_with("and 1 was measured"), "{one}");
    }

    #[test]
    fn what_scales_better_than_ideal_has_no_serial_part() {
        let law = Amdahl::fit(&[(1, 1.0), (2, 0.45), (4, 0.2)]);
        assert_eq!((law.serial, law.limit()), (0.0, None));
        let law = Usl::fit(&[(1, 1.0), (2, 0.45), (4, 0.2), (8, 0.1)]);
        assert_eq!(
            (law.contention, law.coherence, law.peak()),
            (0.0, 0.0, None)
        );
    }

    #[test]
    fn what_does_not_scale_is_all_serial() {
        let law = Amdahl::fit(&[(1, 1.0), (2, 1.0), (4, 1.0)]);
        assert!(near(law.serial_share(), 1.0), "{law:?}");
        let law = Usl::fit(&[(1, 1.0), (2, 1.1), (4, 1.5), (8, 2.5)]);
        assert!(law.peak().is_some_and(|peak| peak < 4.0), "{law:?}");
    }

    proptest! {
        #[test]
        fn exact_times_give_the_parameters_of_amdahl(
            serial in 0.0..2.0f64,
            parallel in 0.01..9.0f64,
            threads in btree_set(1usize..129, 3..9),
        ) {
            let law = Amdahl { serial, parallel, error: 0.0 };
            let times: Vec<_> = threads.iter().map(|&n| (n, law.seconds(n as f64))).collect();
            let fitted = Amdahl::fit(&times);
            prop_assert!(near(fitted.serial, serial) && near(fitted.parallel, parallel), "{fitted:?}");
            prop_assert!(fitted.error < 1e-6);
            prop_assert!(near(fitted.serial_share(), serial / (serial + parallel)));
        }

        #[test]
        fn exact_times_give_the_parameters_of_the_universal_law(
            one in 0.1..9.0f64,
            contention in 0.0..0.5f64,
            coherence in 0.0..0.01f64,
            powers in btree_set(0u32..8, 4..9),
        ) {
            let law = Usl { one, contention, coherence, error: 0.0 };
            let times: Vec<_> = powers
                .iter()
                .map(|&power| (1 << power, law.seconds(f64::from(1 << power))))
                .collect();
            let fitted = Usl::fit(&times);
            let deviation = (fitted.one - one).abs() / one;
            prop_assert!(deviation < 1e-4, "{fitted:?}");
            prop_assert!((fitted.contention - contention).abs() < 1e-4, "{fitted:?}");
            prop_assert!((fitted.coherence - coherence).abs() < 1e-5, "{fitted:?}");
            prop_assert!(fitted.error < 1e-6);
        }

        #[test]
        fn noise_never_makes_a_parameter_negative(times in vec(0.01..9.0f64, 4..9)) {
            let times: Vec<_> = (1..).zip(times).collect();
            let (amdahl, usl) = (Amdahl::fit(&times), Usl::fit(&times));
            prop_assert!(amdahl.serial >= 0.0 && amdahl.parallel >= 0.0);
            prop_assert!(usl.one > 0.0 && usl.contention >= 0.0 && usl.coherence >= 0.0);
            prop_assert!(usl.peak().is_none_or(|peak| peak >= 1.0));
        }
    }
}
