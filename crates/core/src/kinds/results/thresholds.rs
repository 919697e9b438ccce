//! The thresholds of the survey's statistics: one table for code and handbook. `docs/survey/method.md` shows it.
//!
//! A threshold is a default of the literature where there is one; [`THRESHOLDS`] names the source of each.

/// The smallest count that may be published. Must be the threshold that cell suppression uses.
pub const MIN_PUBLISHED_COUNT: u64 = 5;

/// A margin group with fewer respondents is weighted together with a neighbouring group.
pub const MIN_GROUP_SIZE: u64 = 10;

/// Groups of a cross table with fewer respondents have counts, but no share and no interval.
pub const MIN_GROUP_INTERVAL: u64 = 30;

/// Largest weight, as a multiple of the mean. Larger ones are trimmed to it.
pub const WEIGHT_CAP: f64 = 5.0;

/// With fewer first-stage units a variance is too uncertain for a claim.
pub const MIN_FIRST_STAGE_UNITS: u64 = 15;

/// Intra-class correlation that is assumed at least of a sample in units: the design effect is at least
/// `Kish × (1 + MIN_INTRACLASS_CORRELATION × (m − 1))` for m answers a unit.
pub const MIN_INTRACLASS_CORRELATION: f64 = 0.02;

/// Most different base weights of a wave, so that a weight singles out nobody.
pub const MAX_WEIGHT_CLASSES: usize = 30;

/// A row of the table of thresholds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// The number.
    pub value: f64,
    /// What happens beyond it, in Chinese.
    pub effect: &'static str,
    /// Where the number comes from.
    pub source: &'static str,
}

/// The whole table, in the order of the documentation.
pub const THRESHOLDS: &[Threshold] = &[
    Threshold {
        zh: "公布的最小人数",
        value: MIN_PUBLISHED_COUNT as f64,
        effect: "更小的格子隐去",
        source: "官方统计的频数表常用的门槛，不是法规",
    },
    Threshold {
        zh: "加权组的最少答卷",
        value: MIN_GROUP_SIZE as f64,
        effect: "和相邻的组合并，并写明是哪几组",
        source: "本站约定：大于公布的最小人数，合并本身不透露小格子",
    },
    Threshold {
        zh: "分组给区间的最少答卷",
        value: MIN_GROUP_INTERVAL as f64,
        effect: "只公布人数，不给比例和区间",
        source: "本站约定：再少，区间宽到没有用处",
    },
    Threshold {
        zh: "权数的上限，平均数的倍数",
        value: WEIGHT_CAP,
        effect: "截到这个数，并写明截了多少",
        source: "DeBell、Krosnick，ANES nes012427（2009）",
    },
    Threshold {
        zh: "第一阶段抽样单位的最少个数",
        value: MIN_FIRST_STAGE_UNITS as f64,
        effect: "不给区间，不判断是否达标",
        source: "本站约定，见 coverage.md 的模拟",
    },
    Threshold {
        zh: "至少假定的组内相关",
        value: MIN_INTRACLASS_CORRELATION,
        effect: "设计效应不低于 Kish × (1 + 0.02 (m − 1))，m 是每个单位的答卷数",
        source: "公式见 Kish, Survey Sampling（1965）；0.02 是本站约定",
    },
    Threshold {
        zh: "一次调查里不同的基础权数",
        value: MAX_WEIGHT_CLASSES as f64,
        effect: "导入时拒绝，请先归并",
        source: "本站约定：权数认不出人",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_shows_this_table() {
        let page = include_str!("../../../../../docs/survey/method.md");
        for row in THRESHOLDS {
            let line = format!("| {} | {} | {} | {} |", row.zh, row.value, row.effect, row.source);
            assert!(page.contains(&line), "docs/survey/method.md lacks: {line}");
        }
    }
}
