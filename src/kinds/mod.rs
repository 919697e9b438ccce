//! Content kinds: typed front matter, one file each; a [`Doc`] and the common head every page has.
//!
//! In: one file's text and what its section says. Out: a `Doc` and findings. Knows no other pages and no HTML.

mod common;
mod event;
mod guide;
mod policy;
mod story;
mod survey;
mod targets;

pub use common::{Head, ImageRef, Lead, Sort, Spanned};
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
