//! Whether a figure shows that a target was reached: the one place that decides it, for site, board, report and feeds.

use super::{AwarenessEstimate, IntervalKind};
use crate::kinds::{SamplingMethod, TargetValue};

/// What may be said of a target on the strength of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TargetVerdict {
    /// 达标: a probability sample whose interval's lower bound meets the target.
    Reached,
    /// 未证实: a probability sample whose interval has the target within.
    Unproven,
    /// 未达标: a probability sample whose interval lies below the target.
    Missed,
    /// A quota sample: its interval rests on a model and shows nothing by itself.
    ModelOnly,
    /// A voluntary sample: it speaks of those who answered, and cannot count.
    CannotCount,
    /// No figure, or nothing that can be held against the target.
    NoData,
}

impl TargetVerdict {
    /// The name in code, as templates see it.
    pub fn as_str(self) -> &'static str {
        match self {
            TargetVerdict::Reached => "reached",
            TargetVerdict::Unproven => "unproven",
            TargetVerdict::Missed => "missed",
            TargetVerdict::ModelOnly => "modelonly",
            TargetVerdict::CannotCount => "cannotcount",
            TargetVerdict::NoData => "nodata",
        }
    }

    /// What a Chinese page says.
    pub fn zh(self) -> &'static str {
        match self {
            TargetVerdict::Reached => "达标",
            TargetVerdict::Unproven => "未证实",
            TargetVerdict::Missed => "未达标",
            TargetVerdict::ModelOnly => "不能单独证明达标",
            TargetVerdict::CannotCount => "不用来判断是否达标",
            TargetVerdict::NoData => "暂无数据",
        }
    }

    /// What an English page says.
    pub fn en(self) -> &'static str {
        match self {
            TargetVerdict::Reached => "reached",
            TargetVerdict::Unproven => "not shown",
            TargetVerdict::Missed => "not reached",
            TargetVerdict::ModelOnly => "no proof by itself",
            TargetVerdict::CannotCount => "does not count towards the target",
            TargetVerdict::NoData => "no data",
        }
    }
}

/// Holds a figure against a target in per cent. Unrounded: 353 of 400 (lower bound 84.72 %) does not show 85 %, 354 (85.00 %) does.
/// A target without a least value says nothing a share could meet.
pub fn verdict(
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
            let (Some(interval), Some(target)) = (interval, target) else { return TargetVerdict::NoData };
            let Some(least) = target.min else { return TargetVerdict::NoData };
            let meets = |share: f64| if target.strict { share * 100.0 > least } else { share * 100.0 >= least };
            match (meets(interval.low), meets(interval.high)) {
                (true, _) => TargetVerdict::Reached,
                (false, true) => TargetVerdict::Unproven,
                (false, false) => TargetVerdict::Missed,
            }
        }
    }
}
