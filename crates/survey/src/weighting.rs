//! The weighted awareness figure: prepares the survey's population margins for raking, computes the weighted share and its costs.
//!
//! In: the definition's margins and [`WaveCounts`]. Out: a [`WeightedShare`]. An option with fewer than [`MIN_PUBLISHED_COUNT`]
//! respondents is merged with a neighbouring one, so that no weight rests on a handful of people. Respondents who left a margin's
//! question out form a category of their own, whose share is the one it has in the sample.

use super::count::{AwarenessCounts, WaveCounts};
use super::disclosure::{JointCells, ShareRounding, WeightedGroup, protect_joint_cells, share_rounding};
use super::stats::{WeightingCell, kish_design_effect, rake};
use puzhi_core::kinds::results::{MIN_PUBLISHED_COUNT, Weighting};
use puzhi_core::kinds::{PopulationMargin, Survey};

/// A weighted share before rounding.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedShare {
    /// From 0 to 1; `None` when the raking did not converge.
    pub share: Option<f64>,
    /// How exactly the share may be published.
    pub rounding: ShareRounding,
    /// What the weighting did and what it costs, as it may be published.
    pub weighting: Weighting,
}

/// A margin prepared for raking.
struct PreparedMargin {
    /// Category of each option, in the order of the question's choices; `None` for an option outside the margin.
    category_of_option: Vec<Option<usize>>,
    /// Target share of each category. The category of blanks, if there is one, is the last.
    shares: Vec<f64>,
    /// Category of the respondents who left the question out.
    blank: Option<usize>,
    /// Whether options were merged.
    merged: bool,
}

/// Neighbouring options of a margin that are weighted as one category.
struct JoinedCategory {
    respondents: u64,
    /// Share of the population, as the margin gives it.
    share: f64,
    /// Indexes of the options among the question's choices.
    options: Vec<usize>,
}

/// Weights the awareness figure to the margins of the survey. `None` when the survey has no margins, nobody is in the figure, or a
/// margin cannot be met at all. `margins_unsuppressed` says whether every row of the tables of the margins' own questions is
/// published.
pub fn weight_figure(survey: &Survey, counted: &WaveCounts, margins_unsuppressed: bool) -> Option<WeightedShare> {
    let ready: Vec<PreparedMargin> = survey
        .margins
        .iter()
        .enumerate()
        .map(|(at, margin)| prepare_margin(survey, margin, counted, at))
        .collect::<Option<_>>()?;
    let category = |m: &PreparedMargin, option: Option<usize>| option.and_then(|o| m.category_of_option[o]).or(m.blank);
    let mut groups = Vec::new();
    let mut splits: Vec<AwarenessCounts> = Vec::new();
    for (options, split) in &counted.by_margin_categories {
        let categories: Vec<usize> =
            ready.iter().zip(options).map(|(m, option)| category(m, *option)).collect::<Option<_>>()?;
        groups.push(WeightingCell { categories, count: split.n() as f64 });
        splits.push(*split);
    }
    let shares: Vec<Vec<f64>> = ready.iter().map(|m| m.shares.clone()).collect();
    let raked = rake(&groups, &shares)?;
    let (deff, n_eff) = kish_design_effect(raked.weights.iter().copied().zip(groups.iter().map(|g| g.count)))?;
    let total: f64 = groups.iter().zip(&raked.weights).map(|(g, w)| g.count * w).sum();
    let aware: f64 = splits.iter().zip(&raked.weights).map(|(split, w)| split.aware as f64 * w).sum();
    let share = (aware / total).clamp(0.0, 1.0);
    let margins: Vec<Vec<WeightedGroup>> = ready
        .iter()
        .enumerate()
        .map(|(m, margin)| {
            let empty = || WeightedGroup { split: AwarenessCounts::default(), weight_sum: 0.0 };
            let mut held: Vec<WeightedGroup> = (0..margin.shares.len()).map(|_| empty()).collect();
            for ((group, split), weight) in groups.iter().zip(&splits).zip(&raked.weights) {
                let into = &mut held[group.categories[m]];
                into.split.aware += split.aware;
                into.split.other += split.other;
                into.weight_sum += group.count * weight;
            }
            held
        })
        .collect();
    let rounding = share_rounding(share, &margins, margins_unsuppressed && !ready.iter().any(|m| m.merged));
    let rounding = protect_joint_cells(rounding, &JointCells { groups: &groups, splits: &splits, margins: &shares });
    let weighting = Weighting {
        margins: survey.margins.iter().map(|m| m.question.clone()).collect(),
        sources: survey.margins.iter().map(|m| m.source.clone()).collect(),
        deff,
        n_eff,
        rounds: raked.rounds,
        converged: raked.converged,
        trimmed: raked.trimmed > 0.0,
        merged: ready.iter().any(|m| m.merged),
    };
    Some(WeightedShare {
        share: raked.converged.then_some(share),
        rounding,
        weighting: publishable_weighting(weighting, rounding, counted),
    })
}

