//! Content kinds: typed front matter, one file each; a [`Head`] that every page has and a [`Kind`] with the rest.
//!
//! In: one file's text and what its section says. Out: typed front matter and findings. Knows no other pages and no HTML.

use std::sync::Arc;

pub mod answers;
mod common;
mod event;
mod front;
mod guide;
mod policy;
mod read;
pub mod results;
mod story;
mod survey;
mod targets;
mod template;

pub use crate::yaml::Spanned;
pub use common::{Head, ImageRef, Lead, Sort, TAXONOMIES, Terms};
pub use event::{Channel, Event, EventStatus, Evidence, SignUp};
pub use front::{Split, split};
pub use guide::{Guide, Window};
pub use policy::{Policy, PolicyStatus};
pub use read::{Context, Table, read, read_section, reference};
pub use story::{Figure, Story};
pub use survey::{
    Awareness, Choice, Condition, Door, Hosted, Margin, Mode, OPEN_WAVE, Op, Question, QuestionKind, Rule, Sample,
    Survey, UnderAge, Wave,
};
pub use targets::{Observation, Period, Target, TargetSource, TargetValue, read_targets};
pub use template::NewPage;

/// The kind of a page with what only that kind has.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Page,
    Policy(Box<Policy>),
    Guide(Box<Guide>),
    /// Its card holds it, too.
    Event(Arc<Event>),
    Story(Box<Story>),
    Survey(Box<Survey>),
}

/// The name of a kind, as `kind:` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KindName {
    #[default]
    Page,
    Policy,
    Guide,
    Event,
    Story,
    Survey,
}

impl Kind {
    pub fn name(&self) -> KindName {
        match self {
            Kind::Page => KindName::Page,
            Kind::Policy(_) => KindName::Policy,
            Kind::Guide(_) => KindName::Guide,
            Kind::Event(_) => KindName::Event,
            Kind::Story(_) => KindName::Story,
            Kind::Survey(_) => KindName::Survey,
        }
    }
}

impl KindName {
    pub const ALL: [KindName; 6] =
        [KindName::Page, KindName::Policy, KindName::Guide, KindName::Event, KindName::Story, KindName::Survey];

    /// Names as front matter takes them; the first of each is how it is shown.
    pub(crate) const ROWS: &[(&str, &str)] = &[
        ("page", "页面"),
        ("policy", "政策"),
        ("policy", "文件"),
        ("guide", "指南"),
        ("guide", "办事指南"),
        ("event", "活动"),
        ("story", "故事"),
        ("story", "案例"),
        ("survey", "问卷"),
        ("survey", "调查"),
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            KindName::Page => "page",
            KindName::Policy => "policy",
            KindName::Guide => "guide",
            KindName::Event => "event",
            KindName::Story => "story",
            KindName::Survey => "survey",
        }
    }

    /// As it is shown in Chinese.
    pub fn zh(self) -> &'static str {
        KindName::ROWS.iter().find(|(name, _)| *name == self.as_str()).map_or("", |(_, zh)| zh)
    }

    /// The kind that `kind:` would take by this word, English or Chinese.
    pub fn called(word: &str) -> Option<KindName> {
        let wanted = word.trim().to_lowercase();
        let (name, _) = KindName::ROWS.iter().find(|(name, zh)| *name == wanted || *zh == wanted)?;
        KindName::named(name)
    }

    pub fn named(name: &str) -> Option<KindName> {
        KindName::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
