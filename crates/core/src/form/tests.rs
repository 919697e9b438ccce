//! Tests of the form: it contains every question, it shows again what was sent, and text that was sent never becomes
//! markup.

use super::*;
use crate::base::SitePath;
use crate::diag::SourceText;
use crate::kinds::{FrontMatterContext, KindData, KindName, read_front_matter, split_front_matter};

const PAGE: &str = "---
id: probe
purpose: 目的<b>
questions:
  - {id: heard, type: single, required: true, text: \"您听说过吗？\", options: [{id: yes-i, text: 听说过}, {id: never, text: 没有}]}
  - {id: topics, type: multiple, text: 关心什么, options: [{id: p, text: 专利}, {id: t, text: 商标 & 品牌}]}
  - {id: agree, type: scale, text: 同意吗}
  - {id: years, type: number, text: 几年, min: 0, max: 80, show_if: heard != never}
  - {id: why, type: single, text: 为什么, show_if: \"topics in p, t\", options: [{id: \"3\", text: 甲}, {id: y, text: 乙}, {id: z, text: 丙}]}
background:
  - {id: age, type: single, text: 年龄, options: [{id: young, text: 青年}]}
---
";

fn survey() -> Survey {
    let path = SitePath::new("content/surveys/probe.md").unwrap();
    let source = SourceText::new(&path, PAGE);
    let front = split_front_matter(PAGE).front;
    match read_front_matter(&source, front, &FrontMatterContext::of(KindName::Survey)).own {
        KindData::Survey(survey) => *survey,
        _ => panic!("no survey"),
    }
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect()
}

fn state() -> FormState {
    FormState {
        action: "https://survey.example.gov.cn/surveys/probe".into(),
        lang: "zh".into(),
        level: 2,
        ..FormState::default()
    }
}

#[test]
fn every_question_is_a_named_group_of_controls() {
    let html = render(&survey(), &state());
    assert_eq!(html.matches("<fieldset").count(), 5);
    assert_eq!(html.matches("<legend").count(), 5);
    assert_eq!(html.matches("name=\"q.heard\"").count(), 2);
    assert_eq!(html.matches("type=\"checkbox\" name=\"q.topics\"").count(), 2);
    assert_eq!(html.matches("name=\"q.agree\"").count(), 5);
    assert!(html.contains("for=\"ask-probe-years\"") && html.contains("id=\"ask-probe-years\""));
    assert!(html.contains("共6题，约2分钟。"));
    assert!(html.contains("商标 &amp; 品牌") && html.contains("目的&lt;b&gt;"));
    // The form on the site contains no key, because all readers of the page would share it.
    assert!(!html.contains("name=\"key\"") && !html.contains("name=\"code\""));
}

#[test]
fn what_was_sent_comes_back_with_what_is_wrong() {
    let filled = pairs(&[
        ("q.heard", "never"),
        ("q.topics", "p"),
        ("q.topics", "t"),
        ("q.years", "\"><script>"),
        ("consent", "yes"),
    ]);
    let problems = vec![
        FieldError { question: Some("years".into()), message: "请填<整数>".into() },
        FieldError { question: Some("consent".into()), message: "请勾选".into() },
        FieldError { question: None, message: "太快了".into() },
    ];
    let html = render(
        &survey(),
        &FormState { filled, problems, key: Some("0f".into()), code: Some(String::new()), ..state() },
    );
    assert!(html.contains("有3处要改"));
    assert!(html.contains("<a href=\"#ask-probe-years\">第4题：请填&lt;整数&gt;</a>"));
    assert!(html.contains("aria-describedby=\"ask-probe-years-if ask-probe-years-hint ask-probe-years-error\""));
    assert!(
        html.contains("value=\"never\" checked")
            && !html.contains("value=\"yes-i\" checked")
            && !html.contains("value=\"yes-i\" id=\"ask-probe-heard\" checked")
    );
    assert_eq!(html.matches(" checked").count(), 4);
    assert!(!html.contains("<script>"));
    assert!(html.contains("name=\"key\" value=\"0f\"") && html.contains("name=\"code\""));
}

#[test]
fn the_check_page_carries_every_answer_twice_and_the_key_once() {
    let filled = pairs(&[
        ("q.heard", "never"),
        ("q.topics", "p"),
        ("q.topics", "t"),
        ("consent", "yes"),
        ("website", ""),
        ("odd", "x"),
    ]);
    let html = render_review_page(&survey(), &FormState { filled, key: Some("abc".into()), ..state() });
    assert!(
        html.contains("<dd>没有</dd>")
            && html.contains("<dd>专利、商标 &amp; 品牌</dd>")
            && html.contains("<dd>没有回答</dd>")
    );
    assert_eq!(html.matches("name=\"q.topics\" value=\"t\"").count(), 2);
    assert_eq!(html.matches("name=\"key\" value=\"abc\"").count(), 1);
    assert_eq!(html.matches("name=\"change\" value=\"yes\"").count(), 1);
    assert!(!html.contains("odd") && !html.contains("website"));
}

#[test]
fn words_are_in_the_form_s_language() {
    let html = render(&survey(), &FormState { lang: "en".into(), ..state() });
    assert!(html.contains("Send answers") && html.contains("6 questions"));
}

#[test]
fn conditions_stand_in_words_and_for_the_script() {
    let html = render(&survey(), &state());
    assert!(html.contains("只在第1题没有选“没有”时回答。") && html.contains("data-when=\"heard\" data-not=\"never\""));
    assert!(
        html.contains("只在第2题选“专利”或“商标 &amp; 品牌”时回答。")
            && html.contains("data-when=\"topics\" data-is=\"p t\"")
    );
    assert!(html.contains("填0到80之间的整数。"));
    // A question that was not asked is not shown on the check page either.
    assert!(!render_review_page(&survey(), &state()).contains("为什么"));
}

#[test]
fn paper_sheet_and_import_agree() {
    let survey = survey();
    let headers: Vec<String> = paper::entry_sheet_columns(&survey).into_iter().map(|c| c.header).collect();
    assert_eq!(headers, ["serial", "heard", "topics:p", "topics:t", "agree", "years", "why", "age"]);
    let entered = |id: &str, cell: &str| paper::parse_entry_cell(survey.question(id).unwrap(), cell);
    assert_eq!(entered("heard", "1").as_deref(), Some("yes-i"));
    assert_eq!(entered("heard", " never ").as_deref(), Some("never"));
    assert_eq!(entered("agree", "5").as_deref(), Some("5"));
    assert_eq!(entered("years", "34").as_deref(), Some("34"));
    // If an option has this number as its id, the cell means that option, not the option in that position.
    assert_eq!(entered("why", "3").as_deref(), Some("3"));
    assert_eq!(entered("why", "2").as_deref(), Some("y"));
    for (id, cell) in [
        ("heard", "0"),
        ("heard", "3"),
        ("heard", "-1"),
        ("agree", "6"),
        ("years", "81"),
        ("years", "3.5"),
        ("heard", ""),
    ] {
        assert_eq!(entered(id, cell), None, "{id} {cell}");
    }
}

#[test]
fn paper_prints_every_question_with_numbered_boxes_and_loads_nothing() {
    let html = paper::render_paper_form(
        &survey(),
        &paper::PaperForm {
            title: "问卷<1>".into(),
            lang: "zh-CN".into(),
            place: Some("甲&乙".into()),
            ..paper::PaperForm::default()
        },
    );
    assert!(html.contains("问卷&lt;1&gt;") && html.contains("甲&amp;乙") && html.contains("目的&lt;b&gt;"));
    assert_eq!(html.matches("<section class=\"q\">").count(), 6);
    assert!(html.contains("<b class=\"box\">2</b>商标 &amp; 品牌") && html.contains("<b class=\"box\">5</b>"));
    for loads in ["src=", "href=", "url(", "<script", "@import"] {
        assert!(!html.contains(loads), "{loads}");
    }
}
