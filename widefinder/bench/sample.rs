//! Times of the same work, and what is said of them.

/// Times of the same work in seconds, in the order in which they were measured;
/// at least one.
#[derive(Clone, PartialEq, Debug)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Holds what was measured.
    ///
    /// # Panics
    ///
    /// When that is nothing.
    pub fn new(seconds: Vec<f64>) -> Sample {
        assert!(!seconds.is_empty(), "nothing was measured");
        Sample(seconds)
    }

    /// The times, in the order in which they were measured.
    pub fn seconds(&self) -> &[f64] {
        &self.0
    }

    /// The median, which an outlier does not move.
    ///
    /// ```
    /// use widefinder::bench::Sample;
    ///
    /// assert_eq!(Sample::new(vec![3.0, 1.0, 90.0]).median(), 3.0);
    /// assert_eq!(Sample::new(vec![1.0, 2.0]).median(), 1.5);
    /// ```
    pub fn median(&self) -> f64 {
        median(self.0.clone())
    }

    /// The shortest time.
    pub fn shortest(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// The longest time.
    pub fn longest(&self) -> f64 {
        self.0.iter().copied().fold(0.0, f64::max)
    }

    /// The median distance from the median, as a share of the median: what the
    /// noise of a usual run is.
    ///
    /// ```
    /// use widefinder::bench::Sample;
    ///
    /// assert_eq!(Sample::new(vec![0.9, 1.0, 1.1, 1.0, 5.0]).noise(), 0.09999999999999998);
    /// ```
    pub fn noise(&self) -> f64 {
        let middle = self.median();
        let distances = self.0.iter().map(|time| (time - middle).abs());
        share(median(distances.collect()), middle)
    }

    /// Which run took the median time, or the one next below it.
    pub fn typical(&self) -> usize {
        let mut order: Vec<_> = (0..self.0.len()).collect();
        order.sort_by(|&a, &b| self.0[a].total_cmp(&self.0[b]));
        order[(order.len() - 1) / 2]
    }
}

/// A part of a whole; 0 of nothing.
pub(super) fn share(part: f64, whole: f64) -> f64 {
    match whole > 0.0 {
        true => part / whole,
        false => 0.0,
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len().is_multiple_of(2) {
        true => f64::midpoint(values[middle - 1], values[middle]),
        false => values[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    #[test]
    fn the_typical_run_is_one_that_was_measured() {
        assert_eq!(Sample::new(vec![5.0, 1.0, 3.0]).typical(), 2);
        assert_eq!(Sample::new(vec![2.0, 1.0]).typical(), 1);
        assert_eq!(Sample::new(vec![7.0]).typical(), 0);
    }

    #[test]
    fn equal_times_have_no_noise() {
        assert_eq!(Sample::new(vec![2.0; 4]).noise(), 0.0);
        assert_eq!(Sample::new(vec![0.0; 4]).noise(), 0.0);
    }

    proptest! {
        #[test]
        fn the_median_lies_within_and_half_on_each_side(times in vec(0.0..10.0, 1..20)) {
            let sample = Sample::new(times.clone());
            let median = sample.median();
            prop_assert!((sample.shortest()..=sample.longest()).contains(&median));
            let below = times.iter().filter(|&&time| time < median).count();
            let above = times.iter().filter(|&&time| time > median).count();
            prop_assert!(below.max(above) * 2 <= times.len());
            prop_assert!(times[sample.typical()] <= median);
        }
    }
}
