//! Sample size by exact power: how many people must respond, so that a true share is shown to meet a target.
//!
//! The power at n is the binomial probability that the lower bound of Wilson's interval meets the target: P(X ≥ k), X ~ Bin(n,
//! expected share), where k is the smallest count whose lower bound does. It rises with n in a sawtooth (J. M. Chernick, C. Y. Liu,
//! The saw-toothed behavior of power versus sample size, The American Statistician 56 (2002) 149–155). The result is therefore the
//! size from which on every size has the power, not the first one that happens to have it.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::wilson_interval;
use puzhi_core::kinds::results::round_down;

/// Largest sample that is planned: about a million responses.
const MAX_SAMPLE_SIZE: u64 = 1 << 20;

/// What a survey is to show, as shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerTarget {
    /// The lower bound of the interval must reach this share.
    pub target: f64,
    /// Whether it must exceed the target (`>`) instead of meeting it (`≥`).
    pub strict: bool,
    /// The true share that one expects.
    pub expect: f64,
    /// The probability with which the target is to be shown.
    pub power: f64,
    /// Design effect of the sampling and weighting to come; 1 for a simple random sample.
    pub deff: f64,
}

/// A planned sample size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleSizePlan {
    /// Respondents needed: `simple_random_n` times the design effect, rounded up.
    pub n: u64,
    /// How many of `n` must be aware: the lower bound is computed with `n` divided by the design effect.
    pub least_aware_of_n: u64,
    /// Respondents needed in a simple random sample: this size and every larger one has the power.
    pub simple_random_n: u64,
    /// The smallest size that has the power. Some sizes above it do not.
    pub first_sufficient_n: u64,
    /// The power at `simple_random_n`.
    pub power: f64,
    /// How many of `simple_random_n` must be aware for the lower bound to meet the target.
    pub least_aware: u64,
}

/// Why no sample size can be planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanError {
    /// A share or the power does not lie strictly between 0 and 1, or the design effect is not within 1 and 1000.
    OutOfRange,
    /// The expected share does not lie above the target, so no sample shows it.
    ExpectedNotAboveTarget,
    /// About a million responses or more would be needed.
    TooMany,
}

/// The smallest sample size from which on every size has the power.
///
/// # Errors
/// See [`PlanError`].
pub fn plan_sample_size(aim: &PowerTarget) -> Result<SampleSizePlan, PlanError> {
    let inside = |x: f64| x > 0.0 && x < 1.0;
    if !(inside(aim.target) && inside(aim.expect) && inside(aim.power) && (1.0..1000.0).contains(&aim.deff)) {
        return Err(PlanError::OutOfRange);
    }
    if aim.expect <= aim.target {
        return Err(PlanError::ExpectedNotAboveTarget);
    }
    let top = sufficient_upper_bound(aim).ok_or(PlanError::TooMany)?;
    let enough = |n: u64| power_at(aim, n).is_some_and(|(power, _)| power >= aim.power);
    // Search downwards from a size beyond every tooth for the last size that falls short.
    let short = (1..=top).rev().find(|n| !enough(*n)).unwrap_or(0);
    let simple = short + 1;
    let first = (1..=simple).find(|n| enough(*n)).unwrap_or(simple);
    let (power, least_aware) = power_at(aim, simple).ok_or(PlanError::TooMany)?;
    let n = (simple as f64 * aim.deff).ceil();
    if n > MAX_SAMPLE_SIZE as f64 {
        return Err(PlanError::TooMany);
    }
    let n = n as u64;
    let least_aware_of_n = least_aware_with(aim, n, n as f64 / aim.deff).ok_or(PlanError::TooMany)?;
    Ok(SampleSizePlan { n, least_aware_of_n, simple_random_n: simple, first_sufficient_n: first, power, least_aware })
}

