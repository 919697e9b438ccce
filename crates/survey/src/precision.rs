//! The precision of the awareness figure: what its variance rests on, its effective sample size and its interval.
//!
//! In: the wave's declared design, the rows of the figure with their places in the sample, and their weights. Out: a [`Precision`], or
//! why the figure bears no claim. The formulas are in [`super::stats`]; this file decides which of them applies:
//!
//! - Answers that name their strata, units or base weights: Taylor linearisation ([`design_estimate`]).
//! - A declared design effect, at least Kish × (1 + 0.02 (m − 1)) for m answers a unit.
//! - People drawn at once: the binomial variance, or its linearised form where the answers are weighted.
//!
//! No effective size is larger than that of the least design effect, Kish × (1 + 0.02 (m − 1)): a variance that is small by chance
//! would make a claim out of it.

use std::collections::{BTreeMap, BTreeSet};

use super::count::{FigureRow, WaveCounts};
use super::stats::{
    Calibration, DesignEstimate, DesignRow, StageUnit, Z_975, design_estimate, least_design_effect, t_quantile,
    wilson_interval_at,
};
use super::weighting::WeightedFigure;
use puzhi_core::kinds::results::{DesignBasis, DesignSummary, MIN_FIRST_STAGE_UNITS, NoClaim};
use puzhi_core::kinds::{SamplingMethod, StratumSize, Wave};

/// What an interval of the figure is computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// Effective sample size.
    pub n_eff: f64,
    /// Quantile of the normal or of Student's t distribution.
    pub quantile: f64,
    /// What the variance rests on; `None` for a quota sample.
    pub summary: Option<DesignSummary>,
}

/// A design effect rounded up to a multiple of `step`, at most two decimals.
pub fn round_effect(effect: f64, step: f64) -> f64 {
    ((effect / step - 1e-6).ceil() * step * 100.0).round() / 100.0
}

impl Precision {
    /// The same precision with its design effect rounded up to a step, as it is published.
    pub fn rounded(&self, n: f64, step: f64) -> Precision {
        let deff = round_effect(n / self.n_eff, step);
        if deff > 0.0 && deff.is_finite() { Precision { n_eff: n / deff, ..self.clone() } } else { self.clone() }
    }

    /// Wilson's interval of a share.
    pub fn interval(&self, share: f64) -> Option<(f64, f64)> {
        wilson_interval_at(share, self.n_eff, self.quantile)
    }

    /// The same precision for a figure whose exact counts are hidden: the design effect is rounded up so far that it tells nothing of
    /// them.
    pub fn coarsened(&self, n: f64) -> Precision {
        let deff = (n / self.n_eff).max(1.0);
        let simple = self.summary.as_ref().is_none_or(|summary| summary.basis == DesignBasis::Simple);
        let n_eff = match simple {
            // An unweighted sample of people drawn at once has no effect to hide.
            true if deff - 1.0 < 1e-9 => n,
            true => (self.n_eff.min(n) * 0.99).floor(),
            false => (n / ((deff * 2.0 - 1e-9).ceil() / 2.0)).floor(),
        };
        Precision { n_eff: n_eff.max(1.0), ..self.clone() }
    }
}

/// Which places in the sample the answers name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct KnownLabels {
    strata: bool,
    units: bool,
}

/// What is known before the variance is computed.
struct Sample<'s> {
    wave: &'s Wave,
    rows: &'s [FigureRow],
    weighted: Option<&'s WeightedFigure>,
    /// Respondents of the figure.
    n: f64,
    /// Kish's design effect of the final weights.
    kish: f64,
}

/// The precision of a wave's figure. `Ok(None)` for a voluntary sample, which has none.
///
/// # Errors
/// Why a probability sample bears no claim.
pub fn figure_precision(
    wave: &Wave,
    counted: &WaveCounts,
    weighted: Option<&WeightedFigure>,
) -> Result<Option<Precision>, NoClaim> {
    let n = counted.figure.map_or(0, |split| split.n()) as f64;
    let sample = Sample { wave, rows: &counted.rows, weighted, n, kish: weighted.map_or(1.0, |w| w.weighting.deff) };
    match wave.sample {
        SamplingMethod::Voluntary => Ok(None),
        SamplingMethod::Quota => Ok(Some(Precision { n_eff: n / sample.kish, quantile: Z_975, summary: None })),
        SamplingMethod::Probability => sample.precision().map(Some),
    }
}

