//! The sample design of a wave, and the outcomes of its contacts: what a figure's precision and response rate are computed from.
//!
//! Input: the mappings `design` and `outcomes` of a wave. Output: [`SampleDesign`], [`Outcomes`] and diagnostics. Computes no
//! variance: `puzhi_survey::stats` does.

use serde::{Deserialize, Serialize};

use crate::diag::Diagnostic;
use crate::diag::codes::front_matter as code;
use crate::yaml::{Field, MappingReader, Type};

/// Largest design effect that is taken for one.
const MAX_DESIGN_EFFECT: i64 = 100;
/// Bound of every count.
const MAX_COUNT: i64 = 1_000_000_000;

/// How a probability sample was drawn, as far as the definition says so.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleDesign {
    /// Number of stages: 1 when people are drawn from the frame at once, 2 when first units (communities, villages) are.
    pub stages: Option<u64>,
    /// Number of first-stage units in the sample.
    pub units: Option<u64>,
    /// Declared design effect, where the answers do not say from which stratum and unit they are.
    pub design_effect: Option<f64>,
    /// Sizes of the strata, for the finite population correction.
    pub strata: Vec<StratumSize>,
}

/// The size of a stratum in the population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StratumSize {
    /// Name of the stratum, as the column of an import has it.
    pub name: String,
    /// Number of its first-stage units in the population; of its people when people are drawn at once.
    pub size: u64,
    /// Number of people in each of its units, when people of a unit are drawn and all units have about the same size.
    pub unit_size: Option<u64>,
}

/// Final outcomes of the contacts of a wave, after AAPOR, Standard Definitions (9th edition, 2016).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    /// I: complete interviews.
    pub complete: Option<u64>,
    /// P: partial interviews.
    pub partial: Option<u64>,
    /// R: refusals and break-offs.
    pub refusal: Option<u64>,
    /// NC: eligible people who were not reached.
    pub noncontact: Option<u64>,
    /// O: other eligible people without an interview.
    pub other: Option<u64>,
    /// UH and UO: nobody knows whether they were eligible.
    pub unknown: Option<u64>,
    /// Not eligible.
    pub ineligible: Option<u64>,
}

pub const DESIGN_FIELDS: &[Field] = &[
    Field::new(
        "stages",
        "阶段",
        Type::Integer(1, 9),
        "分几个阶段抽：从名单里直接抽人写1，先抽社区再抽人写2",
        "number of stages: 1 when people are drawn at once, 2 when communities are drawn first",
    ),
    Field::new(
        "units",
        "单位数",
        Type::Integer(1, MAX_COUNT),
        "第一阶段抽了多少个社区、村",
        "how many first-stage units were drawn",
    ),
    Field::new(
        "design_effect",
        "设计效应",
        Type::Number,
        "答卷分不出层和社区时，声明的设计效应",
        "declared design effect, where answers do not name their stratum and unit",
    ),
    Field::new(
        "strata",
        "层",
        Type::Maps(STRATUM_FIELDS),
        "各层的大小，用来做有限总体修正",
        "sizes of the strata, for the finite population correction",
    ),
];

pub const STRATUM_FIELDS: &[Field] = &[
    Field::new("name", "名称", Type::Text, "和导入表里写的一样", "as the imported column has it"),
    Field::new(
        "size",
        "总数",
        Type::Integer(1, MAX_COUNT),
        "这一层一共有多少个社区；直接抽人的，写一共多少人",
        "how many units the stratum has; people, when people are drawn at once",
    ),
    Field::new(
        "unit_size",
        "单位人数",
        Type::Integer(1, MAX_COUNT),
        "每个社区大约多少人，各社区相差不多时才写",
        "people in each unit, when units are of about one size",
    ),
];

