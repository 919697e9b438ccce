//! `kind: page`: a page with no keys but those of all pages. Also what every kind falls back to.
//!
//! Input: front matter. Output: nothing of its own.

use super::KindData;
use super::definition::{KindDefinition, no_new_fields};

pub(super) const KIND: KindDefinition = KindDefinition {
    name: "page",
    zh: &["页面"],
    fields: &[],
    read: |_, _| KindData::Page,
    folder: "",
    template: "page.html",
    needs_template: true,
    new_fields: no_new_fields,
    new_body: "〔从这里写起。〕\n",
    example: "标题: 专利和商标有什么不同\n日期: 2026-04-26\n摘要: 一个保护技术，一个保护牌子。\n标签: [专利, 商标]\n来源: 市市场监管局\n配图: {文件: difference.jpg, 说明文字: 一台机器和它的铭牌}\n",
};
