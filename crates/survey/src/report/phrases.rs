//! The Chinese sentences and labels of a report.
//!
//! In: parts of the results. Out: text without markup. Percentages have one decimal. Interval bounds are rounded outwards, so that
//! no rounding makes a bound meet a target that it does not meet.

use super::{ReportItem, ReportTable};
use puzhi_core::base::parse_date;
use puzhi_core::diag::Lang;
use puzhi_core::kinds::results::{
    AwarenessEstimate, CrossTable, CrossTableGroup, DesignBasis, GroupSize, IntervalKind, MIN_FIRST_STAGE_UNITS,
    MIN_GROUP_INTERVAL, NoClaim, OptionCount, QuestionTable, Results, SeriesBreak, ShareInterval, TableBasis,
    TableEstimate, TargetVerdict, WaveChange, WaveResults, percent, percent_down, percent_up, round_down, round_up,
};
use puzhi_core::kinds::{QuestionKind, SamplingMethod, Survey, TargetValue};

pub(super) const SUPPRESSION_NOTE: &str = "人数不满 5 的格子不公布，能推算出它们的格子也不公布，写作“—”。";
const NOT_STATED: &str = "未说明";

/// A difference in percentage points, with its sign.
pub(super) fn percentage_points(difference: f64) -> String {
    let text = format!("{:+.1}", difference * 100.0);
    match text.strip_prefix('-') {
        Some(number) if number != "0.0" => format!("−{number}"),
        Some(_) => "+0.0".into(),
        None => text,
    }
}

/// The interval of a change in percentage points.
pub(super) fn change_range(change: &WaveChange) -> String {
    format!("{} 到 {}", percentage_points(round_down(change.low)), percentage_points(round_up(change.high)))
}

/// What the interval of a change allows to say.
pub(super) fn change_words(change: &WaveChange) -> &'static str {
    match (change.low > 0.0, change.high < 0.0, change.kind) {
        (_, _, IntervalKind::Model) => "配额样本，按模型推算，不能单独说明变化",
        (true, ..) => "上升",
        (_, true, _) => "下降",
        _ => "不能说有变化",
    }
}

/// A count, or a dash when it is suppressed.
pub(super) fn count(n: Option<u64>) -> String {
    n.map_or_else(|| "—".into(), |n| n.to_string())
}

fn date(written: Option<&String>) -> Option<String> {
    let written = written?;
    Some(parse_date(written).map_or_else(|| written.clone(), |moment| moment.zh()))
}

fn dates(wave: &WaveResults) -> Option<String> {
    match (date(wave.opens.as_ref()), date(wave.closes.as_ref())) {
        (Some(from), Some(to)) => Some(format!("{from}至{to}")),
        (Some(from), None) => Some(format!("{from}起")),
        (None, to) => to.map(|to| format!("至{to}")),
    }
}

/// Name of a wave: its title, else its days, else its id.
pub(super) fn wave_name(wave: &WaveResults) -> String {
    wave.title.clone().or_else(|| dates(wave)).unwrap_or_else(|| wave.id.clone())
}

/// Why the figures of two waves do not compare; empty when they do, or when one has none.
pub(super) fn break_words(before: &WaveResults, wave: &WaveResults) -> Vec<&'static str> {
    match (&before.awareness, &wave.awareness) {
        (Some(_), Some(_)) => before.breaks(wave).into_iter().map(SeriesBreak::zh).collect(),
        _ => Vec::new(),
    }
}

/// What holds for all waves.
pub(super) fn general_items(survey: &Survey, results: &Results) -> Vec<ReportItem> {
    let mut facts = vec![ReportItem { name: "问卷编号", text: results.survey.clone() }];
    let given = [
        ("目的", survey.purpose.clone()),
        ("实施单位", survey.conductor.clone()),
        ("调查对象", survey.population.clone()),
    ];
    facts.extend(given.into_iter().filter_map(|(name, text)| text.map(|text| ReportItem { name, text })));
    facts.extend(survey.awareness.as_ref().map(|a| ReportItem { name: "判定规则", text: a.words.clone() }));
    facts.extend(survey.target.as_ref().and_then(target).map(|text| ReportItem { name: "目标", text }));
    facts
}

