//! `kind: survey`: the definition of a survey, which the page, the collector, the import and the statistics use.
//!
//! Input: the front matter of a page. Output: [`Survey`] and diagnostics. Knows no answers, no results and no site.

mod condition;
mod design;
mod field_work;
mod method;
mod question;
mod rules;
mod wave;

use super::common::{SeenIds, check_date_order, read_id};
use super::definition::KindDefinition;
use super::{KindData, NewPageTemplate, Spanned, targets};
use crate::base::{ContentHash, DateOrDateTime};
use crate::diag::codes::surveys;
use crate::diag::{Diagnostic, Lang};
use crate::yaml::{Field, FilledField, MappingReader, Type, quote_scalar};

pub use condition::{Condition, ConditionOp};
pub use design::{Outcomes, ResponseRates, SampleDesign, StratumSize};
pub use field_work::{EnrolledDevice, FieldWork, device_key_text, office_key_text};
pub use method::{MethodPart, changed_method_parts};
pub use question::{Choice, Question, QuestionKind};
pub use rules::{Awareness, AwarenessRule, PopulationMargin, UnderAgeRule};
pub use wave::{CollectionMode, CollectionStatus, DEFAULT_WAVE_ID, SamplingMethod, Wave};

use question::{QUESTION_FIELDS, QuestionDraft, questions};

/// The definition of a survey, from the front matter of its page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Survey {
    /// Permanent id, used in addresses, the store and results files.
    pub id: Option<Spanned<String>>,
    /// When the open form begins to accept answers. Without it the survey is a draft.
    pub opens: Option<DateOrDateTime>,
    /// When the open form stops accepting answers.
    pub closes: Option<DateOrDateTime>,
    /// Purpose of the survey.
    pub purpose: Option<String>,
    /// Who conducts the survey.
    pub conductor: Option<String>,
    /// Description of the population.
    pub population: Option<String>,
    /// How long answers are kept, in words.
    pub retention: Option<String>,
    /// The main questions, in order.
    pub questions: Vec<Question>,
    /// Questions about the respondent, asked after the main questions.
    pub background: Vec<Question>,
    /// Which respondents count as aware.
    pub awareness: Option<Awareness>,
    /// Which respondents belong to the population; `None` means all. Others can answer, but are not counted.
    pub counts_if: Option<Condition>,
    /// Which respondents are too young to take part.
    pub under_age: Option<UnderAgeRule>,
    /// The composition of the population, for weighting.
    pub margins: Vec<PopulationMargin>,
    /// The declared waves.
    pub waves: Vec<Wave>,
    /// The external address of the survey, if it does not run on this site.
    pub hosted: Option<ExternalSurvey>,
    /// The target for the awareness share, in per cent.
    pub target: Option<super::TargetValue>,
}

/// A survey that runs at another address, for example on 问卷星.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ExternalSurvey {
    /// Absolute address.
    pub url: String,
    /// Name of the service.
    pub name: Option<String>,
}

pub(in crate::kinds) const KIND: KindDefinition = KindDefinition {
    name: "survey",
    zh: &["问卷", "调查"],
    fields: FIELDS,
    read: |fields, _| KindData::Survey(Box::new(Survey::from_fields(fields))),
    folder: "surveys",
    template: "survey.html",
    needs_template: true,
    new_fields,
    new_body: "〔为什么问、要用几分钟、答卷怎么用。〕\n",
    example: "标题: 知识产权知晓情况调查\n编号: awareness\n开始: 2027-04-01\n截止: 2027-04-30\n目的: 了解市民知道多少\n问题:\n  - 编号: q1\n    题型: 单选\n    题目: 您知道发明专利的保护期吗？\n    选项:\n      - {编号: a, 文字: 知道}\n      - {编号: b, 文字: 不知道}\n",
};

