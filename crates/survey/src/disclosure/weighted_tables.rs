//! Rounding of the weighted percentages of a table of options.
//!
//! An attacker who knows the weight of each combination of groups (age by sex) has for each option two sums over the combinations: the
//! unweighted count and the weighted percentage. Written exactly, both determine how the few of a combination answered. In: how many of
//! each place chose each option, and the weight of the place. Out: the finest step of the percentages under which each count from 1 to
//! [`MIN_PUBLISHED_COUNT`] − 1 of a combination can reach [`MIN_PUBLISHED_COUNT`] and has a range of that width.
//!
//! Other tables with the same published numbers are made by exchanging the answers of two respondents of the same layer: unweighted
//! counts, the sizes of all combinations, and so all weights stay. What cannot be made this way counts as impossible, so that less is
//! published than could be. Knows no questions.

use super::is_small;
use puzhi_core::kinds::results::MIN_PUBLISHED_COUNT;

/// Steps of the percentages that are tried, the finest first.
const STEPS: [f64; 5] = [0.001, 0.002, 0.005, 0.01, 0.02];

/// Exchanges with which a percentage is brought back to its step.
const MAX_COMPENSATIONS: usize = 10;

/// Respondents whose answers to one question may be exchanged for each other's: one combination of groups, one layer.
#[derive(Debug, Clone, PartialEq)]
pub struct TablePlace {
    /// The combination of groups. Its counts are protected, over all its layers.
    pub combination: usize,
    /// Answers are exchanged within a layer alone, so that nothing else that is published changes.
    pub layer: usize,
    /// Weight of each respondent.
    pub weight: f64,
    /// How many chose each option.
    pub counts: Vec<i64>,
    /// How many can give up the first option without being left with no answer at all; `None` where another takes its place.
    pub spare: Option<i64>,
}

/// A table of one answer each.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedTable {
    /// Where its respondents are.
    pub places: Vec<TablePlace>,
    /// Which options have a published percentage.
    pub published: Vec<bool>,
}

/// How exactly the weighted percentages of a table are published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TableRounding {
    /// To 0.1 %: no count is small.
    Plain,
    /// To a multiple of this step.
    ToStep(f64),
    /// Not at all.
    Suppressed,
}

/// The finest rounding that protects all of these tables.
pub fn table_rounding(tables: &[WeightedTable]) -> TableRounding {
    let has_small = |table: &WeightedTable| table.small_cells().next().is_some();
    if !tables.iter().any(has_small) {
        return TableRounding::Plain;
    }
    let protects = |step: &f64| tables.iter().all(|table| table.is_protected(*step));
    STEPS.into_iter().find(protects).map_or(TableRounding::Suppressed, TableRounding::ToStep)
}

/// Number of the step to which a share is rounded.
pub fn nearest_step(share: f64, step: f64) -> i64 {
    (share / step + 0.5 + 1e-9).floor() as i64
}

/// Two respondents who exchange their answers: who is at `to` takes the option `gained` for `lost`, who is at `from` the reverse.
#[derive(Debug, Clone, Copy)]
struct Exchange {
    to: usize,
    from: usize,
    gained: usize,
    lost: usize,
}

/// A count of a combination.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Cell {
    combination: usize,
    option: usize,
}

/// A table under change.
#[derive(Clone)]
struct State<'t> {
    table: &'t WeightedTable,
    counts: Vec<Vec<i64>>,
    spare: Vec<Option<i64>>,
    /// Weighted number of respondents of each option.
    sums: Vec<f64>,
    /// The same of the true table.
    truth: Vec<f64>,
    /// Weighted number of all respondents.
    total: f64,
    step: f64,
}

impl WeightedTable {
    /// Weighted share of an option.
    pub fn share(&self, option: usize) -> f64 {
        (self.sum(option) / self.total()).clamp(0.0, 1.0)
    }

    fn total(&self) -> f64 {
        self.places.iter().map(|place| place.weight * place.counts.iter().sum::<i64>() as f64).sum()
    }

    fn sum(&self, option: usize) -> f64 {
        self.places.iter().map(|place| place.weight * place.counts[option] as f64).sum()
    }

    fn count(&self, cell: Cell) -> i64 {
        let of_combination = self.places.iter().filter(|place| place.combination == cell.combination);
        of_combination.map(|place| place.counts[cell.option]).sum()
    }