pub const OUTCOME_FIELDS: &[Field] = &[
    Field::new("complete", "完成", Type::Integer(0, MAX_COUNT), "答完的人数", "complete interviews"),
    Field::new("partial", "部分完成", Type::Integer(0, MAX_COUNT), "答了一部分的人数", "partial interviews"),
    Field::new("refusal", "拒答", Type::Integer(0, MAX_COUNT), "拒绝和中途不答的人数", "refusals and break-offs"),
    Field::new(
        "noncontact",
        "没联系上",
        Type::Integer(0, MAX_COUNT),
        "属于调查对象、没有联系上的人数",
        "eligible, not reached",
    ),
    Field::new(
        "other",
        "其他未答",
        Type::Integer(0, MAX_COUNT),
        "属于调查对象、因别的原因没有答的人数",
        "eligible, no interview for another reason",
    ),
    Field::new(
        "unknown",
        "情况不明",
        Type::Integer(0, MAX_COUNT),
        "不知道是不是调查对象的人数",
        "nobody knows whether eligible",
    ),
    Field::new("ineligible", "不属于对象", Type::Integer(0, MAX_COUNT), "联系上、不属于调查对象的人数", "not eligible"),
];

/// Words of a description that say that units were drawn before people.
const STAGE_WORDS: [&str; 14] = [
    "整群",
    "多阶段",
    "两阶段",
    "二阶段",
    "三阶段",
    "分阶段",
    "各阶段",
    "PPS",
    "先抽",
    "cluster",
    "multistage",
    "multi-stage",
    "two-stage",
    "three-stage",
];

/// Reads the mapping `design` of a wave.
pub(super) fn sample_design(f: &mut MappingReader<'_, '_>) -> SampleDesign {
    let read = |f: &mut MappingReader<'_, '_>| SampleDesign {
        stages: count(f, "stages"),
        units: count(f, "units"),
        design_effect: design_effect(f),
        strata: f.maps("strata", |f| {
            f.require("name", STRATUM_FIELDS);
            f.require("size", STRATUM_FIELDS);
            let (name, size, unit_size) = (f.text("name"), count(f, "size"), count(f, "unit_size"));
            Some(StratumSize { name: name?, size: size?, unit_size })
        }),
    };
    f.map("design", read).unwrap_or_default()
}

/// Reads the mapping `outcomes` of a wave.
pub(super) fn outcomes(f: &mut MappingReader<'_, '_>) -> Option<Outcomes> {
    f.map("outcomes", |f| Outcomes {
        complete: count(f, "complete"),
        partial: count(f, "partial"),
        refusal: count(f, "refusal"),
        noncontact: count(f, "noncontact"),
        other: count(f, "other"),
        unknown: count(f, "unknown"),
        ineligible: count(f, "ineligible"),
    })
}

fn count(f: &mut MappingReader<'_, '_>, key: &str) -> Option<u64> {
    f.integer(key).and_then(|n| u64::try_from(n).ok())
}

/// A design effect below 1 would claim more than the answers bear.
fn design_effect(f: &mut MappingReader<'_, '_>) -> Option<f64> {
    let effect = f.number("design_effect")?;
    if (1.0..=MAX_DESIGN_EFFECT as f64).contains(&effect) {
        return Some(effect);
    }
    let span = f.entry("design_effect").map_or(f.span(), |entry| entry.node.span);
    let diag = Diagnostic::new(&code::NUMBER_OUT_OF_RANGE).at(f.source(), span).arg("key", "design_effect");
    f.report(diag.arg("value", effect).arg("min", 1).arg("max", MAX_DESIGN_EFFECT));
    None
}

impl SampleDesign {
    /// Whether units were drawn before people: the definition says so, or `strategy` describes it.
    pub fn has_several_stages(&self, strategy: Option<&str>) -> bool {
        match self.stages {
            Some(stages) => stages > 1,
            None => {
                let described = strategy.unwrap_or_default().to_lowercase();
                self.units.is_some() || STAGE_WORDS.iter().any(|word| described.contains(&word.to_lowercase()))
            }
        }
    }
}

