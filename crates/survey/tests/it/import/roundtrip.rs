//! Made-up answers, written as each program writes them, come back as they were.

use std::collections::BTreeSet;
use std::fmt::Write;

use encoding_rs::GB18030;
use proptest::prelude::*;
use puzhi_core::form::paper::entry_sheet_columns;
use puzhi_core::kinds::{Question, QuestionKind, Survey};
use puzhi_survey::answers::{Answer, Answers, ValidatedAnswers, validate_json};
use puzhi_survey::import::{ImportBatch, ImportTable, SourceFormat, detect_layout};

use super::survey::{import_target, survey, wave};

/// Respondents who answered what they were asked and are old enough.
fn respondent() -> impl Strategy<Value = Answers> {
    let one = |ids: &'static [&'static str]| proptest::sample::select(ids).prop_map(|id| Answer::One(id.into()));
    let many = proptest::sample::subsequence(vec!["patent", "mark", "right"], 1..=3);
    let topics = proptest::option::of(
        many.prop_map(|ids| Answer::Many(ids.into_iter().map(String::from).collect::<BTreeSet<_>>())),
    );
    let number = |range| proptest::option::of(range).prop_map(|n: Option<i64>| n.map(Answer::Number));
    (
        one(&["know", "only", "never"]),
        topics,
        proptest::option::of(one(&["y-10", "y-20"])),
        number(1..=5i64),
        one(&["adult", "old"]),
        number(0..=120i64),
    )
        .prop_map(|(heard, topics, patent, rate, age, years)| {
            let topics = topics.filter(|_| heard != Answer::One("never".into()));
            let all = [
                ("heard", Some(heard)),
                ("topics", topics),
                ("patent", patent),
                ("rate", rate),
                ("age", Some(age)),
                ("years", years),
            ];
            Answers(all.into_iter().filter_map(|(id, answer)| Some((id.to_string(), answer?))).collect())
        })
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

fn nth(question: &Question, id: &str) -> usize {
    question.options.iter().position(|o| o.id == id).unwrap() + 1
}

/// The cell of one answer, in the words of a format.
fn cell(question: &Question, id: &str, format: SourceFormat) -> String {
    match format {
        _ if question.options.is_empty() => id.to_string(),
        SourceFormat::Template | SourceFormat::WjxNumber => nth(question, id).to_string(),
        SourceFormat::WjxText | SourceFormat::LimeLong => question.option(id).unwrap().text.clone(),
        // LimeSurvey allows letters and figures alone.
        _ => id.replace('-', ""),
    }
}

fn row(survey: &Survey, answers: &Answers, format: SourceFormat) -> Vec<String> {
    let mut cells = Vec::new();
    for question in survey.all_questions() {
        let answer = answers.get(&question.id);
        let blank = match format {
            SourceFormat::WjxNumber => "-3",
            SourceFormat::WjxText => "(跳过)",
            _ => "",
        };
        match (answer, question.kind, format) {
            (Some(Answer::Many(ids)), _, SourceFormat::WjxText) => {
                cells.push(
                    question
                        .options
                        .iter()
                        .filter(|o| ids.contains(&o.id))
                        .map(|o| o.text.clone())
                        .collect::<Vec<_>>()
                        .join("┋"),
                );
            }
            (_, QuestionKind::Multiple, SourceFormat::WjxText) => cells.push(blank.into()),
            (_, QuestionKind::Multiple, _) => {
                let [yes, no] = match format {
                    SourceFormat::LimeShort => ["Y", ""],
                    SourceFormat::LimeLong => ["是", "否"],
                    _ => ["1", "0"],
                };
                let tick = |id: &str| answer.map_or(blank, |answer| if answer.has(id) { yes } else { no });
                cells.extend(question.options.iter().map(|o| tick(&o.id).to_string()));
            }
            (Some(Answer::One(id)), ..) => cells.push(cell(question, id, format)),
            (Some(Answer::Number(n)), ..) => cells.push(n.to_string()),
            _ => cells.push(blank.into()),
        }
    }
    cells
}

fn headers(survey: &Survey, format: SourceFormat) -> Vec<String> {
    if format == SourceFormat::Template {
        return entry_sheet_columns(survey).into_iter().skip(1).map(|c| c.header).collect();
    }
    let mut headers = Vec::new();
    for (n, question) in survey.all_questions().enumerate() {
        let n = n + 1;
        match (question.kind, format) {
            (QuestionKind::Multiple, SourceFormat::WjxNumber) => {
                headers.extend(question.options.iter().map(|o| format!("第{n}题({})", o.text)))
            }
            (QuestionKind::Multiple, SourceFormat::LimeShort) => {
                headers.extend(question.options.iter().map(|o| format!("{}[{}]", question.id, o.id)))
            }
            (QuestionKind::Multiple, SourceFormat::LimeLong) => {
                headers.extend(question.options.iter().map(|o| format!("{} [{}]", question.text, o.text)))
            }
            (_, SourceFormat::LimeShort) => headers.push(question.id.clone()),
            (_, SourceFormat::LimeLong) => headers.push(question.text.clone()),
            _ => headers.push(format!("{n}、{}", question.text)),
        }
    }
    headers
}

/// A file as the program behind `format` writes it.
fn file(survey: &Survey, people: &[Answers], format: SourceFormat) -> String {
    let (meta, end): (&[&str], &str) = match format {
        SourceFormat::Template => (&["serial"], "\r\n"),
        f if f.is_wjx() => (&["序号", "提交答卷时间", "来自IP"], "\r\n"),
        _ => (&["id", "submitdate", "ipaddr"], "\r\n"),
    };
    let separator = if format.is_lime() { ";" } else { "," };
    let mut out = String::new();
    let mut line = |cells: Vec<String>| {
        write!(out, "{}{end}", cells.iter().map(|c| quoted(c)).collect::<Vec<_>>().join(separator)).unwrap()
    };
    line(meta.iter().map(|m| m.to_string()).chain(headers(survey, format)).collect());
    for (n, answers) in people.iter().enumerate() {
        let own = [(n + 1).to_string(), format!("2027-04-05 {:02}:30:00", n % 24), "10.0.0.1".into()];
        line(own.into_iter().take(meta.len()).chain(row(survey, answers, format)).collect());
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_exported_is_imported(people in proptest::collection::vec(respondent(), 1..20), gbk in any::<bool>()) {
        let survey = survey();
        let wave = wave("drawn");
        for answers in &people {
            let json = serde_json::to_value(answers).unwrap();
            prop_assert_eq!(validate_json(&survey, &json), Ok(ValidatedAnswers::Answers(answers.clone())));
        }
        for (format, _) in SourceFormat::NAMED {
            let text = file(&survey, &people, format);
            let bytes = if gbk { GB18030.encode(&text).0.into_owned() } else { text.clone().into_bytes() };
            let table = ImportTable::read(&bytes).unwrap();
            let layout = detect_layout(&survey, &table, None, &[]).unwrap();
            prop_assert_eq!(layout.format, format);
            let batch = ImportBatch::read(&table, &layout, &import_target(&survey, &wave));
            prop_assert_eq!(&batch.errors, &[], "{}", text);
            prop_assert_eq!(batch.accepted.iter().map(|r| &r.answers).collect::<Vec<_>>(), people.iter().collect::<Vec<_>>(), "{}", text);
        }
    }
}
