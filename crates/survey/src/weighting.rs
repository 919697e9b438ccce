//! The weighted awareness figure: prepares the survey's population margins for raking, computes the weighted share and its costs.
//!
//! In: the definition's margins and [`WaveCounts`]. Out: a [`WeightedFigure`]. An option with fewer than [`MIN_GROUP_SIZE`]
//! respondents is merged with a neighbouring one, so that no weight rests on a handful of people; an option without any respondent is
//! not merged but left out, and its share of the population is told as not covered. Respondents who left a margin's question out form
//! a category of their own, whose share is the one it has in the sample.

use std::collections::BTreeMap;

use super::count::{AwarenessCounts, FigureRow, WaveCounts};
use super::disclosure::{ShareRounding, WeightedGroup, share_rounding};
use super::stats::{RakingResult, WeightingCell, kish_design_effect, rake};
use puzhi_core::kinds::results::{
    GroupSize, MIN_GROUP_SIZE, MergedGroup, UncoveredGroup, WeightDiagnostics, Weighting, round_nearest, round_up,
};
use puzhi_core::kinds::{PopulationMargin, Survey};

/// A weighted share before rounding.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedFigure {
    /// From 0 to 1; `None` when the raking did not converge.
    pub share: Option<f64>,
    /// How exactly the share may be published for the sake of the groups of each margin by itself.
    pub rounding: ShareRounding,
    /// Whether all weights are equal, so that nothing follows from them.
    pub equal: bool,
    /// What the weighting did and what it costs, as it may be published.
    pub weighting: Weighting,
    /// Groups of the population from which nobody answered.
    pub uncovered: Vec<UncoveredGroup>,
    /// Weight of each row of [`WaveCounts::rows`], with a mean of 1; 0 for rows outside the figure.
    pub weights: Vec<f64>,
    /// For each margin the category of each row of [`WaveCounts::rows`]; rows outside the figure have one of their own.
    pub categories: Vec<Vec<usize>>,
    /// For each margin the share of each of its categories.
    pub targets: Vec<Vec<f64>>,
    /// Combination of groups and base weight of each row, those outside the figure too; `None` where nobody of the figure has it.
    pub combinations: Vec<Option<usize>>,
    /// Weight of each combination.
    pub combination_weights: Vec<f64>,
}

impl WeightedFigure {
    /// Share of the population that may belong to a group from which nobody answered, from 0 to 1. Groups of different margins may
    /// overlap; their sum is the most that it can be.
    pub fn uncovered_share(&self) -> f64 {
        self.uncovered.iter().map(|group| group.share).sum::<f64>().min(1.0)
    }
}

/// A margin prepared for raking.
struct PreparedMargin {
    /// Category of each option, in the order of the question's choices; `None` for an option outside the margin.
    category_of_option: Vec<Option<usize>>,
    /// Target share of each category. The category of blanks, if there is one, is the last.
    shares: Vec<f64>,
    /// Category of the respondents who left the question out.
    blank: Option<usize>,
    /// Texts of the options of each category of several options.
    merged: Vec<Vec<String>>,
    /// Texts of the options of each category but that of blanks.
    options: Vec<Vec<String>>,
    /// Options without respondents: their texts and their shares, from 0 to 1.
    uncovered: Vec<(String, f64)>,
}

/// Neighbouring options of a margin that are weighted as one category.
struct JoinedCategory {
    respondents: u64,
    /// Share of the population, as the margin gives it.
    share: f64,
    /// Indexes of the options among the question's choices.
    options: Vec<usize>,
}

/// Respondents of the figure with equal categories and base weights.
struct Cells {
    groups: Vec<WeightingCell>,
    splits: Vec<AwarenessCounts>,
    /// Cell of each row of [`WaveCounts::rows`]; `None` outside the figure.
    of_row: Vec<Option<usize>>,
    /// The same, and for rows outside the figure the cell that they would be in; `None` where there is none.
    like_row: Vec<Option<usize>>,
}

