//! The survey that files are held against: every type of question, a condition, an age, waves of every sample.

use puzhi_core::base::{ContentHash, SitePath};
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::{
    CollectionMode, FrontMatterContext, KindData, KindName, Survey, Wave, read_front_matter, split_front_matter,
};
use puzhi_survey::import::ImportTarget;

pub const PAGE: &str = "\
title: 知晓情况调查
id: s
opens: 2027-04-01
closes: 2027-04-30
questions:
  - {id: heard, type: single, required: true, text: 您听说过“知识产权”吗？, options: [{id: know, text: 知道}, {id: only, text: 听说过}, {id: never, text: 没有听说过}]}
  - {id: topics, type: multiple, text: '听说过哪些,可多选', show_if: heard != never, options: [{id: patent, text: 专利}, {id: mark, text: 商标}, {id: right, text: 著作权}]}
  - {id: patent, type: single, text: 发明专利保护多久？, options: [{id: y-10, text: 10年}, {id: y-20, text: 20年}]}
  - {id: rate, type: scale, text: 有用吗？}
  - {id: age, type: single, required: true, text: 您多大？, options: [{id: child, text: 不满14岁}, {id: adult, text: 14—60岁}, {id: old, text: 60岁以上}]}
  - {id: years, type: number, text: 住了几年？, min: 0, max: 120}
";

pub const REST: &str = "\
under_age: {question: age, options: [child]}
waves:
  - {id: drawn, sample: probability, mode: [paper, web, face]}
  - {id: quota, sample: quota}
  - {id: open-days, sample: voluntary, mode: paper}
";

fn read_page(more: &str) -> Survey {
    of_page(&format!("---\n{PAGE}{more}{REST}---\n"))
}

/// The survey of a whole page.
pub fn of_page(text: &str) -> Survey {
    let file = SitePath::new("content/s.md").unwrap();
    let text = text.replace("\r\n", "\n");
    let source = SourceText::new(&file, &text);
    match read_front_matter(
        &source,
        split_front_matter(&text).front,
        &FrontMatterContext { kind: KindName::Survey, taxonomies: &[] },
    ) {
        (_, KindData::Survey(survey), diags) if diags.is_empty() => *survey,
        (.., diags) => panic!("{diags:?}"),
    }
}

pub fn survey() -> Survey {
    read_page("")
}

/// With a further question.
pub fn with(question: &str) -> Survey {
    read_page(&format!("{question}\n"))
}

pub fn wave(id: &str) -> Wave {
    survey().wave(id).unwrap().clone()
}

pub fn import_target<'s>(survey: &'s Survey, wave: &'s Wave) -> ImportTarget<'s> {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
    ImportTarget {
        survey,
        id: "s",
        wave,
        mode: CollectionMode::Paper,
        zone,
        hour: 500_000,
        wording: ContentHash::of(b"w"),
    }
}
