//! How often a claim is wrong: samples of a population of which exactly the target is aware, drawn under many designs.
//!
//! `COVERAGE_RUNS` sets the number of samples of each design (1,000 by default); `scripts/survey-coverage` runs 20,000 and writes the
//! table of `docs/survey/coverage.md` to the file that `COVERAGE_TABLE` names.

use puzhi_core::kinds::results::round_down;
use puzhi_survey::stats::{
    Calibration, DesignRow, StageUnit, design_estimate, least_design_effect, t_quantile, wilson_interval,
    wilson_interval_at,
};

/// The target, and the true share of the population.
const TRUE_SHARE: f64 = 0.85;
/// Most of the samples that may show the target by mistake; 2.5 % would be exact.
const MOST_FALSE: f64 = 0.03;

/// A design that is drawn again and again.
#[derive(Clone, Copy)]
struct Design {
    strata: usize,
    /// First-stage units in each stratum; `None`: people are drawn at once.
    units: Option<usize>,
    /// People in each unit, or in each stratum.
    people: usize,
    icc: f64,
}

/// A linear congruential generator of 64 bits (Knuth's MMIX), of which the upper bits are used.
struct Dice(u64);

impl Dice {
    /// A number from 0 to 1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// How many of `n` are aware: a beta-binomial number with this mean and intra-class correlation, by Pólya's urn.
    fn aware_of(&mut self, n: usize, mean: f64, icc: f64) -> usize {
        if icc <= 0.0 {
            return (0..n).filter(|_| self.roll() < mean).count();
        }
        let size = (1.0 - icc) / icc;
        let mut aware = 0;
        for drawn in 0..n {
            aware += usize::from(self.roll() < (mean * size + aware as f64) / (size + drawn as f64));
        }
        aware
    }
}

impl Design {
    /// Share of the aware in a stratum: they differ by ten points in all.
    fn share_of(self, stratum: usize) -> f64 {
        if self.strata == 1 {
            return TRUE_SHARE;
        }
        TRUE_SHARE + 0.1 * (stratum as f64 / (self.strata - 1) as f64 - 0.5)
    }

    /// Whether a sample of this design shows the target.
    fn claims(self, dice: &mut Dice) -> bool {
        let Some(units) = self.units else { return self.claims_at_once(dice) };
        let mut rows = Vec::with_capacity(self.strata * units);
        for stratum in 0..self.strata {
            for unit in 0..units {
                // One row with the weight of its people has the unit's total, all that the variance looks at.
                let aware = dice.aware_of(self.people, self.share_of(stratum), self.icc);
                rows.push(DesignRow {
                    stages: vec![StageUnit { stratum, unit, size: None }],
                    weight: self.people as f64,
                    base_weight: self.people as f64,
                    value: Some(aware as f64 / self.people as f64),
                });
            }
        }
        let n = (rows.len() * self.people) as f64;
        let mut found = design_estimate(&rows, &Calibration::None).unwrap();
        found.n = n as u64;
        let size = found.claimed_size(n / least_design_effect(1.0, self.people as f64));
        meets(wilson_interval_at(found.share, size, t_quantile(found.df as f64)))
    }

    fn claims_at_once(self, dice: &mut Dice) -> bool {
        let aware: Vec<usize> = (0..self.strata).map(|s| dice.aware_of(self.people, self.share_of(s), 0.0)).collect();
        let n = (self.strata * self.people) as f64;
        let share = aware.iter().sum::<usize>() as f64 / n;
        if self.strata == 1 {
            return meets(wilson_interval(share, n));
        }
        let (size, people) = (self.people as f64, self.strata as f64);
        let of = |aware: usize| aware as f64 / size * (1.0 - aware as f64 / size) / (size - 1.0);
        let variance: f64 = aware.iter().map(|aware| of(*aware)).sum::<f64>() / people.powi(2);
        let df = n - people;
        let effective = (share * (1.0 - share) / variance).min(n) * (t_quantile(n - 1.0) / t_quantile(df)).powi(2);
        meets(wilson_interval_at(share, effective, t_quantile(df)))
    }

    fn describe(self) -> [String; 5] {
        let n = self.strata * self.units.unwrap_or(1) * self.people;
        let units = self.units.map_or("—".to_string(), |units| (units * self.strata).to_string());
        let people = self.units.map_or("—".to_string(), |_| self.people.to_string());
        let icc = self.units.map_or("—".to_string(), |_| format!("{:.2}", self.icc));
        [self.strata.to_string(), units, people, icc, n.to_string()]
    }
}

fn meets(interval: Option<(f64, f64)>) -> bool {
    interval.is_some_and(|(low, _)| round_down(low) >= TRUE_SHARE)
}

fn designs() -> Vec<Design> {
    let mut all = vec![
        Design { strata: 1, units: None, people: 400, icc: 0.0 },
        Design { strata: 1, units: None, people: 1073, icc: 0.0 },
        Design { strata: 3, units: None, people: 200, icc: 0.0 },
        Design { strata: 6, units: None, people: 100, icc: 0.0 },
    ];
    for (strata, units) in [(1, 15), (1, 30), (1, 60), (3, 5), (5, 3), (10, 3), (15, 2)] {
        for people in [10, 20, 40] {
            all.extend([0.0, 0.02, 0.05, 0.1].map(|icc| Design { strata, units: Some(units), people, icc }));
        }
    }
    all
}

#[test]
fn a_claim_is_wrong_no_more_often_than_it_says() {
    let runs: u32 = std::env::var("COVERAGE_RUNS").ok().and_then(|n| n.parse().ok()).unwrap_or(1000);
    let error = (MOST_FALSE * (1.0 - MOST_FALSE) / f64::from(runs)).sqrt();
    let mut table = String::from(
        "| 层 | 抽样单位 | 每单位人数 | 组内相关 | 样本量 | 误判达标 |\n| ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    let mut worst: f64 = 0.0;
    for (at, design) in designs().into_iter().enumerate() {
        let mut dice = Dice(20_270_401 + at as u64 * 7919);
        let wrong = (0..runs).filter(|_| design.claims(&mut dice)).count();
        let rate = wrong as f64 / f64::from(runs);
        worst = worst.max(rate);
        table.push_str(&format!("| {} | {:.2}% |\n", design.describe().join(" | "), rate * 100.0));
        assert!(rate <= MOST_FALSE + 2.0 * error, "{:?}: {:.2} %", design.describe(), rate * 100.0);
    }
    // A test that never claims anything would pass as well.
    assert!(worst > 0.01, "the largest rate is {worst}");
    if let Ok(path) = std::env::var("COVERAGE_TABLE") {
        std::fs::write(path, table).unwrap();
    }
}

/// What the design saves: the same samples taken for simple random ones.
#[test]
fn clusters_taken_for_simple_samples_claim_too_often() {
    let mut dice = Dice(4711);
    let wrong = (0..2000).filter(|_| {
        let aware: usize = (0..30).map(|_| dice.aware_of(40, TRUE_SHARE, 0.05)).sum();
        meets(wilson_interval(aware as f64 / 1200.0, 1200.0))
    });
    let rate = wrong.count() as f64 / 2000.0;
    assert!(rate > 0.09, "{rate}");
}
