//! How exactly a weighted figure is published, so that no small combination of groups follows from it.
//!
//! Weights depend on how many respondents each combination of groups has (age by sex), the share and the design effects on how many of
//! those are aware. Neither is published; but written with all their digits, the figures have one solution. In: the figure and its rows.
//! Out: the finest [`FigureRelease`] under which each count from 1 to [`MIN_PUBLISHED_COUNT`] − 1 of a combination can reach
//! [`MIN_PUBLISHED_COUNT`] and has a range of that width, everything published being as it is.
//!
//! Rows that an attacker cannot tell from the true ones are looked for by exchanging the answer to one margin's question between
//! respondents, so that no published table changes (R. A. Dalenius, S. P. Reiss, Data-swapping: a technique for disclosure control,
//! Journal of Statistical Planning and Inference 6 (1982) 73–85; the exchanges are the moves of P. Diaconis, B. Sturmfels, Annals of
//! Statistics 26 (1998) 363–397). The figure of such rows is made by the same code as the true one and compared as a whole.

use std::collections::{BTreeMap, BTreeSet};

use super::count::WaveCounts;
use super::disclosure::{ShareRounding, is_small, rounding_step};
use super::figure::FigureSource;
use super::precision::round_effect;
use super::stats::{WeightingCell, kish_design_effect, rake};
use super::weighting::WeightedFigure;
use puzhi_core::kinds::results::{AwarenessEstimate, MIN_PUBLISHED_COUNT};

/// Exchanges whose figure is computed for one release. Beyond them less is published.
const MAX_EXCHANGES: usize = 500;
/// Exchanges whose share alone is computed, for one release.
const MAX_COMPARED: usize = 20_000;

/// Steps of share and design effect that are tried, the finest first.
const STEPS: [(f64, f64); 4] = [(0.001, 0.01), (0.002, 0.02), (0.005, 0.05), (0.01, 0.1)];

/// Step of design effects without a share.
const COARSE_EFFECT: f64 = 0.5;

/// How exactly a figure is published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FigureRelease {
    /// Of the weighted share.
    pub share: ShareRounding,
    /// Step to which design effects are rounded up.
    pub effect_step: f64,
    /// Whether design effects are published at all.
    pub effects: bool,
    /// Whether the number of raking rounds and what the weights look like are published.
    pub details: bool,
    /// Whether the cross tables of the margins' questions may stand beside the figure.
    pub margin_tables: bool,
}

impl FigureRelease {
    /// Nothing has to be protected.
    pub const EXACT: FigureRelease = FigureRelease {
        share: ShareRounding::Exact,
        effect_step: 0.01,
        effects: true,
        details: true,
        margin_tables: true,
    };

    /// No share and no design effect.
    const NOTHING: FigureRelease = FigureRelease {
        share: ShareRounding::Suppressed,
        effect_step: COARSE_EFFECT,
        effects: false,
        details: false,
        margin_tables: false,
    };

    /// What may be tried, the most exact first. `least` is the rounding that the groups of single margins need.
    fn ladder(least: ShareRounding) -> Vec<FigureRelease> {
        let rounded = |(step, effect_step): (f64, f64), margin_tables: bool| FigureRelease {
            share: ShareRounding::ToStep(step),
            effect_step,
            margin_tables,
            ..FigureRelease { effects: true, ..FigureRelease::NOTHING }
        };
        let finest = match least {
            ShareRounding::Exact => 0.0,
            ShareRounding::ToStep(step) => step,
            ShareRounding::Suppressed => f64::INFINITY,
        };
        let mut all = Vec::new();
        if least == ShareRounding::Exact {
            all.extend(STEPS[..3].iter().map(|steps| rounded(*steps, true)));
        }
        all.extend(STEPS.iter().filter(|(step, _)| *step >= finest).map(|steps| rounded(*steps, false)));
        all.push(FigureRelease { effects: true, ..FigureRelease::NOTHING });
        all
    }
}

