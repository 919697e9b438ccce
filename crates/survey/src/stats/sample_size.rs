//! How many must answer, so that a true share is shown to meet the target.
//!
//! The power is exact: the binomial chance that the lower bound of Wilson's interval meets the target. It rises with the sample in a
//! sawtooth (J. M. Chernick, C. Y. Liu, The saw-toothed behavior of power versus sample size, The American Statistician 56 (2002)
//! 149–155), so the answer is the size from which on every size has the power, and not the first that happens to have it.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::wilson_interval;

/// Samples beyond this are not planned: a million answers, as a power of two.
const MAX_SAMPLE_SIZE: u64 = 1 << 20;

/// What is to be shown, as shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PowerTarget {
    pub target: f64,
    /// `>` instead of `≥`.
    pub strict: bool,
    /// The true share one expects.
    pub expect: f64,
    /// The chance of showing it.
    pub power: f64,
    /// Design effect of the sampling and weighting to come; 1 for a simple random sample.
    pub deff: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleSizePlan {
    /// Respondents needed.
    pub n: u64,
    /// The same before the design effect: from here on every size has the power.
    pub simple_random_n: u64,
    /// The first size that has it; some above it do not.
    pub first_sufficient_n: u64,
    /// At `simple_random_n`.
    pub power: f64,
    /// How many of `simple_random_n` must be aware for the lower bound to meet the target.
    pub least_aware: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanError {
    /// Shares and power lie strictly between 0 and 1, the design effect is at least 1 (and below 1,000).
    OutOfRange,
    /// What is expected does not lie above the target: no sample shows it.
    ExpectedNotAboveTarget,
    /// It would take about a million answers or more.
    TooMany,
}

/// The least sample from which on every sample has the power.
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
    // Downwards from a size beyond every tooth, to the last one that falls short.
    let short = (1..=top).rev().find(|n| !enough(*n)).unwrap_or(0);
    let simple = short + 1;
    let first = (1..=simple).find(|n| enough(*n)).unwrap_or(simple);
    let (power, least_aware) = power_at(aim, simple).ok_or(PlanError::TooMany)?;
    let n = (simple as f64 * aim.deff).ceil();
    if n > MAX_SAMPLE_SIZE as f64 {
        return Err(PlanError::TooMany);
    }
    Ok(SampleSizePlan { n: n as u64, simple_random_n: simple, first_sufficient_n: first, power, least_aware })
}

/// The chance to show the target with `n` respondents, and how many of them must be aware.
pub fn power_at(aim: &PowerTarget, n: u64) -> Option<(f64, u64)> {
    let least = least_aware(aim, n)?;
    let binomial = Binomial::new(aim.expect, n).ok()?;
    // P(X ≥ least); the survival function counts strictly more.
    let power = if least == 0 { 1.0 } else { binomial.sf(least - 1) };
    Some((power, least))
}

/// The least count of `n` whose lower bound meets the target; `None` when not even all of them do.
fn least_aware(aim: &PowerTarget, n: u64) -> Option<u64> {
    let meets = |aware: u64| {
        wilson_interval(aware as f64 / n as f64, n as f64)
            .is_some_and(|(low, _)| if aim.strict { low > aim.target } else { low >= aim.target })
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

/// A size beyond which no tooth falls below the power: the normal approximation asks for a power half again as far in the tail, and a
/// tooth, which is one respondent wide, is much smaller than that margin there. Doubled until a whole stretch of sizes holds.
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
        assert_eq!((design.n, design.simple_random_n), (1610, 1073));
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
