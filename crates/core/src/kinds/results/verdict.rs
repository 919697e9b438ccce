//! Whether a figure shows that a target was reached: the one place that decides it, for site, board, report and feeds.

use super::{Figure, IntervalKind};
use crate::kinds::{Sample, TargetValue};

/// What may be said of a target on the strength of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
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

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Reached => "reached",
            Verdict::Unproven => "unproven",
            Verdict::Missed => "missed",
            Verdict::ModelOnly => "modelonly",
            Verdict::CannotCount => "cannotcount",
            Verdict::NoData => "nodata",
        }
    }

    pub fn zh(self) -> &'static str {
        match self {
            Verdict::Reached => "达标",
            Verdict::Unproven => "未证实",
            Verdict::Missed => "未达标",
            Verdict::ModelOnly => "不能单独证明达标",
            Verdict::CannotCount => "不用来判断是否达标",
            Verdict::NoData => "暂无数据",
        }
    }

    pub fn en(self) -> &'static str {
        match self {
            Verdict::Reached => "reached",
            Verdict::Unproven => "not shown",
            Verdict::Missed => "not reached",
            Verdict::ModelOnly => "no proof by itself",
            Verdict::CannotCount => "does not count towards the target",
            Verdict::NoData => "no data",
        }
    }
}

/// Holds a figure against a target in per cent. Unrounded: 353 of 400 (lower bound 84.72 %) does not show 85 %, 354 (85.00 %) does.
/// A target without a least value says nothing a share could meet.
pub fn verdict(sample: Sample, figure: Option<&Figure>, target: Option<&TargetValue>) -> Verdict {
    let Some(figure) = figure.filter(|figure| figure.n > 0) else { return Verdict::NoData };
    match sample {
        Sample::Voluntary => Verdict::CannotCount,
        Sample::Quota => Verdict::ModelOnly,
        Sample::Probability => {
            let interval = figure.interval.filter(|interval| interval.kind == IntervalKind::Confidence);
            let (Some(interval), Some(target)) = (interval, target) else { return Verdict::NoData };
            let Some(least) = target.min else { return Verdict::NoData };
            let meets = |share: f64| if target.strict { share * 100.0 > least } else { share * 100.0 >= least };
            match (meets(interval.low), meets(interval.high)) {
                (true, _) => Verdict::Reached,
                (false, true) => Verdict::Unproven,
                (false, false) => Verdict::Missed,
            }
        }
    }
}
