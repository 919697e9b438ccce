//! The survey that files are held against: every type of question, a condition, an age, waves of every sample.

use puzhi_core::base::{ContentHash, SitePath};
use puzhi_core::diag::SourceText;
use puzhi_core::kinds::{
    CollectionMode, FrontMatterContext, FrontMatterOf, KindData, KindName, Survey, Wave, read_front_matter,
    split_front_matter,
};
use puzhi_survey::import::ImportTarget;

use super::files::{PAGE, REST};

fn read_page(more: &str) -> Survey {
    of_page(&format!("---\n{PAGE}{more}{REST}---\n"))
}

/// The survey of a whole page.
pub fn of_page(text: &str) -> Survey {
    let file = SitePath::new("content/s.md").unwrap();
    let text = text.replace("\r\n", "\n");
    let source = SourceText::new(&file, &text);
    match read_front_matter(&source, split_front_matter(&text).front, &FrontMatterContext::of(KindName::Survey)) {
        FrontMatterOf { own: KindData::Survey(survey), diags, .. } if diags.is_empty() => *survey,
        other => panic!("{:?}", other.diags),
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