/// The probability to show the target with `n` respondents, and how many of them must be aware. `None` when not even all of them
/// would do.
pub fn power_at(aim: &PowerTarget, n: u64) -> Option<(f64, u64)> {
    let least = least_aware(aim, n)?;
    let binomial = Binomial::new(aim.expect, n).ok()?;
    // P(X ≥ least); the survival function counts strictly more.
    let power = if least == 0 { 1.0 } else { binomial.sf(least - 1) };
    Some((power, least))
}

/// The smallest count among `n` respondents whose lower bound meets the target; `None` when not even `n` does.
fn least_aware(aim: &PowerTarget, n: u64) -> Option<u64> {
    least_aware_with(aim, n, n as f64)
}

/// The same with an effective sample size. The bound is compared as it is published: rounded down to 0.1 %.
fn least_aware_with(aim: &PowerTarget, n: u64, effective: f64) -> Option<u64> {
    // What dividing per cents by 100 may add to a target.
    const RESIDUE: f64 = 1e-9;
    let meets = |aware: u64| {
        wilson_interval(aware as f64 / n as f64, effective).is_some_and(|(low, _)| {
            let low = round_down(low);
            if aim.strict { low > aim.target + RESIDUE } else { low >= aim.target - RESIDUE }
        })
    };
    if !meets(n) {
        return None;
    }
    // The bound rises with the count.
    let (mut below, mut meeting) = (0, n);
    while below < meeting {
        let middle = below + (meeting - below) / 2;
        if meets(middle) { meeting = middle } else { below = middle + 1 }
    }
    Some(meeting)
}

/// A size beyond which the power never falls below the wanted one again. The size is doubled until a whole stretch of sizes has a
/// tail a quarter smaller than wanted; a tooth of the sawtooth is one respondent wide and much smaller than that margin.
fn sufficient_upper_bound(aim: &PowerTarget) -> Option<u64> {
    let mut n: u64 = 64;
    while n <= MAX_SAMPLE_SIZE {
        let stretch = (n / 8).clamp(32, 2000);
        let margin = 1.0 - (1.0 - aim.power) * 0.75;
        if (n..n + stretch).all(|n| power_at(aim, n).is_some_and(|(power, _)| power >= margin)) {
            return Some(n);
        }
        n *= 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aim(target: f64, expect: f64, power: f64) -> PowerTarget {
        PowerTarget { target, strict: false, expect, power, deff: 1.0 }
    }

    #[test]
    fn the_plan_for_85_when_88_is_expected() {
        let planned = plan_sample_size(&aim(0.85, 0.88, 0.8)).unwrap();
        assert_eq!((planned.n, planned.simple_random_n, planned.first_sufficient_n), (1073, 1073, 1023));
        assert!(planned.power >= 0.8);
        let design = plan_sample_size(&PowerTarget { deff: 1.5, ..aim(0.85, 0.88, 0.8) }).unwrap();
        assert_eq!((design.n, design.simple_random_n, design.least_aware_of_n), (1610, 1073, 1403));
    }

    #[test]
    fn every_size_from_the_answer_on_has_the_power() {
        let wanted = aim(0.85, 0.9, 0.9);
        let planned = plan_sample_size(&wanted).unwrap();
        assert!(power_at(&wanted, planned.simple_random_n - 1).unwrap().0 < 0.9);
        assert!((planned.simple_random_n..planned.simple_random_n * 3).all(|n| power_at(&wanted, n).unwrap().0 >= 0.9));
        assert!(planned.first_sufficient_n <= planned.simple_random_n);
    }

    #[test]
    fn targets_no_sample_can_show_are_errors() {
        assert_eq!(plan_sample_size(&aim(0.85, 0.85, 0.8)), Err(PlanError::ExpectedNotAboveTarget));
        assert_eq!(plan_sample_size(&aim(0.85, 1.0, 0.8)), Err(PlanError::OutOfRange));
        assert_eq!(plan_sample_size(&aim(0.85, f64::NAN, 0.8)), Err(PlanError::OutOfRange));
        assert_eq!(plan_sample_size(&aim(0.85, 0.8505, 0.8)), Err(PlanError::TooMany));
    }
}
