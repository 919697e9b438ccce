//! What the precision of a figure rests on: the design of the sample, its coverage, the method that was fixed.

use std::collections::BTreeMap;

use puzhi_core::kinds::answers::Answers;
use puzhi_core::kinds::results::{
    AwarenessEstimate, DesignBasis, MIN_GROUP_SIZE, NoClaim, Results, SeriesBreak, TargetVerdict, figure_verdict,
    round_down,
};
use puzhi_core::kinds::{CollectionMode, Survey};
use puzhi_survey::snapshot::{RecountPolicy, SnapshotNote, snapshot, snapshot_by_method};
use puzhi_survey::stats::{Calibration, DesignRow, StageUnit, design_estimate, t_quantile, wilson_interval_at};
use puzhi_survey::{BaseWeight, Response, SampleUnit};

use crate::definition::survey_of;

/// A survey whose one wave is drawn; `wave` are further keys of the wave, `more` of the page.
fn survey(wave: &str, more: &str) -> Survey {
    let text = format!(
        "编号: s
开始: 2027-04-01
截止: 2027-04-30
目标: {{数值: 85, 比较: ≥}}
问题:
  - {{id: heard, type: single, required: true, text: 听说过吗？, options: [{{id: know, text: 知道}}, {{id: never, text: 没有}}]}}
背景问题:
  - {{id: age, type: single, text: 年龄？, options: [{{id: young, text: 59以下}}, {{id: old, text: 60以上}}]}}
知晓判定: {{说明: 知道的, 题目: heard, 选项: know}}
{more}调查批次: [{{编号: p, 样本: 概率, 方式: 面访{wave}}}]
"
    );
    let (survey, diags) = survey_of(&text);
    assert!(diags.is_empty(), "{diags:?}");
    survey
}

const MARGINS: &str = "人口构成: [{题目: age, 比例: {young: 78, old: 22}, 来源: 统计公报}]\n";

