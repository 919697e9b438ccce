//! The awareness figure of a wave as it is published: share, interval, design and weighting, each rounded to what its precision bears.
//!
//! In: the counts of a wave and what disclosure control decided. Out: an [`AwarenessEstimate`]. Lower bounds are rounded down and upper
//! bounds up, so that no verdict rests on a digit that is not published.

use std::collections::BTreeSet;

use super::count::{AwarenessCounts, WaveCounts};
use super::disclosure::{HeadlineRelease, ShareRounding, SuppressionPattern, rounding_step};
use super::figure_release::FigureRelease;
use super::precision::{Precision, figure_precision, round_effect};
use super::stats::CONFIDENCE_LEVEL;
use super::weighting::{WeightedFigure, weight_figure};
use puzhi_core::base::ContentHash;
use puzhi_core::kinds::results::{
    AwarenessEstimate, DesignSummary, Interval, IntervalKind, MIN_PUBLISHED_COUNT, NoClaim, ShareBounds, WEIGHT_CAP,
    Weighting, round_down, round_nearest, round_up,
};
use puzhi_core::kinds::{Awareness, AwarenessRule, SamplingMethod, Survey, Wave};

/// What the figure of a wave is made from.
#[derive(Clone, Copy)]
pub struct FigureSource<'s> {
    /// The definition.
    pub survey: &'s Survey,
    /// The wave.
    pub wave: &'s Wave,
    /// Its counts.
    pub counted: &'s WaveCounts,
    /// Which of them may be published.
    pub pattern: &'s SuppressionPattern,
    /// Wordings of the responses, when there are several.
    pub wordings: &'s BTreeSet<ContentHash>,
    /// Whether the method was changed after the first answer.
    pub method_changed: bool,
}

/// The figure of a wave with what its tables need to know of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedFigure {
    /// The figure as it is published.
    pub estimate: AwarenessEstimate,
    /// How exactly it is published.
    pub release: FigureRelease,
    /// Its weights, where it is weighted and its counts are published.
    pub weighted: Option<WeightedFigure>,
}

impl PublishedFigure {
    /// Whether the cross tables of the margins' questions may stand beside it.
    pub fn bears_margin_tables(&self) -> bool {
        self.release.margin_tables || self.estimate.aware.is_none()
    }
}

/// Computes intervals of shares.
struct IntervalMaker<'p> {
    precision: Option<&'p Precision>,
    /// Share of the population from which nobody answered.
    uncovered: f64,
    kind: IntervalKind,
}

impl IntervalMaker<'_> {
    /// The union of the intervals of all shares from `low` to `high`, rounded outwards. Nobody knows of those from whom there is no
    /// answer: at worst nobody of them is aware, at best all are (C. F. Manski, Partial Identification of Probability Distributions,
    /// 2003, chapter 1).
    fn interval(&self, low: f64, high: f64) -> Option<Interval> {
        let precision = self.precision?;
        let (low, high) = (precision.interval(low)?.0, precision.interval(high)?.1);
        let covered = 1.0 - self.uncovered;
        Some(Interval {
            low: round_down(low * covered),
            high: round_up(high * covered + self.uncovered),
            level: CONFIDENCE_LEVEL,
            kind: self.kind,
        })
    }
}