/// The target as `≥ 85%`.
pub(super) fn target(target: &TargetValue) -> Option<String> {
    target.min.map(|least| format!("{} {least}%", if target.strict { ">" } else { "≥" }))
}

/// The figure, the verdict, and the sentences that must stand beside them.
pub(super) fn statement(survey: &Survey, wave: &WaveResults, verdict: TargetVerdict) -> Vec<String> {
    let Some(figure) = &wave.awareness else {
        return vec![format!("收回有效答卷 {} 份。按规则判定的结果：暂无数据。", wave.n)];
    };
    let mut sentences = vec![figure_sentence(wave, figure)];
    sentences.extend(weighting_sentence(figure));
    sentences.extend(unweighted_sentence(figure));
    sentences.extend(design_sentence(figure));
    sentences.extend(coverage_sentence(figure));
    sentences.extend(figure.step.map(|step| format!("为了不透露人数很少的组，比例按 {}% 一档公布。", step * 100.0)));
    sentences.extend(strict_sentence(survey, wave));
    if let Some(goal) = survey.target.as_ref().and_then(target).filter(|_| verdict != TargetVerdict::NoData) {
        sentences.push(format!("目标 {goal}：{}。{}", verdict.zh(), verdict_reason(verdict)));
    }
    sentences.extend(figure.no_claim.map(no_claim_reason));
    match &wave.provenance {
        None if verdict == TargetVerdict::NoClaim && figure.no_claim.is_none() => {
            sentences.push("未核验：这些数字没有核验记录，没法从答卷重新核对，不用来判断是否达标。".into());
        }
        None => sentences.push("未核验：这些数字没有核验记录，没法从答卷重新核对。".into()),
        Some(known) if known.sample.is_none() && figure.no_claim.is_none() => {
            sentences.push("这些答卷没有记录样本类型，不能用来判断是否达标。".into());
        }
        Some(known) => sentences.extend(known.adopted.as_ref().map(|why| format!("样本类型是事后补记的：{why}"))),
    }
    if !wave.one_wording {
        sentences.push("有一部分答卷回答的是改动前的题目，这个数字不能和别次相比。".into());
    }
    if wave.sample == SamplingMethod::Voluntary {
        sentences.push(volunteer_sample_sentence(wave));
    }
    sentences
}

fn weighting_sentence(figure: &AwarenessEstimate) -> Option<String> {
    let weighting = figure.weighting.as_ref()?;
    let sources = weighting.sources.join("、");
    if !weighting.converged {
        return Some(format!("答卷和{sources}的构成相差太大，加权没有收敛，不出比例。"));
    }
    let cut = if weighting.trimmed { "，过大的权重截到平均数的 5 倍" } else { "" };
    let groups: Vec<String> = weighting.merged_groups.iter().map(|group| group.options.join("和")).collect();
    let merged = match (weighting.merged, groups.is_empty()) {
        (_, false) => format!("，有的选项答卷太少，合成一组：{}", groups.join("、")),
        (true, true) => "，人数太少的选项和相邻选项合并".to_string(),
        (false, true) => String::new(),
    };
    let by = if weighting.margins.is_empty() {
        "按抽样时的基础权数加权".into()
    } else {
        format!("按{sources}的构成加权")
    };
    let (deff, n_eff) = match &figure.design {
        Some(design) if design.basis != DesignBasis::Simple => return Some(format!("{by}{cut}{merged}。")),
        Some(design) => (design.deff, design.n_eff),
        None => (weighting.deff, weighting.n_eff),
    };
    Some(format!("{by}{cut}{merged}；设计效应 {deff:.2}，有效样本量 {n_eff:.0}。"))
}

/// Why the tables show another number than a weighted headline.
fn unweighted_sentence(figure: &AwarenessEstimate) -> Option<String> {
    let (weighting, aware) = (figure.weighting.as_ref()?, figure.aware?);
    (weighting.converged && figure.n > 0).then(|| {
        format!(
            "不加权直接数是 {}，下面各表的人数和没有加权的比例就是这样数的。",
            percent(aware as f64 / figure.n as f64)
        )
    })
}

