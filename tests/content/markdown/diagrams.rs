//! Diagrams: what is read, and a finding at the right line and column for everything that is wrong.

use puzhi::markdown::{AnswerTarget, DirectiveData};

use super::support::*;

fn data(text: &str) -> DirectiveData {
    let s = show(text);
    assert_eq!(s.found(), Vec::<String>::new(), "{text}");
    s.body.directives.into_iter().next().unwrap().data
}

const FLOW: &str = "```{flow} 怎样办\n角色: 企业、银行\n步骤:\n";
const DECISION: &str = "```{decision} 申请什么\n问题:\n";
const BARS: &str = "```{bars} 管多久\n单位: 年\n来源: 专利法\n数据:\n";
const LINE: &str = "```{line} 多少件\n单位: 件\n来源: 市局\n数据:\n";

#[test]
fn steps_have_lanes_marks_jumps_and_markdown() {
    let text = format!(
        "{FLOW}  - 标题: 交材料\n    谁: 企业\n    内容: 打[清单](a.md)。\n  - 标题: 签合同\n    谁: [银行, 企业]\n    标记: 从这时算\n    \
         转到: 交材料\n    条件: 材料不齐\n```\n"
    );
    let s = show(&text);
    assert_eq!(s.found(), Vec::<String>::new());
    let DirectiveData::Flow(flow) = &s.body.directives[0].data else { panic!() };
    assert_eq!((flow.title.as_str(), flow.is_ordered), ("怎样办", true));
    assert_eq!(flow.lanes, ["企业", "银行"]);
    assert_eq!((flow.steps[0].lanes.as_slice(), flow.steps[1].lanes.as_slice()), (&[0][..], &[0, 1][..]));
    assert_eq!(fill(&s.body, &flow.steps[0].text), "<p>打⟦a a.md⟧清单⟦/a⟧。</p>\n");
    assert_eq!(flow.steps[1].mark.as_deref(), Some("从这时算"));
    let jump = flow.steps[1].jump.as_ref().unwrap();
    assert_eq!((jump.to, jump.when.as_deref()), (0, Some("材料不齐")));
    let span = s.body.links[0].span;
    assert!(text[span.start..span.end].contains("a.md"));
}

#[test]
fn the_texts_of_several_diagrams_stay_with_theirs() {
    let s = show(
        "```{timeline}\n- {日期: 1, 标题: 甲, 内容: 子}\n```\n\n```{flow} 乙\nsteps: [{title: 丙, text: 丑}]\nordered: 否\n```\n\n\
        ```{decision} 丁\nquestions: [{ask: 问, answers: [{answer: 答, to: 戊}]}]\noutcomes: [{title: 戊, text: 寅, link: b.md}]\n```\n",
    );
    assert_eq!(s.found(), Vec::<String>::new());
    let texts: Vec<String> =
        s.body.directives.iter().flat_map(|d| d.data.entry_texts()).map(|t| fill(&s.body, t)).collect();
    assert_eq!(texts, ["<p>子</p>\n", "<p>丑</p>\n", "<p>寅</p>\n"]);
    assert!(matches!(&s.body.directives[1].data, DirectiveData::Flow(flow) if !flow.is_ordered));
}

#[test]
fn answers_lead_to_questions_and_outcomes_by_short_name_or_text() {
    let text = format!(
        "{DECISION}  - 问: 是牌子吗？\n    选项:\n      - {{答: 是, 去: 商标}}\n      - {{答: 不是, 去: 看得出}}\n  - 问: 看得出来吗？\n    代号: 看得出\n    \
         选项: [{{答: 能, 去: 申请专利}}]\n结果:\n  - {{标题: 注册商标, 代号: 商标}}\n  - 标题: 申请专利\n```\n"
    );
    let DirectiveData::Decision(decision) = data(&text) else { panic!() };
    let targets: Vec<AnswerTarget> = decision.questions.iter().flat_map(|q| &q.answers).map(|a| a.to).collect();
    assert_eq!(targets, [AnswerTarget::Outcome(0), AnswerTarget::Question(1), AnswerTarget::Outcome(1)]);
}

