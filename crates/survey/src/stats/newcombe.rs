//! Newcombe's hybrid score interval for the difference of two proportions.
//!
//! R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven methods, Statistics in
//! Medicine 17 (1998) 873–890, method 10. With the shares p₁ (earlier) and p₂ (later) and their Wilson intervals (l₁, u₁), (l₂, u₂):
//!
//! ```text
//! d    = p₂ − p₁
//! low  = d − √((p₂ − l₂)² + (u₁ − p₁)²)
//! high = d + √((u₂ − p₂)² + (p₁ − l₁)²)
//! ```
//!
//! The two samples must be independent.

use super::wilson_interval;

/// A share observed in a sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Proportion {
    /// From 0 to 1.
    pub share: f64,
    /// Sample size, which may be an effective one (see [`super::kish_design_effect`]).
    pub n: f64,
}

/// A difference of two shares with its interval at [`super::CONFIDENCE_LEVEL`]; all three from −1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DifferenceInterval {
    /// The later share less the earlier one.
    pub difference: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// A share with the bounds of its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoundedShare {
    /// From 0 to 1.
    pub share: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// How much `later` lies above `earlier`. `None` where one of the two has no Wilson interval.
pub fn newcombe_interval(earlier: Proportion, later: Proportion) -> Option<DifferenceInterval> {
    let bounded = |of: Proportion| {
        let (low, high) = wilson_interval(of.share, of.n)?;
        Some(BoundedShare { share: of.share, low, high })
    };
    Some(difference_of_bounded(bounded(earlier)?, bounded(later)?))
}

/// The same from intervals that were computed in any way, as those of complex designs (MOVER: G. Y. Zou, A. Donner, Construction of
/// confidence limits about effect measures: a general approach, Statistics in Medicine 27 (2008) 1693–1702).
pub fn difference_of_bounded(earlier: BoundedShare, later: BoundedShare) -> DifferenceInterval {
    let difference = later.share - earlier.share;
    DifferenceInterval {
        difference,
        low: difference - (later.share - later.low).hypot(earlier.high - earlier.share),
        high: difference + (later.high - later.share).hypot(earlier.share - earlier.low),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(share: f64, n: f64) -> Proportion {
        Proportion { share, n }
    }

    #[test]
    fn swapping_the_waves_negates_the_interval() {
        let there = newcombe_interval(of(0.8, 400.0), of(0.88, 350.0)).unwrap();
        let back = newcombe_interval(of(0.88, 350.0), of(0.8, 400.0)).unwrap();
        assert!((there.low + back.high).abs() < 1e-15 && (there.high + back.low).abs() < 1e-15);
        assert!(there.low < there.difference && there.difference < there.high);
    }

    #[test]
    fn no_interval_without_respondents_and_bounds_stay_within_one() {
        assert_eq!(newcombe_interval(of(0.5, 0.0), of(0.5, 10.0)), None);
        let all = newcombe_interval(of(0.0, 10.0), of(1.0, 10.0)).unwrap();
        assert!(all.high <= 1.0 && all.low > 0.0);
    }
}
