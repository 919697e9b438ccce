//! Variance of a weighted share under a complex sample design, and its intervals.
//!
//! Taylor linearisation of the ratio mean: with weights w, the share is p = Σwy / Σw, and its linearised values are
//! z = w (y − p) / Σw. Their variance is that of a total. With replacement at the first stage (ultimate clusters), for strata h with
//! n_h units and unit totals t:
//!
//! ```text
//! v = Σ_h n_h / (n_h − 1) Σ_i (t_hi − t̄_h)²
//! ```
//!
//! Where the sizes N_h of a stage are known, the first factor has the finite population correction (N_h − n_h) / N_h, and the
//! variance of the next stage within each unit is added n_h / N_h times. A stratum with one unit contributes t², the squared distance
//! from the mean of all strata, which is 0 for linearised values (`survey.lonely.psu = "adjust"` of R).
//! Sources: K. M. Wolter, Introduction to Variance Estimation, 2nd edition 2007, chapters 1, 2 and 6; T. Lumley, Complex Surveys,
//! 2010, chapters 2 and 7; the package `survey` of R, functions `svyrecvar`, `svymean` and `svyciprop`.
//!
//! Intervals of a share p with variance v and d degrees of freedom (first-stage units less strata):
//!
//! - Wilson (E. B. Wilson 1927, see [`super::wilson_interval`]) with n_eff = p (1 − p) / v and the quantile of t with d degrees. n_eff is
//!   multiplied by (t_{n−1} / t_d)² as E. L. Korn and B. I. Graubard, Confidence intervals for proportions with small expected number
//!   of positive counts estimated from survey data, Survey Methodology 24 (1998) 193–201, do.
//! - logit: expit(logit p ± t_d √v / (p (1 − p))).
//! - beta: Clopper and Pearson's with Korn and Graubard's n_eff.

use std::collections::BTreeMap;

use statrs::distribution::{Beta, Continuous, ContinuousCDF, StudentsT};

use super::{Z_975, wilson_interval_at};
use puzhi_core::kinds::results::MIN_INTRACLASS_CORRELATION;

/// Where a respondent stands at one stage of the sample.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StageUnit {
    /// Stratum of this stage.
    pub stratum: usize,
    /// Unit that was drawn at this stage, within its stratum.
    pub unit: usize,
    /// Number of units in the stratum in the population, where it is known.
    pub size: Option<f64>,
}

/// One respondent of a designed sample.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignRow {
    /// The stages, the first first; at least one.
    pub stages: Vec<StageUnit>,
    /// Final weight.
    pub weight: f64,
    /// Weight before post-stratification or raking.
    pub base_weight: f64,
    /// 1 or 0, or `None` for a respondent outside the domain of the estimate.
    pub value: Option<f64>,
}

/// An adjustment of the weights to population margins, as far as it changes the variance.
#[derive(Debug, Clone, PartialEq)]
pub enum Calibration {
    /// None.
    None,
    /// Post-stratification: the group of each row.
    PostStratified(Vec<usize>),
    /// Raking: for each margin the group of each row.
    Raked(Vec<Vec<usize>>),
}

/// A share with its design variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DesignEstimate {
    /// The share, from 0 to 1.
    pub share: f64,
    /// Its variance.
    pub variance: f64,
    /// First-stage units less strata, of rows in the domain.
    pub df: u64,
    /// First-stage units with rows in the domain.
    pub units: u64,
    /// First-stage strata with rows in the domain.
    pub strata: u64,
    /// Strata of the first stage with a single unit.
    pub single_unit_strata: u64,
    /// Rows in the domain.
    pub n: u64,
}

/// Rounds in which residuals of raking are taken by each margin in turn; as many as R's `svyrecvar`.
const RAKING_ROUNDS: usize = 10;

/// The share of the domain and its variance. `None` when no row with a weight is in the domain.
pub fn design_estimate(rows: &[DesignRow], calibration: &Calibration) -> Option<DesignEstimate> {
    let total: f64 = rows.iter().filter(|row| row.value.is_some()).map(|row| row.weight).sum();
    if !(total > 0.0 && total.is_finite()) {
        return None;
    }
    let share = rows.iter().filter_map(|row| Some(row.weight * row.value?)).sum::<f64>() / total;
    let linear = |row: &DesignRow| row.value.map_or(0.0, |value| row.weight * (value - share) / total);
    let mut values: Vec<f64> = rows.iter().map(linear).collect();
    match calibration {
        Calibration::None => {}
        Calibration::PostStratified(groups) => remove_group_means(rows, &mut values, groups, |row| row.base_weight),
        Calibration::Raked(margins) => {
            for _ in 0..RAKING_ROUNDS {
                margins.iter().for_each(|groups| remove_group_means(rows, &mut values, groups, |_| 1.0));
            }
        }
    }
    let all: Vec<usize> = (0..rows.len()).collect();
    let variance = stage_variance(rows, &values, &all, 0);
    let mut strata: BTreeMap<usize, BTreeMap<usize, ()>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.value.is_some() && row.weight != 0.0) {
        let first = row.stages.first()?;
        strata.entry(first.stratum).or_default().insert(first.unit, ());
    }
    let units: u64 = strata.values().map(|units| units.len() as u64).sum();
    Some(DesignEstimate {
        share: share.clamp(0.0, 1.0),
        variance: variance.max(0.0),
        df: units.saturating_sub(strata.len() as u64),
        units,
        strata: strata.len() as u64,
        single_unit_strata: strata.values().filter(|units| units.len() == 1).count() as u64,
        n: rows.iter().filter(|row| row.value.is_some()).count() as u64,
    })
}

