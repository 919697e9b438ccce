//! `kind: survey`: a questionnaire, shown readably.

use super::common::{id, not_before, once};
use super::{Spanned, targets};
use crate::base::{Moment, Span};
use crate::diag::Diag;
use crate::diag::codes::front_matter as code;
use crate::yaml::{Field, Fields, Type};

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Survey {
    pub id: Option<Spanned<String>>,
    pub opens: Option<Moment>,
    pub closes: Option<Moment>,
    pub purpose: Option<String>,
    pub conductor: Option<String>,
    pub population: Option<String>,
    pub retention: Option<String>,
    pub questions: Vec<Question>,
    pub background: Vec<Question>,
    /// The rule that counts a respondent as aware, in words.
    pub awareness: Option<String>,
    pub target: Option<super::TargetValue>,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Question {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: QuestionKind,
    pub text: String,
    pub hint: Option<String>,
    pub options: Vec<Choice>,
    pub required: bool,
    /// Condition in words, as written.
    pub show_if: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum QuestionKind {
    Single,
    Multiple,
    Scale,
    Number,
}

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Choice {
    pub id: String,
    pub text: String,
}

pub const FIELDS: &[Field] = &[
    Field::new("id", "编号", Type::Text, "问卷编号，定了就不改", "the survey's id, never changed once given"),
    Field::new("opens", "开始", Type::Moment, "开始收答卷的日期", "the day it opens"),
    Field::new("closes", "截止", Type::Moment, "停止收答卷的日期", "the day it closes"),
    Field::new("purpose", "目的", Type::Text, "为什么调查", "why it is asked"),
    Field::new("conductor", "实施单位", Type::Text, "谁来调查", "who conducts it"),
    Field::new("population", "调查对象", Type::Text, "调查谁", "whom it asks"),
    Field::new("retention", "保存期限", Type::Text, "答卷保存多久", "how long answers are kept"),
    Field::new("target", "目标", Type::OneOf(&[Type::Number, Type::Map(targets::VALUE)]), "要达到的知晓率", "the figure to be reached"),
    Field::new("questions", "问题", Type::Maps(QUESTION), "题目", "the questions"),
    Field::new("background", "背景问题", Type::Maps(QUESTION), "年龄段、街道等背景题", "age band, sub-district and the like"),
    Field::new("awareness", "知晓判定", Type::Text, "怎样算知晓，用文字写清楚", "which answers count as aware, in words"),
];

pub const QUESTION: &[Field] = &[
    Field::new("id", "编号", Type::Text, "题目编号，定了就不改", "the question's id, never changed once given"),
    Field::new("type", "题型", Type::Choice(KINDS), "单选、多选、量表、数字", "single, multiple, scale or number").also(&["类型"]),
    Field::new("text", "题目", Type::Text, "问什么", "what is asked"),
    Field::new("hint", "提示", Type::Text, "题目下面的提示", "a hint below the question"),
    Field::new("options", "选项", Type::Maps(OPTION), "可以选的答案", "what can be chosen"),
    Field::new("required", "必答", Type::Flag, "必须回答", "it must be answered"),
    Field::new("show_if", "显示条件", Type::Text, "什么情况下才问", "when it is asked"),
];

pub const OPTION: &[Field] = &[
    Field::new("id", "编号", Type::Text, "选项编号，定了就不改", "the option's id, never changed once given"),
    Field::new("text", "文字", Type::Text, "选项的文字", "what it says").also(&["题目", "内容"]),
];

const KINDS: &[(&str, &str)] = &[("single", "单选"), ("multiple", "多选"), ("scale", "量表"), ("number", "数字")];

impl Survey {
    pub(super) fn from_fields(fields: &mut Fields<'_, '_>) -> Survey {
        fields.require("id", FIELDS);
        let mut seen = Vec::new();
        let survey = Survey {
            id: id(fields, "id"),
            opens: fields.moment("opens"),
            closes: fields.moment("closes"),
            purpose: fields.text("purpose"),
            conductor: fields.text("conductor"),
            population: fields.text("population"),
            retention: fields.text("retention"),
            questions: questions(fields, "questions", &mut seen),
            background: questions(fields, "background", &mut seen),
            awareness: fields.text("awareness"),
            target: targets::value(fields, "target"),
        };
        not_before(fields, ("opens", survey.opens), ("closes", survey.closes));
        survey
    }
}

/// Ids already used by questions, with their places. Questions and background questions share them.
type Seen = Vec<(String, Span)>;

fn questions(fields: &mut Fields<'_, '_>, key: &str, seen: &mut Seen) -> Vec<Question> {
    fields.maps(key, |question| {
        question.require("id", QUESTION);
        question.require("text", QUESTION);
        let id = fresh_id(question, seen);
        let kind = match question.choice("type") {
            Some("multiple") => QuestionKind::Multiple,
            Some("scale") => QuestionKind::Scale,
            Some("number") => QuestionKind::Number,
            _ => QuestionKind::Single,
        };
        let options = options(question);
        if options.is_empty() && question.node("options").is_none() && matches!(kind, QuestionKind::Single | QuestionKind::Multiple) {
            let span = question.node("text").map_or(question.span(), |n| n.span);
            let diag = Diag::new(&code::NO_OPTIONS).at(question.source(), span);
            question.report(diag);
        }
        let text = question.text("text");
        let hint = question.text("hint");
        let required = question.flag("required").unwrap_or(false);
        let show_if = question.text("show_if");
        Some(Question { id: id?.value, kind, text: text?, hint, options, required, show_if })
    })
}

fn options(question: &mut Fields<'_, '_>) -> Vec<Choice> {
    let mut seen = Seen::new();
    question.maps("options", |option| {
        option.require("id", OPTION);
        option.require("text", OPTION);
        let id = fresh_id(option, &mut seen);
        let text = option.text("text");
        Some(Choice { id: id?.value, text: text? })
    })
}

/// The id, once.
fn fresh_id(fields: &mut Fields<'_, '_>, seen: &mut Seen) -> Option<Spanned<String>> {
    let id = id(fields, "id")?;
    if once(fields, &id, seen.iter().map(|(id, span)| (id.as_str(), *span))) {
        seen.push((id.value.clone(), id.span));
    }
    Some(id)
}
