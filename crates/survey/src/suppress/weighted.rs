//! How exactly a weighted share may be told. Whoever knows the weights of the groups and the unweighted count has two sums over the
//! aware of each group; with few groups, and both sums exact, that gives each group away.

use super::Split;
use puzhi_core::kinds::results::LEAST_CELL;

/// How a weighted share is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Grain {
    Exact,
    /// As a step of this width; the interval is that of the whole step.
    Step(f64),
    /// Not at all.
    Hidden,
}

/// Steps that are tried, finest first.
const STEPS: [f64; 4] = [0.001, 0.002, 0.005, 0.01];

/// A group of a margin, for the weighted share: its counts and the sum of its weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighed {
    pub split: Split,
    pub weight: f64,
    /// Whether the group is one of a published question; those who left it out are none.
    pub named: bool,
}

impl Weighed {
    fn mean(&self) -> f64 {
        if self.split.n() == 0 { 0.0 } else { self.weight / self.split.n() as f64 }
    }
}

/// The grain of a weighted `share`. `margins` are the groups of every margin, those who left the question out among them; `whole` says
/// whether all rows of the margins' own tables are shown.
pub fn grain(share: f64, margins: &[Vec<Weighed>], whole: bool) -> Grain {
    let small = |count: u64| count < LEAST_CELL;
    let sensitive =
        |group: &Weighed| group.named && group.split.n() > 0 && (small(group.split.aware) || small(group.split.other));
    if whole && !margins.iter().flatten().any(sensitive) {
        return Grain::Exact;
    }
    let protects = |step: f64| {
        margins
            .iter()
            .all(|groups| (0..groups.len()).all(|at| !sensitive(&groups[at]) || hides(share, groups, at, step)))
    };
    STEPS.into_iter().find(|step| protects(*step)).map_or(Grain::Hidden, Grain::Step)
}

/// The step that holds a share: its number, from 0.
pub fn step_of(share: f64, step: f64) -> i64 {
    (share / step + 1e-9).floor() as i64
}

/// Whether the small counts of a group could be others under the same step: some other group gives and takes what this one takes and
/// gives, and the values so reached go to [`LEAST_CELL`] and are as many.
fn hides(share: f64, groups: &[Weighed], at: usize, step: f64) -> bool {
    let total: f64 = groups.iter().map(|group| group.weight).sum();
    let group = &groups[at];
    (0..groups.len()).filter(|partner| *partner != at).any(|partner| {
        let partner = &groups[partner];
        let each = (group.mean() - partner.mean()) / total;
        // `more` respondents of the group become aware, as many of the partner cease to be.
        let fits = |more: i64| {
            let inside = |count: u64, by: i64| count as i64 + by >= 0;
            let possible = inside(group.split.aware, more) && inside(group.split.other, -more);
            let possible = possible && inside(partner.split.aware, -more) && inside(partner.split.other, more);
            possible && step_of(share + more as f64 * each, step) == step_of(share, step)
        };
        let reach = |sign: i64| (1..=2 * LEAST_CELL as i64).take_while(|more| fits(sign * more)).last().unwrap_or(0);
        let (up, down) = (reach(1), reach(-1));
        let wide = up + down >= LEAST_CELL as i64 - 1;
        let reaches = |count: u64, most: i64| count >= LEAST_CELL || count as i64 + most >= LEAST_CELL as i64;
        wide && reaches(group.split.aware, up) && reaches(group.split.other, down)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(aware: u64, other: u64, weight: f64) -> Weighed {
        Weighed { split: Split { aware, other }, weight: weight * (aware + other) as f64, named: true }
    }

    #[test]
    fn exact_where_nothing_is_small() {
        assert_eq!(grain(0.86, &[vec![group(150, 20, 0.9), group(170, 60, 1.1)]], true), Grain::Exact);
        assert_ne!(grain(0.86, &[vec![group(150, 20, 0.9), group(170, 60, 1.1)]], false), Grain::Exact);
    }

    #[test]
    fn coarser_the_more_the_weights_differ() {
        let near = grain(0.8605, &[vec![group(150, 3, 0.99), group(170, 60, 1.01), group(0, 0, 0.0)]], true);
        assert_eq!(near, Grain::Step(0.001));
        let far = grain(0.8605, &[vec![group(150, 3, 0.3), group(170, 60, 1.9)]], true);
        assert_eq!(far, Grain::Hidden);
    }
}