pub const FIELDS: &[Field] = &[
    Field::new("id", "编号", Type::Text, "问卷编号，定了就不改", "the survey's id, never changed once given"),
    Field::new(
        "opens",
        "开始",
        Type::Date,
        "开始收答卷的日期；不写就是草案，不收答卷",
        "the day it opens; without it the survey is a draft and takes no answers",
    ),
    Field::new("closes", "截止", Type::Date, "停止收答卷的日期，当天还收", "the last day it is open"),
    Field::new("purpose", "目的", Type::Text, "为什么调查", "why it is asked"),
    Field::new("conductor", "实施单位", Type::Text, "谁来调查", "who conducts it"),
    Field::new("population", "调查对象", Type::Text, "调查谁", "whom it asks"),
    Field::new("retention", "保存期限", Type::Text, "答卷保存多久", "how long answers are kept"),
    Field::new(
        "target",
        "目标",
        Type::OneOf(&[Type::Number, Type::Map(targets::VALUE_FIELDS)]),
        "要达到的知晓率",
        "the figure to be reached",
    ),
    Field::new("questions", "问题", Type::Maps(QUESTION_FIELDS), "题目", "the questions"),
    Field::new(
        "background",
        "背景问题",
        Type::Maps(QUESTION_FIELDS),
        "年龄段、街道等背景题",
        "age band, sub-district and the like",
    ),
    Field::new(
        "awareness",
        "知晓判定",
        Type::OneOf(&[Type::Text, Type::Map(rules::AWARENESS_FIELDS)]),
        "怎样算知晓；只写文字的不出数字",
        "who counts as aware; words alone give no figure",
    ),
    Field::new(
        "counts_if",
        "计入条件",
        Type::Text,
        "什么样的答卷才计入，例如 street != elsewhere",
        "which answers count, such as street != elsewhere",
    ),
    Field::new(
        "under_age",
        "未满年龄",
        Type::Map(rules::UNDER_AGE_FIELDS),
        "不满14周岁的选项：选了就结束，什么也不保存",
        "the options of people under 14: the survey ends and nothing is stored",
    ),
    Field::new(
        "margins",
        "人口构成",
        Type::Maps(rules::MARGIN_FIELDS),
        "人群里各选项占多少，用来加权",
        "how the population is made up, for weighting",
    ),
    Field::new("waves", "调查批次", Type::Maps(wave::WAVE_FIELDS), "一次一次的调查", "the rounds of the survey")
        .with_aliases(&["批次"]),
    Field::new(
        "hosted",
        "外部问卷",
        Type::Map(HOSTED_FIELDS),
        "问卷在别的网站上（例如问卷星）时写",
        "where the survey is asked, when at another site",
    ),
];

pub const HOSTED_FIELDS: &[Field] = &[
    Field::new("url", "网址", Type::Text, "问卷的完整网址", "its absolute address").with_aliases(&["链接"]),
    Field::new("name", "名称", Type::Text, "平台名称，例如 问卷星", "whose service it is"),
];