/// Weights the awareness figure to the margins of the survey, starting from base weights. `None` when the survey has neither margins
/// nor base weights, nobody is in the figure, or a margin cannot be met at all. `margins_unsuppressed` says whether every row of the
/// tables of the margins' own questions is published.
pub fn weight_figure(survey: &Survey, counted: &WaveCounts, margins_unsuppressed: bool) -> Option<WeightedFigure> {
    let based = counted.rows.iter().any(|row| row.sample.weight.is_some());
    if survey.margins.is_empty() && !based {
        return None;
    }
    let ready: Vec<PreparedMargin> = survey
        .margins
        .iter()
        .enumerate()
        .map(|(at, margin)| prepare_margin(survey, margin, counted, at))
        .collect::<Option<_>>()?;
    let cells = cells(&ready, &counted.rows)?;
    let shares: Vec<Vec<f64>> = ready.iter().map(|m| m.shares.clone()).collect();
    let raked = if ready.is_empty() { unraked(&cells.groups)? } else { rake(&cells.groups, &shares)? };
    let sizes = || cells.groups.iter().map(|g| g.count);
    let (deff, n_eff) = kish_design_effect(raked.weights.iter().copied().zip(sizes()))?;
    let total: f64 = sizes().zip(&raked.weights).map(|(n, w)| n * w).sum();
    let aware: f64 = cells.splits.iter().zip(&raked.weights).map(|(split, w)| split.aware as f64 * w).sum();
    let share = (aware / total).clamp(0.0, 1.0);
    let margins = weighted_groups(&ready, &cells, &raked);
    let merged_groups = merged_groups(survey, &ready);
    let exact = margins_unsuppressed && merged_groups.is_empty();
    // With equal weights the share is that of the published counts and tells nothing more.
    let equal = raked.weights.iter().all(|weight| (weight - 1.0).abs() < 1e-12);
    let rounding = if equal { ShareRounding::Exact } else { share_rounding(share, &margins, exact) };
    let publishable = exact && rounding == ShareRounding::Exact;
    let weighting = Weighting {
        margins: survey.margins.iter().map(|m| m.question.clone()).collect(),
        sources: survey.margins.iter().map(|m| m.source.clone()).collect(),
        deff,
        n_eff,
        rounds: raked.rounds,
        converged: raked.converged,
        trimmed: raked.trimmed > 0.0,
        merged: !merged_groups.is_empty(),
        merged_groups,
        diagnostics: publishable.then(|| diagnostics(survey, &ready, &cells, &raked)),
    };
    let weights: Vec<f64> = cells.of_row.iter().map(|cell| cell.map_or(0.0, |cell| raked.weights[cell])).collect();
    let category =
        |m: usize, cell: &Option<usize>| cell.map_or(shares[m].len(), |cell| cells.groups[cell].categories[m]);
    Some(WeightedFigure {
        share: raked.converged.then_some(share),
        rounding,
        equal,
        weighting,
        uncovered: uncovered(survey, &ready),
        weights,
        categories: (0..ready.len()).map(|m| cells.of_row.iter().map(|cell| category(m, cell)).collect()).collect(),
        targets: shares,
        combinations: cells.like_row,
        combination_weights: raked.weights,
    })
}

/// Puts the rows of the figure into cells.
fn cells(ready: &[PreparedMargin], rows: &[FigureRow]) -> Option<Cells> {
    let category = |m: &PreparedMargin, option: Option<usize>| option.and_then(|o| m.category_of_option[o]).or(m.blank);
    let mut found: BTreeMap<(Vec<usize>, u64), AwarenessCounts> = BTreeMap::new();
    let mut keys = Vec::with_capacity(rows.len());
    for row in rows {
        let categories: Option<Vec<usize>> =
            ready.iter().zip(&row.categories).map(|(m, option)| category(m, *option)).collect();
        let key = categories.map(|categories| (categories, row.sample.weight.map_or(1000, |weight| weight.0)));
        if let Some(aware) = row.aware {
            found.entry(key.clone()?).or_default().add(aware);
        }
        keys.push(key);
    }
    let order: BTreeMap<&(Vec<usize>, u64), usize> = found.keys().enumerate().map(|(at, key)| (key, at)).collect();
    let like_row: Vec<Option<usize>> =
        keys.iter().map(|key| key.as_ref().and_then(|key| order.get(key).copied())).collect();
    let of_row = like_row.iter().zip(rows).map(|(cell, row)| cell.filter(|_| row.aware.is_some())).collect();
    let group = |((categories, weight), split): (&(Vec<usize>, u64), &AwarenessCounts)| WeightingCell {
        categories: categories.clone(),
        count: split.n() as f64,
        base_weight: *weight as f64 / 1000.0,
    };
    Some(Cells {
        groups: found.iter().map(group).collect(),
        splits: found.values().copied().collect(),
        of_row,
        like_row,
    })
}

