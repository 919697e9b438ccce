//! Unprotected counts of a wave.
//!
//! In: a definition and answers. Out: [`WaveCounts`], in which every cell is filled. They are not for publication:
//! [`super::disclosure`] decides which of them are published.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::SampleUnit;
use super::answers::{Answer, Answers};
use puzhi_core::kinds::{AwarenessRule, Choice, Question, QuestionKind, Survey};

/// All counts of one wave. Only respondents of the survey's population are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaveCounts {
    /// Number of respondents.
    pub n: u64,
    /// One for each question, in the order of [`Survey::all_questions`].
    pub tables: Vec<QuestionCounts>,
    /// The awareness figure, of the respondents who answered what the rule asks; `None` without a rule.
    pub figure: Option<AwarenessCounts>,
    /// The figure by each question that can form groups: asked of everybody, with one answer out of a list, and not part of the
    /// rule.
    pub crosses: Vec<CrossCounts>,
    /// One for each respondent, sorted, for weighting and variance; empty without a rule.
    pub rows: Vec<FigureRow>,
}

/// A respondent as the figure needs it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FigureRow {
    /// For each margin of the survey the index of the chosen option, or `None` for a blank.
    pub categories: Vec<Option<usize>>,
    /// Whether the respondent is aware; `None` if the rule's questions were left out.
    pub aware: Option<bool>,
    /// Where in the sample the respondent was drawn.
    pub sample: SampleUnit,
    /// The choices of the respondent.
    pub chosen: ChosenOptions,
}

/// For each question, in the order of [`Survey::all_questions`], which of [`Question::choices`] a respondent chose, as bits; `None` for a
/// blank and for a question with more than 128 choices.
pub type ChosenOptions = Arc<[Option<u128>]>;

/// Counts of one question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QuestionCounts {
    /// Respondents who answered it.
    pub n: u64,
    /// Respondents who chose each of [`Question::choices`].
    pub rows: Vec<u64>,
    /// Sum of all numbers given, for the mean.
    pub sum: i128,
}

/// How many respondents meet the awareness rule and how many do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AwarenessCounts {
    /// Those who meet it.
    pub aware: u64,
    /// Those who do not.
    pub other: u64,
}

/// The awareness figure by the options of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossCounts {
    /// Index of the question in [`Survey::all_questions`].
    pub by_question: usize,
    /// One group for each option.
    pub groups: Vec<AwarenessCounts>,
    /// Respondents who left that question out.
    pub blank: AwarenessCounts,
}

impl AwarenessCounts {
    /// Both together.
    pub fn n(self) -> u64 {
        self.aware + self.other
    }

    pub(super) fn add(&mut self, aware: bool) {
        if aware { self.aware += 1 } else { self.other += 1 }
    }
}

/// Whether a question takes one answer out of a list, so that its rows add up to the respondents who answered it.
pub fn has_one_answer(question: &Question) -> bool {
    question.kind == QuestionKind::Single || question.kind == QuestionKind::Scale
}

/// Ids of the questions that the rule reads.
pub fn rule_questions(rule: &AwarenessRule) -> Vec<&str> {
    match rule {
        AwarenessRule::Options { question, .. } => vec![question],
        AwarenessRule::Score { questions, .. } => questions.iter().map(|(question, _)| question.as_str()).collect(),
    }
}

