//! Rules that are applied to answers: who is aware, who is too young, and how the population is composed.
//!
//! Input: the mappings under `awareness`, `under_age` and `margins`. Output: rules whose questions and options exist.

use super::super::common::SeenIds;
use super::{Question, Survey};
use crate::base::closest_match;
use crate::diag::Diagnostic;
use crate::diag::codes::{front_matter as code, surveys};
use crate::yaml::{Field, MappingEntry, MappingReader, Node, Spanned, Type};

/// Allowed difference of the sum of shares from 100 %, because sources publish rounded shares.
const SHARE_SUM_TOLERANCE: f64 = 0.1;

/// Which respondents count as aware.
#[derive(Debug, Clone, PartialEq)]
pub struct Awareness {
    /// The rule in words, as shown on the page.
    pub words: String,
    /// The computable rule. `None`: only words are given, and no figure is computed.
    pub rule: Option<AwarenessRule>,
    /// Ids of those options of an [`AwarenessRule::Options`] that count in the stricter figure, which is published beside the headline; empty:
    /// there is none.
    pub strict: Vec<String>,
}

impl Awareness {
    /// The question and the options of the stricter figure; `None` if the survey has no such figure.
    pub fn strict_options(&self) -> Option<(&str, &[String])> {
        match &self.rule {
            Some(AwarenessRule::Options { question, .. }) if !self.strict.is_empty() => Some((question, &self.strict)),
            _ => None,
        }
    }
}

/// Which answers make a respondent count as aware.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AwarenessRule {
    /// A respondent is aware if one of `options` was chosen. The base is everybody who answered the question.
    Options {
        /// Id of the question.
        question: String,
        /// Ids of the options that count as aware.
        options: Vec<String>,
    },
    /// A respondent is aware if at least `at_least` questions were answered correctly. The base is everybody who
    /// answered at least one of them. An unanswered question counts as not correct.
    Score {
        /// Id of each question with the ids of its correct options.
        questions: Vec<(String, Vec<String>)>,
        /// Minimum number of correct answers.
        at_least: usize,
    },
}

/// Answers that end the survey with thanks; nothing is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderAgeRule {
    /// Id of the question about age.
    pub question: String,
    /// Ids of the options that end the survey.
    pub options: Vec<String>,
}

/// The composition of the population by one question, for weighting.
#[derive(Debug, Clone, PartialEq)]
pub struct PopulationMargin {
    /// Id of the question.
    pub question: String,
    /// Option id and share in per cent, in the order of the question's options. The shares add up to 100 within the
    /// rounding tolerance.
    pub shares: Vec<(String, f64)>,
    /// Source of the shares.
    pub source: String,
}

pub const AWARENESS_FIELDS: &[Field] = &[
    Field::new(
        "words",
        "说明",
        Type::Text,
        "怎样算知晓，用文字写清楚，写在页面上",
        "the rule in words, as the page says it",
    )
    .with_aliases(&["文字"]),
    Field::new("question", "题目", Type::Text, "按一道题判定：题目编号", "to judge by one question: its id"),
    Field::new("options", "选项", Type::Names, "选了哪些选项算知晓", "the options that count as aware"),
    Field::new(
        "strict",
        "从严选项",
        Type::Names,
        "从严算时只数哪几个选项，是“选项”里的一部分；结果旁边另写一个从严的数",
        "the options, some of those above, that alone count in a stricter figure beside the result",
    ),
    Field::new(
        "questions",
        "各题",
        Type::Any,
        "按得分判定：题目编号和它的正确选项，例如 {patent: [y20]}",
        "to judge by a score: questions with their right options, such as {patent: [y20]}",
    ),
    Field::new(
        "at_least",
        "至少",
        Type::Integer(1, 1000),
        "至少答对几道算知晓",
        "how many right answers count as aware",
    ),
];