/// Base weights with a mean of 1, where there is nothing to rake.
fn unraked(groups: &[WeightingCell]) -> Option<RakingResult> {
    let n: f64 = groups.iter().map(|g| g.count).sum();
    let drawn: f64 = groups.iter().map(|g| g.count * g.base_weight).sum();
    let weights = groups.iter().map(|g| g.base_weight * n / drawn).collect();
    (n > 0.0 && drawn > 0.0).then_some(RakingResult { weights, rounds: 0, converged: true, trimmed: 0.0 })
}

/// The categories of every margin with their counts and weights, as disclosure control looks at them.
fn weighted_groups(ready: &[PreparedMargin], cells: &Cells, raked: &RakingResult) -> Vec<Vec<WeightedGroup>> {
    let of_margin = |(m, margin): (usize, &PreparedMargin)| {
        let empty = WeightedGroup { split: AwarenessCounts::default(), weight_sum: 0.0 };
        let mut held = vec![empty; margin.shares.len()];
        for ((group, split), weight) in cells.groups.iter().zip(&cells.splits).zip(&raked.weights) {
            let into = &mut held[group.categories[m]];
            into.split.aware += split.aware;
            into.split.other += split.other;
            into.weight_sum += group.count * weight;
        }
        held
    };
    ready.iter().enumerate().map(of_margin).collect()
}

/// Which options were merged, by question.
fn merged_groups(survey: &Survey, ready: &[PreparedMargin]) -> Vec<MergedGroup> {
    let of = |(margin, ready): (&PopulationMargin, &PreparedMargin)| {
        let question = margin.question.clone();
        let group = |options: &Vec<String>| MergedGroup { question: question.clone(), options: options.clone() };
        ready.merged.iter().map(group).collect::<Vec<_>>()
    };
    survey.margins.iter().zip(ready).flat_map(of).collect()
}

/// The groups without respondents, by question.
fn uncovered(survey: &Survey, ready: &[PreparedMargin]) -> Vec<UncoveredGroup> {
    let of = |(margin, ready): (&PopulationMargin, &PreparedMargin)| {
        let question = margin.question.clone();
        let group = |(option, share): &(String, f64)| UncoveredGroup {
            question: question.clone(),
            option: option.clone(),
            share: *share,
        };
        ready.uncovered.iter().map(group).collect::<Vec<_>>()
    };
    survey.margins.iter().zip(ready).flat_map(of).collect()
}

