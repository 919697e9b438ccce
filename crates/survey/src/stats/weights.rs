//! Weights that give a sample the composition of the population, and their cost.
//!
//! Raking (iterative proportional fitting): W. E. Deming, F. F. Stephan, On a least squares adjustment of a sampled frequency table
//! when the expected marginal totals are known, Annals of Mathematical Statistics 11 (1940) 427–444. In each round every margin in
//! turn multiplies the weights of a category by target total / present total. Weights are trimmed at five times the mean after each
//! round, as in M. DeBell, J. A. Krosnick, Computing weights for American National Election Study survey data, ANES Technical
//! Report nes012427 (2009).
//!
//! Design effect and effective sample size: L. Kish, Survey Sampling (1965), and Weighting for unequal Pi, Journal of
//! Official Statistics 8 (1992) 183–200.

use puzhi_core::kinds::results::WEIGHT_CAP;

/// Rounds after which raking gives up.
pub const MAX_ROUNDS: u64 = 1000;
/// How far the share of a category may be from its target when no weight is trimmed.
pub const TOLERANCE: f64 = 1e-9;
/// The same when weights are trimmed, which cannot always meet every margin exactly.
pub const TRIMMED_TOLERANCE: f64 = 0.005;

/// Respondents with the same category in every margin.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightingCell {
    /// Index of their category in each margin.
    pub categories: Vec<usize>,
    /// How many they are.
    pub count: f64,
    /// Weight with which each of them was drawn, in any unit; 1 where all had the same chance.
    pub base_weight: f64,
}

/// What raking found.
#[derive(Debug, Clone, PartialEq)]
pub struct RakingResult {
    /// Weight of each respondent of a cell, in the order of the cells. The mean over all respondents is 1.
    pub weights: Vec<f64>,
    /// Rounds that were needed.
    pub rounds: u64,
    /// Whether all margins are met within [`TOLERANCE`], or within [`TRIMMED_TOLERANCE`] where weights were trimmed.
    pub converged: bool,
    /// Number of respondents whose weight was trimmed.
    pub trimmed: f64,
}

/// Weights for which each category of each margin has its share. `margins` holds a share for every category; the shares of a margin
/// are taken as parts of their sum. `None` when there is nothing to weight, or when a category with a share above 0 has no
/// respondent.
pub fn rake(groups: &[WeightingCell], margins: &[Vec<f64>]) -> Option<RakingResult> {
    let n: f64 = groups.iter().map(|g| g.count).sum();
    let sums: Vec<f64> = margins.iter().map(|shares| shares.iter().sum()).collect();
    let shaped = groups.iter().all(|g| {
        let fits = g.categories.len() == margins.len()
            && g.categories.iter().zip(margins).all(|(c, shares)| *c < shares.len());
        fits && g.count >= 0.0 && g.count.is_finite() && g.base_weight > 0.0 && g.base_weight.is_finite()
    });
    if !shaped || margins.is_empty() || n <= 0.0 || !sums.iter().all(|sum| *sum > 0.0 && sum.is_finite()) {
        return None;
    }
    let target = |m: usize, category: usize| margins[m][category] / sums[m] * n;
    for (m, shares) in margins.iter().enumerate() {
        let held = totals(groups, &vec![1.0; groups.len()], m, shares.len());
        if (0..shares.len()).any(|c| shares[c] < 0.0 || shares[c] > 0.0 && held[c] <= 0.0) {
            return None;
        }
    }
    let drawn: f64 = groups.iter().map(|g| g.count * g.base_weight).sum();
    let start = groups.iter().map(|g| g.base_weight * n / drawn).collect();
    let mut raked = RakingResult { weights: start, rounds: 0, converged: false, trimmed: 0.0 };
    while raked.rounds < MAX_ROUNDS && !raked.converged {
        raked.rounds += 1;
        for (m, shares) in margins.iter().enumerate() {
            let held = totals(groups, &raked.weights, m, shares.len());
            for (group, weight) in groups.iter().zip(&mut raked.weights) {
                let category = group.categories[m];
                // A category has no weight left when its own share, or that of another margin, is 0.
                *weight = if held[category] > 0.0 { *weight * target(m, category) / held[category] } else { 0.0 };
            }
        }
        trim_weights(groups, n, &mut raked);
        let missed = margins.iter().enumerate().flat_map(|(m, shares)| {
            let held = totals(groups, &raked.weights, m, shares.len());
            (0..shares.len()).map(move |c| (held[c] - target(m, c)).abs() / n)
        });
        let worst = missed.fold(0.0, f64::max);
        let last = raked.rounds == MAX_ROUNDS && raked.trimmed > 0.0;
        raked.converged = worst <= if last { TRIMMED_TOLERANCE } else { TOLERANCE };
    }
    Some(raked)
}

