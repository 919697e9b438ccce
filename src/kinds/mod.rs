//! Content kinds: typed front matter, one file each; a [`Doc`] and the common head every page has.
//!
//! In: one file's text and what its section says. Out: a `Doc` and findings. Knows no other pages and no HTML.

mod common;
mod doc;
mod event;
mod guide;
mod policy;
mod story;
mod survey;
mod targets;

pub use common::{Head, ImageRef, Lead, Sort, Spanned};
pub use doc::Doc;
pub use event::{Channel, Event, EventStatus};
pub use guide::{Guide, Window};
pub use policy::{Policy, PolicyStatus};
pub use story::{Figure, Story};
pub use survey::{Choice, Question, QuestionKind, Survey};
pub use targets::{Observation, Period, Target, TargetSource, TargetValue};

/// The kind of a page with what only that kind has.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Page,
    Policy(Box<Policy>),
    Guide(Box<Guide>),
    Event(Box<Event>),
    Story(Box<Story>),
    Survey(Box<Survey>),
}

/// The name of a kind, as `kind:` takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize)]
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
    /// As `kind:` takes it.
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
}
