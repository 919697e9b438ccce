//! What a survey's page defines, what its answers must be, and what its results may claim.

use puzhi_core::base::SitePath;
use puzhi_core::diag::{Diagnostic, Lang, SourceText};
use puzhi_core::kinds::answers::{
    Answer, AnswerError, AnswerErrorKind, Answers, ValidatedAnswers, validate_form, validate_json,
};
use puzhi_core::kinds::results::{TargetVerdict, figure_verdict, is_results, read_results, results_page, results_path};
use puzhi_core::kinds::{
    AwarenessRule, CollectionMode, ConditionOp, FrontMatterContext, FrontMatterOf, KindData, KindName, QuestionKind,
    SamplingMethod, Survey, TargetValue, read_front_matter, split_front_matter,
};

const DEFINITION: &str = "\
编号: s
开始: 2027-04-01
截止: 2027-04-30
目标: {数值: 85, 比较: ≥}
问题:
  - {id: heard, type: single, required: true, text: 听说过吗？, options: [{id: know, text: 知道}, {id: only, text: 听过}, {id: never, text: 没有}]}
  - {id: where, type: 多选, text: 从哪里听说？, show_if: heard ！＝ never, options: [{id: tv, text: 电视}, {id: web, text: 网上}]}
  - {id: which, type: single, text: 哪个网站？, 显示条件: where 是 web, options: [{id: gov, text: 政府网站}, {id: other, text: 其他}]}
  - {id: patent, type: single, text: 专利保护多久？, options: [{id: y10, text: 10年}, {id: y20, text: 20年}]}
  - {id: mark, type: 量表, text: 打几分？}
背景问题:
  - {id: age, type: single, required: true, text: 年龄？, options: [{id: young, text: 不满14}, {id: adult, text: 14及以上}]}
  - {id: years, type: number, text: 住了几年？, min: 0, max: 120}
  - {id: street, type: single, text: 街道？, options: [{id: a, text: 甲街道}, {id: b, text: 乙街道}, {id: elsewhere, text: 外地}]}
知晓判定: {说明: 选知道或者听过的, 题目: heard, 选项: [know, only]}
计入条件: street != elsewhere
未满年龄: {题目: age, 选项: young}
人口构成:
  - {题目: street, 比例: {b: 60.05%, a: 40}, 来源: 统计公报}
调查批次:
  - {编号: 2027-p, 方式: [面访, 电话], 样本: 概率, 抽样框: 户籍名册, 抽样方法: 系统抽样, 委托单位: 市市场监管局, 邀请人数: 900}
  - {编号: 2027-v, 方式: 网络, 样本: 自愿, 开始: 2027-04-10}
";

pub(crate) fn survey_of(text: &str) -> (Survey, Vec<Diagnostic>) {
    let path = SitePath::new("content/s.md").unwrap();
    let text = format!("---\n{text}---\n");
    let source = SourceText::new(&path, &text);
    let FrontMatterOf { own: kind, diags, .. } =
        read_front_matter(&source, split_front_matter(&text).front, &FrontMatterContext::of(KindName::Survey));
    let KindData::Survey(survey) = kind else { panic!("{kind:?}") };
    (*survey, diags)
}

fn survey() -> Survey {
    let (survey, diags) = survey_of(DEFINITION);
    assert_eq!(diags, []);
    survey
}

fn form(pairs: &[(&str, &str)]) -> Result<ValidatedAnswers, Vec<AnswerError>> {
    let raw: Vec<(String, String)> = pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    validate_form(&survey(), &raw)
}

fn accepted(result: Result<ValidatedAnswers, Vec<AnswerError>>) -> Answers {
    match result {
        Ok(ValidatedAnswers::Answers(answers)) => answers,
        other => panic!("{other:?}"),
    }
}

fn refused(result: Result<ValidatedAnswers, Vec<AnswerError>>) -> Vec<(Option<String>, AnswerErrorKind)> {
    result.unwrap_err().into_iter().map(|p| (p.question, p.kind)).collect()
}