pub const UNDER_AGE_FIELDS: &[Field] = &[
    Field::new("question", "题目", Type::Text, "问年龄的题目编号", "the id of the question of age"),
    Field::new(
        "options",
        "选项",
        Type::Names,
        "选了就不再继续、什么也不保存的选项",
        "the options that end the survey, with nothing stored",
    ),
];

pub const MARGIN_FIELDS: &[Field] = &[
    Field::new("question", "题目", Type::Text, "题目编号", "the question's id"),
    Field::new(
        "shares",
        "比例",
        Type::Any,
        "每个选项在人群里占百分之几，合计 100",
        "each option's per cent of the population, 100 in all",
    ),
    Field::new(
        "source",
        "来源",
        Type::Text,
        "比例的出处，例如人口普查公报",
        "where the shares come from, such as the census",
    ),
];

/// Reads `awareness`: a text alone, or a mapping with the rule and its description.
pub(super) fn awareness(fields: &mut MappingReader<'_, '_>, survey: &Survey) -> Option<Awareness> {
    if fields.node("awareness")?.as_map().is_none() {
        return fields.text("awareness").map(|words| Awareness { words, rule: None, strict: Vec::new() });
    }
    fields.map("awareness", |f| {
        f.require("words", AWARENESS_FIELDS);
        let rule = rule(f, survey);
        let strict = strict(f, rule.as_ref());
        Some(Awareness { words: f.text("words")?, rule, strict })
    })?
}

/// Reads the options of the stricter figure. Each has to count as aware as well: otherwise the stricter figure could be the larger one.
fn strict(f: &mut MappingReader<'_, '_>, rule: Option<&AwarenessRule>) -> Vec<String> {
    let written = f.spanned_texts("strict");
    match rule {
        _ if written.is_empty() => Vec::new(),
        Some(AwarenessRule::Options { options, .. }) => {
            for name in written.iter().filter(|name| !options.contains(&name.value)) {
                let diag = Diagnostic::new(&surveys::STRICT_NOT_COUNTED).at(f.source(), name.span);
                f.report(diag.arg("name", &name.value).arg("options", options.join(" / ")));
            }
            written.into_iter().map(|name| name.value).filter(|name| options.contains(name)).collect()
        }
        // A rule that is incomplete or contradicts itself was reported already.
        None if f.node("question").is_some() || f.node("questions").is_some() => Vec::new(),
        _ => {
            report_incomplete_rule(f, Some("strict"), "options");
            Vec::new()
        }
    }
}