/// Sets weights above the cap to it and scales the mean back to 1.
fn trim_weights(groups: &[WeightingCell], n: f64, raked: &mut RakingResult) {
    raked.trimmed = 0.0;
    for (group, weight) in groups.iter().zip(&mut raked.weights) {
        if *weight >= WEIGHT_CAP {
            *weight = WEIGHT_CAP;
            raked.trimmed += group.count;
        }
    }
    let sum: f64 = groups.iter().zip(&raked.weights).map(|(g, w)| g.count * w).sum();
    if sum > 0.0 {
        raked.weights.iter_mut().for_each(|weight| *weight *= n / sum);
    }
}

/// Weighted number of respondents in each category of a margin.
fn totals(groups: &[WeightingCell], weights: &[f64], margin: usize, categories: usize) -> Vec<f64> {
    let mut held = vec![0.0; categories];
    for (group, weight) in groups.iter().zip(weights) {
        held[group.categories[margin]] += group.count * weight;
    }
    held
}

/// Kish's design effect, at least 1, and the effective sample size n_eff, of weights given as (weight, respondents):
///
/// ```text
/// deff  = n Σw² / (Σw)²
/// n_eff = (Σw)² / Σw²
/// ```
///
/// `None` when no weight is above 0.
pub fn kish_design_effect(weights: impl Iterator<Item = (f64, f64)>) -> Option<(f64, f64)> {
    let (mut n, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (weight, count) in weights {
        n += count;
        sum += weight * count;
        squares += weight * weight * count;
    }
    (sum > 0.0 && squares.is_finite()).then(|| ((n * squares / (sum * sum)).max(1.0), (sum * sum / squares).min(n)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(counts: &[(&[usize], f64)]) -> Vec<WeightingCell> {
        counts
            .iter()
            .map(|(categories, count)| WeightingCell {
                categories: categories.to_vec(),
                count: *count,
                base_weight: 1.0,
            })
            .collect()
    }

    #[test]
    fn one_margin_is_met_in_a_round() {
        let raked = rake(&groups(&[(&[0], 30.0), (&[1], 70.0)]), &[vec![50.0, 50.0]]).unwrap();
        assert!(raked.converged && raked.rounds == 1 && raked.trimmed == 0.0);
        assert!((raked.weights[0] - 50.0 / 30.0).abs() < 1e-12 && (raked.weights[1] - 50.0 / 70.0).abs() < 1e-12);
        let (deff, n_eff) =
            kish_design_effect([(raked.weights[0], 30.0), (raked.weights[1], 70.0)].into_iter()).unwrap();
        assert!((deff * n_eff - 100.0).abs() < 1e-9 && deff > 1.0);
    }

    #[test]
    fn a_weight_is_cut_at_the_cap_and_told() {
        let raked = rake(&groups(&[(&[0], 5.0), (&[1], 95.0)]), &[vec![40.0, 60.0]]).unwrap();
        assert!(!raked.converged, "40 % cannot come from five respondents");
        assert_eq!((raked.rounds, raked.trimmed), (MAX_ROUNDS, 5.0));
        assert!(raked.weights.iter().all(|w| w.is_finite() && *w > 0.0));
    }

    #[test]
    fn contradicting_margins_do_not_converge() {
        // The second margin wants everybody of its first category, whom the first margin does not want.
        let raked = rake(&groups(&[(&[0, 0], 10.0), (&[1, 1], 10.0)]), &[vec![0.0, 1.0], vec![0.9, 0.1]]).unwrap();
        assert!(!raked.converged && raked.weights.iter().all(|w| w.is_finite()));
    }

    #[test]
    fn nothing_to_weight() {
        assert_eq!(rake(&[], &[vec![1.0]]), None);
        assert_eq!(rake(&groups(&[(&[], 3.0)]), &[]), None);
        assert_eq!(rake(&groups(&[(&[0], 3.0)]), &[vec![0.5, 0.5]]), None, "nobody of the second category answered");
        assert_eq!(rake(&groups(&[(&[2], 3.0)]), &[vec![0.5, 0.5]]), None);
        assert_eq!(rake(&groups(&[(&[0], 3.0)]), &[vec![f64::NAN]]), None);
        assert_eq!(kish_design_effect(std::iter::empty()), None);
    }
}
