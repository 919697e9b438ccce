//! Validates the answers of one respondent and stores them in one canonical form.
//!
//! Input: the values of a form, a JSON post or a table row. Output: [`ValidatedAnswers`], or all [`AnswerError`]s at
//! once. This file knows no transport: the collector checks consent, keys and codes. The work is bounded by the size
//! of the definition and of the input.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::survey::{AwarenessRule, Condition, Question, QuestionKind, Survey};
use crate::base::to_ascii_digit;
use crate::diag::Lang;

/// Prefix of form fields that hold answers: `q.QUESTION`.
pub const ANSWER_FIELD_PREFIX: &str = "q.";

/// Maximum number of values; no definition asks for more.
const MAX_VALUES: usize = 2000;
/// Maximum number of errors that are returned.
const MAX_ERRORS: usize = 100;

/// Answers by question id. Equal answers have the same [`Answers::canonical`] text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Answer>);

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// The id of the chosen option.
    One(String),
    /// The ids of the chosen options; never empty.
    Many(BTreeSet<String>),
    /// A number, or a point on a scale without options.
    Number(i64),
}

/// Answers that passed every check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValidatedAnswers {
    /// Answers to store.
    Answers(Answers),
    /// The respondent is too young: show thanks and store nothing.
    UnderAge,
}

/// Why answers were rejected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerError {
    /// Id of the question; `None` if the error is about the whole form.
    pub question: Option<String>,
    /// What is wrong.
    pub kind: AnswerErrorKind,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerErrorKind {
    /// A required question has no answer.
    Missing,
    /// The value is not an option of the question. It is cut to 40 characters.
    NotOffered {
        /// The value that was sent.
        value: String,
    },
    /// Several answers to a question that takes one.
    OneOnly,
    /// Not a whole number. The value is cut to 40 characters.
    NotANumber {
        /// The value that was sent.
        value: String,
    },
    /// A whole number outside the question's bounds.
    OutOfRange {
        /// The smallest accepted value.
        min: i64,
        /// The largest accepted value.
        max: i64,
    },
    /// The question was answered although its condition is false.
    NotAsked,
    /// No question has this id. The id is cut to 40 characters.
    UnknownQuestion {
        /// The id that was sent, without the prefix `q.`.
        name: String,
    },
    /// There is no answer to any question.
    Empty,
    /// More values than any survey can ask for.
    TooMuch,
    /// The JSON does not have the form `{"QUESTION": answer, …}`.
    NotAnswers,
}

impl Answer {
    /// Whether the answer contains this option or equals this number.
    pub fn has(&self, option: &str) -> bool {
        match self {
            Answer::One(id) => id == option,
            Answer::Many(ids) => ids.contains(option),
            Answer::Number(n) => option.parse() == Ok(*n),
        }
    }
}