/// What the precision rests on, unless people were drawn at once.
fn design_sentence(figure: &AwarenessEstimate) -> Option<String> {
    let design = figure.design.as_ref()?;
    let cost = format!("设计效应 {:.2}，有效样本量 {:.0}", design.deff, design.n_eff);
    match design.basis {
        DesignBasis::Simple => None,
        DesignBasis::Measured => {
            let single = Some(design.single_unit_strata).filter(|n| *n > 0);
            let parts = [
                design.strata.map(|n| format!("{n} 层")),
                design.units.map(|n| format!("{n} 个抽样单位")),
                design.finite.then(|| "做了有限总体修正".to_string()),
                single.map(|n| format!("{n} 层只有一个抽样单位，按离总平均的距离计")),
            ];
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            Some(format!("按抽样设计算（{}），{cost}。", parts.join("，")))
        }
        DesignBasis::Declared => Some(format!(
            "设计效应按声明的 {} 算，不低于 {} 个抽样单位应有的最小值；{cost}。",
            design.declared.unwrap_or_default(),
            design.units.unwrap_or_default()
        )),
    }
}

fn coverage_sentence(figure: &AwarenessEstimate) -> Option<String> {
    let names: Vec<&str> = figure.uncovered.iter().map(|group| group.option.as_str()).collect();
    let share = figure.uncovered.iter().map(|group| group.share).sum::<f64>().min(1.0);
    (!names.is_empty()).then(|| {
        format!(
            "没有一份答卷来自{}，人群里占 {}；区间的下限把他们都当作不知晓，上限把他们都当作知晓。",
            names.join("、"),
            percent(share)
        )
    })
}

/// Why a figure bears no claim.
fn no_claim_reason(reason: NoClaim) -> String {
    match reason {
        NoClaim::Design => "样本分几个阶段抽取，答卷没有记下抽样单位，也没有声明设计效应，不给区间。".into(),
        NoClaim::Incomplete => "有的答卷记下了抽样层、单位或者权数，有的没有，不给区间。".into(),
        NoClaim::Units => format!("第一阶段的抽样单位不到 {MIN_FIRST_STAGE_UNITS} 个，不给区间。"),
        NoClaim::Method => "收到第一份答卷以后，改过算法、人口构成或者抽样设计，不给区间。".into(),
        NoClaim::Unrecorded => "这些答卷没有记录样本类型，不能用来判断是否达标。".into(),
    }
}

/// The stricter figure, if the survey defines one.
fn strict_sentence(survey: &Survey, wave: &WaveResults) -> Option<String> {
    let (question, options) = survey.awareness.as_ref()?.strict_options()?;
    let strict = wave.strict_count(question, options)?;
    let Some(n) = strict.n else { return Some("从严的数人数太少，不公布。".into()) };
    let weighted = wave.awareness.as_ref().is_some_and(|figure| figure.weighting.is_some());
    let share = percent(n as f64 / strict.base as f64);
    let note = if weighted { "这个数没有加权。" } else { "" };
    let chosen = strict.options.join("、");
    Some(format!("从严算，只数选“{chosen}”的：{n} 人，占答了这一题的 {} 人的 {share}。{note}", strict.base))
}

fn figure_sentence(wave: &WaveResults, figure: &AwarenessEstimate) -> String {
    let who = if wave.sample == SamplingMethod::Voluntary { "份自愿填写的答卷" } else { "名回答者" };
    let counted = figure.aware.map_or(String::new(), |aware| format!("，其中 {aware} 人符合判定"));
    let mut text = format!("{} {who}{counted}", figure.n);
    match (figure.share, figure.bounds) {
        (Some(share), _) => {
            text.push_str(&format!("，{}占 {}", if figure.weighting.is_some() { "加权后" } else { "" }, percent(share)))
        }
        (None, Some(bounds)) => text.push_str(&format!(
            "，符合判定的在 {} 到 {} 之间（有一边不满 5 人，不公布准确人数）",
            percent_down(bounds.low),
            percent_up(bounds.high)
        )),
        (None, None) => text.push_str("，比例不公布"),
    }
    if let Some(interval) = figure.interval.filter(|_| wave.sample != SamplingMethod::Voluntary) {
        let kind = match interval.kind {
            IntervalKind::Confidence => "置信区间",
            IntervalKind::Model => "模型推算区间",
        };
        text.push_str(&format!(
            "，{:.0}% {kind} {}—{}",
            interval.level * 100.0,
            percent_down(interval.low),
            percent_up(interval.high)
        ));
    }
    text.push('。');
    text
}