/// The design effect and the effective sample size as they may be published: exact values depend on the size of every group.
fn publishable_weighting(weighting: Weighting, rounding: ShareRounding, counted: &WaveCounts) -> Weighting {
    if rounding == ShareRounding::Exact {
        return weighting;
    }
    // Rounded up, so that the interval becomes wider rather than narrower.
    let deff = (weighting.deff * 100.0 - 1e-7).ceil() / 100.0;
    let n = counted.figure.map_or(0, AwarenessCounts::n) as f64;
    Weighting { deff, n_eff: n / deff, ..weighting }
}

/// Merges options with fewer than [`MIN_PUBLISHED_COUNT`] respondents with the smaller of their neighbours until none is left, and
/// scales the shares of the margin to the respondents who answered its question. At `at` the margin stands among the survey's
/// margins.
fn prepare_margin(
    survey: &Survey,
    margin: &PopulationMargin,
    counted: &WaveCounts,
    at: usize,
) -> Option<PreparedMargin> {
    let choices = survey.question(&margin.question)?.choices();
    let mut held = vec![0_u64; choices.len()];
    let mut blank = 0;
    for (options, split) in &counted.by_margin_categories {
        match options.get(at).copied().flatten() {
            Some(option) if margin.shares.iter().any(|(id, _)| *id == choices[option].id) => held[option] += split.n(),
            _ => blank += split.n(),
        }
    }
    let mut joined: Vec<JoinedCategory> = Vec::new();
    for (id, share) in &margin.shares {
        let option = choices.iter().position(|c| c.id == *id)?;
        joined.push(JoinedCategory { respondents: held[option], share: *share, options: vec![option] });
    }
    let options = joined.len();
    while joined.len() > 1 {
        let too_small =
            |c: &JoinedCategory| c.respondents < MIN_PUBLISHED_COUNT && (c.share > 0.0 || c.respondents > 0);
        let Some(few) = joined.iter().position(too_small) else { break };
        let neighbours = [few.checked_sub(1), Some(few + 1).filter(|next| *next < joined.len())];
        let Some(into) = neighbours.into_iter().flatten().min_by_key(|near| joined[*near].respondents) else { break };
        let mut small = joined.remove(few);
        let into = if into > few { into - 1 } else { into };
        joined[into].respondents += small.respondents;
        joined[into].share += small.share;
        joined[into].options.append(&mut small.options);
    }
    let mut category_of_option = vec![None; choices.len()];
    for (category, c) in joined.iter().enumerate() {
        c.options.iter().for_each(|option| category_of_option[*option] = Some(category));
    }
    let n: u64 = held.iter().sum::<u64>() + blank;
    let sum: f64 = joined.iter().map(|c| c.share).sum();
    if n == 0 || sum <= 0.0 {
        return None;
    }
    let answered = 1.0 - blank as f64 / n as f64;
    let mut shares: Vec<f64> = joined.iter().map(|c| c.share / sum * answered).collect();
    let blank = (blank > 0).then_some(shares.len());
    shares.extend(blank.map(|_| 1.0 - answered));
    Some(PreparedMargin { category_of_option, shares, blank, merged: joined.len() < options })
}
