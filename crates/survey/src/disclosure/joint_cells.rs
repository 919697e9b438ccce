//! Rounding of the weighted share against combinations of groups.
//!
//! With two margins or more, weights depend on how many respondents each combination of groups has, and the share on how many of those
//! are aware. Neither is published; but share, design effect and effective size are functions of these counts, and written with all
//! their digits they have one solution. In: the counts of every combination. Out: the finest rounding under which each count from 1 to
//! [`MIN_PUBLISHED_COUNT`] − 1 can reach [`MIN_PUBLISHED_COUNT`] and span that range, all published tables being as they are.
//!
//! A table that an attacker cannot tell from the true one is found by moving respondents around a rectangle: of two groups of one margin
//! and two of another, which changes no published sum (P. Diaconis, B. Sturmfels, Algebraic algorithms for sampling from conditional
//! distributions, Annals of Statistics 26 (1998) 363–397). It is one of all that agree, so what it shows possible is possible.

use std::collections::BTreeMap;

use super::{AwarenessCounts, ShareRounding, is_small, rounding_step};
use crate::stats::{RakingResult, WeightingCell, kish_design_effect, rake};
use puzhi_core::kinds::results::MIN_PUBLISHED_COUNT;

/// Widths of the steps that are tried, the finest first.
const ROUNDING_STEPS: [f64; 4] = [0.001, 0.002, 0.005, 0.01];
/// Tables that are raked for one wave. Beyond them a coarser step is tried.
const MAX_TABLES: usize = 20_000;

/// The counts of every combination of groups.
#[derive(Debug, Clone, Copy)]
pub struct JointCells<'c> {
    /// The combinations with their numbers of respondents.
    pub groups: &'c [WeightingCell],
    /// How many of each combination are aware.
    pub splits: &'c [AwarenessCounts],
    /// Target shares of each margin.
    pub margins: &'c [Vec<f64>],
}

/// Everything that is published of a weighted figure besides sums of margins.
#[derive(Debug, Clone, PartialEq)]
struct PublishedFigure {
    /// Number of the step that holds the share.
    step: i64,
    /// The design effect in hundredths, rounded up.
    deff: i64,
    rounds: u64,
    converged: bool,
    trimmed: bool,
}

/// A table of counts: aware and others of each combination, empty combinations as well.
#[derive(Debug, Clone, PartialEq)]
struct Table {
    groups: Vec<WeightingCell>,
    layers: [Vec<i64>; 2],
}

/// The rounding of the share: at least `least`, and coarse enough for every combination of groups.
pub fn protect_joint_cells(least: ShareRounding, cells: &JointCells<'_>) -> ShareRounding {
    let sensitive = cells.splits.iter().any(|split| is_small(split.aware) || is_small(split.other));
    if least == ShareRounding::Suppressed || cells.margins.len() < 2 || !sensitive {
        return least;
    }
    let finest = if let ShareRounding::ToStep(step) = least { step } else { 0.0 };
    let table = Table::of(cells);
    let mut tables_left = MAX_TABLES;
    let mut search = |step: &f64| is_protected(&table, cells.margins, *step, &mut tables_left);
    let found = ROUNDING_STEPS.iter().filter(|step| **step >= finest).find(|step| search(step));
    found.map_or(ShareRounding::Suppressed, |step| ShareRounding::ToStep(*step))
}

impl Table {
    fn of(cells: &JointCells<'_>) -> Table {
        let mut groups = cells.groups.to_vec();
        let mut layers = [
            cells.splits.iter().map(|split| split.aware as i64).collect::<Vec<_>>(),
            cells.splits.iter().map(|split| split.other as i64).collect::<Vec<_>>(),
        ];
        // Combinations that nobody has may have somebody for all that an attacker knows.
        let known: BTreeMap<Vec<usize>, usize> =
            groups.iter().enumerate().map(|(at, g)| (g.categories.clone(), at)).collect();
        if cells.margins.len() == 2 {
            for a in 0..cells.margins[0].len() {
                for b in 0..cells.margins[1].len() {
                    let Some(first) = groups.first().filter(|_| !known.contains_key([a, b].as_slice())) else {
                        continue;
                    };
                    let mut empty = first.clone();
                    empty.categories = vec![a, b];
                    empty.count = 0.0;
                    groups.push(empty);
                    layers.iter_mut().for_each(|layer| layer.push(0));
                }
            }
        }
        Table { groups, layers }
    }

    /// What would be published of this table; `None` if it cannot be weighted.
    fn published(&self, margins: &[Vec<f64>], step: f64) -> Option<PublishedFigure> {
        let raked = rake(&self.groups, margins)?;
        self.published_with(&raked, step)
    }

    fn published_with(&self, raked: &RakingResult, step: f64) -> Option<PublishedFigure> {
        let weights = || raked.weights.iter().copied();
        let (deff, _) = kish_design_effect(weights().zip(self.groups.iter().map(|g| g.count)))?;
        let total: f64 = self.groups.iter().zip(weights()).map(|(g, w)| g.count * w).sum();
        let aware: f64 = self.layers[0].iter().zip(weights()).map(|(n, w)| *n as f64 * w).sum();
        Some(PublishedFigure {
            step: rounding_step((aware / total).clamp(0.0, 1.0), step),
            deff: (deff * 100.0 - 1e-7).ceil() as i64,
            rounds: raked.rounds,
            converged: raked.converged,
            trimmed: raked.trimmed > 0.0,
        })
    }

