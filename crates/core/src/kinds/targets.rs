//! `data/targets.yaml`: the targets of the campaign plan.
//!
//! Input: the text of the file. Output: [`Target`]s and diagnostics. Does not decide whether a target was reached.

use super::Spanned;
use super::common::SeenIds;
use crate::base::{DateOrDateTime, Span};
use crate::diag::codes::front_matter as code;
use crate::diag::{Diagnostic, SourceText};
use crate::yaml::{self, Field, MappingReader, Node, Type, Value};

/// One target of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its lasting name.
    pub id: Spanned<String>,
    /// Its title.
    pub title: String,
    /// The heading it stands under; may be empty.
    pub group: String,
    /// As the plan puts it, verbatim.
    pub words: String,
    /// What is to be reached.
    pub value: TargetValue,
    /// Unit of the value, such as `%`; may be empty.
    pub unit: String,
    /// The time the value is for.
    pub per: Period,
    /// The day by which it was to be reached.
    pub by: Option<DateOrDateTime>,
    /// The units in charge, as written.
    pub units: Vec<String>,
    /// The clause's name and an optional link to it (relative to the site's root).
    pub clause: Option<(String, Option<Spanned<String>>)>,
    /// Link to the page that explains it.
    pub explainer: Option<Spanned<String>>,
    /// What was observed, oldest first.
    pub observations: Vec<Observation>,
    /// Where observations come from, when the program counts them itself.
    pub from: Option<TargetSource>,
}

/// What counts as reached: at least `min`, or more than it when `strict`; up to `max` where the plan gives a range.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TargetValue {
    /// At least this.
    pub min: Option<f64>,
    /// At most this.
    pub max: Option<f64>,
    /// `>` instead of `≥`.
    pub strict: bool,
    /// The plan says 左右, 余 or the like.
    pub approximate: bool,
    /// The plan sets it relative to something it does not quantify.
    pub relative_to: Option<String>,
}

/// The time a target's value is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    /// Each year.
    Year,
    /// Added up over the years.
    Total,
    /// The state at the end.
    #[default]
    End,
}

/// A value that was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// When.
    pub date: DateOrDateTime,
    /// The value, in the target's unit.
    pub value: f64,
    /// Where it was published.
    pub source: String,
}

/// Where observations will come from by themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TargetSource {
    /// The awareness share of the survey with this id.
    Survey(String),
    /// A count of the ledger.
    Ledger(String),
}

/// Example of the file for the reference page.
pub(super) const EXAMPLE: &str = "- 编号: awareness\n  名称: 全民知识产权认知度\n  分组: 保护\n  原文: 全民知识产权认知度达85%以上\n  数值: {最小: 85}\n  单位: \"%\"\n  口径: 期末\n  期限: 2025-07-31\n  责任单位: 市市场监管局\n  观测: []\n";

pub const FIELDS: &[Field] = &[
    Field::new("id", "编号", Type::Text, "目标编号，定了就不改", "the target's id, never changed once given"),
    Field::new("title", "名称", Type::Text, "目标是什么，短一点", "what it is, in short").with_aliases(&["标题"]),
    Field::new("group", "分组", Type::Text, "归到哪一组", "the group it is shown in"),
    Field::new("words", "原文", Type::Text, "方案原话，一字不改", "the plan's own words, verbatim"),
    Field::new(
        "value",
        "数值",
        Type::OneOf(&[Type::Number, Type::Map(VALUE_FIELDS)]),
        "要达到的数",
        "the figure to be reached",
    ),
    Field::new("unit", "单位", Type::Text, "计量单位", "its unit"),
    Field::new("per", "口径", Type::Choice(PERIOD_CHOICES), "每年、累计还是期末", "each year, in total, or at the end"),
    Field::new("by", "期限", Type::Date, "哪一天之前达到", "the day by which it was to be reached"),
    Field::new("units", "责任单位", Type::Names, "责任单位", "the units in charge"),
    Field::new(
        "clause",
        "条款",
        Type::OneOf(&[Type::Text, Type::Map(CLAUSE_FIELDS)]),
        "出自方案哪一条",
        "the clause it comes from",
    ),
    Field::new("explainer", "解读", Type::Link, "解读页的链接", "the page that explains it"),
    Field::new(
        "observations",
        "观测",
        Type::Maps(OBSERVATION_FIELDS),
        "公布过的数据，没有就留空",
        "what was observed; empty when nothing was",
    ),
    Field::new(
        "from",
        "数据来自",
        Type::Map(FROM_FIELDS),
        "由问卷或台账自动得出",
        "the survey or ledger that will give it",
    ),
];

pub const VALUE_FIELDS: &[Field] = &[
    Field::new("min", "最小", Type::Number, "至少", "at least").with_aliases(&["value", "数值"]),
    Field::new("max", "最大", Type::Number, "至多，原文是一个范围时写", "at most, where the plan gives a range"),
    Field::new("op", "比较", Type::Choice(OP_CHOICES), "≥ 或 >", "≥ or >"),
    Field::new("approximate", "约数", Type::Flag, "原文写“左右”“余”等", "the plan says about"),
    Field::new("relative_to", "相对于", Type::Text, "原文拿它和什么比", "what the plan compares it with"),
];

pub const CLAUSE_FIELDS: &[Field] = &[
    Field::new("text", "文字", Type::Text, "条款的叫法", "the clause's name"),
    Field::new("link", "链接", Type::Link, "条款的链接，从站点根目录写起", "a link to it from the site's root"),
];

