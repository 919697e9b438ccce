//! `kind: guide`: instructions for a service, with the elements that inspections require.
//!
//! Input: front matter. Output: [`Guide`] and diagnostics.

use super::KindData;
use super::definition::{KindDefinition, no_new_fields};
use crate::base::DateOrDateTime;
use crate::yaml::{Field, MappingReader, Type};

/// What the front matter of a guide says. Texts are shown as written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Guide {
    /// Name of the matter.
    pub item: Option<String>,
    /// Legal basis.
    pub basis: Vec<String>,
    /// Who may apply.
    pub conditions: Vec<String>,
    /// What to bring.
    pub materials: Vec<String>,
    /// What to do, in order.
    pub steps: Vec<String>,
    /// How long it takes.
    pub time_limit: Option<String>,
    /// What it costs.
    pub fee: Option<String>,
    /// Where to go.
    pub window: Option<Window>,
    /// When the facts were last checked.
    pub reviewed: Option<DateOrDateTime>,
}

/// The counter where something is done.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Window {
    /// Its address.
    pub place: Option<String>,
    /// Its phone number.
    pub phone: Option<String>,
    /// Its opening hours.
    pub hours: Option<String>,
}

pub(super) const KIND: KindDefinition = KindDefinition {
    name: "guide",
    zh: &["指南", "办事指南"],
    fields: FIELDS,
    read: |fields, _| KindData::Guide(Box::new(Guide::from_fields(fields))),
    folder: "guides",
    template: "guide.html",
    needs_template: true,
    new_fields: no_new_fields,
    new_body: "## 办之前先看 {#before}\n\n- 〔谁能办，什么情况不能办〕\n",
    example: "标题: 专利权质押登记怎么办\n事项: 专利权质押登记\n依据: [《中华人民共和国民法典》第四百四十四条]\n材料:\n  - 质押登记申请表\n  - 质押合同\n窗口: {地点: 政务服务中心, 时间: 工作日 9:00—17:00}\n核对日期: 2026-10-08\n",
};

pub const FIELDS: &[Field] = &[
    Field::new("item", "事项", Type::Text, "办的是什么事", "what is to be done").with_aliases(&["事项名称"]),
    Field::new("basis", "依据", Type::Texts, "办理依据", "the legal basis").with_aliases(&["办理依据"]),
    Field::new("conditions", "条件", Type::Texts, "谁能办、要满足什么", "who may apply and on what conditions")
        .with_aliases(&["受理条件"]),
    Field::new("materials", "材料", Type::Texts, "要带的材料", "what to bring").with_aliases(&["申请材料"]),
    Field::new("steps", "步骤", Type::Texts, "一步一步怎么办", "the steps, one by one")
        .with_aliases(&["流程", "办理流程"]),
    Field::new("time_limit", "时限", Type::Text, "多久办完", "how long it takes").with_aliases(&["办理时限"]),
    Field::new("fee", "费用", Type::Text, "收不收费、收多少", "what it costs").with_aliases(&["收费"]),
    Field::new("window", "窗口", Type::Map(WINDOW_FIELDS), "到哪里办", "where to go").with_aliases(&["办理窗口"]),
    Field::new("reviewed", "核对日期", Type::Date, "最近一次核对内容的日期", "when the facts were last checked"),
];

pub const WINDOW_FIELDS: &[Field] = &[
    Field::new("place", "地点", Type::Text, "地址", "the address").with_aliases(&["地址"]),
    Field::new("phone", "电话", Type::Text, "电话号码", "the telephone number"),
    Field::new("hours", "时间", Type::Text, "对外办公的时间", "when it is open").with_aliases(&["办公时间"]),
];

impl Guide {
    pub(super) fn from_fields(fields: &mut MappingReader<'_, '_>) -> Guide {
        Guide {
            item: fields.text("item"),
            basis: fields.texts("basis"),
            conditions: fields.texts("conditions"),
            materials: fields.texts("materials"),
            steps: fields.texts("steps"),
            time_limit: fields.text("time_limit"),
            fee: fields.text("fee"),
            window: fields.map("window", |w| Window {
                place: w.text("place"),
                phone: w.text("phone"),
                hours: w.text("hours"),
            }),
            reviewed: fields.date("reviewed"),
        }
    }
}