fn verdict_reason(verdict: TargetVerdict) -> &'static str {
    match verdict {
        TargetVerdict::Reached => "区间的下限达到目标。",
        TargetVerdict::Unproven => "目标在区间之内，这次调查证明不了达到，也证明不了没有达到。",
        TargetVerdict::Missed => "区间的上限没有达到目标。",
        TargetVerdict::ModelOnly => "配额样本不是按已知概率抽取的，区间靠模型假设。",
        TargetVerdict::CannotCount => "答卷来自自愿参加的人。",
        TargetVerdict::NoClaim | TargetVerdict::NoData => "",
    }
}

/// What AAPOR asks to be stated with opt-in samples: no sampling error can be computed.
fn volunteer_sample_sentence(wave: &WaveResults) -> String {
    let all = wave
        .disclosure
        .population
        .as_deref()
        .map_or_else(|| "全体调查对象".to_string(), |p| format!("全体调查对象（{p}）"));
    format!(
        "答卷来自自愿参加的人，不是抽样选出来的，也没有按人口构成加权。愿意参加的人和{all}可能不同，因此不能计算抽样误差，结果只说明填写答卷的人的情况。\
         各种调查还可能有别的误差，例如有的人没有机会看到问卷、题目的说法影响回答。"
    )
}

/// The eleven items of AAPOR's Survey Disclosure Checklist (2021), in its order.
pub(super) fn methodology(wave: &WaveResults) -> Vec<ReportItem> {
    let disclosure = &wave.disclosure;
    let join = |parts: Vec<Option<String>>| {
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join("；"))
    };
    let modes: Vec<&str> = wave.modes.iter().map(|m| m.zh()).collect();
    let items = [
        ("1 收集方法", disclosure.strategy.clone()),
        (
            "2 委托和实施",
            join(vec![
                disclosure.sponsor.as_ref().map(|s| format!("委托：{s}")),
                disclosure.conductor.as_ref().map(|c| format!("实施：{c}")),
            ]),
        ),
        ("3 题目", Some(format!("题目和选项的原文在下面各表；题目文字的校验码：{}", wordings(wave)))),
        ("4 调查对象", disclosure.population.clone()),
        (
            "5 样本来源",
            join(vec![
                Some(wave.sample.zh().to_string()),
                disclosure.frame.as_ref().map(|f| format!("抽样框：{f}")),
                disclosure.invited.map(|n| format!("邀请 {n} 人")),
                response_rates(wave),
            ]),
        ),
        ("6 方式", (!modes.is_empty()).then(|| modes.join("、"))),
        ("7 日期", dates(wave)),
        ("8 样本量和精度", Some(precision(wave))),
        ("9 加权", Some(weighting(wave))),
        ("10 数据核查", disclosure.quality.clone()),
        (
            "11 局限",
            join(vec![disclosure.limits.clone(), Some("各种调查都可能有抽样、覆盖、无应答和测量方面的误差".into())]),
        ),
    ];
    items.into_iter().map(|(name, text)| ReportItem { name, text: text.unwrap_or_else(|| NOT_STATED.into()) }).collect()
}

/// AAPOR's four response rates, where the recorded outcomes bear them.
fn response_rates(wave: &WaveResults) -> Option<String> {
    let rates = wave.disclosure.outcomes?.rates()?;
    Some(format!(
        "应答率（AAPOR）RR1 {}，RR2 {}，RR3 {}，RR4 {}，情况不明的按 {} 算合格",
        percent(rates.rr1),
        percent(rates.rr2),
        percent(rates.rr3),
        percent(rates.rr4),
        percent(rates.eligible)
    ))
}

