//! The difference between the shares of two waves.
//!
//! R. G. Newcombe, Interval estimation for the difference between independent proportions: comparison of eleven methods, Statistics in
//! Medicine 17 (1998) 873–890, method 10: the hybrid score interval, made of the Wilson intervals of both shares. The waves must be
//! independent samples.

use super::wilson;

/// A difference with its bounds at [`super::LEVEL`], as shares from −1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Difference {
    pub difference: f64,
    pub low: f64,
    pub high: f64,
}

/// How much `later` lies above `earlier`, each a share with its sample size, which may be an effective one. `None` where there is no
/// Wilson interval.
pub fn newcombe(earlier: (f64, f64), later: (f64, f64)) -> Option<Difference> {
    let ((before, n_before), (now, n_now)) = (earlier, later);
    let (low_before, high_before) = wilson(before, n_before)?;
    let (low_now, high_now) = wilson(now, n_now)?;
    let difference = now - before;
    let low = difference - (now - low_now).hypot(high_before - before);
    let high = difference + (high_now - now).hypot(before - low_before);
    Some(Difference { difference, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turning_the_waves_round_turns_the_signs() {
        let there = newcombe((0.8, 400.0), (0.88, 350.0)).unwrap();
        let back = newcombe((0.88, 350.0), (0.8, 400.0)).unwrap();
        assert!((there.low + back.high).abs() < 1e-15 && (there.high + back.low).abs() < 1e-15);
        assert!(there.low < there.difference && there.difference < there.high);
    }

    #[test]
    fn nothing_from_nothing_and_within_bounds_at_the_edge() {
        assert_eq!(newcombe((0.5, 0.0), (0.5, 10.0)), None);
        let all = newcombe((0.0, 10.0), (1.0, 10.0)).unwrap();
        assert!(all.high <= 1.0 && all.low > 0.0);
    }
}