/// A respondent: aware or not, of this age, from this place in the sample.
fn respondent(at: usize, aware: bool, age: &str, sample: SampleUnit) -> Response {
    let heard = if aware { "know" } else { "never" };
    Response {
        id: (at as u128).to_be_bytes(),
        survey: "s".into(),
        wave: "p".into(),
        mode: CollectionMode::Face,
        hour: 0,
        wording: survey("", "").wording(),
        answers: Answers::from_canonical(&format!(r#"{{"age":"{age}","heard":"{heard}"}}"#)).unwrap(),
        sample,
    }
}

/// Answers of `units` units with `size` people each; in unit `u` the first `aware(u)` are aware.
fn clusters(units: usize, size: usize, aware: impl Fn(usize) -> usize) -> Vec<Response> {
    let place = |unit: usize| SampleUnit { unit: Some(format!("u{unit}")), ..SampleUnit::default() };
    (0..units * size).map(|at| respondent(at, at % size < aware(at / size), "young", place(at / size))).collect()
}

/// The same without a word on where they come from.
fn without_place(mut responses: Vec<Response>) -> Vec<Response> {
    responses.iter_mut().for_each(|response| response.sample = SampleUnit::default());
    responses
}

fn published(survey: &Survey, responses: Vec<Response>) -> (Results, Vec<SnapshotNote>) {
    snapshot(survey, responses, None, RecountPolicy::KeepPublished)
}

fn figure(results: &Results) -> &AwarenessEstimate {
    results.waves[0].awareness.as_ref().unwrap()
}

fn verdict_of(survey: &Survey, results: &Results) -> TargetVerdict {
    figure_verdict(results.waves[0].sample, Some(figure(results)), survey.target.as_ref())
}

#[test]
fn a_group_nobody_answered_from_counts_as_unaware() {
    let survey = survey("", MARGINS);
    let all: Vec<Response> = (0..400).map(|at| respondent(at, true, "young", SampleUnit::default())).collect();
    let (results, notes) = published(&survey, all);
    let found = figure(&results);
    let group = &found.uncovered[0];
    assert_eq!((group.option.as_str(), group.share, found.uncovered.len()), ("60以上", 0.22, 1));
    let interval = found.interval.unwrap();
    assert!(interval.low < 0.78 && interval.high == 1.0, "{interval:?}");
    assert_eq!(verdict_of(&survey, &results), TargetVerdict::Unproven);
    assert_eq!(notes, [SnapshotNote::Uncovered { wave: "p".into(), groups: vec!["60以上".into()] }]);
    // With answers from everybody the same share is shown.
    let all: Vec<Response> = (0..400)
        .map(|at| respondent(at, true, if at < 312 { "young" } else { "old" }, SampleUnit::default()))
        .collect();
    let (results, notes) = published(&survey, all);
    assert_eq!((figure(&results).uncovered.len(), notes.len()), (0, 0));
    assert_eq!(verdict_of(&survey, &results), TargetVerdict::Reached);
}

#[test]
fn merged_groups_are_named() {
    let survey = survey("", MARGINS);
    let few = MIN_GROUP_SIZE as usize - 1;
    let all =
        (0..400).map(|at| respondent(at, at % 8 != 0, if at < few { "old" } else { "young" }, SampleUnit::default()));
    let (results, notes) = published(&survey, all.collect());
    let options = vec!["59以下".to_string(), "60以上".to_string()];
    assert_eq!(figure(&results).weighting.as_ref().unwrap().merged_groups[0].options, options);
    assert_eq!(notes, [SnapshotNote::Merged { wave: "p".into(), options }]);
    assert_eq!(figure(&results).uncovered, []);
}

#[test]
fn several_stages_without_design_or_declared_effect_bear_no_claim() {
    for wave in [", 抽样设计: {阶段: 2}", ", 抽样方法: 先抽社区，再抽人", ", 抽样设计: {阶段: 2, 设计效应: 1.5}"]
    {
        let survey = survey(wave, "");
        let (results, notes) = published(&survey, without_place(clusters(30, 40, |_| 40)));
        let found = figure(&results);
        assert_eq!((found.no_claim, found.interval, &found.design), (Some(NoClaim::Design), None, &None), "{wave}");
        assert_eq!(verdict_of(&survey, &results), TargetVerdict::NoClaim, "{wave}");
        assert_eq!(notes, [SnapshotNote::NoClaim { wave: "p".into(), reason: NoClaim::Design }]);
    }
    let simple = survey(", 抽样设计: {阶段: 1}", "");
    let (results, _) = published(&simple, without_place(clusters(30, 40, |_| 40)));
    assert_eq!(verdict_of(&simple, &results), TargetVerdict::Reached);
}

#[test]
fn a_declared_effect_is_never_below_the_least() {
    let effect = |declared: f64| {
        let survey = survey(&format!(", 抽样设计: {{阶段: 2, 单位数: 30, 设计效应: {declared}}}"), "");
        let (results, _) = published(&survey, without_place(clusters(30, 40, |_| 36)));
        let found = figure(&results).clone();
        let design = found.design.unwrap();
        assert_eq!((design.basis, design.units, design.df), (DesignBasis::Declared, Some(30), Some(29)));
        let (low, _) = wilson_interval_at(0.9, 1200.0 / design.deff, t_quantile(29.0)).unwrap();
        assert_eq!(found.interval.unwrap().low, round_down(low));
        design.deff
    };
    // 40 answers a unit: 1 + 0.02 · 39 = 1.78.
    assert_eq!((effect(1.0), effect(1.5), effect(2.5)), (1.78, 1.78, 2.5));
    let few = survey(", 抽样设计: {阶段: 2, 单位数: 14, 设计效应: 3}", "");
    assert_eq!(figure(&published(&few, without_place(clusters(14, 40, |_| 40))).0).no_claim, Some(NoClaim::Units));
}

#[test]
fn units_of_the_answers_give_the_variance() {
    let survey = survey("", "");
    // Units differ: 40, 36, 32 of 40 aware.
    let aware = |unit: usize| 40 - 4 * (unit % 3);
    let all = clusters(30, 40, aware);
    let (results, notes) = published(&survey, all);
    let found = figure(&results);
    let design = found.design.clone().unwrap();
    assert_eq!(
        (design.basis, design.units, design.strata, design.df),
        (DesignBasis::Measured, Some(30), None, Some(29))
    );
    assert_eq!((notes.len(), found.aware, found.share), (0, Some(1080), Some(0.9)));
    let row = |at: usize| DesignRow {
        stages: vec![StageUnit { stratum: 0, unit: at / 40, size: None }],
        weight: 1.0,
        base_weight: 1.0,
        value: Some(if at % 40 < aware(at / 40) { 1.0 } else { 0.0 }),
    };
    let rows: Vec<DesignRow> = (0..1200).map(row).collect();
    let estimate = design_estimate(&rows, &Calibration::None).unwrap();
    let size = estimate.effective_size().unwrap().min(1200.0 / 1.78) * estimate.degrees_correction();
    let deff = (1200.0 / size * 100.0).ceil() / 100.0;
    assert_eq!(design.deff, deff);
    let (low, _) = wilson_interval_at(0.9, 1200.0 / deff, t_quantile(29.0)).unwrap();
    assert_eq!(found.interval.unwrap().low, round_down(low));
    // Units that are alike by chance claim no more than the least effect allows.
    let (alike, _) = published(&survey, clusters(30, 40, |_| 36));
    assert!(figure(&alike).design.as_ref().unwrap().deff >= 1.78);
}

#[test]
fn too_few_units_and_incomplete_places_bear_no_claim() {
    let survey = survey("", "");
    for (units, wanted) in [(14, Some(NoClaim::Units)), (15, None)] {
        assert_eq!(figure(&published(&survey, clusters(units, 40, |u| 30 + u % 10)).0).no_claim, wanted, "{units}");
    }
    let mut all = clusters(20, 20, |u| 15 + u % 5);
    all[7].sample.unit = None;
    assert_eq!(figure(&published(&survey, all.clone()).0).no_claim, Some(NoClaim::Incomplete));
    all.iter_mut().for_each(|response| response.sample.weight = Some(BaseWeight(1000)));
    all[7].sample = SampleUnit { unit: Some("u0".into()), ..SampleUnit::default() };
    assert_eq!(figure(&published(&survey, all).0).no_claim, Some(NoClaim::Incomplete));
}

#[test]
fn known_sizes_of_all_stages_narrow_the_interval() {
    let place = |strata: &str| survey(&format!(", 抽样设计: {{阶段: 2, 层: [{strata}]}}"), "");
    let answers = || clusters(30, 40, |unit| 40 - 4 * (unit % 3));
    let open = published(&place(""), answers()).0;
    let half = published(&place("{名称: 全市, 总数: 60}"), answers()).0;
    let known = published(&place("{名称: 全市, 总数: 60, 单位人数: 400}"), answers()).0;
    let design = |results: &Results| figure(results).design.clone().unwrap();
    assert_eq!((design(&open).finite, design(&half).finite, design(&known).finite), (false, false, true));
    assert_eq!(design(&open).deff, design(&half).deff, "one unknown stage: no correction");
    assert!(design(&known).deff < design(&open).deff);
}

#[test]
fn strata_with_one_unit_are_told() {
    let survey = survey("", "");
    let mut all = clusters(20, 20, |u| 15 + u % 5);
    for (at, response) in all.iter_mut().enumerate() {
        response.sample.stratum = Some(if at < 20 { "a" } else { "b" }.into());
    }
    let design = figure(&published(&survey, all).0).design.clone().unwrap();
    assert_eq!((design.strata, design.units, design.df, design.single_unit_strata), (Some(2), Some(20), Some(18), 1));
}

#[test]
fn base_weights_move_the_share() {
    let survey = survey("", "");
    // 200 people of weight 3, all aware; 200 of weight 1, half of them aware.
    let weight = |at: usize| Some(BaseWeight(if at < 200 { 3000 } else { 1000 }));
    let all = (0..400).map(|at| {
        let place = SampleUnit { weight: weight(at), ..SampleUnit::default() };
        respondent(at, at < 200 || at % 2 == 0, "young", place)
    });
    let (results, notes) = published(&survey, all.collect());
    let found = figure(&results);
    assert_eq!((found.share, notes.len()), (Some(0.875), 0));
    // Kish: 400 (200 · 9 + 200) / 800² = 1.25.
    assert_eq!(found.weighting.as_ref().unwrap().deff, 1.25);
    assert!(found.design.as_ref().unwrap().deff >= 1.25);
}

#[test]
fn a_method_that_was_changed_after_the_first_answer_bears_no_claim() {
    let first = survey("", "");
    let recorded = BTreeMap::from([("p".to_string(), first.method_of(first.wave("p").unwrap()))]);
    let all = || without_place(clusters(30, 40, |_| 40));
    let counted = |survey: &Survey| snapshot_by_method(survey, all(), None, RecountPolicy::KeepPublished, &recorded);
    let (results, notes) = counted(&first);
    assert_eq!((verdict_of(&first, &results), notes.len()), (TargetVerdict::Reached, 0));
    for (changed, part) in [
        (survey("", MARGINS), "margins"),
        (survey(", 抽样设计: {设计效应: 1.2}", ""), "design"),
        (survey("", "计入条件: age != old\n"), "counts_if"),
    ] {
        let (results, notes) = counted(&changed);
        assert_eq!(figure(&results).no_claim, Some(NoClaim::Method), "{part}");
        assert_eq!(verdict_of(&changed, &results), TargetVerdict::NoClaim, "{part}");
        let told =
            notes.iter().any(|note| matches!(note, SnapshotNote::MethodChanged { parts, .. } if parts[0].key == part));
        assert!(told, "{part}: {notes:?}");
    }
}

#[test]
fn another_mode_or_frame_breaks_the_series() {
    let two = |first: &str, second: &str| {
        let mut survey = survey("", "");
        let wave = survey.waves.remove(0);
        let of = |id: &str, keys: &str| {
            let mut other = self::survey(keys, "").waves.remove(0);
            other.id = id.into();
            other.closes = wave.closes;
            other
        };
        survey.waves = vec![of("a", first), of("b", second)];
        let mut all: Vec<Response> = Vec::new();
        for id in ["a", "b"] {
            all.extend(
                without_place(clusters(20, 20, |u| 15 + u % 5)).into_iter().map(|r| Response { wave: id.into(), ..r }),
            );
        }
        published(&survey, all).0
    };
    let same = two(", 抽样框: 户籍", ", 抽样框: 户籍");
    assert_eq!((same.changes.len(), same.waves[0].breaks(&same.waves[1])), (1, vec![]));
    let frame = two(", 抽样框: 户籍", ", 抽样框: 电话号码");
    assert_eq!((frame.changes.len(), frame.waves[0].breaks(&frame.waves[1])), (0, vec![SeriesBreak::Frame]));
}