fn wordings(wave: &WaveResults) -> String {
    wave.wording
        .iter()
        .map(|(id, hash)| format!("{id} {}", hash.chars().take(8).collect::<String>()))
        .collect::<Vec<_>>()
        .join("，")
}

fn precision(wave: &WaveResults) -> String {
    let n = format!("有效答卷 {} 份", wave.n);
    let figure = wave.awareness.as_ref();
    let interval = figure.and_then(|f| f.interval).map(|i| (i.kind, i.level * 100.0));
    let simple = figure.and_then(|f| f.design.as_ref()).is_some_and(|design| design.basis == DesignBasis::Simple);
    let drawn = if simple { "；按一次抽到人的简单随机抽样算" } else { "" };
    match (wave.sample, interval) {
        (SamplingMethod::Voluntary, _) => format!("{n}；自愿参加的样本不能计算抽样误差"),
        (_, Some((IntervalKind::Confidence, level))) => {
            format!("{n}；{level:.0}% 区间用威尔逊法，按有效样本量计算{drawn}")
        }
        (_, Some((IntervalKind::Model, level))) => {
            format!("{n}；{level:.0}% 区间用威尔逊法，假设配额样本相当于随机样本，是模型推算")
        }
        (_, None) => n,
    }
}

fn weighting(wave: &WaveResults) -> String {
    let used = wave.awareness.as_ref().and_then(|f| f.weighting.as_ref());
    let mut parts = vec![match used {
        Some(w) if w.converged && w.margins.is_empty() => "按抽样时的基础权数".into(),
        Some(w) if w.converged => {
            format!("按{}反复比例调整，来源：{}", w.margins.join("、"), w.sources.join("、"))
        }
        Some(_) => "试过加权，没有收敛".into(),
        None => "没有加权".into(),
    }];
    parts.extend(used.and_then(|w| w.diagnostics.as_ref()).map(|found| {
        format!(
            "权数从 {:.1} 到 {:.1}，截短的占 {}，和人口构成最多差 {}",
            found.smallest,
            found.largest,
            percent(found.trimmed_share),
            percent(found.residual)
        )
    }));
    let size = |g: &GroupSize| format!("{} {} 份（有效 {:.0}）", g.options.join("和"), g.n, g.n_eff);
    let diagnostics = used.and_then(|w| w.diagnostics.as_ref());
    let sizes: Vec<String> = diagnostics.iter().flat_map(|found| &found.groups).map(size).collect();
    parts.extend((!sizes.is_empty()).then(|| format!("各组：{}", sizes.join("，"))));
    parts.extend(wave.disclosure.weighting.clone());
    parts.join("；")
}

/// The table of a question.
pub(super) fn question_table(survey: &Survey, table: &QuestionTable) -> ReportTable {
    let number = survey.number(&table.id).map_or(String::new(), |n| format!("第{n}题　"));
    let asked = survey
        .question(&table.id)
        .and_then(|q| q.show_if.as_ref())
        .map(|c| format!("只问{}的人。", survey.condition_words(c, Lang::Zh)));
    let kind = if table.kind == QuestionKind::Multiple { "（可以选多项）" } else { "" };
    let estimated = table.rows.iter().any(|row| row.estimate.is_some());
    let share = |found: &ShareInterval| {
        format!("{}（{}—{}）", percent(found.share), percent_down(found.low), percent_up(found.high))
    };
    let row = |row: &OptionCount| {
        let mut cells = vec![row.text.clone(), count(row.n), row.share.map_or_else(|| "—".into(), percent)];
        cells.extend(estimated.then(|| row.estimate.as_ref().map_or_else(|| "—".into(), share)));
        cells
    };
    let mut rows: Vec<Vec<String>> = table.rows.iter().map(row).collect();
    let mut last = |cells: [String; 3]| {
        let mut cells = Vec::from(cells);
        cells.extend(estimated.then(String::new));
        rows.push(cells);
    };
    if let Some(mean) = table.mean {
        last(["平均".into(), String::new(), format!("{mean:.2}")]);
    }
    last(["回答人数".into(), count(table.n), String::new()]);
    let mut head = ["答案", "人数", "占回答者（没有加权）"].map(String::from).to_vec();
    let basis = table.estimate.map(|estimate| estimate.basis);
    head.extend(estimated.then(|| match basis {
        Some(TableBasis::Weighted) => "加权比例（95% 区间）".to_string(),
        _ => "比例（95% 区间）".to_string(),
    }));
    let note: String = asked.into_iter().chain(table.estimate.map(estimate_note)).collect();
    ReportTable {
        caption: format!("{number}{}{kind}", table.text),
        head,
        rows,
        note: Some(note).filter(|note| !note.is_empty()),
    }
}

