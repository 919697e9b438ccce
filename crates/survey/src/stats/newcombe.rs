//! The difference between the shares of two waves.
//!
//! R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven methods, Statistics in
//! Medicine 17 (1998) 873–890, method 10: the hybrid score interval, made of the Wilson intervals of both shares. The waves must be
//! independent samples.

use super::wilson_interval;

/// A difference with its bounds at [`super::CONFIDENCE_LEVEL`], as shares from −1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DifferenceInterval {
    pub difference: f64,
    pub low: f64,
    pub high: f64,
}

/// How much `later` lies above `earlier`, each a share with its sample size, which may be an effective one. `None` where there is no
/// Wilson interval.
pub fn newcombe_interval(earlier: (f64, f64), later: (f64, f64)) -> Option<DifferenceInterval> {
    let ((before, n_before), (now, n_now)) = (earlier, later);
    let (low_before, high_before) = wilson_interval(before, n_before)?;
    let (low_now, high_now) = wilson_interval(now, n_now)?;
    let difference = now - before;
    let low = difference - (now - low_now).hypot(high_before - before);
    let high = difference + (high_now - now).hypot(before - low_before);
    Some(DifferenceInterval { difference, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapping_the_waves_negates_the_interval() {
        let there = newcombe_interval((0.8, 400.0), (0.88, 350.0)).unwrap();
        let back = newcombe_interval((0.88, 350.0), (0.8, 400.0)).unwrap();
        assert!((there.low + back.high).abs() < 1e-15 && (there.high + back.low).abs() < 1e-15);
        assert!(there.low < there.difference && there.difference < there.high);
    }

    #[test]
    fn no_interval_without_respondents_and_bounds_stay_within_one() {
        assert_eq!(newcombe_interval((0.5, 0.0), (0.5, 10.0)), None);
        let all = newcombe_interval((0.0, 10.0), (1.0, 10.0)).unwrap();
        assert!(all.high <= 1.0 && all.low > 0.0);
    }
}