    /// The table with `by` more in each of `up` and fewer in each of `down` of a layer; with `paired`, the opposite in the other layer,
    /// so that no combination changes its size. `None` if a count would be negative.
    fn moved(&self, layer: usize, rectangle: &Rectangle, by: i64, paired: bool) -> Option<Table> {
        let mut moved = self.clone();
        for (cells, by) in [(rectangle.up, by), (rectangle.down, -by)] {
            for cell in cells {
                moved.layers[layer][cell] += by;
                if paired {
                    moved.layers[1 - layer][cell] -= by;
                } else {
                    moved.groups[cell].count += by as f64;
                }
            }
        }
        let mut touched = rectangle.up.iter().chain(&rectangle.down);
        let fits = |cell: &usize| moved.layers.iter().all(|layer| layer[*cell] >= 0);
        touched.all(fits).then_some(moved)
    }

    /// The rectangles with this combination in a corner.
    fn rectangles(&self, corner: usize) -> Vec<Rectangle> {
        let known: BTreeMap<&[usize], usize> =
            self.groups.iter().enumerate().map(|(at, g)| (g.categories.as_slice(), at)).collect();
        let own = &self.groups[corner].categories;
        let mut found = Vec::new();
        for (opposite, group) in self.groups.iter().enumerate() {
            let differ: Vec<usize> = (0..own.len()).filter(|m| own[*m] != group.categories[*m]).collect();
            let [first, second] = differ[..] else { continue };
            let with = |margin: usize| {
                let mut categories = own.clone();
                categories[margin] = group.categories[margin];
                known.get(categories.as_slice()).copied()
            };
            if let (Some(a), Some(b)) = (with(first), with(second)) {
                found.push(Rectangle { up: [corner, opposite], down: [a, b] });
            }
        }
        found
    }
}

/// Two groups of one margin and two of another: opposite corners gain what the others lose.
#[derive(Debug, Clone, Copy)]
struct Rectangle {
    up: [usize; 2],
    down: [usize; 2],
}

/// Whether each small count of a combination could be at least [`MIN_PUBLISHED_COUNT`] and has a range of that width, in tables of which
/// the same would be published.
fn is_protected(table: &Table, margins: &[Vec<f64>], step: f64, tables_left: &mut usize) -> bool {
    let Some(raked) = rake(&table.groups, margins) else { return false };
    let Some(truth) = table.published_with(&raked, step) else { return false };
    (0..2).all(|layer| {
        (0..table.groups.len()).all(|cell| {
            let count = table.layers[layer][cell];
            if !u64::try_from(count).is_ok_and(is_small) {
                return true;
            }
            let rectangles = table.rectangles(cell);
            let mut is_possible = |by: i64| {
                rectangles.iter().any(|rectangle| {
                    let same = |paired: bool, tables_left: &mut usize| {
                        let Some(moved) = table.moved(layer, rectangle, by, paired) else { return false };
                        if paired {
                            return moved.published_with(&raked, step).as_ref() == Some(&truth);
                        }
                        if *tables_left == 0 {
                            return false;
                        }
                        *tables_left -= 1;
                        moved.published(margins, step).as_ref() == Some(&truth)
                    };
                    same(true, tables_left) || same(false, tables_left)
                })
            };
            let width = MIN_PUBLISHED_COUNT as i64 - 1;
            // A move up by the whole width is enough; otherwise a smaller one up and another down.
            (0..=width.min(count)).any(|down| {
                let up = width - down;
                count + up >= MIN_PUBLISHED_COUNT as i64 && is_possible(up) && (down == 0 || is_possible(-down))
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Groups of a margin of `ages` and one of two sexes, with aware and others of each.
    fn rounding(counts: &[[(u64, u64); 2]]) -> ShareRounding {
        let cell = |(a, s): (usize, usize)| counts[a][s];
        let places: Vec<(usize, usize)> = (0..counts.len()).flat_map(|a| [(a, 0), (a, 1)]).collect();
        let groups: Vec<WeightingCell> = places
            .iter()
            .map(|place| {
                let (aware, other) = cell(*place);
                WeightingCell { categories: vec![place.0, place.1], count: (aware + other) as f64, base_weight: 1.0 }
            })
            .collect();
        let splits: Vec<AwarenessCounts> =
            places.iter().map(|place| AwarenessCounts { aware: cell(*place).0, other: cell(*place).1 }).collect();
        let margins = [vec![1.0; counts.len()], vec![0.6, 0.4]];
        protect_joint_cells(ShareRounding::Exact, &JointCells { groups: &groups, splits: &splits, margins: &margins })
    }

    #[test]
    fn small_combinations_are_rounded_and_others_are_not() {
        let large = [[(60, 20), (70, 10)], [(90, 30), (40, 20)], [(30, 20), (25, 15)]];
        assert_eq!(rounding(&large), ShareRounding::Exact);
        let mut small = large;
        small[2][1] = (25, 2);
        assert!(matches!(rounding(&small), ShareRounding::ToStep(step) if step <= 0.002), "{:?}", rounding(&small));
        // So few respondents that any step tells them.
        assert_eq!(rounding(&[[(5, 2), (0, 9)], [(30, 0), (0, 1)]]), ShareRounding::Suppressed);
    }
}