    /// Counts of combinations from 1 to 4.
    fn small_cells(&self) -> impl Iterator<Item = Cell> {
        let mut combinations: Vec<usize> = self.places.iter().map(|place| place.combination).collect();
        combinations.sort_unstable();
        combinations.dedup();
        let options = self.published.len();
        let cells = combinations
            .into_iter()
            .flat_map(move |combination| (0..options).map(move |option| Cell { combination, option }));
        cells.filter(|cell| is_small(self.count(*cell) as u64))
    }

    fn is_protected(&self, step: f64) -> bool {
        let truth: Vec<f64> = (0..self.published.len()).map(|option| self.sum(option)).collect();
        let state = State {
            table: self,
            counts: self.places.iter().map(|place| place.counts.clone()).collect(),
            spare: self.places.iter().map(|place| place.spare).collect(),
            sums: truth.clone(),
            truth,
            total: self.total(),
            step,
        };
        let width = MIN_PUBLISHED_COUNT as i64 - 1;
        self.small_cells().all(|cell| {
            let count = self.count(cell);
            (0..=width.min(count)).any(|down| {
                let up = width - down;
                count + up > width && state.can_change(cell, up) && (down == 0 || state.can_change(cell, -down))
            })
        })
    }
}

impl State<'_> {
    /// Whether a count could be `by` more and the same would be published.
    fn can_change(&self, cell: Cell, by: i64) -> bool {
        let mut state = self.clone();
        for _ in 0..by.abs() {
            let Some(exchange) = state.best(state.exchanges_of(cell, by > 0)) else { return false };
            state.apply(exchange);
        }
        for _ in 0..MAX_COMPENSATIONS {
            let Some(worst) = state.worst_option() else { return true };
            let off = state.overshoot();
            let Some(exchange) = state.best(state.exchanges_beside(cell, worst)) else { return false };
            state.apply(exchange);
            if state.overshoot() >= off {
                return false;
            }
        }
        state.worst_option().is_none()
    }

    fn is_possible(&self, Exchange { to, from, gained, lost }: Exchange) -> bool {
        let places = &self.table.places;
        places[to].layer == places[from].layer
            && gained != lost
            && self.counts[to][lost] > 0
            && self.counts[from][gained] > 0
            // Who loses the first option must have another answer.
            && self.spare[if gained == 0 { from } else { to }].is_none_or(|spare| spare > 0)
    }

    /// Exchanges by which the combination of a cell gains, or loses, one respondent who chose its option.
    fn exchanges_of(&self, cell: Cell, gains: bool) -> impl Iterator<Item = Exchange> {
        let places = &self.table.places;
        let inside = move |at: &usize| places[*at].combination == cell.combination;
        let pairs = (0..places.len()).filter(inside).flat_map(move |here| {
            (0..places.len()).filter(move |there| !inside(there)).map(move |there| (here, there))
        });
        let exchanges = pairs.flat_map(move |(here, there)| {
            (0..self.table.published.len()).map(move |other| match gains {
                true => Exchange { to: here, from: there, gained: cell.option, lost: other },
                false => Exchange { to: there, from: here, gained: cell.option, lost: other },
            })
        });
        exchanges.filter(|exchange| self.is_possible(*exchange))
    }

    /// Exchanges of an option that do not touch the combination of a cell.
    fn exchanges_beside(&self, cell: Cell, option: usize) -> impl Iterator<Item = Exchange> {
        let places = &self.table.places;
        let outside = move |at: &usize| places[*at].combination != cell.combination;
        let pairs = (0..places.len()).filter(outside).flat_map(move |to| {
            (0..places.len()).filter(move |from| outside(from) && *from != to).map(move |from| (to, from))
        });
        let exchanges = pairs.flat_map(move |(to, from)| {
            (0..self.table.published.len()).map(move |lost| Exchange { to, from, gained: option, lost })
        });
        exchanges.filter(|exchange| self.is_possible(*exchange))
    }

    /// The exchange after which the percentages are nearest to their steps, and then to where they were.
    fn best(&self, exchanges: impl Iterator<Item = Exchange>) -> Option<Exchange> {
        let rated = exchanges.map(|exchange| {
            let Exchange { to, from, gained, lost } = exchange;
            let by = self.table.places[to].weight - self.table.places[from].weight;
            let (mut off, mut away) = (0.0, 0.0);
            for option in 0..self.sums.len() {
                let change = if option == gained {
                    by
                } else if option == lost {
                    -by
                } else {
                    0.0
                };
                off += self.off_by(option, self.sums[option] + change);
                away += (self.sums[option] + change - self.truth[option]).abs();
            }
            (off, away, exchange)
        });
        rated.min_by(|a, b| (a.0, a.1).partial_cmp(&(b.0, b.1)).unwrap_or(std::cmp::Ordering::Equal)).map(|best| best.2)
    }

    fn apply(&mut self, Exchange { to, from, gained, lost }: Exchange) {
        for (place, more, less) in [(to, gained, lost), (from, lost, gained)] {
            self.counts[place][more] += 1;
            self.counts[place][less] -= 1;
            let by = i64::from(more == 0) - i64::from(less == 0);
            self.spare[place].iter_mut().for_each(|spare| *spare += by);
        }
        let by = self.table.places[to].weight - self.table.places[from].weight;
        self.sums[gained] += by;
        self.sums[lost] -= by;
    }

    /// How far a weighted number of an option lies outside of what rounds to the published percentage; 0 for one that is not published.
    fn off_by(&self, option: usize, sum: f64) -> f64 {
        if !self.table.published[option] {
            return 0.0;
        }
        let unit = self.step * self.total;
        let number = nearest_step(self.truth[option] / self.total, self.step) as f64;
        let (low, high) = ((number - 0.5) * unit, (number + 0.5) * unit);
        // Within a hair of an edge it could round the other way.
        let hair = 1e-6 * unit;
        (low + hair - sum).max(sum - high + hair).max(0.0)
    }

    fn overshoot(&self) -> f64 {
        (0..self.sums.len()).map(|option| self.off_by(option, self.sums[option])).sum()
    }

    /// The option that is farthest outside of its step; `None` when all are inside.
    fn worst_option(&self) -> Option<usize> {
        let off = |option: &usize| self.off_by(*option, self.sums[*option]);
        let outside = (0..self.sums.len()).filter(|option| off(option) > 0.0);
        outside.max_by(|a, b| off(a).partial_cmp(&off(b)).unwrap_or(std::cmp::Ordering::Equal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(places: &[(f64, &[i64])]) -> WeightedTable {
        let place = |(at, (weight, counts)): (usize, &(f64, &[i64]))| TablePlace {
            combination: at,
            layer: 0,
            weight: *weight,
            counts: counts.to_vec(),
            spare: None,
        };
        let options = places[0].1.len();
        WeightedTable { places: places.iter().enumerate().map(place).collect(), published: vec![true; options] }
    }

    #[test]
    fn a_table_without_small_counts_needs_no_step() {
        assert_eq!(table_rounding(&[table(&[(0.5, &[30, 40]), (1.5, &[20, 90])])]), TableRounding::Plain);
    }

    #[test]
    fn a_small_count_needs_others_of_nearly_its_weight() {
        let near = table(&[(0.99, &[3, 90]), (1.01, &[30, 90]), (1.0, &[40, 50])]);
        assert_eq!(table_rounding(&[near]), TableRounding::ToStep(0.001));
        let far = table(&[(0.2, &[3, 90]), (1.8, &[30, 90])]);
        assert_eq!(table_rounding(&[far]), TableRounding::Suppressed);
        // What the two at the ends lose to each other the two in the middle give back.
        let balanced = table(&[(0.5, &[3, 40]), (1.5, &[30, 40]), (0.6, &[30, 40]), (1.6, &[30, 40])]);
        assert!(matches!(table_rounding(&[balanced]), TableRounding::ToStep(step) if step <= 0.002));
    }

    #[test]
    fn answers_stay_in_their_layer() {
        let mut layered = table(&[(1.0, &[3, 90]), (1.0, &[30, 90])]);
        assert_eq!(table_rounding(std::slice::from_ref(&layered)), TableRounding::ToStep(0.001), "equal weights");
        layered.places[1].layer = 1;
        assert_eq!(table_rounding(&[layered]), TableRounding::Suppressed);
    }
}