fn rule(f: &mut MappingReader<'_, '_>, survey: &Survey) -> Option<AwarenessRule> {
    let given = |keys: [&'static str; 2]| keys.map(|key| f.node(key).is_some().then_some(key));
    match (given(["question", "options"]), given(["questions", "at_least"])) {
        ([None, None], [None, None]) => None,
        ([Some(_), Some(_)], [None, None]) => {
            let (question, options) = read_question_and_options(f, survey)?;
            Some(AwarenessRule::Options { question, options })
        }
        ([None, None], [Some(_), Some(_)]) => score(f, survey),
        ([first, second], [None, None]) => {
            report_incomplete_rule(f, first.or(second), if first.is_some() { "options" } else { "question" })
        }
        ([None, None], [first, second]) => {
            report_incomplete_rule(f, first.or(second), if first.is_some() { "at_least" } else { "questions" })
        }
        _ => {
            let diag = Diagnostic::new(&surveys::TWO_RULES).at(f.source(), f.span());
            f.report(diag);
            None
        }
    }
}

fn report_incomplete_rule(f: &mut MappingReader<'_, '_>, given: Option<&str>, missing: &str) -> Option<AwarenessRule> {
    let example = match missing {
        "question" => "question: heard",
        "options" => "options: [know]",
        "at_least" => "at_least: 2",
        _ => "questions: {patent: [y20]}",
    };
    let given = given.unwrap_or_default();
    let span = f.entry(given).map_or(f.span(), |e| e.key_span);
    let diag =
        Diagnostic::new(&surveys::RULE_INCOMPLETE).at(f.source(), span).arg("given", given).arg("missing", missing);
    f.report(diag.arg("example", example));
    None
}

fn score(f: &mut MappingReader<'_, '_>, survey: &Survey) -> Option<AwarenessRule> {
    let at_least = f.integer("at_least");
    let entries = mapping(f, "questions")?;
    let mut questions = Vec::new();
    for entry in &entries {
        let name = Spanned { value: entry.key.clone(), span: entry.key_span };
        let Some(question) = find_question(f, survey, &name) else { continue };
        let written = f.names_in(entry);
        let options: Vec<String> = written.iter().filter_map(|option| check_option(f, question, option)).collect();
        if !options.is_empty() {
            questions.push((question.id.clone(), options));
        }
    }
    let at_least = at_least.and_then(|n| usize::try_from(n).ok())?;
    if at_least > entries.len() {
        let span = f.node("at_least").map_or(f.span(), |n| n.span);
        let diag = Diagnostic::new(&code::NUMBER_OUT_OF_RANGE)
            .at(f.source(), span)
            .arg("key", "at_least")
            .arg("value", at_least);
        f.report(diag.arg("min", 1).arg("max", entries.len()));
        return None;
    }
    (questions.len() == entries.len()).then_some(AwarenessRule::Score { questions, at_least })
}

pub(super) fn under_age(fields: &mut MappingReader<'_, '_>, survey: &Survey) -> Option<UnderAgeRule> {
    fields.map("under_age", |f| {
        f.require("question", UNDER_AGE_FIELDS);
        f.require("options", UNDER_AGE_FIELDS);
        read_question_and_options(f, survey).map(|(question, options)| UnderAgeRule { question, options })
    })?
}

pub(super) fn margins(fields: &mut MappingReader<'_, '_>, survey: &Survey) -> Vec<PopulationMargin> {
    let mut seen = SeenIds::default();
    fields.maps("margins", |f| {
        for key in ["question", "shares", "source"] {
            f.require(key, MARGIN_FIELDS);
        }
        let source = f.text("source");
        let name = f.spanned_text("question")?;
        seen.add(f, &name);
        let question = find_question(f, survey, &name)?;
        let shares = shares(f, survey, question)?;
        Some(PopulationMargin { question: question.id.clone(), shares, source: source? })
    })
}

/// Reads a share for each option that can occur in the population. The shares must add up to 100.
fn shares(f: &mut MappingReader<'_, '_>, survey: &Survey, question: &Question) -> Option<Vec<(String, f64)>> {
    let entries = mapping(f, "shares")?;
    let mut found: Vec<(String, f64)> = Vec::new();
    let mut sound = true;
    for entry in &entries {
        let name = Spanned { value: entry.key.clone(), span: entry.key_span };
        let option = check_option(f, question, &name);
        let share = per_cent(f, entry);
        match option.zip(share) {
            Some(pair) => found.push(pair),
            None => sound = false,
        }
    }
    let choices = question.choices();
    for choice in &choices {
        if entries.iter().any(|e| e.key == choice.id) || survey.is_outside_population(&question.id, &choice.id) {
            continue;
        }
        let span = f.entry("shares").map_or(f.span(), |e| e.key_span);
        let diag = Diagnostic::new(&surveys::SHARES_INCOMPLETE).at(f.source(), span).arg("name", &choice.id);
        f.report(diag);
        sound = false;
    }
    let sum: f64 = found.iter().map(|(_, share)| share).sum();
    // The additional 1e-9 accepts a sum of exactly 99.9 despite floating-point rounding.
    if sound && (sum - 100.0).abs() > SHARE_SUM_TOLERANCE + 1e-9 {
        let span = f.entry("shares").map_or(f.span(), |e| e.key_span);
        let diag =
            Diagnostic::new(&surveys::SHARES_SUM).at(f.source(), span).arg("sum", (sum * 1000.0).round() / 1000.0);
        f.report(diag);
        sound = false;
    }
    found.sort_by_key(|(id, _)| choices.iter().position(|c| c.id == *id));
    sound.then_some(found)
}

fn per_cent(f: &mut MappingReader<'_, '_>, entry: &MappingEntry) -> Option<f64> {
    let text = entry.node.text().unwrap_or_default();
    let number = text.trim().trim_end_matches(['%', '％']).trim().parse::<f64>().ok().filter(|n| n.is_finite());
    match number {
        Some(share) if (0.0..=100.0).contains(&share) => Some(share),
        Some(_) => {
            let diag = Diagnostic::new(&code::NUMBER_OUT_OF_RANGE)
                .at(f.source(), entry.node.span)
                .arg("key", &entry.key)
                .arg("value", text.trim());
            f.report(diag.arg("min", 0).arg("max", 100));
            None
        }
        None => {
            let diag = Diagnostic::new(&code::BAD_NUMBER)
                .at(f.source(), entry.node.span)
                .arg("key", &entry.key)
                .arg("value", text.trim());
            f.report(diag.arg("wanted", "百分数").arg("wanted_en", "a percentage"));
            None
        }
    }
}

/// Reads the entries of the mapping under `key`. Reports any other value.
fn mapping(f: &mut MappingReader<'_, '_>, key: &str) -> Option<Vec<MappingEntry>> {
    match f.node(key).and_then(Node::as_map) {
        Some(mapping) => Some(mapping.entries.clone()),
        None => {
            if let Some(node) = f.node(key) {
                let diag = Diagnostic::new(&code::WRONG_TYPE).at(f.source(), node.span).arg("key", key);
                let diag = diag
                    .arg("wanted", "下一层“键: 值”")
                    .arg("wanted_en", "a mapping")
                    .arg("found", "别的内容")
                    .arg("found_en", "something else");
                let example =
                    if key == "shares" { "shares: {a18-29: 20.5, a30-44: 79.5}" } else { "questions: {patent: [y20]}" };
                f.report(diag.arg("example", example).arg("example_en", example));
            }
            None
        }
    }
}

/// Reads the question and the options under `question` and `options`.
fn read_question_and_options(f: &mut MappingReader<'_, '_>, survey: &Survey) -> Option<(String, Vec<String>)> {
    let name = f.spanned_text("question")?;
    let question = find_question(f, survey, &name)?;
    let written = f.spanned_texts("options");
    let options: Vec<String> = written.iter().filter_map(|option| check_option(f, question, option)).collect();
    (!options.is_empty() && options.len() == written.len()).then(|| (question.id.clone(), options))
}

/// Returns the question with this id, or reports that there is none and suggests the most similar id.
pub(super) fn find_question<'s>(
    f: &mut MappingReader<'_, '_>,
    survey: &'s Survey,
    name: &Spanned<String>,
) -> Option<&'s Question> {
    let found = survey.question(&name.value);
    if found.is_none() {
        let near = closest_match(&name.value, survey.all_questions().map(|q| q.id.as_str()));
        let diag = Diagnostic::new(&surveys::UNKNOWN_QUESTION)
            .at(f.source(), name.span)
            .arg("name", &name.value)
            .optional_arg("nearest", near);
        f.report(diag);
    }
    found
}

/// Returns the id of the option, or reports the options that the question has.
pub(super) fn check_option(
    f: &mut MappingReader<'_, '_>,
    question: &Question,
    name: &Spanned<String>,
) -> Option<String> {
    if question.offers(&name.value) {
        return Some(name.value.clone());
    }
    let offered = match question.range() {
        Some((min, max)) => format!("{min}–{max}"),
        None => question.options.iter().map(|o| o.id.as_str()).collect::<Vec<_>>().join(" / "),
    };
    let diag = Diagnostic::new(&surveys::OPTION_NOT_OFFERED)
        .at(f.source(), name.span)
        .arg("question", &question.id)
        .arg("name", &name.value);
    f.report(diag.arg("offered", offered));
    None
}
