//! Variances and intervals of complex designs against the package `survey` of R; `scripts/survey-designs.R` made the reference values.

use puzhi_survey::stats::{Calibration, DesignRow, StageUnit, design_estimate, t_quantile};

const R: &str = include_str!("stats/designs.tsv");

/// A design with what R says of it.
#[derive(Default)]
struct Reference {
    name: String,
    calibration: String,
    rows: Vec<DesignRow>,
    /// Groups of the calibration, one list for each row.
    groups: Vec<Vec<usize>>,
    wanted: Vec<f64>,
}

fn references() -> Vec<Reference> {
    let mut all: Vec<Reference> = Vec::new();
    let mut stages = 0;
    for line in R.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |cell: &str| (cell != "NA").then(|| cell.trim().parse::<f64>().unwrap());
        match cells[0] {
            "design" => {
                stages = cells[3].parse().unwrap();
                all.push(Reference { name: cells[1].into(), calibration: cells[2].into(), ..Reference::default() });
            }
            "row" => {
                let design = all.last_mut().unwrap();
                let whole = |cell: &str| number(cell).unwrap() as usize;
                let place = |at: usize| StageUnit {
                    stratum: whole(cells[1 + 3 * at]),
                    unit: whole(cells[2 + 3 * at]),
                    size: number(cells[3 + 3 * at]),
                };
                let rest = &cells[1 + 3 * stages..];
                design.rows.push(DesignRow {
                    stages: (0..stages).map(place).collect(),
                    weight: number(rest[0]).unwrap(),
                    base_weight: number(rest[1]).unwrap(),
                    value: number(rest[2]),
                });
                design.groups.push(rest[3..].iter().map(|cell| whole(cell)).collect());
            }
            "want" => all.last_mut().unwrap().wanted = cells[1..].iter().map(|cell| number(cell).unwrap()).collect(),
            other => panic!("{other}"),
        }
    }
    all
}

#[test]
fn complex_designs_agree_with_the_survey_package_of_r() {
    let all = references();
    assert!(all.len() >= 20, "{} designs", all.len());
    for design in &all {
        let margin = |at: usize| design.groups.iter().map(|groups| groups[at]).collect::<Vec<usize>>();
        let calibration = match design.calibration.as_str() {
            "none" => Calibration::None,
            "post" => Calibration::PostStratified(margin(0)),
            _ => Calibration::Raked((0..design.groups[0].len()).map(margin).collect()),
        };
        let found = design_estimate(&design.rows, &calibration).unwrap();
        let (logit, beta) = (found.logit().unwrap(), found.beta().unwrap());
        let size = found.effective_size().unwrap() * found.degrees_correction();
        let wilson = found.wilson(size).unwrap();
        let ours =
            [found.share, found.variance.sqrt(), found.df as f64, logit.0, logit.1, beta.0, beta.1, wilson.0, wilson.1];
        assert_eq!(ours.len(), design.wanted.len());
        for (at, (ours, theirs)) in ours.iter().zip(&design.wanted).enumerate() {
            assert!((ours - theirs).abs() <= 1e-6, "{}, number {at}: {ours} is not {theirs}", design.name);
        }
    }
}

#[test]
fn quantiles_of_t_are_those_of_r() {
    // qt(0.975, c(1, 2, 14, 29, 399)) of R 4.2.2.
    for (df, wanted) in [
        (1.0, 12.706_204_736_174_69),
        (2.0, 4.302_652_729_749_46),
        (14.0, 2.144_786_687_917_8),
        (29.0, 2.045_229_642_132_7),
        (399.0, 1.965_927_295_920_63),
    ] {
        assert!((t_quantile(df) - wanted).abs() < 1e-9, "{df}: {}", t_quantile(df));
    }
    assert_eq!(t_quantile(0.0), f64::INFINITY);
}
