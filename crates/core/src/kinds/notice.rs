//! `kind: notice`: a notice of an authority (通知公告), with what makes it one: who issued it, its number, its days and
//! its attachments.
//!
//! Input: front matter. Output: values by the table below, and diagnostics. Does not check whether attachments exist.

use super::common::check_date_order;
use super::definition::{KindDefinition, no_new_fields};
use super::values::{KeyRoles, KindFields};
use super::{CommonFrontMatter, KindData, KindName};
use crate::yaml::{Field, MappingReader, Type};

pub(super) const KIND: KindDefinition = KindDefinition {
    name: "notice",
    zh: &["通知", "公告", "通知公告"],
    fields: FIELDS,
    read,
    folder: "notices",
    template: "notice.html",
    needs_template: false,
    new_fields: no_new_fields,
    new_body: "〔为什么发、谁要做什么、什么时候以前做完。〕\n\n## 怎么办 {#how}\n\n〔到哪里办、带什么、问谁。〕\n",
    example: "标题: 关于开展防范电信网络诈骗宣传月活动的通知\n发文机关: 某县反诈工作领导小组办公室\n文号: 某反诈办〔2027〕3号\n成文日期: 2027-03-01\n有效期至: 2027-04-30\n附件: [报名表.docx, 宣传点位表.xlsx]\n",
};

const FIELDS: &[Field] = &[
    Field::new("issuer", "发文机关", Type::Text, "发文机关", "the authority that issued it")
        .with_aliases(&["发布机关", "发文单位"]),
    Field::new("document_number", "文号", Type::Text, "发文字号", "the notice's number").with_aliases(&["发文字号"]),
    Field::new(
        "issued",
        "成文日期",
        Type::Date,
        "成文或发布的日期；没写“日期”时列表按它排",
        "the day it was issued; lists go by it where there is no date",
    )
    .with_aliases(&["发布日期"]),
    Field::new(
        "valid_until",
        "有效期至",
        Type::Date,
        "有效的最后一天；过了这天网址不变，页面说明已经失效，并退出列表",
        "the last day it is in force; after it the page keeps its address, says so and leaves all lists",
    )
    .with_aliases(&["有效期"]),
    Field::new(
        "attachments",
        "附件",
        Type::Links,
        "附件的文件，相对于这一页",
        "files that belong to it, relative to the page",
    )
    .with_aliases(&["attachment"]),
];

const ROLES: KeyRoles<'_> = KeyRoles {
    required: &[],
    listed: &["issuer", "document_number"],
    dated_by: Some("issued"),
    expires_by: Some("valid_until"),
};

fn read(fields: &mut MappingReader<'_, '_>, _: &CommonFrontMatter) -> KindData {
    let notice = KindFields::read(KindName::Notice, fields, FIELDS, &ROLES);
    check_date_order(fields, ("issued", notice.date), ("valid_until", notice.expires));
    KindData::Fields(Box::new(notice))
}