pub const OBSERVATION_FIELDS: &[Field] = &[
    Field::new("date", "日期", Type::Date, "数据的日期", "the day it was observed"),
    Field::new("value", "数值", Type::Number, "数", "the figure"),
    Field::new("source", "来源", Type::Text, "出处", "where it was published"),
];

pub const FROM_FIELDS: &[Field] = &[
    Field::new("survey", "问卷", Type::Text, "问卷编号", "a survey's id").with_aliases(&["调查"]),
    Field::new("ledger", "台账", Type::Text, "台账的哪一项", "an entry of the ledger"),
];

const PERIOD_CHOICES: &[(&str, &str)] =
    &[("year", "每年"), ("year", "年"), ("total", "累计"), ("end", "期末"), ("end", "到期")];

const OP_CHOICES: &[(&str, &str)] = &[
    ("ge", "≥"),
    ("ge", ">="),
    ("ge", "以上"),
    ("ge", "不低于"),
    ("gt", ">"),
    ("gt", "＞"),
    ("gt", "超过"),
    ("gt", "大于"),
    ("gt", "高于"),
];

/// Reads the whole file. Returns every target that can be used, and the diagnostics about all targets.
pub fn read_targets(source: &SourceText<'_>) -> (Vec<Target>, Vec<Diagnostic>) {
    let (node, mut diags) = yaml::parse_value(source, Span::new(0, source.text.len()));
    let items: &[Node] = match &node.value {
        Value::List(items) => items,
        Value::Null => &[],
        _ => std::slice::from_ref(&node),
    };
    let mut seen = SeenIds::default();
    let mut targets = Vec::new();
    for item in items.iter().filter(|item| !item.is_null()) {
        match item.as_map() {
            Some(mapping) if node.as_list().is_some() => {
                targets.extend(target(&mut MappingReader::new(source, mapping, FIELDS, &mut diags), &mut seen));
            }
            _ if diags.len() >= 1000 => break,
            _ => diags.push(
                Diagnostic::new(&code::WRONG_TYPE)
                    .at(source, item.span)
                    .arg("key", source.file.name())
                    .arg("wanted", "列表，每项是“键: 值”")
                    .arg("wanted_en", "a list of mappings")
                    .arg("found", "别的内容")
                    .arg("found_en", "something else")
                    .arg("example", "- id: awareness")
                    .arg("example_en", "- id: awareness"),
            ),
        }
    }
    (targets, diags)
}

fn target(fields: &mut MappingReader<'_, '_>, seen: &mut SeenIds) -> Option<Target> {
    for key in ["id", "title", "words", "value"] {
        fields.require(key, FIELDS);
    }
    let id = seen.read(fields);
    let title = fields.text("title");
    let words = fields.text("words");
    let figure = value(fields, "value");
    let group = fields.text("group").unwrap_or_default();
    let unit = fields.text("unit").unwrap_or_default();
    let per = match fields.choice("per") {
        Some("year") => Period::Year,
        Some("total") => Period::Total,
        _ => Period::End,
    };
    let by = fields.date("by");
    let units = fields.texts("units");
    let clause = clause(fields);
    let explainer = fields.spanned_text("explainer");
    let observations = observations(fields);
    let from = fields.node("from").and_then(|_| from(fields));
    Some(Target {
        id: id?,
        title: title?,
        group,
        words: words?,
        value: figure?,
        unit,
        per,
        by,
        units,
        clause,
        explainer,
        observations,
        from,
    })
}

/// Reads the value of a target. A number alone is a minimum.
pub(super) fn value(fields: &mut MappingReader<'_, '_>, key: &str) -> Option<TargetValue> {
    let node = fields.node(key)?;
    if node.as_map().is_none() {
        return fields.number(key).map(|min| TargetValue { min: Some(min), ..TargetValue::default() });
    }
    fields.map(key, |figure| {
        let value = TargetValue {
            min: figure.number("min"),
            max: figure.number("max"),
            strict: figure.choice("op") == Some("gt"),
            approximate: figure.flag("approximate").unwrap_or(false),
            relative_to: figure.text("relative_to"),
        };
        let span = figure.span();
        if figure.node("min").is_none() && figure.node("max").is_none() {
            let diag = Diagnostic::new(&code::EMPTY_TARGET).at(figure.source(), span);
            figure.report(diag);
            return None;
        }
        if let (Some(min), Some(max)) = (value.min, value.max)
            && min > max
        {
            let diag = Diagnostic::new(&code::RANGE_REVERSED).at(figure.source(), span).arg("min", min).arg("max", max);
            figure.report(diag);
        }
        Some(value)
    })?
}

fn clause(fields: &mut MappingReader<'_, '_>) -> Option<(String, Option<Spanned<String>>)> {
    if fields.node("clause")?.as_map().is_none() {
        return fields.text("clause").map(|text| (text, None));
    }
    fields.map("clause", |clause| {
        clause.require("text", CLAUSE_FIELDS);
        let link = clause.spanned_text("link");
        clause.text("text").map(|text| (text, link))
    })?
}

fn observations(fields: &mut MappingReader<'_, '_>) -> Vec<Observation> {
    let mut list = fields.maps("observations", |seen| {
        for key in ["date", "value", "source"] {
            seen.require(key, OBSERVATION_FIELDS);
        }
        let date = seen.date("date");
        let value = seen.number("value");
        let source = seen.text("source");
        Some(Observation { date: date?, value: value?, source: source? })
    });
    list.sort_by_key(|o| o.date);
    list
}

fn from(fields: &mut MappingReader<'_, '_>) -> Option<TargetSource> {
    fields.map("from", |from| {
        let ledger = from.text("ledger").map(TargetSource::Ledger);
        from.text("survey").map(TargetSource::Survey).or(ledger)
    })?
}
