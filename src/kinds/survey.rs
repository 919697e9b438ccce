//! `kind: survey`: a questionnaire, shown readably.

use super::Spanned;
use crate::base::Moment;

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