/// A combination of groups, with the indexes of its respondents: the aware, the others.
#[derive(Debug, Clone, Default)]
struct Combination {
    categories: Vec<usize>,
    rows: [Vec<usize>; 2],
}

/// Two respondents who exchange their answers to the question of a margin.
#[derive(Debug, Clone, Copy)]
struct Swap {
    margin: usize,
    rows: [usize; 2],
}

/// Swaps of different respondents.
type Exchange = Vec<Swap>;

/// From which end of the respondents of a combination those of an exchange are taken, so that two exchanges have different ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    First,
    Last,
}

/// Looks for rows with the same published figure.
struct Search<'f> {
    source: FigureSource<'f>,
    weighted: &'f WeightedFigure,
    combinations: BTreeMap<Vec<usize>, Combination>,
    /// Whether all respondents were drawn with one weight.
    unbased: bool,
    /// Whether no combination may change its size, so that all weights and with them the weighted tables stay.
    sizes_fixed: bool,
    left: usize,
    compared: usize,
    /// Exchanges that bring a share back to its step.
    compensations: Vec<Exchange>,
}

impl FigureSource<'_> {
    /// How exactly this weighted figure may be published.
    pub fn release(&self, weighted: &WeightedFigure) -> FigureRelease {
        if weighted.equal {
            return FigureRelease::EXACT;
        }
        let mut search = self.search(weighted);
        let small = |c: &Combination| c.rows.iter().any(|rows| is_small(rows.len() as u64));
        if weighted.rounding == ShareRounding::Exact && !search.combinations.values().any(small) {
            return FigureRelease::EXACT;
        }
        let ladder = FigureRelease::ladder(weighted.rounding);
        ladder.into_iter().find(|release| search.is_protected(*release)).unwrap_or(FigureRelease::NOTHING)
    }

    /// Whether the small combinations stay protected when weighted tables are published beside this figure: other rows with the same
    /// figure must be found that keep the size of every combination, so that no weight changes. The answers to other questions then stay
    /// where they are.
    pub fn bears_tables(&self, weighted: &WeightedFigure, release: FigureRelease) -> bool {
        if release == FigureRelease::EXACT {
            return true;
        }
        let mut search = self.search(weighted);
        search.sizes_fixed = true;
        search.unbased && search.is_protected(release)
    }

    fn search<'w>(&'w self, weighted: &'w WeightedFigure) -> Search<'w> {
        let rows = &self.counted.rows;
        let mut combinations: BTreeMap<Vec<usize>, Combination> = BTreeMap::new();
        for (at, row) in rows.iter().enumerate() {
            let Some(aware) = row.aware else { continue };
            let categories: Vec<usize> = weighted.categories.iter().map(|of_margin| of_margin[at]).collect();
            let into = combinations.entry(categories.clone()).or_default();
            into.categories = categories;
            into.rows[usize::from(!aware)].push(at);
        }
        let unbased = rows.iter().all(|row| row.sample.weight.is_none());
        Search {
            source: *self,
            weighted,
            combinations,
            unbased,
            sizes_fixed: false,
            left: 0,
            compared: 0,
            compensations: Vec::new(),
        }
    }
}

