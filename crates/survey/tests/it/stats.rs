//! The statistics against reference values; `stats/` has them beside the scripts that made them.

use puzhi_survey::stats::{
    PowerTarget, Proportion, WeightingCell, kish_design_effect, newcombe_interval, power_at, rake, wilson_interval,
};

/// Lines of a kind, as numbers.
fn rows(text: &str, what: &str) -> Vec<Vec<f64>> {
    let of = |line: &str| {
        line.strip_prefix(what)?
            .strip_prefix('\t')
            .map(|rest| rest.trim().split('\t').map(|n| n.trim().parse().unwrap()).collect())
    };
    let rows: Vec<Vec<f64>> = text.lines().filter_map(of).collect();
    assert!(!rows.is_empty(), "no reference values called {what}");
    rows
}

const R: &str = include_str!("stats/vectors.tsv");
const STATSMODELS: &str = include_str!("stats/statsmodels.tsv");

#[track_caller]
fn near(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() <= 1e-6, "{ours} is not {theirs}");
}

#[test]
fn wilson_agrees_with_r_and_statsmodels() {
    for row in rows(R, "wilson").iter().chain(&rows(STATSMODELS, "wilson")) {
        let (low, high) = wilson_interval(row[0] / row[1], row[1]).unwrap();
        near(low, row[2]);
        near(high, row[3]);
    }
    for row in rows(R, "wilson_share") {
        let (low, high) = wilson_interval(row[0], row[1]).unwrap();
        near(low, row[2]);
        near(high, row[3]);
    }
}

#[test]
fn newcombe_agrees_with_r_and_statsmodels() {
    let counted = rows(STATSMODELS, "newcombe").into_iter().map(|mut row| {
        row[0] /= row[1];
        row[2] /= row[3];
        row
    });
    for row in rows(R, "newcombe").into_iter().chain(counted) {
        let ours = newcombe_interval(Proportion { share: row[0], n: row[1] }, Proportion { share: row[2], n: row[3] })
            .unwrap();
        near(ours.difference, row[4]);
        near(ours.low, row[5]);
        near(ours.high, row[6]);
    }
}

#[test]
fn power_agrees_with_r() {
    for row in rows(R, "power") {
        let aim = PowerTarget { target: row[0], strict: false, expect: row[1], power: 0.8, deff: 1.0 };
        near(power_at(&aim, row[2] as u64).unwrap().0, row[3]);
    }
}

/// All combinations of categories, the first margin running fastest, as R's `expand.grid` has them.
fn grid(sizes: &[usize], counts: &[f64]) -> Vec<WeightingCell> {
    let of = |mut at: usize| {
        let mut categories = Vec::new();
        for size in sizes {
            categories.push(at % size);
            at /= size;
        }
        categories
    };
    counts
        .iter()
        .enumerate()
        .map(|(at, count)| WeightingCell { categories: of(at), count: *count, base_weight: 1.0 })
        .collect()
}

#[test]
fn raking_and_kish_agree_with_the_survey_package_of_r() {
    let one = |what: &str| rows(R, what).remove(0);
    let groups = grid(&[2, 4, 3], &one("rake_counts"));
    let raked = rake(&groups, &[one("rake_sex"), one("rake_age"), one("rake_street")]).unwrap();
    assert!(raked.converged && raked.trimmed == 0.0);
    let wanted = one("rake_weights");
    assert_eq!(wanted.len(), groups.len());
    raked.weights.iter().zip(&wanted).for_each(|(ours, theirs)| near(*ours, *theirs));
    let (deff, n_eff) = kish_design_effect(raked.weights.iter().copied().zip(groups.iter().map(|g| g.count))).unwrap();
    near(deff, one("kish")[0]);
    near(n_eff, one("kish")[1]);
    let aware: f64 = one("aware_by_cell").iter().zip(&raked.weights).map(|(aware, weight)| aware * weight).sum();
    near(aware / groups.iter().map(|g| g.count).sum::<f64>(), one("weighted_share")[0]);
}

#[test]
fn cut_weights_agree_with_r() {
    let one = |what: &str| rows(R, what).remove(0);
    let groups = grid(&[3, 2], &one("cut_counts"));
    let raked = rake(&groups, &[one("cut_a"), one("cut_b")]).unwrap();
    assert!(raked.converged);
    raked.weights.iter().zip(&one("cut_weights")).for_each(|(ours, theirs)| near(*ours, *theirs));
}