impl Sample<'_> {
    fn precision(&self) -> Result<Precision, NoClaim> {
        let labels = self.labels()?;
        let several = self.wave.design.has_several_stages(self.wave.strategy.as_deref());
        if several && !labels.units {
            return self.declared();
        }
        if labels.strata || labels.units {
            return self.measured(labels);
        }
        Ok(self.drawn_at_once())
    }

    /// The labels that all answers have.
    fn labels(&self) -> Result<KnownLabels, NoClaim> {
        let known = |has: fn(&FigureRow) -> bool| {
            let count = self.rows.iter().filter(|row| has(row)).count();
            if count == 0 || count == self.rows.len() { Ok(count > 0) } else { Err(NoClaim::Incomplete) }
        };
        known(|row| row.sample.weight.is_some())?;
        Ok(KnownLabels {
            strata: known(|row| row.sample.stratum.is_some())?,
            units: known(|row| row.sample.unit.is_some())?,
        })
    }

    /// A sample of several stages whose answers do not name their unit: its cost is declared.
    fn declared(&self) -> Result<Precision, NoClaim> {
        let design = &self.wave.design;
        let (Some(declared), Some(units)) = (design.design_effect, design.units) else { return Err(NoClaim::Design) };
        if units < MIN_FIRST_STAGE_UNITS {
            return Err(NoClaim::Units);
        }
        let deff = declared.max(least_design_effect(self.kish, self.n / units as f64));
        let strata = (design.strata.len() as u64).max(1);
        let df = units.saturating_sub(strata).max(1);
        let summary = DesignSummary {
            strata: Some(strata),
            units: Some(units),
            df: Some(df),
            declared: Some(declared),
            ..self.summary(DesignBasis::Declared, deff)
        };
        Ok(Precision { n_eff: self.n / deff, quantile: t_quantile(df as f64), summary: Some(summary) })
    }

    /// People drawn at once from one frame.
    fn drawn_at_once(&self) -> Precision {
        let declared = self.wave.design.design_effect;
        let size = match self.wave.design.strata.as_slice() {
            [only] => Some(only.size as f64),
            _ => None,
        };
        let left = size.map_or(1.0, |size| (1.0 - self.n / size).max(0.0));
        let least = declared.unwrap_or(1.0).max(self.kish);
        let linear = self.weighted.and_then(|_| self.estimate(&self.single_stage_rows()));
        let (size, quantile) = match &linear {
            Some(found) => {
                let effective = found.effective_size().unwrap_or(f64::INFINITY);
                (effective.min(self.n / least), t_quantile(found.df as f64))
            }
            None => (self.n / least, Z_975),
        };
        // With the whole population asked nothing is left to chance; the size stays finite.
        let n_eff = size / left.max(1e-6);
        let summary = DesignSummary {
            declared,
            finite: left < 1.0,
            df: linear.map(|found| found.df),
            ..self.summary(DesignBasis::Simple, self.n / n_eff)
        };
        Precision { n_eff, quantile, summary: Some(summary) }
    }

    /// Answers that name their stratum or their first-stage unit.
    fn measured(&self, labels: KnownLabels) -> Result<Precision, NoClaim> {
        let (rows, sizes_known) = self.design_rows(labels);
        let found = self.estimate(&rows).ok_or(NoClaim::Design)?;
        if labels.units && found.units < MIN_FIRST_STAGE_UNITS {
            return Err(NoClaim::Units);
        }
        if found.df == 0 {
            return Err(NoClaim::Units);
        }
        let units = if labels.units { found.units as f64 } else { self.n };
        let sampled = if sizes_known { self.sampled_fraction(labels, found.units as f64) } else { 0.0 };
        let most = self.n / least_design_effect(self.kish, self.n / units) / (1.0 - sampled).max(1e-6);
        let n_eff = found.claimed_size(most);
        let summary = DesignSummary {
            strata: labels.strata.then_some(found.strata),
            units: labels.units.then_some(found.units),
            df: Some(found.df),
            single_unit_strata: found.single_unit_strata,
            finite: sizes_known,
            ..self.summary(DesignBasis::Measured, self.n / n_eff)
        };
        Ok(Precision { n_eff, quantile: t_quantile(found.df as f64), summary: Some(summary) })
    }

    /// Share of the first-stage units of the population that is in the sample.
    fn sampled_fraction(&self, labels: KnownLabels, units: f64) -> f64 {
        let all: f64 = self.wave.design.strata.iter().map(|stratum| stratum.size as f64).sum();
        let sampled = if labels.units { units } else { self.n };
        if all > 0.0 { (sampled / all).min(1.0) } else { 0.0 }
    }

    fn summary(&self, basis: DesignBasis, deff: f64) -> DesignSummary {
        DesignSummary {
            basis,
            strata: None,
            units: None,
            df: None,
            deff,
            n_eff: self.n / deff,
            declared: None,
            single_unit_strata: 0,
            finite: false,
        }
    }

    fn estimate(&self, rows: &[DesignRow]) -> Option<DesignEstimate> {
        let calibration = match self.weighted.map(|w| w.categories.as_slice()) {
            None | Some([]) => Calibration::None,
            Some([only]) => Calibration::PostStratified(only.clone()),
            Some(several) => Calibration::Raked(several.to_vec()),
        };
        design_estimate(rows, &calibration)
    }

    /// Weights and values of the rows, each in the place that `stages` gives it.
    fn rows_with(&self, stages: impl Fn(usize, &FigureRow) -> Vec<StageUnit>) -> Vec<DesignRow> {
        let row = |(at, row): (usize, &FigureRow)| {
            let base_weight = row.sample.weight.map_or(1.0, |weight| weight.value());
            DesignRow {
                stages: stages(at, row),
                weight: self.weighted.map_or(base_weight, |weighted| weighted.weights[at]),
                base_weight,
                value: row.aware.map(|aware| if aware { 1.0 } else { 0.0 }),
            }
        };
        self.rows.iter().enumerate().map(row).collect()
    }

    /// Every respondent of the figure as a unit of its own.
    fn single_stage_rows(&self) -> Vec<DesignRow> {
        self.rows_with(|at, _| vec![StageUnit { stratum: 0, unit: at, size: None }])
    }

    /// The rows with their strata and units, and whether the sizes of all stages are known.
    fn design_rows(&self, labels: KnownLabels) -> (Vec<DesignRow>, bool) {
        let numbers = |of: fn(&FigureRow) -> Option<&String>| {
            let found: BTreeSet<&String> = self.rows.iter().filter_map(of).collect();
            found.into_iter().enumerate().map(|(at, label)| (label.clone(), at)).collect::<BTreeMap<String, usize>>()
        };
        let strata = numbers(|row| row.sample.stratum.as_ref());
        let units = numbers(|row| row.sample.unit.as_ref());
        let declared = |row: &FigureRow| self.declared_stratum(row);
        let known = |row: &FigureRow| declared(row).is_some_and(|s| !labels.units || s.unit_size.is_some());
        let sizes_known = !self.rows.is_empty() && self.rows.iter().all(known);
        let number = |map: &BTreeMap<String, usize>, label: &Option<String>| {
            label.as_ref().and_then(|label| map.get(label)).copied()
        };
        let rows = self.rows_with(|at, row| {
            let stratum = number(&strata, &row.sample.stratum).unwrap_or(0);
            let sizes = declared(row).filter(|_| sizes_known);
            let first = StageUnit {
                stratum,
                unit: number(&units, &row.sample.unit).unwrap_or(at),
                size: sizes.map(|s| s.size as f64),
            };
            let second = StageUnit {
                stratum: first.unit,
                unit: at,
                size: sizes.and_then(|s| s.unit_size).map(|size| size as f64),
            };
            if labels.units && sizes_known { vec![first, second] } else { vec![first] }
        });
        (rows, sizes_known)
    }

    /// The declared stratum of a row. Labels of declared strata are their numbers, from 1; an unstratified sample has one stratum.
    fn declared_stratum(&self, row: &FigureRow) -> Option<&StratumSize> {
        let strata = &self.wave.design.strata;
        match (&row.sample.stratum, strata.as_slice()) {
            (None, [only]) => Some(only),
            (Some(label), _) => strata.get(label.parse::<usize>().ok()?.checked_sub(1)?),
            (None, _) => None,
        }
    }
}