fn at(question: &str, kind: AnswerErrorKind) -> Vec<(Option<String>, AnswerErrorKind)> {
    vec![(Some(question.to_string()), kind)]
}

#[test]
fn a_definition_in_chinese_keys_is_read_whole() {
    let survey = survey();
    assert_eq!(
        survey.awareness.unwrap().rule,
        Some(AwarenessRule::Options { question: "heard".into(), options: vec!["know".into(), "only".into()] })
    );
    let condition = survey.questions[1].show_if.clone().unwrap();
    assert_eq!((condition.question.as_str(), condition.op), ("heard", ConditionOp::None));
    assert_eq!((survey.questions[4].kind, survey.questions[4].range()), (QuestionKind::Scale, Some((1, 5))));
    assert_eq!(survey.questions[4].choices().len(), 5);
    assert_eq!(
        survey.margins[0].shares,
        [("a".to_string(), 40.0), ("b".to_string(), 60.05)],
        "in the order of the options; outsiders need none"
    );
    let wave = &survey.waves[0];
    assert_eq!(
        (wave.sample, wave.modes.as_slice(), wave.invited),
        (SamplingMethod::Probability, &[CollectionMode::Phone, CollectionMode::Face][..], Some(900))
    );
    assert_eq!(wave.closes, survey.closes, "a wave has the survey's dates where it has none");
    assert_eq!(survey.background[1].range(), Some((0, 120)));
}

#[test]
fn conditions_are_told_in_words() {
    let survey = survey();
    let words = |at: usize, lang| survey.condition_words(survey.questions[at].show_if.as_ref().unwrap(), lang);
    assert_eq!(words(1, Lang::Zh), "第1题没有选“没有”");
    assert_eq!(words(2, Lang::Zh), "第2题选“网上”");
    assert_eq!(words(2, Lang::En), "question 2 is \"网上\"");
}

#[test]
fn a_plain_awareness_gives_words_and_no_rule() {
    let (survey, diags) = survey_of("id: s\nawareness: 第1题选前两项的计为知晓。\n");
    assert_eq!(diags, []);
    let awareness = survey.awareness.unwrap();
    assert_eq!((awareness.words.as_str(), awareness.rule), ("第1题选前两项的计为知晓。", None));
}