impl Answers {
    /// Returns the answers as JSON with sorted keys and without white space.
    pub fn canonical(&self) -> String {
        // Strings, sets and integers can always be serialised.
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    /// Parses the result of [`Answers::canonical`]. Does not validate it against a definition, because the definition
    /// can have changed since.
    pub fn from_canonical(text: &str) -> Option<Answers> {
        serde_json::from_str(text).ok()
    }

    /// Returns the answer to the question with this id.
    pub fn get(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// Whether the question had to be asked: its condition is met, and the question in the condition was asked too.
    pub fn is_asked(&self, survey: &Survey, question: &Question) -> bool {
        let mut at = question;
        // Conditions refer to earlier questions, so this loop ends. The bound covers definitions with errors.
        for _ in survey.all_questions() {
            let Some(condition) = &at.show_if else { return true };
            if !self.satisfies(condition) {
                return false;
            }
            match survey.question(&condition.question) {
                Some(earlier) => at = earlier,
                None => return false,
            }
        }
        at.show_if.is_none()
    }

    fn satisfies(&self, condition: &Condition) -> bool {
        condition.is_met(|option| self.get(&condition.question).is_some_and(|answer| answer.has(option)))
    }

    /// Whether the respondent belongs to the population.
    pub fn is_in_population(&self, survey: &Survey) -> bool {
        survey.counts_if.as_ref().is_none_or(|condition| self.satisfies(condition))
    }

    /// Whether the respondent is aware; `None` if the respondent answered no question of the rule.
    pub fn is_aware(&self, rule: &AwarenessRule) -> Option<bool> {
        let right = |question: &str, options: &[String]| {
            self.get(question).map(|answer| options.iter().any(|option| answer.has(option)))
        };
        match rule {
            AwarenessRule::Options { question, options } => right(question, options),
            AwarenessRule::Score { questions, at_least } => {
                let answered: Vec<bool> =
                    questions.iter().filter_map(|(question, options)| right(question, options)).collect();
                (!answered.is_empty()).then(|| answered.iter().filter(|right| **right).count() >= *at_least)
            }
        }
    }
}

/// Validates the pairs of a form. Pairs named `q.QUESTION` are answers; others are ignored. An empty value is not an
/// answer.
pub fn validate_form(survey: &Survey, raw: &[(String, String)]) -> Result<ValidatedAnswers, Vec<AnswerError>> {
    let pairs = raw
        .iter()
        .filter_map(|(name, value)| name.strip_prefix(ANSWER_FIELD_PREFIX).map(|id| (id, value.trim().to_string())));
    check(survey, pairs)
}

/// Validates answers as JSON: `{"heard": "know", "topics": ["a", "b"], "years": 34}`. `null` is not an answer.
pub fn validate_json(survey: &Survey, answers: &Json) -> Result<ValidatedAnswers, Vec<AnswerError>> {
    let shapeless = || vec![AnswerError { question: None, kind: AnswerErrorKind::NotAnswers }];
    let Some(object) = answers.as_object() else { return Err(shapeless()) };
    let mut pairs = Vec::new();
    for (id, value) in object {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for value in values {
            match value {
                Json::String(text) => pairs.push((id.as_str(), text.trim().to_string())),
                Json::Number(number) => pairs.push((id.as_str(), number.to_string())),
                Json::Null => pairs.push((id.as_str(), String::new())),
                Json::Bool(_) | Json::Array(_) | Json::Object(_) => return Err(shapeless()),
            }
        }
    }
    check(survey, pairs.into_iter())
}

fn check<'r>(
    survey: &Survey,
    pairs: impl Iterator<Item = (&'r str, String)>,
) -> Result<ValidatedAnswers, Vec<AnswerError>> {
    let mut given: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (count, (id, value)) in pairs.enumerate() {
        if count == MAX_VALUES {
            return Err(vec![AnswerError { question: None, kind: AnswerErrorKind::TooMuch }]);
        }
        if !value.is_empty() {
            given.entry(id).or_default().push(value);
        }
    }
    // Check the age first: a child must not be asked anything more, not even to correct the form.
    if let Some(young) = &survey.under_age
        && given.get(young.question.as_str()).is_some_and(|values| values.iter().any(|v| young.options.contains(v)))
    {
        return Ok(ValidatedAnswers::UnderAge);
    }
    let mut problems = Vec::new();
    let mut answers = Answers::default();
    // Check in the order of the form, so that the answers a condition depends on are already there.
    for question in survey.all_questions() {
        let values = given.remove(question.id.as_str()).unwrap_or_default();
        let mut problem = |kind| problems.push(AnswerError { question: Some(question.id.clone()), kind });
        match (values.as_slice(), answers.is_asked(survey, question)) {
            ([], asked) if asked && question.required => problem(AnswerErrorKind::Missing),
            ([], _) => {}
            (_, false) => problem(AnswerErrorKind::NotAsked),
            (values, true) => match answer(question, values) {
                Ok(answer) => drop(answers.0.insert(question.id.clone(), answer)),
                Err(kind) => problem(kind),
            },
        }
    }
    let unknown = given
        .into_keys()
        .map(|name| AnswerError { question: None, kind: AnswerErrorKind::UnknownQuestion { name: cut(name) } });
    problems.extend(unknown);
    if problems.is_empty() && answers.0.is_empty() {
        problems.push(AnswerError { question: None, kind: AnswerErrorKind::Empty });
    }
    problems.truncate(MAX_ERRORS);
    if problems.is_empty() { Ok(ValidatedAnswers::Answers(answers)) } else { Err(problems) }
}

/// Converts `values` (at least one) to the answer to `question`.
fn answer(question: &Question, values: &[String]) -> Result<Answer, AnswerErrorKind> {
    if question.kind == QuestionKind::Multiple {
        let unknown = values.iter().find(|v| !question.offers(v));
        return unknown.map_or_else(
            || Ok(Answer::Many(values.iter().cloned().collect())),
            |v| Err(AnswerErrorKind::NotOffered { value: cut(v) }),
        );
    }
    let [value] = values else { return Err(AnswerErrorKind::OneOnly) };
    match question.range() {
        None if question.offers(value) => Ok(Answer::One(value.clone())),
        None => Err(AnswerErrorKind::NotOffered { value: cut(value) }),
        Some((min, max)) => {
            // Chinese input methods on phones type full-width digits.
            let plain: String =
                value.chars().take(24).map(|c| if c == '－' { '-' } else { to_ascii_digit(c) }).collect();
            let number = plain.parse::<i64>().map_err(|_| AnswerErrorKind::NotANumber { value: cut(value) })?;
            if (min..=max).contains(&number) {
                Ok(Answer::Number(number))
            } else {
                Err(AnswerErrorKind::OutOfRange { min, max })
            }
        }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(40).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

impl AnswerError {
    /// Returns the message for the respondent: what is wrong and how to correct it. Not escaped for HTML.
    pub fn message(&self, survey: &Survey, lang: Lang) -> String {
        let number = self.question.as_deref().and_then(|id| survey.number(id)).unwrap_or(0);
        let text = match lang {
            Lang::Zh => self.kind.zh(survey),
            Lang::En => self.kind.en(survey),
        };
        match (&self.question, lang) {
            (Some(_), Lang::Zh) => format!("第{number}题{text}"),
            (Some(_), Lang::En) => format!("Question {number} {text}"),
            (None, _) => text,
        }
    }
}

impl AnswerErrorKind {
    fn zh(&self, survey: &Survey) -> String {
        match self {
            AnswerErrorKind::Missing => "没有回答，这一题必须回答".into(),
            AnswerErrorKind::NotOffered { value } => format!("没有“{value}”这个选项，请重新选择"),
            AnswerErrorKind::OneOnly => "只能选一个答案".into(),
            AnswerErrorKind::NotANumber { value } => format!("要填整数，“{value}”不是整数"),
            AnswerErrorKind::OutOfRange { min, max } => format!("要填 {min} 到 {max} 之间的数"),
            AnswerErrorKind::NotAsked => "按前面的答案不用回答，请把它的答案去掉，或者改前面的答案".into(),
            AnswerErrorKind::UnknownQuestion { name } => format!("这份问卷没有题目“{name}”"),
            AnswerErrorKind::Empty => "一道题也没有回答".into(),
            AnswerErrorKind::TooMuch => format!("答案太多，这份问卷只有 {} 道题", survey.all_questions().count()),
            AnswerErrorKind::NotAnswers => "答案的格式不对".into(),
        }
    }

    fn en(&self, survey: &Survey) -> String {
        match self {
            AnswerErrorKind::Missing => "is not answered, and needs an answer".into(),
            AnswerErrorKind::NotOffered { value } => format!("has no option \"{value}\"; please choose again"),
            AnswerErrorKind::OneOnly => "takes one answer only".into(),
            AnswerErrorKind::NotANumber { value } => format!("takes a whole number; \"{value}\" is none"),
            AnswerErrorKind::OutOfRange { min, max } => format!("takes a number from {min} to {max}"),
            AnswerErrorKind::NotAsked => {
                "is not to be answered after the answers before it; clear it, or change those".into()
            }
            AnswerErrorKind::UnknownQuestion { name } => format!("This survey has no question \"{name}\""),
            AnswerErrorKind::Empty => "No question is answered".into(),
            AnswerErrorKind::TooMuch => {
                format!("Too many answers: this survey has {} questions", survey.all_questions().count())
            }
            AnswerErrorKind::NotAnswers => "The answers are not of the expected form".into(),
        }
    }
}
