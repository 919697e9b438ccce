//! Decides whether a figure shows that a target was reached. The site, the board of targets, the report and the feeds
//! all use this decision.
//!
//! Input: sampling method, estimate and target. Output: [`TargetVerdict`].

use super::rounding::{exact_percent, round_down, round_up};
use super::{AwarenessEstimate, IntervalKind, WaveResults};
use crate::kinds::{SamplingMethod, TargetValue};

/// The conclusion about a target that a figure allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetVerdict {
    /// 达标: a probability sample, and the lower bound of its interval meets the target.
    Reached,
    /// 未证实: a probability sample, and the target lies within its interval.
    Unproven,
    /// 未达标: a probability sample, and its whole interval is below the target.
    Missed,
    /// A quota sample. Its interval is based on a model and is not proof by itself.
    ModelOnly,
    /// A voluntary sample. It describes only those who answered, so it does not count towards the target.
    CannotCount,
    /// A probability sample whose design or method bears no claim, see [`super::NoClaim`], or whose results have no record of where
    /// they come from.
    NoClaim,
    /// There is no figure, or no target value to compare it with.
    NoData,
}

impl TargetVerdict {
    /// Returns the name in code, as templates see it.
    pub fn as_str(self) -> &'static str {
        match self {
            TargetVerdict::Reached => "reached",
            TargetVerdict::Unproven => "unproven",
            TargetVerdict::Missed => "missed",
            TargetVerdict::ModelOnly => "modelonly",
            TargetVerdict::CannotCount => "cannotcount",
            TargetVerdict::NoClaim => "noclaim",
            TargetVerdict::NoData => "nodata",
        }
    }

    /// Returns the text for Chinese pages.
    pub fn zh(self) -> &'static str {
        match self {
            TargetVerdict::Reached => "达标",
            TargetVerdict::Unproven => "未证实",
            TargetVerdict::Missed => "未达标",
            TargetVerdict::ModelOnly => "不能单独证明达标",
            TargetVerdict::CannotCount => "不用来判断是否达标",
            TargetVerdict::NoClaim => "不能判断是否达标",
            TargetVerdict::NoData => "暂无数据",
        }
    }

    /// Returns the text for English pages.
    pub fn en(self) -> &'static str {
        match self {
            TargetVerdict::Reached => "reached",
            TargetVerdict::Unproven => "not shown",
            TargetVerdict::Missed => "not reached",
            TargetVerdict::ModelOnly => "no proof by itself",
            TargetVerdict::CannotCount => "does not count towards the target",
            TargetVerdict::NoClaim => "bears no claim",
            TargetVerdict::NoData => "no data",
        }
    }
}

/// What a wave shows about a target. Results without a record of where they come from show nothing: whoever edits a file of answers or
/// of results together with the page could call any sample a probability sample.
pub fn verdict(wave: &WaveResults, target: Option<&TargetValue>) -> TargetVerdict {
    match figure_verdict(wave.sample, wave.awareness.as_ref(), target) {
        TargetVerdict::Reached | TargetVerdict::Unproven | TargetVerdict::Missed if wave.provenance.is_none() => {
            TargetVerdict::NoClaim
        }
        found => found,
    }
}

/// What a figure by itself shows about a target, wherever it comes from; [`verdict`] is what may be said of it. Compares the published
/// bounds of an estimate with a target in per cent: the lower bound rounded down and the upper bound rounded
/// up to 0.1 %. With 353 of 400 (84.7 %) a target of 85 % is not reached, with 354 (85.0 %) it is. A target without a minimum cannot
/// be compared with a share.
pub fn figure_verdict(
    sample: SamplingMethod,
    figure: Option<&AwarenessEstimate>,
    target: Option<&TargetValue>,
) -> TargetVerdict {
    let Some(figure) = figure.filter(|figure| figure.n > 0) else { return TargetVerdict::NoData };
    match sample {
        SamplingMethod::Voluntary => TargetVerdict::CannotCount,
        SamplingMethod::Quota => TargetVerdict::ModelOnly,
        SamplingMethod::Probability => {
            let interval = figure.interval.filter(|interval| interval.kind == IntervalKind::Confidence);
            let Some((target, least)) = target.and_then(|t| Some((t, t.min?))) else { return TargetVerdict::NoData };
            if figure.no_claim.is_some() {
                return TargetVerdict::NoClaim;
            }
            let Some(interval) = interval else { return TargetVerdict::NoData };
            let meets = |bound: f64| {
                let bound = exact_percent(bound);
                if target.strict { bound > least } else { bound >= least }
            };
            match (meets(round_down(interval.low)), meets(round_up(interval.high))) {
                (true, _) => TargetVerdict::Reached,
                (false, true) => TargetVerdict::Unproven,
                (false, false) => TargetVerdict::Missed,
            }
        }
    }
}
