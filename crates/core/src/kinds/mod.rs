//! Content kinds: each page has a [`CommonFrontMatter`] and a [`KindData`] with the keys of its kind. Each kind has
//! its own file.
//!
//! Input: the text of one file and the defaults of its section. Output: typed front matter and diagnostics. Knows no
//! other pages and no HTML.

use std::sync::Arc;

pub mod answers;
mod common;
mod corrections;
mod definition;
mod draft_mark;
mod draft_mark_line;
mod draft_remarks;
mod event;
mod event_times;
mod first_lines;
mod foreign_dates;
mod foreign_keys;
mod front_matter;
mod front_matter_split;
mod guide;
mod label_columns;
mod labelled_lines;
mod lost_dates;
mod metadata_yaml;
mod new_page;
mod notice;
mod own;
mod page;
mod placeholders;
mod policy;
mod readable_yaml;
pub mod results;
mod story;
mod survey;
mod targets;
mod unpublished_lists;
mod unpublished_words;
mod unread_front_matter;
mod unread_limits;
mod unread_reason;
mod values;

pub use crate::yaml::Spanned;
use definition::kinds;

pub use common::{
    COMMON_FIELDS, CommonFrontMatter, HIDEABLE_KINDS, ImageRef, REPUBLISH_CHOICES, Republish, SECTION_FIELDS,
    SectionOptions, SectionOrder, TAXONOMY_KEYS, TaxonomyTerms,
};
pub use corrections::{CORRECTION_FIELDS, Correction, WITHDRAWAL_FIELDS, Withdrawal};
pub use definition::KindDefinition;
pub use draft_remarks::{
    bracketed_remark, draft_word, is_draft_remark, may_hold_remark, secrecy_mark, without_version,
};
pub use event::{Channel, Event, EventRegistration, EventStatus, Evidence};
pub use first_lines::{unpublished_in_first_lines, unread_publication_day};
pub use front_matter::{
    FieldTable, FrontMatterContext, FrontMatterOf, field_tables, is_marked_as_draft, read_front_matter,
    read_section_front_matter,
};
pub use front_matter_split::{FrontMatterSplit, split_front_matter};
pub use guide::{Guide, Window};
pub use new_page::NewPageTemplate;
pub use own::{
    ChoiceWord, KEY_FIELDS, KIND_EXAMPLE, KIND_FIELDS, KeyDefinition, KeyType, KindFileContext, MAX_KINDS, OwnKind,
    SiteKinds, read_kind,
};
pub use placeholders::{STARTER_PLACEHOLDERS, find_placeholder};
pub use policy::{Policy, PolicyStatus};
pub use story::{Figure, Story};
pub use survey::{
    Awareness, AwarenessRule, Choice, CollectionMode, CollectionStatus, Condition, ConditionOp, DEFAULT_WAVE_ID,
    EnrolledDevice, ExternalSurvey, FieldWork, MethodPart, Outcomes, PopulationMargin, Question, QuestionKind,
    ResponseRates, SampleDesign, SamplingMethod, StratumSize, Survey, UnderAgeRule, Wave, changed_method_parts,
    device_key_text, office_key_text,
};
pub use targets::{Observation, Period, Target, TargetSource, TargetValue, read_targets};
pub use values::{ChosenWord, KeyRoles, KeyValue, KindFields, KindValue};

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
    /// Of a kind without a struct of its own: its values by its table of keys.
    Fields(Box<KindFields>),
}

kinds! {
    /// The default kind, without additional keys.
    #[default]
    Page = page,
    /// See [`Policy`].
    Policy = policy,
    /// See [`Guide`].
    Guide = guide,
    /// See [`Event`].
    Event = event,
    /// See [`Story`].
    Story = story,
    /// See [`Survey`].
    Survey = survey,
    /// An official notice.
    Notice = notice,
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
            KindData::Fields(fields) => fields.kind,
        }
    }
}

impl KindName {
    /// Returns the English name, as in `kind:` and in templates.
    pub fn as_str(self) -> &'static str {
        self.definition().name
    }

    /// Returns the Chinese name.
    pub fn zh(self) -> &'static str {
        self.definition().zh[0]
    }

    /// Returns the kind for a word that `kind:` accepts, in English or Chinese.
    pub fn from_label(word: &str) -> Option<KindName> {
        let wanted = word.trim().to_lowercase();
        let has = |kind: &&KindName| kind.as_str() == wanted || kind.definition().zh.contains(&wanted.as_str());
        KindName::ALL.iter().find(has).copied()
    }

    /// Returns the kind with this English name.
    pub fn from_name(name: &str) -> Option<KindName> {
        KindName::ALL.iter().find(|kind| kind.as_str() == name).copied()
    }
}