#[test]
fn a_score_counts_right_answers() {
    let score = DEFINITION.replace(
        "{说明: 选知道或者听过的, 题目: heard, 选项: [know, only]}",
        "{说明: 两题都对, questions: {patent: y20, heard: [know, only]}, at_least: 2}",
    );
    let (survey, diags) = survey_of(&score);
    assert_eq!(diags, []);
    let rule = survey.awareness.unwrap().rule.unwrap();
    let aware = |text: &str| Answers::from_canonical(text).unwrap().is_aware(&rule);
    assert_eq!(aware(r#"{"heard":"know","patent":"y20"}"#), Some(true));
    assert_eq!(aware(r#"{"heard":"know"}"#), Some(false), "a question left blank is not right");
    assert_eq!(aware(r#"{"years":3}"#), None);
    let (_, diags) = survey_of(&score.replace("at_least: 2", "at_least: 3"));
    assert_eq!(diags.iter().map(|d| d.code.name).collect::<Vec<_>>(), ["number-out-of-range"]);
}

#[test]
fn wording_changes_with_what_is_read_and_with_nothing_else() {
    let same = survey_of(&DEFINITION.replace("required: true, ", "")).0;
    assert_eq!(same.wording(), survey().wording());
    for (from, to) in [
        ("听说过吗", "听过吗"),
        ("{id: only, text: 听过}", "{id: only, text: 听人说过}"),
        ("heard ！＝ never", "heard = know"),
        ("max: 120", "max: 100"),
    ] {
        let other = survey_of(&DEFINITION.replacen(from, to, 1)).0;
        assert_ne!(other.wording(), survey().wording(), "{from} → {to}");
        let changed =
            other.all_questions().zip(survey().all_questions()).filter(|(a, b)| a.wording() != b.wording()).count();
        assert_eq!(changed, 1, "{from} → {to}");
    }
}

#[test]
fn answers_have_one_canonical_form() {
    let pairs = [
        ("q.where", "web"),
        ("q.heard", " know "),
        ("q.where", "tv"),
        ("q.years", "３４"),
        ("q.mark", "4"),
        ("q.age", "adult"),
        ("consent", "yes"),
        ("q.patent", ""),
    ];
    let answers = accepted(form(&pairs));
    assert_eq!(answers.canonical(), r#"{"age":"adult","heard":"know","mark":4,"where":["tv","web"],"years":34}"#);
    assert_eq!(Answers::from_canonical(&answers.canonical()), Some(answers.clone()));
    let json = serde_json::json!({"years": 34, "where": ["web", "tv", "web"], "heard": "know", "mark": 4, "age": "adult", "patent": null});
    assert_eq!(accepted(validate_json(&survey(), &json)), answers);
    assert_eq!(answers.get("mark"), Some(&Answer::Number(4)));
    assert!(answers.get("mark").unwrap().has("4") && !answers.get("mark").unwrap().has("04x"));
}

#[test]
fn every_problem_is_found_and_told() {
    assert_eq!(refused(form(&[("q.age", "adult")])), at("heard", AnswerErrorKind::Missing));
    let ok = [("q.heard", "know"), ("q.age", "adult")];
    let with = |pair: (&'static str, &'static str)| form(&[ok.as_slice(), &[pair]].concat());
    assert_eq!(refused(with(("q.patent", "y30"))), at("patent", AnswerErrorKind::NotOffered { value: "y30".into() }));
    assert_eq!(refused(with(("q.heard", "only"))), at("heard", AnswerErrorKind::OneOnly));
    assert_eq!(refused(with(("q.years", "很久"))), at("years", AnswerErrorKind::NotANumber { value: "很久".into() }));
    assert_eq!(refused(with(("q.years", "121"))), at("years", AnswerErrorKind::OutOfRange { min: 0, max: 120 }));
    assert_eq!(refused(with(("q.years", "99999999999999999999999999"))).len(), 1);
    assert_eq!(refused(with(("q.mark", "0"))), at("mark", AnswerErrorKind::OutOfRange { min: 1, max: 5 }));
    assert_eq!(refused(with(("q.which", "gov"))), at("which", AnswerErrorKind::NotAsked));
    assert_eq!(refused(with(("q.x", "1"))), [(None, AnswerErrorKind::UnknownQuestion { name: "x".into() })]);
    let problems = form(&[("q.patent", "y30"), ("q.years", "-1")]).unwrap_err();
    assert_eq!(problems.len(), 4);
    assert_eq!(problems[0].message(&survey(), Lang::Zh), "第1题没有回答，这一题必须回答");
    for problem in problems {
        assert!(
            !problem.message(&survey(), Lang::Zh).is_empty()
                && problem.message(&survey(), Lang::En).starts_with("Question")
        );
    }
    for shape in [
        serde_json::json!([]),
        serde_json::json!({"heard": {"a": 1}}),
        serde_json::json!({"heard": true}),
        serde_json::json!({"where": [["tv"]]}),
    ] {
        assert_eq!(refused(validate_json(&survey(), &shape)), [(None, AnswerErrorKind::NotAnswers)]);
    }
    let flood: Vec<(String, String)> = (0..100_000).map(|i| (format!("q.{i}"), "x".into())).collect();
    assert_eq!(refused(validate_form(&survey(), &flood)), [(None, AnswerErrorKind::TooMuch)]);
    assert!(validate_form(&survey(), &flood[..2000]).unwrap_err().len() <= 100);
    let free = survey_of(&DEFINITION.replace("required: true, ", "")).0;
    assert_eq!(refused(validate_form(&free, &[])), [(None, AnswerErrorKind::Empty)]);
}

#[test]
fn conditions_chain_through_questions_that_were_not_asked() {
    let never = [("q.heard", "never"), ("q.age", "adult")];
    accepted(form(&never));
    let with = |pairs: &[(&'static str, &'static str)]| form(&[never.as_slice(), pairs].concat());
    let problems = refused(with(&[("q.where", "web"), ("q.which", "gov")]));
    assert_eq!(
        problems.iter().map(|(q, _)| q.as_deref().unwrap()).collect::<Vec<_>>(),
        ["where", "which"],
        "which follows where, which was not to be asked"
    );
}

#[test]
fn a_child_is_stopped_whatever_else_is_wrong() {
    assert_eq!(form(&[("q.age", "young"), ("q.patent", "nonsense")]), Ok(ValidatedAnswers::UnderAge));
    assert_eq!(validate_json(&survey(), &serde_json::json!({"age": "young", "x": 1})), Ok(ValidatedAnswers::UnderAge));
}

#[test]
fn who_is_not_of_the_population_does_not_count() {
    let survey = survey();
    let counts = |text: &str| Answers::from_canonical(text).unwrap().is_in_population(&survey);
    assert!(counts(r#"{"street":"a"}"#) && counts("{}") && !counts(r#"{"street":"elsewhere"}"#));
}

const RESULTS: &str = r#"{"format":1,"survey":"s","waves":[{"id":"w","title":null,"opens":"2027-04-01","closes":"2027-04-10","sample":"probability","modes":["face"],"n":400,
"awareness":{"words":"选知道的","rule":"00","aware":AWARE,"n":400,"share":SHARE,"interval":{"low":LOW,"high":0.93,"level":0.95,"kind":"confidence"},"weighting":null},
"questions":[{"id":"heard","type":"single","text":"听说过吗？","n":400,"rows":[{"id":"know","text":"知道","n":390,"share":0.975},{"id":"never","text":"没有","n":null,"share":null}],"mean":null}],
"crosses":[],"wording":{"heard":"00"},"one_wording":true,
"disclosure":{"strategy":null,"sponsor":null,"conductor":null,"population":null,"frame":null,"invited":900,"weighting":null,"quality":null,"limits":null}}]}"#;

fn results_text(aware: u64) -> String {
    let share = aware as f64 / 400.0;
    let (low, _) = puzhi_survey::stats::wilson_interval(share, 400.0).unwrap();
    RESULTS.replace("AWARE", &aware.to_string()).replace("SHARE", &share.to_string()).replace("LOW", &low.to_string())
}

fn read_as(text: &str) -> (Option<puzhi_core::kinds::results::Results>, Vec<&'static str>) {
    let path = SitePath::new("content/s.results.json").unwrap();
    let (results, diags) = read_results(&SourceText::new(&path, text));
    (results, diags.iter().map(|d| d.code.name).collect())
}

#[test]
fn results_round_trip_and_the_edge_holds() {
    let target = TargetValue { min: Some(85.0), ..TargetValue::default() };
    for (aware, wanted) in [(353, TargetVerdict::Unproven), (354, TargetVerdict::Reached)] {
        let (results, wrong) = read_as(&results_text(aware));
        let results = results.unwrap_or_else(|| panic!("{wrong:?}"));
        assert_eq!(read_as(&results.to_json()).0.as_ref(), Some(&results));
        let wave = results.headline().unwrap();
        assert_eq!(figure_verdict(wave.sample, wave.awareness.as_ref(), Some(&target)), wanted, "{aware}");
        assert_eq!(
            figure_verdict(SamplingMethod::Quota, wave.awareness.as_ref(), Some(&target)),
            TargetVerdict::ModelOnly
        );
        assert_eq!(
            figure_verdict(SamplingMethod::Voluntary, wave.awareness.as_ref(), Some(&target)),
            TargetVerdict::CannotCount
        );
        assert_eq!(figure_verdict(wave.sample, None, Some(&target)), TargetVerdict::NoData);
        assert_eq!(figure_verdict(wave.sample, wave.awareness.as_ref(), None), TargetVerdict::NoData);
    }
}

#[test]
fn changes_cannot_claim_more_than_their_waves() {
    let file = |edit: &dyn Fn(&mut serde_json::Value)| {
        let wave = |id: &str, aware: u64| {
            let mut whole: serde_json::Value = serde_json::from_str(&results_text(aware)).unwrap();
            whole["waves"][0]["id"] = id.into();
            whole["waves"][0].take()
        };
        let mut all: serde_json::Value = serde_json::from_str(&results_text(354)).unwrap();
        all["waves"] = serde_json::json!([wave("a", 350), wave("b", 354)]);
        all["changes"] = serde_json::json!([{ "from": "a", "to": "b", "difference": 0.01, "low": -0.04, "high": 0.06, "level": 0.95, "kind": "confidence" }]);
        edit(&mut all);
        read_as(&all.to_string())
    };
    let good = file(&|_| ());
    assert!(good.0.is_some(), "{:?}", good.1);
    let set = |key: &'static str, value: serde_json::Value| file(&move |all| all["changes"][0][key] = value.clone());
    let voluntary = |all: &mut serde_json::Value| {
        for i in 0..2 {
            all["waves"][i]["sample"] = "voluntary".into();
            all["waves"][i]["awareness"]["interval"] = serde_json::Value::Null;
        }
    };
    for (what, told) in [
        ("another wave", set("from", "c".into())),
        ("backwards", set("from", "b".into())),
        ("another difference", set("difference", 0.03.into())),
        ("low above", set("low", 0.02.into())),
        ("high below", set("high", 0.0.into())),
        ("no level", set("level", 1.0.into())),
        ("another rule", file(&|all| all["waves"][0]["awareness"]["rule"] = "other".into())),
        ("another wording", file(&|all| all["waves"][0]["one_wording"] = false.into())),
        ("voluntary", file(&voluntary)),
    ] {
        assert_eq!(told, (None, vec!["results-untrue"]), "{what}");
    }
    let quota = |all: &mut serde_json::Value, kind: &str| {
        for i in 0..2 {
            all["waves"][i]["sample"] = "quota".into();
            all["waves"][i]["awareness"]["interval"]["kind"] = "model".into();
        }
        all["changes"][0]["kind"] = kind.into();
    };
    assert!(file(&|all| quota(all, "model")).0.is_some());
    assert_eq!(file(&|all| quota(all, "confidence")).1, ["results-untrue"]);
}

#[test]
fn results_cannot_claim_more_than_they_show() {
    let good = results_text(354);
    assert!(read_as(&good).0.is_some());
    for (from, to) in [
        ("\"probability\"", "\"voluntary\""),
        ("\"probability\"", "\"quota\""),
        ("\"aware\":354", "\"aware\":401"),
        ("\"aware\":354", "\"aware\":300"),
        ("\"high\":0.93", "\"high\":0.86"),
        ("\"high\":0.93", "\"high\":1.2"),
        ("\"n\":390", "\"n\":3"),
        ("\"n\":390", "\"n\":401"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good);
        assert_eq!(read_as(&text), (None, vec!["results-untrue"]), "{from} → {to}");
    }
    for (from, to) in [
        ("\"format\":1", "\"format\":2"),
        ("\"id\":\"w\"", "\"id\":\"w\",\"ip\":\"1.2.3.4\""),
        ("0.95", "NaN"),
        ("]}", ""),
    ] {
        assert_eq!(read_as(&good.replacen(from, to, 1)), (None, vec!["results-invalid"]), "{from} → {to}");
    }
}

#[test]
fn results_stand_beside_their_page() {
    let page = SitePath::new("content/surveys/awareness.md").unwrap();
    let path = results_path(&page).unwrap();
    assert_eq!(path.as_str(), "content/surveys/awareness.results.json");
    assert!(is_results(&path) && !is_results(&page));
    assert_eq!(results_page(&path), Some(page));
}
