//! Raking and its variance as an attacker computes them, by code of its own. In: a table of counts. Out: share and design effects.

use std::collections::BTreeMap;

use super::{AGES, Table};

/// What the attacker computes from a table: share, design effect, and rounds of raking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Raked {
    pub share: f64,
    /// Of the weights.
    pub deff: f64,
    pub cut: bool,
}

/// Sizes of the combinations.
pub type Sizes = [[i64; 2]; AGES];

/// Weights of the combinations, and whether some were cut.
#[derive(Debug, Clone, Copy)]
pub struct Weights {
    pub of: [[f64; 2]; AGES],
    pub cut: bool,
}

/// Raking as the method describes it: each margin in turn, then weights of five times the mean or more are cut, until both margins are
/// met within 1e-9 of the whole.
pub fn raking(sizes: &Sizes, margins: &([f64; AGES], [f64; 2])) -> Option<Weights> {
    let size = |a: usize, s: usize| sizes[a][s] as f64;
    let places = || (0..AGES).flat_map(|a| [(a, 0), (a, 1)]);
    let n: f64 = places().map(|(a, s)| size(a, s)).sum();
    let mut weights = [[1.0_f64; 2]; AGES];
    for round in 1..=1000 {
        for (a, of_age) in weights.iter_mut().enumerate() {
            let held: f64 = (0..2).map(|s| size(a, s) * of_age[s]).sum();
            of_age.iter_mut().for_each(|w| *w *= margins.0[a] * n / held);
        }
        for s in 0..2 {
            let held: f64 = (0..AGES).map(|a| size(a, s) * weights[a][s]).sum();
            weights.iter_mut().for_each(|w| w[s] *= margins.1[s] * n / held);
        }
        let cut = places().any(|(a, s)| weights[a][s] >= 5.0 && size(a, s) > 0.0);
        weights.iter_mut().flatten().for_each(|w| *w = w.min(5.0));
        let sum: f64 = places().map(|(a, s)| size(a, s) * weights[a][s]).sum();
        weights.iter_mut().flatten().for_each(|w| *w *= n / sum);
        let by_age = |a: usize| ((0..2).map(|s| size(a, s) * weights[a][s]).sum::<f64>() / n - margins.0[a]).abs();
        let by_sex = |s: usize| ((0..AGES).map(|a| size(a, s) * weights[a][s]).sum::<f64>() / n - margins.1[s]).abs();
        let worst = (0..AGES).map(by_age).chain((0..2).map(by_sex)).fold(0.0, f64::max);
        if worst.is_nan() {
            return None;
        }
        // Where weights are cut, the last round may miss the margins by half a per cent.
        if worst <= if round == 1000 && cut { 0.005 } else { 1e-9 } {
            return Some(Weights { of: weights, cut });
        }
    }
    None
}

/// Weights by sizes, each raked once.
#[derive(Default)]
pub struct Raker {
    known: BTreeMap<Sizes, Option<Weights>>,
}

impl Raker {
    pub fn weights(&mut self, table: &Table, margins: &([f64; AGES], [f64; 2])) -> Option<Weights> {
        let sizes: Sizes = table.map(|sexes| sexes.map(|layers| layers[0] + layers[1]));
        *self.known.entry(sizes).or_insert_with(|| raking(&sizes, margins))
    }
}

/// Share and design effect of the weights; the effect of the whole figure is computed when they agree.
pub fn shares(table: &Table, weights: &Weights) -> Raked {
    let places = || (0..AGES).flat_map(|a| [(a, 0), (a, 1)]);
    let n: f64 = table.iter().flatten().flatten().map(|n| *n as f64).sum();
    let aware: f64 = places().map(|(a, s)| table[a][s][0] as f64 * weights.of[a][s]).sum();
    let squares: f64 =
        places().map(|(a, s)| (table[a][s][0] + table[a][s][1]) as f64 * weights.of[a][s] * weights.of[a][s]).sum();
    Raked { share: aware / n, deff: squares / n, cut: weights.cut }
}

/// Design effect of the whole figure.
pub fn design_effect(table: &Table, weights: &Weights, found: Raked) -> f64 {
    let n: f64 = table.iter().flatten().flatten().map(|n| *n as f64).sum();
    let variance = linear_variance(table, &weights.of, found.share);
    let effective = if variance > 0.0 { found.share * (1.0 - found.share) / variance } else { f64::INFINITY };
    n / effective.min(n / found.deff)
}

/// Variance of the raked share: weighted residuals of a regression on the groups, found by taking off the means of each margin in turn.
pub fn linear_variance(table: &Table, weights: &[[f64; 2]; AGES], share: f64) -> f64 {
    let places: Vec<(usize, usize, usize)> =
        (0..AGES).flat_map(|a| (0..2).flat_map(move |s| [(a, s, 0), (a, s, 1)])).collect();
    let n: f64 = places.iter().map(|(a, s, l)| table[*a][*s][*l] as f64).sum();
    let mut rest = [[[0.0; 2]; 2]; AGES];
    places.iter().for_each(|(a, s, l)| rest[*a][*s][*l] = (if *l == 0 { 1.0 - share } else { -share }) / n);
    for _ in 0..10 {
        for (margin, groups) in [(0, AGES), (1, 2)] {
            for group in 0..groups {
                let inside = || places.iter().filter(|(a, s, _)| [*a, *s][margin] == group);
                let size: f64 = inside().map(|(a, s, l)| table[*a][*s][*l] as f64).sum();
                let sum: f64 = inside().map(|(a, s, l)| table[*a][*s][*l] as f64 * rest[*a][*s][*l]).sum();
                inside().for_each(|(a, s, l)| rest[*a][*s][*l] -= sum / size.max(1.0));
            }
        }
    }
    let value = |(a, s, l): &(usize, usize, usize)| weights[*a][*s] * rest[*a][*s][*l];
    let count = |(a, s, l): &(usize, usize, usize)| table[*a][*s][*l] as f64;
    let mean: f64 = places.iter().map(|place| count(place) * value(place)).sum::<f64>() / n;
    n / (n - 1.0) * places.iter().map(|place| count(place) * (value(place) - mean).powi(2)).sum::<f64>()
}
