//! The survey that posts are held against: every type of question, conditions, an age.

use puzhi_core::base::SitePath;
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::{FrontMatterContext, FrontMatterOf, KindData, KindName, Survey, read_front_matter, split_front_matter};

const PAGE: &str = "---
title: 知晓情况调查
id: a
opens: 2027-04-01
questions:
  - {id: h, type: single, required: true, text: 听说过吗？, options: [{id: y, text: 知道}, {id: n, text: 没有}]}
  - {id: t, type: multiple, text: 哪些？, show_if: h = y, options: [{id: p, text: 专利}, {id: m, text: 商标}]}
  - {id: s, type: scale, text: 有用吗？, show_if: t = p}
background:
  - {id: z, type: number, text: 住了几年？, min: -5, max: 120}
  - {id: g, type: single, text: 您多大？, options: [{id: c, text: 不满14岁}, {id: o, text: 14岁以上}]}
under_age: {question: g, options: [c]}
---
";

pub fn survey() -> Survey {
    let file = SitePath::new("content/a.md").unwrap_or_else(|_| SitePath::root());
    let source = SourceText::new(&file, PAGE);
    let parts = split_front_matter(PAGE);
    match read_front_matter(&source, parts.front, &FrontMatterContext::of(KindName::Survey)) {
        FrontMatterOf { own: KindData::Survey(survey), diags, .. } if diags.is_empty() => *survey,
        other => panic!("{:?}", other.diags),
    }
}
