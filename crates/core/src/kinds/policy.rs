//! `kind: policy`: an official document, or an explanation of one.
//!
//! Input: front matter. Output: [`Policy`] and diagnostics. Does not check whether links lead anywhere.

use super::definition::{KindDefinition, no_new_fields};
use super::{KindData, Spanned};
use crate::base::DateOrDateTime;
use crate::yaml::{Field, MappingReader, Type, Value};

/// What the front matter of a policy page says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Policy {
    /// 发文字号: number of the official document.
    pub document_number: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// When it was issued.
    pub issued: Option<DateOrDateTime>,
    /// Since when it holds.
    pub effective: Option<DateOrDateTime>,
    /// Whether it still holds.
    pub status: Option<PolicyStatus>,
    /// Relative links to the texts this page explains.
    pub explains: Vec<Spanned<String>>,
    /// This page is the official text itself (`original: true`).
    pub is_original: bool,
    /// A link to the official text elsewhere.
    pub original: Option<Spanned<String>>,
}

/// 有效 / 修改 / 失效 / 废止.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PolicyStatus {
    /// 有效: in force.
    Effective,
    /// 修改: in force with amendments.
    Amended,
    /// 失效: no longer in force.
    Expired,
    /// 废止: repealed.
    Repealed,
}

pub(super) const KIND: KindDefinition = KindDefinition {
    name: "policy",
    zh: &["政策", "文件"],
    fields: FIELDS,
    read: |fields, _| KindData::Policy(Box::new(Policy::from_fields(fields))),
    folder: "policy",
    template: "policy.html",
    needs_template: true,
    new_fields: no_new_fields,
    new_body: "## 要点 {#points}\n\n- 〔读者最要知道的，三到五条〕\n\n## 您怎么用 {#use}\n\n〔能办什么，到哪里办。〕\n",
    example: "标题: 知识产权宣传方案\n文号: 示例〔2026〕1号\n发布机关: 市政府办公室\n成文日期: 2022-08-01\n状态: 有效\n原文: 是\n",
};

pub const FIELDS: &[Field] = &[
    Field::new("document_number", "文号", Type::Text, "发文字号", "the document's number").with_aliases(&["发文字号"]),
    Field::new("issuer", "发布机关", Type::Text, "发布机关", "who issued it").with_aliases(&["发文机关"]),
    Field::new("issued", "成文日期", Type::Date, "成文日期", "the day it was issued"),
    Field::new("effective", "施行日期", Type::Date, "施行日期", "the day it takes effect"),
    Field::new("status", "状态", Type::Choice(STATUS_CHOICES), "文件现在的效力", "whether it is in force")
        .with_aliases(&["有效性"]),
    Field::new(
        "explains",
        "解读",
        Type::Links,
        "这一页解读的文件，写相对链接",
        "the texts this page explains, as relative links",
    ),
    Field::new(
        "original",
        "原文",
        Type::OneOf(&[Type::Flag, Type::Link]),
        "“是”表示本页就是原文照录；也可以写原文的链接",
        "true: this page is the official text verbatim; or a link to it",
    ),
];

const STATUS_CHOICES: &[(&str, &str)] = &[
    ("effective", "有效"),
    ("effective", "现行有效"),
    ("amended", "修改"),
    ("amended", "已修改"),
    ("expired", "失效"),
    ("expired", "已失效"),
    ("repealed", "废止"),
    ("repealed", "已废止"),
];

impl Policy {
    pub(super) fn from_fields(fields: &mut MappingReader<'_, '_>) -> Policy {
        let (is_original, original) = original(fields);
        Policy {
            document_number: fields.text("document_number"),
            issuer: fields.text("issuer"),
            issued: fields.date("issued"),
            effective: fields.date("effective"),
            status: fields.choice("status").map(|status| match status {
                "amended" => PolicyStatus::Amended,
                "expired" => PolicyStatus::Expired,
                "repealed" => PolicyStatus::Repealed,
                _ => PolicyStatus::Effective,
            }),
            explains: fields.spanned_texts("explains"),
            is_original,
            original,
        }
    }
}

/// Reads `original`: yes or no, or a link to the official text.
fn original(fields: &mut MappingReader<'_, '_>) -> (bool, Option<Spanned<String>>) {
    let Some(node) = fields.node("original") else { return (false, None) };
    let link = matches!(&node.value, Value::Text(text) if text.contains(['/', '.', '#']));
    if link { (false, fields.spanned_text("original")) } else { (fields.flag("original").unwrap_or(false), None) }
}
