//! Content kinds: typed front matter, one file each; a [`CommonFrontMatter`] that every page has and a [`KindData`] with the rest.
//!
//! In: one file's text and what its section says. Out: typed front matter and findings. Knows no other pages and no HTML.

use std::sync::Arc;

pub mod answers;
mod common;
mod event;
mod front_matter;
mod front_matter_split;
mod guide;
mod new_page;
mod policy;
pub mod results;
mod story;
mod survey;
mod targets;

pub use crate::yaml::Spanned;
pub use common::{CommonFrontMatter, ImageRef, SectionOptions, SectionOrder, TAXONOMY_KEYS, TaxonomyTerms};
pub use event::{Channel, Event, EventRegistration, EventStatus, Evidence};
pub use front_matter::{FieldTable, FrontMatterContext, field_tables, read_front_matter, read_section_front_matter};
pub use front_matter_split::{FrontMatterSplit, split_front_matter};
pub use guide::{Guide, Window};
pub use new_page::NewPageTemplate;
pub use policy::{Policy, PolicyStatus};
pub use story::{Figure, Story};
pub use survey::{
    Awareness, AwarenessRule, Choice, CollectionMode, CollectionStatus, Condition, ConditionOp, DEFAULT_WAVE_ID,
    ExternalSurvey, PopulationMargin, Question, QuestionKind, SamplingMethod, Survey, UnderAgeRule, Wave,
};
pub use targets::{Observation, Period, Target, TargetSource, TargetValue, read_targets};

/// The kind of a page with what only that kind has.
#[derive(Debug, Clone, PartialEq)]
pub enum KindData {
    /// A page without keys of its own.
    Page,
    /// An official text or an explainer of one.
    Policy(Box<Policy>),
    /// How to get something done.
    Guide(Box<Guide>),
    /// Its card holds it, too.
    Event(Arc<Event>),
    /// A story or case.
    Story(Box<Story>),
    /// A survey's definition.
    Survey(Box<Survey>),
}

/// The name of a kind, as `kind:` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KindName {
    /// The default: a page without keys of its own.
    #[default]
    Page,
    /// See [`Policy`].
    Policy,
    /// See [`Guide`].
    Guide,
    /// See [`Event`].
    Event,
    /// See [`Story`].
    Story,
    /// See [`Survey`].
    Survey,
}

impl KindData {
    /// The kind's name.
    pub fn name(&self) -> KindName {
        match self {
            KindData::Page => KindName::Page,
            KindData::Policy(_) => KindName::Policy,
            KindData::Guide(_) => KindName::Guide,
            KindData::Event(_) => KindName::Event,
            KindData::Story(_) => KindName::Story,
            KindData::Survey(_) => KindName::Survey,
        }
    }
}

impl KindName {
    /// All kinds, in the order of the reference page.
    pub const ALL: [KindName; 6] =
        [KindName::Page, KindName::Policy, KindName::Guide, KindName::Event, KindName::Story, KindName::Survey];

    /// Names as front matter takes them; the first of each is how it is shown.
    pub(crate) const CHOICES: &[(&str, &str)] = &[
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

    /// The English name, as `kind:` takes it and templates see it.
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
        KindName::CHOICES.iter().find(|(name, _)| *name == self.as_str()).map_or("", |(_, zh)| zh)
    }

    /// The kind that `kind:` would take by this word, English or Chinese.
    pub fn from_label(word: &str) -> Option<KindName> {
        let wanted = word.trim().to_lowercase();
        let (name, _) = KindName::CHOICES.iter().find(|(name, zh)| *name == wanted || *zh == wanted)?;
        KindName::from_name(name)
    }

    /// The kind with this English name.
    pub fn from_name(name: &str) -> Option<KindName> {
        KindName::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