/// What the weights look like, rounded as it is published.
fn diagnostics(survey: &Survey, ready: &[PreparedMargin], cells: &Cells, raked: &RakingResult) -> WeightDiagnostics {
    let n: f64 = cells.groups.iter().map(|g| g.count).sum();
    let tenth = |x: f64| (x * 10.0).round() / 10.0;
    let held = |m: usize, c: usize| {
        let inside = cells.groups.iter().zip(&raked.weights).filter(move |(g, _)| g.categories[m] == c);
        inside.map(|(g, w)| (*w, g.count)).collect::<Vec<(f64, f64)>>()
    };
    let residual = |(m, margin): (usize, &PreparedMargin)| {
        let sum: f64 = margin.shares.iter().sum();
        let miss = move |(c, share): (usize, &f64)| {
            let weighted: f64 = held(m, c).iter().map(|(w, count)| w * count).sum();
            (weighted / n - share / sum).abs()
        };
        margin.shares.iter().enumerate().map(miss).fold(0.0, f64::max)
    };
    let sizes = |(m, (margin, ready)): (usize, (&PopulationMargin, &PreparedMargin))| {
        let group = |(c, options): (usize, &Vec<String>)| {
            let held = held(m, c);
            let n_eff = kish_design_effect(held.iter().copied()).map_or(0.0, |(_, n_eff)| n_eff);
            GroupSize {
                question: margin.question.clone(),
                options: options.clone(),
                n: held.iter().map(|(_, count)| count).sum::<f64>() as u64,
                n_eff: (n_eff + 1e-9).floor(),
            }
        };
        ready.options.iter().enumerate().map(group).collect::<Vec<_>>()
    };
    let worst = ready.iter().enumerate().map(residual).fold(0.0, f64::max);
    WeightDiagnostics {
        smallest: tenth(raked.weights.iter().copied().fold(f64::INFINITY, f64::min)),
        largest: tenth(raked.weights.iter().copied().fold(0.0, f64::max)),
        trimmed_share: round_nearest(raked.trimmed / n),
        residual: if worst < 1e-6 { 0.0 } else { round_up(worst) },
        groups: survey.margins.iter().zip(ready).enumerate().flat_map(sizes).collect(),
    }
}

/// Merges options with some, but fewer than [`MIN_GROUP_SIZE`], respondents with the smaller of their neighbours until none is left,
/// leaves out those without any, and scales the shares of the margin to the respondents who answered its question. At `at` the margin
/// stands among the survey's margins.
fn prepare_margin(
    survey: &Survey,
    margin: &PopulationMargin,
    counted: &WaveCounts,
    at: usize,
) -> Option<PreparedMargin> {
    let choices = survey.question(&margin.question)?.choices();
    let mut held = vec![0_u64; choices.len()];
    let mut blank = 0;
    for row in counted.rows.iter().filter(|row| row.aware.is_some()) {
        match row.categories.get(at).copied().flatten() {
            Some(option) if margin.shares.iter().any(|(id, _)| *id == choices[option].id) => held[option] += 1,
            _ => blank += 1,
        }
    }
    let all: f64 = margin.shares.iter().map(|(_, share)| share).sum();
    let mut joined: Vec<JoinedCategory> = Vec::new();
    let mut uncovered = Vec::new();
    for (id, share) in &margin.shares {
        let option = choices.iter().position(|c| c.id == *id)?;
        if held[option] > 0 {
            joined.push(JoinedCategory { respondents: held[option], share: *share, options: vec![option] });
        } else if *share > 0.0 {
            uncovered.push((choices[option].text.clone(), share / all));
        }
    }
    merge_small(&mut joined);
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
    let texts = |c: &JoinedCategory| {
        let mut options = c.options.clone();
        options.sort_unstable();
        options.iter().map(|option| choices[*option].text.clone()).collect::<Vec<_>>()
    };
    let options: Vec<Vec<String>> = joined.iter().map(texts).collect();
    let merged = options.iter().filter(|options| options.len() > 1).cloned().collect();
    Some(PreparedMargin { category_of_option, shares, blank, merged, options, uncovered })
}

/// Merges small categories with the smaller of their neighbours until none is left.
fn merge_small(joined: &mut Vec<JoinedCategory>) {
    while joined.len() > 1 {
        let Some(few) = joined.iter().position(|c| c.respondents < MIN_GROUP_SIZE) else { break };
        let neighbours = [few.checked_sub(1), Some(few + 1).filter(|next| *next < joined.len())];
        let Some(into) = neighbours.into_iter().flatten().min_by_key(|near| joined[*near].respondents) else { break };
        let mut small = joined.remove(few);
        let into = if into > few { into - 1 } else { into };
        joined[into].respondents += small.respondents;
        joined[into].share += small.share;
        joined[into].options.append(&mut small.options);
    }
}
