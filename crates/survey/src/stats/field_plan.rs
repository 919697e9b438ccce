//! The sample that has to be drawn in the field: sample size by power, with design effect, units, non-response, a finite population and
//! strata.
//!
//! Design effect of units with m answers each and the intra-class correlation ρ: deff = 1 + (m − 1) ρ (L. Kish, Survey Sampling, 1965,
//! section 5.4), times the effect of weights. Finite population of N: n = n₀ / (1 + n₀ / N) (W. G. Cochran, Sampling Techniques, 3rd
//! edition 1977, section 4.4). Strata get shares of n in proportion to their populations.

use super::sample_size::{PlanError, PowerTarget, SampleSizePlan, plan_sample_size};
use puzhi_core::kinds::results::{MIN_FIRST_STAGE_UNITS, MIN_INTRACLASS_CORRELATION};

/// How the sample is drawn and answered.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldConditions {
    /// Answers in each first-stage unit; `None` when people are drawn at once.
    pub unit_size: Option<u64>,
    /// Intra-class correlation within units. At least [`MIN_INTRACLASS_CORRELATION`] is counted, as in the analysis.
    pub icc: f64,
    /// Share of the drawn people who answer, above 0 and at most 1.
    pub response: f64,
    /// Number of people in the population, where the correction is wanted.
    pub population: Option<u64>,
    /// Names of the strata with their shares of the population, in any unit.
    pub strata: Vec<(String, f64)>,
}

/// The sample to draw.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldPlan {
    /// The sizes by power, with the whole design effect.
    pub size: SampleSizePlan,
    /// The whole design effect.
    pub deff: f64,
    /// Answers needed.
    pub n: u64,
    /// How many of them must be aware.
    pub least_aware: u64,
    /// People to draw.
    pub draw: u64,
    /// First-stage units to draw.
    pub units: Option<u64>,
    /// What falls to each stratum.
    pub strata: Vec<StratumPlan>,
}

/// The part of one stratum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StratumPlan {
    /// Its name.
    pub name: String,
    /// Answers needed.
    pub n: u64,
    /// People to draw.
    pub draw: u64,
    /// First-stage units to draw, at least 2.
    pub units: Option<u64>,
}