impl Search<'_> {
    /// Whether each small count of a combination could be at least [`MIN_PUBLISHED_COUNT`] and has a range of that width.
    fn is_protected(&mut self, release: FigureRelease) -> bool {
        let truth = self.source.released(Some(self.weighted.clone()), release);
        let all: Vec<Combination> = self.combinations.values().cloned().collect();
        (self.left, self.compared) = (MAX_EXCHANGES, MAX_COMPARED);
        let width = MIN_PUBLISHED_COUNT as i64 - 1;
        let compensations = all.iter().flat_map(|own| (1..=width).map(move |by| (own, by)));
        self.compensations =
            compensations.flat_map(|(own, by)| self.exchanges(own, 0, by, release.margin_tables, End::Last)).collect();
        all.iter().all(|combination| {
            (0..2).all(|layer| {
                let count = combination.rows[layer].len();
                let width = MIN_PUBLISHED_COUNT as usize - 1;
                // A move up by the whole width is enough; otherwise a smaller one up and another down.
                !is_small(count as u64)
                    || (0..=width.min(count)).any(|down| {
                        let (up, down) = ((width - down) as i64, -(down as i64));
                        count as i64 + up >= MIN_PUBLISHED_COUNT as i64
                            && self.is_possible(combination, layer, up, release, &truth)
                            && (down == 0 || self.is_possible(combination, layer, down, release, &truth))
                    })
            })
        })
    }

    /// Whether the count of a layer of a combination could be `by` more, so that the same would be published.
    fn is_possible(
        &mut self,
        combination: &Combination,
        layer: usize,
        by: i64,
        release: FigureRelease,
        truth: &Option<AwarenessEstimate>,
    ) -> bool {
        let direct = self.exchanges(combination, layer, by, release.margin_tables, End::First);
        if direct.iter().any(|exchange| self.is_same(exchange, release, truth)) {
            return true;
        }
        if !self.unbased {
            return false;
        }
        let compensations = std::mem::take(&mut self.compensations);
        let found = direct.iter().any(|exchange| {
            compensations.iter().any(|more| {
                let rows: BTreeSet<usize> = exchange.iter().flat_map(|swap| swap.rows).collect();
                let disjoint = more.iter().flat_map(|swap| swap.rows).all(|row| !rows.contains(&row));
                disjoint && self.change_of(more, combination, layer) == 0 && {
                    self.is_same(&[exchange.as_slice(), more].concat(), release, truth)
                }
            })
        });
        self.compensations = compensations;
        found
    }

    /// Whether the same is published after an exchange.
    fn is_same(&mut self, exchange: &[Swap], release: FigureRelease, truth: &Option<AwarenessEstimate>) -> bool {
        if self.left == 0 || self.compared == 0 {
            return false;
        }
        self.compared -= 1;
        if self.unbased && !self.looks_alike(exchange, release) {
            return false;
        }
        self.left -= 1;
        let counted = self.exchanged(exchange);
        let source = FigureSource { counted: &counted, ..self.source };
        source.released(source.weighted(), release) == *truth
    }

    /// The exchanges that give a layer of a combination `by` more respondents and change no published table.
    fn exchanges(&self, own: &Combination, layer: usize, by: i64, margin_tables: bool, end: End) -> Vec<Exchange> {
        let count = by.unsigned_abs() as usize;
        let empty = Combination::default();
        let at = |categories: &[usize]| self.combinations.get(categories).unwrap_or(&empty);
        let some = |rows: &[usize]| match end {
            End::First => rows[..count].to_vec(),
            End::Last => rows[rows.len() - count..].to_vec(),
        };
        let pairs = |margin: usize, from: &[usize], to: &[usize]| -> Option<Exchange> {
            let swap = |(a, b): (usize, usize)| Swap { margin, rows: [a, b] };
            (from.len() >= count && to.len() >= count).then(|| some(from).into_iter().zip(some(to)).map(swap).collect())
        };
        // Who leaves the combination, or comes to it, is of this layer; who takes the place is of `other`.
        let other = 1 - layer;
        let (gone, come) = if by > 0 { (other, layer) } else { (layer, other) };
        let mut found = Vec::new();
        for margin in 0..own.categories.len() {
            for near in self.neighbours(own, margin) {
                let swapped = pairs(margin, &own.rows[gone], &near.rows[come]);
                if !margin_tables {
                    found.extend(swapped.clone());
                }
                for across in (margin + 1..own.categories.len()).flat_map(|second| self.neighbours(own, second)) {
                    let mut opposite = across.categories.clone();
                    opposite[margin] = near.categories[margin];
                    let opposite = at(&opposite);
                    // Nobody's combination but that of four corners changes, and of those no sum with awareness.
                    let sized = if by > 0 {
                        pairs(margin, &near.rows[layer], &across.rows[layer])
                    } else {
                        pairs(margin, &own.rows[layer], &opposite.rows[layer])
                    };
                    found.extend(sized.filter(|_| !self.sizes_fixed));
                    let back = pairs(margin, &opposite.rows[gone], &across.rows[come]);
                    if let (Some(mut both), Some(back)) = (swapped.clone(), back) {
                        both.extend(back);
                        found.push(both);
                    }
                }
            }
        }
        found
    }

    /// The combinations that differ from this one in a single margin.
    fn neighbours<'c>(&'c self, own: &'c Combination, margin: usize) -> impl Iterator<Item = &'c Combination> {
        self.combinations.values().filter(move |near| {
            let differs = |m: usize| near.categories[m] != own.categories[m];
            (0..own.categories.len()).all(|m| differs(m) == (m == margin))
        })
    }

    /// By how much an exchange changes a layer of a combination.
    fn change_of(&self, exchange: &[Swap], own: &Combination, layer: usize) -> i64 {
        let mut change = 0;
        for Swap { margin, rows: [a, b] } in exchange {
            for (row, with) in [(*a, *b), (*b, *a)] {
                if usize::from(self.source.counted.rows[row].aware == Some(false)) != layer {
                    continue;
                }
                let of = |m: usize, row: usize| self.weighted.categories[m][row];
                let elsewhere = (0..own.categories.len()).all(|m| m == *margin || of(m, row) == own.categories[m]);
                let here = |row: usize| i64::from(elsewhere && of(*margin, row) == own.categories[*margin]);
                change += here(with) - here(row);
            }
        }
        change
    }

    /// The counts after an exchange.
    fn exchanged(&self, exchange: &[Swap]) -> WaveCounts {
        let mut counted = self.source.counted.clone();
        for Swap { margin, rows: [a, b] } in exchange {
            let option = counted.rows[*a].categories[*margin];
            counted.rows[*a].categories[*margin] = counted.rows[*b].categories[*margin];
            counted.rows[*b].categories[*margin] = option;
        }
        counted
    }

    /// Whether share and design effect of the weights stay, which is quickly computed from the combinations.
    fn looks_alike(&self, exchange: &[Swap], release: FigureRelease) -> bool {
        let mut counts: BTreeMap<Vec<usize>, [f64; 2]> =
            self.combinations.iter().map(|(key, c)| (key.clone(), c.rows.each_ref().map(|r| r.len() as f64))).collect();
        for Swap { margin, rows: [a, b] } in exchange {
            for (row, with) in [(a, b), (b, a)] {
                let key: Vec<usize> = self.weighted.categories.iter().map(|of_margin| of_margin[*row]).collect();
                let mut new = key.clone();
                new[*margin] = self.weighted.categories[*margin][*with];
                let layer = usize::from(self.source.counted.rows[*row].aware == Some(false));
                counts.entry(key).or_default()[layer] -= 1.0;
                counts.entry(new).or_default()[layer] += 1.0;
            }
        }
        let groups: Vec<WeightingCell> = counts
            .iter()
            .map(|(categories, layers)| WeightingCell {
                categories: categories.clone(),
                count: layers[0] + layers[1],
                base_weight: 1.0,
            })
            .collect();
        let Some(raked) = rake(&groups, &self.weighted.targets) else { return false };
        let weights = || raked.weights.iter().copied();
        let Some((deff, _)) = kish_design_effect(weights().zip(groups.iter().map(|g| g.count))) else { return false };
        let total: f64 = groups.iter().zip(weights()).map(|(g, w)| g.count * w).sum();
        let aware: f64 = counts.values().zip(weights()).map(|(layers, w)| layers[0] * w).sum();
        let same_share = match (release.share, self.weighted.share) {
            (ShareRounding::ToStep(step), Some(share)) => {
                rounding_step((aware / total).clamp(0.0, 1.0), step) == rounding_step(share, step)
            }
            _ => true,
        };
        let effect = |deff: f64| round_effect(deff, release.effect_step).to_bits();
        same_share
            && raked.converged == self.weighted.weighting.converged
            && (!release.effects || effect(deff) == effect(self.weighted.weighting.deff))
    }
}
