//! Wilson's score interval for a proportion.
//!
//! E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209–212; recommended for small
//! samples and shares near 0 or 1 by L. D. Brown, T. T. Cai, A. DasGupta, Interval estimation for a binomial proportion, Statistical
//! Science 16 (2001) 101–133.

/// Two-sided level of every interval puzhi prints.
pub const CONFIDENCE_LEVEL: f64 = 0.95;

/// The standard normal quantile of 0.975.
pub const Z_975: f64 = 1.959_963_984_540_054;

/// Both bounds at [`CONFIDENCE_LEVEL`] for a share on `n` respondents; `n` may be an effective sample size. `None` unless `n` is above 0 and the
/// share is within 0 and 1.
pub fn wilson_interval(share: f64, n: f64) -> Option<(f64, f64)> {
    wilson_interval_at(share, n, Z_975)
}

/// The same for another normal quantile.
pub fn wilson_interval_at(share: f64, n: f64, z: f64) -> Option<(f64, f64)> {
    if !(n > 0.0 && n.is_finite() && (0.0..=1.0).contains(&share)) {
        return None;
    }
    let zz = z * z;
    let middle = (share + zz / (2.0 * n)) / (1.0 + zz / n);
    let half = z / (1.0 + zz / n) * (share * (1.0 - share) / n + zz / (4.0 * n * n)).sqrt();
    // At 0 and 1 one bound is exact; the formula would miss it by a rounding.
    let low = if share == 0.0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if share == 1.0 { 1.0 } else { (middle + half).min(1.0) };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_bound_crosses_85_percent_at_known_counts() {
        let low = |aware: f64, n: f64| wilson_interval(aware / n, n).unwrap().0;
        assert!(low(353.0, 400.0) < 0.85 && low(354.0, 400.0) >= 0.85);
        assert!(low(872.0, 1000.0) < 0.85 && low(873.0, 1000.0) >= 0.85);
        assert!(low(1302.0, 1500.0) < 0.85 && low(1303.0, 1500.0) >= 0.85);
    }

    #[test]
    fn no_interval_without_respondents() {
        assert_eq!(wilson_interval(0.5, 0.0), None);
        assert_eq!(wilson_interval(f64::NAN, 10.0), None);
        assert_eq!(wilson_interval(1.1, 10.0), None);
        assert_eq!(wilson_interval(0.0, 5.0).unwrap().0, 0.0);
        assert_eq!(wilson_interval(1.0, 5.0).unwrap().1, 1.0);
    }
}
