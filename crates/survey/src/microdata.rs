//! Answers one by one, for the unit's own use: a table for statistics programs and a codebook.
//!
//! In: the definition and its responses. Out: CSV, or DDI Codebook 2.5 (<https://ddialliance.org/Specification/DDI-Codebook/2.5/>). They
//! are confidential and never part of a site. Knows no files.

use std::collections::BTreeMap;

use puzhi_core::base::{escape_attr, escape_text};
use puzhi_core::kinds::answers::Answer;
use puzhi_core::kinds::{Question, QuestionKind, Survey};

use crate::Response;

/// One column of the table.
struct Variable<'s> {
    name: String,
    label: String,
    question: &'s Question,
    /// The option, for a question with several answers: the column says whether it was chosen.
    option: Option<String>,
}

/// Columns that say how an answer came, with their labels.
const ADMINISTRATIVE: [(&str, &str); 5] = [
    ("wave", "调查批次 (wave)"),
    ("sample_type", "样本类型 (sample type, as recorded)"),
    ("mode", "方式 (mode)"),
    ("hour", "收到的时间，UTC，只到小时 (hour, UTC)"),
    ("wording", "题目措辞的散列值 (hash of the wording)"),
];

fn variables(survey: &Survey) -> Vec<Variable<'_>> {
    let mut all = Vec::new();
    for question in survey.all_questions() {
        if question.kind == QuestionKind::Multiple {
            all.extend(question.choices().into_iter().map(|choice| Variable {
                name: format!("{}:{}", question.id, choice.id),
                label: format!("{}：{}", question.text, choice.text),
                question,
                option: Some(choice.id),
            }));
        } else {
            let (name, label) = (question.id.clone(), question.text.clone());
            all.push(Variable { name, label, question, option: None });
        }
    }
    all
}

fn cell(variable: &Variable<'_>, response: &Response) -> String {
    let Some(answer) = response.answers.get(&variable.question.id) else { return String::new() };
    match (&variable.option, answer) {
        (Some(option), answer) => u8::from(answer.has(option)).to_string(),
        (None, Answer::One(id)) => id.clone(),
        (None, Answer::Number(number)) => number.to_string(),
        (None, Answer::Many(ids)) => ids.iter().cloned().collect::<Vec<_>>().join(" "),
    }
}

fn hour_text(hour: i64) -> String {
    jiff::Timestamp::from_second(hour.saturating_mul(3600)).unwrap_or_default().to_string()
}

/// One row for each response, in the order of the row keys. `samples` are the recorded sample types by wave. A blank is an empty cell;
/// in the columns `question:option` 1 is chosen and 0 not chosen.
pub fn csv(survey: &Survey, responses: &[Response], samples: &BTreeMap<String, &str>) -> String {
    let variables = variables(survey);
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    let head = ADMINISTRATIVE.iter().map(|(name, _)| (*name).to_string());
    let _ = writer.write_record(head.chain(variables.iter().map(|variable| variable.name.clone())));
    for response in responses {
        let sample = samples.get(&response.wave).copied().unwrap_or("unrecorded");
        let first = [
            response.wave.clone(),
            sample.to_string(),
            response.mode.as_str().to_string(),
            hour_text(response.hour),
            response.wording.to_string(),
        ];
        let cells = first.into_iter().chain(variables.iter().map(|variable| cell(variable, response)));
        let _ = writer.write_record(cells);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// The codebook of the table that [`csv`] writes. `title` is that of the survey's page.
pub fn ddi(survey: &Survey, title: &str, responses: usize) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<codeBook xmlns=\"ddi:codebook:2_5\" version=\"2.5\">\n<stdyDscr><citation><titlStmt>",
    );
    element(&mut out, "titl", title);
    let id = survey.id.as_ref().map(|id| id.value.as_str()).unwrap_or_default();
    element(&mut out, "IDNo", id);
    out.push_str("</titlStmt>");
    if let Some(conductor) = &survey.conductor {
        out.push_str("<rspStmt>");
        element(&mut out, "AuthEnty", conductor);
        out.push_str("</rspStmt>");
    }
    out.push_str("</citation><stdyInfo><sumDscr>");
    if let Some(population) = &survey.population {
        element(&mut out, "universe", population);
    }
    out.push_str("</sumDscr></stdyInfo></stdyDscr>\n<fileDscr><fileTxt><dimensns>");
    element(&mut out, "caseQnty", &responses.to_string());
    out.push_str("</dimensns></fileTxt></fileDscr>\n<dataDscr>\n");
    for (at, (name, label)) in ADMINISTRATIVE.iter().enumerate() {
        open_variable(&mut out, at, name, label);
        out.push_str("</var>\n");
    }
    for (at, variable) in variables(survey).iter().enumerate() {
        open_variable(&mut out, at + ADMINISTRATIVE.len(), &variable.name, &variable.label);
        out.push_str("<qstn>");
        element(&mut out, "qstnLit", &variable.question.text);
        out.push_str("</qstn>");
        if variable.option.is_some() {
            category(&mut out, "1", "选 (chosen)");
            category(&mut out, "0", "没选 (not chosen)");
        } else {
            variable.question.choices().iter().for_each(|choice| category(&mut out, &choice.id, &choice.text));
        }
        out.push_str("</var>\n");
    }
    out.push_str("</dataDscr>\n</codeBook>\n");
    out
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>"));
    escape_text(out, text);
    out.push_str(&format!("</{name}>"));
}

fn open_variable(out: &mut String, at: usize, name: &str, label: &str) {
    out.push_str(&format!("<var ID=\"V{}\" name=\"", at + 1));
    escape_attr(out, name);
    out.push_str("\">");
    element(out, "labl", label);
}

fn category(out: &mut String, value: &str, label: &str) {
    out.push_str("<catgry>");
    element(out, "catValu", value);
    element(out, "labl", label);
    out.push_str("</catgry>");
}