/// Response rates of AAPOR's Standard Definitions, as shares.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResponseRates {
    /// RR1, the minimum rate: I / (I + P + R + NC + O + U).
    pub rr1: f64,
    /// RR2: partial interviews count as responses.
    pub rr2: f64,
    /// RR3: of the unknown, the share `eligible` is taken for eligible.
    pub rr3: f64,
    /// RR4: both.
    pub rr4: f64,
    /// e: the share of the unknown that is taken for eligible, which is that among those of whom it is known (CASRO).
    pub eligible: f64,
}

impl Outcomes {
    /// The four rates. `None` unless complete interviews, refusals, non-contacts and unknown cases were all counted: no rate follows
    /// from counts that nobody made. Partial, other and ineligible cases that are not written are none.
    pub fn rates(&self) -> Option<ResponseRates> {
        let of = |count: Option<u64>| count.map(|n| n as f64);
        let (complete, refusal, noncontact, unknown) =
            (of(self.complete)?, of(self.refusal)?, of(self.noncontact)?, of(self.unknown)?);
        let (partial, other) = (of(self.partial).unwrap_or(0.0), of(self.other).unwrap_or(0.0));
        let known = complete + partial + refusal + noncontact + other;
        if known <= 0.0 {
            return None;
        }
        let eligible = known / (known + of(self.ineligible).unwrap_or(0.0));
        let all = known + unknown;
        let likely = known + eligible * unknown;
        Some(ResponseRates {
            rr1: complete / all,
            rr2: (complete + partial) / all,
            rr3: complete / likely,
            rr4: (complete + partial) / likely,
            eligible,
        })
    }

    /// Number of all cases.
    pub fn cases(&self) -> u64 {
        let all =
            [self.complete, self.partial, self.refusal, self.noncontact, self.other, self.unknown, self.ineligible];
        all.into_iter().flatten().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes() -> Outcomes {
        Outcomes {
            complete: Some(400),
            partial: Some(20),
            refusal: Some(120),
            noncontact: Some(60),
            other: Some(10),
            unknown: Some(190),
            ineligible: Some(200),
        }
    }

    #[test]
    fn rates_follow_the_standard_definitions() {
        let rates = outcomes().rates().unwrap();
        // By hand: I = 400, P = 20, known eligible 610, unknown 190, e = 610 / 810.
        let eligible = 610.0 / 810.0;
        let wanted = [
            (rates.rr1, 400.0 / 800.0),
            (rates.rr2, 420.0 / 800.0),
            (rates.rr3, 400.0 / (610.0 + eligible * 190.0)),
            (rates.rr4, 420.0 / (610.0 + eligible * 190.0)),
            (rates.eligible, eligible),
        ];
        assert!(wanted.iter().all(|(found, wanted)| (found - wanted).abs() < 1e-12), "{wanted:?}");
        assert_eq!(outcomes().cases(), 1000);
    }

    #[test]
    fn no_rate_follows_from_counts_that_nobody_made() {
        for lacking in [
            Outcomes { complete: None, ..outcomes() },
            Outcomes { refusal: None, ..outcomes() },
            Outcomes { noncontact: None, ..outcomes() },
            Outcomes { unknown: None, ..outcomes() },
        ] {
            assert_eq!(lacking.rates(), None);
        }
        assert!(Outcomes { partial: None, other: None, ineligible: None, ..outcomes() }.rates().is_some());
    }

    #[test]
    fn stages_are_declared_or_described() {
        let design = |stages, units| SampleDesign { stages, units, ..SampleDesign::default() };
        assert!(!design(None, None).has_several_stages(Some("系统抽样")));
        assert!(design(None, None).has_several_stages(Some("先抽30个社区，每个社区再抽40人")));
        assert!(design(None, None).has_several_stages(Some("按 pps 抽样")));
        assert!(!design(Some(1), None).has_several_stages(Some("不是整群抽样")));
        assert!(design(Some(2), None).has_several_stages(None) && design(None, Some(30)).has_several_stages(None));
    }
}