impl FigureSource<'_> {
    /// The figure. `None` without a rule, or when nothing of the figure may be published.
    pub fn figure(&self) -> Option<PublishedFigure> {
        let awareness = self.survey.awareness.as_ref()?;
        let rule = awareness.rule.as_ref()?;
        let split = self.counted.figure?;
        let release = self.pattern.headline;
        if release == HeadlineRelease::Suppressed {
            return None;
        }
        if release == HeadlineRelease::SampleSizeOnly || split.n() == 0 {
            let estimate = self.empty_figure(awareness, rule, split.n());
            return Some(PublishedFigure { estimate, release: FigureRelease::EXACT, weighted: None });
        }
        let weighted = self.weighted();
        let exactness = weighted.as_ref().map_or(FigureRelease::EXACT, |weighted| self.release(weighted));
        let estimate = self.released(weighted.clone(), exactness)?;
        let weighted = weighted.filter(|_| release == HeadlineRelease::Exact);
        Some(PublishedFigure { estimate, release: exactness, weighted })
    }

    /// The figure as it is published with this exactness. `None` when the survey has no rule.
    pub fn released(&self, weighted: Option<WeightedFigure>, release: FigureRelease) -> Option<AwarenessEstimate> {
        let (awareness, split) = (self.survey.awareness.as_ref()?, self.counted.figure?);
        let mut figure = self.empty_figure(awareness, awareness.rule.as_ref()?, split.n());
        let precision = self.precision(weighted.as_ref(), release, &mut figure);
        figure.uncovered = weighted.as_ref().map(|w| w.uncovered.clone()).unwrap_or_default();
        figure.design =
            precision.as_ref().filter(|_| release.effects).and_then(|p| published_design(p, split.n() as f64));
        let maker = IntervalMaker {
            precision: precision.as_ref(),
            uncovered: weighted.as_ref().map_or(0.0, WeightedFigure::uncovered_share),
            kind: if self.wave.sample == SamplingMethod::Quota {
                IntervalKind::Model
            } else {
                IntervalKind::Confidence
            },
        };
        if self.pattern.headline == HeadlineRelease::Bounds {
            let bounds = share_bounds(split, weighted.is_some());
            figure.bounds = Some(ShareBounds { low: round_down(bounds.low), high: round_up(bounds.high) });
            figure.interval = maker.interval(bounds.low, bounds.high);
            return Some(figure);
        }
        figure.aware = Some(split.aware);
        match weighted {
            None => self.set_unweighted(&mut figure, split, &maker),
            Some(weighted) => set_weighted(&mut figure, weighted, release, &maker),
        }
        Some(figure)
    }

    fn empty_figure(&self, awareness: &Awareness, rule: &AwarenessRule, n: u64) -> AwarenessEstimate {
        AwarenessEstimate {
            words: awareness.words.clone(),
            rule: rule_hash(self.survey, rule, self.wordings).to_string(),
            aware: None,
            n,
            share: None,
            step: None,
            bounds: None,
            interval: None,
            weighting: None,
            design: None,
            uncovered: Vec::new(),
            no_claim: None,
        }
    }

    /// The weighted figure. A voluntary sample represents nobody but itself and is not weighted.
    pub fn weighted(&self) -> Option<WeightedFigure> {
        if self.wave.sample == SamplingMethod::Voluntary {
            return None;
        }
        let position = |id: &str| self.survey.all_questions().position(|q| q.id == id);
        let margins_whole = self
            .survey
            .margins
            .iter()
            .all(|m| position(&m.question).is_some_and(|at| self.pattern.tables[at].is_unsuppressed()));
        weight_figure(self.survey, self.counted, margins_whole)
    }

    /// The precision as it may be published; sets why there is none.
    fn precision(
        &self,
        weighted: Option<&WeightedFigure>,
        release: FigureRelease,
        figure: &mut AwarenessEstimate,
    ) -> Option<Precision> {
        let n = figure.n as f64;
        let found = match self.method_changed && self.wave.sample == SamplingMethod::Probability {
            true => Err(NoClaim::Method),
            false => figure_precision(self.wave, self.counted, weighted),
        };
        match found {
            Err(reason) => {
                figure.no_claim = Some(reason);
                None
            }
            Ok(found) if self.pattern.headline == HeadlineRelease::Bounds => found.map(|p| p.coarsened(n)),
            Ok(found) => found.map(|p| p.rounded(n, release.effect_step)),
        }
    }

    /// The share of the respondents. With declared margins that cannot be met it would not be what the survey announces.
    fn set_unweighted(&self, figure: &mut AwarenessEstimate, split: AwarenessCounts, maker: &IntervalMaker<'_>) {
        if self.wave.sample == SamplingMethod::Voluntary || self.survey.margins.is_empty() {
            let share = split.aware as f64 / split.n() as f64;
            figure.share = Some(round_nearest(share));
            figure.interval = maker.interval(share, share);
        }
    }
}

