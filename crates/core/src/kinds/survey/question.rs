//! One question of a survey: its table of keys, its checks and the hash of its wording.
//!
//! Input: a mapping of the definition. Output: [`Question`] and diagnostics. Does not know answers.

use super::super::common::SeenIds;
use super::Condition;
use crate::base::ContentHash;
use crate::diag::Diagnostic;
use crate::diag::codes::{front_matter as code, surveys};
use crate::yaml::{Field, MappingReader, Spanned, Type};

/// Maximum number of scale points. More points do not fit in one printed row, and respondents cannot distinguish
/// them.
const MAX_SCALE_POINTS: i64 = 11;

/// Accepted range of a number question if the definition sets no bounds.
const DEFAULT_NUMBER_RANGE: (i64, i64) = (0, 999_999_999);

/// One question of a survey.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Question {
    /// Its lasting name.
    pub id: String,
    /// How it is answered.
    #[serde(rename = "type")]
    pub kind: QuestionKind,
    /// What is asked.
    pub text: String,
    /// A remark below the question.
    pub hint: Option<String>,
    /// In the order of the page. A scale may have none: then it is the whole numbers from `min` to `max`.
    pub options: Vec<Choice>,
    /// Whether it needs an answer when it is asked.
    pub required: bool,
    /// Asked only when this holds; it names a question that stands before this one.
    pub show_if: Option<Condition>,
    /// Bounds of a number, or of a scale without options; both are set for these and for nothing else.
    pub min: Option<i64>,
    /// The most that is accepted.
    pub max: Option<i64>,
}

/// How a question is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum QuestionKind {
    /// With one option.
    Single,
    /// With any number of options.
    Multiple,
    /// With one option of an ordered row, or a point from `min` to `max`.
    Scale,
    /// With a whole number from `min` to `max`.
    Number,
}

/// An option of a question.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Choice {
    /// Its lasting name, which answers are stored under.
    pub id: String,
    /// What the respondent reads.
    pub text: String,
}

pub const QUESTION_FIELDS: &[Field] = &[
    Field::new("id", "编号", Type::Text, "题目编号，定了就不改", "the question's id, never changed once given"),
    Field::new(
        "type",
        "题型",
        Type::Choice(QUESTION_KIND_CHOICES),
        "单选、多选、量表、数字",
        "single, multiple, scale or number",
    )
    .with_aliases(&["类型"]),
    Field::new("text", "题目", Type::Text, "问什么", "what is asked"),
    Field::new("hint", "提示", Type::Text, "题目下面的提示", "a hint below the question"),
    Field::new(
        "options",
        "选项",
        Type::Maps(OPTION_FIELDS),
        "可以选的答案；量表可以不写，用最小和最大",
        "what can be chosen; a scale may have min and max instead",
    ),
    Field::new(
        "min",
        "最小",
        Type::Integer(-1_000_000_000, 1_000_000_000),
        "数字题和没有选项的量表：最小是几，量表不写是 1",
        "the least of a number or of a scale without options, 1 for a scale",
    ),
    Field::new(
        "max",
        "最大",
        Type::Integer(-1_000_000_000, 1_000_000_000),
        "最大是几，量表不写是 5",
        "the greatest, 5 for a scale",
    ),
    Field::new("required", "必答", Type::Flag, "必须回答", "it must be answered"),
    Field::new(
        "show_if",
        "显示条件",
        Type::Text,
        "什么情况下才问：前面一道题的编号和选项编号，例如 heard = know",
        "when it is asked: an earlier question and an option of it, such as heard = know",
    ),
];

pub const OPTION_FIELDS: &[Field] = &[
    Field::new("id", "编号", Type::Text, "选项编号，定了就不改", "the option's id, never changed once given"),
    Field::new("text", "文字", Type::Text, "选项的文字", "what it says").with_aliases(&["题目", "内容"]),
];

const QUESTION_KIND_CHOICES: &[(&str, &str)] =
    &[("single", "单选"), ("multiple", "多选"), ("scale", "量表"), ("number", "数字")];

impl QuestionKind {
    /// Returns the name in code, as in `type:`.
    pub fn as_str(self) -> &'static str {
        match self {
            QuestionKind::Single => "single",
            QuestionKind::Multiple => "multiple",
            QuestionKind::Scale => "scale",
            QuestionKind::Number => "number",
        }
    }

    fn zh(self) -> &'static str {
        QUESTION_KIND_CHOICES.iter().find(|(name, _)| *name == self.as_str()).map_or("", |(_, zh)| zh)
    }
}

impl Question {
    /// Returns the bounds of a number, or of a scale without options.
    pub fn range(&self) -> Option<(i64, i64)> {
        self.min.zip(self.max)
    }

    /// Returns the option with this id.
    pub fn option(&self, id: &str) -> Option<&Choice> {
        self.options.iter().find(|option| option.id == id)
    }

    /// Whether `answer` is possible: the id of an option, or a whole number within the bounds.
    pub fn offers(&self, answer: &str) -> bool {
        match self.range() {
            None => self.option(answer).is_some(),
            Some((min, max)) => {
                answer.parse::<i64>().is_ok_and(|n| (min..=max).contains(&n) && n.to_string() == answer)
            }
        }
    }