/// Counts the answers of one wave, each with its place in the sample. An answer that the definition does not offer or does not ask for
/// counts as a blank.
pub fn count<'a>(survey: &Survey, all: impl Iterator<Item = (&'a Answers, &'a SampleUnit)>) -> WaveCounts {
    let questions: Vec<&Question> = survey.all_questions().collect();
    let choices: Vec<Vec<Choice>> = questions.iter().map(|q| q.choices()).collect();
    let rule = survey.awareness.as_ref().and_then(|a| a.rule.as_ref());
    let judged: BTreeSet<&str> = rule.map(rule_questions).unwrap_or_default().into_iter().collect();
    let grouping = |at: &usize| {
        let question = questions[*at];
        let wanted = survey.background.iter().any(|q| q.id == question.id)
            || survey.margins.iter().any(|m| m.question == question.id);
        wanted && has_one_answer(question) && question.show_if.is_none() && !judged.contains(question.id.as_str())
    };
    let mut counted = WaveCounts {
        n: 0,
        tables: choices
            .iter()
            .map(|choices| QuestionCounts { rows: vec![0; choices.len()], ..QuestionCounts::default() })
            .collect(),
        figure: rule.map(|_| AwarenessCounts::default()),
        crosses: Vec::new(),
        rows: Vec::new(),
    };
    if rule.is_some() {
        let groups = (0..questions.len()).filter(grouping);
        counted.crosses = groups
            .map(|by| CrossCounts {
                by_question: by,
                groups: vec![AwarenessCounts::default(); choices[by].len()],
                blank: AwarenessCounts::default(),
            })
            .collect();
    }
    let margins: Vec<Option<usize>> =
        survey.margins.iter().map(|m| questions.iter().position(|q| q.id == m.question)).collect();
    for (answers, sample) in all {
        let answers = keep_offered_answers(survey, answers);
        if !answers.is_in_population(survey) {
            continue;
        }
        counted.n += 1;
        for ((question, choices), table) in questions.iter().zip(&choices).zip(&mut counted.tables) {
            let Some(answer) = answers.get(&question.id) else { continue };
            table.n += 1;
            if let Answer::Number(number) = answer {
                table.sum += i128::from(*number);
            }
            for (choice, row) in choices.iter().zip(&mut table.rows) {
                *row += u64::from(answer.has(&choice.id));
            }
        }
        let Some(rule) = rule else { continue };
        let aware = answers.is_aware(rule);
        let chosen = |at: usize| {
            answers.get(&questions[at].id).and_then(|answer| choices[at].iter().position(|c| answer.has(&c.id)))
        };
        let categories = margins.iter().map(|at| at.and_then(chosen)).collect();
        let bits = |choices: &[Choice], answer: &Answer| {
            let chosen = choices.iter().enumerate().filter(|(_, choice)| answer.has(&choice.id));
            chosen.map(|(at, _)| u32::try_from(at).ok().and_then(|at| 1_u128.checked_shl(at))).sum::<Option<u128>>()
        };
        let bits = questions.iter().zip(&choices).map(|(q, choices)| bits(choices, answers.get(&q.id)?)).collect();
        counted.rows.push(FigureRow { categories, aware, sample: sample.clone(), chosen: bits });
        let Some(aware) = aware else { continue };
        counted.figure.iter_mut().for_each(|figure| figure.add(aware));
        for cross in &mut counted.crosses {
            match chosen(cross.by_question) {
                Some(group) => cross.groups[group].add(aware),
                None => cross.blank.add(aware),
            }
        }
    }
    // Sums of floating-point numbers depend on the order of the rows.
    counted.rows.sort_unstable();
    counted
}

/// The answers without those that the definition does not offer or ask for now.
fn keep_offered_answers(survey: &Survey, answers: &Answers) -> Answers {
    let mut kept = Answers::default();
    for question in survey.all_questions() {
        let Some(answer) = answers.get(&question.id) else { continue };
        let offered = match (answer, question.kind) {
            (Answer::One(id), QuestionKind::Single) => question.offers(id).then(|| answer.clone()),
            (Answer::One(id), QuestionKind::Scale) => question.offers(id).then(|| answer.clone()),
            (Answer::Number(number), QuestionKind::Scale | QuestionKind::Number) => {
                question.offers(&number.to_string()).then(|| answer.clone())
            }
            (Answer::Many(ids), QuestionKind::Multiple) => {
                let ids: BTreeSet<String> = ids.iter().filter(|id| question.offers(id)).cloned().collect();
                (!ids.is_empty()).then_some(Answer::Many(ids))
            }
            _ => None,
        };
        if let Some(answer) = offered.filter(|_| kept.is_asked(survey, question)) {
            kept.0.insert(question.id.clone(), answer);
        }
    }
    kept
}