/// The weighted share and its weighting.
fn set_weighted(
    figure: &mut AwarenessEstimate,
    weighted: WeightedFigure,
    release: FigureRelease,
    maker: &IntervalMaker<'_>,
) {
    match (weighted.share, release.share) {
        (Some(share), ShareRounding::Exact) => {
            figure.share = Some(round_nearest(share));
            figure.interval = maker.interval(share, share);
        }
        (Some(share), ShareRounding::ToStep(step)) => {
            let (low, high) = step_bounds(rounding_step(share, step), step);
            figure.share = Some(clean((low + high) / 2.0));
            figure.step = Some(step);
            figure.interval = maker.interval(low, high);
        }
        (_, ShareRounding::Suppressed) | (None, _) => {}
    }
    figure.weighting = release.effects.then(|| published_weighting(weighted.weighting, figure.n as f64, release));
}

/// The design of the sample as it is published: the design effect has two decimals, the effective size is a whole number.
fn published_design(precision: &Precision, n: f64) -> Option<DesignSummary> {
    let summary = precision.summary.as_ref()?;
    let deff = ((n / precision.n_eff) * 100.0).round() / 100.0;
    Some(DesignSummary { deff, n_eff: (precision.n_eff + 1e-9).floor(), ..summary.clone() })
}

/// The weighting as it is published: exact values would depend on the size of every group.
fn published_weighting(weighting: Weighting, n: f64, release: FigureRelease) -> Weighting {
    let deff = round_effect(weighting.deff, release.effect_step);
    Weighting {
        deff,
        n_eff: (n / deff + 1e-9).floor(),
        rounds: if release.details { weighting.rounds } else { 0 },
        diagnostics: weighting.diagnostics.filter(|_| release.details),
        ..weighting
    }
}

/// Bounds of a rounding step, within 0 and 1 and without the residue of floating-point multiplication.
fn step_bounds(number: i64, step: f64) -> (f64, f64) {
    (clean(number as f64 * step), clean((number + 1) as f64 * step))
}

/// A share without the residue of floating-point multiplication.
fn clean(share: f64) -> f64 {
    ((share * 1e6).round() / 1e6).clamp(0.0, 1.0)
}

/// The range of shares that one to four respondents on one side leave: all that is published of such a figure.
fn share_bounds(split: AwarenessCounts, weighted: bool) -> ShareBounds {
    let n = split.n() as f64;
    let most = (MIN_PUBLISHED_COUNT - 1) as f64;
    // A weight is at most the cap, or slightly more after the mean is scaled back to 1.
    let (least, most) = if weighted { (0.0, most * WEIGHT_CAP * 1.2) } else { (1.0, most) };
    let (least, most) = ((least / n).min(1.0), (most / n).min(1.0));
    let (low, high) = if split.other < split.aware { (1.0 - most, 1.0 - least) } else { (least, most) };
    ShareBounds { low, high }
}

/// Hash of all that decides what the figure means: figures are comparable when their hashes are equal. `wordings` are those of the
/// responses when there are several.
fn rule_hash(survey: &Survey, rule: &AwarenessRule, wordings: &BTreeSet<ContentHash>) -> ContentHash {
    let asked: Vec<(&str, String)> = super::count::rule_questions(rule)
        .into_iter()
        .map(|id| (id, survey.question(id).map(|q| q.wording().to_string()).unwrap_or_default()))
        .collect();
    let others: Vec<String> = wordings.iter().map(ContentHash::to_string).collect();
    ContentHash::of(
        serde_json::json!([rule, asked, survey.counts_if, survey.population, others]).to_string().as_bytes(),
    )
}