#[test]
fn values_keep_their_spelling() {
    let DirectiveData::Bars(chart) =
        data(&format!("{BARS}  - {{名称: 发明, 数值: 2０.50}}\n  - {{名称: 新型, 数值: \"1,200\"}}\n```\n"))
    else {
        panic!()
    };
    let values: Vec<_> = chart.rows.iter().map(|row| (row.value.value, row.value.written.as_str())).collect();
    assert_eq!(values, [(20.5, "2０.50"), (1200.0, "1,200")]);
    let DirectiveData::Line(line) =
        data(&format!("{LINE}  - {{时间: 2023年, 数值: -1}}\n  - {{时间: 2024年7月, 数值: 2}}\n```\n"))
    else {
        panic!()
    };
    assert_eq!(line.rows.iter().map(|row| row.time).collect::<Vec<_>>(), [Some(2023.0), Some(2024.5)]);
    let DirectiveData::Line(line) =
        data(&format!("{LINE}  - {{时间: 试点前, 数值: 1}}\n  - {{时间: 2024年, 数值: 2}}\n```\n"))
    else {
        panic!()
    };
    assert!(line.rows.iter().all(|row| row.time.is_none()));
    let DirectiveData::Gauge(gauge) =
        data("```{gauge} 知晓率\n目标: 85\n单位: \"%\"\n来源: 问卷\n期限: 2025年7月\n```\n")
    else {
        panic!()
    };
    assert_eq!((gauge.goal.value, gauge.value, gauge.by.as_deref()), (85.0, None, Some("2025年7月")));
    let DirectiveData::Timeline { entries, unit } =
        data("```{timeline}\n:ruler: 个月\n- {日期: 甲, 标题: 乙, 位置: 0}\n- {日期: 丙, 标题: 丁, 位置: 6}\n```\n")
    else {
        panic!()
    };
    assert_eq!(unit.as_deref(), Some("个月"));
    assert_eq!(entries.iter().map(|entry| entry.at.as_ref().unwrap().value).collect::<Vec<_>>(), [0.0, 6.0]);
}