/// Takes from each value the mean of its group, each per unit of weight: the residuals of a regression on the groups. `importance`
/// weighs the rows of a mean; R takes base weights for post-stratification and equal ones for raking.
fn remove_group_means(
    rows: &[DesignRow],
    values: &mut [f64],
    groups: &[usize],
    importance: impl Fn(&DesignRow) -> f64,
) {
    let count = groups.iter().max().map_or(0, |most| most + 1);
    let (mut sums, mut sizes) = (vec![0.0; count], vec![0.0; count]);
    for ((row, value), group) in rows.iter().zip(values.iter()).zip(groups).filter(|((row, _), _)| row.weight > 0.0) {
        sums[*group] += value / row.weight * importance(row);
        sizes[*group] += importance(row);
    }
    for ((row, value), group) in rows.iter().zip(values.iter_mut()).zip(groups).filter(|((row, _), _)| row.weight > 0.0)
    {
        if sizes[*group] > 0.0 {
            *value -= row.weight * sums[*group] / sizes[*group];
        }
    }
}

/// Variance of the total of `values` over the rows in `chosen`, from stage `stage` on.
fn stage_variance(rows: &[DesignRow], values: &[f64], chosen: &[usize], stage: usize) -> f64 {
    let mut strata: BTreeMap<usize, BTreeMap<usize, Vec<usize>>> = BTreeMap::new();
    for at in chosen {
        let Some(place) = rows[*at].stages.get(stage) else { return 0.0 };
        strata.entry(place.stratum).or_default().entry(place.unit).or_default().push(*at);
    }
    strata.values().map(|units| stratum_variance(rows, values, units, stage)).sum()
}

/// The contribution of one stratum of a stage; `units` has the rows of each of its units.
fn stratum_variance(rows: &[DesignRow], values: &[f64], units: &BTreeMap<usize, Vec<usize>>, stage: usize) -> f64 {
    let n = units.len() as f64;
    let first = units.values().next().and_then(|members| members.first());
    let size = first.and_then(|at| rows[*at].stages.get(stage)).and_then(|place| place.size).filter(|size| *size > 0.0);
    let correction = size.map_or(1.0, |size| ((size - n) / size).max(0.0));
    let totals: Vec<f64> = units.values().map(|members| members.iter().map(|at| values[*at]).sum()).collect();
    let between = if units.len() > 1 {
        let mean = totals.iter().sum::<f64>() / n;
        correction * n / (n - 1.0) * totals.iter().map(|total| (total - mean).powi(2)).sum::<f64>()
    } else {
        correction * totals.iter().map(|total| total * total).sum::<f64>()
    };
    let Some(size) = size else { return between };
    let within: f64 = units.values().map(|members| stage_variance(rows, values, members, stage + 1)).sum();
    between + within * n / size
}

/// The design effect that a sample has at least, for `kish` of its weights and so many answers in a first-stage unit:
/// kish × (1 + 0.02 (m − 1)).
pub fn least_design_effect(kish: f64, answers_per_unit: f64) -> f64 {
    kish * (1.0 + MIN_INTRACLASS_CORRELATION * (answers_per_unit - 1.0).max(0.0))
}

/// The 0.975 quantile of Student's t with `df` degrees of freedom; infinite for 0 degrees.
pub fn t_quantile(df: f64) -> f64 {
    let Ok(student) = StudentsT::new(0.0, 1.0, df) else { return f64::INFINITY };
    if df < 3.0 {
        return bisect(0.0, 1e6, |x| student.cdf(x) < 0.975);
    }
    // Newton's method from the left: the distribution is concave there, so that no step goes beyond the quantile.
    let mut x = Z_975;
    for _ in 0..50 {
        let step = (0.975 - student.cdf(x)) / student.pdf(x);
        x += step;
        if step.abs() < 1e-14 {
            break;
        }
    }
    x
}

/// The `probability` quantile of the beta distribution with these shapes.
fn beta_quantile(probability: f64, first: f64, second: f64) -> f64 {
    if first <= 0.0 {
        return 0.0;
    }
    if second <= 0.0 {
        return 1.0;
    }
    let Ok(beta) = Beta::new(first, second) else { return f64::NAN };
    bisect(0.0, 1.0, |x| beta.cdf(x) < probability)
}

/// Where `is_below` turns from true to false between two numbers, to the last digit.
fn bisect(mut low: f64, mut high: f64, is_below: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..200 {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        if is_below(middle) { low = middle } else { high = middle }
    }
    high
}