/// A new survey has an id and a question to change.
fn new_fields(page: &NewPageTemplate<'_>) -> Vec<FilledField<'static>> {
    vec![
        FilledField { key: "id", value: quote_scalar(page.id), comment: "定了就不改" },
        FilledField { key: "questions", value: EXAMPLE_QUESTION.to_string(), comment: "" },
    ]
}

const EXAMPLE_QUESTION: &str = "\n  - 编号: q1\n    题型: 单选\n    题目: 〔第一题问什么？〕\n    选项:\n      - {编号: a, 文字: 〔选项一〕}\n      - {编号: b, 文字: 〔选项二〕}";

impl Survey {
    pub(super) fn from_fields(fields: &mut MappingReader<'_, '_>) -> Survey {
        fields.require("id", FIELDS);
        let mut seen = SeenIds::default();
        let mut drafts = questions(fields, "questions", &mut seen);
        let first = drafts.len();
        drafts.extend(questions(fields, "background", &mut seen));
        let mut survey = Survey {
            id: read_id(fields, "id"),
            opens: fields.date("opens"),
            closes: fields.date("closes"),
            purpose: fields.text("purpose"),
            conductor: fields.text("conductor"),
            population: fields.text("population"),
            retention: fields.text("retention"),
            target: targets::value(fields, "target"),
            hosted: fields.map("hosted", hosted).flatten(),
            ..Survey::default()
        };
        check_date_order(fields, ("opens", survey.opens), ("closes", survey.closes));
        survey.set_questions(fields, drafts, first);
        survey.counts_if =
            fields.spanned_text("counts_if").and_then(|written| survey.condition(fields, &written, None));
        survey.under_age = rules::under_age(fields, &survey);
        survey.awareness = rules::awareness(fields, &survey);
        survey.margins = rules::margins(fields, &survey);
        survey.waves = wave::waves(fields, survey.opens, survey.closes);
        survey
    }

    /// Stores the questions and parses their conditions. The first `first` questions are main questions, the others
    /// are background questions.
    fn set_questions(&mut self, fields: &mut MappingReader<'_, '_>, drafts: Vec<QuestionDraft>, first: usize) {
        let (questions, conditions): (Vec<Question>, Vec<_>) =
            drafts.into_iter().map(|d| (d.question, d.show_if)).unzip();
        self.questions = questions;
        self.background = self.questions.split_off(first);
        for (at, written) in conditions.into_iter().enumerate() {
            let Some(written) = written else { continue };
            let condition = self.condition(fields, &written, Some(at));
            let own = self.questions.len();
            let question = if at < own { self.questions.get_mut(at) } else { self.background.get_mut(at - own) };
            if let Some(question) = question {
                question.show_if = condition;
            }
        }
    }

    /// Parses a condition of question number `at` (from 0, through both lists), or of the whole survey if `at` is
    /// `None`.
    fn condition(
        &self,
        fields: &mut MappingReader<'_, '_>,
        written: &Spanned<String>,
        at: Option<usize>,
    ) -> Option<Condition> {
        let Some(condition) = Condition::parse(&written.value) else {
            let diag = Diagnostic::new(&surveys::CONDITION_UNREADABLE)
                .at(fields.source(), written.span)
                .arg("value", &written.value);
            fields.report(diag);
            return None;
        };
        let name = Spanned { value: condition.question.clone(), span: written.span };
        let question = rules::find_question(fields, self, &name)?;
        if at.is_some_and(|at| self.all_questions().position(|q| q.id == question.id).is_none_or(|asked| asked >= at)) {
            let diag = Diagnostic::new(&surveys::CONDITION_NOT_EARLIER)
                .at(fields.source(), written.span)
                .arg("name", &question.id);
            fields.report(diag);
            return None;
        }
        let offered = |option: &&String| {
            rules::check_option(fields, question, &Spanned { value: (*option).clone(), span: written.span }).is_some()
        };
        let count = condition.options.iter().filter(offered).count();
        (count == condition.options.len()).then_some(condition)
    }

    /// Returns all questions in the order in which they are asked: main questions, then background questions.
    pub fn all_questions(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().chain(&self.background)
    }

    /// Returns the main or background question with this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.all_questions().find(|q| q.id == id)
    }

    /// Returns the number of the question on the page and on paper, from 1 through both lists.
    pub fn number(&self, id: &str) -> Option<usize> {
        self.all_questions().position(|q| q.id == id).map(|at| at + 1)
    }

    /// Returns a hash of all texts that respondents read. Equal hashes mean that all questions have the same wording.
    pub fn wording(&self) -> ContentHash {
        let all: Vec<String> = self.all_questions().map(|q| format!("{} {}\n", q.id, q.wording())).collect();
        ContentHash::of(all.concat().as_bytes())
    }

    /// Describes a condition for readers: `第1题选“知道”或“听说过”`.
    pub fn condition_words(&self, condition: &Condition, lang: Lang) -> String {
        let number = self.number(&condition.question).unwrap_or(0);
        let question = self.question(&condition.question);
        let named = |id: &String| question.and_then(|q| q.option(id)).map_or(id.clone(), |o| o.text.clone());
        let names: Vec<String> = condition.options.iter().map(named).collect();
        match (lang, condition.op) {
            (Lang::Zh, ConditionOp::Any) => format!("第{number}题选“{}”", names.join("”或“")),
            (Lang::Zh, ConditionOp::None) => format!("第{number}题没有选“{}”", names.join("”“")),
            (Lang::En, ConditionOp::Any) => format!("question {number} is \"{}\"", names.join("\" or \"")),
            (Lang::En, ConditionOp::None) => format!("question {number} is not \"{}\"", names.join("\" or \"")),
        }
    }

    /// Whether respondents who choose this option are too young or outside the population, so that the population
    /// margins contain no share for it.
    pub fn is_outside_population(&self, question: &str, option: &str) -> bool {
        let young = self
            .under_age
            .as_ref()
            .is_some_and(|rule| rule.question == question && rule.options.iter().any(|o| o == option));
        let foreign = self.counts_if.as_ref().is_some_and(|c| c.question == question && !c.is_met(|o| o == option));
        young || foreign
    }
}

fn hosted(f: &mut MappingReader<'_, '_>) -> Option<ExternalSurvey> {
    f.require("url", HOSTED_FIELDS);
    let name = f.text("name");
    let url = f.spanned_text("url")?;
    let rest = url.value.strip_prefix("https://").or_else(|| url.value.strip_prefix("http://"));
    if !rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with('/') && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    }) {
        let diag = Diagnostic::new(&surveys::HOSTED_NOT_ABSOLUTE).at(f.source(), url.span).arg("value", &url.value);
        f.report(diag);
        return None;
    }
    Some(ExternalSurvey { url: url.value, name })
}