/// What is wrong, and `code line:column` of each finding.
#[test]
fn everything_wrong_is_found_where_it_is() {
    let flow = |steps: &str| format!("{FLOW}{steps}```\n");
    let decision = |rest: &str| format!("{DECISION}{rest}```\n");
    let bars = |rows: &str| format!("{BARS}{rows}```\n");
    let line = |rows: &str| format!("{LINE}{rows}```\n");
    let mut wrong = Vec::new();
    let outcome = "结果:\n  - 标题: 注册商标\n";
    for (text, found) in [
        ("```{flow}\n步骤: [{标题: 甲}]\n```\n".to_string(), "missing-argument 1:5"),
        ("```{flow} 甲\n```\n".to_string(), "bad-diagram 1:5"),
        ("```{flow} 甲\n- 标题: 乙\n```\n".to_string(), "bad-diagram 2:1"),
        ("```{flow} 甲\n步骤：\n  - 标题: 乙\n```\n".to_string(), "bad-diagram 2:3"),
        ("```{flow} 甲\n步骤: 先交材料\n```\n".to_string(), "bad-diagram 2:5"),
        ("```{flow} 甲\n步骤:\n  - 标题: 乙\n   谁: 丙\n```\n".to_string(), "bad-diagram 4:1"),
        ("```{flow} 甲\n步骤: [{标题: [乙]}]\n```\n".to_string(), "bad-diagram 2:11"),
        ("```{flow} 甲\n步骤: [{标题: 乙}]\n步骤: [{标题: 丙}]\n```\n".to_string(), "bad-diagram 3:1"),
        ("```{flow} 甲\n有序: 也许\n步骤: [{标题: 乙}]\n```\n".to_string(), "bad-diagram 2:5"),
        ("```{flow} 甲\n角色: 企业\n```\n".to_string(), "missing-entry-key 2:1"),
        (
            "```{flow} 甲\n角色: 企业、企业\n步骤: [{标题: 乙, 谁: 企业}]\n```\n".to_string(),
            "repeated-diagram-name 2:8",
        ),
        (flow("  - {标题: 乙, 谁: 企 业}\n"), "unknown-lane 4:16"),
        ("```{flow} 甲\n步骤: [{标题: 乙, 谁: 企业}]\n```\n".to_string(), "unknown-lane 2:17"),
        (flow("  - {标题: 乙, 谁: \"\\L企\\u4e1a局\"}\n"), "unknown-lane 4:16"),
        (flow("  - {标题: 乙}\n"), "missing-entry-key 4:6"),
        (flow("  - {标题: 乙, 谁: 企业, 条件: 不齐}\n"), "missing-entry-key 4:6"),
        (flow("  - {标题: 乙, 谁: 企业, 转到: 丙}\n"), "unknown-jump 4:24"),
        (flow("  - {标题: 乙, 谁: 企业, 转到: 乙}\n"), "jump-to-itself 4:24"),
        (
            flow("  - {标题: 乙, 谁: 企业}\n  - {标题: 乙, 谁: 银行}\n  - {标题: 丙, 谁: 银行, 转到: 乙}\n"),
            "repeated-diagram-name 6:24",
        ),
        (flow("  - {标题: 乙, 谁: 企业, 备注: 丙}\n"), "unknown-entry-key 4:20"),
        (decision(&format!("  - 问: 牌子吗？\n{outcome}")), "missing-entry-key 3:5"),
        (decision(&format!("  - 问: 牌子吗？\n    选项: []\n{outcome}")), "missing-entry-key 3:5"),
        (decision(&format!("  - 问: 牌子吗？\n    选项: [{{答: 是}}]\n{outcome}")), "missing-entry-key 4:11"),
        (
            decision(&format!("  - 问: 牌子吗？\n    选项: [{{答: 是, 去: 注册商标标}}]\n{outcome}")),
            "unknown-jump 4:20",
        ),
        (decision("  - 问: 牌子吗？\n    选项: [{答: 是, 去: 牌子吗？}]\n"), "missing-entry-key 2:1"),
        (
            decision(&format!(
                "  - 问: 牌子吗？\n    选项: [{{答: 是, 去: 牌子吗？}}, {{答: 否, 去: 注册商标}}]\n{outcome}"
            )),
            "decision-loop 3:8",
        ),
        (
            decision(&format!(
                "  - 问: 牌子吗？\n    选项: [{{答: 是, 去: 注册商标}}]\n  - 问: 新吗？\n    选项: [{{答: 是, 去: 注册商标}}]\n{outcome}"
            )),
            "unreached-entry 5:8",
        ),
        (
            decision(&format!("  - 问: 牌子吗？\n    选项: [{{答: 是, 去: 注册商标}}]\n{outcome}  - 标题: 注册商标\n")),
            "repeated-diagram-name 7:9",
        ),
        (bars("  - {名称: 发明, 数值: 二十}\n"), "bad-diagram-number 5:18"),
        (bars("  - {名称: 发明, 数值: 85%}\n"), "bad-diagram-number 5:18"),
        (bars("  - {名称: 发明, 数值: -3}\n"), "bad-diagram-number 5:18"),
        (bars("  - {名称: 发明, 数值: 2000000000000}\n"), "bad-diagram-number 5:18"),
        (bars("  - {名称: 发明}\n"), "missing-entry-key 5:6"),
        (bars("  - {名称: 发明, 数值: 1}\n  - {名称: 发明, 数值: 2}\n"), "repeated-diagram-name 6:10"),
        ("```{bars} 甲\n来源: 乙\n数据: [{名称: 发明, 数值: 1}]\n```\n".to_string(), "missing-entry-key 2:1"),
        ("```{bars} 甲\n单位: 乙\n数据: [{名称: 发明, 数值: 1}]\n```\n".to_string(), "missing-entry-key 2:1"),
        (line("  - {时间: 2024年, 数值: 1}\n"), "bad-diagram 1:5"),
        (line("  - {时间: 2024年, 数值: 1}\n  - {时间: 2023年, 数值: 1}\n"), "points-out-of-order 6:10"),
        ("```{gauge} 甲\n目标: 0\n单位: 件\n来源: 乙\n```\n".to_string(), "bad-diagram-number 2:5"),
        ("```{gauge} 甲\n目标: 5\n现状: 没有\n单位: 件\n来源: 乙\n```\n".to_string(), "bad-diagram-number 3:5"),
        ("```{timeline}\n- {日期: 甲, 标题: 乙, 位置: 3}\n```\n".to_string(), "bad-entries 2:22"),
        ("```{timeline}\n:ruler: 月\n- {日期: 甲, 标题: 乙}\n```\n".to_string(), "bad-entries 3:8"),
        ("```{timeline}\n:ruler: 月\n- {日期: 甲, 标题: 乙, 位置: 三}\n```\n".to_string(), "bad-diagram-number 3:22"),
        (
            "```{timeline}\n:ruler: 月\n- {日期: 甲, 标题: 乙, 位置: 3}\n- {日期: 甲, 标题: 乙, 位置: 2}\n```\n"
                .to_string(),
            "points-out-of-order 4:22",
        ),
    ] {
        let shown = show(&text);
        if shown.found() != [found] {
            wrong.push(format!("{text}{found}: {:?}", shown.found()));
        }
        let is_warning = found.starts_with("unknown-entry-key");
        assert_eq!(shown.body.directives.len(), usize::from(is_warning), "{text}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_percent_sign_as_a_unit_is_asked_to_be_quoted() {
    let said = |unit: &str| {
        let shown = show(&format!("```{{bars}} 甲\n单位: {unit}\n来源: 乙\n数据: [{{名称: 发明, 数值: 1}}]\n```\n"));
        shown.diags.iter().map(|diag| diag.argument("zh").unwrap_or_default().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(said("\"%\""), [""; 0]);
    for unit in ["%", " %", "@件"] {
        assert!(said(unit).len() == 1 && said(unit)[0].contains("要加引号"), "{unit}: {:?}", said(unit));
    }
}

#[test]
fn entries_are_bounded() {
    let many = |n: usize, entry: &str| {
        (0..n).map(|i| format!("  - {}\n", entry.replace('#', &i.to_string()))).collect::<String>()
    };
    let steps = format!("```{{flow}} 甲\n步骤:\n{}```\n", many(31, "标题: 第#步"));
    assert_eq!(show(&steps).found(), ["diagram-too-many 33:5"]);
    let bars = format!("{BARS}{}```\n", many(41, "{名称: 第#, 数值: #}"));
    assert_eq!(show(&bars).found(), ["diagram-too-many 45:5"]);
    let points = format!("{LINE}{}```\n", many(61, "{时间: 第#次, 数值: #}"));
    assert_eq!(show(&points).found(), ["diagram-too-many 65:5"]);
    let marks =
        format!("```{{timeline}}\n:ruler: 年\n{}```\n", many(9, "{日期: 甲, 标题: 乙, 位置: #}").replace("  - ", "- "));
    assert_eq!(show(&marks).found(), ["diagram-too-many 1:5"]);
    let long = format!("{BARS}  - {{名称: {}, 数值: 1}}\n```\n", "长".repeat(100_000));
    assert_eq!(show(&long).found(), ["bad-diagram 1:5"]);
}

/// Hostile names cost no comparison of each with each.
#[test]
fn long_names_are_not_compared() {
    let name = "甲".repeat(20_000);
    let text = format!("```{{flow}} 题\n步骤:\n  - {{标题: {name}, 转到: {name}乙}}\n  - {{标题: {name}丙}}\n```\n");
    assert_eq!(show(&text).found(), [format!("unknown-jump 3:{}", 16 + 20_000)]);
}