impl DesignEstimate {
    /// Effective sample size p (1 − p) / v; `None` when the variance is 0 but for the residue of floating-point sums, as when all rows have
    /// one value.
    pub fn effective_size(&self) -> Option<f64> {
        const LARGEST: f64 = 1e12;
        let size = self.share * (1.0 - self.share) / self.variance;
        (self.variance > 0.0 && size > 0.0 && size < LARGEST).then_some(size)
    }

    /// Korn and Graubard's correction of an effective sample size for the degrees of freedom: (t_{n−1} / t_d)².
    pub fn degrees_correction(&self) -> f64 {
        if self.df == 0 || self.n < 2 {
            return 0.0;
        }
        (t_quantile((self.n - 1) as f64) / t_quantile(self.df as f64)).powi(2)
    }

    /// The effective size that a claim may rest on: at most `most`, corrected for the degrees of freedom. `most` is that of the least
    /// design effect; it also takes the place of the size when all rows have one value.
    pub fn claimed_size(&self, most: f64) -> f64 {
        self.effective_size().unwrap_or(most).min(most) * self.degrees_correction()
    }

    /// Wilson's interval with an effective sample size and the quantile of t. `None` without degrees of freedom.
    pub fn wilson(&self, effective_size: f64) -> Option<(f64, f64)> {
        (self.df > 0).then(|| wilson_interval_at(self.share, effective_size, t_quantile(self.df as f64)))?
    }

    /// The logit interval (`xlogit` of R's `svyciprop`). `None` for the shares 0 and 1, or without degrees of freedom.
    pub fn logit(&self) -> Option<(f64, f64)> {
        if self.df == 0 || self.share <= 0.0 || self.share >= 1.0 {
            return None;
        }
        let middle = (self.share / (1.0 - self.share)).ln();
        let half = t_quantile(self.df as f64) * self.variance.sqrt() / (self.share * (1.0 - self.share));
        let expit = |x: f64| 1.0 / (1.0 + (-x).exp());
        Some((expit(middle - half), expit(middle + half)))
    }

    /// Korn and Graubard's beta interval (`beta` of R's `svyciprop`). `None` without a variance or degrees of freedom.
    pub fn beta(&self) -> Option<(f64, f64)> {
        let size = self.effective_size().filter(|_| self.df > 0)? * self.degrees_correction();
        let (aware, other) = (size * self.share, size * (1.0 - self.share));
        Some((beta_quantile(0.025, aware, other + 1.0), beta_quantile(0.975, aware + 1.0, other)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(stratum: usize, unit: usize, value: f64) -> DesignRow {
        DesignRow {
            stages: vec![StageUnit { stratum, unit, size: None }],
            weight: 1.0,
            base_weight: 1.0,
            value: Some(value),
        }
    }

    #[test]
    fn a_simple_sample_has_the_textbook_variance() {
        let rows: Vec<DesignRow> = (0..400).map(|i| row(0, i, if i < 340 { 1.0 } else { 0.0 })).collect();
        let found = design_estimate(&rows, &Calibration::None).unwrap();
        assert!((found.variance - 0.85 * 0.15 / 399.0).abs() < 1e-15 && (found.share - 0.85).abs() < 1e-15);
        assert_eq!((found.df, found.units, found.strata, found.n), (399, 400, 1, 400));
        assert!((found.degrees_correction() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn answers_alike_within_units_count_as_one_each() {
        // Twenty units of ten, all alike within a unit: the variance is that of twenty answers.
        let rows: Vec<DesignRow> = (0..200).map(|i| row(0, i / 10, if i / 10 < 15 { 1.0 } else { 0.0 })).collect();
        let found = design_estimate(&rows, &Calibration::None).unwrap();
        assert!((found.effective_size().unwrap() - 19.0).abs() < 1e-9);
        assert_eq!((found.df, found.units), (19, 20));
    }

    #[test]
    fn a_post_stratum_explains_what_lies_between_groups() {
        // All of group 0 are aware and nobody of group 1: with the groups' sizes known nothing is left to chance.
        let rows: Vec<DesignRow> = (0..100).map(|i| row(0, i, if i < 60 { 1.0 } else { 0.0 })).collect();
        let groups: Vec<usize> = (0..100).map(|i| usize::from(i >= 60)).collect();
        let found = design_estimate(&rows, &Calibration::PostStratified(groups)).unwrap();
        assert!(found.variance < 1e-20 && found.effective_size().is_none());
    }

    #[test]
    fn nothing_follows_from_no_rows() {
        assert_eq!(design_estimate(&[], &Calibration::None), None);
        let outside = DesignRow { value: None, ..row(0, 0, 1.0) };
        assert_eq!(design_estimate(&[outside], &Calibration::None), None);
        let one = design_estimate(&[row(0, 0, 1.0)], &Calibration::None).unwrap();
        assert_eq!((one.df, one.wilson(1.0), one.logit(), one.beta()), (0, None, None, None));
    }
}