/// What the percentages of a table rest on.
fn estimate_note(estimate: TableEstimate) -> String {
    match (estimate.basis, estimate.step) {
        (TableBasis::Unweighted, _) => "区间按整个比例的设计效应放宽。".into(),
        (TableBasis::Weighted, None) => "加权比例用整个比例的权数；区间按它的设计效应放宽。".into(),
        (TableBasis::Weighted, Some(step)) => format!(
            "加权比例用整个比例的权数，按 {}% 一档公布，免得看出人数很少的组里的人怎样答的；区间按设计效应放宽。",
            trimmed(step * 100.0)
        ),
        (TableBasis::Margin, _) => "整个比例就是按这一题加权的，加权以后和人口构成一样，不另列。".into(),
        (TableBasis::Protected, _) => {
            "这一题只列没有加权的人数：列出加权比例，会看出人数很少的组里的人怎样答的。".into()
        }
    }
}

/// A number without the zeros at its end.
fn trimmed(number: f64) -> String {
    format!("{number:.2}").trim_end_matches('0').trim_end_matches('.').to_string()
}

/// The figure, or a question, by the groups of another question.
pub(super) fn cross_table(wave: &WaveResults, table: &CrossTable) -> ReportTable {
    let found = |id: &str| wave.questions.iter().find(|q| q.id == id);
    let text = |id: &str| found(id).map_or_else(|| id.to_string(), |q| q.text.clone());
    let column = |id: &String| match (&table.question, id.as_str()) {
        (None, "aware") => "符合判定".to_string(),
        (None, _) => "不符合".to_string(),
        (Some(q), _) => {
            found(q).and_then(|q| q.rows.iter().find(|r| r.id == *id)).map_or_else(|| id.clone(), |r| r.text.clone())
        }
    };
    let mut head = vec!["分组".to_string()];
    head.extend(table.columns.iter().map(column));
    head.push("合计".into());
    let of_figure = table.question.is_none();
    head.extend(of_figure.then(|| "符合判定的占（95% 区间）".to_string()));
    let share = |found: &ShareInterval| {
        format!("{}（{}—{}）", percent(found.share), percent_down(found.low), percent_up(found.high))
    };
    let row = |g: &CrossTableGroup| {
        let mut cells = vec![g.text.clone()];
        cells.extend(g.cells.iter().map(|c| count(*c)));
        cells.push(count(g.n));
        let bare = || g.percentage().map_or_else(|| "—".into(), percent);
        cells.extend(of_figure.then(|| g.share.as_ref().map_or_else(bare, share)));
        cells
    };
    let rows = table.groups.iter().map(row).collect();
    let shares = table.groups.iter().any(|group| group.share.is_some());
    let note = match shares {
        true => format!("没有加权；满 {MIN_GROUP_INTERVAL} 人的组有区间，按整个比例的设计效应放宽。"),
        false => "没有加权。".to_string(),
    };
    let what = table.question.as_deref().map_or_else(|| "判定结果".to_string(), text);
    ReportTable { caption: format!("{what}，按“{}”分组", text(&table.by)), head, rows, note: Some(note) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_have_a_sign() {
        assert_eq!(
            (percentage_points(0.0345), percentage_points(-0.0123), percentage_points(-0.0001)),
            ("+3.5".into(), "−1.2".into(), "+0.0".into())
        );
    }
}
