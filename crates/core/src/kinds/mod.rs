//! Content kinds: each page has a [`CommonFrontMatter`] and a [`KindData`] with the keys of its kind. Each kind has
//! its own file.
//!
//! Input: the text of one file and the defaults of its section. Output: typed front matter and diagnostics. Knows no
//! other pages and no HTML.

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

/// The kind of a page, with the data that only this kind has.
#[derive(Debug, Clone, PartialEq)]
pub enum KindData {
    /// A page without additional keys.
    Page,
    /// An official document, or an explanation of one.
    Policy(Box<Policy>),
    /// Instructions for a service.
    Guide(Box<Guide>),
    /// An event. Shared through `Arc`, because the page's metadata holds it too.
    Event(Arc<Event>),
    /// A story or case.
    Story(Box<Story>),
    /// The definition of a survey.
    Survey(Box<Survey>),
}

/// The name of a kind, as written in `kind:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KindName {
    /// The default kind, without additional keys.
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
    /// Returns the name of the kind.
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

    /// Accepted names in front matter. The first row of each kind is the spelling that is shown.
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

    /// Returns the English name, as in `kind:` and in templates.
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

    /// Returns the Chinese name.
    pub fn zh(self) -> &'static str {
        KindName::CHOICES.iter().find(|(name, _)| *name == self.as_str()).map_or("", |(_, zh)| zh)
    }

    /// Returns the kind for a word that `kind:` accepts, in English or Chinese.
    pub fn from_label(word: &str) -> Option<KindName> {
        let wanted = word.trim().to_lowercase();
        let (name, _) = KindName::CHOICES.iter().find(|(name, zh)| *name == wanted || *zh == wanted)?;
        KindName::from_name(name)
    }

    /// Returns the kind with this English name.
    pub fn from_name(name: &str) -> Option<KindName> {
        KindName::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
