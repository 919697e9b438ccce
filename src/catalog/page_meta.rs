//! A card: all that other pages may see of one page.

use std::sync::Arc;

use jiff::civil::Date;

use crate::document::Document;
use crate::engine::{Fingerprint, fingerprint};
use puzhi_core::base::{DateOrDateTime, Route, SitePath, Span};
use puzhi_core::kinds::{
    Event, ImageRef, KindData, KindName, PolicyStatus, SectionOptions, Spanned, Survey, TaxonomyTerms,
};

use super::content_path::{ContentPath, folder_route};

/// Index of a card in its catalog.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub struct PageId(pub u32);

/// Which part the page plays in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum PageRole {
    Page,
    /// The page of its folder: its list.
    Section,
    /// The page of a term: taxonomy key.
    Term(String),
}

/// Public facts of one page, made from its `Document` alone.
#[derive(Debug, Clone, PartialEq, Hash, serde::Serialize, serde::Deserialize)]
pub struct PageMeta {
    pub path: SitePath,
    pub lang: usize,
    pub role: PageRole,
    /// Folder below `content/` whose section lists it.
    pub folder: String,
    /// What its translations share.
    pub key: String,
    pub route: Route,
    /// Where the file says what its address is to be, if it does.
    pub slug: Option<Span>,
    pub kind: KindName,
    /// What `_index.md` says of its section.
    pub section_options: SectionOptions,
    pub title: String,
    /// The day it is listed under: `date`, for a policy `issued`, for an event `start`.
    pub date: Option<DateOrDateTime>,
    /// `date` as written.
    pub front_matter_date: Option<DateOrDateTime>,
    pub updated: Option<DateOrDateTime>,
    pub expires: Option<DateOrDateTime>,
    /// Past its last day on the day of the build.
    pub expired: bool,
    pub summary: String,
    pub order: Option<i64>,
    pub sample: bool,
    pub draft: bool,
    /// Shown only because drafts were asked for, or dated after the day of the build.
    pub unpublished: bool,
    pub image: Option<Box<ImageRef>>,
    pub front_matter_terms: TaxonomyTerms,
    /// Other addresses of a page, or other spellings of a term.
    pub aliases: Vec<Spanned<String>>,
    /// Sorted.
    pub anchors: Vec<String>,
    pub facts: KindFacts,
    /// What the card is worth to those who see all of it, what lists show of it, or a link. Taken once, since many ask.
    pub fingerprints: PageFingerprints,
}

/// Stamps of a card; places in its file do not count.
#[derive(Debug, Clone, Copy, PartialEq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct PageFingerprints {
    pub all: Fingerprint,
    pub listed: Fingerprint,
    pub link: Fingerprint,
}

impl PageMeta {
    /// With its stamps taken; to be done again after a change.
    pub fn with_fingerprints(mut self) -> Self {
        self.fingerprints = PageFingerprints::default();
        let link = fingerprint(&(&self.title, &self.route, self.lang));
        let listed = fingerprint(&(
            link,
            self.kind,
            self.date,
            &self.summary,
            (self.sample, self.expired, self.unpublished),
            &self.image,
            &self.facts,
        ));
        self.fingerprints = PageFingerprints { all: fingerprint(&self), listed, link };
        self
    }

    /// The event facts of an event.
    pub fn event(&self) -> Option<&Event> {
        match &self.facts {
            KindFacts::Event(event) => Some(event),
            _ => None,
        }
    }
}

/// What a card shows of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub enum KindFacts {
    #[default]
    None,
    Policy(PolicyFacts),
    /// All of it: lists, calendars and the ledger need every fact.
    Event(Arc<Event>),
    Survey(SurveyFacts),
}

/// What other pages need to know of a survey: how it is named, where it is asked, and what days change it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct SurveyFacts {
    pub id: Option<Spanned<String>>,
    pub closes: Option<DateOrDateTime>,
    /// It is asked here and not on another site.
    pub here: bool,
    /// Every day on which it may open or close.
    pub days: Vec<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct PolicyFacts {
    pub status: Option<PolicyStatus>,
    pub is_original: bool,
    /// As written.
    pub explains: Vec<Spanned<String>>,
}

impl SurveyFacts {
    fn of(survey: &Survey) -> Self {
        let rounds = survey.waves.iter().flat_map(|wave| [wave.opens, wave.closes]);
        let days = [survey.opens, survey.closes].into_iter().chain(rounds).flatten().map(|day| day.date).collect();
        Self { id: survey.id.clone(), closes: survey.closes, here: survey.hosted.is_none(), days }
    }
}

impl PageMeta {
    /// The metadata of a document. `prefix` is the route prefix of its language, `today` the day of the build.
    pub fn of(doc: &Document, place: &ContentPath, prefix: &str, today: Date) -> PageMeta {
        let (role, name) = match &place.role {
            PageRole::Page => (PageRole::Page, place.name.as_str()),
            PageRole::Section => (PageRole::Section, place.folder.rsplit('/').next().unwrap_or_default()),
            PageRole::Term(taxonomy) => (PageRole::Term(taxonomy.clone()), place.name.as_str()),
        };
        let segment = doc.front_matter.slug.as_ref().map_or(place.name.as_str(), |s| s.value.as_str());
        let route = match place.role {
            PageRole::Section => folder_route(prefix, &place.folder),
            _ => Route::page([prefix].into_iter().chain(place.folder.split('/')).chain([segment])),
        };
        let (facts, own_date) = match &doc.kind {
            KindData::Policy(p) => (
                KindFacts::Policy(PolicyFacts {
                    status: p.status,
                    is_original: p.is_original,
                    explains: p.explains.clone(),
                }),
                p.issued,
            ),
            KindData::Event(e) => (KindFacts::Event(Arc::clone(e)), e.start),
            KindData::Survey(s) => (KindFacts::Survey(SurveyFacts::of(s)), None),
            _ => (KindFacts::None, None),
        };
        PageMeta {
            path: doc.path.clone(),
            lang: place.lang,
            role,
            folder: place.folder.clone(),
            key: place.key.clone(),
            route,
            slug: doc.front_matter.slug.as_ref().map(|s| s.span),
            kind: doc.kind.name(),
            section_options: doc.section_options.clone(),
            title: doc.title(name).to_string(),
            date: doc.front_matter.date.or(own_date),
            front_matter_date: doc.front_matter.date,
            updated: doc.front_matter.updated,
            expires: doc.front_matter.expires,
            expired: doc.front_matter.expires.is_some_and(|e| e.date < today),
            summary: doc.summary().to_string(),
            order: doc.front_matter.order,
            sample: doc.front_matter.sample,
            draft: doc.front_matter.draft,
            unpublished: doc.front_matter.draft || doc.front_matter.date.is_some_and(|d| d.date > today),
            image: doc.front_matter.image.clone(),
            front_matter_terms: doc.front_matter.terms.clone(),
            aliases: doc.front_matter.aliases.clone(),
            anchors: {
                let mut anchors = doc.body.anchors.clone();
                anchors.sort_unstable();
                anchors
            },
            facts,
            fingerprints: PageFingerprints::default(),
        }
        .with_fingerprints()
    }
}
