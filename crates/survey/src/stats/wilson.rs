//! Wilson's score interval for a proportion.
//!
//! E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209–212. L. D. Brown, T. T.
//! Cai, A. DasGupta, Interval estimation for a binomial proportion, Statistical Science 16 (2001) 101–133, recommend it for small
//! samples and for shares near 0 or 1. With the share p, the sample size n and the normal quantile z:
//!
//! ```text
//! (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n)
//! ```

/// Two-sided confidence level of every interval that puzhi prints.
pub const CONFIDENCE_LEVEL: f64 = 0.95;

/// The 0.975 quantile of the standard normal distribution, which belongs to [`CONFIDENCE_LEVEL`].
pub const Z_975: f64 = 1.959_963_984_540_054;

/// Lower and upper bound at [`CONFIDENCE_LEVEL`] of a share observed with `n` respondents; `n` may be an effective sample size.
/// `None` unless `n` is positive and finite and the share lies within 0 and 1.
pub fn wilson_interval(share: f64, n: f64) -> Option<(f64, f64)> {
    wilson_interval_at(share, n, Z_975)
}

/// The interval of [`wilson_interval`] for another normal quantile `z`.
pub fn wilson_interval_at(share: f64, n: f64, z: f64) -> Option<(f64, f64)> {
    if !(n > 0.0 && n.is_finite() && (0.0..=1.0).contains(&share)) {
        return None;
    }
    let zz = z * z;
    let middle = (share + zz / (2.0 * n)) / (1.0 + zz / n);
    let half = z / (1.0 + zz / n) * (share * (1.0 - share) / n + zz / (4.0 * n * n)).sqrt();
    // At the shares 0 and 1 one bound equals the share; the formula would miss it by a rounding error.
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