    /// Returns everything that can be counted, in order: options, or the points of a scale. Empty for a number
    /// question.
    pub fn choices(&self) -> Vec<Choice> {
        match (self.kind, self.range()) {
            (QuestionKind::Scale, Some((min, max))) => {
                (min..=max).map(|n| Choice { id: n.to_string(), text: n.to_string() }).collect()
            }
            _ => self.options.clone(),
        }
    }

    /// Returns a hash of what a respondent reads. Two questions with equal hashes have the same wording, the same
    /// condition and the same options in the same order. The id of the question and whether an answer is required are
    /// not part of the hash.
    pub fn wording(&self) -> ContentHash {
        let options: Vec<(&str, &str)> = self.options.iter().map(|o| (o.id.as_str(), o.text.as_str())).collect();
        let condition = self.show_if.as_ref().map(|c| (&c.question, c.op, &c.options));
        // JSON delimits the texts, so that different splits of the same characters get different hashes.
        ContentHash::of(
            serde_json::json!([self.kind, self.text, self.hint, options, self.range(), condition])
                .to_string()
                .as_bytes(),
        )
    }
}

/// A question whose condition is not parsed yet.
pub(super) struct QuestionDraft {
    pub question: Question,
    pub show_if: Option<Spanned<String>>,
}

/// Reads the questions under `key`. `seen` is shared by main and background questions, so that their ids are unique
/// together.
pub(super) fn questions(fields: &mut MappingReader<'_, '_>, key: &str, seen: &mut SeenIds) -> Vec<QuestionDraft> {
    fields.maps(key, |question| {
        question.require("id", QUESTION_FIELDS);
        question.require("text", QUESTION_FIELDS);
        let id = seen.read(question);
        let kind = match question.choice("type") {
            Some("multiple") => QuestionKind::Multiple,
            Some("scale") => QuestionKind::Scale,
            Some("number") => QuestionKind::Number,
            _ => QuestionKind::Single,
        };
        let options = options(question);
        if options.is_empty()
            && question.node("options").is_none()
            && matches!(kind, QuestionKind::Single | QuestionKind::Multiple)
        {
            let span = question.node("text").map_or(question.span(), |n| n.span);
            let diag = Diagnostic::new(&code::NO_OPTIONS).at(question.source(), span);
            question.report(diag);
        }
        let range = range(question, kind, options.is_empty());
        let text = question.text("text");
        let hint = question.text("hint");
        let required = question.flag("required").unwrap_or(false);
        let show_if = question.spanned_text("show_if");
        let options = if kind == QuestionKind::Number { Vec::new() } else { options };
        let (min, max) = (range.map(|r| r.0), range.map(|r| r.1));
        let question = Question { id: id?.value, kind, text: text?, hint, options, required, show_if: None, min, max };
        Some(QuestionDraft { question, show_if })
    })
}

/// Reads the bounds of a number or of a scale without options. Reports bounds that the question type does not use.
fn range(question: &mut MappingReader<'_, '_>, kind: QuestionKind, bare: bool) -> Option<(i64, i64)> {
    let default = match kind {
        QuestionKind::Number => Some(DEFAULT_NUMBER_RANGE),
        QuestionKind::Scale if bare => Some((1, 5)),
        _ => None,
    };
    let unused: &[&str] = match (kind, default) {
        (QuestionKind::Number, _) => &["options"],
        (_, None) => &["min", "max"],
        _ => &[],
    };
    for key in unused {
        if let Some(entry) = question.entry(key).filter(|e| !e.node.is_null()) {
            let diag =
                Diagnostic::new(&surveys::UNUSED_BY_TYPE).at(question.source(), entry.key_span).arg("key", &entry.key);
            question.report(diag.arg("kind", kind.zh()).arg("kind_en", kind.as_str()));
        }
    }
    let default = default?;
    let (min, max) = (question.integer("min"), question.integer("max"));
    let (min, max) = (
        min.unwrap_or_else(|| default.0.min(max.unwrap_or(default.0))),
        max.unwrap_or_else(|| default.1.max(min.unwrap_or(default.1))),
    );
    let span = question.node("max").or(question.node("min")).map_or(question.span(), |n| n.span);
    if min > max {
        let diag = Diagnostic::new(&code::RANGE_REVERSED).at(question.source(), span).arg("min", min).arg("max", max);
        question.report(diag);
        return Some(default);
    }
    let points = max - min + 1;
    if kind == QuestionKind::Scale && points > MAX_SCALE_POINTS {
        let diag =
            Diagnostic::new(&surveys::SCALE_TOO_LONG).at(question.source(), span).arg("min", min).arg("max", max);
        question.report(diag.arg("points", points).arg("limit", MAX_SCALE_POINTS));
        return Some(default);
    }
    Some((min, max))
}

fn options(question: &mut MappingReader<'_, '_>) -> Vec<Choice> {
    let mut seen = SeenIds::default();
    question.maps("options", |option| {
        option.require("id", OPTION_FIELDS);
        option.require("text", OPTION_FIELDS);
        let id = seen.read(option);
        let text = option.text("text");
        Some(Choice { id: id?.value, text: text? })
    })
}
