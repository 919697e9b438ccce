//! `kind: story`: a case that shows what changed for a person or an organisation.
//!
//! Input: front matter. Output: [`Story`] and diagnostics.

use super::KindData;
use super::definition::{KindDefinition, no_new_fields};
use crate::yaml::{Field, MappingReader, Type};

/// What the front matter of a story says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Story {
    /// Whose story it is.
    pub organisation: Option<String>,
    /// Its industry.
    pub industry: Option<String>,
    /// Kinds of intellectual property it is about.
    pub ip_type: Vec<String>,
    /// Figures shown with it.
    pub figures: Vec<Figure>,
}

/// One figure of a story.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Figure {
    /// What it counts.
    pub label: String,
    /// As written, so that `3.50` stays `3.50`.
    pub value: String,
    /// Its unit.
    pub unit: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
}

pub(super) const KIND: KindDefinition = KindDefinition {
    name: "story",
    zh: &["故事", "案例"],
    fields: FIELDS,
    read: |fields, _| KindData::Story(Box::new(Story::from_fields(fields))),
    folder: "stories",
    template: "story.html",
    needs_template: true,
    new_fields: no_new_fields,
    new_body: "## 先写一件具体的事 {#start}\n\n〔时间、地点、人和难处，两三句话。〕\n\n## 再写怎么办成的 {#how}\n\n〔按先后写三到五步。〕\n",
    example: "标题: 一个商标救活一个果园\n示例: 是\n单位: 某果品合作社\n知识产权类型: 地理标志\n数字:\n  - {名称: 种植面积, 数值: 120, 单位: 亩, 来源: 合作社填报}\n",
};

pub const FIELDS: &[Field] = &[
    Field::new("organisation", "单位", Type::Text, "讲的是哪个单位", "whom the story is about")
        .with_aliases(&["organization"]),
    Field::new("industry", "行业", Type::Text, "所属行业", "its industry"),
    Field::new(
        "ip_type",
        "知识产权类型",
        Type::Names,
        "专利、商标、著作权等",
        "patents, trade marks, copyright and so on",
    ),
    Field::new(
        "figures",
        "数字",
        Type::Maps(FIGURE_FIELDS),
        "说明成效的数字，每个都写来源",
        "the figures that show what changed, each with its source",
    ),
];

pub const FIGURE_FIELDS: &[Field] = &[
    Field::new("label", "名称", Type::Text, "数字说的是什么", "what the figure is"),
    Field::new("value", "数值", Type::Text, "数值，照写照登", "the figure, shown as written"),
    Field::new("unit", "单位", Type::Text, "计量单位", "its unit"),
    Field::new("source", "来源", Type::Text, "数字的出处", "where it comes from"),
];

impl Story {
    pub(super) fn from_fields(fields: &mut MappingReader<'_, '_>) -> Story {
        Story {
            organisation: fields.text("organisation"),
            industry: fields.text("industry"),
            ip_type: fields.texts("ip_type"),
            figures: fields.maps("figures", |figure| {
                figure.require("label", FIGURE_FIELDS);
                figure.require("value", FIGURE_FIELDS);
                Some(Figure {
                    label: figure.text("label")?,
                    value: figure.text("value")?,
                    unit: figure.text("unit"),
                    source: figure.text("source"),
                })
            }),
        }
    }
}
