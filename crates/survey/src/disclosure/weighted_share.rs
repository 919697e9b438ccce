//! Rounding of the weighted share.
//!
//! An attacker who knows the weights of the groups and the unweighted count has two sums over the aware of each group. With few
//! groups, and both sums exact, they determine the count of each group. In: the share and the groups of every margin. Out: the
//! finest rounding that protects the sensitive counts.

use super::AwarenessCounts;
use puzhi_core::kinds::results::MIN_PUBLISHED_COUNT;

/// How exactly a weighted share is published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ShareRounding {
    /// Unrounded.
    Exact,
    /// As the step of this width that holds it. The interval is that of all shares in the step.
    ToStep(f64),
    /// Not at all.
    Suppressed,
}

/// Widths of the steps that are tried, the finest first.
const ROUNDING_STEPS: [f64; 4] = [0.001, 0.002, 0.005, 0.01];

/// A category of a margin in the weighted share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedGroup {
    /// Its counts.
    pub split: AwarenessCounts,
    /// Sum of the weights of its respondents.
    pub weight_sum: f64,
}

impl WeightedGroup {
    fn mean_weight(&self) -> f64 {
        if self.split.n() == 0 { 0.0 } else { self.weight_sum / self.split.n() as f64 }
    }
}

/// The rounding of a weighted `share`. `margins` are the categories of every margin, that of blanks among them;
/// `margins_unsuppressed` says whether all rows of the tables of the margins' own questions are published.
pub fn share_rounding(share: f64, margins: &[Vec<WeightedGroup>], margins_unsuppressed: bool) -> ShareRounding {
    let small = |count: u64| count < MIN_PUBLISHED_COUNT;
    let sensitive =
        |group: &WeightedGroup| group.split.n() > 0 && (small(group.split.aware) || small(group.split.other));
    if margins_unsuppressed && !margins.iter().flatten().any(sensitive) {
        return ShareRounding::Exact;
    }
    let protects = |step: f64| {
        margins.iter().all(|groups| {
            (0..groups.len()).all(|at| !sensitive(&groups[at]) || is_protected_by_step(share, groups, at, step))
        })
    };
    ROUNDING_STEPS.into_iter().find(|step| protects(*step)).map_or(ShareRounding::Suppressed, ShareRounding::ToStep)
}

/// Number of the step that holds a share, from 0.
pub fn rounding_step(share: f64, step: f64) -> i64 {
    (share / step + 1e-9).floor() as i64
}

/// Whether the sensitive counts of a category could have other values under the same rounded share: another category takes in what
/// this one gives. The values so reached must include [`MIN_PUBLISHED_COUNT`] and be that many.
fn is_protected_by_step(share: f64, groups: &[WeightedGroup], at: usize, step: f64) -> bool {
    let total: f64 = groups.iter().map(|group| group.weight_sum).sum();
    let group = &groups[at];
    (0..groups.len()).filter(|partner| *partner != at).any(|partner| {
        let partner = &groups[partner];
        let each = (group.mean_weight() - partner.mean_weight()) / total;
        // `more` respondents of the group become aware, as many of the partner cease to be.
        let fits = |more: i64| {
            let inside = |count: u64, by: i64| count as i64 + by >= 0;
            let possible = inside(group.split.aware, more) && inside(group.split.other, -more);
            let possible = possible && inside(partner.split.aware, -more) && inside(partner.split.other, more);
            possible && rounding_step(share + more as f64 * each, step) == rounding_step(share, step)
        };
        let reach =
            |sign: i64| (1..=2 * MIN_PUBLISHED_COUNT as i64).take_while(|more| fits(sign * more)).last().unwrap_or(0);
        let (up, down) = (reach(1), reach(-1));
        let wide = up + down >= MIN_PUBLISHED_COUNT as i64 - 1;
        let reaches =
            |count: u64, most: i64| count >= MIN_PUBLISHED_COUNT || count as i64 + most >= MIN_PUBLISHED_COUNT as i64;
        wide && reaches(group.split.aware, up) && reaches(group.split.other, down)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(aware: u64, other: u64, weight: f64) -> WeightedGroup {
        WeightedGroup { split: AwarenessCounts { aware, other }, weight_sum: weight * (aware + other) as f64 }
    }

    #[test]
    fn a_share_without_small_counts_is_exact() {
        assert_eq!(share_rounding(0.86, &[vec![group(150, 20, 0.9), group(170, 60, 1.1)]], true), ShareRounding::Exact);
        assert_ne!(
            share_rounding(0.86, &[vec![group(150, 20, 0.9), group(170, 60, 1.1)]], false),
            ShareRounding::Exact
        );
    }

    #[test]
    fn rounding_is_coarser_the_more_the_weights_differ() {
        let near = share_rounding(0.8605, &[vec![group(150, 3, 0.99), group(170, 60, 1.01), group(0, 0, 0.0)]], true);
        assert_eq!(near, ShareRounding::ToStep(0.001));
        let far = share_rounding(0.8605, &[vec![group(150, 3, 0.3), group(170, 60, 1.9)]], true);
        assert_eq!(far, ShareRounding::Suppressed);
    }
}