/// Plans the sample of a target; `aim.deff` is the effect of weights alone.
///
/// # Errors
/// See [`PlanError`].
pub fn plan_field(aim: &PowerTarget, field: &FieldConditions) -> Result<FieldPlan, PlanError> {
    let shares: f64 = field.strata.iter().map(|(_, share)| share).sum();
    let sound = (0.0..=1.0).contains(&field.icc)
        && field.response > 0.0
        && field.response <= 1.0
        && field.unit_size != Some(0)
        && field.strata.iter().all(|(_, share)| *share > 0.0 && share.is_finite())
        && (field.strata.is_empty() || shares > 0.0);
    if !sound {
        return Err(PlanError::OutOfRange);
    }
    let within = field.unit_size.map_or(1.0, |m| 1.0 + (m as f64 - 1.0) * field.icc.max(MIN_INTRACLASS_CORRELATION));
    let deff = aim.deff * within;
    let size = plan_sample_size(&PowerTarget { deff, ..*aim })?;
    let finite = |n: u64| field.population.map_or(n, |all| (n as f64 / (1.0 + n as f64 / all as f64)).ceil() as u64);
    let mut n = finite(size.n);
    let units = field.unit_size.map(|m| n.div_ceil(m).max(MIN_FIRST_STAGE_UNITS));
    if let (Some(units), Some(m)) = (units, field.unit_size) {
        n = n.max(units * m);
    }
    let draw = |n: u64| (n as f64 / field.response).ceil() as u64;
    let strata: Vec<StratumPlan> = field
        .strata
        .iter()
        .map(|(name, share)| {
            let part = (n as f64 * share / shares).ceil() as u64;
            let units = field.unit_size.map(|m| part.div_ceil(m).max(2));
            let part = units.zip(field.unit_size).map_or(part, |(units, m)| part.max(units * m));
            StratumPlan { name: name.clone(), n: part, draw: draw(part), units }
        })
        .collect();
    let of_strata = |of: fn(&StratumPlan) -> u64| strata.iter().map(of).sum::<u64>();
    let n = if strata.is_empty() { n } else { of_strata(|s| s.n) };
    let units = if strata.is_empty() { units } else { units.map(|_| of_strata(|s| s.units.unwrap_or(0))) };
    let all = if strata.is_empty() { draw(n) } else { of_strata(|s| s.draw) };
    // The share that must be aware is that of the planned size.
    let least_aware = (size.least_aware_of_n as f64 / size.n as f64 * n as f64).ceil() as u64;
    let least_aware = if n == size.n { size.least_aware_of_n } else { least_aware };
    Ok(FieldPlan { size, deff, n, least_aware, draw: all, units, strata })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aim() -> PowerTarget {
        PowerTarget { target: 0.85, strict: false, expect: 0.88, power: 0.8, deff: 1.0 }
    }

    fn plain() -> FieldConditions {
        FieldConditions { unit_size: None, icc: 0.0, response: 1.0, population: None, strata: Vec::new() }
    }

    #[test]
    fn a_plain_plan_is_that_of_the_power() {
        let plan = plan_field(&aim(), &plain()).unwrap();
        assert_eq!((plan.n, plan.draw, plan.deff, plan.units), (1073, 1073, 1.0, None));
        assert_eq!(plan.least_aware, plan.size.least_aware);
    }

    #[test]
    fn units_response_and_population_change_what_is_drawn() {
        let units = plan_field(&aim(), &FieldConditions { unit_size: Some(20), icc: 0.05, ..plain() }).unwrap();
        // 1 + 19 · 0.05 = 1.95; 1073 · 1.95 = 2092.35.
        assert_eq!((units.size.n, units.units, units.n), (2093, Some(105), 2100));
        let least = plan_field(&aim(), &FieldConditions { unit_size: Some(20), icc: 0.0, ..plain() }).unwrap();
        assert!((least.deff - 1.38).abs() < 1e-12, "the least correlation counts");
        let asked = plan_field(&aim(), &FieldConditions { response: 0.5, ..plain() }).unwrap();
        assert_eq!((asked.n, asked.draw), (1073, 2146));
        let small = plan_field(&aim(), &FieldConditions { population: Some(2000), ..plain() }).unwrap();
        assert_eq!(small.n, 699, "1073 / (1 + 1073 / 2000)");
    }

    #[test]
    fn strata_share_the_sample() {
        let strata = vec![("城区".to_string(), 60.0), ("乡镇".to_string(), 40.0)];
        let plan = plan_field(&aim(), &FieldConditions { strata: strata.clone(), response: 0.8, ..plain() }).unwrap();
        assert_eq!(plan.strata.iter().map(|s| (s.n, s.draw)).collect::<Vec<_>>(), [(644, 805), (430, 538)]);
        assert_eq!((plan.n, plan.draw), (1074, 1343));
        let units = plan_field(&aim(), &FieldConditions { strata, unit_size: Some(40), icc: 0.02, ..plain() }).unwrap();
        assert!(units.strata.iter().all(|s| s.units.is_some_and(|units| units >= 2 && units * 40 >= s.n)));
    }

    #[test]
    fn impossible_conditions_are_errors() {
        for bad in [
            FieldConditions { response: 0.0, ..plain() },
            FieldConditions { response: 1.2, ..plain() },
            FieldConditions { icc: -0.1, ..plain() },
            FieldConditions { unit_size: Some(0), ..plain() },
            FieldConditions { strata: vec![("a".into(), 0.0)], ..plain() },
        ] {
            assert_eq!(plan_field(&aim(), &bad), Err(PlanError::OutOfRange));
        }
    }
}
